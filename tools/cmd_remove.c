/* recommend remove ID...: delete papers, and mend the lists that they stood in. */
#include "building.h"
#include "cmd.h"
#include "missing.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "alloc.h"
#include "rec/id.h"
#include "rec/idlist.h"

static const struct opt_usage USAGE = { "recommend remove [OPTIONS] ID...", "Delete papers. What was sent of them stays in the ledger.",
                                        "recommend remove arXiv:2401.01234" };

/* Looks every id up before anything is deleted: with one unknown among them nothing is. An exit status. */
static int find_all(rec_store *store, char **ids, int count, rec_id_list *out)
{
    rec_error err = REC_ERROR_INIT;
    int status = EXIT_OK;

    for (int i = 0; i < count; i++) {
        size_t unknown = out->unknown;
        rec_id id;

        if (rec_id_parse(ids[i], &id, &err) != REC_OK || rec_id_list_add(store, ids[i], out, &err) != REC_OK)
            return say_error(&err);
        if (out->unknown > unknown)
            status = say_no_such_paper(store, id.text);
    }
    return status;
}

/* Adds the ids in a file, those that are not stored counted: a list of what must not be there may name what is not. */
static int find_in_file(rec_store *store, const char *path, rec_id_list *out, const struct common *common)
{
    rec_id_list listed = REC_ID_LIST_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_id_list_load(store, path, &listed, &err);

    for (size_t i = 0; i < listed.count && rc == REC_OK; i++)
        rc = rec_id_list_append(out, listed.docs[i], &err);
    if (rc == REC_OK && listed.unknown > 0 && !common->quiet)
        say("%zu ids in '%s' are unknown to the store", listed.unknown, path);
    rec_id_list_clear(&listed);
    return rc == REC_OK ? EXIT_OK : say_error(&err);
}

static int remove_all(rec_store *store, const rec_id_list *list, const struct common *common)
{
    rec_error err = REC_ERROR_INIT;
    rec_store_state before, after;
    rec_status rc;

    if (rec_store_get_state(store, &before, &err) != REC_OK || rec_store_begin(store, &err) != REC_OK)
        return say_error(&err);
    if ((rc = rec_store_remove(store, list->docs, list->count, &err)) == REC_OK)
        rc = rec_store_commit(store, list->count > 0, &err);
    rec_store_rollback(store);
    if (rc == REC_OK)
        rc = rec_store_get_state(store, &after, &err);
    if (rc != REC_OK)
        return say_error(&err);
    if (!common->quiet)
        say("removed %lld paper%s of %lld", (long long)(before.papers - after.papers), before.papers - after.papers == 1 ? "" : "s",
            (long long)before.papers);
    return EXIT_OK;
}

/* Whether papers were deleted that lists still name: one that was interrupted before its build finds none of its papers any more. */
static bool is_unfinished(rec_store *store)
{
    rec_doc *gone = NULL;
    size_t count = 0;
    bool unfinished = rec_store_get_gone(store, &gone, &count, NULL) == REC_OK && count > 0;

    rec_free(gone);
    return unfinished;
}

/* Whether every paper has its list: a build only clears away then what one has left that was killed behind its commit. */
static bool is_all_listed(rec_store *store)
{
    rec_store_state state;
    int64_t listed = 0;

    return rec_store_get_state(store, &state, NULL) == REC_OK && state.fingerprint[0] != '\0' &&
           rec_store_count_indexed(store, &listed, NULL) == REC_OK && listed == state.papers;
}

/* An exit status: that of the removal, or of a build that fails. Finishes what an earlier removal of the same papers began, too. */
static int mend_lists(rec_store *store, const struct common *common, int status)
{
    const struct build_wishes wishes = { .refit = false };
    struct common quiet = *common;
    int built = EXIT_OK;

    quiet.quiet = true;
    if (status == EXIT_OK || (status == EXIT_NO_PAPER && is_unfinished(store)))
        built = build_store(store, common, &wishes);
    else if (status == EXIT_NO_PAPER && is_all_listed(store))
        built = build_store(store, &quiet, &wishes);
    return built == EXIT_OK ? status : built;
}

int cmd_remove(int argc, char **argv)
{
    struct common common = { .db = NULL };
    const char *file = NULL;
    bool no_build = false;
    const struct opt options[] = {
        { OPT_TEXT, 0, "file", &file, "FILE", "the papers in FILE too, one id a line" },
        { OPT_FLAG, 0, "no-build", &no_build, NULL, "delete only; 'recommend build' mends lists later" },
        OPT_COMMON(&common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_id_list list = REC_ID_LIST_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands == 0 && !file) {
        say("no id; usage: %s", USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_WORDS, &format))
        return EXIT_USAGE;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_WRITE, &store, &err) != REC_OK)
        return say_error(&err);
    status = find_all(store, argv + 1, operands, &list);
    if (status == EXIT_OK && file)
        status = find_in_file(store, file, &list, &common);
    if (status == EXIT_OK)
        status = remove_all(store, &list, &common);
    if (!no_build)
        status = mend_lists(store, &common, status);
    rec_id_list_clear(&list);
    rec_store_close(store);
    return finish_output(status);
}
