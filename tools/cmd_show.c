/* recommend show ID: one paper with all its fields. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/id.h"
#include "rec/store.h"

static const struct opt_usage USAGE = { "recommend show [OPTIONS] ID", "One paper with all its fields.", "recommend show arXiv:2401.01234" };

static rec_status find(rec_store *store, const char *asked, rec_doc *doc, rec_error *err)
{
    rec_id id;
    rec_status rc = rec_id_parse(asked, &id, err);

    if (rc == REC_OK && (rc = rec_store_find(store, id.text, doc, err)) == REC_ENOTFOUND)
        return rec_fail(err, REC_ENOTFOUND, "no paper '%s' in store '%s'", id.text, rec_store_path(store));
    return rc;
}

static rec_status show(rec_store *store, const char *asked, enum format format, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_list list;
    rec_doc doc;
    rec_status rc = find(store, asked, &doc, err);
    rec_status listed;

    if (rc != REC_OK || (rc = rec_store_get(store, doc, REC_GET_ALL | REC_GET_ALSO, &record, err)) != REC_OK)
        return rc;
    listed = rec_store_get_list(store, doc, &list, err);
    if (listed == REC_OK || listed == REC_ENOTFOUND)
        rc = print_paper(format, &record, listed == REC_OK, err);
    else
        rc = listed;
    rec_record_clear(&record);
    return rc;
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
    status = EXIT_OK;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_READ, &store, &err) != REC_OK ||
        show(store, argv[1], format, &err) != REC_OK)
        status = say_error(&err);
    rec_store_close(store);
    return finish_output(status);
}
