/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"growth", PC_PARAM_SERIES, "fraction/year", -0.2, 0.3, 0.045, NULL,
     N_("Mean logarithmic growth of the average wage, nominal, by year.")},
    {"growth_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("Standard error of the mean growth, drawn once a path.")},
    {"phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.6, NULL,
     N_("Part of the province's deviation of wage growth that is carried into the next year.")},
    {"sigma", PC_PARAM_NUMBER, "fraction/year", 0, 1, 0.016, NULL,
     N_("Standard deviation of the province's yearly innovation of wage growth.")},
    {"phi_se", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Standard error of phi, drawn once a path.")},
    {"sigma_se", PC_PARAM_NUMBER, "fraction", 0, 2, 0, NULL,
     N_("Standard error of the logarithm of sigma, drawn once a path.")},
    {"start", PC_PARAM_NUMBER, "fraction/year", -1, 1, 0, NULL,
     N_("Deviation of wage growth from its mean in the base year; it fades at the rate phi.")},
    {"regional_phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.5, NULL,
     N_("Part of a region's own deviation of wage growth that is carried into the next year.")},
    {"regional_sigma", PC_PARAM_NUMBER, "fraction/year", 0, 1, 0.01, NULL,
     N_("Standard deviation of a region's own yearly innovation of wage growth.")},
    {"income_gap", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.2, 0, NULL,
     N_("How much more slowly than the wage disposable income per head grows.")},
};

const pc_head pc_head_wages = {
    .slot = "economy",
    .name = "wages",
    .title = N_("Wages and disposable income"),
    .doc = N_("Growth of the average wage: a mean by year, a shared and a regional deviation that die away. Disposable "
              "income per head follows the wage at a fixed gap."),
    .equation = N_("gamma_r(t) = growth(t) + x_w(t) + y_w,r(t); w_r(t) = w_r(t-1) exp(gamma_r(t)); income grows at "
                   "gamma - gap"),
    .source = N_("Log-normal growth with AR(1) deviations."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

PC_KERNEL
static void growth(const pc_economy *economy, const pc_ar1_lanes *ar, double mean, const double *restrict shift,
                   pc_driver province, pc_driver region, double *x, double *y, double *gamma)
{
    pc_ar1_lanes_row(ar, province.row, x);
    for (int r = 0; r < economy->n_regions; r++) {
        double *restrict own = y + (size_t)r * PC_LANES;
        double *restrict out = gamma + (size_t)r * PC_LANES;

        pc_ar1_row(&economy->wage_region, region.row + (size_t)r * region.stride, own);
#pragma omp simd
        for (int lane = 0; lane < PC_LANES; lane++) {
            out[lane] = (mean + shift[lane]) + x[lane] + own[lane];
        }
    }
}

PC_KERNEL
static void levels(const double *restrict factor, double income_factor, double *restrict wage, double *restrict income)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        wage[lane] *= factor[lane];
        income[lane] *= factor[lane] * income_factor;
    }
}

void pc_wages_step(const pc_economy *economy, int year, pc_driver province, pc_driver region, pc_economy_state *state,
                   pc_weather *weather)
{
    /* exp(gamma - gap) = exp(gamma) exp(-gap): one exponential serves both levels. */
    const double income_factor = pc_exp(-economy->income_gap);
    _Alignas(64) double factor[PC_LANES];

    growth(economy, &state->wage, economy->wage_growth[year], state->wage_shift, province, region, state->x_wage,
           state->y_wage, weather->wage_growth);
    for (int r = 0; r < economy->n_regions; r++) {
        const size_t at = (size_t)r * PC_LANES;

        pc_exp_rows(factor, weather->wage_growth + at, PC_LANES);
        levels(factor, income_factor, weather->wage + at, weather->income + at);
    }
}
