/* What LaTeX's and HTML's names stand for. Data: clean_latex.c has the rules. */
#ifndef REC_LATEX_TABLES_H
#define REC_LATEX_TABLES_H

#include <stdbool.h>
#include <stddef.h>

/* A command's name in the text that is read, without its backslash. */
struct rec_latex_name {
    const char *text;
    size_t length;
};

/* Each list ends with NULL. */
extern const char
    *const REC_LATEX_WORD_LETTERS[]; /* letters of words, which may stand behind a letter ("Gau\ss"); other symbols may not ("docs\to") */
extern const char *const REC_LATEX_WORDS[];      /* operators that are words: "\log" */
extern const char *const REC_LATEX_DRESS[];      /* commands that only dress their argument */
extern const char *const REC_LATEX_NOTHING[];    /* declarations and sizes: nothing of them is text */
extern const char *const REC_LATEX_REFERENCES[]; /* commands that vanish with their argument */

bool rec_latex_is_named(struct rec_latex_name name, const char *text);
bool rec_latex_is_one_of(const char *const *names, struct rec_latex_name name);

/* All of these: the text, or NULL where there is none. */
const char *rec_latex_symbol(struct rec_latex_name name);
const char *rec_latex_math_accent(struct rec_latex_name name); /* a combining character */
const char *rec_latex_double_struck(struct rec_latex_name name);
const char *rec_html_entity(struct rec_latex_name name);
const char *rec_latex_accent(char command); /* a combining character */
const char *rec_latex_script(char plain, bool super);

#endif
