/* Filling templates: see template.h. A template is cut into pieces first, so that what is wrong with it is told before anything is written.
 */
#include "template.h"

#include "alloc.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 64

enum piece_kind { PIECE_TEXT, PIECE_VALUE, PIECE_SECTION, PIECE_INVERTED, PIECE_CLOSE, PIECE_PARTIAL, PIECE_COMMENT };

struct piece {
    enum piece_kind kind;
    const char *at; /* text, or a tag's name; borrowed from the template */
    size_t length;
    size_t line;
    size_t end; /* of a section: the piece that closes it */
};

struct pieces {
    struct piece *items;
    size_t count, room;
};

/* What is being filled. */
struct filling {
    const struct template_ways *ways;
    const json_t *stack[TEMPLATE_DEPTH + 2]; /* (depth) the data, then the items of the sections around */
    size_t depth;
    size_t partials; /* inside each other */
    long steps;
    rec_buf *out;
    rec_error *err;
};

static rec_status fill(struct filling *f, const char *name, const char *text);

/* ---- cutting ------------------------------------------------------------------------------------------------------- */

struct cutting {
    const char *name;
    const char *start, *at;
    size_t line;
    struct pieces *pieces;
    rec_error *err;
};

static rec_status add_piece(struct cutting *c, enum piece_kind kind, const char *at, size_t length)
{
    struct pieces *pieces = c->pieces;

    if (pieces->count == pieces->room) {
        size_t room = pieces->room ? 2 * pieces->room : 64;
        struct piece *grown = rec_resize_array(pieces->items, room, sizeof(*grown));

        if (!grown)
            return rec_fail(c->err, REC_ENOMEM, "out of memory for template '%s'", c->name);
        pieces->items = grown;
        pieces->room = room;
    }
    pieces->items[pieces->count++] = (struct piece){ kind, at, length, c->line, 0 };
    return REC_OK;
}

