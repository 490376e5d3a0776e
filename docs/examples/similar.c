/*
 * Papers into a store, and the papers like one of them:
 *
 *     similar STORE ID            asks
 *     similar STORE ID FILE...    imports the files and builds first
 */
#include <recommend.h>

#include <stdio.h>

static int fail(recommend *store)
{
    fprintf(stderr, "similar: %s\n", recommend_message(store));
    recommend_close(store);
    return 1;
}

static void print(const recommend_answer *answer)
{
    for (size_t i = 0; i < recommend_answer_count(answer); i++) {
        const char *title = recommend_result_text(answer, i, RECOMMEND_TITLE);
        const char *reason = recommend_result_text(answer, i, RECOMMEND_REASON);

        printf("%zu\t%s\t%.3f\t%s\t%s\n", recommend_result_rank(answer, i), recommend_result_text(answer, i, RECOMMEND_ID),
               recommend_result_score(answer, i), title ? title : "", reason ? reason : "");
    }
}

int main(int argc, char **argv)
{
    recommend *store;
    recommend_options *options;
    recommend_answer *answer;
    recommend_status status;

    if (argc < 3) {
        fprintf(stderr, "usage: similar STORE ID [FILE...]\n");
        return 2;
    }
    if (recommend_open(argv[1], argc > 3 ? RECOMMEND_WRITE : RECOMMEND_READ, &store) != RECOMMEND_OK)
        return fail(store);
    for (int i = 3; i < argc; i++)
        if (recommend_import(store, argv[i], NULL, NULL) != RECOMMEND_OK)
            return fail(store);
    if (argc > 3 && recommend_build(store, 0) != RECOMMEND_OK)
        return fail(store);

    /* What is wrong with the options, memory that is out included, is told by the question. */
    options = recommend_options_new();
    recommend_options_set(options, "limit", "3");
    recommend_options_set(options, "explain", "yes");
    status = recommend_similar(store, argv[2], options, &answer);
    recommend_options_free(options);
    if (status != RECOMMEND_OK)
        return fail(store);
    print(answer);
    recommend_answer_free(answer);
    recommend_close(store);
    return 0;
}
