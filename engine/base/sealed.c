/* Files that can refuse: see sealed.h for the layout. */
#define _GNU_SOURCE /* sync_file_range */
#include "sealed.h"

#include "alloc.h"
#include "aside.h"
#include "file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define SEAL_AT 64 /* in the header: the sum of the table */

static const char MAGIC[8] = "RECSEAL2", MAGIC_BEFORE[8] = "RECSEAL1";
#define SUM_BYTES 8
#define COPIED_AT_MOST 8192 /* blocks of a file: what a few questions look at */
#define REMEDY "; run 'recommend build'"

struct rec_sealed_writer {
    rec_aside aside;
    rec_sealed_info info;
    uint64_t bytes;
    bool finished;
    int failed_errno;        /* 0 while every write went through */
    bool no_memory;          /* for the table of checksums */
    size_t pending;          /* bytes waiting in `block` */
    XXH3_state_t *sum;       /* of the block of the payload that is not full yet */
    size_t summed;           /* its bytes so far */
    XXH64_canonical_t *sums; /* (sum_count) of the full ones */
    size_t sum_count, sum_room;
    uint8_t block[1 << 16];
};

static void put32(uint8_t *at, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(v >> (8 * i));
}

static void put64(uint8_t *at, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t get64(const uint8_t *at)
{
    return (uint64_t)get32(at) | (uint64_t)get32(at + 4) << 32;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

static void to_hex(const uint8_t *bytes, char out[REC_FINGERPRINT_CHARS])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < REC_FINGERPRINT_BYTES; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 0xF];
    }
    out[2 * REC_FINGERPRINT_BYTES] = '\0';
}

void rec_fingerprint(const void *bytes, size_t length, char out[REC_FINGERPRINT_CHARS])
{
    XXH128_canonical_t canonical;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, length));
    to_hex(canonical.digest, out);
}

static size_t blocks_of(size_t bytes)
{
    return bytes / REC_SEALED_BLOCK + (bytes % REC_SEALED_BLOCK != 0);
}

static void encode_header(const rec_sealed_info *info, uint64_t bytes, XXH128_hash_t sum, uint8_t out[REC_SEALED_HEADER])
{
    XXH128_canonical_t table_sum;
    XXH64_canonical_t header_sum;

    memset(out, 0, REC_SEALED_HEADER);
    memcpy(out, MAGIC, sizeof(MAGIC));
    memcpy(out + 8, info->kind, strnlen(info->kind, 8));
    put32(out + 16, info->version);
    put32(out + 20, info->dim);
    put64(out + 24, info->count);
    put64(out + 32, bytes);
    if (strlen(info->fingerprint) == 2 * REC_FINGERPRINT_BYTES)
        for (int i = 0; i < REC_FINGERPRINT_BYTES; i++)
            out[40 + i] = (uint8_t)(hex_value(info->fingerprint[2 * i]) << 4 | hex_value(info->fingerprint[2 * i + 1]));
    XXH128_canonicalFromHash(&table_sum, sum);
    memcpy(out + SEAL_AT, table_sum.digest, sizeof(table_sum.digest));
    XXH64_canonicalFromHash(&header_sum, XXH3_64bits(out, 120));
    memcpy(out + 120, header_sum.digest, sizeof(header_sum.digest));
}

/* Everything that can be told from the header and the file's size. */
static rec_status check_header(const char *path, const uint8_t *head, size_t file_bytes, const char *kind, uint32_t version,
                               rec_sealed_info *info, size_t *payload_bytes, rec_error *err)
{
    size_t rest = file_bytes - REC_SEALED_HEADER;
    XXH64_canonical_t header_sum;
    uint64_t bytes;

    if (memcmp(head, MAGIC_BEFORE, sizeof(MAGIC)) == 0)
        return rec_fail(err, REC_ESTALE, "cannot open '%s': sealed by an older release", path);
    if (memcmp(head, MAGIC, sizeof(MAGIC)) != 0)
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': not a file of recommend's, or cut", path);
    XXH64_canonicalFromHash(&header_sum, XXH3_64bits(head, 120));
    if (memcmp(head + 120, header_sum.digest, sizeof(header_sum.digest)) != 0)
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': its header is damaged", path);
    memcpy(info->kind, head + 8, 8);
    info->kind[8] = '\0';
    if (strcmp(info->kind, kind) != 0)
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': it holds '%s', not '%s'", path, info->kind, kind);
    info->version = get32(head + 16);
    if (info->version != version)
        return rec_fail(err, REC_ESTALE, "cannot open '%s': layout version %u, this program reads %u", path, info->version, version);
    info->dim = get32(head + 20);
    info->count = get64(head + 24);
    to_hex(head + 40, info->fingerprint);
    bytes = get64(head + 32);
    if (bytes > rest || bytes + blocks_of((size_t)bytes) * SUM_BYTES != rest)
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': %zu bytes behind the header, which says %llu of content", path, rest,
                        (unsigned long long)bytes);
    *payload_bytes = (size_t)bytes;
    return REC_OK;
}

