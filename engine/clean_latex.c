/*
 * LaTeX to Unicode: see clean_latex.h.
 *
 * A scan from left to right that looks at most a group ahead. Rules that could change plain text are written so that they need evidence of LaTeX; when in doubt the
 * text stays.
 */
#include "clean_latex.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 16
#define MAX_GROUP 500 /* bytes that are searched for a group's or a formula's end */

struct scan {
    const char *at;
    const char *end;
    const char *start; /* of the whole text: what stands before `at` */
    rec_buf *out;
    bool math;
    bool latex;        /* the text shows LaTeX: a backslash or a dollar */
    int depth;
};

static void convert(struct scan *scan);

/* Converts a part of the text as if it stood alone, in its surroundings' mode. */
static void convert_part(const struct scan *parent, const char *from, const char *to, bool math, rec_buf *out)
{
    struct scan part = { from, to, from, out, math, parent->latex, parent->depth + 1 };

    if (part.depth > MAX_DEPTH)
        rec_buf_add(out, from, (size_t)(to - from));
    else
        convert(&part);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char before(const struct scan *scan)
{
    return scan->at > scan->start ? scan->at[-1] : ' ';
}

static size_t left(const struct scan *scan)
{
    return (size_t)(scan->end - scan->at);
}

/* The '}' that closes the '{' at `open`; NULL where it is further than MAX_GROUP or not there. */
static const char *closing(const char *open, const char *end)
{
    int depth = 0;

    for (const char *at = open; at < end && at - open < MAX_GROUP; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
        else if (*at == '{')
            depth++;
        else if (*at == '}' && --depth == 0)
            return at;
    }
    return NULL;
}

static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    return at;
}

/* ---- tables -------------------------------------------------------------------------------------------------------- */

struct symbol {
    const char *name;
    const char *text;
};

/* In byte order, for bsearch. */
static const struct symbol SYMBOLS[] = {
    { "AA", "Å" }, { "AE", "Æ" }, { "Delta", "Δ" }, { "Gamma", "Γ" }, { "L", "Ł" }, { "Lambda", "Λ" }, { "Leftrightarrow", "⇔" },
    { "O", "Ø" }, { "OE", "Œ" }, { "Omega", "Ω" }, { "P", "¶" }, { "Phi", "Φ" }, { "Pi", "Π" }, { "Psi", "Ψ" }, { "Rightarrow", "⇒" },
    { "S", "§" }, { "Sigma", "Σ" }, { "Theta", "Θ" }, { "Upsilon", "Υ" }, { "Xi", "Ξ" }, { "aa", "å" }, { "ae", "æ" }, { "aleph", "ℵ" },
    { "alpha", "α" }, { "approx", "≈" }, { "ast", "∗" }, { "beta", "β" }, { "bullet", "•" }, { "cap", "∩" }, { "cdot", "·" },
    { "cdots", "⋯" }, { "chi", "χ" }, { "circ", "∘" }, { "cong", "≅" }, { "copyright", "©" }, { "cup", "∪" }, { "dagger", "†" },
    { "degree", "°" }, { "delta", "δ" }, { "dh", "ð" }, { "dots", "…" }, { "ell", "ℓ" }, { "emptyset", "∅" }, { "epsilon", "ε" },
    { "equiv", "≡" }, { "eta", "η" }, { "exists", "∃" }, { "forall", "∀" }, { "gamma", "γ" }, { "ge", "≥" }, { "geq", "≥" },
    { "geqslant", "≥" }, { "gg", "≫" }, { "gtrsim", "≳" }, { "hbar", "ħ" }, { "i", "ı" }, { "in", "∈" }, { "infty", "∞" }, { "int", "∫" },
    { "iota", "ι" }, { "j", "ȷ" }, { "kappa", "κ" }, { "l", "ł" }, { "lambda", "λ" }, { "langle", "⟨" }, { "ldots", "…" }, { "le", "≤" },
    { "leftarrow", "←" }, { "leftrightarrow", "↔" }, { "leq", "≤" }, { "leqslant", "≤" }, { "lesssim", "≲" }, { "ll", "≪" }, { "mapsto", "↦" },
    { "mid", "|" }, { "mp", "∓" }, { "mu", "μ" }, { "nabla", "∇" }, { "ne", "≠" }, { "neg", "¬" }, { "neq", "≠" }, { "notin", "∉" }, { "nu", "ν" },
    { "o", "ø" }, { "odot", "⊙" }, { "oe", "œ" }, { "omega", "ω" }, { "oplus", "⊕" }, { "otimes", "⊗" }, { "parallel", "∥" },
    { "partial", "∂" }, { "perp", "⊥" }, { "phi", "φ" }, { "pi", "π" }, { "pm", "±" }, { "prime", "′" }, { "prod", "∏" }, { "propto", "∝" },
    { "psi", "ψ" }, { "rangle", "⟩" }, { "rho", "ρ" }, { "rightarrow", "→" }, { "setminus", "∖" }, { "sigma", "σ" }, { "sim", "∼" },
    { "simeq", "≃" }, { "ss", "ß" }, { "star", "⋆" }, { "subset", "⊂" }, { "subseteq", "⊆" }, { "sum", "∑" }, { "supset", "⊃" },
    { "supseteq", "⊇" }, { "tau", "τ" }, { "textasciitilde", "~" }, { "textbackslash", "\\" }, { "textdegree", "°" }, { "textellipsis", "…" },
    { "textemdash", "—" }, { "textendash", "–" }, { "textregistered", "®" }, { "texttrademark", "™" }, { "th", "þ" }, { "theta", "θ" },
    { "times", "×" }, { "to", "→" }, { "upsilon", "υ" }, { "varepsilon", "ε" }, { "varphi", "φ" }, { "varrho", "ϱ" }, { "vartheta", "ϑ" },
    { "vee", "∨" }, { "wedge", "∧" }, { "wp", "℘" }, { "xi", "ξ" }, { "zeta", "ζ" },
};

