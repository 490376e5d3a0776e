/*
 * Lines or blocks of a file: plain, gzip, Zstandard or xz, recognised by its first bytes, or standard input; or of the files within a zip
 * archive. Streamed in bounded memory.
 */
#ifndef REC_SOURCE_H
#define REC_SOURCE_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_PEEK 65536           /* bytes that can be looked at before they are read */
#define REC_MAX_LINE (16u << 20) /* bytes; a longer line is refused and skipped */

typedef struct rec_source rec_source;

typedef struct rec_line {
    const char *text; /* without its line ending; a NUL follows; borrowed until the next call; NULL at the end of the file */
    size_t length;
    uint64_t number; /* counted from 1 */
} rec_line;

/**
 * Open `path`; "-" is standard input. The decompressors are in a module that is loaded when the first bytes ask for it. A folder is
 * refused, and so is an archive. On success the caller ends with rec_source_close(). Returns REC_EIO, REC_ENOMEM, REC_ESTALE (module not
 * found), or REC_EIO (compressed data that is damaged from the start).
 */
REC_CHECKED rec_status rec_source_open(const char *path, rec_source **out, rec_error *err);

/** The same for a reader that takes archives too: it begins with the first file of one, and rec_source_next_member() goes on. */
REC_CHECKED rec_status rec_source_open_any(const char *path, rec_source **out, rec_error *err);

/**
 * Go to the next file of an archive, in its order, from wherever the source is; lines are counted anew. `*more` is false where there is
 * none, and where the source is no archive. Returns what rec_source_open does.
 */
REC_CHECKED rec_status rec_source_next_member(rec_source *source, bool *more, rec_error *err);

/** The name of the archive's file that the source is at, as the archive has it; NULL where it is at none. Borrowed until the next one. */
const char *rec_source_member(const rec_source *source);

/**
 * The next line. A byte-order mark at the start of the file and a CR before the LF are dropped; the last line needs no LF.
 *
 * Returns REC_OK (line->text is NULL at the end); REC_EFORMAT for a line above REC_MAX_LINE bytes, which is skipped in bounded memory so
 * that the next call goes on behind it (line->number is set); REC_EIO where compressed data is damaged or cut; REC_EIO. After the last two
 * the source is at its end.
 */
REC_CHECKED rec_status rec_source_next(rec_source *source, rec_line *line, rec_error *err);

/**
 * Look at what comes next without taking it: REC_PEEK bytes, or all there is where that is less; 0 at the end. No NUL follows. Borrowed
 * until the next call. Returns what rec_source_next does, but a failure only where nothing came before it.
 */
REC_CHECKED rec_status rec_source_peek(rec_source *source, const char **bytes, size_t *length, rec_error *err);

/**
 * Take the next bytes as they come, for formats that are not made of lines; `*length` is 0 at the end. Lines may be read first, not after.
 * Borrowed until the next call. Returns what rec_source_next does but for REC_EFORMAT.
 */
REC_CHECKED rec_status rec_source_read(rec_source *source, const char **bytes, size_t *length, rec_error *err);

/** How many lines were given out by rec_source_next(). */
uint64_t rec_source_lines(const rec_source *source);

/** Bytes of the file read so far (compressed bytes of a compressed one), and its size, 0 where it is not a regular file: for a progress
 * bar. */
void rec_source_progress(const rec_source *source, uint64_t *done, uint64_t *total);

/** Close it. NULL is allowed. */
void rec_source_close(rec_source *source);

#endif
