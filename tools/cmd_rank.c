/* recommend rank ID --candidates FILE: the papers that FILE names, in order of likeness. */
#include "asking.h"
#include "cmd.h"
#include "say.h"

static const struct opt_usage USAGE = { "recommend rank [OPTIONS] ID... --candidates FILE",
                                        "The papers that FILE names, in order of likeness to papers or a text.",
                                        "recommend rank arXiv:2401.01234 --candidates today.txt" };

int cmd_rank(int argc, char **argv)
{
    struct asking asking = ASKING_INIT;
    const struct opt options[] = {
        { OPT_COUNT, 'k', "limit", &asking.limit, "N", "how many papers (default: all candidates)" },
        OPT_TEXT_SEED(&asking),
        OPT_FILTER(&asking),
        OPT_CHOOSING(&asking),
        OPT_LIKENESS(&asking),
        OPT_CANDIDATES(&asking),
        OPT_COMMON(&asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    int operands, status;

    asking.limit = NO_LIMIT;
    status = opt_parse(argc, argv, options, &USAGE, &operands);
    if (status >= 0)
        return status;
    if (!asking.candidates) {
        say("no --candidates; usage: %s", USAGE.synopsis);
        return EXIT_USAGE;
    }
    return ask(&asking, &USAGE, operands, argv);
}
