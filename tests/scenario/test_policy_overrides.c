/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The short forms of overrides: policy.NAME.PARAMETER and policy.NAME.start. */
#include "small.h"

#include "list.h"

static pc_scenario *read_with(small *s, const char *override)
{
    pc_scenario *sc = NULL;
    pc_status st;

    if (small_read(s, &override, 1, &sc, &st)) {
        fail_msg("%s: %s", override, st.message);
    }
    return sc;
}

/* Value of a parameter in an entry. */
static double value_of(const pc_entry *entry, const char *key)
{
    const pc_head *head = entry->section.head;

    for (int i = 0; i < head->n_params; i++) {
        if (strcmp(head->params[i].key, key) == 0) {
            return entry->section.values[i].series ? entry->section.values[i].series[3]
                                                   : entry->section.values[i].number;
        }
    }
    fail_msg("no %s", key);
    return 0;
}

static void test_parameter(void **state)
{
    static const char *const forms[] = {"policy.fund.levy=7%", "policy.fund.adjustment_fund.levy=7 %"};
    small s;

    (void)state;
    small_start(&s);
    for (int i = 0; i < 2; i++) {
        pc_scenario *sc = read_with(&s, forms[i]);
        const pc_phase_entry *phase = &sc->policies[1].phases[PC_EMPLOYEE][0];
        assert_int_equal(phase->from_year, 2026);
        assert_true(value_of(&phase->layers[0], "levy") == 0.07);
        assert_int_equal(phase->layers[0].over, 0); /* the rest stays */
        pc_scenario_free(sc);
    }
    small_refuses(&s, "policy.fund.levi=7%", "levy");
    small_refuses(&s, "policy.fund.reserve_fund.levy=7%", "unknown");
    small_refuses(&s, "policy.found.levy=7%", "fund");
    small_refuses(&s, "policy.fund.levy=7", "0 to 1");
    small_refuses(&s, "policy.fund=7", "policy.NAME.PARAMETER");
    small_end(&s);
}

/* A lever that is not there is added: to every phase, of its schemes only, in a policy that has none too. */
static void test_new_lever(void **state)
{
    small s;
    pc_scenario *sc;
    const pc_policy_entry *p;

    (void)state;
    small_start(&s);
    sc = read_with(&s, "policy.fund.rate.factor=1.2");
    p = &sc->policies[1];
    assert_int_equal(p->phases[PC_EMPLOYEE][0].n_levers, 1);
    assert_int_equal(p->phases[PC_EMPLOYEE][0].n_layers, 1);
    assert_true(value_of(&p->phases[PC_EMPLOYEE][0].levers[0], "factor") == 1.2);
    pc_scenario_free(sc);

    sc = read_with(&s, "policy.city.rate.factor=1.2");
    p = &sc->policies[0];
    assert_int_equal(p->n_phases[PC_EMPLOYEE], 1);
    assert_int_equal(p->n_phases[PC_RESIDENT], 0);
    assert_int_equal(p->phases[PC_EMPLOYEE][0].from_year, 2025);
    pc_scenario_free(sc);

    small_append(&s, "  all:\n    both:\n      2027:\n        layers: [unified: {over: whole}]\n"
                     "        levers: [benefit: {factor: 0.9}]\n      2030: {}\n");
    sc = read_with(&s, "policy.all.rate.factor=1.2"); /* only for employees: the schemes part */
    p = &sc->policies[2];
    assert_int_equal(p->n_phases[PC_EMPLOYEE], 2);
    assert_int_equal(p->n_phases[PC_RESIDENT], 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(p->phases[PC_EMPLOYEE][i].n_levers, i == 0 ? 2 : 1);
        assert_int_equal(p->phases[PC_RESIDENT][i].n_levers, i == 0 ? 1 : 0);
        assert_int_equal(p->phases[PC_RESIDENT][i].n_layers, i == 0 ? 1 : 0);
    }
    pc_scenario_free(sc);
    sc = read_with(&s, "policy.all.siphoning.theta=10%"); /* for both: they stay together */
    p = &sc->policies[2];
    assert_int_equal(p->phases[PC_RESIDENT][1].n_levers, 1);
    assert_int_equal(p->phases[PC_EMPLOYEE][0].n_levers, 2);
    pc_scenario_free(sc);
    small_end(&s);
}

static void test_start(void **state)
{
    small s;
    pc_scenario *sc;
    const pc_policy_entry *p;

    (void)state;
    small_start(&s);
    small_append(&s,
                 "  steps:\n    both:\n      2027: {}\n    employee:\n      2029:\n        layers: [unified: {over: "
                 "whole}]\n");
    sc = read_with(&s, "policy.steps.start=2030");
    p = &sc->policies[2];
    assert_int_equal(p->phases[PC_EMPLOYEE][0].from_year, 2030);
    assert_int_equal(p->phases[PC_EMPLOYEE][1].from_year, 2032);
    assert_int_equal(p->phases[PC_EMPLOYEE][1].n_layers, 1);
    assert_int_equal(p->phases[PC_RESIDENT][0].from_year, 2030);
    pc_scenario_free(sc);
    small_refuses(&s, "policy.steps.start=soon", "year");
    small_refuses(&s, "policy.city.start=2030", "without phases");
    small_end(&s);
}

static void test_param(void **state)
{
    small s;
    pc_scenario *sc;
    unsigned schemes;
    int policy;

    (void)state;
    small_start(&s);
    sc = read_with(&s, "policy.fund.levy=1%");
    assert_string_equal(pc_scenario_param(sc, "policy.fund.levy", &policy, &schemes)->key, "levy");
    assert_int_equal(policy, 1);
    assert_int_equal(schemes, 1u << PC_EMPLOYEE);
    assert_string_equal(pc_scenario_param(sc, "policy.city.rate.factor", &policy, &schemes)->key, "factor");
    assert_int_equal(policy, 0);
    assert_string_equal(pc_scenario_param(sc, "policy.fund.start", &policy, &schemes)->unit, "year");
    assert_string_equal(pc_scenario_param(sc, "mortality.sigma", &policy, &schemes)->key, "sigma");
    assert_int_equal(policy, -1);
    assert_non_null(pc_scenario_param(sc, "cost.employee.excess", &policy, &schemes));
    assert_null(pc_scenario_param(sc, "mortality.sigmb", &policy, &schemes));
    assert_null(pc_scenario_param(sc, "policy.fund.levi", &policy, &schemes));
    assert_null(pc_scenario_param(sc, "policy.none.levy", &policy, &schemes));
    pc_scenario_free(sc);
    small_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parameter), cmocka_unit_test(test_new_lever),
                                       cmocka_unit_test(test_start), cmocka_unit_test(test_param)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
