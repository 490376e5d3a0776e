/* Parsing options and printing help: see opt.h. */
#include "opt.h"

#include "say.h"
#include "spelling.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A verb's help fits a screen of 80 columns and 40 lines, to which a test holds it: what is common to all verbs is named in one line, and
 * told by `recommend --help`. */
static void print_option(const struct opt *opt)
{
    char left[64], letter[8] = "    ";

    if (opt->kind == OPT_HEADING) {
        printf("%s:\n", opt->help);
        return;
    }
    if (opt->letter)
        snprintf(letter, sizeof(letter), "-%c, ", opt->letter);
    snprintf(left, sizeof(left), "%s--%s%s%s", letter, opt->name, opt->argument ? " " : "", opt->argument ? opt->argument : "");
    printf("  %-26s %s\n", left, opt->help);
}

static bool is_common_heading(const struct opt *opt)
{
    return opt->kind == OPT_HEADING && strcmp(opt->help, OPT_COMMON_HEADING) == 0;
}

/* The rows of OPT_COMMON, in one line. */
static void print_common(const struct opt *table)
{
    printf("%s:", OPT_COMMON_HEADING);
    for (; table->kind != OPT_END; table++)
        if (table->name)
            printf(" --%s", table->name);
    printf(" --help --version\n");
}

static void print_help(const struct opt *table, const struct opt_usage *usage)
{
    printf("Usage: %s\n%s\n", usage->synopsis, usage->purpose);
    if (!is_common_heading(table))
        printf("Options:\n");
    for (; table->kind != OPT_END && !is_common_heading(table); table++)
        print_option(table);
    print_common(table + (table->kind != OPT_END));
    printf("\nExample:\n  %s\n", usage->example);
}

static const struct opt *find_long(const struct opt *table, const char *name, size_t length)
{
    for (; table->kind != OPT_END; table++)
        if (table->name && strlen(table->name) == length && strncmp(table->name, name, length) == 0)
            return table;
    return NULL;
}

const struct opt *opt_find(const struct opt *table, const char *name)
{
    return find_long(table, name, strlen(name));
}

const char *opt_nearest(const struct opt *table, const char *name)
{
    struct spelling_search search = SPELLING_SEARCH_INIT(name);

    for (; table->kind != OPT_END; table++)
        if (table->name)
            spelling_offer(&search, table->name);
    return search.nearest;
}

static const struct opt *find_letter(const struct opt *table, char letter)
{
    for (; table->kind != OPT_END; table++)
        if (table->letter && table->letter == letter)
            return table;
    return NULL;
}

static int unknown_option(const struct opt *table, const char *name, const struct opt_usage *usage)
{
    const char *nearest = opt_nearest(table, name);

    if (nearest)
        say("unknown option '--%s'; did you mean '--%s'?", name, nearest);
    else
        say("unknown option '--%s'; usage: %s", name, usage->synopsis);
    return EXIT_USAGE;
}

bool opt_read_count(const char *text, size_t *out)
{
    size_t value = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || value > (SIZE_MAX - 9) / 10)
            return false;
        value = value * 10 + (size_t)(*text - '0');
    }
    *out = value;
    return true;
}

/* strtod reads by the locale, and this program never sets one: the point is a point. */
bool opt_read_number(const char *text, double *out)
{
    char *end;

    if (!*text || strspn(text, "0123456789.+-eE") != strlen(text))
        return false;
    errno = 0;
    *out = strtod(text, &end);
    return errno == 0 && *end == '\0' && isfinite(*out);
}

bool opt_accepts(const struct opt *opt, const char *text)
{
    size_t count;
    double number;

    switch (opt->kind) {
    case OPT_COUNT:
        return opt_read_count(text, &count);
    case OPT_NUMBER:
        return opt_read_number(text, &number);
    default:
        return true;
    }
}

static int set_value(const struct opt *opt, const char *text)
{
    struct opt_list *list = opt->value;
    bool ok = true;

    switch (opt->kind) {
    case OPT_FLAG:
        *(bool *)opt->value = true;
        break;
    case OPT_COUNT:
        ok = opt_read_count(text, opt->value);
        break;
    case OPT_NUMBER:
        ok = opt_read_number(text, opt->value);
        break;
    case OPT_TEXT:
        *(const char **)opt->value = text;
        break;
    case OPT_LIST:
        if (list->count == OPT_LIST_MAX) {
            say("option '--%s' can be given %d times at most", opt->name, OPT_LIST_MAX);
            return EXIT_USAGE;
        }
        list->items[list->count++] = text;
        break;
    case OPT_HEADING:
    case OPT_END:
        break;
    }
    if (!ok) {
        say("option '--%s': '%s' is not a %snumber", opt->name, text, opt->kind == OPT_COUNT ? "whole " : "");
        return EXIT_USAGE;
    }
    return -1;
}

