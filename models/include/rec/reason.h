/*
 * Why two papers are alike, in words: what both texts say, as it stands in one of them, weighed by what it adds to part S of the score.
 *
 * Only what a reader may be shown becomes a term: whole words, without what the score's folding and hashing did to them. Terms are of
 * words whose stems, not just whose buckets, stand in both texts. docs/how-it-works.md has the rules.
 */
#ifndef REC_REASON_H
#define REC_REASON_H

#include "rec/model.h"
#include "rec/ngram.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_REASON_CHARS 120 /* characters of a reason, at most; a character has up to 4 bytes */
#define REC_REASON_BYTES (4 * REC_REASON_CHARS + 1)
#define REC_REASON_TERMS 6
#define REC_REASON_READ 4096 /* of a title or an abstract that are read; longer ones are hardly papers */

/* A term of a reason: a piece of its text. */
typedef struct rec_reason_term {
    uint16_t from, length; /* bytes */
    float share;           /* of the score, 0 to 1 */
} rec_reason_term;

/* One line of plain text without control characters: its terms parted by "; ", or, where there are none, a sentence that says so. */
typedef struct rec_reason {
    char text[REC_REASON_BYTES];
    rec_reason_term terms[REC_REASON_TERMS]; /* weightiest first */
    size_t count;
} rec_reason;

/* A title and an abstract, valid UTF-8, either may be NULL. Borrowed. */
typedef struct rec_prose {
    const char *title, *abstract;
} rec_prose;

/* What one text is compared with others by. One thread at a time. */
typedef struct rec_reasoner rec_reasoner;

typedef enum rec_reason_kind {
    REC_REASON_FOR_PAPER, /* the seed is a paper: what is said must tell of a subject, and its share is that of the fused score */
    REC_REASON_FOR_WORDS  /* the seed is a query: all its words count but stop words, and its share is that of what the words match */
} rec_reason_kind;

/** Make one. `model`, which must outlive it, weighs the n-grams; with NULL all weigh alike. The caller ends with rec_reasoner_free(). */
REC_CHECKED rec_status rec_reasoner_new(const rec_model *model, rec_reasoner **out, rec_error *err);

/** Free it. NULL is allowed. */
void rec_reasoner_free(rec_reasoner *reasoner);

/** Give reasons for likeness to `seed`, which must live as long as it is used, from now on. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_reasoner_set(rec_reasoner *reasoner, rec_reason_kind kind, const rec_prose *seed, rec_error *err);

/** Say why `other`, whose fused score is `total`, is like the seed. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_reasoner_say(rec_reasoner *reasoner, const rec_prose *other, float total, rec_reason *out, rec_error *err);

/** Put a term of another kind, valid UTF-8, in its place by `share`; terms that no longer fit behind it go. Without room for it nothing
 * changes. */
void rec_reason_insert(rec_reason *reason, const char *text, float share);

/* A piece of a text. */
typedef struct rec_piece {
    const char *from, *to;
} rec_piece;

/* A word or a pair of adjacent words that two texts share. */
typedef struct rec_shared {
    bool pair;
    uint32_t stems[2];  /* hashes of them; of a word the second is 0 */
    rec_piece words[2]; /* where they first stand in the other text */
    float idf;
    uint32_t in_seed, in_other; /* how often, as the score counts: what a title says counts twice */
    double contribution;        /* to part S */
} rec_shared;

#define REC_SHARED_BYTES 336 /* room for two words of 40 characters of 4 bytes, an ellipsis each, and a space */

/** A shared word or pair as its words stand in the other text, parted by a space; without invisible characters, long words cut. */
void rec_shared_text(const rec_shared *shared, char out[REC_SHARED_BYTES]);

/* What two texts share. Owned by whoever filled it: rec_shared_clear(). */
typedef struct rec_shared_list {
    rec_shared *items; /* (count) by falling contribution */
    size_t count;
} rec_shared_list;

#define REC_SHARED_INIT                                                                                                                    \
    {                                                                                                                                      \
        NULL, 0                                                                                                                            \
    }

/** Free the items; the list is empty. */
void rec_shared_clear(rec_shared_list *list);

/** List every word and pair that the seed and `other` share; the list borrows from `other`. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_reasoner_shared(rec_reasoner *reasoner, const rec_prose *other, rec_shared_list *out, rec_error *err);

#endif
