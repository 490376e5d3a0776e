/*
 * What the driver of the fault tests (sweep.c) and the layer that it puts under the program (faults.c) say to each other.
 *
 * The program runs with the layer preloaded. Before main() the layer waits for orders; for each it forks, and the child goes on as the
 * program, with one fault ordered. So a run costs a fork, neither an exec nor the loading of libraries.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <limits.h>

#define FAULTS_FOLDER "FAULTS_FOLDER" /* environment: files below this absolute path are watched */
#define FAULTS_MODULE "FAULTS_MODULE" /* a module to be loaded before the first order */
#define FAULTS_ORDERS 198             /* descriptors of the pipes */
#define FAULTS_REPLIES 199

/* Kinds of calls, as bits: those that may fail are counted. */
enum fault_kind {
    FAULT_OPEN = 1,
    FAULT_READ = 2,
    FAULT_WRITE = 4,
    FAULT_SYNC = 8,
    FAULT_NAME = 16, /* rename, unlink */
    FAULT_SIZE = 32, /* ftruncate, fallocate */
    FAULT_MAP = 64,
    FAULT_ALLOC = 128, /* of the whole process, watched files or not */
    FAULT_CHANGES = FAULT_OPEN | FAULT_WRITE | FAULT_SYNC | FAULT_NAME | FAULT_SIZE,
    FAULT_FILES = FAULT_CHANGES | FAULT_READ | FAULT_MAP
};

enum fault_how {
    FAULT_NONE,
    FAULT_KILL,       /* SIGKILL before the call */
    FAULT_KILL_AFTER, /* SIGKILL after it; after half of it where it writes */
    FAULT_POWER,      /* the power fails: what was written and not synced is lost, all of it */
    FAULT_POWER_TORN, /* the same, but of each block the loss is drawn: disks reorder */
    FAULT_ERROR,      /* the call fails with `code`, this once */
    FAULT_ERRORS,     /* this and all later ones fail */
    FAULT_SHORT       /* a write or read takes half of what it is given */
};

struct fault_order {
    unsigned kinds;
    unsigned long at; /* which call, from 1 */
    enum fault_how how;
    int code;            /* errno */
    unsigned long memory; /* bytes of address space, 0: as many as there are */
    unsigned seconds;    /* of processor time, 0: no limit */
    char out[PATH_MAX];  /* where standard output goes */
    char words[PATH_MAX]; /* where standard error goes */
};

struct fault_reply {
    int pid;               /* the first reply to an order has nothing else */
    int status;            /* as waitpid() gives it */
    unsigned long calls;   /* of the ordered kinds */
    long added;            /* papers that committed transactions brought, less those that they took away */
    char struck[PATH_MAX]; /* the call that was struck, and on which file */
};

#endif
