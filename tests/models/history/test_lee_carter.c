/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lee-Carter: exact recovery without noise, coverage of the drift's interval with it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "history/lee_carter.h"
#include "random/streams.h"

enum { YEARS = 30, CELLS = PC_LEE_CARTER_CELLS };

static double alpha_of(int i)
{
    return -9 + 0.08 * (i % PC_AGES) + (i >= PC_AGES ? 0.4 : 0);
}

static double beta_of(int i)
{
    return 0.02 + 0.01 * sin(0.05 * (i % PC_AGES)) + (i >= PC_AGES ? 0.002 : 0);
}

static void test_exact(void **state)
{
    static double rates[YEARS * CELLS];
    static pc_lee_carter_fit fit;
    double kappa[YEARS], truth[YEARS];
    int years[YEARS];
    pc_status st = {0};

    (void)state;
    for (int t = 0; t < YEARS; t++) {
        years[t] = 1990 + t;
        truth[t] = -(t - YEARS + 1) + (t % 3 == 1 ? 0.5 : 0); /* falls by one a year; 0 in the last */
        truth[t] = t == YEARS - 1 ? 0 : truth[t];
        for (int i = 0; i < CELLS; i++) {
            rates[t * CELLS + i] = alpha_of(i) + beta_of(i) * truth[t];
        }
    }
    for (int fitted = 0; fitted < 2; fitted++) {
        assert_int_equal(pc_lee_carter_history(years, YEARS, rates, fitted, &fit, kappa, NULL, &st), PC_OK);
        assert_true(fabs(fit.drift + 1) < 1e-12);
        assert_true(fabs(fit.explained - 1) < 1e-9);
        assert_true(fit.e0_error < 1e-6 && fit.e0_error_last < 1e-6);
        for (int t = 0; t < YEARS; t++) {
            assert_true(fabs(kappa[t] - truth[t]) < 1e-9);
        }
        for (int i = 0; i < CELLS; i++) {
            assert_true(fabs(fit.alpha[i] - alpha_of(i)) < 1e-9);
            assert_true(fabs(fit.beta[i] - beta_of(i)) < 1e-9);
        }
    }
    for (int t = 0; t < YEARS; t++) {
        for (int i = 0; i < CELLS; i++) {
            rates[t * CELLS + i] = alpha_of(i);
        }
    }
    assert_int_equal(pc_lee_carter_history(years, YEARS, rates, 0, &fit, kappa, NULL, &st), PC_ERR_INPUT);
}

/* 500 histories of 30 years with noise in the index and in every cell: |drift - (-1)| within 1.28 of its standard error
 * in 80 % (t with 28 degrees: 79 %; sd of the count 1.8 points). The scale of the index is that of the sample's own
 * drift, so the truth is read off beta: the mean fall of log rates a year. sigma in the index's units is compared with
 * its truth. */
static void test_coverage(void **state)
{
    static double rates[YEARS * CELLS], eps[CELLS];
    static pc_lee_carter_fit fit;
    double kappa[YEARS], step[YEARS], beta_mean = 0, sigma = 0;
    int years[YEARS], covered = 0;
    pc_status st = {0};

    (void)state;
    for (int i = 0; i < CELLS; i++) {
        beta_mean += beta_of(i) / CELLS;
    }
    for (uint64_t h = 0; h < 500; h++) {
        double truth = 0, fall = 0;
        pc_stream_normal(6, h, 1, 1, 79, 0, YEARS, step, 1);
        for (int t = 0; t < YEARS; t++) {
            years[t] = 1990 + t;
            truth += t > 0 ? -1 + 1.5 * step[t] : 0;
            pc_stream_normal(6, h, 1, (uint32_t)t, 80, 0, CELLS, eps, 1);
            for (int i = 0; i < CELLS; i++) {
                rates[t * CELLS + i] = alpha_of(i) + beta_of(i) * truth + 0.02 * eps[i];
            }
        }
        assert_int_equal(pc_lee_carter_history(years, YEARS, rates, 0, &fit, kappa, NULL, &st), PC_OK);
        for (int i = 0; i < CELLS; i++) {
            fall += fit.beta[i] * fit.drift / CELLS; /* mean yearly change of log rates */
        }
        covered += fabs(fall - -beta_mean) <= 1.28 * fit.drift_se * fabs(fall / fit.drift);
        sigma += fit.sigma * fabs(fall) / beta_mean / 500; /* in units of the true index */
    }
    print_message("drift: %.1f %% of 80 %% intervals, sigma %.3f of 1.5\n", covered / 5.0, sigma);
    assert_in_range(covered, 5 * 71, 5 * 87);
    assert_true(fabs(sigma / 1.5 - 1) < 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exact), cmocka_unit_test(test_coverage)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
