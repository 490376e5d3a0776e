/* recommend digest --date DAY: one edition, headline papers with the papers suggested under each, ready to send. */
#include "asking.h"
#include "cmd.h"
#include "controls.h"
#include "deliver.h"
#include "edition_output.h"
#include "escape.h"
#include "headlines.h"
#include "place.h"
#include "readfile.h"
#include "say.h"
#include "sent.h"
#include "template.h"

#include "alloc.h"
#include "file.h"
#include "rec/clean.h"
#include "rec/edition.h"
#include "rec/one_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_HEADLINES 10
#define DEFAULT_SUGGESTIONS 3

static const struct opt_usage USAGE = { "recommend digest [OPTIONS] --date DAY",
                                        "One edition: headline papers, under each those most like it, none twice.",
                                        "recommend digest --date 2025-11-03 --format html --output day.html" };

struct digest {
    struct asking asking;
    const char *date, *headlines, *window, *edition, *subject, *from, *to, *template, *output, *command, *unsubscribe, *archive;
    size_t trending;
    bool dry_run;

    enum format format;
    rec_date day;
    struct sent_window sent;
    rec_request choices;
    struct asking_papers papers;
    struct edition_dress dress;
    char title[64];   /* where no --subject is given */
    rec_buf own_text; /* the template */
    struct own_template own;
    rec_buf unsubscribe_url, archive_url;

    rec_engine *engine;
    rec_store *ledger; /* open for writing where the edition is to be marked, else NULL */
    size_t failures;   /* headlines that could not be had */
    rec_store_state state; /* that it is made of */
    rec_edition result;
    rec_buf content;
};

/* ---- options ------------------------------------------------------------------------------------------------------- */

/* What goes into headers and on pages is one line of UTF-8. An exit status. */
static int check_one_line(const char *option, const char *value)
{
    rec_buf clean = REC_BUF_INIT(1 << 20);
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    for (const char *at = value ? value : ""; *at; at++)
        if (rec_control_length(at) > 0) {
            say("option '--%s': a control character in its value", option);
            return EXIT_USAGE;
        }
    if (value && rec_clean_text(value, strlen(value), &clean, &err) != REC_OK)
        say("option '--%s': %s", option, err.message);
    rc = err.code;
    rec_buf_clear(&clean);
    return rc == REC_OK ? EXIT_OK : rc == REC_ENOMEM ? EXIT_FAILED : EXIT_USAGE;
}

/* An address that readers may follow, made safe. An exit status. */
static int read_link(const char *option, const char *value, bool may_be_mail, rec_buf *out)
{
    if (!value)
        return EXIT_OK;
    escape_url(value, may_be_mail, out);
    if (out->failed) {
        say("option '--%s': too long, or out of memory", option);
        return EXIT_FAILED;
    }
    if (out->length > 0)
        return EXIT_OK;
    say("option '--%s': '%s' is no address that begins with https://%s", option, value,
        may_be_mail ? ", http:// or mailto:" : " or http://");
    return EXIT_USAGE;
}

static bool read_day(struct digest *d)
{
    rec_error err = REC_ERROR_INIT;

    if (!d->date) {
        say("no --date; usage: %s", USAGE.synopsis);
        return false;
    }
    if (rec_date_parse(d->date, &d->day, &err) != REC_OK) {
        say("option '--date': %s", err.message);
        return false;
    }
    if (d->day.first != d->day.last) {
        say("option '--date': '%s' is more than a day", d->date);
        return false;
    }
    return true;
}

static bool check_together(const struct digest *d)
{
    if (d->headlines && d->trending > 0)
        say("--headlines and --trending exclude each other");
    else if (d->trending > REC_MAX_HEADLINES)
        say("option '--trending': at most %d, not %zu", REC_MAX_HEADLINES, d->trending);
    else if (d->edition && !d->edition[0])
        say("option '--mark-sent': an edition needs a name");
    else if (d->command && !d->command[strspn(d->command, " \t\n")])
        say("option '--send': a command is needed");
    else if (d->output && d->command)
        say("--output and --send exclude each other");
    else if ((d->from || d->to) && d->command && d->format != FORMAT_EML)
        say("--from and --to with --send are a message's: they need --format eml");
    else if (d->template && (d->format == FORMAT_JSON || d->format == FORMAT_JSONFEED))
        say("--template does not go with --format %s", d->asking.common.format);
    else
        return true;
    return false;
}

/* An exit status. */
static int read_options(struct digest *d)
{
    const struct {
        const char *name, *value;
    } lines[] = { { "subject", d->subject },         { "from", d->from },      { "to", d->to }, { "mark-sent", d->edition },
                  { "unsubscribe", d->unsubscribe }, { "archive", d->archive } };
    int status = EXIT_OK;

    if (!read_day(d) || !format_parse(d->asking.common.format, FORMATS_EDITION, &d->format) || !check_together(d))
        return EXIT_USAGE;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]) && status == EXIT_OK; i++)
        status = check_one_line(lines[i].name, lines[i].value);
    if (status != EXIT_OK)
        return status;
    if (!d->asking.min_band)
        d->asking.min_band = "weak";
    if (!asking_choices(&d->asking, &d->choices) || !sent_window_parse(d->window, &d->sent))
        return EXIT_USAGE;
    status = read_link("unsubscribe", d->unsubscribe, true, &d->unsubscribe_url);
    return status == EXIT_OK ? read_link("archive", d->archive, false, &d->archive_url) : status;
}

