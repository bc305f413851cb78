/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run: its summary, its files, its choices. */
#include "cli.h"

static void run_prints_a_summary(void **state)
{
    (void)state;
    succeeds(poolcast("run '%s' --paths 300 --seed 5", SMOKE));
    has(out_text, "300 paths, seed 5");
    has(out_text, "Results: smoke.h5");
    assert_int_equal(access("smoke.h5", R_OK), 0);
    succeeds(poolcast("show smoke.h5"));
    has(out_text, "300 paths, seed 5");
    succeeds(poolcast("run '%s/' -q --paths 0 -o central.h5", SMOKE));
    assert_string_equal(out_text, "");
    assert_string_equal(err_text, "");
    succeeds(poolcast("show central.h5"));
    has(out_text, "central path only");
    succeeds(poolcast("show central.h5 --what balance --year 2030"));
}

static void threads_do_not_change_the_bytes(void **state)
{
    (void)state;
    succeeds(poolcast("run '%s' -q --reproducible --save-paths 12 --threads 3 -o three.h5", SMOKE));
    assert_int_equal(system("cmp -s one.h5 three.h5"), 0);
}

static void results_file_repeats_its_run(void **state)
{
    (void)state;
    succeeds(poolcast("run one.h5 -q --reproducible --save-paths 12"));
    assert_int_equal(system("cmp -s one.h5 one-again.h5"), 0);
    /* what was set on the command line is part of it, and may be set anew */
    succeeds(poolcast("run '%s' -q --reproducible --paths 40 --set wages.sigma=3%% -o set.h5", SMOKE));
    succeeds(poolcast("run set.h5 -q --reproducible"));
    assert_int_equal(system("cmp -s set.h5 set-again.h5"), 0);
    succeeds(poolcast("run '%s' -q --reproducible --paths 41 --set wages.sigma=3%% -o set41.h5", SMOKE));
    succeeds(poolcast("show set41.h5 --csv --what balance"));
    succeeds(poolcast(
        "show set41.h5 --csv --what balance > first && '%s' run set.h5 -f -q --paths 41 && '%s' show set-again.h5 "
        "--csv --what balance > second && cmp first second",
        PC_TEST_PROGRAM, PC_TEST_PROGRAM));
}

/* The results are those of a run with as many paths, byte for byte. */
static void paths_by_target(void **state)
{
    (void)state;
    succeeds(poolcast(
        "run '%s' --reproducible --paths 5000 --horizon 7 --target-se 'reserve_months(2030)=0.2' -o target.h5", SMOKE));
    has(err_text, "reserve_months(2030): standard error 0.1");
    has(err_text, "with 2,048 paths");
    succeeds(poolcast("run '%s' -q --reproducible --paths 2048 --horizon 7 -o as-many.h5", SMOKE));
    assert_int_equal(system("cmp -s target.h5 as-many.h5"), 0);
    succeeds(
        poolcast("run '%s' --paths 1500 --horizon 7 --target-se 'reserve_months(2030)=0.001' --target-policy unified "
                 "--target-scheme resident -f -o target.h5",
                 SMOKE));
    has(err_text, "not as small as asked for");
    has(out_text, "1,500 paths");
    assert_int_equal(poolcast("run '%s' --target-policy unified -o no.h5", SMOKE), 2);
    assert_int_equal(access("no.h5", F_OK), -1);
    succeeds(
        poolcast("run '%s' --reproducible --sampling rqmc --paths 16384 --horizon 7 --target-se 'balance(2030)=1e8' "
                 "--control-years 2030 -f -o target.h5",
                 SMOKE));
    has(err_text, "with 4,096 paths");
    has(out_text, "Precision: how many independent paths a path is worth");
    has(out_text, "employees: chance of having run out, median region, with control variates");
    has(out_text, "With control variates: chance that the fund paying a member's claims has run out");
    succeeds(poolcast(
        "run '%s' -q --reproducible --sampling rqmc --paths 4096 --horizon 7 --control-years 2030 -f -o as-many.h5",
        SMOKE));
    assert_int_equal(system("cmp -s target.h5 as-many.h5"), 0);
    succeeds(poolcast("show target.h5 --what balance_controlled --year 2030"));
    has(out_text, "balance_controlled, 100m yuan");
    has(out_text, " ±");
    assert_null(strchr(out_text, '%'));
    succeeds(poolcast("report target.h5 -o target.html"));
    assert_int_equal(poolcast("run '%s' --control-years 2030,2024 -o no.h5", SMOKE), 2);
    has(err_text, "control_years");
    assert_int_equal(access("no.h5", F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_prints_a_summary),
        cmocka_unit_test(threads_do_not_change_the_bytes),
        cmocka_unit_test(results_file_repeats_its_run),
        cmocka_unit_test(paths_by_target),
    };

    return cmocka_run_group_tests_name("cli.run", tests, cli_start_with_results, cli_end);
}
