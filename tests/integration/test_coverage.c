/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do the 95 % intervals, value +- 1.96 standard errors, cover the truth in 95 % of runs? Many runs of 512 paths, each
 * with a seed of its own, against one run of many paths, whose own error is added. Looked at: every number of the
 * results file that has an error, and what studies estimate from single paths. POOLCAST_REPLICATIONS sets the number of
 * runs (200; 2000 for the figures of docs/reliability.md); the table goes to standard output.
 *
 * A mean is normal when many paths make it. How many do is known beforehand from a sample: paths over kurtosis, which
 * for a rare event is the number of paths that have it. From 20 on an interval has to keep its word: over all
 * quantities of a kind 93.5 to 96.5 % in 2,000 runs, and in fewer runs within three standard errors of one quantity's
 * coverage, sqrt(0.95 0.05 / runs): with other seeds a right program fails a kind once in 370 at most, since the mean
 * over quantities, however they hang together, has no larger error than one of them. Below 20 paths the coverage is
 * only shown. */
#include "scenario_text.h"

#include <stdio.h>

#include "engine/sample.h"
#include "stats/estimate.h"
#include "weather_outputs.h"

enum {
    N_PATHS = 512,
    N_TRUTH = SLOW ? 1 << 14 : 1 << 18,
    N_SAMPLE = SLOW ? 1024 : 4096, /* for the kurtosis */
    N_STUDIED = 24,                /* quantities that studies' estimates are tried on */
    N_ESTIMATES = 8
};
static const double ENOUGH = 20, FEW = 5;

/* Every kind twice: the second time where 5 to 20 paths make the quantity. */
typedef enum kind {
    MEAN,
    MEAN_DIFFERENCE,
    CHANCE,
    CHANCE_DIFFERENCE,
    STUDY_MEAN,
    STUDY_SD,
    STUDY_QUANTILE,
    STUDY_TAIL,
    PAIRED,
    FEWER = PAIRED + 4,
    N_KINDS = 2 * FEWER
} kind;

static const char *const kinds[FEWER] = {"means",
                                         "paired differences of means",
                                         "probabilities",
                                         "paired differences of probabilities",
                                         "studies: means",
                                         "studies: standard deviations",
                                         "studies: quantiles 5, 25, 50, 75, 95 %",
                                         "studies: means of the worst quarter",
                                         "studies: paired differences of means",
                                         "studies: paired differences of standard deviations",
                                         "studies: paired differences of quantiles",
                                         "studies: paired differences of means of the worst quarter"};

/* One number with its error. */
typedef struct quantity {
    char name[160];
    int kind; /* N_KINDS: not looked at */
    double truth, truth_se;
    long tries, hits;
    /* where the results file has it */
    int group, set, errors;
    size_t at;
    pc_pick pick, base; /* base: of the baseline, where it is a difference */
    int is_difference, is_event;
} quantity;

static quantity *all;
static size_t n_all, room;

static quantity *add(const char *name)
{
    if (n_all == room) {
        room = room ? 2 * room : 4096;
        all = realloc(all, room * sizeof *all);
        assert_non_null(all);
    }
    all[n_all] = (quantity){.kind = N_KINDS};
    snprintf(all[n_all].name, sizeof all->name, "%s", name);
    return &all[n_all++];
}

