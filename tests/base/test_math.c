/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Truth is the C library in long double, which has at least 11 bits more than double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/math.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

/* xorshift64: uniform on (0, 1). */
static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 12) + 0.5) * 0x1p-52;
}

static uint64_t bits(double x)
{
    uint64_t b;

    memcpy(&b, &x, sizeof b);
    return b;
}

static double ulps(double value, long double truth)
{
    double d = fabs((double)truth);

    return (double)(fabsl((long double)value - truth) / (long double)(nextafter(d, INFINITY) - d));
}

/* Relative error of x as the inverse normal of p, by one Newton step in long double. */
static double norm_inv_error(double x, double p)
{
    const long double root_half = sqrtl(0.5L), root_2pi = sqrtl(2.0L * acosl(-1.0L));
    long double y = x, gap;

    if (fabs(p - 0.5) < 0.4) {
        gap = erfl(y * root_half) / 2.0L - ((long double)p - 0.5L);
    } else if (p < 0.5) {
        gap = erfcl(-y * root_half) / 2.0L - (long double)p;
    } else {
        gap = (1.0L - (long double)p) - erfcl(y * root_half) / 2.0L;
    }
    return (double)fabsl(gap * root_2pi * expl(y * y / 2.0L) / y);
}

static void test_exp(void **unused)
{
    double worst = 0.0;

    (void)unused;
    for (int i = 0; i < 300000; i++) {
        double x = (2.0 * uniform() - 1.0) * (i % 3 == 0 ? 708.0 : i % 3 == 1 ? 4.0 : 1e-3);
        double u = ulps(pc_exp(x), expl(x));

        worst = u > worst ? u : worst;
    }
    assert_true(worst < 1.25);
    assert_true(pc_exp(0.0) == 1.0 && pc_exp(-0.0) == 1.0);
    assert_true(ulps(pc_exp(1.0), 2.718281828459045235360287471352662498L) < 1.25);
    assert_true(pc_exp(709.79) == INFINITY && pc_exp(INFINITY) == INFINITY && isfinite(pc_exp(709.78)));
    assert_true(pc_exp(-745.2) == 0.0 && pc_exp(-INFINITY) == 0.0);
    assert_true(pc_exp(-745.0) == 0x1p-1074);
    assert_true(fabs(pc_exp(-740.0) - (double)expl(-740.0L)) <= 0x1p-1074);
    assert_true(isnan(pc_exp(NAN)));
}

static void test_log(void **unused)
{
    double worst = 0.0;

    (void)unused;
    for (int i = 0; i < 300000; i++) {
        double x = i % 3 == 0   ? exp(1416.0 * (uniform() - 0.5))
                   : i % 3 == 1 ? 4.0 * uniform()
                                : 1.0 + 0.01 * (uniform() - 0.5);
        double u = x == 1.0 ? 0.0 : ulps(pc_log(x), logl(x));

        worst = u > worst ? u : worst;
    }
    assert_true(worst < 1.25);
    assert_true(pc_log(1.0) == 0.0 && pc_log(2.0) == 0x1.62e42fefa39efp-1);
    assert_true(ulps(pc_log(0x1p-1074), logl(0x1p-1074L)) < 2.0);
    assert_true(ulps(pc_log(0x1.8p-1030), logl(0x1.8p-1030L)) < 2.0);
    assert_true(pc_log(0.0) == -INFINITY && pc_log(-0.0) == -INFINITY && pc_log(INFINITY) == INFINITY);
    assert_true(isnan(pc_log(-1.0)) && isnan(pc_log(-INFINITY)) && isnan(pc_log(-0x1p-1060)) && isnan(pc_log(NAN)));
}

