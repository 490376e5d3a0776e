/* Lines of files: plain and compressed, whole and damaged, and the limits that keep memory bounded. */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "rec/source.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char path[sizeof(folder) + 8]; /* the one file that every test writes anew */

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/file", folder);
    return 0;
}

static int tear_down(void **state)
{
    unlink(path);
    return remove_folder(state);
}

static void write_file(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    CHECK(file != NULL);
    CHECK(fwrite(bytes, 1, length, file) == length);
    CHECK(fclose(file) == 0);
}

/* A compressed copy of `bytes`; the caller frees it with rec_free(). */
struct packed {
    uint8_t *bytes;
    size_t length;
};

static struct packed pack_gzip(const void *bytes, size_t length)
{
    z_stream stream = { .next_in = (Bytef *)bytes, .avail_in = (uInt)length };
    struct packed out = { NULL, length + length / 100 + 100 };

    out.bytes = rec_alloc(out.length);
    CHECK(out.bytes && deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_out = out.bytes;
    stream.avail_out = (uInt)out.length;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.length = stream.total_out;
    deflateEnd(&stream);
    return out;
}

/* With a checksum, so that any damage is seen. */
static struct packed pack_zstd(const void *bytes, size_t length)
{
    struct packed out = { NULL, ZSTD_compressBound(length) };
    ZSTD_CCtx *context = ZSTD_createCCtx();

    out.bytes = rec_alloc(out.length);
    CHECK(out.bytes && context);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    out.length = ZSTD_compress2(context, out.bytes, out.length, bytes, length);
    CHECK(!ZSTD_isError(out.length));
    ZSTD_freeCCtx(context);
    return out;
}

static struct packed pack_nothing(const void *bytes, size_t length)
{
    struct packed out = { rec_alloc(length + 1), length };

    CHECK(out.bytes != NULL);
    if (length > 0)
        memcpy(out.bytes, bytes, length);
    return out;
}

typedef struct packed (*packer)(const void *bytes, size_t length);

static const packer PACKERS[] = { pack_nothing, pack_gzip, pack_zstd };

static rec_source *open_source(const char *name)
{
    rec_source *source = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_source_open(name, &source, &err), &err);
    return source;
}

static void expect_line(rec_source *source, const char *text, uint64_t number)
{
    rec_error err = REC_ERROR_INIT;
    rec_line line;

    CHECK_STATUS(REC_OK, rec_source_next(source, &line, &err), &err);
    CHECK_STR(text, line.text);
    CHECK_INT(strlen(text), line.length);
    CHECK_INT(number, line.number);
}

static void expect_end(rec_source *source)
{
    rec_error err = REC_ERROR_INIT;
    rec_line line;

    for (int i = 0; i < 2; i++) { /* the end stays the end */
        CHECK_STATUS(REC_OK, rec_source_next(source, &line, &err), &err);
        CHECK(line.text == NULL);
    }
}

/* The lines of `name`, up to a NULL, and then its end. */
static void expect_lines(const char *name, const char *const *lines)
{
    rec_source *source = open_source(name);

    for (uint64_t i = 0; lines[i]; i++)
        expect_line(source, lines[i], i + 1);
    expect_end(source);
    rec_source_close(source);
}

