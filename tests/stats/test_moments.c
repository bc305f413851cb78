/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stats/stats.h"

/* True as well where both are equal; false for NaN. */
#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

#define LEAF     256
#define N_LEAVES 37
#define N        (LEAF * N_LEAVES - 100) /* the last leaf is short */

static uint64_t bits(double x)
{
    uint64_t u;

    memcpy(&u, &x, sizeof u);
    return u;
}

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

static void fill(double *x, size_t n)
{
    uint64_t state = 42;

    for (size_t i = 0; i < n; i++) {
        double u = uniform(&state);
        x[i] = 1e6 + 3e4 * log(u / (1 - u));
    }
}

static int leaf_size(int leaf)
{
    return leaf == N_LEAVES - 1 ? N - LEAF * (N_LEAVES - 1) : LEAF;
}

static void assert_same(pc_moment a, pc_moment b)
{
    assert_int_equal(a.n, b.n);
    assert_int_equal(a.missing, b.missing);
    assert_int_equal(a.overflow, b.overflow);
    assert_true(bits(a.mean) == bits(b.mean));
    assert_true(bits(a.sd) == bits(b.sd));
    assert_true(bits(a.se) == bits(b.se));
}

static void test_close_to_exact(void **state)
{
    static double x[N];
    double centre = 1.01e6, scale = 5e4;
    pc_moments *m = pc_moments_new(1, &centre, &scale);
    long double sum = 0, squares = 0;
    pc_moment got;

    (void)state;
    fill(x, N);
    for (int leaf = 0; leaf < N_LEAVES; leaf++) {
        pc_moments_row(m, 0, x + leaf * LEAF, leaf_size(leaf));
    }
    for (int i = 0; i < N; i++) {
        sum += x[i];
    }
    for (int i = 0; i < N; i++) {
        long double d = x[i] - sum / N;
        squares += d * d;
    }
    got = pc_moments_get(m, 0);
    assert_int_equal(got.n, N);
    assert_int_equal(got.overflow, 0);
    assert_near(got.mean, (double)(sum / N), 1e-15 * 1e6);
    assert_near(got.sd / (double)sqrtl(squares / (N - 1)), 1, 1e-13);
    assert_near(got.se, got.sd / sqrt(N), 1e-12 * got.se);
    assert_true(pc_moments_bytes(10) > pc_moments_bytes(1));
    pc_moments_free(m);
}

static void test_order_and_split(void **state)
{
    static double x[N];
    double centre = 9.9e5, scale = 3e4;
    pc_moments *plain = pc_moments_new(1, &centre, &scale);
    uint64_t seed = 7;

    (void)state;
    fill(x, N);
    x[77] = NAN;
    x[5] = 0.0;
    x[300] = -0.0;
    for (int leaf = 0; leaf < N_LEAVES; leaf++) {
        pc_moments_row(plain, 0, x + leaf * LEAF, leaf_size(leaf));
    }
    for (int trial = 0; trial < 50; trial++) {
        pc_moments *part[3];
        int order[N_LEAVES];
        for (int i = 0; i < 3; i++) {
            part[i] = pc_moments_new(1, &centre, &scale);
        }
        for (int i = 0; i < N_LEAVES; i++) {
            int j = (int)(uniform(&seed) * (i + 1));
            order[i] = order[j];
            order[j] = i;
        }
        for (int i = 0; i < N_LEAVES; i++) {
            pc_moments_row(part[(int)(uniform(&seed) * 3)], 0, x + order[i] * LEAF, leaf_size(order[i]));
        }
        if (trial % 2) {
            pc_moments_merge(part[1], part[2]);
            pc_moments_merge(part[0], part[1]);
        } else {
            pc_moments_merge(part[0], part[2]);
            pc_moments_merge(part[0], part[1]);
        }
        assert_same(pc_moments_get(part[0], 0), pc_moments_get(plain, 0));
        for (int i = 0; i < 3; i++) {
            pc_moments_free(part[i]);
        }
    }
    assert_int_equal(pc_moments_get(plain, 0).missing, 1);
    assert_int_equal(pc_moments_get(plain, 0).n, N - 1);
    pc_moments_free(plain);
}

