/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

static void apply(const pc_lever_call *call)
{
    int n = call->env->n_regions;
    double factor = pc_value_at(&call->values[0], call->year);

    pc_lever_scale(call->flows->revenue, n, &factor, 0);
    pc_lever_scale(call->flows->payroll, n, &factor, 0);
    pc_lever_scale(call->flows->base, n, &factor, 0);
    pc_lever_scale(call->inflow, n, &factor, 0);
}

static const pc_param params[] = {
    {"factor", PC_PARAM_SERIES, "", 0, 10, 1, NULL,
     N_("Contribution base over wage (b), relative to the region's own: what a floor, a cap or fuller reporting do to "
        "it.")},
};

const pc_lever pc_contribution_base_lever = {
    .head =
        {
            .slot = "lever",
            .name = "contribution_base",
            .title = N_("Contribution base"),
            .doc = N_("Multiplies the contribution base over wage b by a series. A floor and a cap act on the "
                      "distribution of wages inside a region, which the model does not know: what they do to "
                      "the mean base has to be given. Check: factor 1.05 on a base of 1000 and revenue of 60: "
                      "1050 and 63."),
            .equation = N_("b <- factor(t) b: R, payroll, base and inflow <- factor times"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE,
    .touches =
        PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH(PC_FLOW_PAYROLL) | PC_TOUCH(PC_FLOW_BASE) | PC_TOUCH(PC_FLOW_ACCOUNT),
    .order = PC_LEVER_FACTOR,
    .apply = apply,
};
