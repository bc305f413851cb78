/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "rows.h"
#include "shortfall.h"

static void settle(const pc_settle_call *call, double *need)
{
    double *part = call->scratch, *room = part + PC_LANES;

    pc_row_scale(room, call->expenditure, call->values[0].number);
    pc_row_take(part, need, room);
    pc_post(call->ledger, call->accounts->members, call->to, part);
}

static const pc_param params[] = {
    {"limit", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL,
     N_("Part of the account's expenditure of the year that may be left unpaid to members.")},
};

const pc_shortfall pc_cut_benefits_rule = {
    .head =
        {
            .slot = "shortfall",
            .name = "cut_benefits",
            .title = N_("Cut benefits"),
            .doc =
                N_("Benefits that the account cannot pay are not paid: the members bear them. Expenditure is counted "
                   "in full, what is left unpaid is booked as unmet. Check: short by 30 with E = 100, limit 20 %: 20 "
                   "unmet, 10 goes to the next rule."),
            .equation = N_("unmet = min(need, limit E)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .settle = settle,
};
