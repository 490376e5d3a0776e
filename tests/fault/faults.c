/*
 * The layer under the program in fault tests: counts its system calls on watched files, its SQLite's among them, and spoils the one that was
 * ordered. Preloaded; no part of what is shipped.
 *
 * A sync of a watched file is counted and not done: a killed process loses nothing that the kernel has, and syncing is what would make
 * thousands of runs slow. For a power failure the layer keeps, from a file's first change on, what it held when it was last synced; at the
 * failure that is put back, all of it or block by block as drawn. Names are not undone: creating, renaming and removing count as written,
 * the worst case for a file that was renamed before its content was synced.
 *
 * The C library's own calls among themselves pass by this layer: what goes through stdio is not watched.
 */
#define _GNU_SOURCE /* RTLD_NEXT, off64_t, memfd_create */
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))
#define WATCHED_MAX 1024 /* descriptors; higher ones are not watched */
#define KEPT_MAX 64      /* changed files whose last synced content is kept at a time */
#define BLOCK 4096       /* of a disk */

/* glibc's own allocator, under the names that it exports for wrappers. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* Seen by the child and by the process that waits for it. */
struct seen {
    atomic_ulong calls;
    long pending; /* papers of the transaction that is open */
    struct fault_reply reply;
};

struct kept {
    dev_t device;
    ino_t inode;
    char path[PATH_MAX];
    int copy; /* a file in memory; -1: the place is free */
};

static struct fault_order order;
static struct seen *seen;
static const char *folder;
static char watched[WATCHED_MAX][PATH_MAX]; /* "" where the descriptor is not watched */
static struct kept kept[KEPT_MAX];
static atomic_flag keeping = ATOMIC_FLAG_INIT;

/* Finds what this layer stands before. POSIX lets dlsym() give functions; ISO C has no conversion for it. */
#define FIND_REAL(pointer, name) (*(void **)(&(pointer)) = dlsym(RTLD_NEXT, name))

/* ---- what was synced ----------------------------------------------------------------------------------------------- */

static void copy_whole(int from, int to)
{
    char block[BLOCK];
    off_t at = 0;
    ssize_t n;

    while ((n = syscall(SYS_pread64, from, block, sizeof(block), at)) > 0) {
        syscall(SYS_pwrite64, to, block, (size_t)n, at);
        at += n;
    }
    syscall(SYS_ftruncate, to, at);
}

static struct kept *find_kept(const struct stat *st)
{
    for (size_t i = 0; i < KEPT_MAX; i++)
        if (kept[i].copy >= 0 && kept[i].inode == st->st_ino && kept[i].device == st->st_dev)
            return &kept[i];
    return NULL;
}

static bool loses_power(void)
{
    return order.how == FAULT_POWER || order.how == FAULT_POWER_TORN;
}

/* A file is about to change: what it holds now is what was last synced, unless a copy is kept already. */
static void keep(const char *path, bool is_new)
{
    struct stat st;
    int fd;

    if (!loses_power() || (fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC)) < 0)
        return;
    while (atomic_flag_test_and_set(&keeping))
        ;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && !find_kept(&st))
        for (size_t i = 0; i < KEPT_MAX; i++)
            if (kept[i].copy < 0) {
                kept[i].copy = memfd_create("synced", MFD_CLOEXEC);
                kept[i].inode = st.st_ino;
                kept[i].device = st.st_dev;
                snprintf(kept[i].path, sizeof(kept[i].path), "%s", path);
                if (!is_new)
                    copy_whole(fd, kept[i].copy);
                break;
            }
    atomic_flag_clear(&keeping);
    syscall(SYS_close, fd);
}

static void forget_kept(int fd)
{
    struct stat st;
    struct kept *k;

    while (atomic_flag_test_and_set(&keeping))
        ;
    if (fstat(fd, &st) == 0 && (k = find_kept(&st))) {
        syscall(SYS_close, k->copy);
        k->copy = -1;
    }
    atomic_flag_clear(&keeping);
}

/* The same draw for the same order. */
static bool is_lost(size_t file, off_t block)
{
    uint64_t x = (order.at * 1000003u + file) * 1000003u + (uint64_t)block;

    x = (x ^ x >> 31) * 0x9E3779B97F4A7C15u;
    return x >> 63;
}

