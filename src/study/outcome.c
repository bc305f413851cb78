/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/outcome.h"

#include <math.h>
#include <stdio.h>

#include "engine/provenance.h"

static const char *const views[PC_SCHEME_VIEWS] = {"employee", "resident", "both"};

pc_results *pc_study_results(const pc_study *study, const char *kind, pc_status *status)
{
    pc_results *results = pc_results_new();
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    pc_code code = results ? pc_study_scenario(study, NULL, 0, &scenario, status)
                           : pc_fail(status, PC_ERR_FAIL, "no memory for results");

    code = code ? code : pc_plan_build(scenario, &plan, status);
    if (!code) {
        pc_provenance_root(plan, &study->run, study->n_paths, results);
        pc_results_attribute_text(results, "", "study", kind);
        pc_results_attribute_integer(results, "", "runs", study->n_runs);
        code = pc_plan_inputs(plan, results, status);
    }
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    if (code) {
        pc_results_free(results);
        return NULL;
    }
    return results;
}

void pc_study_question(const pc_study *study, const char *group, pc_results *results)
{
    const pc_ask *ask = &study->asks[0];

    pc_results_attribute_text(results, group, "measure", ask->quantity->text);
    pc_results_attribute_text(results, group, "measure_unit", study->unit);
    pc_results_attribute_text(results, group, "measure_meaning", study->meaning);
    pc_results_attribute_text(results, group, "policy", ask->policy);
    pc_results_attribute_text(results, group, "scheme", views[ask->view]);
    if (ask->quantity->relation) {
        pc_results_attribute_text(results, group, "relation", ask->quantity->relation < 0 ? "<=" : ">=");
        pc_results_attribute_number(results, group, "bound", ask->quantity->bound);
    }
}

/* Policy, scheme, measure and unit of every question. */
static void put_asks(const pc_study *study, const char *group, const pc_dimension *const *question, pc_dataset **of,
                     pc_results *results)
{
    static const char *const names[4][2] = {{"policy", "policy of the question"},
                                            {"scheme", "scheme of the question"},
                                            {"measure", "measure of the question"},
                                            {"unit", "unit of the measure"}};

    for (int i = 0; i < 4; i++) {
        of[i] = pc_results_dataset(results, group, names[i][0], PC_TEXT, 1, question, NULL, names[i][1]);
    }
    for (int a = 0; a < study->n_asks && !results->failed; a++) {
        const pc_ask *ask = &study->asks[a];
        int subject, index;
        const pc_output *output = pc_quantity_output(ask->quantity, &subject, &index);
        pc_dataset_set_text(results, of[0], (size_t)a, ask->policy);
        pc_dataset_set_text(results, of[1], (size_t)a, views[ask->view]);
        pc_dataset_set_text(results, of[2], (size_t)a, ask->quantity->text);
        pc_dataset_set_text(results, of[3], (size_t)a, output ? pc_quantity_unit(output) : "");
    }
}

static void put_number(pc_results *results, const char *group, const char *name, double x, const char *units,
                       const char *long_name)
{
    pc_results_put(results, group, name, PC_F64, 0, NULL, &x, units, long_name);
}

pc_code pc_solve_put(const pc_study *study, const pc_solve_problem *problem, const char *unit,
                     const pc_solve_answer *answer, pc_results *results, pc_status *status)
{
    static const char group[] = "solve";
    static const char *const outcomes[] = {"found", "always", "unreachable"};
    static const char *const shapes[] = {"flat", "rising", "falling", "turning"};
    const size_t n = (size_t)answer->n_points;
    const pc_dimension *dims[1];
    double x[PC_SOLVE_MAX_POINTS];
    pc_dataset *value, *error;

    pc_study_question(study, group, results);
    pc_results_attribute_text(results, group, "key", problem->key);
    pc_results_attribute_text(results, group, "key_unit", unit);
    pc_results_attribute_text(results, group, "find", answer->find == PC_SOLVE_LARGEST ? "largest" : "smallest");
    pc_results_attribute_text(results, group, "outcome", outcomes[answer->outcome]);
    pc_results_attribute_text(results, group, "shape", shapes[answer->shape]);
    pc_results_attribute_integer(results, group, "whole", problem->whole);
    pc_results_attribute_integer(results, group, "more_edges", answer->more_edges);
    pc_results_attribute_number(results, group, "range_low", problem->lo);
    pc_results_attribute_number(results, group, "range_high", problem->hi);
    for (size_t i = 0; i < n; i++) {
        x[i] = answer->points[i].x;
    }
    dims[0] = pc_results_dimension(results, "value", n, PC_F64, x, unit, "value of the key in each run");
    value = pc_results_dataset(results, group, "measure", PC_F64, 1, dims, study->unit, "the measure in each run");
    error = pc_results_dataset(results, group, "measure_se", PC_F64, 1, dims, study->unit,
                               "standard error of the measure; of an event that no or every path had, the bound 3/n");
    for (size_t i = 0; value && error && i < n; i++) {
        ((double *)value->data)[i] = answer->points[i].measure.value;
        ((double *)error->data)[i] = answer->points[i].measure.se;
    }
    put_number(results, group, "answer", answer->x, unit,
               "the answer; where the bound is out of reach, where the measure comes nearest to it");
    put_number(results, group, "answer_se", answer->x_se, unit, "standard error of the answer by simulation");
    put_number(results, group, "answer_measure", answer->measure.value, study->unit, "the measure at the answer");
    put_number(results, group, "answer_measure_se", answer->measure.se, study->unit, "its standard error");
    put_number(results, group, "slope", answer->slope, "1", "measure per unit of the key about the answer");
    put_number(results, group, "slope_se", answer->slope_se, "1", "its standard error, from the same paths");
    put_number(results, group, "bracket", answer->width, unit, "width of the last bracket about the answer");
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}

