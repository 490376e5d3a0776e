/* recommend info: the store in numbers. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/store.h"
#include "rec/tables.h"

#include <stdio.h>
#include <string.h>

static const struct opt_usage USAGE = { "recommend info [OPTIONS]", "The store in numbers.", "recommend info --format json" };

/* What there is to tell. */
struct numbers {
    rec_store_state state;
    int64_t indexed;
    char table[REC_FINGERPRINT_CHARS]; /* fingerprint of the trained table that the store has, "" where it cannot be opened */
    bool shipped;
};

static rec_status read_numbers(rec_store *store, struct numbers *out, rec_error *err)
{
    rec_table *table = NULL;
    rec_error ignored; /* 'check' tells of a table that is damaged: the other numbers stand */
    rec_status rc = rec_store_get_state(store, &out->state, err);

    if (rc == REC_OK)
        rc = rec_store_count_indexed(store, &out->indexed, err);
    if (rc == REC_OK && rec_tables_of_store(store, &table, &out->shipped, &ignored) == REC_OK)
        memcpy(out->table, rec_table_fingerprint(table), sizeof(out->table));
    rec_table_close(table);
    return rc;
}

/* How the lists were made. */
static void tell_neighbours(const rec_store_state *state, char *out, size_t room)
{
    if (!state->fingerprint[0])
        snprintf(out, room, "(not built yet)");
    else if (state->recall < 1)
        snprintf(out, room, "some compared, recall@10 %.3f on a sample", state->recall);
    else
        snprintf(out, room, "all compared");
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static const char *or_words(const char *text, const char *words)
{
    return text[0] ? text : words;
}

static void print_pair(const char *label, const char *text)
{
    printf("%s: ", label);
    print_value(text);
    putchar('\n');
}

static rec_status print_numbers(enum format format, const char *path, const rec_store *store, const struct numbers *numbers, rec_error *err)
{
    const rec_store_state *state = &numbers->state;
    char neighbours[64];

    tell_neighbours(state, neighbours, sizeof(neighbours));
    if (format != FORMAT_TEXT)
        return print_json(json_pack("{s:s, s:I, s:I, s:I, s:s?, s:I, s:s?, s:o, s:{s:s?, s:b}, s:i, s:i}", "store", path, "papers",
                                    (json_int_t)state->papers, "indexed", (json_int_t)numbers->indexed, "vectors", (json_int_t)state->rows,
                                    "fingerprint", or_null(state->fingerprint), "generation", (json_int_t)state->generation, "max_date",
                                    or_null(state->max_date), "recall", state->fingerprint[0] ? json_real(state->recall) : json_null(),
                                    "table", "fingerprint", or_null(numbers->table), "shipped", (int)numbers->shipped, "schema_version", 1,
                                    "store_version", rec_store_version(store)),
                          err);
    print_pair("store", path);
    printf("papers: %lld\nindexed: %lld\n", (long long)state->papers, (long long)numbers->indexed);
    print_pair("fingerprint", or_words(state->fingerprint, "(not built yet)"));
    printf("generation: %lld\n", (long long)state->generation);
    print_pair("newest", or_words(state->max_date, "(no dates)"));
    printf("neighbours: %s\ntable: %s (%s)\n", neighbours, or_words(numbers->table, "missing or damaged"),
           numbers->shipped ? "shipped" : "the store's own");
    return REC_OK;
}

int cmd_info(int argc, char **argv)
{
    struct common common = { .db = NULL };
    const struct opt options[] = { OPT_COMMON(&common), { OPT_END, 0, NULL, NULL, NULL, NULL } };
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
    struct numbers numbers = { .indexed = 0 };
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands != 0) {
        say("'%s' is not wanted; usage: %s", argv[1], USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_OBJECT, &format))
        return EXIT_USAGE;
    status = EXIT_OK;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_READ, &store, &err) != REC_OK ||
        read_numbers(store, &numbers, &err) != REC_OK || print_numbers(format, path, store, &numbers, &err) != REC_OK)
        status = say_error(&err);
    rec_store_close(store);
    return finish_output(status);
}
