/* Running the program under faults: see runner.h. */
#define _GNU_SOURCE /* environ */
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 600000 /* for a run that takes under a second on a machine that is not busy */
#define NAMES_MAX 256

_Noreturn void give_up(const char *what, const char *which)
{
    fprintf(stderr, "cannot %s '%s': %s\n", what, which, strerror(errno));
    exit(1);
}

/* ---- programs ------------------------------------------------------------------------------------------------------ */

static void place_fd(int fd, int wanted)
{
    if (dup2(fd, wanted) < 0)
        give_up("place a descriptor for", "the layer");
    if (fd != wanted)
        close(fd);
}

struct server server_start(const char *layer, const char *module, const char *folder, char *const arguments[])
{
    int orders[2], replies[2];
    struct server server;

    if (pipe(orders) != 0 || pipe(replies) != 0 || (server.pid = fork()) < 0)
        give_up("start", arguments[0]);
    if (server.pid == 0) {
        place_fd(orders[0], FAULTS_ORDERS);
        place_fd(replies[1], FAULTS_REPLIES);
        close(orders[1]);
        close(replies[0]);
        setenv(FAULTS_FOLDER, folder, 1);
        if (module)
            setenv(FAULTS_MODULE, module, 1);
        setenv("OPENBLAS_NUM_THREADS", "1", 1); /* threads do not come along when the layer forks */
        setenv("LD_BIND_NOW", "1", 1);          /* once, not in every run */
        setenv("LD_PRELOAD", layer, 1);
        execv(arguments[0], arguments);
        give_up("run", arguments[0]);
    }
    close(orders[0]);
    close(replies[1]);
    fcntl(orders[1], F_SETFD, FD_CLOEXEC);
    fcntl(replies[0], F_SETFD, FD_CLOEXEC);
    server.orders = orders[1];
    server.replies = replies[0];
    return server;
}

void server_stop(struct server *server)
{
    close(server->orders);
    close(server->replies);
    waitpid(server->pid, NULL, 0);
}

static int as_number(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void read_reply(struct server *server, struct fault_reply *reply)
{
    size_t got = 0;

    while (got < sizeof(*reply)) {
        ssize_t n = read(server->replies, (char *)reply + got, sizeof(*reply) - got);

        if (n <= 0)
            give_up("hear from", "the program under the layer");
        got += (size_t)n;
    }
}

pid_t server_begin(struct server *server, const struct fault_order *order)
{
    struct fault_reply reply;

    if (write(server->orders, order, sizeof(*order)) != (ssize_t)sizeof(*order))
        give_up("order", "a run");
    read_reply(server, &reply);
    return reply.pid;
}

int server_end(struct server *server, struct fault_reply *reply)
{
    read_reply(server, reply);
    return as_number(reply->status);
}

int server_run(struct server *server, const struct fault_order *order, struct fault_reply *reply)
{
    pid_t pid = server_begin(server, order);
    struct pollfd ready = { .fd = server->replies, .events = POLLIN };

    if (poll(&ready, 1, PATIENCE_MS) != 1) {
        kill(pid, SIGKILL);
        server_end(server, reply);
        return RUN_HUNG;
    }
    return server_end(server, reply);
}

int run_plainly(char *const arguments[], const char *out, const char *words)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        if (!freopen(out, "w", stdout) || !freopen(words, "w", stderr))
            _exit(127);
        execv(arguments[0], arguments);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        give_up("run", arguments[0]);
    return as_number(status);
}

/* ---- files and folders --------------------------------------------------------------------------------------------- */

struct text file_read(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct text text = { NULL, 0 };
    struct stat st = { .st_size = 0 };
    ssize_t n = 0;

    if (fd >= 0 && fstat(fd, &st) != 0)
        give_up("read", path);
    if (!(text.bytes = malloc((size_t)st.st_size + 1)))
        give_up("keep", path);
    while (fd >= 0 && (n = read(fd, text.bytes + text.length, (size_t)st.st_size - text.length)) > 0)
        text.length += (size_t)n;
    text.bytes[text.length] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}

void file_write(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "we");

    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
        give_up("write", path);
}

void text_free(struct text *text)
{
    free(text->bytes);
    text->bytes = NULL;
}

bool text_equal(const struct text *a, const struct text *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The caller frees each name. */
static size_t list_folder(const char *path, char *names[NAMES_MAX])
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    size_t count = 0;

    if (!dir)
        give_up("list", path);
    while ((entry = readdir(dir)) && count < NAMES_MAX)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && !(names[count++] = strdup(entry->d_name)))
            give_up("list", path);
    closedir(dir);
    qsort(names, count, sizeof(*names), by_name);
    return count;
}

/* Of a name's characters those before the number at its end. */
static size_t length_without_number(const char *name)
{
    size_t length = strlen(name), digits = 0;

    while (digits < length && name[length - 1 - digits] >= '0' && name[length - 1 - digits] <= '9')
        digits++;
    return digits < length && name[length - 1 - digits] == '.' ? length - digits : length;
}

struct text folder_names(const char *path, bool numbers)
{
    char *names[NAMES_MAX];
    size_t count = list_folder(path, names);
    struct text text = { calloc(count + 1, NAME_MAX + 2), 0 };

    if (!text.bytes)
        give_up("list", path);
    for (size_t i = 0; i < count; i++) {
        size_t length = numbers ? strlen(names[i]) : length_without_number(names[i]);

        text.length += (size_t)sprintf(text.bytes + text.length, "%.*s\n", (int)length, names[i]);
        free(names[i]);
    }
    return text;
}

void folder_copy(const char *from, const char *to)
{
    char *names[NAMES_MAX], path[PATH_MAX];
    size_t count = list_folder(to, names);

    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%s/%s", to, names[i]);
        unlink(path);
        free(names[i]);
    }
    count = list_folder(from, names);
    for (size_t i = 0; i < count; i++) {
        struct text file;

        snprintf(path, sizeof(path), "%s/%s", from, names[i]);
        file = file_read(path);
        snprintf(path, sizeof(path), "%s/%s", to, names[i]);
        file_write(path, file.bytes, file.length);
        text_free(&file);
        free(names[i]);
    }
}