static rec_status check_table(const rec_sealed *sealed, rec_error *err)
{
    XXH128_canonical_t sum;

    XXH128_canonicalFromHash(&sum, XXH3_128bits(sealed->sums, blocks_of(sealed->bytes) * SUM_BYTES));
    if (memcmp((const uint8_t *)sealed->map + 64, sum.digest, sizeof(sum.digest)) != 0)
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': its checksums are damaged", sealed->path);
    return REC_OK;
}

/* Maps the file that `fd` is, and takes it over where that succeeds; what it holds is checked by the caller. */
static rec_status map_file(int fd, const char *path, rec_sealed *sealed, rec_error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    if (!S_ISREG(st.st_mode) || st.st_size < REC_SEALED_HEADER)
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': not a file of recommend's, or cut", path);
    sealed->map_bytes = (size_t)st.st_size;
    sealed->map = mmap(NULL, sealed->map_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    if (sealed->map == MAP_FAILED) {
        sealed->map = NULL;
        return rec_fail_errno(err, REC_EIO, errno, "cannot map '%s'", path);
    }
    sealed->fd = fd;
    return REC_OK;
}

rec_status rec_sealed_map(const char *path, const char *kind, uint32_t version, rec_sealed *out, rec_error *err)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_status rc;
    int fd;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe in its place would be waited for */
    if (fd < 0) {
        if (errno == ENOENT)
            return rec_fail(err, REC_ESTALE, "cannot open '%s': it is missing", path);
        return rec_fail_errno(err, REC_EIO, errno, "cannot open '%s'", path);
    }
    if ((rc = map_file(fd, path, &sealed, err)) != REC_OK)
        goto done;
    if ((rc = check_header(path, sealed.map, sealed.map_bytes, kind, version, &sealed.info, &sealed.bytes, err)) != REC_OK)
        goto done;
    sealed.payload = (const uint8_t *)sealed.map + REC_SEALED_HEADER;
    sealed.sums = sealed.payload + sealed.bytes;
    sealed.path = rec_strdup(path);
    sealed.verified = rec_alloc_array(blocks_of(sealed.bytes) / 64 + 1, sizeof(*sealed.verified));
    sealed.read = rec_alloc_array(1, sizeof(*sealed.read));
    if (!sealed.path || !sealed.verified || !sealed.read) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
        goto done;
    }
    if ((rc = check_table(&sealed, err)) != REC_OK)
        goto done;
    *out = sealed;
    return REC_OK;

done:
    if (!sealed.map)
        close(fd);
    rec_sealed_close(&sealed);
    return rc;
}

rec_status rec_sealed_open(const char *path, const char *kind, uint32_t version, rec_sealed *out, rec_error *err)
{
    rec_error why;
    rec_status rc = rec_sealed_map(path, kind, version, out, &why);

    if (rc == REC_OK)
        out->remade = true;
    return rc == REC_OK ? REC_OK : rec_fail(err, rc, "%s%s", why.message, rc == REC_ESTALE || rc == REC_EDAMAGED ? REMEDY : "");
}

/* Compares what a block holds, in the map or copied, with its sum. */
static rec_status check_block(const rec_sealed *sealed, size_t block, const uint8_t *content, rec_error *err)
{
    size_t left = sealed->bytes - block * REC_SEALED_BLOCK;
    XXH64_canonical_t sum;

    XXH64_canonicalFromHash(&sum, XXH3_64bits(content, left < REC_SEALED_BLOCK ? left : REC_SEALED_BLOCK));
    if (memcmp(sealed->sums + block * SUM_BYTES, sum.digest, SUM_BYTES) != 0)
        return rec_fail(err, REC_EDAMAGED, "cannot read '%s': block %zu does not match its checksum, it was altered%s", sealed->path, block,
                        sealed->remade ? REMEDY : "");
    return REC_OK;
}

static bool is_verified(const rec_sealed *sealed, size_t block)
{
    return atomic_load_explicit(&sealed->verified[block / 64], memory_order_relaxed) >> block % 64 & 1;
}

