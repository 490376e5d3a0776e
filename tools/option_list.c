/* The tables of options as text: see option_list.h. */
#include "option_list.h"

#include "opt.h"
#include "say.h"
#include "verbs.h"

#include <stdio.h>

static const char *kind_name(opt_kind kind)
{
    switch (kind) {
    case OPT_FLAG:
        return "flag";
    case OPT_COUNT:
        return "count";
    case OPT_NUMBER:
        return "number";
    case OPT_TEXT:
        return "text";
    case OPT_LIST:
        return "list";
    case OPT_HEADING:
    case OPT_END:
        break;
    }
    return "-";
}

static void print_table(void *context, const struct opt *table, const struct opt_usage *usage)
{
    const struct verb *verb = context;

    printf("verb\t%s\t%s\t%s\t%s\t%s\n", verb->name, verb->purpose, usage->synopsis, usage->purpose, usage->example);
    for (; table->kind != OPT_END; table++)
        if (table->kind == OPT_HEADING)
            printf("heading\t%s\n", table->help);
        else
            printf("option\t%s\t%c\t%s\t%s\t%s\n", kind_name(table->kind), table->letter ? table->letter : '-', table->name,
                   table->argument ? table->argument : "-", table->help);
}

int print_option_list(void)
{
    const struct verb *verb;

    for (size_t i = 0; (verb = verb_at(i)); i++) {
        const struct opt_visitor visitor = { print_table, (void *)verb };

        opt_visit(verb->run, &visitor);
    }
    return finish_output(EXIT_OK);
}
