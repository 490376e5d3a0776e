/* Drawing pairs: see pairs.h. What is random is drawn by one thread, in order; what is made of it, by several. */
#include "pairs.h"

#include "alloc.h"
#include "parallel.h"
#include "weight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MIN_TITLE 2 /* tokens: fewer say too little to be told from others */
#define MIN_ABSTRACT 20
#define TITLE_SHARE 0.5f                        /* weight of a title beside an abstract */
#define SIDE_ROOM (2 * 2 * REC_TRAINING_TOKENS) /* a word and a pair for each token of a title and an abstract */

/* One pair before its sides are made. */
struct drawn {
    uint32_t left, right; /* papers; the same but for authors */
    float cut;            /* where an abstract parts */
    bool title_left;
};

struct rec_pairs {
    const rec_training *texts;
    const float *idf;
    size_t batch;
    unsigned threads;
    rec_random random;
    uint32_t *order; /* (count) a permutation of the papers, drawn anew when it is used up */
    size_t at;
    uint32_t *by_author; /* (author_count) papers of authors with two or more, each author's together */
    size_t author_count;
    uint32_t *authors; /* (authors_known) where each author's papers begin in `by_author` */
    size_t authors_known, author_at;
    struct drawn *drawn; /* (batch) */
    rec_pair_kind kind;
    rec_side *left, *right; /* (batch) */
    uint16_t *features;
    float *weights;
};

/* ---- what is drawn ------------------------------------------------------------------------------------------------- */

static void shuffle(rec_random *random, uint32_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)rec_random_below(random, i);
        uint32_t swap = items[i - 1];

        items[i - 1] = items[j];
        items[j] = swap;
    }
}

static size_t title_length(const rec_training *texts, size_t paper)
{
    return (size_t)(texts->offsets[2 * paper + 1] - texts->offsets[2 * paper]);
}

static size_t abstract_length(const rec_training *texts, size_t paper)
{
    return (size_t)(texts->offsets[2 * paper + 2] - texts->offsets[2 * paper + 1]);
}

static bool serves(const rec_training *texts, size_t paper, rec_pair_kind kind)
{
    return abstract_length(texts, paper) >= MIN_ABSTRACT && (kind == REC_PAIR_HALVES || title_length(texts, paper) >= MIN_TITLE);
}

size_t rec_training_usable(const rec_training *texts)
{
    size_t usable = 0;

    for (size_t i = 0; i < texts->count; i++)
        usable += serves(texts, i, REC_PAIR_TITLE);
    return usable;
}

static uint32_t next_paper(rec_pairs *p)
{
    if (p->at == p->texts->count) {
        shuffle(&p->random, p->order, p->texts->count);
        p->at = 0;
    }
    return p->order[p->at++];
}

static struct drawn draw_one(rec_pairs *p, uint32_t left, uint32_t right)
{
    struct drawn drawn = { left, right, 0.3f + 0.4f * rec_random_unit(&p->random), false };

    drawn.title_left = rec_random_next(&p->random) >> 63;
    return drawn;
}

/*
 * A batch never goes past the end of the order: no paper may stand in it twice. What is left there, less than a batch, waits for the next
 * round.
 */
static size_t draw_papers(rec_pairs *p)
{
    size_t count = 0;

    if (p->at + p->batch > p->texts->count)
        p->at = p->texts->count;
    for (size_t tried = 0; count < p->batch && tried < p->texts->count; tried++) {
        uint32_t paper;

        if (tried > 0 && p->at == p->texts->count)
            break;
        paper = next_paper(p);
        if (serves(p->texts, paper, p->kind))
            p->drawn[count++] = draw_one(p, paper, paper);
    }
    return count;
}

static size_t draw_authors(rec_pairs *p)
{
    size_t count = 0;

    if (p->author_at + p->batch > p->authors_known) {
        shuffle(&p->random, p->authors, p->authors_known);
        p->author_at = 0;
    }
    for (; count < p->batch && p->author_at < p->authors_known; p->author_at++) {
        const uint32_t *papers = p->by_author + p->authors[p->author_at];
        const uint32_t *author = p->texts->authors;
        size_t n = 1, i, j;

        while (papers + n < p->by_author + p->author_count && author[papers[n]] == author[papers[0]])
            n++;
        i = (size_t)rec_random_below(&p->random, n);
        j = (size_t)rec_random_below(&p->random, n - 1);
        p->drawn[count++] = draw_one(p, papers[i], papers[j + (j >= i)]);
    }
    return count;
}

