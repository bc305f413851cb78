/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of two and three cities without layers, by hand. */
#include "../pooling/rig.h"

static const pc_policy_spec city = {.name = "city"};

static void test_solvency(void **state)
{
    rig *g = rig_new(3, 2, 0);
    const int e = PC_EMPLOYEE, b = PC_BOTH, group = 3, whole = 4;

    (void)state;
    for (int r = 0; r < 3; r++) {
        g->balance_start[0][r] = r == 0 ? 5 : 50;
        g->balance_start[1][r] = 1;
    }
    rig_start(g, &city);
    rig_year_flows(g, 0, 0, 100, 110, 2); /* 5 - 12 = -7 */
    rig_year_flows(g, 0, 1, 100, 90, 2);  /* 50 + 8 = 58 */
    rig_year_flows(g, 0, 2, 100, 100, 0); /* 50 */
    rig_year_flows(g, 1, 0, 20, 10, 0);
    rig_year_flows(g, 1, 1, 20, 30, 0); /* -9 */
    rig_year_flows(g, 1, 2, 20, 20, 0);
    rig_set(g, 0, PC_FLOW_MEMBERS, 0, 2000);
    rig_set(g, 0, PC_FLOW_RETIREES, 2, 0);
    rig_step(g, 1);
    assert_near(rig_get(g, "balance", e, 0, 1, 0), -7, 1e-15);
    assert_near(rig_get(g, "balance", e, group, 1, 0), 51, 1e-15);
    assert_near(rig_get(g, "balance", b, whole, 1, 0), 101 + 11 - 9 + 1, 1e-15);
    assert_near(rig_get(g, "own_balance", b, 0, 1, 0), 4, 1e-15);
    assert_near(rig_get(g, "other_outgo", e, whole, 1, 0), 4, 1e-15);
    assert_near(rig_get(g, "reserve_months", e, group, 1, 0), 12 * 51.0 / 200, 1e-15);
    assert_near(rig_get(g, "ratio", e, group, 1, 0), 3, 1e-15);
    assert_true(isnan(rig_get(g, "ratio", e, 2, 1, 0)));
    assert_true(rig_get(g, "deficit", e, 0, 1, 0) == 1);
    assert_true(rig_get(g, "deficit", e, 2, 1, 0) == 0);
    assert_true(rig_get(g, "deficit", e, group, 1, 0) == 1); /* 200 < 204 */
    assert_true(rig_get(g, "deficit", b, 0, 1, 0) == 1);     /* 120 < 122 */
    assert_true(rig_get(g, "depleted_at", e, 0, 1, 0) == 1);
    assert_true(rig_get(g, "depleted_at", b, 1, 1, 0) == 1); /* residents are */
    assert_true(rig_get(g, "depleted_at", b, group, 1, 0) == 0);
    assert_near(rig_get(g, "member_weighted_depletion", e, 0, 1, 0), 2000.0 / 4000, 1e-15);
    assert_near(rig_get(g, "member_weighted_depletion", b, 0, 1, 0), 3000.0 / 7000, 1e-15);
    assert_near(rig_get(g, "depletion_depth", e, 0, 1, 0), 7.0 / 300, 1e-15);
    assert_near(rig_get(g, "depletion_depth", b, 0, 1, 0), 16.0 / 360, 1e-15);
    assert_true(rig_get(g, "structural_shortfall", PC_RESIDENT, 0, 1, 0) == 1);
    assert_true(rig_get(g, "depleted_any", e, 0, 1, 0) == 1);
    assert_true(rig_get(g, "deficit_by", e, 0, 1, 0) == 1);
    assert_true(rig_get(g, "deficit_by", e, 1, 1, 0) == 0);
    /* months: -0.76, 7.73, 6 */
    assert_true(rig_get_item(g, "months_below", e, 0, 0, 1, 0) == 1);
    assert_true(rig_get_item(g, "months_below", e, 0, 1, 1, 0) == 0);
    assert_true(rig_get_item(g, "months_below", e, 2, 1, 1, 0) == 0);
    assert_true(rig_get_item(g, "months_below", e, 3, 1, 1, 0) == 1);
    assert_true(rig_get_item(g, "months_below", e, 2, 2, 1, 0) == 0);     /* not below: exactly 6 */
    assert_true(rig_get_item(g, "months_below", e, 1, group, 1, 0) == 0); /* 3.06 */
    assert_true(rig_get_item(g, "months_below", e, 4, whole, 1, 0) == 1);
    assert_true(rig_get(g, "depleted_by_giving", e, 0, 1, 0) == 0); /* it gave nothing */
    /* next year nobody is short, but it has happened */
    rig_year_flows(g, 0, 0, 100, 50, 0);
    rig_year_flows(g, 1, 1, 100, 50, 0);
    rig_step(g, 2);
    assert_true(rig_get(g, "depleted_at", e, 0, 2, 0) == 0);
    assert_true(rig_get(g, "depleted_by", e, 0, 2, 0) == 1);
    assert_true(rig_get(g, "deficit", e, 0, 2, 0) == 0);
    assert_true(rig_get(g, "deficit_by", e, 0, 2, 0) == 1);
    assert_true(rig_get(g, "depleted_by", e, 1, 2, 0) == 0);
    assert_true(rig_get(g, "depleted_by", b, 1, 2, 0) == 1);
    assert_true(rig_get(g, "structural_shortfall", b, 0, 2, 0) == 0);
    assert_true(rig_get(g, "depleted_any", b, 0, 2, 0) == 1);
    rig_free(g);
}

