/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Behaviour under pooling, budgets, reform of care and release of surplus by their closed forms. */
#include "setup.h"

/* theta 0.1 at depth 0.5: 95 of 100; with an uncertain theta each path its own, the same in all years. */
static void test_collection_loss(void **state)
{
    double eps[2 * PC_LANES], depth[3] = {0, 0.5, 1};
    const pc_lever *lever = &pc_collection_loss_lever;
    int row = pc_lever_draw(lever);
    one o;
    pc_value *v;

    (void)state;
    assert_true(row >= 0 && row < pc_lever_draws() && pc_lever_drawn(row) == lever);
    for (double sd = 0; sd < 1; sd += 0.6) {
        one_new(&o, 2);
        v = one_lever(&o, 0, lever);
        rig_put(&lever->head, v, "sd_log", sd);
        rig_put(&lever->head, v, "theta", 0.1);
        v[2].series = depth;
        one_start(&o, PC_EMPLOYEE, 1, 1);
        for (int k = 0; k < 2 * PC_LANES; k++) {
            eps[k] = (k / PC_LANES == row ? 1 : -1) * (k % PC_LANES - 100) * 0.05;
        }
        rig_year_flows(o.g, PC_EMPLOYEE, 1, 100, 50, 5);
        assert_near(one_year(&o, PC_EMPLOYEE, 1)->revenue[PC_LANES], 100 * (1 - 0.05 * exp(-sd * sd / 2)), 1e-14);
        pc_pooling_draws(eps, 0, o.g->state);
        for (int y = 1; y <= 2; y++) {
            const pc_flows *own = one_year(&o, PC_EMPLOYEE, y);
            for (int l = 0; l < PC_LANES; l += 15) {
                double lost = 0.1 * exp(sd * (l - 100) * 0.05 - sd * sd / 2) * depth[y];
                assert_near(own->revenue[PC_LANES + l], lost < 1 ? 100 * (1 - lost) : 0, 1e-13);
            }
        }
        rig_free(o.g);
    }
}

static void test_siphoning(void **state)
{
    static const char *const ids[2] = {"330100", "330200"};
    const pc_lever *lever = &pc_siphoning_lever;

    (void)state;
    for (int hubs = 0; hubs < 2; hubs++) {
        one o;
        pc_value *v;
        const pc_flows *own;
        one_new(&o, 1);
        o.g->env.region_ids = ids;
        v = one_lever(&o, 0, lever);
        rig_put(&lever->head, v, "theta", 0.2);
        rig_put(&lever->head, v, "depth", 0.5);
        rig_put(&lever->head, v, "price_ratio", 1.5);
        v[4].text = hubs ? "330200" : "";
        one_start(&o, PC_EMPLOYEE, 1, 1);
        rig_year_flows(o.g, PC_EMPLOYEE, 0, 100, 50, 5);
        rig_year_flows(o.g, PC_EMPLOYEE, 1, 100, 50, 5);
        own = one_year(&o, PC_EMPLOYEE, 1);
        assert_near(own->expenditure[0], hubs ? 52.5 : 55, 1e-14);
        assert_near(own->expenditure[PC_LANES], hubs ? 50 : 55, 1e-14);
        assert_near(rig_view(o.g, PC_EMPLOYEE)->away[9], hubs ? 7.5 / 52.5 : 0, 1e-14);
        assert_near(rig_view(o.g, PC_EMPLOYEE)->away[PC_LANES], 0, 0);
        assert_null(rig_view(o.g, PC_RESIDENT)->away);
        rig_free(o.g);
    }
}

/* No more than all use can move to hubs; without hubs it may more than double. */
static void test_siphoning_beyond_all(void **state)
{
    static const char *const ids[2] = {"330100", "330200"};

    (void)state;
    for (int hubs = 0; hubs < 2; hubs++) {
        one o;
        pc_value *v;
        const pc_flows *own;
        double eps[2 * PC_LANES];
        one_new(&o, 1);
        o.g->env.region_ids = ids;
        v = one_lever(&o, 0, &pc_siphoning_lever);
        rig_put(&pc_siphoning_lever.head, v, "theta", 0.5);
        rig_put(&pc_siphoning_lever.head, v, "sd_log", 1);
        rig_put(&pc_siphoning_lever.head, v, "price_ratio", 1.5);
        v[4].text = hubs ? "330200" : "";
        one_start(&o, PC_EMPLOYEE, 1, 1);
        for (int l = 0; l < 2 * PC_LANES; l++) {
            eps[l] = 3;
        }
        pc_pooling_draws(eps, 0, o.g->state);
        rig_year_flows(o.g, PC_EMPLOYEE, 0, 100, 50, 5);
        rig_year_flows(o.g, PC_EMPLOYEE, 1, 100, 50, 5);
        own = one_year(&o, PC_EMPLOYEE, 1);
        /* 0.5 exp(3 - 1/2) = 6.1 */
        assert_near(own->expenditure[0], hubs ? 75 : 50 * (1 + 0.5 * exp(2.5)), 1e-13);
        rig_free(o.g);
    }
}

