/* The list of the verbs: see verbs.h. */
#include "verbs.h"

#include "cmd.h"
#include "spelling.h"

#include <string.h>

static const struct verb VERBS[] = {
    { "import", cmd_import, "read papers from files and leave a store that answers" },
    { "similar", cmd_similar, "papers like a paper, a title or a text" },
    { "rank", cmd_rank, "put given papers in order of likeness" },
    { "batch", cmd_batch, "many requests in, an answer a line out" },
    { "digest", cmd_digest, "one edition: headline papers, each with its suggestions" },
    { "search", cmd_search, "papers that match words" },
    { "explain", cmd_explain, "why two papers are alike" },
    { "show", cmd_show, "one paper" },
    { "info", cmd_info, "the store in numbers" },
    { "build", cmd_build, "index what is new; --refit fits the model again" },
    { "check", cmd_check, "verify the store and its side files" },
    { "serve", cmd_serve, "the same over HTTP, and a page to look at" },
    { "eval", cmd_eval, "score the ranking against relevance judgements" },
    { "remove", cmd_remove, "delete papers" },
    { "export", cmd_export, "papers, their vectors or their neighbours out" },
    { "backup", cmd_backup, "copy the store, also while an import runs" },
    { "feedback", cmd_feedback, "take in what readers clicked, saved and hid" },
    { "pretrain", cmd_pretrain, "train a table of n-gram vectors on the papers of a store" },
    { "config", cmd_config, "the settings that hold, and where each comes from" },
};

const struct verb *verb_at(size_t i)
{
    return i < sizeof(VERBS) / sizeof(VERBS[0]) ? &VERBS[i] : NULL;
}

const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (strcmp(VERBS[i].name, name) == 0)
            return &VERBS[i];
    return NULL;
}

const char *verb_nearest(const char *name)
{
    struct spelling_search search = SPELLING_SEARCH_INIT(name);

    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        spelling_offer(&search, VERBS[i].name);
    return search.nearest;
}
