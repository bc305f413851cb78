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

/* Memory, bits: [scheme][area][year mod SLOTS] where the months of the year and the WINDOW years before lie: in the red
 * band, and from each bound up to the next. */
enum { SLOTS = WINDOW + 1 };

static int bits_of_year(const pc_areas *areas)
{
    return 1 + areas->n_bands;
}

static int memory_rows(const pc_areas *areas)
{
    const int n_bits = PC_SCHEMES * areas->n_areas * SLOTS * bits_of_year(areas);

    return (n_bits + PC_BITS_A_ROW - 1) / PC_BITS_A_ROW;
}

static pc_bits *year_bits(const pc_measure_call *call, int scheme, int area, int year)
{
    const size_t at = (size_t)(scheme * call->areas->n_areas + area) * SLOTS + (size_t)(year % SLOTS);

    return (pc_bits *)(void *)call->memory + at * (size_t)bits_of_year(call->areas);
}

PC_KERNEL static void months_of(double *restrict months, const double *restrict balance,
                                const double *restrict expenditure)
{
    for (int l = 0; l < PC_LANES; l++) {
        double m = 12 * balance[l] / expenditure[l];
        months[l] = expenditure[l] > 0 ? m : (double)NAN;
    }
}

/* A missing value lies nowhere. */
static void note_months(const pc_areas *areas, pc_bits *bits, const double *months)
{
    pc_bits below;

    pc_bits_below(&bits[0], months, red_bound(areas) - tie);
    pc_bits_below(&below, months, areas->bands[0] - tie);
    for (int k = 0; k < areas->n_bands; k++) {
        pc_bits below_next;
        pc_bits_below(&below_next, months, k + 1 < areas->n_bands ? areas->bands[k + 1] - tie : (double)INFINITY);
        bits[1 + k] = pc_bits_without(below_next, below);
        below = below_next;
    }
}

/* The base year's months. */
static void start(const pc_measure_call *call)
{
    double *balance = call->scratch, *expenditure = balance + PC_LANES, *months = expenditure + PC_LANES;

    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_scheme_view *scheme = &call->view->scheme[s];
        for (int area = 0; area < call->areas->n_areas; area++) {
            pc_row_gather(expenditure, scheme->flows->expenditure, call->areas->members[area],
                          call->areas->n_members[area]);
            pc_row_fill(balance, 0);
            for (int m = 0; m < call->areas->n_members[area]; m++) {
                pc_row_add(balance, scheme->balance[call->areas->members[area][m]]);
            }
            months_of(months, balance, expenditure);
            note_months(call->areas, year_bits(call, s, area, 0), months);
        }
    }
}

static void send_item(const pc_measure_call *call, int output, int view, int item, int year, const pc_bits *yes,
                      const pc_bits *missing)
{
    pc_measure_send_events(call, output, view, item * call->areas->n_areas + call->area, year, yes, missing);
}

/* What the year tells of the year WINDOW before it: sent for that year. */
static void send_red(const pc_measure_call *call, int view)
{
    const pc_areas *areas = call->areas;
    const double bound = red_bound(areas);
    const int today = call->year - WINDOW;
    const pc_bits *band = year_bits(call, view, call->area, today) + 1;
    pc_bits red = {{0}};

    for (int year = today + 1; year <= call->year; year++) {
        red = pc_bits_or(red, *year_bits(call, view, call->area, year));
    }
    for (int k = 0; k < areas->n_bands; k++) {
        pc_bits yes = {{0}}, missing = pc_bits_all();
        if (!(areas->bands[k] < bound)) {
            yes = pc_bits_and(red, band[k]);
            missing = pc_bits_without(missing, band[k]);
        }
        send_item(call, today > 0 ? RED_LATER : RED_NOW, view, k, today > 0 ? today : 0, &yes, &missing);
    }
}

static void area(const pc_measure_call *call)
{
    const pc_areas *areas = call->areas;

    for (int view = 0; view < PC_SCHEMES; view++) {
        const double *balance = pc_measure_row(call, view, PC_AREA_BALANCE);
        const double *expenditure = pc_measure_row(call, view, PC_AREA_EXPENDITURE);
        pc_bits missing, spent;

        pc_bits_above(&spent, expenditure, 0);
        missing = pc_bits_without(pc_bits_all(), spent);
        for (int k = 0; k < areas->n_bands; k++) {
            pc_bits below;
            pc_bits_less(&below, 12, balance, areas->bands[k] - tie, expenditure);
            below = pc_bits_and(below, spent);
            send_item(call, BELOW, view, k, call->year, &below, &missing);
        }
        note_months(areas, year_bits(call, view, call->area, call->year), pc_measure_row(call, view, PC_AREA_MONTHS));
        if (call->year >= WINDOW) {
            send_red(call, view);
        }
    }
}

/* The years whose window reaches beyond the horizon. */
static void finish(const pc_measure_call *call)
{
    const pc_areas *areas = call->areas;
    const pc_bits none = {{0}}, all = pc_bits_all();

    for (int view = 0; view < PC_SCHEMES; view++) {
        for (int row = 0; row < areas->n_areas * areas->n_bands; row++) {
            for (int year = call->year - WINDOW + 1; year <= call->year; year++) {
                if (year > 0) {
                    pc_measure_send_events(call, RED_LATER, view, row, year, &none, &all);
                }
            }
            if (call->year < WINDOW) {
                pc_measure_send_events(call, RED_NOW, view, row, 0, &none, &all);
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
