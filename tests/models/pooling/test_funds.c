/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the examples leave out: funds and debts when pools come and go, aid both ways, rules mixed and inside pools,
 * conditions and rewards of the adjustment fund. */
#include "rig.h"

static const int whole_of[3] = {0, 0, 0};
static const pc_partition whole = {"whole", 1, whole_of, NULL};

typedef struct setup {
    pc_layer_use uses[3][2];
    pc_shortfall_use rules[5];
    pc_phase phases[3];
    pc_policy_spec spec;
} setup;

/* Up to three phases from the years 1, 2, 3: `layer`, with unified in those that `pooled` has a bit for. */
static pc_value *phases_of(rig *g, setup *s, const pc_layer *layer, int n_phases, unsigned pooled)
{
    pc_value *values = rig_values(g, &layer->head), *pool = rig_values(g, &pc_unified_layer.head);

    *s = (setup){.spec = {.name = "funds"}};
    for (int p = 0; p < n_phases; p++) {
        s->uses[p][0] = (pc_layer_use){layer, values, &whole};
        s->uses[p][1] = (pc_layer_use){&pc_unified_layer, pool, &whole};
        s->phases[p] = (pc_phase){
            .from = p + 1, .n_layers = pooled >> p & 1 ? 2 : 1, .layers = s->uses[p], .shortfalls = s->rules};
    }
    for (int c = 0; c < PC_SCHEMES; c++) {
        s->spec.n_phases[c] = n_phases;
        s->spec.phases[c] = s->phases;
    }
    return values;
}

static double balances(const rig *g, int scheme)
{
    double sum = 0;

    for (int r = 0; r < g->n_regions; r++) {
        sum += rig_view(g, scheme)->balance[r][0];
    }
    return sum;
}

/* City level, a pool, city level: each region has set aside 10 % of R = 100 and 50; the pool sets 15 aside more; when
 * it ends its reserve of 30 is split by E = 90 and 30: 22.5 and 7.5, and 10 and 5 more are set aside. */
static void test_special_fund_follows_pools(void **state)
{
    rig *g = rig_new(2, 3, 0);
    setup s;
    pc_value *values = phases_of(g, &s, &pc_special_fund_layer, 3, 2);
    static const double own[4][2] = {{0}, {0, 15}, {0, 0}, {22.5, 22.5}};

    (void)state;
    rig_put(&pc_special_fund_layer.head, values, "set_aside", 0.1);
    rig_put(&pc_special_fund_layer.head, values, "cap_months", 60);
    rig_start(g, &s.spec);
    for (int year = 1; year <= 3; year++) {
        double total;
        rig_year_flows(g, 0, 0, 100, 90, 0);
        rig_year_flows(g, 0, 1, 50, 30, 0);
        rig_step(g, year);
        total = rig_view(g, 0)->total[0];
        assert_near(total, 30.0 * year, 1e-13);
        assert_near(balances(g, 0), total, 1e-13);
        for (int r = 0; r < 2; r++) {
            assert_near(rig_own(g, 0, r), own[year][r], 1e-13);
        }
        if (year == 2) { /* pool 15 + 30 - 15 = 30 and reserve 30, by E */
            assert_near(rig_view(g, 0)->balance[0][0], 45, 1e-13);
        }
    }
    /* the pool's 30 by E: 22.5 + 10 - 10 and 7.5 + 20 - 5 */
    assert_near(rig_view(g, 0)->balance[0][0], 22.5 + 32.5, 1e-13);
    assert_near(rig_view(g, 0)->balance[1][0], 22.5 + 12.5, 1e-13);
    rig_free(g);
}

