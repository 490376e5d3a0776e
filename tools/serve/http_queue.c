/* Workers behind a bounded ring: see http_queue.h. */
#include "http_queue.h"

#include "alloc.h"

#include <pthread.h>

struct http_queue {
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t filled;
    void **items; /* (length) */
    size_t length, first, waiting;
    bool ending;
    void (*work)(void *item);
    pthread_t *threads; /* (thread_count) */
    unsigned thread_count;
};

static void *run_worker(void *context)
{
    struct http_queue *queue = context;

    for (;;) {
        void *item = NULL;

        pthread_mutex_lock(&queue->lock);
        while (queue->waiting == 0 && !queue->ending)
            pthread_cond_wait(&queue->filled, &queue->lock);
        if (queue->waiting > 0) {
            item = queue->items[queue->first];
            queue->first = (queue->first + 1) % queue->length;
            queue->waiting--;
        }
        pthread_mutex_unlock(&queue->lock);
        if (!item)
            return NULL;
        queue->work(item);
    }
}

bool http_queue_put(struct http_queue *queue, void *item)
{
    bool fits;

    pthread_mutex_lock(&queue->lock);
    fits = queue->waiting < queue->length && !queue->ending;
    if (fits) {
        queue->items[(queue->first + queue->waiting) % queue->length] = item;
        queue->waiting++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return fits;
}

void http_queue_stop(struct http_queue *queue)
{
    if (!queue)
        return;
    pthread_mutex_lock(&queue->lock);
    queue->ending = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
    for (unsigned i = 0; i < queue->thread_count; i++)
        pthread_join(queue->threads[i], NULL);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    rec_free(queue->items);
    rec_free(queue->threads);
    rec_free(queue);
}

rec_status http_queue_start(size_t length, unsigned workers, void (*work)(void *item), struct http_queue **out, rec_error *err)
{
    struct http_queue *queue = rec_alloc(sizeof(*queue));

    if (!queue)
        return rec_fail(err, REC_ENOMEM, "out of memory for the queue of requests");
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
    queue->length = length;
    queue->work = work;
    queue->items = rec_alloc_array(length, sizeof(*queue->items));
    queue->threads = rec_alloc_array(workers, sizeof(*queue->threads));
    if (!queue->items || !queue->threads) {
        http_queue_stop(queue);
        return rec_fail(err, REC_ENOMEM, "out of memory for the queue of requests");
    }
    for (; queue->thread_count < workers; queue->thread_count++) {
        int failed = pthread_create(&queue->threads[queue->thread_count], NULL, run_worker, queue);

        if (failed) {
            http_queue_stop(queue);
            return rec_fail_errno(err, REC_EIO, failed, "cannot start a thread");
        }
    }
    *out = queue;
    return REC_OK;
}
