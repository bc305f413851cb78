/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levers on age groups, on who is a member and on who pays, by their closed forms. */
#include "setup.h"

static const pc_age_group groups[2] = {{0, 6}, {80, 100}};

/* Shares of cost: the first group a quarter, the second a tenth; of employees two thirds of it retirees'. */
static void put_ages(one *o, int scheme)
{
    const int parts = pc_age_parts(scheme);
    double *share = pc_arena_calloc(&o->g->arena, (size_t)(2 * parts * 2) * PC_LANES, sizeof *share);

    for (int row = 0; row < 2 * parts * 2; row++) {
        const double whole = row / (2 * parts) == 0 ? 0.25 : 0.1;
        const double part = parts == 1 ? 1 : row / 2 % 2 == PC_PART_RETIREES ? 2.0 / 3 : 1.0 / 3;
        for (int l = 0; l < PC_LANES; l++) {
            share[(size_t)row * PC_LANES + (size_t)l] = whole * part;
        }
    }
    o->g->flows[scheme].age_share = share;
    o->schemes.n_age_groups = 2;
    o->schemes.age_groups = groups;
}

static pc_value *with(one *o, int k, const pc_lever *lever, const char *a, double x, const char *b, double y)
{
    pc_value *v = one_lever(o, k, lever);

    rig_put(&lever->head, v, a, x);
    rig_put(&lever->head, v, b, y);
    return v;
}

static void test_age_benefit(void **state)
{
    one o;
    pc_value *v;
    pc_age_group ages;

    (void)state;
    one_new(&o, 1);
    put_ages(&o, PC_RESIDENT);
    with(&o, 0, &pc_age_benefit_lever, "to_age", 6, "factor", 1.2);
    with(&o, 1, &pc_age_benefit_lever, "from_age", 80, "factor", 0.5);
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 1, 1000, 800, 0);
    assert_near(one_year(&o, PC_RESIDENT, 1)->expenditure[PC_LANES + 5], 840, 1e-14);
    one_start(&o, PC_RESIDENT, 2, 1); /* + 0.05 - 0.05 */
    assert_near(one_year(&o, PC_RESIDENT, 1)->expenditure[PC_LANES + 5], 800, 1e-14);
    v = with(&o, 0, &pc_age_benefit_lever, "to_age", 6, "factor", 1.2);
    rig_put(&pc_age_benefit_lever.head, v, "elasticity", 1);
    one_start(&o, PC_RESIDENT, 1, 1);
    assert_near(one_year(&o, PC_RESIDENT, 1)->expenditure[PC_LANES + 5], 800 * 1.11, 1e-14);
    rig_free(o.g);

    one_new(&o, 1);
    put_ages(&o, PC_EMPLOYEE);
    v = with(&o, 0, &pc_age_benefit_lever, "from_age", 80, "factor", 1.3);
    rig_put(&pc_age_benefit_lever.head, v, "of", PC_OF_RETIREES);
    one_start(&o, PC_EMPLOYEE, 1, 1);
    rig_year_flows(o.g, PC_EMPLOYEE, 0, 1000, 800, 0);
    assert_near(one_year(&o, PC_EMPLOYEE, 1)->expenditure[5], 800 * (1 + 0.3 * 0.1 * 2 / 3), 1e-14);
    rig_free(o.g);

    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_age_benefit_lever);
    assert_int_equal(pc_age_benefit_lever.age_group(v, &ages), 0); /* everybody needs no sums */
    rig_put(&pc_age_benefit_lever.head, v, "factor", 1.5);
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 1000, 800, 0);
    assert_near(one_year(&o, PC_RESIDENT, 1)->expenditure[0], 1200, 1e-14);
    rig_put(&pc_age_benefit_lever.head, v, "from_age", 60);
    rig_put(&pc_age_benefit_lever.head, v, "to_age", 50);
    assert_non_null(pc_age_benefit_lever.check(v));
    rig_free(o.g);
}

