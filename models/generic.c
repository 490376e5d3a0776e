/*
 * Generic words: see generic.h. The lists were collected by reading what stood in front of reasons that said nothing, in papers of several
 * fields (docs/how-it-works.md). Any form of a word stands for all with its stem.
 */
#include "generic.h"

#include "alloc.h"
#include "hash.h"
#include "model_file.h"

#include <math.h>
#include <stdlib.h>

static const char FILLERS[] =
    "paper article manuscript abstract introduction section figure table appendix conclusion remark "
    "assess increase decrease greater purpose propose present introduce demonstrate discuss consider study investigate examine explore "
    "address provide obtain use using "
    "utilize "
    "based develop achieve improve outperform compare evaluate perform apply require allow enable aim focus suggest report reveal "
    "indicate observe confirm validate verify illustrate conclude claim argue offer yield lead result include contain involve exist "
    "following determine identify appear remain arise tend seek attempt try help need contribute exhibit "
    "novel new recent current existing previous prior different various general specific particular certain possible "
    "important significant considerable available main major useful interesting promising respective proposed presented similar "
    "corresponding related usual common typical additional key crucial good better best great known unknown shown given "
    "art extensive comprehensive thorough "
    "mainly usually typically generally especially particularly respectively finally furthermore additionally "
    "consequently therefore like just simply actually far "
    "mathbb mathcal mathrm mathbf mathfrak mathsf frac sqrt langle rangle leq geq neq infty ell cdot ldots textit textbf emph cite "
    "http https www org com github html pdf doi arxiv eg etc vs et al cf";

static const char WEAK[] =
    "method approach technique algorithm model framework system problem task data dataset information analysis theory experiment "
    "evaluation performance accuracy quality effect value number set class case type kind form process procedure function parameter "
    "factor level rate time order term point example application solution structure property feature condition state field area domain "
    "group research researcher author literature science scientific technology large small high low higher lower larger smaller deep "
    "complex simple strong weak long short fast slow global local single double second real open source code public popular standard "
    "benchmark baseline challenge limitation advantage goal objective question answer idea concept insight understanding knowledge "
    "user year day today way role impact change difference comparison relation relationship range size scale basis design test "
    "input output world work human people component element object detail context environment situation aspect issue mechanism "
    "strategy scheme tool operation implementation computation computational computer program practice practical "
    "theoretical experimental empirical numerical analytic mathematical efficient effective robust accurate reliable modern traditional "
    "conventional classical multiple total overall average maximum minimum growth reduction "
    "line region space unit degree measure measurement estimate variable constant equal equation formula definition description proof "
    "theorem direct indirect independent dependent first initial final free pure exact explicit "
    "review survey note letter report overview report future potential support ability behavior";

static const char THINGS[] =
    "system side top bottom fire thin thick full least first third front back interest two three four five six ten";

