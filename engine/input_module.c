/* The table that the module "input" exports. */
#include "input_internal.h"

__attribute__((visibility("default"))) extern const struct rec_input_ops rec_input_ops;

const struct rec_input_ops rec_input_ops = { REC_INPUT_OPS_LAYOUT, &rec_input_gzip, &rec_input_zstd, &rec_input_xz, &rec_input_xml };
