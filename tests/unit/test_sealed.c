/* Files that can refuse: what was written comes back, and nothing that is cut, altered or of another kind does. */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "aside.h"
#include "sealed.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FINGERPRINT "00112233445566778899aabbccddeeff"
#define REMEDY "run 'recommend build'"
#define NOBODY 65534

static const rec_sealed_info INFO = { "vectors", 3, 16, 0x1122334455667788u, FINGERPRINT };
static const char PAYLOAD[] = "what the corals know of the tide";

static char path[sizeof(folder) + 8], aside[sizeof(path) + sizeof(REC_ASIDE_ENDING)]; /* every test writes the first anew */

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/file", folder);
    snprintf(aside, sizeof(aside), "%s" REC_ASIDE_ENDING, path);
    return 0;
}

static int tear_down(void **state)
{
    unlink(path);
    return remove_folder(state);
}

/* ---- writing and reading ---------------------------------------------------------------------------------------- */

static void write_bytes(const char *name, const void *content, size_t length)
{
    FILE *file = fopen(name, "wb");

    CHECK(file != NULL);
    CHECK_INT(length, fwrite(content, 1, length, file));
    CHECK(fclose(file) == 0);
}

/* All bytes of the file at `path`; the caller frees them. */
static uint8_t *read_bytes(size_t *length)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    uint8_t *content;

    CHECK(file != NULL);
    CHECK(fstat(fileno(file), &st) == 0);
    *length = (size_t)st.st_size;
    content = rec_alloc_array(*length, 1);
    CHECK(content != NULL);
    CHECK_INT(*length, fread(content, 1, *length, file));
    fclose(file);
    return content;
}

/* Writes `length` bytes in pieces of at most `piece`. */
static rec_status seal(const rec_sealed_info *info, const void *payload, size_t length, size_t piece, rec_error *err)
{
    rec_sealed_writer *writer = NULL;
    rec_status rc;

    if ((rc = rec_sealed_create(path, info, &writer, err)) != REC_OK)
        return rc;
    for (size_t at = 0; at < length; at += piece) {
        rc = rec_sealed_write(writer, (const char *)payload + at, length - at < piece ? length - at : piece, err);
        if (rc != REC_OK) {
            rec_sealed_abort(writer);
            return rc;
        }
    }
    return rec_sealed_commit(writer, err);
}

static void seal_payload(void)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, seal(&INFO, PAYLOAD, sizeof(PAYLOAD), sizeof(PAYLOAD), &err), &err);
}

static void check_payload_is_there(void)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    CHECK_INT(sizeof(PAYLOAD), sealed.bytes);
    CHECK_STATUS(REC_OK, rec_sealed_verify_all(&sealed, &err), &err);
    CHECK(memcmp(PAYLOAD, sealed.payload, sizeof(PAYLOAD)) == 0);
    rec_sealed_close(&sealed);
}

/* Opening gives `expected`, a sentence with the file's name in it, and nothing else. */
static void check_refused(rec_status expected, const char *kind, uint32_t version, const char *part)
{
    rec_sealed sealed, untouched;
    rec_error err = REC_ERROR_INIT;

    memset(&untouched, 0xEE, sizeof(untouched));
    memcpy(&sealed, &untouched, sizeof(sealed));
    CHECK_STATUS(expected, rec_sealed_open(path, kind, version, &sealed, &err), &err);
    CHECK_INT(expected, err.code);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS(part, err.message);
    CHECK(memcmp(&sealed, &untouched, sizeof(sealed)) == 0);
}

static void check_damaged(void)
{
    check_refused(REC_EDAMAGED, INFO.kind, INFO.version, REMEDY);
}

static void what_was_written_comes_back(void **state)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    seal_payload();
    CHECK_STATUS(REC_OK, rec_sealed_open(path, "vectors", 3, &sealed, &err), &err);
    CHECK_STR("vectors", sealed.info.kind);
    CHECK_INT(3, sealed.info.version);
    CHECK_INT(16, sealed.info.dim);
    CHECK_INT(0x1122334455667788, sealed.info.count);
    CHECK_STR(FINGERPRINT, sealed.info.fingerprint);
    CHECK_INT(sizeof(PAYLOAD), sealed.bytes);
    CHECK(memcmp(PAYLOAD, sealed.payload, sizeof(PAYLOAD)) == 0);
    CHECK_STATUS(REC_OK, rec_sealed_verify_all(&sealed, &err), &err);
    CHECK_INT(0, (uintptr_t)sealed.payload % 64);
    rec_sealed_close(&sealed);
    rec_sealed_close(&sealed);
}

