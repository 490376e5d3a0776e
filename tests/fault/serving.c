/*
 * Kills and spoils the service while it takes papers in and removes one.
 *
 *   fault_serving PROGRAM LAYER MODULE SAMPLE crash|fail POINTS SECONDS
 *
 * in an empty folder. POST and DELETE are sent to a service whose 1st, 2nd, 3rd ... call that changes something is struck. Afterwards: the
 * store opens, `check` passes, what was answered with success is there, a write is done whole or not at all, and stored neighbours answer
 * as after one of the writes. A service that was not killed goes on answering, and ends when it is told to. Then a service that nothing
 * happens to takes the same two writes, and a fit of what they leave answers as that of an undisturbed run. POINTS and SECONDS are those of
 * fault_sweep, for each way.
 */
#include "parts.h"
#include "runner.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define STRUCK_DOWN (1000 + SIGKILL)
#define SHOWN 10
#define TOKEN "a-token-of-some-length"
#define SOCKET "socket"
#define TRIES 6000 /* of 10 ms, until a service listens */

struct way {
    const char *name;
    enum fault_how how;
    int code;
};

static const struct way crashes[] = { { "killed before", FAULT_KILL, 0 },
                                      { "killed after", FAULT_KILL_AFTER, 0 },
                                      { "no power from", FAULT_POWER, 0 },
                                      { "no power, blocks lost, from", FAULT_POWER_TORN, 0 } };
static const struct way failures[] = { { "full disk once at", FAULT_ERROR, ENOSPC },
                                       { "full disk from", FAULT_ERRORS, ENOSPC },
                                       { "input/output error once at", FAULT_ERROR, EIO },
                                       { "input/output error from", FAULT_ERRORS, EIO } };

/* What two requests were answered, 0: nothing. */
struct answers {
    int posted, removed;
};

struct bench {
    const char *program, *layer, *module;
    struct place place;
    char removed_id[128];
    struct server service, check, question, refit;
    struct text papers;    /* the body of POST */
    struct text states[3]; /* what the question gives before, between and after the two writes */
    struct text final;     /* and after a fit of what they leave */
    struct way way;
    unsigned long at;
    struct fault_reply reply;
    size_t runs, failed;
};

static void fail(struct bench *b, const char *expected, const char *came)
{
    if (b->failed++ < SHOWN)
        printf("FAILED: %s call %lu (%s)\n  expected: %s\n  came:     %.400s\n", b->way.name, b->at, b->reply.struck, expected, came);
}

/* ---- requests ------------------------------------------------------------------------------------------------------- */

static int connect_once(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SOCKET };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* -1 where the service has ended instead. */
static int connect_to(pid_t service)
{
    struct timespec pause = { 0, 10000000 };

    for (int i = 0; i < TRIES; i++) {
        int fd = connect_once();

        if (fd >= 0)
            return fd;
        if (kill(service, 0) != 0)
            return -1;
        nanosleep(&pause, NULL);
    }
    return -1;
}

