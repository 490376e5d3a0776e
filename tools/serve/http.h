/*
 * HTTP as the service sees it: a request comes in whole, a reply goes out whole. Behind it stands the module "http" (libmicrohttpd and
 * zlib), which is loaded when a service is started, so that a look-up does not pay for it.
 *
 * The module bounds whatever a client can make grow: connections, headers, bodies, waiting requests, and the time that one may take to send
 * or to receive. It answers by itself where a bound is passed: 414, 431, and what `refuse` of the configuration makes.
 */
#ifndef REC_HTTP_H
#define REC_HTTP_H

#include "buf.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#define HTTP_MODULE "http"
#define HTTP_SYMBOL "rec_http_ops"
#define HTTP_OPS_LAYOUT 2u

#define HTTP_MAX_PARAMETERS 128   /* of one query; a request with more is refused */
#define HTTP_MAX_HEADERS 32768    /* bytes of a request's line and headers */
#define HTTP_MAX_REPLY (64 << 20) /* bytes */
#define HTTP_REPLY_HEADERS 12

struct http_parameter {
    const char *name, *value; /* decoded */
};

/* All borrowed; valid until the handler returns. */
struct http_request {
    const char *method;                      /* "GET"; a HEAD request comes as it is, and its reply's body is not sent */
    const char *path;                        /* decoded, without the query */
    const struct http_parameter *parameters; /* (parameter_count) of the query, in their order */
    size_t parameter_count;
    const char *body; /* (body_length) and a NUL */
    size_t body_length;
    const char *peer; /* address of the client, "unix" for a local socket */
    const void *connection;
    const char *(*header)(const void *connection, const char *name); /* value of a header, NULL where there is none */
};

/* Filled by the handler. The module compresses it where the client takes gzip and it is worth it. */
struct http_reply {
    unsigned status;
    const char *type; /* content type, a constant */
    rec_buf body;
    struct {
        const char *name; /* a constant */
        char value[256];
    } headers[HTTP_REPLY_HEADERS];
    size_t header_count;
};

/** Add a header to a reply. Control characters become '?', so that no value starts a header of its own; one too many is dropped. */
void http_reply_header(struct http_reply *reply, const char *name, const char *format, ...) REC_PRINTF(3, 4);

struct http_config {
    const char *host;      /* address to listen on */
    unsigned port;         /* 0: any that is free */
    const char *unix_path; /* a local socket instead of both, NULL for none */
    /* (host_name_count) names that requests may be for besides `host` and those of this machine. Requests for others are refused where
     * there are any, and where `host` is an address that other machines do not reach. */
    const char *const *host_names;
    size_t host_name_count;
    unsigned threads;   /* that read, write and answer what is quick */
    unsigned workers;   /* that answer the rest */
    size_t queue;       /* requests that may wait for a worker */
    size_t connections; /* at a time */
    size_t max_body;    /* bytes */
    unsigned seconds;   /* that a connection may idle, or take to send a request or to receive a reply */
    void *context;
    /* Answer where that takes microseconds; else return false, with the reply as empty as it came, and a worker calls `answer`. From the
     * threads that read and write, several at once. */
    bool (*answer_at_once)(void *context, const struct http_request *request, struct http_reply *reply);
    /* Answer. From any thread, several at once. */
    void (*answer)(void *context, const struct http_request *request, struct http_reply *reply);
    /* Make the reply to a request that is not answered: 400 (too many parameters, or headers that contradict each other), 413, 421 (for
     * another host) or 503. Headers are kept. */
    void (*refuse)(void *context, unsigned status, struct http_reply *reply);
    /* Told of every request that was answered: bytes of body as sent, and seconds from its last byte read to its reply being ready. */
    void (*told)(void *context, const struct http_request *request, unsigned status, size_t bytes, double seconds);
};

struct http_server;

struct http_ops {
    unsigned layout;
    /* Listen and answer in threads of its own. `config` and what it names must outlive the server. Returns REC_EIO, REC_ENOMEM or
     * REC_EINVAL (what is no name of a local socket). */
    rec_status (*start)(const struct http_config *config, struct http_server **out, rec_error *err);
    /* The port it listens on, 0 for a local socket. */
    unsigned (*port)(const struct http_server *server);
    /* Take no more connections, let requests that have arrived be answered for up to `grace` seconds, end, and free the server. */
    void (*stop)(struct http_server *server, unsigned grace);
};

#endif
