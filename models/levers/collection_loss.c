/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { THETA, SD_LOG, DEPTH };

static void apply(const pc_lever_call *call)
{
    double s = call->values[SD_LOG].number, mean = call->values[THETA].number;
    double depth = pc_value_at(&call->values[DEPTH], call->year);
    double median = mean * pc_exp(-0.5 * s * s);
    double kept[PC_LANES];

    for (int l = 0; l < PC_LANES; l++) {
        double theta = call->eps ? median * pc_exp(s * call->eps[l]) : median;
        kept[l] = theta * depth < 1 ? 1 - theta * depth : 0;
    }
    pc_lever_scale_lanes(call->flows->revenue, call->env->n_regions, kept, NULL);
}

static const pc_param params[] = {
    {"theta", PC_PARAM_NUMBER, "fraction", 0, 1, 0.1, NULL,
     N_("Share of revenue lost at full pooling; its mean where it is uncertain.")},
    {"sd_log", PC_PARAM_NUMBER, "", 0, 3, 0, NULL,
     N_("Standard deviation of the logarithm of theta, drawn once a path; 0: theta is known.")},
    {"depth", PC_PARAM_SERIES, "fraction", 0, 1, 1, NULL, N_("How deep pooling is in this phase: 0 none, 1 one fund.")},
};

const pc_lever pc_collection_loss_lever = {
    .head =
        {
            .slot = "lever",
            .name = "collection_loss",
            .title = N_("Loss of collection effort"),
            .doc = N_("Where revenue is shared, those who collect it have less reason to. A share theta D of "
                      "revenue is not collected, D the depth of pooling; payroll and individual accounts stay. "
                      "An uncertain theta is log-normal with the mean given, one number a path for all policies "
                      "and schemes; the central path has its median, theta exp(-sd_log^2/2). Check: theta 0.1, "
                      "depth 0.5, revenue 100: 95."),
            .equation = N_("R <- R max(0, 1 - theta D),  theta = mean exp(sd_log eps - sd_log^2/2)"),
            .source = N_("Estimates of the fall of revenue per head after provincial pooling: Wang and "
                         "Yao, Insurance Studies 2023(11)."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_REVENUE),
    .order = PC_LEVER_FACTOR,
    .uncertain = "theta",
    .apply = apply,
};
