/* What the files behind the public library (recommend.h) share. */
#ifndef REC_LIBRARY_H
#define REC_LIBRARY_H

#include "recommend.h"

#include "rec/idlist.h"
#include "rec/import.h"
#include "rec/recommend.h"
#include "rec/store.h"
#include "status.h"

struct recommend {
    char *path;
    rec_store *writer;  /* NULL unless it is open for writing */
    rec_engine *engine; /* of a writer opened when a question first needs it */
    unsigned threads;   /* 0: nobody said */
    rec_import_report imported;
    rec_error error; /* of the last function that failed */
};

/** The engine that answers, opened if need be. Returns REC_EINVAL for NULL, what opening the handle came to where that failed, or what
 * opening the engine does; the handle's error says which. */
REC_CHECKED rec_status rec_library_engine(recommend *handle, rec_engine **out);

/* Options as a question has them. Borrows from the options. */
struct chosen {
    rec_request request;
    rec_id_list like, unlike, exclude;
};

#define CHOSEN_INIT                                                                                                                        \
    {                                                                                                                                      \
        .request = REC_REQUEST_INIT                                                                                                        \
    }

/**
 * Fill `out` as `options`, which may be NULL, say. The caller ends with chosen_clear(), on failure too. Returns what was wrong when they
 * were set, REC_EINVAL, REC_ENOTFOUND (no such paper to be like or unlike), REC_ENOMEM or what the store reports.
 */
REC_CHECKED rec_status chosen_make(rec_engine *engine, const recommend_options *options, struct chosen *out, rec_error *err);

void chosen_clear(struct chosen *chosen);

#endif
