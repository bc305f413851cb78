/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

static void apply(const pc_lever_call *call)
{
    double factor = pc_value_at(&call->values[0], call->year);

    pc_lever_scale(call->flows->revenue, call->env->n_regions, &factor, 0);
    pc_lever_scale(call->inflow, call->env->n_regions, &factor, 0);
}

static const pc_param params[] = {
    {"factor", PC_PARAM_SERIES, "", 0, 10, 1, NULL, N_("Contribution rate relative to the region's own.")},
};

const pc_lever pc_rate_lever = {
    .head =
        {
            .slot = "lever",
            .name = "rate",
            .title = N_("Contribution rate"),
            .doc = N_("Multiplies every region's contribution rate tau, employer and employee together, by a "
                      "series: revenue of the pooled fund and what is paid into individual accounts follow. "
                      "Payroll does not react. Check: factor 1.1 on revenue 200: 220."),
            .equation = N_("tau <- factor(t) tau: R <- factor R, inflow <- factor inflow"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE,
    .touches = PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH(PC_FLOW_ACCOUNT),
    .order = PC_LEVER_FACTOR,
    .apply = apply,
};
