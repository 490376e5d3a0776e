/*
 * The store: papers in one SQLite file, which is the truth. Everything else can be made again from it.
 *
 * One handle belongs to one thread. Readers never write, not even side files, and see one consistent state from rec_store_read_begin() on.
 * One writer at a time: rec_store_open() for writing takes a lock that lasts until it is closed.
 */
#ifndef REC_STORE_H
#define REC_STORE_H

#include "rec/paper.h"
#include "sealed.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an error ends with where the store's file is damaged. */
#define REC_WAY_OUT "'recommend export --salvage' saves what can be read"

#define REC_SCHEMA_VERSION 3
#define REC_LIST_LENGTH 50 /* neighbours stored for a paper */

typedef struct rec_store rec_store;
typedef int64_t rec_doc; /* number of a paper in its store, from 1, never used again */

typedef enum rec_store_mode {
    REC_STORE_READ,  /* must exist */
    REC_STORE_WRITE, /* must exist */
    REC_STORE_CREATE /* is made where it does not exist */
} rec_store_mode;

/**
 * For a program with several threads, before it opens its first store: SQLite shall not count the memory it uses, for which its threads
 * would take turns at every request for memory. It is a setting of the whole process, so a library must leave it alone.
 */
void rec_store_begin_program(void);

/**
 * Open the store in file `path`.
 *
 * One that an earlier release wrote is brought to the present schema, in one transaction, when it is opened for writing; a reader reads it
 * as it is: of version 1, every paper a work of its own, without flags, nothing sent; of version 1 or 2, without sums of its rows.
 *
 * On success the caller ends with rec_store_close(). Returns REC_ESTALE (no such file), REC_EDAMAGED (not a database, not one of
 * ours, or the log of another store stands beside it), REC_EVERSION (written by a newer release), REC_EBUSY (another writer holds it; its
 * process is named), REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_store_open(const char *path, rec_store_mode mode, rec_store **out, rec_error *err);

/** Close it; an open transaction is rolled back. NULL is allowed. */
void rec_store_close(rec_store *store);

/** The name of its file: the path it was opened with, or, where that was a link, what it leads to. Borrowed. */
const char *rec_store_path(const rec_store *store);

/**
 * Whether something else must not be written under `path`, because the store in the file `store` uses it: its file, under whatever name, or
 * a name that its lock, its logs or a side file has or can have. Neither need be there.
 */
bool rec_store_uses(const char *store, const char *path);

/**
 * Read the store's file through a memory map from now on: for a process that answers many questions, whose every page would else be copied
 * by a system call. Pages that were read count as the process's resident memory, though they are the system's cache and leave as it needs
 * room. A file that another process cuts short in place, against all rules, ends this one by SIGBUS.
 */
void rec_store_map_file(rec_store *store);

/** The schema's version in the file: REC_SCHEMA_VERSION, or lower where an older store is read. */
int rec_store_version(const rec_store *store);

/* What the store says of itself. */
typedef struct rec_store_state {
    int64_t generation;                      /* grows with every commit that can change an answer */
    int64_t papers;                          /* records stored */
    char max_date[REC_DATE_CHARS];           /* newest date of a paper, as its first day; "" where none has one */
    char fingerprint[REC_FINGERPRINT_CHARS]; /* of the model that the lists were made with; "" before the first build */
    int64_t side;                            /* number that ends the names of the model, vector and index files; 0 before the first build */
    int64_t rows;                            /* vectors that those files hold */
    double score_middle, score_deviation; /* of the scores of random pairs, when the lists were last made anew; 0 before the first build */
    double recall; /* share of the first ten of a list that comparing all papers would give, then; 1 where all were compared */
} rec_store_state;

/** Read the state. Returns REC_OK or what SQLite reports. */
REC_CHECKED rec_status rec_store_get_state(rec_store *store, rec_store_state *out, rec_error *err);

/** Papers that have a neighbour list. */
REC_CHECKED rec_status rec_store_count_indexed(rec_store *store, int64_t *out, rec_error *err);

/** Fix what this reader sees until rec_store_read_end(), whatever others commit. May be begun again inside: the outermost end counts. */
REC_CHECKED rec_status rec_store_read_begin(rec_store *store, rec_error *err);
void rec_store_read_end(rec_store *store);

/* ---- writing: only between begin and commit ------------------------------------------------------------------------ */

/** Begin a transaction. Returns REC_EBUSY or what SQLite reports. */
REC_CHECKED rec_status rec_store_begin(rec_store *store, rec_error *err);

/** Make it durable. If it `changed` anything that an answer shows, the generation grows. */
REC_CHECKED rec_status rec_store_commit(rec_store *store, bool changed, rec_error *err);

/** Forget it. Harmless without a transaction. */
void rec_store_rollback(rec_store *store);

typedef enum rec_outcome {
    REC_ADDED,
    REC_UPDATED,
    REC_UNCHANGED, /* stored already, just so */
    REC_OLDER      /* a newer version is stored: left alone */
} rec_outcome;

