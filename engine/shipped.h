/* The trained table that is installed with the program. */
#ifndef REC_SHIPPED_H
#define REC_SHIPPED_H

#include "rec/table.h"

/** Open it. The caller ends with rec_table_close(). Returns REC_ESTALE where it is not installed, else as rec_table_open. */
REC_CHECKED rec_status rec_shipped_table(rec_table **out, rec_error *err);

#endif
