/* Answers for people, TSV and TREC: see output.h. The JSON objects are output_json.c's. */
#include "output.h"

#include "character.h"
#include "controls.h"
#include "rec/json_text.h"
#include "render.h"
#include "say.h"
#include "json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const NAMES[] = { "text", "json", "jsonl", "tsv", "trec", "markdown", "html", "atom", "jsonfeed", "eml",
                                     "bibtex", "csv", "npy", "fvecs", "faiss", "graphml" };

bool format_parse(const char *name, unsigned allowed, enum format *out)
{
    char known[128] = "";

    for (unsigned i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        if (!(allowed & FORMAT_BIT(i)))
            continue;
        if (strcmp(name ? name : "text", NAMES[i]) == 0) {
            *out = (enum format)i;
            return true;
        }
        snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", known[0] ? ", " : "", NAMES[i]);
    }
    say("option '--format': '%s' is not one of %s", name, known);
    return false;
}

static double clamp(float score)
{
    return score < 0 ? 0 : score > 1 ? 1 : (double)score;
}

static const char *or_dash(const char *text)
{
    return text && text[0] ? text : "-";
}

static const char *flags_as_text(const rec_paper *paper)
{
    static const char *const texts[] = { "", "withdrawn", "retracted", "withdrawn, retracted" };

    return texts[paper->flags & (REC_FLAG_WITHDRAWN | REC_FLAG_RETRACTED)];
}

void print_value(const char *text)
{
    for (size_t length; *text; text += length) {
        if (rec_character(text, strnlen(text, 4), &length) == REC_NO_CHARACTER) {
            putchar('?');
        } else if (rec_control_length(text) == 0) {
            fwrite(text, 1, length, stdout);
        } else if (strchr("\t\n\v\f\r", *text)) {
            putchar(' ');
        }
    }
}

static void print_seed(const rec_paper *paper)
{
    const char *flags = flags_as_text(paper);

    print_value(paper->id.text);
    fputs("  ", stdout);
    print_value(or_dash(paper->title));
    printf("%s%s%s\n", flags[0] ? " [" : "", flags, flags[0] ? "]" : "");
}

static void print_hit(const rec_hit *hit, size_t rank)
{
    const rec_paper *paper = &hit->record.paper;

    printf("%3zu  %.3f %-6s  %-10s  ", rank, clamp(hit->score), rec_band_name(hit->band), or_dash(paper->date.text));
    print_value(paper->id.text);
    fputs("  ", stdout);
    print_value(or_dash(paper->title));
    putchar('\n');
    if (hit->reason) {
        fputs("     why: ", stdout);
        print_value(hit->reason->text);
        putchar('\n');
    }
}

static void print_text(const struct asked *asked, const rec_answer *answer)
{
    if (asked->seed)
        print_seed(&asked->seed->paper);
    for (size_t i = 0; i < answer->count; i++)
        print_hit(&answer->hits[i], i + 1);
    if (answer->count == 0)
        puts("  (nothing)");
}

static void print_column(const char *text)
{
    putchar('\t');
    print_value(text);
}

static void print_tsv(const rec_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++) {
        const rec_hit *hit = &answer->hits[i];

        printf("%zu", i + 1);
        print_column(hit->record.paper.id.text);
        printf("\t%.6f\t%s", clamp(hit->score), rec_band_name(hit->band));
        print_column(hit->record.paper.date.text);
        print_column(hit->record.paper.title ? hit->record.paper.title : "");
        if (hit->reason)
            print_column(hit->reason->text);
        putchar('\n');
    }
}

/* A field of a TREC run ends at white space: what ids and titles have of it, and of controls, becomes '_'. */
static void put_field(rec_buf *out, const char *text)
{
    for (size_t length; *text; text += length) {
        int32_t c = rec_character(text, strnlen(text, 4), &length);

        if (c == REC_NO_CHARACTER || rec_is_control(c) || c == ' ')
            rec_buf_putc(out, '_');
        else
            rec_buf_add(out, text, length);
    }
}

/*
 * Programs that score runs order them by score: equal ones are set apart by the last digit printed, so that the rank stands. Enough digits
 * are left for those behind, so that none falls below 0.
 */
rec_status put_trec(rec_buf *out, const char *query, const rec_answer *answer, rec_error *err)
{
    double before = 2;

    for (size_t i = 0; i < answer->count; i++) {
        double score = clamp(answer->hits[i].score), least = (double)(answer->count - 1 - i) * 1e-9;

        if (score > before - 1e-9)
            score = before - 1e-9;
        if (score < least)
            score = least;
        before = score;
        put_field(out, query);
        rec_buf_puts(out, " Q0 ");
        put_field(out, answer->hits[i].record.paper.id.text);
        rec_buf_printf(out, " %zu %.9f recommend\n", i + 1, score);
    }
    return out->failed ? rec_fail(err, REC_ENOMEM, "out of memory for the output") : REC_OK;
}

