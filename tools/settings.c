/* Settings: see settings.h. */
#include "settings.h"

#include "asking.h"

#include "alloc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* An empty variable counts as unset, as the XDG Base Directory Specification says. */
static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

/* "" where the name is too long for a file to have. */
static void set_path(char out[PATH_MAX], const char *folder, const char *name)
{
    int n = snprintf(out, PATH_MAX, "%s%s", folder, name);

    if (n < 0 || n >= PATH_MAX)
        out[0] = '\0';
}

static void find_files(struct settings *settings)
{
    const char *system = environment("RECOMMEND_SYSTEM_CONFIG"), *user = environment("RECOMMEND_CONFIG");
    const char *config = environment("XDG_CONFIG_HOME"), *home = environment("HOME");
    char *user_path = settings->files[SETTINGS_USER].path;

    set_path(settings->files[SETTINGS_SYSTEM].path, system ? system : REC_SYSCONFDIR "/recommend/config", "");
    if (user)
        set_path(user_path, user, "");
    else if (config && config[0] == '/') /* the specification has relative paths ignored */
        set_path(user_path, config, "/recommend/config");
    else if (home)
        set_path(user_path, home, "/.config/recommend/config");
}

void settings_variable(const char *key, char out[SETTINGS_VARIABLE_MAX])
{
    snprintf(out, SETTINGS_VARIABLE_MAX, "RECOMMEND_%s", key);
    for (; *out; out++)
        *out = *out == '-' ? '_' : (char)toupper((unsigned char)*out);
}

/* Shows the options that can be set for all verbs at once, and by variables: what is common to all, and what chooses papers. */
static void visit_shared(const struct opt_visitor *visitor)
{
    struct asking ignored;
    const struct opt table[] = {
        OPT_COMMON(&ignored.common),
        OPT_FILTER(&ignored),
        OPT_CHOOSING(&ignored),
        OPT_LIKENESS(&ignored),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };

    visitor->see(visitor->context, table, NULL);
}

/* What is being done to `settings`, for visitors. */
struct work {
    struct settings *settings;
    const struct verb *verb; /* of the table that is seen */
    rec_error *err;
    rec_status rc;
};

static void read_variables(void *context, const struct opt *table, const struct opt_usage *usage)
{
    struct work *work = context;
    struct setting setting = { .source = SETTINGS_ENVIRONMENT };
    char name[SETTINGS_VARIABLE_MAX];

    (void)usage;
    for (; table->kind != OPT_END && work->rc == REC_OK; table++) {
        if (!table->name)
            continue;
        settings_variable(table->name, name);
        setting.key = table->name;
        setting.value = environment(name);
        if (setting.value)
            work->rc = settings_add(work->settings, &setting, work->err);
    }
}

/* ---- checking ------------------------------------------------------------------------------------------------------ */

const char *settings_place(const struct setting *setting, char *out, size_t room)
{
    char name[SETTINGS_VARIABLE_MAX];

    settings_variable(setting->key, name);
    if (setting->path)
        snprintf(out, room, "'%.300s' line %zu: key '%.40s'", setting->path, setting->line, setting->key);
    else
        snprintf(out, room, "variable '%s'", name);
    return out;
}

static bool read_flag(const char *text, bool *out)
{
    static const char *const YES[] = { "yes", "true", "on", "1" }, *const NO[] = { "no", "false", "off", "0" };

    for (size_t i = 0; i < sizeof(YES) / sizeof(YES[0]); i++) {
        *out = strcmp(text, YES[i]) == 0;
        if (*out || strcmp(text, NO[i]) == 0)
            return true;
    }
    return false;
}

static rec_status check_value(const struct opt *option, struct setting *setting, rec_error *err)
{
    char place[400];
    bool flag;

    setting->kind = option->kind;
    if (option->kind == OPT_FLAG && !read_flag(setting->value, &flag))
        return rec_fail(err, REC_EINVAL, "%s: '%.40s' is neither yes nor no", settings_place(setting, place, sizeof(place)),
                        setting->value);
    if (!opt_accepts(option, setting->value))
        return rec_fail(err, REC_EINVAL, "%s: '%.40s' is not a %snumber", settings_place(setting, place, sizeof(place)), setting->value,
                        option->kind == OPT_COUNT ? "whole " : "");
    return REC_OK;
}

/* The first verb that has an option, for a word on where its key belongs. */
struct owner {
    const char *key;
    bool found;
};

static void look_for_key(void *context, const struct opt *table, const struct opt_usage *usage)
{
    struct owner *owner = context;

    (void)usage;
    owner->found = opt_find(table, owner->key) != NULL;
}

static const struct verb *owner_of(const char *key)
{
    struct owner owner = { key, false };
    const struct opt_visitor visitor = { look_for_key, &owner };
    const struct verb *verb;

    for (size_t i = 0; (verb = verb_at(i)); i++) {
        opt_visit(verb->run, &visitor);
        if (owner.found)
            return verb;
    }
    return NULL;
}

