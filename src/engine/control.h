/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control variates: second estimates of the layout's controlled cells, flows, balances and chances of having run out.
 * The linear twin of a balance, revenue or expenditure is its derivative by every normal of the path, found on the
 * central path; over its length it is a standard normal u on every path, whatever the sampling. What is known of a
 * cell's row when the twins are known, E(Y | u), is taken as a sum of functions of single twins, a slope and a step
 * function each, and fitted to pilot paths that no run has. The functions' means are exact, u being normal, so Y less
 * the functions plus their means has the mean of Y whatever they are, and only the variance that the twins leave. */
#ifndef PC_ENGINE_CONTROL_H
#define PC_ENGINE_CONTROL_H

#include "engine/run.h"
#include "engine/unfit.h"
#include "engine/worker.h"
#include "stats/moments.h"

enum { PC_CONTROL_STEPS = 36, PC_CONTROL_PILOT = 4096 };
/* What has twins, the first controlled outputs: balance, revenue, expenditure. */
enum { PC_CONTROL_BALANCE, PC_CONTROL_TWINS = 3 };

/* A function of mean 0 of one twin: slope u + step[number of edges at or below u]. */
typedef struct pc_control_term {
    int form;
    double slope, step[PC_CONTROL_STEPS];
} pc_control_term;

typedef struct pc_control {
    const pc_layout *layout;
    pc_forms forms; /* the twins, of length 1: [policy][scheme][year][PC_CONTROL_TWINS][area], those of no length left
                       out of all terms */
    double edge[PC_CONTROL_STEPS - 1];
    size_t *first; /* [n_controlled + 1] where a cell's terms start; a cell without is estimated as it is */
    pc_control_term *terms;
    pc_arena arena;
} pc_control;

/* Finds twins and functions; the same bits for any number of threads. Of the options threads, plain and stop count.
 * Without controlled cells *out is NULL. */
pc_code pc_control_fit(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options, pc_control **out,
                       pc_status *status);
void pc_control_free(pc_control *control);
/* Bytes that it takes at most, with what the threads of a run have for it. */
uint64_t pc_control_bytes(const pc_plan *plan, const pc_layout *layout, int threads);

/* Keeps the rows of the controlled cells of one leaf, and hands all rows on. */
typedef struct pc_catcher pc_catcher;
/* `inner`: [n_subjects] where rows are handed on to, NULL: nowhere; it must outlive the catcher. */
pc_catcher *pc_catcher_new(const pc_layout *layout, pc_sink *const *inner);
void pc_catcher_free(pc_catcher *catcher);
pc_sink *pc_catcher_sink(pc_catcher *catcher, int subject);
/* [PC_LANES] of a controlled cell in the last leaf. */
const double *pc_catcher_row(const pc_catcher *catcher, int controlled);

/* Adds the lessened rows, and their differences, of the leaf that starts at path0 to the moments. `forms`: the drivers'
 * of the leaf. The first row that is refused is told in *unfit, unless something was found before. */
void pc_control_leaf(const pc_control *control, pc_catcher *catcher, const double *forms, uint64_t path0, int n_lanes,
                     pc_moments *moments, pc_unfit *unfit);

#endif
