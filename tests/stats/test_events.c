/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "stats/events.h"

static uint64_t seed = 5;

static int draw(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

static void fill(double *row)
{
    for (int l = 0; l < PC_EVENT_LANES; l++) {
        int u = draw(10);
        row[l] = u == 0 ? (double)NAN : u < 6 ? 1 : u == 6 ? -0.0 : 0;
    }
}

static void test_counts(void **state)
{
    static const int lengths[] = {0, 1, 63, 64, 65, 200, 256};
    double a[PC_EVENT_LANES], b[PC_EVENT_LANES], again[PC_EVENT_LANES];

    (void)state;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        int n = lengths[k];
        pc_event_counts want = {0, 0, 0, 0}, want_difference = {0, 0, 0, 0}, got;
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
        assert_int_equal(pc_events_pack(a, n, &x), 1);
        assert_int_equal(pc_events_pack(b, n, &y), 1);
        got = pc_events_count(&x, n);
        assert_memory_equal(&got, &want, sizeof got);
        got = pc_events_difference(&x, &y, n);
        assert_memory_equal(&got, &want_difference, sizeof got);
        pc_events_unpack(&x, again);
        for (int l = 0; l < PC_EVENT_LANES; l++) {
            assert_true(l >= n ? again[l] == 0 : isnan(a[l]) ? isnan(again[l]) : again[l] == a[l]);
        }
    }
}

/* A fraction is no event, wherever it stands; beyond the last lane anything may. */
static void test_refused(void **state)
{
    double row[PC_EVENT_LANES];
    pc_events events;

    (void)state;
    for (int at = 0; at < PC_EVENT_LANES; at += 51) {
        fill(row);
        row[at] = 0.5;
        assert_int_equal(pc_events_pack(row, PC_EVENT_LANES, &events), 0);
        assert_int_equal(pc_events_pack(row, at, &events), 1);
        row[at] = INFINITY;
        assert_int_equal(pc_events_pack(row, PC_EVENT_LANES, &events), 0);
        row[at] = -1;
        assert_int_equal(pc_events_pack(row, PC_EVENT_LANES, &events), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts), cmocka_unit_test(test_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
