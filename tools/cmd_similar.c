/* recommend similar ID: also what plain `recommend ID` runs. With --title or --text, papers like a text. */
#include "asking.h"
#include "cmd.h"

static const struct opt_usage USAGE = { "recommend similar [OPTIONS] ID", "Papers like a stored paper, or like a text (--title, --text).",
                                        "recommend similar -k 5 arXiv:2401.01234" };

int cmd_similar(int argc, char **argv)
{
    struct asking asking = ASKING_INIT;
    const struct opt options[] = {
        { OPT_COUNT, 'k', "limit", &asking.limit, "N", "how many papers (default 10)" },
        { OPT_COUNT, 0, "offset", &asking.offset, "N", "pass over the best N" },
        { OPT_TEXT, 0, "title", &asking.title, "TEXT", "a stored title, or the title of a text" },
        { OPT_TEXT, 0, "text", &asking.text, "FILE", "a text, such as an abstract; '-' is standard input" },
        { OPT_NUMBER, 0, "min-score", &asking.min_score, "S", "leave out what scores below S" },
        { OPT_TEXT, 0, "min-band", &asking.min_band, "B", "leave out what is below weak, fair or strong" },
        { OPT_LIST, 0, "exclude", &asking.exclude, "ID", "leave out this paper (may be repeated)" },
        { OPT_TEXT, 0, "exclude-file", &asking.exclude_file, "FILE", "leave out the papers that FILE names, one a line" },
        { OPT_TEXT, 0, "candidates", &asking.candidates, "FILE", "rank the papers that FILE names, and no others" },
        { OPT_TEXT, 0, "versions", &asking.versions, "HOW", "collapse near-copies (default) or keep every record" },
        { OPT_FLAG, 0, "exact", &asking.exact, NULL, "score every paper instead of the index's candidates" },
        OPT_COMMON(&asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    return status >= 0 ? status : ask(&asking, &USAGE, operands, argv);
}
