/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a leaf puts out of its weather: the people and the economy that every policy meets. */
#include "weather_outputs.h"

#include <math.h>

#include "base/i18n.h"
#include "base/math.h"
#include "pooling/rows.h"

enum {
    OUT_POPULATION,
    OUT_AGED_SHARE,
    OUT_CONTRIBUTORS,
    OUT_RETIREES,
    OUT_RESIDENTS,
    OUT_WAGE,
    OUT_INTEREST,
    N_OUTPUTS
};

/* The weather has no schemes: its outputs are given under one view. */
enum { ONE_VIEW = 1u << PC_EMPLOYEE };

static const pc_output outputs[N_OUTPUTS] = {
    {"population", "persons", N_("people at 31 December"), PC_SHAPE_AREA_YEAR,
     PC_STAT_MOMENTS | PC_STAT_QUANTILES | PC_STAT_PATHS, ONE_VIEW},
    {"aged_share", "1", N_("share of people aged 60 and over at 31 December"), PC_SHAPE_AREA_YEAR,
     PC_STAT_MOMENTS | PC_STAT_QUANTILES, ONE_VIEW},
    {"contributors", "persons", N_("contributors of the employee scheme in the year, scenario's own pension ages"),
     PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS | PC_STAT_PATHS, ONE_VIEW},
    {"retirees", "persons", N_("retirees of the employee scheme in the year, scenario's own pension ages"),
     PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS | PC_STAT_PATHS, ONE_VIEW},
    {"residents", "persons", N_("members of the resident scheme in the year, scenario's own pension ages"),
     PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS | PC_STAT_PATHS, ONE_VIEW},
    {"wage", "yuan/year", N_("wage; of groups: mean over contributors"), PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, ONE_VIEW},
    {"interest", "1/year", N_("return on balances"), PC_SHAPE_YEAR, PC_STAT_MOMENTS | PC_STAT_QUANTILES, ONE_VIEW},
};

int pc_weather_outputs_count(void)
{
    return N_OUTPUTS;
}

const pc_output *pc_weather_output_at(int index)
{
    return &outputs[index];
}

const char *pc_weather_output_group(int index)
{
    return index < OUT_WAGE ? "people" : "economy";
}

/* total[lane] = sum over the area's regions of rows[region][lane]. */
static void add_members(const pc_areas *areas, int area, const double *rows, double *total)
{
    pc_row_fill(total, 0);
    pc_row_add_at(total, rows, areas->members[area], areas->n_members[area]);
}

/* share -> share / whole, missing where there is no whole */
PC_KERNEL static void divide(double *restrict share, const double *restrict whole)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = share[l] / whole[l];
        share[l] = whole[l] > 0 ? q : (double)NAN;
    }
}

PC_KERNEL static void add_product(double *restrict sum, const double *restrict a, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        sum[l] += a[l] * b[l];
    }
}

void pc_weather_outputs_year(const pc_areas *areas, int year, const double *sums, const pc_weather *weather,
                             const pc_flows flows[PC_SCHEMES], pc_sink *sink)
{
    size_t rows = (size_t)areas->n_regions * PC_LANES;
    const double *contributors = flows[PC_EMPLOYEE].contributors;
    double population[PC_LANES], total[PC_LANES];

    for (int a = 0; a < areas->n_areas; a++) {
        add_members(areas, a, sums + PC_SUM_POPULATION * rows, population);
        sink->row(sink, OUT_POPULATION, PC_EMPLOYEE, a, year, population);
        add_members(areas, a, sums + PC_SUM_AGED * rows, total);
        divide(total, population);
        sink->row(sink, OUT_AGED_SHARE, PC_EMPLOYEE, a, year, total);
        add_members(areas, a, flows[PC_EMPLOYEE].retirees, total);
        sink->row(sink, OUT_RETIREES, PC_EMPLOYEE, a, year, total);
        add_members(areas, a, flows[PC_RESIDENT].members, total);
        sink->row(sink, OUT_RESIDENTS, PC_EMPLOYEE, a, year, total);
        add_members(areas, a, contributors, population);
        sink->row(sink, OUT_CONTRIBUTORS, PC_EMPLOYEE, a, year, population);
        if (areas->n_members[a] == 1) {
            /* the wage itself: a mean over one region would only round it */
            sink->row(sink, OUT_WAGE, PC_EMPLOYEE, a, year, weather->wage + (size_t)areas->members[a][0] * PC_LANES);
            continue;
        }
        pc_row_fill(total, 0);
        for (int k = 0; k < areas->n_members[a]; k++) {
            size_t row = (size_t)areas->members[a][k] * PC_LANES;
            add_product(total, contributors + row, weather->wage + row);
        }
        divide(total, population);
        sink->row(sink, OUT_WAGE, PC_EMPLOYEE, a, year, total);
    }
    sink->row(sink, OUT_INTEREST, PC_EMPLOYEE, 0, year, weather->interest);
}
