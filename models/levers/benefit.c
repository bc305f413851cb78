/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

enum { FACTOR, ELASTICITY };

static void apply(const pc_lever_call *call)
{
    double factor = pc_lever_demand(pc_value_at(&call->values[FACTOR], call->year), call->values[ELASTICITY].number);

    pc_lever_scale(call->flows->expenditure, call->env->n_regions, &factor, 0);
}

static const pc_param params[] = {
    {"factor", PC_PARAM_SERIES, "", 0, 10, 1, NULL,
     N_("Benefit level relative to the scenario's own: reimbursement rate over that of the scenario.")},
    {"elasticity", PC_PARAM_NUMBER, "", -1, 5, 0, NULL,
     N_("By how many percent use rises where the benefit level is one percent higher.")},
};

const pc_lever pc_benefit_lever = {
    .head =
        {
            .slot = "lever",
            .name = "benefit",
            .title = N_("Benefit level"),
            .doc = N_("Multiplies the scheme's expenditure by a series, which may be read as reimbursement rate "
                      "over the scenario's own; with an elasticity use follows the benefit. Benefits of single "
                      "ages: see age_benefit. Check: factor 1.1, elasticity 0.5: E rises by 1.1^1.5 = 1.153690."),
            .equation = N_("E <- factor(t)^(1 + elasticity) E"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE),
    .order = PC_LEVER_FACTOR,
    .apply = apply,
};
