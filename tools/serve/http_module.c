/*
 * HTTP through libmicrohttpd: see http.h. Its threads read, write, and answer what is quick; the rest waits in a queue for workers, with
 * the connection suspended meanwhile. Connections that idle, dawdle while sending, or do not read their reply are cut off by a thread that
 * looks once a second: libmicrohttpd's own time-out begins anew with every byte.
 */
#include "http.h"

#include "alloc.h"
#include "http_gzip.h"
#include "http_headers.h"
#include "http_listen.h"
#include "http_queue.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PEER_CHARS 64

/* A connection, as long as it is open. */
struct peer {
    struct peer *before, *next; /* in the server's list */
    int fd;
    double since; /* when it opened, or its last reply was done, or its reply began to be sent */
    bool answering;
    char name[PEER_CHARS];
};

struct http_server {
    const struct http_config *config;
    struct MHD_Daemon *daemon;
    struct http_queue *queue;
    int listener;
    unsigned port;
    bool checks_host;
    pthread_t watcher;
    pthread_mutex_t lock; /* guards the list, and `since` and `answering` of its peers */
    pthread_cond_t ended;
    struct peer *peers;
    bool ending;
    atomic_size_t exchanges; /* requests that were read and are not answered yet */
};

/* One request and its reply. */
struct exchange {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct http_request request;
    struct http_parameter parameters[HTTP_MAX_PARAMETERS];
    rec_buf body;
    struct http_reply reply;
    double read;          /* when its last byte had come */
    bool counted, waited; /* among the server's exchanges; for a worker, whose reply is ready */
    unsigned refused;     /* status of what is refused without being answered, else 0 */
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- peers --------------------------------------------------------------------------------------------------------- */

static void peer_add(struct http_server *server, struct peer *peer)
{
    pthread_mutex_lock(&server->lock);
    peer->next = server->peers;
    if (server->peers)
        server->peers->before = peer;
    server->peers = peer;
    pthread_mutex_unlock(&server->lock);
}

static void peer_remove(struct http_server *server, struct peer *peer)
{
    pthread_mutex_lock(&server->lock);
    if (peer->before)
        peer->before->next = peer->next;
    else
        server->peers = peer->next;
    if (peer->next)
        peer->next->before = peer->before;
    pthread_mutex_unlock(&server->lock);
    rec_free(peer);
}

static void peer_set(struct http_server *server, struct peer *peer, bool answering)
{
    pthread_mutex_lock(&server->lock);
    peer->answering = answering;
    peer->since = seconds();
    pthread_mutex_unlock(&server->lock);
}

static struct peer *peer_new(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct peer *peer = rec_alloc(sizeof(*peer));

    if (!peer)
        return NULL;
    peer->fd = socket ? socket->connect_fd : -1;
    peer->since = seconds();
    snprintf(peer->name, sizeof(peer->name), "unknown");
    if (address && address->client_addr)
        http_address_text(address->client_addr, peer->name, sizeof(peer->name));
    return peer;
}

static void note_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        if ((*socket_context = peer_new(connection)))
            peer_add(server, *socket_context);
    } else if (*socket_context) {
        peer_remove(server, *socket_context);
        *socket_context = NULL;
    }
}

static void cut_off_the_slow(struct http_server *server)
{
    double now = seconds();

    for (struct peer *peer = server->peers; peer; peer = peer->next)
        if (!peer->answering && now - peer->since > server->config->seconds)
            shutdown(peer->fd, SHUT_RDWR); /* libmicrohttpd sees it and closes the descriptor */
}

