/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { FACTOR, ELASTICITY, BENEFIT_ELASTICITY, LEAVER_COST };

static void apply(const pc_lever_call *call)
{
    const pc_schemes *schemes = call->env->schemes;
    const double factor = pc_value_at(&call->values[FACTOR], call->year);
    const double elasticity = call->values[ELASTICITY].number, cost = call->values[LEAVER_COST].number;
    const double gap_elasticity = call->values[BENEFIT_ELASTICITY].number;
    const double path = pc_lever_financing_path(schemes, call->year);

    for (int r = 0; r < call->env->n_regions; r++) {
        const size_t at = (size_t)r * PC_LANES;
        const double most = schemes->enrolment[r] > 0 ? 1 / schemes->enrolment[r] : 1;
        const double start = schemes->financing_start[r];
        const double *own_cost = call->flows->expenditure + at, *common_cost = call->common->expenditure + at;
        double stay[PC_LANES], fixed, linked;

        pc_lever_financing(schemes, r, path, &fixed, &linked);
        for (int l = 0; l < PC_LANES; l++) {
            /* Revenue holds shocks and the uncertainty of base-year accounts, which are no financing per head: only
             * what levers have made of it counts. */
            const double before = call->common->revenue[at + l] * call->flows->members[at + l];
            const double after = call->flows->revenue[at + l] * call->common->members[at + l];
            double f = factor;
            if (elasticity != 0 && start > 0 && before > 0 && after > 0) {
                const double burden = (fixed / call->weather->income[at + l] + linked) / start; /* (F/y) / (F0/y0) */
                f *= burden > 0 ? pc_exp(-elasticity * pc_log(burden * after / before)) : 1;
            }
            if (gap_elasticity != 0 && common_cost[l] > 0 && own_cost[l] > 0) {
                const double level = own_cost[l] * call->common->members[at + l] /
                                     (common_cost[l] * call->flows->members[at + l]); /* benefits per head */
                f *= level > 0 ? pc_exp(gap_elasticity * pc_log(level)) : 1;
            }
            stay[l] = f < most ? f : most;
        }
        pc_lever_enrol(call, r, stay, cost);
    }
}

static const pc_param params[] = {
    {"factor", PC_PARAM_SERIES, "", 0, 2, 1, NULL, N_("Residents enrolled relative to the scenario's own.")},
    {"elasticity", PC_PARAM_NUMBER, "", -5, 5, 0, NULL,
     N_("By how many percent fewer enrol where financing over income is one percent above that of the base year.")},
    {"benefit_elasticity", PC_PARAM_NUMBER, "", -5, 5, 0, NULL,
     N_("By how many percent more enrol where the policy's benefits per head are one percent above the scenario's.")},
    {"leaver_cost", PC_PARAM_NUMBER, "", 0, 5, 1, NULL,
     N_("Cost of those who leave or come over the mean; below 1: the healthy leave first.")},
};

const pc_lever pc_enrolment_response_lever = {
    .head =
        {
            .slot = "lever",
            .name = "enrolment_response",
            .title = N_("Response of enrolment"),
            .doc = N_("Fewer or more residents enrol, by a series and by the weight of financing in disposable "
                      "income; never more than all who are not in the employee scheme. Financing of the year is "
                      "what the policy's levers written before this one make of it; shocks and the uncertainty of "
                      "base-year accounts are no financing. The people and the employee "
                      "scheme stay as they are: employees are enrolled by law, and what contributors and "
                      "retirees cost is not known apart once summed, so there is no such lever for them. Check: "
                      "factor 0.9, leaver cost 0.5: members and revenue times 0.9, expenditure times 0.95."),
            .equation = N_("f = min(1/c, factor(t) ((F/y)/(F0/y0))^-elasticity);  Res, R <- f Res, f R;  E <- E "
                           "max(0, 1 + (f - 1) leaver_cost)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH(PC_FLOW_EXPENDITURE) | PC_TOUCH(PC_FLOW_PAYROLL) |
               PC_TOUCH(PC_FLOW_BASE) | PC_TOUCH(PC_FLOW_MEMBERS) | PC_TOUCH(PC_FLOW_CONTRIBUTORS),
    .order = PC_LEVER_FACTOR,
    .apply = apply,
};
