/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine from plan to results: the same bits whatever the threads and kernels, statistics against the saved paths
 * they come from, single paths replayed, the ledger's identity. */
#include "../integration/scenario_text.h"

/* Runs the scenario of `s` again and compares every bit. */
static void assert_same_run(sim *s, const pc_results *first, pc_run_options options, const char *what)
{
    char why[512];

    s->results = NULL;
    sim_run_with(s, options);
    if (!pc_results_same(first, s->results, why, sizeof why)) {
        fail_msg("%s: %s", what, why);
    }
    pc_results_free(s->results);
    s->results = NULL;
}

static void same_bits(const char *folder, const char *paths, size_t budget)
{
    sim s;
    pc_results *first;

    sim_folder(&s, folder);
    sim_set(&s, paths);
    sim_set(&s, SLOW ? "horizon=5" : "horizon=20");
    sim_run_with(&s, (pc_run_options){.threads = 1, .save_paths = 300, .hist_budget = budget});
    first = s.results;
    assert_same_run(&s, first, (pc_run_options){.threads = 2, .save_paths = 300, .hist_budget = budget}, "two threads");
    assert_same_run(&s, first, (pc_run_options){.threads = 4, .save_paths = 300, .hist_budget = budget},
                    "four threads");
    assert_same_run(&s, first, (pc_run_options){.threads = 1, .save_paths = 300, .hist_budget = budget, .plain = 1},
                    "plain kernels");
    pc_results_free(first);
    sim_end(&s);
}

/* The plain budget, and one so small that tables are coarse and bins are refined. */
static void threads_and_kernels(void **state)
{
    (void)state;
    same_bits("smoke", "paths=600", 0);
    if (!SLOW) {
        same_bits("smoke", "paths=2000", (size_t)20 << 20);
    }
}

/* Every feature at once: shocks, Student's t, closed migration, several pension rules, tiers. */
static void threads_and_kernels_with_everything(void **state)
{
    (void)state;
    same_bits("reference", "paths=300", 0);
}

/* ---- statistics against the paths
 * --------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The values of one cell over all saved paths, in order. */
static void cell_of_paths(const sim *s, const char *group, const char *name, const char *region, int year, double *out)
{
    const pc_dataset *set = sim_set_of(s, group, name);
    const size_t n_years = set->dims[2]->size, n_regions = set->dims[1]->size;
    const long r = pc_dimension_find_text(set->dims[1], region), y = pc_dimension_find_integer(set->dims[2], year);

    assert_true(r >= 0 && y >= 0);
    for (size_t p = 0; p < set->dims[0]->size; p++) {
        out[p] = ((const double *)set->data)[(p * n_regions + (size_t)r) * n_years + (size_t)y];
    }
}

enum { N = SLOW ? 700 : 5000 };

/* Mean, sd and se to rounding; each quantile's rank among the sorted paths within its own bound, the bound within what
 * is promised; and the event "short" counted on the balances of a policy that borrows. */
