/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section `stress`: what each of its keys does to the flows, in closed form, in its years and nowhere else. */
#include "../integration/scenario_text.h"

enum { YEARS = 8, BASE = 2024 };

static void start(sim *s)
{
    sim_folder(s, "smoke");
    sim_set(s, "horizon=8");
    sim_set(s, "paths=64");
    sim_set(s, "policies=city");
    sim_set(s, "employment.sigma=0"); /* else the cap of employment would bite on some paths */
    sim_set(s, "employment.regional_sigma=0");
}

/* Ratio of stressed to plain, year by year. */
typedef struct pair {
    sim plain, stressed;
} pair;

static void run_pair(pair *p, const char *const *sets, int n)
{
    start(&p->plain);
    start(&p->stressed);
    for (int i = 0; i < n; i++) {
        sim_set(&p->stressed, sets[i]);
    }
    sim_run(&p->plain);
    sim_run(&p->stressed);
}

static double mean_of(const sim *s, const char *group, const char *name, const char *region, int t)
{
    return sim_value(s, group, name, "mean", region, BASE + t);
}

static void expect(const pair *p, const char *group, const char *name, const char *region, const double *ratio)
{
    for (int t = 1; t <= YEARS; t++) {
        const double x = mean_of(&p->plain, group, name, region, t), y = mean_of(&p->stressed, group, name, region, t);
        if (ratio[t] == 1 ? x != y : !(fabs(y / x - ratio[t]) < 1e-11)) {
            fail_msg("%s/%s in year %d: %.15g over %.15g, expected %.15g", group, name, t, y, x, ratio[t]);
        }
    }
}

static void finish(pair *p)
{
    sim_end(&p->plain);
    sim_end(&p->stressed);
}

static void test_flows(void **state)
{
    const char *sets[] = {"stress.employee.revenue[+3]=0.8", "stress.resident.expenditure[+2:+3]=1.25"};
    const double one[YEARS + 1] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, revenue[YEARS + 1] = {1, 1, 1, 0.8, 1, 1, 1, 1, 1},
                             expenditure[YEARS + 1] = {1, 1, 1.25, 1.25, 1, 1, 1, 1, 1};
    pair p;

    (void)state;
    run_pair(&p, sets, 2);
    expect(&p, "policy/city/employee", "revenue", NULL, revenue);
    expect(&p, "policy/city/resident", "revenue", NULL, one);
    expect(&p, "policy/city/resident", "expenditure", NULL, expenditure);
    expect(&p, "people", "population", NULL, one);
    finish(&p);
}

/* `largest` is the region with the most employee members; the other places keep their bits. */
static void test_local(void **state)
{
    const char *by_word[] = {"stress.local.regions=largest", "stress.local.revenue[+4:]=0.9"}, *by_code[2];
    const double one[YEARS + 1] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    const double there[YEARS + 1] = {1, 1, 1, 1, 0.9, 0.9, 0.9, 0.9, 0.9};
    char code[80];
    int largest = 0;
    pair p;

    (void)state;
    run_pair(&p, by_word, 2);
    for (int r = 1; r < p.plain.plan->n_regions; r++) {
        const double *v = p.plain.scenario->regions[r].value, *w = p.plain.scenario->regions[largest].value;
        largest = v[PC_COL_EMPLOYEE_CONTRIBUTORS] + v[PC_COL_EMPLOYEE_RETIREES] >
                          w[PC_COL_EMPLOYEE_CONTRIBUTORS] + w[PC_COL_EMPLOYEE_RETIREES]
                      ? r
                      : largest;
    }
    for (int r = 0; r < p.plain.plan->n_regions; r++) {
        expect(&p, "policy/city/employee", "revenue", p.plain.scenario->regions[r].id, r == largest ? there : one);
    }
    snprintf(code, sizeof code, "stress.local.regions=%s", p.plain.scenario->regions[largest].id);
    finish(&p);
    by_code[0] = code;
    by_code[1] = by_word[1];
    run_pair(&p, by_code, 2);
    expect(&p, "policy/city/employee", "revenue", strchr(code, '=') + 1, there);
    finish(&p);
}

/* Growth adds up and stays; a level is back when its years are over. */
static void test_growth_and_level(void **state)
{
    const char *sets[] = {"stress.employee.cost[+2:+4]=1 %", "stress.employment[+3:+4]=-5 %"};
    const double cost[YEARS + 1] = {1, 1, exp(0.01), exp(0.02), exp(0.03), exp(0.03), exp(0.03), exp(0.03), exp(0.03)};
    const double level[YEARS + 1] = {1, 1, 1, exp(-0.05), exp(-0.05), 1, 1, 1, 1};
    pair p;

    (void)state;
    run_pair(&p, sets, 1);
    expect(&p, "policy/city/employee", "expenditure", NULL, cost);
    finish(&p);
    run_pair(&p, sets + 1, 1);
    expect(&p, "people", "contributors", NULL, level);
    finish(&p);
}

