/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Early warning: bands of months of reserve, and the way into the red one (docs/model.md, Measures). */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/i18n.h"
#include "base/math.h"
#include "measure.h"

/* Bounds of the bands, months. Below the second is red. */
static const double bounds[] = {0, 3, 6, 9, 15};

enum { BOUNDS = sizeof bounds / sizeof bounds[0], RED = 1, WINDOW = 3 };
enum { BELOW, RED_FROM = BELOW + BOUNDS };

#define SCHEMES ((1u << PC_EMPLOYEE) | (1u << PC_RESIDENT))

static const pc_output outputs[] = {
    [BELOW] = {"months_below_0", "1", N_("reserve below zero at 31 December"), PC_SHAPE_AREA_YEAR,
               PC_STAT_EVENT | PC_STAT_DIFFERENCE, SCHEMES},
    [BELOW + 1] = {"months_below_3", "1", N_("less than 3 months of reserve"), PC_SHAPE_AREA_YEAR,
                   PC_STAT_EVENT | PC_STAT_DIFFERENCE, SCHEMES},
    [BELOW + 2] = {"months_below_6", "1", N_("less than 6 months of reserve"), PC_SHAPE_AREA_YEAR, PC_STAT_EVENT,
                   SCHEMES},
    [BELOW + 3] = {"months_below_9", "1", N_("less than 9 months of reserve"), PC_SHAPE_AREA_YEAR, PC_STAT_EVENT,
                   SCHEMES},
    [BELOW + 4] = {"months_below_15", "1", N_("less than 15 months of reserve"), PC_SHAPE_AREA_YEAR, PC_STAT_EVENT,
                   SCHEMES},
    [RED_FROM] = {"red_in_3_years_from_3", "1", N_("below 3 months in the last 3 years, having had 3 to 6 before them"),
                  PC_SHAPE_AREA_YEAR, PC_STAT_EVENT, SCHEMES},
    [RED_FROM + 1] = {"red_in_3_years_from_6", "1",
                      N_("below 3 months in the last 3 years, having had 6 to 9 before them"), PC_SHAPE_AREA_YEAR,
                      PC_STAT_EVENT, SCHEMES},
    [RED_FROM + 2] = {"red_in_3_years_from_9", "1",
                      N_("below 3 months in the last 3 years, having had 9 to 15 before them"), PC_SHAPE_AREA_YEAR,
                      PC_STAT_EVENT, SCHEMES},
    [RED_FROM + 3] = {"red_in_3_years_from_15", "1",
                      N_("below 3 months in the last 3 years, having had 15 or more before them"), PC_SHAPE_AREA_YEAR,
                      PC_STAT_EVENT, SCHEMES},
};

/* Memory: [scheme][area][year mod WINDOW] months of reserve, missing without expenditure. */
static int memory_rows(const pc_areas *areas)
{
    return PC_SCHEMES * areas->n_areas * WINDOW;
}

static double *months_row(const pc_measure_call *call, int scheme, int area, int year)
{
    return call->memory + (size_t)((scheme * call->areas->n_areas + area) * WINDOW + year % WINDOW) * PC_LANES;
}

PC_KERNEL static void months_of(double *restrict months, const double *restrict balance,
                                const double *restrict expenditure)
{
    for (int l = 0; l < PC_LANES; l++) {
        double m = 12 * balance[l] / expenditure[l];
        months[l] = expenditure[l] > 0 ? m : (double)NAN;
    }
}

PC_KERNEL static void months_below(double *restrict out, const double *restrict balance,
                                   const double *restrict expenditure, double months)
{
    for (int l = 0; l < PC_LANES; l++) {
        /* by more than rounding, as for depletion: a reserve of exactly the bound is not below it */
        double below = 12 * balance[l] < (months - 12e-9) * expenditure[l] ? 1.0 : 0.0;
        out[l] = expenditure[l] > 0 ? below : (double)NAN;
    }
}

/* The base year's months; no year before it. */
static void start(const pc_measure_call *call)
{
    double *balance = call->scratch, *expenditure = balance + PC_LANES;

    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_scheme_view *scheme = &call->view->scheme[s];
        for (int area = 0; area < call->areas->n_areas; area++) {
            pc_row_gather(expenditure, scheme->flows->expenditure, call->areas->members[area],
                          call->areas->n_members[area]);
            pc_row_fill(balance, 0);
            for (int m = 0; m < call->areas->n_members[area]; m++) {
                pc_row_add(balance, scheme->balance[call->areas->members[area][m]]);
            }
            for (int year = 1; year < WINDOW; year++) {
                pc_row_fill(months_row(call, s, area, year), (double)NAN);
            }
            months_of(months_row(call, s, area, 0), balance, expenditure);
        }
    }
}

PC_KERNEL static void any_red(double *restrict out, const double *restrict a, const double *restrict b,
                              const double *restrict c, double red)
{
    for (int l = 0; l < PC_LANES; l++) {
        double x = a[l] < red ? 1.0 : 0.0;
        x = b[l] < red ? 1.0 : x;
        out[l] = c[l] < red ? 1.0 : x;
    }
}

PC_KERNEL static void given_band(double *restrict out, const double *restrict red, const double *restrict months,
                                 double from, double to)
{
    for (int l = 0; l < PC_LANES; l++) {
        double r = months[l] < to ? red[l] : (double)NAN;
        out[l] = months[l] >= from ? r : (double)NAN;
    }
}

static void area(const pc_measure_call *call)
{
    double *out = call->scratch, *before = out + PC_LANES, *red = before + PC_LANES;

    for (int view = 0; view < PC_SCHEMES; view++) {
        const double *const *row = call->rows[view].row;
        for (int k = 0; k < BOUNDS; k++) {
            months_below(out, row[PC_AREA_BALANCE], row[PC_AREA_EXPENDITURE], bounds[k]);
            pc_measure_send(call, BELOW + k, view, call->area, call->year, out);
        }
        pc_row_copy(before, months_row(call, view, call->area, call->year)); /* of WINDOW years ago */
        pc_row_copy(months_row(call, view, call->area, call->year), row[PC_AREA_MONTHS]);
        any_red(red, months_row(call, view, call->area, 0), months_row(call, view, call->area, 1),
                months_row(call, view, call->area, 2), bounds[RED]);
        for (int k = RED; k < BOUNDS; k++) {
            given_band(out, red, before, bounds[k], k + 1 < BOUNDS ? bounds[k + 1] : (double)INFINITY);
            pc_measure_send(call, RED_FROM + k - RED, view, call->area, call->year, out);
        }
    }
}

const pc_measure pc_warning_measure = {
    .head =
        {
            .slot = "measure",
            .name = "warning",
            .title = N_("Early-warning bands of reserve"),
            .doc =
                N_("Months of reserve of each scheme at 31 December, after rescue, against the thresholds 0, 3, 6, 9 "
                   "and 15; below 3 is "
                   "the red band. Chance of having been in the red band in one of the last three years, among the "
                   "paths that were in a given band before them: paths in other bands are missing, and so are the "
                   "first two years. Check: months 7, 5, 2, 4 in the base year and the three years after: in the third "
                   "year 1 from the band of 6 to 9."),
            .equation = N_("P(min(m(t-2), m(t-1), m(t)) < 3 | from <= m(t-3) < to), m = 12 balance / E"),
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .memory_rows = memory_rows,
    .start = start,
    .area = area,
};
