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

/* Tables by age and the constants of regions, as a scenario takes them over. */
static void tables_by_age(void **state)
{
    (void)state;
    assert_int_equal(system("cp -r '" PC_TEST_SOURCE_DIR "/scenarios/calibration/china' past && cd past && "
                            "printf 'age_from,members,people\\n0,0,50\\n16,20,100\\n30,60,100\\n50,45,60\\n' "
                            ">members_by_age.csv && "
                            "printf 'age_from,contributor_persons,contributor_yuan\\n0,10,1000\\n50,10,3000\\n' "
                            ">cost_by_age.csv"),
                     0);
    succeeds(poolcast("calibrate past --accounts '%s' --reproducible -q -o ages", SMOKE));
    assert_string_equal(read_all("ages/membership.csv"), "age_from,profile\n0,0.000000\n16,0.200000\n30,0.600000\n"
                                                         "50,0.750000\n");
    assert_string_equal(read_all("ages/age_cost.csv"),
                        "age_from,contributor,retiree,resident\n0,0.5000,0.5000,0.5000\n50,1.5000,1.5000,1.5000\n");
    succeeds(poolcast("show ages/calibration.h5 --csv"));
    has(out_text, "\nregion.R3.cost_employee,1737.4");
    succeeds(poolcast("show ages/calibration.h5 --json"));
    has(out_text, "{\"region\": \"R3\", \"lambda\": ");
    /* and a run takes the tables */
    assert_int_equal(system("cp -r '" SMOKE "' aged && cp ages/membership.csv ages/age_cost.csv aged"), 0);
    succeeds(poolcast("validate aged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calibrate_writes_a_fragment),
        cmocka_unit_test(tables_by_age),
    };

    return cmocka_run_group_tests_name("cli.calibrate", tests, cli_start, cli_end);
}
