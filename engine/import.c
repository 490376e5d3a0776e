/*
 * Records into the store, a transaction a batch: see rec/import.h.
 */
#include "rec/import.h"

#include "rec/reader.h"
#include "rec/source.h"

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

/* Counts a refused record and tells of it; under `strict` it is the end. */
static rec_status refuse(struct importing *im, uint64_t line, const rec_error *reason, rec_error *err)
{
    char message[PATH_MAX + sizeof(reason->message) + 32]; /* a path that was opened is no longer */

    im->report->records++;
    im->report->refused++;
    snprintf(message, sizeof(message), "%s:%llu: %s", im->path, (unsigned long long)line, reason->message);
    if (im->options->refused)
        im->options->refused(im->options->context, message);
    return im->options->strict ? rec_fail(err, REC_EFORMAT, "%s", message) : REC_OK;
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

/* What a parser made of a record: into the store, or refused. */
static rec_status take(struct importing *im, rec_status parsed, rec_paper *paper, uint64_t line, const rec_error *reason, rec_error *err)
{
    rec_status rc;

    if (parsed == REC_OK)
        rc = store(im, paper, err);
    else if (parsed == REC_EFORMAT || parsed == REC_EINVAL)
        rc = refuse(im, line, reason, err);
    else
        rc = rec_fail(err, parsed, "%s", reason->message);
    rec_paper_clear(paper);
    return rc;
}

static rec_status take_pair(const char *title, const char *abstract, uint64_t line, bool first, void *context, rec_error *err)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error reason = REC_ERROR_INIT;
    rec_status parsed = rec_read_listing(title, strlen(title), abstract, strlen(abstract), first, &paper, &reason);

    return take(context, parsed, &paper, line, &reason, err);
}

static rec_status take_json(struct importing *im, const rec_line *line, rec_error *err)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error reason = REC_ERROR_INIT;
    rec_status parsed = rec_read_json(line->text, line->length, &paper, &reason);

    return take(im, parsed, &paper, line->number, &reason, err);
}

static bool is_comment_or_blank(const rec_line *line)
{
    size_t lead = strspn(line->text, " \t");

    return line->text[lead] == '#' || (line->text[lead] == '\0' && lead == line->length);
}

enum content { UNKNOWN, JSON, LISTING };

/* The first line that is neither blank nor a comment tells. */
static enum content recognise(const rec_line *line)
{
    return line->text[strspn(line->text, " \t")] == '{' ? JSON : LISTING;
}

static rec_status take_listing_line(struct importing *im, rec_listing *listing, const rec_line *line, rec_error *err)
{
    if (memchr(line->text, '\0', line->length)) {
        rec_error reason = { REC_EFORMAT, "the line holds a NUL" };
        return refuse(im, line->number, &reason, err);
    }
    return rec_listing_feed(listing, line->text, line->length, line->number, err);
}

static rec_status read_lines(struct importing *im, rec_listing *listing, rec_error *err)
{
    enum content content = UNKNOWN;
    rec_status rc = REC_OK;

    while (rc == REC_OK) {
        rec_error reason = REC_ERROR_INIT;
        rec_line line;
        rec_status read = rec_source_next(im->source, &line, &reason);

        if (read == REC_EFORMAT) {
            rc = refuse(im, line.number, &reason, err);
            continue;
        }
        if (read != REC_OK)
            return rec_fail(err, read, "%s", reason.message);
        if (!line.text)
            return content == LISTING ? rec_listing_feed(listing, NULL, 0, 0, err) : REC_OK;
        if (content != LISTING && is_comment_or_blank(&line))
            continue;
        if (content == UNKNOWN)
            content = recognise(&line);
        rc = content == JSON ? take_json(im, &line, err) : take_listing_line(im, listing, &line, err);
    }
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

rec_status rec_import(rec_store *store, const char *path, const rec_import_options *options, rec_import_report *report, rec_error *err)
{
    struct importing im = { .store = store, .path = path, .options = options, .report = report };
    rec_listing *listing = NULL;
    rec_status rc;

    if ((rc = rec_source_open(path, &im.source, err)) != REC_OK)
        return rc;
    if ((rc = rec_listing_new(take_pair, &im, &listing, err)) == REC_OK)
        rc = read_lines(&im, listing, err);
    rc = finish(&im, rc, err);
    rec_listing_free(listing);
    rec_source_close(im.source);
    return rc;
}
