/* What the two ways of building a store share: build.c relists it whole, extend.c adds what is new. */
#ifndef REC_BUILDING_H
#define REC_BUILDING_H

#include "grams.h"
#include "lists.h"
#include "matching.h"
#include "corpus.h"
#include "rec/build.h"
#include "rec/index.h"
#include "rec/model.h"
#include "sidefiles.h"
#include "space.h"
#include "words.h"

struct rec_building {
    rec_store *store;
    rec_build_report *report;
    const rec_progress *progress;
    unsigned threads;
    rec_store_state state; /* when the build began */
    int64_t pending;       /* papers without a list */
    rec_doc *gone;         /* (gone_count) papers that were removed since the last build, rising */
    size_t gone_count;
    rec_table *table; /* that was asked for, NULL where none was */
    bool without_table;
    rec_model *model;
    rec_space old;                 /* the index in force, until the new one is made; empty where it is to be made again */
    rec_grams old_grams;           /* its n-grams, until the new ones are written */
    rec_words old_words;           /* its words, where they can be read */
    size_t unchanged;              /* rows that are the same in both: the first so many */
    rec_space space;               /* the index being made */
    rec_grams grams;               /* its n-grams, once they are written */
    rec_index *index;              /* over the vectors of `space`, once those are made, in a small store; */
    rec_panels *panels;            /* in a large one */
    int64_t side;                  /* number of the side files being made */
    rec_side_paths paths;          /* their names */
    rec_sealed_writer *index_file; /* the new index, written and not in its place yet */
};

/** Put the file of n-grams in place, whose rows stand at `places` (count), and map it. The writer and `old_grams` are gone afterwards. */
REC_CHECKED rec_status rec_building_take_grams(struct rec_building *b, rec_grams_writer *writer, const rec_gram_place *places, size_t count,
                                               rec_error *err);

/** Make what proposes neighbours in the space. Returns REC_OK, REC_ENOMEM or REC_ESTALE (the FAISS module cannot be loaded). */
REC_CHECKED rec_status rec_building_index(struct rec_building *b, rec_error *err);

/** What lists are made from. */
rec_list_maker rec_building_maker(const struct rec_building *b);

/** Fill `row` of the space from paper `i` of a corpus, whose n-grams stand in the same row: its number, keys, scales and vector; not its
 * facets. */
REC_CHECKED rec_status rec_building_embed(struct rec_building *b, const rec_corpus *corpus, size_t i, size_t row, rec_error *err);

/** Write the side files, the index without its name yet, and begin the transaction that the lists go into. */
REC_CHECKED rec_status rec_building_begin(struct rec_building *b, rec_error *err);

/** A rec_list_sink that stores the list; the context is the building. */
rec_status rec_building_put_list(size_t row, const rec_list *list, void *context, rec_error *err);

/** Add the pending papers to a large store and mend the lists they enter or leave. */
REC_CHECKED rec_status rec_extend(struct rec_building *b, rec_error *err);

#endif
