/*
 * Interrupts and spoils the program at its 1st, 2nd, 3rd ... system call, in the scenarios of scenarios.c.
 *
 *   fault_sweep PROGRAM LAYER MODULE SAMPLE crash|fail|memory SCENARIO POINTS SECONDS [CALL]
 *
 * in an empty folder. At most POINTS runs are made of each way of spoiling, spread evenly over the calls; 0 makes all of them. A machine
 * that is too slow for them makes fewer, spread as evenly, and says so: no more are begun once SECONDS (0: no limit) are over. With CALL,
 * that call alone is spoiled, in each way.
 *
 * crash   kills the program before and after each call that changes something, and lets the power fail there
 * fail    lets each call on a file fail, once or from then on, with a full disk, a failing disk or no descriptor, and lets writes be short
 * memory  lets each request for memory fail, of whatever library
 *
 * After each run: the store opens and `check` passes, no committed paper is missing and no transaction is half there, stored neighbours
 * answer as before the command or as after it; the same command again finishes the work, with the same files and the same answers, byte for
 * byte, as a run that nothing happened to. A run that was not killed ends with an exit status of the contract and says why on one line.
 */
#include "parts.h"
#include "runner.h"
#include "scenarios.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define STRUCK_DOWN (1000 + SIGKILL)
#define SHOWN 10 /* failures that are told in full */

/* One way of spoiling a run. */
struct spoiling {
    const char *name;
    unsigned kinds;
    enum fault_how how;
    int code;
};

static const struct spoiling crashes[] = {
    { "killed before", FAULT_CHANGES, FAULT_KILL, 0 },
    { "killed after", FAULT_CHANGES, FAULT_KILL_AFTER, 0 },
    { "no power from", FAULT_CHANGES, FAULT_POWER, 0 },
    { "no power, blocks lost, from", FAULT_CHANGES, FAULT_POWER_TORN, 0 },
};
static const struct spoiling failures[] = {
    { "full disk once at", FAULT_WRITE | FAULT_SIZE | FAULT_SYNC, FAULT_ERROR, ENOSPC },
    { "full disk from", FAULT_WRITE | FAULT_SIZE | FAULT_SYNC | FAULT_OPEN | FAULT_NAME, FAULT_ERRORS, ENOSPC },
    { "input/output error once at", FAULT_FILES, FAULT_ERROR, EIO },
    { "input/output error from", FAULT_FILES, FAULT_ERRORS, EIO },
    { "no descriptor at", FAULT_OPEN, FAULT_ERROR, EMFILE },
    { "no memory for the map at", FAULT_MAP, FAULT_ERROR, ENOMEM },
    { "half of", FAULT_WRITE, FAULT_SHORT, 0 },
    { "interrupted by a signal at", FAULT_WRITE | FAULT_READ | FAULT_OPEN, FAULT_ERROR, EINTR },
};
static const struct spoiling shortages[] = {
    { "no memory once at request", FAULT_ALLOC, FAULT_ERROR, ENOMEM },
    { "no memory from request", FAULT_ALLOC, FAULT_ERRORS, ENOMEM },
};

/* ---- the bench ----------------------------------------------------------------------------------------------------- */

struct bench {
    const char *program, *layer, *module;
    const struct scenario *scenario;
    struct place place; /* below case/, which is the only folder that is watched, is the store */
    struct server command, check, questions[SCENARIO_QUESTIONS];
    struct text old[SCENARIO_QUESTIONS], new[SCENARIO_QUESTIONS]; /* the questions' answers before and after an undisturbed run */
    struct text names;                                            /* the files that such a run leaves */
    struct text output;                                           /* of the command itself */
    long papers_before, papers_after;                             /* of such a run */
    /* of the run that is judged */
    const struct spoiling *spoiling;
    unsigned long at, calls;
    struct fault_reply reply;
    size_t runs, points, faults;
    size_t ended;       /* runs that a library ended */
    unsigned long only; /* the one call that is spoiled, 0: all */
    time_t end;         /* of this way of spoiling, as the monotonic clock counts; 0: none */
};

static void fault(struct bench *b, const char *expected, const char *came)
{
    if (b->faults++ < SHOWN)
        printf("FAILED: %s, %s call %lu (%s)\n  expected: %s\n  came:     %.400s\n", b->scenario->name,
               b->spoiling ? b->spoiling->name : "undisturbed,", b->at, b->reply.struck, expected, came);
}

static bool is_asked(const char *const words[SCENARIO_WORDS])
{
    return words[0] != NULL;
}

