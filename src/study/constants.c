/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/constants.h"

#include <math.h>
#include <stdlib.h>

const char *const pc_region_constants[PC_REGION_CONSTANTS] = {
    "lambda",     "mu",        "outside_contributors", "outside_retirees", "enrolment",
    "base_ratio", "financing", "cost_employee",        "cost_resident"};

double pc_region_constant(const pc_plan *plan, int k, int region)
{
    const pc_region_report *r = &plan->regions[region];
    const double x[PC_REGION_CONSTANTS] = {
        r->lambda,     r->mu,        r->outside_contributors, r->outside_retirees,  r->enrolment,
        r->base_ratio, r->financing, r->cost[PC_EMPLOYEE],    r->cost[PC_RESIDENT],
    };

    return x[k];
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, ascending);
    return n == 0 ? NAN : 0.5 * (x[(n - 1) / 2] + x[n / 2]);
}

void pc_robust_scores(const double *x, int n, double *scores, double *scratch)
{
    double middle, spread;
    int known = 0;

    for (int i = 0; i < n; i++) {
        scores[i] = x[i] > 0 ? log(x[i]) : NAN;
        if (x[i] > 0) {
            scratch[known++] = scores[i];
        }
    }
    middle = median(scratch, known);
    known = 0;
    for (int i = 0; i < n; i++) {
        if (!isnan(scores[i])) {
            scratch[known++] = fabs(scores[i] - middle);
        }
    }
    spread = 1.4826 * median(scratch, known);
    for (int i = 0; i < n; i++) {
        scores[i] = isnan(scores[i]) ? NAN : spread > 1e-12 ? (scores[i] - middle) / spread : 0;
    }
}

pc_code pc_region_constants_put(const pc_plan *plan, pc_results *results, pc_status *status)
{
    static const char group[] = "calibration";
    const int n = plan->n_regions;
    double *scratch = pc_calloc(2 * (size_t)n, sizeof *scratch), *value = NULL, *score = NULL;
    const pc_dimension *dims[2];
    pc_dataset *values, *scores, *name, *name_en;

    if (!scratch) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the constants of regions");
    }
    dims[0] = pc_results_dimension(results, "constant", PC_REGION_CONSTANTS, PC_TEXT, pc_region_constants, NULL,
                                   "constant of a region");
    dims[1] = pc_results_dimension(results, "input_region", (size_t)n, PC_TEXT, plan->area_ids, NULL, "region");
    values = pc_results_dataset(results, group, "regional_constant", PC_F64, 2, dims, "1",
                                "what a run fits to the base year's accounts; financing and costs in yuan a year");
    scores = pc_results_dataset(results, group, "regional_score", PC_F64, 2, dims, "1",
                                "distance of its logarithm from the regions' median in robust standard deviations");
    name = pc_results_dataset(results, group, "region_name", PC_TEXT, 1, dims + 1, NULL, "name");
    name_en = pc_results_dataset(results, group, "region_name_en", PC_TEXT, 1, dims + 1, NULL, "English name");
    pc_results_attribute_text(results, group, "accounts_title", plan->scenario->title);
    pc_results_attribute_text(results, group, "accounts_title_en", plan->scenario->title_en);
    pc_results_attribute_integer(results, group, "accounts_year", plan->scenario->base_year);
    for (int r = 0; name && name_en && r < n; r++) {
        pc_dataset_set_text(results, name, (size_t)r, plan->area_names[r]);
        pc_dataset_set_text(results, name_en, (size_t)r, plan->area_names_en[r]);
    }
    for (int k = 0; values && scores && k < PC_REGION_CONSTANTS; k++) {
        value = (double *)values->data + (size_t)k * (size_t)n;
        score = (double *)scores->data + (size_t)k * (size_t)n;
        for (int r = 0; r < n; r++) {
            value[r] = pc_region_constant(plan, k, r);
        }
        pc_robust_scores(value, n, score, scratch);
    }
    pc_free(scratch);
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}