/**
 * Store a paper, or update it where one of its ids is known. A field that the new record lacks keeps its old value. An older version (by
 * version number, else by revision date, where both have one) changes nothing. A paper whose text, date, id, categories or authors change
 * loses its neighbour list until the next build: the index holds them.
 */
REC_CHECKED rec_status rec_store_put(rec_store *store, const rec_paper *paper, rec_outcome *outcome, rec_error *err);

/**
 * Delete papers: their records, aliases, words, lists and keys. What was sent of them stays in the ledger. Lists of other papers may name
 * them until the next build: rec_store_get_gone() tells which names mean that. Numbers that no paper has are passed over.
 */
REC_CHECKED rec_status rec_store_remove(rec_store *store, const rec_doc *docs, size_t count, rec_error *err);

/** Forget which papers are gone, once no list and no vector is left of them. */
REC_CHECKED rec_status rec_store_clear_gone(rec_store *store, rec_error *err);

/* ---- finding and reading papers ----------------------------------------------------------------------------------- */

/** The paper with this canonical id or alias. Returns REC_ENOTFOUND (no message) where there is none. */
REC_CHECKED rec_status rec_store_find(rec_store *store, const char *id, rec_doc *out, rec_error *err);

/** Up to `limit` papers whose title has this key, lowest number first; `*count` says how many. */
REC_CHECKED rec_status rec_store_find_title(rec_store *store, uint64_t title_key, rec_doc *out, size_t limit, size_t *count,
                                            rec_error *err);

/* A stored paper as a result list shows it. */
typedef struct rec_record {
    rec_doc doc;
    rec_paper paper; /* without abstract and originals unless they were asked for; aliases: see `also` */
    uint64_t title_key;
    uint64_t abstract_key;
    rec_doc work;     /* number of its work: the lowest number among the work's records */
    bool shares_work; /* other records are of the same work */
    char *also;       /* JSON array of its other ids and of all ids of its work's other records; NULL where none, or not asked for */
} rec_record;

#define REC_RECORD_INIT                                                                                                                    \
    {                                                                                                                                      \
        .doc = 0                                                                                                                           \
    }

void rec_record_clear(rec_record *record);

/* What rec_store_get reads beyond the card: columns cost time where a list has many. */
#define REC_GET_CARD 0u
#define REC_GET_ABSTRACT 1u
#define REC_GET_ALL 2u /* abstract, originals, extra */
#define REC_GET_ALSO 4u
#define REC_GET_ALIASES 8u   /* into `also`, like REC_GET_ALSO, but the paper's own other ids alone */
#define REC_GET_VERIFIED 16u /* only if the row is what was stored, by its sum; stores of before schema 3 have none */

/** Read one paper. `out`, which must be empty, is owned by the caller: rec_record_clear(). Returns REC_ENOTFOUND where there is no such
 * number, REC_EDAMAGED where it is not what was stored. */
REC_CHECKED rec_status rec_store_get(rec_store *store, rec_doc doc, unsigned what, rec_record *out, rec_error *err);

/**
 * The records of a work, up to `limit` into `out`, the one to show first: those without a flag, with an abstract, by precedence of their
 * ids (arXiv, DOI, PMID, local), newer date, id. `*count` is 0 where no work has this number or where it has a single record.
 */
REC_CHECKED rec_status rec_store_get_work(rec_store *store, rec_doc work, rec_doc *out, size_t limit, size_t *count, rec_error *err);

/* A paper's text as a scan shows it. Strings are borrowed for the length of the call, NULL where absent. */
typedef struct rec_text {
    rec_doc doc;
    const char *title;
    const char *abstract;
    const char *authors;    /* JSON array */
    const char *categories; /* JSON array */
    uint64_t title_key;
    uint64_t abstract_key;
    int64_t date;     /* first day as YYYYMMDD, 0 where unknown */
    int64_t last_day; /* of the same span */
    bool indexed;     /* has a neighbour list */
    unsigned flags;   /* REC_FLAG_... */
    rec_doc work;     /* number of its work */
} rec_text;

typedef rec_status (*rec_text_visitor)(const rec_text *text, void *context, rec_error *err);

/** Visit every paper by rising number; `pending_only`: those without a neighbour list. Stops at the first status that is not REC_OK and
 * returns it. */
REC_CHECKED rec_status rec_store_scan(rec_store *store, bool pending_only, rec_text_visitor visit, void *context, rec_error *err);

/** Read one paper's text and hand it to `visit`. Returns REC_ENOTFOUND, what `visit` returns, or what SQLite reports. */
REC_CHECKED rec_status rec_store_text(rec_store *store, rec_doc doc, rec_text_visitor visit, void *context, rec_error *err);

/** Visit the numbers of all papers in the order that breaks ties: newer date first, papers without a date last, then by id. */
typedef rec_status (*rec_doc_visitor)(rec_doc doc, void *context, rec_error *err);
REC_CHECKED rec_status rec_store_scan_precedence(rec_store *store, rec_doc_visitor visit, void *context, rec_error *err);

/** The same for the papers whose date begins at `day` (rec_text.date) alone. */
REC_CHECKED rec_status rec_store_scan_precedence_of_day(rec_store *store, int64_t day, rec_doc_visitor visit, void *context,
                                                        rec_error *err);

