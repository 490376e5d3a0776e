/* recommend: finds the verb and runs it. Plain `recommend ID` is `recommend similar ID`. */
#include "opt.h"
#include "option_list.h"
#include "say.h"
#include "settings.h"
#include "verbs.h"

#include "json.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int print_help(void)
{
    const struct verb *verb;

    printf("Usage: recommend [OPTIONS] VERB ...\n"
           "       recommend [OPTIONS] ID        papers like this one\n"
           "Recommends scientific papers like a given one, from a store of your own.\nVerbs:\n");
    for (size_t i = 0; (verb = verb_at(i)); i++)
        printf("  %-10s %s\n", verb->name, verb->purpose);
    opt_print_common();
    printf("'recommend VERB --help' tells about a verb. '--' takes a verb's name as an id.\n"
           "\nExample:\n  recommend import papers.jsonl && recommend arXiv:2401.01234\n");
    return finish_output(EXIT_OK);
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

/* Help and version are told whatever the settings are. */
static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "--version") == 0)
            return true;
    return false;
}

/* A value of the right kind that the verb refused may be a setting's: nobody typed it, so words on where it stands help. */
static void blame_setting(const struct settings *settings, const struct verb *verb, int argc, char **argv, int status)
{
    const struct setting *setting = NULL;
    char place[400];

    if (status == EXIT_USAGE || status == EXIT_FAILED || status == EXIT_NO_PAPER || status == EXIT_STORE)
        setting = settings_meant(settings, verb, argc, argv, said());
    if (setting)
        say("%s sets it to '%.200s'", settings_place(setting, place, sizeof(place)), setting->value);
}

/* Runs a verb, the settings that hold for it standing before the arguments that were typed. */
static int run_verb(const struct verb *verb, int argc, char **argv)
{
    struct settings settings = SETTINGS_INIT;
    struct settings_arguments arguments = { .argc = 0 };
    rec_error err = REC_ERROR_INIT;
    int status;

    if (wants_help(argc, argv))
        return verb->run(argc, argv);
    if (settings_load(&settings, &err) != REC_OK || settings_use(&settings, verb, argc, argv, &arguments, &err) != REC_OK) {
        status = say_error(&err);
    } else {
        status = verb->run(arguments.argc, arguments.argv);
        blame_setting(&settings, verb, argc, argv, status);
    }
    settings_arguments_clear(&arguments);
    settings_clear(&settings);
    return status;
}

/* A first word that is no verb was taken for an id. Where that led nowhere and a verb has nearly this name, it was perhaps meant. */
static int suggest_verb(const char *word, int status)
{
    const char *nearest = NULL;

    if (status == EXIT_USAGE || status == EXIT_NO_PAPER || status == EXIT_STORE)
        nearest = verb_nearest(word);
    if (nearest)
        say("'%s' is no verb and was taken for an id; did you mean 'recommend %s'?", word, nearest);
    return status;
}

int main(int argc, char **argv)
{
    int at = first_word(argc, argv);
    const struct verb *verb;

    rec_json_begin_program();
    occupy_standard_streams();
    /* A reader that closes the pipe early, and a limit on the size of files, end us by the failed write, with a word, not silently. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (at == argc || strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0) {
        if (at == argc && argc > 1)
            say("no verb and no id; 'recommend --help' lists the verbs");
        return at == argc && argc > 1 ? EXIT_USAGE : print_help();
    }
    if (strcmp(argv[at], "--version") == 0) {
        puts("recommend " REC_VERSION);
        return finish_output(EXIT_OK);
    }
    if (strcmp(argv[at], OPTION_LIST) == 0)
        return print_option_list();
    verb = verb_find(argv[at]);
    if (!verb)
        return suggest_verb(argv[at], run_verb(verb_find("similar"), argc, argv));
    /* The verb's own parser reads the common options that stand before it: move them behind. */
    memmove(argv + 1, argv, (size_t)at * sizeof(*argv));
    return run_verb(verb, argc - 1, argv + 1);
}