pc_code pc_stress_put(const pc_study *study, const pc_stress *stresses, const pc_stress_test *test, pc_results *results,
                      pc_status *status)
{
    static const char group[] = "stress";
    const size_t n = (size_t)test->n_stresses + 1, asks = (size_t)test->n_asks;
    const pc_dimension *stress, *question, *dims[2], *one[1];
    const char *names[PC_STRESS_MOST + 1] = {"none"};
    pc_dataset *texts[5], *of[4], *value, *error;

    for (size_t k = 1; k < n; k++) {
        names[k] = stresses[k - 1].name;
    }
    stress = pc_results_dimension(results, "stress", n, PC_TEXT, names, NULL, "stress; the first is none");
    question = pc_results_dimension(results, "question", asks, PC_TEXT, NULL, NULL, "measure of a policy");
    one[0] = dims[0] = stress;
    dims[1] = question;
    {
        static const char *const known[5][2] = {{"title", "title"},
                                                {"title_en", "title in English"},
                                                {"note", "what the stress assumes"},
                                                {"source", "what its size was judged by"},
                                                {"changes", "what it sets, separated by semicolons"}};
        for (int i = 0; i < 5; i++) {
            texts[i] = pc_results_dataset(results, group, known[i][0], PC_TEXT, 1, one, NULL, known[i][1]);
        }
    }
    for (size_t k = 1; k < n && !results->failed; k++) {
        const pc_stress *s = &stresses[k - 1];
        char changes[4096] = "";
        size_t used = 0;
        for (int i = 0; i < s->n_sets && used < sizeof changes; i++) {
            used += (size_t)snprintf(changes + used, sizeof changes - used, "%s%s", i ? "; " : "", s->sets[i]);
        }
        pc_dataset_set_text(results, texts[0], k, s->title);
        pc_dataset_set_text(results, texts[1], k, s->title_en);
        pc_dataset_set_text(results, texts[2], k, s->note);
        pc_dataset_set_text(results, texts[3], k, s->source);
        pc_dataset_set_text(results, texts[4], k, changes);
    }
    one[0] = question;
    put_asks(study, group, one, of, results);
    value = pc_results_dataset(results, group, "value", PC_F64, 2, dims, NULL, "the measure, in unit[question]");
    error = pc_results_dataset(results, group, "value_se", PC_F64, 2, dims, NULL,
                               "its standard error; of an event that no or every path had, the bound 3/n");
    for (size_t i = 0; value && error && i < n * asks; i++) {
        ((double *)value->data)[i] = test->value[i].value;
        ((double *)error->data)[i] = test->value[i].se;
    }
    pc_results_put(results, group, "difference", PC_F64, 2, dims, test->difference, NULL,
                   "change by the stress, on the same paths");
    pc_results_put(results, group, "difference_se", PC_F64, 2, dims, test->difference_se, NULL, "its standard error");
    pc_results_put(results, group, "central", PC_F64, 2, dims, test->central, NULL, "the measure on the central path");
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}

