/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of a key at which a measure meets a bound, on common random numbers, with the error that the simulation
 * leaves in it. */
#ifndef PC_STUDY_SOLVE_H
#define PC_STUDY_SOLVE_H

#include "study/study.h"

typedef enum pc_solve_find { PC_SOLVE_AUTO, PC_SOLVE_SMALLEST, PC_SOLVE_LARGEST } pc_solve_find;

typedef enum pc_solve_outcome {
    PC_SOLVE_FOUND,
    PC_SOLVE_ALWAYS,     /* the bound is met at the end of the range that was looked for */
    PC_SOLVE_UNREACHABLE /* nowhere in the range */
} pc_solve_outcome;

/* How the measure moves with the key, from paired differences between neighbours: a step counts where it is beyond
 * three of its standard errors. */
typedef enum pc_solve_shape { PC_SOLVE_FLAT, PC_SOLVE_RISING, PC_SOLVE_FALLING, PC_SOLVE_TURNING } pc_solve_shape;

typedef struct pc_solve_problem {
    const char *key; /* or what x is called, with `changes` */
    /* NULL: the change "key=x". Else fills changes[PC_SOLVE_MOST_CHANGES], owned by the arena, for a value and gives
     * their number in *n. */
    pc_code (*changes)(void *context, double x, pc_arena *arena, const char **changes, int *n, pc_status *status);
    void *context;
    int whole; /* whole numbers only */
    double lo, hi;
    pc_solve_find find;
    int n_scan;   /* points looked at first, evenly over the range; at least 2 */
    int max_runs; /* beyond them */
} pc_solve_problem;

typedef struct pc_solve_point {
    double x;
    pc_estimate measure;
    double *influence; /* [n_paths] */
} pc_solve_point;

enum { PC_SOLVE_MAX_POINTS = 256, PC_SOLVE_MOST_CHANGES = 128 };

typedef struct pc_solve_answer {
    pc_solve_outcome outcome;
    pc_solve_find find; /* what was looked for: smallest or largest */
    pc_solve_shape shape;
    double x;    /* the answer, or where the measure comes nearest to the bound */
    double x_se; /* standard error of x from the measure's error and the slope; NaN: the slope is not told from 0 */
    pc_estimate measure;    /* there */
    double slope, slope_se; /* measure per unit of the key, about x, from paired differences; NaN where there is none */
    double width;           /* of the last bracket: x is not known better than this even on these paths */
    int more_edges;         /* the scan saw the bound crossed this many more times */
    int n_points;
    pc_solve_point points[PC_SOLVE_MAX_POINTS]; /* every run, ascending in x */
} pc_solve_answer;

/* Solves for the study's first question, which must have a condition. The study has been started. The answer is
 * released with pc_solve_release, also after a failure. */
pc_code pc_solve(pc_study *study, const pc_solve_problem *problem, pc_solve_answer *answer, pc_status *status);
void pc_solve_release(pc_solve_answer *answer);

/* "KEY=X" into `text`. */
void pc_solve_change(const char *key, double x, char *text, size_t size);

#endif