/* Two threads may sum one block at once, and find the same. */
static rec_status verify_block(const rec_sealed *sealed, size_t block, rec_error *err)
{
    rec_status rc = check_block(sealed, block, sealed->payload + block * REC_SEALED_BLOCK, err);

    if (rc == REC_OK)
        atomic_fetch_or_explicit(&sealed->verified[block / 64], (uint64_t)1 << block % 64, memory_order_relaxed);
    return rc;
}

rec_status rec_sealed_verify(const rec_sealed *sealed, size_t offset, size_t length, rec_error *err)
{
    size_t end = length > 0 ? blocks_of(offset + length) : 0;
    rec_status rc = REC_OK;

    assert(offset <= sealed->bytes && length <= sealed->bytes - offset);
    for (size_t block = offset / REC_SEALED_BLOCK; block < end && rc == REC_OK; block++)
        if (!is_verified(sealed, block))
            rc = verify_block(sealed, block, err);
    return rc;
}

/* Copies bytes of the payload out of the file. */
static rec_status copy(const rec_sealed *sealed, size_t offset, size_t length, uint8_t *out, rec_error *err)
{
    for (size_t got = 0; got < length;) {
        ssize_t n = pread(sealed->fd, out + got, length - got, (off_t)(REC_SEALED_HEADER + offset + got));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", sealed->path);
        if (n == 0)
            return rec_fail(err, REC_EDAMAGED, "cannot read '%s': it was cut%s", sealed->path, sealed->remade ? REMEDY : "");
        got += (size_t)n;
    }
    return REC_OK;
}

rec_status rec_sealed_read(const rec_sealed *sealed, size_t offset, size_t length, void *room, const void **out, rec_error *err)
{
    size_t first = offset / REC_SEALED_BLOCK, end = length > 0 ? blocks_of(offset + length) : first;
    size_t start = first * REC_SEALED_BLOCK, stop = end * REC_SEALED_BLOCK < sealed->bytes ? end * REC_SEALED_BLOCK : sealed->bytes;
    uint8_t *content = room;
    bool mapped = atomic_load_explicit(sealed->read, memory_order_relaxed) >= COPIED_AT_MOST;
    rec_status rc;

    assert(offset <= sealed->bytes && length <= sealed->bytes - offset);
    for (size_t block = first; block < end && !mapped; block++)
        mapped = is_verified(sealed, block);
    if (mapped || length == 0) {
        *out = sealed->payload + offset;
        return rec_sealed_verify(sealed, offset, length, err);
    }
    rc = copy(sealed, start, stop - start, content, err);
    for (size_t block = first; block < end && rc == REC_OK; block++)
        rc = check_block(sealed, block, content + (block - first) * REC_SEALED_BLOCK, err);
    atomic_fetch_add_explicit(sealed->read, end - first, memory_order_relaxed);
    *out = content + (offset - start);
    return rc;
}

rec_status rec_sealed_verify_all(const rec_sealed *sealed, rec_error *err)
{
    return rec_sealed_verify(sealed, 0, sealed->bytes, err);
}

const uint8_t *rec_sealed_seal(const rec_sealed *sealed)
{
    return (const uint8_t *)sealed->map + SEAL_AT;
}

void rec_sealed_close(rec_sealed *sealed)
{
    if (sealed->map) {
        munmap(sealed->map, sealed->map_bytes);
        close(sealed->fd);
    }
    rec_free(sealed->verified);
    rec_free(sealed->read);
    rec_free(sealed->path);
    *sealed = (rec_sealed)REC_SEALED_INIT;
}

static void writer_free(rec_sealed_writer *writer)
{
    XXH3_freeState(writer->sum);
    rec_free(writer->sums);
    rec_free(writer);
}

rec_status rec_sealed_create(const char *path, const rec_sealed_info *info, rec_sealed_writer **out, rec_error *err)
{
    static const uint8_t blank[REC_SEALED_HEADER];
    rec_sealed_writer *writer = rec_alloc_aligned(1, sizeof(*writer));
    rec_status rc;

    if (!writer)
        return rec_fail(err, REC_ENOMEM, "out of memory writing '%s'", path);
    writer->info = *info;
    writer->sum = XXH3_createState();
    rc = writer->sum ? rec_aside_open(path, &writer->aside, err) : rec_fail(err, REC_ENOMEM, "out of memory writing '%s'", path);
    if (rc != REC_OK) {
        writer_free(writer);
        return rc;
    }
    XXH3_64bits_reset(writer->sum);
    memcpy(writer->block, blank, sizeof(blank)); /* the header's place, filled by the commit */
    writer->pending = sizeof(blank);
    *out = writer;
    return REC_OK;
}

