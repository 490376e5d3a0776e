/* What fault tests begin with: see parts.h. */
#include "parts.h"
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void cut_sample(const char *path)
{
    struct text sample = file_read(path), parts[4] = { { NULL, 0 } };
    size_t others = 0;

    for (size_t i = 0; i < LENGTH(parts); i++)
        if (!(parts[i].bytes = calloc(sample.length + 1, 1)))
            give_up("keep", path);
    for (char *line = sample.bytes, *end; (end = strchr(line, '\n')); line = end + 1) {
        size_t length = (size_t)(end + 1 - line), which;
        char id[128];

        *end = '\0';
        if (line[0] == '#' || sscanf(line, "{\"id\": \"%127[^\"]\"", id) != 1)
            continue;
        which = strstr(line, "\"2025-03-14\"") ? 0 : others++ / 5;
        *end = '\n';
        if (which > 2)
            continue;
        memcpy(parts[which].bytes + parts[which].length, line, length);
        parts[which].length += length;
        if (which == 0)
            parts[3].length += (size_t)sprintf(parts[3].bytes + parts[3].length, "%s\n", id);
    }
    file_write("part1.jsonl", parts[0].bytes, parts[0].length);
    file_write("part2.jsonl", parts[1].bytes, parts[1].length);
    file_write("part3.jsonl", parts[2].bytes, parts[2].length);
    file_write("ids.txt", parts[3].bytes, parts[3].length);
    text_free(&sample);
    for (size_t i = 0; i < LENGTH(parts); i++)
        text_free(&parts[i]);
}

void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        give_up("make folder", path);
}

void begin_in_place(struct place *place, const char *sample)
{
    if (!getcwd(place->folder, sizeof(place->folder)))
        give_up("find", "the folder");
    if ((size_t)snprintf(place->store, sizeof(place->store), "%s/case/papers.db", place->folder) >= sizeof(place->store))
        give_up("use so long a name as", place->folder);
    setenv("RECOMMEND_CONFIG", "/dev/null", 1);
    setenv("RECOMMEND_SYSTEM_CONFIG", "/dev/null", 1);
    make_folder("case");
    cut_sample(sample);
}

time_t seconds_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}
