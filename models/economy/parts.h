/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the economy: its state and the step of each part. Only the files of this folder include it. */
#ifndef PC_MODELS_ECONOMY_PARTS_H
#define PC_MODELS_ECONOMY_PARTS_H

#include "base/math.h"
#include "economy.h"

/* The head of the state; rows follow. x: whole province, y: [region]. */
/* phi and sigma of a whole's AR(1), by lane. */
typedef struct pc_ar1_lanes {
    double *phi, *sigma;
} pc_ar1_lanes;

typedef struct pc_economy_state {
    double *x_employment, *y_employment;
    double *x_wage, *y_wage;
    double *x_cost, *y_cost[PC_SCHEMES];
    double *x_return;
    double *shock_left; /* [instance] years a shock has still to last, this year included; 0 inactive */
    double *shock_log;  /* [instance] m + s eps of the shock that lasts */
    pc_ar1_lanes employment, wage, cost, returns;
    double *employment_trend;                                  /* [region] growth a year */
    double *wage_shift, *return_shift;                         /* of the mean */
    double *excess_shift[PC_SCHEMES], *excess_end[PC_SCHEMES]; /* of the first and of the long-run excess */
} pc_economy_state;

/* The rows of one driver: that of region r at row + r * stride. */
typedef struct pc_driver {
    const double *row;
    size_t stride; /* PC_LANES, or 0 where all regions read the same row of zeros */
} pc_driver;

/* x(t) = phi x(t-1) + sigma eps(t), a row. */
static inline void pc_ar1_row(const pc_ar1 *ar, const double *restrict eps, double *restrict x)
{
    const double phi = ar->phi, sigma = ar->sigma;

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        x[lane] = phi * x[lane] + sigma * eps[lane];
    }
}

/* The same with phi and sigma of each lane's own. */
static inline void pc_ar1_lanes_row(const pc_ar1_lanes *ar, const double *restrict eps, double *restrict x)
{
    const double *restrict phi = ar->phi, *restrict sigma = ar->sigma;

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        x[lane] = phi[lane] * x[lane] + sigma[lane] * eps[lane];
    }
}

static inline void pc_fill_rows(double *rows, int n_rows, double value)
{
    for (size_t i = 0; i < (size_t)n_rows * PC_LANES; i++) {
        rows[i] = value;
    }
}

void pc_employment_step(const pc_economy *economy, int year, pc_driver province, pc_driver region,
                        pc_economy_state *state, pc_weather *weather);
/* Wage growth, wages, disposable income. */
void pc_wages_step(const pc_economy *economy, int year, pc_driver province, pc_driver region, pc_economy_state *state,
                   pc_weather *weather);
/* After the wages of the year. */
void pc_cost_step(const pc_economy *economy, int year, pc_driver province, const pc_driver region[PC_SCHEMES],
                  pc_economy_state *state, pc_weather *weather);
void pc_returns_step(const pc_economy *economy, int year, pc_driver province, pc_economy_state *state,
                     pc_weather *weather);
/* drivers: [instance][2][PC_LANES] or NULL. */
void pc_shocks_step(const pc_economy *economy, const double *drivers, pc_economy_state *state, pc_weather *weather);
/* Around the shocks: every flow's factor 1, then times the sure factor of the year. Nothing without sure factors. */
void pc_stress_start(const pc_economy *economy, pc_weather *weather);
void pc_stress_step(const pc_economy *economy, int year, pc_weather *weather);

#endif
