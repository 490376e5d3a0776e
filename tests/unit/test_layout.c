/* The map: neighbours lie together, groups lie apart, and nothing about it is left to chance. */
#include "check.h"

#include "alloc.h"
#include "rec/layout.h"
#include "rec/vector.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS 5
#define MEMBERS 40
#define COUNT (GROUPS * MEMBERS)
#define DEGREE 6

static uint32_t to[COUNT * DEGREE];
static float weight[COUNT * DEGREE];
static const rec_graph GRAPH = { COUNT, DEGREE, to, weight };

/* Each paper's neighbours are others of its group, drawn at random; paper i is of group i modulo GROUPS. */
static void make_groups(void)
{
    rec_random random = { 5 };

    for (size_t i = 0; i < COUNT; i++)
        for (size_t e = 0; e < DEGREE; e++) {
            uint32_t other;

            do
                other = (uint32_t)(rec_random_below(&random, MEMBERS) * GROUPS + i % GROUPS);
            while (other == i);
            to[i * DEGREE + e] = other;
            weight[i * DEGREE + e] = 1 - (float)e / DEGREE;
        }
}

static void guess(rec_spot *places, uint64_t seed)
{
    rec_random random = { seed };

    for (size_t i = 0; i < COUNT; i++) {
        places[i].x = rec_random_unit(&random);
        places[i].y = rec_random_unit(&random);
    }
}

static double distance(rec_spot a, rec_spot b)
{
    double dx = (double)(a.x - b.x), dy = (double)(a.y - b.y);

    return sqrt(dx * dx + dy * dy);
}

/* Of the papers nearest on the map, the share that is of the same group. */
static double share_of_own_group(const rec_spot *places)
{
    size_t own = 0;

    for (size_t i = 0; i < COUNT; i++) {
        size_t nearest = i == 0 ? 1 : 0;

        for (size_t j = 0; j < COUNT; j++)
            if (j != i && distance(places[i], places[j]) < distance(places[i], places[nearest]))
                nearest = j;
        own += nearest % GROUPS == i % GROUPS;
    }
    return (double)own / COUNT;
}

static void the_nearest_on_the_map_is_of_the_same_group(void **state)
{
    rec_spot places[COUNT];
    rec_error err = REC_ERROR_INIT;

    (void)state;
    make_groups();
    guess(places, 1);
    CHECK(share_of_own_group(places) < 0.5);
    CHECK_STATUS(REC_OK, rec_lay_out(&GRAPH, places, &err), &err);
    CHECK(share_of_own_group(places) > 0.95);
}

static void the_same_graph_and_guess_give_the_same_map(void **state)
{
    rec_spot first[COUNT], second[COUNT];
    rec_error err = REC_ERROR_INIT;

    (void)state;
    make_groups();
    guess(first, 1);
    guess(second, 1);
    CHECK_STATUS(REC_OK, rec_lay_out(&GRAPH, first, &err), &err);
    CHECK_STATUS(REC_OK, rec_lay_out(&GRAPH, second, &err), &err);
    CHECK(memcmp(first, second, sizeof(first)) == 0);
}

static void a_map_is_centred_and_of_one_size(void **state)
{
    rec_spot places[COUNT];
    rec_error err = REC_ERROR_INIT;
    double x = 0, y = 0, square = 0;

    (void)state;
    make_groups();
    guess(places, 3);
    CHECK_STATUS(REC_OK, rec_lay_out(&GRAPH, places, &err), &err);
    for (size_t i = 0; i < COUNT; i++) {
        x += (double)places[i].x;
        y += (double)places[i].y;
        square += (double)(places[i].x * places[i].x + places[i].y * places[i].y);
    }
    CHECK(fabs(x / COUNT) < 1e-4 && fabs(y / COUNT) < 1e-4);
    CHECK(fabs(square / COUNT - 2) < 1e-3);
}

/* Papers without a neighbour, papers that are all in one place, one paper, none: all finite. */
static void maps_without_edges_or_points_are_finite(void **state)
{
    uint32_t none[3] = { REC_NO_EDGE, REC_NO_EDGE, REC_NO_EDGE };
    float zero[3] = { 0, 0, 0 };
    rec_spot places[3] = { { 1, 1 }, { 1, 1 }, { 1, 1 } };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t count = 0; count <= 3; count++) {
        const rec_graph graph = { count, 1, none, zero };

        CHECK_STATUS(REC_OK, rec_lay_out(&graph, places, &err), &err);
        for (size_t i = 0; i < count; i++)
            CHECK(isfinite(places[i].x) && isfinite(places[i].y));
    }
}

static void two_neighbours_in_one_place_come_apart_no_further_than_the_map(void **state)
{
    uint32_t each_other[2] = { 1, 0 };
    float near[2] = { 1, 1 };
    const rec_graph graph = { 2, 1, each_other, near };
    rec_spot places[2] = { { 0, 0 }, { 1e-6f, 0 } };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_lay_out(&graph, places, &err), &err);
    CHECK(isfinite(places[0].x) && isfinite(places[1].x));
    CHECK(distance(places[0], places[1]) <= 2 * sqrt(2) + 1e-4);
}

static void a_new_paper_is_put_between_its_neighbours(void **state)
{
    const rec_spot places[2] = { { 0, 0 }, { 2, 2 } };
    const float equal[2] = { 1, 1 }, first[2] = { 1, 0 };
    rec_spot middle = rec_layout_between(places, equal, 2, 7), beside = rec_layout_between(places, first, 2, 7);

    (void)state;
    CHECK(distance(middle, (rec_spot){ 1, 1 }) < 0.05);
    CHECK(distance(beside, places[0]) < 0.05);
    CHECK(distance(middle, rec_layout_between(places, equal, 2, 8)) > 0); /* two of them do not cover each other */
}

static void a_new_paper_without_neighbours_lies_at_the_edge(void **state)
{
    rec_spot place = rec_layout_between(NULL, NULL, 0, 9);

    (void)state;
    CHECK(fabsf(place.x) >= 3);
}

static void out_of_memory_is_an_error(void **state)
{
    rec_spot places[COUNT];
    rec_error err = REC_ERROR_INIT;

    (void)state;
    make_groups();
    guess(places, 1);
    rec_alloc_fail_after(0);
    CHECK_STATUS(REC_ENOMEM, rec_lay_out(&GRAPH, places, &err), &err);
    rec_alloc_fail_after(-1);
    CHECK(strstr(err.message, "200 papers"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_on_the_map_is_of_the_same_group),
        cmocka_unit_test(the_same_graph_and_guess_give_the_same_map),
        cmocka_unit_test(a_map_is_centred_and_of_one_size),
        cmocka_unit_test(maps_without_edges_or_points_are_finite),
        cmocka_unit_test(two_neighbours_in_one_place_come_apart_no_further_than_the_map),
        cmocka_unit_test(a_new_paper_is_put_between_its_neighbours),
        cmocka_unit_test(a_new_paper_without_neighbours_lies_at_the_edge),
        cmocka_unit_test(out_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
