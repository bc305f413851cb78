/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobol indices against closed forms, and their errors against how they scatter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "random/streams.h"
#include "stats/variance_share.h"

enum { INPUTS = 3, N = 20000 };

typedef double (*function)(const double *x);

/* Uniform on (-pi, pi). */
static double ishigami(const double *x)
{
    return sin(x[0]) + 7 * pow(sin(x[1]), 2) + 0.1 * pow(x[2], 4) * sin(x[0]);
}

static double linear(const double *x)
{
    return 5 + x[0] - 2 * x[1] + 3 * x[2];
}

static double event(const double *x)
{
    return x[0] > 0 && x[1] > 0;
}

static double *sample(uint64_t seed, uint64_t path0, size_t n)
{
    double *x = malloc(INPUTS * n * sizeof *x);

    assert_non_null(x);
    pc_stream_uniform(seed, path0, n, 1, 7, 0, INPUTS, x, n);
    for (size_t i = 0; i < INPUTS * n; i++) {
        x[i] = 2 * M_PI * (x[i] - 0.5);
    }
    return x;
}

/* Indices of the inputs whose bits are in `group`. */
static pc_variance_share index_of(function f, unsigned group, uint64_t seed, size_t n)
{
    double *a = sample(seed, 0, n), *b = sample(seed, 1u << 30, n), *value[3];
    pc_variance_share index;

    for (int k = 0; k < 3; k++) {
        value[k] = malloc(n * sizeof **value);
        assert_non_null(value[k]);
    }
    for (size_t i = 0; i < n; i++) {
        double x[3][INPUTS];
        for (size_t j = 0; j < INPUTS; j++) {
            x[0][j] = a[j * n + i];
            x[1][j] = b[j * n + i];
            x[2][j] = x[group >> j & 1u][j];
        }
        for (int k = 0; k < 3; k++) {
            value[k][i] = f(x[k]);
        }
    }
    index = pc_variance_share_of(value[0], value[1], value[2], n);
    for (int k = 0; k < 3; k++) {
        free(value[k]);
    }
    free(a);
    free(b);
    return index;
}

static void near(double got, double se, double want)
{
    if (!(fabs(got - want) <= 3 * se) || !(se < 0.03)) {
        fail_msg("%.4f +- %.4f, expected %.4f", got, se, want);
    }
}

/* Six numbers within three errors: a right program fails 1.6 % of seeds. */
static void test_ishigami(void **state)
{
    const double v1 = pow(1 + 0.1 * pow(M_PI, 4) / 5, 2) / 2, v2 = 49.0 / 8;
    const double v13 = 0.01 * pow(M_PI, 8) * (1.0 / 18 - 1.0 / 50), v = v1 + v2 + v13;
    const double first[INPUTS] = {v1 / v, v2 / v, 0}, total[INPUTS] = {(v1 + v13) / v, v2 / v, v13 / v};

    (void)state;
    assert_true(fabs(first[0] - 0.3139) < 1e-4 && fabs(total[2] - 0.2437) < 1e-4); /* the published figures */
    for (unsigned j = 0; j < INPUTS; j++) {
        pc_variance_share s = index_of(ishigami, 1u << j, 5, N);
        near(s.first, s.first_se, first[j]);
        near(s.total, s.total_se, total[j]);
        assert_int_equal(s.n, N);
    }
    /* the first and the third together: all but the second's */
    near(index_of(ishigami, 5, 5, N).first, index_of(ishigami, 5, 5, N).first_se, (v1 + v13) / v);
}

static void test_linear(void **state)
{
    double sum = 0, variance = 0;

    (void)state;
    for (unsigned j = 0; j < INPUTS; j++) {
        const double want = (j + 1.0) * (j + 1.0) / 14;
        pc_variance_share s = index_of(linear, 1u << j, 6, N);
        near(s.first, s.first_se, want);
        near(s.total, s.total_se, want);
        sum += s.first;
        variance += s.first_se * s.first_se;
    }
    near(sum, sqrt(variance), 1);
}

/* Both of two halves: p = 1/4, V = 3/16, first of each (1/16) / V = 1/3, both together all. */
static void test_event(void **state)
{
    (void)state;
    pc_variance_share s = index_of(event, 1, 8, N);
    near(s.first, s.first_se, 1.0 / 3);
    near(s.total, s.total_se, 2.0 / 3);
    s = index_of(event, 4, 8, N); /* has nothing to do with it: exactly */
    assert_true(s.first == 0 && s.total == 0 && s.first_se == 0 && s.total_se == 0);
    s = index_of(event, 7, 8, N); /* all of it; the common rows are the estimate's own */
    near(s.first, s.first_se, 1);
    near(s.total, s.total_se, 1);
}

/* 200 seeds of 500 rows: the mean square of (estimate - truth) / error is that of a chi-squared over 200: 0.72 to 1.36
 * in 998 of 1000, a little wider for the errors' own noise. */
static void test_errors(void **state)
{
    enum { SEEDS = 200 };
    double first = 0, total = 0;

    (void)state;
    for (uint64_t seed = 100; seed < 100 + SEEDS; seed++) {
        pc_variance_share s = index_of(linear, 2, seed, 500);
        first += pow((s.first - 4.0 / 14) / s.first_se, 2) / SEEDS;
        total += pow((s.total - 4.0 / 14) / s.total_se, 2) / SEEDS;
    }
    assert_true(first > 0.65 && first < 1.45);
    assert_true(total > 0.65 && total < 1.45);
}

static void test_missing(void **state)
{
    double a[4] = {1, 2, NAN, 4}, b[4] = {2, 1, 3, 5}, ab[4] = {1, 2, 3, INFINITY}, same[4] = {1, 1, 1, 1};
    pc_variance_share s = pc_variance_share_of(a, b, ab, 4);

    (void)state;
    assert_int_equal(s.n, 2);
    assert_true(s.first == 0 && s.total == 0);
    assert_true(isnan(pc_variance_share_of(same, same, same, 4).first));
    assert_true(isnan(pc_variance_share_of(same, same, same, 0).total));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ishigami), cmocka_unit_test(test_linear),
                                       cmocka_unit_test(test_event), cmocka_unit_test(test_errors),
                                       cmocka_unit_test(test_missing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
