/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/events.h"

static uint64_t seed = 5;

static int draw(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

static int has(const pc_bits *bits, int lane)
{
    return bits->word[lane / 64] >> (lane % 64) & 1;
}

static pc_events events_of(const double *row)
{
    pc_events events = {{{0}}, {{0}}};

    for (int l = 0; l < PC_EVENT_LANES; l++) {
        events.yes.word[l / 64] |= (uint64_t)(row[l] == 1) << l % 64;
        events.missing.word[l / 64] |= (uint64_t)isnan(row[l]) << l % 64;
    }
    return events;
}

static void fill(double *row)
{
    for (int l = 0; l < PC_EVENT_LANES; l++) {
        int u = draw(10);
        row[l] = u == 0 ? (double)NAN : u < 6 ? 1 : 0;
    }
}

/* Lanes beyond the last aren't counted, whatever they hold. */
static void test_counts(void **state)
{
    static const int lengths[] = {0, 1, 63, 64, 65, 200, 256};
    double a[PC_EVENT_LANES], b[PC_EVENT_LANES], again[PC_EVENT_LANES];

    (void)state;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        int n = lengths[k];
        pc_event_counts want = {0, 0, 0, 0}, want_difference = {0, 0, 0, 0}, got;
        const pc_bits used = pc_bits_first(n);
        pc_events x, y;
        fill(a);
        fill(b);
        for (int l = 0; l < n; l++) {
            double d = a[l] - b[l];
            want.missing += isnan(a[l]);
            want.zero += a[l] == 0;
            want.plus += a[l] == 1;
            want_difference.missing += isnan(d);
            want_difference.minus += d == -1;
            want_difference.zero += d == 0;
            want_difference.plus += d == 1;
        }
        x = events_of(a);
        y = events_of(b);
        got = pc_events_count(&x, &used, n);
        assert_memory_equal(&got, &want, sizeof got);
        got = pc_events_difference(&x, &y, &used, n);
        assert_memory_equal(&got, &want_difference, sizeof got);
        pc_events_unpack(&x, again);
        for (int l = 0; l < PC_EVENT_LANES; l++) {
            assert_true(isnan(a[l]) ? isnan(again[l]) : again[l] == a[l]);
            assert_int_equal(has(&used, l), l < n);
        }
    }
}

static void test_comparisons(void **state)
{
    double a[PC_EVENT_LANES], b[PC_EVENT_LANES];
    pc_bits less, below, above, covers;

    (void)state;
    for (int l = 0; l < PC_EVENT_LANES; l++) {
        static const double special[] = {NAN, INFINITY, -INFINITY, 0, -0.0};
        a[l] = draw(4) ? draw(7) - 3 : special[draw(5)];
        b[l] = draw(4) ? draw(7) - 3 : special[draw(5)];
    }
    pc_bits_less(&less, 2, a, -3, b);
    pc_bits_below(&below, a, 1);
    pc_bits_above(&above, a, 1);
    pc_bits_covers(&covers, a, b);
    for (int l = 0; l < PC_EVENT_LANES; l++) {
        assert_int_equal(has(&less, l), 2 * a[l] < -3 * b[l]);
        assert_int_equal(has(&below, l), a[l] < 1);
        assert_int_equal(has(&above, l), a[l] > 1);
        assert_int_equal(has(&covers, l), a[l] - b[l] >= 0);
    }
}

static void test_add(void **state)
{
    double sum[PC_EVENT_LANES], x[PC_EVENT_LANES];
    const pc_bits chosen = {{0, UINT64_MAX, 0x5555, UINT64_C(1) << 63}};

    (void)state;
    for (int l = 0; l < PC_EVENT_LANES; l++) {
        sum[l] = l;
        x[l] = has(&chosen, l) ? 1000 : (double)NAN;
    }
    pc_bits_add(sum, x, &chosen);
    for (int l = 0; l < PC_EVENT_LANES; l++) {
        assert_true(sum[l] == l + (has(&chosen, l) ? 1000 : 0));
    }
}

static void test_sets(void **state)
{
    const pc_bits a = {{1, 3, 0, UINT64_MAX}}, b = {{2, 1, 5, 0}}, all = pc_bits_all();
    const pc_bits either = pc_bits_or(a, b), both = pc_bits_and(a, b), rest = pc_bits_without(a, b);

    (void)state;
    assert_memory_equal(&either, &((pc_bits){{3, 3, 5, UINT64_MAX}}), sizeof either);
    assert_memory_equal(&both, &((pc_bits){{0, 1, 0, 0}}), sizeof both);
    assert_memory_equal(&rest, &((pc_bits){{1, 2, 0, UINT64_MAX}}), sizeof rest);
    for (int l = 0; l < PC_EVENT_LANES; l++) {
        assert_int_equal(has(&all, l), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts), cmocka_unit_test(test_comparisons),
                                       cmocka_unit_test(test_add), cmocka_unit_test(test_sets)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
