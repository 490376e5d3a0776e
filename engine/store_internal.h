/*
 * What the files of the store share. Together with schema.c they are the only ones that know SQLite.
 */
#ifndef REC_STORE_INTERNAL_H
#define REC_STORE_INTERNAL_H

#include "buf.h"
#include "rec/store.h"

#include <sqlite3.h>

/* Versions of the schema that brought something which older stores lack. */
#define REC_SCHEMA_WITH_WORKS 2 /* works, flags, what was sent, feedback */
#define REC_SCHEMA_WITH_SUMS 3

/* Every statement of the store; the text of each stands in schema.c. */
typedef enum rec_statement {
    REC_SQL_STATE,
    REC_SQL_SET_STATE,
    REC_SQL_COUNT_PAPERS,
    REC_SQL_COUNT_INDEXED,
    REC_SQL_BEGIN,
    REC_SQL_BEGIN_READ,
    REC_SQL_COMMIT,
    REC_SQL_ROLLBACK,
    REC_SQL_FIND,
    REC_SQL_FIND_ALIAS,
    REC_SQL_FIND_TITLE,
    REC_SQL_GET_CARD,
    REC_SQL_GET_CARD_ALSO,
    REC_SQL_GET_ABSTRACT,
    REC_SQL_GET_ALL,
    REC_SQL_VERIFY_PAPER,
    REC_SQL_GET_ALSO,
    REC_SQL_GET_WORK_ALSO,
    REC_SQL_GET_WORK,
    REC_SQL_INSERT,
    REC_SQL_UPDATE,
    REC_SQL_ADD_ALIAS,
    REC_SQL_DROP_ALIAS,
    REC_SQL_ADD_WORDS,
    REC_SQL_DROP_WORDS,
    REC_SQL_DELETE_PAPER,
    REC_SQL_DELETE_ALIASES,
    REC_SQL_ADD_GONE,
    REC_SQL_SCAN_GONE,
    REC_SQL_IS_GONE,
    REC_SQL_CLEAR_GONE,
    REC_SQL_ADD_UNSETTLED,
    REC_SQL_DROP_UNSETTLED,
    REC_SQL_FORGET_UNSETTLED,
    REC_SQL_SCAN_UNSETTLED,
    REC_SQL_ADD_WORK_KEY,
    REC_SQL_DROP_WORK_KEY,
    REC_SQL_FIND_WORK_KEY,
    REC_SQL_ANY_WORK_KEY,
    REC_SQL_SET_WORK,
    REC_SQL_MOVE_WORK,
    REC_SQL_UNSETTLE_WORK,
    REC_SQL_DISSOLVE_WORK,
    REC_SQL_ADD_SENT,
    REC_SQL_DROP_SENT,
    REC_SQL_COUNT_SENT,
    REC_SQL_SENT,
    REC_SQL_ADD_FEEDBACK,
    REC_SQL_RESPONSES,
    REC_SQL_COUNT_UNMATCHED,
    REC_SQL_COUNT_OTHER_BANDS,
    REC_SQL_SCAN,
    REC_SQL_SCAN_PENDING,
    REC_SQL_TEXT,
    REC_SQL_PRECEDENCE,
    REC_SQL_PRECEDENCE_OF_DAY,
    REC_SQL_SCAN_DAY,
    REC_SQL_DAY_BEFORE,
    REC_SQL_DAY_AFTER,
    REC_SQL_GET_LIST,
    REC_SQL_PUT_LIST,
    REC_SQL_DROP_LIST,
    REC_SQL_SCAN_LISTS,
    REC_SQL_SEARCH,
    REC_SQL_TITLES,
    REC_SQL_TITLES_AMONG,
    REC_SQL_TITLES_NEWEST,
    REC_SQL_IDS_FROM,
    REC_SQL_IDS_BEFORE,
    REC_SQL_COUNT_STATEMENTS /* how many there are */
} rec_statement;

struct rec_store {
    sqlite3 *db;
    char *path;
    int version;      /* of the schema in the file; below REC_SCHEMA_VERSION only while a reader looks at an older store */
    int lock;         /* file descriptor of the writer's lock, -1 for readers */
    bool write_ahead; /* we switched the journal, so closing switches it back; never in a file that was refused */
    bool in_transaction;
    size_t reads;     /* begun and not ended, one inside the other */
    bool state_known; /* `state` is what this read transaction sees */
    rec_store_state state;
    bool counts_changed;                                /* papers or dates changed in this transaction */
    sqlite3_stmt *statements[REC_SQL_COUNT_STATEMENTS]; /* prepared when first used */
};

