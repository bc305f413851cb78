/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hand-worked pools of two and three regions. */
#include "rig.h"

static const int whole_of[4] = {0, 0, 0, 0};
static const pc_partition whole = {"whole", 1, whole_of, NULL};

typedef struct setup {
    pc_layer_use use;
    pc_shortfall_use rules[2];
    pc_phase phases[3];
    pc_policy_spec spec;
    pc_value *values, *limits[2];
} setup;

static void set_up(rig *g, setup *s, double merge, int merge_debts, double province, double county)
{
    const pc_head *head = &pc_unified_layer.head;

    s->values = rig_values(g, head);
    rig_put(head, s->values, "merge", merge);
    rig_put(head, s->values, "merge_debts", merge_debts);
    rig_put(head, s->values, "share_province", province);
    rig_put(head, s->values, "share_county", county);
    s->use = (pc_layer_use){&pc_unified_layer, s->values, &whole};
    s->phases[0] = (pc_phase){.from = 1, .n_layers = 1, .layers = &s->use};
    s->phases[1] = s->phases[2] = (pc_phase){.from = 2};
    s->spec = (pc_policy_spec){.name = "pool", .n_phases = {1, 0}, .phases = {s->phases, NULL}};
}

static double pool_of(const rig *g)
{
    double sum = rig_view(g, PC_EMPLOYEE)->total[0];

    for (int r = 0; r < g->n_regions; r++) {
        sum -= rig_own(g, PC_EMPLOYEE, r);
    }
    return sum;
}

/* S = 40, -10; merge a half: 20 moves in, 20 and -10 stay. i = 0.1, spread 0.05. R 100, 50, E 80, 60, X 4, 6: K = 20 +
 * 0, B = 22 + 0 = 22; kept 22; -10 - 1.5. */
static void test_partial_merge(void **state)
{
    rig *g = rig_new(2, 1, 0.1);
    setup s;

    (void)state;
    g->env.spread = 0.05;
    g->balance_start[0][0] = 40;
    g->balance_start[0][1] = -10;
    set_up(g, &s, 0.5, 0, 0, 0);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 80, 4);
    rig_year_flows(g, 0, 1, 50, 60, 6);
    rig_step(g, 1);
    assert_near(pool_of(g), 22, 1e-14);
    assert_near(rig_own(g, 0, 0), 22, 1e-14);
    assert_near(rig_own(g, 0, 1), -11.5, 1e-14);
    assert_near(rig_get(g, "reserve_months", PC_EMPLOYEE, 0, 1, 0), 12 * (22.0 / 140 + 22.0 / 80), 1e-13);
    assert_near(rig_get(g, "reserve_months", PC_EMPLOYEE, 1, 1, 0), 12 * (22.0 / 140 - 11.5 / 60), 1e-13);
    /* (E - R) - R / 150 (140 - 150) */
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 1, 0), -20 + 100.0 / 15, 1e-13);
    assert_near(rig_get(g, "net_transfer_per_member", PC_EMPLOYEE, 1, 1, 0), (10 + 50.0 / 15) / 1000, 1e-13);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 2, 1, 0), 0, 1e-12);
    assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, 1, 1, 0) == 0);
    assert_true(rig_get(g, "deficit", PC_EMPLOYEE, 0, 1, 0) == 0); /* 150 = 150 */
    rig_free(g);
}

static void test_merge_debts(void **state)
{
    rig *g = rig_new(2, 1, 0);
    setup s;

    (void)state;
    g->balance_start[0][0] = 40;
    g->balance_start[0][1] = -10;
    set_up(g, &s, 1, 1, 0, 0);
    rig_start(g, &s.spec);
    rig_step(g, 1);
    assert_near(pool_of(g), 30, 1e-14);
    assert_near(rig_own(g, 0, 1), 0, 1e-14);
    rig_free(g);
}

/* Gap 60 of three regions with merge 0 and S = 10, 30, 5: province 0.2 pays 12, county 0.3 pays 18, members owe 30 in
 * the ratio of E - R = 60 : 30 : 0 -> 20, 10, 0. They pay from what they kept: 10 and 10; region 0's other 10 by the
 * rules. */
