/* Every row against one question: see scan.h. */
#include "scan.h"

#include "nearest.h"

#define BLOCK 1024 /* rows at a time: their products stay in the nearest cache */

rec_status rec_scan_nearest(const rec_space *space, rec_code code, const bool *may_find, size_t k, rec_near *out, size_t *found,
                            rec_error *err)
{
    rec_nearest nearest = { out, k, 0 };
    int32_t dots[BLOCK];
    rec_status rc;

    for (size_t first = 0; first < space->count; first += BLOCK) {
        size_t n = space->count - first < BLOCK ? space->count - first : BLOCK;
        const int8_t *rows = space->dense + first * space->dim;
        const float *factors = space->factors + first;

        if ((rc = rec_space_touch_part(space, rows, n * space->dim, err)) != REC_OK ||
            (rc = rec_space_touch_part(space, factors, n * sizeof(*factors), err)) != REC_OK)
            return rc;
        rec_codes_dots(code.items, rows, n, space->dim, dots);
        for (size_t i = 0; i < n; i++)
            if (factors[i] != 0 && (!may_find || may_find[first + i]))
                rec_nearest_offer(&nearest, (rec_near){ (uint32_t)(first + i), rec_codes_worth(dots[i], code.factor, factors[i]) });
    }
    rec_nearest_sort(&nearest);
    *found = nearest.length;
    return REC_OK;
}
