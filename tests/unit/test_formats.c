/*
 * Every format of docs/formats.md: a file of tests/data, read to the papers written beside it (NAME.papers), and the same file cut, altered
 * and read with little memory. A new format is a row in FILES and its two files.
 */
#include "check.h"

#include "alloc.h"
#include "buf.h"
#include "rec/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROOM (1u << 20)

static const char *const FILES[] = {
    "daily_papers.json",
    "semantic_scholar.json",
    "semantic_scholar_dataset.jsonl",
    "openalex.json",
    "zotero.json",
    "arxiv_api.xml",
    "oai_arxiv.xml",
    "oai_dc.xml",
    "pubmed.xml",
    "acl_anthology.xml",
    "library.bib",
    "export.ris",
    "zotero.csv",
    "crows.tsv",
};

static char path[] = "/tmp/rec-formats-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* ---- papers as text ------------------------------------------------------------------------------------------------ */

static void show(rec_buf *out, const char *field, const char *value)
{
    if (value)
        rec_buf_printf(out, "  %s: %s\n", field, value);
}

static void show_place(rec_buf *out, const rec_position *at)
{
    rec_buf_printf(out, "%llu", (unsigned long long)at->line);
    if (at->item > 0)
        rec_buf_printf(out, " item %llu", (unsigned long long)at->item);
}

static rec_status take(void *context, rec_paper *paper, const rec_position *at, rec_error *err)
{
    rec_buf *out = context;

    (void)err;
    show_place(out, at);
    rec_buf_printf(out, ": %s", paper->id.text);
    if (paper->id.version > 0)
        rec_buf_printf(out, " version %u", paper->id.version);
    for (size_t i = 0; i < paper->alias_count; i++)
        rec_buf_printf(out, ", %s", paper->aliases[i].text);
    rec_buf_puts(out, "\n");
    show(out, "title", paper->title);
    show(out, "abstract", paper->abstract);
    show(out, "authors", paper->authors);
    show(out, "date", paper->date.text[0] ? paper->date.text : NULL);
    show(out, "updated", paper->updated.text[0] ? paper->updated.text : NULL);
    show(out, "categories", paper->categories);
    show(out, "keywords", paper->keywords);
    show(out, "venue", paper->venue);
    show(out, "url", paper->url);
    if (paper->has_upvotes)
        rec_buf_printf(out, "  upvotes: %g\n", paper->upvotes);
    if (paper->flags & REC_FLAG_WITHDRAWN)
        rec_buf_puts(out, "  withdrawn\n");
    if (paper->flags & REC_FLAG_RETRACTED)
        rec_buf_puts(out, "  retracted\n");
    show(out, "extra", paper->extra);
    rec_paper_clear(paper);
    return REC_OK;
}

static rec_status refuse(void *context, const rec_position *at, const rec_error *reason, rec_error *err)
{
    (void)err;
    show_place(context, at);
    rec_buf_printf(context, ": refused: %s\n", reason->message);
    return REC_OK;
}

static void remark(void *context, const rec_position *at, const char *sentence)
{
    show_place(context, at);
    rec_buf_printf(context, ": remarked: %s\n", sentence);
}

/* Reads bytes as a file; what came of it is appended to `out`. */
static rec_status read_bytes(const char *bytes, size_t length, rec_buf *out, rec_error *err)
{
    const rec_record_taker taker = { take, refuse, remark, out };
    rec_source *source = NULL;
    rec_status rc;
    FILE *file;

    CHECK(unlink(path) == 0); /* ext4 brings a file that is written over to the disk at once, 15,000 times */
    file = fopen(path, "wb");
    CHECK(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
    if ((rc = rec_source_open(path, &source, err)) == REC_OK)
        rc = rec_read_records(source, &taker, err);
    rec_source_close(source);
    return rc;
}

static void read_good(const char *bytes, size_t length, rec_buf *out)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, read_bytes(bytes, length, out, &err), &err);
    CHECK(!out->failed);
}

static void check_text(const char *expected, const char *text)
{
    rec_buf out = REC_BUF_INIT(ROOM);

    read_good(text, strlen(text), &out);
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&out);
}

/* What comes of a text begins and ends like this. */
static void check_begins(const char *start, const char *end, const char *text)
{
    rec_buf out = REC_BUF_INIT(ROOM);

    read_good(text, strlen(text), &out);
    if (strncmp(start, rec_buf_text(&out), strlen(start)) != 0 || out.length < strlen(end) ||
        strcmp(end, rec_buf_text(&out) + out.length - strlen(end)) != 0)
        fail_msg("'%s' gives '%s', not '%s...%s'", text, rec_buf_text(&out), start, end);
    rec_buf_clear(&out);
}

