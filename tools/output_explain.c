/* An explanation as text and as JSON: see output_explain.h. */
#include "output_explain.h"

#include "json_make.h"
#include "rec/json_text.h"

#include <stdio.h>

/* ---- what both formats show ---------------------------------------------------------------------------------------- */

struct part {
    const char *name;
    float value, weight; /* its cosine, its share of one, or what authors share; what that is multiplied with */
};

#define PARTS 6

static void list_parts(const rec_explanation *x, struct part parts[PARTS])
{
    const rec_detail *detail = &x->detail;

    parts[0] = (struct part){ "words", detail->words, detail->weights[0] };
    parts[1] = (struct part){ "characters", detail->characters, detail->weights[0] };
    parts[2] = (struct part){ "fitted", detail->fitted, detail->weights[1] };
    parts[3] = (struct part){ "trained", detail->trained, detail->weights[1] };
    parts[4] = (struct part){ "smoothed", x->parts.smooth, detail->weights[2] };
    parts[5] = (struct part){ "authors", x->parts.authors, detail->author_weight };
}

static float adds(const struct part *part)
{
    return part->value * part->weight;
}

/* ---- text ---------------------------------------------------------------------------------------------------------- */

static void print_standing(const rec_explanation *x)
{
    static const char *const sentences[] = {
        [REC_IS_SEED] = "not in the list: it is the seed",
        [REC_SAME_TITLE] = "not in the list: its title is the seed's",
        [REC_SAME_ABSTRACT] = "not in the list: its abstract is the seed's",
        [REC_SAME_WORK] = "not in the list: it is a record of the seed's work",
        [REC_MARKED] = "not in the list: it is withdrawn, or its work is retracted",
        [REC_WITHOUT_TEXT] = "not in the list: one of both has no known words",
        [REC_NOT_INDEXED] = "not in the list: not indexed yet; run 'recommend build'",
    };

    if (x->standing == REC_STANDS)
        printf("rank   %zu of %zu listed\n", x->rank, x->listed);
    else if (x->standing == REC_BELOW_THE_LAST)
        printf("rank   not in the list: below the last of %zu, which scores %.3f\n", x->listed, (double)x->last);
    else if (x->standing == REC_NOT_PROPOSED)
        printf("rank   not in the list: above the last of %zu, which scores %.3f, but too far off to be looked at\n", x->listed,
               (double)x->last);
    else
        printf("rank   %s\n", sentences[x->standing]);
}

static void print_paper_line(const char *id, const char *title, bool indexed)
{
    print_value(id);
    fputs("  ", stdout);
    print_value(title && title[0] ? title : "-");
    puts(indexed ? "" : "  (not indexed)");
}

static void print_parts(const rec_explanation *x)
{
    struct part parts[PARTS];

    list_parts(x, parts);
    printf("\n%-12s %7s   %6s   %6s\n", "part", "value", "weight", "adds");
    for (size_t i = 0; i < PARTS; i++)
        printf("%-12s %7.4f x %6.4f = %6.4f\n", parts[i].name, (double)parts[i].value, (double)parts[i].weight, (double)adds(&parts[i]));
}

static void print_shared(const rec_explanation *x, size_t limit)
{
    const rec_shared_list *shared = &x->shared;

    printf("\nshared n-grams: %zu\n", shared->count);
    if (shared->count > 0 && limit > 0)
        printf("%6s  %6s  %5s\n", "adds", "idf", "times");
    for (size_t i = 0; i < shared->count && i < limit; i++) {
        const rec_shared *item = &shared->items[i];
        char text[REC_SHARED_BYTES];

        rec_shared_text(item, text);
        printf("%6.4f  %6.2f  %2u,%2u   ", item->contribution * (double)x->detail.weights[0], (double)item->idf, item->in_seed,
               item->in_other);
        print_value(text);
        putchar('\n');
    }
}

static void print_text(const char *title, const rec_explanation *x, size_t limit)
{
    if (x->seed.doc)
        print_paper_line(x->seed.paper.id.text, x->seed.paper.title, x->seed_indexed);
    else
        print_paper_line("(a text)", title, true);
    print_paper_line(x->other.paper.id.text, x->other.paper.title, x->other_indexed);
    printf("\nscore  %.4f %s (weak from %.4f, fair from %.4f, strong from %.4f)\n", (double)x->parts.total, rec_band_name(x->band),
           rec_band_border(&x->state, REC_BAND_WEAK), rec_band_border(&x->state, REC_BAND_FAIR),
           rec_band_border(&x->state, REC_BAND_STRONG));
    print_standing(x);
    fputs("why    ", stdout);
    print_value(x->reason.text);
    putchar('\n');
    print_parts(x);
    print_shared(x, limit);
}

