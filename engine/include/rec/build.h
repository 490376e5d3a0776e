/*
 * From stored papers to a store that answers: model, vectors, index, neighbour lists.
 */
#ifndef REC_BUILD_H
#define REC_BUILD_H

#include "rec/progress.h"
#include "rec/store.h"
#include "status.h"

#include <stdbool.h>

typedef struct rec_build_options {
    bool refit; /* fit the model again, whatever the rule says */
    const char
        *table; /* fit it again with this trained table, the store's from then on (tables.h); NULL: the rule, and the table that it has */
    bool without_table; /* fit it again without part I, this once: to measure what that is worth */
    unsigned threads;   /* 0: as many as there are processors */
    rec_progress progress;
} rec_build_options;

typedef enum rec_refit {
    REC_REFIT_NO,    /* the model in force was kept */
    REC_REFIT_FIRST, /* there was none */
    REC_REFIT_ASKED,
    REC_REFIT_GROWN,  /* the store has outgrown it: the rule below */
    REC_REFIT_DAMAGED /* its file was missing, damaged or of another release */
} rec_refit;

typedef struct rec_build_report {
    rec_refit refit;
    int64_t papers; /* indexed now */
    int64_t added;  /* indexed by this build */
    int64_t lists;  /* neighbour lists written */
    bool nothing;   /* all was current: nothing was written */
    bool remade;    /* damaged or missing vectors or index were made again */
} rec_build_report;

/**
 * Bring `store`, open for writing and not in a transaction, up to date.
 *
 * New and changed papers are embedded and indexed, and the lists that they enter or leave are mended. A damaged or missing side file is
 * made again. The model is fitted again by this rule: in a store of up to REC_REFIT_ALWAYS papers whenever papers came; in a larger one
 * when it has grown by half since the last fit; and when it grows past REC_SMALL_STORE (model.h). A refit embeds everything again.
 *
 * Until the commit at the end readers see the old state, whatever happens; after a failure the store is as it was, but that a table that
 * was asked for may be in place already if the commit itself failed. Returns REC_OK, REC_ENOMEM, REC_EIO, REC_ESTALE (the FAISS module is
 * missing), what rec_tables_open() and rec_tables_give() report, or what the store does.
 */
REC_CHECKED rec_status rec_build(rec_store *store, const rec_build_options *options, rec_build_report *report, rec_error *err);

#define REC_REFIT_ALWAYS 1000

#endif