static void test_constant(void **state)
{
    double row[LEAF], centre[2] = {-0.1234567890123e9, 1e9}, scale[2] = {1e9, 1e9};
    pc_moments *m = pc_moments_new(2, centre, scale);
    pc_moment got;

    (void)state;
    for (int i = 0; i < LEAF; i++) {
        row[i] = centre[0];
    }
    for (int leaf = 0; leaf < 100; leaf++) {
        pc_moments_row(m, 0, row, leaf == 99 ? 3 : LEAF);
        pc_moments_row(m, 1, row, LEAF);
    }
    got = pc_moments_get(m, 0);
    assert_true(bits(got.mean) == bits(centre[0]));
    assert_true(got.sd == 0 && got.se == 0);
    got = pc_moments_get(m, 1); /* about another centre: only rounding is left */
    assert_near(got.mean, centre[0], 1e-6);
    assert_true(got.sd <= 1e-7 * 1.2e9);
    pc_moments_free(m);
}

static void test_missing(void **state)
{
    double row[LEAF], few[5] = {1, NAN, 4, NAN, -2}, nothing = NAN;
    pc_moments *m = pc_moments_new(3, NULL, NULL);
    pc_moment got;

    (void)state;
    pc_moments_row(m, 0, few, 5);
    got = pc_moments_get(m, 0);
    assert_int_equal(got.n, 3);
    assert_int_equal(got.missing, 2);
    assert_near(got.mean, 1, 1e-15);
    assert_near(got.sd, 3, 1e-15);
    pc_moments_row(m, 1, &nothing, 1);
    got = pc_moments_get(m, 1);
    assert_true(isnan(got.mean) && isnan(got.sd) && got.missing == 1 && got.n == 0);
    for (int i = 0; i < LEAF; i++) {
        row[i] = i == 9 ? NAN : i;
    }
    pc_moments_row(m, 2, row, LEAF);
    got = pc_moments_get(m, 2);
    assert_int_equal(got.n, LEAF - 1);
    assert_near(got.mean, (255 * 128 - 9) / 255.0, 1e-12);
    pc_moments_free(m);
}

/* What no run may have: infinite values, values beyond 1e38; sums that do not belong to the cell. */
static void test_refused(void **state)
{
    double centre[4] = {0, 0, 0, 0}, scale[4] = {1, 1, 1, 1}, big[2] = {2e38, 1};
    double inf[8] = {1, 2, 3, INFINITY, 5, 6, 7, 8}, fits[2] = {9e37, 1};
    pc_moments *m = pc_moments_new(4, centre, scale), *other = pc_moments_new(4, centre, scale);

    (void)state;
    assert_int_equal(pc_moments_row(m, 0, big, 2), 1);
    assert_int_equal(pc_moments_get(m, 0).overflow, 1);
    assert_true(isnan(pc_moments_get(m, 0).mean));
    assert_int_equal(pc_moments_row(m, 1, inf, 8), 1);
    assert_int_equal(pc_moments_get(m, 1).overflow, 1);
    assert_int_equal(pc_moments_row(m, 2, fits, 2), 0);
    assert_int_equal(pc_moments_get(m, 2).overflow, 0);
    assert_near(pc_moments_get(m, 2).mean, 4.5e37, 1e-15 * 4.5e37);
    pc_moments_merge(other, m); /* the flag travels */
    assert_int_equal(pc_moments_get(other, 0).overflow, 1);
    assert_int_equal(pc_moments_get(other, 2).overflow, 0);
    pc_moments_free(other);
    pc_moments_free(m);
    centre[3] = 5; /* tables that do not belong together */
    m = pc_moments_new(4, centre, scale);
    other = pc_moments_new(4, NULL, scale);
    pc_moments_merge(m, other);
    assert_int_equal(pc_moments_get(m, 3).overflow, 1);
    assert_int_equal(pc_moments_get(m, 2).overflow, 0);
    pc_moments_free(m);
    pc_moments_free(other);
    pc_moments_free(NULL);
}

