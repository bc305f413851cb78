/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people get wrong, and the words with which it is refused: always exit code 2, one message that says what was
 * found and what is allowed, and no file. */
#include "cli.h"

#define CHINA   PC_TEST_SOURCE_DIR "/scenarios/calibration/china"
#define TIANJIN PC_TEST_SOURCE_DIR "/scenarios/backtest/tianjin_2014"

static void refused(const char *const (*cases)[2], size_t n)
{
    int n_wrong = 0;

    for (size_t i = 0; i < n; i++) {
        const int code = poolcast("%s", cases[i][0]);
        if (code != 2 || !strstr(err_text, cases[i][1])) {
            fprintf(stderr, "poolcast %s: exit code %d, '%s', expected 2 and '%s'\n", cases[i][0], code, err_text,
                    cases[i][1]);
            n_wrong++;
        }
    }
    assert_int_equal(n_wrong, 0);
    assert_int_equal(access("no.h5", F_OK), -1);
}

static void studies(void **state)
{
    static const char *const cases[][2] = {
        {"solve " SMOKE " --until 'depleted_any(2030) <= 0.1'", "which key? Give --vary KEY"},
        {"solve " SMOKE " --vary wages.sigma --grid 1:2:3 --grid 1:2:3 --measure 'balance(2026)'",
         "found 2 --grid for 1 --vary"},
        {"solve " SMOKE " --vary wages.sigma --vary cost.sigma --until 'depleted_any(2030) <= 0.1'",
         "found two --vary without --grid"},
        {"solve " SMOKE " --vary wages.sigma --grid 1:2 --measure 'balance(2026)'",
         "--grid: found '1:2', allowed LO:HI:N"},
        {"solve " SMOKE " --vary wages.sigma --grid 1:2:2.5 --measure 'balance(2026)'",
         "--grid: found 2.5 points, allowed a whole number from 2 to "},
        {"solve " SMOKE " --vary wages.sigma --grid 2:1:3 --measure 'balance(2026)'",
         "found '2:1:3', allowed a lower and a higher number"},
        {"solve " SMOKE " --vary policy.city.borrow --until 'balance(2026) >= 0'", "policy.city.borrow"},
        {"solve " SMOKE " --policies city --vary wages.sigma --until 'difference balance(2026) >= 0' -o no.h5",
         "difference"},
        {"rare " SMOKE " --event 'reserve_months(2027) <= 3' --policy unfied -o no.h5", "unfied"},
        {"rare " SMOKE " --event 'difference reserve_months(2027) <= 3' --policy city -o no.h5", "difference"},
        {"stress " SMOKE " --stress no.yaml -o no.h5", "no.yaml"},
        {"explain " SMOKE " --csv --json -o no.h5", "--csv and --json together"},
        {"backtest " TIANJIN " --csv --json -o no.h5", "--csv and --json together"},
        {"backtest " TIANJIN " --observed nowhere.csv -o no.h5", "nowhere.csv: cannot be read"},
        {"backtest " TIANJIN " --uncertain wages.growth=1% -o no.h5", "wages.growth"},
        {"backtest " TIANJIN " --uncertain cost.sigma -o no.h5", "found 'cost.sigma', allowed KEY=SD"},
        {"backtest " TIANJIN " --uncertain cost.sigma=0.1 --paths 50 -o no.h5",
         "found 50 paths, allowed with --uncertain"},
        {"roll short --accounts '" PC_TEST_SOURCE_DIR "/tests/reference/accounts.csv' -o no",
         "found a horizon of 1 years, allowed at least 2"},
        {"roll later --accounts '" PC_TEST_SOURCE_DIR "/tests/reference/accounts.csv' -o no",
         "found membership.trend, which changes over the years"},
        {"roll older --accounts '" PC_TEST_SOURCE_DIR "/tests/reference/accounts.csv' -o no",
         "found membership.pension_age_shift"},
    };

    (void)state;
    assert_int_equal(system("cp -r '" SMOKE "' short && sed -i 's/^horizon: 20/horizon: 1/' short/scenario.yaml"), 0);
    assert_int_equal(system("cp -r '" SMOKE "' later && sed -i 's/^membership:/&\\n  trend: {2025: 1, 2030: 0.9}/' "
                            "later/scenario.yaml"),
                     0);
    assert_int_equal(system("cp -r '" SMOKE "' older && sed -i 's/^membership:/&\\n  pension_age_shift: 1/' "
                            "older/scenario.yaml"),
                     0);
    refused(cases, sizeof cases / sizeof *cases);
}

