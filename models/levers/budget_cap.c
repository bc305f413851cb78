/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

PC_KERNEL static void limit(double *restrict expenditure, const double *restrict revenue, double share, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double most = revenue[k] * share;
        expenditure[k] = expenditure[k] > most ? most : expenditure[k];
    }
}

static void apply(const pc_lever_call *call)
{
    limit(call->flows->expenditure, call->flows->revenue, pc_value_at(&call->values[0], call->year),
          (size_t)call->env->n_regions * PC_LANES);
}

static const pc_param params[] = {
    {"share", PC_PARAM_SERIES, "", 0, 10, 1, NULL, N_("Largest expenditure of a region as a share of its revenue.")},
};

const pc_lever pc_budget_cap_lever = {
    .head =
        {
            .slot = "lever",
            .name = "budget_cap",
            .title = N_("Budget set by revenue (以收定支)"),
            .doc = N_("A region's expenditure of the year is limited to a share of the revenue of the year, "
                      "after all other levers and before pooling. The fund never pays what is above: it stays "
                      "with providers as care given under a fixed budget and is not booked as a loss. The "
                      "shortfall rule provider_loss is the other reading: full cost is incurred, and only what "
                      "the fund cannot pay is booked on providers. Check: revenue 100, share 0.95, expenditure "
                      "120: 95."),
            .equation = N_("E <- min(E, share(t) R)"),
            .source = N_("The principle of 国发〔1998〕44号."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE),
    .order = PC_LEVER_LIMIT,
    .apply = apply,
};
