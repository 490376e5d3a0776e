/* JSON records of other services: what each calls the fields that we know. */
#ifndef REC_DIALECTS_H
#define REC_DIALECTS_H

#include "record.h"

#include <stdbool.h>
#include <jansson.h>

struct rec_dialect {
    const char *name;
    bool (*recognise)(const json_t *record); /* an object */
    /* Moves what is understood from `record` to `own`, an empty object, under our names; or says in `refusal` (rec_fail) why it is no
     * paper. False: memory is out. */
    bool (*translate)(json_t *record, json_t *own, rec_error *refusal);
    const struct rec_field_name *names; /* for messages; may hold more than translate() moves */
};

extern const struct rec_dialect rec_dialect_export;
extern const struct rec_dialect rec_dialect_daily_papers;
extern const struct rec_dialect rec_dialect_semantic_scholar;
extern const struct rec_dialect rec_dialect_openalex;
extern const struct rec_dialect rec_dialect_csl;
extern const struct rec_dialect rec_dialect_failure;

/** The dialect of a record, NULL where the names are our own. */
const struct rec_dialect *rec_find_dialect(const json_t *record);

/* ---- for dialects -------------------------------------------------------------------------------------------------- */

/** Append an id, with `prefix` before it, to our list of further ids. `id` may be a string or a whole number; anything else is passed over.
 */
bool rec_add_further_id(json_t *own, const char *prefix, const json_t *id);

#endif
