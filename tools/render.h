/* Sheets as text, Markdown, HTML, Atom, JSON Feed. */
#ifndef REC_RENDER_H
#define REC_RENDER_H

#include "output.h"
#include "sheet.h"

#include "buf.h"

#define RENDER_MAX (16 << 20) /* bytes of a rendered sheet */
#define RENDER_COLUMNS 76     /* of plain text */

/* A template that stands in for a shipped one. */
struct own_template {
    const char *path; /* for messages */
    const char *text;
};

/**
 * Append `sheet` in one of the formats text, markdown, html, atom and jsonfeed to `out`. `own` is the template to use in place of the
 * shipped one; NULL is the shipped one, and JSON Feed has none. Returns REC_EFORMAT (what is wrong with the template) or REC_ENOMEM.
 */
REC_CHECKED rec_status render(enum format format, const struct sheet *sheet, const struct own_template *own, rec_buf *out, rec_error *err);

#endif
