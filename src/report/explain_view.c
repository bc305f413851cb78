/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/study_inner.h"

const char pc_seen_group[] = "explain";
const char *const pc_seen_names[PC_SEEN_SETS] = {"first",  "first_se", "total",   "total_se", "low",
                                                 "low_se", "high",     "high_se", "path",     "path_value",
                                                 "story",  "mean",     "mean_se", "variance"};

/* Names of drivers in the results, in the reader's words. */
static const char *const words[][2] = {
    {"mortality", N_("mortality")},
    {"fertility", N_("fertility")},
    {"migration", N_("migration")},
    {"employment", N_("employment")},
    {"wages", N_("wages")},
    {"cost", N_("cost per head")},
    {"returns", N_("returns")},
    {"claims", N_("claims noise")},
    {"shocks", N_("shocks")},
    {"behaviour", N_("behaviour under a policy")},
    {"parameters", N_("uncertain parameters")},
    {"region.migration", N_("migration, regions' own")},
    {"region.employment", N_("employment, regions' own")},
    {"region.wages", N_("wages, regions' own")},
    {"region.cost.employee", N_("employees' cost, regions' own")},
    {"region.cost.resident", N_("residents' cost, regions' own")},
    {"region.claims.employee", N_("claims noise, employees")},
    {"region.claims.resident", N_("claims noise, residents")},
    {"region.param:employment.trend", N_("employment.trend, regions' own")},
    {"region.param:membership.retirees", N_("membership.retirees, regions' own")},
};

const char *pc_explain_word(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], name) == 0) {
            return _(words[i][1]);
        }
    }
    return strncmp(name, "param:", 6) == 0 ? name + 6 : name; /* the key of a parameter */
}

double pc_explain_at(const pc_explain_view *e, int set, size_t row, size_t policy)
{
    return pc_dataset_at(e->set[set], row * e->n_policies + policy);
}

int pc_explain_is_kind(const pc_explain_view *e, size_t k, const char *kind)
{
    return strcmp(pc_study_text_at(e->kind, k), kind) == 0;
}

double pc_explain_told(const pc_explain_view *e, size_t policy, size_t end, int k)
{
    return pc_dataset_at(e->set[PC_SEEN_STORY], (policy * e->n_ends + end) * PC_TOLD_ITEMS + (size_t)k);
}

static int by_size(const void *a, const void *b)
{
    const pc_ranked_bar *x = a, *y = b;

    return x->size != y->size ? (x->size < y->size) - (x->size > y->size) : (x->bar > y->bar) - (x->bar < y->bar);
}

void pc_explain_rank_bars(const pc_explain_view *e, pc_ranked_bar *order)
{
    for (size_t k = 0; k < e->n_bars; k++) {
        order[k] = (pc_ranked_bar){
            fmax(fabs(pc_explain_at(e, PC_SEEN_LOW, k, 0)), fabs(pc_explain_at(e, PC_SEEN_HIGH, k, 0))), k};
    }
    qsort(order, e->n_bars, sizeof *order, by_size);
}

static char *const *names_of(const pc_dataset *set, int axis, pc_type type)
{
    return set && axis < set->rank && set->dims[axis]->type == type ? set->dims[axis]->coordinates : NULL;
}

pc_code pc_explain_view_open(const pc_results *results, pc_explain_view *out, pc_status *status)
{
    pc_explain_view e = {.results = results, .unit = pc_study_text(results, pc_seen_group, "measure_unit")};
    int whole = 1;

    for (int k = 0; k < PC_SEEN_SETS; k++) {
        e.set[k] = pc_results_find(results, pc_seen_group, pc_seen_names[k]);
        whole = whole && (e.set[k] || (k >= PC_SEEN_LOW && k <= PC_SEEN_HIGH_SE));
    }
    e.kind = pc_results_find(results, pc_seen_group, "kind");
    e.shares = names_of(e.set[PC_SEEN_FIRST], 0, PC_TEXT);
    e.policies = names_of(e.set[PC_SEEN_FIRST], 1, PC_TEXT);
    e.bars = names_of(e.set[PC_SEEN_LOW], 0, PC_TEXT);
    e.ends = (const double *)(const void *)names_of(e.set[PC_SEEN_PATH], 1, PC_F64);
    if (whole && e.kind && e.kind->type == PC_TEXT && e.shares && e.policies && e.ends &&
        e.set[PC_SEEN_STORY]->rank == 3) {
        e.n_shares = e.set[PC_SEEN_FIRST]->dims[0]->size;
        e.n_policies = e.set[PC_SEEN_FIRST]->dims[1]->size;
        e.n_bars = e.bars ? e.set[PC_SEEN_LOW]->dims[0]->size : 0;
        e.n_ends = e.set[PC_SEEN_PATH]->dims[1]->size;
        whole = e.kind->count == e.n_shares && e.n_policies > 0 &&
                e.set[PC_SEEN_STORY]->count == e.n_policies * e.n_ends * PC_TOLD_ITEMS &&
                e.set[PC_SEEN_PATH]->count == e.n_policies * e.n_ends &&
                e.set[PC_SEEN_PATH_VALUE]->count == e.set[PC_SEEN_PATH]->count;
        for (int k = PC_SEEN_FIRST; k <= PC_SEEN_TOTAL_SE; k++) {
            whole = whole && e.set[k]->count == e.n_shares * e.n_policies;
        }
        for (int k = PC_SEEN_LOW; k <= PC_SEEN_HIGH_SE && e.n_bars; k++) {
            whole = whole && e.set[k] && e.set[k]->count == e.n_bars * e.n_policies;
        }
        for (int k = PC_SEEN_MEAN; k <= PC_SEEN_VARIANCE; k++) {
            whole = whole && e.set[k]->count == e.n_policies;
        }
    } else {
        whole = 0;
    }
    if (!whole) {
        return pc_fail(status, PC_ERR_INPUT, "found no explanation in the study, allowed a complete file");
    }
    *out = e;
    return PC_OK;
}
