/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/math.h"
#include "../list.h"
#include "shortfall.h"

/* part = min(need, room), need -= part; room = limit E less the debt the borrower has already. */
PC_KERNEL static void borrow_part(double *restrict need, double *restrict part, const double *restrict expenditure,
                                  const double *restrict borrower, double limit_years)
{
    for (int l = 0; l < PC_LANES; l++) {
        double room = limit_years * expenditure[l] + (borrower[l] < 0 ? borrower[l] : 0.0);
        double p = need[l] < room ? need[l] : room;
        p = p > 0 ? p : 0.0;
        part[l] = p;
        need[l] -= p;
    }
}

/* The short account is the borrower: its need is its debt. */
PC_KERNEL static void borrow_own(double *restrict need, const double *restrict expenditure, double limit_years)
{
    for (int l = 0; l < PC_LANES; l++) {
        double room = limit_years * expenditure[l];
        double p = need[l] < room ? need[l] : room;
        need[l] -= p > 0 ? p : 0.0;
    }
}

void pc_borrow(const pc_settle_call *call, double limit_months, double *need)
{
    if (call->from == call->to) {
        borrow_own(need, call->expenditure, limit_months / 12);
    } else {
        double *part = call->scratch;
        borrow_part(need, part, call->expenditure, pc_ledger_balance(call->ledger, call->from), limit_months / 12);
        pc_post(call->ledger, call->from, call->to, part);
    }
}

static void settle(const pc_settle_call *call, double *need)
{
    pc_borrow(call, call->values[0].number, need);
}

static const pc_param params[] = {
    {"limit_months", PC_PARAM_NUMBER, "months", 0, 1e6, 1e6, NULL,
     N_("Debt up to which this rule lets the account be overdrawn, in months of its year's expenditure.")},
};

const pc_shortfall pc_borrow_rule = {
    .head =
        {
            .slot = "shortfall",
            .name = "borrow",
            .title = N_("Borrowing"),
            .doc = N_("The account is overdrawn; the overdraft bears the return on balances plus the spread. A "
                      "pool's member pays its part of the gap by overdrawing its own account. The limit bounds "
                      "the debt outstanding, not a year's borrowing; what lies beyond it goes to the next rule, "
                      "and what no rule takes is borrowed all the same."),
            .equation = N_("settled = min(need, max(0, limit/12 E - debt))"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .settle = settle,
};