/* The tables, as SQL: what has always been there, and what came with version 2. */
extern const char REC_SCHEMA_STATE[], REC_SCHEMA_PAPER[], REC_SCHEMA_LOOKUP[], REC_SCHEMA_SINCE_2[];

/** The SQL of a statement. */
const char *rec_schema_sql(rec_statement which);

/** Check an open database for being a store of a version this program reads; make the tables where `create` and the file is empty. */
REC_CHECKED rec_status rec_schema_open(rec_store *store, bool create, rec_error *err);

/** Bring a store of an earlier version to the present one, in one transaction. For a writer. */
REC_CHECKED rec_status rec_schema_migrate(rec_store *store, rec_error *err);

/** Let a reader see a store of an earlier version as if it were of the present one, without changing the file. */
REC_CHECKED rec_status rec_schema_look_at_older(rec_store *store, rec_error *err);

/**
 * The name of a file for SQLite, into `out` (PATH_MAX): it would take "file:" for the beginning of an address, and ":memory:" for no file
 * at all. Returns REC_OK or REC_EINVAL (too long).
 */
REC_CHECKED rec_status rec_store_plain_name(const char *path, char *out, rec_error *err);

/** A prepared, reset statement, without bindings. */
REC_CHECKED rec_status rec_store_prepare(rec_store *store, rec_statement which, sqlite3_stmt **out, rec_error *err);

/** Run a statement that gives no rows, with what was bound. */
REC_CHECKED rec_status rec_store_run(rec_store *store, sqlite3_stmt *stmt, rec_error *err);

/** Run a statement whose one parameter is a number, and that gives no rows. */
REC_CHECKED rec_status rec_store_run_doc(rec_store *store, rec_statement which, rec_doc doc, rec_error *err);

/** Run a statement whose parameters are a paper's number, title and abstract: words in or out. */
REC_CHECKED rec_status rec_store_run_words(rec_store *store, rec_statement which, rec_doc doc, const rec_paper *paper, rec_error *err);

/** Have a stored paper's work looked for again, because the paper is about to change or to go: its keys are dropped, its work is dissolved.
 */
REC_CHECKED rec_status rec_store_unsettle(rec_store *store, const rec_record *stored, rec_error *err);

/** Collect the numbers that a statement, its parameters bound, gives. `*out` is NULL where there are none; the caller ends with rec_free().
 */
REC_CHECKED rec_status rec_store_read_docs(rec_store *store, sqlite3_stmt *stmt, rec_doc **out, size_t *count, rec_error *err);

/** The number that a statement without parameters gives in its one row. */
REC_CHECKED rec_status rec_store_number(rec_store *store, rec_statement which, int64_t *out, rec_error *err);

/** Report SQLite's last error as "cannot <doing> '<path>': <reason>". */
rec_status rec_store_fail(const rec_store *store, const char *doing, rec_error *err);

/** The text of a column, NULL for NULL. Borrowed until the statement steps. */
const char *rec_column_text(sqlite3_stmt *stmt, int column);

/** Bind a text that outlives the statement's run; NULL binds NULL. */
void rec_bind_text(sqlite3_stmt *stmt, int parameter, const char *text);

#define REC_MAX_QUERY 4096     /* bytes of a query for words that are read */
#define REC_MAX_QUERY_WORDS 64 /* words of it that are looked for */

/**
 * Append an expression of FTS5: every run of letters and digits (and of what is not ASCII) as a quoted string, so that nothing is an
 * operator, with `between` between them. Nothing where there is no such run. A run that was there before, in whatever case, is left out,
 * and so is what stands behind the first REC_MAX_QUERY_WORDS words: FTS5 weighs each of a paper's words against each of the query's, so
 * that the time grows with the square of what is asked. Of an `unfinished` query the last run is there in any case, at the end, and as the
 * beginning of a word.
 */
void rec_quote_words(const char *query, bool unfinished, const char *between, rec_buf *out);

#endif
