/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new scenario, and what validate says of one. */
#include "cli.h"

static void validate_reports(void **state)
{
    (void)state;
    succeeds(poolcast("validate '%s'", SMOKE));
    has(out_text, "ok: ");
    has(out_text, "3 regions, 4 areas in the results, 3 policies (baseline city), 2024 to 2044, 600 paths, seed 1");
    has(out_text, "lambda");
    has(out_text, "results file");
    has(out_text, "time");
}

static void init_makes_a_scenario_that_runs(void **state)
{
    (void)state;
    succeeds(poolcast("init mine"));
    succeeds(poolcast("run mine -q --paths 20 --horizon 5"));
    assert_int_equal(access("mine.h5", R_OK), 0);
    assert_int_equal(poolcast("init mine"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validate_reports),
        cmocka_unit_test(init_makes_a_scenario_that_runs),
    };

    return cmocka_run_group_tests_name("cli.init", tests, cli_start, cli_end);
}