/* A file of tests/data, whole; the caller ends with rec_buf_clear(). */
static rec_buf load(const char *name, const char *suffix)
{
    rec_buf content = REC_BUF_INIT(ROOM);
    char full[512], block[4096];
    size_t n;
    FILE *file;

    snprintf(full, sizeof(full), "%s/%s%s", REC_TEST_DATA, name, suffix);
    file = fopen(full, "rb");
    if (!file)
        fail_msg("cannot open %s", full);
    while ((n = fread(block, 1, sizeof(block), file)) > 0)
        rec_buf_add(&content, block, n);
    fclose(file);
    CHECK(!content.failed && content.length > 0);
    return content;
}

/* ---- every format -------------------------------------------------------------------------------------------------- */

static void every_file_gives_the_papers_written_beside_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FILES); i++) {
        rec_buf content = load(FILES[i], ""), expected = load(FILES[i], ".papers"), out = REC_BUF_INIT(ROOM);

        read_good(content.data, content.length, &out);
        if (strcmp(rec_buf_text(&expected), rec_buf_text(&out)) != 0) {
            fprintf(stderr, "%s gives\n%s\nexpected\n%s\n", FILES[i], rec_buf_text(&out), rec_buf_text(&expected));
            fail_msg("%s gives other papers", FILES[i]); /* cmocka cuts long messages */
        }
        rec_buf_clear(&content);
        rec_buf_clear(&expected);
        rec_buf_clear(&out);
    }
}

/* The text up to the record that begins last. */
static size_t length_before_last(const rec_buf *out)
{
    size_t length = 0;

    for (size_t i = 0; i + 1 < out->length; i++)
        if (out->data[i] == '\n' && out->data[i + 1] != ' ')
            length = i + 1;
    return length;
}

/* Wherever a file breaks off, what came before is read as it would be, but for the record that was cut. */
static void a_file_that_is_cut_gives_what_came_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FILES); i++) {
        rec_buf content = load(FILES[i], ""), whole = REC_BUF_INIT(ROOM), out = REC_BUF_INIT(ROOM);

        read_good(content.data, content.length, &whole);
        for (size_t length = 200; length < content.length; length += 3) { /* with less its format need not show */
            size_t before;

            read_good(content.data, length, &out);
            before = length_before_last(&out);
            if (before > 0 && strncmp(out.data, rec_buf_text(&whole), before) != 0)
                fail_msg("%s cut at %zu gives\n%s\nexpected\n%s", FILES[i], length, out.data, whole.data);
            rec_buf_reset(&out);
        }
        rec_buf_clear(&content);
        rec_buf_clear(&whole);
        rec_buf_clear(&out);
    }
}

/* Whatever is in a file, it is papers or refusals, and the sanitizers have no complaint. */
static void a_file_that_is_altered_comes_to_an_end(void **state)
{
    static const char STRANGE[] = { '\0', '\n', '"', '{', '}', ']', '<', '>', '&', '\\', (char)0xFF, '9', ',', '@', ' ' };

    (void)state;
    for (size_t i = 0; i < COUNT(FILES); i++) {
        rec_buf content = load(FILES[i], ""), out = REC_BUF_INIT(ROOM);

        for (size_t at = 0; at < content.length; at += 2) {
            char kept = content.data[at];

            content.data[at] = STRANGE[at / 2 % sizeof(STRANGE)];
            read_good(content.data, content.length, &out);
            content.data[at] = kept;
            rec_buf_reset(&out);
        }
        rec_buf_clear(&content);
        rec_buf_clear(&out);
    }
}

static void without_memory_reading_fails_cleanly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FILES); i++) {
        rec_buf content = load(FILES[i], ""), whole = REC_BUF_INIT(ROOM), out = REC_BUF_INIT(ROOM);
        rec_status rc = REC_ENOMEM;

        read_good(content.data, content.length, &whole);
        for (long allowed = 0; rc != REC_OK; allowed++) {
            rec_error err = REC_ERROR_INIT;

            CHECK(allowed < 10000);
            rec_buf_reset(&out);
            rec_buf_add(&out, rec_buf_text(&whole), whole.length); /* room for all that follows */
            out.length = 0;
            rec_alloc_fail_after(allowed);
            rc = read_bytes(content.data, content.length, &out, &err);
            rec_alloc_fail_after(-1);
            /* A record that memory was lacking for is none to refuse. */
            if (strncmp(rec_buf_text(&whole), rec_buf_text(&out), out.length) != 0)
                fail_msg("%s with memory for %ld requests gives\n%s", FILES[i], allowed, rec_buf_text(&out));
            if (rc != REC_OK)
                CHECK_STATUS(REC_ENOMEM, rc, &err);
            else if (out.failed)
                rc = REC_ENOMEM; /* the test's own text has met the fault */
        }
        rec_buf_clear(&content);
        rec_buf_clear(&whole);
        rec_buf_clear(&out);
    }
}

