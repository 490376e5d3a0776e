/*
 * See scenarios.h. Files named here are made by sweep.c from the shipped sample: parts of 14, 5 and 5 papers, the ids of the first, feedback.
 *
 * Models of these stores are fitted without the trained table, but where a scenario says otherwise: adapting it is most of the time of a
 * build, and touches no file.
 */
#include "scenarios.h"

#define QUIET "-q", "--threads", "1"
/* All lists, without and with what counts commits; all words. */
#define LISTS { "batch", "--format", "trec", "ids.txt" }
#define WORDS { "search", "the of and in a", "-k", "100", "--versions", "keep", "--format", "tsv", "-q" }
#define EDITION "digest", "--date", "2025-03-14", "--trending", "4", "--not-sent-within", "30d", "-q"

const struct start starts[] = {
    { "stored", "none", { "import", "--no-build", QUIET, "part1.jsonl", "part2.jsonl" } },
    { "built", "stored", { "build", "--without-table", QUIET } },
    { "grown", "built", { "import", "--no-build", QUIET, "part3.jsonl" } },
    { "sent", "built", { EDITION, "--mark-sent", "first" } },
};
const size_t start_count = sizeof(starts) / sizeof(starts[0]);

const struct scenario scenarios[] = {
    { .name = "import-first",
      .start = "none",
      .command = { "import", "--no-build", QUIET, "part1.jsonl", "part2.jsonl", "part3.jsonl" },
      .edges = { 14, 19, 24 },
      .questions = { { 0 }, WORDS } },
    { .name = "import-more",
      .start = "built",
      .command = { "import", "--no-build", QUIET, "part3.jsonl" },
      .edges = { 19, 24 },
      .questions = { LISTS, WORDS } },
    { .name = "build-first",
      .start = "stored",
      .builds = true,
      .command = { "build", "--without-table", QUIET },
      .edges = { 19 },
      .questions = { { 0 }, LISTS } },
    { .name = "build-more",
      .start = "grown",
      .builds = true,
      .command = { "build", "--without-table", QUIET },
      .edges = { 24 },
      .questions = { LISTS } },
    { .name = "remove",
      .start = "built",
      .command = { "remove", "--no-build", QUIET, "arrecife-erizos-2023", "batt-coating-2022" },
      .again = 3,
      .edges = { 19, 17 },
      .questions = { LISTS, WORDS } },
    { .name = "digest",
      .start = "built",
      .command = { EDITION, "--mark-sent", "second", "--format", "html", "--output", "case/edition.html" },
      .edges = { 19 },
      .questions = { { EDITION, "--format", "text", "--dry-run" }, LISTS } },
    { .name = "feedback",
      .start = "sent",
      .command = { "feedback", "-q", "feedback.tsv" },
      .edges = { 19 },
      .questions = { LISTS, { "eval", "--feedback" } } },
    /* With the trained table, as users run them. What is asked does not tell of the generation, of which a command that was spoiled has one more. */
    { .name = "import-whole",
      .start = "none",
      .builds = true,
      .command = { "import", QUIET, "part1.jsonl", "part2.jsonl" },
      .edges = { 14, 19 },
      .questions = { { 0 }, LISTS } },
    { .name = "build-refit",
      .start = "grown",
      .builds = true,
      .command = { "build", "--refit", QUIET },
      .edges = { 24 },
      .questions = { LISTS } },
    { .name = "remove-whole",
      .start = "built",
      .builds = true,
      .command = { "remove", QUIET, "batt-coating-2022" },
      .again = 3,
      .edges = { 19, 18 },
      .questions = { { 0 }, LISTS } },
    /* What only reads. */
    { .name = "similar", .start = "built", .command = { "reef-cloud-2024", "--explain" }, .reads = true, .edges = { 19 } },
    { .name = "text", .start = "built", .command = { "similar", "--title", "corals in warm water" }, .reads = true, .edges = { 19 } },
    { .name = "batch", .start = "built", .command = { "batch", "ids.txt" }, .reads = true, .parts = true, .edges = { 19 } },
    { .name = "search", .start = "grown", .command = { "search", "reef", "-e" }, .reads = true, .edges = { 24 } },
    { .name = "edition", .start = "sent", .command = { EDITION, "--format", "html" }, .reads = true, .edges = { 19 } },
};
const size_t scenario_count = sizeof(scenarios) / sizeof(scenarios[0]);
