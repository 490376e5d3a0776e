/*
 * Paper ids: many spellings in, one canonical form out.
 *
 * Canonical forms: `arXiv:2401.01234` and `arXiv:hep-th/9901001` (never with a version), `doi:10.1000/x` (lower case, as DOIs compare
 * without case), `PMID:123`, and any other key as it was given, byte for byte.
 */
#ifndef REC_ID_H
#define REC_ID_H

#include "status.h"

#include <stddef.h>

#define REC_ID_MAX 255                        /* bytes of a canonical id */
#define REC_ID_URL_ROOM (3 * REC_ID_MAX + 64) /* enough for any address that rec_id_url() makes */

/* In order of precedence: where a record has several, the lowest value is its canonical id. */
typedef enum rec_id_kind { REC_ID_ARXIV, REC_ID_DOI, REC_ID_PMID, REC_ID_LOCAL } rec_id_kind;

typedef struct rec_id {
    rec_id_kind kind;
    unsigned version;          /* of an arXiv id that carried one (v2 gives 2), else 0 */
    char text[REC_ID_MAX + 1]; /* canonical form */
} rec_id;

/**
 * Read an id in any spelling: `2401.01234`, `2401.01234v2`, `arXiv:2401.01234`, `hep-th/9901001`, `math.GT/0309136`,
 * addresses of arxiv.org (/abs/, /pdf/, /html/, with or without .pdf, scheme, www or export), `10.48550/arXiv.2401.01234` (an arXiv id),
 * `doi:10.…`, `10.…/…`, `https://doi.org/…`, `PMID:123`, addresses of pubmed.ncbi.nlm.nih.gov, or a local key. Prefixes are recognised in
 * any case. White space around it is ignored. A bare number is a local key.
 *
 * Returns REC_EINVAL for an empty id, one longer than REC_ID_MAX, one that is not UTF-8, or one with control characters inside.
 */
REC_CHECKED rec_status rec_id_parse(const char *text, rec_id *out, rec_error *err);

/**
 * An id made from a title, stable and readable: lower-case letters, digits and single hyphens only, at most 80 bytes.
 * Accents are dropped (`Schrödinger` gives `schrodinger`). Where that loses letters (another script) or the title is too long,
 * the id ends with 8 hexadecimal digits of the title's key, so that distinct titles keep distinct ids.
 * `title` is clean UTF-8. Returns REC_EINVAL for a title without a letter or digit.
 */
REC_CHECKED rec_status rec_id_from_title(const char *title, rec_id *out, rec_error *err);

/**
 * The address of the paper's page for an arXiv, DOI or PMID id, into `out`, percent-encoded where that is needed; an empty string for a
 * local key, and where the address does not fit. `out` has room for `size` bytes.
 */
void rec_id_url(const rec_id *id, char *out, size_t size);

#endif