static void lines_end_in_lf_crlf_or_the_file(void **state)
{
    static const struct {
        const char *content;
        const char *lines[4];
    } CASES[] = {
        { "", { NULL } },
        { "\n", { "", NULL } },
        { "a", { "a", NULL } },
        { "a\n", { "a", NULL } },
        { "a\nb", { "a", "b", NULL } },
        { "a\r\nb\r\n", { "a", "b", NULL } },
        { "a\r", { "a", NULL } },
        { "a\rb\n\r\n\n", { "a\rb", "", "", NULL } },
        { "\xEF\xBB\xBF", { NULL } },
        { "\xEF\xBB\xBF"
          "a\n",
          { "a", NULL } },
        { "a\n\xEF\xBB\xBF"
          "b\n",
          { "a",
            "\xEF\xBB\xBF"
            "b",
            NULL } },
        { "\xEF\xBB\n", { "\xEF\xBB", NULL } },
        { "\x1F", { "\x1F", NULL } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        for (size_t p = 0; p < COUNT(PACKERS); p++) {
            struct packed packed = PACKERS[p](CASES[i].content, strlen(CASES[i].content));

            write_file(packed.bytes, packed.length);
            expect_lines(path, CASES[i].lines);
            rec_free(packed.bytes);
        }
}

static void a_nul_is_part_of_its_line(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_source *source;
    rec_line line;

    (void)state;
    write_file("a\0b\nc\n", 6);
    source = open_source(path);
    CHECK_STATUS(REC_OK, rec_source_next(source, &line, &err), &err);
    CHECK_INT(3, line.length);
    CHECK(memcmp(line.text, "a\0b", 4) == 0);
    expect_line(source, "c", 2);
    rec_source_close(source);
}

/* Lines of all lengths, so that their ends fall on every place of the buffers. */
static void every_line_of_a_large_file_comes_back(void **state)
{
    enum { LINES = 3000 };
    static char content[8 << 20];
    size_t length = 0;

    (void)state;
    for (size_t i = 0; i < LINES; i++)
        length += (size_t)sprintf(content + length, "%0*zu\n", (int)(1 + i * i % 4999), i);
    for (size_t p = 0; p < COUNT(PACKERS); p++) {
        struct packed packed = PACKERS[p](content, length);
        rec_source *source;
        uint64_t done, total;
        size_t at = 0;

        write_file(packed.bytes, packed.length);
        source = open_source(path);
        for (size_t i = 0; i < LINES; i++) {
            size_t line = strcspn(content + at, "\n");

            content[at + line] = '\0';
            expect_line(source, content + at, i + 1);
            content[at + line] = '\n';
            at += line + 1;
        }
        expect_end(source);
        rec_source_progress(source, &done, &total);
        CHECK_INT(packed.length, done);
        CHECK_INT(packed.length, total);
        rec_source_close(source);
        rec_free(packed.bytes);
    }
}

/* As `cat a.gz b.gz` and parallel compressors make them; an empty member is not the end. */
static void members_behind_each_other_are_one_content(void **state)
{
    static const char *const parts[] = { "a\nb", "", "", "c\n", "", "d\n", "" };
    static const char *const lines[] = { "a", "bc", "d", NULL };
    static const uint8_t skippable[] = { 0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4 };

    (void)state;
    for (size_t p = 1; p < COUNT(PACKERS); p++) {
        uint8_t content[4096];
        size_t length = 0;

        for (size_t i = 0; i < COUNT(parts); i++) {
            struct packed packed = PACKERS[p](parts[i], strlen(parts[i]));

            if (PACKERS[p] == pack_zstd) {
                memcpy(content + length, skippable, sizeof(skippable));
                length += sizeof(skippable);
            }
            memcpy(content + length, packed.bytes, packed.length);
            length += packed.length;
            rec_free(packed.bytes);
        }
        write_file(content, length);
        expect_lines(path, lines);
    }
}

/* Whatever is cut off: whole lines before it come, then the damage is told with the file's name, then the source is at its end. */
static void a_cut_file_is_told_after_its_whole_lines(void **state)
{
    static char content[200000];
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(content); i++) {
        seed = seed * 1664525u + 1013904223u;
        content[i] = i % 100 == 99 ? '\n' : (char)('a' + (seed >> 24) % 26);
    }
    for (size_t p = 1; p < COUNT(PACKERS); p++) {
        struct packed packed = PACKERS[p](content, sizeof(content));

        for (size_t length = 4; length < packed.length; length += 1 + length / 3) {
            rec_error err = REC_ERROR_INIT;
            rec_source *source = NULL;
            rec_line line = { NULL, 0, 0 };
            size_t lines = 0;
            rec_status rc;

            write_file(packed.bytes, length);
            rc = rec_source_open(path, &source, &err);
            while (rc == REC_OK && (rc = rec_source_next(source, &line, &err)) == REC_OK && line.text) {
                CHECK_INT(99, line.length);
                CHECK(memcmp(line.text, content + 100 * lines, 99) == 0);
                lines++;
            }
            CHECK_STATUS(REC_EIO, rc, &err);
            CHECK_CONTAINS(path, err.message);
            CHECK(lines < sizeof(content) / 100);
            if (source)
                expect_end(source);
            rec_source_close(source);
        }
        rec_free(packed.bytes);
    }
}

/* No flipped bit gives other lines in silence: it is told, or it was one of the few that mean nothing. */
static void a_damaged_file_is_told(void **state)
{
    static const char content[] = "first line\nsecond line\nthird line, not quite like the others\n";

    (void)state;
    for (size_t p = 1; p < COUNT(PACKERS); p++) {
        struct packed packed = PACKERS[p](content, sizeof(content) - 1);
        size_t told = 0;

        for (size_t bit = 32; bit < packed.length * 8; bit++) {
            char got[sizeof(content)] = "";
            rec_error err = REC_ERROR_INIT;
            rec_source *source = NULL;
            rec_line line;
            rec_status rc;

            packed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            write_file(packed.bytes, packed.length);
            packed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            rc = rec_source_open(path, &source, &err);
            while (rc == REC_OK && (rc = rec_source_next(source, &line, &err)) == REC_OK && line.text)
                snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s\n", line.text);
            if (rc == REC_OK) {
                CHECK_STR(content, got);
            } else {
                CHECK_STATUS(REC_EIO, rc, &err);
                CHECK_CONTAINS(path, err.message);
                told++;
            }
            rec_source_close(source);
        }
        CHECK(told > packed.length * 6); /* most of its bits */
        rec_free(packed.bytes);
    }
}

static void garbage_behind_a_compressed_file_is_told(void **state)
{
    (void)state;
    for (size_t p = 1; p < COUNT(PACKERS); p++) {
        struct packed packed = PACKERS[p]("line\n", 5);
        uint8_t content[4096];
        rec_error err = REC_ERROR_INIT;
        rec_source *source;
        rec_line line;

        memcpy(content, packed.bytes, packed.length);
        memcpy(content + packed.length, "garbage", 7);
        write_file(content, packed.length + 7);
        source = open_source(path);
        expect_line(source, "line", 1);
        CHECK_STATUS(REC_EIO, rec_source_next(source, &line, &err), &err);
        expect_end(source);
        rec_source_close(source);
        rec_free(packed.bytes);
    }
}

/* A frame header may ask for up to 2 GB of window before a byte of content has come. */
static void a_frame_that_asks_for_gigabytes_is_refused(void **state)
{
    /* A window of 2^31 bytes, and a raw block. */
    static const uint8_t frame[] = { 0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 0x09, 0x00, 0x00, 'x', '\n' };
    rec_error err = REC_ERROR_INIT;
    rec_source *source = NULL;

    (void)state;
    write_file(frame, sizeof(frame));
    CHECK_STATUS(REC_EIO, rec_source_open(path, &source, &err), &err);
    CHECK_CONTAINS("window above 128 MB", err.message);
    CHECK(source == NULL);
}

/* 20 MB in one line between two good ones. */
static void a_line_above_the_limit_is_skipped(void **state)
{
    enum { LONG = 20 << 20 };
    char *content = rec_alloc(LONG + 32);
    size_t length = 0;

    (void)state;
    CHECK(content != NULL);
    length += (size_t)sprintf(content, "before\n");
    memset(content + length, 'x', LONG);
    length += LONG;
    length += (size_t)sprintf(content + length, "\nafter\n");
    for (size_t p = 0; p < COUNT(PACKERS); p++) {
        struct packed packed = PACKERS[p](content, length);
        rec_error err = REC_ERROR_INIT;
        rec_source *source;
        rec_line line;

        write_file(packed.bytes, packed.length);
        source = open_source(path);
        expect_line(source, "before", 1);
        CHECK_STATUS(REC_EFORMAT, rec_source_next(source, &line, &err), &err);
        CHECK(line.text == NULL);
        CHECK_INT(2, line.number);
        CHECK_CONTAINS("16777216", err.message);
        expect_line(source, "after", 3);
        expect_end(source);
        rec_source_close(source);
        rec_free(packed.bytes);
    }
    rec_free(content);
}

/* The longest line that is allowed, and one byte more, each as the last one without an LF too. */
static void the_limit_is_exact(void **state)
{
    char *content = rec_alloc(REC_MAX_LINE + 2);

    (void)state;
    CHECK(content != NULL);
    memset(content, 'x', REC_MAX_LINE + 1);
    for (size_t above = 0; above < 2; above++)
        for (size_t feed = 0; feed < 2; feed++) {
            size_t length = REC_MAX_LINE + above;
            rec_error err = REC_ERROR_INIT;
            rec_source *source;
            rec_line line;

            content[length] = '\n';
            write_file(content, length + feed);
            content[length] = 'x';
            source = open_source(path);
            CHECK_STATUS(above ? REC_EFORMAT : REC_OK, rec_source_next(source, &line, &err), &err);
            CHECK_INT(above ? 0 : REC_MAX_LINE, line.length);
            expect_end(source);
            rec_source_close(source);
        }
    rec_free(content);
}

/* A bomb, 1 GB of zeros in some kilobytes, is one line too long, and the process does not grow by more than two buffers. */
static void a_decompression_bomb_is_a_line_too_long(void **state)
{
    enum { PIECE = 64 << 20, PIECES = 16 };
    char *zeros = rec_alloc(PIECE);
    struct packed packed = pack_zstd(zeros, PIECE);
    FILE *file = fopen(path, "wb");
    struct rusage before, after;
    rec_error err = REC_ERROR_INIT;
    rec_source *source;
    rec_line line;

    (void)state;
    CHECK(file != NULL);
    for (int i = 0; i < PIECES; i++)
        CHECK(fwrite(packed.bytes, 1, packed.length, file) == packed.length);
    CHECK(fclose(file) == 0);
    rec_free(packed.bytes);
    rec_free(zeros);
    getrusage(RUSAGE_SELF, &before);
    source = open_source(path);
    CHECK_STATUS(REC_EFORMAT, rec_source_next(source, &line, &err), &err);
    expect_end(source);
    rec_source_close(source);
    getrusage(RUSAGE_SELF, &after);
    CHECK(after.ru_maxrss - before.ru_maxrss < 200 * 1024);
}

/* 64 MB without a line feed: who stops at the refusal has not waited for the end, which a pipe may never have. */
static void a_line_too_long_is_refused_before_its_end_is_read(void **state)
{
    enum { MOST = 3 * REC_MAX_LINE };
    rec_error err = REC_ERROR_INIT;
    uint64_t done, total;
    rec_source *source;
    rec_line line;

    (void)state;
    write_file("", 0);
    CHECK(truncate(path, 4 * (off_t)REC_MAX_LINE) == 0);
    source = open_source(path);
    CHECK_STATUS(REC_EFORMAT, rec_source_next(source, &line, &err), &err);
    rec_source_progress(source, &done, &total);
    CHECK(done > REC_MAX_LINE && done < MOST && total == 4 * (uint64_t)REC_MAX_LINE);
    expect_end(source);
    rec_source_close(source);
}

/* Its end may be in what is read already, or not. */
static void what_stands_behind_a_line_too_long_is_next_to_whoever_reads_on(void **state)
{
    static const char behind[] = "\nafter";
    char *content = rec_alloc(3 * REC_MAX_LINE);

    (void)state;
    CHECK(content != NULL);
    memset(content, 'x', 3 * REC_MAX_LINE);
    for (size_t length = REC_MAX_LINE + 1; length < 3 * REC_MAX_LINE - sizeof(behind); length += REC_MAX_LINE) {
        rec_error err = REC_ERROR_INIT;
        rec_source *source;
        rec_line line;
        const char *bytes;
        size_t count;

        memcpy(content + length, behind, sizeof(behind) - 1);
        write_file(content, length + sizeof(behind) - 1);
        for (int peeking = 0; peeking < 2; peeking++) {
            source = open_source(path);
            CHECK_STATUS(REC_EFORMAT, rec_source_next(source, &line, &err), &err);
            CHECK_STATUS(REC_OK, (peeking ? rec_source_peek : rec_source_read)(source, &bytes, &count, &err), &err);
            CHECK_INT(5, count);
            CHECK(memcmp(bytes, "after", 5) == 0);
            rec_source_close(source);
        }
        memset(content + length, 'x', sizeof(behind));
    }
    rec_free(content);
}

static void what_cannot_be_read_is_named(void **state)
{
    char missing[sizeof(path) + 8];
    rec_error err = REC_ERROR_INIT;
    rec_source *source = NULL;

    (void)state;
    CHECK_STATUS(REC_EIO, rec_source_open(folder, &source, &err), &err);
    CHECK_CONTAINS("is a folder", err.message);
    CHECK_CONTAINS(folder, err.message);
    snprintf(missing, sizeof(missing), "%s.missing", path);
    CHECK_STATUS(REC_EIO, rec_source_open(missing, &source, &err), &err);
    CHECK_CONTAINS(missing, err.message);
    CHECK(source == NULL);
    rec_source_close(NULL);
}

/* Feeds standard input a byte at a time, as a slow pipe does. */
static void standard_input_is_recognised_through_a_pipe(void **state)
{
    static const char *const lines[] = { "a", "b", NULL };
    int saved = dup(STDIN_FILENO);

    (void)state;
    for (size_t p = 0; p < COUNT(PACKERS); p++) {
        struct packed packed = PACKERS[p]("a\nb\n", 4);
        int ends[2], status;
        pid_t child;

        CHECK(pipe(ends) == 0);
        child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            for (size_t i = 0; i < packed.length; i++)
                if (write(ends[1], packed.bytes + i, 1) != 1)
                    _exit(1);
            _exit(0);
        }
        close(ends[1]);
        CHECK(dup2(ends[0], STDIN_FILENO) >= 0);
        close(ends[0]);
        expect_lines("-", lines);
        CHECK(waitpid(child, &status, 0) == child && status == 0);
        rec_free(packed.bytes);
    }
    dup2(saved, STDIN_FILENO);
    close(saved);
}