static void make_arguments(struct bench *b, const char *const words[SCENARIO_WORDS], char *out[SCENARIO_WORDS + 4])
{
    size_t n = 0;

    out[n++] = (char *)b->program;
    out[n++] = "--db";
    out[n++] = b->place.store;
    for (size_t i = 0; i < SCENARIO_WORDS && words[i]; i++)
        out[n++] = (char *)words[i];
    out[n] = NULL;
}

static struct server serve(struct bench *b, const char *module, const char *const words[SCENARIO_WORDS])
{
    char *arguments[SCENARIO_WORDS + 4], watched[PATH_MAX + 8];

    make_arguments(b, words, arguments);
    snprintf(watched, sizeof(watched), "%s/case", b->place.folder);
    return server_start(b->layer, module, watched, arguments);
}

static int run(struct server *server, struct fault_order order, struct fault_reply *reply)
{
    snprintf(order.out, sizeof(order.out), "out");
    snprintf(order.words, sizeof(order.words), "words");
    return server_run(server, &order, reply);
}

/* Runs something that nothing happens to. An exit status, or what server_run() gives. */
static int run_undisturbed(struct server *server)
{
    struct fault_reply reply;

    return run(server, (struct fault_order){ .how = FAULT_NONE }, &reply);
}

/* ---- checks -------------------------------------------------------------------------------------------------------- */

static void expect_status(struct bench *b, const char *what, int status, int wanted, int or_else)
{
    char came[512];
    struct text words;

    if (status == wanted || status == or_else)
        return;
    words = file_read("words");
    snprintf(came, sizeof(came), "%s: %d: %s", what, status, words.bytes);
    fault(b, wanted == 0 ? "exit status 0" : "another exit status", came);
    text_free(&words);
}

static bool is_an_edge(const struct scenario *s, long papers)
{
    for (size_t i = 0; i < SCENARIO_EDGES && s->edges[i]; i++)
        if (s->edges[i] == papers)
            return true;
    return false;
}

/*
 * The store is sound, and holds what was committed; where nothing was committed yet it may not be there. A run that lived keeps the records
 * before the one that it failed at.
 */
static void expect_sound(struct bench *b, bool lived)
{
    int status = run_undisturbed(&b->check);
    struct text out = file_read("out"), words = file_read("words");
    bool had_none = b->papers_before == 0 && b->reply.added == 0;
    long papers = -1, committed = b->papers_before + b->reply.added;

    if (status == 5 && had_none && (strstr(words.bytes, "no such file") || strstr(words.bytes, "it is empty")))
        goto done;
    expect_status(b, "check", status, 0, 0);
    if (status != 0)
        goto done;
    if (sscanf(out.bytes, "ok: %ld papers", &papers) != 1)
        fault(b, "a number of papers", out.bytes);
    /* A commit that did not return may have happened: more may be done than is known of, never less. */
    else if (b->papers_after < b->papers_before ? papers > committed : papers < committed)
        fault(b, "every committed paper", out.bytes);
    else if (!lived && !is_an_edge(b->scenario, papers) && !(had_none && papers == 0))
        fault(b, "whole transactions", out.bytes);

done:
    text_free(&out);
    text_free(&words);
}

/* What was answered before the command, or what is answered after it. */
static void expect_old_or_new(struct bench *b)
{
    struct text out;

    if (!is_asked(b->scenario->questions[0]))
        return;
    expect_status(b, "stored neighbours", run_undisturbed(&b->questions[0]), 0, 0);
    out = file_read("out");
    if (!text_equal(&out, &b->old[0]) && !text_equal(&out, &b->new[0]))
        fault(b, "the answers of before or of after", out.bytes);
    text_free(&out);
}

static void expect_finished(struct bench *b)
{
    struct text names;

    expect_status(b, "the same command again", run_undisturbed(&b->command), 0, b->scenario->again);
    if (b->runs % 4 == 0) /* it reads everything, and takes longest */
        expect_status(b, "check", run_undisturbed(&b->check), 0, 0);
    for (size_t i = 0; i < SCENARIO_QUESTIONS; i++)
        if (is_asked(b->scenario->questions[i])) {
            struct text out;

            expect_status(b, "a question", run_undisturbed(&b->questions[i]), 0, 0);
            out = file_read("out");
            if (!text_equal(&out, &b->new[i]))
                fault(b, "the answers of an undisturbed run", out.bytes);
            text_free(&out);
        }
    names = folder_names("case", false);
    if (!text_equal(&names, &b->names))
        fault(b, b->names.bytes, names.bytes);
    text_free(&names);
}

/* Whether each line is that of an undisturbed run, or tells of an error. */
static bool are_right_or_errors(const struct bench *b, const char *line)
{
    const char *right = b->output.bytes;

    while (*line && *right) {
        size_t length = strcspn(line, "\n"), wanted = strcspn(right, "\n");
        const char *error = strstr(line, "\"status\":\"error\"");

        if ((length != wanted || memcmp(line, right, length) != 0) && (!error || error >= line + length))
            return false;
        line += length + (line[length] == '\n');
        right += wanted + (right[wanted] == '\n');
    }
    return !*line;
}

