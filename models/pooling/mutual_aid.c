/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mutual aid of the two schemes inside a region or pool (docs/model.md, Policies). An entry in a scheme's stack lets
 * that scheme (y) borrow from the other (z); in both stacks they lend to each other. All repayments come before all
 * loans, the employee scheme's first.
 *
 *   debt <- debt (1 + i);  repaid = min(debt, max(0, B_y - keep/12 E_y))
 *   lent = min(max(0, -B_y), max(0, B_z - keep/12 E_z)) */
#include "base/i18n.h"
#include "base/math.h"
#include "../list.h"
#include "layer.h"
#include "rows.h"

enum { KEEP_MONTHS, REPAY };
enum { AMOUNT, WANTED, SPARE };

static double *debt_of(const pc_layer_call *call, const pc_unit *unit)
{
    return call->memo + (size_t)pc_unit_home(unit) * PC_LANES;
}

PC_KERNEL static void pay_back(double *restrict amount, double *restrict debt, const double *restrict interest,
                               const double *restrict spare)
{
    for (int l = 0; l < PC_LANES; l++) {
        double d = debt[l] * (1 + interest[l]);
        double a = d < spare[l] ? d : spare[l];
        amount[l] = a;
        debt[l] = d - a;
    }
}

static void repay(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *spare = pc_call_scratch(call, SPARE);

    for (int k = 0; k < call->n_units && call->values[REPAY].number != 0; k++) {
        const pc_unit *unit = pc_call_unit(call, k), *lender = &call->across[call->across_of[pc_unit_home(unit)]];
        pc_row_positive(spare, pc_ledger_balance(call->ledger, unit->account), 1, unit->expenditure,
                        call->values[KEEP_MONTHS].number / 12, 1);
        pay_back(amount, debt_of(call, unit), call->weather->interest, spare);
        pc_post_across(call, 1 - call->scheme, unit->account, lender->account, amount);
    }
}

static void aid(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *wanted = pc_call_scratch(call, WANTED);
    double *spare = pc_call_scratch(call, SPARE);

    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k), *lender = &call->across[call->across_of[pc_unit_home(unit)]];
        const double *balance = pc_ledger_balance(call->ledger, unit->account);
        pc_row_positive(wanted, balance, -1, balance, 0, 1);
        pc_row_positive(spare, pc_ledger_balance(call->ledger, lender->account), 1, lender->expenditure,
                        call->values[KEEP_MONTHS].number / 12, 1);
        pc_row_take(amount, wanted, spare);
        pc_post_across(call, call->scheme, lender->account, unit->account, amount);
        if (call->values[REPAY].number != 0) {
            pc_row_add(debt_of(call, unit), amount);
        }
    }
}

static const pc_param params[] = {
    {"keep_months", PC_PARAM_NUMBER, "months", 0, 60, 6, NULL,
     N_("Months of its own expenditure below which neither the lender lends nor the borrower repays.")},
    {"repay", PC_PARAM_BOOL, "", 0, 1, 1, NULL,
     N_("Whether what is lent must be paid back, with the return on balances.")},
};

const pc_layer pc_mutual_aid_layer = {
    .head =
        {
            .slot = "layer",
            .name = "mutual_aid",
            .title = N_("Mutual aid of employees and residents"),
            .doc = N_("The scheme in whose stack it is written may borrow from the other scheme's account of the same "
                      "region or pool when it is overdrawn after all payments; written in both, they lend to each "
                      "other. A debt is noted and bears the return on balances; it is paid back, before any new loan, "
                      "out of what exceeds the months to keep. It is forgotten when the layer ends. Both schemes must "
                      "be pooled alike. Check: B_y = -30, B_z = 100, E_z = 120, keep 8 months: 20 is lent."),
            .equation =
                N_("repaid = min(debt (1 + i), max(0, B_y - keep/12 E_y)); lent = min(max(0, -B_y), max(0, B_z - "
                   "keep/12 E_z))"),
            .source = N_("The first step, aid inside a city, of Yao, Zhang and Liu (2026)."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .takes_partition = 1,
    .funds = PC_FUNDS_NONE,
    .memo_rows = 1,
    .memo_by_region = 1,
    .crosses = 1,
    .repay = repay,
    .aid = aid,
};
