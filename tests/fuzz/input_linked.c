/* The module "input" as a part of the program, so that what runs in it guides the fuzzer. Stands in for engine/input.c. */
#include "input_ops.h"

extern const struct rec_input_ops rec_input_ops;

rec_status rec_input_load(const struct rec_input_ops **out, rec_error *err)
{
    (void)err;
    *out = &rec_input_ops;
    return REC_OK;
}