/* A run that lived: what it says of itself. */
static void expect_contract(struct bench *b, int status)
{
    struct text out = file_read("out"), words = file_read("words");
    const char *line = words.bytes;

    if (status == RUN_HUNG || status > 7)
        fault(b, "an exit status of the contract", status == RUN_HUNG ? "it hung" : words.bytes);
    else if (status != 0 && status != 1 && status != 5 && !(status == 6 && b->scenario->parts))
        fault(b, "exit status 0, 1 or 5", words.bytes);
    if (status != 0 && words.length == 0)
        fault(b, "a sentence that says what failed", "(nothing)");
    for (; *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : "")
        if (strncmp(line, "recommend: ", 11) != 0)
            fault(b, "lines that begin with 'recommend: '", line);
    if (b->scenario->parts && !are_right_or_errors(b, out.bytes))
        fault(b, "lines of an undisturbed run, or of errors", out.bytes);
    if (status != 0 && b->scenario->reads && !b->scenario->parts && out.length > 0)
        fault(b, "nothing on standard output", out.bytes);
    if (status == 0 && b->scenario->reads && !text_equal(&out, &b->output))
        fault(b, "the answer of an undisturbed run", out.bytes);
    text_free(&out);
    text_free(&words);
}

/*
 * Libraries that have no way to report a lack of memory: the C library, when a thread first uses thread-local data of a module, and the
 * threads of the BLAS that a build loads. They end the process with words of their own; the store must stand it like a kill.
 */
static bool was_ended_by_a_library(const struct bench *b)
{
    static const char *const last_words[] = { "cannot allocate memory for thread-local data: ABORT", "libgomp: Out of memory allocating" };
    struct text words = file_read("words");
    bool ended = false;

    for (size_t i = 0; i < LENGTH(last_words) && b->spoiling->kinds == FAULT_ALLOC; i++)
        ended |= strstr(words.bytes, last_words[i]) != NULL;
    text_free(&words);
    return ended;
}

/* ---- sweeps -------------------------------------------------------------------------------------------------------- */

static void spoil(struct bench *b, const char *start)
{
    const struct spoiling *s = b->spoiling;
    struct fault_order order = { .kinds = s->kinds, .at = b->at, .how = s->how, .code = s->code };
    int status;
    bool lived;

    folder_copy(start, "case");
    status = run(&b->command, order, &b->reply);
    lived = status != STRUCK_DOWN && !was_ended_by_a_library(b);
    if (lived)
        expect_contract(b, status);
    else if (status != STRUCK_DOWN)
        b->ended++;
    else if (s->how == FAULT_ERROR || s->how == FAULT_ERRORS || s->how == FAULT_SHORT)
        fault(b, "a program that goes on", "it was killed");
    expect_sound(b, lived);
    if (b->scenario->reads)
        return;
    expect_old_or_new(b);
    expect_finished(b);
}

/* A step that has no divisor in common with `count`, near its golden section: the first points are spread as evenly as all are. */
static unsigned long stride_through(unsigned long count)
{
    unsigned long stride = count * 618 / 1000 + 1;

    for (;; stride++) {
        unsigned long a = count, b = stride;

        while (b > 0) {
            unsigned long rest = a % b;

            a = b;
            b = rest;
        }
        if (a <= 1)
            return stride;
    }
}

static void sweep(struct bench *b, const struct spoiling *s, const char *start)
{
    struct fault_order order = { .kinds = s->kinds, .how = FAULT_NONE };
    unsigned long steps, stride, done = 0;

    folder_copy(start, "case");
    run(&b->command, order, &b->reply);
    b->calls = b->reply.calls;
    steps = b->only ? 1 : b->points && b->points < b->calls ? b->points : b->calls;
    b->spoiling = s;
    stride = stride_through(steps);
    for (; done < steps && (done == 0 || !b->end || seconds_now() < b->end); done++) {
        b->at = b->only ? b->only : 1 + done * stride % steps * b->calls / steps;
        spoil(b, start);
        b->runs++;
    }
    printf("%s, %s: %lu of %lu calls\n", b->scenario->name, s->name, done, b->calls);
    if (done < steps)
        printf("SKIPPED: %lu more of them, for the machine is slow\n", steps - done);
    fflush(stdout);
}

/* ---- making the bench ---------------------------------------------------------------------------------------------- */