static void keys(void **state)
{
    static const char *const cases[][2] = {
        {"validate " SMOKE " --set wages.phi.deep=1", "wages.phi"},
        {"validate " SMOKE " --set policies.city.both.2025.shortfall.7.borrow=1",
         "found the position \"7\" in a list, allowed 0 to 0"},
        {"validate " SMOKE " --set policies.cty.both.2025=1", "cty"},
        {"validate " SMOKE " --set policies.city.both.2026.shortfall=1", "2026"},
        {"validate " SMOKE " --set policy.city.start=soon", "start"},
    };

    (void)state;
    refused(cases, sizeof cases / sizeof *cases);
}

/* Histories that cannot be calibrated. */
static void histories(void **state)
{
    static const struct {
        const char *file, *text, *message;
    } cases[] = {
        {"history.csv", "year,tfr\n", "allowed at least"},
        {"history.csv", "year,tfr\n2020,1.3\n2021,1.2\n", "found no series with four observations or more"},
        {"mortality.csv", "year,sex,age,rate\n2020,female,0,0.01\n2019,female,0,0.01\n",
         "found the year 2019 after 2020, allowed years in ascending order"},
        {"mortality.csv", "year,sex,age,rate\n2020,woman,0,0.01\n", "found \"woman\" for sex, allowed female or male"},
        {"mortality.csv", "year,sex,age,rate\n2020,female,5,0.01\n2020,female,9,0.01\n",
         "found the age 5, allowed ages from 0 on"},
        {"mortality.csv", "year,sex,age,rate\n2020,female,0,0.01\n", "found 1 death rates of sex female in 2020"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file;
        assert_int_equal(system("rm -rf past && mkdir past"), 0);
        assert_int_equal(chdir("past"), 0);
        file = fopen(cases[i].file, "w");
        assert_non_null(file);
        fputs(cases[i].text, file);
        fclose(file);
        assert_int_equal(chdir(".."), 0);
        if (poolcast("calibrate past -o cal") != 2 || !strstr(err_text, cases[i].message)) {
            fail_msg("case %zu: '%s', expected '%s'", i, err_text, cases[i].message);
        }
        assert_int_equal(access("cal", F_OK), -1);
    }
}

/* A study's file is no run's, and a run's no study's. */
static void other_files(void **state)
{
    static const char *const cases[][2] = {
        {"compare study.h5 run.h5", "study.h5: found the file of a study, allowed that of a run"},
        {"export study.h5 --csv no", "study.h5: found the file of a study, allowed that of a run"},
        {"export run.h5", "nothing to write: give --xlsx FILE"},
        {"show run.h5 --policy cty", "cty"},
    };

    (void)state;
    succeeds(poolcast("solve " SMOKE
                      " --vary wages.sigma --grid 1%%:2%%:2 --measure 'balance(2026)' --paths 16 --horizon 2 -q "
                      "-o study.h5"));
    succeeds(poolcast("run " SMOKE " --paths 8 --horizon 2 -q -o run.h5"));
    refused(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(studies),
        cmocka_unit_test(keys),
        cmocka_unit_test(histories),
        cmocka_unit_test(other_files),
    };

    return cmocka_run_group_tests_name("cli.refusals", tests, cli_start, cli_end);
}
