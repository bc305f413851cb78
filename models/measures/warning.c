/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Early warning: bands of months of reserve, and the way into the red one (docs/model.md, Measures). */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/i18n.h"
#include "base/math.h"
#include "measure.h"

/* Below the second of the scenario's bounds is red (below the only one, where there is one). */
enum { RED = 1, WINDOW = 3 };
enum { BELOW, RED_LATER, RED_NOW };

#define SCHEMES ((1u << PC_EMPLOYEE) | (1u << PC_RESIDENT))

static const pc_output outputs[] = {
    [BELOW] = {"months_below", "1", N_("less reserve at 31 December than the bound, in months"), PC_SHAPE_AREA_YEAR,
               PC_STAT_EVENT | PC_STAT_DIFFERENCE | PC_BY_BAND, SCHEMES},
    [RED_LATER] =
        {"red_in_3_years", "1",
         N_("in the red band in one of the 3 years after this one, where its reserve lies from the bound up to "
            "the next; missing where the bound is in the red band, and in the last 3 years"),
         PC_SHAPE_AREA_YEAR, PC_STAT_EVENT | PC_BY_BAND, SCHEMES},
    [RED_NOW] =
        {"red_in_3_years_now", "1",
         N_("in the red band in one of the 3 years after the base year, where its reserve lies from the bound up "
            "to the next"),
         PC_SHAPE_AREA, PC_STAT_EVENT | PC_BY_BAND, SCHEMES},
};

/* A reserve of exactly a bound, as aid and reserves leave it, is not below it: by more than rounding. */
static const double tie = 12e-9;

static double red_bound(const pc_areas *areas)
{
    return areas->bands[areas->n_bands > RED ? RED : areas->n_bands - 1];
}

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
        double below = 12 * balance[l] < (months - tie) * expenditure[l] ? 1.0 : 0.0;
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

/* What the year tells of the year WINDOW before it, `before` its months: sent for that year. */
static void send_red(const pc_measure_call *call, int view, const double *before, const double *red, double *out)
{
    const pc_areas *areas = call->areas;
    const double bound = red_bound(areas);
    const int today = call->year - WINDOW;

    for (int k = 0; k < areas->n_bands; k++) {
        const double to = k + 1 < areas->n_bands ? areas->bands[k + 1] : (double)INFINITY;
        if (areas->bands[k] < bound) {
            pc_row_fill(out, (double)NAN);
        } else {
            given_band(out, red, before, areas->bands[k] - tie, to - tie);
        }
        pc_measure_send_item(call, today > 0 ? RED_LATER : RED_NOW, view, k, call->area, today > 0 ? today : 0, out);
    }
}

static void area(const pc_measure_call *call)
{
    double *out = call->scratch, *before = out + PC_LANES, *red = before + PC_LANES;

    for (int view = 0; view < PC_SCHEMES; view++) {
        const double *const *row = call->rows[view].row;
        for (int k = 0; k < call->areas->n_bands; k++) {
            months_below(out, row[PC_AREA_BALANCE], row[PC_AREA_EXPENDITURE], call->areas->bands[k]);
            pc_measure_send_item(call, BELOW, view, k, call->area, call->year, out);
        }
        pc_row_copy(before, months_row(call, view, call->area, call->year)); /* of WINDOW years ago */
        pc_row_copy(months_row(call, view, call->area, call->year), row[PC_AREA_MONTHS]);
        if (call->year >= WINDOW) {
            any_red(red, months_row(call, view, call->area, 0), months_row(call, view, call->area, 1),
                    months_row(call, view, call->area, 2), red_bound(call->areas) - tie);
            send_red(call, view, before, red, out);
        }
    }
}

/* The years whose window reaches beyond the horizon. */
static void finish(const pc_measure_call *call)
{
    const pc_areas *areas = call->areas;

    pc_row_fill(call->scratch, (double)NAN);
    for (int view = 0; view < PC_SCHEMES; view++) {
        for (int row = 0; row < areas->n_areas * areas->n_bands; row++) {
            for (int year = call->year - WINDOW + 1; year <= call->year; year++) {
                if (year > 0) {
                    pc_measure_send(call, RED_LATER, view, row, year, call->scratch);
                }
            }
            if (call->year < WINDOW) {
                pc_measure_send(call, RED_NOW, view, row, 0, call->scratch);
            }
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
                N_("Months of reserve of each scheme at 31 December, after rescue, against the scenario's "
                   "months_bands (0, 3, 6, 9 and 15); below the second bound is the red band. Chance of entering the "
                   "red band within 3 years, given today's band: for each year t and bound, among the paths whose "
                   "reserve in t lies from the bound up to the next, those that are in the red band in t+1, t+2 or "
                   "t+3; other paths are missing, and so are years whose three years reach beyond the horizon. The "
                   "base year's is an output of its own. Check: months 7, 5, 2, 4 in the base year and the three "
                   "years after: 1 from the band of 6 to 9 of the base year."),
            .equation = N_("P(min(m(t+1), m(t+2), m(t+3)) < red | bound_k <= m(t) < bound_(k+1)), m = 12 balance / E"),
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .memory_rows = memory_rows,
    .start = start,
    .area = area,
    .finish = finish,
};
