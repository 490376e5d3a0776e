/* recommend serve: the store over HTTP, until a signal ends it. */
#include "cmd.h"
#include "opt.h"
#include "place.h"
#include "say.h"
#include "service.h"

#include "buf.h"
#include "rec/module.h"
#include "parallel.h"

#include <jansson.h>

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct opt_usage USAGE = { "recommend serve [OPTIONS]",
                                        "Answer over HTTP, and show a page: docs/http.md tells what is served.",
                                        "recommend serve --port 8080" };

/* The store's file is mapped: a piece of it that is there no more is a signal. */
static void end_for_a_file_cut_short(int number)
{
    static const char said[] = "recommend: a file of the store was cut short while it was read; start the service again\n";

    (void)number;
    _exit(write(STDERR_FILENO, said, sizeof(said) - 1) < 0 ? EXIT_FAILED : EXIT_STORE);
}

#define GRACE 10 /* seconds that requests in flight get to be answered when the service is stopped */
#define TOKEN_MIN 16
#define TOKEN_MAX 512
#define TOKEN_ROOM (TOKEN_MAX + 2) /* one character more, by which a longer one shows, and a NUL */

struct options {
    struct common common;
    struct opt_list host_names;
    const char *host, *unix_path, *token_file, *cors, *access_log;
    size_t port, connections, queue, seconds;
};

/* Without a port: requests are compared at whatever port they are for. */
static bool is_host(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && (strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == length ||
                          inet_pton(AF_INET6, text, &(struct in6_addr){ 0 }) == 1);
}

static bool check_options(const struct options *o)
{
    if (o->port > 65535) {
        say("option '--port': at most 65535, not %zu", o->port);
        return false;
    }
    if (o->connections < 1 || o->connections > 10000 || o->queue < 1 || o->queue > 10000 || o->seconds < 1 || o->seconds > 3600) {
        say("options '--connections' and '--queue' take 1 to 10000, '--timeout' 1 to 3600");
        return false;
    }
    for (size_t i = 0; i < o->host_names.count; i++)
        if (!is_host(o->host_names.items[i])) {
            say("option '--host-name': '%s' is no name or address of a host", o->host_names.items[i]);
            return false;
        }
    return true;
}

/* The token is the first line of a file that no other user can read: on a command line it would be seen in the list of processes. */
static rec_status read_token(const char *path, char out[TOKEN_ROOM], rec_error *err)
{
    FILE *file = fopen(path, "re");
    struct stat st;
    rec_status rc = REC_OK;

    if (!file || fstat(fileno(file), &st) != 0)
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    else if (st.st_mode & (S_IRWXG | S_IRWXO))
        rc = rec_fail(err, REC_EINVAL, "token file '%s' can be read by others; run 'chmod 600' on it", path);
    else if (!fgets(out, TOKEN_ROOM, file) || (out[strcspn(out, "\r\n")] = '\0', strlen(out) < TOKEN_MIN || strlen(out) > TOKEN_MAX))
        rc = rec_fail(err, REC_EINVAL, "token file '%s': its first line, the token, must have %d to %d characters", path, TOKEN_MIN,
                      TOKEN_MAX);
    if (file)
        fclose(file);
    return rc;
}

static rec_status open_log(const char *path, const char *store, FILE **out, rec_error *err)
{
    rec_status rc = strcmp(path, "-") == 0 ? REC_OK : place_beside_store(path, store, err);

    if (rc != REC_OK)
        return rc;
    *out = strcmp(path, "-") == 0 ? stderr : fopen(path, "ae");
    return *out ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
}

static rec_status load_http(const struct http_ops **out, rec_error *err)
{
    const void *table;
    rec_status rc = rec_module_load(HTTP_MODULE, HTTP_SYMBOL, &table, err);

    if (rc != REC_OK)
        return rc;
    *out = table;
    if ((*out)->layout != HTTP_OPS_LAYOUT)
        return rec_fail(err, REC_ESTALE,
                        "cannot use module '" HTTP_MODULE "': its layout is %u, this program's %u; install the two from one release",
                        (*out)->layout, HTTP_OPS_LAYOUT);
    return REC_OK;
}

static void tell_address(const struct options *o, const struct http_ops *http, const struct http_server *server)
{
    if (o->unix_path)
        printf("unix:%s\n", o->unix_path);
    else
        printf(strchr(o->host, ':') ? "http://[%s]:%u/\n" : "http://%s:%u/\n", o->host, http->port(server));
    fflush(stdout);
}

