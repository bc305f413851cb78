/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { RATE, PENSION_SHARE };

PC_KERNEL static void add_contributions(double *restrict revenue, const double *restrict retirees,
                                        const double *restrict wage, double rate, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        revenue[k] += retirees[k] * wage[k] * rate;
    }
}

static void apply(const pc_lever_call *call)
{
    double rate = pc_value_at(&call->values[RATE], call->year) * call->values[PENSION_SHARE].number;

    add_contributions(call->flows->revenue, call->flows->retirees, call->weather->wage, rate,
                      (size_t)call->env->n_regions * PC_LANES);
}

static const pc_param params[] = {
    {"rate", PC_PARAM_SERIES, "fraction", 0, 1, 0, NULL, N_("Contribution rate on pensions.")},
    {"pension_share", PC_PARAM_NUMBER, "fraction", 0, 2, 0.45, NULL,
     N_("Pension per retiree as a share of the region's wage.")},
};

const pc_lever pc_retiree_contribution_lever = {
    .head =
        {
            .slot = "lever",
            .name = "retiree_contribution",
            .title = N_("Contribution of retirees"),
            .doc = N_("Retirees of the employee scheme pay a part of their pension into the pooled fund. Check: "
                      "1000 retirees, wage 100000 yuan, share 0.45, rate 0.02: 900000 yuan."),
            .equation = N_("R <- R + Ret pension_share w rate(t)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE,
    .touches = PC_TOUCH(PC_FLOW_REVENUE),
    .order = PC_LEVER_ADDITION,
    .apply = apply,
};