static void test_subsidy(void **state)
{
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 1);
    put_ages(&o, PC_RESIDENT);
    v = with(&o, 0, &pc_subsidy_lever, "per", 1, "share", 0.1);
    rig_put(&pc_subsidy_lever.head, v, "to_age", 6);
    rig_put(&pc_subsidy_lever.head, v, "payer", PC_PAYER_CITY);
    with(&o, 1, &pc_subsidy_lever, "yuan", 50, "payer", PC_PAYER_CENTRAL);
    one_start(&o, PC_RESIDENT, 2, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 1e6, 8e5, 0);
    rig_year_flows(o.g, PC_RESIDENT, 1, 1e6, 4e5, 0);
    rig_step(o.g, 1);
    assert_near(rig_view(o.g, PC_RESIDENT)->flows->revenue[3], 1e6 + 20000 + 50000, 1e-14);
    assert_near(rig_view(o.g, PC_RESIDENT)->granted[PC_LANES], 10000 + 50000, 1e-14);
    assert_near(rig_view(o.g, PC_RESIDENT)->subsidy[PC_PAYER_CITY * PC_LANES], 30000, 1e-14);
    assert_near(rig_get(o.g, "subsidy_central", PC_RESIDENT, 0, 0, 0), 1e5 * 1.01 / 1.02, 1e-14);
    assert_near(rig_get(o.g, "subsidy_city", PC_BOTH, 0, 0, 0), 3e4 * 1.01 / 1.02, 1e-14);
    assert_near(rig_get(o.g, "contributions", PC_RESIDENT, 0, 0, 0), 2e6 * 1.01 / 1.02, 1e-14);
    rig_free(o.g);
}

/* Financing of 1000 a head split as the lever says; the second region, not in the list, as the scenario says. */
static void test_subsidy_split(void **state)
{
    static const pc_financing_split own[4] = {{0.5, 0.8, 0.5, 0}, {0.5, 0.8, 0.5, 0}, {0.5, 0.8, 0.5, 0}, {0.5, 0.8, 0.5, 0}};
    static const char *const ids[2] = {"A", "B"};
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 1);
    o.schemes.split = own;
    o.g->env.region_ids = ids;
    v = with(&o, 0, &pc_subsidy_split_lever, "individual_share", 0.4, "central_share", 0.6);
    rig_put(&pc_subsidy_split_lever.head, v, "county_share", 0.1);
    for (int k = 0; k < pc_subsidy_split_lever.head.n_params; k++) {
        if (!strcmp(pc_subsidy_split_lever.head.params[k].key, "regions")) {
            v[k].text = "A";
        }
    }
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 1000, 500, 0);
    rig_year_flows(o.g, PC_RESIDENT, 1, 100, 50, 0);
    rig_step(o.g, 1);
    assert_near(rig_get(o.g, "contributions", PC_RESIDENT, 0, 0, 0), (400 + 50) * 1.01 / 1.02, 1e-13);
    assert_near(rig_get(o.g, "subsidy_central", PC_RESIDENT, 0, 0, 0), (360 + 40) * 1.01 / 1.02, 1e-13);
    assert_near(rig_get(o.g, "subsidy_province", PC_RESIDENT, 0, 0, 0), (120 + 5) * 1.01 / 1.02, 1e-13);
    assert_near(rig_get(o.g, "subsidy_county", PC_RESIDENT, 0, 0, 0), 24 * 1.01 / 1.02, 1e-13);
    assert_near(rig_get(o.g, "subsidy_city", PC_RESIDENT, 0, 0, 0), (96 + 5) * 1.01 / 1.02, 1e-13);
    rig_free(o.g);

    one_new(&o, 1);
    o.schemes.split = own;
    with(&o, 0, &pc_subsidy_split_lever, "province_share", 0.7, "county_share", 0.4);
    o.phase = (pc_phase){.from = 1, .n_levers = 1, .levers = o.uses};
    o.spec = (pc_policy_spec){.name = "one", .n_phases = {0, 1}, .phases = {NULL, &o.phase}};
    assert_int_equal(pc_pooling_prepare(&o.g->pooling, &o.spec, &o.g->env, &o.g->arena, &o.g->status), PC_ERR_INPUT);
    rig_free(o.g);
}