/* ---- JSON documents ------------------------------------------------------------------------------------------------ */

static void json_of_any_layout_is_parted_into_records(void **state)
{
    (void)state;
    check_text("1 item 1: a\n1 item 2: b\n", "[{\"id\":\"a\"},{\"id\":\"b\"}]");
    check_text("1 item 1: a\n3 item 2: b\n", " [ {\"id\":\"a\"}\n,\n{\"id\":\"b\"} ] \n");
    check_text("", "[]");
    check_text("1 item 1: a\n4 item 2: b\n", "{\n\"id\":\"a\"\n}\n{\n\"id\":\"b\"}\n");
    check_text("1 item 1: a\n2 item 2: b\n", "[{\"id\":\"a\"}]\n[{\"id\":\"b\"}]\n");
    check_text("1 item 1: a}]\\\n  extra: {\"b\":[[\"]\"]]}\n1 item 2: c\n", "[{\"id\":\"a}]\\\\\",\"b\":[[\"]\"]]},{\"id\":\"c\"}]");
    check_text("3 item 1: a\n", "# a comment\n\n[{\"id\":\"a\"}]");
}

static void the_list_of_an_answer_holds_the_records(void **state)
{
    (void)state;
    check_text("1 item 1: a\n1 item 2: b\n",
               "{\"total\":2,\"x\":{\"data\":[1]},\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"more\":{\"y\":[{}]}}");
    check_text("1 item 1: a\n2 item 2: b\n", "{\"data\":[{\"id\":\"a\"}],\"token\":\"x}\"}\n{\"data\":[{\"id\":\"b\"}]}\n");
    check_text("1 item 1: a\n", "{\"status\":\"ok\",\"message\":{\"n\":{},\"items\":[{\"id\":\"a\"}],\"m\":[]},\"z\":[{}]}");
    check_text("", "{\"meta\":{\"count\":0},\"results\":[]}");
}

static void a_record_with_a_list_called_data_is_no_answer(void **state)
{
    (void)state;
    check_text("1: a\n  extra: {\"data\":[{\"id\":\"b\"}]}\n", "{\"id\":\"a\",\"data\":[{\"id\":\"b\"}]}\n");
    check_text("1 item 1: a\n  extra: {\"data\":[{\"id\":\"b\"}]}\n", "{\n\"id\":\"a\",\"data\":[{\"id\":\"b\"}]}\n");
}

static void a_broken_record_of_a_document_is_refused_alone(void **state)
{
    (void)state;
    check_text("1 item 1: a\n1 item 2: refused: not a JSON object: ':' expected near '1' (column 5)\n1 item 3: b\n",
               "[{\"id\":\"a\"},{\"x\"1},{\"id\":\"b\"}]");
    check_text("1 item 2: b\n", "[null,{\"id\":\"b\"}]"); /* Semantic Scholar's word for a paper that it does not know */
    check_text("1 item 1: a\n1 item 2: refused: not a JSON object: '[' or '{' expected near '\"x,y\"' (column 5)\n"
               "1 item 3: refused: not a JSON object: '[' or '{' expected near '12' (column 2)\n"
               "1 item 4: refused: expected a JSON object, not a list\n",
               "[{\"id\":\"a\"},\"x,y\",12,[{\"id\":\"b\"}]]");
    check_text("1 item 1: refused: not a JSON object: the file ends within it\n", "[{\"id\":\"a\"");
    check_text("1: refused: not a JSON object: '}' expected near end of file (column 9)\n2: b\n", "{\"id\":\"a\"\n{\"id\":\"b\"}\n");
    /* The quotation mark that is missing costs its record, not what follows. */
    check_text("2 item 1: refused: not a JSON object: unexpected newline near '\"a' (its line 2, column 7)\n6 item 2: b\n",
               "[\n{\n\"id\":\"a\n}\n,\n{\"id\":\"b\"}]");
}

