/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unified pooling: one account for the group (docs/model.md, Policies).
 *
 *   joining  merge max(0, S_j) moves in on 1 January; the rest, and debts unless merge_debts, stay with the member
 *   gap      G = max(0, -B): upper levels pay `share` each; a member owes (1 - sum share) G w_j,
 *            w_j = max(0, E_j - R_j) / sum, or E_j / sum E if all are 0; it pays from what it kept, then by its
 *            shortfall rules
 *   leaving  the balance is split by last year's E_j (pooling/phases.c) */
#include "base/i18n.h"
#include "base/math.h"
#include "../list.h"
#include "layer.h"
#include "rows.h"

enum { MERGE, MERGE_DEBTS, SHARE_PROVINCE, SHARE_COUNTY };
enum { AMOUNT, GAP, NEED_TOTAL, COST_TOTAL, OWED };

PC_KERNEL static void merged(double *restrict amount, const double *restrict balance, double surplus, double debt)
{
    for (int l = 0; l < PC_LANES; l++) {
        double s = balance[l];
        amount[l] = s > 0 ? surplus * s : debt * s;
    }
}

static void join(const pc_layer_call *call, int region)
{
    int account = call->pooling->accounts[call->scheme].region + region;
    double *amount = pc_call_scratch(call, AMOUNT);

    merged(amount, pc_ledger_balance(call->ledger, account), call->values[MERGE].number,
           call->values[MERGE_DEBTS].number != 0 ? 1.0 : 0.0);
    pc_post(call->ledger, account, call->fund, amount);
}

PC_KERNEL static void gap_of(double *restrict gap, const double *restrict balance)
{
    for (int l = 0; l < PC_LANES; l++) {
        gap[l] = balance[l] < 0 ? -balance[l] : 0.0;
    }
}

PC_KERNEL static void add_local_gap(double *restrict total, const double *restrict expenditure,
                                    const double *restrict revenue)
{
    for (int l = 0; l < PC_LANES; l++) {
        double n = expenditure[l] - revenue[l];
        total[l] += n > 0 ? n : 0.0;
    }
}

/* owed = part G w, kept = what the member pays of it from its own account; owed -= kept; depleted as docs/model.md,
 * Measures. */
PC_KERNEL static void owe(double *restrict owed, double *restrict kept, double *restrict depleted,
                          const double *restrict gap, double part, const double *restrict expenditure,
                          const double *restrict revenue, const double *restrict need_total,
                          const double *restrict cost_total, const double *restrict pool_cost,
                          const double *restrict own, double upper, double each)
{
    for (int l = 0; l < PC_LANES; l++) {
        double need = expenditure[l] - revenue[l];
        double by_need = (need > 0 ? need : 0.0) / need_total[l];
        double by_cost = expenditure[l] / cost_total[l];
        double w = need_total[l] > 0 ? by_need : cost_total[l] > 0 ? by_cost : each;
        double o = part * gap[l] * w;
        double have = own[l] > 0 ? own[l] : 0.0;
        double k = o < have ? o : have;
        double cannot = o > have + 1e-9 * expenditure[l] ? 1.0 : upper;
        depleted[l] = gap[l] > 1e-9 * pool_cost[l] ? cannot : 0.0;
        kept[l] = k;
        owed[l] = o - k;
    }
}

static void gap_sharing(const pc_layer_call *call)
{
    const pc_accounts *accounts = &call->pooling->accounts[call->scheme];
    double *amount = pc_call_scratch(call, AMOUNT), *gap = pc_call_scratch(call, GAP);
    double *need_total = pc_call_scratch(call, NEED_TOTAL), *cost_total = pc_call_scratch(call, COST_TOTAL);
    double *owed = pc_call_scratch(call, OWED);
    double province = call->values[SHARE_PROVINCE].number, county = call->values[SHARE_COUNTY].number;
    const double *revenue = call->flows->revenue, *expenditure = call->flows->expenditure;

    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        if (unit->account != call->fund) {
            continue;
        }
        gap_of(gap, pc_ledger_balance(call->ledger, unit->account));
        pc_row_fill(need_total, 0);
        pc_row_gather(cost_total, expenditure, unit->members, unit->n_members);
        for (int m = 0; m < unit->n_members; m++) {
            size_t row = (size_t)unit->members[m] * PC_LANES;
            add_local_gap(need_total, expenditure + row, revenue + row);
        }
        if (province > 0) {
            pc_row_scale(amount, gap, province);
            pc_post(call->ledger, accounts->treasury + PC_PAYER_PROVINCE, unit->account, amount);
        }
        if (county > 0) {
            pc_row_scale(amount, gap, county);
            pc_post(call->ledger, accounts->treasury + PC_PAYER_COUNTY, unit->account, amount);
        }
        for (int m = 0; m < unit->n_members; m++) {
            int region = unit->members[m], own = accounts->region + region;
            size_t row = (size_t)region * PC_LANES;
            owe(owed, amount, call->depleted + row, gap, 1 - province - county, expenditure + row, revenue + row,
                need_total, cost_total, unit->expenditure, pc_ledger_balance(call->ledger, own),
                province + county > 0 ? 1.0 : 0.0, 1.0 / unit->n_members);
            pc_post(call->ledger, own, unit->account, amount);
            pc_layer_settle(call, own, unit->account, expenditure + row, owed);
        }
    }
}

static const char *check(const pc_value *values)
{
    return values[SHARE_PROVINCE].number + values[SHARE_COUNTY].number > 1
               ? N_("share_province and share_county add up to more than 1")
               : NULL;
}

static const pc_param params[] = {
    {"merge", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL,
     N_("Part of a member's accumulated surplus that moves into the pool when it starts.")},
    {"merge_debts", PC_PARAM_BOOL, "", 0, 1, 0, NULL, N_("Whether members' debts move into the pool too.")},
    {"share_province", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Part of a gap that the province's treasury pays.")},
    {"share_county", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Part of a gap that county treasuries pay.")},
};

const pc_layer pc_unified_layer = {
    .head =
        {
            .slot = "layer",
            .name = "unified",
            .title = N_("Unified collection and payment"),
            .doc = N_("All revenue goes into one account, which pays all claims. What members kept stays in "
                      "their own accounts, earns the return on balances (overdrawn: plus the spread) and pays "
                      "their part of a gap first. Where unified layers are nested a region belongs to the finest "
                      "that contains it. A region that leaves takes a share of the balance by last year's "
                      "expenditure."),
            .equation = N_("owed_j = (1 - sum share) max(0, -B) max(0, E_j - R_j) / sum max(0, E - R)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .takes_partition = 1,
    .absorbs = 1,
    .funds = PC_FUNDS_GROUP,
    .check = check,
    .join = join,
    .gap = gap_sharing,
};
