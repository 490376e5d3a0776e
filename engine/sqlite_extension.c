/*
 * recommend.so: the table-valued function recommend(seed, k, db) for any SQLite that loads it.
 *
 *     SELECT rank, id, score, band, title FROM recommend('arXiv:2401.01234', 10);
 *
 * It stands on the public library alone, reads the store through a connection of the library's own, and never writes. The rows of a
 * question are all there before the first is given, so that nothing is held open between steps.
 *
 * Of SQLite it includes sqlite3ext.h, as every extension does: the functions of whoever loads it, by a table of pointers.
 */
#include "recommend.h"

#include <sqlite3ext.h>

#include <stdio.h>
#include <string.h>

SQLITE_EXTENSION_INIT1

enum column { RANK, ID, SCORE, BAND, TITLE, PUBLISHED, AUTHORS, CATEGORIES, URL, ALSO, SEED, K, DB };

static const char DECLARATION[] =
    "CREATE TABLE x(rank INTEGER, id TEXT, score REAL, band TEXT, title TEXT, published TEXT, authors TEXT, categories TEXT, url TEXT, "
    "also TEXT, seed HIDDEN, k HIDDEN, db HIDDEN)";

/* One for each connection. */
struct table {
    sqlite3_vtab base;
    sqlite3 *connection;
    recommend *handle; /* of the store that was asked last; NULL before */
    char *path;        /* its path */
};

struct cursor {
    sqlite3_vtab_cursor base;
    recommend_answer *answer;
    size_t at;
    sqlite3_value *arguments[DB - SEED + 1]; /* as they were given; NULL where not */
};

static int fail(sqlite3_vtab *table, const char *message)
{
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("recommend: %s", message);
    return table->zErrMsg ? SQLITE_ERROR : SQLITE_NOMEM;
}

/* ---- the table ------------------------------------------------------------------------------------------------------- */

static int connect_table(sqlite3 *connection, void *context, int count, const char *const *words, sqlite3_vtab **out, char **error)
{
    struct table *table;
    int rc = sqlite3_declare_vtab(connection, DECLARATION);

    (void)context;
    (void)count;
    (void)words;
    (void)error;
    if (rc != SQLITE_OK)
        return rc;
    /* It opens whatever file it is told: what the schema of a foreign database says must not do that. */
    if ((rc = sqlite3_vtab_config(connection, SQLITE_VTAB_DIRECTONLY)) != SQLITE_OK)
        return rc;
    if (!(table = sqlite3_malloc(sizeof(*table))))
        return SQLITE_NOMEM;
    *table = (struct table){ .connection = connection };
    *out = &table->base;
    return SQLITE_OK;
}

static void close_store(struct table *table)
{
    recommend_close(table->handle);
    sqlite3_free(table->path);
    table->handle = NULL;
    table->path = NULL;
}

static int disconnect_table(sqlite3_vtab *base)
{
    close_store((struct table *)base);
    sqlite3_free(base);
    return SQLITE_OK;
}

/*
 * The arguments are equalities with the hidden columns. idxNum says by bits which of them xFilter gets, in the order of the columns.
 * A seed that cannot be used in this order of tables means another order; no seed at all is the user's mistake, told by xFilter.
 */
static int plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    int given[DB - SEED + 1] = { 0, 0, 0 }, arguments = 0;

    (void)base;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];

        if (constraint->iColumn < SEED || constraint->iColumn > DB || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!constraint->usable)
            return SQLITE_CONSTRAINT;
        given[constraint->iColumn - SEED] = i + 1;
    }
    for (int column = SEED; column <= DB; column++) {
        int i = given[column - SEED];

        if (i == 0)
            continue;
        info->aConstraintUsage[i - 1].argvIndex = ++arguments;
        info->aConstraintUsage[i - 1].omit = 1;
        info->idxNum |= 1 << (column - SEED);
    }
    info->orderByConsumed = info->nOrderBy == 1 && info->aOrderBy[0].iColumn == RANK && !info->aOrderBy[0].desc;
    info->estimatedCost = 10000;
    info->estimatedRows = 10;
    return SQLITE_OK;
}

/* ---- a question ------------------------------------------------------------------------------------------------------ */

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    struct cursor *cursor = sqlite3_malloc(sizeof(*cursor));

    (void)base;
    if (!cursor)
        return SQLITE_NOMEM;
    *cursor = (struct cursor){ .answer = NULL };
    *out = &cursor->base;
    return SQLITE_OK;
}

static void empty_cursor(struct cursor *cursor)
{
    recommend_answer_free(cursor->answer);
    cursor->answer = NULL;
    cursor->at = 0;
    for (size_t i = 0; i <= DB - SEED; i++) {
        sqlite3_value_free(cursor->arguments[i]);
        cursor->arguments[i] = NULL;
    }
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    empty_cursor((struct cursor *)base);
    sqlite3_free(base);
    return SQLITE_OK;
}

static int take_arguments(struct cursor *cursor, int given, sqlite3_value **values)
{
    empty_cursor(cursor);
    for (int column = SEED; column <= DB; column++)
        if (given & 1 << (column - SEED) && !(cursor->arguments[column - SEED] = sqlite3_value_dup(*values++)))
            return SQLITE_NOMEM;
    return SQLITE_OK;
}

/* An argument as text, NULL for NULL and for one that was not given. False where it holds a NUL, behind which nothing would be read. */
static int read_text(struct cursor *cursor, enum column column, const char **out)
{
    sqlite3_value *value = cursor->arguments[column - SEED];

    *out = value ? (const char *)sqlite3_value_text(value) : NULL;
    return !*out || strlen(*out) == (size_t)sqlite3_value_bytes(value);
}

