/* How suggestions did with readers: see responses.h. */
#include "responses.h"

#include "json_make.h"
#include "say.h"

#include "rec/feedback.h"
#include "rec/ledger.h"
#include "rec/recommend.h"
#include "rec/significance.h"

#include <stdio.h>
#include <string.h>

static const struct part {
    rec_response_part part;
    const char *key, *title; /* in JSON; in a line of text */
} PARTS[] = {
    { REC_RESPONSE_ALL, "all", "all" },
    { REC_RESPONSE_RANK, "by_rank", "rank" },
    { REC_RESPONSE_BAND, "by_band", "band" },
    { REC_RESPONSE_EDITION, "by_edition", "edition" },
};

#define PART_COUNT (sizeof(PARTS) / sizeof(PARTS[0]))

static double share(int64_t count, int64_t n)
{
    return n > 0 ? (double)count / (double)n : 0;
}

/* What tells a part's rows apart: a band or an edition by its name, a rank by its number. */
static const char *name_of(const struct part *part, const rec_response *response)
{
    if (part->part == REC_RESPONSE_BAND)
        return rec_band_name((rec_band)response->number);
    return part->part == REC_RESPONSE_EDITION ? response->edition : NULL;
}

/* ---- text ----------------------------------------------------------------------------------------------------------- */

struct lines {
    const struct part *part;
    bool begun; /* what stands above them was printed */
};

static void begin_lines(struct lines *lines)
{
    if (!lines->begun)
        printf("suggestions                shown  clicked  CTR     95 %% interval     saved  hidden\n");
    lines->begun = true;
}

static rec_status print_line(const rec_response *response, void *context, rec_error *err)
{
    struct lines *lines = context;
    const struct part *part = lines->part;
    const char *name = name_of(part, response);
    rec_interval interval = rec_share_interval(response->clicked, response->shown);
    char label[REC_MAX_EDITION + 16];

    (void)err;
    begin_lines(lines);
    if (part->part == REC_RESPONSE_RANK)
        snprintf(label, sizeof(label), "rank %lld", (long long)response->number);
    else
        snprintf(label, sizeof(label), "%s%s%s", part->title, name ? " " : "", name ? name : "");
    disarm(label); /* a name in a store of an earlier release may hold anything */
    printf("%-24s %7lld %8lld  %.4f  [%.4f, %.4f] %7lld %7lld\n", label, (long long)response->shown, (long long)response->clicked,
           share(response->clicked, response->shown), interval.low, interval.high, (long long)response->saved, (long long)response->hidden);
    return REC_OK;
}

static rec_status print_text(rec_store *store, int64_t unmatched, rec_error *err)
{
    struct lines lines = { .begun = false };
    rec_status rc = REC_OK;

    for (size_t i = 0; i < PART_COUNT && rc == REC_OK; i++) {
        lines.part = &PARTS[i];
        rc = rec_feedback_count(store, PARTS[i].part, print_line, &lines, err);
    }
    if (rc == REC_OK)
        begin_lines(&lines);
    if (rc == REC_OK && unmatched > 0)
        printf("%lld line%s of feedback about nothing that was sent\n", (long long)unmatched, unmatched == 1 ? "" : "s");
    return rc;
}

/* ---- JSON ----------------------------------------------------------------------------------------------------------- */

struct collecting {
    const struct part *part;
    json_t *rows;
};

static rec_status collect(const rec_response *response, void *context, rec_error *err)
{
    const struct collecting *c = context;
    const char *name = name_of(c->part, response);
    rec_interval interval = rec_share_interval(response->clicked, response->shown);
    json_t *row = json_pack("{s:I, s:I, s:I, s:I, s:f, s:[f, f]}", "shown", (json_int_t)response->shown, "clicked",
                            (json_int_t)response->clicked, "saved", (json_int_t)response->saved, "hidden", (json_int_t)response->hidden,
                            "ctr", share(response->clicked, response->shown), "interval", interval.low, interval.high);
    int failed = 0;

    if (name)
        failed = json_object_set_new(row, c->part->title, make_text(name, strlen(name)));
    else if (c->part->part == REC_RESPONSE_RANK)
        failed = json_object_set_new(row, c->part->title, json_integer(response->number));
    if (failed || json_array_append(c->rows, row) != 0)
        failed = 1;
    json_decref(row);
    return failed ? rec_fail(err, REC_ENOMEM, "out of memory for output") : REC_OK;
}

static rec_status print_object(rec_store *store, int64_t unmatched, rec_error *err)
{
    json_t *object = json_pack("{s:i, s:I}", "schema_version", 1, "unmatched", (json_int_t)unmatched);
    rec_status rc = REC_OK;

    for (size_t i = 0; i < PART_COUNT && rc == REC_OK; i++) {
        struct collecting collecting = { &PARTS[i], json_array() };

        if (json_object_set_new(object, PARTS[i].key, collecting.rows) != 0)
            rc = rec_fail(err, REC_ENOMEM, "out of memory for output");
        else
            rc = rec_feedback_count(store, PARTS[i].part, collect, &collecting, err);
    }
    if (rc == REC_OK)
        return print_json(object, err);
    json_decref(object);
    return rc;
}

rec_status print_responses(enum format format, rec_store *store, rec_error *err)
{
    int64_t unmatched;
    rec_status rc = rec_feedback_unmatched(store, &unmatched, err);

    if (rc != REC_OK)
        return rc;
    return format == FORMAT_TEXT ? print_text(store, unmatched, err) : print_object(store, unmatched, err);
}
