/* recommend similar ID: also what plain `recommend ID` runs. With --title or --text, papers like a text. */
#include "asking.h"
#include "cmd.h"

static const struct opt_usage USAGE = { "recommend similar [OPTIONS] ID...", "Papers like these, or like a text (--title, --text).",
                                        "recommend similar -k 5 arXiv:2401.01234" };

int cmd_similar(int argc, char **argv)
{
    struct asking asking = ASKING_INIT;
    const struct opt options[] = {
        { OPT_COUNT, 'k', "limit", &asking.limit, "N", "how many papers (default 10)" },
        OPT_TEXT_SEED(&asking),
        OPT_FILTER(&asking),
        OPT_CHOOSING(&asking),
        OPT_LIKENESS(&asking),
        OPT_CANDIDATES(&asking),
        OPT_COMMON(&asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    return status >= 0 ? status : ask(&asking, &USAGE, operands, argv);
}
