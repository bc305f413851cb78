/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../list.h"
#include "base/i18n.h"
#include "base/math.h"
#include "lever.h"

enum { THETA, SD_LOG, DEPTH, PRICE_RATIO, HUBS };

static pc_code prepare(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status)
{
    const char *hubs = values[HUBS].text;
    unsigned char *is_hub = pc_arena_calloc(arena, (size_t)env->n_regions + 1, sizeof *is_hub);
    int n = 0;

    (void)scheme;
    (void)from;
    if (!is_hub) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int r = 0; r < env->n_regions; r++) {
        is_hub[r] = env->region_ids && pc_lever_listed(hubs, env->region_ids[r]);
        n += is_hub[r];
    }
    if (hubs && *hubs && n == 0) {
        return pc_fail(status, PC_ERR_INPUT, "lever siphoning: found hubs \"%s\", none of which is a region", hubs);
    }
    is_hub[env->n_regions] = n > 0; /* some region is a hub */
    *table = is_hub;
    return PC_OK;
}

static void apply(const pc_lever_call *call)
{
    const unsigned char *is_hub = call->table;
    const int to_hubs = is_hub[call->env->n_regions];
    double rise = to_hubs ? call->values[PRICE_RATIO].number - 1 : 1;
    double s = call->values[SD_LOG].number, mean = call->values[THETA].number;
    double depth = pc_value_at(&call->values[DEPTH], call->year);
    double median = mean * pc_exp(-0.5 * s * s);
    double factor[PC_LANES], share[PC_LANES]; /* of use: what moves, or by which it rises */

    for (int l = 0; l < PC_LANES; l++) {
        double moved = (call->eps ? median * pc_exp(s * call->eps[l]) : median) * depth;
        share[l] = to_hubs && moved > 1 ? 1 : moved; /* no more than all can move, but use may more than double */
        factor[l] = 1 + share[l] * rise;
    }
    pc_lever_scale_lanes(call->flows->expenditure, call->env->n_regions, factor, is_hub);
    for (int r = 0; r < call->env->n_regions && to_hubs; r++) {
        double *away = call->away + (size_t)r * PC_LANES;
        for (int l = 0; l < PC_LANES && !is_hub[r]; l++) { /* 1 - what stays at home */
            away[l] = 1 - (1 - away[l]) * (1 - share[l]) / factor[l];
        }
    }
}

static const pc_param params[] = {
    {"theta", PC_PARAM_NUMBER, "fraction", 0, 1, 0.1, NULL,
     N_("Share of use that moves to hubs at full pooling (without hubs: by which use rises); its mean where it is "
        "uncertain.")},
    {"sd_log", PC_PARAM_NUMBER, "", 0, 3, 0, NULL,
     N_("Standard deviation of the logarithm of theta, drawn once a path; 0: theta is known.")},
    {"depth", PC_PARAM_SERIES, "fraction", 0, 1, 1, NULL, N_("How deep pooling is in this phase: 0 none, 1 one fund.")},
    {"price_ratio", PC_PARAM_NUMBER, "", 0, 10, 1.5, NULL, N_("Cost of the same care in a hub over that at home.")},
    {"hubs", PC_PARAM_TEXT, "regions", 0, 0, 0, NULL,
     N_("Regions that draw patients, as a list; none: use rises everywhere, at home's price.")},
};

const pc_lever pc_siphoning_lever = {
    .head =
        {
            .slot = "lever",
            .name = "siphoning",
            .title = N_("Siphoning to hubs"),
            .doc = N_("Where the fund is shared, patients go to the dearer hospitals of hubs and each region's "
                      "own fund has less reason to hold spending. A share theta D (at most all) of the use of "
                      "regions that are no hub moves to hubs at a price ratio and is paid by the patient's own "
                      "region. Hubs keep their own expenditure. Without hubs use rises by theta D everywhere. "
                      "theta is drawn as in collection_loss, from a stream of its own. Check: theta 0.2, depth "
                      "0.5, ratio 1.5: E times 1.05 outside the hubs; without hubs 1.1."),
            .equation = N_("E <- E (1 + theta D (price_ratio - 1)) outside hubs; without hubs E <- E (1 + theta D)"),
            .source = N_("Estimates of the rise of spending per head under unified funds: Wang and "
                         "Yao, Insurance Studies 2023(11)."),
            .params = params,
            .n_params = sizeof params / sizeof params[0],
        },
    .schemes = 1u << PC_EMPLOYEE | 1u << PC_RESIDENT,
    .touches = PC_TOUCH(PC_FLOW_EXPENDITURE) | PC_TOUCH_AWAY,
    .order = PC_LEVER_FACTOR,
    .uncertain = "theta",
    .prepare = prepare,
    .apply = apply,
};
