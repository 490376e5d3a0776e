/* recommend config [VERB]: the settings that hold, and where each comes from. */
#include "cmd.h"
#include "escape.h"
#include "json_make.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"
#include "settings.h"

#include <stdio.h>
#include <string.h>

static const struct opt_usage USAGE = { "recommend config [OPTIONS] [VERB]",
                                        "The settings that hold, and where each comes from.",
                                        "recommend config serve" };

/* What there is to print. */
struct listing {
    struct settings settings;
    const struct verb *verb; /* NULL: of all */
    char store[PATH_MAX];    /* where the store is that no setting names, "" where one does */
};

static bool is_listed(const struct listing *listing, const struct setting *setting)
{
    return settings_holds(&listing->settings, setting, listing->verb ? listing->verb : setting->verb);
}

/* Where a setting comes from, for people. */
static void tell_origin(const struct setting *setting, char *out, size_t room)
{
    if (setting->path)
        snprintf(out, room, "%s:%zu", setting->path, setting->line);
    else
        settings_variable(setting->key, out);
}

/* One line: name, value, origin, parted by tabs; none of them holds a control character. */
static void add_line(rec_buf *out, const char *verb, const char *key, const char *value, const char *origin)
{
    rec_buf_printf(out, "%s%s", verb ? verb : "", verb ? "." : "");
    escape_text(key, out);
    rec_buf_putc(out, '\t');
    escape_text(value, out);
    rec_buf_putc(out, '\t');
    escape_text(origin, out);
    rec_buf_putc(out, '\n');
}

static rec_status print_text(const struct listing *listing, rec_error *err)
{
    rec_buf text = REC_BUF_INIT(2 * PATH_MAX * (size_t)SETTINGS_MAX);
    char origin[PATH_MAX + 32];
    rec_status rc = REC_OK;

    if (listing->store[0])
        add_line(&text, NULL, "db", listing->store, "default");
    for (size_t i = 0; i < listing->settings.count; i++) {
        const struct setting *setting = &listing->settings.items[i];

        if (!is_listed(listing, setting))
            continue;
        tell_origin(setting, origin, sizeof(origin));
        add_line(&text, setting->verb ? setting->verb->name : NULL, setting->key, setting->value, origin);
    }
    if (text.failed)
        rc = rec_fail(err, REC_ENOMEM, "out of memory for the settings");
    else
        fputs(rec_buf_text(&text), stdout);
    rec_buf_clear(&text);
    return rc;
}

static json_t *setting_to_json(const struct setting *setting)
{
    char variable[SETTINGS_VARIABLE_MAX];

    settings_variable(setting->key, variable);
    return json_pack("{s:s?, s:s, s:s, s:s, s:s, s:o}", "verb", setting->verb ? setting->verb->name : NULL, "key", setting->key, "value",
                     setting->value, "source", setting->path ? "file" : "environment", "name", setting->path ? setting->path : variable,
                     "line", setting->path ? json_integer((json_int_t)setting->line) : json_null());
}

static json_t *listing_to_json(const struct listing *listing)
{
    json_t *files = json_array(), *items = json_array();

    for (size_t i = 0; i < sizeof(listing->settings.files) / sizeof(listing->settings.files[0]); i++)
        add_item(&files, json_pack("{s:s, s:b}", "path", listing->settings.files[i].path, "found", (int)listing->settings.files[i].found));
    if (listing->store[0])
        add_item(&items, json_pack("{s:n, s:s, s:s, s:s, s:n, s:n}", "verb", "key", "db", "value", listing->store, "source", "default",
                                   "name", "line"));
    for (size_t i = 0; i < listing->settings.count; i++)
        if (is_listed(listing, &listing->settings.items[i]))
            add_item(&items, setting_to_json(&listing->settings.items[i]));
    return json_pack("{s:o, s:o, s:i}", "files", files, "settings", items, "schema_version", JSON_SCHEMA_VERSION);
}

/* Where the store is, unless a setting or the caller says so. */
static rec_status find_store(struct listing *listing, rec_error *err)
{
    for (size_t i = 0; i < listing->settings.count; i++)
        if (strcmp(listing->settings.items[i].key, "db") == 0 && is_listed(listing, &listing->settings.items[i]) &&
            (listing->verb || !listing->settings.items[i].verb))
            return REC_OK;
    return place_store(NULL, false, listing->store, err);
}

static rec_status print_listing(struct listing *listing, enum format format, rec_error *err)
{
    rec_status rc = settings_load(&listing->settings, err);

    if (rc == REC_OK)
        rc = find_store(listing, err);
    if (rc != REC_OK)
        return rc;
    return format == FORMAT_TEXT ? print_text(listing, err) : print_json(listing_to_json(listing), err);
}

int cmd_config(int argc, char **argv)
{
    struct common common = { .db = NULL };
    const struct opt options[] = { OPT_COMMON(&common), { OPT_END, 0, NULL, NULL, NULL, NULL } };
    struct listing listing = { .settings = SETTINGS_INIT };
    rec_error err = REC_ERROR_INIT;
    enum format format;
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands > 1 || (operands == 1 && !(listing.verb = verb_find(argv[1])))) {
        say("'%s' is no verb; usage: %s", argv[operands], USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_OBJECT, &format))
        return EXIT_USAGE;
    status = print_listing(&listing, format, &err) == REC_OK ? EXIT_OK : say_error(&err);
    settings_clear(&listing.settings);
    return finish_output(status);
}
