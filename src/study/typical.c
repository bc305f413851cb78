/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of each policy the paths whose outcome is nearest to the 5, 50 and 95 % of all, and what happened on them beside the
 * central path. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/explain.h"

const char *const pc_explain_item_names[PC_EXPLAIN_ITEMS] = {
    "wage",        "cost_per_member", "contributors",           "retirees",      "revenue",
    "expenditure", "reserve_months",  "central_reserve_months", "first_deficit", "first_depleted"};
const double pc_explain_ends[PC_EXPLAIN_ENDS] = {0.05, 0.5, 0.95};

typedef struct replayer {
    const pc_plan *plan;
    const pc_layout *layout;
    const double *path, *central; /* [n_cells] */
    int policy, view, area, last; /* last: year index */
} replayer;

/* Value of an output in a year, on the path or the central one; NaN where there is none. */
static double at(const replayer *r, const double *cells, const char *name, int of_policy, int year)
{
    const pc_subject *subject = &r->layout->subjects[of_policy ? 1 + r->policy : 0];

    for (int o = 0; o < subject->n_outputs; o++) {
        if (strcmp(subject->outputs[o]->name, name) == 0) {
            const int64_t cell = pc_layout_cell(r->layout, of_policy ? 1 + r->policy : 0, o,
                                                of_policy ? r->view : PC_EMPLOYEE, r->area, year);
            return cell >= 0 ? cells[cell] : NAN;
        }
    }
    return NAN;
}

static double relative(const replayer *r, const char *name, int of_policy)
{
    return at(r, r->path, name, of_policy, r->last) / at(r, r->central, name, of_policy, r->last) - 1;
}

static double per_member(const replayer *r, const double *cells)
{
    return at(r, cells, "expenditure", 1, r->last) / at(r, cells, "members", 1, r->last);
}

static double summed(const replayer *r, const double *cells, const char *name)
{
    double sum = 0;

    for (int t = 1; t <= r->last; t++) {
        sum += at(r, cells, name, 1, t);
    }
    return sum;
}

static double first_year(const replayer *r, const char *name)
{
    for (int t = 1; t <= r->last; t++) {
        if (at(r, r->path, name, 1, t) > 0) {
            return r->plan->scenario->base_year + t;
        }
    }
    return 0;
}

static void tell(const replayer *r, double *item)
{
    item[PC_EXPLAIN_WAGE] = relative(r, "wage", 0);
    item[PC_EXPLAIN_COST] = per_member(r, r->path) / per_member(r, r->central) - 1;
    item[PC_EXPLAIN_CONTRIBUTORS] = relative(r, "contributors", 1);
    item[PC_EXPLAIN_RETIREES] = relative(r, "retirees", 1);
    item[PC_EXPLAIN_REVENUE] = summed(r, r->path, "revenue") / summed(r, r->central, "revenue") - 1;
    item[PC_EXPLAIN_EXPENDITURE] = summed(r, r->path, "expenditure") / summed(r, r->central, "expenditure") - 1;
    item[PC_EXPLAIN_MONTHS] = at(r, r->path, "reserve_months", 1, r->last);
    item[PC_EXPLAIN_CENTRAL_MONTHS] = at(r, r->central, "reserve_months", 1, r->last);
    item[PC_EXPLAIN_DEFICIT] = first_year(r, "deficit");
    item[PC_EXPLAIN_DEPLETED] = first_year(r, "depleted_at");
}

typedef struct ranked {
    double value;
    uint64_t path;
} ranked;

/* By value, then by path: one order on every machine. */
static int by_value(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
                                : (x->path > y->path) - (x->path < y->path);
}

static size_t rank_paths(const double *values, size_t n, ranked *all)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isfinite(values[i])) {
            all[count++] = (ranked){values[i], i};
        }
    }
    qsort(all, count, sizeof *all, by_value);
    return count;
}

static int find_policy(const pc_scenario *scenario, const char *name)
{
    int policy = 0;

    for (int p = 0; p < scenario->n_policies; p++) {
        policy = strcmp(scenario->policies[p].name, name) == 0 ? p : policy;
    }
    return policy;
}

pc_code pc_explain_typical(pc_study *study, const double *values, pc_explained *out, pc_status *status)
{
    const size_t n = (size_t)study->n_paths;
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    pc_layout layout;
    int has_layout = 0;
    double *central = NULL, *cells = NULL;
    ranked *all = pc_calloc(n, sizeof *all);
    pc_code code = all ? pc_study_scenario(study, NULL, 0, &scenario, status)
                       : pc_fail(status, PC_ERR_FAIL, "no memory for %zu paths", n);

    code = code ? code : pc_plan_build(scenario, &plan, status);
    code = code ? code : pc_layout_for(plan, &layout, status);
    has_layout = !code;
    if (!code) {
        central = pc_calloc(layout.n_cells, sizeof *central);
        cells = pc_calloc(layout.n_cells, sizeof *cells);
        code = central && cells ? pc_run_central(plan, &layout, central, status)
                                : pc_fail(status, PC_ERR_FAIL, "no memory for the typical paths");
    }
    for (int p = 0; p < out->n_main && !code; p++) {
        const pc_ask *ask = &study->asks[p];
        const size_t count = rank_paths(values + (size_t)p * n, n, all);
        const int policy = find_policy(scenario, ask->policy);
        pc_quantity_use use;
        code = pc_quantity_find(ask->quantity, plan, &layout, policy, ask->view, &use, status);
        for (int k = 0; k < PC_EXPLAIN_ENDS && !code && count > 0; k++) {
            pc_explain_path *path = &out->typical[p * PC_EXPLAIN_ENDS + k];
            const size_t rank = (size_t)ceil(pc_explain_ends[k] * (double)count) - 1;
            const int whole = plan->n_areas - 1;
            replayer r = {plan,
                          &layout,
                          cells,
                          central,
                          policy,
                          ask->view,
                          ask->quantity->region[0] ? use.picks[0].area : whole,
                          out->last_year - scenario->base_year};
            path->path = all[rank].path;
            path->value = all[rank].value;
            code = pc_run_replay(plan, &layout, path->path, cells, status);
            if (!code) {
                tell(&r, path->item);
            }
        }
    }
    if (has_layout) {
        pc_layout_release(&layout);
    }
    pc_free(all);
    pc_free(central);
    pc_free(cells);
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    return code;
}
