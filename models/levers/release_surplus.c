/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { MONTHS, SHARE, TO };
enum { TO_BENEFITS, TO_RATES, TO_PROVIDERS, TO_SCHEME };

static void apply(const pc_lever_call *call)
{
    double months = call->values[MONTHS].number, share = pc_value_at(&call->values[SHARE], call->year);
    const int to = (int)call->values[TO].number;

    for (int r = 0; call->balance && r < call->env->n_regions; r++) {
        double *e = call->flows->expenditure + (size_t)r * PC_LANES;
        double *revenue = call->flows->revenue + (size_t)r * PC_LANES;
        const double *balance = call->balance[r];
        for (int l = 0; l < PC_LANES; l++) {
            double over = balance[l] - months / 12 * e[l];
            double out = over > 0 ? share * over : 0;
            if (to == TO_RATES) {
                revenue[l] -= out < revenue[l] ? out : revenue[l];
            } else if (to == TO_PROVIDERS) {
                call->released[(size_t)r * PC_LANES + l] += out;
            } else if (to == TO_SCHEME) {
                call->crossed[(size_t)r * PC_LANES + l] += out;
            } else {
                e[l] += out;
            }
        }
    }
}

static const pc_param params[] = {
    {"months", PC_PARAM_NUMBER, "months", 0, 600, 15, NULL, N_("Reserve that is kept, in months of expenditure.")},
    {"share", PC_PARAM_SERIES, "fraction", 0, 1, 0.1, NULL, N_("Share of what is above that is given out in a year.")},
    {"to", PC_PARAM_CHOICE, "", 0, 3, TO_BENEFITS, "benefits|rates|providers|other_scheme",
     N_("Who gets it: patients, those who pay, providers beside the payment of claims, or the region's fund of the other "
        "scheme.")},
};

const pc_lever pc_release_surplus_lever = {
    .head =
        {
            .slot = "lever",
            .name = "release_surplus",
            .title = N_("Release of surplus (盘活沉淀资金)"),
            .doc = N_("Gives out part of the reserve above so many months of this year's expenditure: as "
                      "benefits on top of expenditure, as lower contributions (at most all revenue), to "
                      "providers, on 31 December and outside the claims, or then to the fund of the other scheme in the "
                      "same region, or the pool that has taken its place. The reserve is that of the last 31 "
                      "December, own account and shares of pools and funds. The central path by which an ex- "
                      "ante fund plans the next year knows no balances and so no release. Aid that is asked for "
                      "and paid back is the layer mutual_aid. Check: balance 200, expenditure 120, months 10, share "
                      "0.5: 50 released."),
            .equation = N_("out = share(t) max(0, S - months/12 E);  benefits: E <- E + out;  rates: R <- R - min(R, "
                           "out);  providers: B <- B - out;  other scheme: B <- B - out, B' <- B' + out"),
            .source = N_("Proposal to put accumulated surplus to use: Yao, Zhang and Liu, Health Economics "
                         "Research 2026(2)."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE) | PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH_RELEASED |
               PC_TOUCH_CROSSED,
    .order = PC_LEVER_ADDITION,
    .apply = apply,
};