static size_t count_lines(const char *from, const char *to)
{
    size_t lines = 0;

    for (; from < to; from++)
        lines += *from == '\n';
    return lines;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* Reads the tag between `from` and `to` into kind and name. */
static rec_status read_tag(struct cutting *c, const char *from, const char *to, enum piece_kind *kind, const char **name, size_t *length)
{
    static const char marks[] = "#^/>!";
    const char *mark = from < to ? memchr(marks, *from, sizeof(marks) - 1) : NULL;
    static const enum piece_kind kinds[] = { PIECE_SECTION, PIECE_INVERTED, PIECE_CLOSE, PIECE_PARTIAL, PIECE_COMMENT };

    *kind = mark ? kinds[mark - marks] : PIECE_VALUE;
    from += mark != NULL;
    while (from < to && *from == ' ')
        from++;
    while (from < to && to[-1] == ' ')
        to--;
    *name = from;
    *length = (size_t)(to - from);
    if (*kind == PIECE_COMMENT)
        return REC_OK;
    for (const char *at = from; at < to; at++)
        if (!is_name_byte(*at))
            return rec_fail(c->err, REC_EFORMAT, "template '%s', line %zu: '{{%.*s}}' is no tag; a value is always escaped, as '{{name}}'",
                            c->name, c->line, (int)(to - from > 40 ? 40 : to - from), from);
    if (*length == 0 || *length > NAME_MAX_BYTES)
        return rec_fail(c->err, REC_EFORMAT, "template '%s', line %zu: a tag without a name, or with one of more than %d bytes", c->name,
                        c->line, NAME_MAX_BYTES);
    return REC_OK;
}

/* Whether what lies between the line's start and `open`, and between `close` and the line's end, is blank; then both ends of the line. */
static bool stands_alone(const struct cutting *c, const char *open, const char *close, const char **line_start, const char **line_end)
{
    while (open > c->start && (open[-1] == ' ' || open[-1] == '\t'))
        open--;
    while (*close == ' ' || *close == '\t' || *close == '\r')
        close++;
    if ((open > c->start && open[-1] != '\n') || (*close != '\n' && *close != '\0'))
        return false;
    *line_start = open;
    *line_end = *close ? close + 1 : close;
    return true;
}

/* Takes the text up to the next tag, and the tag. */
static rec_status cut_next(struct cutting *c)
{
    const char *open = strstr(c->at, "{{"), *close, *text_end, *next, *name;
    enum piece_kind kind;
    size_t length;
    rec_status rc;

    if (!open) {
        rc = add_piece(c, PIECE_TEXT, c->at, strlen(c->at));
        c->at += strlen(c->at);
        return rc;
    }
    c->line += count_lines(c->at, open);
    if (!(close = strstr(open, "}}")))
        return rec_fail(c->err, REC_EFORMAT, "template '%s', line %zu: '{{' without '}}'", c->name, c->line);
    if ((rc = read_tag(c, open + 2, close, &kind, &name, &length)) != REC_OK)
        return rc;
    text_end = open;
    next = close + 2;
    if (kind != PIECE_VALUE)
        stands_alone(c, open, close + 2, &text_end, &next);
    /* A line that was taken whole may have begun before the text that is left. */
    if (text_end > c->at && (rc = add_piece(c, PIECE_TEXT, c->at, (size_t)(text_end - c->at))) != REC_OK)
        return rc;
    rc = kind == PIECE_COMMENT ? REC_OK : add_piece(c, kind, name, length);
    c->line += count_lines(open, next);
    c->at = next;
    return rc;
}

static bool same_name(const struct piece *a, const struct piece *b)
{
    return a->length == b->length && memcmp(a->at, b->at, a->length) == 0;
}

/* Tells each section where it ends. */
static rec_status match_sections(struct cutting *c)
{
    size_t open[TEMPLATE_DEPTH], depth = 0;

    for (size_t i = 0; i < c->pieces->count; i++) {
        struct piece *piece = &c->pieces->items[i], *section;

        if (piece->kind == PIECE_SECTION || piece->kind == PIECE_INVERTED) {
            if (depth == TEMPLATE_DEPTH)
                return rec_fail(c->err, REC_EFORMAT, "template '%s', line %zu: more than %d sections inside each other", c->name,
                                piece->line, TEMPLATE_DEPTH);
            open[depth++] = i;
        } else if (piece->kind == PIECE_CLOSE) {
            section = depth > 0 ? &c->pieces->items[open[--depth]] : NULL;
            if (!section || !same_name(section, piece))
                return rec_fail(c->err, REC_EFORMAT, "template '%s', line %zu: '{{/%.*s}}' closes no section", c->name, piece->line,
                                (int)piece->length, piece->at);
            section->end = i;
        }
    }
    if (depth > 0) {
        const struct piece *section = &c->pieces->items[open[depth - 1]];

        return rec_fail(c->err, REC_EFORMAT, "template '%s', line %zu: section '%.*s' is not closed", c->name, section->line,
                        (int)section->length, section->at);
    }
    return REC_OK;
}

static rec_status cut(const char *name, const char *text, struct pieces *out, rec_error *err)
{
    struct cutting c = { name, text, text, 1, out, err };
    rec_status rc = REC_OK;

    while (*c.at && rc == REC_OK)
        rc = cut_next(&c);
    return rc == REC_OK ? match_sections(&c) : rc;
}

/* ---- filling ------------------------------------------------------------------------------------------------------- */

static const json_t *look_up(const struct filling *f, const char *name)
{
    if (strcmp(name, ".") == 0)
        return f->stack[f->depth - 1];
    for (size_t i = f->depth; i-- > 0;) {
        const json_t *value = json_object_get(f->stack[i], name);

        if (value)
            return value;
    }
    return NULL;
}

static bool is_nothing(const json_t *value)
{
    return json_is_null(value) || json_is_false(value) || (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0) || (json_is_number(value) && json_number_value(value) == 0.0);
}

static void put_value(struct filling *f, const json_t *value)
{
    char digits[32];

    if (json_is_string(value)) {
        f->ways->escape(json_string_value(value), f->out);
    } else if (json_is_integer(value)) {
        snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(value));
        rec_buf_puts(f->out, digits);
    }
}

struct span {
    const char *name; /* of the template */
    const struct pieces *pieces;
    size_t from, to;
};

static rec_status fill_span(struct filling *f, const struct span *span);

