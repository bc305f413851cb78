/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reserve fund: deposits until a target is reached, drawn only to fill overdrawn accounts (docs/model.md, Policies).
 *
 *   V <- V (1 + i),  room = max(0, T/12 sum E - V)
 *   deposit_j = delta R_j min(1, room / (delta sum R)),  V <- V + sum deposit
 *   draw_j = d_j min(1, V / sum d),  d_j = max(0, -B_j) */
#include "../list.h"
#include "base/i18n.h"
#include "layer.h"
#include "rows.h"

enum { DEPOSIT, TARGET_MONTHS };
enum { AMOUNT, TOTAL, HAVE, NEED };

static void levy(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *total = pc_call_scratch(call, TOTAL);
    double *room = pc_call_scratch(call, HAVE), *need = pc_call_scratch(call, NEED);
    double part = call->values[DEPOSIT].number;

    pc_row_fill(total, 0);
    for (int k = 0; k < call->n_units; k++) {
        pc_row_add(total, pc_call_unit(call, k)->expenditure);
    }
    pc_row_positive(room, total, call->values[TARGET_MONTHS].number / 12, pc_ledger_balance(call->ledger, call->fund),
                    1, 1);
    pc_row_fill(amount, 0);
    for (int k = 0; k < call->n_units; k++) {
        pc_row_add(amount, pc_call_unit(call, k)->revenue);
    }
    pc_row_scale(total, amount, part);
    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        pc_row_scale(need, unit->revenue, part);
        pc_row_ration(amount, need, room, total, need);
        pc_post(call->ledger, unit->account, call->fund, amount);
    }
}

static void pay(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *total = pc_call_scratch(call, TOTAL);
    double *have = pc_call_scratch(call, HAVE);
    const double *fund = pc_ledger_balance(call->ledger, call->fund);

    pc_row_copy(have, fund);
    pc_row_fill(total, 0);
    for (int k = 0; k < call->n_units; k++) {
        const double *balance = pc_ledger_balance(call->ledger, pc_call_unit(call, k)->account);
        double *need = pc_call_scratch(call, NEED + k);
        pc_row_positive(need, balance, -1, balance, 0, 1);
        pc_row_add(total, need);
    }
    for (int k = 0; k < call->n_units; k++) {
        pc_row_ration(amount, pc_call_scratch(call, NEED + k), have, total, fund);
        pc_post(call->ledger, call->fund, pc_call_unit(call, k)->account, amount);
    }
}

static const pc_param params[] = {
    {"deposit", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Part of its revenue that every account deposits while the fund is below its target.")},
    {"target_months", PC_PARAM_NUMBER, "months", 0, 60, 6, NULL,
     N_("Target of the fund, in months of the group's expenditure.")},
};

const pc_layer pc_reserve_fund_layer = {
    .head =
        {
            .slot = "layer",
            .name = "reserve_fund",
            .title = N_("Reserve fund"),
            .doc = N_("Every account of a group deposits a part of its revenue until the fund holds so many months of "
                      "the group's expenditure; in the last year of filling all deposits shrink alike. The fund fills "
                      "overdrawn accounts, each in the same proportion, and earns the return on balances. Check: "
                      "deposit 0.1, target 3 months, revenues 100 and 50, expenditures 24 and 16, nothing held: room "
                      "10, deposits 20/3 and 10/3."),
            .equation =
                N_("deposit_j = delta R_j min(1, max(0, T/12 sum E - V) / (delta sum R)); draw_j = d_j min(1, V "
                   "/ sum d)"),
            .source = N_("The provincial risk reserve (风险准备金) of pooled social insurance."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .takes_partition = 1,
    .funds = PC_FUNDS_GROUP,
    .levy = levy,
    .pay = pay,
};
