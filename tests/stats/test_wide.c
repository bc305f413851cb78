/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums of terms of every size: exact, in any order, packed and unpacked. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stats/wide.h"

enum { N = 5000, SUMS = 300 };

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 16;
}

/* Over the whole range of doubles, both signs. */
static double term(int i)
{
    uint64_t seed = 11 + (uint64_t)i;
    double x = 1 + (double)next(&seed) * 0x1p-48;
    const int exponent = (int)(next(&seed) % 2000) - 1050;

    return ldexp(next(&seed) & 1 ? -x : x, exponent);
}

static void fill(pc_wide *wide, int from, int step)
{
    for (int i = from; i < N && i >= 0; i += step) {
        assert_int_equal(pc_wide_add(wide, (uint64_t)i % SUMS, term(i)), 0);
    }
}

static void assert_same(const pc_wide *a, const pc_wide *b)
{
    for (uint64_t i = 0; i <= SUMS; i++) {
        const long double x = pc_wide_value(a, i), y = pc_wide_value(b, i);
        assert_true(x == y);
    }
}

/* What cancels is gone to the last bit, and what is left is exact. */
static void test_exact(void **state)
{
    static const double sizes[] = {1, 5e-324, -DBL_MIN, 1e-200, 3e38, 1e138, DBL_MAX};
    pc_wide wide = {0};

    (void)state;
    assert_true(pc_wide_value(&wide, 7) == 0);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_int_equal(pc_wide_add(&wide, i, sizes[i]), 0);
        assert_true(pc_wide_value(&wide, i) == (long double)sizes[i]);
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            pc_wide_add(&wide, i, sizes[k]);
        }
        for (size_t k = sizeof sizes / sizeof *sizes; k-- > 0;) {
            pc_wide_add(&wide, i, -sizes[k]);
        }
        assert_true(pc_wide_value(&wide, i) == (long double)sizes[i]);
    }
    assert_true(pc_wide_value(&wide, 1000) == 0);
    pc_wide_free(&wide);
    for (int k = 0; k < 1000; k++) { /* beyond what a double holds */
        pc_wide_add(&wide, 0, DBL_MAX);
    }
    assert_true(pc_wide_value(&wide, 0) == 1000 * (long double)DBL_MAX);
    pc_wide_free(&wide);
}

static void test_refused(void **state)
{
    pc_wide wide = {0};

    (void)state;
    assert_int_equal(pc_wide_add(&wide, 0, INFINITY), 1);
    assert_int_equal(pc_wide_add(&wide, 0, -INFINITY), 1);
    assert_int_equal(pc_wide_add(&wide, 0, NAN), 1);
    assert_true(wide.n == 0 && pc_wide_value(&wide, 0) == 0);
    assert_int_equal(pc_wide_add(&wide, 0, 0), 0);
    assert_true(pc_wide_value(&wide, 0) == 0);
    pc_wide_free(&wide);
}

static void test_order_and_merge(void **state)
{
    pc_wide forward = {0}, backward = {0}, part[3] = {{0}, {0}, {0}};

    (void)state;
    fill(&forward, 0, 1);
    fill(&backward, N - 1, -1);
    assert_same(&forward, &backward);
    for (int k = 0; k < 3; k++) {
        fill(&part[k], k, 3);
    }
    assert_int_equal(pc_wide_merge(&part[1], &part[2]), 0);
    assert_int_equal(pc_wide_merge(&part[1], &part[0]), 0);
    assert_same(&forward, &part[1]);
    for (int k = 0; k < 3; k++) {
        pc_wide_free(&part[k]);
    }
    pc_wide_free(&forward);
    pc_wide_free(&backward);
}

/* The same bytes whatever the order; reading them adds; what cannot be is refused. */
static void test_pack(void **state)
{
    pc_wide forward = {0}, backward = {0}, read = {0};
    pc_pack one = {0}, other = {0};
    pc_unpack from;

    (void)state;
    fill(&forward, 0, 1);
    fill(&backward, N - 1, -1);
    pc_wide_pack(&forward, &one);
    pc_wide_pack(&backward, &other);
    assert_true(!one.failed && one.n == other.n);
    assert_memory_equal(one.bytes, other.bytes, one.n);
    from = (pc_unpack){one.bytes, one.bytes + one.n, 0};
    pc_wide_unpack(&read, SUMS, &from);
    assert_true(!from.failed && from.at == from.end);
    assert_same(&read, &forward);
    from = (pc_unpack){one.bytes, one.bytes + one.n, 0};
    pc_wide_unpack(&read, SUMS, &from);
    assert_true(pc_wide_value(&read, 5) == 2 * pc_wide_value(&forward, 5));
    from = (pc_unpack){one.bytes, one.bytes + one.n, 0};
    pc_wide_unpack(&read, SUMS - 1, &from);
    assert_int_equal(from.failed, 1);
    from = (pc_unpack){one.bytes, one.bytes + one.n - 1, 0};
    pc_wide_unpack(&read, SUMS, &from);
    assert_int_equal(from.failed, 1);
    memcpy(one.bytes + 8 + 24, one.bytes + 8, 8); /* a part that comes twice */
    from = (pc_unpack){one.bytes, one.bytes + one.n, 0};
    pc_wide_unpack(&read, SUMS, &from);
    assert_int_equal(from.failed, 1);
    pc_pack_free(&one);
    pc_pack_free(&other);
    pc_wide_free(&forward);
    pc_wide_free(&backward);
    pc_wide_free(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_order_and_merge),
        cmocka_unit_test(test_pack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