/* Puts back what was synced: everything, or the blocks that are drawn as lost. */
static void undo(size_t file, int fd)
{
    char old[BLOCK];
    struct stat before, now;

    fstat(kept[file].copy, &before);
    fstat(fd, &now);
    if (order.how == FAULT_POWER || is_lost(file, -1)) /* else the new length reached the disk */
        syscall(SYS_ftruncate, fd, before.st_size);
    for (off_t at = 0; at < now.st_size || at < before.st_size; at += BLOCK)
        if (order.how == FAULT_POWER || is_lost(file, at / BLOCK)) {
            ssize_t n = syscall(SYS_pread64, kept[file].copy, old, sizeof(old), at);
            size_t length = now.st_size - at < BLOCK ? (size_t)(now.st_size - at) : BLOCK;

            if (n > 0)
                syscall(SYS_pwrite64, fd, old, (size_t)n, at);
            else if (order.how == FAULT_POWER_TORN && at < now.st_size)
                syscall(SYS_pwrite64, fd, memset(old, 0, length), length, at); /* the length without the content */
        }
}

static void lose_what_is_not_synced(void)
{
    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct stat st;
        int fd;

        if (kept[i].copy < 0)
            continue;
        /* Under a name that a rename has given it, if need be: the descriptor's name is looked for last. */
        fd = (int)syscall(SYS_openat, AT_FDCWD, kept[i].path, O_RDWR | O_CLOEXEC);
        if (fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == kept[i].inode)
            undo(i, fd);
    }
}

static void rename_kept(const char *from, const char *to)
{
    for (size_t i = 0; i < KEPT_MAX; i++)
        if (kept[i].copy >= 0 && strcmp(kept[i].path, from) == 0)
            snprintf(kept[i].path, sizeof(kept[i].path), "%s", to);
}

/* ---- striking ------------------------------------------------------------------------------------------------------ */

enum verdict { PASS, HALF, FAIL };

static void die(void)
{
    if (loses_power())
        lose_what_is_not_synced();
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

/* Counts a call; what is to become of it. */
static enum verdict strike(unsigned kind, const char *name, const char *path)
{
    unsigned long n;

    if (!seen || !(order.kinds & kind))
        return PASS;
    n = atomic_fetch_add(&seen->calls, 1) + 1;
    if (order.how == FAULT_NONE || n < order.at || (n > order.at && order.how != FAULT_ERRORS))
        return PASS;
    if (n == order.at && kind != FAULT_ALLOC) /* formatting may allocate */
        snprintf(seen->reply.struck, sizeof(seen->reply.struck), "%s %s", name, path);
    switch (order.how) {
    case FAULT_KILL:
    case FAULT_POWER:
    case FAULT_POWER_TORN:
        die();
        break;
    case FAULT_ERROR:
    case FAULT_ERRORS:
        errno = order.code;
        return FAIL;
    case FAULT_KILL_AFTER:
    case FAULT_SHORT:
        return HALF;
    case FAULT_NONE:
        break;
    }
    return PASS;
}

/* After a call that was to be struck in its middle. */
static void strike_after(enum verdict verdict)
{
    if (verdict == HALF && order.how == FAULT_KILL_AFTER)
        die();
}

static size_t part(enum verdict verdict, size_t length)
{
    return verdict == HALF ? (length + 1) / 2 : length;
}

static bool is_watched_path(const char *path)
{
    size_t length = folder ? strlen(folder) : 0;

    return seen && length > 0 && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static const char *watched_path(int fd)
{
    return seen && fd >= 0 && fd < WATCHED_MAX && watched[fd][0] ? watched[fd] : NULL;
}

/* ---- the calls: opening and closing -------------------------------------------------------------------------------- */

static int open_watched(const char *name, int folder_fd, const char *path, int flags, mode_t mode)
{
    enum verdict verdict = PASS;
    bool is_ours = is_watched_path(path), is_new;
    int fd;

    if (is_ours && (verdict = strike(FAULT_OPEN, name, path)) == FAIL)
        return -1;
    is_new = is_ours && flags & O_CREAT && access(path, F_OK) != 0;
    if (is_ours && !is_new && flags & O_TRUNC)
        keep(path, false);
    fd = (int)syscall(SYS_openat, folder_fd, path, flags, mode);
    if (fd >= 0 && is_new)
        keep(path, true);
    if (fd >= 0 && fd < WATCHED_MAX)
        snprintf(watched[fd], sizeof(watched[fd]), "%s", is_ours ? path : "");
    strike_after(verdict);
    return fd;
}

#define MODE_OF(flags, last) \
    mode_t mode = 0; \
    if ((flags) & O_CREAT) { \
        va_list args; \
        va_start(args, last); \
        mode = (mode_t)va_arg(args, int); \
        va_end(args); \
    }

EXPORTED int open(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_watched("open", AT_FDCWD, path, flags, mode);
}

EXPORTED int open64(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_watched("open", AT_FDCWD, path, flags, mode);
}

EXPORTED int openat(int folder_fd, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_watched("openat", folder_fd, path, flags, mode);
}

EXPORTED int openat64(int folder_fd, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_watched("openat", folder_fd, path, flags, mode);
}

EXPORTED int close(int fd)
{
    if (fd >= 0 && fd < WATCHED_MAX)
        watched[fd][0] = '\0';
    return (int)syscall(SYS_close, fd);
}

/* ---- reading and writing ------------------------------------------------------------------------------------------- */

static ssize_t move(long number, unsigned kind, const char *name, int fd, void *bytes, size_t length, off_t at)
{
    const char *path = watched_path(fd);
    enum verdict verdict = path ? strike(kind, name, path) : PASS;
    ssize_t n;

    if (verdict == FAIL)
        return -1;
    if (path && kind == FAULT_WRITE)
        keep(path, false);
    n = syscall(number, fd, bytes, part(verdict, length), at);
    strike_after(verdict);
    return n;
}

EXPORTED ssize_t read(int fd, void *bytes, size_t length)
{
    return move(SYS_read, FAULT_READ, "read", fd, bytes, length, 0);
}

EXPORTED ssize_t pread(int fd, void *bytes, size_t length, off_t at)
{
    return move(SYS_pread64, FAULT_READ, "pread", fd, bytes, length, at);
}

EXPORTED ssize_t pread64(int fd, void *bytes, size_t length, off64_t at)
{
    return move(SYS_pread64, FAULT_READ, "pread", fd, bytes, length, at);
}

EXPORTED ssize_t write(int fd, const void *bytes, size_t length)
{
    return move(SYS_write, FAULT_WRITE, "write", fd, (void *)(uintptr_t)bytes, length, 0);
}

EXPORTED ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at)
{
    return move(SYS_pwrite64, FAULT_WRITE, "pwrite", fd, (void *)(uintptr_t)bytes, length, at);
}

EXPORTED ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
    return move(SYS_pwrite64, FAULT_WRITE, "pwrite", fd, (void *)(uintptr_t)bytes, length, at);
}