static void a_kind_of_eight_letters_and_an_empty_payload_will_do(void **state)
{
    const rec_sealed_info info = { "eightlet", UINT32_MAX, UINT32_MAX, UINT64_MAX, "" };
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, seal(&info, "", 0, 1, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_open(path, "eightlet", UINT32_MAX, &sealed, &err), &err);
    CHECK_STR("eightlet", sealed.info.kind);
    CHECK(sealed.info.dim == UINT32_MAX);
    CHECK(sealed.info.count == UINT64_MAX);
    CHECK_STR("00000000000000000000000000000000", sealed.info.fingerprint);
    CHECK_INT(0, sealed.bytes);
    CHECK_STATUS(REC_OK, rec_sealed_verify_all(&sealed, &err), &err);
    rec_sealed_close(&sealed);
}

/* Bytes of the table that a payload has behind it. */
static size_t table_bytes(size_t length)
{
    return 8 * ((length + REC_SEALED_BLOCK - 1) / REC_SEALED_BLOCK);
}

/* The writer gathers 64 KiB and sums 4 KiB at a time: pieces below, at and above those, and ones that straddle them. */
static void pieces_of_any_size_make_the_same_file(void **state)
{
    static const size_t pieces[] = { 1000, 4093, 4096, 4097, 8192, 65407, 65408, 65409, 65536, 65537, 100000, 200000 };
    const size_t length = 200000;
    uint8_t *payload = rec_alloc_array(length, 1), *whole;
    rec_error err = REC_ERROR_INIT;
    size_t bytes;

    (void)state;
    CHECK(payload != NULL);
    for (size_t i = 0; i < length; i++)
        payload[i] = (uint8_t)(i * 2654435761u >> 13);
    CHECK_STATUS(REC_OK, seal(&INFO, payload, length, length, &err), &err);
    whole = read_bytes(&bytes);
    CHECK_INT(REC_SEALED_HEADER + length + table_bytes(length), bytes);
    CHECK(memcmp(payload, whole + REC_SEALED_HEADER, length) == 0);
    for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
        uint8_t *joined;

        CHECK_STATUS(REC_OK, seal(&INFO, payload, length, pieces[p], &err), &err);
        joined = read_bytes(&bytes);
        CHECK_INT(REC_SEALED_HEADER + length + table_bytes(length), bytes);
        CHECK(memcmp(whole, joined, bytes) == 0);
        rec_free(joined);
    }
    rec_free(whole);
    rec_free(payload);
}

/* Published by xxHash: XXH3-128 of nothing, high half first. */
static void a_fingerprint_is_the_published_hash(void **state)
{
    char fingerprint[REC_FINGERPRINT_CHARS];

    (void)state;
    rec_fingerprint("", 0, fingerprint);
    CHECK_STR("99aa06d3014798d86001c324468d497f", fingerprint);
}

/* Frozen: files of older releases must be told from damaged ones. */
static void the_layout_is_the_documented_one(void **state)
{
    static const char fields[] = "RECSEAL2"
                                 "vectors\0"
                                 "\x03\0\0\0"
                                 "\x10\0\0\0"
                                 "\x88\x77\x66\x55\x44\x33\x22\x11"
                                 "\x21\0\0\0\0\0\0\0"
                                 "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF"
                                 "\0\0\0\0\0\0\0";
    static const uint8_t zero[40];
    char expected[REC_FINGERPRINT_CHARS], sum[REC_FINGERPRINT_CHARS];
    uint8_t *content;
    size_t bytes;

    (void)state;
    seal_payload();
    content = read_bytes(&bytes);
    CHECK_INT(REC_SEALED_HEADER + sizeof(PAYLOAD) + 8, bytes);
    CHECK_INT(64, sizeof(fields));
    for (size_t i = 0; i < sizeof(fields); i++)
        if ((uint8_t)fields[i] != content[i])
            fail_msg("byte %zu is %02x, expected %02x", i, content[i], (uint8_t)fields[i]);
    for (size_t i = 0; i < REC_FINGERPRINT_BYTES; i++)
        snprintf(sum + 2 * i, 3, "%02x", content[64 + i]);
    rec_fingerprint(content + REC_SEALED_HEADER + sizeof(PAYLOAD), 8, expected);
    CHECK_STR(expected, sum);
    CHECK(memcmp(content + 80, zero, sizeof(zero)) == 0);
    CHECK(memcmp(content + REC_SEALED_HEADER, PAYLOAD, sizeof(PAYLOAD)) == 0);
    rec_free(content);
}

