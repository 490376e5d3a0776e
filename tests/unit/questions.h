/*
 * A small store of invented papers, and questions to it: what the tests of answers share. Most tests ask every paper and hold the answer
 * against the longest list there is, cut down by the plainest reading of the contract. That list's scores are test_build.c's.
 */
#ifndef REC_TEST_QUESTIONS_H
#define REC_TEST_QUESTIONS_H

#include "check.h"

#include "rec/recommend.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PLAIN 26 /* papers that nothing is special about; they stand first, of three topics in turn */
#define SPECIAL 11
#define PAPERS (PLAIN + SPECIAL) /* fewer than a stored list holds */

extern char db[64];
extern rec_engine *engine;

/** For cmocka: make the store and open the engine; close it and remove all files. */
int questions_open(void **state);
int questions_close(void **state);

/** Store a record, unless it is NULL, and build if asked. */
void change_store(const char *record, bool build);

/** The number of a paper that is stored. */
rec_doc find(const char *id);

/* The caller clears each answer. */
rec_answer ask(const rec_request *request);
rec_answer search(const char *query, const rec_request *request);

/** Papers like a text, near-copies included. */
rec_answer ask_text(const char *title, const char *abstract);

/** Everything that may stand in a paper's list, in order. */
rec_answer ask_all(rec_doc doc);

bool are_twins(const rec_record *a, const rec_record *b);

/** The answer holds these results, the same to the bit, and no others. */
void check_hits(const rec_answer *answer, const rec_hit *const *expected, size_t count);

/**
 * Walk down `all` there is, leave out and count what the request leaves out, stop when the answer is full: the request gives just that.
 * Where it stays short, what stands behind the last place asked for is not counted.
 */
void check_against(const rec_answer *all, const rec_request *request);

/** The same against ask_all() of the request's paper. */
void check_against_all(const rec_request *request);

#endif
