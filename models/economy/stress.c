/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is certain to come: deviations from the course of the other sections, the same on every path. The plan puts
 * those of people and employment where these are computed; the factors on flows are applied here. */
#include "base/i18n.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"mortality", PC_PARAM_SERIES, "index", -100, 100, 0, NULL,
     N_("Added to the mortality index in these years; -1 is a year of usual progress, a positive number kills.")},
    {"mortality_drift", PC_PARAM_SERIES, "index", -10, 10, 0, NULL,
     N_("Added to the yearly change of the mortality index; what it has gained stays.")},
    {"migration", PC_PARAM_SERIES, "fraction/year", -0.2, 0.2, 0, NULL,
     N_("Added to every region's net migration rate, also where migration is closed; ages as in the migration table.")},
    {"pension_age", PC_PARAM_SERIES, "years", -10, 10, 0, NULL,
     N_("Added to all pension ages, those of policies too; they rise by at most one year a year all the same.")},
    {"employment", PC_PARAM_SERIES, "fraction", -1, 1, 0, NULL, N_("Added to the log of the employment level.")},
    {"employee.cost", PC_PARAM_SERIES, "fraction/year", -0.5, 0.5, 0, NULL,
     N_("Added to the growth of employees' cost per head; the level stays changed.")},
    {"resident.cost", PC_PARAM_SERIES, "fraction/year", -0.5, 0.5, 0, NULL,
     N_("Added to the growth of residents' cost per head; the level stays changed.")},
    {"employee.revenue", PC_PARAM_SERIES, "index", 0.01, 10, 1, NULL, N_("Factor on employee revenue.")},
    {"employee.expenditure", PC_PARAM_SERIES, "index", 0.01, 10, 1, NULL, N_("Factor on employee expenditure.")},
    {"resident.revenue", PC_PARAM_SERIES, "index", 0.01, 10, 1, NULL, N_("Factor on resident revenue.")},
    {"resident.expenditure", PC_PARAM_SERIES, "index", 0.01, 10, 1, NULL, N_("Factor on resident expenditure.")},
    {"local.regions", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("Where the next two factors act: codes of regions with commas, or largest, the region with the most employee "
        "members.")},
    {"local.revenue", PC_PARAM_SERIES, "index", 0.01, 10, 1, NULL, N_("Factor on both schemes' revenue there.")},
    {"local.expenditure", PC_PARAM_SERIES, "index", 0.01, 10, 1, NULL,
     N_("Factor on both schemes' expenditure there.")},
};

const pc_head pc_head_stress = {
    .slot = "economy",
    .name = "stress",
    .title = N_("Stress"),
    .doc = N_("Deviations that are sure to come in given years, on every path and on the central one: what a stress "
              "test adds to a scenario. Without it nothing changes. Factors on flows act as those of shocks. "
              "Rules that look ahead on the central path foresee it. What moves people may begin in the second year "
              "after the base year: on the first the base year's accounts are calibrated."),
    .equation = N_("kappa(t) read as kappa(t) + s_k(t) + sum_{u <= t} d(u); n_r(t) + s_n(t); A_k(t) + s_A(t); "
                   "ln h_r(t) + s_h(t); growth of C_s + s_s(t); R, E times the factors of scheme and place"),
    .source = "",
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

static double *rows_of(const pc_weather *weather, int scheme, int expenditure)
{
    return expenditure ? weather->shock_expenditure[scheme] : weather->shock_revenue[scheme];
}

PC_KERNEL
static void scale(double factor, double *restrict row)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        row[lane] *= factor;
    }
}

void pc_stress_start(const pc_economy *economy, pc_weather *weather)
{
    for (int flow = 0; economy->sure_revenue[PC_EMPLOYEE] && flow < 2 * PC_SCHEMES; flow++) {
        pc_fill_rows(rows_of(weather, flow / 2, flow % 2), economy->n_regions, 1);
    }
}

void pc_stress_step(const pc_economy *economy, int year, pc_weather *weather)
{
    for (int flow = 0; economy->sure_revenue[PC_EMPLOYEE] && flow < 2 * PC_SCHEMES; flow++) {
        const int s = flow / 2;
        const double *factor =
            (flow % 2 ? economy->sure_expenditure[s] : economy->sure_revenue[s]) + year * economy->n_regions;

        for (int r = 0; r < economy->n_regions; r++) {
            scale(factor[r], rows_of(weather, s, flow % 2) + (size_t)r * PC_LANES);
        }
    }
}