/* Months 4, 8, 12 with members 1000, 1000, 2000; E/R 2 and 1 and 1. */
static void test_fairness(void **state)
{
    rig *g = rig_new(3, 1, 0);
    double mean = 9, gini_mean = 1.25;

    (void)state;
    for (int r = 0; r < 3; r++) {
        double e = r == 0 ? 60 : 30;
        rig_year_flows(g, 0, r, 30, e, 0);
        g->balance_start[0][r] = (r + 1) * 4 * e / 12 + e - 30;
    }
    rig_set(g, 0, PC_FLOW_MEMBERS, 2, 2000);
    for (int l = 0; l < PC_LANES; l++) { /* lane 0: wages rise with months, lane 1: fall, lane 2: the first two tie */
        static const double wages[3][3] = {{1, 2, 3}, {3, 2, 1}, {1, 1, 3}};
        for (int r = 0; r < 3; r++) {
            g->weather.wage[r * PC_LANES + l] = 1e5 * wages[l % 3][r];
        }
    }
    rig_start(g, &city);
    rig_step(g, 1);
    assert_near(rig_get(g, "months_concentration", PC_EMPLOYEE, 0, 1, 0), 1.75, 1e-14);
    assert_near(rig_get(g, "months_concentration", PC_EMPLOYEE, 0, 1, 1), -1.75, 1e-14);
    assert_near(rig_get(g, "months_concentration", PC_EMPLOYEE, 0, 1, 2), 1.5, 1e-14);
    /* the poorest draws 2 for 1: -(1/16 + 1/8) over the mean; twice the covariance with the rank gives the same */
    assert_near(rig_get(g, "benefit_concentration", PC_EMPLOYEE, 0, 1, 0), -0.1875 / gini_mean, 1e-14);
    assert_near(rig_get(g, "benefit_concentration", PC_EMPLOYEE, 0, 1, 0),
                2 * (0.25 * 2 * 0.125 + 0.25 * 0.375 + 0.5 * 0.75 - gini_mean * 0.5) / gini_mean, 1e-14);
    assert_near(rig_get(g, "benefit_concentration", PC_EMPLOYEE, 0, 1, 1), 0.1875 / gini_mean, 1e-14);
    assert_near(rig_get(g, "benefit_concentration", PC_EMPLOYEE, 0, 1, 2), -0.125 / gini_mean, 1e-14);
    assert_true(isnan(rig_get(g, "benefit_concentration", PC_RESIDENT, 0, 1, 0)));
    assert_near(rig_get(g, "benefit_per_contribution", PC_EMPLOYEE, 0, 1, 0), 2, 1e-15);
    assert_near(rig_get(g, "benefit_per_contribution", PC_EMPLOYEE, 4, 1, 0), 120.0 / 90, 1e-15); /* the whole */
    assert_true(isnan(rig_get(g, "benefit_per_contribution", PC_RESIDENT, 4, 1, 0)));
    /* sum over pairs: 1/16 * 4 + 1/8 * 8 + 1/8 * 4 */
    assert_near(rig_get(g, "months_dispersion", PC_EMPLOYEE, 0, 1, 0), 0.25 + 1 + 0.5, 1e-14);
    assert_near(rig_get(g, "months_sd", PC_EMPLOYEE, 0, 1, 0),
                sqrt(0.25 * (4 - mean) * (4 - mean) + 0.25 + 0.5 * (12 - mean) * (12 - mean)), 1e-14);
    assert_near(rig_get(g, "cost_ratio_gini", PC_EMPLOYEE, 0, 1, 0), (1.0 / 16 + 1.0 / 8) / gini_mean, 1e-14);
    /* shares of members 1/4, 1/4, 1/2 */
    assert_near(rig_get(g, "cost_ratio_theil", PC_EMPLOYEE, 0, 1, 0), 0.4 * log(1.6) + 0.6 * log(0.8), 1e-14);
    assert_true(isnan(rig_get(g, "cost_ratio_theil", PC_RESIDENT, 0, 1, 0)));
    assert_true(isnan(rig_get(g, "months_sd", PC_RESIDENT, 0, 1, 0))); /* nobody spends */
    rig_free(g);
}

