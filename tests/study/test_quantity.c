/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures and conditions as they are written. */
#include "../integration/scenario_text.h"

#include "study/quantity.h"

static pc_quantity good(const char *text, int condition)
{
    pc_quantity q;
    pc_status st = {0};

    if (pc_quantity_read("--until", text, condition, &q, &st)) {
        fail_msg("%s", st.message);
    }
    return q;
}

static void test_read(void **state)
{
    pc_quantity q = good("depleted_any(2035) <= 0.10", 1);

    (void)state;
    assert_string_equal(q.name, "depleted_any");
    assert_string_equal(q.text, "depleted_any(2035)");
    assert_int_equal(q.year, 2035);
    assert_int_equal(q.relation, -1);
    assert_true(q.bound == 0.1);
    q = good("  difference.reserve_months ( 2040 , New Town, 5 % )>=-3", 1);
    assert_true(q.difference);
    assert_string_equal(q.region, "New Town");
    assert_int_equal(q.statistic, PC_STATISTIC_QUANTILE);
    assert_true(q.probability == 0.05);
    assert_true(q.bound == -3);
    assert_int_equal(q.relation, 1);
    q = good("balance_quantile(2040, 330100, 0.01) > 1e9", 1);
    assert_string_equal(q.name, "balance");
    assert_string_equal(q.region, "330100");
    assert_true(q.probability == 0.01);
    q = good("treasury_net(tvar)", 0);
    assert_int_equal(q.statistic, PC_STATISTIC_TVAR);
    assert_int_equal(q.year, 0);
    q = good("actuarial_balance >= 0", 1);
    assert_string_equal(q.text, "actuarial_balance");
    assert_true(pc_quantity_met(&q, 0) && pc_quantity_met(&q, 1) && !pc_quantity_met(&q, -1e-9));
}

static void test_refused(void **state)
{
    static const struct {
        const char *text;
        int condition;
        const char *part;
    } cases[] = {
        {"", 1, "column 1: found 'the end'"},
        {"depleted_any(2035)", 1, "column 19: found 'the end', allowed <= or >="},
        {"depleted_any(2035) = 0.1", 1, "column 20: found '= 0.1'"},
        {"depleted_any(2035) <= ten", 1, "found 'ten'"},
        {"depleted_any(2035) <= 0.1 or so", 1, "found 'or so'"},
        {"depleted_any(2035, 2036) <= 1", 1, "one year only"},
        {"depleted_any(2035, a, b) <= 1", 1, "one region only"},
        {"depleted_any(2035", 0, "found 'the end', allowed , or )"},
        {"depleted_any(,)", 0, "a year, a region or a statistic"},
        {"depleted_any(2035) <= 1", 0, "the end of the measure"},
        {"balance_quantile(2035)", 0, "found no probability"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pc_quantity q;
        pc_status st = {0};
        assert_int_equal(pc_quantity_read("--until", cases[i].text, cases[i].condition, &q, &st), PC_ERR_INPUT);
        if (!strstr(st.message, cases[i].part)) {
            fail_msg("'%s': no \"%s\" in: %s", cases[i].text, cases[i].part, st.message);
        }
    }
}

static void test_found(void **state)
{
    static const struct {
        const char *text;
        int view;
        const char *part; /* NULL: is found */
    } cases[] = {
        {"depleted_by(2030, beta)", PC_EMPLOYEE, NULL},
        {"depleted_by(2030, 101)", PC_BOTH, NULL},
        {"population(2030)", PC_BOTH, NULL},
        {"interest(2030)", PC_RESIDENT, NULL},
        {"level_rate", PC_EMPLOYEE, NULL},
        {"depleted_bi(2030)", PC_EMPLOYEE, "did you mean 'depleted_by'?"},
        {"depleted_by(2030, Beeta)", PC_EMPLOYEE, "did you mean 'Beta'?"},
        {"depleted_by(2050)", PC_EMPLOYEE, "found the year 2050, allowed 2025 to 2034"},
        {"depleted_by", PC_EMPLOYEE, "found no year"},
        {"level_rate(2030)", PC_EMPLOYEE, "allowed none"},
        {"depleted_any(2030, Beta)", PC_EMPLOYEE, "found the region 'Beta', allowed none"},
        {"ratio(2030)", PC_RESIDENT, "not there for the scheme 'resident'"},
        {"difference.population(2030)", PC_EMPLOYEE, "the same under every policy"},
    };
    sim s;
    pc_layout layout;

    (void)state;
    sim_small(&s);
    sim_plan(&s);
    assert_int_equal(pc_layout_for(s.plan, &layout, &s.status), PC_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pc_quantity q = good(cases[i].text, 0);
        pc_quantity_use use;
        pc_status st = {0};
        const pc_code code = pc_quantity_find(&q, s.plan, &layout, 1, cases[i].view, &use, &st);
        if ((code == PC_OK) != (cases[i].part == NULL) || (cases[i].part && !strstr(st.message, cases[i].part))) {
            fail_msg("'%s': %d, %s", cases[i].text, code, st.message);
        }
    }
    pc_layout_release(&layout);
    sim_end(&s);
}

/* Chances and shares are shown in per cent, people per person and coefficients as they are. */
static void test_unit(void **state)
{
    static const char *const names[][2] = {{"ratio", "index"},
                                           {"depleted_any", "1"},
                                           {"cost_ratio_gini", "index"},
                                           {"member_weighted_depletion_by", "1"},
                                           {"balance", "yuan"}};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        pc_quantity q = {.probability = NAN};
        int subject, index;
        snprintf(q.name, sizeof q.name, "%s", names[i][0]);
        assert_string_equal(pc_quantity_unit(pc_quantity_output(&q, &subject, &index)), names[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_read), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_found), cmocka_unit_test(test_unit)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