static void test_norm_inv(void **unused)
{
    (void)unused;
    for (int i = 0; i < 200000; i++) {
        double x = floor(uniform() * (i % 2 ? 0x1p32 : exp(22.0 * uniform()))), p = (x + 0.5) * 0x1p-32;

        p = i % 4 < 2 ? p : 1.0 - p;
        p = i % 100 == 0 ? 0.5 + (p - 0.5) * 1e-8 : p;
        if (p != 0.5) {
            assert_true(norm_inv_error(pc_norm_inv(p), p) <= 1e-15);
        }
        assert_true(pc_norm_inv(1.0 - p) == -pc_norm_inv(p) || 1.0 - (1.0 - p) != p);
    }
    for (int i = 0; i < 5000; i++) {
        double p = exp(-700.0 * uniform());

        assert_true(norm_inv_error(pc_norm_inv(p), p) <= 1e-15);
    }
    /* Around the places where one approximation ends and another begins. */
    for (int side = -40; side <= 40; side++) {
        double p1 = 0.075 * (1.0 + side * 0x1p-50), p2 = 0x1p-36 * (1.0 + side * 0x1p-50);

        assert_true(norm_inv_error(pc_norm_inv(p1), p1) <= 1e-15 && norm_inv_error(pc_norm_inv(p2), p2) <= 1e-15);
    }
    assert_true(fabs(pc_norm_inv(0.975) / 1.959963984540054235524594 - 1.0) < 1e-15);
    assert_true(pc_norm_inv(0.5) == 0.0);
    assert_true(pc_norm_inv(0.0) == -INFINITY && pc_norm_inv(1.0) == INFINITY);
    assert_true(isnan(pc_norm_inv(-0.1)) && isnan(pc_norm_inv(1.1)) && isnan(pc_norm_inv(NAN)));
}

static void test_norm_inv_against_gsl(void **unused)
{
    (void)unused;
    for (int i = 1; i < 2000; i++) {
        double p = (i + 0.5) / 2001.0, truth = gsl_cdf_ugaussian_Pinv(p);

        assert_true(fabs(pc_norm_inv(p) - truth) <= 2e-15 * fabs(truth));
    }
}

/* Row forms give the bits of the scalar forms, for every length, also in place, also beside special values. */
static void test_rows(void **unused)
{
    static const double special[] = {0.0,    -0.0,      1.0,   -1.0, INFINITY, -INFINITY,
                                     1e-310, 0x1p-1074, 1e-12, 0.5,  800.0,    -800.0};
    static double x[1031], y[1031];

    (void)unused;
    for (int with_special = 0; with_special < 2; with_special++) {
        for (int f = 0; f < 3; f++) {
            double (*scalar)(double) = f == 0 ? pc_exp : f == 1 ? pc_log : pc_norm_inv;
            void (*rows)(double *, const double *, size_t) = f == 0   ? pc_exp_rows
                                                             : f == 1 ? pc_log_rows
                                                                      : pc_norm_inv_rows;

            for (size_t n = 0; n < 1031; n = n < 40 ? n + 1 : n + 330) {
                for (size_t i = 0; i < 1031; i++) {
                    /* the exponential has its own ways for stretches of small and of moderate numbers */
                    x[i] = f == 0   ? (i / 256 % 2 ? 0.69 : 20.0) * (uniform() - 0.5)
                           : f == 1 ? 10.0 * uniform()
                                    : uniform();
                    if (with_special && i % 7 == 3) {
                        x[i] = special[i / 7 % (sizeof special / sizeof *special)];
                    }
                    y[i] = -77.0;
                }
                rows(y, x, n);
                assert_true(y[n] == -77.0);
                for (size_t i = 0; i < n; i++) {
                    double want = scalar(x[i]);

                    assert_true(bits(want) == bits(y[i]) || (isnan(want) && isnan(y[i])));
                }
                rows(x, x, n);
                for (size_t i = 0; i < n; i++) {
                    assert_true(bits(x[i]) == bits(y[i]) || (isnan(x[i]) && isnan(y[i])));
                }
            }
        }
    }
}

/* The same bits on every machine: fingerprints of results, recorded once. */
static void test_fingerprint(void **unused)
{
    uint64_t hash[3] = {0, 0, 0};

    (void)unused;
    for (int i = 0; i < 4096; i++) {
        double u = (i * 1048576.0 + 0.5) * 0x1p-32;

        hash[0] = hash[0] * 6364136223846793005u + bits(pc_exp((u - 0.5) * 50.0));
        hash[1] = hash[1] * 6364136223846793005u + bits(pc_log(u * 50.0));
        hash[2] = hash[2] * 6364136223846793005u + bits(pc_norm_inv(u));
    }
    assert_int_equal(hash[0], 0x6e79b746b41bb17a);
    assert_int_equal(hash[1], 0x27b84f25f4fa933f);
    assert_int_equal(hash[2], 0x5ed546987d422b66);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp),      cmocka_unit_test(test_log),
        cmocka_unit_test(test_norm_inv), cmocka_unit_test(test_norm_inv_against_gsl),
        cmocka_unit_test(test_rows),     cmocka_unit_test(test_fingerprint),
    };

    return cmocka_run_group_tests_name("math", tests, NULL, NULL);
}
