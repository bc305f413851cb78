/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From scenario to results in a few lines: shipped folders as texts that can be edited, the small scenario of the
 * scenario tests, a made-up scenario of equal regions, and look-ups in the results. */
#ifndef PC_TESTS_INTEGRATION_SCENARIO_TEXT_H
#define PC_TESTS_INTEGRATION_SCENARIO_TEXT_H

#include "../scenario/small.h"

#include <math.h>

#include "engine/run.h"
#include "plan/plan.h"
#include "results/results.h"

#ifdef PC_SLOW_BUILD
enum { SLOW = 1 };
#else
enum { SLOW = 0 };
#endif

enum { MAX_SETS = 64 };

/* A scenario on its way to results. */
typedef struct sim {
    small text;
    char *names[SMALL_FILES];
    const char *sets[MAX_SETS];
    int n_sets;
    pc_scenario *scenario;
    pc_plan *plan;
    pc_results *results;
    pc_status status;
} sim;

/* The small scenario of two regions. */
static inline void sim_small(sim *s)
{
    *s = (sim){0};
    small_start(&s->text);
}

/* A shipped scenario, its files copied into memory. */
static inline void sim_folder(sim *s, const char *name)
{
    char path[512];
    pc_files *files;
    pc_scenario *scenario = NULL;

    *s = (sim){0};
    snprintf(path, sizeof path, "%s/scenarios/%s", PC_TEST_SOURCE_DIR, name);
    files = pc_files_open(path, &s->status);
    if (!files || pc_scenario_read(files, NULL, 0, &scenario, &s->status)) {
        fail_msg("%s: %s", path, s->status.message);
    }
    pc_scenario_free(scenario);
    for (size_t i = 0; i < pc_files_count(files); i++) {
        const pc_file *file = pc_files_at(files, i);
        assert_true(s->text.n < SMALL_FILES);
        s->names[s->text.n] = strdup(file->name);
        assert_non_null(s->names[s->text.n]);
        small_put(&s->text, s->names[s->text.n], file->text);
    }
    pc_files_free(files);
}

/* `text` must live until the plan is made. */
static inline void sim_set(sim *s, const char *text)
{
    assert_true(s->n_sets < MAX_SETS);
    s->sets[s->n_sets++] = text;
}

static inline const char *sim_text(const sim *s, const char *name)
{
    for (int i = 0; i < s->text.n; i++) {
        if (strcmp(s->text.name[i], name) == 0) {
            return s->text.text[i];
        }
    }
    fail_msg("no file %s", name);
    return NULL;
}

/* Every noise off; the last shock must have been taken out of the text. */
static inline void sim_calm(sim *s)
{
    static const char *const sets[] = {"mortality.sigma=0",
                                       "mortality.drift_se=0",
                                       "fertility.sigma=0",
                                       "migration.sigma=0",
                                       "employment.sigma=0",
                                       "employment.regional_sigma=0",
                                       "wages.sigma=0",
                                       "wages.regional_sigma=0",
                                       "cost.sigma=0",
                                       "cost.employee.regional_sigma=0",
                                       "cost.resident.regional_sigma=0",
                                       "returns.sigma=0",
                                       "claims.employee.cv=0",
                                       "claims.employee.tau=0",
                                       "claims.resident.cv=0",
                                       "claims.resident.tau=0",
                                       "base_uncertainty.employee.revenue=0",
                                       "base_uncertainty.employee.expenditure=0",
                                       "base_uncertainty.employee.balance=0",
                                       "base_uncertainty.resident.revenue=0",
                                       "base_uncertainty.resident.expenditure=0",
                                       "base_uncertainty.resident.balance=0"};

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        sim_set(s, sets[i]);
    }
}

/* Reads and plans; the code, with the message in s->status. */
static inline pc_code sim_try_plan(sim *s)
{
    pc_code code = small_read(&s->text, s->sets, s->n_sets, &s->scenario, &s->status);

    return code ? code : pc_plan_build(s->scenario, &s->plan, &s->status);
}

