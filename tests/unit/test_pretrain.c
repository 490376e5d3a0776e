/* From stored papers to a trained table: what is read of the papers, and what is refused. */
#include "check.h"
#include "put_record.h"

#include "alloc.h"
#include "buf.h"
#include "corpus.h"
#include "rec/pretrain.h"
#include "rec/reader.h"
#include "rec/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/rec-pretrain-XXXXXX";
static char db[sizeof(folder) + 16], output[sizeof(folder) + 16];
static rec_store *store;

static int make_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(db, sizeof(db), "%s/store.db", folder);
    snprintf(output, sizeof(output), "%s/out", folder);
    if (rec_store_open(db, REC_STORE_CREATE, &store, &err) != REC_OK)
        return -1;
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    put_record(store, "{\"id\":\"1\",\"title\":\"Wool\",\"authors\":[\"Zo\\u00eb Müller\",\"Ada Lark\"]}");
    put_record(store, "{\"id\":\"2\",\"title\":\"Tide\",\"authors\":[\"zoe MULLER\"]}");
    put_record(store, "{\"id\":\"3\",\"title\":\"Chord\",\"authors\":[\"Ada Lark\",\"Zoe Muller\"]}");
    put_record(store, "{\"id\":\"4\",\"title\":\"Flock\"}");
    put_record(store, "{\"id\":\"5\",\"title\":\"Anchor\",\"authors\":[]}");
    put_record(store, "{\"id\":\"6\",\"title\":\"Rudder\",\"authors\":[\"Ada Lark\"]}");
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    return 0;
}

static int remove_store(void **state)
{
    static const char *const files[] = { "store.db", "store.db-lock", "store.db-table" };
    char path[sizeof(folder) + 32];

    (void)state;
    rec_store_close(store);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        unlink(path);
    }
    return rmdir(folder); /* fails, and says so, when a test left anything else behind */
}

static void papers_of_one_first_author_share_a_number(void **state)
{
    const rec_corpus_wishes authors = { .authors = true }, nothing = { .texts = 0 };
    rec_corpus corpus = REC_CORPUS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_corpus_load(store, &authors, 2, NULL, &corpus, &err), &err);
    CHECK_INT(6, corpus.count);
    CHECK(corpus.authors[0] != 0);
    CHECK_INT(corpus.authors[0], corpus.authors[1]);
    CHECK(corpus.authors[2] != 0 && corpus.authors[2] != corpus.authors[0]);
    CHECK_INT(corpus.authors[2], corpus.authors[5]);
    CHECK_INT(0, corpus.authors[3]);
    CHECK_INT(0, corpus.authors[4]);
    rec_corpus_clear(&corpus);
    CHECK_STATUS(REC_OK, rec_corpus_load(store, &nothing, 2, NULL, &corpus, &err), &err);
    CHECK(corpus.authors == NULL);
    rec_corpus_clear(&corpus);
}

static void memory_running_out_while_reading_authors_is_reported(void **state)
{
    const rec_corpus_wishes wishes = { .authors = true, .texts = SIZE_MAX };
    long allowed = 0;

    (void)state;
    for (;; allowed++) {
        rec_corpus corpus = REC_CORPUS_INIT;
        rec_error err = REC_ERROR_INIT;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        rc = rec_corpus_load(store, &wishes, 1, NULL, &corpus, &err);
        rec_alloc_fail_after(-1);
        rec_corpus_clear(&corpus);
        if (rc == REC_OK)
            break;
        CHECK_STATUS(REC_ENOMEM, rc, &err);
    }
    CHECK(allowed > 10);
}

static void few_papers_are_refused_with_their_number(void **state)
{
    const rec_pretrain_options options = REC_PRETRAIN_DEFAULTS;
    rec_pretrain_report report;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_EFORMAT, rec_pretrain(store, &options, output, &report, &err), &err);
    CHECK_CONTAINS(db, err.message);
    CHECK_CONTAINS("0 papers", err.message);
    CHECK(access(output, F_OK) != 0);
}

static void settings_out_of_range_are_refused(void **state)
{
    const rec_pretrain_options good = REC_PRETRAIN_DEFAULTS;
    rec_pretrain_options bad[10];
    rec_pretrain_report report;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < 10; i++)
        bad[i] = good;
    bad[0].passes = 0;
    bad[1].passes = REC_PRETRAIN_MAX_PASSES + 1;
    bad[2].batch = 1;
    bad[3].batch = REC_PRETRAIN_MAX_BATCH + 1;
    bad[4].temperature = .019;
    bad[5].temperature = (double)NAN;
    bad[6].rate = 0;
    bad[7].rate = (double)INFINITY;
    bad[8].author_share = .56;
    bad[9].title_share = -.01;
    for (size_t i = 0; i < 10; i++)
        CHECK_STATUS(REC_EINVAL, rec_pretrain(store, &bad[i], output, &report, &err), &err);
    CHECK_STATUS(REC_EINVAL, rec_pretrain(store, &good, db, &report, &err), &err);
    CHECK_STATUS(REC_EIO, rec_pretrain(store, &good, folder, &report, &err), &err);
}

/* The installed table is the store's until it is given one, and again when that is taken away. */
static void a_store_has_the_table_it_was_given(void **state)
{
    float *rows = rec_alloc_aligned(REC_BLOCK_BUCKETS, REC_TABLE_DIM * sizeof(*rows)),
          *idf = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*idf));
    char fingerprint[REC_FINGERPRINT_CHARS];
    rec_table *table = NULL;
    rec_error err = REC_ERROR_INIT;
    bool shipped = false;

    (void)state;
    CHECK(rows != NULL && idf != NULL);
    CHECK_STATUS(REC_OK, rec_tables_of_store(store, &table, &shipped, &err), &err);
    CHECK(shipped);
    memcpy(fingerprint, rec_table_fingerprint(table), sizeof(fingerprint));
    rec_table_close(table);
    CHECK_STATUS(REC_OK, rec_table_save(rows, idf, 5, output, &err), &err);
    CHECK_STATUS(REC_OK, rec_tables_open(output, &table, &err), &err);
    CHECK_STATUS(REC_OK, rec_tables_give(store, table, &err), &err);
    rec_table_close(table);
    unlink(output);
    CHECK_STATUS(REC_OK, rec_tables_of_store(store, &table, &shipped, &err), &err);
    CHECK(!shipped);
    CHECK_INT(5, rec_table_papers(table));
    rec_table_close(table);
    for (int twice = 0; twice < 2; twice++)
        CHECK_STATUS(REC_OK, rec_tables_give(store, NULL, &err), &err);
    CHECK_STATUS(REC_OK, rec_tables_of_store(store, &table, &shipped, &err), &err);
    CHECK(shipped);
    CHECK_STR(fingerprint, rec_table_fingerprint(table));
    rec_table_close(table);
    CHECK_STATUS(REC_OK, rec_tables_open(REC_TABLE_SHIPPED, &table, &err), &err);
    CHECK_STR(fingerprint, rec_table_fingerprint(table));
    rec_table_close(table);
    rec_free(rows);
    rec_free(idf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(papers_of_one_first_author_share_a_number), cmocka_unit_test(memory_running_out_while_reading_authors_is_reported),
        cmocka_unit_test(few_papers_are_refused_with_their_number),  cmocka_unit_test(settings_out_of_range_are_refused),
        cmocka_unit_test(a_store_has_the_table_it_was_given),
    };

    return cmocka_run_group_tests(tests, make_store, remove_store);
}
