/* Delivering to a command: see deliver.h. */
#include "deliver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts the command with `in` as its standard input. This program ignores two signals; the command must not inherit that. */
static int start(const char *command, int in, pid_t *pid)
{
    char *const arguments[] = { "sh", "-c", (char *)command, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t ignored;
    int cause;

    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGXFSZ);
    if ((cause = posix_spawn_file_actions_init(&actions)) != 0)
        return cause;
    if ((cause = posix_spawnattr_init(&attributes)) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return cause;
    }
    if ((cause = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
        (cause = posix_spawnattr_setsigdefault(&attributes, &ignored)) == 0 &&
        (cause = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF)) == 0)
        cause = posix_spawn(pid, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return cause;
}

#define PATIENCE 50 /* milliseconds until it is looked whether a command that takes nothing still runs */

/* A command that runs, and both ends of the pipe to it. */
struct delivery {
    const char *command;
    int ends[2];
    pid_t pid;
    bool ended;
    int status; /* where it has ended */
    int lost;   /* errno, where it could not be waited for */
};

/* Looks whether the command has ended (WNOHANG), or waits until it has (0). */
static void look_for_end(struct delivery *d, int options)
{
    pid_t found;

    do
        found = waitpid(d->pid, &d->status, options);
    while (found < 0 && errno == EINTR);
    d->lost = found < 0 ? errno : 0;
    d->ended = found != 0;
}

/*
 * Writes until all is written, which it gives, or the command has ended. No write may wait: the pipe is never broken, since its reading end
 * is open here too, and one that is full and has no other reader would be waited for without end.
 */
static bool feed(struct delivery *d, const char *at, size_t left)
{
    struct pollfd room = { .fd = d->ends[1], .events = POLLOUT };

    while (left > 0) {
        ssize_t n = write(d->ends[1], at, left);

        if (n >= 0) {
            at += n;
            left -= (size_t)n;
        } else if (errno == EAGAIN && !d->ended) {
            poll(&room, 1, PATIENCE);
            look_for_end(d, WNOHANG);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* What a pipe holds was written and not taken: only the reading end that is kept here can tell. */
static bool is_empty(const struct delivery *d)
{
    int unread = 0;

    return ioctl(d->ends[0], FIONREAD, &unread) == 0 && unread == 0;
}

static rec_status judge(const struct delivery *d, bool all_taken, rec_error *err)
{
    if (d->lost)
        return rec_fail_errno(err, REC_EIO, d->lost, "cannot wait for command '%s'", d->command);
    if (WIFSIGNALED(d->status))
        return rec_fail(err, REC_EIO, "command '%s' was ended by signal %d", d->command, WTERMSIG(d->status));
    if (WEXITSTATUS(d->status) != 0)
        return rec_fail(err, REC_EIO, "command '%s' ended with exit status %d", d->command, WEXITSTATUS(d->status));
    if (!all_taken)
        return rec_fail(err, REC_EIO, "command '%s' did not take all of the edition", d->command);
    return REC_OK;
}

rec_status deliver_to_command(const char *command, const rec_buf *content, rec_error *err)
{
    struct delivery d = { .command = command };
    bool all_taken;
    int cause;

    if (pipe(d.ends) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot run command '%s'", command);
    fcntl(d.ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(d.ends[1], F_SETFD, FD_CLOEXEC);
    fcntl(d.ends[1], F_SETFL, O_NONBLOCK); /* of this end alone */
    cause = start(command, d.ends[0], &d.pid);
    all_taken = cause == 0 && feed(&d, rec_buf_text(content), content->length);
    close(d.ends[1]);
    while (cause == 0 && !d.ended)
        look_for_end(&d, 0);
    all_taken = all_taken && is_empty(&d);
    close(d.ends[0]);
    if (cause != 0)
        return rec_fail_errno(err, REC_EIO, cause, "cannot run command '%s'", command);
    return judge(&d, all_taken, err);
}
