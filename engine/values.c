/* Seeds and choices by text: see rec/values.h. */
#include "rec/values.h"

#include "rec/clean.h"

#include <string.h>

rec_status rec_band_parse(const char *name, rec_band *out, rec_error *err)
{
    for (rec_band band = REC_BAND_NONE; band <= REC_BAND_STRONG; band++)
        if (strcmp(name, rec_band_name(band)) == 0) {
            *out = band;
            return REC_OK;
        }
    return rec_fail(err, REC_EINVAL, "'%s' is not one of none, weak, fair, strong", name);
}

rec_status rec_versions_parse(const char *name, bool *keep, rec_error *err)
{
    *keep = strcmp(name, "keep") == 0;
    if (*keep || strcmp(name, "collapse") == 0)
        return REC_OK;
    return rec_fail(err, REC_EINVAL, "'%s' is not one of collapse, keep", name);
}

static rec_status clean(const char *name, const char *text, size_t length, size_t maximum, rec_buf *out, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    if (length > maximum)
        return rec_fail(err, REC_EINVAL, "%s: more than %zu bytes", name, maximum);
    rc = rec_clean_text(text, length, out, &reason);
    return rc == REC_OK ? REC_OK : rec_fail(err, rc == REC_EFORMAT ? REC_EINVAL : rc, "%s: %s", name, reason.message);
}

rec_status rec_text_seed_use(rec_engine *engine, rec_text_seed *seed, const char *title, size_t title_length, const char *text,
                             size_t text_length, rec_request *request, rec_error *err)
{
    rec_status rc = REC_OK;

    if (title)
        rc = clean(seed->title_name, title, title_length, REC_MAX_TITLE, &seed->title, err);
    if (rc == REC_OK && text)
        rc = clean(seed->text_name, text, text_length, REC_MAX_ABSTRACT, &seed->text, err);
    if (rc != REC_OK)
        return rc;
    if (seed->title.length + seed->text.length == 0)
        return rec_fail(err, REC_EINVAL, "the text is empty");
    if (!text) {
        rc = rec_find_by_title(engine, rec_buf_text(&seed->title), &request->doc, err);
        if (rc != REC_OK && rc != REC_ENOTFOUND)
            return rc;
    }
    request->title = seed->title.length > 0 ? rec_buf_text(&seed->title) : NULL;
    request->abstract = seed->text.length > 0 ? rec_buf_text(&seed->text) : NULL;
    return REC_OK;
}

void rec_text_seed_clear(rec_text_seed *seed)
{
    rec_buf_clear(&seed->title);
    rec_buf_clear(&seed->text);
}

rec_status rec_find_seed(rec_engine *engine, const char *text, rec_id *id, rec_doc *doc, rec_error *err)
{
    rec_store *store = rec_engine_store(engine);
    rec_status rc = rec_id_parse(text, id, err);

    if (rc != REC_OK)
        return rc;
    rc = rec_store_find(store, id->text, doc, err);
    return rc == REC_ENOTFOUND ? rec_fail(err, rc, "no paper '%s' in store '%s'", id->text, rec_store_path(store)) : rc;
}

rec_status rec_find_seeds(rec_engine *engine, const char *const *texts, size_t count, rec_id_list *out, rec_id *failed, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        rec_doc doc;

        if ((rc = rec_find_seed(engine, texts[i], failed, &doc, err)) == REC_OK)
            rc = rec_id_list_append(out, doc, err);
    }
    return rc;
}
