/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gives to whom, by its closed forms; conservation over random stacks is among the properties. */
#include "rig.h"

static const int all[3] = {0, 0, 0}, two[3] = {0, 0, -1};
static const pc_partition one = {"one", 1, all, NULL}, pair = {"pair", 1, two, NULL};

static double given(const rig *g, int from, int to)
{
    return rig_view(g, 0)->given[(size_t)(from * g->n_regions + to) * PC_LANES + 3];
}

static double stake(const rig *g, int region)
{
    return rig_view(g, 0)->stake[(size_t)region * PC_LANES + 3];
}

/* The next year's return. */
static void earn(rig *g, double interest)
{
    for (int l = 0; l < PC_LANES; l++) {
        g->weather.interest[l] = interest;
    }
}

/* A tenth of revenue goes into the fund and all of it stays there, for whoever is short. */
static pc_value *levy_kept(rig *g)
{
    pc_value *values = rig_values(g, &pc_adjustment_fund_layer.head);

    rig_put(&pc_adjustment_fund_layer.head, values, "levy", 0.1);
    rig_put(&pc_adjustment_fund_layer.head, values, "retained", 1);
    rig_put(&pc_adjustment_fund_layer.head, values, "reserve_use", 1);
    return values;
}

/* A tenth of revenue is deposited, up to a year's expenditure. */
static pc_value *deposits(rig *g)
{
    pc_value *values = rig_values(g, &pc_reserve_fund_layer.head);

    rig_put(&pc_reserve_fund_layer.head, values, "deposit", 0.1);
    rig_put(&pc_reserve_fund_layer.head, values, "target_months", 12);
    return values;
}

/* Levies 90, 10 and 0 in year 1, i = 0; the second lacks 50: 45 and 5 given. Year 2, i = 10 %: stakes 49.5 and 5.5, 35
 * and 10 more from the first and third; the third lacks 20 of 100: 16.9, 1.1 and 2, in values of the base year
 * over 1.1. Then the layer ends, and what is left goes back by expenditure of the year before, 0, 100 and 300. */
static void test_fund(void **state)
{
    rig *g = rig_new(3, 3, 0);
    pc_value *values = levy_kept(g);
    pc_layer_use use = {&pc_adjustment_fund_layer, values, &one};
    pc_phase phases[2] = {{.from = 1, .n_layers = 1, .layers = &use}, {.from = 3}};
    pc_policy_spec spec = {.name = "fund", .n_phases = {2, 0}, .phases = {phases, NULL}};

    (void)state;
    rig_start(g, &spec);
    earn(g, 0);
    rig_year_flows(g, 0, 0, 900, 0, 0);
    rig_year_flows(g, 0, 1, 100, 140, 0); /* 90 - 140: 50 are lacking */
    rig_year_flows(g, 0, 2, 0, 0, 0);
    rig_step(g, 1);
    assert_near(given(g, 0, 1), 45, 1e-14);
    assert_near(given(g, 1, 1), 5, 1e-14);
    assert_near(stake(g, 0), 45, 1e-14);
    assert_near(stake(g, 1), 5, 1e-14);
    earn(g, 0.1);
    rig_year_flows(g, 0, 0, 350, 0, 0);
    rig_year_flows(g, 0, 1, 0, 0, 0);
    rig_year_flows(g, 0, 2, 100, 300, 0);
    rig_step(g, 2);
    /* B = 100 - 300 - 10 (i on half of the year's flows) - levy 10 = -220: the fund of 100 pays all it has */
    assert_near(given(g, 0, 2), 84.5 / 1.1, 1e-14);
    assert_near(given(g, 1, 2), 5.5 / 1.1, 1e-14);
    assert_near(given(g, 2, 2), 10 / 1.1, 1e-14);
    assert_near(stake(g, 0), 0, 1e-14);
    assert_near(given(g, 0, 1), 45, 1e-14);
    rig_free(g);
}

