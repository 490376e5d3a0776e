/* recommend rank ID --candidates FILE: the papers that FILE names, in order of likeness. */
#include "asking.h"
#include "cmd.h"
#include "say.h"

static const struct opt_usage USAGE = { "recommend rank [OPTIONS] ID --candidates FILE",
                                        "The papers that FILE names, in order of likeness to a paper or a text.",
                                        "recommend rank arXiv:2401.01234 --candidates today.txt" };

int cmd_rank(int argc, char **argv)
{
    struct asking asking = ASKING_INIT;
    const struct opt options[] = {
        { OPT_TEXT, 0, "candidates", &asking.candidates, "FILE", "the papers to put in order, one id a line" },
        { OPT_COUNT, 'k', "limit", &asking.limit, "N", "how many papers (default: all candidates)" },
        { OPT_COUNT, 0, "offset", &asking.offset, "N", "pass over the best N" },
        { OPT_TEXT, 0, "title", &asking.title, "TEXT", "a stored title, or the title of a text" },
        { OPT_TEXT, 0, "text", &asking.text, "FILE", "a text, such as an abstract; '-' is standard input" },
        { OPT_NUMBER, 0, "min-score", &asking.min_score, "S", "leave out what scores below S" },
        { OPT_TEXT, 0, "min-band", &asking.min_band, "B", "leave out what is below weak, fair or strong" },
        { OPT_LIST, 0, "exclude", &asking.exclude, "ID", "leave out this paper (may be repeated)" },
        { OPT_TEXT, 0, "exclude-file", &asking.exclude_file, "FILE", "leave out the papers that FILE names, one a line" },
        { OPT_TEXT, 0, "versions", &asking.versions, "HOW", "collapse near-copies (default) or keep every record" },
        { OPT_FLAG, 0, "exact", &asking.exact, NULL, "as in similar; every candidate is scored anyway" },
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