/* The store that is asked, open: that of the last question, if it is the same. */
static int use_store(struct table *table, const char *path)
{
    if (!path && !(path = sqlite3_db_filename(table->connection, "main")))
        path = "";
    if (!*path)
        return fail(&table->base, "the main database is no file: name a store, as in recommend('ID', 10, 'papers.db')");
    if (table->path && strcmp(table->path, path) == 0)
        return SQLITE_OK;
    close_store(table);
    if (!(table->path = sqlite3_mprintf("%s", path)))
        return SQLITE_NOMEM;
    if (recommend_open(path, RECOMMEND_READ, &table->handle) != RECOMMEND_OK) {
        int rc = fail(&table->base, recommend_message(table->handle));

        close_store(table);
        return rc;
    }
    return SQLITE_OK;
}

static int set_limit(struct table *table, struct cursor *cursor, recommend_options *options)
{
    sqlite3_value *k = cursor->arguments[K - SEED];
    char digits[24];

    if (!options)
        return SQLITE_NOMEM;
    if (!k || sqlite3_value_type(k) == SQLITE_NULL)
        return SQLITE_OK;
    if (sqlite3_value_type(k) != SQLITE_INTEGER || sqlite3_value_int64(k) < 0)
        return fail(&table->base, "the second argument, how many papers, is a whole number");
    snprintf(digits, sizeof(digits), "%lld", (long long)sqlite3_value_int64(k));
    /* What is too much is told by the question. */
    (void)recommend_options_set(options, "limit", digits);
    return SQLITE_OK;
}

static int ask(sqlite3_vtab_cursor *base, int given, const char *unused, int count, sqlite3_value **values)
{
    struct cursor *cursor = (struct cursor *)base;
    struct table *table = (struct table *)base->pVtab;
    recommend_options *options = NULL;
    const char *seed, *path;
    int rc = take_arguments(cursor, given, values);

    (void)unused;
    (void)count;
    if (rc != SQLITE_OK)
        return rc;
    if (!cursor->arguments[0])
        return fail(&table->base, "no paper: say which, as in recommend('arXiv:2401.01234', 10)");
    if (!read_text(cursor, SEED, &seed) || !read_text(cursor, DB, &path))
        return fail(&table->base, "an argument holds a NUL");
    if (!seed) /* like anything that is compared with NULL */
        return SQLITE_OK;
    if ((rc = use_store(table, path)) != SQLITE_OK)
        return rc;
    options = recommend_options_new();
    if ((rc = set_limit(table, cursor, options)) == SQLITE_OK &&
        recommend_similar(table->handle, seed, options, &cursor->answer) != RECOMMEND_OK)
        rc = fail(&table->base, recommend_message(table->handle));
    recommend_options_free(options);
    return rc;
}

/* ---- its rows -------------------------------------------------------------------------------------------------------- */

static int next_row(sqlite3_vtab_cursor *base)
{
    ((struct cursor *)base)->at++;
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (const struct cursor *)base;

    return cursor->at >= recommend_answer_count(cursor->answer);
}

static int give_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    static const recommend_text TEXTS[] = {
        [ID] = RECOMMEND_ID,          [BAND] = RECOMMEND_BAND,       [TITLE] = RECOMMEND_TITLE,
        [PUBLISHED] = RECOMMEND_DATE, [AUTHORS] = RECOMMEND_AUTHORS, [CATEGORIES] = RECOMMEND_CATEGORIES,
        [URL] = RECOMMEND_URL,        [ALSO] = RECOMMEND_ALSO
    };
    const struct cursor *cursor = (const struct cursor *)base;

    if (column == RANK)
        sqlite3_result_int64(context, (sqlite3_int64)recommend_result_rank(cursor->answer, cursor->at));
    else if (column == SCORE)
        sqlite3_result_double(context, recommend_result_score(cursor->answer, cursor->at));
    else if (column < SEED)
        sqlite3_result_text(context, recommend_result_text(cursor->answer, cursor->at, TEXTS[column]), -1, SQLITE_TRANSIENT);
    else if (cursor->arguments[column - SEED])
        sqlite3_result_value(context, cursor->arguments[column - SEED]);
    return SQLITE_OK;
}

static int give_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((const struct cursor *)base)->at + 1;
    return SQLITE_OK;
}

/* ---- the extension --------------------------------------------------------------------------------------------------- */

/* Without xCreate it is there wherever the extension is, and in no schema; without xUpdate it cannot be written. */
static const sqlite3_module MODULE = {
    .xConnect = connect_table,
    .xBestIndex = plan,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = ask,
    .xNext = next_row,
    .xEof = is_at_end,
    .xColumn = give_column,
    .xRowid = give_rowid,
};

/* The function itself, not the one that whoever loads us brings: what the library calls. */
#undef sqlite3_open_v2

REC_API int sqlite3_recommend_init(sqlite3 *connection, char **error, const sqlite3_api_routines *api);

int sqlite3_recommend_init(sqlite3 *connection, char **error, const sqlite3_api_routines *api)
{
    SQLITE_EXTENSION_INIT2(api)
    /*
     * Two copies of SQLite in one process do not know of each other's locks, and one that closes a file drops the other's (POSIX): a way to
     * damage a store that must not be open to anyone.
     */
    if (api->open_v2 != sqlite3_open_v2) {
        *error = sqlite3_mprintf("recommend: this program brings an SQLite of its own; load it where the system's libsqlite3 is used");
        return SQLITE_ERROR;
    }
    return sqlite3_create_module(connection, "recommend", &MODULE, NULL);
}
