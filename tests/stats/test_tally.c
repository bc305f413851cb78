/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "stats/tally.h"

enum { LEAVES = 9, CELLS = 3 };

static uint64_t seed = 11;

static uint64_t draw(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 31;
}

static pc_events random_events(void)
{
    pc_events events;

    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        events.missing.word[w] = draw() & draw() & draw();
        events.yes.word[w] = draw() & ~events.missing.word[w];
    }
    return events;
}

/* Counting first and adding once gives the bits of adding row after row. */
static void test_as_rows(void **state)
{
    static const double centre[CELLS] = {1, -1, 0}, scale[CELLS] = {1, 0.02, 1};
    pc_moments *rows = pc_moments_new(CELLS, centre, scale), *counted = pc_moments_new(CELLS, centre, scale);
    pc_tally tally = pc_tally_for(counted, 0, 1), alone = pc_tally_for(counted, 2, -1);

    (void)state;
    assert_false(tally.closed || alone.closed);
    for (int leaf = 0; leaf < LEAVES; leaf++) {
        const int n = leaf == LEAVES - 1 ? 77 : PC_EVENT_LANES;
        const pc_bits used = pc_bits_first(n);
        const pc_events a = random_events(), b = random_events();
        double x[PC_EVENT_LANES], y[PC_EVENT_LANES];
        pc_events_unpack(&a, x);
        pc_events_unpack(&b, y);
        pc_moments_row(rows, 0, x, n);
        pc_moments_row(rows, 2, x, n);
        for (int l = 0; l < n; l++) {
            y[l] = x[l] - y[l];
        }
        pc_moments_row(rows, 1, y, n);
        pc_tally_add(&tally, &a, &b, &used, n);
        pc_tally_add(&alone, &a, NULL, &used, n);
        if (leaf == 3) { /* a state may be taken in between */
            pc_tally_move(&tally, counted, 0, 1);
        }
    }
    pc_tally_move(&tally, counted, 0, 1);
    pc_tally_move(&tally, counted, 0, 1); /* nothing left */
    pc_tally_move(&alone, counted, 2, -1);
    for (size_t cell = 0; cell < CELLS; cell++) {
        pc_moment want = pc_moments_get(rows, cell), got = pc_moments_get(counted, cell);
        assert_true(want.n > 0 && want.missing > 0);
        assert_memory_equal(&got, &want, sizeof got);
    }
    pc_moments_free(rows);
    pc_moments_free(counted);
}

static void test_closed(void **state)
{
    static const double centre[] = {0, 0.25};
    pc_moments *moments = pc_moments_new(2, centre, NULL);

    (void)state;
    assert_true(pc_tally_for(moments, 1, -1).closed);
    assert_true(pc_tally_for(moments, 0, 1).closed);
    assert_false(pc_tally_for(moments, 0, -1).closed);
    pc_moments_free(moments);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_rows), cmocka_unit_test(test_closed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