/* Letters of words: these may stand behind a letter ("Gau\ss"); the others of SYMBOLS outside mathematics may not ("docs\to"). */
static const char *const WORD_LETTERS[] = { "AA", "AE", "L", "O", "OE", "aa", "ae", "dh", "i", "j", "l", "o", "oe", "ss", "th", NULL };

/* Operators that are words. */
static const char *const WORDS[] = { "Pr", "arccos", "arcsin", "arctan", "arg", "argmax", "argmin", "cos", "cosh", "cot", "deg", "det", "dim", "exp",
                                     "gcd", "hom", "inf", "ker", "lim", "liminf", "limsup", "ln", "log", "max", "min", "mod", "poly", "sec", "sin",
                                     "sinh", "sup", "tan", "tanh", NULL };

/* Commands that only dress their argument. */
static const char *const DRESS[] = { "emph", "ensuremath", "mathbf", "mathcal", "mathfrak", "mathit", "mathnormal", "mathrm", "mathscr", "mathsf", "mathtt",
                                     "mbox", "operatorname", "boldsymbol", "bm", "text", "textbf", "textit", "textnormal", "textrm", "textsc", "textsf",
                                     "textsl", "texttt", "textsuperscript", "textsubscript", "underline", "uline", "url", "overline", "hbox", NULL };

/* Declarations and sizes: nothing of them is text. */
static const char *const NOTHING[] = { "bf", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "cal", "displaystyle", "em", "it", "large", "left", "limits",
                                       "nolimits", "nonumber", "noindent", "par", "protect", "right", "rm", "sc", "scriptstyle", "sf", "sl", "small",
                                       "textstyle", "tt", "xspace", NULL };

/* Commands that vanish with their argument. */
static const char *const REFERENCES[] = { "cite", "citep", "citet", "citealp", "footnote", "label", "ref", "eqref", "thanks", "vspace", "hspace", NULL };

