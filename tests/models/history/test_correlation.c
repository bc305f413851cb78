/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shrunk correlations by hand: pairs of permutations of -2 .. 2, whose sums of squares are 10. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history/correlation.h"

static void near(double got, double want)
{
    if (!(fabs(got - want) < 1e-14)) {
        fail_msg("%.17g, not %.17g", got, want);
    }
}

/* r = 8 / 10: lambda = 0.36^2 / 4 / 0.64. */
static void by_hand(void **state)
{
    const double x[2][5] = {{-2, -1, 0, 1, 2}, {-1, -2, 0, 2, 1}};
    double r[4], shrunk[4];

    (void)state;
    near(pc_correlation_history(x[0], 2, 5, r, shrunk), 0.050625);
    near(r[1], 0.8);
    near(r[2], 0.8);
    near(shrunk[1], 0.8 * (1 - 0.050625));
    assert_true(shrunk[0] == 1 && shrunk[3] == 1 && shrunk[2] == shrunk[1]);
}

/* A value that one of two lacks is no value of the pair; four common values say nothing. */
static void gaps(void **state)
{
    const double x[3][7] = {{-2, -1, 0, NAN, 1, 2, 99}, {-1, -2, 0, 50, 2, 1, NAN}, {-2, -1, 0, NAN, NAN, 5, 8}};
    double r[9], shrunk[9];

    (void)state;
    pc_correlation_history(x[0], 3, 7, r, shrunk);
    near(r[1], 0.8);
    assert_true(r[2] > 0);  /* five in common */
    assert_true(r[5] == 0); /* four */
}

/* r = 0.1 is all noise; a series that never changes goes with nothing. */
static void noise(void **state)
{
    const double x[3][5] = {{-2, -1, 0, 1, 2}, {-2, 1, 2, 0, -1}, {3, 3, 3, 3, 3}};
    double r[9], shrunk[9];

    (void)state;
    assert_true(pc_correlation_history(x[0], 3, 5, r, shrunk) == 1);
    near(r[1], 0.1);
    assert_true(r[2] == 0 && r[5] == 0);
    for (int i = 0; i < 9; i++) {
        assert_true(shrunk[i] == (i % 4 == 0));
    }
    assert_true(isnan(pc_correlation_history(x[0], 17, 1, r, shrunk)));
}

/* Correlations of 1 are halved until the matrix is positive definite: once for two of the same, twice where three
 * pairs, of different years, contradict each other, for 1, 1 and -1 halved are just singular. */
static void positive(void **state)
{
    double same[2][5] = {{-2, -1, 0, 1, 2}, {-2, -1, 0, 1, 2}}, three[3][15], r[9], shrunk[9];

    (void)state;
    near(pc_correlation_history(same[0], 2, 5, r, shrunk), 0.5);
    near(shrunk[1], 0.5);
    for (int t = 0; t < 15; t++) {
        const double v = t % 5 - 2;
        three[0][t] = t < 5 ? v : t < 10 ? NAN : v;
        three[1][t] = t < 10 ? v : NAN;
        three[2][t] = t < 5 ? NAN : t < 10 ? v : -v;
    }
    near(pc_correlation_history(three[0], 3, 15, r, shrunk), 0.75);
    near(r[1], 1);
    near(r[2], -1);
    near(r[5], 1);
    near(shrunk[2], -0.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(gaps), cmocka_unit_test(noise),
                                       cmocka_unit_test(positive)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
