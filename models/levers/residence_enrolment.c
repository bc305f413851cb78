/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { LEVEL, SHARE, YEARS, MOVER_COST };

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    double *way = pc_arena_calloc(arena, (size_t)env->n_years + 1, sizeof *way);

    (void)scheme;
    if (!way) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int year = 0; year <= env->n_years; year++) {
        way[year] = values[SHARE].number * pc_lever_way(year, from, values[YEARS].number);
    }
    *table = way;
    return PC_OK;
}

/* everybody += members / c: who is in no employee scheme */
PC_KERNEL static void add_everybody(double *restrict everybody, double *restrict members, const double *restrict common,
                                    double enrolment)
{
    for (int l = 0; l < PC_LANES; l++) {
        everybody[l] += common[l] / enrolment;
        members[l] += common[l];
    }
}

PC_KERNEL static void factor_of(double *restrict factor, const double *restrict level, double enrolment, double way)
{
    for (int l = 0; l < PC_LANES; l++) {
        factor[l] = 1 + way * (level[l] / enrolment - 1);
    }
}

static void apply(const pc_lever_call *call)
{
    const double *enrolment = call->env->schemes->enrolment, *way = call->table;
    const double given = pc_value_at(&call->values[LEVEL], call->year);
    double everybody[PC_LANES] = {0}, members[PC_LANES] = {0}, level[PC_LANES], factor[PC_LANES];

    for (int r = 0; r < call->env->n_regions; r++) {
        if (enrolment[r] > 0) {
            add_everybody(everybody, members, call->common->members + (size_t)r * PC_LANES, enrolment[r]);
        }
    }
    for (int l = 0; l < PC_LANES; l++) {
        double mean = everybody[l] > 0 ? members[l] / everybody[l] : 0;
        level[l] = given > 0 ? given : mean < 1 ? mean : 1;
    }
    for (int r = 0; r < call->env->n_regions; r++) {
        if (enrolment[r] > 0) {
            factor_of(factor, level, enrolment[r], way[call->year]);
            pc_lever_enrol(call, r, factor, call->values[MOVER_COST].number);
        }
    }
}

static const pc_param params[] = {
    {"level", PC_PARAM_SERIES, "fraction", 0, 1, 0, NULL,
     N_("Share of those in no employee scheme who are then members where they live; 0: as many in all as before.")},
    {"share", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL, N_("How much of the way is gone in the end.")},
    {"years", PC_PARAM_NUMBER, "years", 0, 100, 1, NULL, N_("Years until then, in equal steps.")},
    {"mover_cost", PC_PARAM_NUMBER, "", 0, 5, 1, NULL,
     N_("Cost of those who come or leave over the mean of the fund; below 1: the young and healthy move.")},
};

const pc_lever pc_residence_enrolment_lever = {
    .head =
        {
            .slot = "lever",
            .name = "residence_enrolment",
            .title = N_("Enrolment where people live"),
            .doc =
                N_("Residents enrol where they live instead of where they are registered: every region's share of "
                   "members among those in no employee scheme goes to one level, by default the mean of all regions, "
                   "so that the same number are members in all (at most everybody). Where migrants live, members "
                   "are gained, where they are registered, lost; who is a member changes, the people stay the same. "
                   "Financing and cost per head are the region's. Regions without residents are left out. Check: "
                   "two regions of 1000 people each, 900 and 500 members: 700 and 700, factors 7/9 and 1.4; halfway "
                   "800 and 600."),
            .equation =
                N_("f_r = 1 + share way(t) (level / c_r - 1), level = sum Res / sum (Res / c);  Res, R <- f Res, f "
                   "R;  E <- E max(0, 1 + (f - 1) mover_cost)"),
            .source = N_("Opening of enrolment at the place of residence, State Council General Office 2024 "
                         "(国办发〔2024〕38号)."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH(PC_FLOW_EXPENDITURE) | PC_TOUCH(PC_FLOW_PAYROLL) |
               PC_TOUCH(PC_FLOW_BASE) | PC_TOUCH(PC_FLOW_MEMBERS) | PC_TOUCH(PC_FLOW_CONTRIBUTORS),
    .order = PC_LEVER_FACTOR,
    .prepare = prepare,
    .apply = apply,
};
