/* Text to folded words: see fold.h. Scientific text is mostly ASCII, which has a path of its own. */
#include "rec/fold.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

enum { OTHER, LETTER, UNSPACED, MARK, STOP };

void rec_words_start(rec_words *words, const char *text, size_t length)
{
    *words = (rec_words){ .at = text, .end = text + length };
}

static bool is_unspaced(int32_t c)
{
    static const struct {
        int32_t first, last;
    } ranges[] = {
        { 0x0E00, 0x0EFF },   /* Thai, Lao */
        { 0x1000, 0x109F },   /* Myanmar */
        { 0x1780, 0x17FF },   /* Khmer */
        { 0x3040, 0x30FF },   /* Hiragana, Katakana */
        { 0x31F0, 0x31FF },   /* Katakana extensions */
        { 0x3400, 0x4DBF },   /* Han, extension A */
        { 0x4E00, 0x9FFF },   /* Han */
        { 0xF900, 0xFAFF },   /* Han, compatibility */
        { 0x20000, 0x3FFFF }, /* Han, further extensions */
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

/* Marks that a reader of the script leaves out without changing the word: accents, Hebrew points, Arabic vowel signs. */
static bool is_dropped_mark(int32_t c)
{
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05C7) || (c >= 0x064B && c <= 0x065F) || c == 0x0670;
}

static int class_of(int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return is_unspaced(c) ? UNSPACED : LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        if (is_dropped_mark(c))
            return MARK;
        return is_unspaced(c) ? UNSPACED : LETTER; /* a vowel sign is part of the word */
    case UTF8PROC_CATEGORY_CF:
        return MARK; /* joiners and the like are invisible */
    default:
        return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0x0964 ? STOP : OTHER;
    }
}

static bool is_ascii_stop(char c)
{
    return c == '.' || c == '?' || c == '!' || c == ';' || c == ':';
}

/* Lower-cases a letter, keeps a digit, gives 0 for everything else. */
static char fold_ascii(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return c;
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : 0;
}

/* Characters beyond the limit are read over and left out. */
static inline void append_ascii(rec_word *word, char c)
{
    if (word->characters >= REC_WORD_CHARS)
        return;
    word->text[word->length++] = c;
    word->characters++;
}

static void append(rec_word *word, const char *bytes, size_t length)
{
    if (word->characters >= REC_WORD_CHARS)
        return;
    memcpy(word->text + word->length, bytes, length);
    word->length += length;
    word->characters++;
}

/* A character that is not ASCII, decomposed and folded; the pieces that belong to words go to `word`. */
static int fold_wide(const char *at, const char *end, rec_word *word, size_t *used)
{
    utf8proc_int32_t c, parts[24];
    utf8proc_ssize_t n;
    int last_class = OTHER, boundary = 0;

    *used = 1;
    n = utf8proc_iterate((const utf8proc_uint8_t *)at, end - at, &c);
    if (n <= 0)
        return OTHER; /* the caller promised UTF-8; a stray byte separates words */
    *used = (size_t)n;
    n = utf8proc_decompose_char(c, parts, (utf8proc_ssize_t)(sizeof(parts) / sizeof(parts[0])),
                                UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
    if (n <= 0 || n > (utf8proc_ssize_t)(sizeof(parts) / sizeof(parts[0])))
        return class_of(c) == STOP ? STOP : OTHER;
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        utf8proc_uint8_t bytes[4];
        int class = class_of(parts[i]);

        if (class == LETTER || class == UNSPACED) {
            utf8proc_ssize_t length = utf8proc_encode_char(parts[i], bytes);

            append(word, (const char *)bytes, (size_t)length);
        }
        if (class != MARK || last_class == OTHER)
            last_class = class;
        if (class == UNSPACED)
            break; /* pairs are made of single characters */
    }
    return last_class;
}

/* Gives out `text` as a word of its own. */
static void emit(rec_words *words, rec_word *out)
{
    out->after_break = words->pending_break;
    words->pending_break = false;
}

/*
 * One character of an unspaced script, just read into `out`: with the one before it, it is a pair; the first of a
 * run is held back until its neighbour is known. True when `out` holds a word to give out. The character is passed over.
 */
static bool pair_up(rec_words *words, size_t used, rec_word *out)
{
    char now[REC_HELD_BYTES];
    size_t now_length = out->length;
    bool paired = words->held_length > 0;
    const char *from = words->at;

    memcpy(now, out->text, now_length);
    out->length = out->characters = 0;
    if (paired) {
        append(out, words->held, words->held_length);
        append(out, now, now_length);
    }
    words->at += used;
    out->from = words->held_from;
    out->to = words->at;
    memcpy(words->held, now, now_length);
    words->held_length = now_length;
    words->held_from = from;
    words->held_to = words->at;
    words->held_alone = !paired;
    return paired;
}

/* The run of an unspaced script ends here: a character that found no neighbour is a word. */
static bool release_held(rec_words *words, rec_word *out)
{
    bool alone = words->held_length > 0 && words->held_alone;

    if (alone)
        append(out, words->held, words->held_length);
    out->from = words->held_from;
    out->to = words->held_to;
    words->held_length = 0;
    return alone;
}

static bool ends_clause(const rec_words *words)
{
    return is_ascii_stop(*words->at) && (words->at + 1 == words->end || words->at[1] == ' ');
}

/* A run of letters from words->at into `out`; stops before whatever is not one. */
static void read_run(rec_words *words, rec_word *out)
{
    while (words->at < words->end) {
        char c = fold_ascii(*words->at);
        size_t used, length = out->length, characters = out->characters;
        int class;

        if (c) {
            append_ascii(out, c);
            words->at++;
            continue;
        }
        if ((unsigned char)*words->at < 0x80)
            return;
        class = fold_wide(words->at, words->end, out, &used);
        if (class != LETTER && class != MARK) {
            out->length = length; /* an unspaced character begins something new */
            out->characters = characters;
            return;
        }
        words->at += used;
    }
}

bool rec_words_next(rec_words *words, rec_word *out)
{
    out->length = out->characters = 0;
    while (words->at < words->end) {
        size_t used = 1;
        int class = OTHER;

        if (fold_ascii(*words->at))
            class = LETTER;
        else if ((unsigned char)*words->at >= 0x80)
            class = fold_wide(words->at, words->end, out, &used);
        else if (ends_clause(words))
            class = STOP;

        if (class == UNSPACED && out->length > REC_HELD_BYTES)
            class = OTHER; /* no character of Unicode 15 is as long */
        if (class == UNSPACED) {
            if (pair_up(words, used, out)) {
                emit(words, out);
                return true;
            }
            continue;
        }
        out->length = out->characters = 0;
        if (class != MARK && release_held(words, out)) {
            emit(words, out);
            return true; /* the character that ended the run is read again */
        }
        if (class == LETTER) {
            out->from = words->at;
            read_run(words, out);
            out->to = words->at;
            emit(words, out);
            return true;
        }
        if (class == STOP)
            words->pending_break = true;
        words->at += used;
    }
    if (release_held(words, out)) {
        emit(words, out);
        return true;
    }
    return false;
}
