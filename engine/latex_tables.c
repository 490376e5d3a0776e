/* What LaTeX's and HTML's names stand for: see latex_tables.h. */
#include "latex_tables.h"

#include <stdlib.h>
#include <string.h>

struct symbol {
    const char *name;
    const char *text;
};

/* clang-format off */
/* In byte order, for bsearch. */
static const struct symbol SYMBOLS[] = {
    { "AA", "Å" }, { "AE", "Æ" }, { "Box", "□" }, { "DH", "Ð" }, { "DJ", "Đ" }, { "Delta", "Δ" }, { "Diamond", "◇" }, { "Gamma", "Γ" },
    { "Im", "ℑ" }, { "L", "Ł" }, { "LaTeX", "LaTeX" }, { "Lambda", "Λ" }, { "Leftarrow", "⇐" }, { "Leftrightarrow", "⇔" }, { "Longrightarrow", "⇒" },
    { "NG", "Ŋ" }, { "O", "Ø" }, { "OE", "Œ" }, { "Omega", "Ω" }, { "P", "¶" }, { "Phi", "Φ" }, { "Pi", "Π" }, { "Psi", "Ψ" },
    { "Re", "ℜ" }, { "Rightarrow", "⇒" }, { "S", "§" }, { "Sigma", "Σ" }, { "TH", "Þ" }, { "TeX", "TeX" }, { "Theta", "Θ" }, { "Upsilon", "Υ" },
    { "Vert", "‖" }, { "Xi", "Ξ" }, { "aa", "å" }, { "ae", "æ" }, { "aleph", "ℵ" }, { "alpha", "α" }, { "amalg", "⨿" },
    { "angle", "∠" }, { "approx", "≈" }, { "ast", "∗" }, { "asymp", "≍" }, { "backslash", "∖" }, { "beta", "β" }, { "beth", "ℶ" },
    { "bigcap", "∩" }, { "bigcup", "∪" }, { "bigoplus", "⊕" }, { "bigotimes", "⊗" }, { "bigvee", "∨" }, { "bigwedge", "∧" },
    { "blacksquare", "■" }, { "bot", "⊥" }, { "bowtie", "⋈" }, { "boxplus", "⊞" }, { "boxtimes", "⊠" }, { "bullet", "•" },
    { "cap", "∩" }, { "cdot", "·" }, { "cdotp", "·" }, { "cdots", "⋯" }, { "checkmark", "✓" }, { "chi", "χ" }, { "circ", "∘" },
    { "colon", ":" }, { "coloneqq", "≔" }, { "complement", "∁" }, { "cong", "≅" }, { "coprod", "∐" }, { "copyright", "©" },
    { "cup", "∪" }, { "dag", "†" }, { "dagger", "†" }, { "ddagger", "‡" }, { "ddots", "⋱" }, { "degree", "°" }, { "delta", "δ" },
    { "dh", "ð" }, { "diamond", "⋄" }, { "dj", "đ" }, { "doteq", "≐" }, { "dots", "…" }, { "dotsb", "⋯" }, { "dotsc", "…" },
    { "downarrow", "↓" }, { "ell", "ℓ" }, { "emptyset", "∅" }, { "epsilon", "ε" }, { "equiv", "≡" }, { "eta", "η" }, { "euro", "€" },
    { "exists", "∃" }, { "flat", "♭" }, { "forall", "∀" }, { "gamma", "γ" }, { "ge", "≥" }, { "geq", "≥" }, { "geqq", "≧" },
    { "geqslant", "≥" }, { "gets", "←" }, { "gg", "≫" }, { "gtrapprox", "⪆" }, { "gtrsim", "≳" }, { "hbar", "ħ" },
    { "hookrightarrow", "↪" }, { "hslash", "ℏ" }, { "i", "ı" }, { "iff", "⇔" }, { "iint", "∬" }, { "imath", "ı" }, { "implies", "⇒" },
    { "in", "∈" }, { "infty", "∞" }, { "int", "∫" }, { "iota", "ι" }, { "j", "ȷ" }, { "jmath", "ȷ" }, { "kappa", "κ" }, { "l", "ł" },
    { "lVert", "‖" }, { "lambda", "λ" }, { "land", "∧" }, { "langle", "⟨" }, { "lceil", "⌈" }, { "ldots", "…" }, { "le", "≤" },
    { "leadsto", "⇝" }, { "leftarrow", "←" }, { "leftrightarrow", "↔" }, { "leq", "≤" }, { "leqq", "≦" }, { "leqslant", "≤" },
    { "lessapprox", "⪅" }, { "lesssim", "≲" }, { "lfloor", "⌊" }, { "lhd", "⊲" }, { "ll", "≪" }, { "lnot", "¬" }, { "lnsim", "⋦" },
    { "longleftrightarrow", "↔" }, { "longmapsto", "↦" }, { "longrightarrow", "→" }, { "lor", "∨" }, { "ltimes", "⋉" },
    { "lvert", "|" }, { "mapsto", "↦" }, { "mid", "|" }, { "models", "⊨" }, { "mp", "∓" }, { "mu", "μ" }, { "nabla", "∇" },
    { "natural", "♮" }, { "ne", "≠" }, { "nearrow", "↗" }, { "neg", "¬" }, { "neq", "≠" }, { "nexists", "∄" }, { "ng", "ŋ" },
    { "ni", "∋" }, { "nmid", "∤" }, { "notin", "∉" }, { "nsubseteq", "⊈" }, { "nu", "ν" }, { "o", "ø" }, { "odot", "⊙" }, { "oe", "œ" },
    { "oint", "∮" }, { "omega", "ω" }, { "ominus", "⊖" }, { "oplus", "⊕" }, { "oslash", "⊘" }, { "otimes", "⊗" }, { "parallel", "∥" },
    { "partial", "∂" }, { "perp", "⊥" }, { "phi", "φ" }, { "pi", "π" }, { "pm", "±" }, { "pounds", "£" }, { "prec", "≺" },
    { "preceq", "⪯" }, { "prime", "′" }, { "prod", "∏" }, { "propto", "∝" }, { "psi", "ψ" }, { "rVert", "‖" }, { "rangle", "⟩" },
    { "rceil", "⌉" }, { "rfloor", "⌋" }, { "rho", "ρ" }, { "rightarrow", "→" }, { "rightleftharpoons", "⇌" }, { "rtimes", "⋊" },
    { "rvert", "|" }, { "searrow", "↘" }, { "setminus", "∖" }, { "sharp", "♯" }, { "sigma", "σ" }, { "sim", "∼" }, { "simeq", "≃" },
    { "smallsetminus", "∖" }, { "square", "□" }, { "ss", "ß" }, { "star", "⋆" }, { "subset", "⊂" }, { "subseteq", "⊆" },
    { "subsetneq", "⊊" }, { "succ", "≻" }, { "succeq", "⪰" }, { "sum", "∑" }, { "supset", "⊃" }, { "supseteq", "⊇" },
    { "supsetneq", "⊋" }, { "surd", "√" }, { "tau", "τ" }, { "textasciicircum", "^" }, { "textasciitilde", "~" }, { "textbackslash", "\\" },
    { "textbraceleft", "{" }, { "textbraceright", "}" }, { "textdegree", "°" },
    { "textellipsis", "…" }, { "textemdash", "—" }, { "textendash", "–" }, { "texteuro", "€" }, { "textgreater", ">" },
    { "textless", "<" }, { "textmu", "µ" }, { "textquotesingle", "'" }, { "textregistered", "®" }, { "texttrademark", "™" },
    { "th", "þ" }, { "theta", "θ" }, { "times", "×" }, { "to", "→" }, { "top", "⊤" }, { "triangle", "△" }, { "trianglelefteq", "⊴" },
    { "triangleq", "≜" }, { "uparrow", "↑" }, { "upsilon", "υ" }, { "varepsilon", "ε" }, { "varnothing", "∅" }, { "varphi", "φ" },
    { "varpi", "ϖ" }, { "varrho", "ϱ" }, { "varsigma", "ς" }, { "vartheta", "ϑ" }, { "vartriangle", "△" }, { "vdash", "⊢" },
    { "vdots", "⋮" }, { "vee", "∨" }, { "vert", "|" }, { "wedge", "∧" }, { "wp", "℘" }, { "xi", "ξ" }, { "zeta", "ζ" },
};