rec_status end_line(rec_buf *out, rec_error *err)
{
    rec_buf_putc(out, '\n');
    return out->failed ? rec_fail(err, REC_ENOMEM, "out of memory for the output") : REC_OK;
}

rec_status json_to_text(json_t *object, rec_buf *out, rec_error *err)
{
    rec_put_tree(out, NULL, object, REC_DIGITS_FLOAT); /* jansson keeps the order in which keys were set, so the same answer is the same bytes */
    return end_line(out, err);
}

rec_status print_lines(rec_status rc, rec_buf *lines)
{
    if (rc == REC_OK)
        fwrite(rec_buf_text(lines), 1, lines->length, stdout); /* finish_output tells what could not be written */
    rec_buf_clear(lines);
    return rc;
}

rec_status print_json(json_t *object, rec_error *err)
{
    rec_buf lines = REC_BUF_INIT(SIZE_MAX / 2);

    return print_lines(json_to_text(object, &lines, err), &lines);
}

/* An answer is a sheet with one headline. It has no day: what its feed was last changed by is the newest paper of the store. */
static rec_status print_sheet(enum format format, const struct asked *asked, const rec_answer *answer, rec_error *err)
{
    const struct sheet_item item = { asked->seed, asked->title ? asked->title : asked->request, answer,
                                     answer->count ? NULL : "Nothing was found." };
    struct sheet sheet = {
        .title = asked->seed || !asked->title ? "Papers like this one" : asked->title,
        .date = answer->state.max_date,
        .key = asked->request,
        .items = &item,
        .count = 1,
        .abstract_length = SHEET_ABSTRACT,
        .title_length = SHEET_TITLE,
    };
    rec_buf out = REC_BUF_INIT(RENDER_MAX);
    rec_status rc = render(format, &sheet, NULL, &out, err);

    if (rc == REC_OK)
        fwrite(rec_buf_text(&out), 1, out.length, stdout); /* finish_output tells what could not be written */
    rec_buf_clear(&out);
    return rc;
}

rec_status print_answer(enum format format, const struct asked *asked, const rec_answer *answer, rec_error *err)
{
    rec_buf lines = REC_BUF_INIT(SIZE_MAX / 2);

    switch (format) {
    case FORMAT_TEXT:
        print_text(asked, answer);
        break;
    case FORMAT_TSV:
        print_tsv(answer);
        break;
    case FORMAT_TREC:
        return print_lines(put_trec(&lines, asked->request, answer, err), &lines);
    case FORMAT_JSON:
    case FORMAT_JSONL:
        return print_lines(answer_to_text(asked, answer, &lines, err), &lines);
    case FORMAT_MARKDOWN:
    case FORMAT_HTML:
    case FORMAT_ATOM:
    case FORMAT_JSONFEED:
        return print_sheet(format, asked, answer, err);
    case FORMAT_EML: /* of editions alone */
    case FORMAT_BIBTEX:
    case FORMAT_CSV:
    case FORMAT_NPY:
    case FORMAT_FVECS:
    case FORMAT_FAISS:
    case FORMAT_GRAPHML: /* of exports alone */
        break;
    }
    return REC_OK;
}

/* A JSON array of strings as "a, b, c". */
static void print_list(const char *label, const char *array)
{
    json_t *list = rec_json_stored(array), *item;
    size_t i;

    if (json_array_size(list) > 0)
        printf("%-12s", label);
    json_array_foreach(list, i, item)
    {
        fputs(i ? ", " : "", stdout);
        print_value(json_string_value(item) ? json_string_value(item) : "");
    }
    if (json_array_size(list) > 0)
        putchar('\n');
    json_decref(list);
}

static void print_line(const char *label, const char *text)
{
    if (!text || !text[0])
        return;
    printf("%-12s", label);
    print_value(text);
    putchar('\n');
}

rec_status print_paper(enum format format, const rec_record *record, bool indexed, rec_error *err)
{
    const rec_paper *paper = &record->paper;
    rec_buf lines = REC_BUF_INIT(SIZE_MAX / 2);

    if (format != FORMAT_TEXT)
        return print_lines(paper_to_text(record, indexed, &lines, err), &lines);
    print_line("id", paper->id.text);
    print_list("also", record->also);
    print_line("title", paper->title);
    print_list("authors", paper->authors);
    print_line("published", paper->date.text);
    print_line("updated", paper->updated.text);
    print_list("categories", paper->categories);
    print_list("keywords", paper->keywords);
    print_line("venue", paper->venue);
    print_line("url", paper->url);
    print_line("flags", flags_as_text(paper));
    print_line("indexed", indexed ? "yes" : "not yet");
    if (paper->abstract && paper->abstract[0]) {
        putchar('\n');
        print_value(paper->abstract);
        putchar('\n');
    }
    return REC_OK;
}
