/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimates against closed forms, and their errors against what many samples show. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random/streams.h"
#include "stats/estimate.h"

enum { N = 2000, SAMPLES = 400 };

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) {
        fail_msg("%.17g and %.17g differ by more than %g", a, b, tolerance);
    }
}

static void test_small(void **state)
{
    double x[100], scratch[100], influence[100], events[4] = {0, 0, 0, 0}, sum = 0;
    pc_estimate e;

    (void)state;
    for (int i = 0; i < 100; i++) {
        x[i] = 100 - i;
    }
    e = pc_estimate_mean(x, 100, 0, influence);
    near(e.value, 50.5, 1e-12);
    near(e.se, sqrt((100.0 * 100 - 1) / 12 * 100 / 99) / 10, 1e-12);
    for (int i = 0; i < 100; i++) {
        sum += influence[i];
    }
    near(sum, 0, 1e-9);
    e = pc_estimate_quantile(x, 100, 0.5, scratch, NULL);
    near(e.value, 50, 0);
    near(e.se, 5, 0.06); /* density 1/100: sqrt(p (1 - p) / n) * 100 = 5 */
    e = pc_estimate_tail(x, 100, 0.75, scratch, NULL);
    near(e.value, 88, 1e-12); /* mean of 76 .. 100 */
    e = pc_estimate_mean(events, 4, 1, NULL);
    near(e.value, 0, 0);
    near(e.se, 0.75, 0);
    assert_true(e.bounded);
    x[0] = x[50] = NAN;
    e = pc_estimate_mean(x, 100, 0, influence);
    assert_int_equal(e.n, 98);
    near(e.value, (5050 - 100 - 50) / 98.0, 1e-12);
    near(influence[0], 0, 0);
    for (int i = 0; i < 100; i++) {
        x[i] = NAN;
    }
    assert_true(isnan(pc_estimate_mean(x, 100, 0, influence).value));
    assert_true(isnan(pc_estimate_sd(x, 100, influence).value));
    assert_true(isnan(pc_estimate_quantile(x, 100, 0.1, scratch, influence).value));
}

/* Over many samples the estimates scatter as their stated errors say: the mean of z^2 is 1 with sd sqrt(2 / SAMPLES) =
 * 0.07; four of these and the density's own error (5 % at this n) allow 0.33. A right program fails once in some
 * thousand seeds. */
static void test_errors_hold(void **state)
{
    static double x[N], y[N], scratch[N], fa[N], fb[N];
    const double quantile = -1.6448536269514722, tvar = 2.0627128075074257; /* of 5 %; mean above 95 % */
    double z[5] = {0};

    (void)state;
    for (uint64_t s = 0; s < SAMPLES; s++) {
        pc_estimate a, b;
        pc_stream_normal(11, s * N, N, 1, 5, 0, 1, x, 1);
        pc_stream_normal(11, s * N, N, 1, 5, 1, 1, y, 1);
        a = pc_estimate_mean(x, N, 0, NULL);
        z[0] += pow(a.value / a.se, 2);
        a = pc_estimate_sd(x, N, NULL);
        z[1] += pow((a.value - 1) / a.se, 2);
        a = pc_estimate_quantile(x, N, 0.05, scratch, fa);
        z[2] += pow((a.value - quantile) / a.se, 2);
        a = pc_estimate_tail(x, N, 0.95, scratch, NULL);
        z[3] += pow((a.value - tvar) / a.se, 2);
        /* the same quantile of x + y/5, sd sqrt(1.04): the difference of the two on the same paths */
        for (int i = 0; i < N; i++) {
            y[i] = x[i] + y[i] / 5;
        }
        a = pc_estimate_quantile(x, N, 0.05, scratch, fa);
        b = pc_estimate_quantile(y, N, 0.05, scratch, fb);
        z[4] += pow((b.value - a.value - quantile * (sqrt(1.04) - 1)) / pc_estimate_paired_se(fa, fb, N, 1), 2);
    }
    for (int k = 0; k < 5; k++) {
        near(z[k] / SAMPLES, 1, 0.33);
    }
}

/* Parts of three: their sums of influences are 6, -2, -4, squares 56 less 0, so sqrt(56 * 3/2) / 9; minus the second
 * 1, 2, ..., 9 less 5: sums 18, -2, -16. Parts that are the same: as with one part. */
static void parts(void **state)
{
    static const double a[] = {1, 2, 3, 0, -1, -1, -4, 0, 0}, b[] = {-4, -3, -2, -1, 0, 1, 2, 3, 4};
    static const double same[] = {1, -2, 1, 1, 1, -2, -2, 1, 1};

    (void)state;
    near(pc_estimate_paired_se(a, NULL, 9, 3), sqrt(84) / 9, 1e-14);
    near(pc_estimate_paired_se(a, b, 9, 3), sqrt((15 * 15 + 4 + 13 * 13) * 1.5) / 9, 1e-14);
    near(pc_estimate_paired_se(same, NULL, 9, 3), sqrt(18.0 / 8 / 9), 1e-14);
    assert_true(isnan(pc_estimate_paired_se(a, NULL, 1, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_small), cmocka_unit_test(parts),
                                       cmocka_unit_test(test_errors_hold)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
