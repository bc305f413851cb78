/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/math.h"
#include "../list.h"
#include "shortfall.h"

enum { CAP, MAX, LIMIT_MONTHS };

static void settle(const pc_settle_call *call, double *need)
{
    pc_borrow(call, call->values[LIMIT_MONTHS].number, need);
}

PC_KERNEL static void next_rate(double *restrict a, const double *restrict balance, const double *restrict revenue,
                                const double *restrict expenditure, const double *restrict other,
                                const double *restrict base, double cap, double max)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = (expenditure[l] + other[l] - revenue[l]) / base[l];
        double step = base[l] > 0 ? q : 0.0;
        double next;
        step = step > cap ? cap : step < -cap ? -cap : step;
        next = a[l] + step;
        next = next > max ? max : next > 0 ? next : 0.0;
        a[l] = balance[l] < 0 || a[l] > 0 ? next : 0.0;
    }
}

static void raise(const pc_raise_call *call)
{
    next_rate(call->add_on, call->balance, call->revenue, call->expenditure, call->other, call->base,
              call->values[CAP].number, call->values[MAX].number);
}

static const pc_param params[] = {
    {"cap", PC_PARAM_NUMBER, "fraction", 0, 1, 0.005, NULL, N_("Most by which the rate changes from year to year.")},
    {"max", PC_PARAM_NUMBER, "fraction", 0, 1, 0.02, NULL, N_("Most that is added to the rate in all.")},
    {"limit_months", PC_PARAM_NUMBER, "months", 0, 1e6, 1e6, NULL,
     N_("Debt up to which the account is overdrawn meanwhile, in months of its year's expenditure.")},
};

const pc_shortfall pc_raise_rate_rule = {
    .head =
        {
            .slot = "shortfall",
            .name = "raise_rate",
            .title = N_("Raise the rate"),
            .doc =
                N_("While an account is overdrawn after layers and aid, or pays an addition already, the addition to "
                   "next year's rate moves by what would balance the year, in steps of at most cap; it is collected "
                   "on the contribution base that goes into the pooled fund (residents: disposable income), and the "
                   "account borrows meanwhile. All regions of a pool pay by the pool's figures. The central growth "
                   "of budgets leaves it out. Check: base 1000, R = 100, E + X = 112, cap 0.01: 0.01 after one year; "
                   "then R = 110: 0.012."),
            .equation = N_("a' = clip(a + clip((E + X - R) / base, -cap, cap), 0, max) if B < 0 or a > 0"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .settle = settle,
    .raise = raise,
};
