/* SPDX-License-Identifier: GPL-3.0-or-later */
/* solve: closed forms, the stated error over seeds, what cannot be reached, whole numbers, and that the shortened runs
 * of a study have the bits of the whole run. */
#include "study_text.h"

#include "study/grid.h"
#include "study/solve.h"

static pc_solve_answer *solve(probe *p, pc_solve_problem problem)
{
    pc_solve_answer *a = calloc(1, sizeof *a);

    assert_non_null(a);
    problem.n_scan = problem.n_scan ? problem.n_scan : 5;
    problem.max_runs = 40;
    if (pc_solve(&p->study, &problem, a, &p->s.status)) {
        fail_msg("%s", p->s.status.message);
    }
    return a;
}

static void done(pc_solve_answer *a)
{
    pc_solve_release(a);
    free(a);
}

/* Paths in replicates, where the study takes them so: value and error are those of the run. Else they are plain. */
static void test_sampling(void **state)
{
    (void)state;
    for (int as_sampled = 0; as_sampled < 2; as_sampled++) {
        probe p = {0};
        pc_estimate found[2];
        double error, plain;

        sim_folder(&p.s, "smoke");
        sim_set(&p.s, "paths=4096");
        sim_set(&p.s, "horizon=8");
        sim_set(&p.s, "sampling=rqmc");
        probe_ask(&p, "balance(2030)", "city", PC_EMPLOYEE);
        probe_ask(&p, "member_weighted_depletion_by(2030)", "unified", PC_RESIDENT);
        p.study.as_sampled = as_sampled;
        probe_start(&p);
        assert_int_equal(pc_study_run(&p.study, NULL, 0, "", found, NULL, &p.s.status), PC_OK);
        if (!as_sampled) {
            sim_set(&p.s, "sampling=plain");
        }
        pc_scenario_free(p.s.scenario);
        sim_run(&p.s);
        error = sim_value(&p.s, "policy/city/employee", "balance", "se", NULL, 2030);
        plain = sim_value(&p.s, "policy/city/employee", "balance", "sd", NULL, 2030) / 64;
        assert_true(as_sampled ? error < plain / 3 : fabs(error / plain - 1) < 1e-12);
        assert_close("balance", found[0].value, sim_value(&p.s, "policy/city/employee", "balance", "mean", NULL, 2030),
                     1e-9 * plain);
        assert_close("its error", found[0].se, error, 1e-6 * error);
        assert_close("chance", found[1].value,
                     sim_value(&p.s, "policy/unified/resident", "member_weighted_depletion_by", NULL, NULL, 2030),
                     1e-12);
        error = sim_value(&p.s, "policy/unified/resident", "member_weighted_depletion_by_se", NULL, NULL, 2030);
        assert_close("its error", found[1].se, error, 1e-6 * error);
        probe_end(&p);
    }
}