static rec_status refuse_key(const struct opt *table, const struct setting *setting, rec_error *err)
{
    const char *nearest = opt_nearest(table, setting->key);
    const struct verb *owner = setting->verb ? NULL : owner_of(setting->key);
    char place[400];

    settings_place(setting, place, sizeof(place));
    if (owner)
        return rec_fail(err, REC_EINVAL, "%s is set for one verb at a time, in a section such as [%s]", place, owner->name);
    return rec_fail(err, REC_EINVAL, "%s is no option of %s%s%s%s%s", place, setting->verb ? "verb " : "all verbs",
                    setting->verb ? setting->verb->name : "", nearest ? "; did you mean '" : "", nearest ? nearest : "",
                    nearest ? "'?" : "");
}

static void check_table(void *context, const struct opt *table, const struct opt_usage *usage)
{
    struct work *work = context;

    (void)usage;
    for (size_t i = 0; i < work->settings->count && work->rc == REC_OK; i++) {
        struct setting *setting = &work->settings->items[i];
        const struct opt *option;

        if (setting->verb != work->verb)
            continue;
        option = opt_find(table, setting->key);
        work->rc = option ? check_value(option, setting, work->err) : refuse_key(table, setting, work->err);
    }
}

static rec_status check(struct settings *settings, rec_error *err)
{
    struct work work = { settings, NULL, err, REC_OK };
    const struct opt_visitor visitor = { check_table, &work };

    if (settings->count == 0)
        return REC_OK;
    visit_shared(&visitor);
    for (size_t i = 0; work.rc == REC_OK && (work.verb = verb_at(i)); i++)
        opt_visit(work.verb->run, &visitor);
    return work.rc;
}

rec_status settings_load(struct settings *settings, rec_error *err)
{
    struct work work = { settings, NULL, err, REC_OK };
    const struct opt_visitor visitor = { read_variables, &work };

    find_files(settings);
    for (enum settings_source source = SETTINGS_SYSTEM; source <= SETTINGS_USER && work.rc == REC_OK; source++)
        work.rc = settings_read_file(settings, source, err);
    if (work.rc == REC_OK)
        visit_shared(&visitor);
    return work.rc == REC_OK ? check(settings, err) : work.rc;
}

void settings_clear(struct settings *settings)
{
    for (size_t i = 0; i < sizeof(settings->files) / sizeof(settings->files[0]); i++)
        rec_buf_clear(&settings->files[i].text);
    settings->count = 0;
}

/* ---- using --------------------------------------------------------------------------------------------------------- */

static bool is_for(const struct setting *setting, const struct verb *verb)
{
    return !setting->verb || setting->verb == verb;
}

static int rank_of(const struct setting *setting)
{
    return 2 * (int)setting->source + (setting->verb != NULL);
}

bool settings_holds(const struct settings *settings, const struct setting *setting, const struct verb *verb)
{
    if (!is_for(setting, verb))
        return false;
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *other = &settings->items[i];

        if (!is_for(other, verb) || strcmp(other->key, setting->key) != 0)
            continue;
        if (rank_of(other) > rank_of(setting) || (rank_of(other) == rank_of(setting) && other > setting && setting->kind != OPT_LIST))
            return false;
    }
    return true;
}

/* Whether the caller typed an option himself. A value that looks like the option's name passes for it: the setting is then left out. */
static bool is_typed(const char *key, int argc, char **argv)
{
    size_t length = strlen(key);

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strncmp(argv[i], "--", 2) == 0 && strncmp(argv[i] + 2, key, length) == 0 &&
            (argv[i][2 + length] == '\0' || argv[i][2 + length] == '='))
            return true;
    return false;
}

/* Options that exclude each other: where one is typed, the other is not meant, whatever is set. */
static bool is_displaced(const char *key, int argc, char **argv)
{
    static const char *const PAIRS[][2] = { { "output", "send" }, { "headlines", "trending" } };

    for (size_t i = 0; i < sizeof(PAIRS) / sizeof(PAIRS[0]); i++)
        for (int side = 0; side < 2; side++)
            if (strcmp(key, PAIRS[i][side]) == 0 && is_typed(PAIRS[i][!side], argc, argv))
                return true;
    return false;
}

/* `--key=value`, `--key` for a flag; a name of a file may begin with the user's home. NULL where memory is out. */
static char *to_argument(const struct opt *option, const struct setting *setting)
{
    const char *home = environment("HOME"), *value = setting->value;
    bool is_path = option->argument && (strcmp(option->argument, "FILE") == 0 || strcmp(option->argument, "SOCKET") == 0);
    rec_buf text = REC_BUF_INIT(2 * SETTINGS_FILE_MAX);

    rec_buf_printf(&text, "--%s", option->name);
    if (option->kind != OPT_FLAG) {
        rec_buf_putc(&text, '=');
        if (is_path && home && strncmp(value, "~/", 2) == 0) {
            rec_buf_puts(&text, home);
            value++;
        }
        rec_buf_puts(&text, value);
    }
    return rec_buf_detach(&text);
}

