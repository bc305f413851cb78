/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

/* The base year moves on: a folder that runs, its report, results that show again; nothing is written where something
 * is wrong. */
static void roll_moves_on(void **state)
{
    FILE *out = fopen("accounts.csv", "w");

    (void)state;
    assert_non_null(out);
    fputs("year,code,months,employee_balance_yuan,employee_revenue_yuan\n2025,R1,6,7e10,2e10\n", out);
    assert_int_equal(fclose(out), 0);
    succeeds(poolcast("roll '%s' --accounts accounts.csv --paths 64 -o moved", SMOKE));
    has(out_text, "the base year moves from 2024 to 2025");
    has(out_text, "  reserves observed ");
    has(out_text, "written: moved, the scenario of 2025");
    succeeds(poolcast("run moved --paths 16 -q -o moved.h5"));
    succeeds(poolcast("show moved/roll.h5 --csv"));
    has(out_text, "measure,item,value,se\n");
    has(out_text, ",reserve,");
    succeeds(poolcast("show moved/roll.h5 --json"));
    has(out_text, "{\"figures\": [{\"figure\": \"employee_revenue_yuan\"");
    assert_int_equal(system("grep -q '^| new result |' moved/roll.md"), 0);
    assert_int_equal(poolcast("roll '%s' --accounts accounts.csv -o moved", SMOKE), 2);
    has(err_text, "found 'moved', allowed a folder that is not there yet");
    assert_int_equal(poolcast("roll '%s' --accounts moved/roll.md -o rolled_again", SMOKE), 2);
    has(err_text, "moved/roll.md:3:1:");
    assert_int_not_equal(system("test -e rolled_again"), 0);
    assert_int_equal(poolcast("roll '%s' --accounts accounts.csv --paths 64 -q -o /nowhere/moved", SMOKE), 74);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roll_moves_on),
    };

    return cmocka_run_group_tests_name("cli.roll", tests, cli_start, cli_end);
}