/* ---- refusing --------------------------------------------------------------------------------------------------- */

static void a_file_cut_at_any_length_is_refused(void **state)
{
    size_t bytes;
    uint8_t *content;

    (void)state;
    seal_payload();
    content = read_bytes(&bytes);
    for (size_t length = 0; length < bytes; length++) {
        write_bytes(path, content, length);
        check_damaged();
    }
    rec_free(content);
}

/* It opens; the block, and whoever asks for all of it, is refused. */
static void check_block_refused(size_t block)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_verify(&sealed, block * REC_SEALED_BLOCK, 1, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS(REMEDY, err.message);
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_verify_all(&sealed, &err), &err);
    rec_sealed_close(&sealed);
}

static void a_file_with_any_bit_flipped_is_refused(void **state)
{
    size_t bytes;
    uint8_t *content;

    (void)state;
    seal_payload();
    content = read_bytes(&bytes);
    for (size_t bit = 0; bit < 8 * bytes; bit++) {
        content[bit / 8] ^= (uint8_t)(1U << bit % 8);
        write_bytes(path, content, bytes);
        if (bit / 8 >= REC_SEALED_HEADER && bit / 8 < REC_SEALED_HEADER + sizeof(PAYLOAD))
            check_block_refused(0);
        else
            check_damaged();
        content[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    write_bytes(path, content, bytes);
    check_payload_is_there();
    rec_free(content);
}

/* Each block but the damaged one can be used, in any order and as often as one likes; that one never. */
static void check_only_block_refused(size_t damaged, size_t length)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    for (size_t at = 0; at < length; at += 512) {
        size_t part = length - at < 512 ? length - at : 512;

        CHECK_STATUS(at / REC_SEALED_BLOCK == damaged ? REC_EDAMAGED : REC_OK, rec_sealed_verify(&sealed, at, part, &err), &err);
    }
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_verify_all(&sealed, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_verify(&sealed, length, 0, &err), &err);
    rec_sealed_close(&sealed);
}

static void an_altered_block_is_found_when_it_is_read_and_not_before(void **state)
{
    const size_t length = 5 * REC_SEALED_BLOCK + 100;
    uint8_t *payload = rec_alloc_array(length, 1), *content;
    rec_error err = REC_ERROR_INIT;
    size_t bytes;

    (void)state;
    CHECK(payload != NULL);
    for (size_t i = 0; i < length; i++)
        payload[i] = (uint8_t)(i * 2654435761u >> 13);
    CHECK_STATUS(REC_OK, seal(&INFO, payload, length, length, &err), &err);
    content = read_bytes(&bytes);
    for (size_t block = 0; block < 6; block++) {
        size_t first = REC_SEALED_HEADER + block * REC_SEALED_BLOCK, last = block == 5 ? REC_SEALED_HEADER + length - 1 : first + 4095;

        for (size_t i = 0; i < 2; i++) {
            content[i ? last : first] ^= 1;
            write_bytes(path, content, bytes);
            check_only_block_refused(block, length);
            content[i ? last : first] ^= 1;
        }
    }
    rec_free(content);
    rec_free(payload);
}

static void a_range_is_refused_for_any_block_that_it_reaches_into(void **state)
{
    static const uint8_t payload[3 * REC_SEALED_BLOCK] = { 1 };
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;
    uint8_t *content;
    size_t bytes;

    (void)state;
    CHECK_STATUS(REC_OK, seal(&INFO, payload, sizeof(payload), sizeof(payload), &err), &err);
    content = read_bytes(&bytes);
    content[REC_SEALED_HEADER + REC_SEALED_BLOCK] ^= 0x80;
    write_bytes(path, content, bytes);
    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_verify(&sealed, 0, REC_SEALED_BLOCK, &err), &err);
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_verify(&sealed, 0, REC_SEALED_BLOCK + 1, &err), &err);
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_verify(&sealed, 2 * REC_SEALED_BLOCK - 1, 2, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_verify(&sealed, 2 * REC_SEALED_BLOCK, REC_SEALED_BLOCK, &err), &err);
    rec_sealed_close(&sealed);
    rec_free(content);
}