static void brackets_in_brackets_cost_no_stack(void **state)
{
    enum { DEEP = 200000 };
    char *text = rec_alloc(2 * DEEP + 64);
    rec_buf out = REC_BUF_INIT(ROOM);
    size_t length = 0;

    (void)state;
    CHECK(text != NULL);
    length += (size_t)sprintf(text, "[{\"id\":\"a\",\"x\":");
    memset(text + length, '[', DEEP);
    memset(text + length + DEEP, ']', DEEP);
    length += 2 * DEEP;
    length += (size_t)sprintf(text + length, "},{\"id\":\"b\"}]");
    read_good(text, length, &out);
    CHECK_CONTAINS("1 item 1: refused: not a JSON object: maximum parsing depth reached", rec_buf_text(&out));
    CHECK_CONTAINS("1 item 2: b\n", rec_buf_text(&out));
    rec_buf_clear(&out);
    rec_free(text);
}

static void a_record_of_a_document_has_a_limit(void **state)
{
    size_t room = (size_t)REC_MAX_LINE + 256, length;
    char *text = rec_alloc(room);
    rec_buf out = REC_BUF_INIT(ROOM);

    (void)state;
    CHECK(text != NULL);
    length = (size_t)sprintf(text, "[{\"id\":\"a\",\"x\":\"");
    memset(text + length, 'x', REC_MAX_LINE);
    length += REC_MAX_LINE;
    length += (size_t)sprintf(text + length, "\"},\n{\"id\":\"b\"}]");
    read_good(text, length, &out);
    CHECK_STR("1 item 1: refused: the record is longer than 16777216 bytes\n2 item 2: b\n", rec_buf_text(&out));
    rec_buf_clear(&out);
    rec_free(text);
}

static void a_title_in_brackets_is_no_document(void **state)
{
    (void)state;
    check_text("1: draft-on-lakes\n  title: [Draft] On lakes\n  abstract: Short.\n", "[Draft] On lakes\nShort.\n");
    check_text("1: sup-13-sup-c-in-lakes\n  title: <sup>13</sup>C in lakes\n  abstract: Short.\n", "<sup>13</sup>C in lakes\nShort.\n");
}

/* ---- XML ----------------------------------------------------------------------------------------------------------- */

#define FEED "<feed><entry><id>a</id></entry>"

static void xml_that_is_broken_ends_behind_what_was_whole(void **state)
{
    (void)state;
    check_text("1 item 1: a\n2: refused: cannot read this XML on: mismatched tag (column 6)\n", FEED "\n<x></y></feed>");
    check_text("1 item 1: a\n1: refused: cannot read this XML on: no element found (column 32)\n", FEED);
    check_text("4 item 1: a\n", "# a comment\n\n<?xml version='1.0'?>\n" FEED "</feed>");
}

static void entities_cannot_grow_and_nothing_outside_is_read(void **state)
{
    (void)state;
    check_text("2: refused: cannot read this XML on: it declares entities, which no source of papers needs\n",
               "<?xml version='1.0'?>\n<!DOCTYPE feed [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>\n<feed><entry><id>&b;</id></entry></feed>");
    check_text("1: refused: cannot read this XML on: it declares entities, which no source of papers needs\n",
               "<!DOCTYPE feed [<!ENTITY a SYSTEM '/etc/passwd'>]><feed><entry><id>&a;</id></entry></feed>");
    check_text("1 item 1: a\n  title: Caf&eacute;\n",
               "<!DOCTYPE feed SYSTEM '/etc/passwd'><feed><entry><id>a</id><title>Caf&eacute;</title></entry></feed>");
}

/* `count` times `piece` between a beginning and an end. */
static void check_repeated(const char *expected, const char *start, const char *piece, size_t count, const char *end)
{
    rec_buf text = REC_BUF_INIT(64u << 20), out = REC_BUF_INIT(ROOM);

    rec_buf_puts(&text, start);
    for (size_t i = 0; i < count; i++)
        rec_buf_puts(&text, piece);
    rec_buf_puts(&text, end);
    CHECK(!text.failed);
    read_good(text.data, text.length, &out);
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&text);
    rec_buf_clear(&out);
}

static void xml_has_limits(void **state)
{
    (void)state;
    check_repeated("1 item 1: a\n1: refused: cannot read this XML on: its elements are too deep within each other\n", FEED "<entry>", "<x>",
                   100000, "");
    check_repeated("1 item 1: a\n1: refused: cannot read this XML on: a tag or comment is longer than 1048576 bytes\n", FEED "<!-- ",
                   "0123456789abcdef", 200000, "-->");
    check_repeated("1 item 1: a\n1 item 2: refused: the record is longer than 16777216 bytes\n1 item 3: b\n", FEED "<entry>", "<x y='z'/>",
                   200000, "</entry><entry><id>b</id></entry></feed>");
    check_repeated("1 item 1: b\n", "<feed>", "<x><y>0123456789</y></x>", 1000000, "<entry><id>b</id></entry></feed>");
}

