/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "people/migration.h"

#include "base/math.h"
#include "people/heads.h"
#include "people/mortality.h"

PC_KERNEL void pc_migration_rates(const pc_people *people, int year, double *deviation, const double *eps,
                                  const double *population, double *rates)
{
    const int n_regions = people->n_regions;
    const pc_ar1 ar = people->migration_ar;
    double mean[PC_TILE] = {0};

    for (int r = 0; r < n_regions; r++) {
        const double base = people->migration_rate[r] * people->migration_fade[year];
        for (int lane = 0; lane < PC_TILE; lane++) {
            double *u = deviation + r * PC_TILE + lane;
            *u = ar.phi * *u + ar.sigma * eps[r * PC_LANES + lane];
            rates[r * PC_TILE + lane] = base + *u;
        }
    }
    if (people->migration_closed) {
        double whole[PC_TILE] = {0};
        /* The same arithmetic with given weights as with the lane's own: so the central path, which defines the
         * weights, is what a run with those weights gives when all drivers are 0. */
        for (int r = 0; r < n_regions && !people->closed_weight; r++) {
            for (int lane = 0; lane < PC_TILE; lane++) {
                whole[lane] += population[r * PC_LANES + lane];
            }
        }
        for (int r = 0; r < n_regions; r++) {
            for (int lane = 0; lane < PC_TILE; lane++) {
                double weight = people->closed_weight ? people->closed_weight[year * n_regions + r]
                                : whole[lane] > 0     ? population[r * PC_LANES + lane] / whole[lane]
                                                      : 1.0 / n_regions;
                mean[lane] += weight * rates[r * PC_TILE + lane];
            }
        }
    }
    const double extra = people->migration_extra ? people->migration_extra[year] : 0;
    for (int r = 0; r < n_regions; r++) {
        for (int lane = 0; lane < PC_TILE; lane++) {
            rates[r * PC_TILE + lane] -= mean[lane] - extra;
        }
    }
}

void pc_migration_weights(const pc_people *people, const double *sums, double *weight)
{
    const int n_regions = people->n_regions;
    const size_t year_stride = (size_t)pc_people_n_sums(people) * (size_t)n_regions * PC_LANES;

    for (int year = 0; year <= people->n_years; year++) {
        const double *population = sums + (size_t)(year > 0 ? year - 1 : 0) * year_stride +
                                   (size_t)PC_SUM_POPULATION * (size_t)n_regions * PC_LANES;
        double whole = 0;
        for (int r = 0; r < n_regions; r++) {
            whole += population[r * PC_LANES];
        }
        for (int r = 0; r < n_regions; r++) {
            weight[year * n_regions + r] = whole > 0 ? population[r * PC_LANES] / whole : 1.0 / n_regions;
        }
    }
}

static const pc_param params[] = {
    {"phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.7, NULL, N_("persistence of a region's deviation")},
    {"sigma", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0.001, NULL, N_("standard deviation of its yearly innovation")},
    {"start", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.2, 0, NULL, N_("deviation at the base year")},
    {"closed", PC_PARAM_BOOL, "", 0, 1, 0, NULL,
     N_("take off the population-weighted mean, so that moves are within the run")},
    {"fade", PC_PARAM_SERIES, "fraction", 0, 1, 1, NULL, N_("factor on the mean rates by year")},
};

const pc_head pc_head_migration = {
    .slot = "people",
    .name = "migration",
    .title = N_("Net migration"),
    .doc = N_(
        "A region gains or loses a share of its population a year: a mean rate that fades by a table, and an AR(1). "
        "Moves "
        "are spread over ages and sexes by fixed shares. A cohort loses at most half of its survivors in a year; what "
        "that withholds is counted. With `closed`, moves sum to zero over the regions at central weights."),
    .equation = N_("G_{g,a}(t) = n_r(t) P_r(t-1) psi_{g,a}; n_r(t) = nbar_r fade(t) + u_r(t) [- sum_s w_s n_s(t)]; "
                   "u_r(t) = phi u_r(t-1) + sigma eps_r(t); G >= -survivors / 2"),
    .source = N_("Rogers and Castro (1981), Model migration schedules, IIASA RR-81-30, for age shares; poolcast model, "
                 "section 1.4"),
    .params = params,
    .n_params = (int)(sizeof params / sizeof params[0]),
};
