/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adjustment fund: a levy on every account of the group, paid back by need (docs/model.md, Policies).
 *
 *   levy_j = levy base_j,  V <- V (1 + i) + sum levy_j,  M = (1 - retained) sum levy_j
 *   need   ex_ante    n_j = max(0, Ehat_j(t) - Rhat_j(t))
 *          ex_post    n_j = max(0, T/12 E_j - B_j)
 *          projected  n_j = max(0, T/12 Ehat_j(t+1) - B_j)
 *   paid   cover n_j min(1, M / sum cover n),  then from the reserve  d_j min(1, reserve_use V / sum d), d_j = max(0,
 * -B_j)
 *
 * An account that misses a condition (collection, budget) receives nothing, neither by need nor as a reward. A reward
 * for spending less than the budget, s_j min(1, reward M / sum s), s_j = max(0, Ehat_j - E_j), comes off M first.
 *
 * Ehat_j(t) = E_j(t-1) times the growth of the account's expenditure on the central path of this policy (sum over its
 * members), and the same for R; growth is 1 where the central path was zero and after the horizon. Hats hold no X. */
#include "base/i18n.h"
#include "base/math.h"
#include "../list.h"
#include "layer.h"
#include "rows.h"

enum {
    LEVY,
    BASE,
    ALLOCATION,
    RETAINED,
    COVER,
    RESERVE_USE,
    TARGET_MONTHS,
    COLLECTION_FLOOR,
    BUDGET_TOLERANCE,
    REWARD
};
enum { BASE_REVENUE, BASE_REVENUE_PREVIOUS, BASE_PAYROLL };
enum { EX_ANTE, EX_POST, PROJECTED };

/* Scratch rows: the first two outlive levy (one group after the other uses them, so they are recomputed in pay). */
enum { AMOUNT, TOTAL, TO_GIVE, NEED };

static const double *levy_base(const pc_layer_call *call, const pc_unit *unit)
{
    switch ((int)call->values[BASE].number) {
    case BASE_REVENUE_PREVIOUS:
        return unit->last_revenue;
    case BASE_PAYROLL:
        return unit->payroll;
    default:
        return unit->revenue;
    }
}

static void levy(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT);

    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        pc_row_scale(amount, levy_base(call, unit), call->values[LEVY].number);
        pc_post(call->ledger, unit->account, call->fund, amount);
    }
}

/* Growth of a unit's flow on the central path from year to year + 1; beyond the horizon it goes on as in the last year.
 */
static double growth(const pc_layer_call *call, const double *central, const pc_unit *unit, int year)
{
    return pc_central_growth(central, unit->members, unit->n_members, year, call->pooling->env.n_regions,
                             call->pooling->env.n_years);
}

static void find_need(const pc_layer_call *call, const pc_unit *unit, double *need)
{
    const double *central_r = call->pooling->central_revenue[call->scheme];
    const double *central_e = call->pooling->central_expenditure[call->scheme];
    double cover = call->values[COVER].number, target = call->values[TARGET_MONTHS].number / 12;

    switch ((int)call->values[ALLOCATION].number) {
    case EX_ANTE:
        pc_row_positive(need, unit->last_expenditure, growth(call, central_e, unit, call->year - 1), unit->last_revenue,
                        growth(call, central_r, unit, call->year - 1), cover);
        break;
    case EX_POST:
        pc_row_positive(need, unit->expenditure, target, pc_ledger_balance(call->ledger, unit->account), 1, cover);
        break;
    default:
        pc_row_positive(need, unit->expenditure, target * growth(call, central_e, unit, call->year),
                        pc_ledger_balance(call->ledger, unit->account), 1, cover);
        break;
    }
}

static void pay_needs(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *total = pc_call_scratch(call, TOTAL);
    const double *fund = pc_ledger_balance(call->ledger, call->fund);

    pc_row_fill(total, 0);
    for (int k = 0; k < call->n_units; k++) {
        pc_row_add(total, pc_call_scratch(call, NEED + k));
    }
    for (int k = 0; k < call->n_units; k++) {
        pc_row_ration(amount, pc_call_scratch(call, NEED + k), pc_call_scratch(call, TO_GIVE), total, fund);
        pc_post(call->ledger, call->fund, pc_call_unit(call, k)->account, amount);
    }
}

/* Takes need, or what would be rewarded, away where the account collects less of its base than floor times the group's
 * average, or where it spent more than its budget, or both. */
PC_KERNEL static void keep_collectors(double *restrict need, const double *restrict revenue,
                                      const double *restrict payroll, const double *restrict revenue_total,
                                      const double *restrict payroll_total, double floor)
{
    for (int l = 0; l < PC_LANES; l++) {
        need[l] = revenue[l] * payroll_total[l] >= floor * revenue_total[l] * payroll[l] ? need[l] : 0.0;
    }
}

PC_KERNEL static void keep_thrifty(double *restrict need, const double *restrict expenditure,
                                   const double *restrict last_expenditure, double budget)
{
    for (int l = 0; l < PC_LANES; l++) {
        need[l] = expenditure[l] <= last_expenditure[l] * budget ? need[l] : 0.0;
    }
}

