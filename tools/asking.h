/*
 * What the verbs that ask for papers share: options that choose papers, seeds, and lists of ids.
 */
#ifndef REC_ASKING_H
#define REC_ASKING_H

#include "opt.h"
#include "output.h"

#include "buf.h"
#include "rec/idlist.h"
#include "rec/pools.h"
#include "rec/recommend.h"
#include "rec/values.h"

/* Options as they were typed. */
struct asking {
    struct common common;
    const char *title, *text, *versions, *min_band, *exclude_file, *candidates, *since, *until;
    struct opt_list exclude, category, not_category, like, unlike;
    size_t limit, offset; /* a limit of NO_LIMIT is as many as there are candidates */
    double min_score, diversity;
    bool no_authors, exact, explain;
};

#define ASKING_INIT                                                                                                                        \
    {                                                                                                                                      \
        .versions = "collapse", .limit = REC_DEFAULT_LIMIT, .min_score = -1                                                                \
    }
#define NO_LIMIT SIZE_MAX

/* Rows of the verbs' tables, `a` being the verb's struct asking: what chooses among results, what chooses papers anywhere, what needs a
 * likeness, and a text as seed. */
/* clang-format off */
#define OPT_CHOOSING(a) \
    { OPT_COUNT, 0, "offset", &(a)->offset, "N", "pass over the best N" }, \
    { OPT_NUMBER, 0, "min-score", &(a)->min_score, "S", "leave out what scores below S" }, \
    { OPT_TEXT, 0, "min-band", &(a)->min_band, "B", "leave out what is below weak, fair or strong" }, \
    { OPT_LIST, 0, "exclude", &(a)->exclude, "ID", "leave out this paper (may be repeated)" }, \
    { OPT_TEXT, 0, "exclude-file", &(a)->exclude_file, "FILE", "leave out the papers that FILE names, one a line" }, \
    { OPT_TEXT, 0, "versions", &(a)->versions, "HOW", "collapse near-copies (default) or keep every record" }, \
    { OPT_FLAG, 'e', "explain", &(a)->explain, NULL, "say why each is listed" }
#define OPT_FILTER(a) \
    { OPT_TEXT, 0, "since", &(a)->since, "DATE", "papers of this day, month or year and later" }, \
    { OPT_TEXT, 0, "until", &(a)->until, "DATE", "papers of this day, month or year and earlier" }, \
    { OPT_LIST, 0, "category", &(a)->category, "C", "papers in C, as cs.LG or cs (may be repeated)" }, \
    { OPT_LIST, 0, "not-category", &(a)->not_category, "C", "no papers in C (may be repeated)" }
#define OPT_LIKENESS(a) \
    { OPT_LIST, 0, "like", &(a)->like, "ID", "like this paper as well (may be repeated)" }, \
    { OPT_LIST, 0, "unlike", &(a)->unlike, "ID", "not like this paper (may be repeated)" }, \
    { OPT_NUMBER, 0, "diversity", &(a)->diversity, "D", "0 to 1: the greater, the less alike each other" }, \
    { OPT_FLAG, 0, "no-authors", &(a)->no_authors, NULL, "leave authors in common out of the score" }, \
    { OPT_FLAG, 0, "exact", &(a)->exact, NULL, "score every paper instead of the index's candidates" }
#define OPT_CANDIDATES(a) \
    { OPT_TEXT, 0, "candidates", &(a)->candidates, "FILE", "rank these alone: ids, or 'request<TAB>candidate'" }
#define OPT_TEXT_SEED(a) \
    { OPT_TEXT, 0, "title", &(a)->title, "TEXT", "a stored title, or the title of a text" }, \
    { OPT_TEXT, 0, "text", &(a)->text, "FILE", "a text, such as an abstract; '-' is standard input" }
/* clang-format on */

/**
 * Answer one question on standard output: what `similar` and `rank` do once their options are read. The operands, in argv[1] to
 * argv[operands], are the seeds. Returns an exit status.
 */
int ask(struct asking *asking, const struct opt_usage *usage, int operands, char **argv);

/** The rows of OPT_FILTER as a filter, which borrows from `asking`. False, with a word said, where one cannot be meant. */
bool asking_filter(const struct asking *asking, rec_filter *filter);

/** The options that need no store, into `request`, which borrows from them. False, with a word said, where one cannot be meant. */
bool asking_choices(const struct asking *asking, rec_request *request);

/* The papers that options name. */
struct asking_papers {
    rec_id_list exclude; /* rising */
    rec_id_list like, unlike;
    rec_pools pools;              /* empty where there is no --candidates */
    char missing[REC_ID_MAX + 1]; /* the seed that is not stored, where one is not */
};

#define ASKING_PAPERS_INIT                                                                                                                 \
    {                                                                                                                                      \
        .exclude = REC_ID_LIST_INIT                                                                                                        \
    }

/**
 * Look up the papers of `asking`. Unknown ones to leave out and candidates are told; a seed must be known. The caller ends with
 * asking_papers_clear(), on failure too. Returns REC_EINVAL (a seed that is no id), REC_ENOTFOUND (such a seed, in `out->missing`), or
 * what source and store report.
 */
REC_CHECKED rec_status asking_papers_find(rec_engine *engine, const struct asking *asking, struct asking_papers *out, rec_error *err);

void asking_papers_clear(struct asking_papers *papers);

/** Report why asking_papers_find() failed. Returns an exit status. */
int say_papers_error(rec_engine *engine, const struct asking_papers *papers, const rec_error *err);

/** Let `request` leave out, like and dislike those papers. */
void use_papers(const struct asking_papers *papers, rec_request *request);

/** Let `request` rank its pool alone, where there are pools. */
void use_pool(const struct asking *asking, const rec_pools *pools, rec_request *request);

/** Say what was left out of an answer, and why it is shorter than `limit`, if it is. */
void say_left_out(const rec_answer *answer, size_t limit);

/** EXIT_NONE_LEFT for an empty answer to a request with a threshold, else EXIT_OK. */
int answer_status(const rec_request *request, const rec_answer *answer);

/** As rec_text_seed_use(), of a title and of the file `path` ("-" is standard input), either may be NULL. Returns REC_EIO as well. */
REC_CHECKED rec_status text_seed_read(rec_engine *engine, rec_text_seed *seed, const char *title, const char *path, rec_request *request,
                                      rec_error *err);

#endif