static int load_template(struct digest *d)
{
    rec_error err = REC_ERROR_INIT;

    if (!d->template)
        return EXIT_OK;
    if (read_whole_file(d->template, &d->own_text, &err) != REC_OK)
        return say_error(&err);
    if (strlen(rec_buf_text(&d->own_text)) != d->own_text.length) {
        say("template '%s': it holds a NUL", d->template);
        return EXIT_FAILED;
    }
    d->own = (struct own_template){ d->template, rec_buf_text(&d->own_text) };
    d->dress.own = &d->own;
    return EXIT_OK;
}

static void set_dress(struct digest *d)
{
    char date[DATE_WORDS];

    date_in_words(d->day.text, date, sizeof(date));
    snprintf(d->title, sizeof(d->title), "Paper digest, %s", date);
    d->choices.explain = true;
    d->dress.day = d->day;
    d->dress.limit = d->choices.limit;
    d->dress.title = d->subject && d->subject[0] ? d->subject : d->title;
    d->dress.from = d->from;
    d->dress.to = d->to;
    d->dress.unsubscribe = d->unsubscribe ? rec_buf_text(&d->unsubscribe_url) : NULL;
    d->dress.archive = d->archive ? rec_buf_text(&d->archive_url) : NULL;
}

/* ---- making it ----------------------------------------------------------------------------------------------------- */

static rec_status compose_from_file(struct digest *d, rec_error *err)
{
    struct headline_list list = HEADLINE_LIST_INIT;
    rec_status rc = headline_list_read(d->engine, d->headlines, &list, err);

    d->failures = list.failures;
    if (rc == REC_OK)
        rc = rec_edition_compose(d->engine, list.items, list.count, &d->choices, &d->result, err);
    headline_list_clear(&list);
    return rc;
}

static rec_status compose_from_day(struct digest *d, rec_error *err)
{
    size_t limit = d->trending ? d->trending : DEFAULT_HEADLINES, count = 0, by_votes = 0;
    rec_doc docs[REC_MAX_HEADLINES];
    rec_headline headlines[REC_MAX_HEADLINES];
    rec_status rc = rec_headlines_of_day(d->engine, &d->day, &d->choices.filter, limit, docs, &count, &by_votes, err);

    if (rc != REC_OK)
        return rc;
    for (size_t i = 0; i < count; i++)
        headlines[i] = (rec_headline){ docs[i], NULL };
    if (!d->asking.common.quiet)
        say("%zu headline%s of %s: %zu by votes, %zu by place among the day's papers", count, count == 1 ? "" : "s", d->day.text, by_votes,
            count - by_votes);
    return rec_edition_compose(d->engine, headlines, count, &d->choices, &d->result, err);
}

/* All of an edition is made of one state of the store: for rec_engine_in_one_state(). */
static rec_status compose(void *context, rec_error *err)
{
    struct digest *d = context;
    rec_status rc = rec_store_get_state(rec_engine_store(d->engine), &d->state, err);

    asking_papers_clear(&d->papers);
    if (rc == REC_OK)
        rc = asking_papers_find(d->engine, &d->asking, &d->papers, err);
    if (rc == REC_OK)
        rc = sent_exclude(rec_engine_store(d->engine), &d->sent, &d->day, d->edition, &d->papers.exclude, err);
    if (rc != REC_OK)
        return rc;
    use_papers(&d->papers, &d->choices);
    return d->headlines ? compose_from_file(d, err) : compose_from_day(d, err);
}

static rec_status make(struct digest *d, rec_error *err)
{
    rec_status rc = rec_engine_in_one_state(d->engine, compose, d, &d->state, err);

    if (rc == REC_OK)
        rc = edition_write(d->format, &d->result, &d->dress, &d->content, err);
    if (rc == REC_OK && d->format == FORMAT_EML && d->content.length > EDITION_MAIL_MAX)
        say("the message has %zu bytes: mail programs clip what is longer than %d", d->content.length, EDITION_MAIL_MAX);
    return rc;
}

static rec_status deliver(struct digest *d, rec_error *err)
{
    if (d->dry_run || (!d->output && !d->command)) {
        fwrite(rec_buf_text(&d->content), 1, d->content.length, stdout);
        return fflush(stdout) == 0 ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot write the output");
    }
    if (d->output)
        return rec_file_write(d->output, rec_buf_text(&d->content), d->content.length, err);
    if (d->result.count > 0)
        return deliver_to_command(d->command, &d->content, err);
    say("there is no headline: nothing is sent");
    return REC_OK;
}

