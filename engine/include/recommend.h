/*
 * librecommend: papers like a paper, over a store that `recommend` and this library read and write alike.
 *
 *     recommend *r;
 *     recommend_answer *answer;
 *
 *     if (recommend_open("papers.db", RECOMMEND_READ, &r) == RECOMMEND_OK &&
 *         recommend_similar(r, "arXiv:2401.01234", NULL, &answer) == RECOMMEND_OK) {
 *         for (size_t i = 0; i < recommend_answer_count(answer); i++)
 *             printf("%s\n", recommend_result_text(answer, i, RECOMMEND_TITLE));
 *         recommend_answer_free(answer);
 *     } else {
 *         fprintf(stderr, "%s\n", recommend_message(r));
 *     }
 *     recommend_close(r);
 *
 * Threads: a handle, its options and its answers may be used by one thread at a time; different handles by different threads at once.
 * Strings, in and out, are UTF-8 and end with a NUL. Nothing here prints, ends the process, sets a locale or a signal handler, or reads a
 * clock. Numbers in enumerations keep their meaning, later releases add further ones: a caller should be ready for values it does not know.
 */
#ifndef RECOMMEND_H
#define RECOMMEND_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define REC_API __attribute__((visibility("default")))

/* What a function came to. */
typedef enum recommend_status {
    RECOMMEND_OK = 0,
    RECOMMEND_INVALID = 1,    /* an argument or an option makes no sense */
    RECOMMEND_NOT_FOUND = 2,  /* no such paper */
    RECOMMEND_NO_MEMORY = 3,  /* out of memory, or a stated maximum would be passed */
    RECOMMEND_IO = 4,         /* the operating system refused: open, read, write, sync, rename */
    RECOMMEND_BAD_RECORD = 5, /* a file of papers is of no known format */
    RECOMMEND_DAMAGED = 6,    /* the store or a file beside it is cut, altered, or not ours */
    RECOMMEND_STALE = 7,      /* the store, a file beside it or an installed module is missing or of another build */
    RECOMMEND_BUSY = 8,       /* another writer holds the store */
    RECOMMEND_NEWER = 9       /* the store was written by a newer release */
} recommend_status;

typedef struct recommend recommend;                 /* an open store */
typedef struct recommend_options recommend_options; /* how papers are chosen */
typedef struct recommend_answer recommend_answer;   /* papers, best first */

/** The release of the library, "0.1.0". Lives as long as the library. */
REC_API const char *recommend_version(void);

/* ---- a store ------------------------------------------------------------------------------------------------------- */

/* What a store is opened for. */
typedef enum recommend_mode {
    RECOMMEND_READ = 0, /* questions; nothing is ever written, and a writer elsewhere is not in the way */
    RECOMMEND_WRITE = 1 /* changes as well; the store is made where there is none. One writer at a time, in all processes and handles */
} recommend_mode;

/**
 * Open the store in the file `path`.
 *
 * Whatever comes of it, `*out` is set, and the caller ends with recommend_close(): after a failure recommend_message() says why, and every
 * other function refuses the handle. Only where there is not even memory for that is `*out` NULL.
 *
 * Returns RECOMMEND_OK, RECOMMEND_INVALID (`path` is NULL, or no such mode), RECOMMEND_STALE (no such file), RECOMMEND_DAMAGED,
 * RECOMMEND_NEWER, RECOMMEND_BUSY (another writer has held it for a minute), RECOMMEND_IO or RECOMMEND_NO_MEMORY.
 */
REC_API recommend_status recommend_open(const char *path, recommend_mode mode, recommend **out);

/** Close it and let go of its lock. Options and answers outlive it. NULL is allowed. */
REC_API void recommend_close(recommend *handle);

/**
 * A sentence about the last function that failed with this handle: lower case, no full stop, what failed first. "" where none did; for NULL
 * that memory is out. Lives until the next call with the handle.
 */
REC_API const char *recommend_message(const recommend *handle);

/** Threads that questions, imports and builds may use; 0, which holds unless this is called, is one for a question and otherwise as many as
 * there are processors. */