/* A levy of 10 % of R = 100 with nothing given back. S = 5 and E = 102: 5 - 2 - 10 < 0 <= 3, short because it gave; S =
 * 0, E = 103: -3 without it. The third is not short. Two years: -20 a head of 1000, then 2000. */
static void test_giving(void **state)
{
    static const int all[3] = {0, 0, 0};
    static const pc_partition one = {"one", 1, all, NULL};
    rig *g = rig_new(3, 2, 0);
    pc_value *values = rig_values(g, &pc_adjustment_fund_layer.head);
    pc_layer_use use = {&pc_adjustment_fund_layer, values, &one};
    pc_phase phase = {.from = 1, .n_layers = 1, .layers = &use};
    pc_policy_spec spec = {.name = "giving", .n_phases = {1, 0}, .phases = {&phase, NULL}};

    (void)state;
    rig_put(&pc_adjustment_fund_layer.head, values, "levy", 0.1);
    rig_put(&pc_adjustment_fund_layer.head, values, "cover", 0);
    rig_put(&pc_adjustment_fund_layer.head, values, "reserve_use", 0);
    g->balance_start[0][0] = 5;
    g->balance_start[0][2] = 50;
    rig_start(g, &spec);
    for (int year = 1; year <= 2; year++) {
        rig_year_flows(g, 0, 0, 100, 102, 0);
        rig_year_flows(g, 0, 1, 100, 103, 0);
        rig_year_flows(g, 0, 2, 100, 100, 0);
        rig_set(g, 0, PC_FLOW_MEMBERS, 0, 1000 * year);
        rig_step(g, year);
    }
    assert_true(rig_get(g, "depleted_by_giving", PC_EMPLOYEE, 0, 1, 0) == 1);
    assert_true(rig_get(g, "depleted_by_giving", PC_BOTH, 0, 1, 0) == 1);
    assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, 1, 1, 0) == 1);
    assert_true(rig_get(g, "depleted_by_giving", PC_EMPLOYEE, 1, 1, 0) == 0);
    assert_true(rig_get(g, "depleted_by_giving", PC_EMPLOYEE, 2, 1, 0) == 0);
    assert_true(rig_get(g, "depleted_by_giving", PC_EMPLOYEE, 0, 2, 0) == 0); /* in debt since the year before */
    assert_near(rig_get(g, "net_transfer_to_date", PC_EMPLOYEE, 0, 1, 0), -0.01, 1e-14);
    assert_near(rig_get(g, "net_transfer_to_date", PC_EMPLOYEE, 0, 2, 0), -0.015, 1e-14);
    rig_free(g);
}

/* E = 12 a year, so that months are the balance. First lane of four paths: 7, 5, 2, 4, 4, 4 months; the others stay at
 * 20, 8 and 4. */
