/*
 * Questions and answers: papers like a paper, papers like a text, papers that match words.
 *
 * An engine opens a store for reading and loads the model, the vectors and the index when a question first needs them: a stored paper's own
 * list needs none of them. One engine belongs to one thread.
 */
#ifndef REC_RECOMMEND_H
#define REC_RECOMMEND_H

#include "rec/docset.h"
#include "rec/filter.h"
#include "rec/model.h"
#include "rec/reason.h"
#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#define REC_DEFAULT_LIMIT 10
#define REC_MAX_LIMIT 10000 /* limit + offset of a question, unless it has more candidates than that */

typedef struct rec_engine rec_engine;

/** Open the store at `path` for reading. The caller ends with rec_engine_close(). Errors as rec_store_open. */
REC_CHECKED rec_status rec_engine_open(const char *path, rec_engine **out, rec_error *err);

/** Close it. NULL is allowed. */
void rec_engine_close(rec_engine *engine);

/** Threads that a question may use where it searches; 1 unless set. */
void rec_engine_set_threads(rec_engine *engine, unsigned threads);

/** Its store, for looking at papers. Borrowed. */
rec_store *rec_engine_store(rec_engine *engine);

/* What a score is worth. */
typedef enum rec_band { REC_BAND_NONE, REC_BAND_WEAK, REC_BAND_FAIR, REC_BAND_STRONG } rec_band;

/** "none", "weak", "fair", "strong". */
const char *rec_band_name(rec_band band);

/* Least heights of the bands, in deviations above the middle score of the store's random pairs. */
#define REC_WEAK 4.0
#define REC_FAIR 5.5
#define REC_STRONG 7.5

/* Scores that are worth as much in any store: where all papers are alike none stands out, and yet they are. */
#define REC_WEAK_SCORE 0.35
#define REC_FAIR_SCORE 0.45
#define REC_STRONG_SCORE 0.55

/** The band of a fused score in a store of this state. */
rec_band rec_band_of(const rec_store_state *state, float score);

/** The least score of a band from weak on in a store of this state. */
double rec_band_border(const rec_store_state *state, rec_band band);

#define REC_MAX_DIVERSE 500 /* the same of a diverse question: each result is compared with all that it is chosen among */

#define REC_NEAR_COPY 0.9f /* likeness from which two papers with abstracts have nearly the same text (docs/evaluation.md) */

#define REC_MAX_SEEDS 100 /* of a question, liked and unliked ones together */
#define REC_UNLIKE 0.25f  /* share of the mean likeness to unliked seeds that is taken off a score (docs/evaluation.md) */

typedef struct rec_request {
    /* The seed: a stored paper, or, where `doc` is 0, a text. Text is clean UTF-8; either part may be NULL. Borrowed. */
    rec_doc doc;
    const char *title;
    const char *abstract;
    const char *authors; /* of a text, a JSON array of names in reading order; may be NULL */
    /* More seeds, all stored papers, borrowed: results are to be like these as well, and unlike those. */
    const rec_doc *like; /* (like_count) */
    size_t like_count;
    const rec_doc *unlike; /* (unlike_count) */
    size_t unlike_count;

    size_t limit;      /* results wanted, at least 1 */
    size_t offset;     /* results passed over first; limit + offset at most REC_MAX_LIMIT, or the number of candidates where that is more */
    rec_filter filter; /* papers that fail it are not listed, and counted as filtered */
    float min_score;   /* results below it are cut; a negative number cuts nothing */
    rec_band min_band; /* likewise; REC_BAND_NONE cuts nothing */
    float diversity;   /* 0 to 1: how much results differ from each other instead of being like the seed (maximal marginal relevance) */
    bool keep_versions;        /* list every record: else a record of a better result's work, or a near-copy of it, is a duplicate */
    bool without_authors;      /* leave authors in common out of the score */
    bool exact;                /* score every indexed paper instead of the index's candidates */
    bool explain;              /* give a reason for each result */
    bool only_candidates;      /* rank the papers in `candidates` and no others */
    const rec_doc *candidates; /* (candidate_count), borrowed */
    size_t candidate_count;
    const rec_doc *exclude; /* (exclude_count), rising, borrowed: never listed, counted as seen */
    size_t exclude_count;
    const rec_doc_set *exclude_set; /* more of them; may be NULL */
} rec_request;