static void write_all(rec_sealed_writer *writer, const uint8_t *bytes, size_t length)
{
    if (!writer->failed_errno && rec_file_write_all(writer->aside.fd, bytes, length) != 0)
        writer->failed_errno = errno;
}

static void flush_block(rec_sealed_writer *writer)
{
    write_all(writer, writer->block, writer->pending);
    writer->pending = 0;
}

static void put(rec_sealed_writer *writer, const uint8_t *bytes, size_t length)
{
    if (length > sizeof(writer->block) - writer->pending)
        flush_block(writer);
    if (length > sizeof(writer->block)) {
        write_all(writer, bytes, length);
    } else if (length > 0) {
        memcpy(writer->block + writer->pending, bytes, length);
        writer->pending += length;
    }
}

static void note_sum(rec_sealed_writer *writer, XXH64_hash_t sum)
{
    if (writer->sum_count == writer->sum_room) {
        size_t room = writer->sum_room ? 2 * writer->sum_room : 256;
        XXH64_canonical_t *sums = rec_resize_array(writer->sums, room, sizeof(*sums));

        if (!sums) {
            writer->no_memory = true;
            return;
        }
        writer->sums = sums;
        writer->sum_room = room;
    }
    XXH64_canonicalFromHash(&writer->sums[writer->sum_count++], sum);
}

/* The block that is being summed ends here. */
static void end_sum(rec_sealed_writer *writer)
{
    note_sum(writer, XXH3_64bits_digest(writer->sum));
    XXH3_64bits_reset(writer->sum);
    writer->summed = 0;
}

static void sum_blocks(rec_sealed_writer *writer, const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        size_t room = REC_SEALED_BLOCK - writer->summed, n = length < room ? length : room;

        if (n == REC_SEALED_BLOCK) {
            note_sum(writer, XXH3_64bits(bytes, n));
        } else {
            XXH3_64bits_update(writer->sum, bytes, n);
            writer->summed += n;
            if (writer->summed == REC_SEALED_BLOCK)
                end_sum(writer);
        }
        bytes += n;
        length -= n;
    }
}

static rec_status report(const rec_sealed_writer *writer, const char *path, rec_error *err)
{
    if (writer->no_memory)
        return rec_fail(err, REC_ENOMEM, "out of memory writing '%s'", path);
    if (writer->failed_errno)
        return rec_fail_errno(err, REC_EIO, writer->failed_errno, "cannot write '%s'", path);
    return REC_OK;
}

void rec_sealed_set_shape(rec_sealed_writer *writer, uint32_t dim, uint64_t count)
{
    writer->info.dim = dim;
    writer->info.count = count;
}

rec_status rec_sealed_write(rec_sealed_writer *writer, const void *bytes, size_t length, rec_error *err)
{
    sum_blocks(writer, bytes, length);
    writer->bytes += length;
    put(writer, bytes, length);
    return report(writer, writer->aside.name, err);
}

/* The table behind the payload, then the header, which seals it. */
void rec_sealed_finish(rec_sealed_writer *writer)
{
    uint8_t head[REC_SEALED_HEADER];
    size_t length;

    if (writer->finished)
        return;
    writer->finished = true;
    if (writer->summed > 0)
        end_sum(writer);
    length = writer->sum_count * sizeof(*writer->sums);
    put(writer, (const uint8_t *)writer->sums, length);
    flush_block(writer);
    encode_header(&writer->info, writer->bytes, XXH3_128bits(writer->sums, length), head);
    if (!writer->failed_errno && pwrite(writer->aside.fd, head, sizeof(head), 0) != (ssize_t)sizeof(head))
        writer->failed_errno = errno ? errno : EIO;
    /* Only a beginning: what it cannot do, the sync does. */
    (void)sync_file_range(writer->aside.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

rec_status rec_sealed_commit(rec_sealed_writer *writer, rec_error *err)
{
    rec_status rc;

    rec_sealed_finish(writer);
    if ((rc = report(writer, writer->aside.path, err)) == REC_OK)
        rc = rec_aside_commit(&writer->aside, err);
    else
        rec_aside_abort(&writer->aside);
    writer_free(writer);
    return rc;
}

void rec_sealed_abort(rec_sealed_writer *writer)
{
    if (!writer)
        return;
    rec_aside_abort(&writer->aside);
    writer_free(writer);
}
