/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

static void apply(const pc_lever_call *call)
{
    *call->major_share = pc_value_at(&call->values[0], call->year);
}

static const pc_param params[] = {
    {"share", PC_PARAM_SERIES, "fraction", 0, 1, 0, NULL,
     N_("Share of revenue handed to major-illness insurance, in place of the scenario's own.")},
};

const pc_lever pc_major_illness_lever = {
    .head =
        {
            .slot = "lever",
            .name = "major_illness",
            .title = N_("Transfer to major-illness insurance"),
            .doc = N_("Replaces the share of the scheme's revenue that is handed to major-illness insurance. The "
                      "revenue is the policy's own, after its other levers."),
            .equation = N_("X = credits + share(t) R"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_OTHER),
    .order = PC_LEVER_FACTOR,
    .apply = apply,
};