/* Two cities that owe 20 and 10 to the other scheme, then a pool that owes 30 and pays it back, with 10 % interest. */
static void test_debt_follows_pools(void **state)
{
    rig *g = rig_new(2, 3, 0);
    setup s;
    pc_value *values = phases_of(g, &s, &pc_mutual_aid_layer, 2, 2);

    (void)state;
    rig_put(&pc_mutual_aid_layer.head, values, "keep_months", 0);
    g->balance_start[0][0] = g->balance_start[0][1] = 100;
    rig_start(g, &s.spec);
    for (int r = 0; r < 2; r++) {
        rig_year_flows(g, 0, r, 10, 10, 0);
        rig_year_flows(g, 1, r, 10, r == 0 ? 30 : 20, 0);
    }
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 80, 1e-14);
    assert_near(rig_own(g, 0, 1), 90, 1e-14);
    for (int l = 0; l < PC_LANES; l++) {
        g->weather.interest[l] = 0.1;
    }
    for (int r = 0; r < 2; r++) {
        rig_year_flows(g, 1, r, 60, 50, 0); /* 20 and 1 interest for the pool: of the 33 owed 21 are paid */
    }
    rig_step(g, 2);
    assert_near(rig_view(g, 1)->total[0], 0, 1e-13);
    assert_near(rig_view(g, 0)->total[0], 170 * 1.1 + 21, 1e-13);
    rig_step(g, 3); /* 12 with interest 13.2 */
    assert_near(rig_view(g, 1)->total[0], 21 - 13.2, 1e-13);
    assert_true(pc_pooling_residual(g->state) < 1e-14);
    assert_near(balances(g, 0), rig_view(g, 0)->total[0], 1e-13);
    rig_free(g);
}

/* Written for both: employees borrow from residents in year 1, residents from employees in year 2, who first pay back.
 */
static void test_aid_both_ways(void **state)
{
    rig *g = rig_new(1, 2, 0);
    setup s;
    pc_value *values = phases_of(g, &s, &pc_mutual_aid_layer, 1, 0);

    (void)state;
    rig_put(&pc_mutual_aid_layer.head, values, "keep_months", 0);
    g->balance_start[1][0] = 25;
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 110, 0);
    rig_year_flows(g, 1, 0, 40, 40, 0);
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 0, 1e-14);
    assert_near(rig_own(g, 1, 0), 15, 1e-14);
    rig_year_flows(g, 0, 0, 100, 85, 0); /* 15: 10 go back, 5 are lent */
    rig_year_flows(g, 1, 0, 40, 70, 0);  /* 15 - 30 + 10 = -5 */
    rig_step(g, 2);
    assert_near(rig_own(g, 0, 0), 0, 1e-14);
    assert_near(rig_own(g, 1, 0), 0, 1e-14);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 2, 0), -15, 1e-14);
    assert_true(rig_get(g, "depleted_at", PC_RESIDENT, 0, 2, 0) == 0);
    rig_free(g);
}

static void test_aid_needs_alike_pools(void **state)
{
    rig *g = rig_new(2, 3, 0);
    setup s;

    (void)state;
    phases_of(g, &s, &pc_mutual_aid_layer, 2, 2);
    s.spec.n_phases[1] = 1; /* residents stay at city level */
    assert_int_equal(pc_pooling_prepare(&g->pooling, &s.spec, &g->env, &g->arena, &g->status), PC_ERR_INPUT);
    assert_non_null(strstr(g->status.message, "mutual_aid"));
    assert_non_null(strstr(g->status.message, "2026"));
    pc_arena_release(&g->arena);
    free(g);
}

/* Short by 60 of E = 100, budget 90: benefits 10, providers 10, the county one month, 2 months borrowed, the rest too.
 */
static void test_rules_in_order(void **state)
{
    rig *g = rig_new(1, 1, 0);
    setup s;
    pc_value *values[4];
    const pc_shortfall *rules[4] = {&pc_cut_benefits_rule, &pc_provider_loss_rule, &pc_backstop_rule, &pc_borrow_rule};

    (void)state;
    phases_of(g, &s, &pc_none_layer, 1, 0);
    for (int k = 0; k < 4; k++) {
        values[k] = rig_values(g, &rules[k]->head);
        s.rules[k] = (pc_shortfall_use){rules[k], values[k]};
    }
    s.phases[0].n_shortfalls = 4;
    rig_put(&rules[0]->head, values[0], "limit", 0.1);
    rig_put(&rules[2]->head, values[2], "payer", PC_PAYER_COUNTY);
    rig_put(&rules[2]->head, values[2], "limit_months", 1.2);
    rig_put(&rules[3]->head, values[3], "limit_months", 2.4);
    rig_year_flows(g, 0, 0, 90, 90, 0);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 40, 100, 0);
    rig_step(g, 1);
    assert_near(rig_view(g, 0)->unmet[0], -10, 1e-14);
    assert_near(rig_view(g, 0)->providers[0], -10, 1e-14);
    assert_near(rig_view(g, 0)->treasury[PC_PAYER_COUNTY * PC_LANES], -10, 1e-14);
    assert_near(rig_own(g, 0, 0), -30, 1e-14);
    assert_near(rig_view(g, 0)->rescue[0], 30, 1e-14);
    assert_true(pc_pooling_residual(g->state) < 1e-14);
    rig_free(g);
}

