/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of a measure: rows of outputs from what a policy's ledger shows each year. To add one: copy flows.c,
 * fill the head and the outputs, add one line to models/list.h and one test. Every cell (output, view, area, year) is
 * sent exactly once: AREA_YEAR outputs from `area`, YEAR outputs from `year`, AREA and SCALAR outputs from `finish`. */
#ifndef PC_MODELS_MEASURE_H
#define PC_MODELS_MEASURE_H

#include "../pooling/pooling.h"

/* Rows of an area in a year, for one scheme view; sums over its regions (and schemes). Yuan, persons. */
typedef enum pc_area_row {
    PC_AREA_REVENUE,
    PC_AREA_EXPENDITURE,
    PC_AREA_OTHER,
    PC_AREA_BALANCE,  /* own accounts and shares of pools and funds */
    PC_AREA_OWN,      /* the regions' own accounts */
    PC_AREA_BEFORE,   /* own accounts and shares of pools before gap sharing and shortfall rules */
    PC_AREA_SURPLUS,  /* R + received - paid - E - X */
    PC_AREA_TRANSFER, /* received - paid */
    PC_AREA_MEMBERS,
    PC_AREA_CONTRIBUTORS,
    PC_AREA_RETIREES,
    PC_AREA_ACCOUNT, /* individual accounts */
    PC_AREA_SUMS,
    PC_AREA_MONTHS = PC_AREA_SUMS, /* balance in months of the year's expenditure, missing without */
    PC_AREA_ROWS
} pc_area_row;

enum {
    PC_BITS_A_ROW = PC_LANES * sizeof(double) / sizeof(pc_bits)
}; /* rows of bits in the place of a row of numbers */

typedef struct pc_area_rows {
    const double *row[PC_AREA_ROWS]; /* NULL: not made yet; read by pc_measure_row */
    pc_bits depleted; /* a region by its scheme's account, a wider area by its accounts together, both by either */
} pc_area_rows;

typedef struct pc_measure_call {
    const pc_areas *areas;
    int first_output; /* index of the measure's first output among all outputs */
    int year, area;   /* area: only in `area` */
    const pc_pooling_view *view;
    const pc_weather *weather;
    pc_area_rows *rows;       /* [PC_SCHEME_VIEWS], only in `area` */
    double *sums;             /* where they are made */
    int same_flows;           /* the flows of the year are the baseline's own */
    double *memory;           /* the measure's own rows */
    double *scratch;          /* five rows */
    pc_sink *sink;
} pc_measure_call;

typedef struct pc_measure {
    pc_head head;
    const pc_output *outputs;
    int n_outputs;
    int (*memory_rows)(const pc_areas *areas);   /* NULL: none. Zero at the start, as bits too */
    void (*start)(const pc_measure_call *call);  /* the base year's view; sends nothing */
    void (*area)(const pc_measure_call *call);   /* each year, for each area in order */
    void (*year)(const pc_measure_call *call);   /* each year, after the areas */
    void (*finish)(const pc_measure_call *call); /* after the last year */
} pc_measure;

/* A row of the area of the call; made when it is first asked for, since a policy without levers needs few of them. */
const double *pc_measure_make_row(const pc_measure_call *call, int view, pc_area_row which);
static inline const double *pc_measure_row(const pc_measure_call *call, int view, pc_area_row which)
{
    const double *row = call->rows[view].row[which];

    return row ? row : pc_measure_make_row(call, view, which);
}

/* Sends a row of the measure's output `output` (counted within the measure). */
static inline void pc_measure_send(const pc_measure_call *call, int output, int view, int area, int year,
                                   const double *lanes)
{
    call->sink->row(call->sink, call->first_output + output, view, area, year, lanes);
}

/* The same of a row of events; missing NULL: none is. */
void pc_measure_send_events(const pc_measure_call *call, int output, int view, int area, int year, const pc_bits *yes,
                            const pc_bits *missing);

/* For a row that follows from the year's flows alone: 1 when nothing has to be sent, because it is the baseline's. */
static inline int pc_measure_same(const pc_measure_call *call, int output, int view, int area, int year)
{
    return call->same_flows && call->sink->same &&
           call->sink->same(call->sink, call->first_output + output, view, area, year);
}

/* A row of one item of an output with items over areas. */
static inline void pc_measure_send_item(const pc_measure_call *call, int output, int view, int item, int area, int year,
                                        const double *lanes)
{
    pc_measure_send(call, output, view, item * call->areas->n_areas + area, year, lanes);
}

#endif