static void test_warning(void **state)
{
    static const double months[] = {7, 5, 2, 4, 4, 4}, flat[] = {20, 8, 4};
    rig *g = rig_new(4, 5, 0);
    const int e = PC_EMPLOYEE;

    (void)state;
    for (int r = 0; r < 4; r++) {
        g->balance_start[0][r] = r == 0 ? 7 : flat[r - 1];
        rig_year_flows(g, 0, r, 12, 12, 0);
    }
    rig_start(g, &city);
    for (int year = 1; year <= 5; year++) {
        rig_year_flows(g, 0, 0, 12 + months[year] - months[year - 1], 12, 0);
        rig_step(g, year);
    }
    assert_true(rig_get_item(g, "red_in_3_years_now", e, 2, 0, 0, 0) == 1); /* 7, then 5, 2, 4 */
    assert_true(isnan(rig_get_item(g, "red_in_3_years_now", e, 1, 0, 0, 0)));
    assert_true(rig_get_item(g, "red_in_3_years", e, 1, 0, 1, 0) == 1); /* 5, then 2, 4, 4 */
    assert_true(rig_get_item(g, "red_in_3_years_now", e, 4, 1, 0, 0) == 0);
    for (int band = 0; band < 5; band++) {
        assert_true(isnan(rig_get_item(g, "red_in_3_years", e, band, 0, 2, 0))); /* it is red itself, with 2 */
        for (int year = 1; year <= 5; year++) {
            for (int r = 1; r < 4; r++) {
                const int lies = (r == 1 && band == 4) || (r == 2 && band == 2) || (r == 3 && band == 1);
                double found = rig_get_item(g, "red_in_3_years", e, band, r, year, 0);
                assert_true(lies && year <= 2 ? found == 0 : isnan(found)); /* the window of year 3 ends in year 6 */
            }
        }
    }
    assert_true(isnan(rig_get_item(g, "months_below", PC_RESIDENT, 1, 0, 1, 0))); /* nobody spends */
    rig_free(g);
}

/* The second of three cities is the hub; 0.2 of the use of the others moves at one and a half times the cost: E 100
 * becomes 110, of which 30 is spent in the hub. Residents move nothing. */
static void test_spent_in_hubs(void **state)
{
    static const char *const ids[3] = {"101", "102", "103"};
    const pc_lever *lever = &pc_siphoning_lever;
    rig *g = rig_new(3, 1, 0);
    pc_value *values = rig_values(g, &lever->head);
    pc_lever_use use = {.lever = lever, .values = values};
    pc_phase phase = {.from = 1, .n_levers = 1, .levers = &use};
    pc_policy_spec spec = {.name = "hub", .n_phases = {1, 0}, .phases = {&phase, NULL}};

    (void)state;
    g->env.region_ids = ids;
    rig_put(&lever->head, values, "theta", 0.2);
    rig_put(&lever->head, values, "price_ratio", 1.5);
    values[4].text = "102";
    for (int r = 0; r < 3; r++) {
        rig_year_flows(g, 0, r, 400, r == 1 ? 220 : 100, 0);
        rig_year_flows(g, 1, r, 400, r == 2 ? 0 : 330, 0);
    }
    rig_start(g, &spec);
    rig_step(g, 1);
    assert_near(rig_get(g, "spent_in_hubs", PC_EMPLOYEE, 0, 1, 0), 30.0 / 110, 1e-14);
    assert_near(rig_get(g, "spent_in_hubs", PC_EMPLOYEE, 1, 1, 0), 0, 0);
    assert_near(rig_get(g, "spent_in_hubs", PC_EMPLOYEE, 3, 1, 0), 30.0 / 330, 1e-14); /* the first two */
    assert_near(rig_get(g, "spent_in_hubs", PC_EMPLOYEE, 4, 1, 0), 60.0 / 440, 1e-14);
    assert_near(rig_get(g, "spent_in_hubs", PC_RESIDENT, 0, 1, 0), 0, 0);
    assert_true(isnan(rig_get(g, "spent_in_hubs", PC_RESIDENT, 2, 1, 0))); /* nobody spends */
    assert_near(rig_get(g, "spent_in_hubs", PC_BOTH, 0, 1, 0), 30.0 / 440, 1e-14);
    assert_near(rig_get(g, "spent_in_hubs", PC_BOTH, 4, 1, 0), 60.0 / 1100, 1e-14);
    rig_free(g);
}

