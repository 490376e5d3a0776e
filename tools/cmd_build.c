/* recommend build: index what is new; make again what is damaged; --refit fits the model again, --model with another table. */
#include "building.h"
#include "cmd.h"
#include "output.h"
#include "place.h"
#include "say.h"

static const struct opt_usage USAGE = { "recommend build [OPTIONS]", "Index what is new, and make again what is missing or damaged.",
                                        "recommend build --refit" };

int cmd_build(int argc, char **argv)
{
    struct common common = { .db = NULL };
    struct build_wishes wishes = { .refit = false };
    const struct opt options[] = {
        { OPT_FLAG, 0, "refit", &wishes.refit, NULL, "fit the model again and index everything" },
        { OPT_TEXT, 0, "model", &wishes.table, "FILE", "fit with this trained table from now on" },
        { OPT_FLAG, 0, "without-table", &wishes.without_table, NULL, "fit it without a trained table, this once" },
        OPT_COMMON(&common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
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
    if ((status = check_table(wishes.table)) != EXIT_OK)
        return status;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_WRITE, &store, &err) != REC_OK)
        return say_error(&err);
    status = build_store(store, &common, &wishes);
    rec_store_close(store);
    return finish_output(status);
}
