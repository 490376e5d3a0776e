/* Running and timing programs: see process.h. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double seconds(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double processor_seconds(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

rec_status process_start(char *const argv[], pid_t *out, rec_error *err)
{
    pid_t child = vfork(); /* a copy of our page tables would be part of what is timed */

    if (child < 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot run '%s'", argv[0]);
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);

        if (null >= 0)
            dup2(null, STDOUT_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    *out = child;
    return REC_OK;
}

static double timeval_seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

rec_status process_wait(pid_t process, char *const argv[], struct usage *out, rec_error *err)
{
    struct rusage used;
    int status;

    while (wait4(process, &status, 0, &used) < 0)
        if (errno != EINTR)
            return rec_fail_errno(err, REC_EIO, errno, "cannot wait for '%s'", argv[0]);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return rec_fail(err, REC_EIO, "'%s' ended with status %d", argv[0], WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    out->cpu = timeval_seconds(used.ru_utime) + timeval_seconds(used.ru_stime);
    out->peak = (double)used.ru_maxrss / 1024;
    return REC_OK;
}

rec_status process_run(char *const argv[], struct usage *out, rec_error *err)
{
    double start = seconds();
    pid_t process = 0;
    rec_status rc = process_start(argv, &process, err);

    if (rc == REC_OK)
        rc = process_wait(process, argv, out, err);
    out->wall = seconds() - start;
    return rc;
}

void process_forget_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    fdatasync(fd);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
}
