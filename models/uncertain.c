/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "uncertain.h"

static const char *const whole[PC_UNCERTAIN_WHOLE] = {
    [PC_UNCERTAIN_EMPLOYMENT_TREND] = "employment.trend",
    [PC_UNCERTAIN_EMPLOYMENT] = "employment.phi",
    [PC_UNCERTAIN_EMPLOYMENT + 1] = "employment.sigma",
    [PC_UNCERTAIN_WAGE_GROWTH] = "wages.growth",
    [PC_UNCERTAIN_WAGE] = "wages.phi",
    [PC_UNCERTAIN_WAGE + 1] = "wages.sigma",
    [PC_UNCERTAIN_EXCESS] = "cost.employee.excess",
    [PC_UNCERTAIN_EXCESS + 1] = "cost.employee.excess_long_run",
    [PC_UNCERTAIN_EXCESS + 2] = "cost.resident.excess",
    [PC_UNCERTAIN_EXCESS + 3] = "cost.resident.excess_long_run",
    [PC_UNCERTAIN_COST] = "cost.phi",
    [PC_UNCERTAIN_COST + 1] = "cost.sigma",
    [PC_UNCERTAIN_RETURN_MEAN] = "returns.mean",
    [PC_UNCERTAIN_RETURN] = "returns.phi",
    [PC_UNCERTAIN_RETURN + 1] = "returns.sigma",
    [PC_UNCERTAIN_RETIREES] = "membership.retirees",
};
static const char *const region[PC_UNCERTAIN_REGION] = {
    [PC_UNCERTAIN_REGION_EMPLOYMENT] = "employment.trend",
    [PC_UNCERTAIN_REGION_RETIREES] = "membership.retirees",
};

const char *pc_uncertain_name(int row)
{
    return row >= 0 && row < PC_UNCERTAIN_WHOLE ? whole[row] : NULL;
}

const char *pc_uncertain_region_name(int row)
{
    return row >= 0 && row < PC_UNCERTAIN_REGION ? region[row] : NULL;
}

int pc_uncertain_wanted(const pc_people *people, const pc_economy *economy)
{
    const pc_ar1_error *errors[] = {&economy->employment_error, &economy->wage_error, &economy->cost_error,
                                    &economy->return_error};
    int wanted = people->retirees_se > 0 || people->retirees_region_se > 0 || economy->employment_trend_se > 0 ||
                 economy->employment_region_trend_se > 0 || economy->wage_growth_se > 0 || economy->return_mean_se > 0;

    for (size_t k = 0; k < sizeof errors / sizeof *errors; k++) {
        wanted |= errors[k]->phi > 0 || errors[k]->sigma > 0;
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        wanted |= economy->excess_se[s] > 0 || economy->excess_long_run_se[s] > 0;
    }
    return wanted;
}