static void xml_of_another_kind_is_refused_by_its_name(void **state)
{
    (void)state;
    check_text("1: refused: XML of an unknown kind: its outermost element is 'svg'\n", "<?xml version='1.0'?><!-- <feed> --><svg/>");
    check_text("1: refused: XML of an unknown kind: its outermost element is 'html'\n", "<!DOCTYPE html>\n<html><p>Not found</p></html>");
}

static void arxivs_error_is_no_paper(void **state)
{
    (void)state;
    check_text("1 item 1: refused: the service answered with an error: incorrect id format\n",
               "<feed><entry><id>http://arxiv.org/api/errors#incorrect_id_format</id><title>Error</title><summary>incorrect id "
               "format</summary></entry></feed>");
}

/* ---- BibTeX, RIS, tables ------------------------------------------------------------------------------------------- */

static void macros_of_macros_cannot_grow(void **state)
{
    rec_buf text = REC_BUF_INIT(1u << 20), out = REC_BUF_INIT(ROOM);

    (void)state;
    rec_buf_puts(&text, "@string{m0 = \"0123456789\"}\n");
    for (int i = 1; i < 30; i++)
        rec_buf_printf(&text, "@string{m%d = m%d # m%d # m%d # m%d}\n", i, i - 1, i - 1, i - 1, i - 1);
    rec_buf_puts(&text, "@misc{a, title = m29}\n@misc{b, title = m1");
    for (int i = 0; i < 5000; i++)
        rec_buf_puts(&text, ", x = m5");
    rec_buf_puts(&text, "}\n@misc{c, title = m0}\n");
    read_good(text.data, text.length, &out);
    CHECK_CONTAINS("7 item 1: refused: macro 'm6': 40960 bytes, at most 16384 are allowed\n", rec_buf_text(&out));
    CHECK_CONTAINS(": refused: its values are longer than 16777216 bytes\n", rec_buf_text(&out));
    CHECK_CONTAINS(": c\n  title: 0123456789\n", rec_buf_text(&out));
    rec_buf_clear(&text);
    rec_buf_clear(&out);
}

static void braces_in_braces_cost_no_stack(void **state)
{
    enum { DEEP = 200000 };
    rec_buf text = REC_BUF_INIT(1u << 20), out = REC_BUF_INIT(ROOM);

    (void)state;
    rec_buf_puts(&text, "@misc{a, title = ");
    for (int i = 0; i < DEEP; i++)
        rec_buf_putc(&text, '{');
    for (int i = 0; i < DEEP; i++)
        rec_buf_putc(&text, '}');
    rec_buf_puts(&text, "}\n@misc{b}\n");
    read_good(text.data, text.length, &out);
    /* 64 pairs are taken off, and one is the value's own. */
    CHECK_STR("1 item 1: refused: field 'title': 399870 bytes, at most 4096 are allowed\n2 item 2: b\n  extra: {\"ENTRYTYPE\":\"misc\"}\n",
              rec_buf_text(&out));
    rec_buf_clear(&text);
    rec_buf_clear(&out);
}

static void braces_that_hold_letters_together_are_taken_off(void **state)
{
    static const struct {
        const char *title, *expected;
    } CASES[] = {
        { "{B}ays of {{New} York}", "Bays of New York" },
        { "{\\\"U}ber \\emph{deep} {\\em water}", "\xC3\x9C"
                                                  "ber deep water" },
        { "$x_{1}$ and H$_{2}$O", "x\xE2\x82\x81 and H\xE2\x82\x82O" },
        { "Sets \\{a\\} of {B}", "Sets {a} of B" },
        { "Ra\\textsuperscript{2}{3} and x^{2}", "Ra\xC2\xB2{3} and x^{2}" },
    };
    char text[256], expected[256];

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        snprintf(text, sizeof(text), "@misc{k, title = {%s}}", CASES[i].title);
        snprintf(expected, sizeof(expected), "1 item 1: k\n  title: %s\n  extra: {\"ENTRYTYPE\":\"misc\"}\n", CASES[i].expected);
        check_text(expected, text);
    }
}

