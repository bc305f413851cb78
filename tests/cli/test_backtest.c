/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static void backtest_scores(void **state)
{
    (void)state;
    succeeds(poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --paths 400 --reproducible -o b.h5",
                      PC_TEST_SOURCE_DIR));
    has(out_text, "forecast from 2014, policy city, 400 paths, seed 2014\n");
    has(out_text, "  of 48 outcomes ");
    succeeds(poolcast("show b.h5 --csv"));
    has(out_text, "measure,scheme,region,year,low50,high50,low80,high80,low95,high95,observed,");
    succeeds(poolcast("show b.h5 --json"));
    has(out_text, "{\"outcomes\": [{\"measure\": \"contributors\"");
    succeeds(poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --paths 400 --uncertain "
                      "cost.employee.elasticity=0.2 --reproducible "
                      "--threads 1 -q -o u1.h5",
                      PC_TEST_SOURCE_DIR));
    succeeds(poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --paths 400 --uncertain "
                      "cost.employee.elasticity=0.2 --reproducible "
                      "--threads 2 -q -o u2.h5",
                      PC_TEST_SOURCE_DIR));
    assert_int_equal(system("cmp -s u1.h5 u2.h5"), 0);
    assert_int_equal(
        poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --uncertain wages.grwth=2%%", PC_TEST_SOURCE_DIR), 2);
    has(err_text, "found 'wages.grwth'");
    /* outcomes from elsewhere: the first and the last line of the table */
    assert_int_equal(system("sed -n '1p;3p;$p' '" PC_TEST_SOURCE_DIR "/scenarios/backtest/tianjin_2014/observed.csv' "
                            ">seen.csv"),
                     0);
    succeeds(poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --observed seen.csv --paths 64 -o seen.h5",
                      PC_TEST_SOURCE_DIR));
    has(out_text, "  of 1 outcome");
    assert_int_equal(poolcast("backtest '%s'", SMOKE), 2);
    has(err_text, "observed.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backtest_scores),
    };

    return cmocka_run_group_tests_name("cli.backtest", tests, cli_start, cli_end);
}
