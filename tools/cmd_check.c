/* recommend check: verify the store, then the model, the vectors, the index and the trained table beside it. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/recommend.h"
#include "rec/tables.h"

#include <stdio.h>

static const struct opt_usage USAGE = { "recommend check [OPTIONS]", "Verify the store and its side files.", "recommend check" };

static rec_status check_all(rec_engine *engine, rec_store_state *state, rec_error *err)
{
    rec_store *store = rec_engine_store(engine);
    rec_table *table;
    bool shipped;
    rec_status rc = rec_store_check(store, err);

    if (rc == REC_OK)
        rc = rec_store_get_state(store, state, err);
    if (rc == REC_OK && state->fingerprint[0])
        rc = rec_engine_check(engine, err);
    if (rc == REC_OK && (rc = rec_tables_of_store(store, &table, &shipped, err)) == REC_OK)
        rec_table_close(table); /* opening it verifies all of it */
    return rc;
}

int cmd_check(int argc, char **argv)
{
    struct common common = { .db = NULL };
    const struct opt options[] = { OPT_COMMON(&common), { OPT_END, 0, NULL, NULL, NULL, NULL } };
    rec_error err = REC_ERROR_INIT;
    rec_engine *engine = NULL;
    rec_store_state state;
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands != 0) {
        say("'%s' is not wanted; usage: %s", argv[1], USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_WORDS, &format))
        return EXIT_USAGE;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_engine_open(path, &engine, &err) != REC_OK)
        return say_error(&err);
    status = EXIT_OK;
    if (check_all(engine, &state, &err) != REC_OK)
        status = say_error(&err);
    else
        printf("ok: %lld papers%s\n", (long long)state.papers, state.fingerprint[0] ? ", side files verified" : ", not built yet");
    rec_engine_close(engine);
    return finish_output(status);
}