static rec_status fill_item(struct filling *f, const struct span *body, const json_t *item)
{
    rec_status rc;

    f->stack[f->depth++] = item;
    rc = fill_span(f, body);
    f->depth--;
    return rc;
}

static rec_status fill_section(struct filling *f, const struct span *body, bool inverted, const json_t *value)
{
    const json_t *item;
    size_t i;
    rec_status rc = REC_OK;

    if (is_nothing(value) != inverted)
        return REC_OK;
    if (inverted || !json_is_array(value))
        return fill_item(f, body, value);
    json_array_foreach(value, i, item)
    {
        if ((rc = fill_item(f, body, item)) != REC_OK)
            break;
    }
    return rc;
}

static rec_status fill_partial(struct filling *f, const struct span *span, const struct piece *piece, const char *name)
{
    const char *text = f->ways->partial ? f->ways->partial(name) : NULL;
    rec_status rc;

    if (!text)
        return rec_fail(f->err, REC_EFORMAT, "template '%s', line %zu: there is no template '%s'", span->name, piece->line, name);
    if (f->partials == TEMPLATE_DEPTH)
        return rec_fail(f->err, REC_EFORMAT, "template '%s', line %zu: more than %d templates inside each other", span->name, piece->line,
                        TEMPLATE_DEPTH);
    f->partials++;
    rc = fill(f, name, text);
    f->partials--;
    return rc;
}

static rec_status fill_tag(struct filling *f, const struct span *span, size_t at)
{
    const struct piece *piece = &span->pieces->items[at];
    char name[NAME_MAX_BYTES + 1];
    const json_t *value;

    memcpy(name, piece->at, piece->length);
    name[piece->length] = '\0';
    if (piece->kind == PIECE_PARTIAL)
        return fill_partial(f, span, piece, name);
    if (!(value = look_up(f, name)))
        return rec_fail(f->err, REC_EFORMAT, "template '%s', line %zu: there is no '%s' here", span->name, piece->line, name);
    if (piece->kind != PIECE_VALUE) {
        const struct span body = { span->name, span->pieces, at + 1, piece->end };

        if (f->depth == sizeof(f->stack) / sizeof(f->stack[0]))
            return rec_fail(f->err, REC_EFORMAT, "template '%s', line %zu: more than %d sections inside each other", span->name,
                            piece->line, TEMPLATE_DEPTH);
        return fill_section(f, &body, piece->kind == PIECE_INVERTED, value);
    }
    put_value(f, value);
    return REC_OK;
}

static rec_status fill_span(struct filling *f, const struct span *span)
{
    rec_status rc;

    for (size_t i = span->from; i < span->to; i++) {
        const struct piece *piece = &span->pieces->items[i];

        if (++f->steps > TEMPLATE_STEPS)
            return rec_fail(f->err, REC_EFORMAT, "template '%s', line %zu: more than %ld tags to fill", span->name, piece->line,
                            TEMPLATE_STEPS);
        if (piece->kind == PIECE_TEXT)
            rec_buf_add(f->out, piece->at, piece->length);
        else if ((rc = fill_tag(f, span, i)) != REC_OK)
            return rc;
        if (piece->kind == PIECE_SECTION || piece->kind == PIECE_INVERTED)
            i = piece->end;
        if (f->out->failed)
            return rec_fail(f->err, REC_ENOMEM, "template '%s', line %zu: more than %zu bytes, or out of memory", span->name, piece->line,
                            f->out->maximum);
    }
    return REC_OK;
}

static rec_status fill(struct filling *f, const char *name, const char *text)
{
    struct pieces pieces = { NULL, 0, 0 };
    rec_status rc = cut(name, text, &pieces, f->err);

    if (rc == REC_OK) {
        const struct span all = { name, &pieces, 0, pieces.count };

        rc = fill_span(f, &all);
    }
    rec_free(pieces.items);
    return rc;
}

rec_status template_fill(const char *name, const char *text, const struct template_ways *ways, const json_t *data, rec_buf *out,
                         rec_error *err)
{
    struct filling f = { .ways = ways, .depth = 1, .out = out, .err = err };

    f.stack[0] = data;
    return fill(&f, name, text);
}
