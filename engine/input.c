/* Loads the module "input": see input_ops.h. */
#include "input_ops.h"

#include "rec/module.h"

rec_status rec_input_load(const struct rec_input_ops **out, rec_error *err)
{
    const void *table;
    const struct rec_input_ops *ops;
    rec_status rc = rec_module_load(REC_INPUT_MODULE, REC_INPUT_SYMBOL, &table, err);

    if (rc != REC_OK)
        return rc;
    ops = table;
    if (ops->layout != REC_INPUT_OPS_LAYOUT)
        return rec_fail(err, REC_ESTALE, "cannot use module 'input': it is of another release; install it again");
    *out = ops;
    return REC_OK;
}