/* Student's t with 1/2 a degree of freedom, about: values up to 1e15 times the scale and more. Sums as in extended
 * precision; the same bits in any order, from parts, and through a state. */
static void test_heavy_tails(void **state)
{
    static double x[N];
    double centre[2] = {1e6, 0}, scale[2] = {2e4, 1e-3};
    pc_moments *forward = pc_moments_new(2, centre, scale), *parts[2];
    long double sum = 0, squares = 0;
    uint64_t seed = 5;
    pc_pack pack = {0};
    pc_unpack from;
    pc_moment got;
    double largest = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        double u = uniform(&seed);
        x[i] = 1e6 + (u < 0.5 ? -1 : 1) * 2e4 * pow(uniform(&seed), -4);
        largest = fmax(largest, fabs(x[i]));
    }
    x[4321] = -1e36;
    for (int i = 0; i < N; i++) {
        sum += x[i];
    }
    for (int i = 0; i < N; i++) {
        squares += (x[i] - sum / N) * (x[i] - sum / N);
    }
    assert_true(largest > 0x1p20 * scale[0]);
    parts[0] = pc_moments_new(2, centre, scale);
    parts[1] = pc_moments_new(2, centre, scale);
    for (int leaf = 0; leaf < N_LEAVES; leaf++) {
        const int back = N_LEAVES - 1 - leaf;
        for (size_t c = 0; c < 2; c++) {
            assert_int_equal(pc_moments_row(forward, c, x + leaf * LEAF, leaf_size(leaf)), 0);
            assert_int_equal(pc_moments_row(parts[back % 3 == 0], c, x + back * LEAF, leaf_size(back)), 0);
        }
    }
    for (size_t c = 0; c < 2; c++) {
        got = pc_moments_get(forward, c);
        assert_near(got.mean / (double)(sum / N), 1, 1e-12);
        assert_near(got.sd / (double)sqrtl(squares / (N - 1)), 1, 1e-12);
    }
    pc_moments_pack(parts[1], &pack);
    from = (pc_unpack){pack.bytes, pack.bytes + pack.n, 0};
    pc_moments_unpack(parts[0], &from);
    assert_true(!from.failed && from.at == from.end);
    for (size_t c = 0; c < 2; c++) {
        assert_same(pc_moments_get(forward, c), pc_moments_get(parts[0], c));
    }
    pc_moments_merge(parts[0], parts[1]);
    assert_int_equal(pc_moments_get(parts[0], 0).overflow, 0);
    assert_true(pc_moments_get(parts[0], 0).n > N);
    pc_moments_clear(parts[0]);
    pc_moments_row(parts[0], 0, x, 2);
    assert_near(pc_moments_get(parts[0], 0).mean, (x[0] + x[1]) / 2, 1e-9 * fabs(x[0]));
    pc_pack_free(&pack);
    pc_moments_free(forward);
    pc_moments_free(parts[0]);
    pc_moments_free(parts[1]);
}

/* Events by their numbers, and one leaf's sums given to two cells, come to the bits of the row. */
static void test_events_and_sums(void **state)
{
    double row[LEAF], centre[4] = {0, 1, 0, 0}, scale[4] = {1, 0.02, 1, 1};
    pc_moments *rows = pc_moments_new(4, centre, scale), *events = pc_moments_new(4, centre, scale);
    pc_leaf_sums sums;
    uint64_t seed = 3;

    (void)state;
    for (int leaf = 0; leaf < 20; leaf++) {
        int n = leaf == 19 ? 77 : LEAF, number[3] = {0, 0, 0}, missing = 0;
        for (int i = 0; i < n; i++) {
            double u = uniform(&seed);
            row[i] = u < 0.1 ? (double)NAN : u < 0.4 ? 0 : u < 0.5 ? -1 : 1;
            if (isnan(row[i])) {
                missing++;
            } else {
                number[(int)row[i] + 1]++;
            }
        }
        for (size_t c = 0; c < 2; c++) {
            pc_moments_row(rows, c, row, n);
            pc_moments_events(events, c, number[0], number[1], number[2], missing);
        }
        pc_moments_row(rows, 2, row, n);
        pc_moments_sums(pc_moments_centre(events, 2), row, n, &sums);
        pc_moments_add(events, 2, &sums);
        pc_moments_add(events, 3, &sums);
    }
    for (size_t c = 0; c < 3; c++) {
        assert_same(pc_moments_get(rows, c), pc_moments_get(events, c));
    }
    assert_same(pc_moments_get(events, 2), pc_moments_get(events, 3));
    sums.centre = 5; /* sums about another centre do not belong here */
    pc_moments_add(events, 3, &sums);
    assert_int_equal(pc_moments_get(events, 3).overflow, 1);
    pc_moments_free(rows);
    pc_moments_free(events);
}

