/*
 * What the module "zip" offers: the files within a zip archive, one behind the other. A module of its own: its library brings others,
 * which an import of plain files need not load.
 */
#ifndef REC_ZIP_OPS_H
#define REC_ZIP_OPS_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* Raised with every change to the structure below: a module left over from another release is refused, not called. */
#define REC_ZIP_OPS_LAYOUT 1

#define REC_ZIP_MODULE "zip"
#define REC_ZIP_SYMBOL "rec_zip_ops"

struct rec_zip_ops {
    unsigned layout; /* REC_ZIP_OPS_LAYOUT; first, so that any release can read it */
    /**
     * Open an archive: `fd`, which stays the caller's, stands behind its first `length` bytes, which are copied from `head`. Where `fd`
     * cannot be moved back, as a pipe, members are read in the order in which they come. Returns REC_OK, or REC_EIO or REC_ENOMEM with the
     * reason alone in `err`; so do the others.
     */
    rec_status (*open)(int fd, const uint8_t *head, size_t length, void **out, rec_error *err);
    /** Go to the next member that is a file, in the archive's order. `*name` is borrowed until the next call, NULL at the end. */
    rec_status (*next)(void *archive, const char **name, rec_error *err);
    /** Read of it, up to `*length` bytes, which becomes how many they were; 0 at its end. */
    rec_status (*read)(void *archive, uint8_t *out, size_t *length, rec_error *err);
    void (*close)(void *archive);
};

extern const struct rec_zip_ops rec_zip_ops __attribute__((visibility("default")));

/** Load the module. Returns REC_ESTALE where it is missing or of another release. */
REC_CHECKED rec_status rec_zip_load(const struct rec_zip_ops **out, rec_error *err);

#endif
