/* The stored neighbours of papers as a directed graph: see rec/export.h. */
#include "export.h"

#include "alloc.h"
#include "entry.h"

#include <stdlib.h>
#include <string.h>

#define MAX_IDS ((size_t)1 << 34)   /* bytes: of all the papers that a store can number, at their usual length */
#define MAX_PIECE ((size_t)1 << 28) /* bytes of what is written of one paper */

struct node {
    rec_doc doc, work;
    size_t id;   /* where its id begins */
    bool marked; /* never listed */
};

struct graph {
    rec_store *store;
    rec_graph_format format;
    const rec_export_sink *sink;
    rec_graph_report *report;
    struct node *nodes; /* (report->papers) by rising number */
    size_t room;
    rec_buf ids;   /* each ended by a NUL */
    rec_buf piece; /* what is written next */
};

static rec_status write_piece(struct graph *g, rec_error *err)
{
    rec_status rc;

    if (g->piece.failed)
        return rec_fail(err, REC_ENOMEM, "out of memory writing a graph");
    rc = g->sink->take(g->sink->context, rec_buf_text(&g->piece), g->piece.length, err);
    rec_buf_reset(&g->piece);
    return rc;
}

static const char *id_of(const struct graph *g, const struct node *node)
{
    return rec_buf_text(&g->ids) + node->id;
}

/* ---- GraphML ------------------------------------------------------------------------------------------------------- */

/* XML 1.0 has no place for most controls, nor for U+FFFE and U+FFFF. */
static void put_xml(const char *text, rec_buf *out)
{
    for (; *text; text++) {
        if (strncmp(text, "\xEF\xBF\xBE", 3) == 0 || strncmp(text, "\xEF\xBF\xBF", 3) == 0)
            text += 2;
        else if (*text == '&')
            rec_buf_puts(out, "&amp;");
        else if (*text == '<')
            rec_buf_puts(out, "&lt;");
        else if (*text == '>')
            rec_buf_puts(out, "&gt;");
        else
            text += rec_export_character(text, out) - 1;
    }
}

static void put_data(const char *key, const char *text, rec_buf *out)
{
    if (!text || !text[0])
        return;
    rec_buf_printf(out, "<data key=\"%s\">", key);
    put_xml(text, out);
    rec_buf_puts(out, "</data>");
}

