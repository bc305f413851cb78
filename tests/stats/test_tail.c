/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "stats/stats.h"

/* True as well where both are equal; false for NaN. */
#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

static void test_small(void **state)
{
    double x[10] = {3, 1, 10, 7, 5, 9, 2, 8, 4, 6}, y[100], one = 4, var, tvar;

    (void)state;
    pc_tail(x, 10, 0.75, &var, &tvar);
    assert_near(var, 8, 0);
    assert_near(tvar, (10 + 9 + 0.5 * 8) / 2.5, 1e-15);
    pc_tail(x, 10, 0.9, &var, &tvar);
    assert_near(var, 9, 0);
    assert_near(tvar, 10, 1e-14);
    for (int i = 0; i < 100; i++) {
        y[i] = 100 - i;
    }
    pc_tail(y, 100, 0.07, &var, &tvar); /* 0.07 * 100 > 7 in doubles */
    assert_near(var, 7, 0);
    assert_near(tvar, (8 + 100) / 2.0, 1e-12);
    pc_tail(&one, 1, 0.99, &var, &tvar);
    assert_near(var, 4, 0);
    assert_near(tvar, 4, 1e-12);
    pc_tail(x, 0, 0.9, &var, &tvar);
    assert_true(isnan(var) && isnan(tvar));
    pc_tail(x, 10, 1, &var, &tvar);
    assert_true(isnan(var) && isnan(tvar));
}

/* Midpoints of an exponential distribution: VaR = -ln(1 - alpha), TVaR = VaR + 1, up to the discretisation. */
static void test_exponential(void **state)
{
    enum { N = 100000 };
    double *x = malloc(N * sizeof *x), var, tvar;

    (void)state;
    for (int i = 0; i < N; i++) {
        x[i] = -log1p(-(i + 0.5) / N);
    }
    pc_tail(x, N, 0.995, &var, &tvar);
    assert_near(var, -log(0.005), 0.002);
    assert_near(tvar, -log(0.005) + 1, 0.002);
    free(x);
}

static void test_probability(void **state)
{
    (void)state;
    assert_near(pc_probability_se(0.25, 300), sqrt(0.25 * 0.75 / 300), 1e-16);
    assert_near(pc_probability_se(0, 1000), 0.003, 1e-16);
    assert_near(pc_probability_se(1, 1000), 0.003, 1e-16);
    assert_true(isnan(pc_probability_se(0.5, 0)));
    /* Differences +1 on 3 paths, -1 on 1, of 100: variance 0.04 - 0.02^2. */
    assert_near(pc_paired_se(3, 1, 100), sqrt((0.04 - 0.0004) / 100), 1e-16);
    assert_near(pc_paired_se(0, 0, 100), 0.03, 1e-16);
    assert_near(pc_paired_se(100, 0, 100), 0.03, 1e-16);
    assert_true(isnan(pc_paired_se(0, 0, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_exponential),
        cmocka_unit_test(test_probability),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
