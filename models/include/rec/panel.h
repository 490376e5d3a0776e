/*
 * Inner products of many byte codes with many: what neighbours of all papers are found by. Rows are laid out in a panel once, so that every
 * query after that multiplies them a register at a time. Integers, and so exact: the same for any instruction set.
 */
#ifndef REC_PANEL_H
#define REC_PANEL_H

#include <stddef.h>
#include <stdint.h>

#define REC_PANEL_ROWS 256 /* rows of a full panel: 384 components each stay in the second cache */

/** Bytes of a panel of `rows` rows (at most REC_PANEL_ROWS) of `dim` components, a multiple of 4. It wants a 64-byte boundary. */
size_t rec_panel_bytes(size_t rows, size_t dim);

/** Lay `rows` rows (rows, dim) out in `panel`. */
void rec_panel_fill(const int8_t *codes, size_t rows, size_t dim, uint8_t *panel);

/**
 * The inner product of each of `queries` (n, dim) with each of the panel's rows, into `out` (n, REC_PANEL_ROWS); entries behind the last
 * row are not meant. `dim` is at most 65536; components lie between -127 and 127, as codes do.
 */
void rec_panel_multiply(const int8_t *queries, size_t n, const uint8_t *panel, size_t rows, size_t dim, int32_t *out);

/**
 * Which of `dots` (count), each times its factor, reach `bar`: their places into `out` (count), rising. A factor that is NaN never does.
 * Returns how many. The factor is multiplied in single precision.
 */
size_t rec_panel_reach(const int32_t *dots, const float *factors, size_t count, float bar, uint16_t *out);

/** The same where each has a bar of its own, `bars` (count), and all are multiplied with `factor` as well. */
size_t rec_panel_reach_each(const int32_t *dots, const float *factors, const float *bars, size_t count, float factor, uint16_t *out);

#endif
