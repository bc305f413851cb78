/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "rows.h"
#include "shortfall.h"

enum { TOLERANCE, SHARE };

static void settle(const pc_settle_call *call, double *need)
{
    double *part = call->scratch, *room = part + PC_LANES;

    if (!call->last_expenditure) { /* an account that is no region's has no budget */
        return;
    }
    pc_row_positive(room, call->expenditure, 1, call->last_expenditure,
                    call->growth * (1 + call->values[TOLERANCE].number), call->values[SHARE].number);
    pc_row_take(part, need, room);
    pc_post(call->ledger, call->accounts->providers, call->to, part);
}

static const pc_param params[] = {
    {"tolerance", PC_PARAM_NUMBER, "fraction", 0, 10, 0, NULL,
     N_("Part of the budget by which expenditure may exceed it and still be paid.")},
    {"share", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL, N_("Part of the excess that providers bear at most.")},
};

const pc_shortfall pc_provider_loss_rule = {
    .head =
        {
            .slot = "shortfall",
            .name = "provider_loss",
            .title = N_("Over budget, not paid"),
            .doc = N_("What was spent beyond the budget is left with the providers as far as the account is short. The "
                      "budget is last year's expenditure times the growth of the region's expenditure on the central "
                      "path of the policy. Check: last year 100, growth 1.1, tolerance 0.1: budget 121; E = 130, short "
                      "by 15: 9 is left with providers."),
            .equation = N_("left = min(need, share max(0, E - Ehat (1 + tolerance)))"),
            .source = N_("超支不补: hospitals bear what exceeds their global budget."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .settle = settle,
    .reads_last = 1,
};
