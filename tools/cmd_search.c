/* recommend search WORDS: papers that match words, as a result page lists them. */
#include "asking.h"
#include "cmd.h"
#include "place.h"
#include "say.h"

#include "buf.h"

#include <string.h>

static const struct opt_usage USAGE = { "recommend search [OPTIONS] WORDS...",
                                        "Papers that match all the words, then those that match some.",
                                        "recommend search coral bleaching" };

#define MOST_BYTES 4096 /* of all words and the blanks between them */

/* An exit status. */
static int join_words(char **words, int count, rec_buf *out)
{
    size_t bytes = 0;

    for (int i = 0; i < count; i++)
        bytes += strlen(words[i]) + 1;
    if (bytes == 0 || bytes - 1 > MOST_BYTES) {
        say("%s; usage: %s", bytes == 0 ? "no words" : "too many words", USAGE.synopsis);
        return EXIT_USAGE;
    }
    for (int i = 0; i < count; i++)
        rec_buf_printf(out, "%s%s", i > 0 ? " " : "", words[i]);
    if (!out->failed)
        return EXIT_OK;
    say("out of memory for the words");
    return EXIT_FAILED;
}

static int search(rec_engine *engine, const struct asking *asking, const char *words, rec_request *request, enum format format)
{
    struct asking_papers papers = ASKING_PAPERS_INIT;
    struct asked asked = { words, NULL, words, request->limit };
    rec_answer found = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    int status;

    if (asking_papers_find(engine, asking, &papers, &err) != REC_OK)
        goto failed;
    use_papers(&papers, request);
    if (rec_search(engine, words, request, &found, &err) != REC_OK || print_answer(format, &asked, &found, &err) != REC_OK)
        goto failed;
    if (!asking->common.quiet && format == FORMAT_TEXT)
        say_left_out(&found, request->limit);
    status = answer_status(request, &found);
    goto done;

failed:
    status = say_error(&err);

done:
    rec_answer_clear(&found);
    asking_papers_clear(&papers);
    return status;
}

int cmd_search(int argc, char **argv)
{
    struct asking asking = ASKING_INIT;
    rec_request request = REC_REQUEST_INIT;
    const struct opt options[] = {
        { OPT_COUNT, 'k', "limit", &asking.limit, "N", "how many papers (default 10)" },
        OPT_FILTER(&asking),
        OPT_CHOOSING(&asking),
        OPT_COMMON(&asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_buf words = REC_BUF_INIT(MOST_BYTES);
    rec_error err = REC_ERROR_INIT;
    rec_engine *engine = NULL;
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    status = join_words(argv + 1, operands, &words);
    if (status == EXIT_OK && (!format_parse(asking.common.format, FORMATS_ANSWER, &format) || !asking_choices(&asking, &request)))
        status = EXIT_USAGE;
    if (status == EXIT_OK && (place_store(asking.common.db, false, path, &err) != REC_OK || rec_engine_open(path, &engine, &err) != REC_OK))
        status = say_error(&err);
    if (status == EXIT_OK)
        status = search(engine, &asking, rec_buf_text(&words), &request, format);
    rec_engine_close(engine);
    rec_buf_clear(&words);
    return finish_output(status);
}
