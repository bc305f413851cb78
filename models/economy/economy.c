/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The economy of a year: memory of its state and weather, and the order of its parts. */
#include "economy.h"

#include "parts.h"

static const double zero_row[PC_LANES] __attribute__((aligned(64)));

/* Hands out rows of a block that starts at `base`; with base NULL it only counts. */
typedef struct row_layout {
    char *base;
    size_t bytes;
} row_layout;

static double *rows(row_layout *layout, int n)
{
    double *block = layout->base ? (double *)(void *)(layout->base + layout->bytes) : NULL;

    layout->bytes += (size_t)n * PC_LANES * sizeof(double);
    return block;
}

static size_t lay_out(const pc_economy *economy, void *memory, pc_economy_state *state, pc_weather *weather)
{
    const int n = economy->n_regions;
    row_layout layout = {memory, (sizeof *state + 63) / 64 * 64};

    state->x_employment = rows(&layout, 1);
    state->y_employment = rows(&layout, n);
    state->x_wage = rows(&layout, 1);
    state->y_wage = rows(&layout, n);
    state->x_cost = rows(&layout, 1);
    state->x_return = rows(&layout, 1);
    state->shock_left = rows(&layout, economy->n_shock_instances);
    state->shock_log = rows(&layout, economy->n_shock_instances);
    weather->interest = rows(&layout, 1);
    weather->discount = rows(&layout, 1);
    weather->employment = rows(&layout, n);
    weather->wage_growth = rows(&layout, n);
    weather->wage = rows(&layout, n);
    weather->income = rows(&layout, n);
    for (int s = 0; s < PC_SCHEMES; s++) {
        state->y_cost[s] = rows(&layout, n);
        weather->cost[s] = rows(&layout, n);
        weather->shock_revenue[s] = economy->n_shocks ? rows(&layout, n) : NULL;
        weather->shock_expenditure[s] = economy->n_shocks ? rows(&layout, n) : NULL;
        weather->claims_eps[s] = NULL;
    }
    return layout.bytes;
}

size_t pc_economy_state_bytes(const pc_economy *economy)
{
    pc_economy_state state;
    pc_weather weather;

    return lay_out(economy, NULL, &state, &weather);
}

void pc_economy_start(const pc_economy *economy, void *memory, pc_weather *weather)
{
    const int n = economy->n_regions;
    const double rate = economy->return_mean[0] + economy->return_ar.start;
    pc_economy_state *state = memory;

    lay_out(economy, memory, state, weather);
    weather->year = 0;
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
        if (economy->n_shocks) {
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
    pc_employment_step(economy, province_row(drivers, PC_ROW_EMPLOYMENT),
                       region_rows(economy, drivers, PC_ROW_REGION_EMPLOYMENT), state, weather);
    pc_wages_step(economy, year, province_row(drivers, PC_ROW_WAGE), region_rows(economy, drivers, PC_ROW_REGION_WAGE),
                  state, weather);
    pc_cost_step(economy, year, province_row(drivers, PC_ROW_COST), cost, state, weather);
    pc_returns_step(economy, year, province_row(drivers, PC_ROW_RETURN), state, weather);
    pc_shocks_step(economy, drivers->shock, state, weather);
}