/* ---- syncing, sizes, names, maps ----------------------------------------------------------------------------------- */

static int sync_watched(long number, const char *name, int fd)
{
    const char *path = watched_path(fd);
    enum verdict verdict;

    if (!path)
        return (int)syscall(number, fd);
    if ((verdict = strike(FAULT_SYNC, name, path)) == FAIL)
        return -1;
    forget_kept(fd);
    strike_after(verdict);
    return 0;
}

EXPORTED int fsync(int fd)
{
    return sync_watched(SYS_fsync, "fsync", fd);
}

EXPORTED int fdatasync(int fd)
{
    return sync_watched(SYS_fdatasync, "fdatasync", fd);
}

static int resize(const char *name, int fd, off_t length)
{
    const char *path = watched_path(fd);
    enum verdict verdict = path ? strike(FAULT_SIZE, name, path) : PASS;
    int result;

    if (verdict == FAIL)
        return -1;
    if (path)
        keep(path, false);
    result = (int)syscall(SYS_ftruncate, fd, length);
    strike_after(verdict);
    return result;
}

EXPORTED int ftruncate(int fd, off_t length)
{
    return resize("ftruncate", fd, length);
}

EXPORTED int ftruncate64(int fd, off64_t length)
{
    return resize("ftruncate", fd, length);
}

/* fallocate() reports by errno, posix_fallocate() by its result. */
static int grow(int fd, off_t at, off_t length)
{
    const char *path = watched_path(fd);
    enum verdict verdict = path ? strike(FAULT_SIZE, "fallocate", path) : PASS;
    int result;

    if (verdict == FAIL)
        return -1;
    result = (int)syscall(SYS_fallocate, fd, 0, at, length);
    strike_after(verdict);
    return result;
}

EXPORTED int posix_fallocate(int fd, off_t at, off_t length)
{
    return grow(fd, at, length) == 0 ? 0 : errno;
}

EXPORTED int posix_fallocate64(int fd, off64_t at, off64_t length)
{
    return grow(fd, at, length) == 0 ? 0 : errno;
}

EXPORTED int rename(const char *from, const char *to)
{
    enum verdict verdict = is_watched_path(to) ? strike(FAULT_NAME, "rename", to) : PASS;
    int result;

    if (verdict == FAIL)
        return -1;
    if ((result = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to)) == 0)
        rename_kept(from, to);
    strike_after(verdict);
    return result;
}

static int take_away(const char *name, const char *path, bool folders_too)
{
    enum verdict verdict = is_watched_path(path) ? strike(FAULT_NAME, name, path) : PASS;
    int result;

    if (verdict == FAIL)
        return -1;
    result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (result != 0 && folders_too && errno == EISDIR)
        result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
    strike_after(verdict);
    return result;
}

EXPORTED int unlink(const char *path)
{
    return take_away("unlink", path, false);
}

EXPORTED int remove(const char *path)
{
    return take_away("remove", path, true);
}

static void *map(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    const char *path = flags & MAP_ANONYMOUS ? NULL : watched_path(fd);

    if (path && strike(FAULT_MAP, "mmap", path) == FAIL)
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

EXPORTED void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    return map(at, length, protection, flags, fd, offset);
}