struct accent {
    char command;
    const char *mark; /* combining character */
};

static const struct accent ACCENTS[] = {
    { '\'', "\u0301" }, { '`', "\u0300" }, { '^', "\u0302" }, { '"', "\u0308" }, { '~', "\u0303" }, { '=', "\u0304" }, { '.', "\u0307" },
    { 'u', "\u0306" },  { 'v', "\u030C" }, { 'H', "\u030B" }, { 'c', "\u0327" }, { 'k', "\u0328" }, { 'r', "\u030A" }, { 'd', "\u0323" },
    { 'b', "\u0331" },
};

/* The same marks under their names in mathematics. */
static const struct symbol MATH_ACCENTS[] = {
    { "acute", "\u0301" }, { "bar", "\u0304" }, { "check", "\u030C" }, { "ddot", "\u0308" }, { "dot", "\u0307" }, { "grave", "\u0300" },
    { "hat", "\u0302" }, { "tilde", "\u0303" }, { "vec", "\u20D7" }, { "widehat", "\u0302" }, { "widetilde", "\u0303" },
};

struct script {
    char plain;
    const char *super;
    const char *sub;
};

static const struct script SCRIPTS[] = {
    { '0', "⁰", "₀" }, { '1', "¹", "₁" }, { '2', "²", "₂" }, { '3', "³", "₃" }, { '4', "⁴", "₄" }, { '5', "⁵", "₅" }, { '6', "⁶", "₆" },
    { '7', "⁷", "₇" }, { '8', "⁸", "₈" }, { '9', "⁹", "₉" }, { '+', "⁺", "₊" }, { '-', "⁻", "₋" }, { '(', "⁽", "₍" }, { ')', "⁾", "₎" },
    { 'n', "ⁿ", NULL }, { 'i', "ⁱ", NULL },
};

static const struct symbol DOUBLE_STRUCK[] = { { "C", "ℂ" }, { "E", "𝔼" }, { "N", "ℕ" }, { "P", "ℙ" }, { "Q", "ℚ" }, { "R", "ℝ" }, { "Z", "ℤ" } };

static const struct symbol ENTITIES[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&#39;", "'" },
                                          { "&apos;", "'" }, { "&nbsp;", " " } };

struct name {
    const char *text;
    size_t length;
};

static int compare_symbol(const void *key, const void *element)
{
    const struct name *name = key;
    const struct symbol *symbol = element;
    int order = strncmp(name->text, symbol->name, name->length);

    return order ? order : symbol->name[name->length] ? -1 : 0;
}

static const char *look_up(const struct symbol *table, size_t count, struct name name)
{
    const struct symbol *found = bsearch(&name, table, count, sizeof(*table), compare_symbol);

    return found ? found->text : NULL;
}

#define LOOK_UP(table, name) look_up(table, sizeof(table) / sizeof((table)[0]), name)

static bool is_one_of(const char *const *names, struct name name)
{
    for (; *names; names++)
        if (strlen(*names) == name.length && strncmp(*names, name.text, name.length) == 0)
            return true;
    return false;
}

/* ---- arguments ----------------------------------------------------------------------------------------------------- */

/* What a command or script applies to: a group's inside, a command, or one character. */
struct argument {
    const char *from, *to;
    const char *next; /* behind it */
};

static size_t character_length(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;

    return length > (size_t)(end - at) ? (size_t)(end - at) : length;
}

static bool read_argument(const char *at, const char *end, struct argument *out)
{
    at = skip_spaces(at, end);
    if (at >= end || *at == '}' || *at == '$')
        return false;
    if (*at == '{') {
        const char *close = closing(at, end);

        if (!close)
            return false;
        *out = (struct argument){ at + 1, close, close + 1 };
        return true;
    }
    out->from = at;
    if (*at == '\\') {
        at++;
        if (at < end && is_letter(*at))
            while (at < end && is_letter(*at))
                at++;
        else
            at += at < end;
        out->to = out->next = at;
        return out->to - out->from > 1;
    }
    out->to = out->next = at + character_length(at, end);
    return true;
}