/* ---- what is made of it -------------------------------------------------------------------------------------------- */

static int compare_features(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* The features of a run of tokens, unsorted; the first token's pair belongs to what stands before it. */
static size_t collect(const rec_token *tokens, size_t length, uint16_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        if (tokens[i].has & REC_TOKEN_WORD)
            out[n++] = tokens[i].word;
        if (i > 0 && tokens[i].has & REC_TOKEN_PAIR)
            out[n++] = tokens[i].pair;
    }
    return n;
}

/* Adds a part of a text to a side: its features, each once, with weights of length `share` together. */
static void add_part(const rec_pairs *p, const rec_token *tokens, size_t length, float share, rec_side *side)
{
    uint16_t *features = side->features + side->length;
    float *weights = side->weights + side->length;
    size_t n = collect(tokens, length, features), kept = 0;
    double squares = 0;
    float scale;

    qsort(features, n, sizeof(*features), compare_features);
    for (size_t i = 0, next; i < n; i = next) {
        float weight;

        for (next = i + 1; next < n && features[next] == features[i]; next++)
            ;
        weight = rec_tf_weight((uint32_t)(next - i)) * p->idf[features[i]];
        if (weight <= 0)
            continue;
        squares += (double)weight * (double)weight;
        features[kept] = features[i];
        weights[kept++] = weight;
    }
    scale = squares > 0 ? (float)((double)share / sqrt(squares)) : 0;
    for (size_t i = 0; i < kept; i++)
        weights[i] *= scale;
    side->length += kept;
}

static void add_title(const rec_pairs *p, size_t paper, float share, rec_side *side)
{
    add_part(p, p->texts->tokens + p->texts->offsets[2 * paper], title_length(p->texts, paper), share, side);
}

static void add_abstract(const rec_pairs *p, size_t paper, size_t from, size_t to, rec_side *side)
{
    add_part(p, p->texts->tokens + p->texts->offsets[2 * paper + 1] + from, to - from, 1, side);
}

/* The sentence's beginning nearest to a share of the abstract, if one stands within an eighth of it. */
static size_t find_cut(const rec_pairs *p, size_t paper, float share)
{
    const rec_token *tokens = p->texts->tokens + p->texts->offsets[2 * paper + 1];
    size_t length = abstract_length(p->texts, paper), wanted = (size_t)((float)length * share);

    for (size_t distance = 0; distance <= length / 8; distance++) {
        if (wanted + distance < length && tokens[wanted + distance].has & REC_TOKEN_SENTENCE)
            return wanted + distance;
        if (wanted > distance && tokens[wanted - distance].has & REC_TOKEN_SENTENCE)
            return wanted - distance;
    }
    return wanted;
}

static rec_status make_sides(size_t task, unsigned thread, void *context, rec_error *err)
{
    rec_pairs *p = context;
    const struct drawn *pair = &p->drawn[task];
    rec_side *left = &p->left[task], *right = &p->right[task];
    size_t length = abstract_length(p->texts, pair->left), cut;

    (void)thread;
    (void)err;
    left->length = right->length = 0;
    switch (p->kind) {
    case REC_PAIR_TITLE:
        add_title(p, pair->left, 1, left);
        add_abstract(p, pair->left, 0, length, right);
        break;
    case REC_PAIR_HALVES:
        cut = find_cut(p, pair->left, pair->cut);
        add_title(p, pair->left, TITLE_SHARE, pair->title_left ? left : right);
        add_abstract(p, pair->left, 0, cut, left);
        add_abstract(p, pair->left, cut, length, right);
        break;
    case REC_PAIR_AUTHOR:
        add_title(p, pair->left, TITLE_SHARE, left);
        add_abstract(p, pair->left, 0, length, left);
        add_title(p, pair->right, TITLE_SHARE, right);
        add_abstract(p, pair->right, 0, abstract_length(p->texts, pair->right), right);
        break;
    }
    return REC_OK;
}