static void test_extreme_scales(void **state)
{
    double centre[3] = {1e-250, 1e250, 3}, scale[3] = {1e-260, 1e260, NAN};
    double x[3][2] = {{1e-250, 2e-250}, {1e250, 3e250}, {3, 5}};
    pc_moments *m = pc_moments_new(3, centre, scale);

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        pc_moments_row(m, i, x[i], 2);
        if (!pc_moments_get(m, i).overflow) {
            assert_true(isfinite(pc_moments_get(m, i).mean));
        }
    }
    assert_near(pc_moments_get(m, 2).mean, 4, 1e-15);
    assert_near(pc_moments_get(m, 2).sd, sqrt(2), 1e-15);
    pc_moments_free(m);
}

/* Three parts with means 1, 2 and 6 of two values each: mean 3, se sqrt(((1-3)^2 + (2-3)^2 + (6-3)^2) / (3 * 2)). */
static void test_between(void **state)
{
    static const double values[3][4] = {{0, 2, 7, 1}, {1, 3, 7, 0}, {5, 7, 7, NAN}};
    const double centre[4] = {100, 0, 0, 0};
    const pc_moments *parts[3];
    pc_moments *own[3];

    (void)state;
    for (int k = 0; k < 3; k++) {
        const double missing[2] = {k == 1 ? NAN : values[k][0], values[k][1]};
        parts[k] = own[k] = pc_moments_new(4, centre, NULL);
        pc_moments_row(own[k], 0, values[k], 2);
        pc_moments_row(own[k], 1, values[k] + 2, 1);
        pc_moments_row(own[k], 2, values[k] + 3, 1);
        pc_moments_row(own[k], 3, missing, 2);
    }
    assert_near(pc_moments_se_between(parts, 3, 0), sqrt((4.0 + 1 + 9) / 6), 1e-12);
    assert_true(pc_moments_se_between(parts, 3, 1) == 0); /* all values equal */
    /* 1, 0 and nothing: shares 1/2, 1/2, 0, mean 1/2 */
    assert_near(pc_moments_se_between(parts, 3, 2), sqrt(2 * 0.0625 * 3 / 2), 1e-15);
    /* 0 2 / 3 / 5 7: shares 2/5, 1/5, 2/5, mean 3.4 */
    assert_near(pc_moments_se_between(parts, 3, 3),
                sqrt((0.16 * 2.4 * 2.4 + 0.04 * 0.4 * 0.4 + 0.16 * 2.6 * 2.6) * 3 / 2), 1e-12);
    /* parts that agree while values differ: as independent values */
    assert_near(pc_moments_se_between((const pc_moments *const[]){parts[0], parts[0]}, 2, 0),
                sqrt((1.0 + 1 + 1 + 1) / 3 / 4), 1e-12);
    for (int k = 0; k < 3; k++) {
        pc_moments_free(own[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_close_to_exact),  cmocka_unit_test(test_order_and_split),
        cmocka_unit_test(test_constant),        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_refused),         cmocka_unit_test(test_heavy_tails),
        cmocka_unit_test(test_events_and_sums), cmocka_unit_test(test_extreme_scales),
        cmocka_unit_test(test_between),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
