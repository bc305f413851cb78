/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/memory.h"
#include "measures/spread.h"

static uint64_t seed = 3;

static double uniform(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(seed >> 11) * 0x1p-53;
}

/* Both ways against the definition; some wages, values and weights are equal or 0. */
static void test_definition(void **state)
{
    static const int sizes[] = {1, 2, 11, PC_SPREAD_PAIRS, PC_SPREAD_PAIRS + 1, 64, 100, 341};

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const int n = sizes[s];
        const size_t rows = (size_t)n * PC_LANES;
        double *x = pc_calloc(rows, sizeof *x), *p = pc_calloc(rows, sizeof *p), *wage = pc_calloc(rows, sizeof *wage);
        double *memory = pc_calloc((size_t)pc_spread_rows(n) * PC_LANES + 1, sizeof *memory);
        double *sum = pc_calloc(PC_LANES, sizeof *sum), *ranked = pc_calloc(PC_LANES, sizeof *ranked);

        for (size_t i = 0; i < rows; i++) {
            x[i] = uniform() < 0.1 ? 1 : 20 * uniform() - 10;
            p[i] = uniform() < 0.1 ? 0 : uniform();
            wage[i] = uniform() < 0.3 ? floor(5 * uniform()) : 5 * uniform();
        }
        if (n > PC_SPREAD_PAIRS) {
            pc_spread_order(n, wage, memory);
        }
        pc_spread(n, x, p, wage, sum, ranked, memory);
        for (int l = 0; l < PC_LANES; l += 37) {
            double want = 0, want_ranked = 0, scale = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    const size_t a = (size_t)i * PC_LANES + (size_t)l, b = (size_t)j * PC_LANES + (size_t)l;
                    double d = p[a] * p[b] * (x[a] - x[b]);
                    want += fabs(d);
                    want_ranked += wage[a] > wage[b] ? d : wage[a] < wage[b] ? -d : 0;
                    scale += p[a] * p[b] * 10;
                }
            }
            assert_true(fabs(sum[l] - want) <= 1e-13 * scale);
            assert_true(fabs(ranked[l] - want_ranked) <= 1e-13 * scale);
        }
        pc_free(x);
        pc_free(p);
        pc_free(wage);
        pc_free(memory);
        pc_free(sum);
        pc_free(ranked);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_definition)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
