/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

/* Named stresses, the mildest multiple of one, and what is refused. */
static void stress_answers(void **state)
{
    static const char *const wrong[][2] = {
        {"--reverse cost_up", "found one of --reverse and --until, allowed both or none"},
        {"--stress pandemic --reverse cost_up --until 'reserve_months(2035) <= 0'", "--reverse and --stress together"},
        {"--stress pandemik", "did you mean 'pandemic'?"},
        {"--reverse cost_up --until 'reserve_months(2035) <= 0' --range 3:1", "allowed a lower and a higher number"},
        {"--measure 'reserve(2035)'", "measure 'reserve' is unknown"},
        {"--policy unifid", "unifid"},
        {"--csv --json", "--csv and --json together"},
    };

    (void)state;
    succeeds(poolcast("stress '%s' --list", SMOKE));
    has(out_text, "stress.employee.cost[+2:+11]+=2 %");
    succeeds(poolcast(
        "stress '%s' --stress pandemic,cost_up --policy city --paths 32 --reproducible --threads 1 -o s1.h5", SMOKE));
    has(out_text, "the same 32 paths in each of 3 runs");
    succeeds(poolcast(
        "stress '%s' --stress pandemic,cost_up --policy city --paths 32 --reproducible --threads 2 -q -o s2.h5",
        SMOKE));
    assert_int_equal(system("cmp -s s1.h5 s2.h5"), 0);
    succeeds(poolcast("stress '%s' --stress cost_up --central --csv -q -o s3.h5", SMOKE));
    succeeds(poolcast("show s1.h5 --csv"));
    has(out_text, "pandemic");
    succeeds(poolcast("show s1.h5 --json"));
    has(out_text, "cost_up");
    succeeds(poolcast("report s1.h5 -o s1.html"));
    assert_int_equal(system("grep -q reserve_months s1.html"), 0);
    succeeds(poolcast(
        "stress '%s' --reverse cost_up --until 'reserve_months(2035) <= 12' --policy city --paths 64 -o s4.h5", SMOKE));
    has(out_text, "the mildest multiple of the stress cost_up");
    has(out_text, "  answer: ");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(poolcast("stress '%s' %s -o bad.h5", SMOKE, wrong[i][0]), 2);
        has(err_text, wrong[i][1]);
    }
    assert_int_equal(poolcast("stress '%s' --stress cost_up --paths 32 -q -o s1.h5", SMOKE), 2);
    has(err_text, "s1.h5");
    assert_int_equal(poolcast("stress '%s' --stress cost_up --paths 32 -q -o /nowhere/s.h5", SMOKE), 74);
    assert_int_not_equal(access("bad.h5", F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stress_answers),
    };

    return cmocka_run_group_tests_name("cli.stress", tests, cli_start, cli_end);
}
