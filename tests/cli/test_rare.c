/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static void rare_answers(void **state)
{
    (void)state;
    succeeds(
        poolcast("rare '%s' --event 'reserve_months(2027) <= 20' --policy unified --paths 4096 -o rare.h5", SMOKE));
    has(out_text, "the chance of reserve_months(2027) <= 20");
    has(out_text, "plain paths would need");
    has(out_text, "what takes a path there, shares of the squared distance: cost");
    succeeds(poolcast("show rare.h5"));
    has(out_text, "the chance of reserve_months(2027) <= 20");
    succeeds(
        poolcast("rare '%s' --event 'reserve_months(2027) <= 20' --policy unified --paths 4096 --threads 1 --csv -f "
                 "-o rare.h5",
                 SMOKE));
    has(out_text, "what,value\nprobability,");
    succeeds(poolcast("show rare.h5 --json"));
    has(out_text, "{\"measure\": \"reserve_months(2027)\", ");
    has(out_text, "\"share\": {\"mortality\": ");
    succeeds(
        poolcast("rare '%s' --event 'reserve_months(2027) <= 400' --policy unified --paths 256 -f -o rare.h5", SMOKE));
    has(out_text, "answer: 1 ± 0");
    has(out_text, "it happens on the central path: nothing was shifted, and 256 of 256 paths had it");
    assert_int_equal(
        poolcast("rare '%s' --event 'reserve_months(2025) <= -50' --policy unified --paths 256 -o no.h5", SMOKE), 2);
    has(err_text, "standard deviations away: it does not happen");
    assert_int_equal(poolcast("rare '%s' -o no.h5", SMOKE), 2);
    has(err_text, "which event?");
    assert_int_equal(poolcast("rare '%s' --event 'depleted_at(2027) >= 1' -o no.h5", SMOKE), 2);
    has(err_text, "is yes or no");
    assert_int_equal(access("no.h5", F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rare_answers),
    };

    return cmocka_run_group_tests_name("cli.rare", tests, cli_start, cli_end);
}
