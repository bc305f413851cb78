/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A value with which a run cannot go on: infinite, beyond PC_MOMENTS_MOST, or an amount of money that is no number. */
#ifndef PC_ENGINE_UNFIT_H
#define PC_ENGINE_UNFIT_H

#include "engine/layout.h"
#include "plan/plan.h"

/* Where a row had such a value. */
typedef struct pc_unfit {
    int found, subject, output, view, area, year, is_difference;
    uint64_t path;
    double value;
} pc_unfit;

/* The one of `lanes` that is worst, at this place. `path0`: path of the first lane. */
pc_unfit pc_unfit_of(const double *lanes, int n_lanes, uint64_t path0, int subject, int output, int view, int area,
                     int year, int is_difference);
/* Fails with the place, the value, and how to see the path. */
pc_code pc_unfit_tell(const pc_unfit *unfit, const pc_plan *plan, const pc_layout *layout, pc_status *status);
/* Fails at the first unfit value of the central path, values[layout->n_cells]. */
pc_code pc_unfit_central(const double *values, const pc_plan *plan, const pc_layout *layout, pc_status *status);

#endif
