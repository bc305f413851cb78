/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { FROM_AGE, TO_AGE, OF, FACTOR, ELASTICITY };

static const char *check(const pc_value *values)
{
    return pc_lever_ages_check(&values[FROM_AGE]);
}

static int age_group(const pc_value *values, pc_age_group *ages)
{
    return pc_lever_ages(&values[FROM_AGE], ages);
}

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    (void)env;
    (void)from;
    (void)arena;
    (void)table;
    return pc_lever_ages_prepare(scheme, &values[FROM_AGE], "age_benefit", status);
}

/* E (1 + so far + change) / (1 + so far): groups of one year add up, as parts of the same sum. */
PC_KERNEL static void apply_change(double *restrict expenditure, double *restrict so_far, const double *restrict part,
                                   double rise)
{
    for (int l = 0; l < PC_LANES; l++) {
        double after = so_far[l] + rise * part[l];
        double e = expenditure[l] * ((1 + after) / (1 + so_far[l]));
        expenditure[l] = 1 + so_far[l] > 0 ? e : 0.0;
        so_far[l] = after;
    }
}

static void apply(const pc_lever_call *call)
{
    const double factor = pc_value_at(&call->values[FACTOR], call->year);
    const double rise = pc_lever_demand(factor, call->values[ELASTICITY].number) - 1;
    double part[PC_LANES];

    for (int r = 0; r < call->env->n_regions; r++) {
        const size_t at = (size_t)r * PC_LANES;
        pc_lever_cost_part(call, &call->values[FROM_AGE], r, part);
        apply_change(call->flows->expenditure + at, call->by_age + at, part, rise);
    }
}

static const pc_param params[] = {
    PC_LEVER_AGE_PARAMS,
    {"factor", PC_PARAM_SERIES, "", 0, 10, 1, NULL,
     N_("Benefit level of these ages relative to the scenario's own: reimbursement rate over that of the scenario.")},
    {"elasticity", PC_PARAM_NUMBER, "", -1, 5, 0, NULL,
     N_("By how many percent use rises where the benefit level is one percent higher.")},
};

const pc_lever pc_age_benefit_lever = {
    .head =
        {
            .slot = "lever",
            .name = "age_benefit",
            .title = N_("Benefit level of an age group"),
            .doc =
                N_("Other benefits for single ages, such as children up to 6 or people from 80 on, or for contributors "
                   "or retirees: one entry a group, and as many as are wanted. s is the part of the region's expected "
                   "cost in the year that the group causes, by age, sex and membership on the path. Groups add up; "
                   "where two overlap, so do their changes. Check: a group with a quarter of the cost, factor 1.2: E "
                   "times 1.05; with a second one of a tenth and factor 0.5: E times 1."),
            .equation = N_("E <- E (1 + sum_g s_g (factor_g(t)^(1 + elasticity_g) - 1))"),
            .source =
                N_("Age-specific reimbursement, e.g. higher rates for children under 7 and people over 80 in local "
                   "benefit lists."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE) | PC_TOUCH_BY_AGE,
    .order = PC_LEVER_FACTOR,
    .check = check,
    .age_group = age_group,
    .prepare = prepare,
    .apply = apply,
};