static void text_that_is_no_utf_8_is_refused_by_its_field(void **state)
{
    (void)state;
    check_text("1 item 1: refused: field 'title': not UTF-8 at byte 3\n", "@misc{k, title = {Caf\xE9}}");
    check_text("1 item 1: refused: field 'TI': not UTF-8 at byte 3\n3 item 2: b\n  extra: {\"TY\":\"JOUR\"}\n",
               "TY  - JOUR\nTI  - Caf\xE9\nTY  - JOUR\nID  - b\nER  -\n");
    check_text("2 item 1: refused: field 'title': not UTF-8 at byte 3\n3 item 2: b\n", "id,title\na,Caf\xE9\nb,\n");
}

static void records_of_lines_have_a_limit(void **state)
{
    (void)state;
    check_repeated("1 item 1: refused: the record is longer than 16777216 bytes\n3000003 item 2: b\n  extra: {\"TY\":\"JOUR\"}\n",
                   "TY  - JOUR\nTI  - x\n", "and on\n", 3000000, "TY  - JOUR\nID  - b\nER  -\n");
    check_repeated("2 item 1: refused: a quotation mark opens a cell here that is longer than 16777216 bytes\n3 item 2: b\n",
                   "id,title\na,\"x", "0123456789abcdef", 1100000, "\"\nb,\n");
    check_repeated("2 item 1: refused: the row is longer than 16777216 bytes\n3 item 2: b\n", "id,title\na,x", "0123456789abcdef", 1100000,
                   "\nb,\n");
    check_repeated("1 item 1: refused: the entry is longer than 16777216 bytes\n2 item 2: b\n  extra: {\"ENTRYTYPE\":\"misc\"}\n",
                   "@misc{a, title = {", "0123456789abcdef", 1100000, "}}\n@misc{b}\n");
}

static void a_header_needs_a_title_and_another_column_of_ours(void **state)
{
    (void)state;
    check_text("2 item 1: k\n  title: On lakes; and ponds\n", "ID;Title\r\nk;\"On lakes; and ponds\"\r\n");
    check_text("1: title-abstract-and-what-follows\n  title: Title, abstract and what follows\n  abstract: Short.\n",
               "Title, abstract and what follows\nShort.\n");
}

static void entries_of_bibtex_are_refused_by_what_is_missing(void **state)
{
    static const struct {
        const char *text, *reason;
    } CASES[] = {
        { "@misc{j}@{k, title = {A}}", "expected the type of an entry at '{k, title = {A}}'" },
        { "@misc{k, title = }", "expected a value at '}'" },
        { "@misc{k, title {A}}", "expected '=' at '{A}}'" },
        { "@misc{k, title = \"A} b\"}", "expected a quotation mark before the brace at '}'" },
        { "@misc(k\"l, title = \"A)", "expected a quotation mark before the end of the entry" },
        { "@misc{k, title = {A} year = 1}", "expected ',' or the end of the entry at 'year = 1}'" },
        { "@misc{k l, title = {A}}", "expected ',' behind the key at 'l, title = {A}}'" },
    };
    char expected[256];

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        snprintf(expected, sizeof(expected), ": refused: %s\n", CASES[i].reason);
        check_begins("1 item 1: ", expected, CASES[i].text);
    }
}

static void keys_values_and_macros_of_bibtex_have_limits(void **state)
{
    static char macro[16384 + 1];
    rec_buf text = REC_BUF_INIT(2u << 20), out = REC_BUF_INIT(ROOM);

    (void)state;
    rec_buf_puts(&text, "@misc{");
    for (int i = 0; i < 512; i++)
        rec_buf_putc(&text, 'k');
    memset(macro, 'm', sizeof(macro) - 1);
    rec_buf_printf(&text, ", title = {A}}\n@string{long = {%s}}\n@misc{b, title = long", macro);
    for (int i = 0; i < 1024; i++)
        rec_buf_puts(&text, " # long");
    rec_buf_puts(&text, "}\n@string{");
    for (int i = 0; i < 4096; i++)
        rec_buf_printf(&text, "m%d = 1,", i);
    rec_buf_puts(&text, "}\n@misc{c}\n");
    CHECK(!text.failed);
    read_good(text.data, text.length, &out);
    CHECK_CONTAINS("1 item 1: refused: expected a key at 'kkkk", rec_buf_text(&out));
    CHECK_CONTAINS("3 item 2: refused: a value is longer than 16777216 bytes\n", rec_buf_text(&out));
    CHECK_CONTAINS("4 item 3: refused: more than 4096 macros\n", rec_buf_text(&out));
    CHECK_CONTAINS("5 item 4: c\n", rec_buf_text(&out));
    rec_buf_clear(&text);
    rec_buf_clear(&out);
}

