/* Errors as RFC 9457 tells them: application/problem+json with a stable code. */
#ifndef REC_SERVE_PROBLEM_H
#define REC_SERVE_PROBLEM_H

#include "http.h"

#define PROBLEM_TYPE "application/problem+json"

/**
 * Make a reply a problem: `type` is the page that explains `code`, `detail` a sentence for people, in which whatever is not UTF-8 becomes
 * '?'. Headers that the reply has stay.
 */
void problem_reply(struct http_reply *reply, unsigned status, const char *code, const char *detail);

/** The problem that a failed call is: its status and code follow from the error's. */
void problem_of_error(struct http_reply *reply, const rec_error *error);

#endif