static void test_siphoning_unknown_hub(void **state)
{
    static const char *const ids[2] = {"330100", "330200"};
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 1);
    o.g->env.region_ids = ids;
    v = one_lever(&o, 0, &pc_siphoning_lever);
    v[4].text = "110000";
    o.phase = (pc_phase){.from = 1, .n_levers = 1, .levers = o.uses};
    o.spec = (pc_policy_spec){.name = "hubs", .n_phases = {1, 0}, .phases = {&o.phase, NULL}};
    assert_int_equal(pc_pooling_prepare(&o.g->pooling, &o.spec, &o.g->env, &o.g->arena, &o.g->status), PC_ERR_INPUT);
    assert_non_null(strstr(o.g->status.message, "110000"));
    rig_free(o.g);
}

/* After all other levers: revenue 100 times 1.1, limit 0.95 of it, written first. */
static void test_budget_cap(void **state)
{
    one o;
    pc_value *v;
    const pc_flows *own;

    (void)state;
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_budget_cap_lever);
    rig_put(&pc_budget_cap_lever.head, v, "share", 0.95);
    v = one_lever(&o, 1, &pc_rate_lever);
    rig_put(&pc_rate_lever.head, v, "factor", 1.1);
    one_start(&o, PC_EMPLOYEE, 2, 1);
    rig_year_flows(o.g, PC_EMPLOYEE, 0, 100, 120, 5);
    rig_year_flows(o.g, PC_EMPLOYEE, 1, 100, 80, 5);
    own = one_year(&o, PC_EMPLOYEE, 1);
    assert_near(own->expenditure[2], 104.5, 1e-14);
    assert_near(own->expenditure[PC_LANES + 2], 80, 0);
    rig_free(o.g);
}

static void test_tiered_care(void **state)
{
    const double factor[6] = {1, 1, 0.95 * exp(-0.01), 0.9 * exp(-0.02), 0.9 * exp(-0.03), 0.9 * exp(-0.03)};
    const pc_head *head = &pc_tiered_care_lever.head;
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 5);
    v = one_lever(&o, 0, &pc_tiered_care_lever);
    rig_put(head, v, "level", 0.9);
    rig_put(head, v, "years", 2);
    rig_put(head, v, "slower", 0.01);
    rig_put(head, v, "slower_years", 3);
    one_start(&o, PC_RESIDENT, 1, 2);
    rig_year_flows(o.g, PC_RESIDENT, 0, 100, 80, 0);
    for (int y = 1; y <= 5; y++) {
        assert_near(one_year(&o, PC_RESIDENT, y)->expenditure[1], 80 * factor[y], 1e-14);
    }
    rig_free(o.g);
}

/* Balance 200, expenditure 120 and 10 months kept: half of 100 goes out, to patients, to those who pay or to providers;
 * the ledger closes, and the central path of flows releases nothing. */
static void test_release_surplus(void **state)
{
    const pc_head *head = &pc_release_surplus_lever.head;

    (void)state;
    for (int to = 0; to < 3; to++) {
        one o;
        pc_value *v;
        const pc_flows *own;
        one_new(&o, 1);
        o.g->weather.interest[0] = 0;
        o.g->balance_start[PC_EMPLOYEE][0] = 200;
        o.g->balance_start[PC_EMPLOYEE][1] = 90;
        v = one_lever(&o, 0, &pc_release_surplus_lever);
        rig_put(head, v, "months", 10);
        rig_put(head, v, "share", 0.5);
        rig_put(head, v, "to", to);
        for (int r = 0; r < 2; r++) {
            rig_year_flows(o.g, PC_EMPLOYEE, r, 130, 120, 0);
            rig_year_flows(o.g, PC_RESIDENT, r, 1, 1, 0);
        }
        one_start(&o, PC_EMPLOYEE, 1, 1);
        own = one_year(&o, PC_EMPLOYEE, 1);
        assert_near(own->expenditure[0], to == 0 ? 170 : 120, 1e-14);
        assert_near(own->revenue[0], to == 1 ? 80 : 130, 1e-14);
        assert_near(own->expenditure[PC_LANES], 120, 0);
        pc_pooling_draws(NULL, 1, o.g->state);
        own = one_year(&o, PC_EMPLOYEE, 1);
        assert_near(own->expenditure[0], 120, 0);
        assert_near(own->revenue[0], 130, 0);
        pc_pooling_draws(NULL, 0, o.g->state);
        rig_step(o.g, 1);
        assert_near(rig_own(o.g, PC_EMPLOYEE, 0), 160, 1e-14);
        assert_true(pc_pooling_residual(o.g->state) < 1e-12);
        rig_free(o.g);
    }
}

/* In a pool the release is taken from the pool: balances 200 and 100 merged, expenditure 120 and 60, no months kept, a
 * tenth of everything goes to providers in each of two years; the identity holds. */
