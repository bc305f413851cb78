/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Central fund with risk-adjusted allocation (docs/model.md, Policies): all revenue of the group in, and out again at
 * once by what age and sex lead one to expect:
 *
 *   received_j = sum R  U_j / sum U,  U = C beta cost exposure(age, sex), without noise and shocks (pc_flows.expected);
 *   with a common cost level U = cost exposure(age, sex)
 */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "layer.h"
#include "rows.h"

enum { COST_LEVEL };
enum { LEVEL_OWN, LEVEL_COMMON };
enum { AMOUNT, SHARE, WHOLE, TOTAL, HAVE, EXPECTED };

/* out += expected / (C cost): members by age and sex at one cost level */
PC_KERNEL static void add_exposure(double *restrict out, const double *restrict expected, const double *restrict cost,
                                   double start)
{
    for (int l = 0; l < PC_LANES; l++) {
        double u = expected[l] / (start * cost[l]);
        out[l] += start > 0 ? u : 0.0;
    }
}

/* What a unit's part is reckoned by. */
static void expected_of(const pc_layer_call *call, const pc_unit *unit, double *out)
{
    if (call->values[COST_LEVEL].number == LEVEL_OWN) {
        pc_row_gather(out, call->flows->expected, unit->members, unit->n_members);
        return;
    }
    pc_row_fill(out, 0);
    for (int m = 0; m < unit->n_members; m++) {
        const size_t at = (size_t)unit->members[m] * PC_LANES;
        add_exposure(out, call->flows->expected + at, call->weather->cost[call->scheme] + at,
                     call->pooling->env.schemes->cost_start[call->scheme][unit->members[m]]);
    }
}

/* At the time of levies: nothing that comes after sees an account without its revenue. */
static void levy(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, AMOUNT), *whole = pc_call_scratch(call, WHOLE);
    double *total = pc_call_scratch(call, TOTAL), *have = pc_call_scratch(call, HAVE);
    double *share = pc_call_scratch(call, SHARE);
    const double *fund = pc_ledger_balance(call->ledger, call->fund);

    pc_row_fill(whole, 0);
    pc_row_fill(total, 0);
    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        expected_of(call, unit, pc_call_scratch(call, EXPECTED + k));
        pc_row_add(total, pc_call_scratch(call, EXPECTED + k));
        pc_row_add(whole, unit->revenue);
        pc_post(call->ledger, unit->account, call->fund, unit->revenue);
    }
    for (int k = 0; k < call->n_units; k++) {
        pc_row_share(share, whole, pc_call_scratch(call, EXPECTED + k), total, call->n_units);
        pc_row_copy(have, fund);
        pc_row_take(amount, share, have); /* rounding must not overdraw the fund */
        pc_post(call->ledger, call->fund, pc_call_unit(call, k)->account, amount);
    }
}

static const pc_param params[] = {
    {"cost_level", PC_PARAM_CHOICE, "", 0, 1, LEVEL_OWN, "own|common",
     N_("Whether expected cost is reckoned at each region's own cost level, or at one level for all.")},
};

const pc_layer pc_risk_adjusted_layer = {
    .head =
        {
            .slot = "layer",
            .name = "risk_adjusted",
            .title = N_("Central fund with risk-adjusted allocation"),
            .doc = N_("All revenue of a group goes into a central fund, which gives it back in the same year in "
                      "proportion to the accounts' expected cost: the cost level of the region, or with cost_level "
                      "common one level for all, times its members by age and sex, without claims noise and shocks. "
                      "The accounts pay their own claims, so that claims noise and shocks stay with them, while age "
                      "and income are shared, and the region's cost level too where it is its own. Levers that change "
                      "expenditure do not change the expected cost. Check: revenues 100 and "
                      "50, expected cost "
                      "60 and 40: 90 and 60 come back."),
            .equation =
                N_("received_j = sum R expected_j / sum expected, expected = C beta U, or U with a common level"),
            .source = N_("The German central health fund (Gesundheitsfonds), reduced to age and sex."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .takes_partition = 1,
    .funds = PC_FUNDS_GROUP,
    .levy = levy,
};
