/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures.h"

#include <math.h>
#include <string.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/math.h"

enum { SCRATCH_ROWS = 5, AREA_ROWS = PC_SCHEME_VIEWS * PC_AREA_ROWS };

int pc_outputs_count(void)
{
    int n = 0;

    for (int m = 0; m < pc_n_measures; m++) {
        n += pc_all_measures[m]->n_outputs;
    }
    return n;
}

const pc_output *pc_output_at(int output)
{
    for (int m = 0; m < pc_n_measures && output >= 0; m++) {
        if (output < pc_all_measures[m]->n_outputs) {
            return &pc_all_measures[m]->outputs[output];
        }
        output -= pc_all_measures[m]->n_outputs;
    }
    return NULL;
}

int pc_output_find(const char *name)
{
    const pc_output *output;

    for (int k = 0; (output = pc_output_at(k)); k++) {
        if (!strcmp(output->name, name)) {
            return k;
        }
    }
    return -1;
}

int pc_output_has_view(const pc_output *output, int view)
{
    return output->views == 0 || (output->views >> view & 1);
}

size_t pc_measures_state_bytes(const pc_areas *areas)
{
    size_t rows = SCRATCH_ROWS + AREA_ROWS;

    for (int m = 0; m < pc_n_measures; m++) {
        rows += pc_all_measures[m]->memory_rows ? (size_t)pc_all_measures[m]->memory_rows(areas) : 0;
    }
    return rows * PC_LANES * sizeof(double);
}

/* Where a region's row of a quantity lies. */
static const double *region_row(const pc_scheme_view *view, pc_area_row which, int region)
{
    const pc_flows *flows = view->flows;
    const double *rows = NULL;

    switch (which) {
    case PC_AREA_REVENUE:
        rows = flows->revenue;
        break;
    case PC_AREA_EXPENDITURE:
        rows = flows->expenditure;
        break;
    case PC_AREA_OTHER:
        rows = flows->other;
        break;
    case PC_AREA_BALANCE:
        return view->balance[region];
    case PC_AREA_OWN:
        rows = view->own;
        break;
    case PC_AREA_BEFORE:
        return view->before[region];
    case PC_AREA_SURPLUS:
        return view->surplus[region];
    case PC_AREA_TRANSFER:
        return view->transfer[region];
    case PC_AREA_MEMBERS:
        rows = flows->members;
        break;
    case PC_AREA_CONTRIBUTORS:
        rows = flows->contributors;
        break;
    case PC_AREA_RETIREES:
        rows = flows->retirees;
        break;
    default:
        rows = flows->account;
        break;
    }
    return rows ? rows + (size_t)region * PC_LANES : NULL;
}

/* A division takes longer than all else that measures do with a row: each is made once. */
PC_KERNEL static void months_of(double *restrict months, const double *restrict balance,
                                const double *restrict expenditure)
{
    for (int l = 0; l < PC_LANES; l++) {
        double m = 12 * balance[l] / expenditure[l];
        months[l] = expenditure[l] > 0 ? m : (double)NAN;
    }
}

/* A region's row of one scheme is the ledger's own; sums are made. */
static const double *scheme_row(const pc_measure_call *call, int scheme, pc_area_row which, double *sum)
{
    enum { SOME = 64 };
    const pc_scheme_view *view = &call->view->scheme[scheme];
    const int n = call->areas->n_members[call->area], *members = call->areas->members[call->area];
    const double *first = n > 0 ? region_row(view, which, members[0]) : NULL;

    if (call->area < call->areas->n_regions && first) {
        return first;
    }
    pc_row_fill(sum, 0);
    for (int m = 0; m < n && first; m += SOME) {
        const double *some[SOME];
        int k = 0;
        for (; k < SOME && m + k < n; k++) {
            some[k] = region_row(view, which, members[m + k]);
        }
        pc_row_add_all(sum, some, k);
    }
    return sum;
}

const double *pc_measure_make_row(const pc_measure_call *call, int view, pc_area_row which)
{
    double *made = call->sums + (size_t)(view * PC_AREA_ROWS + which) * PC_LANES;
    const double *row = made;

    if (which == PC_AREA_MONTHS) {
        months_of(made, pc_measure_row(call, view, PC_AREA_BALANCE), pc_measure_row(call, view, PC_AREA_EXPENDITURE));
    } else if (view == PC_BOTH) {
        pc_row_plus(made, pc_measure_row(call, PC_EMPLOYEE, which), pc_measure_row(call, PC_RESIDENT, which));
    } else {
        row = scheme_row(call, view, which, made);
    }
    call->rows[view].row[which] = row;
    return row;
}

