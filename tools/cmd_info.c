/* recommend info: the store in numbers. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/store.h"

#include <stdio.h>

static const struct opt_usage USAGE = { "recommend info [OPTIONS]", "The store in numbers.", "recommend info --format json" };

static rec_status print_info(enum format format, const char *path, const rec_store_state *state, int64_t indexed, rec_error *err)
{
    if (format != FORMAT_TEXT)
        return print_json(json_pack("{s:s, s:I, s:I, s:I, s:s?, s:I, s:s?, s:i}", "store", path, "papers", (json_int_t)state->papers,
                                    "indexed", (json_int_t)indexed, "vectors", (json_int_t)state->rows, "fingerprint",
                                    state->fingerprint[0] ? state->fingerprint : NULL, "generation", (json_int_t)state->generation,
                                    "max_date", state->max_date[0] ? state->max_date : NULL, "schema_version", REC_SCHEMA_VERSION),
                          err);
    printf("store: %s\npapers: %lld\nindexed: %lld\nfingerprint: %s\ngeneration: %lld\nnewest: %s\n", path, (long long)state->papers,
           (long long)indexed, state->fingerprint[0] ? state->fingerprint : "(not built yet)", (long long)state->generation,
           state->max_date[0] ? state->max_date : "(no dates)");
    return REC_OK;
}

int cmd_info(int argc, char **argv)
{
    struct common common = { .db = NULL };
    const struct opt options[] = { OPT_COMMON(&common), { OPT_END, 0, NULL, NULL, NULL, NULL } };
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
    rec_store_state state;
    enum format format;
    char path[PATH_MAX];
    int64_t indexed;
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
        rec_store_get_state(store, &state, &err) != REC_OK || rec_store_count_indexed(store, &indexed, &err) != REC_OK ||
        print_info(format, path, &state, indexed, &err) != REC_OK)
        status = say_error(&err);
    rec_store_close(store);
    return finish_output(status);
}
