/* Sets of paper numbers: see rec/docset.h. */
#include "rec/docset.h"

#include "alloc.h"

#include <string.h>

rec_status rec_doc_set_add(rec_doc_set *set, rec_doc doc, rec_error *err)
{
    size_t word = (size_t)doc / 64;

    if (word >= set->room) {
        size_t room = word + 1 + word / 2;
        uint64_t *words = rec_resize_array(set->words, room, sizeof(*words));

        if (!words)
            return rec_fail(err, REC_ENOMEM, "out of memory for a set of papers");
        memset(words + set->room, 0, (room - set->room) * sizeof(*words));
        set->words = words;
        set->room = room;
    }
    set->words[word] |= (uint64_t)1 << (doc % 64);
    return REC_OK;
}

bool rec_doc_set_holds(const rec_doc_set *set, rec_doc doc)
{
    size_t word = (size_t)doc / 64;

    return word < set->room && (set->words[word] >> (doc % 64) & 1) != 0;
}

void rec_doc_set_clear(rec_doc_set *set)
{
    rec_free(set->words);
    *set = (rec_doc_set)REC_DOC_SET_INIT;
}
