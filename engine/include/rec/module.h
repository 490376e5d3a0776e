/*
 * Modules: shared objects loaded when a command needs them, so that a look-up does not pay for them.
 * Found as beside.h says.
 */
#ifndef REC_MODULE_H
#define REC_MODULE_H

#include "status.h"

/**
 * Load module `name` ("faiss", "input") once a process and give the table it exports under `symbol`. The table
 * lives as long as the process. Thread-safe. Returns REC_ESTALE, naming the file and why, where it cannot be loaded, and REC_EINVAL
 * where RECOMMEND_DATA makes no sense.
 */
REC_CHECKED rec_status rec_module_load(const char *name, const char *symbol, const void **table, rec_error *err);

#endif
