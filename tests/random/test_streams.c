/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/math.h"
#include "random/philox_rows.h"
#include "random/streams.h"

#include <math.h>
#include <stdlib.h>

enum { YEAR_BLOCKS = 65536 };

/* The known answers that Random123 publishes for philox4x32-10: counter, key, words. */
static const uint32_t known[3][10] = {
    {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
    {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
     0x6d5451fd},
    {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
     0x24126ea1},
};

static double uniform_of(uint32_t word)
{
    return (word + 0.5) * 0x1p-32;
}

static void test_known_words(void **unused)
{
    (void)unused;
    for (int k = 0; k < 3; k++) {
        const uint32_t *c = known[k], *key = c + 4, *want = c + 6;
        uint64_t seed = key[0] | (uint64_t)key[1] << 32, path = c[0] | (uint64_t)c[1] << 32;
        double lanes[4][11], *rows[4] = {lanes[0], lanes[1], lanes[2], lanes[3]};
        int n_ways = 0;

        for (uint32_t j = 0; j < 4; j++) {
            uint32_t year = c[2] / YEAR_BLOCKS, block = c[2] % YEAR_BLOCKS;

            assert_int_equal(pc_stream_word(seed, path, year, c[3], 4 * block + j), want[j]);
        }
        for (int way = PC_PHILOX_PLAIN; way <= PC_PHILOX_AVX2; way++) {
            if (pc_philox_rows_by((pc_philox_way)way, seed, path - 10, 11, c[2], c[3], rows)) {
                n_ways++;
                for (int j = 0; j < 4; j++) {
                    assert_true(lanes[j][10] == uniform_of(want[j]));
                }
            }
            if (pc_philox_rows_by((pc_philox_way)way, seed, path, 11, c[2], c[3], rows)) {
                for (int j = 0; j < 4; j++) {
                    assert_true(lanes[j][0] == uniform_of(want[j]));
                }
            }
        }
        assert_true(n_ways >= 1);
    }
}

/* Both vector forms against Random123 word by word, for all lengths, across the carry into the path's high half. */
static void test_rows_equal_words(void **unused)
{
    (void)unused;
    for (size_t n = 0; n <= 40; n++) {
        for (int way = PC_PHILOX_PLAIN; way <= PC_PHILOX_AVX2; way++) {
            double lanes[4][41] = {{0}}, *rows[4] = {lanes[0], lanes[1], lanes[2], lanes[3]};
            uint64_t path0 = 0xffffffffu - 9u, seed = 0x123456789abcdef0u;

            if (!pc_philox_rows_by((pc_philox_way)way, seed, path0, n, 7u * YEAR_BLOCKS + 1u, 99, rows)) {
                continue;
            }
            for (uint32_t j = 0; j < 4; j++) {
                for (size_t i = 0; i < n; i++) {
                    assert_true(lanes[j][i] == uniform_of(pc_stream_word(seed, path0 + i, 7, 99, 4 + j)));
                }
                assert_true(lanes[j][n] == 0.0);
            }
        }
    }
}

/* Any first draw, any number of draws, strides, more lanes than one chunk; nothing else is touched. */
static void test_draws(void **unused)
{
    enum { N = 600, STRIDE = 640, DRAWS = 10 };
    double *out = malloc(sizeof(double) * STRIDE * DRAWS);

    (void)unused;
    assert_non_null(out);
    for (uint32_t first = 0; first < 6; first++) {
        for (size_t n_draws = 0; n_draws + 1 < DRAWS; n_draws++) {
            for (int i = 0; i < STRIDE * DRAWS; i++) {
                out[i] = -5.0;
            }
            pc_stream_uniform(3, 1000, N, 12, 4403, first, n_draws, out, STRIDE);
            for (uint32_t d = 0; d < DRAWS; d++) {
                for (uint64_t i = 0; i < STRIDE; i++) {
                    int inside = d < n_draws && i < N;

                    assert_true(out[d * STRIDE + i] ==
                                (inside ? uniform_of(pc_stream_word(3, 1000 + i, 12, 4403, first + d)) : -5.0));
                }
            }
        }
    }
    pc_stream_normal(3, 1000, N, 12, 4403, 1, 6, out, STRIDE);
    for (uint32_t d = 0; d < 6; d++) {
        for (uint64_t i = 0; i < N; i++) {
            assert_true(out[d * STRIDE + i] == pc_norm_inv(uniform_of(pc_stream_word(3, 1000 + i, 12, 4403, 1 + d))));
        }
    }
    free(out);
}

static void test_hash(void **unused)
{
    (void)unused;
    assert_int_equal(pc_stream_hash(""), 0x811c9dc5);
    assert_int_equal(pc_stream_hash("a"), 0xe40c292c);
    assert_int_equal(pc_stream_hash("foobar"), 0xbf9cf968);
    assert_true(pc_stream_hash("shock:flu") != pc_stream_hash("shock:flu@4403"));
}

/* 2^18 normals of one draw: mean, variance, skewness, kurtosis each within 5 standard errors, a false alarm in 1.7
 * million for one seed and check. Also no correlation between draws, years, streams, seeds or neighbouring paths. */
static void test_moments(void **unused)
{
    enum { N = 1 << 18 };
    double *x = malloc(sizeof(double) * N * 2), *y = x + N, root = sqrt(N), m[5] = {0};

    (void)unused;
    assert_non_null(x);
    pc_stream_normal(2024, 0, N, 1, 4401, 0, 2, x, N);
    for (int i = 0; i < N; i++) {
        for (int k = 1; k <= 4; k++) {
            m[k] += pow(x[i], k) / N;
        }
    }
    assert_true(fabs(m[1]) * root < 5.0);
    assert_true(fabs(m[2] - 1.0) * root < 5.0 * sqrt(2.0));
    assert_true(fabs(m[3]) * root < 5.0 * sqrt(15.0));
    assert_true(fabs(m[4] - 3.0) * root < 5.0 * sqrt(96.0));
    for (int other = 0; other < 5; other++) {
        double c = 0.0;

        if (other > 0) {
            pc_stream_normal(other == 1 ? 2025 : 2024, other == 2 ? 1 : 0, N, other == 3 ? 2 : 1,
                             other == 4 ? 4402 : 4401, 0, 1, y, N);
        }
        for (int i = 0; i < N; i++) {
            c += x[i] * y[i];
        }
        assert_true(fabs(c) / root < 5.0);
    }
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_words), cmocka_unit_test(test_rows_equal_words), cmocka_unit_test(test_draws),
        cmocka_unit_test(test_hash),        cmocka_unit_test(test_moments),
    };

    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
