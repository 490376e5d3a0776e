/* What an engine is made of: shared by the parts that answer questions. */
#ifndef REC_ENGINE_H
#define REC_ENGINE_H

#include "live.h"
#include "rec/recommend.h"

struct rec_engine {
    rec_store *store;
    rec_live live;
};

#endif