static void statistics_of_paths(void **state)
{
    static const char *const policies[] = {"city", "adjustment", "unified"}, *const regions[] = {"R1", "R2", "smoke"};
    static const char *const flows[] = {"balance", "revenue", "expenditure"};
    static double x[N], e[N];
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, SLOW ? "paths=700" : "paths=5000");
    sim_set(&s, "quantiles_for=all");
    sim_run_with(&s, (pc_run_options){.save_paths = N});
    for (int k = 0; k < 3 * 3 * 3 * 4; k++) {
        const char *policy = policies[k % 3], *region = regions[k / 3 % 3], *flow = flows[k / 9 % 3];
        const int year = 2025 + 6 * (k / 27);
        char group[64], paths[64], name[64];
        double mean = 0, square = 0;

        snprintf(group, sizeof group, "policy/%s/%s", policy, k % 2 ? "employee" : "both");
        snprintf(paths, sizeof paths, "paths/%s/%s", policy, k % 2 ? "employee" : "both");
        cell_of_paths(&s, paths, flow, region, year, x);
        for (int p = 0; p < N; p++) {
            mean += x[p] / N;
        }
        for (int p = 0; p < N; p++) {
            square += (x[p] - mean) * (x[p] - mean) / (N - 1);
        }
        assert_close("mean", sim_value(&s, group, flow, "mean", region, year), mean,
                     1e-12 * sqrt(square + mean * mean));
        assert_close("sd", sim_value(&s, group, flow, "sd", region, year), sqrt(square), 1e-9 * sqrt(square));
        assert_close("se", sim_value(&s, group, flow, "se", region, year), sqrt(square / N), 1e-9 * sqrt(square));
        qsort(x, N, sizeof *x, ascending);
        for (int q = 0; q < s.scenario->n_quantiles; q++) {
            const double p = s.scenario->quantiles[q];
            const double most = fmax(fmin(0.001, 0.05 * fmin(p, 1 - p)), 1.0 / N);
            char text[32];
            double value, bound, slack;
            int below = 0, up_to = 0;

            snprintf(text, sizeof text, "%.17g", p);
            snprintf(name, sizeof name, "%s_quantile", flow);
            value = sim_value(&s, group, name, text, region, year);
            snprintf(name, sizeof name, "%s_quantile_rank_bound", flow);
            bound = sim_value(&s, group, name, text, region, year);
            slack = 6e-8 * fabs(value); /* quantiles are kept in float32 */
            for (int i = 0; i < N; i++) {
                below += x[i] < value - slack;
                up_to += x[i] <= value + slack;
            }
            if (!(bound <= most * (1 + 1e-6))) {
                fail_msg("%s %s %s %d: rank bound %g at p = %g, promised %g", group, flow, region, year, bound, p,
                         most);
            }
            if (below > N * (p + bound) + 1e-3 || up_to < N * (p - bound) - 1e-3) {
                fail_msg("%s %s %s %d: quantile %g lies above %d and at or above %d of %d paths, bound %g", group, flow,
                         region, year, p, below, up_to, N, bound);
            }
        }
    }
    for (int year = 2030; year <= 2044; year += 7) {
        int at = 0;
        cell_of_paths(&s, "paths/city/employee", "balance", "R2", year, x);
        cell_of_paths(&s, "paths/city/employee", "expenditure", "R2", year, e);
        for (int p = 0; p < N; p++) {
            at += x[p] < -1e-9 * e[p];
        }
        assert_true(at > 0 && at < N);
        assert_close("depleted", sim_value(&s, "policy/city/employee", "depleted_at", NULL, "R2", year), (double)at / N,
                     1e-12);
        /* an event's error is that of a mean of zeros and ones, or 3 / n where all paths agree */
        assert_close("its error", sim_value(&s, "policy/city/employee", "depleted_at_se", NULL, "R2", year),
                     sqrt((double)at / N * (1 - (double)at / N) / (N - 1)), 1e-9);
    }
    if (sim_value(&s, "policy/city/employee", "depleted_at", NULL, "R1", 2025) == 0) {
        assert_close("error of never", sim_value(&s, "policy/city/employee", "depleted_at_se", NULL, "R1", 2025),
                     3.0 / N, 1e-15);
    }
    /* every quantile of the run keeps the promise */
    assert_true(sim_value(&s, "quality", "rank_bound_max", NULL, NULL, 0) <= fmax(0.001, 1.0 / N) * (1 + 1e-6));
    assert_true(sim_value(&s, "quality", "identity_residual", NULL, NULL, 0) < 1e-9);
    sim_end(&s);
}

/* A policy's difference is the mean of the differences of the paths. */
static void differences_of_paths(void **state)
{
    static double x[600], y[600];
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_run_with(&s, (pc_run_options){.save_paths = 600});
    for (int year = 2026; year <= 2044; year += 6) {
        double mean = 0, square = 0;
        cell_of_paths(&s, "paths/unified/employee", "balance", "R3", year, x);
        cell_of_paths(&s, "paths/city/employee", "balance", "R3", year, y);
        for (int p = 0; p < 600; p++) {
            mean += (x[p] - y[p]) / 600;
        }
        for (int p = 0; p < 600; p++) {
            square += (x[p] - y[p] - mean) * (x[p] - y[p] - mean) / 599;
        }
        assert_close("mean", sim_value(&s, "difference/unified/employee", "balance", "mean", "R3", year), mean,
                     1e-11 * (fabs(mean) + sqrt(square)));
        assert_close("se", sim_value(&s, "difference/unified/employee", "balance", "se", "R3", year),
                     sqrt(square / 600), 1e-9 * sqrt(square));
    }
    sim_end(&s);
}

