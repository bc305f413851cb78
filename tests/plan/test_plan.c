/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan: calibration gives the base-year figures back, and what cannot be planned is refused with code 2, the place
 * and the figures. */
#include "../integration/scenario_text.h"

#include "people/people.h"
#include "schemes/calibration.h"

/* Figures of regions.csv put together again from the calibrated constants, by the formulas of the base year. */
static void base_year(const char *folder)
{
    sim s;
    const pc_schemes *schemes;
    int n;

    sim_folder(&s, folder);
    sim_plan(&s);
    schemes = &s.plan->world.schemes;
    n = s.plan->n_regions;
    for (int r = 0; r < n; r++) {
        const pc_region *region = &s.scenario->regions[r];
        const pc_region_report *report = &s.plan->regions[r];
        const double *v = region->value, *sum = schemes->base_exposure + r;
        const int home = region->host >= 0 ? region->host : r; /* whose people its members are */
        const double *people = s.plan->world.people.population + (size_t)home * PC_SEXES * PC_AGES;
        const pc_membership_rule *rule = &s.plan->world.people.rules[0];
        const double act = report->outside_contributors * sum[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS) * n];
        const double ret = report->outside_retirees * sum[PC_SUM_OF_RULE(0, PC_RULE_RETIREES) * n];
        const double res = report->enrolment * (sum[PC_SUM_POPULATION * n] -
                                                sum[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS) * n] -
                                                sum[PC_SUM_OF_RULE(0, PC_RULE_RETIREES) * n]);
        const double cost = report->outside_contributors * sum[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_COST) * n] +
                            report->outside_retirees * sum[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_COST) * n];
        const double res_cost = report->enrolment * (sum[PC_SUM_RESIDENT_COST * n] -
                                                     sum[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_RCOST) * n] -
                                                     sum[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_RCOST) * n]);
        double a = 0, q = 0, all = 0, old = 0, young = 0, lodgers = 0, paid, x;

        /* people, members at 31 December */
        for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
            const int sex = i / PC_AGES, age = i % PC_AGES;
            const double member = people[i] * rule->e[r * PC_AGES + age], rho = rule->rho[sex * PC_AGES + age];
            all += people[i];
            young += age < 15 ? people[i] : 0;
            old += age >= 60 ? people[i] : 0;
            a += member * (1 - rho);
            q += member * rho;
            for (int c = 0; c < n; c++) { /* members of carve-outs are among its people too */
                lodgers += s.scenario->regions[c].host == r ? people[i] * rule->e[c * PC_AGES + age] : 0;
            }
        }
        if (s.scenario->regions[r].host < 0) {
            assert_close("population", all, v[PC_COL_POPULATION], 1e-9 * all);
            assert_close("young", young, v[PC_COL_SHARE_0_14] * all, 1e-9 * all);
            assert_close("old", old, v[PC_COL_SHARE_60_PLUS] * all, 1e-9 * all);
        }
        assert_close("contributors", report->outside_contributors * a, v[PC_COL_EMPLOYEE_CONTRIBUTORS], 1e-8 * a);
        assert_close("retirees", report->outside_retirees * q, v[PC_COL_EMPLOYEE_RETIREES], 1e-8 * q);
        assert_close("residents", report->enrolment * (all - a - q - lodgers), v[PC_COL_RESIDENT_MEMBERS], 1e-9 * all);
        /* money of the year */
        x = act * v[PC_COL_WAGE_YUAN] * report->base_ratio * v[PC_COL_EMPLOYEE_RATE] * v[PC_COL_POOLED_SHARE];
        assert_close("revenue", x, v[PC_COL_EMPLOYEE_REVENUE_YUAN], 1e-9 * x);
        x = res * report->financing;
        assert_close("resident revenue", x, v[PC_COL_RESIDENT_REVENUE_YUAN], 1e-9 * x);
        paid = report->cost[PC_EMPLOYEE] * cost;
        paid += schemes->expenditure_includes_other[PC_EMPLOYEE]
                    ? ret * v[PC_COL_RETIREE_CREDIT_YUAN] +
                          schemes->major_illness[PC_EMPLOYEE][0] * v[PC_COL_EMPLOYEE_REVENUE_YUAN]
                    : 0;
        assert_close("expenditure", paid, v[PC_COL_EMPLOYEE_EXPENDITURE_YUAN], 1e-9 * paid);
        paid = report->cost[PC_RESIDENT] * res_cost;
        paid += schemes->expenditure_includes_other[PC_RESIDENT]
                    ? schemes->major_illness[PC_RESIDENT][0] * v[PC_COL_RESIDENT_REVENUE_YUAN]
                    : 0;
        assert_close("resident expenditure", paid, v[PC_COL_RESIDENT_EXPENDITURE_YUAN], 1e-9 * paid);
        /* year 0 of every policy's central path is the published revenue */
        for (int p = 0; p < s.plan->world.n_policies; p++) {
            assert_close("year 0", s.plan->policies[p].central_revenue[PC_EMPLOYEE][r], v[PC_COL_EMPLOYEE_REVENUE_YUAN],
                         0);
            assert_close("year 0", s.plan->policies[p].central_revenue[PC_RESIDENT][r], v[PC_COL_RESIDENT_REVENUE_YUAN],
                         0);
        }
    }
    sim_end(&s);
}