/* ---- commands ------------------------------------------------------------------------------------------------------ */

static const char *accent_mark(char command)
{
    for (size_t i = 0; i < sizeof(ACCENTS) / sizeof(ACCENTS[0]); i++)
        if (ACCENTS[i].command == command)
            return ACCENTS[i].mark;
    return NULL;
}

/* The letter that an accent stands on: one letter, or a dotless i or j, for which the dotted one serves. */
static size_t accent_base(const struct argument *argument, char *base)
{
    size_t length = (size_t)(argument->to - argument->from);

    if (length == 2 && argument->from[0] == '\\' && (argument->from[1] == 'i' || argument->from[1] == 'j')) {
        base[0] = argument->from[1];
        return 1;
    }
    if (length == 0 || length > 4 || length != character_length(argument->from, argument->to) ||
        (length == 1 && !is_letter(argument->from[0])))
        return 0;
    memcpy(base, argument->from, length);
    return length;
}

/* \'e, \"{u}, \v{s}, \c c. A command that is a letter needs a brace or a space: "\vec" is another command. */
static bool take_accent(struct scan *scan)
{
    const char *mark = left(scan) > 2 ? accent_mark(scan->at[1]) : NULL;
    struct argument argument;
    char base[4];
    size_t length;

    if (!mark || (is_letter(scan->at[1]) && scan->at[2] != '{' && scan->at[2] != ' '))
        return false;
    if (!is_letter(scan->at[1]) && scan->at[2] == ' ')
        return false;
    if (!read_argument(scan->at + 2, scan->end, &argument) || (length = accent_base(&argument, base)) == 0)
        return false;
    rec_buf_add(scan->out, base, length);
    rec_buf_puts(scan->out, mark);
    scan->at = argument.next;
    return true;
}

/* \& \% \$ \# \_ \{ \}, and spaces: "\\", "\ ", "\,". */
static bool take_escape(struct scan *scan)
{
    char c = left(scan) > 1 ? scan->at[1] : '\0';

    if (c == '\0')
        return false;
    if (strchr("&%$#_{}", c)) {
        rec_buf_putc(scan->out, c);
    } else if (c == '\\' && scan->latex && !is_letter(left(scan) > 2 ? scan->at[2] : ' ')) {
        rec_buf_putc(scan->out, ' ');
    } else if (scan->math && strchr(",;: ", c)) {
        rec_buf_putc(scan->out, ' ');
    } else if (c == '!' || c == '/' || c == '-') {
        if (!scan->math && c != '-')
            return false;
    } else if (c == ' ' && before(scan) == '.') { /* "et al.\ " */
        rec_buf_putc(scan->out, ' ');
    } else {
        return false;
    }
    scan->at += 2;
    return true;
}

static void put_parenthesised(rec_buf *out, const rec_buf *text)
{
    bool simple = true;

    for (size_t i = 0; i < text->length; i++)
        simple &= is_letter(text->data[i]) || is_digit(text->data[i]) || (unsigned char)text->data[i] >= 0x80;
    rec_buf_puts(out, simple ? "" : "(");
    rec_buf_add(out, rec_buf_text(text), text->length);
    rec_buf_puts(out, simple ? "" : ")");
}

static bool put_argument(const struct scan *scan, const struct argument *argument, bool parenthesised)
{
    rec_buf part = REC_BUF_INIT(scan->out->maximum);

    convert_part(scan, argument->from, argument->to, scan->math, &part);
    if (parenthesised)
        put_parenthesised(scan->out, &part);
    else
        rec_buf_add(scan->out, rec_buf_text(&part), part.length);
    scan->out->failed |= part.failed;
    rec_buf_clear(&part);
    return true;
}

