/* Tasks on several threads: each runs once, and what comes back does not depend on the threads. */
#define _GNU_SOURCE /* sched_setaffinity */
#include "check.h"

#include "parallel.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#define MOST_TASKS 1000

struct log {
    atomic_int runs[MOST_TASKS];
    atomic_uint highest_thread;
    pthread_t caller;
    atomic_bool elsewhere; /* a task ran on another thread than the caller's */
};

static rec_status record(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct log *log = context;
    unsigned highest = atomic_load(&log->highest_thread);

    (void)err;
    atomic_fetch_add(&log->runs[task], 1);
    while (thread > highest && !atomic_compare_exchange_weak(&log->highest_thread, &highest, thread))
        continue;
    if (!pthread_equal(pthread_self(), log->caller))
        atomic_store(&log->elsewhere, true);
    return REC_OK;
}

static void every_task_runs_once_on_a_thread_of_a_number_in_range(void **state)
{
    static const size_t tasks[] = { 0, 1, 2, 7, MOST_TASKS };
    static const unsigned threads[] = { 0, 1, 2, 5, 64, REC_MAX_THREADS, REC_MAX_THREADS + 1, UINT_MAX };

    (void)state;
    for (size_t t = 0; t < sizeof(tasks) / sizeof(tasks[0]); t++)
        for (size_t n = 0; n < sizeof(threads) / sizeof(threads[0]); n++) {
            unsigned used = threads[n] == 0 ? 1 : threads[n] < REC_MAX_THREADS ? threads[n] : REC_MAX_THREADS;
            struct log log = { .caller = pthread_self() };
            rec_error err = REC_ERROR_INIT;

            CHECK_STATUS(REC_OK, rec_parallel(tasks[t], threads[n], record, &log, &err), &err);
            for (size_t task = 0; task < MOST_TASKS; task++)
                CHECK_INT(task < tasks[t], atomic_load(&log.runs[task]));
            CHECK(atomic_load(&log.highest_thread) < used);
            CHECK_STR("", err.message);
        }
}

static void one_thread_is_the_callers_own(void **state)
{
    (void)state;
    for (unsigned threads = 0; threads <= 1; threads++) {
        struct log log = { .caller = pthread_self() };

        CHECK_INT(REC_OK, rec_parallel(50, threads, record, &log, NULL));
        CHECK(!atomic_load(&log.elsewhere));
    }
}

static void nap(void)
{
    const struct timespec millisecond = { 0, 1000000 };

    nanosleep(&millisecond, NULL);
}

/* Waits until as many tasks have begun as there are: serial tasks would wait until the limit. */
static rec_status meet_the_others(size_t task, unsigned thread, void *context, rec_error *err)
{
    atomic_int *begun = context;

    (void)thread;
    atomic_fetch_add(begun, 1);
    for (int naps = 0; naps < 10000; naps++) {
        if (atomic_load(begun) == 3)
            return REC_OK;
        nap();
    }
    return rec_fail(err, REC_EBUSY, "task %zu met nobody", task);
}

static void three_threads_run_three_tasks_at_once(void **state)
{
    rec_error err = REC_ERROR_INIT;
    atomic_int begun = 0;

    (void)state;
    CHECK_STATUS(REC_OK, rec_parallel(3, 3, meet_the_others, &begun, &err), &err);
}

/* Each thread adds to a place of its own: no two that run at once have one number, or a sum would be short. */
static rec_status add_to_own_place(size_t task, unsigned thread, void *context, rec_error *err)
{
    volatile size_t *places = context;

    (void)err;
    for (int again = 0; again < 100; again++)
        places[16 * thread] += task;
    return REC_OK;
}

static void scratch_memory_by_thread_number_is_safe(void **state)
{
    size_t places[16 * 4] = { 0 }, sum = 0;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_parallel(MOST_TASKS, 4, add_to_own_place, places, &err), &err);
    for (size_t thread = 0; thread < 4; thread++)
        sum += places[16 * thread];
    CHECK_INT(100 * (MOST_TASKS - 1) * MOST_TASKS / 2, sum);
}

struct failing {
    size_t early, late; /* the tasks that fail */
    size_t last;        /* the one of them that fails after the other */
    atomic_int begun;
    atomic_bool failed;
    atomic_size_t runs;
};

/* Where one thread runs the tasks in turn, nobody comes to be waited for. */
static rec_status fail_two(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct failing *failing = context;

    (void)thread;
    atomic_fetch_add(&failing->runs, 1);
    if (task != failing->early && task != failing->late)
        return REC_OK;
    atomic_fetch_add(&failing->begun, 1);
    for (int naps = 0; naps < 50 && atomic_load(&failing->begun) < 2; naps++)
        nap();
    if (task == failing->last) {
        for (int naps = 0; naps < 50 && !atomic_load(&failing->failed); naps++)
            nap();
        nap(); /* so that the other's failure is on record */
    }
    atomic_store(&failing->failed, true);
    return rec_fail(err, task == failing->early ? REC_EFORMAT : REC_EIO, "task %zu", task);
}

static void the_failing_task_of_the_lowest_number_reports(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++)
        for (size_t last = 2; last <= 4; last += 2) {
            struct failing failing = { .early = 2, .late = 4, .last = last };
            rec_error err = REC_ERROR_INIT;

            CHECK_STATUS(REC_EFORMAT, rec_parallel(8, threads, fail_two, &failing, &err), &err);
            CHECK_INT(REC_EFORMAT, err.code);
            CHECK_STR("task 2", err.message);
        }
}

static void after_a_failure_no_task_starts(void **state)
{
    struct failing failing = { .early = 5, .late = MOST_TASKS };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_EFORMAT, rec_parallel(MOST_TASKS, 1, fail_two, &failing, &err), &err);
    CHECK_INT(6, atomic_load(&failing.runs));
}

/* The last of all is as good as any other, and nobody has to want its sentence. */
static void a_failure_of_the_last_task_is_not_lost(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct failing failing = { .early = MOST_TASKS, .late = 99 };

        CHECK_INT(REC_EIO, rec_parallel(100, threads, fail_two, &failing, NULL));
    }
}

static void processors_are_those_this_process_may_use(void **state)
{
    cpu_set_t all, one;
    unsigned before = rec_processors(), held;

    (void)state;
    CHECK(before >= 1 && before <= REC_MAX_THREADS);
    CHECK(sched_getaffinity(0, sizeof(all), &all) == 0);
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
    held = rec_processors();
    CHECK(sched_setaffinity(0, sizeof(all), &all) == 0);
    CHECK_INT(1, held);
    CHECK_INT(before, rec_processors());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once_on_a_thread_of_a_number_in_range),
        cmocka_unit_test(one_thread_is_the_callers_own),
        cmocka_unit_test(three_threads_run_three_tasks_at_once),
        cmocka_unit_test(scratch_memory_by_thread_number_is_safe),
        cmocka_unit_test(the_failing_task_of_the_lowest_number_reports),
        cmocka_unit_test(after_a_failure_no_task_starts),
        cmocka_unit_test(a_failure_of_the_last_task_is_not_lost),
        cmocka_unit_test(processors_are_those_this_process_may_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
