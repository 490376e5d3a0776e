/* Making stores: see stores.h. */
#include "stores.h"

#include "rec/build.h"
#include "rec/reader.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char *const RECORDS[] = {
    "{\"id\":\"2101.00001\",\"doi\":\"10.5555/one\",\"date\":\"2021-01-05\",\"categories\":[\"farm.WOOL\"],\"authors\":[\"Ann Example\"],"
    "\"title\":\"Shearing sheep in the mountains\",\"abstract\":\"We measure how long the wool of mountain sheep grows in a year.\"}",
    "{\"id\":\"k1\",\"date\":\"2022-02\",\"categories\":[\"farm.WOOL\",\"sea.SHIP\"],\"authors\":[\"Ann Example\",\"Bo Sample\"],"
    "\"title\":\"Wool carried by ships\",\"abstract\":\"Ships carry wool across the sea; we count the bales of wool in ten harbours.\"}",
    "{\"id\":\"k2\",\"date\":\"2023\",\"title\":\"Anchors of small ships\",\"abstract\":\"An anchor holds a small ship in the tide. We "
    "compare anchors.\",\"upvotes\":3}",
    "{\"id\":\"PMID:77\",\"date\":\"2021-01-05\",\"title\":\"The tide in the harbour\",\"abstract\":\"Tides rise and fall twice a day in "
    "the harbour, where ships lie at anchor.\"}",
    "{\"id\":\"k4\",\"title\":\"Melodies for the violin\",\"abstract\":\"Violins play melodies; an orchestra plays an overture in a slow "
    "tempo.\"}",
    "{\"id\":\"k5\",\"date\":\"2024-12-31\",\"title\":\"Rhythm of an orchestra\",\"status\":\"withdrawn\"}",
};

static char folder[64];

static void remove_folder(void)
{
    struct dirent *entry;
    DIR *dir = opendir(folder);

    while (dir && (entry = readdir(dir))) {
        char path[sizeof(folder) + NAME_MAX + 2];

        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        unlink(path); /* not the folder and the one above it, which are no files */
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

const char *fuzz_path(const char *name)
{
    static char paths[2][128];
    static int next;

    if (!folder[0]) {
        /* In memory where there is such a place: stores are synced. */
        snprintf(folder, sizeof(folder), "%s/rec-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        MUST(mkdtemp(folder));
        atexit(remove_folder);
    }
    next = !next;
    MUST(snprintf(paths[next], sizeof(paths[next]), "%s/%s", folder, name) < (int)sizeof(paths[next]));
    return paths[next];
}

static void put(rec_store *store, const char *record)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_outcome outcome;

    MUST(rec_read_json(record, strlen(record), &paper, &err) == REC_OK);
    MUST(rec_store_put(store, &paper, &outcome, &err) == REC_OK);
    rec_paper_clear(&paper);
}

char *fuzz_make_store(const char *name, bool build)
{
    const rec_build_options options = { .without_table = true, .threads = 1 };
    rec_build_report report;
    rec_error err = REC_ERROR_INIT;
    rec_store *store;
    char *path = strdup(fuzz_path(name));

    MUST(path && rec_store_open(path, REC_STORE_CREATE, &store, &err) == REC_OK);
    MUST(rec_store_begin(store, &err) == REC_OK);
    for (size_t i = 0; i < sizeof(RECORDS) / sizeof(RECORDS[0]); i++)
        put(store, RECORDS[i]);
    MUST(rec_store_commit(store, true, &err) == REC_OK);
    if (build && rec_build(store, &options, &report, &err) != REC_OK) {
        fprintf(stderr, "%s\n", err.message); /* such as a module that cannot be loaded */
        abort();
    }
    rec_store_close(store);
    return path;
}

rec_store *fuzz_store(void)
{
    static rec_store *store;
    rec_error err = REC_ERROR_INIT;

    if (!store) {
        char *path = fuzz_make_store("plain.db", false);

        MUST(rec_store_open(path, REC_STORE_READ, &store, &err) == REC_OK);
        free(path);
    }
    return store;
}

rec_engine *fuzz_engine(void)
{
    static rec_engine *engine;
    rec_error err = REC_ERROR_INIT;

    if (!engine) {
        char *path = fuzz_make_store("built.db", true);

        MUST(rec_engine_open(path, &engine, &err) == REC_OK);
        free(path);
    }
    return engine;
}