static bool send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* The status of the answer, 0 where none came. */
static int request(pid_t service, const char *method, const char *path, const struct text *body)
{
    char head[1024], answer[64] = "";
    int fd = connect_to(service), status = 0, n;
    size_t got = 0;
    ssize_t more = 1;

    if (fd < 0)
        return 0;
    n = snprintf(head, sizeof(head),
                 "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " TOKEN "\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
                 method, path, body ? body->length : 0);
    if (send_all(fd, head, (size_t)n) && (!body || send_all(fd, body->bytes, body->length)))
        while (got < sizeof(answer) - 1 && (more = recv(fd, answer + got, sizeof(answer) - 1 - got, 0)) > 0)
            got += (size_t)more;
    close(fd);
    answer[got] = '\0';
    return sscanf(answer, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

static struct answers write_both(struct bench *b, pid_t service)
{
    struct answers a = { request(service, "POST", "/v1/papers", &b->papers), 0 };
    char path[256];

    snprintf(path, sizeof(path), "/v1/papers/%s", b->removed_id);
    if (a.posted != 0)
        a.removed = request(service, "DELETE", path, NULL);
    return a;
}

static bool is_success(int status)
{
    return status >= 200 && status < 300;
}

/* ---- runs ----------------------------------------------------------------------------------------------------------- */

static struct server serve(struct bench *b, const char *module, const char *const words[], size_t count)
{
    char *arguments[16] = { (char *)b->program, (char *)"--db", b->place.store }, watched[PATH_MAX + 8];

    for (size_t i = 0; i < count; i++)
        arguments[3 + i] = (char *)words[i];
    snprintf(watched, sizeof(watched), "%s/case", b->place.folder);
    return server_start(b->layer, module, watched, arguments);
}

static struct fault_order order_of(const struct bench *b, bool struck)
{
    struct fault_order order = { .kinds = FAULT_CHANGES, .at = b->at, .how = struck ? b->way.how : FAULT_NONE, .code = b->way.code };

    snprintf(order.out, sizeof(order.out), "out");
    snprintf(order.words, sizeof(order.words), "words");
    return order;
}

static int ask(struct bench *b, struct server *server, struct text *out)
{
    struct fault_order order = order_of(b, false);
    struct fault_reply reply;
    int status = server_run(server, &order, &reply);

    *out = file_read("out");
    return status;
}

/* The service, from its beginning to its end; the status that it ended with. */
static int run_service(struct bench *b, bool struck, struct answers *answers)
{
    struct fault_order order = order_of(b, struck);
    int health, status;
    pid_t pid;

    unlink(SOCKET);
    pid = server_begin(&b->service, &order);
    *answers = write_both(b, pid);
    health = request(pid, "GET", "/healthz", NULL);
    kill(pid, SIGTERM);
    status = server_end(&b->service, &b->reply);
    if (health == 0 && status != STRUCK_DOWN && answers->posted != 0) /* else it has not begun, and its status says so */
        fail(b, "a service that goes on answering", "none");
    return status;
}

/* ---- judging ------------------------------------------------------------------------------------------------------- */

/* The number of papers that `check` finds. */
static long expect_sound(struct bench *b, struct answers a)
{
    struct text out;
    long papers = -1;

    if (ask(b, &b->check, &out) != 0) {
        struct text words = file_read("words");

        fail(b, "a store that passes its check", words.bytes);
        text_free(&words);
    } else if (sscanf(out.bytes, "ok: %ld papers", &papers) != 1 || (papers != 19 && papers != 23 && papers != 24)) {
        fail(b, "whole writes", out.bytes);
    } else if (is_success(a.removed) ? papers != 23 : is_success(a.posted) ? papers == 19 : false) {
        fail(b, "every write that was answered with success", out.bytes);
    }
    text_free(&out);
    return papers;
}

/* A paper that is gone is in no list at once, and what follows from it comes with the build: between the two any answer without it is
 * right. */
static void expect_a_state(struct bench *b, bool half_removed)
{
    struct text out;
    bool found = half_removed && ask(b, &b->question, &out) == 0 && !strstr(out.bytes, b->removed_id);

    if (!half_removed && ask(b, &b->question, &out) == 0)
        for (size_t i = 0; i < LENGTH(b->states); i++)
            found |= text_equal(&out, &b->states[i]);
    if (!found)
        fail(b, "the answer before, between or after the writes", out.bytes);
    text_free(&out);
}

/* What a model was fitted on depends on when it was; fitted anew, nothing may tell that there was a fault. */
static void expect_final_state(struct bench *b, struct text *final)
{
    struct text out;

    if (ask(b, &b->refit, &out) != 0)
        fail(b, "a build", out.bytes);
    text_free(&out);
    ask(b, &b->question, &out);
    if (!final->bytes) {
        *final = out;
        return;
    }
    if (!text_equal(&out, final))
        fail(b, "the answer after both writes", out.bytes);
    text_free(&out);
}

static void strike(struct bench *b)
{
    struct answers a;
    char came[64];
    long papers;
    int status;

    folder_copy("start", "case");
    status = run_service(b, true, &a);
    snprintf(came, sizeof(came), "%d", status);
    if (b->way.how == FAULT_ERROR || b->way.how == FAULT_ERRORS) {
        if (status != 0 && status != 1 && status != 5)
            fail(b, "a service that ends with 0, 1 or 5", came);
    } else if (status != STRUCK_DOWN && status != 0) {
        fail(b, "a service that was killed", came);
    }
    papers = expect_sound(b, a);
    /* A build that failed leaves its work to the next write's, which then fits on something else than an undisturbed one. */
    if (a.posted == 0 || is_success(a.posted))
        expect_a_state(b, papers == 23 && !is_success(a.removed));
    status = run_service(b, false, &a);
    snprintf(came, sizeof(came), "%d, POST %d, DELETE %d", status, a.posted, a.removed);
    if (status != 0 || !is_success(a.posted) || !is_success(a.removed))
        fail(b, "both writes of a service that nothing happens to", came);
    expect_sound(b, a);
    expect_final_state(b, &b->final);
    b->runs++;
}

/* ---- the sweep ------------------------------------------------------------------------------------------------------ */

static void run_or_give_up(struct bench *b, const char *const words[], size_t count)
{
    char *arguments[16] = { (char *)b->program, (char *)"--db", b->place.store };

    for (size_t i = 0; i < count; i++)
        arguments[3 + i] = (char *)words[i];
    if (run_plainly(arguments, "out", "words") != 0)
        give_up("make", b->place.store);
}

static void lay_out(struct bench *b, const char *sample)
{
    static const char *const import[] = { "import", "--no-build", "-q", "part1.jsonl", "part2.jsonl" },
                             *const build[] = { "build", "-q", "--without-table" }, *const refit[] = { "build",     "-q",
                                                                                                       "--refit",   "--without-table",
                                                                                                       "--threads", "1" },
                             *const check[] = { "check" }, *const question[] = { "similar", "reef-cloud-2024", "--format", "trec" },
                             *const service[] = { "serve", "--unix", SOCKET, "--token-file", "token", "--threads", "1" };

    begin_in_place(&b->place, sample);
    make_folder("start");
    file_write("token", TOKEN "\n", sizeof(TOKEN));
    chmod("token", 0600);
    b->papers = file_read("part3.jsonl");
    if (sscanf(b->papers.bytes, "{\"id\": \"%127[^\"]\"", b->removed_id) != 1)
        give_up("find an id in", "part3.jsonl");
    run_or_give_up(b, import, LENGTH(import));
    run_or_give_up(b, build, LENGTH(build));
    folder_copy("case", "start");
    b->check = serve(b, NULL, check, LENGTH(check));
    b->question = serve(b, NULL, question, LENGTH(question));
    b->refit = serve(b, b->module, refit, LENGTH(refit));
    b->service = serve(b, b->module, service, LENGTH(service));
}

/* The answers before, between and after the writes, and the number of calls. */
static unsigned long run_whole(struct bench *b)
{
    struct fault_order order = order_of(b, false);
    struct answers a;
    pid_t pid;
    char path[256];

    ask(b, &b->question, &b->states[0]);
    pid = server_begin(&b->service, &order);
    a.posted = request(pid, "POST", "/v1/papers", &b->papers);
    ask(b, &b->question, &b->states[1]);
    snprintf(path, sizeof(path), "/v1/papers/%s", b->removed_id);
    a.removed = request(pid, "DELETE", path, NULL);
    kill(pid, SIGTERM);
    server_end(&b->service, &b->reply);
    ask(b, &b->question, &b->states[2]);
    expect_final_state(b, &b->final);
    if (!is_success(a.posted) || !is_success(a.removed))
        give_up("write to", "the service");
    return b->reply.calls;
}

int main(int argc, char **argv)
{
    static struct bench b;
    const struct way *ways;
    unsigned long calls, points;
    time_t seconds;

    if (argc != 8 || (strcmp(argv[5], "crash") != 0 && strcmp(argv[5], "fail") != 0)) {
        fprintf(stderr, "usage: fault_serving PROGRAM LAYER MODULE SAMPLE crash|fail POINTS SECONDS\n");
        return 2;
    }
    b.program = argv[1];
    b.layer = argv[2];
    b.module = argv[3];
    ways = strcmp(argv[5], "crash") == 0 ? crashes : failures;
    lay_out(&b, argv[4]);
    calls = run_whole(&b);
    points = strtoul(argv[6], NULL, 10);
    points = points && points < calls ? points : calls;
    seconds = strtol(argv[7], NULL, 10);
    for (size_t i = 0; i < LENGTH(crashes); i++) {
        time_t end = seconds_now() + seconds / (time_t)LENGTH(crashes);
        unsigned long done = 0;

        b.way = ways[i];
        for (; done < points && (done == 0 || !seconds || seconds_now() < end); done++) {
            /* Each way at other calls, so that few points reach many. */
            b.at = 1 + (done * calls + i * calls / LENGTH(crashes)) / points % calls;
            strike(&b);
        }
        printf("service, %s: %lu of %lu calls\n", b.way.name, done, calls);
        if (done < points)
            printf("SKIPPED: %lu more of them, for the machine is slow\n", points - done);
        fflush(stdout);
    }
    server_stop(&b.service);
    server_stop(&b.check);
    server_stop(&b.question);
    server_stop(&b.refit);
    text_free(&b.final);
    for (size_t i = 0; i < LENGTH(b.states); i++)
        text_free(&b.states[i]);
    text_free(&b.papers);
    printf("%zu runs, %zu failed expectations\n", b.runs, b.failed);
    return b.failed == 0 && b.runs > 0 ? 0 : 1;
}