pc_code pc_grid_put(const pc_study *study, const pc_grid *grid, const char *const *units, pc_results *results,
                    pc_status *status)
{
    static const char group[] = "grid";
    static const char *const names[2] = {"first", "second"};
    const pc_dimension *dims[2];
    const size_t n = (size_t)grid->axis[0].n * (size_t)grid->axis[1].n;
    pc_dataset *value, *error;

    pc_study_question(study, group, results);
    for (int k = 0; k < grid->n_axes; k++) {
        dims[k] = pc_results_dimension(results, names[k], (size_t)grid->axis[k].n, PC_F64, grid->value[k], units[k],
                                       k == 0 ? "values of the first key" : "values of the second key");
        pc_results_attribute_text(results, group, k == 0 ? "first_key" : "second_key", grid->axis[k].key);
    }
    value = pc_results_dataset(results, group, "measure", PC_F64, grid->n_axes, dims, study->unit,
                               "the measure over the grid");
    error = pc_results_dataset(results, group, "measure_se", PC_F64, grid->n_axes, dims, study->unit,
                               "standard error of the measure; of an event that no or every path had, the bound 3/n");
    for (size_t i = 0; value && error && i < n; i++) {
        ((double *)value->data)[i] = grid->measure[i].value;
        ((double *)error->data)[i] = grid->measure[i].se;
    }
    if (study->asks[0].quantity->relation) {
        static const char text[] =
            "value of the first key at which the measure crosses the bound, straight between grid "
            "points";
        pc_results_put(results, group, "line", PC_F64, grid->n_axes - 1, dims + 1, grid->line, units[0], text);
        pc_results_put(results, group, "line_se", PC_F64, grid->n_axes - 1, dims + 1, grid->line_se, units[0],
                       "its standard error by simulation; the straight line's own error is not in it");
    }
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}

pc_code pc_rare_put(const pc_study *study, const pc_rare *rare, pc_results *results, pc_status *status)
{
    static const char group[] = "rare";
    static const char *const drivers[PC_PROVINCE_NORMALS] = {"mortality", "fertility", "employment",
                                                             "wages",     "cost",      "returns"};
    const char *kinds[PC_RARE_KINDS];
    int64_t *years = pc_calloc((size_t)rare->n_years + 1, sizeof *years);
    const pc_dimension *dims[2], *kind;

    if (!years) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for results");
    }
    for (int k = 0; k < PC_RARE_KINDS; k++) {
        kinds[k] = pc_rare_kind(k);
    }
    for (int y = 0; y < rare->n_years; y++) {
        years[y] = study->base_year + 1 + y;
    }
    pc_study_question(study, group, results);
    pc_results_attribute_text(results, group, "method",
                              "importance sampling: means of the normals shifted to the likeliest point of the event, "
                              "every eighth leaf plain, paths weighted with the ratio of densities");
    pc_results_attribute_integer(results, group, "events", (int64_t)rare->n_events);
    pc_results_attribute_integer(results, group, "in_sight", rare->in_sight);
    pc_results_attribute_integer(results, group, "steps", rare->steps);
    put_number(results, group, "probability", rare->probability, "1", "probability of the event");
    put_number(results, group, "probability_se", rare->se, "1",
               "its standard error; where no path had the event, 3/n, which says little");
    put_number(results, group, "effective_paths", rare->effective, "1",
               "paths of equal weight with the event that would be as good: (sum w)^2 / sum w^2");
    put_number(results, group, "largest_weight", rare->largest, "1",
               "share of one path in the sum of weights, at most");
    put_number(results, group, "plain_paths", rare->plain, "1", "plain paths that would have the same standard error");
    put_number(results, group, "mean_weight", rare->weight, "1", "mean of all weights: 1 but for chance");
    put_number(results, group, "mean_weight_se", rare->weight_se, "1", "its standard error");
    put_number(results, group, "distance", rare->distance, "1",
               "of the event's likeliest point from the central path, in standard deviations");
    put_number(results, group, "point_measure", rare->value, study->unit, "the measure at that point, without shocks");
    kind = pc_results_dimension(results, "kind", PC_RARE_KINDS, PC_TEXT, kinds, NULL, "kind of normals");
    pc_results_put(results, group, "share", PC_F64, 1, &kind, rare->share, "1", "share of the squared distance");
    put_number(results, group, "central_measure", rare->central, study->unit, "the measure on the central path");
    dims[0] = pc_results_dimension(results, "level", PC_RARE_LEVELS, PC_F64, rare->level, study->unit,
                                   "other bounds, from beyond the event's to the central path's measure");
    pc_results_put(results, group, "level_chance", PC_F64, 1, dims, rare->level_chance, "1",
                   "chance of that bound, from the same paths");
    pc_results_put(results, group, "level_chance_se", PC_F64, 1, dims, rare->level_se, "1",
                   "its standard error; where no path was so far, 3/n, which says little");
    pc_results_put(results, group, "level_events", PC_F64, 1, dims, rare->level_events, "1", "paths that were so far");
    dims[0] = pc_results_dimension(results, "year", (size_t)rare->n_years, PC_I64, years, "year", "calendar year");
    dims[1] = pc_results_dimension(results, "driver", PC_PROVINCE_NORMALS, PC_TEXT, drivers, NULL, "driver");
    pc_results_put(results, group, "shift", PC_F64, 2, dims, rare->shift, "1",
                   "the province's normals at that point, before correlation");
    pc_free(years);
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}
