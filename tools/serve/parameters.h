/* The parameters of a query as the JSON object that a batch line would be, so that one reader serves both. */
#ifndef REC_SERVE_PARAMETERS_H
#define REC_SERVE_PARAMETERS_H

#include "http.h"

#include <jansson.h>

/**
 * A new object with the members that `parameters` name: numbers and flags as such, what may be repeated as a list. A value that is none of
 * its kind stays a string, and whoever reads the object tells what was expected. NULL when memory is out.
 */
json_t *parameters_to_json(const struct http_parameter *parameters, size_t count);

/** Whether a parameter asks for what a stored list never answers, or seldom. */
bool parameter_is_computed(const char *name);

#endif
