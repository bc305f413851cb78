/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A measure over a grid of one key or two, on common random numbers, and the line on which it meets a bound. */
#ifndef PC_STUDY_GRID_H
#define PC_STUDY_GRID_H

#include "study/study.h"

enum { PC_GRID_MAX = 201 };

typedef struct pc_grid_axis {
    const char *key;
    int whole; /* whole numbers only */
    double lo, hi;
    int n; /* points, evenly from lo to hi; at least 1 */
} pc_grid_axis;

typedef struct pc_grid {
    int n_axes; /* 1 or 2 */
    pc_grid_axis axis[2];
    /* set by pc_grid_run; owned */
    double *value[2];       /* [axis.n] */
    pc_estimate *measure;   /* [axis 0][axis 1] */
    double *line, *line_se; /* [axis 1]: value of the first key at which the condition begins or ceases to be met, first
                               such place, between grid points by a straight line; NaN: none. Only with a condition. */
} pc_grid;

/* Runs the study's first question over the grid. Released with pc_grid_release, also after a failure. */
pc_code pc_grid_run(pc_study *study, pc_grid *grid, pc_status *status);
void pc_grid_release(pc_grid *grid);

#endif
