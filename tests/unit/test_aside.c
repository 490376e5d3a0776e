/* Files that are written aside: nothing but the whole file is ever seen under its name, and nobody else's file is written into. */
#include "check.h"
#include "folder.h"

#include "aside.h"
#include "file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static char path[sizeof(folder) + 16], beside[sizeof(path) + sizeof(REC_ASIDE_ENDING)];

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/page", folder);
    snprintf(beside, sizeof(beside), "%s" REC_ASIDE_ENDING, path);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    remove_files();
    return 0;
}

static void put(const char *name, const char *content)
{
    FILE *file = fopen(name, "wb");

    CHECK(file != NULL);
    CHECK(fputs(content, file) >= 0);
    CHECK(fclose(file) == 0);
}

/* The content of a small file, valid until the next call. */
static const char *content_of(const char *name)
{
    static char content[256];
    FILE *file = fopen(name, "rb");

    CHECK(file != NULL);
    content[fread(content, 1, sizeof(content) - 1, file)] = '\0';
    fclose(file);
    return content;
}

static mode_t mode_of(const char *name)
{
    struct stat file;

    CHECK(stat(name, &file) == 0);
    return file.st_mode & 07777;
}

static void begin(rec_aside *aside)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_aside_open(path, aside, &err), &err);
}

static void finish(rec_aside *aside, const char *content)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_INT(0, rec_file_write_all(aside->fd, content, strlen(content)));
    CHECK_STATUS(REC_OK, rec_aside_commit(aside, &err), &err);
}