/* \frac{a}{b} and \sqrt{x}. */
static bool take_fraction_or_root(struct scan *scan, struct name name, const char *behind)
{
    struct argument first, second;
    bool fraction = (name.length == 4 && strncmp(name.text, "frac", 4) == 0) || (name.length == 5 && strncmp(name.text + 1, "frac", 4) == 0);
    bool root = name.length == 4 && strncmp(name.text, "sqrt", 4) == 0;

    if ((!fraction && !root) || !read_argument(behind, scan->end, &first))
        return false;
    if (fraction && !read_argument(first.next, scan->end, &second))
        return false;
    if (root)
        rec_buf_puts(scan->out, "√");
    put_argument(scan, &first, true);
    if (fraction) {
        rec_buf_putc(scan->out, '/');
        put_argument(scan, &second, true);
    }
    scan->at = fraction ? second.next : first.next;
    return true;
}

static bool take_math_accent(struct scan *scan, struct name name, const char *behind)
{
    const char *mark = LOOK_UP(MATH_ACCENTS, name);
    struct argument argument;
    rec_buf base = REC_BUF_INIT(scan->out->maximum);

    if (!mark || !read_argument(behind, scan->end, &argument))
        return false;
    convert_part(scan, argument.from, argument.to, scan->math, &base);
    rec_buf_add(scan->out, rec_buf_text(&base), base.length);
    if (base.length > 0 && base.length == character_length(base.data, base.data + base.length))
        rec_buf_puts(scan->out, mark);
    rec_buf_clear(&base);
    scan->at = argument.next;
    return true;
}

/* \href{address}{text}: the text. */
static bool take_link(struct scan *scan, struct name name, const char *behind)
{
    struct argument address, text;

    if (name.length != 4 || strncmp(name.text, "href", 4) != 0 || !read_argument(behind, scan->end, &address) ||
        !read_argument(address.next, scan->end, &text))
        return false;
    put_argument(scan, &text, false);
    scan->at = text.next;
    return true;
}

static bool take_argument_command(struct scan *scan, struct name name, const char *behind)
{
    struct argument argument;
    const char *struck;

    if (behind >= scan->end || (*behind != '{' && !(scan->math && *behind == ' ')) || !read_argument(behind, scan->end, &argument))
        return false;
    if (name.length == 6 && strncmp(name.text, "mathbb", 6) == 0) {
        struck = LOOK_UP(DOUBLE_STRUCK, ((struct name){ argument.from, (size_t)(argument.to - argument.from) }));
        if (struck)
            rec_buf_puts(scan->out, struck);
        else
            put_argument(scan, &argument, false);
    } else if (is_one_of(DRESS, name)) {
        put_argument(scan, &argument, false);
    } else if (!is_one_of(REFERENCES, name)) {
        return false;
    }
    scan->at = argument.next;
    return true;
}

/* A symbol or word; a space behind a command is only its end, and goes where a letter follows in mathematics alone. */
static bool take_symbol(struct scan *scan, struct name name, const char *behind)
{
    const char *text = LOOK_UP(SYMBOLS, name);
    bool word_letter = is_one_of(WORD_LETTERS, name);

    if (text && (scan->math || word_letter || !is_letter(before(scan)))) {
        rec_buf_puts(scan->out, text);
        if (word_letter && !scan->math && behind < scan->end && *behind == ' ')
            behind++;
        else if (word_letter && behind + 1 < scan->end && behind[0] == '{' && behind[1] == '}')
            behind += 2;
    } else if (is_one_of(WORDS, name) && (scan->math || !is_letter(before(scan)))) {
        rec_buf_add(scan->out, name.text, name.length);
    } else if (is_one_of(NOTHING, name) && (scan->math || scan->latex)) {
        behind = skip_spaces(behind, scan->end);
    } else if (scan->math && (strncmp(name.text, "quad", name.length) == 0 || strncmp(name.text, "qquad", name.length) == 0)) {
        rec_buf_putc(scan->out, ' ');
    } else {
        return false;
    }
    scan->at = behind;
    return true;
}

