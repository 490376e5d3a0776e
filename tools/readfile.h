/* Files that are read whole. */
#ifndef REC_READFILE_H
#define REC_READFILE_H

#include "buf.h"
#include "status.h"

/** Append what `path` holds ("-" is standard input) to `out`, up to its maximum. Returns REC_EIO or REC_EFORMAT (it holds more). */
REC_CHECKED rec_status read_whole_file(const char *path, rec_buf *out, rec_error *err);

#endif
