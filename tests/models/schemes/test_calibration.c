/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "schemes/calibration.h"

enum {
    A = PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS),
    Q = PC_SUM_OF_RULE(0, PC_RULE_RETIREES),
    KA = PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_COST),
    KQ = PC_SUM_OF_RULE(0, PC_RULE_RETIREE_COST),
    RA = PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_RCOST),
    RQ = PC_SUM_OF_RULE(0, PC_RULE_RETIREE_RCOST)
};

static void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want))) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

/* Each sum grows at another rate, so that a mixed-up sum shows. */
static pc_calibration_input example(void)
{
    pc_calibration_input in = {.region = "430100",
                               .outside_contributors = 1.02,
                               .outside_retirees = 1.01,
                               .resident_members = 5.1e6,
                               .enrolment_limit = 1.05,
                               .wage = 90000,
                               .rate = 0.1,
                               .pooled_share = 0.7,
                               .credit = 900,
                               .major_illness = {0.02, 0.06},
                               .revenue = {9e9, 5.2e9},
                               .expenditure = {8e9, 5.1e9},
                               .expenditure_includes_other = {1, 1}};
    const double sums[PC_CALIBRATION_SUMS] = {8e6, 1.5e6, 9e6, 2e6, 7e5, 1.6e6, 1.9e6, 1.4e6, 1.8e6};

    for (int j = 0; j < PC_CALIBRATION_SUMS; j++) {
        in.sums[j] = sums[j];
        in.sums_next[j] = sums[j] * (1 + 0.01 * (j - 2));
    }
    return in;
}

static void test_exposure(void **state)
{
    (void)state;
    assert_close(pc_base_exposure(100, 121), 1000.0 / 11, 1e-15);
    assert_true(pc_base_exposure(0, 5) == 0);
    assert_true(pc_base_exposure(0, 0) == 0);
    assert_true(isnan(pc_base_exposure(5, 0)));
}

/* The calibrated numbers give the published figures back. */
static void test_reproduces_accounts(void **state)
{
    const pc_calibration_input in = example();
    pc_calibration_output out;
    pc_status st = {0};
    double x[PC_CALIBRATION_SUMS], act, ret, res, credits;

    (void)state;
    assert_int_equal(pc_calibrate(&in, &out, &st), PC_OK);
    for (int j = 0; j < PC_CALIBRATION_SUMS; j++) {
        x[j] = in.sums[j] / sqrt(1 + 0.01 * (j - 2));
        assert_close(out.exposure[j], x[j], 1e-14);
    }
    act = 1.02 * x[A];
    ret = 1.01 * x[Q];
    credits = 900 * ret;
    assert_close(out.contributors, act, 1e-14);
    assert_close(out.retirees, ret, 1e-14);
    assert_close(act * 90000 * out.base_ratio * 0.1 * 0.7, 9e9, 1e-14);
    assert_close(out.other[PC_EMPLOYEE], credits + 0.02 * 9e9, 1e-14);
    assert_close(out.cost[PC_EMPLOYEE] * (1.02 * x[KA] + 1.01 * x[KQ]) + credits + 0.02 * 9e9, 8e9, 1e-14);
    assert_close(out.expenditure[PC_EMPLOYEE] + out.other[PC_EMPLOYEE], 8e9, 1e-14);

    assert_close(out.enrolment, 5.1e6 / (8e6 - 2e6 - 7e5), 1e-14);
    res = out.enrolment * (x[PC_SUM_POPULATION] - x[A] - x[Q]);
    assert_close(out.residents, res, 1e-14);
    assert_close(res * out.financing, 5.2e9, 1e-14);
    assert_close(out.other[PC_RESIDENT], 0.06 * 5.2e9, 1e-14);
    assert_close(out.cost[PC_RESIDENT] * out.enrolment * (x[PC_SUM_RESIDENT_COST] - x[RA] - x[RQ]) + 0.06 * 5.2e9,
                 5.1e9, 1e-14);
}