/**
 * Papers that were removed since the last build, rising: lists and vectors may still name them. The caller ends with rec_free(*out), which
 * is NULL where there are none.
 */
REC_CHECKED rec_status rec_store_get_gone(rec_store *store, rec_doc **out, size_t *count, rec_error *err);

/** Visit the papers dated `day`, neither a longer span nor a shorter: those with votes first, by falling votes, then by id. */
typedef rec_status (*rec_day_visitor)(rec_doc doc, bool has_votes, void *context, rec_error *err);
REC_CHECKED rec_status rec_store_scan_day(rec_store *store, const rec_date *day, rec_day_visitor visit, void *context, rec_error *err);

/** Whether a number is that of a paper that was removed since the last build; of a stored paper, and of any other number, it is not. */
REC_CHECKED rec_status rec_store_is_gone(rec_store *store, rec_doc doc, bool *out, rec_error *err);

/** The dates, as papers give them, that come next before and after the first day of `day`; "" where no paper has one. */
REC_CHECKED rec_status rec_store_near_days(rec_store *store, const rec_date *day, char before[REC_DATE_CHARS], char after[REC_DATE_CHARS],
                                           rec_error *err);

/* ---- neighbour lists ---------------------------------------------------------------------------------------------- */

typedef struct rec_neighbour {
    uint32_t doc;
    float score; /* fused likeness */
} rec_neighbour;

typedef struct rec_list {
    rec_neighbour items[REC_LIST_LENGTH]; /* best first */
    size_t count;
    float reach; /* dense likeness of the last candidate that was considered: what is below was not looked at */
} rec_list;

/** A paper's list. Returns REC_ENOTFOUND (no message) where it has none yet, REC_EDAMAGED where it is not what was stored or cannot be one.
 */
REC_CHECKED rec_status rec_store_get_list(rec_store *store, rec_doc doc, rec_list *out, rec_error *err);

/** Store or replace a list. In a transaction. */
REC_CHECKED rec_status rec_store_put_list(rec_store *store, rec_doc doc, const rec_list *list, rec_error *err);

/** Visit every list by rising number. */
typedef rec_status (*rec_list_visitor)(rec_doc doc, const rec_list *list, void *context, rec_error *err);
REC_CHECKED rec_status rec_store_scan_lists(rec_store *store, rec_list_visitor visit, void *context, rec_error *err);

/** Say which model and side files the lists belong to. In a transaction. */
REC_CHECKED rec_status rec_store_set_built(rec_store *store, const char *fingerprint, int64_t side, int64_t rows, rec_error *err);

/** Say how the scores of random pairs spread. In a transaction. */
REC_CHECKED rec_status rec_store_set_spread(rec_store *store, double middle, double deviation, rec_error *err);

/** Say what share of the best neighbours the lists hold. In a transaction. */
REC_CHECKED rec_status rec_store_set_recall(rec_store *store, double recall, rec_error *err);

/* ---- words -------------------------------------------------------------------------------------------------------- */

typedef struct rec_word_hit {
    rec_doc doc;
    double score; /* BM25, greater is better */
} rec_word_hit;

/**
 * Papers that match the words of `query`, best first by BM25 with titles counting three times, equal ones by newer date, then id: those
 * that have all the words, then, where fewer than `limit` do, those that have any. Words are stemmed; nothing in `query` is an operator. A
 * word that is repeated, in whatever case, counts once; of different words the first 64 count, of bytes the first 4,096. `out` has room for
 * `limit`.
 */
REC_CHECKED rec_status rec_store_search(rec_store *store, const char *query, size_t limit, rec_word_hit *out, size_t *count,
                                        rec_error *err);

/**
 * Papers whose title has all the words of `query`, which must be valid UTF-8, the last of them perhaps unfinished, newest in the store
 * first: for suggestions while somebody types. No match is weighed, so that a common word costs no more than a rare one. The first 64
 * different words count, and the last. `out` has room for `limit`.
 */
REC_CHECKED rec_status rec_store_titles(rec_store *store, const char *query, size_t limit, rec_doc *out, size_t *count, rec_error *err);

/** Up to `limit` ids that look like `id`, into `out` as owned strings (rec_free each): for "no such paper, did you mean". */
REC_CHECKED rec_status rec_store_nearest_ids(rec_store *store, const char *id, size_t limit, char **out, size_t *count, rec_error *err);

/**
 * Copy the store's file into the file `path`, which is there and is emptied first, while others read and write: all of it is of one state,
 * that of the caller's read transaction. Nothing is synced; no side file is copied (rec/backup.h). On failure the file holds what came of
 * it. Returns REC_OK, REC_EDAMAGED, REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_store_copy(rec_store *store, const char *path, rec_error *err);

/** Verify the file: SQLite's own check, that what belongs together does, and that every row is what was stored, which a store of an earlier
 * version cannot tell. Returns REC_EDAMAGED with the first fault. */
REC_CHECKED rec_status rec_store_check(rec_store *store, rec_error *err);

#endif
