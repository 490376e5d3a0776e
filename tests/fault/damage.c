/*
 * Damages the files of a store, thousands of ways, and asks it everything.
 *
 *   fault_damage PROGRAM LAYER SAMPLE TABLE model|index|ngrams|map|table|shipped|store|bits|sealed CASES SECONDS [FIRST]
 *
 * in an empty folder. With FIRST the cases begin with that number, and the file of the last one stays as it was damaged. Each case is drawn
 * from its number: bits turned, ranges overwritten, zeroed, taken out, put in, swapped or repeated, the file cut or grown, a field of its
 * head set to an extreme. After each:
 *
 * - `check` finds it (of a store: or else every answer is right, or computed anew because lists were lost whole, as if no build had been;
 *   of damage within pages, what words find may differ, for their index has no sums, and a word may be refused that cannot be looked up),
 * - a question gives the right bytes, or nothing, exit status 5 and words that name a way out,
 * - nothing ends by a signal, takes more than ten seconds of a processor, or more memory than MEMORY.
 *
 * `bits` turns a single bit of the store in each case, most often one within a row. `sealed` alters the content of side files and gives
 * them right checksums: whoever can write them can make any answer, but no crash. No more cases are begun once SECONDS (0: no limit) are
 * over.
 */
#include "parts.h"
#include "runner.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define MEMORY (1ul << 29) /* bytes of address space; the table is 8 MB, the libraries are 40 */
#define SECONDS_OF_CPU 10
#define SHOWN 10 /* failures that are told in full */
#define WORDS 12
#define PAGE 4096
#define HEADER 128 /* of a sealed file */
#define SEAL_AT 64

/* ---- what is asked ------------------------------------------------------------------------------------------------- */

struct question {
    const char *words[WORDS];
    bool may_tell; /* of the side files, so that its answer may differ */
    bool by_words; /* it asks the word index */
};

#define SEED "reef-cloud-2024"

static const struct question questions[] = {
    { .words = { "similar", "--title", "corals in warm water", "--format", "json", "-q" }, .by_words = true },
    { .words = { SEED, "--exact", "--format", "json", "-q" } },
    { .words = { SEED, "--format", "json", "-q" } },
    { .words = { "rank", SEED, "--candidates", "ids.txt", "--format", "json", "-q" } },
    { .words = { "explain", SEED, "reef-larvae-2021", "--format", "json", "-q" } },
    { .words = { "search", "reef", "--format", "json", "-q" }, .by_words = true },
    { .words = { "info", "--format", "json", "-q" }, .may_tell = true },
    { .words = { "digest", "--date", "2025-03-14", "--trending", "2", "--format", "json", "-q" } },
};
#define ALWAYS 2 /* questions of every case; the others take turns */

struct victim {
    const char *name;
    const char *ending; /* of its name behind that of the store, NULL: the shipped table */
    const char *way_out;
    bool refits; /* it is what fits need: `build --refit` must refuse it */
};

static const struct victim victims[] = {
    { "model", "-model.", "run 'recommend build'", false },
    { "index", "-index.", "run 'recommend build'", false },
    { "ngrams", "-ngrams.", "run 'recommend build'", false },
    { "map", "-map.", "run 'recommend build'", false },
    { "table", "-table", "--model", true },
    { "shipped", NULL, "install", true },
    { "store", "", "run", false },
    { "bits", "", "run", false },
};

static bool is_store(const struct victim *victim)
{
    return victim->ending && !victim->ending[0];
}

/* ---- the bench ----------------------------------------------------------------------------------------------------- */

struct bench {
    const char *program, *layer, *table;
    struct place place;
    char path[PATH_MAX]; /* of what is damaged */
    const struct victim *victim;
    bool sealed;
    struct server check, refit, asked[LENGTH(questions)];
    struct text right[LENGTH(questions)];
    struct text whole; /* the file as it was */
    /* of the case that is judged */
    unsigned long number;
    char damage[128];
    bool pages; /* whole pages were hit */
    size_t failed, refused, answered, unnoticed;
};

static void fail(struct bench *b, const char *expected, const char *came)
{
    if (b->failed++ < SHOWN)
        printf("FAILED: case %lu of %s: %s\n  expected: %s\n  came:     %.400s\n", b->number, b->victim->name, b->damage, expected, came);
}

