/* What is known of near-copies: see copies.h. */
#include "copies.h"

#include "alloc.h"

#include <string.h>

#define MOST ((rec_doc)1 << 22)

void rec_copies_clear(rec_copies *copies)
{
    rec_free(copies->none);
    *copies = (rec_copies)REC_COPIES_INIT;
}

bool rec_copies_none(const rec_copies *copies, int64_t generation, rec_doc doc)
{
    return copies->generation == generation && doc > 0 && (uint64_t)doc < copies->room && copies->none[doc];
}

static void make_room(rec_copies *copies, size_t wanted)
{
    size_t room = 2 * wanted < (size_t)MOST ? 2 * wanted : (size_t)MOST;
    bool *more = rec_resize_array(copies->none, room, sizeof(*more));

    if (!more)
        return;
    memset(more + copies->room, 0, (room - copies->room) * sizeof(*more));
    copies->none = more;
    copies->room = room;
}

void rec_copies_note(rec_copies *copies, int64_t generation, rec_doc doc)
{
    if (doc <= 0 || doc >= MOST)
        return;
    if (copies->generation != generation && copies->room > 0)
        memset(copies->none, 0, copies->room * sizeof(*copies->none));
    copies->generation = generation;
    if ((uint64_t)doc >= copies->room)
        make_room(copies, (size_t)doc + 1);
    if ((uint64_t)doc < copies->room)
        copies->none[doc] = true;
}