static bool take_named(struct scan *scan)
{
    struct name name = { scan->at + 1, 0 };
    const char *behind;

    while (scan->at + 1 + name.length < scan->end && is_letter(name.text[name.length]))
        name.length++;
    if (name.length == 0)
        return false;
    behind = name.text + name.length;
    return take_fraction_or_root(scan, name, behind) || take_math_accent(scan, name, behind) || take_link(scan, name, behind) ||
           take_argument_command(scan, name, behind) || take_symbol(scan, name, behind);
}

/* ---- scripts, groups, formulas ------------------------------------------------------------------------------------- */

static const char *script_of(char c, bool super)
{
    for (size_t i = 0; i < sizeof(SCRIPTS) / sizeof(SCRIPTS[0]); i++)
        if (SCRIPTS[i].plain == c)
            return super ? SCRIPTS[i].super : SCRIPTS[i].sub;
    return NULL;
}

/* x^2, H_{2}: raised or lowered characters where Unicode has every one; else the mark stays, with braces around more than one character. */
static bool take_script(struct scan *scan)
{
    bool super = *scan->at == '^', all = true;
    rec_buf part = REC_BUF_INIT(scan->out->maximum);
    struct argument argument;

    if (!read_argument(scan->at + 1, scan->end, &argument))
        return false;
    convert_part(scan, argument.from, argument.to, true, &part);
    for (size_t i = 0; i < part.length; i++)
        all &= script_of(part.data[i], super) != NULL;
    if (all && part.length > 0) {
        for (size_t i = 0; i < part.length; i++)
            rec_buf_puts(scan->out, script_of(part.data[i], super));
    } else if (part.length > 0) {
        bool single = part.length == character_length(part.data, part.data + part.length);

        rec_buf_putc(scan->out, *scan->at);
        rec_buf_puts(scan->out, single ? "" : "{");
        rec_buf_add(scan->out, rec_buf_text(&part), part.length);
        rec_buf_puts(scan->out, single ? "" : "}");
    }
    scan->out->failed |= part.failed;
    rec_buf_clear(&part);
    scan->at = argument.next;
    return true;
}

/* Braces that only protect capitals ("{BERT}") or hold a declaration or accent ("{\it ...}") go; sets and code keep theirs. */
static bool take_group(struct scan *scan)
{
    const char *close = closing(scan->at, scan->end), *from = scan->at + 1;
    bool word = close && close > from;

    if (!close)
        return false;
    for (const char *at = from; at < close; at++)
        word &= is_letter(*at) || is_digit(*at) || *at == '-';
    if (!scan->math && (!word || strchr("^_,", before(scan))) && *from != '\\')
        return false;
    if (!scan->math && *from == '\\' && from + 1 < close && !is_letter(from[1]) && !accent_mark(from[1]))
        return false; /* "{\{" and the like */
    convert_part(scan, from, close, scan->math, scan->out);
    scan->at = close + 1;
    return true;
}

/* Whether what stands between two dollars is a formula and not the words between two prices. */
static bool is_formula(const char *from, const char *to, const char *end)
{
    size_t run = 0;

    if (from == to)
        return false;
    for (const char *at = from; at < to; at++)
        if (strchr("\\^_{}=<>|", *at))
            return true;
    if (*from == ' ' || to[-1] == ' ' || to - from > 24 || (to + 1 < end && is_digit(to[1])))
        return false;
    for (const char *at = from; at < to; at++) {
        run = is_letter(*at) ? run + 1 : 0;
        if (run > 3)
            return false;
    }
    return true;
}

