/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain: shares against closed forms, that drivers which do not matter have none to the last bit, what one standard
 * deviation does, and typical paths that replay to what is said of them. */
#include "study_text.h"

#include "engine/drivers.h"
#include "study/explain.h"

static void start(probe *p)
{
    sim_folder(&p->s, "smoke");
    sim_set(&p->s, "correlation=[]");
    sim_set(&p->s, "base_uncertainty={employee: {revenue: 0, expenditure: 0, balance: 0}, resident: {revenue: 0, "
                   "expenditure: 0, balance: 0}}");
}

static const pc_explain_share *share_of(const pc_explained *e, const char *name)
{
    for (int k = 0; k < e->n_shares; k++) {
        if (strcmp(e->share[k].name, name) == 0) {
            return &e->share[k];
        }
    }
    fail_msg("no share of %s", name);
    return NULL;
}

static const pc_explain_bar *bar_of(const pc_explained *e, const char *name)
{
    for (int k = 0; k < e->n_bars; k++) {
        if (strcmp(e->bar[k].name, name) == 0) {
            return &e->bar[k];
        }
    }
    fail_msg("no bar of %s", name);
    return NULL;
}

static void near(const char *name, double got, double se, double want, double model)
{
    if (!(fabs(got - want) <= 3 * se + model)) {
        fail_msg("%s: %.4f +- %.4f, expected %.4f", name, got, se, want);
    }
}

/* Expenditure of the first year in one region: C exp(gamma + x_c + y_c) U Z, wages with elasticity 1, so a product of
 * independent log-normals but for the people, whose part is far below. With c = exp(s^2) - 1 of each factor the
 * variance is the product of (1 + c) less 1: first-order c / V, total c / (1 + c) (1 + V) / V. Twelve numbers within
 * three errors: a right program fails 3 % of seeds. */
static void test_product(void **state)
{
    const double wages = 0.05 * 0.05 + 0.03 * 0.03, cost = 0.06 * 0.06 + 0.02 * 0.02, claims = log1p(0.05 * 0.05);
    const double c[3] = {expm1(wages), expm1(cost), expm1(claims)}, v = expm1(wages + cost + claims);
    static const char *const names[3] = {"wages", "cost", "claims"};
    static const char *const none[] = {"returns", "fertility"};
    probe p = {0};
    pc_explained e;
    double sum = 0;

    (void)state;
    start(&p);
    sim_set(&p.s, "paths=8000");
    sim_set(&p.s, "wages.sigma=5 %");
    sim_set(&p.s, "wages.regional_sigma=3 %");
    sim_set(&p.s, "cost.sigma=6 %");
    sim_set(&p.s, "cost.employee.regional_sigma=2 %");
    sim_set(&p.s, "claims.employee.cv=0");
    sim_set(&p.s, "claims.employee.tau=5 %");
    sim_set(&p.s, "employment.sigma=0");
    sim_set(&p.s, "employment.regional_sigma=0");
    sim_set(&p.s, "migration.sigma=0");
    sim_set(&p.s, "mortality.sigma=0");
    probe_ask(&p, "expenditure(2025, R1)", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_explain(&p.study, 1, 1, &e, &p.s.status), PC_OK);
    for (int k = 0; k < 3; k++) {
        const pc_variance_share *s = share_of(&e, names[k])->index;
        near(names[k], s->first, s->first_se, c[k] / v, 1e-3);
        near(names[k], s->total, s->total_se, c[k] / (1 + c[k]) * (1 + v) / v, 1e-3);
        sum += s->first;
    }
    near("sum", sum, 0.03, 1, 0); /* of first-order shares: at most 1 within the error */
    for (int k = 0; k < 2; k++) {
        const pc_variance_share *s = share_of(&e, none[k])->index;
        assert_true(s->first == 0 && s->total == 0 && s->first_se == 0);
    }
    near("process", share_of(&e, "process")->index->first, share_of(&e, "process")->index->first_se, 1, 0);
    assert_true(share_of(&e, "parameters")->index->total == 0);
    /* a single year: that of the process, and of the largest groups, which are all of theirs */
    assert_true(share_of(&e, "2025-2025")->kind == PC_EXPLAIN_PERIOD);
    assert_string_equal(e.share[e.n_shares - PC_EXPLAIN_TOP].name, "cost 2025-2025");
    assert_true(share_of(&e, "cost 2025-2025")->index->first == share_of(&e, "cost")->index->first);
    assert_true(e.between == 0);
    /* one standard deviation of the mean over the run's years moves the first year's growth by sigma / sqrt(years) */
    {
        const double years = p.study.last_year - p.study.base_year, one = 0.06 / sqrt(years);
        const pc_explain_bar *bar = bar_of(&e, "cost");
        assert_close("up", bar->high[0] / e.mean[0], expm1(one), 0.01 * one);
        assert_close("down", bar->low[0] / e.mean[0], expm1(-one), 0.01 * one);
        assert_true(bar_of(&e, "returns")->high[0] == 0 && bar_of(&e, "returns")->high_se[0] == 0);
        assert_true(bar->high_se[0] > 0 && bar->high_se[0] < 0.01 * bar->high[0]);
    }
    pc_explain_release(&e);
    probe_end(&p);
}