static void fields_of_bibtex_that_contradict_or_name_another_archive_are_read(void **state)
{
    (void)state;
    check_text("1 item 1: k\n  date: 2021\n  extra: {\"ENTRYTYPE\":\"misc\",\"day\":\"31\",\"month\":\"2\",\"year\":\"2021\"}\n",
               "@misc{k, year = 2021, month = 2, day = 31}");
    check_text("1 item 1: PMID:77, k\n  extra: {\"ENTRYTYPE\":\"misc\",\"eprinttype\":\"pubmed\"}\n",
               "@misc{k, eprinttype = {pubmed}, eprint = 77}");
}

static void a_name_an_address_or_a_list_of_csl_may_take_any_form(void **state)
{
    char text[1024], family[520], expected[1200];

    (void)state;
    memset(family, 'f', sizeof(family) - 1);
    family[sizeof(family) - 1] = '\0';
    snprintf(text, sizeof(text), "{\"id\":\"k\",\"type\":\"article\",\"author\":[{\"family\":\"%s\",\"given\":\"G\"}],\"title\":[]}",
             family);
    snprintf(expected, sizeof(expected), "1: k\n  authors: [\"G %s\"]\n  extra: {\"title\":[],\"type\":\"article\"}\n", family);
    check_text(expected, text);
    check_text("1: k\n  date: 2020-05\n  extra: {\"type\":\"article\"}\n",
               "{\"id\":\"k\",\"type\":\"article\",\"issued\":{\"raw\":\"2020-05\"}}");
}

static void an_inverted_abstract_wants_lists_of_places(void **state)
{
    (void)state;
    check_text("1: refused: field 'abstract_inverted_index': expected lists of places from 0 to 524287\n",
               "{\"id\":\"https://openalex.org/W1\",\"abstract_inverted_index\":{\"Lakes\":0}}");
    check_text("1: refused: field 'abstract_inverted_index': expected lists of places from 0 to 524287\n",
               "{\"id\":\"https://openalex.org/W1\",\"abstract_inverted_index\":{\"Lakes\":[524288]}}");
}

/* Few bytes of JSON that stand for many: a word of 1,000 letters at 1,100 places. */
static void an_inverted_abstract_that_would_be_too_long_is_refused(void **state)
{
    rec_buf text = REC_BUF_INIT(1u << 20);

    (void)state;
    rec_buf_printf(&text, "{\"id\":\"https://openalex.org/W1\",\"abstract_inverted_index\":{\"%01000d\":[0", 7);
    for (int i = 1; i < 1100; i++)
        rec_buf_printf(&text, ",%d", i);
    rec_buf_puts(&text, "]}}\n{\"id\":\"https://openalex.org/W2\"}");
    CHECK(!text.failed);
    check_text("1: refused: field 'abstract_inverted_index': more than 1048576 bytes of words\n2: https://openalex.org/W2, W2\n",
               rec_buf_text(&text));
    rec_buf_clear(&text);
}

static void a_paper_that_was_read_whole_leaves_no_wrapper(void **state)
{
    (void)state;
    check_text("1: s1\n  title: A\n", "{\"citedPaper\":{\"paperId\":\"s1\",\"title\":\"A\"}}");
}

static void an_address_of_the_anthology_is_no_id(void **state)
{
    char text[1024], number[300];

    (void)state;
    check_text(
        "1 item 1: x-y.1\n  title: A\n  url: https://example.org/a\n",
        "<collection id='x'><volume id='y'><paper id='1'><title>A</title><url>https://example.org/a</url></paper></volume></collection>");
    memset(number, '1', sizeof(number) - 1);
    number[sizeof(number) - 1] = '\0';
    snprintf(text, sizeof(text), "<collection id='x'><volume id='y'><paper id='%s'><title>A</title></paper></volume></collection>", number);
    check_begins("1 item 1: a\n  title: A\n", "", text); /* an id is made of the title */
}

static void a_row_has_a_limit_of_cells(void **state)
{
    rec_buf text = REC_BUF_INIT(ROOM);

    (void)state;
    rec_buf_puts(&text, "id,title\na,A");
    for (int i = 0; i < 5000; i++)
        rec_buf_putc(&text, ',');
    rec_buf_puts(&text, "\nb,B\n");
    check_begins("2 item 1: refused: more than ", " cells\n3 item 2: b\n  title: B\n", rec_buf_text(&text));
    rec_buf_clear(&text);
}