/* Letters of words: these may stand behind a letter ("Gau\ss"); the others of SYMBOLS outside mathematics may not ("docs\to"). */
const char *const REC_LATEX_WORD_LETTERS[] = { "AA", "AE", "DH", "DJ", "L", "NG", "O", "OE", "TH", "aa", "ae", "dh", "dj", "i", "j", "l", "ng", "o", "oe", "ss", "th", NULL };

/* Operators that are words. */
const char *const REC_LATEX_WORDS[] = { "Pr", "Tr", "arccos", "arcsin", "arctan", "arg", "argmax", "argmin", "cos", "cosh", "cot", "deg", "det", "dim", "exp",
                                     "gcd", "hom", "inf", "ker", "lim", "liminf", "limsup", "lg", "ln", "log", "max", "min", "mod", "poly", "sec", "sin",
                                     "sinh", "sup", "tan", "tanh", "tr", NULL };

/* Commands that only dress their argument. */
const char *const REC_LATEX_DRESS[] = { "emph", "ensuremath", "mathbf", "mathcal", "mathfrak", "mathit", "mathnormal", "mathrm", "mathscr", "mathsf", "mathtt",
                                     "mbox", "operatorname", "boldsymbol", "bm", "text", "textbf", "textit", "textnormal", "textrm", "textsc", "textsf",
                                     "textsl", "texttt", "underline", "uline", "overline", "hbox", "ul", "smash", "frak", "Cal", NULL };

