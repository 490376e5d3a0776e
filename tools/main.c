/* recommend: finds the verb and runs it. Plain `recommend ID` is `recommend similar ID`. */
#include "cmd.h"
#include "opt.h"
#include "say.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *purpose;
} VERBS[] = {
    { "import", cmd_import, "read papers from files and leave a store that answers" },
    { "similar", cmd_similar, "papers like a paper, a title or a text" },
    { "rank", cmd_rank, "put given papers in order of likeness" },
    { "batch", cmd_batch, "many requests in, an answer a line out" },
    { "digest", cmd_digest, "one edition: headline papers, each with its suggestions, ready to send" },
    { "search", cmd_search, "papers that match words" },
    { "explain", cmd_explain, "why two papers are alike" },
    { "show", cmd_show, "one paper" },
    { "info", cmd_info, "the store in numbers" },
    { "build", cmd_build, "index what is new; --refit fits the model again" },
    { "check", cmd_check, "verify the store and its side files" },
    { "serve", cmd_serve, "the same over HTTP, and a page to look at" },
    { "eval", cmd_eval, "score the ranking against relevance judgements" },
    { "remove", cmd_remove, "delete papers" },
    { "feedback", cmd_feedback, "take in what readers clicked, saved and hid" },
    { "pretrain", cmd_pretrain, "train a table of n-gram vectors on the papers of a store" },
};

static int print_help(void)
{
    printf("Usage: recommend [OPTIONS] VERB ...\n"
           "       recommend [OPTIONS] ID        papers like this one\n"
           "Recommends scientific papers like a given one, from a store of your own.\n\nVerbs:\n");
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        printf("  %-10s %s\n", VERBS[i].name, VERBS[i].purpose);
    printf("\n'recommend VERB --help' tells about a verb. 'recommend -- ID' takes a verb's name as an id.\n\n"
           "Example:\n  recommend import papers.jsonl && recommend arXiv:2401.01234\n");
    return finish_output(EXIT_OK);
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (strcmp(VERBS[i].name, name) == 0)
            return &VERBS[i];
    return NULL;
}

/* The first argument that is neither a common option nor the value of one; `argc` where there is none. */
static int first_word(int argc, char **argv)
{
    bool takes_value;
    int at = 1;

    while (at < argc && opt_is_common(argv[at], &takes_value))
        at += takes_value ? 2 : 1;
    return at < argc ? at : argc;
}

/*
 * Where a standard stream was closed, the next file opened would take its number: the store's lock would be read as standard input, or
 * written as standard error. Its place is taken the wrong way round, so that using it fails, as it would have.
 */
static void occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return;
}

int main(int argc, char **argv)
{
    int at = first_word(argc, argv);
    const struct verb *verb;

    occupy_standard_streams();
    /* A reader that closes the pipe early ends us by the failed write, with a word, not silently. */
    signal(SIGPIPE, SIG_IGN);
    if (at == argc || strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0) {
        if (at == argc && argc > 1)
            say("no verb and no id; 'recommend --help' lists the verbs");
        return at == argc && argc > 1 ? EXIT_USAGE : print_help();
    }
    if (strcmp(argv[at], "--version") == 0) {
        puts("recommend " REC_VERSION);
        return finish_output(EXIT_OK);
    }
    verb = find_verb(argv[at]);
    if (!verb)
        return cmd_similar(argc, argv);
    /* The verb's own parser reads the common options that stand before it: move them behind. */
    memmove(argv + 1, argv, (size_t)at * sizeof(*argv));
    return verb->run(argc - 1, argv + 1);
}