/* The unit test of the head: R = 110, E = 100 on a base of 1000 (base is 5 R in the rig, set here): 0.01 whatever the
 * return; and a treasury that pays 20 in year 1 and 30 in year 2. */
static void test_treasury(void **state)
{
    rig *g = rig_new(1, 2, 0.05);
    pc_value *limits = rig_values(g, &pc_backstop_rule.head);
    pc_shortfall_use rule = {&pc_backstop_rule, limits};
    pc_phase phase = {.from = 1, .n_shortfalls = 1, .shortfalls = &rule};
    pc_policy_spec spec = {.name = "backstop", .n_phases = {1, 1}, .phases = {&phase, &phase}};

    (void)state;
    rig_put(&pc_backstop_rule.head, limits, "payer", PC_PAYER_COUNTY);
    rig_start(g, &spec);
    for (int year = 1; year <= 2; year++) {
        rig_year_flows(g, 0, 0, 110, 100, 0);
        rig_set(g, 0, PC_FLOW_BASE, 0, 1000);
        rig_year_flows(g, 1, 0, 100, 110 + 10 * year, 0);
        rig_step(g, year);
    }
    assert_near(rig_get(g, "actuarial_balance", PC_EMPLOYEE, 0, 0, 0), 0.01, 1e-14);
    assert_near(rig_get(g, "level_rate", PC_EMPLOYEE, 0, 0, 0), -0.01, 1e-14);
    /* the hole is 20 or 30 with half a year's interest */
    assert_near(rig_get(g, "treasury_county", PC_RESIDENT, 0, 0, 0), 20 * 1.025 / 1.05 + 30 * 1.025 / 1.1025, 1e-14);
    assert_near(rig_get(g, "treasury_gross", PC_BOTH, 0, 0, 0), 20 * 1.025 / 1.05 + 30 * 1.025 / 1.1025, 1e-14);
    assert_near(rig_get(g, "treasury_city", PC_BOTH, 0, 0, 0), 0, 0);
    assert_near(rig_get(g, "treasury_net", PC_BOTH, 0, 0, 0),
                20 * 1.025 / 1.05 + 30 * 1.025 / 1.1025 - (10.25 * 1.05 + 10.25) / 1.1025, 1e-14);
    assert_true(rig_get(g, "depleted_by", PC_RESIDENT, 0, 2, 0) == 1);
    rig_free(g);
}

/* Bounds are the scenario's: with 4 and 6, below 6 is red; with one bound, below it. */
static void test_warning_bounds(void **state)
{
    static const double two[] = {4, 6};
    static const double months[] = {7, 8, 7, 5};

    (void)state;
    for (int n = 1; n <= 2; n++) {
        rig *g = rig_new(1, 3, 0);
        g->areas.n_bands = n;
        g->areas.bands = two;
        g->balance_start[0][0] = 7;
        rig_year_flows(g, 0, 0, 12, 12, 0);
        rig_start(g, &city);
        for (int year = 1; year <= 3; year++) {
            rig_year_flows(g, 0, 0, 12 + months[year] - months[year - 1], 12, 0);
            rig_step(g, year);
        }
        assert_true(rig_get_item(g, "months_below", PC_EMPLOYEE, 0, 0, 3, 0) == 0);
        assert_true(rig_get_item(g, "red_in_3_years_now", PC_EMPLOYEE, n - 1, 0, 0, 0) == (n == 2));
        if (n == 2) {
            assert_true(rig_get_item(g, "months_below", PC_EMPLOYEE, 1, 0, 3, 0) == 1);
            assert_true(isnan(rig_get_item(g, "red_in_3_years_now", PC_EMPLOYEE, 0, 0, 0, 0)));
        }
        rig_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_solvency), cmocka_unit_test(test_fairness), cmocka_unit_test(test_treasury),
        cmocka_unit_test(test_giving),   cmocka_unit_test(test_warning),
        cmocka_unit_test(test_warning_bounds),  cmocka_unit_test(test_spent_in_hubs),
    };

    return cmocka_run_group_tests_name("measures", tests, NULL, NULL);
}