REC_API void recommend_set_threads(recommend *handle, unsigned threads);

/* What a handle knows in numbers. */
typedef enum recommend_number {
    RECOMMEND_PAPERS = 0,     /* stored */
    RECOMMEND_INDEXED = 1,    /* of these, those with a list of neighbours */
    RECOMMEND_GENERATION = 2, /* grows with every commit that can change an answer, whoever commits */
    /* Of the last recommend_import() of this handle. */
    RECOMMEND_RECORDS = 16,   /* read */
    RECOMMEND_ADDED = 17,     /* stored anew */
    RECOMMEND_UPDATED = 18,   /* known, and changed */
    RECOMMEND_UNCHANGED = 19, /* known, just so or in a newer version */
    RECOMMEND_REFUSED = 20    /* could not be used */
} recommend_number;

/** Read a number into `*out`. Returns RECOMMEND_OK, RECOMMEND_INVALID (there is no such number), or what the store reports. */
REC_API recommend_status recommend_get_number(recommend *handle, recommend_number which, int64_t *out);

/* ---- choosing papers ------------------------------------------------------------------------------------------------ */

/** Options that choose nothing yet: the best ten. NULL where memory is out. The caller ends with recommend_options_free(). */
REC_API recommend_options *recommend_options_new(void);

/** Free them. NULL is allowed. */
REC_API void recommend_options_free(recommend_options *options);

/**
 * Set an option. Names and values are those of the command line (docs/interface.md, "Choosing papers"):
 *
 *     "limit", "offset"               a whole number
 *     "since", "until"                a day, month or year, as 2024-05
 *     "category", "not-category"      a category; repeatable, up to 64 times each
 *     "like", "unlike", "exclude"     a paper's id in any spelling; likewise
 *     "min-score", "diversity"        a number with a point, whatever the locale
 *     "min-band"                      "none", "weak", "fair" or "strong"
 *     "versions"                      "collapse" or "keep"
 *     "authors"                       "yes" or "no": whether authors in common count
 *     "exact", "explain"              "yes" or "no"; results have a RECOMMEND_REASON where they are explained
 *
 * Both strings are copied. Returns RECOMMEND_OK, RECOMMEND_INVALID (NULL, an unknown name, or a value that cannot be read) or
 * RECOMMEND_NO_MEMORY. The first failure stays with the options: a question that is asked with them fails with it and says what was wrong,
 * so that it is enough to look there. What can only be wrong with others, or in a store, is found out there as well.
 */
REC_API recommend_status recommend_options_set(recommend_options *options, const char *name, const char *value);

/* ---- questions ------------------------------------------------------------------------------------------------------ */

/*
 * Each gives an answer in `*out`, which the caller ends with recommend_answer_free(); after a failure `*out` is NULL. `options` may be
 * NULL. All return RECOMMEND_OK, RECOMMEND_INVALID, RECOMMEND_NOT_FOUND (a seed is not stored), RECOMMEND_STALE (nothing was built yet, or
 * a file is missing), RECOMMEND_DAMAGED, RECOMMEND_NO_MEMORY, RECOMMEND_IO or RECOMMEND_BUSY. An empty answer is no failure.
 */

/** Papers like the stored one with this id, in any spelling. */
REC_API recommend_status recommend_similar(recommend *handle, const char *id, const recommend_options *options, recommend_answer **out);

/**
 * Papers like a text. Either of `title` and `text` may be NULL. A title alone that is stored, but for case, accents, punctuation or a few
 * letters, is that paper.
 */
REC_API recommend_status recommend_similar_text(recommend *handle, const char *title, const char *text, const recommend_options *options,
                                                recommend_answer **out);

/** Papers that match words, best first. Of the options "like", "unlike", "diversity", "authors" and "exact" do not count. */
REC_API recommend_status recommend_search(recommend *handle, const char *words, const recommend_options *options, recommend_answer **out);

/**
 * Why the paper `other` is, or is not, in the list of the paper `id`: an answer with one result, that paper, with its score, its
 * RECOMMEND_REASON and its RECOMMEND_STANDING; its rank is that in the list, 0 where it is not in it.
 */