#define REC_REQUEST_INIT                                                                                                                   \
    {                                                                                                                                      \
        .limit = REC_DEFAULT_LIMIT, .min_score = -1                                                                                        \
    }

typedef struct rec_hit {
    rec_doc doc;
    float score; /* as it ranks: may lie a little outside 0 to 1 */
    rec_band band;
    rec_record record;  /* a card; with its other ids */
    rec_reason *reason; /* why it is listed; NULL where that was not asked for */
} rec_hit;

typedef struct rec_answer {
    rec_hit *hits; /* (count) best first */
    size_t count;
    bool seed_indexed; /* the seed's own vector was stored */
    /* Papers that would have stood before the last one shown (in a short list: before the limit) and were left out. */
    size_t seen, duplicate, filtered, below_threshold;
    rec_store_state state; /* of the store that answered */
} rec_answer;

#define REC_ANSWER_INIT                                                                                                                    \
    {                                                                                                                                      \
        .hits = NULL                                                                                                                       \
    }

/** Free what the answer owns and make it empty. */
void rec_answer_clear(rec_answer *answer);

/**
 * Papers like the seed, by falling fused score; equal scores by newer date, then id. The seed, and papers whose title or abstract equals
 * its own, are never listed. Fewer than `limit` come back where fewer are known.
 *
 * With several seeds a score is the mean over the seed and the liked papers, less REC_UNLIKE of the mean over the unliked ones; none of
 * them and none of their twins is listed.
 *
 * With a diversity the first result is the best; each further one, of the best 200 or twice as many as are wanted, is that with the
 * greatest (1 - diversity) * score - diversity * (greatest likeness to a result before it). Scores then need not fall.
 *
 * `out` must be empty; on success the caller ends with rec_answer_clear(). Returns REC_EINVAL (limit, offset or diversity out of range, too
 * many seeds, a paper both liked and unliked), REC_ENOTFOUND (no such paper), REC_ESTALE or REC_EDAMAGED (nothing was built, or a side file
 * that the question needs is missing or damaged; what is stored as a list is answered without them, but for its reasons), REC_ENOMEM
 * or REC_EIO.
 */
REC_CHECKED rec_status rec_recommend(rec_engine *engine, const rec_request *request, rec_answer *out, rec_error *err);

/**
 * The same where the paper's stored list answers it, neither model nor index being looked at: in microseconds. `*served` is false, and
 * `out` empty, where it does not: a text, several seeds, a paper that is not indexed, reasons, another order, or a list that ran out before
 * the answer was full. Errors as rec_recommend.
 */
REC_CHECKED rec_status rec_recommend_stored(rec_engine *engine, const rec_request *request, rec_answer *out, bool *served, rec_error *err);

/**
 * Papers that match the words of `query` (rec_store_search), best first. The score is BM25 brought to 0..1 as b / (b + 10); it can be
 * compared within one answer only. Of `options` the limit, the offset, the filter, min_score, min_band, keep_versions, explain
 * and what is excluded count; a reason says which of the words a paper has. Errors as rec_recommend.
 */
REC_CHECKED rec_status rec_search(rec_engine *engine, const char *query, const rec_request *options, rec_answer *out, rec_error *err);

/**
 * The stored paper with this title: equal but for case, accents and punctuation, or else the closest that shares nearly all of its letters
 * (a Dice coefficient of its character n-grams of at least 0.8). `title` is clean. Returns REC_ENOTFOUND (no message) where there is none.
 */
REC_CHECKED rec_status rec_find_by_title(rec_engine *engine, const char *title, rec_doc *out, rec_error *err);

/** Load everything a question may need now and verify it: model, vectors and index. Errors as rec_recommend. */
REC_CHECKED rec_status rec_engine_check(rec_engine *engine, rec_error *err);

/**
 * A fingerprint of which files a question may need now, without a look into them: their names, and where they lie, how long they are and
 * when they were written. What rec_engine_check() found holds until it changes. Returns REC_OK or what the store reports.
 */
REC_CHECKED rec_status rec_engine_files(rec_engine *engine, char out[REC_FINGERPRINT_CHARS], rec_error *err);

#endif
