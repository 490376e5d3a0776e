/*
 * The tables of a store and every statement that is run on them. docs/formats.md describes the tables for those who read a store with
 * sqlite3.
 */
#include "store_internal.h"
#include "store_sums.h"

#define APPLICATION_ID 0x52454331 /* "REC1": tells our files from other databases */

const char REC_SCHEMA_STATE[] =
    /* One row, rewritten by every commit that changes something: what a look-up needs to know of the store. */
    "CREATE TABLE state("
    " one INTEGER PRIMARY KEY CHECK (one = 1),"
    " generation INTEGER NOT NULL,"
    " papers INTEGER NOT NULL,"
    " max_date TEXT NOT NULL,"
    " fingerprint TEXT NOT NULL,"
    " side INTEGER NOT NULL,"
    " rows INTEGER NOT NULL,"
    " score_middle REAL NOT NULL,"
    " score_deviation REAL NOT NULL, recall REAL NOT NULL DEFAULT 1, " REC_SCHEMA_SUM ");"
    "INSERT INTO state(one, generation, papers, max_date, fingerprint, side, rows, score_middle, score_deviation)"
    " VALUES (1, 0, 0, '', '', 0, 0, 0, 0);"
    "UPDATE state SET sum = row_sum(" REC_SUMMED_STATE ");";

const char REC_SCHEMA_PAPER[] =
    /* The long columns stand last, so that reading a card touches the row's first page alone. AUTOINCREMENT: a number is never used again.
     * work: the lowest number among the records of one work, NULL where a paper is its work's only record. */
    "CREATE TABLE paper("
    " doc INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " version INTEGER NOT NULL,"
    " title TEXT,"
    " date TEXT NOT NULL,"
    " date_first INTEGER NOT NULL,"
    " date_last INTEGER NOT NULL,"
    " updated TEXT NOT NULL,"
    " title_key INTEGER NOT NULL,"
    " abstract_key INTEGER NOT NULL,"
    " flags INTEGER NOT NULL,"
    " work INTEGER,"
    " authors TEXT,"
    " categories TEXT,"
    " venue TEXT,"
    " url TEXT,"
    " upvotes REAL,"
    " keywords TEXT,"
    " abstract TEXT,"
    " title_original TEXT,"
    " abstract_original TEXT,"
    " extra TEXT, " REC_SCHEMA_SUM ");"
    "CREATE INDEX paper_title ON paper(title_key) WHERE title_key <> 0;"
    "CREATE INDEX paper_date ON paper(date_first);"
    "CREATE INDEX paper_work ON paper(work) WHERE work IS NOT NULL;";

const char REC_SCHEMA_LOOKUP[] = "CREATE TABLE alias(alias TEXT PRIMARY KEY, doc INTEGER NOT NULL, " REC_SCHEMA_SUM ") WITHOUT ROWID;"
                                 "CREATE INDEX alias_doc ON alias(doc);"
                                 /* near: pairs of a little-endian uint32 paper number and a float32 score, best first. */
                                 "CREATE TABLE list(doc INTEGER PRIMARY KEY, reach REAL NOT NULL, near BLOB NOT NULL, " REC_SCHEMA_SUM ");"
                                 "CREATE VIRTUAL TABLE words USING fts5(title, abstract, content='paper', content_rowid='doc',"
                                 " tokenize='porter unicode61 remove_diacritics 2');";

