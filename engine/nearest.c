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

/* Hoare's selection (Communications of the ACM 4, 1961). */
void rec_nearest_select(rec_near *near, size_t count, size_t keep)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1, last = (ptrdiff_t)keep - 1;

    while (low < high) {
        rec_near pivot = near[low + (high - low) / 2];
        ptrdiff_t i = low, j = high;

        while (i <= j) {
            rec_near swapped;

            while (rec_near_before(near[i], pivot))
                i++;
            while (rec_near_before(pivot, near[j]))
                j--;
            if (i > j)
                break;
            swapped = near[i];
            near[i++] = near[j];
            near[j--] = swapped;
        }
        if (last <= j)
            high = j;
        else if (last >= i)
            low = i;
        else
            return;
    }
}