/* A pool short by 50: members owe 20 and 30 (gaps of 20 and 30). Budgets 110 and 80 (last year): providers bear 10 and
 * 0 (E 120, 80); what is left is cut up to 12 each (10 % of E: 12 and 8). The pool's rate rises by 50 / 2000 capped. */
static void test_rules_in_a_pool(void **state)
{
    rig *g = rig_new(2, 2, 0);
    setup s;
    pc_value *cut = rig_values(g, &pc_cut_benefits_rule.head), *raise = rig_values(g, &pc_raise_rate_rule.head);

    (void)state;
    phases_of(g, &s, &pc_none_layer, 1, 1);
    s.rules[0] = (pc_shortfall_use){&pc_provider_loss_rule, rig_values(g, &pc_provider_loss_rule.head)};
    s.rules[1] = (pc_shortfall_use){&pc_cut_benefits_rule, cut};
    s.rules[2] = (pc_shortfall_use){&pc_raise_rate_rule, raise};
    s.phases[0].n_shortfalls = 3;
    rig_put(&pc_cut_benefits_rule.head, cut, "limit", 0.1);
    rig_put(&pc_raise_rate_rule.head, raise, "cap", 0.02);
    rig_put(&pc_raise_rate_rule.head, raise, "max", 0.03);
    rig_year_flows(g, 0, 0, 100, 110, 0);
    rig_year_flows(g, 0, 1, 50, 80, 0);
    rig_start(g, &s.spec);
    for (int year = 1; year <= 2; year++) {
        rig_year_flows(g, 0, 0, 100, 120, 0);
        rig_year_flows(g, 0, 1, 50, 80, 0);
        rig_set(g, 0, PC_FLOW_BASE, 0, 1400);
        rig_set(g, 0, PC_FLOW_BASE, 1, 600);
        rig_step(g, year);
        if (year == 1) {
            assert_near(rig_view(g, 0)->providers[0], -10, 1e-13);
            assert_near(rig_view(g, 0)->unmet[0], -18, 1e-13);
            assert_near(rig_own(g, 0, 0), 0, 1e-13);
            assert_near(rig_own(g, 0, 1), -22, 1e-13);
        }
    }
    /* the second year's revenue: 2 % of the base */
    assert_near(rig_view(g, 0)->flows->revenue[0], 128, 1e-14);
    assert_near(rig_view(g, 0)->flows->revenue[PC_LANES], 62, 1e-14);
    assert_true(pc_pooling_residual(g->state) < 1e-14);
    rig_free(g);
}

/* The rate goes down again when the year has a surplus, by at most cap a year, and ends with the rule. */
static void test_rate_goes_back(void **state)
{
    static const double cost[] = {0, 130, 100, 100, 90, 90, 90}, rate[] = {0, 0, 0.01, 0.01, 0.01, 0.0, 0};
    rig *g = rig_new(1, 6, 0);
    setup s;
    pc_value *values = rig_values(g, &pc_raise_rate_rule.head);

    (void)state;
    phases_of(g, &s, &pc_none_layer, 1, 0);
    s.rules[0] = (pc_shortfall_use){&pc_raise_rate_rule, values};
    s.phases[0].n_shortfalls = 1;
    rig_put(&pc_raise_rate_rule.head, values, "cap", 0.01);
    rig_put(&pc_raise_rate_rule.head, values, "max", 0.015);
    rig_start(g, &s.spec);
    for (int year = 1; year <= 6; year++) {
        rig_year_flows(g, 0, 0, 100, year == 2 || year == 3 ? cost[year] + 10 : cost[year], 0);
        rig_set(g, 0, PC_FLOW_BASE, 0, 1000);
        rig_step(g, year);
        assert_near(rig_view(g, 0)->flows->revenue[0], 100 + 1000 * rate[year], 1e-14);
    }
    rig_free(g);
}

