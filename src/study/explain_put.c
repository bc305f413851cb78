/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results of `explain`: group /explain. */
#include <math.h>

#include "study/outcome.h"

static const char group[] = "explain";

static void put_shares(const pc_explained *e, const pc_dimension *policy, pc_results *results)
{
    static const char *const kinds[PC_EXPLAIN_KINDS] = {"group", "split", "period", "cross"};
    static const char *const names[4][2] = {
        {"first", "share of the variance that it makes alone: first-order Sobol index"},
        {"first_se", "standard error of the first-order index"},
        {"total", "share of the variance that would be gone without it: total Sobol index"},
        {"total_se", "standard error of the total index"}};
    const size_t n = (size_t)e->n_shares, n_main = (size_t)e->n_main;
    const char *shares[PC_EXPLAIN_SHARES];
    const pc_dimension *dims[2], *one[1];
    pc_dataset *kind, *set[4];

    for (size_t k = 0; k < n; k++) {
        shares[k] = e->share[k].name;
    }
    dims[0] = one[0] = pc_results_dimension(results, "share", n, PC_TEXT, shares, NULL,
                                            "group of drivers, process as a whole, or years of the process");
    dims[1] = policy;
    kind = pc_results_dataset(results, group, "kind", PC_TEXT, 1, one, NULL,
                              "group, split, period, or cross: a group in a period");
    for (int i = 0; i < 4; i++) {
        set[i] = pc_results_dataset(results, group, names[i][0], PC_F64, 2, dims, "1", names[i][1]);
    }
    for (size_t k = 0; k < n && !results->failed; k++) {
        pc_dataset_set_text(results, kind, k, kinds[e->share[k].kind]);
        for (size_t p = 0; p < n_main; p++) {
            const pc_variance_share *s = &e->share[k].index[p];
            const double x[4] = {s->first, s->first_se, s->total, s->total_se};
            for (int i = 0; i < 4; i++) {
                ((double *)set[i]->data)[k * n_main + p] = x[i];
            }
        }
    }
}

static void put_bars(const pc_explained *e, const char *unit, const pc_dimension *policy, pc_results *results)
{
    static const char *const names[4][2] = {
        {"low", "change of the mean, driver or parameter one standard deviation lower"},
        {"low_se", "standard error of the change"},
        {"high", "change of the mean, one standard deviation higher"},
        {"high_se", "standard error of the change upwards"}};
    const size_t n = (size_t)e->n_bars, n_main = (size_t)e->n_main;
    const char *bars[PC_EXPLAIN_BARS];
    const pc_dimension *dims[2];

    for (size_t k = 0; k < n; k++) {
        bars[k] = e->bar[k].name;
    }
    if (n == 0) {
        return;
    }
    dims[0] = pc_results_dimension(results, "driver_moved", n, PC_TEXT, bars, NULL, "driver or parameter");
    dims[1] = policy;
    for (int i = 0; i < 4; i++) {
        pc_dataset *set = pc_results_dataset(results, group, names[i][0], PC_F64, 2, dims, unit, names[i][1]);
        for (size_t k = 0; k < n && set; k++) {
            const double *const x[4] = {e->bar[k].low, e->bar[k].low_se, e->bar[k].high, e->bar[k].high_se};
            for (size_t p = 0; p < n_main; p++) {
                ((double *)set->data)[k * n_main + p] = x[i][p];
            }
        }
    }
}

static void put_typical(const pc_explained *e, const pc_dimension *policy, pc_results *results)
{
    const pc_dimension *dims[3] = {
        policy,
        pc_results_dimension(results, "end", PC_EXPLAIN_ENDS, PC_F64, pc_explain_ends, "1", "part of the paths below"),
        pc_results_dimension(results, "item", PC_EXPLAIN_ITEMS, PC_TEXT, pc_explain_item_names, NULL,
                             "what a typical path's story is told from")};
    pc_dataset *path = pc_results_dataset(results, group, "path", PC_I64, 2, dims, "1", "number of the typical path");
    pc_dataset *value = pc_results_dataset(results, group, "path_value", PC_F64, 2, dims, NULL, "its outcome");
    pc_dataset *story = pc_results_dataset(results, group, "story", PC_F64, 3, dims, NULL,
                                           "ratios to the central path less 1; months; calendar years, 0: never");

    for (size_t i = 0; i < (size_t)e->n_main * PC_EXPLAIN_ENDS && !results->failed; i++) {
        ((int64_t *)path->data)[i] = (int64_t)e->typical[i].path;
        ((double *)value->data)[i] = e->typical[i].value;
        for (size_t k = 0; k < PC_EXPLAIN_ITEMS; k++) {
            ((double *)story->data)[i * PC_EXPLAIN_ITEMS + k] = e->typical[i].item[k];
        }
    }
}

pc_code pc_explain_put(const pc_study *study, const pc_explained *e, const char *outcome, pc_results *results,
                       pc_status *status)
{
    const char *policies[PC_STUDY_MAX_ASKS];
    const pc_dimension *policy, *one[1];
    int subject, index;
    const pc_output *output = pc_quantity_output(study->asks[0].quantity, &subject, &index);

    for (int p = 0; p < e->n_main; p++) {
        policies[p] = study->asks[p].policy;
    }
    policy = pc_results_dimension(results, "explained_policy", (size_t)e->n_main, PC_TEXT, policies, NULL, "policy");
    one[0] = policy;
    pc_study_question(study, group, results);
    pc_results_attribute_text(results, group, "outcome", outcome);
    pc_results_attribute_integer(results, group, "last_year", e->last_year);
    pc_results_attribute_number(results, group, "between_policies", e->between);
    pc_results_put(results, group, "mean", PC_F64, 1, one, e->mean, pc_quantity_unit(output),
                   "mean of the measure, both samples");
    pc_results_put(results, group, "mean_se", PC_F64, 1, one, e->mean_se, pc_quantity_unit(output),
                   "its standard error");
    pc_results_put(results, group, "variance", PC_F64, 1, one, e->variance, NULL, "variance over paths, both samples");
    put_shares(e, policy, results);
    put_bars(e, pc_quantity_unit(output), policy, results);
    put_typical(e, policy, results);
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}