/* The index with a drift of one less from the second year on is that of another start and drift; what the drift has
 * gained in one year is a shift of all later ones. */
static void test_mortality(void **state)
{
    const char *faster[] = {"stress.mortality_drift[+2:]=-1"}, *once[] = {"stress.mortality_drift[+3]=-4"};
    const char *shift[] = {"stress.mortality[+3:]=-4"};
    double gained[YEARS + 1] = {1}, expected[YEARS + 1] = {1};
    pair p;
    sim other;

    (void)state;
    run_pair(&p, faster, 1);
    start(&other);
    sim_set(&other, "mortality.kappa=0");
    sim_set(&other, "mortality.drift=-2"); /* smoke has -1 and -1 */
    sim_run(&other);
    for (int t = 1; t <= YEARS; t++) {
        const double plain = mean_of(&p.plain, "people", "population", NULL, t);
        assert_close("population", mean_of(&p.stressed, "people", "population", NULL, t),
                     mean_of(&other, "people", "population", NULL, t), 1e-10 * plain);
        gained[t] = mean_of(&p.stressed, "people", "population", NULL, t) / plain;
        assert_true(t < 2 ? gained[t] == 1 : gained[t] > gained[t - 1]);
    }
    sim_end(&other);
    finish(&p);
    run_pair(&p, once, 1);
    for (int t = 1; t <= YEARS; t++) {
        expected[t] =
            mean_of(&p.stressed, "people", "population", NULL, t) / mean_of(&p.plain, "people", "population", NULL, t);
    }
    assert_true(expected[2] == 1 && expected[3] > 1);
    finish(&p);
    run_pair(&p, shift, 1);
    expect(&p, "people", "population", NULL, expected);
    finish(&p);
}

/* The year's net rate times the people of the year before; its women bear children, a little less than a fertility
 * rate's worth over the fertile ages. Closed or not. */
static void test_migration(void **state)
{
    const char *sets[] = {"stress.migration[+3]=-1 %", "migration.closed=true"};
    pair p;

    (void)state;
    for (int closed = 0; closed < 2; closed++) {
        double gone;
        start(&p.plain);
        start(&p.stressed);
        sim_set(&p.stressed, sets[0]);
        if (closed) {
            sim_set(&p.plain, sets[1]);
            sim_set(&p.stressed, sets[1]);
        }
        sim_run(&p.plain);
        sim_run(&p.stressed);
        gone =
            mean_of(&p.plain, "people", "population", NULL, 3) - mean_of(&p.stressed, "people", "population", NULL, 3);
        gone /= 0.01 * mean_of(&p.plain, "people", "population", NULL, 2);
        assert_true(gone > 1 && gone < 1.03);
        assert_true(mean_of(&p.plain, "people", "population", NULL, 2) ==
                    mean_of(&p.stressed, "people", "population", NULL, 2));
        finish(&p);
    }
}

/* Two years earlier for two years, then back by a year a year. */
static void test_pension_age(void **state)
{
    sim plain, s;

    (void)state;
    start(&plain);
    start(&s);
    sim_set(&s, "stress.pension_age[+3:+4]=-2");
    sim_plan(&plain);
    sim_plan(&s);
    for (int t = 0; t <= YEARS; t++) {
        for (int k = 0; k < 3; k++) {
            const double *was = plain.plan->pension_age[0] + k, *now = s.plan->pension_age[0] + k;
            const double want = t < 3 ? was[3 * t] : t <= 4 ? was[3 * t] - 2 : fmin(was[3 * t], now[3 * (t - 1)] + 1);
            assert_close("pension age", now[3 * t], want, 1e-12);
        }
    }
    assert_true(s.plan->pension_age[0][3 * 5] < plain.plan->pension_age[0][3 * 5]);
    assert_true(s.plan->pension_age[0][3 * YEARS] == plain.plan->pension_age[0][3 * YEARS]);
    sim_end(&plain);
    sim_end(&s);
}

static void test_refused(void **state)
{
    static const char *const sets[] = {"stress.mortality[+1:]=1", "stress.migration=1 %", "stress.pension_age[+1]=-1",
                                       "stress.local.regions=nowhere"};
    static const char *const parts[] = {"stress.mortality: found 1 in 2025", "allowed 0 until 2025",
                                        "stress.pension_age", "nowhere"};

    (void)state;
    for (int i = 0; i < 4; i++) {
        sim s;
        start(&s);
        sim_set(&s, sets[i]);
        assert_int_equal(sim_try_plan(&s), PC_ERR_INPUT);
        if (!strstr(s.status.message, parts[i])) {
            fail_msg("%s: no \"%s\" in: %s", sets[i], parts[i], s.status.message);
        }
        sim_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flows),     cmocka_unit_test(test_local),     cmocka_unit_test(test_growth_and_level),
        cmocka_unit_test(test_mortality), cmocka_unit_test(test_migration), cmocka_unit_test(test_pension_age),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