/* ---- JSON ---------------------------------------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *paper_card(const rec_record *record, bool indexed)
{
    json_t *object = json_object();

    set_key(&object, "id", json_string(record->paper.id.text));
    set_key(&object, "title", text_or_null(record->paper.title));
    set_key(&object, "published", text_or_null(record->paper.date.text[0] ? record->paper.date.text : NULL));
    set_key(&object, "indexed", json_boolean(indexed));
    return object;
}

static json_t *text_card(const char *title)
{
    json_t *object = json_object();

    set_key(&object, "id", json_null());
    set_key(&object, "title", text_or_null(title));
    set_key(&object, "published", json_null());
    set_key(&object, "indexed", json_false());
    return object;
}

static json_t *borders_to_json(const rec_store_state *state)
{
    json_t *object = json_object();

    for (rec_band band = REC_BAND_WEAK; band <= REC_BAND_STRONG; band++)
        set_key(&object, rec_band_name(band), json_real(rec_band_border(state, band)));
    return object;
}

static json_t *parts_to_json(const rec_explanation *x)
{
    json_t *list = json_array();
    struct part parts[PARTS];

    list_parts(x, parts);
    for (size_t i = 0; i < PARTS; i++)
        add_item(&list, json_pack("{s:s, s:f, s:f, s:f}", "part", parts[i].name, "value", (double)parts[i].value, "weight",
                                  (double)parts[i].weight, "adds", (double)adds(&parts[i])));
    return list;
}

static json_t *shared_to_json(const rec_explanation *x, size_t limit)
{
    json_t *list = json_array();

    for (size_t i = 0; i < x->shared.count && i < limit; i++) {
        const rec_shared *item = &x->shared.items[i];
        char text[REC_SHARED_BYTES];

        rec_shared_text(item, text);
        add_item(&list, json_pack("{s:s, s:f, s:i, s:i, s:f}", "text", text, "idf", (double)item->idf, "in_seed", (int)item->in_seed,
                                  "in_paper", (int)item->in_other, "adds", item->contribution * (double)x->detail.weights[0]));
    }
    return list;
}

static rec_status explanation_to_text(const char *title, const rec_explanation *x, size_t limit, rec_buf *out, rec_error *err)
{
    rec_put_open(out, NULL, '{');
    rec_put_integer(out, "schema_version", JSON_SCHEMA_VERSION);
    rec_put_tree(out, "seed", x->seed.doc ? paper_card(&x->seed, x->seed_indexed) : text_card(title), REC_DIGITS_FLOAT);
    rec_put_tree(out, "paper", paper_card(&x->other, x->other_indexed), REC_DIGITS_FLOAT);
    rec_put_real(out, "score", (double)x->parts.total, REC_DIGITS_FLOAT);
    rec_put_text(out, "band", rec_band_name(x->band));
    rec_put_tree(out, "borders", borders_to_json(&x->state), REC_DIGITS_FLOAT);
    rec_put_text(out, "standing", rec_standing_name(x->standing));
    rec_put_tree(out, "rank", x->rank > 0 ? json_integer((json_int_t)x->rank) : json_null(), REC_DIGITS_FLOAT);
    rec_put_integer(out, "listed", (int64_t)x->listed);
    rec_put_tree(out, "last", x->listed > 0 ? json_real((double)x->last) : json_null(), REC_DIGITS_FLOAT);
    put_reason(out, "reason", &x->reason);
    rec_put_tree(out, "parts", parts_to_json(x), REC_DIGITS_FLOAT);
    rec_put_tree(out, "shared", shared_to_json(x, limit), REC_DIGITS_FLOAT);
    rec_put_integer(out, "shared_count", (int64_t)x->shared.count);
    put_index(out, "index", &x->state, true);
    rec_put_close(out, '}');
    return end_line(out, err);
}

rec_status print_explanation(enum format format, const char *title, const rec_explanation *explanation, size_t limit, rec_error *err)
{
    rec_buf lines = REC_BUF_INIT(SIZE_MAX / 2);

    if (format != FORMAT_TEXT)
        return print_lines(explanation_to_text(title, explanation, limit, &lines, err), &lines);
    print_text(title, explanation, limit);
    return REC_OK;
}