static void gap(int backstop, double borrow_months)
{
    rig *g = rig_new(3, 1, 0);
    setup s;
    const double *treasury;

    for (int r = 0; r < 3; r++) {
        g->balance_start[0][r] = r == 0 ? 10 : r == 1 ? 30 : 5;
    }
    set_up(g, &s, 0, 0, 0.2, 0.3);
    s.limits[0] = rig_values(g, &pc_borrow_rule.head);
    s.limits[1] = rig_values(g, &pc_backstop_rule.head);
    rig_put(&pc_borrow_rule.head, s.limits[0], "limit_months", borrow_months);
    rig_put(&pc_backstop_rule.head, s.limits[1], "payer", PC_PAYER_CENTRAL);
    rig_put(&pc_backstop_rule.head, s.limits[1], "limit_months", 0.3); /* 0.3 / 12 * 160 = 4 */
    s.rules[0] = (pc_shortfall_use){&pc_borrow_rule, s.limits[0]};
    s.rules[1] = (pc_shortfall_use){&pc_backstop_rule, s.limits[1]};
    s.phases[0].shortfalls = s.rules;
    s.phases[0].n_shortfalls = backstop ? 2 : 0;
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 160, 0);
    rig_year_flows(g, 0, 1, 50, 80, 0);
    rig_year_flows(g, 0, 2, 80, 50, 0);
    rig_step(g, 1);
    treasury = rig_view(g, PC_EMPLOYEE)->treasury;
    assert_near(pool_of(g), 0, 1e-13);
    assert_near(-treasury[PC_PAYER_PROVINCE * PC_LANES], 12, 1e-14);
    assert_near(-treasury[PC_PAYER_COUNTY * PC_LANES], 18, 1e-14);
    /* borrow up to 3 (0.225 months of 160), then the centre up to 4, the rest is borrowed */
    assert_near(-treasury[PC_PAYER_CENTRAL * PC_LANES], backstop ? 4 : 0, 1e-14);
    assert_near(rig_own(g, 0, 0), backstop ? -6 : -10, 1e-13);
    assert_near(rig_own(g, 0, 1), 20, 1e-14);
    assert_near(rig_own(g, 0, 2), 5, 1e-14);
    for (int r = 0; r < 3; r++) { /* upper levels pay a part: every member's account was rescued */
        assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, r, 1, 0) == 1);
    }
    assert_near(rig_get(g, "treasury_gross", PC_EMPLOYEE, 0, 0, 0), backstop ? 34 : 30, 1e-13);
    assert_near(rig_get(g, "depletion_depth", PC_EMPLOYEE, 0, 1, 0), 60.0 / 290, 1e-13);
    assert_true(pc_pooling_residual(g->state) < 1e-14);
    rig_free(g);
}

static void test_gap_borrow(void **state)
{
    (void)state;
    gap(0, 0);
}

static void test_gap_rules(void **state)
{
    (void)state;
    gap(1, 0.225);
}

/* Without upper levels only the member that cannot pay its part is depleted; E shares where nobody lacks revenue. */
static void test_depleted_members(void **state)
{
    rig *g = rig_new(3, 2, 0);
    setup s;

    (void)state;
    for (int r = 0; r < 3; r++) {
        g->balance_start[0][r] = r == 0 ? 10 : 30;
    }
    set_up(g, &s, 0, 0, 0, 0);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 120, 0);
    rig_year_flows(g, 0, 1, 50, 70, 0);
    rig_year_flows(g, 0, 2, 20, 10, 0); /* gap 30: owed 15, 15, 0 */
    rig_step(g, 1);
    assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, 0, 1, 0) == 1);
    assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, 1, 1, 0) == 0);
    assert_near(rig_get(g, "member_weighted_depletion", PC_EMPLOYEE, 0, 1, 0), 1.0 / 3, 1e-14);
    /* together -30 + 70 are not short */
    assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, 4, 1, 0) == 0);
    assert_true(rig_get(g, "structural_shortfall", PC_EMPLOYEE, 0, 1, 0) == 1);
    assert_near(rig_own(g, 0, 0), -5, 1e-13);
    /* only X makes the gap: 16 by E 100 : 50 : 10 */
    rig_year_flows(g, 0, 0, 100, 100, 16);
    rig_year_flows(g, 0, 1, 50, 50, 0);
    rig_year_flows(g, 0, 2, 10, 10, 0);
    rig_step(g, 2);
    assert_near(rig_own(g, 0, 0), -15, 1e-13);
    assert_near(rig_own(g, 0, 1), 10, 1e-13);
    assert_near(rig_own(g, 0, 2), 29, 1e-13);
    assert_true(rig_get(g, "depleted_by", PC_EMPLOYEE, 1, 2, 0) == 0);
    rig_free(g);
}

