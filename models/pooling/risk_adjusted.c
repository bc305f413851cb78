/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Central fund with risk-adjusted allocation (docs/model.md, Policies): all revenue of the group in, and out again at
 * once by what age and sex lead one to expect:
 *
 *   received_j = sum R  U_j / sum U,  U = C beta cost exposure(age, sex), without noise and shocks (pc_flows.expected)
 */
#include "../list.h"
#include "base/i18n.h"
#include "layer.h"
#include "rows.h"

enum { AMOUNT, SHARE, WHOLE, TOTAL, HAVE, EXPECTED };

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
        pc_row_gather(pc_call_scratch(call, EXPECTED + k), call->flows->expected, unit->members, unit->n_members);
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

const pc_layer pc_risk_adjusted_layer = {
    .head =
        {
            .slot = "layer",
            .name = "risk_adjusted",
            .title = N_("Central fund with risk-adjusted allocation"),
            .doc = N_("All revenue of a group goes into a central fund, which gives it back in the same year in "
                      "proportion to the accounts' expected cost: the cost level of the region times its members by "
                      "age and sex, without claims noise and shocks. The accounts pay their own claims, so that "
                      "claims noise and shocks stay with them, while age, the region's cost level and income are "
                      "shared. Levers that change expenditure do not change the expected cost. Check: revenues 100 and "
                      "50, expected cost "
                      "60 and 40: 90 and 60 come back."),
            .equation = N_("received_j = sum R expected_j / sum expected"),
            .source = N_("The German central health fund (Gesundheitsfonds), reduced to age and sex."),
            .params = NULL,
            .n_params = 0,
        },
    .takes_partition = 1,
    .funds = PC_FUNDS_GROUP,
    .levy = levy,
};
