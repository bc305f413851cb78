/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../pooling/rig.h"

typedef struct setup {
    pc_lever_use uses[4];
    pc_phase phases[2];
    pc_policy_spec spec;
} setup;

static void set_up(setup *s, int scheme, int n, int from)
{
    s->phases[0] = (pc_phase){.from = from, .n_levers = n, .levers = s->uses};
    s->phases[1] = s->phases[0];
    s->phases[1].from = from + 2;
    s->spec = (pc_policy_spec){.name = "levers"};
    s->spec.n_phases[scheme] = 1;
    s->spec.phases[scheme] = s->phases;
}

/* Before the phase nothing is copied; in it only the rows that the lever touches. */
static void test_benefit(void **state)
{
    rig *g = rig_new(2, 3, 0);
    double factor[4] = {1, 1, 0.9, 0.8};
    pc_value *values = rig_values(g, &pc_benefit_lever.head);
    const pc_flows *own;
    setup s;

    (void)state;
    values[0].series = factor;
    s.uses[0] = (pc_lever_use){&pc_benefit_lever, values};
    set_up(&s, PC_RESIDENT, 1, 2);
    rig_start(g, &s.spec);
    rig_year_flows(g, PC_RESIDENT, 1, 100, 50, 5);
    assert_ptr_equal(pc_pooling_levers(&g->pooling, 1, &g->weather, g->flows, g->state), g->flows);
    own = pc_pooling_levers(&g->pooling, 2, &g->weather, g->flows, g->state);
    assert_ptr_equal(own[PC_RESIDENT].revenue, g->flows[PC_RESIDENT].revenue);
    assert_ptr_equal(own[PC_EMPLOYEE].expenditure, g->flows[PC_EMPLOYEE].expenditure);
    assert_near(own[PC_RESIDENT].expenditure[PC_LANES + 9], 45, 1e-15);
    own = pc_pooling_levers(&g->pooling, 3, &g->weather, g->flows, g->state);
    assert_near(own[PC_RESIDENT].expenditure[PC_LANES + 9], 40, 1e-15);
    assert_near(g->flows[PC_RESIDENT].expenditure[PC_LANES + 9], 50, 0);
    rig_free(g);
}

/* Rates 0.06 and 0.10 on equal bases: four steps from the first year to 1.3333; the phase of year 3 does not start
 * anew. The retirees' contribution is added to it, however it is written, and X follows revenue. */
static void test_revenue_levers(void **state)
{
    rig *g = rig_new(2, 5, 0);
    double rate[6] = {0, 0.02, 0.02, 0.02, 0.02, 0.02};
    const double step[6] = {1, 1 + 1.0 / 12, 1 + 2.0 / 12, 1.25, 4.0 / 3, 4.0 / 3};
    pc_value *by = rig_values(g, &pc_rate_convergence_lever.head);
    pc_value *retirees = rig_values(g, &pc_retiree_contribution_lever.head);
    pc_value *major = rig_values(g, &pc_major_illness_lever.head);
    setup s;

    (void)state;
    g->rate[0] = 0.06;
    g->rate[1] = 0.10;
    g->payroll[0] = g->payroll[1] = 5;
    for (int y = 0; y <= 5; y++) {
        g->major[0][y] = 0.05;
    }
    rig_put(&pc_rate_convergence_lever.head, by, "by", 2028);
    retirees[0].series = rate;
    rig_put(&pc_major_illness_lever.head, major, "share", 0.1);
    s.uses[0] = (pc_lever_use){&pc_retiree_contribution_lever, retirees};
    s.uses[1] = (pc_lever_use){&pc_rate_convergence_lever, by};
    s.uses[2] = (pc_lever_use){&pc_major_illness_lever, major};
    set_up(&s, PC_EMPLOYEE, 2, 1);
    s.phases[1].n_levers = 3;
    s.spec.n_phases[PC_EMPLOYEE] = 2;
    rig_start(g, &s.spec);
    for (int r = 0; r < 2; r++) {
        rig_year_flows(g, PC_EMPLOYEE, r, 3e7, 2e7, 1e6);
        rig_set(g, PC_EMPLOYEE, PC_FLOW_RETIREES, r, 1000);
        for (int l = 0; l < PC_LANES; l++) {
            g->weather.wage[r * PC_LANES + l] = 1e5;
        }
    }
    for (int y = 1; y <= 5; y++) {
        const pc_flows *own = pc_pooling_levers(&g->pooling, y, &g->weather, g->flows, g->state);
        double low = 3e7 * step[y] + 9e5, share = y < 3 ? 0.05 : 0.1;
        /* the mean of 0.06 and 0.10 is 0.08 */
        assert_near(own[PC_EMPLOYEE].revenue[3], low, 1e-14);
        assert_near(own[PC_EMPLOYEE].revenue[PC_LANES + 3], 3e7 + 9e5, 1e-14);
        assert_near(own[PC_EMPLOYEE].other[3], 1e6 + share * low, 1e-14);
    }
    rig_free(g);
}

static void test_wrong_scheme(void **state)
{
    rig *g = rig_new(1, 1, 0);
    pc_value *by = rig_values(g, &pc_rate_convergence_lever.head);
    setup s;

    (void)state;
    s.uses[0] = (pc_lever_use){&pc_rate_convergence_lever, by};
    set_up(&s, PC_RESIDENT, 1, 1);
    assert_int_equal(pc_pooling_prepare(&g->pooling, &s.spec, &g->env, &g->arena, &g->status), PC_ERR_INPUT);
    assert_non_null(strstr(g->status.message, "rate_convergence"));
    pc_arena_release(&g->arena);
    free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_benefit),
        cmocka_unit_test(test_revenue_levers),
        cmocka_unit_test(test_wrong_scheme),
    };

    return cmocka_run_group_tests_name("levers", tests, NULL, NULL);
}