REC_API recommend_status recommend_explain(recommend *handle, const char *id, const char *other, recommend_answer **out);

/* ---- answers -------------------------------------------------------------------------------------------------------- */

/** Free an answer and every string that came from it. NULL is allowed. */
REC_API void recommend_answer_free(recommend_answer *answer);

/** How many results it has. */
REC_API size_t recommend_answer_count(const recommend_answer *answer);

/* What a result says in words. */
typedef enum recommend_text {
    RECOMMEND_ID = 0,         /* canonical: "arXiv:2401.01234", "doi:10.1000/x", "PMID:1", or a key as it was imported */
    RECOMMEND_TITLE = 1,      /* one line, without control characters */
    RECOMMEND_AUTHORS = 2,    /* a JSON array of names, in reading order */
    RECOMMEND_DATE = 3,       /* of publication: "2024", "2024-05" or "2024-05-17" */
    RECOMMEND_CATEGORIES = 4, /* a JSON array */
    RECOMMEND_URL = 5,        /* the address of its page */
    RECOMMEND_ALSO = 6,       /* a JSON array of its other ids, those of other records of the same work among them */
    RECOMMEND_BAND = 7,       /* what the score is worth in this store: "strong", "fair", "weak" or "none" */
    RECOMMEND_REASON = 8,     /* what both texts say, one line; where it was asked for */
    RECOMMEND_STANDING = 9    /* of recommend_explain(): "listed", or why it is not, as `recommend explain --format json` has it */
} recommend_text;

/**
 * What result number `index`, from 0, says; NULL where it says nothing of the kind, or where there is no such result. Lives until
 * recommend_answer_free(). It is foreign text: escape it for where it is shown.
 */
REC_API const char *recommend_result_text(const recommend_answer *answer, size_t index, recommend_text which);

/** The score of a result: 0 to 1, of a search within this answer alone; 0 where there is no such result. */
REC_API double recommend_result_score(const recommend_answer *answer, size_t index);

/** The rank of a result, from 1, the offset counted; 0 where there is no such result. */
REC_API size_t recommend_result_rank(const recommend_answer *answer, size_t index);

/* ---- changing a store ----------------------------------------------------------------------------------------------- */

/** Told of a record that is refused: "FILE:LINE: field 'x': ...". `message` lives for the call. */
typedef void (*recommend_refused)(void *context, const char *message);

/**
 * Read the papers in the file `path` ("-" is standard input) into the store, which is open for writing: the formats of docs/formats.md,
 * plain, compressed or in a zip archive, recognised by their content. What is new is answered, slower, before the next recommend_build().
 *
 * Committed in batches of 1,000 records: after an interruption, or a failure, the same call again finishes it. Records that cannot be used
 * are told to `refused`, which may be NULL, and counted (RECOMMEND_REFUSED); they are no failure.
 *
 * Returns RECOMMEND_OK, RECOMMEND_INVALID (not open for writing), RECOMMEND_BAD_RECORD (of no known format), RECOMMEND_STALE (a module is
 * missing), RECOMMEND_IO or RECOMMEND_NO_MEMORY.
 */
REC_API recommend_status recommend_import(recommend *handle, const char *path, recommend_refused refused, void *context);

/* For recommend_build(). */
#define RECOMMEND_REFIT 1u /* fit the model again, whatever the rule says */

/**
 * Index what is new or changed and make missing or damaged side files again; `flags` are 0 or RECOMMEND_REFIT. The model is fitted, or
 * fitted again, by the rule in docs/interface.md, "Build". Until it has ended everybody sees the old state.
 *
 * Returns RECOMMEND_OK, RECOMMEND_INVALID (not open for writing, unknown flags), RECOMMEND_STALE (a module or the trained table is
 * missing), RECOMMEND_DAMAGED, RECOMMEND_IO or RECOMMEND_NO_MEMORY.
 */
REC_API recommend_status recommend_build(recommend *handle, unsigned flags);

#ifdef __cplusplus
}
#endif

#endif
