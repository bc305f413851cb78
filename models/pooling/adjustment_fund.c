/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adjustment fund: a levy on every account of the group, paid back by need (MODEL.md, section 5).
 *
 *   levy_j = levy base_j,  V <- V (1 + i) + sum levy_j,  M = (1 - retained) sum levy_j
 *   need   ex_ante    n_j = max(0, Ehat_j(t) - Rhat_j(t))
 *          ex_post    n_j = max(0, T/12 E_j - B_j)
 *          projected  n_j = max(0, T/12 Ehat_j(t+1) - B_j)
 *   paid   cover n_j min(1, M / sum cover n),  then from the reserve  d_j min(1, reserve_use V / sum d), d_j = max(0,
 * -B_j)
 *
 * Ehat_j(t) = E_j(t-1) times the growth of the account's expenditure on the central path of this policy (sum over its
 * members), and the same for R; growth is 1 where the central path was zero and after the horizon. Hats hold no X. */
#include "base/math.h"
#include "../list.h"
#include "layer.h"
#include "rows.h"

enum { LEVY, BASE, ALLOCATION, RETAINED, COVER, RESERVE_USE, TARGET_MONTHS };
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

/* Growth of a unit's flow on the central path from year to year + 1; beyond the horizon it goes on as in the last year. */
static double central_growth(const double *central, const pc_unit *unit, int year, int n_regions, int n_years)
{
    double before = 0, after = 0;

    year = year < n_years ? year : n_years - 1;
    for (int m = 0; m < unit->n_members; m++) {
        before += central[(size_t)year * n_regions + unit->members[m]];
        after += central[(size_t)(year + 1) * n_regions + unit->members[m]];
    }
    return before > 0 ? after / before : 1;
}

/* need = cover max(0, a fa - b fb) */
PC_KERNEL static void positive_part(double *restrict need, const double *restrict a, double fa,
                                    const double *restrict b, double fb, double cover)
{
    for (int l = 0; l < PC_LANES; l++) {
        double n = a[l] * fa - b[l] * fb;
        need[l] = cover * (n > 0 ? n : 0.0);
    }
}

static void find_need(const pc_layer_call *call, const pc_unit *unit, double *need)
{
    const pc_pooling *pooling = call->pooling;
    const double *central_r = pooling->central_revenue[call->scheme];
    const double *central_e = pooling->central_expenditure[call->scheme];
    int n_regions = pooling->env.n_regions, n_years = pooling->env.n_years;
    double cover = call->values[COVER].number, target = call->values[TARGET_MONTHS].number / 12;

    switch ((int)call->values[ALLOCATION].number) {
    case EX_ANTE:
        positive_part(need, unit->last_expenditure, central_growth(central_e, unit, call->year - 1, n_regions, n_years),
                      unit->last_revenue, central_growth(central_r, unit, call->year - 1, n_regions, n_years), cover);
        break;
    case EX_POST:
        positive_part(need, unit->expenditure, target, pc_ledger_balance(call->ledger, unit->account), 1, cover);
        break;
    default:
        positive_part(need, unit->expenditure, target * central_growth(central_e, unit, call->year, n_regions, n_years),
                      pc_ledger_balance(call->ledger, unit->account), 1, cover);
        break;
    }
}

/* amount = need min(1, have / total), never more than the fund holds (rounding). */
PC_KERNEL static void ration(double *restrict amount, const double *restrict need, const double *restrict have,
                             const double *restrict total, const double *restrict fund)
{
    for (int l = 0; l < PC_LANES; l++) {
        double part = have[l] / total[l];
        double a = need[l] * (total[l] > have[l] ? part : 1.0);
        a = a < fund[l] ? a : fund[l];
        amount[l] = a > 0 ? a : 0.0;
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
        ration(amount, pc_call_scratch(call, NEED + k), pc_call_scratch(call, TO_GIVE), total, fund);
        pc_post(call->ledger, call->fund, pc_call_unit(call, k)->account, amount);
    }
}

static void pay(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *to_give = pc_call_scratch(call, TO_GIVE);
    double keep = 1 - call->values[RETAINED].number, use = call->values[RESERVE_USE].number;
    const double *fund = pc_ledger_balance(call->ledger, call->fund);

    pc_row_fill(to_give, 0);
    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        pc_row_scale(amount, levy_base(call, unit), call->values[LEVY].number);
        pc_row_add(to_give, amount);
        find_need(call, unit, pc_call_scratch(call, NEED + k));
    }
    pc_row_scale(amount, to_give, keep);
    pc_row_copy(to_give, amount);
    pay_needs(call);

    /* the reserve fills holes */
    pc_row_scale(to_give, fund, use);
    for (int k = 0; k < call->n_units; k++) {
        const double *balance = pc_ledger_balance(call->ledger, pc_call_unit(call, k)->account);
        positive_part(pc_call_scratch(call, NEED + k), balance, -1, balance, 0, 1);
    }
    pay_needs(call);
}

static const pc_param params[] = {
    {"levy", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, "Part of the base that every account hands in."},
    {"base", PC_PARAM_CHOICE, "", 0, 0, BASE_REVENUE, "revenue|revenue_previous|payroll",
     "What the levy is taken of: this year's gross revenue, last year's, or the contribution base."},
    {"allocation", PC_PARAM_CHOICE, "", 0, 0, EX_ANTE, "ex_ante|ex_post|projected",
     "How need is measured: by the budgeted gap of the year, by months of reserve after the year, or by next year's "
     "budgeted expenditure."},
    {"retained", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, "Part of the year's levies that is kept in reserve."},
    {"cover", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL, "Part of a need that the fund meets at most."},
    {"reserve_use", PC_PARAM_NUMBER, "fraction", 0, 1, 1, NULL,
     "Part of the fund that may be used in a year to fill overdrawn accounts."},
    {"target_months", PC_PARAM_NUMBER, "months", 0, 60, 6, NULL,
     "Months of expenditure up to which ex_post and projected fill an account."},
};

const pc_layer pc_adjustment_fund_layer = {
    .head =
        {
            .slot = "layer",
            .name = "adjustment_fund",
            .title = "Adjustment fund",
            .doc = "Every account of a group hands in a levy; the fund pays it back by need and keeps the "
                   "rest as a reserve, which earns the return on balances and fills overdrawn accounts. "
                   "Several entries make several tiers: all levies are taken on the same gross base before "
                   "any payment. When the fund ends its balance goes back to the accounts in proportion to "
                   "last year's expenditure. Check: levy 0.1 on revenues 100 and 50, needs 20 and 0 by "
                   "ex_post, nothing retained: 15 is paid to the first.",
            .equation = "paid_j = cover n_j min(1, M / sum cover n) + d_j min(1, reserve_use V / sum d)",
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
