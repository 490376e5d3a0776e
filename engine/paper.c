/* What a paper owns: see rec/paper.h. */
#include "rec/paper.h"

#include "alloc.h"
#include "rec/clean.h"

void rec_paper_clear(rec_paper *paper)
{
    rec_free(paper->title);
    rec_free(paper->abstract);
    rec_free(paper->title_original);
    rec_free(paper->abstract_original);
    rec_free(paper->authors);
    rec_free(paper->categories);
    rec_free(paper->keywords);
    rec_free(paper->venue);
    rec_free(paper->url);
    rec_free(paper->extra);
    *paper = (rec_paper)REC_PAPER_INIT;
}

uint64_t rec_paper_title_key(const rec_paper *paper)
{
    return paper->title ? rec_text_key(paper->title) : 0;
}

uint64_t rec_paper_abstract_key(const rec_paper *paper)
{
    return paper->abstract ? rec_text_key(paper->abstract) : 0;
}