static void answer_all(struct bench *b, struct text out[SCENARIO_QUESTIONS], bool must_answer)
{
    for (size_t i = 0; i < SCENARIO_QUESTIONS; i++)
        if (is_asked(b->scenario->questions[i])) {
            int status = run_undisturbed(&b->questions[i]);

            if (must_answer)
                expect_status(b, "a question of an undisturbed store", status, 0, 0);
            out[i] = file_read("out");
        }
}

/* Makes a starting store, those before it first. */
static void make_start(struct bench *b, const char *name)
{
    char *arguments[SCENARIO_WORDS + 4];

    for (size_t i = 0; i < start_count; i++)
        if (strcmp(starts[i].name, name) == 0) {
            make_start(b, starts[i].from);
            make_arguments(b, starts[i].command, arguments);
            if (run_plainly(arguments, "out", "words") != 0)
                give_up("make store", name);
            make_folder(name);
            folder_copy("case", name);
            return;
        }
}

static void lay_out(struct bench *b, const char *sample)
{
    static const char *const check[SCENARIO_WORDS] = { "check" };
    static const char feedback[] = "reef-cloud-2024\treef-symbiont-2025\tclick\t2025-03-15\tfirst\n"
                                   "reef-cloud-2024\treef-larvae-2021\tsave\t2025-03-15\n";

    begin_in_place(&b->place, sample);
    file_write("feedback.tsv", feedback, sizeof(feedback) - 1);
    make_folder("none");
    make_start(b, b->scenario->start);
    b->check = serve(b, NULL, check);
    b->command = serve(b, b->scenario->builds ? b->module : NULL, b->scenario->command);
    for (size_t i = 0; i < SCENARIO_QUESTIONS; i++)
        if (is_asked(b->scenario->questions[i]))
            b->questions[i] = serve(b, NULL, b->scenario->questions[i]);
}

/* The number that `check` has printed; 0 where there is no store yet. */
static long papers_in_answer(void)
{
    struct text out = file_read("out");
    long papers;

    if (sscanf(out.bytes, "ok: %ld papers", &papers) != 1)
        papers = 0;
    text_free(&out);
    return papers;
}

/* Runs the command once with nothing in its way: what it gives is what every spoiled one must come to. */
static void run_whole(struct bench *b, const char *start)
{
    folder_copy(start, "case");
    run_undisturbed(&b->check);
    b->papers_before = papers_in_answer();
    answer_all(b, b->old, false);
    expect_status(b, "the command", run_undisturbed(&b->command), 0, 0);
    b->output = file_read("out");
    expect_status(b, "check", run_undisturbed(&b->check), 0, 0);
    b->papers_after = papers_in_answer();
    b->names = folder_names("case", false);
    answer_all(b, b->new, true);
}

static void tidy(struct bench *b)
{
    server_stop(&b->command);
    server_stop(&b->check);
    for (size_t i = 0; i < SCENARIO_QUESTIONS; i++)
        if (is_asked(b->scenario->questions[i])) {
            server_stop(&b->questions[i]);
            text_free(&b->old[i]);
            text_free(&b->new[i]);
        }
    text_free(&b->names);
    text_free(&b->output);
}

static const struct scenario *find_scenario(const char *name)
{
    for (size_t i = 0; i < scenario_count; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    return NULL;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        const struct spoiling *ways;
        size_t count;
    } sweeps[] = { { "crash", crashes, LENGTH(crashes) },
                   { "fail", failures, LENGTH(failures) },
                   { "memory", shortages, LENGTH(shortages) } };
    static struct bench b;
    time_t seconds, began;

    if (argc < 9 || argc > 10 || !(b.scenario = find_scenario(argv[6]))) {
        fprintf(stderr, "usage: fault_sweep PROGRAM LAYER MODULE SAMPLE crash|fail|memory SCENARIO POINTS SECONDS [CALL]\n");
        return 2;
    }
    b.program = argv[1];
    b.layer = argv[2];
    b.module = argv[3];
    b.points = strtoul(argv[7], NULL, 10);
    b.only = argc == 10 ? strtoul(argv[9], NULL, 10) : 0;
    lay_out(&b, argv[4]);
    run_whole(&b, b.scenario->start);
    seconds = strtol(argv[8], NULL, 10);
    began = seconds_now();
    for (size_t i = 0; i < LENGTH(sweeps); i++)
        for (size_t j = 0; strcmp(sweeps[i].name, argv[5]) == 0 && j < sweeps[i].count; j++) {
            b.end = seconds ? began + seconds * (time_t)(j + 1) / (time_t)sweeps[i].count : 0;
            sweep(&b, &sweeps[i].ways[j], b.scenario->start);
        }
    tidy(&b);
    printf("%zu runs, %zu of them ended by a library, %zu failed expectations\n", b.runs, b.ended, b.faults);
    return b.faults == 0 && b.runs > 0 ? 0 : 1;
}
