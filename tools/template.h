/*
 * Templates: text with tags in double braces, filled from a JSON object. The tags are Mustache's (mustache(5)), without its ways around
 * escaping:
 *
 *   {{name}}                          the value, escaped
 *   {{#name}} ... {{/name}}           once for each item of a list, or once if the value is neither null, false, empty nor 0
 *   {{^name}} ... {{/name}}           once if it is null, false, empty or 0
 *   {{>name}}                         another template, in this place
 *   {{! words }}                      nothing
 *
 * A name is looked for in the innermost item first. A section tag, a comment or a partial that stands alone on its line takes the line with
 * it.
 */
#ifndef REC_TEMPLATE_H
#define REC_TEMPLATE_H

#include "buf.h"
#include "status.h"

#include <jansson.h>

#define TEMPLATE_MAX (1 << 18)        /* bytes of a template */
#define TEMPLATE_DEPTH 16             /* sections and partials inside each other */
#define TEMPLATE_STEPS (4 * 1000000L) /* tags filled in one go: a template cannot run for ever */

struct template_ways {
    void (*escape)(const char *value, rec_buf *out); /* how a value is written */
    const char *(*partial)(const char *name);        /* the template of that name, NULL where there is none */
};

/**
 * Fill the template `text`, which messages call `name`, from `data` and append the result to `out`.
 *
 * Returns REC_EFORMAT, with name and line, for a tag that is not closed, not known or in the wrong place, and for a name that stands for
 * nothing in `data` (a value that may be missing is null there); REC_ENOMEM where memory or the room in `out` is out.
 */
REC_CHECKED rec_status template_fill(const char *name, const char *text, const struct template_ways *ways, const json_t *data, rec_buf *out,
                                     rec_error *err);

#endif