/* Runs until SIGTERM or SIGINT; both were blocked before any thread was started, so that none of them is interrupted. */
static rec_status serve(struct service *service, const struct options *o, const sigset_t *ending, rec_error *err)
{
    unsigned threads = o->common.threads ? (unsigned)o->common.threads : rec_processors();
    const struct http_config config = { .host = o->host,
                                        .port = (unsigned)o->port,
                                        .unix_path = o->unix_path,
                                        .host_names = o->host_names.items,
                                        .host_name_count = o->host_names.count,
                                        .threads = threads,
                                        .workers = threads,
                                        .queue = o->queue,
                                        .connections = o->connections,
                                        .max_body = SERVICE_MAX_BODY,
                                        .seconds = (unsigned)o->seconds,
                                        .context = service,
                                        .answer_at_once = service_answer_at_once,
                                        .answer = service_answer,
                                        .refuse = service_refuse,
                                        .told = service_told };
    const struct http_ops *http = NULL;
    struct http_server *server = NULL;
    int signal_number;
    rec_status rc = load_http(&http, err);

    if (rc == REC_OK)
        rc = engines_new(service->path, 2 * threads, &service->engines, err);
    if (rc == REC_OK)
        rc = http->start(&config, &server, err);
    if (rc == REC_OK) {
        tell_address(o, http, server);
        sigwait(ending, &signal_number);
        if (!o->common.quiet)
            say("stopping: requests that have arrived are answered first");
        http->stop(server, GRACE);
    }
    engines_free(service->engines);
    return rc;
}

int cmd_serve(int argc, char **argv)
{
    struct options o = { .host = "127.0.0.1", .port = 8080, .connections = 1000, .queue = 64, .seconds = 30 };
    const struct opt options[] = {
        { OPT_TEXT, 0, "host", &o.host, "ADDR", "address to listen on (default 127.0.0.1)" },
        { OPT_COUNT, 0, "port", &o.port, "N", "port (default 8080); 0 picks one and prints it" },
        { OPT_TEXT, 0, "unix", &o.unix_path, "SOCKET", "listen on a local socket instead" },
        { OPT_LIST, 0, "host-name", &o.host_names, "NAME", "answer requests for the host NAME as well" },
        { OPT_TEXT, 0, "token-file", &o.token_file, "FILE", "allow writes to who knows the first line of FILE" },
        { OPT_TEXT, 0, "cors", &o.cors, "ORIGIN", "let pages of ORIGIN ('*': any) read answers" },
        { OPT_TEXT, 0, "access-log", &o.access_log, "FILE", "append a JSON line for each request ('-': stderr)" },
        { OPT_COUNT, 0, "connections", &o.connections, "N", "connections at a time (default 1000)" },
        { OPT_COUNT, 0, "queue", &o.queue, "N", "requests that may wait for a thread (default 64)" },
        { OPT_COUNT, 0, "timeout", &o.seconds, "N", "seconds a client may idle or dawdle (default 30)" },
        OPT_COMMON(&o.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    struct service service = { .path = NULL };
    char path[PATH_MAX], token[TOKEN_ROOM];
    rec_error err = REC_ERROR_INIT;
    sigset_t ending;
    rec_status rc;
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands != 0) {
        say("'%s' is not wanted; usage: %s", argv[1], USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!check_options(&o))
        return EXIT_USAGE;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
    sigaction(SIGBUS, &(struct sigaction){ .sa_handler = end_for_a_file_cut_short }, NULL);
    rec_store_begin_program();
    json_object_seed(0); /* jansson's first table picks its seed: not from several threads at once */
    service.allowed_origin = o.cors;
    rc = place_store(o.common.db, false, path, &err);
    service.path = path;
    if (rc == REC_OK && o.token_file && (rc = read_token(o.token_file, token, &err)) == REC_OK)
        service.token = token;
    if (rc == REC_OK && o.access_log)
        rc = open_log(o.access_log, path, &service.access_log, &err);
    if (rc == REC_OK && (rc = service_start(&service, &err)) == REC_OK) {
        rc = serve(&service, &o, &ending, &err);
        service_stop(&service);
    }
    if (service.access_log && service.access_log != stderr)
        fclose(service.access_log);
    return finish_output(rc == REC_OK ? EXIT_OK : say_error(&err));
}