rec_status rec_pairs_draw(rec_pairs *pairs, rec_pair_kind kind, const rec_side **left, const rec_side **right, size_t *count,
                          rec_error *err)
{
    if (kind == REC_PAIR_AUTHOR && pairs->authors_known == 0)
        kind = REC_PAIR_HALVES;
    pairs->kind = kind;
    *count = kind == REC_PAIR_AUTHOR ? draw_authors(pairs) : draw_papers(pairs);
    *left = pairs->left;
    *right = pairs->right;
    return rec_parallel(*count, pairs->threads, make_sides, pairs, err);
}

/* ---- making ------------------------------------------------------------------------------------------------------- */

struct authored {
    uint32_t author, paper;
};

static int compare_authored(const void *a, const void *b)
{
    const struct authored *x = a, *y = b;

    if (x->author != y->author)
        return x->author < y->author ? -1 : 1;
    return x->paper < y->paper ? -1 : x->paper > y->paper;
}

/* Groups the papers of authors that have two or more which serve. */
static rec_status group_authors(rec_pairs *p, rec_error *err)
{
    struct authored *all;
    size_t n = 0;

    if (!p->texts->authors)
        return REC_OK;
    all = rec_alloc_array(p->texts->count, sizeof(*all));
    p->by_author = rec_alloc_array(p->texts->count, sizeof(*p->by_author));
    p->authors = rec_alloc_array(p->texts->count, sizeof(*p->authors));
    if (!all || !p->by_author || !p->authors) {
        rec_free(all);
        return rec_fail(err, REC_ENOMEM, "out of memory for training");
    }
    for (size_t i = 0; i < p->texts->count; i++)
        if (p->texts->authors[i] && serves(p->texts, i, REC_PAIR_AUTHOR))
            all[n++] = (struct authored){ p->texts->authors[i], (uint32_t)i };
    qsort(all, n, sizeof(*all), compare_authored);
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && all[next].author == all[i].author; next++)
            ;
        if (next - i < 2)
            continue;
        p->authors[p->authors_known++] = (uint32_t)p->author_count;
        for (size_t j = i; j < next; j++)
            p->by_author[p->author_count++] = all[j].paper;
    }
    p->author_at = p->authors_known; /* shuffled before the first use */
    rec_free(all);
    return REC_OK;
}

static void lay_out_sides(rec_pairs *p)
{
    for (size_t i = 0; i < p->batch; i++) {
        p->left[i].features = p->features + 2 * i * SIDE_ROOM;
        p->left[i].weights = p->weights + 2 * i * SIDE_ROOM;
        p->right[i].features = p->left[i].features + SIDE_ROOM;
        p->right[i].weights = p->left[i].weights + SIDE_ROOM;
    }
}

rec_status rec_pairs_new(const rec_training *texts, const float *idf, size_t batch, unsigned threads, uint64_t seed, rec_pairs **out,
                         rec_error *err)
{
    rec_pairs *p = rec_alloc(sizeof(*p));
    rec_status rc;

    if (!p)
        return rec_fail(err, REC_ENOMEM, "out of memory for training");
    p->texts = texts;
    p->idf = idf;
    p->batch = batch;
    p->threads = threads;
    p->random.state = seed;
    p->order = rec_alloc_array(texts->count, sizeof(*p->order));
    p->drawn = rec_alloc_array(batch, sizeof(*p->drawn));
    p->left = rec_alloc_array(batch, sizeof(*p->left));
    p->right = rec_alloc_array(batch, sizeof(*p->right));
    p->features = rec_alloc_array(batch, 2 * SIDE_ROOM * sizeof(*p->features));
    p->weights = rec_alloc_array(batch, 2 * SIDE_ROOM * sizeof(*p->weights));
    if (p->order && p->drawn && p->left && p->right && p->features && p->weights)
        rc = group_authors(p, err);
    else
        rc = rec_fail(err, REC_ENOMEM, "out of memory for training");
    if (rc != REC_OK) {
        rec_pairs_free(p);
        return rc;
    }
    for (size_t i = 0; i < texts->count; i++)
        p->order[i] = (uint32_t)i;
    p->at = texts->count; /* shuffled before the first use */
    lay_out_sides(p);
    *out = p;
    return REC_OK;
}

void rec_pairs_free(rec_pairs *p)
{
    if (!p)
        return;
    rec_free(p->order);
    rec_free(p->by_author);
    rec_free(p->authors);
    rec_free(p->drawn);
    rec_free(p->left);
    rec_free(p->right);
    rec_free(p->features);
    rec_free(p->weights);
    rec_free(p);
}
