/* Cleaning of titles and abstracts: what is decoded, what must survive, and that cleaning twice is cleaning once. */
#include "check.h"

#include "alloc.h"
#include "rec/clean.h"

#include <stdio.h>

struct example {
    const char *text;
    const char *clean;
};

/* Borrowed until the next call. */
static const char *clean(const char *text, size_t length)
{
    static rec_buf out = REC_BUF_INIT(SIZE_MAX / 8);
    rec_error err = REC_ERROR_INIT;

    if (!text) {
        rec_buf_clear(&out);
        return NULL;
    }
    rec_buf_reset(&out);
    CHECK_STATUS(REC_OK, rec_clean_text(text, length, &out, &err), &err);
    CHECK(out.length <= 4 * length);
    return rec_buf_text(&out);
}

static void check_stable(const char *once)
{
    char *copy = rec_strdup(once);

    CHECK(copy != NULL);
    CHECK_STR(copy, clean(copy, strlen(copy)));
    rec_free(copy);
}

static void check_examples(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = clean(examples[i].text, strlen(examples[i].text));

        if (strcmp(got, examples[i].clean) != 0)
            fail_msg("'%s' becomes '%s', expected '%s'", examples[i].text, got, examples[i].clean);
        check_stable(got);
    }
    clean(NULL, 0);
}

#define CHECK_EXAMPLES(examples) check_examples(examples, sizeof(examples) / sizeof((examples)[0]))

static void accents_become_letters(void **state)
{
    static const struct example EXAMPLES[] = {
        { "caf\\'e", "café" }, { "K\\\"{o}nig", "König" }, { "Dvo\\v{r}\\'ak", "Dvořák" }, { "fa\\c{c}ade", "façade" },
        { "Garc{\\'\\i}a", "García" }, { "Garc\\'{\\i}a", "García" }, { "Gau\\ss", "Gauß" }, { "Gau{\\ss}", "Gauß" },
        { "Troms\\o", "Tromsø" }, { "R\\o rdam", "Rørdam" }, { "\\L{}ukasz", "Łukasz" }, { "\\L ukasz", "Łukasz" },
        { "Schr\\\"odinger", "Schrödinger" }, { "Schr{\\\"o}dinger", "Schrödinger" }, { "Poincar\\'e maps", "Poincaré maps" },
        { "Erd\\H{o}s", "Erdős" }, { "Erd{\\H o}s", "Erdős" }, { "na\\\"{\\i}ve", "naïve" }, { "\\AA ngstr\\\"om", "Ångström" },
        { "\\c C", "Ç" }, { "Itô and \\^Ile", "Itô and Île" }, { "\\={a}", "ā" }, { "\\~n", "ñ" }, { "\\k{a}", "ą" },
    };

    (void)state;
    CHECK_EXAMPLES(EXAMPLES);
}

static void text_commands_leave_their_text(void **state)
{
    static const struct example EXAMPLES[] = {
        { "\\emph{x}", "x" }, { "{\\it x} y", "x y" }, { "\\textbf{a b}", "a b" }, { "over \\mathbb{R}", "over ℝ" },
        { "see \\url{http://a.example/b_c~d}", "see http://a.example/b_c~d" }, { "\\href{http://a.example}{the page}", "the page" },
        { "known \\cite{x}.", "known." }, { "known~\\cite[p. 3]{x}, and", "known, and" }, { "a \\cite{x} b", "a b" },
        { "\\emph{nested \\textbf{deep {\\em er}}}", "nested deep er" }, { "10\\,GeV", "10 GeV" }, { "et al.\\ say", "et al. say" },
        { "one\\\\ two", "one two" }, { "Fig.~3", "Fig.~3" }, { "\\emph{see} Fig.~3", "see Fig. 3" }, { "hy\\-phen", "hyphen" },
        { "R\\&D and 5\\% of \\#1", "R&D and 5% of #1" }, { "10\\textsuperscript{2}", "10²" }, { "5\\textsuperscript{th}", "5th" },
        { "\\textcolor{red}{note}: a \\unicode{x2013} b", "note: a – b" }, { "{\\em word\\/} and\\/or", "word and\\/or" }, { "Foo\\xspace bar", "Foobar" }, { "\\alpha{} rays", "α rays" }, { "m\\textasciicircum{}1/2", "m^1/2" },
    };

    (void)state;
    CHECK_EXAMPLES(EXAMPLES);
}

