/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

/* A factor that would take the share above 1 takes it to 1. Regions without individual accounts are left alone. */
static void apply(const pc_lever_call *call)
{
    double factor = pc_value_at(&call->values[0], call->year);

    for (int r = 0; r < call->env->n_regions; r++) {
        double old = call->env->schemes->pooled_share[r], now = factor * old < 1 ? factor * old : 1;
        if (old > 0 && old < 1) {
            double fund = now / old, account = (1 - now) / (1 - old);
            size_t at = (size_t)r * PC_LANES;
            pc_lever_scale(call->flows->revenue + at, 1, &fund, 0);
            pc_lever_scale(call->flows->base + at, 1, &fund, 0);
            pc_lever_scale(call->inflow + at, 1, &account, 0);
        }
    }
}

static const pc_param params[] = {
    {"factor", PC_PARAM_SERIES, "", 0, 10, 1, NULL, N_("Share to the pooled fund relative to the region's own.")},
};

const pc_lever pc_pooled_share_lever = {
    .head =
        {
            .slot = "lever",
            .name = "pooled_share",
            .title = N_("Share to the pooled fund"),
            .doc = N_("Reform of individual accounts: changes the share phi of contributions that goes to the "
                      "pooled fund; the rest goes to the accounts, which lose what the fund gains. The share "
                      "stays at 1 or below; a region without individual accounts (phi = 1) is left alone. Money "
                      "moves between fund and accounts, contributions do not change. Check: phi 0.6, factor "
                      "1.25: phi 0.75, revenue times 1.25, inflow times 0.625."),
            .equation = N_("phi' = min(1, factor(t) phi): R <- R phi'/phi, base <- base phi'/phi, inflow <- inflow "
                           "(1 - phi')/(1 - phi)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE,
    .touches = PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH(PC_FLOW_BASE) | PC_TOUCH(PC_FLOW_ACCOUNT),
    .order = PC_LEVER_FACTOR,
    .apply = apply,
};
