/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { FROM_AGE, TO_AGE, OF, PER, YUAN, SHARE, PAYER, REGIONS };
enum { PER_HEAD, PER_ITEM };

static const char *check(const pc_value *values)
{
    return pc_lever_ages_check(&values[FROM_AGE]);
}

static int age_group(const pc_value *values, pc_age_group *ages)
{
    return pc_lever_ages(&values[FROM_AGE], ages) && values[PER].number == PER_ITEM;
}

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    pc_age_group ages;

    (void)env;
    (void)from;
    (void)arena;
    (void)table;
    if (values[PER].number == PER_HEAD && pc_lever_ages(&values[FROM_AGE], &ages)) {
        return pc_fail(status, PC_ERR_INPUT,
                       "lever subsidy: found ages or a kind of member with `per: head`, allowed only with `per: item`: "
                       "members are not counted by age");
    }
    return pc_lever_ages_prepare(scheme, &values[FROM_AGE], "subsidy", status);
}

PC_KERNEL static void add(double *restrict revenue, double *restrict granted, double *restrict subsidy,
                          const double *restrict base, const double *restrict part, double rate)
{
    for (int l = 0; l < PC_LANES; l++) {
        double amount = base[l] * part[l] * rate;
        revenue[l] += amount;
        granted[l] += amount;
        subsidy[l] += amount;
    }
}

static void apply(const pc_lever_call *call)
{
    const int per_item = call->values[PER].number == PER_ITEM;
    const double rate = pc_value_at(&call->values[per_item ? SHARE : YUAN], call->year);
    double *subsidy = call->subsidy + (size_t)call->values[PAYER].number * PC_LANES;
    double part[PC_LANES];

    for (int r = 0; r < call->env->n_regions; r++) {
        const size_t at = (size_t)r * PC_LANES;
        if (!pc_lever_in(call, &call->values[REGIONS], r)) {
            continue;
        }
        if (per_item) {
            pc_lever_cost_part(call, &call->values[FROM_AGE], r, part);
        }
        for (int l = 0; l < PC_LANES && !per_item; l++) {
            part[l] = 1;
        }
        add(call->flows->revenue + at, call->granted + at, subsidy,
            (per_item ? call->flows->expenditure : call->flows->members) + at, part, rate);
    }
}

static const pc_param params[] = {
    PC_LEVER_AGE_PARAMS,
    {"per", PC_PARAM_CHOICE, "", 0, 1, PER_HEAD, "head|item",
     N_("For each member, or a share of what benefits of an age group (or of all) cost.")},
    {"yuan", PC_PARAM_SERIES, "yuan/person", 0, 1e6, 0, NULL,
     N_("Per head: subsidy for each member and year, at current prices.")},
    {"share", PC_PARAM_SERIES, "fraction", 0, 1, 0, NULL, N_("Per item: share of these benefits that is subsidised.")},
    {"payer", PC_PARAM_CHOICE, "", 0, PC_PAYERS - 1, PC_PAYER_CENTRAL, PC_PAYER_CHOICES, N_("Whose treasury pays.")},
    {"regions", PC_PARAM_TEXT, "regions", 0, 0, 0, NULL, N_("Regions that get it, as a list; none: all.")},
};

const pc_lever pc_subsidy_lever = {
    .head =
        {
            .slot = "lever",
            .name = "subsidy",
            .title = N_("Subsidy per head or per item"),
            .doc =
                N_("A public subsidy on top of contributions and financing: yuan for every member, or a share of the "
                   "benefits of an age group, of contributors or retirees, or of all. It is revenue of the fund, not "
                   "a rescue: the treasury measure counts it by payer beside the subsidy within residents' "
                   "financing, not among the cost of shortfalls. Several entries add up; a list of regions makes it "
                   "one for a class of regions. Expenditure is that of the year after the levers that multiply. "
                   "Check: 1000 members, 50 yuan: 50000 yuan; E 800000, a quarter of it of the group, share 0.1: "
                   "20000 yuan."),
            .equation = N_("R <- R + members yuan(t), or R + share(t) s E, s the group's part of expected cost"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH_SUBSIDY,
    .order = PC_LEVER_ADDITION,
    .check = check,
    .age_group = age_group,
    .prepare = prepare,
    .apply = apply,
};