/* ---- one path
 * -------------------------------------------------------------------------------------------------------------- */

static int output_named(const pc_subject *subject, const char *name)
{
    for (int o = 0; o < subject->n_outputs; o++) {
        if (strcmp(subject->outputs[o]->name, name) == 0) {
            return o;
        }
    }
    fail_msg("no output %s", name);
    return -1;
}

/* Path 7 alone is path 7 of the run; the central path is the statistic `central`. */
static void replayed(const char *folder)
{
    static const char *const flows[] = {"balance", "revenue", "expenditure"};
    static const char *const views[] = {"employee", "resident", "both"};
    sim s;
    pc_layout layout = {0};
    double *path, *central;
    int n_areas;

    sim_folder(&s, folder);
    sim_set(&s, "paths=300");
    sim_set(&s, SLOW ? "horizon=5" : "horizon=20");
    sim_run_with(&s, (pc_run_options){.save_paths = 300});
    assert_int_equal(pc_layout_for(s.plan, &layout, &s.status), PC_OK);
    path = malloc(layout.n_cells * sizeof *path);
    central = malloc(layout.n_cells * sizeof *central);
    assert_true(path && central);
    assert_int_equal(pc_run_central(s.plan, &layout, central, &s.status), PC_OK);
    n_areas = s.plan->n_areas;
    for (uint64_t number = 7; number < 300; number += 256) { /* in the first leaf and in the last, shorter one */
        assert_int_equal(pc_run_replay(s.plan, &layout, number, path, &s.status), PC_OK);
        for (int p = 0; p < s.plan->world.n_policies; p++) {
            for (int v = 0; v < 3; v++) {
                char kept[128], group[128];
                snprintf(kept, sizeof kept, "paths/%s/%s", s.scenario->policies[p].name, views[v]);
                snprintf(group, sizeof group, "policy/%s/%s", s.scenario->policies[p].name, views[v]);
                for (int f = 0; f < 3; f++) {
                    const double *saved = sim_set_of(&s, kept, flows[f])->data;
                    const pc_dataset *set = sim_set_of(&s, group, flows[f]);
                    const double *middle = (const double *)set->data + 3 * set->count / 4;
                    const int o = output_named(&layout.subjects[1 + p], flows[f]);
                    for (int a = 0; a < n_areas; a++) {
                        for (int y = 1; y <= layout.n_years; y++) {
                            const int64_t cell = pc_layout_cell(&layout, 1 + p, o, v, a, y);
                            const size_t at = (size_t)a * (size_t)layout.n_years + (size_t)y - 1;
                            assert_true(cell >= 0);
                            if (saved[number * (size_t)n_areas * (size_t)layout.n_years + at] != path[cell] ||
                                /* a central value that is zero but for rounding is given as 0 */
                                !(middle[at] == central[cell] || (middle[at] == 0 && fabs(central[cell]) < 1))) {
                                fail_msg("%s of %s, area %d, year %d, path %d: replayed %.17g, saved %.17g; central "
                                         "%.17g, %.17g",
                                         flows[f], group, a, y, (int)number, path[cell],
                                         saved[number * (size_t)n_areas * (size_t)layout.n_years + at], central[cell],
                                         middle[at]);
                            }
                        }
                    }
                }
            }
        }
    }
    free(path);
    free(central);
    pc_layout_release(&layout);
    sim_end(&s);
}

static void replay_smoke(void **state)
{
    (void)state;
    replayed("smoke");
}

static void replay_reference(void **state)
{
    (void)state;
    replayed("reference");
}

/* Borrowing without spread: what the actuarial balance adds up over the years is the discounted final balance. The base
 * of the contributions is R / rate, for the rate is one everywhere. */
