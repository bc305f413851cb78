/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { LEVEL, YEARS, SLOWER, SLOWER_YEARS };

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    double *factor = pc_arena_calloc(arena, (size_t)env->n_years + 1, sizeof *factor);

    (void)scheme;
    if (!factor) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int year = 0; year <= env->n_years; year++) {
        double way = pc_lever_way(year, from, values[YEARS].number), gone = year - from + 1;
        gone = gone < 0 ? 0 : gone > values[SLOWER_YEARS].number ? values[SLOWER_YEARS].number : gone;
        factor[year] = (1 + (values[LEVEL].number - 1) * way) * pc_exp(-values[SLOWER].number * gone);
    }
    *table = factor;
    return PC_OK;
}

static void apply(const pc_lever_call *call)
{
    pc_lever_scale(call->flows->expenditure, call->env->n_regions, (const double *)call->table + call->year, 0);
}

static const pc_param params[] = {
    {"level", PC_PARAM_NUMBER, "", 0, 2, 0.95, NULL,
     N_("Cost relative to the scenario's own when the change is complete, e.g. 1 - share of use that moves to primary "
        "care times what it saves there.")},
    {"years", PC_PARAM_NUMBER, "years", 0, 100, 5, NULL, N_("Years until the change of level is complete.")},
    {"slower", PC_PARAM_NUMBER, "fraction/year", -0.1, 0.1, 0, NULL,
     N_("By how much cost grows more slowly a year (logarithm).")},
    {"slower_years", PC_PARAM_NUMBER, "years", 0, 200, 10, NULL, N_("For how many years it grows more slowly.")},
};

const pc_lever pc_tiered_care_lever = {
    .head =
        {
            .slot = "lever",
            .name = "tiered_care",
            .title = N_("Tiered care and payment reform"),
            .doc = N_("More use at primary level and payment by case or by budget lower the level of cost in "
                      "equal yearly steps, and its growth for some years; f is the lever's first year. Check: "
                      "level 0.9 in 2 years, slower 0.01 for 3 years: factors 0.95 exp(-0.01), 0.9 exp(-0.02), "
                      "0.9 exp(-0.03), 0.9 exp(-0.03)."),
            .equation = N_("E <- E (1 + (level - 1) clamp((t - f + 1)/years, 0, 1)) exp(-slower clamp(t - f + 1, 0, "
                           "slower_years))"),
            .source = "",
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE),
    .order = PC_LEVER_FACTOR,
    .prepare = prepare,
    .apply = apply,
};
