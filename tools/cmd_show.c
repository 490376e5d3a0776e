/* recommend show ID: one paper with all its fields. */
#include "cmd.h"
#include "missing.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/id.h"
#include "rec/store.h"

static const struct opt_usage USAGE = { "recommend show [OPTIONS] ID", "One paper with all its fields.",
                                        "recommend show arXiv:2401.01234" };

static rec_status show(rec_store *store, rec_doc doc, enum format format, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_list list;
    rec_status listed, rc;

    if ((rc = rec_store_get(store, doc, REC_GET_ALL | REC_GET_ALSO | REC_GET_VERIFIED, &record, err)) != REC_OK)
        return rc;
    listed = rec_store_get_list(store, doc, &list, err);
    if (listed == REC_OK || listed == REC_ENOTFOUND)
        rc = print_paper(format, &record, listed == REC_OK, err);
    else
        rc = listed;
    rec_record_clear(&record);
    return rc;
}

static int find_and_show(rec_store *store, const char *asked, enum format format)
{
    rec_error err = REC_ERROR_INIT;
    rec_doc doc;
    rec_id id;
    rec_status rc = rec_id_parse(asked, &id, &err);

    if (rc == REC_OK && (rc = rec_store_find(store, id.text, &doc, &err)) == REC_ENOTFOUND)
        return say_no_such_paper(store, id.text);
    if (rc == REC_OK)
        rc = show(store, doc, format, &err);
    return rc == REC_OK ? EXIT_OK : say_error(&err);
}

int cmd_show(int argc, char **argv)
{
    struct common common = { .db = NULL };
    const struct opt options[] = { OPT_COMMON(&common), { OPT_END, 0, NULL, NULL, NULL, NULL } };
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands != 1) {
        say("%s; usage: %s", operands == 0 ? "no id" : "one id at a time", USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_OBJECT, &format))
        return EXIT_USAGE;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_READ, &store, &err) != REC_OK)
        status = say_error(&err);
    else
        status = find_and_show(store, argv[1], format);
    rec_store_close(store);
    return finish_output(status);
}
