/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/math.h"
#include "lever.h"

PC_KERNEL void pc_lever_scale(double *rows, int n_regions, const double *factor, int step)
{
    for (int r = 0; r < n_regions; r++) {
        double *row = rows + (size_t)r * PC_LANES;
        double f = factor[r * step];
        for (int l = 0; l < PC_LANES; l++) {
            row[l] *= f;
        }
    }
}

static void apply(const pc_lever_call *call)
{
    double factor = pc_value_at(&call->values[0], call->year);

    pc_lever_scale(call->flows->expenditure, call->env->n_regions, &factor, 0);
}

static const pc_param params[] = {
    {"factor", PC_PARAM_SERIES, "", 0, 10, 1, NULL, "Benefit level relative to the scenario's own."},
};

const pc_lever pc_benefit_lever = {
    .head =
        {
            .slot = "lever",
            .name = "benefit",
            .title = "Benefit level",
            .doc = "Multiplies the scheme's expenditure by a series. No demand effect.",
            .equation = "E <- factor(t) E",
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE),
    .order = PC_LEVER_FACTOR,
    .apply = apply,
};
