/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static void calibrate_writes_a_fragment(void **state)
{
    (void)state;
    succeeds(poolcast("calibrate '%s/scenarios/calibration/china' --reproducible -o cal", PC_TEST_SOURCE_DIR));
    has(out_text, "calibration for the base year 2024\n");
    has(out_text, "  wages.phi ");
    succeeds(poolcast("show cal/calibration.h5 --csv"));
    has(out_text, "key,value,se,low80,high80,observations\nmortality.kappa,-6,,,,9\n");
    succeeds(poolcast("show cal/calibration.h5 --json"));
    has(out_text, "{\"parameters\": [{\"key\": \"mortality.kappa\"");
    assert_int_equal(system("grep -q '^  mortality: mortality.csv' cal/calibration.yaml && test -s cal/mortality.csv"),
                     0);
    /* what stands in the folder stays, unless it is told to go */
    assert_int_equal(system("mkdir own && echo mine >own/mortality.csv"), 0);
    assert_int_equal(poolcast("calibrate '%s/scenarios/calibration/china' -o own", PC_TEST_SOURCE_DIR), 2);
    has(err_text, "'own/mortality.csv' exists already; --force replaces it");
    assert_int_equal(system("test \"$(cat own/mortality.csv)\" = mine && test ! -e own/calibration.yaml"), 0);
    succeeds(poolcast("calibrate '%s/scenarios/calibration/china' -o own -q --force", PC_TEST_SOURCE_DIR));
    assert_int_equal(system("cmp -s own/mortality.csv cal/mortality.csv && test -s own/calibration.h5"), 0);
    assert_int_equal(poolcast("calibrate '%s/scenarios/calibration/china' --line wagse", PC_TEST_SOURCE_DIR), 2);
    has(err_text, "did you mean 'wages'?");
    assert_int_equal(poolcast("calibrate '%s/scenarios/calibration/china' --base 2020", PC_TEST_SOURCE_DIR), 2);
    has(err_text, "found the base year 2020");
    assert_int_equal(poolcast("calibrate '%s/scenarios/calibration/china' -o /nowhere/cal", PC_TEST_SOURCE_DIR), 74);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calibrate_writes_a_fragment),
    };

    return cmocka_run_group_tests_name("cli.calibrate", tests, cli_start, cli_end);
}
