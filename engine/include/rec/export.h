/*
 * Papers out of a store, as other programs read them, their vectors and the graph of their neighbours. JSON Lines hold all that the store has
 * of a paper, and importing them gives the same papers again; BibTeX and CSV hold what those formats have a place for (docs/formats.md,
 * Export).
 */
#ifndef REC_EXPORT_H
#define REC_EXPORT_H

#include "rec/recommend.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_EXPORT_SCHEMA 1 /* of an exported JSON object: its member `schema_version` */

typedef enum rec_export_format { REC_EXPORT_JSONL, REC_EXPORT_BIBTEX, REC_EXPORT_CSV } rec_export_format;

/* Which papers: those that pass the filter, of all or of those that are named. */
typedef struct rec_export_choice {
    rec_filter filter;
    const rec_doc *docs; /* (doc_count) rising, borrowed; NULL: all papers */
    size_t doc_count;
} rec_export_choice;

/* Where the bytes go, a paper or less at a time. What it returns but REC_OK ends the export. */
typedef struct rec_export_sink {
    rec_status (*take)(void *context, const char *bytes, size_t length, rec_error *err);
    void *context;
} rec_export_sink;

/**
 * Hand the chosen papers to `sink`, by rising number, as one file of the format; memory is bounded by one paper. `*count` is how many they
 * were. The store is read in one state, whatever others commit.
 *
 * Returns REC_OK, also where no paper is chosen; REC_ENOMEM; what the sink returns; what the store reports.
 */
REC_CHECKED rec_status rec_export_papers(rec_store *store, const rec_export_choice *choice, rec_export_format format,
                                         const rec_export_sink *sink, int64_t *count, rec_error *err);

/* ---- vectors ------------------------------------------------------------------------------------------------------- */

typedef enum rec_vectors_format {
    REC_VECTORS_NPY,   /* NumPy's format 1.0: float32, little-endian, (rows, dim) in C order */
    REC_VECTORS_FVECS, /* a row is its dim as int32 and its components as float32, little-endian */
    REC_VECTORS_FAISS  /* a flat index of FAISS, by inner product */
} rec_vectors_format;

typedef struct rec_vectors_report {
    int64_t rows;    /* written */
    size_t dim;      /* components of a row */
    int64_t without; /* chosen papers that have no vector: not indexed since they came or changed, or without a known word */
} rec_vectors_report;

/**
 * Hand the dense vectors of the chosen papers to `vectors`, by rising number, and their ids to `ids`, a line each in the order of the rows.
 * A row has unit length; papers without a vector have none. All of it is of one state, whatever others commit. Memory is bounded by 4 bytes
 * a paper; for FAISS, which writes an index that it holds, by the rows.
 *
 * Returns REC_OK, also where no paper is chosen; REC_ESTALE (nothing was built yet, a side file is missing, or the FAISS module cannot be
 * loaded); REC_EDAMAGED; REC_ENOMEM; REC_EIO; what a sink returns; what the store reports.
 */
REC_CHECKED rec_status rec_export_vectors(rec_engine *engine, const rec_export_choice *choice, rec_vectors_format format,
                                          const rec_export_sink *vectors, const rec_export_sink *ids, rec_vectors_report *report,
                                          rec_error *err);

/* ---- the graph of neighbours --------------------------------------------------------------------------------------- */

typedef enum rec_graph_format {
    REC_GRAPH_TSV,    /* an edge a line: source, target and score, parted by tabs */
    REC_GRAPH_GRAPHML /* GraphML: papers as nodes, with id, title, date and categories, and edges with their scores */
} rec_graph_format;

typedef struct rec_graph_report {
    int64_t papers;  /* nodes */
    int64_t edges;
    int64_t without; /* papers without a list: not indexed since they came or changed */
} rec_graph_report;

/**
 * Hand the stored neighbours of the chosen papers to `sink`, as a directed graph: papers by rising number, an edge from each to its nearest,
 * `limit` of REC_LIST_LENGTH at most, best first, which are chosen papers as well. Those are the papers that rec_recommend() lists with
 * `keep_versions`: none that is marked, and none of the same work. Memory is bounded by the ids of the papers.
 *
 * Returns REC_OK, REC_EDAMAGED, REC_ENOMEM, what the sink returns or what the store reports.
 */
REC_CHECKED rec_status rec_export_graph(rec_store *store, const rec_export_choice *choice, rec_graph_format format, size_t limit,
                                        const rec_export_sink *sink, rec_graph_report *report, rec_error *err);

#endif
