/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stats/hist_map.h"

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static uint32_t next(uint32_t *state)
{
    return *state = *state * 1664525 + 1013904223;
}

/* The same as qsort for every length, for values all different, nearly all equal, ascending, descending, infinite. */
static void test_same_as_qsort(void **state)
{
    static const unsigned kinds[] = {UINT32_MAX, 1000, 7, 2, 1};
    double x[PC_HIST_PILOT + 1], expected[PC_HIST_PILOT];
    uint32_t seed = 1;

    (void)state;
    for (int n = 0; n <= PC_HIST_PILOT; n++) {
        for (int kind = 0; kind < 8; kind++) {
            for (int i = 0; i < n; i++) {
                x[i] = kind < 5 ? (double)(next(&seed) % kinds[kind]) - 3 : kind == 5 ? i : -i;
                x[i] = kind == 7 && i % 5 == 0 ? (i % 2 ? INFINITY : -INFINITY) : x[i];
            }
            x[n] = -7777;
            memcpy(expected, x, (size_t)n * sizeof *x);
            qsort(expected, (size_t)n, sizeof *x, ascending);
            pc_hist_sort(x, n);
            assert_memory_equal(x, expected, (size_t)n * sizeof *x);
            assert_true(x[n] == -7777);
        }
    }
}

/* A network sorts everything if it sorts zeros and ones (Knuth): all places where one run of ones begins and ends. */
static void test_zeros_and_ones(void **state)
{
    double x[PC_HIST_PILOT];

    (void)state;
    for (int first = 0; first < PC_HIST_PILOT; first++) {
        for (int past = first; past <= PC_HIST_PILOT; past++) {
            for (int i = 0; i < PC_HIST_PILOT; i++) {
                x[i] = i >= first && i < past;
            }
            pc_hist_sort(x, PC_HIST_PILOT);
            for (int i = 0; i < PC_HIST_PILOT; i++) {
                assert_true(x[i] == (i >= PC_HIST_PILOT - (past - first)));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_qsort),
        cmocka_unit_test(test_zeros_and_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
