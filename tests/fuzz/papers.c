/* Records and the papers that come of them: see papers.h. */
#include "papers.h"

#include "rec/clean.h"

#include <jansson.h>
#include <string.h>

/* Cleaning a text that was cleaned changes nothing. */
static void check_clean(const char *text, size_t most)
{
    rec_buf again = REC_BUF_INIT(8 * most + 64);
    rec_error err = REC_ERROR_INIT;

    if (!text)
        return;
    MUST(rec_clean_text(text, strlen(text), &again, &err) == REC_OK);
    MUST(strcmp(rec_buf_text(&again), text) == 0);
    rec_buf_clear(&again);
}

static void check_id(const rec_id *id)
{
    rec_error err = REC_ERROR_INIT;
    rec_id again;

    MUST(rec_id_parse(id->text, &again, &err) == REC_OK);
    MUST(strcmp(again.text, id->text) == 0 && again.kind == id->kind);
}

static void check_json(const char *text, bool array)
{
    json_t *value = text ? json_loads(text, 0, NULL) : NULL;

    MUST(!text || (array ? json_is_array(value) : json_is_object(value)));
    json_decref(value);
}

static void check_date(const rec_date *date)
{
    rec_error err = REC_ERROR_INIT;
    rec_date again;

    if (!date->text[0])
        return;
    MUST(rec_date_parse(date->text, &again, &err) == REC_OK);
    MUST(strcmp(again.text, date->text) == 0 && again.first == date->first && again.last == date->last && date->first <= date->last);
}

void fuzz_check_paper(const rec_paper *paper)
{
    check_id(&paper->id);
    MUST(paper->alias_count <= REC_MAX_ALIASES);
    for (size_t i = 0; i < paper->alias_count; i++)
        check_id(&paper->aliases[i]);
    check_clean(paper->title, 4 * REC_MAX_TITLE);
    check_clean(paper->abstract, 4 * (size_t)REC_MAX_ABSTRACT);
    check_json(paper->authors, true);
    check_json(paper->categories, true);
    check_json(paper->keywords, true);
    check_json(paper->extra, false);
    check_date(&paper->date);
    check_date(&paper->updated);
}

static rec_status take(void *context, rec_paper *paper, const rec_position *at, rec_error *err)
{
    (void)context;
    (void)at;
    (void)err;
    fuzz_check_paper(paper);
    rec_paper_clear(paper);
    return REC_OK;
}

static rec_status refuse(void *context, const rec_position *at, const rec_error *reason, rec_error *err)
{
    (void)context;
    (void)at;
    (void)err;
    MUST(reason->message[0]);
    return REC_OK;
}

static void remark(void *context, const rec_position *at, const char *sentence)
{
    (void)context;
    (void)at;
    MUST(sentence[0]);
}

int fuzz_records(const struct rec_format *format, const uint8_t *data, size_t size)
{
    const rec_record_taker taker = { take, refuse, remark, NULL };
    rec_source *source = NULL;
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_source_open(fuzz_file(data, size), &source, &err);

    if (rc == REC_OK)
        rc = format ? format->read(source, &taker, &err) : rec_read_records(source, &taker, &err);
    fuzz_refusal(rc, &err);
    rec_source_close(source);
    return 0;
}
