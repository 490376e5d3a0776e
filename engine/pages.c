/* Reading a damaged database: see pages.h. */
#include "pages.h"

#include "alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD 100 /* bytes of the file's head, on its first page */
#define DEFAULT_PAGE 4096
#define MAX_ROW ((size_t)64 << 20) /* bytes; a paper has less, and a length that is damaged may say anything */

enum page_kind { INDEX_INNER = 0x02, TABLE_INNER = 0x05, INDEX_LEAF = 0x0A, TABLE_LEAF = 0x0D };

/* ---- numbers ------------------------------------------------------------------------------------------------------- */

static uint32_t read_16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t read_32(const uint8_t *at)
{
    return read_16(at) << 16 | read_16(at + 2);
}

/* A number of 1 to 9 bytes; `*at` moves behind it. False where the bytes end before it does. */
static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
    uint64_t value = 0;

    for (int i = 0; i < 9 && *at < end; i++) {
        uint8_t byte = *(*at)++;

        value = i == 8 ? value << 8 | byte : value << 7 | (byte & 0x7F);
        if (i == 8 || byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return false;
}

static int64_t read_integer(const uint8_t *at, size_t length)
{
    uint64_t value = at[0] & 0x80 ? UINT64_MAX : 0;

    for (size_t i = 0; i < length; i++)
        value = value << 8 | at[i];
    return (int64_t)value;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static const uint8_t *page_at(const rec_pages *pages, uint32_t page)
{
    return pages->bytes + (size_t)(page - 1) * pages->page_size;
}

static bool holds(const uint8_t *bits, uint32_t page)
{
    return bits[page / 8] >> (page % 8) & 1;
}

static bool is_freed(const rec_pages *pages, uint32_t page)
{
    return holds(pages->freed, page);
}

bool rec_pages_is_below(const rec_pages *pages, uint32_t page)
{
    return holds(pages->below, page);
}

/* Marks a page; false where it is none or was marked before, as in a chain that runs in a circle. */
static bool mark(const rec_pages *pages, uint8_t *bits, uint32_t page)
{
    if (page < 2 || page > pages->count || holds(bits, page))
        return false;
    bits[page / 8] |= (uint8_t)(1u << (page % 8));
    return true;
}

/* The list of free pages is a chain of pages, each with the next one's number, how many it names, and those. */
static bool mark_free_list(rec_pages *pages)
{
    uint32_t trunk = read_32(pages->bytes + 32), named = 0;

    while (trunk != 0) {
        const uint8_t *at;
        uint32_t count;

        if (!mark(pages, pages->freed, trunk))
            return false;
        named++;
        at = page_at(pages, trunk);
        count = read_32(at + 4);
        if (count > pages->usable / 4 - 2)
            return false;
        for (uint32_t i = 0; i < count; i++, named++)
            if (!mark(pages, pages->freed, read_32(at + 8 + 4 * (size_t)i)))
                return false;
        trunk = read_32(at);
    }
    return named == read_32(pages->bytes + 36);
}

/* Whether a page looks like one of that chain: nothing else begins with a page's number, a count that fits, and as many numbers. */
static bool looks_like_trunk(const rec_pages *pages, const uint8_t *at)
{
    uint32_t count = read_32(at + 4);

    if (read_32(at) > pages->count || count == 0 || count > pages->usable / 4 - 2)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t named = read_32(at + 8 + 4 * (size_t)i);

        if (named < 2 || named > pages->count)
            return false;
    }
    return true;
}

/* Where the chain is broken or its beginning is lost, its links are looked for. */
static void search_free_list(rec_pages *pages)
{
    for (uint32_t page = 2; page <= pages->count; page++) {
        const uint8_t *at = page_at(pages, page);

        if (!looks_like_trunk(pages, at))
            continue;
        (void)mark(pages, pages->freed, page);
        for (uint32_t i = 0; i < read_32(at + 4); i++)
            (void)mark(pages, pages->freed, read_32(at + 8 + 4 * (size_t)i));
    }
}

static size_t head_of(uint32_t page)
{
    return page == 1 ? HEAD : 0;
}

/* A page above others has one to the right of all, and one to the left of each of its entries. */
static void mark_below(rec_pages *pages)
{
    for (uint32_t page = 1; page <= pages->count; page++) {
        const uint8_t *start = page_at(pages, page), *at = start + head_of(page);
        size_t count = read_16(at + 3);

        if (is_freed(pages, page) || at[0] != TABLE_INNER || head_of(page) + 12 + 2 * count > pages->usable)
            continue;
        (void)mark(pages, pages->below, read_32(at + 8));
        for (size_t i = 0; i < count; i++) {
            size_t offset = read_16(at + 12 + 2 * i);

            if (offset + 4 <= pages->usable)
                (void)mark(pages, pages->below, read_32(start + offset));
        }
    }
}

static void read_head(rec_pages *pages)
{
    uint32_t size = read_16(pages->bytes + 16);

    size = size == 1 ? 65536 : size;
    pages->page_size = DEFAULT_PAGE;
    pages->usable = DEFAULT_PAGE;
    if (memcmp(pages->bytes, "SQLite format 3", 16) == 0 && size >= 512 && (size & (size - 1)) == 0 && pages->bytes[20] <= 32) {
        pages->page_size = size;
        pages->usable = size - pages->bytes[20];
        pages->freed_known = true;
    }
}

static rec_status map_file(int fd, const char *path, rec_pages *pages, rec_error *err)
{
    struct stat there;
    void *map;

    if (fstat(fd, &there) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    if (!S_ISREG(there.st_mode) || there.st_size < HEAD)
        return rec_fail(err, REC_EIO, "cannot read '%s': it is no file of pages", path);
    map = mmap(NULL, (size_t)there.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    pages->bytes = map;
    pages->length = (size_t)there.st_size;
    return REC_OK;
}

rec_status rec_pages_open(const char *path, rec_pages *out, rec_error *err)
{
    rec_pages pages = REC_PAGES_INIT;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    rec_status rc;

    if (fd < 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    rc = map_file(fd, path, &pages, err);
    close(fd);
    if (rc != REC_OK)
        return rc;
    read_head(&pages);
    pages.count = pages.length / pages.page_size < UINT32_MAX ? (uint32_t)(pages.length / pages.page_size) : UINT32_MAX - 1;
    pages.freed = rec_alloc_array((size_t)pages.count / 8 + 1, 1);
    pages.below = rec_alloc_array((size_t)pages.count / 8 + 1, 1);
    if (!pages.freed || !pages.below) {
        rec_pages_close(&pages);
        return rec_fail(err, REC_ENOMEM, "out of memory reading '%s'", path);
    }
    pages.freed_known = pages.freed_known && mark_free_list(&pages);
    if (!pages.freed_known)
        search_free_list(&pages);
    mark_below(&pages);
    *out = pages;
    return REC_OK;
}

void rec_pages_close(rec_pages *pages)
{
    if (pages->bytes)
        munmap((void *)pages->bytes, pages->length);
    rec_free(pages->freed);
    rec_free(pages->below);
    *pages = (rec_pages)REC_PAGES_INIT;
}

/* ---- entries of a page --------------------------------------------------------------------------------------------- */

size_t rec_pages_entries(const rec_pages *pages, uint32_t page, bool *of_index)
{
    const uint8_t *at = page_at(pages, page) + head_of(page);
    size_t pointers = at[0] == INDEX_INNER ? 12 : 8, count = read_16(at + 3);

    *of_index = at[0] == INDEX_LEAF || at[0] == INDEX_INNER;
    if (is_freed(pages, page) || (at[0] != TABLE_LEAF && !*of_index))
        return 0;
    return head_of(page) + pointers + 2 * count <= pages->usable ? count : 0;
}

/* Bytes of a row of `length` that lie on its own page; the rest is on a chain of others. */
static size_t local_length(const rec_pages *pages, bool of_index, size_t length)
{
    size_t usable = pages->usable, most = of_index ? (usable - 12) * 64 / 255 - 23 : usable - 35;
    size_t least = (usable - 12) * 32 / 255 - 23, rest;

    if (length <= most)
        return length;
    rest = least + (length - least) % (usable - 4);
    return rest <= most ? rest : least;
}

static bool make_room(rec_row *row, size_t length)
{
    uint8_t *payload;

    if (length <= row->room)
        return true;
    if (!(payload = rec_resize_array(row->payload, length, 1)))
        return false;
    row->payload = payload;
    row->room = length;
    return true;
}

/* Gathers what overflows, `length` bytes behind the first `have` of the row's payload. False where the chain is broken. */
static bool read_overflow(const rec_pages *pages, uint32_t page, rec_row *row, size_t have, size_t length)
{
    while (have < length) {
        size_t n = length - have < pages->usable - 4 ? length - have : pages->usable - 4;

        if (page < 2 || page > pages->count || is_freed(pages, page))
            return false;
        memcpy(row->payload + have, page_at(pages, page) + 4, n);
        have += n;
        page = read_32(page_at(pages, page));
    }
    return true;
}

/* ---- columns ------------------------------------------------------------------------------------------------------- */

static bool read_value(uint64_t type, const uint8_t **at, const uint8_t *end, rec_value *out)
{
    static const uint8_t lengths[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };
    uint64_t length = type < 10 ? lengths[type] : (type - 12) / 2;

    if (type == 10 || type == 11 || length > (uint64_t)(end - *at))
        return false;
    *out = (rec_value){ .kind = REC_VALUE_NULL };
    if (type >= 12) {
        out->kind = type % 2 ? REC_VALUE_TEXT : REC_VALUE_BLOB;
        out->text = (const char *)*at;
        out->length = (size_t)length;
    } else if (type == 7) {
        uint64_t bits = (uint64_t)read_integer(*at, 8);

        out->kind = REC_VALUE_REAL;
        memcpy(&out->real, &bits, sizeof(bits));
    } else if (type > 0) {
        out->kind = REC_VALUE_INTEGER;
        out->integer = type == 8 ? 0 : type == 9 ? 1 : read_integer(*at, (size_t)length);
    }
    *at += length;
    return true;
}

/* A row is a head, with its own length and the type of each column, and the values. */
static bool read_columns(rec_row *row, const uint8_t *payload, size_t length)
{
    const uint8_t *at = payload, *end = payload + length, *types_end, *values;
    uint64_t head, type;

    row->count = 0;
    if (!read_varint(&at, end, &head) || head > length || payload + head < at)
        return false;
    types_end = values = payload + head;
    while (at < types_end) {
        if (row->count == REC_ROW_COLUMNS || !read_varint(&at, types_end, &type) ||
            !read_value(type, &values, end, &row->columns[row->count]))
            return false;
        row->count++;
    }
    return values == end;
}

rec_status rec_pages_read(const rec_pages *pages, uint32_t page, size_t entry, rec_row *row, bool *is_row, rec_error *err)
{
    const uint8_t *start = page_at(pages, page), *end = start + pages->usable, *head = start + head_of(page);
    bool of_index = head[0] != TABLE_LEAF;
    size_t offset = read_16(head + (head[0] == INDEX_INNER ? 12 : 8) + 2 * entry), local;
    const uint8_t *at = start + offset + (head[0] == INDEX_INNER ? 4 : 0); /* the number of the page below */
    uint64_t length, number = 0;

    *is_row = false;
    if (at >= end || !read_varint(&at, end, &length) || (!of_index && !read_varint(&at, end, &number)) || length > MAX_ROW)
        return REC_OK;
    row->number = (int64_t)number;
    local = local_length(pages, of_index, (size_t)length);
    if (local + (local < length ? 4 : 0) > (size_t)(end - at))
        return REC_OK;
    if (local == length) {
        *is_row = read_columns(row, at, (size_t)length);
        return REC_OK;
    }
    if (!make_room(row, (size_t)length))
        return rec_fail(err, REC_ENOMEM, "out of memory for a row of %llu bytes", (unsigned long long)length);
    memcpy(row->payload, at, local);
    *is_row = read_overflow(pages, read_32(at + local), row, local, (size_t)length) && read_columns(row, row->payload, (size_t)length);
    return REC_OK;
}

void rec_row_clear(rec_row *row)
{
    rec_free(row->payload);
    *row = (rec_row)REC_ROW_INIT;
}
