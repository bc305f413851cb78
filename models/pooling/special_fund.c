/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special adjustment fund: every account's own reserve for shocks (docs/model.md, Policies).
 *
 *   V_j <- V_j (1 + i);  set aside min(sigma R_j, max(0, cap/12 E_j - V_j), max(0, B_j))
 *   draw min(V_j, max(0, -B_j, on E_j (1 - 1/f_j))), f_j the shock factor of expenditure, on while f_j > 1 */
#include "base/i18n.h"
#include "base/math.h"
#include "../list.h"
#include "layer.h"
#include "rows.h"

enum { SET_ASIDE, CAP_MONTHS, SHOCK_ONLY };
enum { AMOUNT, EXCESS };

PC_KERNEL static void saved(double *restrict amount, const double *restrict revenue, double part,
                            const double *restrict expenditure, double cap_years, const double *restrict fund,
                            const double *restrict balance)
{
    for (int l = 0; l < PC_LANES; l++) {
        double a = part * revenue[l];
        double room = cap_years * expenditure[l] - fund[l];
        a = a < room ? a : room;
        a = a < balance[l] ? a : balance[l];
        amount[l] = a > 0 ? a : 0.0;
    }
}

static void set_aside(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT);

    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        int fund = call->fund + pc_unit_home(unit);
        saved(amount, unit->revenue, call->values[SET_ASIDE].number, unit->expenditure,
              call->values[CAP_MONTHS].number / 12, pc_ledger_balance(call->ledger, fund),
              pc_ledger_balance(call->ledger, unit->account));
        pc_post(call->ledger, unit->account, fund, amount);
    }
}

PC_KERNEL static void add_excess(double *restrict excess, const double *restrict expenditure,
                                 const double *restrict factor)
{
    for (int l = 0; l < PC_LANES; l++) {
        double more = expenditure[l] * (1 - 1 / factor[l]);
        excess[l] += factor[l] > 1 ? more : 0.0;
    }
}

PC_KERNEL static void drawn(double *restrict amount, const double *restrict fund, const double *restrict balance,
                            const double *restrict excess, double without_shock)
{
    for (int l = 0; l < PC_LANES; l++) {
        double hole = excess[l] > 0 ? -balance[l] : -balance[l] * without_shock;
        double a = hole > excess[l] ? hole : excess[l];
        a = a < fund[l] ? a : fund[l];
        amount[l] = a > 0 ? a : 0.0;
    }
}

static void draw(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *excess = pc_call_scratch(call, EXCESS);
    const double *factor = call->weather->shock_expenditure[call->scheme];

    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        int fund = call->fund + pc_unit_home(unit);
        pc_row_fill(excess, 0);
        for (int m = 0; factor && m < unit->n_members; m++) {
            size_t row = (size_t)unit->members[m] * PC_LANES;
            add_excess(excess, call->flows->expenditure + row, factor + row);
        }
        drawn(amount, pc_ledger_balance(call->ledger, fund), pc_ledger_balance(call->ledger, unit->account), excess,
              call->values[SHOCK_ONLY].number != 0 ? 0.0 : 1.0);
        pc_post(call->ledger, fund, unit->account, amount);
    }
}

static const pc_param params[] = {
    {"set_aside", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Part of its revenue that an account sets aside.")},
    {"cap_months", PC_PARAM_NUMBER, "months", 0, 60, 1, NULL,
     N_("Most that is set aside, in months of the account's expenditure.")},
    {"shock_only", PC_PARAM_BOOL, "", 0, 1, 0, NULL,
     N_("Whether the reserve stays closed while no shock raises expenditure; otherwise it also fills the account when "
        "it "
        "is overdrawn for other reasons.")},
};

const pc_layer pc_special_fund_layer = {
    .head =
        {
            .slot = "layer",
            .name = "special_fund",
            .title = N_("Special adjustment fund"),
            .doc =
                N_("Every account sets aside a part of its revenue, out of what it has, in a reserve of its own, and "
                   "draws on it in a year in which a shock raises expenditure or the account is overdrawn. A pool "
                   "has one reserve; at its start those of its members are added up. What is set aside counts as "
                   "paid, what is drawn as received. Check: V = 30, B = -10, E = 130 under a shock factor of 1.3: "
                   "30 is drawn; factor 1.04: 10."),
            .equation = N_("set aside min(sigma R, max(0, cap/12 E - V), max(0, B)); draw min(V, max(0, -B, on E (1 - "
                           "1/shock)))"),
            .source = N_("浙政办发〔2025〕38号: a special adjustment fund (特殊调剂金) kept for emergencies."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .takes_partition = 1,
    .funds = PC_FUNDS_REGION,
    .set_aside = set_aside,
    .draw = draw,
};
