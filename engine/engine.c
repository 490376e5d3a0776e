/* Opening what answers questions, and the answers' memory: see rec/recommend.h. */
#include "engine.h"

#include "alloc.h"
#include "buf.h"
#include "rec/map.h"
#include "sealed.h"
#include "sidefiles.h"

#include <stdint.h>
#include <sys/stat.h>

rec_status rec_engine_open(const char *path, rec_engine **out, rec_error *err)
{
    rec_engine *engine = rec_alloc(sizeof(*engine));
    rec_status rc;

    if (!engine)
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
    if ((rc = rec_store_open(path, REC_STORE_READ, &engine->store, err)) != REC_OK) {
        rec_free(engine);
        return rc;
    }
    engine->live = (rec_live){ .store = engine->store, .threads = 1 };
    *out = engine;
    return REC_OK;
}

void rec_engine_close(rec_engine *engine)
{
    if (!engine)
        return;
    rec_live_close(&engine->live);
    rec_copies_clear(&engine->copies);
    rec_store_close(engine->store);
    rec_free(engine);
}

void rec_engine_set_threads(rec_engine *engine, unsigned threads)
{
    engine->live.threads = threads ? threads : 1;
}

rec_store *rec_engine_store(rec_engine *engine)
{
    return engine->store;
}

static rec_status in_transaction(rec_engine *engine, rec_status (*once)(void *context, rec_error *err), void *context, rec_error *err)
{
    rec_status rc = rec_store_read_begin(engine->store, err);

    if (rc != REC_OK)
        return rc;
    rc = once(context, err);
    rec_store_read_end(engine->store);
    return rc;
}

rec_status rec_engine_in_one_state(rec_engine *engine, rec_status (*once)(void *context, rec_error *err), void *context,
                                   const rec_store_state *state, rec_error *err)
{
    rec_status rc = in_transaction(engine, once, context, err);
    rec_store_state now;

    /* A build that ended between reading the state and opening its files has removed them: the new state's are there. */
    if (rc == REC_ESTALE && rec_store_get_state(engine->store, &now, NULL) == REC_OK && now.side != state->side)
        rc = in_transaction(engine, once, context, err);
    return rc;
}

rec_status rec_engine_check(rec_engine *engine, rec_error *err)
{
    rec_store_state state;
    rec_map map = REC_MAP_INIT;
    rec_status rc = rec_store_get_state(engine->store, &state, err);

    if (rc == REC_OK)
        rc = rec_live_open(&engine->live, &state, err);
    if (rc == REC_OK)
        rc = rec_model_verify(engine->live.model, err);
    if (rc == REC_OK)
        rc = rec_space_verify(&engine->live.space, err);
    if (rc == REC_OK)
        rc = rec_grams_verify(&engine->live.grams, 1, err);
    if (rc == REC_OK && rec_words_are_open(&engine->live.words))
        rc = rec_words_verify(&engine->live.words, err);
    if (rc == REC_OK && (rc = rec_map_open(engine->store, &state, &map, err)) == REC_OK)
        rec_map_close(&map);
    return rc;
}

static void add_file(rec_buf *out, const char *path)
{
    struct stat file = { 0 };

    if (stat(path, &file) != 0)
        file = (struct stat){ 0 };
    rec_buf_printf(out, "%s %ju %ju %jd %jd.%ld %jd.%ld\n", path, (uintmax_t)file.st_dev, (uintmax_t)file.st_ino, (intmax_t)file.st_size,
                   (intmax_t)file.st_mtim.tv_sec, file.st_mtim.tv_nsec, (intmax_t)file.st_ctim.tv_sec, file.st_ctim.tv_nsec);
}

rec_status rec_engine_files(rec_engine *engine, char out[REC_FINGERPRINT_CHARS], rec_error *err)
{
    rec_buf text = REC_BUF_INIT(8 * PATH_MAX);
    rec_store_state state;
    rec_side_paths paths;
    rec_status rc = rec_store_get_state(engine->store, &state, err);

    if (rc == REC_OK)
        rc = rec_side_name(engine->store, state.fingerprint, state.side, &paths, err);
    if (rc != REC_OK)
        return rc;
    add_file(&text, paths.model);
    add_file(&text, paths.index);
    add_file(&text, paths.ngrams);
    add_file(&text, paths.map);
    if (text.failed)
        rc = rec_fail(err, REC_ENOMEM, "out of memory looking at files");
    else
        rec_fingerprint(rec_buf_text(&text), text.length, out);
    rec_buf_clear(&text);
    return rc;
}

void rec_answer_clear(rec_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++) {
        rec_record_clear(&answer->hits[i].record);
        rec_free(answer->hits[i].reason);
    }
    rec_free(answer->hits);
    *answer = (rec_answer)REC_ANSWER_INIT;
}
