/* A socket to listen on. */
#ifndef REC_HTTP_LISTEN_H
#define REC_HTTP_LISTEN_H

#include "status.h"

#include <stdbool.h>
#include <sys/socket.h>

/**
 * Listen on an address (a host name, or an IPv4 or IPv6 address) and port, 0 for any; `*port` is the one it is. A host that names several
 * addresses is listened to on the first that can be. Returns REC_EIO, naming both.
 */
REC_CHECKED rec_status http_listen(const char *host, unsigned *port, int *out, rec_error *err);

/**
 * Listen on a local socket. One that is there and that nobody answers on was left by a process that died: it is replaced; anything else
 * under that name is left alone, and refused. Returns REC_EINVAL (an empty name, or one that is too long) or REC_EIO, naming it.
 */
REC_CHECKED rec_status http_listen_local(const char *path, int *out, rec_error *err);

/** Whether a socket is bound to an address that no other machine reaches. */
bool http_is_loopback(int fd);

/** An address as text, "unix" for a local socket. */
void http_address_text(const struct sockaddr *address, char *out, size_t room);

#endif