const char REC_SCHEMA_SINCE_2[] =
    /* Papers that were removed and that lists may still name; the next build clears it. */
    "CREATE TABLE gone(doc INTEGER PRIMARY KEY);"
    /* Papers whose work was not looked for since they came or changed, and the keys under which the others are found (same_work.h). */
    "CREATE TABLE unsettled(doc INTEGER PRIMARY KEY);"
    "CREATE TABLE work_key(key INTEGER NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY (key, doc)) WITHOUT ROWID;"
    /* Ids as text, not numbers of papers: the ledger outlives removal. */
    "CREATE TABLE sent("
    " edition TEXT NOT NULL,"
    " seed TEXT NOT NULL,"
    " paper TEXT NOT NULL,"
    " day INTEGER NOT NULL,"
    " rank INTEGER NOT NULL,"
    " band INTEGER NOT NULL,"
    " title_key INTEGER NOT NULL, " REC_SCHEMA_SUM ","
    " PRIMARY KEY (edition, seed, paper)) WITHOUT ROWID;"
    "CREATE INDEX sent_day ON sent(day);"
    "CREATE TABLE feedback("
    " seed TEXT NOT NULL,"
    " paper TEXT NOT NULL,"
    " action TEXT NOT NULL,"
    " day INTEGER NOT NULL,"
    " edition TEXT NOT NULL, " REC_SCHEMA_SUM ","
    " PRIMARY KEY (seed, paper, action, day, edition)) WITHOUT ROWID;";

#define CARD                                                                                                                               \
    "doc, id, version, title, date, date_first, date_last, updated, title_key, abstract_key,"                                              \
    " flags, work, authors, categories, venue, url, upvotes, keywords"
/* NULL, without the machinery of an aggregate, for the many papers that have no other id. */
#define ALSO                                                                                                                               \
    "CASE WHEN EXISTS (SELECT 1 FROM alias WHERE alias.doc = ?1) THEN"                                                                     \
    " (SELECT json_group_array(alias) FROM (SELECT alias FROM alias WHERE alias.doc = ?1 ORDER BY alias)) END"
#define TEXT_COLUMNS                                                                                                                       \
    "paper.doc, paper.title, paper.abstract, paper.title_key, paper.abstract_key, paper.date_first, list.doc IS NOT NULL, paper.authors,"  \
    " paper.flags, coalesce(paper.work, paper.doc), paper.date_last, paper.categories"

/* The values of a row that has a sum, in the order of its columns in store_sums.h. */
#define STATE_VALUES "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9"
#define PAPER_VALUES "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21"
#define SENT_VALUES "?1, ?2, ?3, ?4, ?5, ?6, ?7"

/* Whom a row of `sent` or `feedback` is about: the paper's number where it is stored under any id, else the id itself. */
#define WHO(column)                                                                                                                        \
    "coalesce((SELECT doc FROM paper WHERE paper.id = " column "), (SELECT doc FROM alias WHERE alias = " column "), " column ")"

/* What was suggested (r), what readers did (f). */
#define SHOWN_AND_TOLD                                                                                                                     \
    "WITH r AS MATERIALIZED (SELECT edition, seed, paper, day, rank, band, " WHO("sent.seed") " AS whose, " WHO(                           \
        "sent.paper") " AS who"                                                                                                            \
                      " FROM sent WHERE rank > 0),"                                                                                        \
                      " f AS MATERIALIZED (SELECT seed, paper, action, day, edition, " WHO("feedback.seed") " AS whose, " WHO(             \
                          "feedback.paper") " AS who"                                                                                      \
                                            " FROM feedback)"

