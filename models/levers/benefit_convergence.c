/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

enum { EMPLOYEE_LEVEL, RESIDENT_LEVEL, GAP, BY, ELASTICITY, SHARE };

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    double start = values[RESIDENT_LEVEL].number, aim = values[EMPLOYEE_LEVEL].number - values[GAP].number;
    double steps = values[BY].number - env->base_year - from + 1;
    double *factor = pc_arena_calloc(arena, (size_t)env->n_years + 1, sizeof *factor);

    (void)scheme;
    if (!factor) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    aim = aim > start ? aim : start;
    for (int year = 0; year <= env->n_years; year++) {
        double level = start + (aim - start) * pc_lever_way(year, from, steps);
        factor[year] = 1 + values[SHARE].number * (pc_lever_demand(level / start, values[ELASTICITY].number) - 1);
    }
    *table = factor;
    return PC_OK;
}

static void apply(const pc_lever_call *call)
{
    pc_lever_scale(call->flows->expenditure, call->env->n_regions, (const double *)call->table + call->year, 0);
}

static const pc_param params[] = {
    {"employee_level", PC_PARAM_NUMBER, "fraction", 0.01, 1, 0.85, NULL,
     N_("Reimbursement rate of the employee scheme.")},
    {"resident_level", PC_PARAM_NUMBER, "fraction", 0.01, 1, 0.7, NULL,
     N_("Reimbursement rate of the resident scheme in the base year.")},
    {"gap", PC_PARAM_NUMBER, "fraction", 0, 1, 0.2, NULL, N_("Largest gap between the two from the year given on.")},
    {"by", PC_PARAM_INT, "year", 1950, 2300, 2029, NULL, N_("Year in which the gap is reached.")},
    {"elasticity", PC_PARAM_NUMBER, "", -1, 5, 0, NULL,
     N_("By how many percent use rises where the benefit level is one percent higher.")},
    {"share", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL,
     N_("Share of expenditure that the levels are those of, e.g. that of primary care.")},
};

const pc_lever pc_benefit_convergence_lever = {
    .head =
        {
            .slot = "lever",
            .name = "benefit_convergence",
            .title = N_("Convergence of the schemes' benefits"),
            .doc = N_("The resident scheme's reimbursement rate rises toward the employee scheme's in equal "
                      "yearly steps until the gap is small enough: the first step in the lever's first year f, "
                      "the last in the year given. A gap that is small enough already changes nothing. Check: "
                      "levels 0.85 and 0.50, gap 0.2, four steps: factors 1.075, 1.15, 1.225, 1.3."),
            .equation =
                N_("E <- E (1 + share ((r(t)/r0)^(1 + elasticity) - 1)),  r(t) = r0 + (max(r0, employee_level - "
                   "gap) - r0) "
                   "clamp((t - f + 1)/(by - f + 1), 0, 1),  r0 = resident_level"),
            .source = N_("The aim of a bounded gap is that of 浙政办发〔2025〕38号."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE),
    .order = PC_LEVER_FACTOR,
    .prepare = prepare,
    .apply = apply,
};
