/* Loads the module "zip": see zip_ops.h. */
#include "zip_ops.h"

#include "rec/module.h"

rec_status rec_zip_load(const struct rec_zip_ops **out, rec_error *err)
{
    const void *table;
    const struct rec_zip_ops *ops;
    rec_status rc = rec_module_load(REC_ZIP_MODULE, REC_ZIP_SYMBOL, &table, err);

    if (rc != REC_OK)
        return rc;
    ops = table;
    if (ops->layout != REC_ZIP_OPS_LAYOUT)
        return rec_fail(err, REC_ESTALE, "cannot use module 'zip': it is of another release; install it again");
    *out = ops;
    return REC_OK;
}
