/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"employee.elasticity", PC_PARAM_NUMBER, "index", -2, 5, 1, NULL,
     N_("Growth of employees' cost per head for one point of wage growth, at fixed age and benefits.")},
    {"employee.excess", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.3, 0.013, NULL,
     N_("Growth of employees' cost per head beyond that, in the first year after the base year.")},
    {"employee.excess_long_run", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.3, 0.003, NULL,
     N_("What employees' excess growth of cost tends to in the long run.")},
    {"employee.decay", PC_PARAM_NUMBER, "fraction", 0, 1, 0.93, NULL,
     N_("Part of the distance to the long-run excess growth that is left after a year, employees.")},
    {"resident.elasticity", PC_PARAM_NUMBER, "index", -2, 5, 1, NULL,
     N_("Growth of residents' cost per head for one point of wage growth, at fixed age and benefits.")},
    {"resident.excess", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.3, 0, NULL,
     N_("Growth of residents' cost per head beyond that, in the first year after the base year.")},
    {"resident.excess_long_run", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.3, 0, NULL,
     N_("What residents' excess growth of cost tends to in the long run.")},
    {"resident.decay", PC_PARAM_NUMBER, "fraction", 0, 1, 0.93, NULL,
     N_("Part of the distance to the long-run excess growth that is left after a year, residents.")},
    {"employee.excess_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("Standard error of employees' excess growth in the first year, drawn once a path.")},
    {"employee.excess_long_run_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("Standard error of employees' excess growth in the long run, drawn once a path.")},
    {"resident.excess_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("Standard error of residents' excess growth in the first year, drawn once a path.")},
    {"resident.excess_long_run_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("Standard error of residents' excess growth in the long run, drawn once a path.")},
    {"phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.4, NULL,
     N_("Part of the deviation of cost growth shared by both schemes that is carried into the next year.")},
    {"sigma", PC_PARAM_NUMBER, "fraction/year", 0, 1, 0.025, NULL,
     N_("Standard deviation of the yearly innovation of cost growth shared by both schemes.")},
    {"phi_se", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Standard error of phi, drawn once a path.")},
    {"sigma_se", PC_PARAM_NUMBER, "fraction", 0, 2, 0, NULL,
     N_("Standard error of the logarithm of sigma, drawn once a path.")},
    {"start", PC_PARAM_NUMBER, "fraction/year", -1, 1, 0, NULL,
     N_("Deviation of the shared cost growth in the base year; it fades at the rate phi.")},
    {"employee.regional_phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.5, NULL,
     N_("Part of a region's own deviation of employees' cost growth that is carried into the next year.")},
    {"employee.regional_sigma", PC_PARAM_NUMBER, "fraction/year", 0, 1, 0.015, NULL,
     N_("Standard deviation of a region's own yearly innovation of employees' cost growth.")},
    {"resident.regional_phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.5, NULL,
     N_("Part of a region's own deviation of residents' cost growth that is carried into the next year.")},
    {"resident.regional_sigma", PC_PARAM_NUMBER, "fraction/year", 0, 1, 0.015, NULL,
     N_("Standard deviation of a region's own yearly innovation of residents' cost growth.")},
};

const pc_head pc_head_cost = {
    .slot = "economy",
    .name = "cost",
    .title = N_("Cost per head"),
    .doc =
        N_("Growth of the cost of a member of fixed age under fixed benefits: an elasticity to wages, an excess that "
           "decays to its long-run value, and shared and regional deviations that die away."),
    .equation = N_("growth = elasticity gamma_r(t) + xi(t) + x_c(t) + y_c,r(t); xi(t) = long_run + (excess - long_run) "
                   "decay^(t - t0 - 1)"),
    .source = N_("After Getzen's long-run medical cost trend model, where excess growth over income fades."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

double pc_cost_excess(double first, double long_run, double decay, int year)
{
    double part = 1;

    if (year < 1) {
        return 0;
    }
    for (int t = 1; t < year; t++) {
        part *= decay;
    }
    return long_run + (first - long_run) * part;
}

PC_KERNEL
static void shared(const pc_ar1_lanes *ar, const double *eps, double *x)
{
    pc_ar1_lanes_row(ar, eps, x);
}

PC_KERNEL
static void excess_row(double mean, double left, const double *restrict first, const double *restrict end,
                       double *restrict out)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        out[lane] = mean + (left * first[lane] + (1 - left) * end[lane]);
    }
}

PC_KERNEL
static void growth(const pc_ar1 *ar, double elasticity, const double *restrict excess, const double *restrict eps,
                   const double *restrict gamma, const double *restrict x, double *restrict y, double *restrict out)
{
    pc_ar1_row(ar, eps, y);
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        out[lane] = elasticity * gamma[lane] + excess[lane] + x[lane] + y[lane];
    }
}

PC_KERNEL
static void multiply(const double *restrict factor, double *restrict level)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        level[lane] *= factor[lane];
    }
}

void pc_cost_step(const pc_economy *economy, int year, pc_driver province, const pc_driver region[PC_SCHEMES],
                  pc_economy_state *state, pc_weather *weather)
{
    _Alignas(64) double factor[PC_LANES], excess[PC_LANES];

    shared(&state->cost, province.row, state->x_cost);
    for (int s = 0; s < PC_SCHEMES; s++) {
        excess_row(economy->excess[s][year], pc_cost_excess(1, 0, economy->excess_decay[s], year),
                   state->excess_shift[s], state->excess_end[s], excess);
        for (int r = 0; r < economy->n_regions; r++) {
            const size_t at = (size_t)r * PC_LANES;

            growth(&economy->cost_region[s], economy->elasticity[s], excess,
                   region[s].row + (size_t)r * region[s].stride, weather->wage_growth + at, state->x_cost,
                   state->y_cost[s] + at, factor);
            pc_exp_rows(factor, factor, PC_LANES);
            multiply(factor, weather->cost[s] + at);
        }
    }
}
