/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levers of rates, bases, shares, financing, enrolment and benefits by their closed forms. */
#include "setup.h"

static void test_helpers(void **state)
{
    (void)state;
    assert_near(pc_lever_way(1, 2, 4), 0, 0);
    assert_near(pc_lever_way(3, 2, 4), 0.5, 0);
    assert_near(pc_lever_way(9, 2, 4), 1, 0);
    assert_near(pc_lever_way(2, 2, 0), 1, 0);
    assert_true(pc_lever_listed("330100, 330200", "330200"));
    assert_false(pc_lever_listed("330100,330200", "3301"));
    assert_false(pc_lever_listed(NULL, "330200"));
    assert_false(pc_lever_listed("", ""));
}

static void test_benefit_elasticity(void **state)
{
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_benefit_lever);
    rig_put(&pc_benefit_lever.head, v, "factor", 1.1);
    rig_put(&pc_benefit_lever.head, v, "elasticity", 0.5);
    one_start(&o, PC_EMPLOYEE, 1, 1);
    rig_year_flows(o.g, PC_EMPLOYEE, 1, 100, 50, 5);
    assert_near(one_year(&o, PC_EMPLOYEE, 1)->expenditure[PC_LANES], 50 * pow(1.1, 1.5), 1e-14);
    rig_free(o.g);
}

static void test_benefit_convergence(void **state)
{
    const double factor[7] = {1, 1, 1.075, 1.15, 1.225, 1.3, 1.3};
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 6);
    v = one_lever(&o, 0, &pc_benefit_convergence_lever);
    rig_put(&pc_benefit_convergence_lever.head, v, "resident_level", 0.5);
    rig_put(&pc_benefit_convergence_lever.head, v, "by", 2029);
    one_start(&o, PC_RESIDENT, 1, 2);
    rig_year_flows(o.g, PC_RESIDENT, 0, 100, 80, 0);
    for (int y = 1; y <= 6; y++) {
        assert_near(one_year(&o, PC_RESIDENT, y)->expenditure[7], 80 * factor[y], 1e-14);
    }
    rig_free(o.g);
    /* only a fifth of expenditure is concerned, and use follows the benefit */
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_benefit_convergence_lever);
    rig_put(&pc_benefit_convergence_lever.head, v, "resident_level", 0.5);
    rig_put(&pc_benefit_convergence_lever.head, v, "by", 2025);
    rig_put(&pc_benefit_convergence_lever.head, v, "share", 0.2);
    rig_put(&pc_benefit_convergence_lever.head, v, "elasticity", 1);
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 100, 80, 0);
    assert_near(one_year(&o, PC_RESIDENT, 1)->expenditure[7], 80 * (1 + 0.2 * 0.69), 1e-14);
    rig_free(o.g);
    /* a gap that is small enough stays */
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_benefit_convergence_lever);
    rig_put(&pc_benefit_convergence_lever.head, v, "resident_level", 0.7);
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 100, 80, 0);
    assert_near(one_year(&o, PC_RESIDENT, 1)->expenditure[7], 80, 0);
    rig_free(o.g);
}

/* Accounts: what is 0.04 of the base goes up by a tenth, two years long, and what was added stays with interest. */
static void test_rate(void **state)
{
    double factor[4] = {1, 1.1, 1.1, 1}, gap = 0;
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 3);
    v = one_lever(&o, 0, &pc_rate_lever);
    v[0].series = factor;
    one_start(&o, PC_EMPLOYEE, 1, 1);
    rig_year_flows(o.g, PC_EMPLOYEE, 0, 200, 150, 0);
    rig_set(o.g, PC_EMPLOYEE, PC_FLOW_PAYROLL, 0, 1000);
    rig_set(o.g, PC_EMPLOYEE, PC_FLOW_ACCOUNT, 0, 70);
    for (int y = 1; y <= 3; y++) {
        const pc_flows *own = one_year(&o, PC_EMPLOYEE, y);
        gap = (gap * 1.02 + 40 * (factor[y] - 1) * 1.01) * 0.7;
        assert_near(own->revenue[5], 200 * factor[y], 1e-14);
        assert_near(own->payroll[5], 1000, 0);
        assert_near(own->account[5], 70 + gap, 1e-14);
    }
    rig_free(o.g);
}

static void test_contribution_base(void **state)
{
    one o;
    pc_value *v;
    const pc_flows *own;

    (void)state;
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_contribution_base_lever);
    rig_put(&pc_contribution_base_lever.head, v, "factor", 1.05);
    one_start(&o, PC_EMPLOYEE, 1, 1);
    rig_year_flows(o.g, PC_EMPLOYEE, 0, 60, 50, 0);
    rig_set(o.g, PC_EMPLOYEE, PC_FLOW_PAYROLL, 0, 1000);
    rig_set(o.g, PC_EMPLOYEE, PC_FLOW_BASE, 0, 600);
    own = one_year(&o, PC_EMPLOYEE, 1);
    assert_near(own->payroll[0], 1050, 1e-14);
    assert_near(own->base[0], 630, 1e-14);
    assert_near(own->revenue[0], 63, 1e-14);
    assert_near(own->account[0], 0.05 * 40 * 1.01 * 0.7, 1e-13);
    rig_free(o.g);
}

