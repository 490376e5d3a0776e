/* The loops behind panel.h, one for each instruction set. All give the same numbers; a test holds each against the first. */
#ifndef REC_PANEL_KERNELS_H
#define REC_PANEL_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define REC_PANEL_LANES 16 /* rows that lie side by side: four components of each fill 64 bytes */

struct rec_panel_kernel {
    const char *name;
    /* As rec_panel_multiply, for whole lanes. */
    void (*multiply)(const int8_t *queries, size_t n, const uint8_t *panel, size_t lanes, size_t dim, int32_t *out);
    /* As rec_panel_reach, for a count that is a multiple of REC_PANEL_LANES. */
    size_t (*reach)(const int32_t *dots, const float *factors, size_t count, float bar, uint16_t *out);
};

/** The `i`-th that this machine can run, the plain one first, the fastest last; NULL behind the last. */
const struct rec_panel_kernel *rec_panel_kernel_at(size_t i);

#endif
