/* The parts of the module "input". */
#ifndef REC_INPUT_INTERNAL_H
#define REC_INPUT_INTERNAL_H

#include "input_ops.h"

extern const struct rec_decompressor rec_input_gzip;
extern const struct rec_decompressor rec_input_zstd;
extern const struct rec_decompressor rec_input_xz;
extern const struct rec_xml_ops rec_input_xml;

#endif
