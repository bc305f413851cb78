/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistical checks have a fixed seed and a bound of 5 standard errors each: one seed in 1.7 million fails a check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random/sobol.h"
#include "random/streams.h"

enum { BITS = 10, N = 1 << BITS };

static void read_directions(pc_sobol_directions out)
{
    memset(out, 0, sizeof(pc_sobol_directions));
    assert_true(pc_sobol_read(BITS, out));
}

/* A sequence that is not scrambled: its points are those of GSL's generator, which starts behind the origin and counts
 * in Gray's code. */
static void test_gsl_points(void **unused)
{
    static pc_sobol sobol;
    static double rows[PC_SOBOL_DIMENSIONS][N];
    double point[PC_SOBOL_DIMENSIONS];
    gsl_qrng *generator = gsl_qrng_alloc(gsl_qrng_sobol, PC_SOBOL_DIMENSIONS);

    (void)unused;
    assert_non_null(generator);
    sobol.n_dimensions = PC_SOBOL_DIMENSIONS;
    read_directions(sobol.directions);
    pc_sobol_uniform(&sobol, 0, N, rows[0], N);
    for (uint32_t i = 1; i < N; i++) {
        gsl_qrng_get(generator, point);
        for (int d = 0; d < PC_SOBOL_DIMENSIONS; d++) {
            assert_true(rows[d][i ^ i >> 1] == point[d] + 0x1p-33);
        }
    }
    gsl_qrng_free(generator);
}

/* Of 2^k points from a multiple of 2^k on, every interval of length 2^-k of every dimension has one; and of the first
 * two dimensions, whose net has no defect, every box of area 2^-k. */
static void test_even(void **unused)
{
    static pc_sobol_directions directions;
    static pc_sobol sobol;
    static double rows[PC_SOBOL_DIMENSIONS][N];
    static int seen[N];

    (void)unused;
    read_directions(directions);
    for (uint32_t replicate = 0; replicate < 3; replicate++) {
        pc_sobol_scramble(77, replicate, PC_SOBOL_DIMENSIONS, (const uint32_t(*)[PC_SOBOL_BITS])directions, &sobol);
        pc_sobol_uniform(&sobol, 0, N, rows[0], N);
        for (int k = 0; k <= BITS; k++) {
            const int n = 1 << k;
            for (int from = 0; from < N; from += n) {
                for (int d = 0; d < PC_SOBOL_DIMENSIONS; d++) {
                    memset(seen, 0, sizeof seen);
                    for (int i = from; i < from + n; i++) {
                        assert_int_equal(seen[(int)(rows[d][i] * n)]++, 0);
                    }
                }
                for (int a = 0; a <= k; a++) {
                    memset(seen, 0, sizeof seen);
                    for (int i = from; i < from + n; i++) {
                        const int box = ((int)(rows[0][i] * (1 << a)) << (k - a)) + (int)(rows[1][i] * (1 << (k - a)));
                        assert_int_equal(seen[box]++, 0);
                    }
                }
            }
        }
    }
}

/* Any part of a sequence is what it is in the whole. */
static void test_parts(void **unused)
{
    static pc_sobol_directions directions;
    static pc_sobol sobol;
    static double rows[PC_SOBOL_DIMENSIONS][N], part[PC_SOBOL_DIMENSIONS][7];

    (void)unused;
    read_directions(directions);
    pc_sobol_scramble(78, 5, PC_SOBOL_DIMENSIONS, (const uint32_t(*)[PC_SOBOL_BITS])directions, &sobol);
    pc_sobol_uniform(&sobol, 0, N, rows[0], N);
    for (int from = 0; from + 7 <= N; from += 3) {
        pc_sobol_uniform(&sobol, (uint64_t)from, 7, part[0], 7);
        for (int d = 0; d < PC_SOBOL_DIMENSIONS; d++) {
            assert_memory_equal(part[d], rows[d] + from, sizeof part[d]);
        }
    }
}

/* One point over many scramblings is uniform, and those of two scramblings have nothing to do with each other. */
static void test_scramblings(void **unused)
{
    enum { R = 4000 };
    static pc_sobol_directions directions;
    static pc_sobol sobol;
    static double before[PC_SOBOL_DIMENSIONS], point[PC_SOBOL_DIMENSIONS][1];

    (void)unused;
    read_directions(directions);
    double sum[PC_SOBOL_DIMENSIONS] = {0}, squares[PC_SOBOL_DIMENSIONS] = {0}, lag[PC_SOBOL_DIMENSIONS] = {0};
    for (uint32_t replicate = 0; replicate < R; replicate++) {
        pc_sobol_scramble(79, replicate, PC_SOBOL_DIMENSIONS, (const uint32_t(*)[PC_SOBOL_BITS])directions, &sobol);
        pc_sobol_uniform(&sobol, 3, 1, point[0], 1);
        for (int d = 0; d < PC_SOBOL_DIMENSIONS; d++) {
            const double x = point[d][0] - 0.5;
            sum[d] += x;
            squares[d] += x * x;
            lag[d] += x * before[d];
            before[d] = x;
        }
    }
    for (int d = 0; d < PC_SOBOL_DIMENSIONS; d++) {
        assert_true(fabs(sum[d] / R) < 5 * sqrt(1.0 / 12 / R));
        assert_true(fabs(squares[d] / R - 1.0 / 12) < 5 * sqrt(1.0 / 180 / R));
        assert_true(fabs(lag[d] / R) < 5.0 / 12 / sqrt(R));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gsl_points),
        cmocka_unit_test(test_even),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_scramblings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
