/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

/* The answer on the terminal, in its file again, as CSV; what a user may get wrong. */
static void solve_answers(void **state)
{
    (void)state;
    succeeds(poolcast("solve %s --vary policy.city.rate.factor --range 1:3 --until 'actuarial_balance >= 0' --paths 64 "
                      "--horizon 5 --reproducible -o s.h5",
                      SMOKE));
    has(out_text, "the smallest policy.city.rate.factor with actuarial_balance >= 0 %\n");
    has(out_text, "  policy city, scheme employee; 64 paths in each of ");
    has(out_text, "  over the range the measure rises\n");
    succeeds(poolcast("show s.h5 --csv"));
    has(out_text, "what,value,value_se,measure,measure_se\nrun,1,,");
    succeeds(poolcast("show s.h5 --json"));
    has(out_text, "{\"key\": \"policy.city.rate.factor\", ");
    succeeds(poolcast("solve %s --vary policy.city.rate.factor --range 1:3 --until 'actuarial_balance >= 0' --paths 64 "
                      "--horizon 5 --reproducible --threads 1 -q -o t.h5",
                      SMOKE));
    assert_int_equal(system("cmp -s s.h5 t.h5"), 0);
    /* a run's file with the answer set in it, and a study's file where a run's is wanted */
    succeeds(poolcast("run s.h5 --set policy.city.rate.factor=1.1 --horizon 2 --paths 8 -q -o r.h5"));
    succeeds(poolcast(
        "solve %s --vary policy.city.rate.factor --grid 1:2:3 --measure 'revenue(2026)' --paths 64 -o g.h5", SMOKE));
    has(out_text, "revenue(2026) by policy.city.rate.factor\n");

    assert_int_equal(poolcast("solve %s --vary wages.sigmb --until 'depleted_any(2030) <= 0.1'", SMOKE), 2);
    has(err_text, "'wages.sigmb'");
    assert_int_equal(poolcast("solve %s --vary policy.city.rate.factor --until 'depleted_any(2030) <= 0.1'", SMOKE), 2);
    has(err_text, "say with --range LO:HI");
    assert_int_equal(poolcast("solve %s --vary wages.sigma --until 'depleted_any(2030) < many'", SMOKE), 2);
    has(err_text, "column 22: found 'many'");
    assert_int_equal(poolcast("solve %s --vary wages.sigma --until 'depleted_any(1930) < 1'", SMOKE), 2);
    has(err_text, "found the year 1930, allowed ");
    assert_int_equal(poolcast("solve %s --vary paths --until 'depleted_any(2030) < 1'", SMOKE), 2);
    has(err_text, "found 'paths'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solve_answers),
    };

    return cmocka_run_group_tests_name("cli.solve", tests, cli_start, cli_end);
}
