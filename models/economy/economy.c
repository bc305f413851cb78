/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The economy of a year: memory of its state and weather, and the order of its parts. */
#include "economy.h"

#include "base/math.h"
#include "carver.h"
#include "parts.h"

static const double zero_row[PC_LANES] __attribute__((aligned(64)));
static const double phi_most = 0.99; /* of a drawn phi, either way */

/* The whole's AR(1)s, in the order of this function. */
enum { LANES_EMPLOYMENT, LANES_WAGE, LANES_COST, LANES_RETURN, N_LANES };

static pc_ar1_lanes *lanes_of(pc_economy_state *state, int k)
{
    pc_ar1_lanes *const all[N_LANES] = {&state->employment, &state->wage, &state->cost, &state->returns};

    return all[k];
}

static int has_factors(const pc_economy *economy)
{
    return economy->n_shocks > 0 || economy->sure_revenue[PC_EMPLOYEE] != NULL;
}

static size_t lay_out(const pc_economy *economy, void *memory, pc_economy_state *state, pc_weather *weather)
{
    const size_t n = (size_t)economy->n_regions;
    pc_carver c = {.base = memory};

    pc_carve(&c, sizeof *state);
    state->x_employment = pc_carve_rows(&c, 1);
    state->y_employment = pc_carve_rows(&c, n);
    state->x_wage = pc_carve_rows(&c, 1);
    state->y_wage = pc_carve_rows(&c, n);
    state->x_cost = pc_carve_rows(&c, 1);
    state->x_return = pc_carve_rows(&c, 1);
    for (int k = 0; k < N_LANES; k++) {
        pc_ar1_lanes *ar = lanes_of(state, k);
        ar->phi = pc_carve_rows(&c, 1);
        ar->sigma = pc_carve_rows(&c, 1);
    }
    state->employment_trend = pc_carve_rows(&c, n);
    state->wage_shift = pc_carve_rows(&c, 1);
    state->return_shift = pc_carve_rows(&c, 1);
    for (int s = 0; s < PC_SCHEMES; s++) {
        state->excess_shift[s] = pc_carve_rows(&c, 1);
        state->excess_end[s] = pc_carve_rows(&c, 1);
    }
    state->shock_left = pc_carve_rows(&c, (size_t)economy->n_shock_instances);
    state->shock_log = pc_carve_rows(&c, (size_t)economy->n_shock_instances);
    weather->interest = pc_carve_rows(&c, 1);
    weather->discount = pc_carve_rows(&c, 1);
    weather->employment = pc_carve_rows(&c, n);
    weather->wage_growth = pc_carve_rows(&c, n);
    weather->wage = pc_carve_rows(&c, n);
    weather->income = pc_carve_rows(&c, n);
    for (int s = 0; s < PC_SCHEMES; s++) {
        state->y_cost[s] = pc_carve_rows(&c, n);
        weather->cost[s] = pc_carve_rows(&c, n);
        weather->shock_revenue[s] = has_factors(economy) ? pc_carve_rows(&c, n) : NULL;
        weather->shock_expenditure[s] = has_factors(economy) ? pc_carve_rows(&c, n) : NULL;
        weather->claims_eps[s] = NULL;
    }
    return c.used;
}

size_t pc_economy_state_bytes(const pc_economy *economy)
{
    pc_economy_state state;
    pc_weather weather;

    return lay_out(economy, NULL, &state, &weather);
}

static void known_parameters(const pc_economy *economy, pc_economy_state *state)
{
    const pc_ar1 *const ar[N_LANES] = {&economy->employment, &economy->wage, &economy->cost, &economy->return_ar};

    for (int k = 0; k < N_LANES; k++) {
        pc_fill_rows(lanes_of(state, k)->phi, 1, ar[k]->phi);
        pc_fill_rows(lanes_of(state, k)->sigma, 1, ar[k]->sigma);
    }
    pc_fill_rows(state->employment_trend, economy->n_regions, economy->employment_trend);
    pc_fill_rows(state->wage_shift, 1, 0);
    pc_fill_rows(state->return_shift, 1, 0);
    for (int s = 0; s < PC_SCHEMES; s++) {
        pc_fill_rows(state->excess_shift[s], 1, 0);
        pc_fill_rows(state->excess_end[s], 1, 0);
    }
}

/* out += se eps */
static void shift_row(double se, const double *eps, double *out)
{
    for (int lane = 0; lane < PC_LANES; lane++) {
        out[lane] += se * eps[lane];
    }
}

static double within(double x, double limit)
{
    return x > limit ? limit : x < -limit ? -limit : x;
}