static void apply_conditions(const pc_layer_call *call)
{
    double floor = call->values[COLLECTION_FLOOR].number, tolerance = call->values[BUDGET_TOLERANCE].number;
    double *revenue = pc_call_scratch(call, NEED + call->n_units), *payroll = revenue + PC_LANES;

    pc_row_fill(revenue, 0);
    pc_row_fill(payroll, 0);
    for (int k = 0; k < call->n_units && floor > 0; k++) {
        pc_row_add(revenue, pc_call_unit(call, k)->revenue);
        pc_row_add(payroll, pc_call_unit(call, k)->payroll);
    }
    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        double *need = pc_call_scratch(call, NEED + k);
        if (floor > 0) {
            keep_collectors(need, unit->revenue, unit->payroll, revenue, payroll, floor);
        }
        if (call->values[BUDGET_TOLERANCE].given) {
            keep_thrifty(need, unit->expenditure, unit->last_expenditure,
                         growth(call, call->pooling->central_expenditure[call->scheme], unit, call->year - 1) *
                             (1 + tolerance));
        }
    }
}

/* The part of the year's levies that goes to those who spent less than their budget, at most what they saved; what is
 * not used stays for the needs. */
static void pay_rewards(const pc_layer_call *call, double *to_give)
{
    double *saving = pc_call_scratch(call, NEED + call->n_units), *before = saving + PC_LANES, *all = before + PC_LANES;
    const double *central = call->pooling->central_expenditure[call->scheme];

    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        pc_row_positive(pc_call_scratch(call, NEED + k), unit->last_expenditure,
                        growth(call, central, unit, call->year - 1), unit->expenditure, 1, 1);
    }
    apply_conditions(call); /* uses the rows behind the needs too */
    pc_row_copy(all, to_give);
    pc_row_copy(before, pc_ledger_balance(call->ledger, call->fund));
    pc_row_scale(to_give, all, call->values[REWARD].number);
    pay_needs(call);
    pc_row_minus(saving, before, pc_ledger_balance(call->ledger, call->fund));
    pc_row_minus(to_give, all, saving);
}

static void pay(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *to_give = pc_call_scratch(call, TO_GIVE);
    double keep = 1 - call->values[RETAINED].number, use = call->values[RESERVE_USE].number;
    const double *fund = pc_ledger_balance(call->ledger, call->fund);

    pc_row_fill(to_give, 0);
    for (int k = 0; k < call->n_units; k++) {
        pc_row_scale(amount, levy_base(call, pc_call_unit(call, k)), call->values[LEVY].number);
        pc_row_add(to_give, amount);
    }
    pc_row_scale(amount, to_give, keep);
    pc_row_copy(to_give, amount);
    if (call->values[REWARD].number > 0) {
        pay_rewards(call, to_give);
    }
    for (int k = 0; k < call->n_units; k++) {
        find_need(call, pc_call_unit(call, k), pc_call_scratch(call, NEED + k));
    }
    apply_conditions(call);
    pay_needs(call);

    /* the reserve fills holes */
    pc_row_scale(to_give, fund, use);
    for (int k = 0; k < call->n_units; k++) {
        const double *balance = pc_ledger_balance(call->ledger, pc_call_unit(call, k)->account);
        pc_row_positive(pc_call_scratch(call, NEED + k), balance, -1, balance, 0, 1);
    }
    apply_conditions(call);
    pay_needs(call);
}

static const pc_param params[] = {
    {"levy", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Part of the base that every account hands in.")},
    {"base", PC_PARAM_CHOICE, "", 0, 0, BASE_REVENUE, "revenue|revenue_previous|payroll",
     N_("What the levy is taken of: this year's gross revenue, last year's, or the contribution base.")},
    {"allocation", PC_PARAM_CHOICE, "", 0, 0, EX_ANTE, "ex_ante|ex_post|projected",
     N_("How need is measured: by the budgeted gap of the year, by months of reserve after the year, or by next year's "
        "budgeted expenditure.")},
    {"retained", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Part of the year's levies that is kept in reserve.")},
    {"cover", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL, N_("Part of a need that the fund meets at most.")},
    {"reserve_use", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL,
     N_("Part of the fund that may be used in a year to fill overdrawn accounts.")},
    {"target_months", PC_PARAM_NUMBER, "months", 0, 60, 6, NULL,
     N_("Months of expenditure up to which ex_post and projected fill an account.")},
    {"collection_floor", PC_PARAM_NUMBER, "fraction", 0, 10, 0, NULL,
     N_("Condition for receiving: the account's revenue over its contribution base, as a part of the group's "
        "average.")},
    {"budget_tolerance", PC_PARAM_NUMBER, "fraction", 0, 1e6, 1e6, NULL,
     N_("Condition for receiving: expenditure exceeds the budget (hat) by at most this part of it.")},
    {"reward", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Part of what is given that goes first to accounts that spent less than their budget, at most what they "
        "saved.")},
};

const pc_layer pc_adjustment_fund_layer = {
    .head =
        {
            .slot = "layer",
            .name = "adjustment_fund",
            .title = N_("Adjustment fund"),
            .doc = N_("Every account of a group hands in a levy; the fund pays it back by need and keeps the "
                      "rest as a reserve, which earns the return on balances and fills overdrawn accounts. "
                      "Several entries make several tiers: all levies are taken on the same gross base before "
                      "any payment. An account may have to meet conditions to receive anything: to collect as much "
                      "of its base as the group, to keep its budget; and a part may reward spending below budget. "
                      "When the fund ends its balance goes back to the accounts in proportion to "
                      "last year's expenditure. Check: levy 0.1 on revenues 100 and 50, needs 20 and 0 by "
                      "ex_post, nothing retained: 15 is paid to the first."),
            .equation = N_("paid_j = cover n_j min(1, M / sum cover n) + d_j min(1, reserve_use V / sum d)"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .takes_partition = 1,
    .funds = PC_FUNDS_GROUP,
    .reads_last = 1,
    .levy = levy,
    .pay = pay,
};
