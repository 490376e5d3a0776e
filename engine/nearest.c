/* A heap of the nearest: see nearest.h. */
#include "nearest.h"

/* Restore the heap below `at`. The last in order stands at the root, ready to be displaced. */
static void sink(rec_near *heap, size_t size, size_t at)
{
    rec_near moved = heap[at];
    size_t child;

    while ((child = 2 * at + 1) < size) {
        if (child + 1 < size && rec_near_before(heap[child], heap[child + 1]))
            child++;
        if (!rec_near_before(moved, heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

static void order(rec_near *heap, size_t size)
{
    for (size_t at = size / 2; at-- > 0;)
        sink(heap, size, at);
}

/* The first ones fill the heap as they come; once it is full it is ordered, and later ones displace the root. */
void rec_nearest_offer(rec_nearest *nearest, rec_near near)
{
    if (nearest->length < nearest->room) {
        nearest->items[nearest->length++] = near;
        if (nearest->length == nearest->room)
            order(nearest->items, nearest->length);
    } else if (rec_near_before(near, nearest->items[0])) {
        nearest->items[0] = near;
        sink(nearest->items, nearest->length, 0);
    }
}

void rec_nearest_sort(rec_nearest *nearest)
{
    if (nearest->length < nearest->room)
        order(nearest->items, nearest->length);
    for (size_t size = nearest->length; size > 1;) {
        rec_near last = nearest->items[0];

        nearest->items[0] = nearest->items[--size];
        nearest->items[size] = last;
        sink(nearest->items, size, 0);
    }
}