/* Blocks with a content of their own each, sealed. */
static void seal_blocks(uint8_t *payload, size_t length)
{
    rec_error err = REC_ERROR_INIT;

    for (size_t i = 0; i < length; i++)
        payload[i] = (uint8_t)(i * 2654435761u >> 13);
    CHECK_STATUS(REC_OK, seal(&INFO, payload, length, length, &err), &err);
}

/* From a copy as long as it may, and from the map afterwards. */
static void what_is_read_is_what_was_written_wherever_it_lies(void **state)
{
    static uint8_t payload[3 * REC_SEALED_BLOCK + 100];
    static _Alignas(64) uint8_t room[REC_SEALED_ROOM(sizeof(payload))];
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;
    size_t mapped = 0, copied = 0;

    (void)state;
    seal_blocks(payload, sizeof(payload));
    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    for (size_t round = 0; round < 10000; round++) {
        size_t from = round * 769 % sizeof(payload), length = round * round % (sizeof(payload) - from + 1);
        const void *read = NULL;
        const uint8_t *at;

        CHECK_STATUS(REC_OK, rec_sealed_read(&sealed, from, length, room, &read, &err), &err);
        CHECK(memcmp(payload + from, read, length) == 0);
        at = read;
        CHECK_INT((uintptr_t)(sealed.payload + from) % 64, (uintptr_t)at % 64);
        if (at == sealed.payload + from && length > 0)
            mapped++;
        else if (length > 0)
            copied++;
    }
    CHECK(mapped > 0 && copied > 0);
    rec_sealed_close(&sealed);
}

static void an_altered_block_is_not_read_and_the_others_are(void **state)
{
    static uint8_t payload[3 * REC_SEALED_BLOCK + 100];
    static _Alignas(64) uint8_t room[REC_SEALED_ROOM(sizeof(payload))];
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;
    const void *read;
    uint8_t *content;
    size_t bytes;

    (void)state;
    seal_blocks(payload, sizeof(payload));
    content = read_bytes(&bytes);
    content[REC_SEALED_HEADER + REC_SEALED_BLOCK + 7] ^= 4;
    write_bytes(path, content, bytes);
    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_read(&sealed, 0, REC_SEALED_BLOCK, room, &read, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_read(&sealed, 2 * REC_SEALED_BLOCK, REC_SEALED_BLOCK + 100, room, &read, &err), &err);
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_read(&sealed, REC_SEALED_BLOCK - 1, 2, room, &read, &err), &err);
    CHECK_CONTAINS("block 1 does not match its checksum", err.message);
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_read(&sealed, 2 * REC_SEALED_BLOCK - 1, 1, room, &read, &err), &err);
    rec_sealed_close(&sealed);
    rec_free(content);
}

static void a_file_that_is_cut_while_it_is_open_is_refused_when_it_is_read(void **state)
{
    static uint8_t payload[3 * REC_SEALED_BLOCK];
    static _Alignas(64) uint8_t room[REC_SEALED_ROOM(REC_SEALED_BLOCK)];
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;
    const void *read;

    (void)state;
    seal_blocks(payload, sizeof(payload));
    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    CHECK(truncate(path, REC_SEALED_HEADER + REC_SEALED_BLOCK + 1) == 0);
    CHECK_STATUS(REC_EDAMAGED, rec_sealed_read(&sealed, REC_SEALED_BLOCK, 2, room, &read, &err), &err);
    CHECK_CONTAINS("it was cut", err.message);
    rec_sealed_close(&sealed);
}

