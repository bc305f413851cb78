/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static void explain_answers(void **state)
{
    (void)state;
    succeeds(poolcast("explain '%s' --policy city --paths 64 --reproducible --threads 1 -o e1.h5", SMOKE));
    has(out_text, "most of the variance is from ");
    has(out_text, "poolcast replay");
    succeeds(poolcast("explain '%s' --policy city --paths 64 --reproducible --threads 2 -q -o e2.h5", SMOKE));
    assert_int_equal(system("cmp -s e1.h5 e2.h5"), 0);
    succeeds(poolcast(
        "explain '%s' --measure 'depleted_any(2040)' --scheme resident --no-tornado --paths 64 -q -o e3.h5", SMOKE));
    succeeds(poolcast("show e1.h5 --csv"));
    has(out_text, "cost");
    succeeds(poolcast("show e1.h5 --json"));
    has(out_text, "first");
    succeeds(poolcast("report e1.h5 -o e1.html"));
    assert_int_equal(poolcast("explain '%s' --paths 1 -o bad.h5", SMOKE), 2);
    has(err_text, "found 1 paths, allowed at least 2");
    assert_int_equal(poolcast("explain '%s' --measure 'reserve_months(2035' -o bad.h5", SMOKE), 2);
    assert_int_equal(poolcast("explain '%s' --policy nobody -o bad.h5", SMOKE), 2);
    has(err_text, "nobody");
    assert_int_not_equal(access("bad.h5", F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explain_answers),
    };

    return cmocka_run_group_tests_name("cli.explain", tests, cli_start, cli_end);
}