static struct server serve(struct bench *b, const char *const words[WORDS])
{
    char *arguments[WORDS + 4] = { (char *)b->program, (char *)"--db", b->place.store };

    for (size_t i = 0; i < WORDS && words[i]; i++)
        arguments[i + 3] = (char *)words[i];
    return server_start(b->layer, NULL, b->place.folder, arguments);
}

static int ask(struct server *server)
{
    struct fault_order order = { .how = FAULT_NONE, .memory = MEMORY, .seconds = SECONDS_OF_CPU };
    struct fault_reply reply;

    snprintf(order.out, sizeof(order.out), "out");
    snprintf(order.words, sizeof(order.words), "words");
    return server_run(server, &order, &reply);
}

/* ---- damage -------------------------------------------------------------------------------------------------------- */

static uint64_t state;

/* SplitMix64. */
static uint64_t draw(void)
{
    uint64_t x = state += 0x9E3779B97F4A7C15u;

    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* From 0 to bound - 1. */
static size_t below(size_t bound)
{
    return (size_t)(draw() % (bound ? bound : 1));
}

/* Small lengths as often as great ones, `most` at most. */
static size_t some_length(size_t most)
{
    size_t bits = 0, length;

    while (most >> bits > 1)
        bits++;
    length = (size_t)1 << below(bits + 1);
    length += below(length);
    return length < most ? length : most;
}

struct range {
    size_t at, length;
};

static struct range some_range(const struct text *t)
{
    struct range r = { 0, some_length(t->length / 2 + 1) };

    r.at = below(t->length - r.length + 1);
    return r;
}

typedef void damager(struct text *t, struct range r);

static void turn_bit(struct text *t, struct range r)
{
    t->bytes[r.at] ^= (char)(1 << below(8));
}

static void turn_range(struct text *t, struct range r)
{
    for (size_t i = 0; i < r.length; i++)
        t->bytes[r.at + i] = (char)~t->bytes[r.at + i];
}

static void zero_range(struct text *t, struct range r)
{
    memset(t->bytes + r.at, 0, r.length);
}

static void fill_range(struct text *t, struct range r)
{
    for (size_t i = 0; i < r.length; i++)
        t->bytes[r.at + i] = (char)draw();
}

static void cut(struct text *t, struct range r)
{
    t->length = r.at;
}

/* There is room for PAGE * 2 bytes more. */
static void grow(struct text *t, struct range r)
{
    size_t more = some_length(2 * PAGE);

    for (size_t i = 0; i < more; i++)
        t->bytes[t->length++] = r.at % 2 ? (char)draw() : '\0';
}

static void take_out(struct text *t, struct range r)
{
    memmove(t->bytes + r.at, t->bytes + r.at + r.length, t->length - r.at - r.length);
    t->length -= r.length;
}

static void put_in(struct text *t, struct range r)
{
    size_t more = r.length < 2 * PAGE ? r.length : 2 * PAGE;

    memmove(t->bytes + r.at + more, t->bytes + r.at, t->length - r.at);
    t->length += more;
}

static size_t some_page(const struct text *t)
{
    return below(t->length / PAGE) * PAGE;
}

static void swap_pages(struct text *t, struct range r)
{
    size_t a = some_page(t), b = some_page(t);

    (void)r;
    for (size_t i = 0; i < PAGE && a + i < t->length && b + i < t->length; i++) {
        char c = t->bytes[a + i];

        t->bytes[a + i] = t->bytes[b + i];
        t->bytes[b + i] = c;
    }
}

static void repeat_page(struct text *t, struct range r)
{
    size_t a = some_page(t), b = some_page(t), rest = t->length - (a > b ? a : b);

    (void)r;
    memmove(t->bytes + b, t->bytes + a, rest < PAGE ? rest : PAGE);
}

static void overwrite_page(struct text *t, struct range r)
{
    size_t at = some_page(t);

    for (size_t i = 0; i < PAGE && at + i < t->length; i++)
        t->bytes[at + i] = r.length % 2 ? (char)draw() : '\0';
}

/* A number of 2, 4 or 8 bytes, of any byte order, near the beginning of the file or of its payload. */
static void set_field(struct text *t, struct range r)
{
    static const uint64_t extremes[] = { 0,         1,        2,          127,        255,       4096,       65535,
                                         INT32_MAX, 1u << 31, UINT32_MAX, 1ull << 40, INT64_MAX, 1ull << 63, UINT64_MAX };
    size_t size = (size_t)2 << below(3), at = below(HEADER + 64) / size * size;
    uint64_t value = extremes[below(LENGTH(extremes))];

    for (size_t i = 0; i < size && at + i < t->length; i++)
        t->bytes[at + i] = (char)(value >> (r.at % 2 ? 8 * i : 8 * (size - 1 - i)));
}

#define TURN_BIT 0 /* its place below */

static const struct {
    const char *name;
    damager *damage;
    bool pages;
} damages[] = {
    [TURN_BIT] = { "a bit turned", turn_bit, false },
    { "a range turned", turn_range, false },
    { "a range zeroed", zero_range, false },
    { "a range overwritten", fill_range, false },
    { "cut", cut, true },
    { "grown", grow, true },
    { "a range taken out", take_out, true },
    { "a range put in", put_in, true },
    { "blocks swapped", swap_pages, true },
    { "a block repeated", repeat_page, true },
    { "a block overwritten", overwrite_page, true },
    { "a field set", set_field, false },
};

/* ---- right checksums ----------------------------------------------------------------------------------------------- */

/* Seals what stands between the header and the table of checksums anew: sealed.h has the layout. */
static void seal(struct text *t)
{
    size_t blocks = (t->length - HEADER + PAGE + 7) / (PAGE + 8), payload = t->length - HEADER - blocks * 8;
    char *sums = t->bytes + HEADER + payload;
    XXH128_canonical_t whole;
    XXH64_canonical_t head;

    for (size_t i = 0; i < blocks; i++) {
        size_t at = i * PAGE, length = payload - at < PAGE ? payload - at : PAGE;
        XXH64_canonical_t sum;

        XXH64_canonicalFromHash(&sum, XXH3_64bits(t->bytes + HEADER + at, length));
        memcpy(sums + i * 8, &sum, 8);
    }
    XXH128_canonicalFromHash(&whole, XXH3_128bits(sums, blocks * 8));
    memcpy(t->bytes + SEAL_AT, &whole, 16);
    XXH64_canonicalFromHash(&head, XXH3_64bits(t->bytes, HEADER - 8));
    memcpy(t->bytes + HEADER - 8, &head, 8);
}

/* Ways that leave the file's length as it is, in its payload or in the numbers of its header. */
static void alter_sealed(struct text *t)
{
    static damager *const ways[] = { turn_bit, turn_range, zero_range, fill_range, swap_pages, repeat_page, set_field, set_field };
    size_t blocks = (t->length - HEADER + PAGE + 7) / (PAGE + 8);
    struct text inner = { t->bytes, t->length - blocks * 8 };
    char header[HEADER];

    memcpy(header, t->bytes, HEADER);
    ways[below(LENGTH(ways))](&inner, some_range(&inner));
    memcpy(t->bytes, header, 24); /* magic, kind, version, dimension */
    if (below(4) != 0)
        memcpy(t->bytes, header, HEADER);
    seal(t);
}

/* ---- judging ------------------------------------------------------------------------------------------------------- */

/* What holds of every run. */
static void expect_contract(struct bench *b, const char *what, int status, const struct text *out, const struct text *words)
{
    char came[512];

    if (status == 7 && is_store(b->victim))
        return; /* an edition of a day whose papers are not found */
    snprintf(came, sizeof(came), "%s: %d: %s", what, status, words->bytes);
    if (status == RUN_HUNG || status > 7)
        fail(b, "an exit status of the contract", came);
    else if (status != 0 && out->length > 0 && status != 6)
        fail(b, "nothing on standard output of a run that fails", came);
    else if (status != 0 && strncmp(words->bytes, "recommend: ", 11) != 0)
        fail(b, "words that begin with 'recommend: '", came);
    else if (status == 5 && b->victim->ending && b->victim->ending[0] && !b->sealed && !strstr(words->bytes, b->victim->way_out))
        fail(b, b->victim->way_out, came);
}

static int run(struct bench *b, struct server *server, const char *what, struct text *out)
{
    int status = ask(server);
    struct text words = file_read("words");

    *out = file_read("out");
    expect_contract(b, what, status, out, &words);
    if (status != 0 && status != 5 && status <= 7 && !is_store(b->victim))
        fail(b, "exit status 0 or 5", words.bytes);
    text_free(&words);
    return status;
}

/* Whether check finds nothing. */
static bool passes_check(struct bench *b)
{
    struct text out;
    int status = run(b, &b->check, "check", &out);

    text_free(&out);
    return status == 0;
}

static void expect_right_or_refused(struct bench *b, size_t i, bool checked)
{
    struct text out;
    int status = run(b, &b->asked[i], questions[i].words[0], &out);
    bool right = status == 0 && (text_equal(&out, &b->right[i]) || strstr(out.bytes, "\"indexed\":false")), store = is_store(b->victim);

    b->answered += status == 0;
    b->refused += status != 0;
    if (!right && store && checked && (!questions[i].by_words || (b->pages && status != 5)))
        fail(b, "the right answer, for check finds nothing", out.bytes);
    else if (!right && store && checked)
        b->unnoticed++;
    else if (!right && status == 0 && !store && !b->sealed && !questions[i].may_tell)
        fail(b, "the right answer, or none", out.bytes);
    text_free(&out);
}

static void expect_no_fit(struct bench *b)
{
    struct text out;

    if (run(b, &b->refit, "build --refit", &out) != 5)
        fail(b, "exit status 5 of a fit", out.bytes);
    text_free(&out);
}

static void judge(struct bench *b)
{
    bool checked = passes_check(b);
    size_t turn = ALWAYS + b->number % (LENGTH(questions) - ALWAYS);

    if (checked && !b->sealed && b->victim->ending && b->victim->ending[0])
        fail(b, "that check finds it", "ok");
    if (b->victim->refits) {
        expect_no_fit(b);
        expect_right_or_refused(b, ALWAYS, checked);
        return;
    }
    for (size_t i = 0; i < ALWAYS; i++)
        expect_right_or_refused(b, i, checked);
    expect_right_or_refused(b, turn, checked);
}

/* False where the draw changed nothing. */
static bool damage_file(struct bench *b)
{
    struct text t = { malloc(b->whole.length + 2 * PAGE + 1), b->whole.length };
    size_t way = strcmp(b->victim->name, "bits") == 0 ? TURN_BIT : below(LENGTH(damages));
    struct range r;
    bool changed;

    if (!t.bytes)
        give_up("keep", b->path);
    memset(t.bytes, 0, t.length + 2 * PAGE + 1);
    memcpy(t.bytes, b->whole.bytes, t.length);
    r = some_range(&t);
    snprintf(b->damage, sizeof(b->damage), "%s, at %zu, %zu bytes", b->sealed ? "altered and sealed" : damages[way].name, r.at, r.length);
    b->pages = damages[way].pages;
    if (b->sealed)
        alter_sealed(&t);
    else
        damages[way].damage(&t, r);
    changed = !text_equal(&t, &b->whole);
    if (changed)
        file_write(b->path, t.bytes, t.length);
    text_free(&t);
    return changed;
}

/* ---- the sweep ------------------------------------------------------------------------------------------------------ */

static void find_victim(struct bench *b, const struct victim *victim)
{
    struct text names = folder_names("case", true);
    const char *at;

    b->victim = victim;
    text_free(&b->whole);
    snprintf(b->path, sizeof(b->path), "case/papers.db%s", victim->ending && victim->ending[0] ? victim->ending : "");
    if (!victim->ending)
        snprintf(b->path, sizeof(b->path), "data/ngrams.table");
    else if (victim->ending[0] && (at = strstr(names.bytes, b->path + 5)))
        snprintf(b->path, sizeof(b->path), "case/%.*s", (int)strcspn(at, "\n"), at);
    text_free(&names);
    b->whole = file_read(b->path);
    if (b->whole.length < HEADER)
        give_up("find", b->path);
}

static void make_store(struct bench *b)
{
    static const char *const import[] = { "import", "--no-build", "-q", "part1.jsonl", "part2.jsonl" }, *const build[] = {
        "build", "--without-table", "-q", "--threads", "1"
    };
    char *arguments[10] = { (char *)b->program, (char *)"--db", b->place.store };

    for (int step = 0; step < 2; step++) {
        for (size_t i = 0; i < 5; i++)
            arguments[3 + i] = (char *)(step == 0 ? import : build)[i];
        if (run_plainly(arguments, "out", "words") != 0)
            give_up("make", b->place.store);
    }
}

static void copy_file(const char *from, const char *to)
{
    struct text text = file_read(from);

    file_write(to, text.bytes, text.length);
    text_free(&text);
}

static void lay_out(struct bench *b, const char *sample, const struct victim *victim)
{
    static const char *const check[WORDS] = { "check" }, *const refit[WORDS] = { "build", "--refit", "-q" };
    char data[PATH_MAX + 8];

    begin_in_place(&b->place, sample);
    make_folder("data");
    make_store(b);
    if (!victim->ending) {
        copy_file(b->table, "data/ngrams.table");
        snprintf(data, sizeof(data), "%s/data", b->place.folder);
        setenv("RECOMMEND_DATA", data, 1);
    } else if (strcmp(victim->name, "table") == 0) {
        copy_file(b->table, "case/papers.db-table");
    }
    b->check = serve(b, check);
    b->refit = serve(b, refit);
    for (size_t i = 0; i < LENGTH(questions); i++)
        b->asked[i] = serve(b, questions[i].words);
    b->victim = victim;
    if (!passes_check(b))
        give_up("check", b->place.store);
    for (size_t i = 0; i < LENGTH(questions); i++)
        if (run(b, &b->asked[i], questions[i].words[0], &b->right[i]) != 0)
            give_up("ask", questions[i].words[0]);
}

static void tidy(struct bench *b)
{
    server_stop(&b->check);
    server_stop(&b->refit);
    for (size_t i = 0; i < LENGTH(questions); i++) {
        server_stop(&b->asked[i]);
        text_free(&b->right[i]);
    }
    text_free(&b->whole);
}

/* A store is written beside nothing of SQLite's: what a killed reader left would be taken for a log. */
static void restore(struct bench *b)
{
    file_write(b->path, b->whole.bytes, b->whole.length);
    unlink("case/papers.db-wal");
    unlink("case/papers.db-shm");
    unlink("case/papers.db-journal");
}

int main(int argc, char **argv)
{
    static struct bench b;
    const struct victim *victim = NULL;
    unsigned long cases, first, done = 0, nothing = 0;
    time_t end;

    for (size_t i = 0; (argc == 8 || argc == 9) && i < LENGTH(victims); i++)
        if (strcmp(victims[i].name, argv[5]) == 0 || (i == 0 && strcmp(argv[5], "sealed") == 0))
            victim = &victims[i];
    if (!victim) {
        fprintf(stderr, "usage: fault_damage PROGRAM LAYER SAMPLE TABLE model|index|ngrams|map|table|shipped|store|bits|sealed CASES "
                        "SECONDS [FIRST]\n");
        return 2;
    }
    b.program = argv[1];
    b.layer = argv[2];
    b.table = argv[4];
    b.sealed = strcmp(argv[5], "sealed") == 0;
    cases = strtoul(argv[6], NULL, 10);
    end = strtol(argv[7], NULL, 10);
    first = argc == 9 ? strtoul(argv[8], NULL, 10) : 1;
    end = end ? seconds_now() + end : 0;
    lay_out(&b, argv[3], victim);
    find_victim(&b, victim);
    for (; done < cases && (done == 0 || !end || seconds_now() < end); done++) {
        b.number = first + done;
        state = b.number * 0x2545F4914F6CDD1Du;
        if (b.sealed)
            find_victim(&b, &victims[(b.number - 1) % 4]);
        if (damage_file(&b))
            judge(&b);
        else
            nothing++;
        if (argc == 8 || done + 1 < cases)
            restore(&b);
    }
    tidy(&b);
    printf("%s: %lu cases (%lu changed nothing), %zu answers, %zu refusals, %zu failed expectations\n", argv[5], done, nothing, b.answered,
           b.refused, b.failed);
    if (is_store(victim))
        printf("%zu answers by words differ or are refused after damage that check cannot find\n", b.unnoticed);
    if (done < cases)
        printf("SKIPPED: %lu more of them, for the machine is slow\n", cases - done);
    return b.failed == 0 && done > 0 ? 0 : 1;
}