static void figures_come_back(void **state)
{
    (void)state;
    base_year("smoke");
    base_year("zhejiang");
    base_year("reference"); /* members from outside, expenditure without other outgo, births given */
}

/* Births of the base year where they are given: v_r reproduces them over the women at its end. */
static void births_come_back(void **state)
{
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_plan(&s);
    for (int r = 0; r < s.plan->n_regions; r++) {
        const double *v = s.scenario->regions[r].value, *tfr = s.plan->world.people.tfr;
        const double *women = s.plan->world.people.population + (size_t)r * PC_SEXES * PC_AGES;
        double births = 0;
        for (int a = 15; a <= 49; a++) {
            births += s.plan->regions[r].tfr_factor * tfr[0] * s.scenario->fertility_share[a] * women[a];
        }
        assert_close("births", births, v[PC_COL_BIRTHS_PER_1000] / 1000 * v[PC_COL_POPULATION], 0.02 * births);
    }
    sim_end(&s);
}

/* ---- refusals ------------------------------------------------------------------------------------------------------------- */

static void refused(sim *s, const char *const *parts, int n)
{
    const pc_code code = sim_try_plan(s);

    if (code != PC_ERR_INPUT) {
        fail_msg("code %d, wanted 2 with \"%s\": %s", code, parts[0], s->status.message);
    }
    for (int i = 0; i < n; i++) {
        if (!strstr(s->status.message, parts[i])) {
            fail_msg("no \"%s\" in: %s", parts[i], s->status.message);
        }
    }
    assert_null(s->plan);
    sim_end(s);
}

/* More contributors than the ages carry, beyond 5 %: the row, the numbers, and the way out. */
static void outside_members(void **state)
{
    static const char *const parts[] = {"regions.csv:2:1:", "900000 contributors", "80000 retirees", "at most 1.05 times",
                                        "membership.allow_outside"};
    sim s;

    (void)state;
    sim_small(&s);
    small_replace(&s.text, "regions.csv", ",300000,80000,500000,", ",900000,80000,20000,");
    refused(&s, parts, 5);
    /* the same is accepted when allowed, and the factor reported */
    sim_small(&s);
    small_replace(&s.text, "regions.csv", ",300000,80000,500000,", ",900000,80000,20000,");
    sim_set(&s, "membership.allow_outside=true");
    sim_plan(&s);
    assert_true(s.plan->regions[0].outside_contributors > 1.05);
    assert_true(s.plan->regions[1].outside_contributors == 1);
    sim_end(&s);
}

static void residents_from_outside(void **state)
{
    static const char *const parts[] = {"regions.csv:3:1:", "Beta", "900000 resident members", "1.05"};
    sim s;

    (void)state;
    sim_small(&s);
    small_replace(&s.text, "regions.csv", ",100000,50000,300000,", ",100000,50000,900000,");
    refused(&s, parts, 4);
}