struct parser {
    int argc;
    char **argv;
    const struct opt *table;
    const struct opt_usage *usage;
    int at;
};

/* Sets an option, taking its value from behind the name or from the next argument. */
static int take_option(struct parser *p, const struct opt *opt, const char *attached)
{
    if (!opt->argument) {
        if (attached) {
            say("option '--%s' takes no value", opt->name);
            return EXIT_USAGE;
        }
        return set_value(opt, NULL);
    }
    if (!attached) {
        if (p->at + 1 >= p->argc) {
            say("option '--%s' needs a value: %s", opt->name, opt->argument);
            return EXIT_USAGE;
        }
        attached = p->argv[++p->at];
    }
    return set_value(opt, attached);
}

static int take_long(struct parser *p, const char *name)
{
    const char *equals = strchr(name, '=');
    const struct opt *opt = find_long(p->table, name, equals ? (size_t)(equals - name) : strlen(name));

    if (!equals && strcmp(name, "help") == 0) {
        print_help(p->table, p->usage);
        return finish_output(EXIT_OK);
    }
    if (!opt && strcmp(name, "version") == 0) {
        puts("recommend " REC_VERSION);
        return finish_output(EXIT_OK);
    }
    if (!opt)
        return unknown_option(p->table, name, p->usage);
    return take_option(p, opt, equals ? equals + 1 : NULL);
}

/* A cluster such as -qk5: flags, and at its end one option whose value may follow at once. */
static int take_letters(struct parser *p, const char *letters)
{
    for (; *letters; letters++) {
        const struct opt *opt = find_letter(p->table, *letters);
        int status;

        if (!opt) {
            say("unknown option '-%c'; usage: %s", *letters, p->usage->synopsis);
            return EXIT_USAGE;
        }
        if (opt->argument)
            return take_option(p, opt, letters[1] ? letters + 1 : NULL);
        if ((status = take_option(p, opt, NULL)) >= 0)
            return status;
    }
    return -1;
}

/* An argument that nobody can type, since its address is looked at and not its text. */
static const char VISIT[] = "";

void opt_visit(int (*verb)(int argc, char **argv), const struct opt_visitor *visitor)
{
    char *argv[] = { (char *)VISIT, (char *)VISIT, (char *)visitor, NULL };

    verb(3, argv);
}

int opt_parse(int argc, char **argv, const struct opt *table, const struct opt_usage *usage, int *operands)
{
    struct parser p = { argc, argv, table, usage, 1 };
    bool only_operands = false;
    int count = 0, status = -1;

    if (argc == 3 && argv[1] == VISIT) {
        const struct opt_visitor *visitor = (const void *)argv[2];

        visitor->see(visitor->context, table, usage);
        return EXIT_OK;
    }
    for (; p.at < argc && status < 0; p.at++) {
        char *argument = argv[p.at];

        if (only_operands || argument[0] != '-' || argument[1] == '\0')
            argv[1 + count++] = argument;
        else if (strcmp(argument, "--") == 0)
            only_operands = true;
        else if (argument[1] == '-')
            status = take_long(&p, argument + 2);
        else
            status = take_letters(&p, argument + 1);
    }
    *operands = count;
    return status;
}

void opt_print_common(void)
{
    struct common ignored;
    const struct opt table[] = { OPT_COMMON(&ignored), { OPT_END, 0, NULL, NULL, NULL, NULL } };

    for (const struct opt *opt = table; opt->kind != OPT_END; opt++)
        print_option(opt);
    printf("      --help                 tell about the program, or about a verb\n");
    printf("      --version              print the version\n");
}

bool opt_is_common(const char *argument, bool *takes_value)
{
    struct common ignored;
    const struct opt table[] = { OPT_COMMON(&ignored), { OPT_END, 0, NULL, NULL, NULL, NULL } };
    const struct opt *opt = NULL;
    const char *equals = strchr(argument, '=');

    if (argument[0] == '-' && argument[1] == '-')
        opt = find_long(table, argument + 2, equals ? (size_t)(equals - argument - 2) : strlen(argument + 2));
    else if (argument[0] == '-' && argument[1] && !argument[2])
        opt = find_letter(table, argument[1]);
    *takes_value = opt && opt->argument && !equals;
    return opt != NULL;
}
