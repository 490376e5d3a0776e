/* Drawing a bar: see progress.h. */
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WIDTH 30
#define REDRAW_MS 100

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void progress_start(struct progress_bar *bar, bool quiet)
{
    const char *terminal = getenv("TERM");

    *bar = (struct progress_bar){ .wanted = !quiet && isatty(STDERR_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0) };
}

void progress_draw(struct progress_bar *bar, const char *phase, uint64_t done, uint64_t total)
{
    char cells[WIDTH + 1];
    size_t full;

    if (!bar->wanted || (bar->shown && now_ms() - bar->drawn_at < REDRAW_MS && done != total))
        return;
    bar->drawn_at = now_ms();
    bar->shown = true;
    if (total == 0) {
        fprintf(stderr, "\r\033[K%s: %llu", phase, (unsigned long long)done);
        return;
    }
    full = (size_t)((done < total ? done : total) * WIDTH / total);
    memset(cells, '#', full);
    memset(cells + full, '.', WIDTH - full);
    cells[WIDTH] = '\0';
    fprintf(stderr, "\r\033[K%-10s [%s] %3llu%%", phase, cells, (unsigned long long)((done < total ? done : total) * 100 / total));
}

void progress_end(struct progress_bar *bar)
{
    if (bar->shown)
        fputs("\r\033[K", stderr);
    bar->shown = false;
}

static void listen(void *context, const char *phase, uint64_t done, uint64_t total)
{
    progress_draw(context, phase, done, total);
}

rec_progress progress_listener(struct progress_bar *bar)
{
    return (rec_progress){ listen, bar };
}
