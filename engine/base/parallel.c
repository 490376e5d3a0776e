/* POSIX threads over a shared counter: see parallel.h. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct job {
    size_t tasks;
    rec_task task;
    void *context;
    atomic_size_t next;
    atomic_bool stop;
    pthread_mutex_t lock; /* guards the three below */
    size_t failed_task;
    rec_status status;
    rec_error error;
};

struct worker {
    struct job *job;
    unsigned number;
    pthread_t thread;
};

unsigned rec_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

    return n < 1 ? 1 : n > REC_MAX_THREADS ? REC_MAX_THREADS : (unsigned)n;
}

static void record_failure(struct job *job, size_t task, rec_status status, const rec_error *error)
{
    atomic_store(&job->stop, true);
    pthread_mutex_lock(&job->lock);
    if (task < job->failed_task) {
        job->failed_task = task;
        job->status = status;
        job->error = *error;
    }
    pthread_mutex_unlock(&job->lock);
}

static void *work(void *argument)
{
    struct worker *self = argument;
    struct job *job = self->job;
    size_t task;

    while (!atomic_load(&job->stop) && (task = atomic_fetch_add(&job->next, 1)) < job->tasks) {
        rec_error error = REC_ERROR_INIT;
        rec_status status = job->task(task, self->number, job->context, &error);
        if (status != REC_OK)
            record_failure(job, task, status, &error);
    }
    return NULL;
}

rec_status rec_parallel(size_t tasks, unsigned threads, rec_task task, void *context, rec_error *err)
{
    struct worker workers[REC_MAX_THREADS];
    struct job job = { .tasks = tasks, .task = task, .context = context, .failed_task = SIZE_MAX };
    unsigned started = 1;

    if (threads > REC_MAX_THREADS)
        threads = REC_MAX_THREADS;
    if (threads > tasks)
        threads = (unsigned)tasks;
    pthread_mutex_init(&job.lock, NULL);
    for (; started < threads; started++) {
        workers[started] = (struct worker){ .job = &job, .number = started };
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0)
            break;
    }
    workers[0] = (struct worker){ .job = &job, .number = 0 };
    work(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_mutex_destroy(&job.lock);
    if (job.status != REC_OK && err)
        *err = job.error;
    return job.status;
}
