/* Sockets: see http_listen.h. */
#include "http_listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 512

static int listen_at(const struct addrinfo *at)
{
    int yes = 1, fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)); /* a restart must not wait for old connections to be forgotten */
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int cause = errno;

        close(fd);
        errno = cause;
        return -1;
    }
    return fd;
}

static unsigned port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);

    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return 0;
    if (address.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)&address)->sin_port);
}

bool http_is_loopback(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address;
    socklen_t length = sizeof(address);
    const uint8_t *bytes = address.six.sin6_addr.s6_addr;

    if (getsockname(fd, &address.any, &length) != 0)
        return false;
    if (address.any.sa_family == AF_INET)
        return ntohl(address.four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return address.any.sa_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(&address.six.sin6_addr) || (IN6_IS_ADDR_V4MAPPED(&address.six.sin6_addr) && bytes[12] == IN_LOOPBACKNET));
}

rec_status http_listen(const char *host, unsigned *port, int *out, rec_error *err)
{
    struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM }, *found = NULL;
    char service[16];
    int failed, fd = -1, cause = 0;

    snprintf(service, sizeof(service), "%u", *port);
    if ((failed = getaddrinfo(host, service, &hints, &found)) != 0)
        return rec_fail(err, REC_EIO, "cannot listen on '%s' port %u: %s", host, *port, gai_strerror(failed));
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next)
        if ((fd = listen_at(at)) < 0)
            cause = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return rec_fail_errno(err, REC_EIO, cause, "cannot listen on '%s' port %u", host, *port);
    *port = port_of(fd);
    *out = fd;
    return REC_OK;
}

/* Whether a socket stands there that nobody answers on. */
static bool is_left_over(const struct sockaddr_un *address)
{
    struct stat st;
    int fd;
    bool dead;

    if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return false;
    if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        return false;
    dead = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 && errno == ECONNREFUSED;
    close(fd);
    return dead;
}

rec_status http_listen_local(const char *path, int *out, rec_error *err)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd, cause;

    /* Bound to an empty name, it would be an abstract socket, without permissions and under a name that nobody is told. */
    if (!*path || strlen(path) >= sizeof(address.sun_path))
        return rec_fail(err, REC_EINVAL, "cannot listen on '%s': a socket's name has 1 to %zu bytes", path, sizeof(address.sun_path) - 1);
    strcpy(address.sun_path, path);
    if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot listen on '%s'", path);
    if (is_left_over(&address))
        unlink(path);
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, BACKLOG) == 0) {
        *out = fd;
        return REC_OK;
    }
    cause = errno;
    close(fd);
    return rec_fail_errno(err, REC_EIO, cause, "cannot listen on '%s'", path);
}

void http_address_text(const struct sockaddr *address, char *out, size_t room)
{
    socklen_t length = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

    if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
        snprintf(out, room, "unix");
    else if (getnameinfo(address, length, out, (socklen_t)room, NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(out, room, "unknown");
}