static void check_refused(rec_status wanted, const char *words)
{
    rec_error err = REC_ERROR_INIT;
    rec_aside aside;

    CHECK_STATUS(wanted, rec_aside_open(path, &aside, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS(words, err.message);
}

/* ---- the place ----------------------------------------------------------------------------------------------------- */

static void nothing_is_seen_under_the_name_before_the_commit(void **state)
{
    rec_aside aside;

    (void)state;
    put(path, "old");
    begin(&aside);
    CHECK_INT(0, rec_file_write_all(aside.fd, "ne", 2));
    CHECK_STR("old", content_of(path));
    finish(&aside, "w");
    CHECK_STR("new", content_of(path));
    CHECK_STR("page", list_files());
}

static void what_is_dropped_leaves_the_old_file_alone(void **state)
{
    rec_aside aside;

    (void)state;
    put(path, "old");
    begin(&aside);
    rec_aside_abort(&aside);
    CHECK_STR("old", content_of(path));
    CHECK_STR("page", list_files());
}

static void an_empty_folder_makes_room_and_a_full_one_does_not(void **state)
{
    char inside[sizeof(path) + 8];
    rec_error err = REC_ERROR_INIT;
    rec_aside aside;

    (void)state;
    CHECK_INT(0, mkdir(path, 0777));
    begin(&aside);
    finish(&aside, "new");
    CHECK_STR("new", content_of(path));
    CHECK_INT(0, unlink(path));

    CHECK_INT(0, mkdir(path, 0777));
    snprintf(inside, sizeof(inside), "%s/kept", path);
    put(inside, "kept");
    begin(&aside);
    CHECK_STATUS(REC_EIO, rec_aside_commit(&aside, &err), &err);
    CHECK_STR("page", list_files());
    CHECK_STR("kept", content_of(inside));
    CHECK_INT(0, unlink(inside));
}

/* A writer that was killed leaves its file: longer than the next one's, it must not show through. */
static void what_a_killed_writer_left_is_emptied(void **state)
{
    rec_aside aside;

    (void)state;
    put(beside, "half of something long");
    begin(&aside);
    finish(&aside, "new");
    CHECK_STR("new", content_of(path));
    CHECK_STR("page", list_files());
}

static void a_name_that_is_empty_or_too_long_is_refused(void **state)
{
    static char longest[PATH_MAX];
    rec_error err = REC_ERROR_INIT;
    rec_aside aside;

    (void)state;
    CHECK_STATUS(REC_EINVAL, rec_aside_open("", &aside, &err), &err);
    memset(longest, 'x', PATH_MAX - sizeof(REC_ASIDE_ENDING) + 1);
    CHECK_STATUS(REC_EINVAL, rec_aside_open(longest, &aside, &err), &err);
}

/* ---- others -------------------------------------------------------------------------------------------------------- */

static void a_second_writer_is_refused_until_the_first_is_done(void **state)
{
    rec_aside first, second;

    (void)state;
    begin(&first);
    check_refused(REC_EBUSY, "another process is writing it");
    finish(&first, "first");
    begin(&second);
    check_refused(REC_EBUSY, "another process is writing it");
    rec_aside_abort(&second);
    begin(&second);
    finish(&second, "second");
    CHECK_STR("second", content_of(path));
}

/* In a folder that others may write to, a name that can be guessed can be taken beforehand. */
static void what_stands_aside_and_is_not_ours_is_not_written_into(void **state)
{
    char victim[sizeof(path) + 8];

    (void)state;
    snprintf(victim, sizeof(victim), "%s/victim", folder);
    put(victim, "kept");

    CHECK_INT(0, symlink(victim, beside));
    check_refused(REC_EIO, "cannot write");
    CHECK_STR("kept", content_of(victim));
    CHECK_INT(0, unlink(beside));

    CHECK_INT(0, link(victim, beside));
    check_refused(REC_EIO, "not a file of ours");
    CHECK_STR("kept", content_of(victim));
    CHECK_INT(0, unlink(beside));

    CHECK_INT(0, mkfifo(beside, 0666));
    check_refused(REC_EIO, "cannot write");
    CHECK_INT(0, unlink(beside));

    if (geteuid() != 0) {
        print_message("SKIPPED: a file of another user, which only root can make\n");
        return;
    }
    put(beside, "theirs");
    CHECK_INT(0, chown(beside, 65534, 65534));
    check_refused(REC_EIO, "not a file of ours");
    CHECK_STR("theirs", content_of(beside));
}

/* ---- permissions --------------------------------------------------------------------------------------------------- */

static void a_file_keeps_the_permissions_of_the_one_that_it_replaces(void **state)
{
    static const mode_t modes[] = { 0600, 0640, 0664 };

    (void)state;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        rec_aside aside;

        put(path, "old");
        CHECK_INT(0, chmod(path, modes[i]));
        begin(&aside);
        CHECK_INT(modes[i], mode_of(beside));
        finish(&aside, "new");
        CHECK_INT(modes[i], mode_of(path));
    }
}

static void a_new_file_gets_what_the_umask_leaves(void **state)
{
    mode_t before = umask(027);
    rec_aside aside;

    (void)state;
    begin(&aside);
    umask(before);
    finish(&aside, "new");
    CHECK_INT(0640, mode_of(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nothing_is_seen_under_the_name_before_the_commit, clear),
        cmocka_unit_test_teardown(what_is_dropped_leaves_the_old_file_alone, clear),
        cmocka_unit_test_teardown(an_empty_folder_makes_room_and_a_full_one_does_not, clear),
        cmocka_unit_test_teardown(what_a_killed_writer_left_is_emptied, clear),
        cmocka_unit_test_teardown(a_name_that_is_empty_or_too_long_is_refused, clear),
        cmocka_unit_test_teardown(a_second_writer_is_refused_until_the_first_is_done, clear),
        cmocka_unit_test_teardown(what_stands_aside_and_is_not_ours_is_not_written_into, clear),
        cmocka_unit_test_teardown(a_file_keeps_the_permissions_of_the_one_that_it_replaces, clear),
        cmocka_unit_test_teardown(a_new_file_gets_what_the_umask_leaves, clear),
    };

    return cmocka_run_group_tests(tests, set_up, remove_folder);
}