/* What an older release wrote is not damaged: a build makes it again. */
static void a_file_of_the_header_before_is_stale(void **state)
{
    uint8_t *content;
    size_t bytes;

    (void)state;
    seal_payload();
    content = read_bytes(&bytes);
    content[7] = '1';
    write_bytes(path, content, bytes);
    check_refused(REC_ESTALE, INFO.kind, INFO.version, "sealed by an older release; " REMEDY);
    rec_free(content);
}

static void a_file_that_grew_is_refused_with_both_sizes(void **state)
{
    FILE *file;

    (void)state;
    seal_payload();
    file = fopen(path, "ab");
    CHECK(file != NULL);
    CHECK(fputc(0, file) == 0);
    CHECK(fclose(file) == 0);
    CHECK_INT(33, sizeof(PAYLOAD));
    check_refused(REC_EDAMAGED, INFO.kind, INFO.version, "42 bytes behind the header, which says 33 of content; " REMEDY);
}

static void a_file_of_another_kind_is_refused_with_both_kinds(void **state)
{
    (void)state;
    seal_payload();
    check_refused(REC_EDAMAGED, "index", INFO.version, "it holds 'vectors', not 'index'; " REMEDY);
    check_refused(REC_EDAMAGED, "vector", INFO.version, "it holds 'vectors', not 'vector'; " REMEDY);
}

static void a_file_of_another_version_is_stale_and_both_are_named(void **state)
{
    (void)state;
    seal_payload();
    check_refused(REC_ESTALE, INFO.kind, 4, "layout version 3, this program reads 4; " REMEDY);
    check_refused(REC_ESTALE, INFO.kind, 2, "layout version 3, this program reads 2; " REMEDY);
}

static void a_missing_file_is_stale(void **state)
{
    (void)state;
    unlink(path);
    check_refused(REC_ESTALE, INFO.kind, INFO.version, REMEDY);
}

static void what_is_no_file_of_ours_is_refused(void **state)
{
    static const char database[4096] = "SQLite format 3";

    (void)state;
    write_bytes(path, database, sizeof(database));
    check_damaged();
    unlink(path);
    CHECK(mkdir(path, 0755) == 0);
    check_damaged();
    CHECK(rmdir(path) == 0);
}

/* Permissions do not bind root, so it steps down for as long as the call takes. */
static bool become_nobody(void)
{
    return geteuid() != 0 || seteuid(NOBODY) == 0;
}

static void become_oneself(void)
{
    if (getuid() == 0)
        CHECK(seteuid(0) == 0);
}

static void a_file_that_may_not_be_read_is_an_error_of_reading(void **state)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    (void)state;
    seal_payload();
    CHECK(chmod(path, 0) == 0);
    CHECK(chmod(folder, 0755) == 0);
    if (!become_nobody())
        skip();
    rc = rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err);
    become_oneself();
    CHECK_STATUS(REC_EIO, rc, &err);
    CHECK_CONTAINS(path, err.message);
    CHECK(chmod(path, 0644) == 0);
    check_payload_is_there();
}

/* ---- writing is all or nothing ---------------------------------------------------------------------------------- */

static void check_nothing_but_the_old_file(void)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;
    int entries = 0;

    CHECK(listing != NULL);
    while ((entry = readdir(listing)) != NULL)
        entries++;
    closedir(listing);
    CHECK_INT(3, entries); /* the file, "." and ".." */
    check_payload_is_there();
}

static void until_the_commit_the_old_file_stands(void **state)
{
    const rec_sealed_info other = { "index", 1, 8, 2, FINGERPRINT };
    rec_sealed_writer *writer = NULL;
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    seal_payload();
    CHECK_STATUS(REC_OK, rec_sealed_create(path, &other, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, "new", 3, &err), &err);
    check_payload_is_there();
    CHECK_STATUS(REC_OK, rec_sealed_commit(writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_open(path, "index", 1, &sealed, &err), &err);
    CHECK_INT(3, sealed.bytes);
    rec_sealed_close(&sealed);
    CHECK(access(aside, F_OK) != 0);
}

/* Whoever maps the old file goes on reading it: the new one is another file under its name. */
static void a_reader_keeps_the_file_it_opened(void **state)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    seal_payload();
    CHECK_STATUS(REC_OK, rec_sealed_open(path, INFO.kind, INFO.version, &sealed, &err), &err);
    CHECK_STATUS(REC_OK, seal(&INFO, "new", 3, 3, &err), &err);
    CHECK(memcmp(PAYLOAD, sealed.payload, sizeof(PAYLOAD)) == 0);
    rec_sealed_close(&sealed);
}

