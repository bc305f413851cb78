/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { FROM_AGE, TO_AGE, OF, FACTOR, ELASTICITY };
enum { OF_ALL, OF_CONTRIBUTORS, OF_RETIREES };

static const char *check(const pc_value *values)
{
    return values[FROM_AGE].number > values[TO_AGE].number ? "from_age is above to_age" : NULL;
}

static void age_group(const pc_value *values, pc_age_group *ages)
{
    *ages = (pc_age_group){(int)values[FROM_AGE].number, (int)values[TO_AGE].number};
}

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    (void)env;
    (void)from;
    (void)arena;
    (void)table;
    if (scheme == PC_RESIDENT && values[OF].number != OF_ALL) {
        return pc_fail(status, PC_ERR_INPUT,
                       "lever age_benefit: found contributors or retirees for the resident scheme, allowed `of: all`");
    }
    return PC_OK;
}

PC_KERNEL static void add_share(double *restrict change, const double *restrict share, double rise)
{
    for (int l = 0; l < PC_LANES; l++) {
        change[l] += rise * share[l];
    }
}

/* E (1 + so far + change) / (1 + so far): groups of one year add up, as parts of the same sum. */
PC_KERNEL static void apply_change(double *restrict expenditure, double *restrict so_far, const double *restrict change)
{
    for (int l = 0; l < PC_LANES; l++) {
        double after = so_far[l] + change[l];
        double e = expenditure[l] * ((1 + after) / (1 + so_far[l]));
        expenditure[l] = 1 + so_far[l] > 0 ? e : 0.0;
        so_far[l] = after;
    }
}

static void apply(const pc_lever_call *call)
{
    const double rise =
        pc_lever_demand(pc_value_at(&call->values[FACTOR], call->year), call->values[ELASTICITY].number) - 1;
    const int of = (int)call->values[OF].number;
    pc_age_group ages;

    age_group(call->values, &ages);
    for (int r = 0; r < call->env->n_regions; r++) {
        double change[PC_LANES] = {0};
        for (int part = 0; part < pc_age_parts(call->scheme); part++) {
            if (of == OF_ALL || part == of - OF_CONTRIBUTORS + PC_PART_CONTRIBUTORS) {
                add_share(change, pc_lever_age_share(call, &ages, part, r), rise);
            }
        }
        apply_change(call->flows->expenditure + (size_t)r * PC_LANES, call->by_age + (size_t)r * PC_LANES, change);
    }
}

static const pc_param params[] = {
    {"from_age", PC_PARAM_INT, "years", 0, PC_AGES - 1, 0, NULL, N_("Youngest age it is for.")},
    {"to_age", PC_PARAM_INT, "years", 0, PC_AGES - 1, PC_AGES - 1, NULL, N_("Oldest age it is for; 100 is open.")},
    {"of", PC_PARAM_CHOICE, "", 0, 2, OF_ALL, "all|contributors|retirees",
     N_("Whose benefits in the employee scheme; residents: all.")},
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