/* Credits and the transfer to major-illness insurance alone are more than what was spent. */
static void expenditure_below_other(void **state)
{
    static const char *const parts[] = {"regions.csv:3:1:", "Beta", "employee expenditure of 4e+07 yuan",
                                        "-2.5e+07 for claims"};
    sim s;

    (void)state;
    sim_small(&s);
    /* Beta: 50,000 retirees (stock) with 900 yuan, 5 % of 4e8; the year's mean of retirees is what counts */
    small_replace(&s.text, "regions.csv", ",4e8,4.1e8,", ",4e8,4e7,");
    sim_set(&s, "employee.major_illness=5 %");
    refused(&s, parts, 3);
}

static void equal_streams(void **state)
{
    static const char *const parts[] = {"regions.csv:", "102", "stream", "101", "102"};
    sim s;

    (void)state;
    sim_small(&s);
    small_replace(&s.text, "regions.csv", "code,name,", "code,stream,name,");
    small_replace(&s.text, "regions.csv", "101,", "101,102,");
    small_replace(&s.text, "regions.csv", "102,Beta", "102,102,Beta");
    refused(&s, parts, 5);
}

static void partitions_that_do_not_nest(void **state)
{
    static const char *const parts[] = {"scenario.yaml:", "policy tiers, 2026", "over rows", "over columns",
                                        "do not nest"};
    sim s;

    (void)state;
    sim_small(&s);
    small_put(&s.text, "regions.csv",
              SMALL_HEADER EQUAL_REGION("11") EQUAL_REGION("12") EQUAL_REGION("13") EQUAL_REGION("14"));
    small_append(&s.text, "  tiers:\n    employee:\n      2026:\n        layers:\n"
                          "          - adjustment_fund: {over: rows, levy: 1 %}\n"
                          "          - adjustment_fund: {over: columns, levy: 1 %}\n"
                          "partitions:\n  rows: {groups: {a: [11, 12], b: [13, 14]}}\n"
                          "  columns: {groups: {c: [11, 13], d: [12, 14]}}\n");
    refused(&s, parts, 5);
}

static void identifiers_twice(void **state)
{
    static const char *const parts[] = {"regions.csv:2:1:", "'101'", "twice"};
    sim s;

    (void)state;
    sim_small(&s);
    small_append(&s.text, "whole: {id: 101, name: All}\n");
    refused(&s, parts, 3);
}

/* Membership cannot rise above 1. */
static void membership_above_one(void **state)
{
    static const char *const parts[] = {"scenario.yaml:15:21:", "membership at age 30 in 2026 = 1.16784", "0.7299 in the base year", "trend 1.6"};
    sim s;

    (void)state;
    sim_small(&s);
    small_append(&s.text, "membership: {trend: {2024: 1, 2034: 4}}\n");
    refused(&s, parts, 4);
}

/* ---- two rules ---------------------------------------------------------------------------------------------------------------- */

/* A policy with pension ages of its own has its own rule; policies that name the same table share it. */
static void rules(void **state)
{
    sim s;

    (void)state;
    sim_small(&s);
    small_put(&s.text, "old.csv", "year,men,women_cadres,women_workers\n2024,60,55,50\n");
    small_append(&s.text, "  old: {pension_age: old.csv}\n  older: {pension_age: old.csv}\n");
    sim_plan(&s);
    assert_int_equal(s.plan->world.people.n_rules, 2);
    assert_string_equal(s.plan->rule_names[1], "old.csv");
    assert_int_equal(s.plan->policies[0].spec->rule, 0);
    assert_int_equal(s.plan->policies[2].spec->rule, 1);
    assert_int_equal(s.plan->policies[3].spec->rule, 1);
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_come_back),       cmocka_unit_test(births_come_back),
        cmocka_unit_test(outside_members),         cmocka_unit_test(residents_from_outside),
        cmocka_unit_test(expenditure_below_other), cmocka_unit_test(equal_streams),
        cmocka_unit_test(partitions_that_do_not_nest), cmocka_unit_test(identifiers_twice),
        cmocka_unit_test(membership_above_one),    cmocka_unit_test(rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
