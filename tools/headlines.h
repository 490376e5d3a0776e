/* Headlines from a file: ids, and papers that need not be stored. */
#ifndef REC_HEADLINES_H
#define REC_HEADLINES_H

#include "rec/edition.h"

struct headline_list {
    rec_headline *items; /* (count) in the file's order; what is not stored borrows from `papers` */
    size_t count;
    rec_paper **papers; /* (paper_count) owned */
    size_t paper_count;
    size_t failures; /* lines that name no paper, each of which was told */
};

#define HEADLINE_LIST_INIT                                                                                                                 \
    {                                                                                                                                      \
        .items = NULL                                                                                                                      \
    }

/**
 * Read `path` ("-", .gz and .zst as everywhere): a line is an id in any spelling, or a JSON object as a line of a batch has it ({"id":…} or
 * {"paper":{…}}), or a paper itself; empty lines and lines that begin with '#' are passed over. A line that names no paper is told, with
 * its number, and counted. On success the caller ends with headline_list_clear(). Returns REC_EINVAL (more than REC_MAX_HEADLINES),
 * REC_ENOMEM or what source and store report.
 */
REC_CHECKED rec_status headline_list_read(rec_engine *engine, const char *path, struct headline_list *out, rec_error *err);

void headline_list_clear(struct headline_list *list);

#endif