static void test_release_from_pool(void **state)
{
    static const int whole[2] = {0, 0};
    static const char *const names[1] = {"whole"};
    static const pc_partition partition = {"whole", 1, whole, names};
    const pc_head *head = &pc_release_surplus_lever.head;
    pc_layer_use layer = {.layer = &pc_unified_layer, .over = &partition};
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 2);
    for (int l = 0; l < PC_LANES; l++) {
        o.g->weather.interest[l] = 0;
    }
    layer.values = rig_values(o.g, &pc_unified_layer.head);
    o.g->balance_start[PC_EMPLOYEE][0] = 200;
    o.g->balance_start[PC_EMPLOYEE][1] = 100;
    v = one_lever(&o, 0, &pc_release_surplus_lever);
    rig_put(head, v, "months", 0);
    rig_put(head, v, "share", 0.1);
    rig_put(head, v, "to", 2);
    for (int r = 0; r < 2; r++) {
        rig_year_flows(o.g, PC_EMPLOYEE, r, r ? 60 : 120, r ? 60 : 120, 0);
        rig_year_flows(o.g, PC_RESIDENT, r, 1, 1, 0);
    }
    o.phase = (pc_phase){.from = 1, .n_layers = 1, .layers = &layer, .n_levers = 1, .levers = o.uses};
    o.spec = (pc_policy_spec){.name = "pool", .n_phases = {1, 0}, .phases = {&o.phase, NULL}};
    rig_start(o.g, &o.spec);
    rig_step(o.g, 1);
    assert_near(rig_view(o.g, PC_EMPLOYEE)->total[0], 270, 1e-14);
    rig_step(o.g, 2);
    assert_near(rig_view(o.g, PC_EMPLOYEE)->total[0], 243, 1e-14);
    assert_near(rig_view(o.g, PC_EMPLOYEE)->balance[1][0], 81, 1e-14);
    assert_true(pc_pooling_residual(o.g->state) < 1e-12);
    rig_free(o.g);
}

/* A lever in its neutral position leaves every bit. */
static void test_neutral(void **state)
{
    static const struct {
        const pc_lever *lever;
        int scheme;
        const char *key;
        double value;
    } cases[] = {
        {&pc_benefit_lever, PC_EMPLOYEE, "factor", 1},
        {&pc_rate_lever, PC_EMPLOYEE, "factor", 1},
        {&pc_contribution_base_lever, PC_EMPLOYEE, "factor", 1},
        {&pc_pooled_share_lever, PC_EMPLOYEE, "factor", 1},
        {&pc_collection_loss_lever, PC_RESIDENT, "depth", 0},
        {&pc_siphoning_lever, PC_RESIDENT, "depth", 0},
        {&pc_budget_cap_lever, PC_RESIDENT, "share", 10},
        {&pc_tiered_care_lever, PC_RESIDENT, "level", 1},
        {&pc_benefit_convergence_lever, PC_RESIDENT, "gap", 1},
        {&pc_release_surplus_lever, PC_RESIDENT, "share", 0},
        {&pc_enrolment_response_lever, PC_RESIDENT, "factor", 1},
        {&pc_subsidy_lever, PC_RESIDENT, "yuan", 0},
    };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        int scheme = cases[k].scheme;
        uint64_t seed = 7 + k;
        one o;
        pc_value *v;
        const pc_flows *own;
        one_new(&o, 1);
        v = one_lever(&o, 0, cases[k].lever);
        rig_put(&cases[k].lever->head, v, cases[k].key, cases[k].value);
        for (int r = 0; r < 2; r++) {
            rig_year_flows(o.g, scheme, r, 100 + rig_uniform(&seed), 90 + rig_uniform(&seed), rig_uniform(&seed));
            rig_set(o.g, scheme, PC_FLOW_CREDITS, r, rig_flow(o.g, scheme, PC_FLOW_OTHER)[r * PC_LANES]);
        }
        one_start(&o, scheme, 1, 1);
        own = one_year(&o, scheme, 1);
        for (size_t i = 0; i < 2 * PC_LANES; i++) {
            assert_true(own->revenue[i] == o.g->flows[scheme].revenue[i]);
            assert_true(own->expenditure[i] == o.g->flows[scheme].expenditure[i]);
            assert_true(own->other[i] == o.g->flows[scheme].other[i]);
            assert_true(own->members[i] == o.g->flows[scheme].members[i]);
            assert_true(!own->account || own->account[i] == o.g->flows[scheme].account[i]);
        }
        rig_free(o.g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_collection_loss),
        cmocka_unit_test(test_siphoning),
        cmocka_unit_test(test_siphoning_beyond_all),
        cmocka_unit_test(test_siphoning_unknown_hub),
        cmocka_unit_test(test_budget_cap),
        cmocka_unit_test(test_tiered_care),
        cmocka_unit_test(test_release_surplus),
        cmocka_unit_test(test_release_from_pool),
        cmocka_unit_test(test_neutral),
    };

    return cmocka_run_group_tests_name("behaviour", tests, NULL, NULL);
}