static void actuarial_balance(void **state)
{
    sim s;
    pc_layout layout = {0};
    double *x;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "base_uncertainty.employee.revenue=0");
    sim_plan(&s);
    assert_int_equal(pc_layout_for(s.plan, &layout, &s.status), PC_OK);
    x = malloc(layout.n_cells * sizeof *x);
    assert_non_null(x);
    for (uint64_t number = 0; number < 20; number++) {
        const int whole = s.plan->n_areas - 1, n = layout.n_years;
        double discount = 1, base = 0, final;
        assert_int_equal(pc_run_replay(s.plan, &layout, number, x, &s.status), PC_OK);
        for (int y = 1; y <= n; y++) {
            const double i = x[pc_layout_cell(&layout, 0, output_named(&layout.subjects[0], "interest"), 0, 0, y)];
            const int64_t r = pc_layout_cell(&layout, 1, output_named(&layout.subjects[1], "revenue"), 0, whole, y);
            discount *= 1 + i;
            base += x[r] / 0.0554 * (1 + 0.5 * i) / discount;
        }
        final = x[pc_layout_cell(&layout, 1, output_named(&layout.subjects[1], "balance"), 0, whole, n)] / discount;
        assert_close("actuarial balance",
                     x[pc_layout_cell(&layout, 1, output_named(&layout.subjects[1], "actuarial_balance"), 0, 0, 1)],
                     final / base, 1e-12 * fabs(final / base) + 1e-14);
        assert_close("net cost",
                     x[pc_layout_cell(&layout, 1, output_named(&layout.subjects[1], "treasury_net"), 0, 0, 1)], -final,
                     1e-12 * fabs(final) + 1);
    }
    free(x);
    pc_layout_release(&layout);
    sim_end(&s);
}

/* Wages and costs of which a few paths go through the roof lose no run: the sums are those of the paths, whatever the
 * threads. */
static void heavy_tails(void **state)
{
    static const char *const groups[2] = {"paths/city/employee", "paths/unified/both"};
    static double x[600];
    double farthest = 0;
    pc_results *first;
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=600");
    sim_set(&s, "wages.sigma=0.5");
    sim_set(&s, "cost.sigma=0.5");
    sim_set(&s, "cost.phi=0.9");
    sim_run_with(&s, (pc_run_options){.threads = 1, .save_paths = 600});
    for (int k = 0; k < 2; k++) {
        for (int year = 2026; year <= 2044; year += 6) {
            const char *const group = k ? "policy/unified/both" : "policy/city/employee";
            long double mean = 0, squares = 0;
            double sd;
            cell_of_paths(&s, groups[k], "expenditure", "R3", year, x);
            for (int p = 0; p < 600; p++) {
                mean += x[p] / 600.0L;
            }
            for (int p = 0; p < 600; p++) {
                squares += (x[p] - mean) * (x[p] - mean);
            }
            sd = (double)sqrtl(squares / 599);
            assert_close("mean", sim_value(&s, group, "expenditure", "mean", "R3", year), (double)mean,
                         1e-12 * (double)mean);
            assert_close("sd", sim_value(&s, group, "expenditure", "sd", "R3", year), sd, 1e-11 * sd);
            farthest = fmax(farthest, sd / sim_value(&s, group, "expenditure", "central", "R3", year));
        }
    }
    assert_true(farthest > 0x1p20);
    first = s.results;
    assert_same_run(&s, first, (pc_run_options){.threads = 4, .save_paths = 600}, "four threads");
    pc_results_free(first);
    sim_end(&s);
}