static void an_aborted_file_leaves_no_trace(void **state)
{
    rec_sealed_writer *writer = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    seal_payload();
    CHECK_STATUS(REC_OK, rec_sealed_create(path, &INFO, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, "new", 3, &err), &err);
    rec_sealed_abort(writer);
    rec_sealed_abort(NULL);
    check_nothing_but_the_old_file();
}

/* A writer that was killed leaves its file aside: longer than the next one's, it must not show through. */
static void what_a_killed_writer_left_is_written_over(void **state)
{
    static const char garbage[9000] = "half of something";

    (void)state;
    write_bytes(aside, garbage, sizeof(garbage));
    seal_payload();
    check_nothing_but_the_old_file();
}

static void without_memory_the_old_file_stands(void **state)
{
    rec_error err = REC_ERROR_INIT;
    long allowed = 0;
    rec_status rc;

    (void)state;
    seal_payload();
    for (;; allowed++) {
        rec_alloc_fail_after(allowed);
        rc = seal(&INFO, PAYLOAD, sizeof(PAYLOAD), 5, &err);
        rec_alloc_fail_after(-1);
        check_nothing_but_the_old_file();
        if (rc == REC_OK)
            break;
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_CONTAINS(path, err.message);
    }
    CHECK(allowed > 0);
}

static void in_a_folder_that_may_not_be_written_the_old_file_stands(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    (void)state;
    seal_payload();
    CHECK(chmod(folder, 0555) == 0);
    if (!become_nobody()) {
        CHECK(chmod(folder, 0755) == 0);
        skip();
    }
    rc = seal(&INFO, "new", 3, 3, &err);
    become_oneself();
    CHECK(chmod(folder, 0755) == 0);
    CHECK_STATUS(REC_EIO, rc, &err);
    CHECK_CONTAINS(path, err.message);
    check_nothing_but_the_old_file();
}

/* A full disk, played by a limit on the size of files. */
static void fill_disk(struct rlimit *before, size_t limit)
{
    struct rlimit tight;

    signal(SIGXFSZ, SIG_IGN);
    CHECK(getrlimit(RLIMIT_FSIZE, before) == 0);
    tight = *before;
    tight.rlim_cur = limit;
    CHECK(setrlimit(RLIMIT_FSIZE, &tight) == 0);
}

static void empty_disk(const struct rlimit *before)
{
    CHECK(setrlimit(RLIMIT_FSIZE, before) == 0);
    signal(SIGXFSZ, SIG_DFL);
}

static void on_a_full_disk_the_old_file_stands(void **state)
{
    static const struct {
        size_t limit, length, piece;
    } cases[] = {
        { 0, 10, 10 },             /* not even the header: the commit finds out */
        { 130, 10, 10 },           /* a part of the last block */
        { 100000, 300000, 1000 },  /* in the middle, many small pieces */
        { 100000, 300000, 300000 } /* in the middle of one large piece */
    };

    static const char zero[300000];

    (void)state;
    seal_payload();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rec_error err = REC_ERROR_INIT;
        struct rlimit before;
        rec_status rc;

        fill_disk(&before, cases[i].limit);
        rc = seal(&INFO, zero, cases[i].length, cases[i].piece, &err);
        empty_disk(&before);
        CHECK_STATUS(REC_EIO, rc, &err);
        CHECK_CONTAINS(path, err.message);
        check_nothing_but_the_old_file();
    }
}