static const char HEAD[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
                           "<key id=\"paper\" for=\"node\" attr.name=\"paper\" attr.type=\"string\"/>\n"
                           "<key id=\"title\" for=\"node\" attr.name=\"title\" attr.type=\"string\"/>\n"
                           "<key id=\"published\" for=\"node\" attr.name=\"published\" attr.type=\"string\"/>\n"
                           "<key id=\"categories\" for=\"node\" attr.name=\"categories\" attr.type=\"string\"/>\n"
                           "<key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n"
                           "<graph id=\"neighbours\" edgedefault=\"directed\">\n";
static const char FOOT[] = "</graph>\n</graphml>\n";

/* A node is called by its number: an XML name may not look like most ids. */
static rec_status write_node(struct graph *g, const rec_record *record, rec_error *err)
{
    rec_status rc;

    rec_buf_printf(&g->piece, "<node id=\"n%lld\">", (long long)record->doc);
    put_data("paper", record->paper.id.text, &g->piece);
    put_data("title", record->paper.title, &g->piece);
    put_data("published", record->paper.date.text, &g->piece);
    if (record->paper.categories) {
        rec_buf_puts(&g->piece, "<data key=\"categories\">");
        if ((rc = rec_export_list(record->paper.categories, "; ", put_xml, &g->piece, err)) != REC_OK)
            return rc;
        rec_buf_puts(&g->piece, "</data>");
    }
    rec_buf_puts(&g->piece, "</node>\n");
    return write_piece(g, err);
}

/* ---- nodes --------------------------------------------------------------------------------------------------------- */

/* Whether it is withdrawn, or its work retracted. */
static rec_status judge(struct graph *g, const rec_record *record, bool *marked, rec_error *err)
{
    const rec_request request = { .keep_versions = true };
    rec_entry entry;
    rec_status rc = rec_entry_judge(g->store, &request, record, &entry, err);

    *marked = rc == REC_OK && entry.verdict == REC_ENTRY_MARKED;
    return rc;
}

static rec_status add_node(struct graph *g, const rec_record *record, rec_error *err)
{
    size_t count = (size_t)g->report->papers;
    struct node *node;
    rec_status rc;

    if (count == g->room) {
        size_t room = count + count / 2 + 256;
        struct node *nodes = rec_resize_array(g->nodes, room, sizeof(*nodes));

        if (!nodes)
            return rec_fail(err, REC_ENOMEM, "out of memory for a graph of %zu papers", count);
        g->nodes = nodes;
        g->room = room;
    }
    node = &g->nodes[count];
    *node = (struct node){ record->doc, record->work, g->ids.length, false };
    rec_buf_add(&g->ids, record->paper.id.text, strlen(record->paper.id.text) + 1);
    if (g->ids.failed)
        return rec_fail(err, REC_ENOMEM, "out of memory for the ids of %zu papers", count);
    if ((rc = judge(g, record, &node->marked, err)) == REC_OK)
        g->report->papers++;
    return rc;
}

static rec_status take_paper(void *context, const rec_text *text, rec_error *err)
{
    struct graph *g = context;
    rec_record record = REC_RECORD_INIT;
    rec_status rc = rec_store_get(g->store, text->doc, REC_GET_CARD, &record, err);

    if (rc == REC_OK)
        rc = add_node(g, &record, err);
    if (rc == REC_OK && g->format == REC_GRAPH_GRAPHML)
        rc = write_node(g, &record, err);
    rec_record_clear(&record);
    return rc;
}

static int by_doc(const void *key, const void *node)
{
    rec_doc a = *(const rec_doc *)key, b = ((const struct node *)node)->doc;

    return (a > b) - (a < b);
}

static const struct node *find_node(const struct graph *g, rec_doc doc)
{
    return bsearch(&doc, g->nodes, (size_t)g->report->papers, sizeof(*g->nodes), by_doc);
}

/* ---- edges --------------------------------------------------------------------------------------------------------- */

static void put_edge(struct graph *g, const struct node *source, const struct node *target, float score)
{
    double shown = score < 0 ? 0 : score > 1 ? 1 : (double)score; /* as in an answer */

    if (g->format == REC_GRAPH_TSV)
        rec_buf_printf(&g->piece, "%s\t%s\t%.9g\n", id_of(g, source), id_of(g, target), shown);
    else
        rec_buf_printf(&g->piece, "<edge source=\"n%lld\" target=\"n%lld\"><data key=\"weight\">%.9g</data></edge>\n",
                       (long long)source->doc, (long long)target->doc, shown);
}

static rec_status write_edges(struct graph *g, const struct node *source, size_t limit, rec_error *err)
{
    size_t edges = 0;
    rec_list list;
    rec_status rc = rec_store_get_list(g->store, source->doc, &list, err);

    if (rc == REC_ENOTFOUND) {
        g->report->without++;
        return REC_OK;
    }
    for (size_t i = 0; rc == REC_OK && i < list.count && edges < limit; i++) {
        const struct node *target = find_node(g, list.items[i].doc);

        if (!target || target->marked || target->work == source->work)
            continue;
        put_edge(g, source, target, list.items[i].score);
        edges++;
    }
    g->report->edges += (int64_t)edges;
    return rc == REC_OK ? write_piece(g, err) : rc;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

static rec_status write_fixed(struct graph *g, const char *text, rec_error *err)
{
    if (g->format == REC_GRAPH_GRAPHML)
        rec_buf_puts(&g->piece, text);
    return write_piece(g, err);
}

static rec_status write_graph(struct graph *g, const rec_export_choice *choice, size_t limit, rec_error *err)
{
    rec_status rc = write_fixed(g, HEAD, err);

    if (rc == REC_OK)
        rc = rec_export_walk(g->store, choice, take_paper, g, err);
    for (int64_t i = 0; i < g->report->papers && rc == REC_OK; i++)
        rc = write_edges(g, &g->nodes[i], limit, err);
    return rc == REC_OK ? write_fixed(g, FOOT, err) : rc;
}

rec_status rec_export_graph(rec_store *store, const rec_export_choice *choice, rec_graph_format format, size_t limit,
                            const rec_export_sink *sink, rec_graph_report *report, rec_error *err)
{
    struct graph g = {
        .store = store, .format = format, .sink = sink, .report = report, .ids = REC_BUF_INIT(MAX_IDS), .piece = REC_BUF_INIT(MAX_PIECE)
    };
    rec_status rc = rec_store_read_begin(store, err);

    if (rc != REC_OK)
        return rc;
    *report = (rec_graph_report){ .papers = 0 };
    rc = write_graph(&g, choice, limit, err);
    rec_store_read_end(store);
    rec_free(g.nodes);
    rec_buf_clear(&g.ids);
    rec_buf_clear(&g.piece);
    return rc;
}