/* A value that means nothing ends the run at its leaf, with the place and the path; replay shows the same value. */
static void unfit_value(void **state)
{
    unsigned long long path;
    pc_results *results = NULL;
    pc_layout layout = {0};
    char text[32];
    double *x;
    const char *told;
    int year;
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=1000000"); /* which would take minutes */
    sim_set(&s, "cost.sigma=1");
    sim_set(&s, "cost.phi=0.99");
    sim_plan(&s);
    assert_int_equal(pc_run(s.plan, &(pc_run_options){.threads = 2}, &results, &s.status), PC_ERR_FAIL);
    assert_null(results);
    if (sscanf(s.status.message, "policy/city/employee/expenditure, R1, %d is %31s on path %llu; a value must be",
               &year, text, &path) != 3) {
        fail_msg("%s", s.status.message);
    }
    told = strstr(s.status.message, "replay --path ");
    assert_true(told && strtoull(told + 14, NULL, 10) == path);
    assert_int_equal(pc_layout_for(s.plan, &layout, &s.status), PC_OK);
    x = malloc(layout.n_cells * sizeof *x);
    assert_non_null(x);
    s.status = (pc_status){0};
    assert_int_equal(pc_run_replay(s.plan, &layout, path, x, &s.status), PC_OK);
    snprintf(s.status.message, sizeof s.status.message, "%g",
             x[pc_layout_cell(&layout, 1, output_named(&layout.subjects[1], "expenditure"), 0, 0,
                              year - s.scenario->base_year)]);
    assert_string_equal(s.status.message, text);
    free(x);
    pc_layout_release(&layout);
    sim_end(&s);
    /* on the central path it is told before any path is run */
    sim_folder(&s, "smoke");
    sim_set(&s, "horizon=200");
    sim_set(&s, "cost.employee.elasticity=5");
    sim_set(&s, "cost.employee.excess_long_run=0.3");
    sim_plan(&s);
    assert_int_equal(pc_run(s.plan, &(pc_run_options){.threads = 1}, &results, &s.status), PC_ERR_FAIL);
    assert_non_null(strstr(s.status.message, " on the central path; a value must be"));
    sim_end(&s);
}

/* A signal stops the run with its own code and leaves nothing behind. */
static void interrupted(void **state)
{
    static const volatile sig_atomic_t stop = 1;
    sim s;
    pc_results *results = (pc_results *)&s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_plan(&s);
    assert_int_equal(pc_run(s.plan, &(pc_run_options){.stop = &stop}, &results, &s.status), PC_ERR_INTERRUPTED);
    assert_null(results);
    sim_end(&s);
}

/* What does not fit is refused before it is asked for, with what takes how much. */
static void too_large(void **state)
{
    static pc_status status;
    pc_run_options options = {.threads = 2, .most_memory = 1 << 20};
    pc_results *results = NULL;
    pc_run_size few, large;
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=1000000000");
    sim_plan(&s);
    assert_int_equal(pc_run(s.plan, &options, &results, &status), PC_ERR_INPUT);
    assert_null(results);
    assert_non_null(strstr(status.message, "and 0.00105 GB are free; lower "));
    /* a billion saved paths, on any machine */
    options = (pc_run_options){.threads = 2, .save_paths = 1000000000};
    status = (pc_status){0};
    assert_int_equal(pc_run(s.plan, &options, &results, &status), PC_ERR_INPUT);
    assert_non_null(strstr(status.message, "saved paths: "));
    /* threads without work and paths that are not run take nothing */
    options = (pc_run_options){.threads = 2};
    assert_int_equal(pc_run_estimate(s.plan, &options, &few, &status), PC_OK);
    options.threads = 100;
    assert_int_equal(pc_run_estimate(s.plan, &options, &large, &status), PC_OK);
    assert_true(large.threads_bytes == 50 * few.threads_bytes && large.memory_bytes > few.memory_bytes);
    sim_end(&s);
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=300");
    sim_plan(&s);
    options.save_paths = 1000000000;
    assert_int_equal(pc_run_estimate(s.plan, &options, &large, &status), PC_OK);
    assert_true(large.threads_bytes == few.threads_bytes && large.saved_bytes < UINT64_C(100) << 20);
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_kernels), cmocka_unit_test(threads_and_kernels_with_everything),
        cmocka_unit_test(statistics_of_paths), cmocka_unit_test(differences_of_paths),
        cmocka_unit_test(replay_smoke),        cmocka_unit_test(replay_reference),
        cmocka_unit_test(actuarial_balance),   cmocka_unit_test(heavy_tails),
        cmocka_unit_test(unfit_value),         cmocka_unit_test(interrupted),
        cmocka_unit_test(too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