/* Fund and accounts together get the same: 60 -> 75, 40 -> 25; a second region without accounts stays. */
static void test_pooled_share(void **state)
{
    one o;
    pc_value *v;
    const pc_flows *own;

    (void)state;
    one_new(&o, 1);
    o.rows[1][1] = 1;
    v = one_lever(&o, 0, &pc_pooled_share_lever);
    rig_put(&pc_pooled_share_lever.head, v, "factor", 1.25);
    one_start(&o, PC_EMPLOYEE, 1, 1);
    for (int r = 0; r < 2; r++) {
        rig_year_flows(o.g, PC_EMPLOYEE, r, 60, 50, 0);
        rig_set(o.g, PC_EMPLOYEE, PC_FLOW_PAYROLL, r, 1000);
        rig_set(o.g, PC_EMPLOYEE, PC_FLOW_ACCOUNT, r, 100);
    }
    own = one_year(&o, PC_EMPLOYEE, 1);
    assert_near(own->revenue[0], 75, 1e-14);
    assert_near(own->account[0], 100 - 15 * 1.01 * 0.7, 1e-14);
    assert_near(own->revenue[PC_LANES], 60, 0);
    assert_near(own->account[PC_LANES], 100, 0);
    rig_free(o.g);
}

/* Two levers on one inflow: rate up by a tenth and all of it to the fund. Nothing is lost between them. */
static void test_rate_and_share(void **state)
{
    one o;
    pc_value *v;
    const pc_flows *own;

    (void)state;
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_rate_lever);
    rig_put(&pc_rate_lever.head, v, "factor", 1.1);
    v = one_lever(&o, 1, &pc_pooled_share_lever);
    rig_put(&pc_pooled_share_lever.head, v, "factor", 5);
    one_start(&o, PC_EMPLOYEE, 2, 1);
    rig_year_flows(o.g, PC_EMPLOYEE, 0, 60, 50, 0);
    rig_set(o.g, PC_EMPLOYEE, PC_FLOW_PAYROLL, 0, 1000);
    rig_set(o.g, PC_EMPLOYEE, PC_FLOW_ACCOUNT, 0, 100);
    own = one_year(&o, PC_EMPLOYEE, 1);
    assert_near(own->revenue[0], 110, 1e-14);
    assert_near(own->account[0], 100 - 40 * 1.01 * 0.7, 1e-14);
    rig_free(o.g);
}

/* The scenario's financing grows by ln 1.05 a year. A step of 60 yuan from year 2 starts at 1050; a table is one number
 * for all; income plus points follows wages. */
static void test_resident_financing(void **state)
{
    double gamma[2 * PC_LANES], income[2 * PC_LANES];

    (void)state;
    for (int rule = 0; rule < 3; rule++) {
        one o;
        pc_value *v;
        one_new(&o, 3);
        o.g->weather.wage_growth = gamma;
        o.g->weather.income = income;
        for (int y = 1; y <= 3; y++) {
            o.path[y] = log(1.05);
        }
        v = one_lever(&o, 0, &pc_resident_financing_lever);
        rig_put(&pc_resident_financing_lever.head, v, "rule", rule);
        rig_put(&pc_resident_financing_lever.head, v, "yuan", 800);
        rig_put(&pc_resident_financing_lever.head, v, "step", 60);
        rig_put(&pc_resident_financing_lever.head, v, "points", log(1.01));
        one_start(&o, PC_RESIDENT, 1, 2);
        for (int y = 1; y <= 3; y++) {
            double f0 = 1000 * pow(1.05, y), f1 = 500 * pow(1.05, y);
            const pc_flows *own;
            for (int k = 0; k < 2 * PC_LANES; k++) {
                gamma[k] = log(1.04);
                income[k] = pow(1.04, y);
            }
            rig_year_flows(o.g, PC_RESIDENT, 0, 1000 * f0, 50, 0);
            rig_year_flows(o.g, PC_RESIDENT, 1, 1000 * f1, 50, 0);
            own = one_year(&o, PC_RESIDENT, y);
            if (y == 1) {
                assert_near(own->revenue[3], 1000 * f0, 0);
            } else if (rule == 0) {
                assert_near(own->revenue[3], 1000 * 1050 * pow(1.04 * 1.01, y - 1), 1e-13);
            } else if (rule == 1) {
                assert_near(own->revenue[3], 800000, 1e-13);
                assert_near(own->revenue[PC_LANES + 3], 800000, 1e-13);
            } else {
                assert_near(own->revenue[3], 1000 * (1050 + 60 * (y - 1)), 1e-13);
                assert_near(own->revenue[PC_LANES + 3], 1000 * (525 + 60 * (y - 1)), 1e-13);
            }
        }
        rig_free(o.g);
    }
}

