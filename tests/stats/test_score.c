/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random/streams.h"
#include "stats/score.h"

enum { N = 20000 };

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) {
        fail_msg("%.17g and %.17g differ by more than %g", a, b, tolerance);
    }
}

static void test_small(void **state)
{
    double x[3] = {3, 1, 2}, one[1] = {7};
    pc_score s = pc_score_sample(x, 3, 2);

    (void)state;
    near(s.crps, 0, 1e-15);
    near(s.pit, 0.5, 1e-15);
    near(s.mean, 2, 1e-15);
    near(s.median, 2, 0);
    s = pc_score_sample(x, 3, 5);
    near(s.crps, 3 - 2.0 / 3, 1e-15);
    near(s.pit, 1, 0);
    s = pc_score_sample(one, 1, 4);
    near(s.crps, 3, 0);
}

/* A standard normal and y: y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi). The sample's score has an error of about
 * sd(|x - y|) / sqrt(N) = 0.004. */
static void test_normal(void **state)
{
    static double x[N];
    const double ys[] = {0, 0.7, -2};

    (void)state;
    pc_stream_normal(4, 0, 1, 1, 61, 0, N, x, 1);
    for (int i = 0; i < 3; i++) {
        const double y = ys[i], truth = y * erf(y / sqrt(2)) + 2 * exp(-0.5 * y * y) / sqrt(2 * M_PI) - 1 / sqrt(M_PI);
        pc_score s = pc_score_sample(x, N, y);
        near(s.crps, truth, 0.02);
        near(s.pit, 0.5 * erfc(-y / sqrt(2)), 0.015);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_small), cmocka_unit_test(test_normal)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
