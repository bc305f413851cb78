/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract between the science (models/) and the machine (src/): sizes, parameters, heads, outputs, the sink.
 *
 * Layout rule for all rows: [index][lane], a lane is a path, lane fastest, PC_LANES doubles a row, 64-byte aligned.
 * Kernels always compute whole rows; lanes beyond the last path are padding, filled with copies and never counted.
 * A missing value (undefined ratio) is NaN. Years are indexed 0 (base year) .. n_years (horizon). */
#ifndef PC_MODELS_MODEL_H
#define PC_MODELS_MODEL_H

#include <stddef.h>

#include "base/events.h"

enum {
    PC_LANES = PC_EVENT_LANES, /* paths of a leaf: 256 */
    PC_AGES = 101,             /* 0 .. 100, 100 is open */
    PC_SEXES = 2               /* 0 female, 1 male */
};

typedef enum pc_scheme { PC_EMPLOYEE, PC_RESIDENT, PC_SCHEMES } pc_scheme;
enum { PC_BOTH = PC_SCHEMES, PC_SCHEME_VIEWS }; /* results are also given for both schemes together */
extern const char *const pc_scheme_view_names[PC_SCHEME_VIEWS];

/* ---- parameters ------------------------------------------------------------------------------------------------ */

typedef enum pc_param_kind {
    PC_PARAM_NUMBER, /* a real number, with the unit checked when one is written */
    PC_PARAM_INT,
    PC_PARAM_BOOL,
    PC_PARAM_CHOICE, /* one of `choices`, separated by | ; stored as its index */
    PC_PARAM_SERIES, /* a number, a map year: value, or a CSV file (columns year, value); joined linearly, flat after */
    PC_PARAM_TEXT
} pc_param_kind;

/* One parameter. `unit` is one of: "fraction", "fraction/year" (may be written with %), "year", "years", "yuan",
 * "yuan/person", "months", "persons", "index", "" (pure number); of a text: "regions", a list of them. A number is
 * allowed from lo to hi inclusive. */
typedef struct pc_param {
    const char *key; /* relative to the head's name; may be dotted: "employee.elasticity" */
    pc_param_kind kind;
    const char *unit;
    double lo, hi;
    double value; /* default; for CHOICE the index, for SERIES a constant */
    const char *choices;
    const char *doc;
} pc_param;

/* A value as the run uses it. A series has one number per year index 0 .. n_years. */
typedef struct pc_value {
    double number;
    const double *series; /* [n_years + 1], NULL unless the parameter is a series */
    const char *text;     /* NULL unless the parameter is a text */
    int given;            /* 1: written in the scenario, 0: default */
} pc_value;

/* ---- outputs ---------------------------------------------------------------------------------------------------- */

/* Statistics an output asks for. */
enum {
    PC_STAT_MOMENTS = 1,    /* mean, sd, se, central */
    PC_STAT_QUANTILES = 2,  /* histogram and quantiles */
    PC_STAT_EVENT = 4,      /* 0/1 (or a fraction in between): a probability with its error */
    PC_STAT_DIFFERENCE = 8, /* the same statistics of policy minus baseline, path by path */
    PC_STAT_DIFFERENCE_QUANTILES = 16,
    PC_STAT_TOTAL = 32, /* one value a path over the whole horizon: mean, sd, se, VaR, TVaR */
    PC_STAT_PATHS = 64, /* kept by --save-paths */
    PC_BY_BAND = 128,   /* no statistic: there is one for each bound of the months of reserve */
    PC_BY_REGION = 256  /* ... for each region that gives */
};

typedef enum pc_shape { PC_SHAPE_AREA_YEAR, PC_SHAPE_YEAR, PC_SHAPE_AREA, PC_SHAPE_SCALAR } pc_shape;

typedef struct pc_output {
    const char *name;
    const char *unit;
    const char *long_name;
    pc_shape shape;
    unsigned stats;
    unsigned views; /* bit v: the output exists for scheme view v; 0: for all views */
} pc_output;

/* What an output may have several of, beside its shape: a dimension of its own in the results. */
typedef enum pc_items {
    PC_ITEMS_ONE,    /* one: no such dimension */
    PC_ITEMS_BAND,   /* one for each bound of the months of reserve (dimension `band`) */
    PC_ITEMS_REGION, /* one for each region that gives (dimension `from`) */
    PC_ITEMS_KINDS
} pc_items;

static inline pc_items pc_output_items(const pc_output *output)
{
    return output->stats & PC_BY_BAND ? PC_ITEMS_BAND : output->stats & PC_BY_REGION ? PC_ITEMS_REGION : PC_ITEMS_ONE;
}

/* Where measures put their rows: lanes[PC_LANES] of one output (its index in the list of all outputs), for one scheme
 * view (PC_EMPLOYEE, PC_RESIDENT, PC_BOTH), area (regions, then groups, then the whole) and year index (0 where the
 * shape has no year). Every cell is written exactly once a leaf. The row may be reused by the caller afterwards. */
typedef struct pc_sink pc_sink;
struct pc_sink {
    /* of an output with items `area` is item * (number of its areas) + area */
    void (*row)(pc_sink *sink, int output, int view, int area, int year, const double *lanes);
    /* A row of 0, 1 and NaN as bits; NULL: such rows come as numbers. */
    void (*events)(pc_sink *sink, int output, int view, int area, int year, const pc_events *events);
    /* The row has the bits of the one that the baseline's policy has sent for this cell: returns 1 when that is enough,
     * 0 when the row must be sent. NULL: rows are always sent. */
    int (*same)(pc_sink *sink, int output, int view, int area, int year);
    const unsigned char *unwanted; /* [output] 1: rows of this output may be left out; NULL: all are wanted */
};

/* ---- heads ------------------------------------------------------------------------------------------------------- */

/* What every built-in says of itself; printed by `poolcast models` and `poolcast help keys`. */
typedef struct pc_head {
    const char *slot; /* "people", "economy", "scheme", "layer", "lever", "shortfall", "measure" */
    const char *name; /* the section or entry name in the scenario */
    const char *title;
    const char *doc;
    const char *equation;
    const char *source;
    const pc_param *params;
    int n_params;
} pc_head;

/* An AR(1): x(t) = phi x(t-1) + sigma eps(t), x(t0) = start. */
typedef struct pc_ar1 {
    double phi, sigma, start;
} pc_ar1;

#endif