/* Revenue is proportional to the rate: the answer is bound / revenue at 1, its error that of the revenue over it. */
static void test_linear(void **state)
{
    probe p = {0};
    pc_estimate one;
    const char *change = "policy.city.rate.factor=1";
    pc_solve_answer *a;

    (void)state;
    sim_small(&p.s);
    sim_set(&p.s, "paths=500");
    probe_ask(&p, "revenue(2027) >= 0", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(p.study.last_year, 2032);
    assert_int_equal(pc_study_run(&p.study, &change, 1, "", &one, NULL, &p.s.status), PC_OK);
    p.quantity[0].bound = 1.37 * one.value;
    a = solve(&p, (pc_solve_problem){.key = "policy.city.rate.factor", .lo = 0.5, .hi = 3});
    assert_int_equal(a->outcome, PC_SOLVE_FOUND);
    assert_int_equal(a->find, PC_SOLVE_SMALLEST);
    assert_int_equal(a->shape, PC_SOLVE_RISING);
    assert_true(fabs(a->x - 1.37) < 1e-4 && a->width < 1e-3);
    assert_true(a->measure.value >= p.quantity[0].bound); /* the end that meets it */
    assert_true(fabs(a->slope / one.value - 1) < 1e-9);
    assert_true(fabs(a->x_se / (1.37 * one.se / one.value) - 1) < 1e-3);
    assert_int_equal(a->more_edges, 0);
    done(a);
    /* the other side of the same edge */
    p.quantity[0].relation = -1;
    a = solve(&p, (pc_solve_problem){.key = "policy.city.rate.factor", .lo = 0.5, .hi = 3});
    assert_int_equal(a->find, PC_SOLVE_LARGEST);
    assert_true(fabs(a->x - 1.37) < 1e-4);
    assert_true(a->measure.value <= p.quantity[0].bound);
    done(a);
    a = solve(&p, (pc_solve_problem){.key = "policy.city.rate.factor", .lo = 0.5, .hi = 3, .find = PC_SOLVE_SMALLEST});
    assert_int_equal(a->outcome, PC_SOLVE_ALWAYS);
    assert_true(a->x == 0.5);
    done(a);
    p.quantity[0].bound = 0;
    a = solve(&p, (pc_solve_problem){.key = "policy.city.rate.factor", .lo = 0.5, .hi = 3});
    assert_int_equal(a->outcome, PC_SOLVE_UNREACHABLE);
    assert_true(a->x == 0.5); /* where it comes nearest */
    assert_true(fabs(a->measure.value / (0.5 * one.value) - 1) < 1e-12);
    done(a);
    probe_end(&p);
}

/* Ten seeds: the answers scatter as their errors say. Sum of squares over their mean is chi-squared with 9 degrees:
 * between 1.15 and 27.9 in 998 of 1000 cases. */
static void test_error_over_seeds(void **state)
{
    enum { SEEDS = 10 };
    double x[SEEDS], se[SEEDS], mean = 0, weights = 0, chi2 = 0;

    (void)state;
    for (int k = 0; k < SEEDS; k++) {
        probe p = {0};
        pc_solve_answer *a;
        char seed[32];
        snprintf(seed, sizeof seed, "seed=%d", 100 + k);
        sim_small(&p.s);
        sim_set(&p.s, "paths=512");
        sim_set(&p.s, "wages.sigma=3%");
        sim_set(&p.s, "cost.sigma=3%");
        sim_set(&p.s, seed);
        probe_ask(&p, "depleted_by(2030, Beta) <= 30 %", "city", PC_EMPLOYEE);
        probe_start(&p);
        a = solve(&p, (pc_solve_problem){.key = "policy.city.rate.factor", .lo = 0.8, .hi = 2});
        assert_int_equal(a->outcome, PC_SOLVE_FOUND);
        assert_int_equal(a->shape, PC_SOLVE_FALLING);
        assert_true(a->measure.value <= 0.3 && a->measure.value > 0.27);
        x[k] = a->x;
        se[k] = a->x_se;
        mean += x[k] / (se[k] * se[k]);
        weights += 1 / (se[k] * se[k]);
        done(a);
        probe_end(&p);
    }
    mean /= weights;
    for (int k = 0; k < SEEDS; k++) {
        chi2 += pow((x[k] - mean) / se[k], 2);
    }
    if (!(chi2 > 1.15 && chi2 < 27.9)) {
        fail_msg("answers %g ... scatter with chi2 %g of 9", x[0], chi2);
    }
}

/* The last year in which the fund may start for a transfer to have been paid by 2030: whole years by halving. */
static void test_whole(void **state)
{
    probe p = {0};
    pc_solve_answer *a;

    (void)state;
    sim_small(&p.s);
    probe_ask(&p, "net_transfer(2030, 101) <= -1", "fund", PC_EMPLOYEE);
    probe_start(&p);
    a = solve(&p, (pc_solve_problem){.key = "policy.fund.start", .whole = 1, .lo = 2025, .hi = 2034});
    assert_int_equal(a->outcome, PC_SOLVE_FOUND);
    assert_int_equal(a->find, PC_SOLVE_LARGEST);
    assert_true(a->x == 2030);
    assert_true(a->width == 1);
    done(a);
    probe_end(&p);
}

/* The same numbers as the run has them, over the whole horizon, with other policies beside, and with another baseline.
 */
static void test_bits_of_the_run(void **state)
{
    static const struct {
        const char *text, *policy, *group, *name, *first, *region;
    } cases[] = {
        {"balance(2027, 101)", "fund", "policy/fund/employee", "balance", "mean", "101"},
        {"reserve_months(2027, Beta, sd)", "fund", "policy/fund/employee", "reserve_months", "sd", "102"},
        {"difference.balance(2027)", "fund", "difference/fund/employee", "balance", "mean", "whole"},
        {"depleted_any(2027)", "fund", "policy/fund/employee", "depleted_any", NULL, NULL},
    };
    static const char *const allocations[] = {"ex_ante", "projected"};

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        probe p = {0};
        char set[96];
        pc_estimate estimates[4];

        snprintf(set, sizeof set, "policy.fund.allocation=%s", allocations[k]);
        sim_small(&p.s);
        sim_set(&p.s, "paths=300");
        sim_set(&p.s, "claims.employee.tau=10%");
        sim_set(&p.s, set);
        sim_run(&p.s);
        for (size_t i = 0; i < 4; i++) {
            probe_ask(&p, cases[i].text, cases[i].policy, PC_EMPLOYEE);
        }
        probe_start(&p);
        assert_int_equal(p.study.last_year, 2032);
        assert_int_equal(pc_study_run(&p.study, NULL, 0, "", estimates, NULL, &p.s.status), PC_OK);
        for (size_t i = 0; i < 4; i++) {
            const double run = sim_value(&p.s, cases[i].group, cases[i].name, cases[i].first, cases[i].region, 2027);
            if (!(fabs(estimates[i].value - run) <= 1e-12 * fabs(run) + 1e-6)) {
                fail_msg("%s: %.17g in the study, %.17g in the run", cases[i].text, estimates[i].value, run);
            }
        }
        probe_end(&p);
    }
}

