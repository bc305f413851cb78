/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "base/i18n.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"probability", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Chance that it starts in a year in which it does not last.")},
    {"duration", PC_PARAM_INT, "years", 1, 50, 1, NULL, N_("Years it lasts, the year of its start included.")},
    {"size_mean", PC_PARAM_NUMBER, "index", -5, 5, 0, NULL,
     N_("Mean of the log of its size: 0.1 with a weight of 1 raises a flow by about 10 %.")},
    {"size_sd", PC_PARAM_NUMBER, "index", 0, 5, 0, NULL,
     N_("Standard deviation of the log of its size, drawn at its start.")},
    {"scope", PC_PARAM_CHOICE, "", 0, 1, 0, "whole|region",
     N_("Whether it strikes all regions at once or each region on its own.")},
    {"employee.revenue", PC_PARAM_NUMBER, "index", -5, 5, 0, NULL,
     N_("Weight on employee revenue: 0 none, 1 the full size, negative the opposite way.")},
    {"employee.expenditure", PC_PARAM_NUMBER, "index", -5, 5, 0, NULL,
     N_("Weight on employee expenditure: 0 none, 1 the full size, negative the opposite way.")},
    {"resident.revenue", PC_PARAM_NUMBER, "index", -5, 5, 0, NULL,
     N_("Weight on resident revenue: 0 none, 1 the full size, negative the opposite way.")},
    {"resident.expenditure", PC_PARAM_NUMBER, "index", -5, 5, 0, NULL,
     N_("Weight on resident expenditure: 0 none, 1 the full size, negative the opposite way.")},
};

const pc_head pc_head_shock = {
    .slot = "economy",
    .name = "shock",
    .title = N_("Shock"),
    .doc = N_("A named event, such as an epidemic or a recession, that multiplies revenue and expenditure while it "
              "lasts. One size is drawn for both schemes and both flows. Off on the central path."),
    .equation = N_("starts when u < probability; factor of a flow = exp(weight (size_mean + size_sd eps)) for "
                   "`duration` years"),
    .source = N_("Bernoulli occurrence with log-normal severity."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

/* The four flows a shock acts on: revenue and expenditure of each scheme. */
enum { FLOWS = 2 * PC_SCHEMES };

static double weight_of(const pc_shock *shock, int flow)
{
    const int scheme = flow / 2;

    return flow % 2 ? shock->weight_expenditure[scheme] : shock->weight_revenue[scheme];
}

static double *factors_of(const pc_weather *weather, int flow)
{
    const int scheme = flow / 2;

    return flow % 2 ? weather->shock_expenditure[scheme] : weather->shock_revenue[scheme];
}

PC_KERNEL
static void strike(const pc_shock *shock, const double *restrict u, const double *restrict eps, double *restrict left,
                   double *restrict size_log)
{
    const double p = shock->probability, duration = shock->duration, m = shock->m, s = shock->s;

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double still = left[lane] > 1 ? left[lane] - 1 : 0;
        const int starts = (still == 0) & (u[lane] < p);

        left[lane] = starts ? duration : still;
        size_log[lane] = starts ? m + s * eps[lane] : size_log[lane];
    }
}

PC_KERNEL
static void add(double weight, const double *restrict left, const double *restrict size_log, double *restrict sum)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        sum[lane] += left[lane] > 0 ? weight * size_log[lane] : 0;
    }
}

void pc_shocks_step(const pc_economy *economy, const double *drivers, pc_economy_state *state, pc_weather *weather)
{
    const int n_regions = economy->n_regions;

    if (economy->n_shocks == 0) {
        return;
    }
    if (!drivers) {
        for (int flow = 0; flow < FLOWS; flow++) {
            pc_fill_rows(factors_of(weather, flow), n_regions, 1);
        }
        return;
    }
    for (int k = 0; k < economy->n_shocks; k++) {
        const pc_shock *shock = &economy->shocks[k];

        for (int j = 0; j < (shock->regional ? n_regions : 1); j++) {
            const size_t at = (size_t)(shock->first_instance + j) * PC_LANES;

            strike(shock, drivers + 2 * at, drivers + 2 * at + PC_LANES, state->shock_left + at, state->shock_log + at);
        }
    }
    for (int flow = 0; flow < FLOWS; flow++) {
        double *factor = factors_of(weather, flow);
        int touched = 0;

        /* The log of a product of factors is the sum of their logs: one exponential a flow and region. A flow that no
         * shock weighs on keeps its ones. */
        for (int k = 0; k < economy->n_shocks; k++) {
            touched |= weight_of(&economy->shocks[k], flow) != 0;
        }
        if (!touched) {
            continue;
        }
        pc_fill_rows(factor, n_regions, 0);
        for (int k = 0; k < economy->n_shocks; k++) {
            const pc_shock *shock = &economy->shocks[k];
            const double weight = weight_of(shock, flow);

            if (weight == 0) {
                continue;
            }
            for (int r = 0; r < n_regions; r++) {
                const size_t at = (size_t)(shock->first_instance + (shock->regional ? r : 0)) * PC_LANES;

                add(weight, state->shock_left + at, state->shock_log + at, factor + (size_t)r * PC_LANES);
            }
        }
        pc_exp_rows(factor, factor, (size_t)n_regions * PC_LANES);
    }
}