static const char *const SQL[REC_SQL_COUNT_STATEMENTS] = {
    [REC_SQL_STATE] = "SELECT " REC_SUMMED_STATE ", sum = row_sum(" REC_SUMMED_STATE ") FROM state",
    [REC_SQL_SET_STATE] = "UPDATE state SET (" REC_SUMMED_STATE ", sum) = (" STATE_VALUES ", row_sum(" STATE_VALUES "))",
    [REC_SQL_COUNT_PAPERS] = "SELECT (SELECT count(*) FROM paper),"
                             " coalesce((SELECT max(date_first) FROM paper), 0)",
    [REC_SQL_COUNT_INDEXED] = "SELECT count(*) FROM list",
    [REC_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [REC_SQL_BEGIN_READ] = "BEGIN",
    [REC_SQL_COMMIT] = "COMMIT",
    [REC_SQL_ROLLBACK] = "ROLLBACK",
    [REC_SQL_FIND] = "SELECT doc FROM paper WHERE id = ?1",
    [REC_SQL_FIND_ALIAS] = "SELECT doc FROM alias WHERE alias = ?1",
    [REC_SQL_FIND_TITLE] = "SELECT doc FROM paper WHERE title_key = ?1 AND title_key <> 0 ORDER BY doc LIMIT ?2",
    [REC_SQL_GET_CARD] = "SELECT " CARD " FROM paper WHERE doc = ?1",
    [REC_SQL_GET_CARD_ALSO] = "SELECT " CARD ", " ALSO " FROM paper WHERE doc = ?1",
    [REC_SQL_GET_ABSTRACT] = "SELECT " CARD ", abstract FROM paper WHERE doc = ?1",
    [REC_SQL_GET_ALL] = "SELECT " CARD ", abstract, title_original, abstract_original, extra FROM paper WHERE doc = ?1",
    [REC_SQL_VERIFY_PAPER] = "SELECT sum IS row_sum(" REC_SUMMED_PAPER ") FROM paper WHERE doc = ?1",
    [REC_SQL_GET_ALSO] = "SELECT " ALSO,
    [REC_SQL_GET_WORK_ALSO] = "SELECT json_group_array(name) FROM (SELECT alias AS name FROM alias WHERE doc = ?1"
                              " UNION SELECT id FROM paper WHERE work = ?2 AND doc <> ?1"
                              " UNION SELECT alias FROM paper JOIN alias USING (doc) WHERE work = ?2 ORDER BY 1)",
    [REC_SQL_GET_WORK] =
        "SELECT doc FROM paper WHERE work = ?1"
        " ORDER BY flags <> 0, coalesce(abstract, '') = '', NOT id GLOB 'arXiv:*', NOT id GLOB 'doi:*', NOT id GLOB 'PMID:*',"
        " date_first DESC, id LIMIT ?2",
    [REC_SQL_INSERT] = "INSERT INTO paper(" REC_SUMMED_PAPER ", sum) VALUES (" PAPER_VALUES ", row_sum(" PAPER_VALUES "))",
    [REC_SQL_UPDATE] = "UPDATE paper SET (" REC_SUMMED_PAPER ", sum) = (" PAPER_VALUES ", row_sum(" PAPER_VALUES ")) WHERE doc = ?1",
    [REC_SQL_ADD_ALIAS] = "INSERT OR IGNORE INTO alias(" REC_SUMMED_ALIAS ", sum) VALUES (?1, ?2, row_sum(?1, ?2))",
    [REC_SQL_DROP_ALIAS] = "DELETE FROM alias WHERE alias = ?1",
    [REC_SQL_ADD_WORDS] = "INSERT INTO words(rowid, title, abstract) VALUES (?1, ?2, ?3)",
    [REC_SQL_DROP_WORDS] = "INSERT INTO words(words, rowid, title, abstract) VALUES ('delete', ?1, ?2, ?3)",
    [REC_SQL_DELETE_PAPER] = "DELETE FROM paper WHERE doc = ?1",
    [REC_SQL_DELETE_ALIASES] = "DELETE FROM alias WHERE doc = ?1",
    [REC_SQL_ADD_GONE] = "INSERT OR IGNORE INTO gone(doc) VALUES (?1)",
    [REC_SQL_SCAN_GONE] = "SELECT doc FROM gone ORDER BY doc",
    [REC_SQL_IS_GONE] = "SELECT doc FROM gone WHERE doc = ?1",
    [REC_SQL_CLEAR_GONE] = "DELETE FROM gone",
    [REC_SQL_ADD_UNSETTLED] = "INSERT OR IGNORE INTO unsettled(doc) VALUES (?1)",
    [REC_SQL_DROP_UNSETTLED] = "DELETE FROM unsettled WHERE doc <= ?1",
    [REC_SQL_FORGET_UNSETTLED] = "DELETE FROM unsettled WHERE doc = ?1",
    [REC_SQL_SCAN_UNSETTLED] = "SELECT paper.doc, title_key, title, abstract, authors FROM unsettled CROSS JOIN paper USING (doc)"
                               " ORDER BY unsettled.doc LIMIT ?1",
    [REC_SQL_ADD_WORK_KEY] = "INSERT OR IGNORE INTO work_key(key, doc) VALUES (?1, ?2)",
    [REC_SQL_DROP_WORK_KEY] = "DELETE FROM work_key WHERE key = ?1 AND doc = ?2",
    [REC_SQL_FIND_WORK_KEY] = "SELECT doc FROM work_key WHERE key = ?1 ORDER BY doc LIMIT ?2",
    [REC_SQL_ANY_WORK_KEY] = "SELECT doc FROM work_key WHERE ?1 = 0 LIMIT ?2",
    [REC_SQL_SET_WORK] = "UPDATE paper SET work = ?1 WHERE doc = ?2",
    [REC_SQL_MOVE_WORK] = "UPDATE paper SET work = ?1 WHERE work = ?2",
    [REC_SQL_UNSETTLE_WORK] = "INSERT OR IGNORE INTO unsettled SELECT doc FROM paper WHERE work = ?1",
    [REC_SQL_DISSOLVE_WORK] = "UPDATE paper SET work = NULL WHERE work = ?1",
    [REC_SQL_ADD_SENT] = "INSERT OR IGNORE INTO sent(" REC_SUMMED_SENT ", sum) VALUES (" SENT_VALUES ", row_sum(" SENT_VALUES "))",
    [REC_SQL_DROP_SENT] = "DELETE FROM sent WHERE edition = ?1",
    [REC_SQL_COUNT_SENT] = "SELECT count(*) FROM sent WHERE edition = ?1",
    /* By id, by alias, and by title where no paper has the id any more; then whatever is of the same work. */
    [REC_SQL_SENT] = "WITH s AS (SELECT DISTINCT paper, title_key FROM sent WHERE day BETWEEN ?1 AND ?2 AND edition <> ?3),"
                     " named AS (SELECT s.title_key, coalesce((SELECT doc FROM paper WHERE id = s.paper),"
                     " (SELECT doc FROM alias WHERE alias = s.paper)) AS doc FROM s),"
                     " found AS (SELECT doc FROM named WHERE doc IS NOT NULL UNION SELECT paper.doc FROM named JOIN paper"
                     " ON paper.title_key = named.title_key WHERE named.doc IS NULL AND paper.title_key <> 0)"
                     " SELECT doc FROM found UNION SELECT other.doc FROM found JOIN paper AS this ON this.doc = found.doc"
                     " JOIN paper AS other ON other.work = this.work WHERE this.work IS NOT NULL ORDER BY 1",
    [REC_SQL_ADD_FEEDBACK] = "INSERT OR IGNORE INTO feedback(" REC_SUMMED_FEEDBACK ", sum)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, row_sum(?1, ?2, ?3, ?4, ?5))",
    /* told: feedback with the edition it belongs to; without one of its own, the last that sent the pair. */
    [REC_SQL_RESPONSES] =
        SHOWN_AND_TOLD ", told AS MATERIALIZED (SELECT whose, who, edition, action FROM f WHERE edition <> ''"
                       " UNION SELECT f.whose, f.who, substr(max(printf('%08d', r.day) || r.edition), 9), f.action"
                       " FROM f JOIN r USING (whose, who) WHERE f.edition = '' AND r.day <= f.day"
                       " GROUP BY f.whose, f.who, f.action, f.day),"
                       " fate AS (SELECT r.edition, r.rank, r.band, max(action = 'click') AS clicked, max(action = 'save') AS saved,"
                       " max(action = 'hide') AS hidden FROM r LEFT JOIN told USING (whose, who, edition)"
                       " GROUP BY r.edition, r.seed, r.paper)"
                       " SELECT CASE ?1 WHEN 1 THEN rank WHEN 2 THEN -band WHEN 3 THEN edition ELSE 0 END AS part, count(*),"
                       " sum(clicked), sum(saved), sum(hidden) FROM fate GROUP BY part ORDER BY part",
    [REC_SQL_COUNT_UNMATCHED] = SHOWN_AND_TOLD " SELECT count(*) FROM (SELECT max(r.day IS NOT NULL AND (r.edition = f.edition OR"
                                               " (f.edition = '' AND r.day <= f.day))) AS matched FROM f LEFT JOIN r USING (whose, who)"
                                               " GROUP BY f.seed, f.paper, f.action, f.day, f.edition) WHERE NOT matched",
    [REC_SQL_COUNT_OTHER_BANDS] = "SELECT count(*) FROM sent WHERE band NOT IN (0, 1, 2, 3)", /* rec_band */
    [REC_SQL_SCAN] = "SELECT " TEXT_COLUMNS " FROM paper LEFT JOIN list USING (doc) ORDER BY paper.doc",
    /* Which they are is told by the smallest index there is, without a look at the papers that have a list. */
    [REC_SQL_SCAN_PENDING] = "SELECT " TEXT_COLUMNS " FROM paper LEFT JOIN list USING (doc) WHERE paper.doc IN"
                             " (SELECT doc FROM paper EXCEPT SELECT doc FROM list) ORDER BY paper.doc",
    [REC_SQL_TEXT] = "SELECT " TEXT_COLUMNS " FROM paper LEFT JOIN list USING (doc) WHERE paper.doc = ?1",
    [REC_SQL_PRECEDENCE] = "SELECT doc FROM paper ORDER BY date_first DESC, id",
    [REC_SQL_PRECEDENCE_OF_DAY] = "SELECT doc FROM paper WHERE date_first = ?1 ORDER BY id",
    [REC_SQL_SCAN_DAY] = "SELECT doc, upvotes IS NOT NULL FROM paper WHERE date_first = ?1 AND date_last = ?2"
                         " ORDER BY upvotes IS NULL, upvotes DESC, id",
    [REC_SQL_DAY_BEFORE] = "SELECT date FROM paper WHERE date_first < ?1 AND date_first > 0 ORDER BY date_first DESC LIMIT 1",
    [REC_SQL_DAY_AFTER] = "SELECT date FROM paper WHERE date_first > ?1 ORDER BY date_first LIMIT 1",
    [REC_SQL_GET_LIST] = "SELECT reach, near, sum FROM list WHERE doc = ?1",
    [REC_SQL_PUT_LIST] = "INSERT OR REPLACE INTO list(" REC_SUMMED_LIST ", sum) VALUES (?1, ?2, ?3, row_sum(?1, ?2, ?3))",
    [REC_SQL_DROP_LIST] = "DELETE FROM list WHERE doc = ?1",
    [REC_SQL_SCAN_LISTS] = "SELECT doc, reach, near, sum FROM list ORDER BY doc",
    /* Ties are put in order among the matches that are read alone: a look at the date of every match would cost more than the search. */
    [REC_SQL_SEARCH] =
        "SELECT doc, score FROM (SELECT rowid AS match, -bm25(words, 3.0, 1.0) AS score FROM words WHERE words MATCH ?1"
        " ORDER BY bm25(words, 3.0, 1.0), rowid LIMIT ?2) JOIN paper ON doc = match ORDER BY score DESC, date_first DESC, id",
    /* By number, which FTS5 gives without looking at all matches; weighing them would. */
    [REC_SQL_TITLES] = "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
    [REC_SQL_TITLES_AMONG] = "SELECT rowid, (SELECT title FROM paper WHERE doc = words.rowid) FROM words WHERE words MATCH ?1"
                             " ORDER BY rowid DESC LIMIT ?2",
    [REC_SQL_TITLES_NEWEST] = "SELECT doc, title FROM paper ORDER BY doc DESC LIMIT ?2",
    /* Aliases too: what people type is often one. */
    [REC_SQL_IDS_FROM] = "SELECT * FROM (SELECT id FROM paper WHERE id >= ?1 ORDER BY id LIMIT ?2)"
                         " UNION SELECT * FROM (SELECT alias FROM alias WHERE alias >= ?1 ORDER BY alias LIMIT ?2)"
                         " ORDER BY 1 LIMIT ?2",
    [REC_SQL_IDS_BEFORE] = "SELECT * FROM (SELECT id FROM paper WHERE id < ?1 ORDER BY id DESC LIMIT ?2)"
                           " UNION SELECT * FROM (SELECT alias FROM alias WHERE alias < ?1 ORDER BY alias DESC LIMIT ?2)"
                           " ORDER BY 1 DESC LIMIT ?2",
};

const char *rec_schema_sql(rec_statement which)
{
    return SQL[which];
}

/* One number from a pragma; -1 where it cannot be read, as in a file that is no database. */
static long long pragma(rec_store *store, const char *sql)
{
    sqlite3_stmt *stmt;
    long long value = -1;

    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return -1;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

static rec_status create_tables(rec_store *store, rec_error *err)
{
    char *sql = sqlite3_mprintf("BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d; %s%s%s%s COMMIT;", APPLICATION_ID,
                                REC_SCHEMA_VERSION, REC_SCHEMA_STATE, REC_SCHEMA_PAPER, REC_SCHEMA_LOOKUP, REC_SCHEMA_SINCE_2);
    rec_status rc = REC_OK;

    if (!sql)
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", store->path);
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        rc = rec_store_fail(store, "make store", err);
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
    sqlite3_free(sql);
    return rc;
}

/* A bit of the version alone would have a store taken for an older one, with works, flags and what was sent overlooked. */
static rec_status refuse_false_version(rec_store *store, rec_error *err)
{
    long long sums = pragma(store, "SELECT count(*) FROM pragma_table_info('state') WHERE name = 'sum'");

    if (sums < 0)
        return rec_store_fail(store, "open store", err);
    if (sums == 0)
        return REC_OK;
    return rec_fail(err, REC_EDAMAGED, "cannot open store '%s': schema version %d, but its tables are of version %d; " REC_WAY_OUT,
                    store->path, store->version, REC_SCHEMA_VERSION);
}

rec_status rec_schema_open(rec_store *store, bool create, rec_error *err)
{
    long long application = pragma(store, "PRAGMA application_id");
    long long version;

    if (application < 0)
        return rec_store_fail(store, "open store", err);
    if (application == 0 && pragma(store, "SELECT count(*) FROM sqlite_master") == 0) {
        store->version = REC_SCHEMA_VERSION;
        if (create)
            return create_tables(store, err);
        return rec_fail(err, REC_ESTALE, "cannot open store '%s': it is empty; run 'recommend import FILE'", store->path);
    }
    if (application != APPLICATION_ID)
        return rec_fail(err, REC_EDAMAGED, "cannot open store '%s': a database, but not one of recommend's", store->path);
    version = pragma(store, "PRAGMA user_version");
    if (version > REC_SCHEMA_VERSION)
        return rec_fail(err, REC_EVERSION, "cannot open store '%s': schema version %lld, this program knows up to %d; use a newer release",
                        store->path, version, REC_SCHEMA_VERSION);
    if (version < 1)
        return rec_fail(err, REC_EDAMAGED, "cannot open store '%s': schema version %lld", store->path, version);
    store->version = (int)version;
    return store->version < REC_SCHEMA_WITH_SUMS ? refuse_false_version(store, err) : REC_OK;
}
