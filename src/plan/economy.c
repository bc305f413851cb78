/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the scenario to the parameters of the economy. */
#include <stdio.h>

#include "economy/heads.h"
#include "plan/plan.h"

static pc_ar1 read_ar1(const pc_scenario *scenario, const char *section, const char *prefix, int has_start)
{
    char key[96];
    pc_ar1 ar = {0};

    snprintf(key, sizeof key, "%s.%sphi", section, prefix);
    ar.phi = pc_scenario_number(scenario, key);
    snprintf(key, sizeof key, "%s.%ssigma", section, prefix);
    ar.sigma = pc_scenario_number(scenario, key);
    if (has_start) {
        snprintf(key, sizeof key, "%s.%sstart", section, prefix);
        ar.start = pc_scenario_number(scenario, key);
    }
    return ar;
}

static pc_ar1_error read_error(const pc_scenario *scenario, const char *section)
{
    char key[96];
    pc_ar1_error error;

    snprintf(key, sizeof key, "%s.phi_se", section);
    error.phi = pc_scenario_number(scenario, key);
    snprintf(key, sizeof key, "%s.sigma_se", section);
    error.sigma = pc_scenario_number(scenario, key);
    return error;
}

/* Value of a shock's parameter by its key. */
static double shock_number(const pc_section *section, const char *key)
{
    for (int i = 0; i < section->head->n_params; i++) {
        const char *a = section->head->params[i].key, *b = key;
        while (*a && *a == *b) {
            a++;
            b++;
        }
        if (*a == *b) {
            return section->values[i].number;
        }
    }
    return 0;
}

static pc_code read_shocks(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    pc_economy *economy = &plan->world.economy;
    pc_shock *shocks = pc_arena_calloc(&plan->arena, (size_t)scenario->n_shocks + 1, sizeof *shocks);

    if (!shocks) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for shocks");
    }
    economy->n_shocks = scenario->n_shocks;
    economy->shocks = shocks;
    for (int k = 0; k < scenario->n_shocks; k++) {
        const pc_section *section = &scenario->shocks[k];
        shocks[k] = (pc_shock){.name = scenario->shock_names[k],
                               .probability = shock_number(section, "probability"),
                               .duration = (int)shock_number(section, "duration"),
                               .m = shock_number(section, "size_mean"),
                               .s = shock_number(section, "size_sd"),
                               .regional = shock_number(section, "scope") != 0,
                               .first_instance = economy->n_shock_instances};
        shocks[k].weight_revenue[PC_EMPLOYEE] = shock_number(section, "employee.revenue");
        shocks[k].weight_revenue[PC_RESIDENT] = shock_number(section, "resident.revenue");
        shocks[k].weight_expenditure[PC_EMPLOYEE] = shock_number(section, "employee.expenditure");
        shocks[k].weight_expenditure[PC_RESIDENT] = shock_number(section, "resident.expenditure");
        economy->n_shock_instances += shocks[k].regional ? plan->n_regions : 1;
    }
    return PC_OK;
}

double *pc_plan_faded_years(pc_plan *plan, const char *key)
{
    const double *fade = pc_scenario_series(plan->scenario, key);
    double *years = pc_plan_numbers(plan, (size_t)plan->n_years + 1);

    for (int t = 1; years && t <= plan->n_years; t++) {
        years[t] = years[t - 1] + fade[t];
    }
    return years;
}

pc_code pc_plan_economy(pc_plan *plan, pc_status *status)
{
    static const char *const scheme_names[PC_SCHEMES] = {"employee", "resident"};
    const pc_scenario *scenario = plan->scenario;
    pc_economy *economy = &plan->world.economy;
    double *wage_start = pc_plan_numbers(plan, (size_t)plan->n_regions);
    char key[96], prefix[64];

    if (!wage_start) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the economy");
    }
    economy->n_regions = plan->n_regions;
    economy->n_years = plan->n_years;
    economy->employment = read_ar1(scenario, "employment", "", 1);
    economy->employment_region = read_ar1(scenario, "employment", "regional_", 0);
    economy->wage_growth = pc_scenario_series(scenario, "wages.growth");
    economy->wage = read_ar1(scenario, "wages", "", 1);
    economy->wage_region = read_ar1(scenario, "wages", "regional_", 0);
    for (int r = 0; r < plan->n_regions; r++) {
        wage_start[r] = scenario->regions[r].value[PC_COL_WAGE_YUAN];
    }
    economy->wage_start = wage_start;
    economy->cost = read_ar1(scenario, "cost", "", 1);
    economy->income_gap = pc_scenario_number(scenario, "wages.income_gap");
    economy->return_mean = pc_scenario_series(scenario, "returns.mean");
    economy->return_ar = read_ar1(scenario, "returns", "", 1);
    economy->return_floor = pc_scenario_number(scenario, "returns.floor");
    economy->employment_error = read_error(scenario, "employment");
    economy->wage_error = read_error(scenario, "wages");
    economy->cost_error = read_error(scenario, "cost");
    economy->return_error = read_error(scenario, "returns");
    economy->employment_trend = pc_scenario_number(scenario, "employment.trend");
    economy->employment_trend_se = pc_scenario_number(scenario, "employment.trend_se");
    economy->employment_region_trend_se = pc_scenario_number(scenario, "employment.regional_trend_se");
    economy->employment_trend_years = pc_plan_faded_years(plan, "employment.trend_fade");
    economy->wage_growth_se = pc_scenario_number(scenario, "wages.growth_se");
    economy->return_mean_se = pc_scenario_number(scenario, "returns.mean_se");
    if (!economy->employment_trend_years) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the economy");
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        double *excess = pc_plan_numbers(plan, (size_t)plan->n_years + 1), first, last, decay;
        if (!excess) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the economy");
        }
        snprintf(key, sizeof key, "cost.%s.elasticity", scheme_names[s]);
        economy->elasticity[s] = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "cost.%s.excess", scheme_names[s]);
        first = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "cost.%s.excess_long_run", scheme_names[s]);
        last = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "cost.%s.decay", scheme_names[s]);
        decay = pc_scenario_number(scenario, key);
        economy->excess_decay[s] = decay;
        snprintf(key, sizeof key, "cost.%s.excess_se", scheme_names[s]);
        economy->excess_se[s] = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "cost.%s.excess_long_run_se", scheme_names[s]);
        economy->excess_long_run_se[s] = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "stress.%s.cost", scheme_names[s]);
        for (int t = 1; t <= plan->n_years; t++) {
            excess[t] = pc_cost_excess(first, last, decay, t) + pc_scenario_series(scenario, key)[t];
        }
        economy->excess[s] = excess;
        snprintf(prefix, sizeof prefix, "%s.regional_", scheme_names[s]);
        economy->cost_region[s] = read_ar1(scenario, "cost", prefix, 0);
        snprintf(key, sizeof key, "claims.%s.cv", scheme_names[s]);
        economy->claims_cv[s] = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "claims.%s.tau", scheme_names[s]);
        economy->claims_tau[s] = pc_scenario_number(scenario, key);
    }
    return read_shocks(plan, status);
}
