/* Real papers and mixtures of them: see pool.h. */
#include "pool.h"

#include "alloc.h"
#include "buf.h"
#include "rec/reader.h"
#include "rec/source.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BUCKETS (1u << 20)
#define LONG_WORD 6      /* letters: shorter words say little of a subject */
#define COMMON_WORD 1000 /* papers: a word in more titles than these ties nobody together */
#define PARTS 3          /* papers that a made one is mixed of */
#define TRIES 8          /* draws for a paper that is another one */
#define SENTENCES 64     /* of one abstract that are told apart; the rest goes with the last */

struct pool {
    struct bench_paper *papers; /* (count) */
    size_t count, room;
    uint32_t *starts; /* (WORD_BUCKETS + 1) where the papers of a title word begin in `with_word` */
    uint32_t *with_word;
};

void bench_paper_clear(struct bench_paper *paper)
{
    rec_free(paper->id);
    rec_free(paper->title);
    rec_free(paper->abstract);
    rec_free(paper->authors);
    rec_free(paper->categories);
    rec_free(paper->date);
    *paper = (struct bench_paper){ NULL, NULL, NULL, NULL, NULL, NULL };
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->count; i++)
        bench_paper_clear(&pool->papers[i]);
    rec_free(pool->papers);
    rec_free(pool->starts);
    rec_free(pool->with_word);
    rec_free(pool);
}

size_t pool_count(const struct pool *pool)
{
    return pool->count;
}

const struct bench_paper *pool_paper(const struct pool *pool, size_t i)
{
    return &pool->papers[i];
}

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory for a corpus");
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* The strings that a paper of the pool keeps change hands. */
static char *taken(char **text)
{
    char *kept = *text;

    *text = NULL;
    return kept;
}

static rec_status add_paper(struct pool *pool, rec_paper *paper, rec_error *err)
{
    struct bench_paper *to;

    if (!paper->title || !paper->abstract || !*paper->title || !*paper->abstract)
        return REC_OK;
    if (pool->count == pool->room) {
        size_t room = pool->room ? 2 * pool->room : 4096;
        struct bench_paper *papers = rec_resize_array(pool->papers, room, sizeof(*papers));

        if (!papers)
            return out_of_memory(err);
        pool->papers = papers;
        pool->room = room;
    }
    to = &pool->papers[pool->count];
    *to = (struct bench_paper){ rec_strdup(paper->id.text), taken(&paper->title),      taken(&paper->abstract),
                                taken(&paper->authors),     taken(&paper->categories), rec_strdup(paper->date.text) };
    pool->count++;
    return to->id && to->date ? REC_OK : out_of_memory(err);
}

static rec_status read_file(struct pool *pool, const char *path, size_t most, rec_error *err)
{
    rec_source *source = NULL;
    rec_line line;
    rec_status rc = rec_source_open(path, &source, err);

    while (rc == REC_OK && pool->count < most && (rc = rec_source_next(source, &line, err)) == REC_OK && line.text) {
        rec_paper paper = REC_PAPER_INIT;

        if (rec_read_json(line.text, line.length, &paper, NULL) != REC_OK)
            continue; /* the pool takes what can be read */
        rc = add_paper(pool, &paper, err);
        rec_paper_clear(&paper);
    }
    rec_source_close(source);
    return rc;
}

/* Calls `visit` for the bucket of each long word of a title. */
static void each_title_word(const char *title, void (*visit)(uint32_t bucket, void *context), void *context)
{
    for (const char *at = title; *at;) {
        uint32_t hash = 2166136261u;
        size_t length = 0;

        while (*at && !isalpha((unsigned char)*at))
            at++;
        for (; isalpha((unsigned char)*at); at++, length++)
            hash = (hash ^ (uint8_t)tolower((unsigned char)*at)) * 16777619u;
        if (length >= LONG_WORD)
            visit((hash ^ hash >> 15) & (WORD_BUCKETS - 1), context);
    }
}

struct filling {
    uint32_t *at;
    uint32_t *with_word; /* NULL while counting */
    uint32_t paper;
};

static void note_word(uint32_t bucket, void *context)
{
    struct filling *f = context;

    if (f->with_word)
        f->with_word[f->at[bucket]] = f->paper;
    f->at[bucket]++;
}