static void test_other_outside_expenditure(void **state)
{
    pc_calibration_input in = example();
    pc_calibration_output with, without;

    (void)state;
    assert_int_equal(pc_calibrate(&in, &with, NULL), PC_OK);
    in.expenditure_includes_other[PC_EMPLOYEE] = 0;
    assert_int_equal(pc_calibrate(&in, &without, NULL), PC_OK);
    assert_close(without.cost[PC_EMPLOYEE] * without.cost_exposure[PC_EMPLOYEE], 8e9, 1e-14);
    assert_close(without.expenditure[PC_EMPLOYEE], 8e9, 1e-15);
    assert_true(without.other[PC_EMPLOYEE] == with.other[PC_EMPLOYEE]);
    assert_true(without.cost[PC_RESIDENT] == with.cost[PC_RESIDENT]);
}

static void test_money_scales(void **state)
{
    pc_calibration_input in = example();
    pc_calibration_output one, ten;

    (void)state;
    assert_int_equal(pc_calibrate(&in, &one, NULL), PC_OK);
    in.wage *= 10;
    in.credit *= 10;
    for (int s = 0; s < PC_SCHEMES; s++) {
        in.revenue[s] *= 10;
        in.expenditure[s] *= 10;
    }
    assert_int_equal(pc_calibrate(&in, &ten, NULL), PC_OK);
    assert_close(ten.base_ratio, one.base_ratio, 1e-14);
    assert_close(ten.financing, 10 * one.financing, 1e-14);
    assert_close(ten.cost[PC_EMPLOYEE], 10 * one.cost[PC_EMPLOYEE], 1e-14);
    assert_close(ten.cost[PC_RESIDENT], 10 * one.cost[PC_RESIDENT], 1e-14);
}

static void test_scheme_absent(void **state)
{
    pc_calibration_input in = example();
    pc_calibration_output out;

    (void)state;
    in.resident_members = 0;
    in.revenue[PC_RESIDENT] = in.expenditure[PC_RESIDENT] = 0;
    assert_int_equal(pc_calibrate(&in, &out, NULL), PC_OK);
    assert_true(out.enrolment == 0 && out.financing == 0 && out.cost[PC_RESIDENT] == 0 && out.residents == 0);
}

static void expect_error(const pc_calibration_input *in, const char *word)
{
    pc_calibration_output out;
    pc_status st = {0};

    assert_int_equal(pc_calibrate(in, &out, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "430100"));
    if (!strstr(st.message, word)) {
        fail_msg("\"%s\" is not in: %s", word, st.message);
    }
}

static void test_errors(void **state)
{
    pc_calibration_input in;

    (void)state;
    in = example();
    in.expenditure[PC_EMPLOYEE] = 5e8; /* less than credits and transfer */
    expect_error(&in, "5e+08");
    in = example();
    in.expenditure[PC_RESIDENT] = 0;
    expect_error(&in, "resident expenditure");
    in = example();
    in.rate = 0;
    expect_error(&in, "9e+09");
    in = example();
    in.resident_members = 0;
    expect_error(&in, "resident revenue");
    in = example();
    in.resident_members = 6e6; /* 5.3e6 people are left */
    expect_error(&in, "1.132");
    in = example();
    in.sums[PC_SUM_POPULATION] = 2.7e6;
    in.sums_next[PC_SUM_POPULATION] = 2.7e6;
    expect_error(&in, "nobody");
    in = example();
    in.sums_next[KQ] = 0;
    expect_error(&in, "a year later");
    in = example();
    in.revenue[PC_EMPLOYEE] = -1;
    expect_error(&in, "employee revenue = -1");
    in = example();
    in.wage = NAN;
    expect_error(&in, "wage");
}

static void test_outside_residents_allowed(void **state)
{
    pc_calibration_input in = example();
    pc_calibration_output out;

    (void)state;
    in.resident_members = 6e6;
    in.enrolment_limit = INFINITY;
    assert_int_equal(pc_calibrate(&in, &out, NULL), PC_OK);
    assert_close(out.enrolment, 6e6 / 5.3e6, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exposure),
        cmocka_unit_test(test_reproduces_accounts),
        cmocka_unit_test(test_other_outside_expenditure),
        cmocka_unit_test(test_money_scales),
        cmocka_unit_test(test_scheme_absent),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_outside_residents_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
