/* Delivering to a command: see deliver.h. */
#include "deliver.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
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

static rec_status judge(const char *command, int status, int unwritten, rec_error *err)
{
    if (WIFSIGNALED(status))
        return rec_fail(err, REC_EIO, "command '%s' was ended by signal %d", command, WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return rec_fail(err, REC_EIO, "command '%s' ended with exit status %d", command, WEXITSTATUS(status));
    if (unwritten)
        return rec_fail_errno(err, REC_EIO, unwritten, "command '%s' did not take all of the edition", command);
    return REC_OK;
}

rec_status deliver_to_command(const char *command, const rec_buf *content, rec_error *err)
{
    int ends[2], cause, status, unwritten = 0;
    pid_t pid = -1;

    if (pipe(ends) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot run command '%s'", command);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    cause = start(command, ends[0], &pid);
    close(ends[0]);
    if (cause == 0 && rec_file_write_all(ends[1], rec_buf_text(content), content->length) != 0)
        unwritten = errno;
    close(ends[1]);
    if (cause != 0)
        return rec_fail_errno(err, REC_EIO, cause, "cannot run command '%s'", command);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return rec_fail_errno(err, REC_EIO, errno, "cannot wait for command '%s'", command);
    return judge(command, status, unwritten, err);
}