/* A number of bytes that ends within a letter must not pass for a lack of memory, which would end the whole import. */
static void what_is_cut_within_a_letter_costs_at_most_its_record(void **state)
{
    char year[2 * 40 + 2] = "1", text[1024];

    (void)state;
    for (size_t i = 0; i < 40; i++)
        strcat(year, "\xC3\xA9");
    snprintf(text, sizeof(text), "[{\"type\":\"article\",\"id\":\"a\",\"issued\":{\"date-parts\":[[\"%s\"]]}},{\"id\":\"b\"}]", year);
    check_begins("1 item 1: refused: field 'issued': '1\xC3\xA9", "1 item 2: b\n", text);
    snprintf(text, sizeof(text),
             "[{\"type\":\"article\",\"id\":\"a\",\"issued\":{\"date-parts\":[[2020]]},\"note\":\"arXiv:%s\"},{\"id\":\"b\"}]", year + 1);
    check_begins("1 item 1: a\n", "1 item 2: b\n", text);
    snprintf(text, sizeof(text),
             "<collection id='x'><volume id='y'><meta><year>%s</year></meta><paper id='1'><title>A</title></paper></volume></collection>",
             year);
    check_begins("1 item 1: refused: field 'year': '1\xC3\xA9", "", text);
}

#define DATED "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue><PubDate><MedlineDate>"
#define DATED_END "</MedlineDate></PubDate></JournalIssue></Journal></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"

static void the_year_of_an_issue_may_stand_behind_its_season(void **state)
{
    (void)state;
    check_text("1 item 1: PMID:1\n  date: 1998\n", DATED "1998 Dec-1999 Jan" DATED_END);
    check_text("1 item 1: PMID:1\n  date: 1998\n", DATED "No. 12, \xC3\x89t\xC3\xA9 1998-1999" DATED_END);
    check_text("1 item 1: refused: field 'PubDate': '\xC3\x89t\xC3\xA9' is not a date (YYYY, YYYY-MM or YYYY-MM-DD)\n",
               DATED "\xC3\x89t\xC3\xA9" DATED_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_gives_the_papers_written_beside_it),
        cmocka_unit_test(a_file_that_is_cut_gives_what_came_before),
        cmocka_unit_test(a_file_that_is_altered_comes_to_an_end),
        cmocka_unit_test(without_memory_reading_fails_cleanly),
        cmocka_unit_test(json_of_any_layout_is_parted_into_records),
        cmocka_unit_test(the_list_of_an_answer_holds_the_records),
        cmocka_unit_test(a_record_with_a_list_called_data_is_no_answer),
        cmocka_unit_test(a_broken_record_of_a_document_is_refused_alone),
        cmocka_unit_test(brackets_in_brackets_cost_no_stack),
        cmocka_unit_test(a_record_of_a_document_has_a_limit),
        cmocka_unit_test(a_title_in_brackets_is_no_document),
        cmocka_unit_test(xml_that_is_broken_ends_behind_what_was_whole),
        cmocka_unit_test(entities_cannot_grow_and_nothing_outside_is_read),
        cmocka_unit_test(xml_has_limits),
        cmocka_unit_test(xml_of_another_kind_is_refused_by_its_name),
        cmocka_unit_test(arxivs_error_is_no_paper),
        cmocka_unit_test(macros_of_macros_cannot_grow),
        cmocka_unit_test(braces_in_braces_cost_no_stack),
        cmocka_unit_test(braces_that_hold_letters_together_are_taken_off),
        cmocka_unit_test(text_that_is_no_utf_8_is_refused_by_its_field),
        cmocka_unit_test(records_of_lines_have_a_limit),
        cmocka_unit_test(a_header_needs_a_title_and_another_column_of_ours),
        cmocka_unit_test(entries_of_bibtex_are_refused_by_what_is_missing),
        cmocka_unit_test(keys_values_and_macros_of_bibtex_have_limits),
        cmocka_unit_test(fields_of_bibtex_that_contradict_or_name_another_archive_are_read),
        cmocka_unit_test(a_name_an_address_or_a_list_of_csl_may_take_any_form),
        cmocka_unit_test(an_inverted_abstract_wants_lists_of_places),
        cmocka_unit_test(an_inverted_abstract_that_would_be_too_long_is_refused),
        cmocka_unit_test(a_paper_that_was_read_whole_leaves_no_wrapper),
        cmocka_unit_test(an_address_of_the_anthology_is_no_id),
        cmocka_unit_test(a_row_has_a_limit_of_cells),
        cmocka_unit_test(what_is_cut_within_a_letter_costs_at_most_its_record),
        cmocka_unit_test(the_year_of_an_issue_may_stand_behind_its_season),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
