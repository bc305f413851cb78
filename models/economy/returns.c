/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"mean", PC_PARAM_SERIES, "fraction/year", -0.1, 0.3, 0.02, NULL, N_("Mean interest on balances, by year.")},
    {"mean_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.1, 0, NULL,
     N_("Standard error of the mean interest, drawn once a path.")},
    {"phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.8, NULL,
     N_("Part of the deviation of interest that is carried into the next year.")},
    {"sigma", PC_PARAM_NUMBER, "fraction/year", 0, 1, 0.004, NULL,
     N_("Standard deviation of the yearly innovation of interest.")},
    {"phi_se", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Standard error of phi, drawn once a path.")},
    {"sigma_se", PC_PARAM_NUMBER, "fraction", 0, 2, 0, NULL,
     N_("Standard error of the logarithm of sigma, drawn once a path.")},
    {"start", PC_PARAM_NUMBER, "fraction/year", -1, 1, 0, NULL,
     N_("Deviation of interest from its mean in the base year; it fades at the rate phi.")},
    {"floor", PC_PARAM_NUMBER, "fraction/year", -0.5, 0.5, 0, NULL, N_("Lowest interest on balances.")},
    {"spread", PC_PARAM_NUMBER, "fraction/year", 0, 0.5, 0, NULL,
     N_("What overdrawn balances pay on top of the interest.")},
};

const pc_head pc_head_returns = {
    .slot = "economy",
    .name = "returns",
    .title = N_("Interest on balances"),
    .doc = N_("One rate for all balances: a mean by year and a deviation that dies away, never below the floor. The "
              "deviation itself goes on below the floor."),
    .equation = N_("i(t) = max(floor, mean(t) + x_i(t)); x AR(1); overdrawn balances pay i + spread"),
    .source = N_("Vasicek's short rate in yearly steps, with a floor."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

PC_KERNEL
static void rates(const pc_ar1_lanes *ar, double mean, const double *restrict shift, double floor_rate,
                  const double *restrict eps, double *restrict x, double *restrict interest, double *restrict discount)
{
    pc_ar1_lanes_row(ar, eps, x);
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double rate = (mean + shift[lane]) + x[lane];

        interest[lane] = rate > floor_rate ? rate : floor_rate;
        discount[lane] *= 1 + interest[lane];
    }
}

void pc_returns_step(const pc_economy *economy, int year, pc_driver province, pc_economy_state *state,
                     pc_weather *weather)
{
    rates(&state->returns, economy->return_mean[year], state->return_shift, economy->return_floor, province.row,
          state->x_return, weather->interest, weather->discount);
}
