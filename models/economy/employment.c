/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.8, NULL,
     N_("Part of the province's deviation of employment that is carried into the next year.")},
    {"sigma", PC_PARAM_NUMBER, "fraction", 0, 1, 0.01, NULL,
     N_("Standard deviation of the province's yearly innovation of log employment.")},
    {"start", PC_PARAM_NUMBER, "fraction", -1, 1, 0, NULL,
     N_("Deviation of log employment from its level at the end of the base year; it fades at the rate phi.")},
    {"regional_phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.7, NULL,
     N_("Part of a region's own deviation of employment that is carried into the next year.")},
    {"regional_sigma", PC_PARAM_NUMBER, "fraction", 0, 1, 0.005, NULL,
     N_("Standard deviation of a region's own yearly innovation of log employment.")},
    {"phi_se", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Standard error of phi, drawn once a path.")},
    {"sigma_se", PC_PARAM_NUMBER, "fraction", 0, 2, 0, NULL,
     N_("Standard error of the logarithm of sigma, drawn once a path.")},
    {"trend", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.2, 0, NULL,
     N_("Mean growth of the employment level a year beside what the membership table gives.")},
    {"trend_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("Standard error of that growth, drawn once a path.")},
    {"regional_trend_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("The same of a region's own growth beside that, drawn once a path for each region about 0.")},
    {"trend_fade", PC_PARAM_SERIES, "index", 0, 1, 1, NULL, N_("Part of these growths that is left in a year.")},
    {"max", PC_PARAM_NUMBER, "index", 1, 5, 1.10, NULL,
     N_("Highest level of contributors relative to the membership table; no age may exceed full membership either.")},
};

const pc_head pc_head_employment = {
    .slot = "economy",
    .name = "employment",
    .title = N_("Employment level"),
    .doc =
        N_("Contributors of a year relative to what membership by age gives: a shared and a regional deviation, both "
           "returning to 0. Who is not a contributor is counted with the residents."),
    .equation = N_("h_r(t) = min(max, 1 / max_a e_a (1 - rho_a), exp(x_h(t) + y_h,r(t) + g_r sum of fade)); x, y "
                   "AR(1), g_r once a path"),
    .source = N_("Stationary log-linear AR(1), a common choice for cyclical employment."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

PC_KERNEL
static void deviations(const pc_economy *economy, const pc_ar1_lanes *ar, double shift, double years,
                       const double *trend, pc_driver province, pc_driver region, double *x, double *y, double *level)
{
    pc_ar1_lanes_row(ar, province.row, x);
    for (int r = 0; r < economy->n_regions; r++) {
        double *restrict own = y + (size_t)r * PC_LANES;
        const double *restrict growth = trend + (size_t)r * PC_LANES;
        double *restrict out = level + (size_t)r * PC_LANES;

        pc_ar1_row(&economy->employment_region, region.row + (size_t)r * region.stride, own);
#pragma omp simd
        for (int lane = 0; lane < PC_LANES; lane++) {
            out[lane] = x[lane] + own[lane] + years * growth[lane] + shift;
        }
    }
}

void pc_employment_step(const pc_economy *economy, int year, pc_driver province, pc_driver region,
                        pc_economy_state *state, pc_weather *weather)
{
    const double years = economy->employment_trend_years ? economy->employment_trend_years[year] : 0;
    const double shift = economy->employment_shift ? economy->employment_shift[year] : 0;

    deviations(economy, &state->employment, shift, years, state->employment_trend, province, region,
               state->x_employment, state->y_employment, weather->employment);
    pc_exp_rows(weather->employment, weather->employment, (size_t)economy->n_regions * PC_LANES);
}