/* A line of the grid: revenue is the product of two factors. */
static void test_grid(void **state)
{
    probe p = {0};
    pc_grid grid = {
        .n_axes = 2,
        .axis = {{"policy.city.rate.factor", 0, 1, 2, 3}, {"policy.city.contribution_base.factor", 0, 1, 2, 3}}};
    double one;

    (void)state;
    sim_small(&p.s);
    probe_ask(&p, "revenue(2027) >= 0", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_grid_run(&p.study, &grid, &p.s.status), PC_OK);
    one = grid.measure[0].value;
    pc_grid_release(&grid);
    p.quantity[0].bound = 2.4 * one;
    if (pc_grid_run(&p.study, &grid, &p.s.status)) {
        fail_msg("%s", p.s.status.message);
    }
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            const double product = grid.value[0][i] * grid.value[1][j];
            assert_true(fabs(grid.measure[3 * i + j].value / (one * product) - 1) < 1e-12);
        }
    }
    assert_true(isnan(grid.line[0]));
    assert_true(fabs(grid.line[1] - 1.6) < 1e-9);
    assert_true(fabs(grid.line[2] - 1.2) < 1e-9);
    pc_grid_release(&grid);
    probe_end(&p);
}

/* Pension ages raised by so many years: rise by at most one a year. */
static void test_pension_age_shift(void **state)
{
    sim s;
    const double *shifted, *own;

    (void)state;
    sim_small(&s);
    sim_set(&s, "membership.pension_age_shift=2.5");
    sim_plan(&s);
    shifted = s.plan->pension_age[0];
    own = s.scenario->pension_age;
    assert_true(shifted[0] == own[0]);
    assert_true(shifted[3] == own[0] + 1);
    assert_true(shifted[6] == own[0] + 2);
    for (int t = 4; t <= 10; t++) {
        assert_true(fabs(shifted[3 * t] - own[3 * t] - 2.5) < 1e-12);
    }
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sampling),          cmocka_unit_test(test_linear),
        cmocka_unit_test(test_error_over_seeds),  cmocka_unit_test(test_whole),
        cmocka_unit_test(test_bits_of_the_run),   cmocka_unit_test(test_grid),
        cmocka_unit_test(test_pension_age_shift),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
