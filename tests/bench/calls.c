/* Whole processes, as a mail job or a shell calls them: see bench.h. A rival runs in turn with ours, so that both meet the same machine. */
#include "bench.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define CALLS 200
#define COLD_CALLS 20
#define SLOW_CALLS 50
#define WORDS_MAX 100000 /* bytes of a question */

/* A file's lines, one at a time, from the start again at its end. */
struct lines {
    FILE *file;
    char text[WORDS_MAX];
};

static rec_status lines_open(struct lines *lines, const char *path, rec_error *err)
{
    lines->file = fopen(path, "re");
    return lines->file ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
}

static const char *lines_next(struct lines *lines)
{
    if (!fgets(lines->text, sizeof(lines->text), lines->file)) {
        rewind(lines->file);
        if (!fgets(lines->text, sizeof(lines->text), lines->file))
            return "";
    }
    lines->text[strcspn(lines->text, "\n")] = '\0';
    return lines->text;
}

static rec_status run_into(struct samples *samples, char *const argv[], rec_error *err)
{
    struct usage usage;
    rec_status rc = process_run(argv, &usage, err);

    if (rc == REC_OK)
        samples_add(samples, &usage);
    return rc;
}

static void report_pair(const char *path, struct samples *ours, const char *rival_name, struct samples *rival)
{
    struct row row = row_of(path, 1, ours);

    if (rival->count > 0) {
        row.rival = samples_quantile(rival, 0.5);
        row.rival_name = rival_name;
    }
    report_row(&row);
}

static rec_status one_call(const struct bench *bench, bool cold, rec_error *err)
{
    struct samples ours = { .count = 0 }, rival = { .count = 0 };
    struct lines ids;
    rec_status rc = lines_open(&ids, bench->many_ids, err);

    for (size_t i = 0; i < (cold ? COLD_CALLS : CALLS) && rc == REC_OK; i++) {
        char *call[] = { (char *)bench->program, "--quiet", "--db", (char *)bench->store, "similar", (char *)lines_next(&ids), NULL };
        char *select[] = { "sqlite3", (char *)bench->store, "select 1", NULL };

        if (cold)
            process_forget_file(bench->store);
        if ((rc = run_into(&ours, call, err)) != REC_OK)
            break;
        if (cold)
            process_forget_file(bench->store);
        rc = run_into(&rival, select, err);
    }
    if (rc == REC_OK)
        report_pair(cold ? "a stored paper, the store out of the page cache" : "a stored paper", &ours, "`sqlite3 FILE 'select 1'`",
                    &rival);
    if (ids.file)
        fclose(ids.file);
    return rc;
}

static rec_status many_answers(const struct bench *bench, const char *path, const char *ids, size_t runs, rec_error *err)
{
    struct samples ours = { .count = 0 }, none = { .count = 0 };
    char *batch[] = { (char *)bench->program, "--db", (char *)bench->store, "batch", (char *)ids, NULL };
    rec_status rc = REC_OK;

    for (size_t i = 0; i < runs && rc == REC_OK; i++)
        rc = run_into(&ours, batch, err);
    if (rc == REC_OK)
        report_pair(path, &ours, NULL, &none);
    return rc;
}

/* Puts the next question's abstract into a file of its own and its title into `title`. */
static rec_status next_question(struct lines *texts, const char *path, char *title, size_t room, rec_error *err)
{
    json_t *paper = json_loads(lines_next(texts), 0, NULL);
    FILE *file = fopen(path, "we");
    rec_status rc = REC_OK;

    snprintf(title, room, "%s", json_string_value(json_object_get(paper, "title")));
    if (!file || fputs(json_string_value(json_object_get(paper, "abstract")), file) == EOF)
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    if (file && fclose(file) != 0 && rc == REC_OK)
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    json_decref(paper);
    return rc;
}

/* A text; the rival is the same store's word search (SQLite FTS5, BM25) for its title. */
static rec_status a_text(const struct bench *bench, const char *path, const char *category, rec_error *err)
{
    struct samples ours = { .count = 0 }, rival = { .count = 0 };
    char question[PATH_MAX + 16], title[4200];
    struct lines texts;
    rec_status rc = lines_open(&texts, bench->texts, err);

    snprintf(question, sizeof(question), "%s.question", bench->texts);
    for (size_t i = 0; i < SLOW_CALLS && rc == REC_OK; i++) {
        char *ask[] = {
            (char *)bench->program,         "--quiet",        "--db", (char *)bench->store, "similar", "--title", title, "--text", question,
            category ? "--category" : NULL, (char *)category, NULL
        };
        char *search[] = { (char *)bench->program, "--quiet", "--db", (char *)bench->store, "search", "--", title, NULL };

        if ((rc = next_question(&texts, question, title, sizeof(title), err)) == REC_OK)
            rc = run_into(&ours, ask, err);
        if (rc == REC_OK && !category)
            rc = run_into(&rival, search, err);
    }
    if (rc == REC_OK)
        report_pair(path, &ours, "`search` for its title (FTS5)", &rival);
    if (texts.file)
        fclose(texts.file);
    return rc;
}

/* Categories of many shares of the corpus, from half of it down. */
static rec_status filtered(const struct bench *bench, rec_error *err)
{
    char line[512], path[640];
    FILE *file = fopen(bench->filters, "re");
    rec_status rc = file ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", bench->filters);

    while (rc == REC_OK && fgets(line, sizeof(line), file)) {
        char category[256];
        double share;

        if (sscanf(line, "%lf %255[^\n]", &share, category) != 2)
            continue;
        snprintf(path, sizeof(path), "a text, `--category %s` (%.3g%% of the papers)", category, 100 * share);
        rc = a_text(bench, path, category, err);
    }
    if (file)
        fclose(file);
    return rc;
}

rec_status measure_calls(const struct bench *bench, rec_error *err)
{
    rec_status rc = one_call(bench, false, err);

    if (rc == REC_OK)
        rc = one_call(bench, true, err);
    if (rc == REC_OK)
        rc = many_answers(bench, "an edition: `batch` of 100 stored papers", bench->ids, SLOW_CALLS, err);
    if (rc == REC_OK)
        rc = many_answers(bench, "`batch` of 10,000 stored papers", bench->many_ids, 3, err);
    if (rc == REC_OK)
        rc = a_text(bench, "a text", NULL, err);
    return rc == REC_OK ? filtered(bench, err) : rc;
}