static int set_in(const pc_group *group, const char *name)
{
    for (int i = 0; i < group->n_datasets; i++) {
        if (strcmp(group->datasets[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

/* All numbers of an output in one view, in the group's dataset of its name. */
static void add_output(const pc_results *results, const pc_layout *layout, int subject, int o, int view,
                       const char *group_name, int is_difference)
{
    const pc_output *output = layout->subjects[subject].outputs[o];
    const int by_year = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
    const int n_years = by_year ? layout->n_years : 1, n_rows = pc_layout_rows(layout, output);
    char name[400];

    for (int g = 0; g < results->n_groups; g++) {
        const pc_group *group = results->groups[g];
        const int set = strcmp(group->path, group_name) == 0 ? set_in(group, output->name) : -1;
        for (int k = 0; set >= 0 && k < n_rows * n_years; k++) {
            quantity *q;
            snprintf(name, sizeof name, "%s/%s[%d]", group_name, output->name, k);
            q = add(name);
            q->group = g;
            q->set = set;
            q->at = (size_t)k;
            q->is_event = (output->stats & PC_STAT_EVENT) != 0;
            q->is_difference = is_difference;
            q->pick = (pc_pick){subject, o, view, k / n_years, by_year ? k % n_years + 1 : 0};
            q->base = q->pick;
            q->base.subject = layout->subjects[subject].baseline;
            snprintf(name, sizeof name, "%s_se", output->name);
            q->errors = q->is_event ? set_in(group, name) : set;
        }
    }
}

static void add_all(const pc_plan *plan, const pc_results *results, const pc_layout *layout)
{
    static const char *const views[] = {"employee", "resident", "both"};
    char group[200];

    for (int s = 0; s < layout->n_subjects; s++) {
        for (int o = 0; o < layout->subjects[s].n_outputs; o++) {
            for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
                const char *policy = s ? plan->scenario->policies[s - 1].name : "";
                if (pc_layout_cell(layout, s, o, v, 0, 1) < 0) {
                    continue;
                }
                snprintf(group, sizeof group, "policy/%s/%s", policy, views[v]);
                add_output(results, layout, s, o, v, s ? group : pc_weather_output_group(o), 0);
                snprintf(group, sizeof group, "difference/%s/%s", policy, views[v]);
                if (s && layout->subjects[s].baseline >= 0) {
                    add_output(results, layout, s, o, v, group, 1);
                }
            }
        }
    }
}

/* The number and its error in a results set of the same scenario. */
static double value_in(const pc_results *results, const quantity *q, double *se)
{
    const pc_group *group = results->groups[q->group];
    const pc_dataset *set = group->datasets[q->set];
    const double *x = set->data;
    const size_t n = q->is_event ? 0 : set->count / set->dims[0]->size;

    *se = ((const double *)group->datasets[q->errors]->data)[q->is_event ? q->at : 2 * n + q->at];
    return x[q->at];
}

static void count(quantity *q, double value, double se)
{
    if (q->kind < N_KINDS && isfinite(value) && isfinite(se)) {
        const int hit = fabs(value - q->truth) <= 1.959964 * sqrt(se * se + q->truth_se * q->truth_se);
#pragma omp atomic
        q->tries++;
#pragma omp atomic
        q->hits += hit;
    }
}

/* The plan with another seed and number of paths, which nothing else in it depends on. */
typedef struct variant {
    pc_scenario scenario;
    pc_plan plan;
} variant;

static void vary(variant *v, const pc_plan *plan, uint64_t seed, uint64_t n_paths)
{
    v->scenario = *plan->scenario;
    v->plan = *plan;
    v->scenario.seed = seed;
    v->scenario.paths = n_paths;
    v->plan.scenario = &v->scenario;
}

static pc_results *run_seed(const pc_plan *plan, uint64_t seed, uint64_t n_paths, int threads)
{
    variant v;
    pc_results *results = NULL;
    pc_status status = {0};

    vary(&v, plan, seed, n_paths);
    if (pc_run(&v.plan, &(pc_run_options){.threads = threads, .reproducible = 1}, &results, &status)) {
        fail_msg("%s", status.message);
    }
    return results;
}

static double *sample_seed(const pc_plan *plan, const pc_layout *layout, uint64_t seed, uint64_t n_paths,
                           const pc_pick *picks, int n, int threads)
{
    double *values = malloc((size_t)n * n_paths * sizeof *values);
    variant v;
    pc_status status = {0};

    vary(&v, plan, seed, n_paths);
    assert_non_null(values);
    if (pc_sample_run(&v.plan, layout, &(pc_run_options){.threads = threads}, picks, n, values, &status)) {
        fail_msg("%s", status.message);
    }
    return values;
}

/* How many of N_PATHS paths make a quantity: paths over kurtosis. */
static double paths_that_count(const double *x, const double *y, size_t n)
{
    double mean = 0, squares = 0, fourth = 0, seen = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            const double d = x[i] - (y ? y[i] : 0) - mean;
            if (!isnan(d) && pass == 0) {
                seen++;
                squares += d;
            } else if (!isnan(d)) {
                squares += d * d;
                fourth += d * d * d * d;
            }
        }
        mean = pass == 0 && seen > 0 ? squares / seen : mean;
        squares = pass == 0 ? 0 : squares;
    }
    return fourth > 0 ? squares * squares / fourth * N_PATHS / (double)n : 0;
}

/* A certain number, or one that hardly any path makes, is of no kind. */
static int kind_by(const quantity *q, int of, double paths)
{
    return !(q->truth_se > 1e-12 * fabs(q->truth)) || paths < FEW ? N_KINDS : paths < ENOUGH ? FEWER + of : of;
}

/* Truth, and which of them can be expected to keep their word. */
static void learn(const pc_plan *plan, const pc_layout *layout)
{
    pc_results *results = run_seed(plan, 1, N_TRUTH, 0);
    pc_pick *picks;
    double *values;

    add_all(plan, results, layout);
    picks = malloc(2 * n_all * sizeof *picks);
    assert_non_null(picks);
    for (size_t i = 0; i < n_all; i++) {
        quantity *q = &all[i];
        q->truth = value_in(results, q, &q->truth_se);
    }
    pc_results_free(results);
    for (size_t from = 0; from < n_all; from += 500) { /* a part at a time: every row looks through all picks */
        const size_t n = n_all - from < 500 ? n_all - from : 500;
        for (size_t i = 0; i < n; i++) {
            picks[i] = all[from + i].pick;
            picks[n + i] = all[from + i].is_difference ? all[from + i].base : all[from + i].pick;
        }
        values = sample_seed(plan, layout, 2, N_SAMPLE, picks, (int)(2 * n), 0);
        for (size_t i = 0; i < n; i++) {
            quantity *q = &all[from + i];
            const double *x = values + i * N_SAMPLE, *y = values + (n + i) * N_SAMPLE;
            const double made_by = paths_that_count(x, q->is_difference ? y : NULL, N_SAMPLE);
            q->kind = kind_by(q, 2 * q->is_event + q->is_difference, made_by);
        }
        free(values);
    }
    free(picks);
}

static void try_results(const pc_plan *plan, long n_runs)
{
#pragma omp parallel for schedule(dynamic, 1)
    for (long run = 0; run < n_runs; run++) {
        pc_results *results = run_seed(plan, 1000 + (uint64_t)run, N_PATHS, 1);
        for (size_t i = 0; i < n_all; i++) {
            double se, value = value_in(results, &all[i], &se);
            count(&all[i], value, se);
        }
        pc_results_free(results);
    }
}

typedef struct estimated {
    double value[N_ESTIMATES], se[N_ESTIMATES], *influence[N_ESTIMATES];
} estimated;

static void estimate(const double *x, size_t n, estimated *out, double *scratch)
{
    static const double p[] = {0.05, 0.25, 0.5, 0.75, 0.95};

    for (int k = 0; k < N_ESTIMATES; k++) {
        double *influence = out->influence[k];
        pc_estimate e = k == 0   ? pc_estimate_mean(x, n, 0, influence)
                        : k == 1 ? pc_estimate_sd(x, n, influence)
                        : k < 7  ? pc_estimate_quantile(x, n, p[k - 2], scratch, influence)
                                 : pc_estimate_tail(x, n, 0.75, scratch, influence);
        out->value[k] = e.value;
        out->se[k] = e.se;
    }
}

/* The estimates of one sample and their paired differences: truth where `learns`, else a try. */
static void study(const double *values, size_t n, quantity *first, int n_studied, int learns)
{
    double *memory = malloc((2 * N_ESTIMATES + 1) * n * sizeof *memory), *scratch = memory + 2 * N_ESTIMATES * n;
    estimated own, base;

    assert_non_null(memory);
    for (int k = 0; k < N_ESTIMATES; k++) {
        own.influence[k] = memory + (size_t)k * n;
        base.influence[k] = memory + (size_t)(N_ESTIMATES + k) * n;
    }
    for (int s = 0; s < n_studied; s++) {
        quantity *q = first + 2 * N_ESTIMATES * s;
        estimate(values + (size_t)s * n, n, &own, scratch);
        estimate(values + (size_t)(n_studied + s) * n, n, &base, scratch);
        for (int k = 0; k < N_ESTIMATES; k++, q += 2) {
            const double paired = pc_estimate_paired_se(own.influence[k], base.influence[k], n, 1);
            if (learns) {
                const int what = k < 2 ? k : k < 7 ? 2 : 3;
                q[0].truth = own.value[k];
                q[0].truth_se = own.se[k];
                q[1].truth = own.value[k] - base.value[k];
                q[1].truth_se = paired;
                q[0].kind = kind_by(q, STUDY_MEAN + what, paths_that_count(own.influence[k], NULL, n));
                q[1].kind = kind_by(q + 1, PAIRED + what, paths_that_count(own.influence[k], base.influence[k], n));
            } else {
                count(&q[0], own.value[k], own.se[k]);
                count(&q[1], own.value[k] - base.value[k], paired);
            }
        }
    }
    free(memory);
}

static void try_studies(const pc_plan *plan, const pc_layout *layout, long n_runs)
{
    pc_pick picks[2 * N_STUDIED];
    const size_t n_known = n_all;
    size_t n_fit = 0, seen = 0;
    int n = 0;
    double *values;

    /* evenly among the differences of means that many paths make */
    for (size_t i = 0; i < n_known; i++) {
        n_fit += all[i].kind == MEAN_DIFFERENCE;
    }
    for (size_t i = 0; i < n_known && n < N_STUDIED; i++) {
        if (all[i].kind == MEAN_DIFFERENCE && seen++ == (size_t)n * n_fit / N_STUDIED) {
            picks[n] = all[i].pick;
            picks[N_STUDIED + n++] = all[i].base;
            for (int k = 0; k < 2 * N_ESTIMATES; k++) {
                char name[200];
                snprintf(name, sizeof name, "%.150s %d", all[i].name, k / 2);
                add(name);
            }
        }
    }
    assert_int_equal(n, N_STUDIED);
    values = sample_seed(plan, layout, 3, N_TRUTH / 2, picks, 2 * n, 0);
    study(values, N_TRUTH / 2, all + n_known, n, 1);
    free(values);
#pragma omp parallel for schedule(dynamic, 1)
    for (long run = 0; run < n_runs; run++) {
        double *x = sample_seed(plan, layout, 1000000 + (uint64_t)run, N_PATHS, picks, 2 * n, 1);
        study(x, N_PATHS, all + n_known, n, 0);
        free(x);
    }
}

static void intervals_keep_their_word(void **state)
{
    const long n_runs = getenv("POOLCAST_REPLICATIONS") ? atol(getenv("POOLCAST_REPLICATIONS")) : SLOW ? 20 : 200;
    const double limit = fmax(0.015, 3 * sqrt(0.95 * 0.05 / (double)n_runs));
    int n_wrong = 0;
    pc_layout layout;
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=512");
    sim_set(&s, "horizon=5");
    sim_plan(&s);
    assert_int_equal(pc_layout_for(s.plan, &layout, &s.status), PC_OK);
    learn(s.plan, &layout);
    try_results(s.plan, n_runs);
    try_studies(s.plan, &layout, n_runs);
    printf("%ld runs of %d paths; a run of %d paths is the truth\n", n_runs, N_PATHS, N_TRUTH);
    printf("%-56s %10s %8s %8s %8s\n", "95 % intervals of", "quantities", "cover", "lowest", "highest");
    for (int k = 0; k < N_KINDS; k++) {
        double sum = 0, lowest = 1, highest = 0, mean;
        long n = 0;
        const int is_held = k < FEWER;
        for (size_t i = 0; i < n_all; i++) {
            if (all[i].kind == k && all[i].tries > n_runs / 2) {
                const double part = (double)all[i].hits / (double)all[i].tries;
                sum += part;
                lowest = fmin(lowest, part);
                highest = fmax(highest, part);
                n++;
            }
        }
        mean = n ? sum / (double)n : NAN;
        if (n > 0) {
            printf("%-56s %10ld %6.2f %% %6.1f %% %6.1f %%%s\n", kinds[k % FEWER], n, 100 * mean, 100 * lowest,
                   100 * highest, is_held ? "" : "  of 5 to 20 paths");
        }
        n_wrong += is_held && !(fabs(mean - 0.95) <= limit);
    }
    for (size_t i = 0; i < n_all && getenv("POOLCAST_LIST"); i++) {
        if (all[i].tries) {
            printf("%d %.4f %s\n", all[i].kind, (double)all[i].hits / (double)all[i].tries, all[i].name);
        }
    }
    assert_int_equal(n_wrong, 0);
    pc_layout_release(&layout);
    free(all);
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_keep_their_word)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