/* Going on with the scenario's own rule changes nothing. */
static void test_resident_financing_same_rule(void **state)
{
    double gamma[2 * PC_LANES], income[2 * PC_LANES];
    const pc_flows *own;
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 3);
    o.schemes.financing = PC_FINANCING_INCOME;
    o.g->weather.wage_growth = gamma;
    o.g->weather.income = income;
    o.g->env.income_gap = 0.005;
    for (int y = 1; y <= 3; y++) {
        o.path[y] = 0.02;
    }
    v = one_lever(&o, 0, &pc_resident_financing_lever);
    rig_put(&pc_resident_financing_lever.head, v, "points", 0.02);
    one_start(&o, PC_RESIDENT, 1, 2);
    for (int y = 1; y <= 3; y++) {
        for (int k = 0; k < 2 * PC_LANES; k++) {
            gamma[k] = 0.03 + 1e-4 * (k % 7) * y;
            income[k] = (y == 1 ? 1 : income[k]) * exp(gamma[k] - 0.005);
            rig_flow(o.g, PC_RESIDENT, PC_FLOW_REVENUE)[k] = 1e6 * exp(0.02 * y) * income[k];
        }
        own = one_year(&o, PC_RESIDENT, y);
        for (int k = 0; k < PC_LANES; k++) {
            assert_near(own->revenue[k], rig_flow(o.g, PC_RESIDENT, PC_FLOW_REVENUE)[k], 1e-13);
        }
    }
    rig_free(o.g);
}

static void test_enrolment_response(void **state)
{
    double income[2 * PC_LANES];
    one o;
    pc_value *v;
    const pc_flows *own;

    (void)state;
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_enrolment_response_lever);
    rig_put(&pc_enrolment_response_lever.head, v, "factor", 0.9);
    rig_put(&pc_enrolment_response_lever.head, v, "leaver_cost", 0.5);
    rig_put(&pc_enrolment_response_lever.head, v, "elasticity", 0.5);
    one_start(&o, PC_RESIDENT, 1, 1);
    for (int r = 0; r < 2; r++) {
        /* financing over income is that of the base year in the first region, four times that in the second; that
         * revenue is not members times financing (a shock, uncertain accounts) is none of this lever's business */
        rig_year_flows(o.g, PC_RESIDENT, r, r ? 2e6 : 1e6, 8e5, 0);
        rig_set(o.g, PC_RESIDENT, PC_FLOW_PAYROLL, r, 5e7);
        for (int k = 0; k < PC_LANES; k++) {
            income[r * PC_LANES + k] = r ? 0.25 : 1;
        }
    }
    o.g->weather.income = income;
    own = one_year(&o, PC_RESIDENT, 1);
    assert_near(own->members[0], 900, 1e-14);
    assert_near(own->revenue[0], 9e5, 1e-14);
    assert_near(own->expenditure[0], 7.6e5, 1e-14);
    assert_near(own->members[PC_LANES], 450, 1e-14);
    assert_near(own->expenditure[PC_LANES], 8e5 * (1 - 0.55 * 0.5), 1e-14);
    rig_free(o.g);
    /* never more than all: half are enrolled, so twice as many at most */
    one_new(&o, 1);
    o.rows[4][0] = 0.8;
    v = one_lever(&o, 0, &pc_enrolment_response_lever);
    rig_put(&pc_enrolment_response_lever.head, v, "factor", 2);
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 0, 1e6, 8e5, 0);
    assert_near(one_year(&o, PC_RESIDENT, 1)->members[0], 1250, 1e-14);
    rig_free(o.g);
}

static void test_subsidy(void **state)
{
    one o;
    pc_value *v;

    (void)state;
    one_new(&o, 1);
    v = one_lever(&o, 0, &pc_subsidy_lever);
    rig_put(&pc_subsidy_lever.head, v, "yuan", 50);
    one_start(&o, PC_RESIDENT, 1, 1);
    rig_year_flows(o.g, PC_RESIDENT, 1, 1e6, 8e5, 0);
    assert_near(one_year(&o, PC_RESIDENT, 1)->revenue[PC_LANES + 1], 1.05e6, 1e-14);
    rig_free(o.g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_helpers),
        cmocka_unit_test(test_benefit_elasticity),
        cmocka_unit_test(test_benefit_convergence),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_contribution_base),
        cmocka_unit_test(test_pooled_share),
        cmocka_unit_test(test_rate_and_share),
        cmocka_unit_test(test_resident_financing),
        cmocka_unit_test(test_resident_financing_same_rule),
        cmocka_unit_test(test_enrolment_response),
        cmocka_unit_test(test_subsidy),
    };

    return cmocka_run_group_tests_name("levers on flows", tests, NULL, NULL);
}