static void *watch(void *context)
{
    struct http_server *server = context;
    struct timespec next;

    pthread_mutex_lock(&server->lock);
    while (!server->ending) {
        clock_gettime(CLOCK_REALTIME, &next);
        next.tv_sec++;
        pthread_cond_timedwait(&server->ended, &server->lock, &next);
        cut_off_the_slow(server);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

/* ---- replies ------------------------------------------------------------------------------------------------------- */

static const char *header_of(const void *connection, const char *name)
{
    return MHD_lookup_connection_value((struct MHD_Connection *)(uintptr_t)connection, MHD_HEADER_KIND, name);
}

static void refuse(struct exchange *exchange, unsigned status)
{
    const struct http_config *config = exchange->server->config;

    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        http_reply_header(&exchange->reply, "Retry-After", "1");
    config->refuse(config->context, status, &exchange->reply);
}

/* Takes the body; `*length` is what is left of it to send. */
static struct MHD_Response *make_response(struct http_reply *reply, bool gzip, size_t *length)
{
    char *bytes;
    struct MHD_Response *response;
    bool packed = gzip && http_gzip(&reply->body);

    if (reply->body.failed)
        return NULL;
    *length = reply->body.length;
    bytes = rec_buf_detach(&reply->body);
    response = MHD_create_response_from_buffer_with_free_callback(*length, bytes, rec_free);
    if (!response) {
        rec_free(bytes);
        return NULL;
    }
    if (reply->type)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type);
    for (size_t i = 0; i < reply->header_count; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    if (packed)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    return response;
}

static enum MHD_Result send_reply(struct exchange *exchange)
{
    const struct http_config *config = exchange->server->config;
    bool gzip = http_takes_gzip(header_of(exchange->connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
    size_t bytes;
    struct MHD_Response *response = make_response(&exchange->reply, gzip, &bytes);
    enum MHD_Result queued;

    if (!response)
        return MHD_NO; /* out of memory: the connection is closed */
    config->told(config->context, &exchange->request, exchange->reply.status, bytes, seconds() - exchange->read);
    if (exchange->refused)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    peer_set(exchange->server, exchange->peer, false);
    queued = MHD_queue_response(exchange->connection, exchange->reply.status, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- requests ------------------------------------------------------------------------------------------------------ */

/* More parameters than there is room for are refused with the whole request. */
static enum MHD_Result take_parameter(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
                                      size_t value_length)
{
    struct exchange *exchange = context;
    struct http_request *request = &exchange->request;

    (void)kind;
    (void)name_length; /* no NUL is in either: see decode() */
    (void)value_length;
    if (request->parameter_count == HTTP_MAX_PARAMETERS) {
        exchange->refused = MHD_HTTP_BAD_REQUEST;
        return MHD_NO;
    }
    exchange->parameters[request->parameter_count++] = (struct http_parameter){ name, value ? value : "" };
    return MHD_YES;
}

/* Percent-decoding in place. A NUL, which would hide what follows it, becomes a byte that is in no text, and so is refused by who reads it.
 */
static size_t decode(void *context, struct MHD_Connection *connection, char *text)
{
    size_t length = MHD_http_unescape(text);

    (void)context;
    (void)connection;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0')
            text[i] = (char)0xFF;
    return length;
}

/* A client may send the whole address, as to a proxy (RFC 9112, 3.2.2): where its host begins, else NULL. */
static const char *authority_of(const char *target)
{
    if (strncmp(target, "http://", 7) != 0 && strncmp(target, "https://", 8) != 0)
        return NULL;
    return strchr(target, ':') + 3;
}

static const char *path_of(const char *target)
{
    const char *authority = authority_of(target), *slash;

    if (!authority)
        return target;
    slash = strchr(authority, '/');
    return slash ? slash : "/";
}

static void answer_waiting(void *item)
{
    struct exchange *exchange = item;
    const struct http_config *config = exchange->server->config;

    config->answer(config->context, &exchange->request, &exchange->reply);
    exchange->waited = true;
    MHD_resume_connection(exchange->connection);
}

/* The whole request is there. */
static enum MHD_Result answer(struct exchange *exchange)
{
    struct http_server *server = exchange->server;
    const struct http_config *config = server->config;

    exchange->read = seconds();
    exchange->request.body = rec_buf_text(&exchange->body);
    exchange->request.body_length = exchange->body.length;
    exchange->counted = true;
    atomic_fetch_add(&server->exchanges, 1);
    peer_set(server, exchange->peer, true);
    if (config->answer_at_once(config->context, &exchange->request, &exchange->reply))
        return send_reply(exchange);
    MHD_suspend_connection(exchange->connection);
    if (http_queue_put(server->queue, exchange))
        return MHD_YES;
    refuse(exchange, MHD_HTTP_SERVICE_UNAVAILABLE);
    exchange->waited = true;
    MHD_resume_connection(exchange->connection);
    return MHD_YES;
}

static struct exchange *exchange_new(struct http_server *server, struct MHD_Connection *connection, const char *path, const char *method)
{
    const union MHD_ConnectionInfo *peer = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct exchange *exchange = peer && peer->socket_context ? rec_alloc(sizeof(*exchange)) : NULL;

    if (!exchange)
        return NULL;
    exchange->server = server;
    exchange->connection = connection;
    exchange->peer = peer->socket_context;
    exchange->body = (rec_buf)REC_BUF_INIT(server->config->max_body);
    exchange->reply.body = (rec_buf)REC_BUF_INIT(HTTP_MAX_REPLY);
    exchange->request = (struct http_request){ .method = method,
                                               .path = path_of(path),
                                               .parameters = exchange->parameters,
                                               .peer = exchange->peer->name,
                                               .connection = connection,
                                               .header = header_of };
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, take_parameter, exchange);
    return exchange;
}

/*
 * A page that was loaded from another host may have its name lead here from then on, and its browser takes the two for one origin: what
 * it gives itself away by is the host that its requests are for. HTTP/1.0 has requests without one, and no browser sends them.
 */
static bool is_for_us(const struct exchange *exchange, const char *target)
{
    static const char *const ours[] = { "localhost", "127.0.0.1", "::1" };
    const struct http_config *config = exchange->server->config;
    const char *host = authority_of(target);
    size_t length = host ? strcspn(host, "/") : 0;
    bool found;

    if (!host && (host = header_of(exchange->connection, MHD_HTTP_HEADER_HOST)))
        length = strlen(host);
    if (!exchange->server->checks_host || !host)
        return true;
    found = config->host && http_is_of_host(host, length, config->host);
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]) && !found; i++)
        found = http_is_of_host(host, length, ours[i]);
    for (size_t i = 0; i < config->host_name_count && !found; i++)
        found = http_is_of_host(host, length, config->host_names[i]);
    return found;
}

static enum MHD_Result send_refusal(struct exchange *exchange)
{
    refuse(exchange, exchange->refused);
    exchange->read = seconds();
    return send_reply(exchange);
}

/* A body that did not announce its length and is too long, or found no memory. */
static enum MHD_Result refuse_body(struct exchange *exchange)
{
    exchange->refused = MHD_HTTP_CONTENT_TOO_LARGE;
    return send_refusal(exchange);
}

/* Called with each part of a request: its headers, pieces of its body, its end, and once more when a worker has its reply. */
static enum MHD_Result take_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                    const char *version, const char *upload, size_t *upload_length, void **request_context)
{
    struct exchange *exchange = *request_context;

    if (!exchange) {
        if (!(exchange = *request_context = exchange_new(context, connection, path, method)))
            return MHD_NO;
        if (!exchange->refused)
            exchange->refused = http_judge_headers(connection, version, exchange->server->config->max_body);
        if (!exchange->refused && !is_for_us(exchange, path))
            exchange->refused = MHD_HTTP_MISDIRECTED_REQUEST;
        if (!exchange->refused)
            return MHD_YES;
        return send_refusal(exchange);
    }
    if (exchange->waited)
        return send_reply(exchange);
    if (*upload_length == 0)
        return exchange->body.failed ? refuse_body(exchange) : answer(exchange);
    rec_buf_add(&exchange->body, upload,
                *upload_length); /* what is too much is read, for nobody could be told before the end, and dropped */
    *upload_length = 0;
    return MHD_YES;
}

static void end_request(void *context, struct MHD_Connection *connection, void **request_context, enum MHD_RequestTerminationCode code)
{
    struct http_server *server = context;
    struct exchange *exchange = *request_context;

    (void)connection;
    (void)code;
    if (!exchange)
        return;
    if (exchange->counted)
        atomic_fetch_sub(&server->exchanges, 1);
    peer_set(server, exchange->peer, false);
    rec_buf_clear(&exchange->body);
    rec_buf_clear(&exchange->reply.body);
    rec_free(exchange);
    *request_context = NULL;
}

/* ---- starting and stopping ----------------------------------------------------------------------------------------- */

static void server_free(struct http_server *server)
{
    http_queue_stop(server->queue);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    else if (server->listener >= 0)
        close(server->listener);
    if (server->config->unix_path && server->listener >= 0)
        unlink(server->config->unix_path);
    pthread_cond_destroy(&server->ended);
    pthread_mutex_destroy(&server->lock);
    rec_free(server);
}

static struct MHD_Daemon *start_daemon(struct http_server *server)
{
    const struct http_config *config = server->config;

    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, take_request, server,
                            MHD_OPTION_LISTEN_SOCKET, server->listener, MHD_OPTION_THREAD_POOL_SIZE, config->threads,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)config->connections, MHD_OPTION_CONNECTION_TIMEOUT, config->seconds,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_MAX_HEADERS, MHD_OPTION_NOTIFY_COMPLETED, end_request, server,
                            MHD_OPTION_NOTIFY_CONNECTION, note_connection, server, MHD_OPTION_UNESCAPE_CALLBACK, decode, server,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static rec_status server_start(const struct http_config *config, struct http_server **out, rec_error *err)
{
    struct http_server *server = rec_alloc(sizeof(*server));
    rec_status rc;

    if (!server)
        return rec_fail(err, REC_ENOMEM, "out of memory for the service");
    server->config = config;
    server->listener = -1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->ended, NULL);
    if (config->unix_path) {
        rc = http_listen_local(config->unix_path, &server->listener, err);
    } else {
        server->port = config->port;
        rc = http_listen(config->host, &server->port, &server->listener, err);
    }
    server->checks_host = rc == REC_OK && (config->host_name_count > 0 || http_is_loopback(server->listener));
    if (rc == REC_OK)
        rc = http_queue_start(config->queue, config->workers, answer_waiting, &server->queue, err);
    if (rc == REC_OK && !(server->daemon = start_daemon(server)))
        rc = rec_fail(err, REC_EIO, "cannot start the service's threads");
    if (rc == REC_OK && pthread_create(&server->watcher, NULL, watch, server) != 0)
        rc = rec_fail(err, REC_EIO, "cannot start the service's threads");
    if (rc == REC_OK)
        *out = server;
    else
        server_free(server);
    return rc;
}

static unsigned server_port(const struct http_server *server)
{
    return server->port;
}

static void server_stop(struct http_server *server, unsigned grace)
{
    MHD_socket listener = MHD_quiesce_daemon(server->daemon);

    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    for (double until = seconds() + grace; atomic_load(&server->exchanges) > 0 && seconds() < until;)
        nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    pthread_mutex_lock(&server->lock);
    server->ending = true;
    pthread_cond_signal(&server->ended);
    pthread_mutex_unlock(&server->lock);
    pthread_join(server->watcher, NULL);
    server_free(server);
}

__attribute__((visibility("default"))) extern const struct http_ops rec_http_ops;

const struct http_ops rec_http_ops = { HTTP_OPS_LAYOUT, server_start, server_port, server_stop };
