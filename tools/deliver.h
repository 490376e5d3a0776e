/* Where an edition goes: standard output, a file, a command. */
#ifndef REC_DELIVER_H
#define REC_DELIVER_H

#include "buf.h"
#include "status.h"

/**
 * Give `content` to a shell command on its standard input, and wait for it. Returns REC_OK where it took all of it and ended with exit
 * status 0, else REC_EIO.
 */
REC_CHECKED rec_status deliver_to_command(const char *command, const rec_buf *content, rec_error *err);

#endif
