/*
 * Records into the store, a transaction a batch: see rec/import.h.
 */
#include "rec/import.h"

#include "quote.h"

#include "rec/reader.h"
#include "rec/source.h"
#include "rec/settle.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct importing {
    rec_store *store;
    const char *path;
    rec_source *source;
    const rec_import_options *options;
    rec_import_report *report;
    size_t in_batch;
    bool changed;      /* this batch changed something that an answer shows */
    bool store_failed; /* what is left of the batch is not to be kept */
};

/* Room for "FILE:MEMBER:LINE: item N: " and a sentence; a path that was opened is no longer than PATH_MAX. */
#define MESSAGE_ROOM (PATH_MAX + REC_QUOTE_ROOM + sizeof(((rec_error *)NULL)->message) + 64)

static void write_message(const struct importing *im, const rec_position *at, const char *sentence, char message[MESSAGE_ROOM])
{
    char item[32] = "", quoted[REC_QUOTE_ROOM], member[REC_QUOTE_ROOM + 1] = "";

    if (at->item > 0)
        snprintf(item, sizeof(item), "item %llu: ", (unsigned long long)at->item);
    if (rec_source_member(im->source))
        snprintf(member, sizeof(member), ":%s", rec_quote(rec_source_member(im->source), quoted));
    snprintf(message, MESSAGE_ROOM, "%s%s:%llu: %s%s", im->path, member, (unsigned long long)at->line, item, sentence);
}

/* Counts a refused record and tells of it; under `strict` it is the end. */
static rec_status refuse(void *context, const rec_position *at, const rec_error *reason, rec_error *err)
{
    struct importing *im = context;
    char message[MESSAGE_ROOM];

    im->report->records++;
    im->report->refused++;
    write_message(im, at, reason->message, message);
    if (im->options->refused)
        im->options->refused(im->options->context, message);
    return im->options->strict ? rec_fail(err, REC_EFORMAT, "%s", message) : REC_OK;
}

static void remark(void *context, const rec_position *at, const char *sentence)
{
    struct importing *im = context;
    char message[MESSAGE_ROOM];

    write_message(im, at, sentence, message);
    if (im->options->remarked)
        im->options->remarked(im->options->context, message);
}

static rec_status commit_batch(struct importing *im, rec_error *err)
{
    uint64_t done, total;
    rec_status rc = rec_store_commit(im->store, im->changed, err);

    im->store_failed |= rc != REC_OK;
    im->in_batch = 0;
    im->changed = false;
    if (im->options->progress) {
        rec_source_progress(im->source, &done, &total);
        im->options->progress(im->options->context, im->path, done, total, im->report->records);
    }
    return rc;
}

static rec_status store(struct importing *im, const rec_paper *paper, rec_error *err)
{
    rec_outcome outcome;
    rec_status rc = im->in_batch == 0 ? rec_store_begin(im->store, err) : REC_OK;

    if (rc == REC_OK)
        rc = rec_store_put(im->store, paper, &outcome, err);
    if (rc != REC_OK) {
        im->store_failed = true;
        return rc;
    }
    im->in_batch++;
    im->report->records++;
    im->report->added += outcome == REC_ADDED;
    im->report->updated += outcome == REC_UPDATED;
    im->report->unchanged += outcome == REC_UNCHANGED;
    im->report->older += outcome == REC_OLDER;
    im->report->empty += !(paper->title && paper->title[0]) && !(paper->abstract && paper->abstract[0]);
    im->changed |= outcome == REC_ADDED || outcome == REC_UPDATED;
    return im->in_batch == REC_IMPORT_BATCH ? commit_batch(im, err) : REC_OK;
}

static rec_status take(void *context, rec_paper *paper, const rec_position *at, rec_error *err)
{
    rec_status rc = store(context, paper, err);

    (void)at;
    rec_paper_clear(paper);
    return rc;
}

/* Good records before a failure are kept, unless the store itself has failed. */
static rec_status finish(struct importing *im, rec_status rc, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status committed = im->in_batch > 0 && !im->store_failed ? commit_batch(im, &reason) : REC_OK;

    rec_store_rollback(im->store);
    return committed == REC_OK ? rc : rec_fail(err, committed, "%s", reason.message); /* that they are lost says more than a bad record */
}

/* One file after the other; what is in none of the formats, such as a note on where the others come from, is counted. */
static rec_status read_archive(struct importing *im, const rec_record_taker *taker, rec_error *err)
{
    bool more = true, read;
    rec_status rc = REC_OK;

    while (rc == REC_OK && more) {
        rc = rec_read_marked_records(im->source, taker, &read, err);
        im->report->passed_over += rc == REC_OK && !read;
        if (rc == REC_OK)
            rc = rec_source_next_member(im->source, &more, err);
    }
    return rc;
}

rec_status rec_import(rec_store *store, const char *path, const rec_import_options *options, rec_import_report *report, rec_error *err)
{
    struct importing im = { .store = store, .path = path, .options = options, .report = report };
    const rec_record_taker taker = { take, refuse, remark, &im };
    rec_status rc = rec_source_open_any(path, &im.source, err);

    if (rc != REC_OK)
        return rc;
    rc = rec_source_member(im.source) ? read_archive(&im, &taker, err) : rec_read_records(im.source, &taker, err);
    rc = finish(&im, rc, err);
    if (rc == REC_OK)
        rc = rec_works_settle(store, err);
    rec_source_close(im.source);
    return rc;
}