static void mathematics_becomes_unicode(void **state)
{
    static const struct example EXAMPLES[] = {
        { "$\\alpha$-Fe", "α-Fe" }, { "$x^2$", "x²" }, { "H$_2$O", "H₂O" }, { "CO$_{2}$", "CO₂" }, { "$10^{-3}$", "10⁻³" },
        { "$\\mathbb{R}^n$", "ℝⁿ" }, { "$R^{d_x}$", "R^{d_x}" }, { "$\\frac{a}{b}$", "a/b" }, { "$\\frac{a+b}{c}$", "(a+b)/c" },
        { "$\\frac12$", "1/2" }, { "$\\sqrt{n}$", "√n" }, { "$\\sqrt{a+b}$", "√(a+b)" }, { "$\\sqrt[3]{n}$", "\\sqrt[3]{n}" },
        { "$O(n \\log n)$", "O(n log n)" }, { "$\\hat{x}$", "x̂" }, { "$\\tilde{o}$", "õ" }, { "$\\vec v$", "v⃗" }, { "$n$-gram", "n-gram" },
        { "${\\cal N}=4$", "N=4" }, { "$SU(N)$ at $g=1$", "SU(N) at g=1" }, { "90$^\\circ$", "90°" }, { "$90^{\\circ}$", "90°" },
        { "$5^{th}$", "5th" }, { "$i^{th}$", "ith" }, { "$f^{\\prime}$", "f′" }, { "$\\left( x \\right.$", "( x" }, { "\\(a < b\\)", "a < b" },
        { "\\[a < b\\]", "a < b" }, { "$$a \\to b$$", "a → b" }, { "$\\{0,1\\}^n$", "{0,1}ⁿ" }, { "$\\{x\\}$", "{x}" }, { "$x_i^2$", "x_i²" },
        { "$\\text{rank }k$", "rank k" }, { "$\\operatorname{Tr} A$", "Tr A" }, { "$\\operatorname*{Tr} A$", "Tr A" }, { "$\\|A\\|$", "‖A‖" }, { "$a\\,b\\quad c$", "a b c" }, { "$^{13}$C", "¹³C" },
        { "$\\unknowncmd{x^2}$", "\\unknowncmd{x²}" }, { "$5 < x$", "5 < x" }, { "${d\\over 2}$", "d/2" }, { "$A^{1 \\over 3}$", "A^{1/3}" }, { "$x^\\mathrm{T}w$", "x^Tw" }, { "$m_{\\rm crit}$", "m_{crit}" }, { "$g_{\\mu\\nu}h$", "g_{μν}h" },
        { "$a \\not= b$", "a ≠ b" }, { "$a \\not\\in b$", "a ∉ b" }, { "$a \\not\\rel b$", "a \\not\\rel b" }, { "$\\Bbb R$", "ℝ" }, { "$\\Bigl( x \\Bigr)$", "( x )" }, { "${a + b \\over {c \\over 2}}$", "(a + b)/(c/2)" }, { "$\\theta^\\top x$", "θ^⊤ x" }, { "$p$ and $q$", "p and q" }, { "$$", "$$" },
    };

    (void)state;
    CHECK_EXAMPLES(EXAMPLES);
}

