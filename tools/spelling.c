/* Nearest names: see spelling.h. */
#include "spelling.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t spelling_distance(const char *a, const char *b)
{
    size_t rows[3][SPELLING_MAX + 1]; /* the last three of the table: a swap looks two back */
    size_t m = strlen(a), n = strlen(b);

    if (m > SPELLING_MAX || n > SPELLING_MAX)
        return SPELLING_MAX;
    for (size_t j = 0; j <= n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];

        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            row[j] = least(least(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i + 1) % 3][j - 2] + 1);
        }
    }
    return rows[m % 3][n];
}

void spelling_offer(struct spelling_search *search, const char *name)
{
    size_t distance = spelling_distance(search->typed, name);

    if (distance < search->distance && 3 * distance <= strlen(name) + 1) {
        search->distance = distance;
        search->nearest = name;
    }
}