/* $...$ and $$...$$, \(...\) and \[...\]. */
static bool take_formula(struct scan *scan)
{
    bool dollar = *scan->at == '$';
    size_t mark = !dollar || (left(scan) > 1 && scan->at[1] == '$') ? 2 : 1;
    const char *from = scan->at + mark, *to;
    char close = dollar ? '$' : left(scan) > 1 && scan->at[1] == '(' ? ')' : ']';

    if (!dollar && (left(scan) < 2 || (scan->at[1] != '(' && scan->at[1] != '[')))
        return false;
    for (to = from; to < scan->end && to - from < MAX_GROUP; to++) {
        if (*to == '\\' && to + 1 < scan->end) {
            if (!dollar && to[1] == close)
                break;
            to++;
        } else if (dollar && *to == '$') {
            break;
        }
    }
    if (to >= scan->end || to - from >= MAX_GROUP || (size_t)(scan->end - to) < mark || (mark == 2 && dollar && to[1] != '$'))
        return false;
    if (dollar && !is_formula(from, to, scan->end))
        return false;
    convert_part(scan, from, to, true, scan->out);
    scan->at = to + mark;
    return true;
}

/* ---- punctuation --------------------------------------------------------------------------------------------------- */

static bool starts_with(const struct scan *scan, const char *text)
{
    size_t length = strlen(text);

    return left(scan) >= length && memcmp(scan->at, text, length) == 0;
}

static bool take_entity(struct scan *scan)
{
    for (size_t i = 0; i < sizeof(ENTITIES) / sizeof(ENTITIES[0]); i++)
        if (starts_with(scan, ENTITIES[i].name)) {
            rec_buf_puts(scan->out, ENTITIES[i].text);
            scan->at += strlen(ENTITIES[i].name);
            return true;
        }
    return false;
}

/* "---" and "--" between words or numbers are dashes; before a word with none in front they are an option ("--help"). */
static bool take_dash(struct scan *scan)
{
    size_t length = starts_with(scan, "---") ? 3 : 2;
    char previous = before(scan), next = left(scan) > length ? scan->at[length] : ' ';

    if (!starts_with(scan, "--") || next == '-' || previous == '-' || next == '>' || previous == '<' || previous == '!')
        return false;
    if (previous == ' ' && next != ' ')
        return false;
    rec_buf_puts(scan->out, length == 3 ? "—" : "–");
    scan->at += length;
    return true;
}

static bool take_quotes(struct scan *scan)
{
    if (starts_with(scan, "``"))
        rec_buf_puts(scan->out, "“");
    else if (starts_with(scan, "''"))
        rec_buf_puts(scan->out, "”");
    else
        return false;
    scan->at += 2;
    return true;
}

/* A tie is a space where the text is LaTeX and it stands between two words. */
static bool take_tie(struct scan *scan)
{
    char previous = before(scan), next = left(scan) > 1 ? scan->at[1] : ' ';

    if (!scan->math && (!scan->latex || previous == ' ' || next == ' ' || next == '/'))
        return false;
    rec_buf_putc(scan->out, ' ');
    scan->at++;
    return true;
}

static bool take_special(struct scan *scan)
{
    switch (*scan->at) {
    case '\\':
        return take_formula(scan) || take_accent(scan) || take_escape(scan) || take_named(scan);
    case '$':
        return !scan->math && take_formula(scan);
    case '{':
        return take_group(scan);
    case '^':
    case '_':
        return scan->math && take_script(scan);
    case '&':
        return take_entity(scan);
    case '-':
        return !scan->math && take_dash(scan);
    case '`':
    case '\'':
        return !scan->math && take_quotes(scan);
    case '~':
        return take_tie(scan);
    default:
        return false;
    }
}

static void convert(struct scan *scan)
{
    while (scan->at < scan->end && !scan->out->failed) {
        const char *plain = scan->at;

        while (scan->at < scan->end && !strchr("\\${^_&-`'~", *scan->at))
            scan->at++;
        rec_buf_add(scan->out, plain, (size_t)(scan->at - plain));
        if (scan->at < scan->end && !take_special(scan))
            rec_buf_putc(scan->out, *scan->at++);
    }
}

void rec_latex_to_unicode(const char *text, size_t length, rec_buf *out)
{
    struct scan scan = { text, text + length, text, out, false, false, 0 };

    scan.latex = memchr(text, '\\', length) != NULL || memchr(text, '$', length) != NULL;
    convert(&scan);
}