/* A fund that ends pays out by last year's expenditure, at the value of 31 December. */
static void test_end(void **state)
{
    rig *g = rig_new(3, 2, 0);
    pc_value *values = deposits(g);
    pc_layer_use use = {&pc_reserve_fund_layer, values, &one};
    pc_phase phases[2] = {{.from = 1, .n_layers = 1, .layers = &use}, {.from = 2}};
    pc_policy_spec spec = {.name = "end", .n_phases = {2, 0}, .phases = {phases, NULL}};

    (void)state;
    rig_start(g, &spec);
    earn(g, 0.25);
    rig_year_flows(g, 0, 0, 900, 0, 0);
    rig_year_flows(g, 0, 1, 100, 50, 0);
    rig_year_flows(g, 0, 2, 0, 150, 0);
    for (int s = 0; s < 3; s++) {
        g->balance_start[0][s] = 0;
    }
    rig_step(g, 1); /* deposits 90 and 10; the third, at -168.75, draws all of it */
    assert_near(given(g, 0, 2), 90 / 1.25, 1e-14);
    assert_near(given(g, 1, 2), 10 / 1.25, 1e-14);
    rig_free(g);

    g = rig_new(3, 2, 0);
    values = deposits(g);
    use = (pc_layer_use){&pc_reserve_fund_layer, values, &one};
    g->balance_start[0][2] = 1000;
    rig_start(g, &spec);
    earn(g, 0.25);
    rig_year_flows(g, 0, 0, 900, 0, 0);
    rig_year_flows(g, 0, 1, 100, 50, 0);
    rig_year_flows(g, 0, 2, 0, 150, 0);
    rig_step(g, 1);
    assert_near(stake(g, 0), 90, 1e-14);
    earn(g, 0.6);
    rig_step(g, 2); /* 1 January: 100 goes a quarter to the second, three to the third */
    assert_near(given(g, 0, 1), 22.5 / 1.25, 1e-14);
    assert_near(given(g, 0, 2), 67.5 / 1.25, 1e-14);
    assert_near(given(g, 1, 1), 2.5 / 1.25, 1e-14);
    assert_near(given(g, 1, 2), 7.5 / 1.25, 1e-14);
    assert_near(stake(g, 0), 0, 0);
    rig_free(g);
}

/* A pool of two beside a third region under a fund: R 100 and 100, E 90 and 130: the pool's deficit of 20 is 10 each by
 * revenue, so the first gives 20. Its levy of 20 and what it gets are its members' by expenditure. */
static void test_pool_in_fund(void **state)
{
    rig *g = rig_new(3, 1, 0);
    pc_value *values = levy_kept(g), *merge = rig_values(g, &pc_unified_layer.head);
    pc_layer_use uses[2] = {{&pc_unified_layer, merge, &pair}, {&pc_adjustment_fund_layer, values, &one}};
    pc_phase phase = {.from = 1, .n_layers = 2, .layers = uses};
    pc_policy_spec spec = {.name = "pool", .n_phases = {1, 0}, .phases = {&phase, NULL}};

    (void)state;
    rig_start(g, &spec);
    earn(g, 0);
    rig_year_flows(g, 0, 0, 100, 90, 0);
    rig_year_flows(g, 0, 1, 100, 130, 0);
    rig_year_flows(g, 0, 2, 300, 0, 0);
    rig_step(g, 1); /* the pool lacks 40, levy included; the fund has 20 + 30 */
    assert_near(given(g, 2, 0), 40 * 0.6 * 90 / 220, 1e-14);
    assert_near(given(g, 2, 1), 40 * 0.6 * 130 / 220, 1e-14);
    assert_near(given(g, 0, 1), 20 + 40 * (0.4 * 90 / 220) * 130 / 220, 1e-14);
    assert_near(given(g, 1, 0), 40 * (0.4 * 130 / 220) * 90 / 220, 1e-14);
    assert_near(stake(g, 2), 30 - 24, 1e-14);
    assert_near(rig_get_item(g, "transfers", PC_EMPLOYEE, 0, 1, 0, 0), given(g, 0, 1), 1e-14);
    assert_near(rig_get_item(g, "transfers", PC_BOTH, 2, g->areas.n_areas - 1, 0, 0), 24, 1e-14);
    assert_near(rig_get(g, "stake_in_funds", PC_EMPLOYEE, g->areas.n_areas - 1, 0, 0), 10, 1e-14);
    rig_free(g);
}

/* City level moves nothing and keeps no rows. */
static void test_nothing(void **state)
{
    rig *g = rig_new(2, 1, 0);
    pc_policy_spec spec = {.name = "city"};

    (void)state;
    rig_year_flows(g, 0, 0, 100, 90, 0);
    rig_year_flows(g, 0, 1, 100, 130, 0);
    rig_start(g, &spec);
    rig_step(g, 1);
    assert_null(rig_view(g, 0)->given);
    assert_true(rig_get_item(g, "transfers", PC_EMPLOYEE, 0, 1, 0, 0) == 0);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fund),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_pool_in_fund),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests_name("matrix of transfers", tests, NULL, NULL);
}