/* What a path has for its uncertain parameters. Where a standard error is 0 the value stays to the last bit. */
static void drawn_parameters(const pc_economy *economy, const double *eps, pc_economy_state *state)
{
    static const int first[N_LANES] = {PC_UNCERTAIN_EMPLOYMENT, PC_UNCERTAIN_WAGE, PC_UNCERTAIN_COST,
                                       PC_UNCERTAIN_RETURN};
    const pc_ar1_error *const error[N_LANES] = {&economy->employment_error, &economy->wage_error, &economy->cost_error,
                                                &economy->return_error};
    const double *const own =
        eps +
        ((size_t)PC_UNCERTAIN_WHOLE + (size_t)PC_UNCERTAIN_REGION_EMPLOYMENT * (size_t)economy->n_regions) * PC_LANES;

    for (int k = 0; k < N_LANES; k++) {
        double *phi = lanes_of(state, k)->phi, *sigma = lanes_of(state, k)->sigma;
        const double *e = eps + (size_t)first[k] * PC_LANES;
        for (int lane = 0; lane < PC_LANES; lane++) {
            phi[lane] = error[k]->phi > 0 ? within(phi[lane] + error[k]->phi * e[lane], phi_most) : phi[lane];
            sigma[lane] *= error[k]->sigma > 0 ? pc_exp(error[k]->sigma * e[PC_LANES + lane]) : 1;
        }
    }
    for (int r = 0; r < economy->n_regions; r++) {
        const size_t at = (size_t)r * PC_LANES;
        shift_row(economy->employment_trend_se, eps + PC_UNCERTAIN_EMPLOYMENT_TREND * PC_LANES,
                  state->employment_trend + at);
        shift_row(economy->employment_region_trend_se, own + at, state->employment_trend + at);
    }
    shift_row(economy->wage_growth_se, eps + PC_UNCERTAIN_WAGE_GROWTH * PC_LANES, state->wage_shift);
    shift_row(economy->return_mean_se, eps + PC_UNCERTAIN_RETURN_MEAN * PC_LANES, state->return_shift);
    for (int s = 0; s < PC_SCHEMES; s++) {
        const double *e = eps + (size_t)(PC_UNCERTAIN_EXCESS + 2 * s) * PC_LANES;
        shift_row(economy->excess_se[s], e, state->excess_shift[s]);
        shift_row(economy->excess_long_run_se[s], e + PC_LANES, state->excess_end[s]);
    }
}

void pc_economy_start(const pc_economy *economy, void *memory, pc_weather *weather)
{
    const int n = economy->n_regions;
    const double rate = economy->return_mean[0] + economy->return_ar.start;
    pc_economy_state *state = memory;

    lay_out(economy, memory, state, weather);
    weather->year = 0;
    known_parameters(economy, state);
    pc_fill_rows(state->x_employment, 1, economy->employment.start);
    pc_fill_rows(state->y_employment, n, economy->employment_region.start);
    pc_fill_rows(state->x_wage, 1, economy->wage.start);
    pc_fill_rows(state->y_wage, n, economy->wage_region.start);
    pc_fill_rows(state->x_cost, 1, economy->cost.start);
    pc_fill_rows(state->x_return, 1, economy->return_ar.start);
    pc_fill_rows(state->shock_left, economy->n_shock_instances, 0);
    pc_fill_rows(state->shock_log, economy->n_shock_instances, 0);
    pc_fill_rows(weather->interest, 1, rate > economy->return_floor ? rate : economy->return_floor);
    pc_fill_rows(weather->discount, 1, 1);
    pc_fill_rows(weather->employment, n, 1);
    pc_fill_rows(weather->wage_growth, n, 0);
    for (int r = 0; r < n; r++) {
        pc_fill_rows(weather->wage + (size_t)r * PC_LANES, 1, economy->wage_start[r]);
    }
    pc_fill_rows(weather->income, n, 1);
    for (int s = 0; s < PC_SCHEMES; s++) {
        pc_fill_rows(state->y_cost[s], n, economy->cost_region[s].start);
        pc_fill_rows(weather->cost[s], n, 1);
        if (has_factors(economy)) {
            pc_fill_rows(weather->shock_revenue[s], n, 1);
            pc_fill_rows(weather->shock_expenditure[s], n, 1);
        }
    }
}

static pc_driver province_row(const pc_year_drivers *drivers, int row)
{
    return (pc_driver){drivers->province ? drivers->province + (size_t)row * PC_LANES : zero_row, 0};
}

static pc_driver region_rows(const pc_economy *economy, const pc_year_drivers *drivers, int row)
{
    if (!drivers->region) {
        return (pc_driver){zero_row, 0};
    }
    return (pc_driver){drivers->region + (size_t)row * (size_t)economy->n_regions * PC_LANES, PC_LANES};
}

void pc_economy_step(const pc_economy *economy, int year, const pc_year_drivers *drivers, void *memory,
                     pc_weather *weather)
{
    pc_economy_state *state = memory;
    pc_driver cost[PC_SCHEMES];

    weather->year = year;
    for (int s = 0; s < PC_SCHEMES; s++) {
        cost[s] = region_rows(economy, drivers, PC_ROW_REGION_COST + s);
        weather->claims_eps[s] = drivers->region ? region_rows(economy, drivers, PC_ROW_CLAIMS + s).row : NULL;
    }
    if (year == 1 && drivers->uncertain) {
        drawn_parameters(economy, drivers->uncertain, state);
    }
    pc_employment_step(economy, year, province_row(drivers, PC_ROW_EMPLOYMENT),
                       region_rows(economy, drivers, PC_ROW_REGION_EMPLOYMENT), state, weather);
    pc_wages_step(economy, year, province_row(drivers, PC_ROW_WAGE), region_rows(economy, drivers, PC_ROW_REGION_WAGE),
                  state, weather);
    pc_cost_step(economy, year, province_row(drivers, PC_ROW_COST), cost, state, weather);
    pc_returns_step(economy, year, province_row(drivers, PC_ROW_RETURN), state, weather);
    pc_stress_start(economy, weather);
    pc_shocks_step(economy, drivers->shock, state, weather);
    pc_stress_step(economy, year, weather);
}
