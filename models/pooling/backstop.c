/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/math.h"
#include "../list.h"
#include "shortfall.h"

enum { PAYER, LIMIT_MONTHS };

PC_KERNEL static void backstop_part(double *restrict need, double *restrict part, const double *restrict expenditure,
                                    double limit_years)
{
    for (int l = 0; l < PC_LANES; l++) {
        double room = limit_years * expenditure[l];
        double p = need[l] < room ? need[l] : room;
        p = p > 0 ? p : 0.0;
        part[l] = p;
        need[l] -= p;
    }
}

static void settle(const pc_settle_call *call, double *need)
{
    int payer = (int)call->values[PAYER].number;

    backstop_part(need, call->scratch, call->expenditure, call->values[LIMIT_MONTHS].number / 12);
    pc_post(call->ledger, call->accounts->treasury + payer, call->to, call->scratch);
}

static const pc_param params[] = {
    {"payer", PC_PARAM_CHOICE, "", 0, 0, PC_PAYER_CITY, PC_PAYER_CHOICES, N_("Which treasury pays.")},
    {"limit_months", PC_PARAM_NUMBER, "months", 0, 1e6, 1e6, NULL,
     N_("Most the treasury pays in one year, in months of the account's expenditure in that year.")},
};

const pc_shortfall pc_backstop_rule = {
    .head =
        {
            .slot = "shortfall",
            .name = "backstop",
            .title = N_("Treasury backstop"),
            .doc = N_("A treasury fills the account up to zero at 31 December. For a pool's member it pays the "
                      "member's part of the gap into the pool; the member's older debts are left alone."),
            .equation = N_("settled = min(need, limit/12 E)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .settle = settle,
};
