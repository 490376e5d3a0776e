/* recommend check: verify the store, then the model, the vectors and the index beside it. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/recommend.h"

#include <stdio.h>

static const struct opt_usage USAGE = { "recommend check [OPTIONS]", "Verify the store and its side files.", "recommend check" };

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
    if (rec_store_check(rec_engine_store(engine), &err) != REC_OK || rec_store_get_state(rec_engine_store(engine), &state, &err) != REC_OK)
        status = say_error(&err);
    else if (state.fingerprint[0] && rec_engine_check(engine, &err) != REC_OK)
        status = say_error(&err);
    else
        printf("ok: %lld papers%s\n", (long long)state.papers, state.fingerprint[0] ? ", side files verified" : ", not built yet");
    rec_engine_close(engine);
    return finish_output(status);
}