/* Declarations and sizes: nothing of them is text. */
const char *const REC_LATEX_NOTHING[] = { "bf", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "cal", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "displaystyle", "em", "footnotesize", "it", "large", "left", "limits",
                                       "nolimits", "normalsize", "nonumber", "noindent", "par", "protect", "right", "rm", "sc", "scriptscriptstyle", "scriptsize", "scriptstyle", "sf", "sl", "small",
                                       "textstyle", "tiny", "tt", "xspace", NULL };

/* Commands that vanish with their argument. */
const char *const REC_LATEX_REFERENCES[] = { "cite", "citep", "citet", "citealp", "color", "footnote", "label", "ref", "eqref", "thanks", "vspace", "hspace", NULL };

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
    { "hat", "\u0302" }, { "not", "\u0338" }, { "tilde", "\u0303" }, { "vec", "\u20D7" }, { "widehat", "\u0302" }, { "widetilde", "\u0303" },
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

static const struct symbol ENTITIES[] = {
    { "amp", "&" },   { "apos", "'" },  { "gt", ">" },    { "hellip", "…" }, { "ldquo", "“" }, { "lsquo", "‘" }, { "lt", "<" },
    { "mdash", "—" }, { "nbsp", " " },  { "ndash", "–" }, { "quot", "\"" },  { "rdquo", "”" }, { "rsquo", "’" },
};
/* clang-format on */

static int compare_symbol(const void *key, const void *element)
{
    const struct rec_latex_name *name = key;
    const struct symbol *symbol = element;
    int order = strncmp(name->text, symbol->name, name->length);

    return order ? order : symbol->name[name->length] ? -1 : 0;
}

static const char *look_up(const struct symbol *table, size_t count, struct rec_latex_name name)
{
    const struct symbol *found = bsearch(&name, table, count, sizeof(*table), compare_symbol);

    return found ? found->text : NULL;
}

#define LOOK_UP(table, name) look_up(table, sizeof(table) / sizeof((table)[0]), name)

const char *rec_latex_symbol(struct rec_latex_name name)
{
    return LOOK_UP(SYMBOLS, name);
}

const char *rec_latex_math_accent(struct rec_latex_name name)
{
    return LOOK_UP(MATH_ACCENTS, name);
}

const char *rec_latex_double_struck(struct rec_latex_name name)
{
    return LOOK_UP(DOUBLE_STRUCK, name);
}

const char *rec_html_entity(struct rec_latex_name name)
{
    return LOOK_UP(ENTITIES, name);
}

const char *rec_latex_accent(char command)
{
    for (size_t i = 0; i < sizeof(ACCENTS) / sizeof(ACCENTS[0]); i++)
        if (ACCENTS[i].command == command)
            return ACCENTS[i].mark;
    return NULL;
}

const char *rec_latex_script(char plain, bool super)
{
    for (size_t i = 0; i < sizeof(SCRIPTS) / sizeof(SCRIPTS[0]); i++)
        if (SCRIPTS[i].plain == plain)
            return super ? SCRIPTS[i].super : SCRIPTS[i].sub;
    return NULL;
}

bool rec_latex_is_named(struct rec_latex_name name, const char *text)
{
    return strlen(text) == name.length && strncmp(name.text, text, name.length) == 0;
}

bool rec_latex_is_one_of(const char *const *names, struct rec_latex_name name)
{
    for (; *names; names++)
        if (rec_latex_is_named(name, *names))
            return true;
    return false;
}
