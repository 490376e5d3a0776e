/* Where an edition goes: standard output, a file, a command. */
#ifndef REC_DELIVER_H
#define REC_DELIVER_H

#include "buf.h"
#include "status.h"

/**
 * Give `content` to a shell command on its standard input, a pipe, and wait for it. Returns REC_OK where it ended with exit status 0 and
 * nothing was left in the pipe then, else REC_EIO: what a process that outlives the command may still read was not taken.
 */
REC_CHECKED rec_status deliver_to_command(const char *command, const rec_buf *content, rec_error *err);

#endif