/* Even a caller that looks at the commit alone learns of it. */
static void a_failed_write_is_reported_by_the_commit_as_well(void **state)
{
    static const char zero[300000];
    rec_sealed_writer *writer = NULL;
    rec_error err = REC_ERROR_INIT;
    struct rlimit before;
    rec_status first, second;

    (void)state;
    seal_payload();
    CHECK_STATUS(REC_OK, rec_sealed_create(path, &INFO, &writer, &err), &err);
    fill_disk(&before, 1000);
    first = rec_sealed_write(writer, zero, sizeof(zero), &err);
    empty_disk(&before);
    second = rec_sealed_write(writer, "more", 4, &err); /* by now there would be room */
    CHECK_INT(REC_EIO, first);
    CHECK_INT(REC_EIO, second);
    CHECK_STATUS(REC_EIO, rec_sealed_commit(writer, &err), &err);
    check_nothing_but_the_old_file();
}

static void a_folder_in_the_files_place_goes_if_it_is_empty_and_stays_if_not(void **state)
{
    char inside[sizeof(path) + 8];
    rec_error err = REC_ERROR_INIT;

    (void)state;
    unlink(path);
    CHECK(mkdir(path, 0755) == 0);
    snprintf(inside, sizeof(inside), "%s/kept", path);
    write_bytes(inside, "x", 1);
    CHECK_STATUS(REC_EIO, seal(&INFO, PAYLOAD, sizeof(PAYLOAD), 5, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK(access(aside, F_OK) != 0);
    CHECK(unlink(inside) == 0);
    seal_payload();
    check_nothing_but_the_old_file();
}

static void a_name_that_cannot_be_written_is_refused_at_once(void **state)
{
    static char longest[PATH_MAX + 100];
    const char *const names[] = { "/no-such-folder/file", longest };

    (void)state;
    memset(longest, 'x', sizeof(longest) - 1);
    for (size_t i = 0; i < 2; i++) {
        rec_sealed_writer *writer = NULL;
        rec_error err = REC_ERROR_INIT;

        CHECK(rec_sealed_create(names[i], &INFO, &writer, &err) != REC_OK);
        CHECK(writer == NULL);
        CHECK_CONTAINS(i == 0 ? names[0] : "the name is too long", err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_comes_back),
        cmocka_unit_test(a_kind_of_eight_letters_and_an_empty_payload_will_do),
        cmocka_unit_test(pieces_of_any_size_make_the_same_file),
        cmocka_unit_test(a_fingerprint_is_the_published_hash),
        cmocka_unit_test(the_layout_is_the_documented_one),
        cmocka_unit_test(a_file_cut_at_any_length_is_refused),
        cmocka_unit_test(a_file_with_any_bit_flipped_is_refused),
        cmocka_unit_test(an_altered_block_is_found_when_it_is_read_and_not_before),
        cmocka_unit_test(a_range_is_refused_for_any_block_that_it_reaches_into),
        cmocka_unit_test(what_is_read_is_what_was_written_wherever_it_lies),
        cmocka_unit_test(an_altered_block_is_not_read_and_the_others_are),
        cmocka_unit_test(a_file_that_is_cut_while_it_is_open_is_refused_when_it_is_read),
        cmocka_unit_test(a_file_of_the_header_before_is_stale),
        cmocka_unit_test(a_file_that_grew_is_refused_with_both_sizes),
        cmocka_unit_test(a_file_of_another_kind_is_refused_with_both_kinds),
        cmocka_unit_test(a_file_of_another_version_is_stale_and_both_are_named),
        cmocka_unit_test(a_missing_file_is_stale),
        cmocka_unit_test(what_is_no_file_of_ours_is_refused),
        cmocka_unit_test(a_file_that_may_not_be_read_is_an_error_of_reading),
        cmocka_unit_test(until_the_commit_the_old_file_stands),
        cmocka_unit_test(a_reader_keeps_the_file_it_opened),
        cmocka_unit_test(an_aborted_file_leaves_no_trace),
        cmocka_unit_test(what_a_killed_writer_left_is_written_over),
        cmocka_unit_test(without_memory_the_old_file_stands),
        cmocka_unit_test(in_a_folder_that_may_not_be_written_the_old_file_stands),
        cmocka_unit_test(on_a_full_disk_the_old_file_stands),
        cmocka_unit_test(a_failed_write_is_reported_by_the_commit_as_well),
        cmocka_unit_test(a_folder_in_the_files_place_goes_if_it_is_empty_and_stays_if_not),
        cmocka_unit_test(a_name_that_cannot_be_written_is_refused_at_once),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