static int run(struct digest *d)
{
    rec_error err = REC_ERROR_INIT;

    if (make(d, &err) != REC_OK)
        return d->papers.missing[0] ? say_papers_error(d->engine, &d->papers, &err) : say_error(&err);
    if (deliver(d, &err) != REC_OK)
        return say_error(&err);
    if (d->ledger && d->result.count > 0 && sent_mark(d->ledger, d->edition, &d->day, &d->result, &err) != REC_OK)
        return say_error(&err);
    if (d->result.count == 0)
        return EXIT_EMPTY;
    return d->failures > 0 ? EXIT_SOME_FAILED : EXIT_OK;
}

/* The ledger first: what was sent and cannot be marked would be sent again. */
static int open_and_run(struct digest *d)
{
    rec_error err = REC_ERROR_INIT;
    char path[PATH_MAX];
    int status;

    if (place_store(d->asking.common.db, false, path, &err) != REC_OK || (d->output && place_beside_store(d->output, path, &err) != REC_OK))
        return say_error(&err);
    if (d->edition && !d->dry_run && rec_store_open(path, REC_STORE_WRITE, &d->ledger, &err) != REC_OK)
        return say_error(&err);
    if (rec_engine_open(path, &d->engine, &err) != REC_OK)
        status = say_error(&err);
    else
        status = run(d);
    rec_engine_close(d->engine);
    rec_store_close(d->ledger);
    return status;
}

int cmd_digest(int argc, char **argv)
{
    struct digest d = { .asking = ASKING_INIT,
                        .choices = REC_REQUEST_INIT,
                        .papers = ASKING_PAPERS_INIT,
                        .own_text = REC_BUF_INIT(TEMPLATE_MAX),
                        .unsubscribe_url = REC_BUF_INIT(1 << 13),
                        .archive_url = REC_BUF_INIT(1 << 13),
                        .content = REC_BUF_INIT(RENDER_MAX) };
    const struct opt options[] = {
        { OPT_TEXT, 0, "date", &d.date, "DAY", "the edition's day (YYYY-MM-DD)" },
        { OPT_TEXT, 0, "headlines", &d.headlines, "FILE", "headlines: ids, or whole papers as JSON, one a line" },
        { OPT_COUNT, 0, "trending", &d.trending, "N", "or N of the day's, by votes or place (default 10)" },
        { OPT_COUNT, 'k', "limit", &d.asking.limit, "N", "suggestions under each headline (default 3)" },
        OPT_FILTER(&d.asking),
        OPT_CHOOSING(&d.asking),
        OPT_LIKENESS(&d.asking),
        { OPT_HEADING, 0, NULL, NULL, NULL, "What was sent" },
        { OPT_TEXT, 0, "not-sent-within", &d.window, "W", "nothing sent in the last 7d, 30d, Nd, or ever" },
        { OPT_TEXT, 0, "mark-sent", &d.edition, "EDITION", "when it is written, note it as sent under this name" },
        { OPT_FLAG, 0, "dry-run", &d.dry_run, NULL, "print it alone; write, send and mark nothing" },
        { OPT_HEADING, 0, NULL, NULL, NULL, "What it looks like, and where it goes" },
        { OPT_TEXT, 0, "subject", &d.subject, "TEXT", "its title, and the message's subject" },
        { OPT_TEXT, 0, "from", &d.from, "ADDRESS", "sender of the message" },
        { OPT_TEXT, 0, "to", &d.to, "ADDRESS", "recipient of the message" },
        { OPT_TEXT, 0, "unsubscribe", &d.unsubscribe, "URL", "where readers can leave" },
        { OPT_TEXT, 0, "archive", &d.archive, "URL", "the edition's page: a link, and Archived-At" },
        { OPT_TEXT, 0, "template", &d.template, "FILE", "the template to use in place of the shipped one" },
        { OPT_TEXT, 0, "output", &d.output, "FILE", "write to FILE, which is replaced whole" },
        { OPT_TEXT, 0, "send", &d.command, "COMMAND", "pipe it into a command such as 'sendmail -i -t'" },
        OPT_COMMON(&d.asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    int operands, status;

    d.asking.limit = DEFAULT_SUGGESTIONS;
    status = opt_parse(argc, argv, options, &USAGE, &operands);
    if (status >= 0)
        return status;
    if (operands > 0) {
        say("'%s' is no option; usage: %s", argv[1], USAGE.synopsis);
        return EXIT_USAGE;
    }
    if ((status = read_options(&d)) == EXIT_OK && (status = load_template(&d)) == EXIT_OK) {
        set_dress(&d);
        status = open_and_run(&d);
    }
    asking_papers_clear(&d.papers);
    rec_edition_clear(&d.result);
    rec_buf_clear(&d.own_text);
    rec_buf_clear(&d.unsubscribe_url);
    rec_buf_clear(&d.archive_url);
    rec_buf_clear(&d.content);
    return finish_output(status);
}
