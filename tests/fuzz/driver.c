/*
 * The fuzz targets for compilers without libFuzzer: runs one over every file of the folders and files that are named.
 *
 *   fuzz_corpora TARGET FOLDER...
 *
 * Exits 0 when all came back, and says how many there were. Each target is compiled under a name of its own (CMakeLists.txt).
 */
#include "fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define LARGEST (1 << 20) /* bytes of a file of a corpus */

#define TARGET(name) int target_##name(const uint8_t *data, size_t size);
#include "targets.def"
#undef TARGET

static const struct target {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
} TARGETS[] = {
#define TARGET(name) { #name, target_##name },
#include "targets.def"
};

static const struct target *find(const char *name)
{
    for (size_t i = 0; i < sizeof(TARGETS) / sizeof(TARGETS[0]); i++)
        if (strcmp(TARGETS[i].name, name) == 0)
            return &TARGETS[i];
    fprintf(stderr, "no target '%s'\n", name);
    exit(1);
}

static void run_file(const struct target *target, const char *path)
{
    uint8_t *data = malloc(LARGEST);
    FILE *file = fopen(path, "rbe");
    uint8_t *exact;
    size_t size;

    MUST(data && file);
    size = fread(data, 1, LARGEST, file);
    MUST(!ferror(file) && size < LARGEST);
    fclose(file);
    MUST(exact = malloc(size > 0 ? size : 1)); /* not a byte longer, so that reading behind it is seen */
    memcpy(exact, data, size);
    free(data);
    target->run(exact, size);
    free(exact);
}

/* Returns how many files it held. */
static size_t run_folder(const struct target *target, const char *path)
{
    struct dirent **entries;
    size_t files = 0;
    int n = scandir(path, &entries, NULL, alphasort);

    MUST(n >= 0);
    for (int i = 0; i < n; i++) {
        char name[PATH_MAX];

        if (entries[i]->d_name[0] != '.') {
            MUST(snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name) < PATH_MAX);
            run_file(target, name);
            files++;
        }
        free(entries[i]);
    }
    free(entries);
    return files;
}

int main(int argc, char **argv)
{
    const struct target *target = find(argc > 1 ? argv[1] : "");
    size_t files = 0;

    for (int i = 2; i < argc; i++) {
        struct stat st;

        MUST(stat(argv[i], &st) == 0);
        if (S_ISDIR(st.st_mode)) {
            files += run_folder(target, argv[i]);
        } else {
            run_file(target, argv[i]);
            files++;
        }
    }
    printf("%zu inputs\n", files);
    return files > 0 ? 0 : 1;
}