/* The wage knows only wages, and what is drawn once a path is its parameter. */
static void test_parameters(void **state)
{
    probe p = {0};
    pc_explained e;
    const pc_variance_share *process, *parameters;
    double years;

    (void)state;
    start(&p);
    sim_set(&p.s, "paths=4000");
    sim_set(&p.s, "wages.sigma=1 %");
    sim_set(&p.s, "wages.phi=0");
    sim_set(&p.s, "wages.regional_sigma=0");
    sim_set(&p.s, "wages.growth_se=0.3 %");
    probe_ask(&p, "wage(2033, R1)", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_explain(&p.study, 1, 1, &e, &p.s.status), PC_OK);
    years = 9;
    process = share_of(&e, "wages")->index;
    parameters = share_of(&e, "parameters")->index;
    { /* log-normal: 9 innovations of 1 % and nine times an error of 0.3 % */
        const double a = expm1(years * 1e-4), b = expm1(years * years * 9e-6), v = (1 + a) * (1 + b) - 1;
        near("wages", process->first, process->first_se, a / v, 1e-3);
        near("parameters", parameters->first, parameters->first_se, b / v, 1e-3);
        near("parameters in all", parameters->total, parameters->total_se, b / (1 + b) * (1 + v) / v, 1e-3);
        assert_close("bar", bar_of(&e, "param:wages.growth")->high[0] / e.mean[0], expm1(years * 0.003), 2e-4);
    }
    assert_true(share_of(&e, "cost")->index->total == 0);
    { /* equal years, equal shares: 9 years in five pieces of 1, 2, 2, 2, 2 */
        const pc_variance_share *one = share_of(&e, "2025-2025")->index, *two = share_of(&e, "2032-2033")->index;
        near("periods", two->first, two->first_se + 2 * one->first_se, 2 * one->first, 0.005);
    }
    pc_explain_release(&e);
    probe_end(&p);
}

/* What is said of a typical path is what the run has for it; without a mix a sample has the bits of the run. */
static void test_typical(void **state)
{
    enum { N = 300 };
    probe p = {0};
    pc_explained e;
    double values[2 * N];

    (void)state;
    start(&p);
    sim_set(&p.s, "paths=300");
    probe_ask(&p, "depleted_any(2035)", "city", PC_EMPLOYEE);
    probe_ask(&p, "balance(2035)", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_explain(&p.study, 1, 0, &e, &p.s.status), PC_OK);
    assert_int_equal(e.n_bars, 0);
    assert_int_equal(pc_study_values(&p.study, "", values, &p.s.status), PC_OK);
    for (int k = 0; k < PC_EXPLAIN_ENDS; k++) {
        const pc_explain_path *path = &e.typical[k];
        int below = 0;
        assert_true(path->path < N && values[N + path->path] == path->value);
        for (int i = 0; i < N; i++) {
            below += values[N + i] < path->value;
        }
        assert_int_equal(below + 1, (int)ceil(pc_explain_ends[k] * N));
        assert_true(path->item[PC_EXPLAIN_DEFICIT] == 0 || path->item[PC_EXPLAIN_DEFICIT] > 2024);
    }
    assert_true(e.typical[0].value < e.typical[1].value && e.typical[1].value < e.typical[2].value);
    assert_true(e.typical[0].item[PC_EXPLAIN_MONTHS] < e.typical[2].item[PC_EXPLAIN_MONTHS]);
    assert_true(e.mean[0] >= 0 && e.mean[0] <= 1);
    pc_explain_release(&e);
    probe_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_product), cmocka_unit_test(test_parameters),
                                       cmocka_unit_test(test_typical)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