/* 1000 people each, 900 and 500 of them members: 700 and 700, halfway 800 and 600; the sum stays. */
static void test_residence(void **state)
{
    one o;
    pc_value *v;
    const pc_flows *own;

    (void)state;
    one_new(&o, 2);
    o.rows[4][0] = 0.9;
    o.rows[4][1] = 0.5;
    v = with(&o, 0, &pc_residence_enrolment_lever, "years", 2, "mover_cost", 0.5);
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 9e5, 8e5, 0);
    rig_year_flows(o.g, PC_RESIDENT, 1, 5e5, 4e5, 0);
    rig_set(o.g, PC_RESIDENT, PC_FLOW_MEMBERS, 0, 900);
    rig_set(o.g, PC_RESIDENT, PC_FLOW_MEMBERS, 1, 500);
    own = one_year(&o, PC_RESIDENT, 1);
    assert_near(own->members[0], 800, 1e-14);
    assert_near(own->members[PC_LANES], 600, 1e-14);
    own = one_year(&o, PC_RESIDENT, 2);
    assert_near(own->members[0] + own->members[PC_LANES], 1400, 1e-14);
    assert_near(own->revenue[PC_LANES], 5e5 * 1.4, 1e-14);
    assert_near(own->expenditure[PC_LANES], 4e5 * 1.2, 1e-14);
    rig_put(&pc_residence_enrolment_lever.head, v, "level", 0.8);
    own = one_year(&o, PC_RESIDENT, 2);
    assert_near(own->members[0], 800, 1e-14);
    assert_near(own->members[PC_LANES], 800, 1e-14);
    rig_free(o.g);
}

/* Twice the benefits a head and an elasticity of 1: twice the members, at the mean cost twice the expenditure again. */
static void test_answer_to_benefits(void **state)
{
    one o;
    const pc_flows *own;

    (void)state;
    one_new(&o, 1);
    with(&o, 0, &pc_benefit_lever, "factor", 1.5, "elasticity", 0);
    with(&o, 1, &pc_enrolment_response_lever, "benefit_elasticity", 1, "factor", 1);
    one_start(&o, PC_RESIDENT, 2, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 1e6, 8e5, 0);
    own = one_year(&o, PC_RESIDENT, 1);
    assert_near(own->members[0], 1500, 1e-12);
    assert_near(own->expenditure[0], 8e5 * 1.5 * 1.5, 1e-12);
    rig_free(o.g);
}

static void test_financing_by_parts(void **state)
{
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 1);
    v = with(&o, 0, &pc_resident_financing_lever, "individual", 500, "subsidy", 750);
    rig_put(&pc_resident_financing_lever.head, v, "rule", 3);
    o.g->weather.income = pc_arena_calloc(&o.g->arena, 2 * PC_LANES, sizeof(double));
    o.g->weather.wage_growth = pc_arena_calloc(&o.g->arena, 2 * PC_LANES, sizeof(double));
    for (int l = 0; l < 2 * PC_LANES; l++) {
        o.g->weather.income[l] = 1;
    }
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 1e6, 8e5, 0);
    assert_near(one_year(&o, PC_RESIDENT, 1)->revenue[0], 1.25e6, 1e-13);
    rig_free(o.g);
}

/* Employees' surplus of 100 above 10 months of 120, half of it to residents, before the layers of the year. */
static void test_surplus_across(void **state)
{
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 1);
    v = with(&o, 0, &pc_release_surplus_lever, "months", 10, "share", 0.5);
    rig_put(&pc_release_surplus_lever.head, v, "to", 3);
    o.g->balance_start[PC_EMPLOYEE][0] = 200;
    for (int l = 0; l < PC_LANES; l++) {
        o.g->weather.interest[l] = 0;
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        rig_year_flows(o.g, s, 0, 120, 120, 0);
    }
    one_start(&o, PC_EMPLOYEE, 1, 1);
    rig_step(o.g, 1);
    assert_near(rig_own(o.g, PC_EMPLOYEE, 0), 150, 1e-14);
    assert_near(rig_own(o.g, PC_RESIDENT, 0), 50, 1e-14);
    assert_true(pc_pooling_residual(o.g->state) < 1e-14);
    assert_near(rig_get(o.g, "net_transfer", PC_RESIDENT, 0, 1, 0), 50, 1e-14);
    rig_free(o.g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_age_benefit),        cmocka_unit_test(test_subsidy),
        cmocka_unit_test(test_subsidy_split),      cmocka_unit_test(test_residence),
        cmocka_unit_test(test_answer_to_benefits), cmocka_unit_test(test_financing_by_parts),
        cmocka_unit_test(test_surplus_across),
    };

    return cmocka_run_group_tests_name("levers on members and payers", tests, NULL, NULL);
}