static void walk_titles(const struct pool *pool, struct filling *f)
{
    for (size_t i = 0; i < pool->count; i++) {
        f->paper = (uint32_t)i;
        each_title_word(pool->papers[i].title, note_word, f);
    }
}

/* Papers by the words of their titles, as one array cut into buckets. */
static rec_status index_titles(struct pool *pool, rec_error *err)
{
    struct filling f = { .at = rec_alloc_array(WORD_BUCKETS + 1, sizeof(uint32_t)) };
    uint32_t sum = 0;
    rec_status rc = REC_OK;

    pool->starts = rec_alloc_array(WORD_BUCKETS + 1, sizeof(*pool->starts));
    if (!f.at || !pool->starts) {
        rc = out_of_memory(err);
        goto done;
    }
    walk_titles(pool, &f);
    for (size_t b = 0; b <= WORD_BUCKETS; b++) {
        pool->starts[b] = sum;
        sum += f.at[b];
        f.at[b] = pool->starts[b];
    }
    if (!(pool->with_word = rec_alloc_array(sum, sizeof(*pool->with_word)))) {
        rc = out_of_memory(err);
        goto done;
    }
    f.with_word = pool->with_word;
    walk_titles(pool, &f);

done:
    rec_free(f.at);
    return rc;
}

rec_status pool_read(char *const *paths, size_t count, size_t most, struct pool **out, rec_error *err)
{
    struct pool *pool = rec_alloc(sizeof(*pool));
    rec_status rc = pool ? REC_OK : out_of_memory(err);

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = read_file(pool, paths[i], most, err);
    if (rc == REC_OK && pool->count == 0)
        rc = rec_fail(err, REC_EFORMAT, "no paper with a title and an abstract in '%s'", paths[0]);
    if (rc == REC_OK)
        rc = index_titles(pool, err);
    if (rc == REC_OK)
        *out = pool;
    else
        pool_free(pool);
    return rc;
}

/* ---- mixing -------------------------------------------------------------------------------------------------------- */

struct span {
    const char *text;
    size_t length;
};

/* A sentence ends at a stop before a blank and a capital. */
static size_t split_sentences(const char *text, struct span out[SENTENCES])
{
    const char *start = text;
    size_t n = 0;

    for (const char *at = text; *at && n + 1 < SENTENCES; at++)
        if ((*at == '.' || *at == '?' || *at == '!') && at[1] == ' ' && isupper((unsigned char)at[2])) {
            out[n++] = (struct span){ start, (size_t)(at + 1 - start) };
            start = at + 2;
        }
    if (*start)
        out[n++] = (struct span){ start, strlen(start) };
    return n;
}

struct rarest {
    const struct pool *pool;
    uint32_t bucket, papers;
};

static void keep_rarest(uint32_t bucket, void *context)
{
    struct rarest *r = context;
    uint32_t papers = r->pool->starts[bucket + 1] - r->pool->starts[bucket];

    if (papers > 1 && papers < r->papers) {
        r->bucket = bucket;
        r->papers = papers;
    }
}

/* Another paper about the same: one that shares the rarest of the title's words that any other title has; else any. */
static size_t draw_relative(const struct pool *pool, rec_random *random, size_t of)
{
    struct rarest r = { .pool = pool, .papers = COMMON_WORD };
    size_t drawn = of;

    each_title_word(pool->papers[of].title, keep_rarest, &r);
    for (size_t tries = 0; drawn == of && tries < TRIES; tries++)
        drawn = r.papers == COMMON_WORD ? rec_random_below(random, pool->count)
                                        : pool->with_word[pool->starts[r.bucket] + rec_random_below(random, r.papers)];
    return drawn;
}

