/* Scratch memory of threads: see scorers.h. */
#include "scorers.h"

#include "alloc.h"

rec_status rec_scorers_make(rec_scorers *scorers, const rec_model *model, unsigned threads, size_t room, rec_error *err)
{
    scorers->threads = threads < 1 ? 1 : threads > REC_MAX_THREADS ? REC_MAX_THREADS : threads;
    for (unsigned i = 0; i < scorers->threads; i++) {
        rec_status rc = rec_query_new(model, &scorers->query[i], err);

        if (rc != REC_OK)
            return rc;
        scorers->ranked[i] = rec_alloc_array(room, sizeof(*scorers->ranked[i]));
        scorers->candidates[i] = rec_alloc_array(room, sizeof(*scorers->candidates[i]));
        if (!scorers->ranked[i] || !scorers->candidates[i])
            return rec_fail(err, REC_ENOMEM, "out of memory making neighbour lists");
    }
    return REC_OK;
}

void rec_scorers_clear(rec_scorers *scorers)
{
    for (unsigned i = 0; i < scorers->threads; i++) {
        rec_query_free(scorers->query[i]);
        rec_free(scorers->ranked[i]);
        rec_free(scorers->candidates[i]);
    }
    *scorers = (rec_scorers){ 0 };
}
