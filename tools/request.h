/*
 * One request of a batch: a bare id, or a JSON object with the seed and any option of `similar` by its long name (docs/formats.md).
 */
#ifndef REC_TOOLS_REQUEST_H
#define REC_TOOLS_REQUEST_H

#include "asking.h"

#include "rec/paper.h"

#include <jansson.h>

/* What holds for every request that does not say otherwise. */
struct request_defaults {
    const struct asking *asking;
    const rec_request *request;         /* its choices */
    const struct asking_papers *papers; /* what a request leaves out comes on top; seeds and candidates unless it brings its own */
};

struct request {
    rec_request request;     /* borrows from what is below and from the defaults */
    char *asked;             /* the id, or the title of a text, as it was given; NULL where there is none that is UTF-8 */
    char id[REC_ID_MAX + 1]; /* canonical form of the id asked for, "" where there is none */
    size_t unknown;          /* ids of its lists that name no stored paper */
    rec_paper paper;
    rec_text_seed text;
    rec_doc *exclude; /* with the defaults' */
    rec_id_list candidates, like, unlike;
    const char **categories, **not_categories; /* point into `object` */
    json_t *object;                            /* the line, NULL for a bare id */
};

#define REQUEST_INIT                                                                                                                       \
    {                                                                                                                                      \
        .text = REC_TEXT_SEED_INIT("member 'title'", "member 'text'")                                                                      \
    }

/**
 * Read a line into `out`, which must be empty and is the caller's to end with request_clear(), on failure too: `asked` and `id` are then
 * set as far as they were understood. Returns REC_EINVAL with the member named, REC_ENOTFOUND (no such paper), REC_ENOMEM, or what the
 * store reports.
 */
REC_CHECKED rec_status request_read(rec_engine *engine, const struct request_defaults *defaults, const char *line, size_t length,
                                    struct request *out, rec_error *err);

/** Read an object that is parsed already, as if it had been the line; it becomes `out`'s. Otherwise as request_read. */
REC_CHECKED rec_status request_read_object(rec_engine *engine, const struct request_defaults *defaults, json_t *object, struct request *out,
                                           rec_error *err);

/**
 * Read the members of `object`, which becomes `out`'s, as the options of a search for words: neither a seed nor what needs one is among
 * them. Otherwise as request_read.
 */
REC_CHECKED rec_status request_read_search(rec_engine *engine, const struct request_defaults *defaults, json_t *object, struct request *out,
                                           rec_error *err);

void request_clear(struct request *request);

#endif