void rec_generic_clear(rec_generic *generic)
{
    rec_free(generic->fillers);
    rec_free(generic->weak);
    rec_free(generic->things);
    *generic = (rec_generic){ .fillers = NULL };
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

static rec_status stem_list(rec_ngrams *ngrams, const char *list, uint32_t **stems, size_t *count, rec_error *err)
{
    rec_places places = REC_PLACES_INIT;
    rec_status rc = rec_ngrams_places(ngrams, list, SIZE_MAX, &places, err);

    if (rc == REC_OK && !(*stems = rec_alloc_array(places.length, sizeof(**stems))))
        rc = rec_fail(err, REC_ENOMEM, "out of memory for reasons");
    for (size_t i = 0; rc == REC_OK && i < places.length; i++)
        (*stems)[(*count)++] = places.items[i].stem;
    if (rc == REC_OK)
        qsort(*stems, *count, sizeof(**stems), by_number);
    rec_places_clear(&places);
    return rc;
}

/* ---- rows of the table --------------------------------------------------------------------------------------------- */

/*
 * A row's length is a measure of what its word tells (Schakel and Wilson, arXiv:1508.02297, 2015): training lengthens the rows of words by
 * which a paper's two halves can be told from others, and leaves those of words that stand in any paper short. Rare words are hardly
 * trained, whatever they tell. Bounds are in lengths of such rows, so that a table's scale does not matter; they were read off words sorted
 * by length in three collections.
 */
#define TRAINED_IDF 6.0f /* above, rows are hardly trained */
#define BOUND_AT_0 1.9f
#define BOUND_FALL 0.2f /* for each unit of idf: what is rarer was trained less */
#define SAMPLE_STEP 64  /* every so many buckets are measured */
#define SAMPLE_LEAST 32

static float row_length(const rec_model *model, uint32_t bucket)
{
    const int8_t *row = model->table_bytes + (size_t)bucket * REC_TABLE_DIM;
    int32_t squares = 0;

    for (size_t i = 0; i < REC_TABLE_DIM; i++)
        squares += row[i] * row[i];
    return sqrtf((float)squares) * model->table_scale[bucket];
}

static int by_length(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;

    return (a > b) - (a < b);
}

static float untrained_length(const rec_model *model)
{
    float lengths[REC_BLOCK_BUCKETS / SAMPLE_STEP];
    size_t count = 0;

    if (!model || !model->table_bytes)
        return 0;
    for (uint32_t bucket = 0; bucket < REC_BLOCK_BUCKETS; bucket += SAMPLE_STEP)
        if (model->table_idf[bucket] > TRAINED_IDF)
            lengths[count++] = row_length(model, bucket);
    qsort(lengths, count, sizeof(*lengths), by_length);
    return count < SAMPLE_LEAST ? 0 : lengths[count / 2];
}

static bool is_trained(const rec_generic *generic, uint32_t bucket)
{
    return generic->untrained > 0 && generic->model->table_idf[bucket] > 0 && generic->model->table_idf[bucket] < TRAINED_IDF;
}

static float bound(const rec_generic *generic, uint32_t bucket)
{
    return generic->untrained * (BOUND_AT_0 - BOUND_FALL * generic->model->table_idf[bucket]);
}

static bool has_short_row(const rec_generic *generic, uint32_t bucket)
{
    return is_trained(generic, bucket) && row_length(generic->model, bucket) < bound(generic, bucket);
}

/* ---- both ---------------------------------------------------------------------------------------------------------- */

rec_status rec_generic_load(rec_ngrams *ngrams, const rec_model *model, rec_generic *out, rec_error *err)
{
    rec_generic generic = { .model = model, .untrained = untrained_length(model) };
    rec_status rc = stem_list(ngrams, FILLERS, &generic.fillers, &generic.filler_count, err);

    if (rc == REC_OK)
        rc = stem_list(ngrams, WEAK, &generic.weak, &generic.weak_count, err);
    if (rc == REC_OK)
        rc = stem_list(ngrams, THINGS, &generic.things, &generic.thing_count, err);
    if (rc == REC_OK)
        *out = generic;
    else
        rec_generic_clear(&generic);
    return rc;
}

static bool holds(const uint32_t *stems, size_t count, uint32_t stem)
{
    return bsearch(&stem, stems, count, sizeof(stem), by_number) != NULL;
}

bool rec_is_filler(const rec_generic *generic, uint32_t stem)
{
    return holds(generic->fillers, generic->filler_count, stem);
}

bool rec_is_thing(const rec_generic *generic, uint32_t stem)
{
    return holds(generic->things, generic->thing_count, stem);
}

bool rec_is_generic(const rec_generic *generic, uint32_t stem)
{
    return rec_is_filler(generic, stem) || holds(generic->weak, generic->weak_count, stem) || has_short_row(generic, rec_word_bucket(stem));
}

bool rec_is_telling_pair(const rec_generic *generic, uint32_t first, uint32_t second)
{
    uint32_t bucket = rec_pair_bucket(first, second);

    return !rec_is_filler(generic, first) && !rec_is_filler(generic, second) && is_trained(generic, bucket) &&
           row_length(generic->model, bucket) >= bound(generic, bucket);
}
