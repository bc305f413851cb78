/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poolcast as a library, as a program of somebody else's uses it: numbers, refusals, the file. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "poolcast.h"

#define SMOKE PC_TEST_SOURCE_DIR "/scenarios/smoke"

static const char city[] = "policy/city/employee";

static void numbers(void **state)
{
    char why[512] = "", file[] = "poolcast_api_test.h5";
    poolcast *p = poolcast_open(SMOKE, why, sizeof why);
    double first, sd, sum = 0;

    (void)state;
    assert_non_null(p);
    assert_true(strlen(poolcast_version()) >= 5);
    assert_true(isnan(poolcast_value(p, city, "balance", "mean", NULL, 2030))); /* not run yet */
    assert_int_equal(poolcast_save(p, file, why, sizeof why), 1);
    for (int i = 0; i < 10; i++) { /* the last of a key's values counts, and there is room for many */
        assert_int_equal(poolcast_set(p, i < 9 ? "paths=7" : "paths=128"), 0);
    }
    if (poolcast_run(p, 2, why, sizeof why)) {
        fail_msg("%s", why);
    }
    first = poolcast_value(p, city, "balance", "mean", NULL, 2030);
    sd = poolcast_value(p, city, "balance", "sd", NULL, 2030);
    assert_true(isfinite(first) && sd > 0);
    assert_true(fabs(poolcast_value(p, city, "balance", "se", NULL, 2030) - sd / sqrt(128)) < 1e-9 * sd);
    /* a region by its code is the region by its name; regions add up to the whole */
    assert_true(poolcast_value(p, city, "balance", "mean", "R1", 2030) ==
                poolcast_value(p, city, "balance", "mean", "City A", 2030));
    for (int r = 1; r <= 3; r++) {
        const char code[] = {'R', (char)('0' + r), 0};
        sum += poolcast_value(p, city, "balance", "mean", code, 2030);
    }
    assert_true(fabs(sum - first) < 1e-9 * fabs(first));
    /* an event, and a quantile */
    assert_true(poolcast_value(p, city, "member_weighted_depletion_by", NULL, NULL, 2040) >= 0);
    assert_true(poolcast_value(p, city, "reserve_months_quantile", "0.05", NULL, 2030) <
                poolcast_value(p, city, "reserve_months_quantile", "0.95", NULL, 2030));
    /* what is not there */
    assert_true(isnan(poolcast_value(p, city, "balanse", "mean", NULL, 2030)));
    assert_true(isnan(poolcast_value(p, "policy/nobody/employee", "balance", "mean", NULL, 2030)));
    assert_true(isnan(poolcast_value(p, city, "balance", "median", NULL, 2030)));
    assert_true(isnan(poolcast_value(p, city, "balance", NULL, NULL, 2030)));
    assert_true(isnan(poolcast_value(p, city, "balance", "mean", "Atlantis", 2030)));
    assert_true(isnan(poolcast_value(p, city, "balance", "mean", NULL, 1999)));
    assert_true(isnan(poolcast_value(p, "areas", "name", NULL, NULL, 2030)));
    assert_int_equal(poolcast_save(p, file, why, sizeof why), 0);
    assert_int_equal(access(file, F_OK), 0);
    unlink(file);
    assert_int_equal(poolcast_save(p, "/nowhere/results.h5", why, sizeof why), 74);
    assert_non_null(strstr(why, "/nowhere"));
    /* a second run replaces the first; the same seed, the same numbers */
    assert_int_equal(poolcast_run(p, 1, why, sizeof why), 0);
    assert_true(poolcast_value(p, city, "balance", "mean", NULL, 2030) == first);
    /* a run that is refused leaves the results of the last */
    assert_int_equal(poolcast_set(p, "paths=-1"), 0);
    assert_int_equal(poolcast_run(p, 1, why, sizeof why), 2);
    assert_non_null(strstr(why, "-1"));
    assert_true(poolcast_value(p, city, "balance", "mean", NULL, 2030) == first);
    poolcast_close(p);
    /* and so does one that fails on the way: costs explode on some path */
    p = poolcast_open(PC_TEST_SOURCE_DIR "/scenarios/smoke", why, sizeof why);
    assert_non_null(p);
    assert_int_equal(poolcast_set(p, "paths=64"), 0);
    assert_int_equal(poolcast_run(p, 2, why, sizeof why), 0);
    first = poolcast_value(p, city, "balance", "mean", NULL, 2030);
    assert_int_equal(poolcast_set(p, "cost.sigma=1"), 0);
    assert_int_equal(poolcast_set(p, "cost.phi=0.99"), 0);
    assert_int_equal(poolcast_set(p, "paths=1000000"), 0);
    assert_int_equal(poolcast_run(p, 2, why, sizeof why), 1);
    assert_non_null(strstr(why, "a value must be finite"));
    assert_true(poolcast_value(p, city, "balance", "mean", NULL, 2030) == first);
    poolcast_close(p);
    poolcast_close(NULL);
}

static void refusals(void **state)
{
    char why[512] = "", short_why[8] = "";

    (void)state;
    assert_null(poolcast_open("/nowhere", why, sizeof why));
    assert_non_null(strstr(why, "/nowhere"));
    assert_null(poolcast_open("/nowhere", short_why, sizeof short_why)); /* cut, and ends */
    assert_int_equal(strlen(short_why), sizeof short_why - 1);
    assert_null(poolcast_open("/nowhere", NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(refusals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