/* What settings_use() makes, for its visitor. */
struct making {
    const struct settings *settings;
    const struct verb *verb;
    int argc;
    char **argv;
    struct settings_arguments *out;
    bool failed;
};

static void make_arguments(void *context, const struct opt *table, const struct opt_usage *usage)
{
    struct making *making = context;
    struct settings_arguments *out = making->out;

    (void)usage;
    for (size_t i = 0; i < making->settings->count && !making->failed; i++) {
        const struct setting *setting = &making->settings->items[i];
        const struct opt *option = opt_find(table, setting->key);
        bool flag = true;

        if (!option || !settings_holds(making->settings, setting, making->verb) || is_typed(setting->key, making->argc, making->argv) ||
            is_displaced(setting->key, making->argc, making->argv))
            continue;
        if (option->kind == OPT_FLAG && read_flag(setting->value, &flag) && !flag)
            continue;
        out->made[out->count] = to_argument(option, setting);
        making->failed = !out->made[out->count];
        out->count += making->failed ? 0 : 1;
    }
}

rec_status settings_use(const struct settings *settings, const struct verb *verb, int argc, char **argv, struct settings_arguments *out,
                        rec_error *err)
{
    struct making making = { settings, verb, argc, argv, out, false };
    const struct opt_visitor visitor = { make_arguments, &making };

    out->made = rec_alloc_array(settings->count, sizeof(*out->made));
    out->argv = rec_alloc_array((size_t)argc + settings->count + 1, sizeof(*out->argv));
    if (out->made && out->argv && settings->count > 0)
        opt_visit(verb->run, &visitor);
    if (!out->made || !out->argv || making.failed)
        return rec_fail(err, REC_ENOMEM, "out of memory for %zu settings", settings->count);
    out->argv[out->argc++] = argv[0];
    for (size_t i = 0; i < out->count; i++)
        out->argv[out->argc++] = out->made[i];
    for (int i = 1; i < argc; i++)
        out->argv[out->argc++] = argv[i];
    return REC_OK;
}

void settings_arguments_clear(struct settings_arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++)
        rec_free(arguments->made[i]);
    rec_free(arguments->made);
    rec_free(arguments->argv);
    *arguments = (struct settings_arguments){ .argc = 0 };
}

/* ---- blaming ------------------------------------------------------------------------------------------------------- */

static bool is_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Whether words name an option, with or without its hyphens: "limit must be", "--limit", but not "unlike" for "like", nor as a hint. */
static bool name_option(const char *words, const char *key)
{
    const char *hint = strstr(words, "did you mean");
    size_t length = strlen(key);

    for (const char *at = words; (at = strstr(at, key)) && (!hint || at < hint); at++) {
        bool begins = at == words || !is_of_word(at[-1]);

        if (begins && at - words >= 2 && at[-1] == '-' && at[-2] != '-') /* "category" within "not-category" */
            begins = false;
        if (begins && !is_of_word(at[length]) && at[length] != '-')
            return true;
    }
    return false;
}

static bool quote_value(const char *words, const char *value)
{
    size_t length = strlen(value);

    for (const char *at = words; (at = strstr(at, value)); at++)
        if (at > words && at[-1] == '\'' && at[length] == '\'')
            return true;
    return false;
}

/* Whether an option was typed by its letter, as -k 5 or -k5. */
static bool is_typed_by_letter(const struct opt *option, int argc, char **argv)
{
    for (int i = 1; i < argc && option->letter && strcmp(argv[i], "--") != 0; i++)
        if (argv[i][0] == '-' && argv[i][1] == option->letter)
            return true;
    return false;
}

/* What settings_meant() looks for, for its visitor. */
struct meaning {
    const struct settings *settings;
    const struct verb *verb;
    int argc;
    char **argv;
    const char *words;
    const struct setting *found;
};

static void find_meant(void *context, const struct opt *table, const struct opt_usage *usage)
{
    struct meaning *meaning = context;

    (void)usage;
    for (size_t i = 0; i < meaning->settings->count && !meaning->found; i++) {
        const struct setting *setting = &meaning->settings->items[i];
        const struct opt *option = opt_find(table, setting->key);

        if (option && settings_holds(meaning->settings, setting, meaning->verb) && !is_typed(setting->key, meaning->argc, meaning->argv) &&
            !is_typed_by_letter(option, meaning->argc, meaning->argv) &&
            (name_option(meaning->words, setting->key) || quote_value(meaning->words, setting->value)))
            meaning->found = setting;
    }
}

const struct setting *settings_meant(const struct settings *settings, const struct verb *verb, int argc, char **argv, const char *words)
{
    struct meaning meaning = { settings, verb, argc, argv, words, NULL };
    const struct opt_visitor visitor = { find_meant, &meaning };

    if (settings->count > 0)
        opt_visit(verb->run, &visitor);
    return meaning.found;
}