/* Levies 10 and 10 of R = 100 and 100 (payroll 1000 and 2000): collection 0.1 and 0.05 of an average of 0.0667. Needs
 * by ex_post, T = 12: E - B = 50 each. Only the first meets a floor of 0.9. With a budget of last year's E (100, growth
 * 1) and tolerance 10 %, only the second does (E 120 and 100). Reward: a half of M = 20 to who saved. */
static void test_conditions_and_reward(void **state)
{
    const pc_head *head = &pc_adjustment_fund_layer.head;

    (void)state;
    for (int which = 0; which < 4; which++) {
        rig *g = rig_new(2, 1, 0);
        setup s;
        pc_value *values = phases_of(g, &s, &pc_adjustment_fund_layer, 1, 0);
        rig_put(head, values, "levy", 0.1);
        rig_put(head, values, "allocation", 1);
        rig_put(head, values, "target_months", 12);
        if (which == 0 || which == 3) {
            rig_put(head, values, "collection_floor", 0.9);
        }
        if (which == 1) {
            rig_put(head, values, "budget_tolerance", 0.1);
        }
        if (which >= 2) {
            rig_put(head, values, "reward", 0.5);
        }
        rig_year_flows(g, 0, 0, 100, 100, 0);
        rig_year_flows(g, 0, 1, 100, 104, 0);
        rig_start(g, &s.spec);
        rig_year_flows(g, 0, 0, 100, 120, 0);
        rig_year_flows(g, 0, 1, 100, 100, 0);
        rig_set(g, 0, PC_FLOW_PAYROLL, 1, 2000);
        rig_step(g, 1);
        /* before payment: -30 and -10; needs 150 and 110 */
        if (which == 0 || which == 3) { /* who misses a condition gets no reward either */
            assert_near(rig_own(g, 0, 0), -10, 1e-13);
            assert_near(rig_own(g, 0, 1), -10, 1e-13);
        } else if (which == 1) {
            assert_near(rig_own(g, 0, 0), -30, 1e-13);
            assert_near(rig_own(g, 0, 1), 10, 1e-13);
        } else { /* the second saved 4: it gets 4, then 16 by needs of 150 and 106 */
            assert_near(rig_own(g, 0, 0), -30 + 16 * 150.0 / 256, 1e-13);
            assert_near(rig_own(g, 0, 1), -6 + 16 * 106.0 / 256, 1e-13);
        }
        rig_free(g);
    }
}

/* Expected cost of a pool is its members'; a group without any shares alike. */
static void test_risk_adjusted_over_a_pool(void **state)
{
    static const int pair_of[3] = {0, 0, -1};
    static const pc_partition pair = {"pair", 1, pair_of, NULL};
    rig *g = rig_new(3, 2, 0);
    setup s;

    (void)state;
    phases_of(g, &s, &pc_risk_adjusted_layer, 1, 1);
    s.uses[0][1].over = &pair;
    rig_start(g, &s.spec);
    for (int year = 1; year <= 2; year++) {
        for (int r = 0; r < 3; r++) {
            rig_year_flows(g, 0, r, 100, 100, 0);
            for (int l = 0; l < PC_LANES; l++) {
                g->flows[0].expected[r * PC_LANES + l] = year == 1 ? 30 + 30 * r : 0;
            }
        }
        rig_step(g, year);
        assert_near(rig_own(g, 0, 2), year == 1 ? 50 : 100, 1e-13); /* 300 / 2 - 100 each time */
        assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 2, year, 0), 50, 1e-13);
    }
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_special_fund_follows_pools),
        cmocka_unit_test(test_debt_follows_pools),
        cmocka_unit_test(test_aid_both_ways),
        cmocka_unit_test(test_aid_needs_alike_pools),
        cmocka_unit_test(test_rules_in_order),
        cmocka_unit_test(test_rules_in_a_pool),
        cmocka_unit_test(test_rate_goes_back),
        cmocka_unit_test(test_conditions_and_reward),
        cmocka_unit_test(test_risk_adjusted_over_a_pool),
    };

    return cmocka_run_group_tests_name("funds and rules", tests, NULL, NULL);
}
