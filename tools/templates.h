/* The shipped templates, compiled in from tools/templates: the program needs no file of them at run time. */
#ifndef REC_TEMPLATES_H
#define REC_TEMPLATES_H

/** The template of a format ("text", "markdown", "html", "atom") or a part of one ("headline.html"), NULL where there is none. */
const char *shipped_template(const char *name);

#endif
