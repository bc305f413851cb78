/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

PC_KERNEL static void add(double *restrict revenue, const double *restrict members, double yuan, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        revenue[k] += members[k] * yuan;
    }
}

static void apply(const pc_lever_call *call)
{
    add(call->flows->revenue, call->flows->members, pc_value_at(&call->values[0], call->year),
        (size_t)call->env->n_regions * PC_LANES);
}

static const pc_param params[] = {
    {"yuan", PC_PARAM_SERIES, "yuan/person", 0, 1e6, 0, NULL,
     N_("Subsidy for each member and year, at current prices.")},
};

const pc_lever pc_subsidy_lever = {
    .head =
        {
            .slot = "lever",
            .name = "subsidy",
            .title = N_("Subsidy per head"),
            .doc = N_("A public subsidy for every member on top of the scenario's financing. It is revenue of "
                      "the fund, not a rescue: it does not count as treasury cost of shortfalls. Who pays is "
                      "for the policy's note. Check: 1000 members, 50 yuan: 50000 yuan."),
            .equation = N_("R <- R + members yuan(t)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_REVENUE),
    .order = PC_LEVER_ADDITION,
    .apply = apply,
};
