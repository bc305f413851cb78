/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "lever.h"

enum { INDIVIDUAL, CENTRAL, PROVINCE, COUNTY, REGIONS };

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    (void)scheme;
    (void)arena;
    (void)table;
    for (int year = from; year <= env->n_years; year++) {
        double province = pc_value_at(&values[PROVINCE], year), county = pc_value_at(&values[COUNTY], year);
        const pc_financing_split *own =
            env->schemes ? &env->schemes->split[(size_t)year * (size_t)env->n_regions] : NULL;
        province = province < 0 && own ? own->province : province;
        county = county < 0 && own ? own->county : county;
        if (province + county > 1) {
            return pc_fail(status, PC_ERR_INPUT,
                           "lever subsidy_split: found province_share %g and county_share %g in %d, allowed: at most 1 "
                           "together",
                           province, county, env->base_year + year);
        }
    }
    return PC_OK;
}

static void set(double *own, const pc_value *value, int year)
{
    const double given = pc_value_at(value, year);

    *own = given >= 0 ? given : *own;
}

static void apply(const pc_lever_call *call)
{
    for (int r = 0; r < call->env->n_regions; r++) {
        if (pc_lever_in(call, &call->values[REGIONS], r)) {
            set(&call->split[r].individual, &call->values[INDIVIDUAL], call->year);
            set(&call->split[r].central, &call->values[CENTRAL], call->year);
            set(&call->split[r].province, &call->values[PROVINCE], call->year);
            set(&call->split[r].county, &call->values[COUNTY], call->year);
        }
    }
}

static const pc_param params[] = {
    {"individual_share", PC_PARAM_SERIES, "fraction", -1, 1, -1, NULL,
     N_("Part of financing per head that members pay themselves; -1: as in the scenario.")},
    {"central_share", PC_PARAM_SERIES, "fraction", -1, 1, -1, NULL,
     N_("Part of the subsidy that the centre pays; -1: as in the scenario.")},
    {"province_share", PC_PARAM_SERIES, "fraction", -1, 1, -1, NULL,
     N_("Part of the rest of the subsidy that the province pays; -1: as in the scenario.")},
    {"county_share", PC_PARAM_SERIES, "fraction", -1, 1, -1, NULL,
     N_("Part of the rest that counties pay, cities paying what is left; -1: as in the scenario.")},
    {"regions", PC_PARAM_TEXT, "regions", 0, 0, 0, NULL,
     N_("Regions that it is for, as a list; none: all. A class of regions is an entry of its own.")},
};

const pc_lever pc_subsidy_split_lever = {
    .head =
        {
            .slot = "lever",
            .name = "subsidy_split",
            .title = N_("Who pays residents' financing"),
            .doc =
                N_("Changes who pays the financing per head, not how much it is (that is resident_financing): the "
                   "members' own part, and of the subsidy the centre's, by class of regions, the province's and the "
                   "counties' part. The fund sees the same revenue; the treasury measure, who has paid. Check: "
                   "financing 1000, individual 0.4, central 0.6, province 0.5, county 0.1: 400 by members, 360 by the "
                   "centre, 120 by the province, 24 by counties, 96 by cities."),
            .equation =
                N_("members i F; centre c (1 - i) F; province p (1 - c)(1 - i) F; county k (1 - c)(1 - i) F; city "
                   "(1 - p - k)(1 - c)(1 - i) F"),
            .source = N_("Classes of regions with central shares of 80, 60 and 50 to 10 per cent: division of "
                         "expenditure between centre and provinces, State Council 2018."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_RESIDENT,
    .touches = PC_TOUCH_SPLIT,
    .order = PC_LEVER_FACTOR,
    .prepare = prepare,
    .apply = apply,
};
