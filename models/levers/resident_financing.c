/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { RULE, YUAN, STEP, POINTS, INDIVIDUAL, SUBSIDY };
enum { BY_INCOME, BY_TABLE, BY_STEP, BY_PARTS };

typedef struct plan {
    int from;      /* the lever's first year */
    double path[]; /* [year] of the scenario's own rule, as its flows carry it */
} plan;

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    plan *p = pc_arena_calloc(arena, 1, sizeof *p + (size_t)(env->n_years + 1) * sizeof p->path[0]);

    (void)scheme;
    (void)values;
    if (!p) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    p->from = from;
    for (int year = 1; year <= env->n_years; year++) {
        p->path[year] = pc_lever_financing_path(env->schemes, year);
    }
    *table = p;
    return PC_OK;
}

static void apply(const pc_lever_call *call)
{
    const plan *p = call->table;
    const int rule = (int)call->values[RULE].number, year = call->year;
    const double individual = pc_value_at(&call->values[INDIVIDUAL], year);
    const double both = individual + pc_value_at(&call->values[SUBSIDY], year);
    const double yuan = rule == BY_PARTS ? both : pc_value_at(&call->values[YUAN], year),
                 step = pc_value_at(&call->values[STEP], year);
    const double points = pc_exp(pc_value_at(&call->values[POINTS], year));

    for (int r = 0; r < call->env->n_regions; r++) {
        const size_t at = (size_t)r * PC_LANES;
        const double *income = call->weather->income + at, *gamma = call->weather->wage_growth + at;
        double *revenue = call->flows->revenue + at, *last = call->memo + at;
        double fixed, linked, fixed_before, linked_before;

        pc_lever_financing(call->env->schemes, r, p->path[year], &fixed, &linked);
        pc_lever_financing(call->env->schemes, r, p->path[year - 1], &fixed_before, &linked_before);
        for (int l = 0; l < PC_LANES; l++) {
            const double growth = pc_exp(gamma[l] - call->env->income_gap); /* of income in this year */
            const double own = fixed + linked * income[l];
            const double before = year == p->from ? fixed_before + linked_before * income[l] / growth : last[l];
            const double now = rule == BY_TABLE || rule == BY_PARTS ? yuan
                               : rule == BY_STEP                    ? before + step
                                                                    : before * growth * points;
            last[l] = now;
            revenue[l] = own > 0 ? revenue[l] * now / own : revenue[l];
        }
        if (rule == BY_PARTS) {
            call->split[r].individual = both > 0 ? individual / both : 0;
        }
    }
}

static const pc_param params[] = {
    {"rule", PC_PARAM_CHOICE, "", 0, 3, BY_INCOME, "income|table|step|parts", N_("How financing per head is set.")},
    {"yuan", PC_PARAM_SERIES, "yuan/person", 0, 1e6, 0, NULL,
     N_("Rule table: financing per head by year, the same in all regions.")},
    {"step", PC_PARAM_SERIES, "yuan/person", -1e5, 1e5, 0, NULL, N_("Rule step: what is added a year.")},
    {"points", PC_PARAM_SERIES, "fraction/year", -0.5, 0.5, 0, NULL,
     N_("Rule income: growth above that of disposable income per head (logarithm).")},
    {"individual", PC_PARAM_SERIES, "yuan/person", 0, 1e6, 0, NULL,
     N_("Rule parts: what a member pays, by year, the same in all regions.")},
    {"subsidy", PC_PARAM_SERIES, "yuan/person", 0, 1e6, 0, NULL,
     N_("Rule parts: the public subsidy per head, by year, the same in all regions.")},
};

const pc_lever pc_resident_financing_lever = {
    .head =
        {
            .slot = "lever",
            .name = "resident_financing",
            .title = N_("Financing of the resident scheme"),
            .doc =
                N_("Replaces the scenario's rule for financing per head F, individual contribution and "
                   "subsidy together: a table in yuan (one standard for all regions), the two parts in yuan, a yearly "
                   "step in yuan, or growth with disposable income and some points. Who pays it stays as in the "
                   "scenario, but for the rule parts, and for subsidy_split. Steps and growth go on from the "
                   "scenario's own F of the year before the lever's first year. Shocks and the uncertainty "
                   "of base-year accounts act as before. Check: F 1000 in the year before, step 60: revenue "
                   "times 1060/F in the first year, 1120/F in the second."),
            .equation = N_("R <- R F'(t)/F(t);  table: F' = yuan(t);  parts: F' = individual(t) + "
                           "subsidy(t);  step: F' = F'(t-1) + step(t);  income: F' = "
                           "F'(t-1) exp(gamma_r - income_gap + points(t))"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH_SPLIT,
    .order = PC_LEVER_FACTOR,
    .memo_rows = 1,
    .prepare = prepare,
    .apply = apply,
};