EXPORTED void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset)
{
    return map(at, length, protection, flags, fd, offset);
}

/* ---- memory -------------------------------------------------------------------------------------------------------- */

static bool has_no_memory(void)
{
    return strike(FAULT_ALLOC, "", "") == FAIL;
}

EXPORTED void *malloc(size_t size)
{
    return has_no_memory() ? NULL : __libc_malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    return has_no_memory() ? NULL : __libc_calloc(count, size);
}

EXPORTED void *realloc(void *old, size_t size)
{
    return has_no_memory() ? NULL : __libc_realloc(old, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    return has_no_memory() ? NULL : __libc_memalign(alignment, size);
}

EXPORTED int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = has_no_memory() ? NULL : __libc_memalign(alignment, size);

    if (block)
        *out = block;
    return block ? 0 : ENOMEM;
}

/* ---- what was committed -------------------------------------------------------------------------------------------- */

/* Of SQLite, whose header only the store includes. */
const char *sqlite3_sql(void *statement);
int sqlite3_step(void *statement);

/* What the program has committed is known from its own statements, whatever the file says afterwards. */
EXPORTED int sqlite3_step(void *statement)
{
    static int (*step)(void *);
    int result;
    const char *sql;

    if (!step)
        FIND_REAL(step, "sqlite3_step");
    result = step(statement);
    if (!seen || result != 101 /* SQLITE_DONE */ || !(sql = sqlite3_sql(statement)))
        return result;
    if (strncmp(sql, "BEGIN", 5) == 0)
        seen->pending = 0;
    else if (strncmp(sql, "INSERT INTO paper(", 18) == 0 || strncmp(sql, "INSERT INTO paper ", 18) == 0)
        seen->pending++;
    else if (strncmp(sql, "DELETE FROM paper ", 18) == 0)
        seen->pending--;
    else if (strcmp(sql, "COMMIT") == 0) {
        seen->reply.added += seen->pending;
        seen->pending = 0;
    }
    return result;
}

/* ---- orders -------------------------------------------------------------------------------------------------------- */

static void point_at_file(int fd, const char *path)
{
    int file;

    syscall(SYS_unlinkat, AT_FDCWD, path, 0); /* quicker than emptying it */
    file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT, 0666);

    if (file >= 0 && file != fd) {
        dup2(file, fd);
        syscall(SYS_close, file);
    }
}

static void bound(const struct fault_order *next)
{
    struct rlimit memory = { next->memory, next->memory }, time = { next->seconds, next->seconds };

    if (next->memory)
        setrlimit(RLIMIT_AS, &memory);
    if (next->seconds)
        setrlimit(RLIMIT_CPU, &time);
}

/* Waits for orders; returns only in a child, which goes on as the program. */
static void take_orders(void)
{
    struct fault_order next;
    pid_t pid;

    while (syscall(SYS_read, FAULTS_ORDERS, &next, sizeof(next)) == (ssize_t)sizeof(next)) {
        memset(seen, 0, sizeof(*seen));
        if ((pid = fork()) == 0) {
            syscall(SYS_close, FAULTS_ORDERS);
            syscall(SYS_close, FAULTS_REPLIES);
            point_at_file(STDOUT_FILENO, next.out);
            point_at_file(STDERR_FILENO, next.words);
            bound(&next);
            order = next;
            return;
        }
        seen->reply.pid = pid;
        syscall(SYS_write, FAULTS_REPLIES, &seen->reply, sizeof(seen->reply));
        waitpid(pid, &seen->reply.status, 0);
        seen->reply.calls = atomic_load(&seen->calls);
        syscall(SYS_write, FAULTS_REPLIES, &seen->reply, sizeof(seen->reply));
    }
    _exit(0);
}

static int (*real_main)(int, char **, char **);

static int main_on_order(int argc, char **argv, char **environment)
{
    const char *module = getenv(FAULTS_MODULE);

    folder = getenv(FAULTS_FOLDER);
    for (size_t i = 0; i < KEPT_MAX; i++)
        kept[i].copy = -1;
    if (module && !dlopen(module, RTLD_NOW))
        fprintf(stderr, "%s\n", dlerror());
    seen = (struct seen *)syscall(SYS_mmap, NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsetenv("LD_PRELOAD"); /* what the program starts runs without faults */
    take_orders();
    return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end);

/* The last step before main(), when all libraries are ready. */
EXPORTED int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
                               void (*rtld_fini)(void), void *stack_end)
{
    __typeof__(&__libc_start_main) start;

    FIND_REAL(start, "__libc_start_main");
    real_main = main;
    return start(main_on_order, argc, argv, init, fini, rtld_fini, stack_end);
}
