/* A test's own folder of files without blanks in their names: what is in it, and clearing it. */
#ifndef REC_FOLDER_H
#define REC_FOLDER_H

#include "check.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* The names in the folder, in order, by blanks; valid until the next call. */
static inline const char *list_files(const char *folder)
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

static inline void remove_files(const char *folder)
{
    char names[1024], *save = NULL;

    snprintf(names, sizeof(names), "%s", list_files(folder));
    for (char *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        char path[PATH_MAX];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        remove(path);
    }
}

#endif