/* Each is looked up by halving: an entry out of order would not be found. */
static void every_symbol_is_found(void **state)
{
    static const struct example SYMBOLS[] = {
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
        { "supsetneq", "⊋" }, { "surd", "√" }, { "tau", "τ" }, { "textasciitilde", "~" }, { "textbackslash", "\\" }, { "textdegree", "°" },
        { "textellipsis", "…" }, { "textemdash", "—" }, { "textendash", "–" }, { "texteuro", "€" }, { "textgreater", ">" },
        { "textless", "<" }, { "textmu", "µ" }, { "textquotesingle", "'" }, { "textregistered", "®" }, { "texttrademark", "™" },
        { "th", "þ" }, { "theta", "θ" }, { "times", "×" }, { "to", "→" }, { "top", "⊤" }, { "triangle", "△" }, { "trianglelefteq", "⊴" },
        { "triangleq", "≜" }, { "uparrow", "↑" }, { "upsilon", "υ" }, { "varepsilon", "ε" }, { "varnothing", "∅" }, { "varphi", "φ" },
        { "varpi", "ϖ" }, { "varrho", "ϱ" }, { "varsigma", "ς" }, { "vartheta", "ϑ" }, { "vartriangle", "△" }, { "vdash", "⊢" },
        { "vdots", "⋮" }, { "vee", "∨" }, { "vert", "|" }, { "wedge", "∧" }, { "wp", "℘" }, { "xi", "ξ" }, { "zeta", "ζ" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(SYMBOLS) / sizeof(SYMBOLS[0]); i++) {
        char text[64];

        (void)snprintf(text, sizeof(text), "$\\%s$", SYMBOLS[i].text);
        CHECK_STR(SYMBOLS[i].clean, clean(text, strlen(text)));
    }
    clean(NULL, 0);
}

static void entities_quotes_and_dashes_become_characters(void **state)
{
    static const struct example EXAMPLES[] = {
        { "R&amp;D", "R&D" }, { "a &lt; b", "a < b" }, { "a &amp;lt; b", "a < b" }, { "a &amp;amp;amp;lt; b", "a < b" }, { "&#233;t&#xE9;", "été" },
        { "&#0; &#1114112; &#xD800; &#;", "&#0; &#1114112; &#xD800; &#;" }, { "&bogus; &", "&bogus; &" }, { "it&rsquo;s", "it’s" },
        { "``x''", "“x”" }, { "``x'' and ``y''", "“x” and “y”" }, { "``a ``b'' c''", "“a “b” c”" }, { "f''(x)", "f''(x)" },
        { "``code``", "``code``" }, { "```code```", "```code```" }, { "a---b", "a—b" }, { "1--2", "1–2" }, { "a -- b", "a – b" },
        { "<!-- a -->", "<!-- a -->" }, { "-----", "-----" },
    };

    (void)state;
    CHECK_EXAMPLES(EXAMPLES);
}

static void plain_text_survives(void **state)
{
    static const char *const TEXTS[] = {
        "", "plain words", "costs $5 and $10", "a $200 budget, $300", "$5 < $10 = cheap", "from $5-$10", "50% of R&D", "C:\\temp\\new", "docs\\to\\in",
        "\\\\server\\share", "--help flag", "{a, b} sets", "the set {x}", "{ }", "{}", "f_{i} and x^{2}", "x_{ab}", "snake_case ^_^", "$ { } } {", "$x",
        "\\", "\\unknowncmd{x}", "\\unknowncmd{BERT}", "Painlev'e", "don\\'t, it\\'s, we\\'ll", "foo\\bar baz", "~/file and ~10", "a~b",
        "http://a.example/~user", "x -> y --> z", "`code`", "a & b; c", "$HOME", "f{x}", "(a)-[b]", "e.g. {lower}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        CHECK_STR(TEXTS[i], clean(TEXTS[i], strlen(TEXTS[i])));
    clean(NULL, 0);
}

static void braces_that_protect_capitals_go(void **state)
{
    static const struct example EXAMPLES[] = {
        { "{BERT}: title", "BERT: title" }, { "{B}ayes and {M}arkov", "Bayes and Markov" }, { "The {GPT-4} report", "The GPT-4 report" },
        { "Erd{ő}s", "Erdős" }, { "{X}", "{X}" }, { "{{BERT}}", "BERT" },
    };

    (void)state;
    CHECK_EXAMPLES(EXAMPLES);
}

static void white_space_and_invisible_characters_go(void **state)
{
    static const struct example EXAMPLES[] = {
        { "  a \t\r\n b  ", "a b" }, { "a\u00A0b\u2028c\u2029d\u3000e\xC2\x85" "f", "a b c d e f" }, { "\u2028", "" }, { "a\x01\x7F" "b", "ab" },
        { "a\xC2\x90" "b", "ab" }, { "a\u202Eb\u202Cc\u2066d\u2069e\u200Ef", "abcdef" }, { "a\u200Bb\u00ADc\uFEFF" "d", "abcd" },
        { "a \u200B b", "a b" }, { "e\u0301", "é" }, { "e\u00AD\u0301", "é" }, { "A\u030A and \u212B", "Å and Å" }, { "\u1100\u1161", "가" },
        { "a\u0323\u0301 a\u0301\u0323", "ạ́ ạ́" }, { "ﬁn", "ﬁn" }, { "日本語 – “x”", "日本語 – “x”" },
    };

    (void)state;
    CHECK_EXAMPLES(EXAMPLES);
}

struct refusal {
    const char *text;
    size_t length;
    const char *where;
};

static void what_is_not_utf8_is_refused_with_its_place(void **state)
{
    static const struct refusal REFUSALS[] = {
        { "a\xC0\xAF", 3, "byte 1" }, { "ab\xE0\x80\xAF", 5, "byte 2" }, { "abc\xED\xA0\x80", 6, "byte 3" }, { "é\xF4\x90\x80\x80", 6, "byte 2" },
        { "\x80", 1, "byte 0" }, { "\xFF", 1, "byte 0" }, { "ab\xE2\x82", 4, "byte 2" }, { "ab\xC3", 3, "byte 2" }, { "a\0b", 3, "byte 1" },
        { "\0", 1, "byte 0" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(REFUSALS) / sizeof(REFUSALS[0]); i++) {
        rec_buf out = REC_BUF_INIT(100);
        rec_error err = REC_ERROR_INIT;

        rec_buf_puts(&out, "kept");
        CHECK_STATUS(REC_EFORMAT, rec_clean_text(REFUSALS[i].text, REFUSALS[i].length, &out, &err), &err);
        CHECK_CONTAINS(REFUSALS[i].where, err.message);
        CHECK_STR("kept", rec_buf_text(&out));
        CHECK(!out.failed);
        rec_buf_clear(&out);
    }
}

static void the_result_is_appended(void **state)
{
    rec_buf out = REC_BUF_INIT(100);
    rec_error err = REC_ERROR_INIT;

    (void)state;
    rec_buf_puts(&out, "title: ");
    CHECK_STATUS(REC_OK, rec_clean_text("caf\\'e", 6, &out, &err), &err);
    CHECK_STATUS(REC_OK, rec_clean_text(" tea", 3, &out, &err), &err);
    CHECK_STR("title: caféte", rec_buf_text(&out));
    rec_buf_clear(&out);
}

static void a_full_buffer_is_left_alone(void **state)
{
    static const char *const TEXTS[] = { "plain words", "caf\\'e noir" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rec_buf out = REC_BUF_INIT(8);
        rec_error err = REC_ERROR_INIT;

        rec_buf_puts(&out, "kept");
        CHECK_STATUS(REC_ENOMEM, rec_clean_text(TEXTS[i], strlen(TEXTS[i]), &out, &err), &err);
        CHECK_STR("kept", rec_buf_text(&out));
        CHECK(!out.failed);
        rec_buf_clear(&out);
    }
}

/* Every request for memory fails once. */
static void without_memory_nothing_is_appended(void **state)
{
    static const char TEXT[] = "Schr\\\"odinger's {\\it e\xCC\x81quation} $\\hat{x}^{2n} = \\frac{a+b}{\\sqrt{c}}$ and \\textsuperscript{2} \\emph{so} ``on''";
    rec_status rc = REC_ENOMEM;

    (void)state;
    for (long allowed = 0; rc != REC_OK; allowed++) {
        rec_buf out = REC_BUF_INIT(10000);
        rec_error err = REC_ERROR_INIT;

        rec_buf_puts(&out, "kept ");
        rec_alloc_fail_after(allowed);
        rc = rec_clean_text(TEXT, strlen(TEXT), &out, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK) {
            CHECK_STATUS(REC_ENOMEM, rc, &err);
            CHECK_STR("kept ", rec_buf_text(&out));
        } else {
            CHECK_STR("kept Schrödinger's équation x̂²ⁿ = (a+b)/√c and ² so “on”", rec_buf_text(&out));
        }
        CHECK(!out.failed);
        CHECK(allowed < 1000);
        rec_buf_clear(&out);
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Soups of what LaTeX is made of, in no order: whatever comes out must come out again. */
static void cleaning_twice_is_cleaning_once(void **state)
{
    static const char *const PARTS[] = {
        "{", "}", "{", "}", "$", "$", "$$", "\\", "\\\\", "^", "_", "-", "--", "---", "`", "``", "'", "''", "~", "&", "&amp;", "&lt;", "amp;", "&#36;",
        "&#92;", "&#x7B;", "&nbsp;", ";", "#", "\\'", "\\\"", "\\c ", "\\v{", "\\i", "\\o ", "\\L", "\\ss", "\\emph{", "\\it ", "{\\it ", "\\textbf{", "\\frac",
        "\\frac{", "\\sqrt", "\\hat{", "\\hat ", "\\alpha", "\\in", "\\to", "\\to ", "\\mathbb{R}", "\\mathbb ", "\\cite{", "\\href{", "\\url{", "\\unknown{",
        "\\left", "\\right.", "\\quad", "\\textsuperscript{", "\\textbackslash", "\\textasciitilde", "\\(", "\\)", "\\[", "\\]", "\\,", "\\ ", "\\-", "\\{",
        "\\}", "\\$", "\\&", "\\_", "a", "b", "e", "s", "x", "BERT", "R", "th", "word", " ", " ", "  ", "\n", "1", "2", "5", ".", ",", "(", ")", "[", "]", "é", "日",
        "\u0301", "\u00AD", "\u200B", "\u2028", "\u1FEF", "\u037E", "\U0001D160",
    };
    const size_t parts = sizeof(PARTS) / sizeof(PARTS[0]);
    uint64_t seed = 20240229;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t count = 1 + next_random(&seed) % 40;
        char soup[1024] = "";

        for (size_t i = 0; i < count; i++)
            strcat(soup, PARTS[next_random(&seed) % parts]);
        check_stable(clean(soup, strlen(soup)));
    }
    clean(NULL, 0);
}

/* What never comes to rest within the passes is left with its markup, and comes out the same again. */
static void deep_escapes_are_stable(void **state)
{
    static const char *const LAYERS[] = { "&#38;", "\\textbackslash ", "{\\it ", "\\emph{", "&amp;", "\\frac{", "$\\frac{", "$^{" };
    static const char *const ENDS[] = { "#60;", "alpha", "x}", "x}", "lt;", "x}{y}", "x}{y}$", "}$" };
    char text[8000];

    (void)state;
    for (size_t i = 0; i < sizeof(LAYERS) / sizeof(LAYERS[0]); i++)
        for (int depth = 1; depth < 100; depth++) {
            text[0] = '\0';
            for (int j = 0; j < depth; j++)
                strcat(text, LAYERS[i]);
            for (int j = 0; j < depth; j++)
                strcat(text, ENDS[i]);
            check_stable(clean(text, strlen(text)));
        }
    clean(NULL, 0);
}

/* Whatever stands below the marks, and however many a mark comes to. */
static void a_letter_keeps_thirty_marks(void **state)
{
    static const char *const BASES[] = { "", "a", "\u01D8", "\u1EAD" }, *const MARKS[] = { "\u0301", "\u0323", "\u0344", "\u3099" };
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof(BASES) / sizeof(BASES[0]); i++)
        for (size_t j = 0; j < sizeof(MARKS) / sizeof(MARKS[0]); j++) {
            size_t marks = 0;

            snprintf(text, sizeof(text), "x%s", BASES[i]);
            for (int k = 0; k < 40; k++)
                strcat(text, MARKS[(j + (size_t)k / 3) % 4]);
            check_stable(clean(text, strlen(text)));
            for (const char *at = clean(text, strlen(text)); *at; at++)
                marks += (*at & 0xC0) != 0x80;
            CHECK(marks > 15 && marks <= 32);
        }
    clean(NULL, 0);
}

/* A megabyte of one fragment: each needs a search ahead that fails. */
static void hostile_text_comes_to_an_end(void **state)
{
    static const char *const FRAGMENTS[] = {
        "{", "}", "$", "\\", "\\frac", "\\frac{", "^", "_", "$^", "$_{", "&amp;", "&", "amp;", "\\'", "{\\it ", "`", "``a", "'", "-", "~", "\\(", "\\[", "\\(a",
        "\\emph{", "\\cite[", "{}", "{{}", "$ ", "$a", "\\sqrt{", "\\$", "&#1", "\\hat", "{a}", "$x$", "\u0301", "\u0301\u0323", "\u0323\u0344", "e\u0301", "\u200B", "\u2028"
    };
    const size_t size = 1 << 20;
    char *text = rec_alloc_array(size + 1, 1);

    (void)state;
    CHECK(text != NULL);
    for (size_t i = 0; i < sizeof(FRAGMENTS) / sizeof(FRAGMENTS[0]); i++) {
        size_t length = strlen(FRAGMENTS[i]), used = 0;

        for (; used + length <= size; used += length)
            memcpy(text + used, FRAGMENTS[i], length);
        check_stable(clean(text, used));
    }
    rec_free(text);
    clean(NULL, 0);
}

static void keys_ignore_case_accents_punctuation_and_spacing(void **state)
{
    uint64_t key = rec_text_key("Schrödinger's Cat: a study, II");

    (void)state;
    CHECK(key != 0);
    CHECK(key == rec_text_key("SCHRODINGERS CAT -- A STUDY (II)"));
    CHECK(key == rec_text_key("schrodingerscatastudyii"));
    CHECK(key == rec_text_key("Schro\u0308dinger’s\u00A0cat. A study ⅱ"));
    CHECK(rec_text_key("Straße") == rec_text_key("STRASSE"));
}

static void keys_of_different_texts_differ(void **state)
{
    CHECK(rec_text_key("deep sea corals") != rec_text_key("deep sea coral"));
    CHECK(rec_text_key("part 1") != rec_text_key("part 2"));
    CHECK(rec_text_key("東京") != rec_text_key("京都"));
    (void)state;
}

static void a_text_without_letters_or_digits_has_no_key(void **state)
{
    (void)state;
    CHECK(rec_text_key("") == 0);
    CHECK(rec_text_key(" -- (…) “!” ") == 0);
    CHECK(rec_text_key("1") != 0);
}

/* Longer than what is hashed at once: the cut must not show. */
static void long_texts_have_keys_of_their_whole(void **state)
{
    char one[5000], other[10001];

    (void)state;
    for (size_t i = 0; i < sizeof(one) - 1; i++) {
        one[i] = (char)('a' + i * i % 26);
        other[2 * i] = one[i];
        other[2 * i + 1] = ' ';
    }
    one[sizeof(one) - 1] = other[2 * (sizeof(one) - 1)] = '\0';
    CHECK(rec_text_key(one) == rec_text_key(other));
    one[4000] = '1';
    CHECK(rec_text_key(one) != rec_text_key(other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accents_become_letters),
        cmocka_unit_test(text_commands_leave_their_text),
        cmocka_unit_test(mathematics_becomes_unicode),
        cmocka_unit_test(every_symbol_is_found),
        cmocka_unit_test(entities_quotes_and_dashes_become_characters),
        cmocka_unit_test(plain_text_survives),
        cmocka_unit_test(braces_that_protect_capitals_go),
        cmocka_unit_test(white_space_and_invisible_characters_go),
        cmocka_unit_test(what_is_not_utf8_is_refused_with_its_place),
        cmocka_unit_test(the_result_is_appended),
        cmocka_unit_test(a_full_buffer_is_left_alone),
        cmocka_unit_test(without_memory_nothing_is_appended),
        cmocka_unit_test(cleaning_twice_is_cleaning_once),
        cmocka_unit_test(a_letter_keeps_thirty_marks),
        cmocka_unit_test(deep_escapes_are_stable),
        cmocka_unit_test(hostile_text_comes_to_an_end),
        cmocka_unit_test(keys_ignore_case_accents_punctuation_and_spacing),
        cmocka_unit_test(keys_of_different_texts_differ),
        cmocka_unit_test(a_text_without_letters_or_digits_has_no_key),
        cmocka_unit_test(long_texts_have_keys_of_their_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
