/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters that were drawn once a path are counted, and what they are about is named; none where all are taken as
 * known. */
#include "../integration/scenario_text.h"

#include "report/uncertain.h"

static int names_of(const char *const *sets, int n_sets, char *text, size_t room)
{
    sim s;
    pc_view view;
    pc_status st = {0};
    int n;

    sim_small(&s);
    sim_set(&s, "paths=16");
    for (int i = 0; i < n_sets; i++) {
        sim_set(&s, sets[i]);
    }
    sim_run(&s);
    assert_int_equal(pc_view_open(s.results, &view, &st), PC_OK);
    n = pc_uncertain_parameters(&view, text, room);
    sim_end(&s);
    return n;
}

static void test_names(void **state)
{
    static const char *const sets[] = {"wages.growth_se=1 %", "membership.regional_retirees_se=0.5 %",
                                       "mortality.drift_se=0.1"};
    char text[256];

    (void)state;
    assert_int_equal(names_of(NULL, 0, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(names_of(sets, 3, text, sizeof text), 3);
    assert_string_equal(text, "mortality, retirees, wages");
    assert_int_equal(names_of(sets, 3, text, 16), 3);
    assert_string_equal(text, "mortality, reti");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
