/*
 * What vectors and scores are made of, as numbers: found on judged collections and held against others (docs/evaluation.md). Each may be
 * given to the compiler instead (-DREC_CHARACTER_SHARE=0), which is how tests/quality/ablation.sh tells what a part is worth.
 */
#ifndef REC_SETTINGS_H
#define REC_SETTINGS_H

/* Times that a title's n-grams count: it says in ten words what the abstract says in two hundred. */
#ifndef REC_TITLE_TIMES
#define REC_TITLE_TIMES 2
#endif

/* Pairs of adjacent words beside the words. */
#ifndef REC_WORD_PAIRS
#define REC_WORD_PAIRS 1
#endif

/* Of character n-grams in the square of a row's length; words and pairs have the rest. */
#ifndef REC_CHARACTER_SHARE
#define REC_CHARACTER_SHARE 0.5
#endif

/*
 * Shares of the fused score. In small stores half is S, and the rest is halved between the dense vectors and the smoothed ones, the dense
 * ones between L and I. In larger ones exact n-grams weigh more and L less, by the logarithm of the store's size, and smoothing hurts.
 */
#ifndef REC_SPARSE_SHARE
#define REC_SPARSE_SHARE 0.5f /* of S */
#endif
#ifndef REC_SMOOTH_SHARE
#define REC_SMOOTH_SHARE 0.5f /* of the smoothed vectors in what S leaves */
#endif
#ifndef REC_FITTED_SHARE
#define REC_FITTED_SHARE 0.5f /* of L in the square of a dense vector's length */
#endif
#ifndef REC_LARGE_SPARSE_SHARE
#define REC_LARGE_SPARSE_SHARE 0.6f /* of S at REC_SMALL_STORE papers */
#endif
#ifndef REC_LARGEST_SPARSE_SHARE
#define REC_LARGEST_SPARSE_SHARE 0.8f /* of S from REC_LARGEST_STORE papers on */
#endif
#ifndef REC_LARGEST_FITTED_SHARE
#define REC_LARGEST_FITTED_SHARE 0.1f /* of L from REC_LARGEST_STORE papers on */
#endif
#define REC_LARGEST_STORE 100000

/* Of what the texts leave to 1, how much a paper gains that has the same authors. */
#ifndef REC_AUTHOR_SHARE
#define REC_AUTHOR_SHARE 0.1f
#endif

/* Bits of a component of the trained table: 2, 4 or 8. */
#ifndef REC_TABLE_BITS
#define REC_TABLE_BITS 4
#endif

/* Passes over the store's papers in which the trained table is adapted to them. */
#ifndef REC_ADAPT_PASSES
#define REC_ADAPT_PASSES 10
#endif

#endif