/* Sentence by sentence from whichever paper the draw names; the places in the papers are kept. */
static void mix_abstracts(const struct bench_paper *const parts[PARTS], rec_random *random, rec_buf *out)
{
    struct span sentences[PARTS][SENTENCES];
    size_t counts[PARTS], longest = 0;

    for (size_t p = 0; p < PARTS; p++) {
        counts[p] = split_sentences(parts[p]->abstract, sentences[p]);
        longest = counts[p] > longest ? counts[p] : longest;
    }
    for (size_t s = 0; s < longest; s++) {
        size_t p = rec_random_below(random, PARTS);

        if (s >= counts[p])
            continue;
        if (out->length > 0)
            rec_buf_putc(out, ' ');
        rec_buf_add(out, sentences[p][s].text, sentences[p][s].length);
    }
    if (out->length == 0)
        rec_buf_puts(out, parts[0]->abstract);
}

/* The first half of one title's words and the second half of another's. */
static void mix_titles(const char *first, const char *second, rec_buf *out)
{
    const char *middle = strchr(first + strlen(first) / 2, ' '), *rest = strchr(second + strlen(second) / 2, ' ');

    rec_buf_add(out, first, middle ? (size_t)(middle - first) : strlen(first));
    rec_buf_puts(out, rest ? rest : " revisited");
}

static char *copy_or_null(const char *text)
{
    return text ? rec_strdup(text) : NULL;
}

rec_status pool_mix(const struct pool *pool, rec_random *random, uint64_t number, struct bench_paper *out, rec_error *err)
{
    size_t first = rec_random_below(random, pool->count), second = draw_relative(pool, random, first);
    size_t third = draw_relative(pool, random, second);
    const struct bench_paper *const parts[PARTS] = { &pool->papers[first], &pool->papers[second], &pool->papers[third] };
    const struct bench_paper *dated = parts[rec_random_below(random, PARTS)];
    rec_buf title = REC_BUF_INIT(2 * REC_MAX_TITLE), abstract = REC_BUF_INIT(REC_MAX_ABSTRACT);
    char id[32];

    snprintf(id, sizeof(id), "made-%08llu", (unsigned long long)number);
    mix_titles(parts[0]->title, parts[1]->title, &title);
    mix_abstracts(parts, random, &abstract);
    *out = (struct bench_paper){ rec_strdup(id),
                                 rec_strdup(rec_buf_text(&title)),
                                 rec_strdup(rec_buf_text(&abstract)),
                                 copy_or_null(parts[rec_random_below(random, PARTS)]->authors),
                                 copy_or_null(dated->categories),
                                 copy_or_null(dated->date) };
    rec_buf_clear(&title);
    rec_buf_clear(&abstract);
    if (out->id && out->title && out->abstract)
        return REC_OK;
    bench_paper_clear(out);
    return out_of_memory(err);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static int set_text(json_t *object, const char *name, const char *text)
{
    return text && *text ? json_object_set_new(object, name, json_string(text)) : 0;
}

static int set_list(json_t *object, const char *name, const char *list)
{
    return list ? json_object_set_new(object, name, json_loads(list, 0, NULL)) : 0;
}

rec_status bench_paper_write(FILE *file, const struct bench_paper *paper, rec_error *err)
{
    json_t *object = json_object();
    rec_status rc = REC_OK;

    if (set_text(object, "id", paper->id) != 0 || set_text(object, "title", paper->title) != 0 ||
        set_text(object, "abstract", paper->abstract) != 0 || set_list(object, "authors", paper->authors) != 0 ||
        set_text(object, "date", paper->date) != 0 || set_list(object, "categories", paper->categories) != 0)
        rc = out_of_memory(err);
    else if (json_dumpf(object, file, JSON_COMPACT) != 0 || fputc('\n', file) == EOF)
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot write a corpus");
    json_decref(object);
    return rc;
}

rec_status pool_write_corpus(const struct pool *pool, size_t size, uint64_t seed, const char *path, rec_error *err)
{
    rec_random random = { seed };
    FILE *file = fopen(path, "we");
    rec_status rc = REC_OK;

    if (!file)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    for (size_t i = 0; i < size && rc == REC_OK; i++) {
        struct bench_paper made = { NULL, NULL, NULL, NULL, NULL, NULL };

        if (i >= pool->count)
            rc = pool_mix(pool, &random, i, &made, err);
        if (rc == REC_OK)
            rc = bench_paper_write(file, i < pool->count ? &pool->papers[i] : &made, err);
        bench_paper_clear(&made);
    }
    if (fclose(file) != 0 && rc == REC_OK)
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    return rc;
}
