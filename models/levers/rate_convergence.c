/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contribution rates below the mean rise to it (docs/model.md, Policies, levers):
 *   mean = sum tau_r payroll_r / sum payroll_r of the base year,
 *   tau_r(t) = tau_r + max(0, mean - tau_r) clamp((t - f + 1) / (by - f + 1), 0, 1), f the lever's first year. */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

enum { BY };

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    int n = env->n_regions, by = (int)values[BY].number - env->base_year;
    double paid = 0, base = 0, mean;
    double *factor = pc_arena_calloc(arena, (size_t)(env->n_years + 1) * n, sizeof *factor);

    (void)scheme;
    if (!factor) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int r = 0; r < n; r++) {
        paid += env->rate[r] * env->payroll[r];
        base += env->payroll[r];
    }
    mean = base > 0 ? paid / base : 0;
    for (int year = 0; year <= env->n_years; year++) {
        double way = year < from ? 0 : by <= from || year >= by ? 1 : (double)(year - from + 1) / (by - from + 1);
        for (int r = 0; r < n; r++) {
            double rise = env->rate[r] > 0 && env->rate[r] < mean ? mean / env->rate[r] - 1 : 0;
            factor[(size_t)year * n + r] = 1 + rise * way;
        }
    }
    *table = factor;
    return PC_OK;
}

static void apply(const pc_lever_call *call)
{
    const double *factor = call->table;

    pc_lever_scale(call->flows->revenue, call->env->n_regions, factor + (size_t)call->year * call->env->n_regions, 1);
}

static const pc_param params[] = {
    {"by", PC_PARAM_INT, "year", 1950, 2300, 2035, NULL, N_("Year in which the mean rate is reached.")},
};

const pc_lever pc_rate_convergence_lever = {
    .head =
        {
            .slot = "lever",
            .name = "rate_convergence",
            .title = N_("Convergence of contribution rates"),
            .doc = N_("Regions whose contribution rate lies below the mean of the base year, weighted by "
                      "contribution bases, rise to it in equal yearly steps: the first in the lever's first "
                      "year, the last in the year given. Regions above the mean keep their rate. A region "
                      "without a rate is left alone. Check: rates 0.06 and 0.10 on equal bases, four steps: "
                      "revenue factors of the first 1.0833, 1.1667, 1.25, 1.3333."),
            .equation = N_("R_r <- R_r tau_r(t) / tau_r,  tau_r(t) = tau_r + max(0, mean - tau_r) clamp((t - f + "
                           "1)/(by - f + 1), 0, 1)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE,
    .touches = PC_TOUCH(PC_FLOW_REVENUE),
    .order = PC_LEVER_FACTOR,
    .prepare = prepare,
    .apply = apply,
};
