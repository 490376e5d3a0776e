/* A test's own folder of files without blanks in their names: making it, what is in it, clearing it. */
#ifndef REC_FOLDER_H
#define REC_FOLDER_H

#include "check.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/rec-test-XXXXXX";
static char db[sizeof(folder) + 16]; /* a store that a test may make in it */

/* cmocka's way to begin a group of tests, and to end it. */
static inline int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(db, sizeof(db), "%s/store.db", folder);
    return 0;
}

/* Fails, and says so, where a test left anything behind. */
static inline int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* The names in the folder, in order, by blanks; valid until the next call. */
static inline const char *list_files(void)
{
    static char names[1024];
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);

    names[0] = '\0';
    CHECK(n >= 2);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.')
            snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", names[0] ? " " : "", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return names;
}

static inline void remove_files(void)
{
    char names[1024], *save = NULL;

    snprintf(names, sizeof(names), "%s", list_files());
    for (char *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        char path[PATH_MAX];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        remove(path);
    }
}

#endif