static inline void sim_plan(sim *s)
{
    if (sim_try_plan(s)) {
        fail_msg("%s", s->status.message);
    }
}

static inline void sim_run_with(sim *s, pc_run_options options)
{
    options.reproducible = 1;
    if (!s->plan) {
        sim_plan(s);
    }
    pc_results_free(s->results);
    s->results = NULL;
    if (pc_run(s->plan, &options, &s->results, &s->status)) {
        fail_msg("%s", s->status.message);
    }
}

static inline void sim_run(sim *s)
{
    sim_run_with(s, (pc_run_options){0});
}

static inline void sim_end(sim *s)
{
    pc_results_free(s->results);
    pc_plan_free(s->plan);
    pc_scenario_free(s->scenario);
    small_end(&s->text);
    for (int i = 0; i < SMALL_FILES; i++) {
        free(s->names[i]);
    }
    *s = (sim){0};
}

static inline const pc_dataset *sim_set_of(const sim *s, const char *group, const char *name)
{
    const pc_dataset *set = pc_results_find(s->results, group, name);

    if (!set) {
        fail_msg("no dataset %s in group %s", name, group);
    }
    return set;
}

/* One number by the names of its coordinates: `first` a statistic or "0.5" for a quantile, NULL without such an axis;
 * `region` NULL: the whole. */
static inline double sim_value(const sim *s, const char *group, const char *name, const char *first,
                               const char *region, int year)
{
    const pc_dataset *set = sim_set_of(s, group, name);
    size_t at = 0;

    for (int d = 0; d < set->rank; d++) {
        const pc_dimension *dim = set->dims[d];
        long k = -1;
        if (strcmp(dim->name, "region") == 0) {
            k = region ? pc_dimension_find_text(dim, region) : (long)dim->size - 1;
        } else if (strcmp(dim->name, "year") == 0) {
            k = pc_dimension_find_integer(dim, year);
        } else if (dim->type == PC_TEXT) {
            k = pc_dimension_find_text(dim, first);
        } else {
            for (size_t i = 0; dim->type == PC_F64 && i < dim->size; i++) {
                k = fabs(((const double *)dim->coordinates)[i] - strtod(first ? first : "", NULL)) < 1e-12 ? (long)i : k;
            }
        }
        if (k < 0) {
            fail_msg("%s/%s has no %s, %s, %d", group, name, first ? first : "-", region ? region : "whole", year);
        }
        at = at * dim->size + (size_t)k;
    }
    return pc_dataset_at(set, at);
}

static inline void assert_close(const char *what, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance)) {
        fail_msg("%s: got %.17g, want %.17g within %g (off by %g)", what, got, want, tolerance, got - want);
    }
}

/* Two groups with the same datasets, bit for bit, whatever their names and texts. */
static inline void assert_same_group(const pc_results *a, const char *group_a, const pc_results *b, const char *group_b)
{
    const pc_group *x = pc_results_find_group(a, group_a), *y = pc_results_find_group(b, group_b);

    if (!x || !y) {
        fail_msg("no group %s or %s", group_a, group_b);
        return;
    }
    assert_true(x->n_datasets > 0);
    assert_int_equal(x->n_datasets, y->n_datasets);
    for (int i = 0; i < x->n_datasets; i++) {
        const pc_dataset *p = x->datasets[i], *q = pc_results_find(b, group_b, p->name);
        if (!q || p->count != q->count || !pc_data_same(p->type, p->data, q->data, p->count)) {
            fail_msg("%s and %s of %s differ", group_a, group_b, p->name);
        }
    }
}

/* A region's line of the small scenario's regions.csv in the likeness of a middling city. */
#define EQUAL_REGION(code)                                                                                             \
    code "," code ",1000000,0.15,0.2,6,,0.001,300000,80000,500000,90000,0.06,0.73,1.2e9,1.15e9,1e8,5e8,4.9e8,1e8,,,"   \
         "40000,,\n"

#endif