/* The n-th request for memory fails, for every n: a clean error each time, and nothing leaks (the sanitizer's word). */
static void without_memory_reading_fails_cleanly(void **state)
{
    enum { LENGTH = 300000 };
    char *content = rec_alloc(LENGTH);
    rec_status rc = REC_ENOMEM;

    (void)state;
    CHECK(content != NULL);
    memset(content, 'x', LENGTH);
    for (size_t p = 0; p < COUNT(PACKERS); p++) {
        struct packed packed = PACKERS[p](content, LENGTH);

        write_file(packed.bytes, packed.length);
        rec_free(packed.bytes);
        for (long allowed = 0; allowed == 0 || rc != REC_OK; allowed++) {
            rec_error err = REC_ERROR_INIT;
            rec_source *source = NULL;
            rec_line line;

            CHECK(allowed < 100);
            rec_alloc_fail_after(allowed);
            if ((rc = rec_source_open(path, &source, &err)) == REC_OK)
                rc = rec_source_next(source, &line, &err);
            rec_alloc_fail_after(-1);
            if (rc == REC_OK)
                CHECK_INT(LENGTH, line.length);
            else
                CHECK_STATUS(REC_ENOMEM, rc, &err);
            rec_source_close(source);
        }
    }
    rec_free(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_lf_crlf_or_the_file),
        cmocka_unit_test(a_nul_is_part_of_its_line),
        cmocka_unit_test(every_line_of_a_large_file_comes_back),
        cmocka_unit_test(members_behind_each_other_are_one_content),
        cmocka_unit_test(a_cut_file_is_told_after_its_whole_lines),
        cmocka_unit_test(a_damaged_file_is_told),
        cmocka_unit_test(garbage_behind_a_compressed_file_is_told),
        cmocka_unit_test(a_frame_that_asks_for_gigabytes_is_refused),
        cmocka_unit_test(a_line_above_the_limit_is_skipped),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(a_decompression_bomb_is_a_line_too_long),
        cmocka_unit_test(a_line_too_long_is_refused_before_its_end_is_read),
        cmocka_unit_test(what_stands_behind_a_line_too_long_is_next_to_whoever_reads_on),
        cmocka_unit_test(what_cannot_be_read_is_named),
        cmocka_unit_test(standard_input_is_recognised_through_a_pipe),
        cmocka_unit_test(without_memory_reading_fails_cleanly),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