/* S = 60, 20 merged; year 1 E 30, 10 and R the same; leaving: 80 is split 60, 20. Then it joins again with merge 0.5.
 */
static void test_leaving(void **state)
{
    rig *g = rig_new(2, 3, 0);
    setup s;

    (void)state;
    g->balance_start[0][0] = 20;
    g->balance_start[0][1] = 60;
    set_up(g, &s, 1, 0, 0, 0);
    s.phases[2] = s.phases[0];
    s.phases[2].from = 3;
    s.spec.n_phases[0] = 3;
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 30, 30, 0);
    rig_year_flows(g, 0, 1, 10, 10, 0);
    rig_step(g, 1);
    assert_near(pool_of(g), 80, 1e-14);
    rig_step(g, 2);
    assert_near(pool_of(g), 0, 1e-14);
    assert_near(rig_own(g, 0, 0), 60, 1e-14);
    assert_near(rig_own(g, 0, 1), 20, 1e-14);
    rig_put(&pc_unified_layer.head, s.values, "merge", 0.5);
    rig_step(g, 3);
    assert_near(pool_of(g), 40, 1e-14);
    assert_near(rig_own(g, 0, 0), 30, 1e-14);
    rig_free(g);
}

/* A pool of regions 0 and 1 below an adjustment fund over the whole: its accounts are the pool and region 2. */
static void test_fund_over_pool(void **state)
{
    static const int pair_of[3] = {0, 0, -1};
    static const pc_partition pair = {"pair", 1, pair_of, NULL};
    const pc_head *head = &pc_adjustment_fund_layer.head;
    rig *g = rig_new(3, 1, 0);
    pc_value *values = rig_values(g, head);
    pc_layer_use uses[2];
    setup s;

    (void)state;
    set_up(g, &s, 1, 0, 0, 0);
    s.use.over = &pair;
    rig_put(head, values, "levy", 0.1);
    rig_put(head, values, "allocation", 1);
    rig_put(head, values, "target_months", 6);
    uses[0] = (pc_layer_use){&pc_adjustment_fund_layer, values, &whole};
    uses[1] = s.use;
    s.phases[0].layers = uses;
    s.phases[0].n_layers = 2;
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 40, 30, 0);
    rig_year_flows(g, 0, 1, 20, 50, 0); /* pool: -20 - 6, needs 40 + 26 = 66 */
    rig_year_flows(g, 0, 2, 90, 10, 0); /* 80 - 9: no need; M = 15 all to the pool: -11, owed by region 1 */
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 2), 71, 1e-14);
    assert_near(rig_own(g, 0, 1), -11, 1e-14);
    assert_near(rig_own(g, 0, 0), 0, 1e-14);
    /* unified part -10 + 2/3 * -20, and E share 3/8 of the pool's 15 - 6 */
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 1, 0), -10 - 40 * 20.0 / 60 + 9 * 30.0 / 80, 1e-13);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 4, 1, 0), 0, 1e-12);
    rig_free(g);
}

/* Nobody pays in: no share of the revenue to go by, so each member bears the same part, (80 + 60) / 2. */
static void test_no_revenue(void **state)
{
    rig *g = rig_new(2, 1, 0.1);
    setup s;

    (void)state;
    g->balance_start[0][0] = g->balance_start[0][1] = 1000;
    set_up(g, &s, 1, 0, 0, 0);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 0, 80, 0);
    rig_year_flows(g, 0, 1, 0, 60, 0);
    rig_step(g, 1);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 1, 0), 10, 1e-12);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 1, 1, 0), -10, 1e-12);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_revenue),  cmocka_unit_test(test_partial_merge),
        cmocka_unit_test(test_merge_debts), cmocka_unit_test(test_gap_borrow),
        cmocka_unit_test(test_gap_rules),   cmocka_unit_test(test_depleted_members),
        cmocka_unit_test(test_leaving),     cmocka_unit_test(test_fund_over_pool),
    };

    return cmocka_run_group_tests_name("unified", tests, NULL, NULL);
}