static void find_depleted(const pc_measure_call *call)
{
    pc_area_rows *rows = call->rows;

    for (int s = 0; s < PC_SCHEMES; s++) {
        if (call->area < call->areas->n_regions) {
            const size_t region = (size_t)call->areas->members[call->area][0];
            pc_bits_above(&rows[s].depleted, call->view->scheme[s].depleted + region * PC_LANES, 0);
        } else {
            pc_bits_less(&rows[s].depleted, 1, pc_measure_row(call, s, PC_AREA_BEFORE), -1e-9,
                         pc_measure_row(call, s, PC_AREA_EXPENDITURE));
        }
    }
    rows[PC_BOTH].depleted = pc_bits_or(rows[PC_EMPLOYEE].depleted, rows[PC_RESIDENT].depleted);
}

void pc_measure_send_events(const pc_measure_call *call, int output, int view, int area, int year, const pc_bits *yes,
                            const pc_bits *missing)
{
    pc_sink *sink = call->sink;
    pc_events events = {.yes = *yes};

    if (missing) {
        events.missing = *missing;
    }
    if (sink->events) {
        sink->events(sink, call->first_output + output, view, area, year, &events);
    } else {
        double row[PC_LANES] __attribute__((aligned(64)));
        pc_events_unpack(&events, row);
        sink->row(sink, call->first_output + output, view, area, year, row);
    }
}

/* A measure none of whose rows anybody wants isn't run. */
static int is_wanted(const pc_sink *sink, int first_output, const pc_measure *measure)
{
    for (int o = 0; o < measure->n_outputs; o++) {
        if (!sink || !sink->unwanted || !sink->unwanted[first_output + o]) {
            return 1;
        }
    }
    return measure->n_outputs == 0;
}

typedef enum stage { STAGE_START, STAGE_AREA, STAGE_YEAR, STAGE_FINISH } stage;

static void run(stage which, pc_measure_call call, double *memory)
{
    call.first_output = 0;
    call.memory = memory;
    for (int m = 0; m < pc_n_measures; m++) {
        const pc_measure *measure = pc_all_measures[m];
        void (*hook)(const pc_measure_call *) = NULL;
        switch (which) {
        case STAGE_START:
            hook = measure->start;
            break;
        case STAGE_AREA:
            hook = measure->area;
            break;
        case STAGE_YEAR:
            hook = measure->year;
            break;
        case STAGE_FINISH:
            hook = measure->finish;
            break;
        }
        if (hook && is_wanted(call.sink, call.first_output, measure)) {
            hook(&call);
        }
        call.first_output += measure->n_outputs;
        call.memory += measure->memory_rows ? (size_t)measure->memory_rows(call.areas) * PC_LANES : 0;
    }
}

/* A call without area, and through `memory` where the measures' own rows begin. */
static pc_measure_call begin(const pc_areas *areas, const pc_pooling_view *view, const pc_weather *weather,
                             pc_sink *sink, void *state, double **memory)
{
    double *scratch = state;

    *memory = scratch + (SCRATCH_ROWS + AREA_ROWS) * PC_LANES;
    return (pc_measure_call){
        .areas = areas,
        .year = view->year,
        .view = view,
        .weather = weather,
        .scratch = scratch,
        .sink = sink,
    };
}

void pc_measures_start(const pc_areas *areas, const pc_pooling_view *view, const pc_weather *weather, pc_sink *sink,
                       void *state)
{
    double *memory;
    pc_measure_call call = begin(areas, view, weather, sink, state, &memory);

    memset(state, 0, pc_measures_state_bytes(areas));
    run(STAGE_START, call, memory);
}

void pc_measures_year(const pc_areas *areas, const pc_pooling_view *view, const pc_weather *weather, pc_sink *sink,
                      int same_flows, void *state)
{
    double *memory, *sums = (double *)state + SCRATCH_ROWS * PC_LANES;
    pc_measure_call call = begin(areas, view, weather, sink, state, &memory);

    call.same_flows = same_flows;
    for (int area = 0; area < areas->n_areas; area++) {
        pc_area_rows rows[PC_SCHEME_VIEWS] = {0};
        call.area = area;
        call.rows = rows;
        call.sums = sums;
        find_depleted(&call);
        run(STAGE_AREA, call, memory);
    }
    call.rows = NULL;
    run(STAGE_YEAR, call, memory);
}

void pc_measures_finish(const pc_areas *areas, const pc_pooling_view *view, const pc_weather *weather, pc_sink *sink,
                        void *state)
{
    double *memory;
    pc_measure_call call = begin(areas, view, weather, sink, state, &memory);

    run(STAGE_FINISH, call, memory);
}
