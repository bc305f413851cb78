/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario that is run many times with some keys changed, on common random numbers, and measured: what solve, stress
 * and explain share. Only the policies that are asked for run, and only the years that they are asked about: earlier
 * years have the same bits whatever the horizon. */
#ifndef PC_STUDY_STUDY_H
#define PC_STUDY_STUDY_H

#include "study/quantity.h"

/* What is asked of each run. */
typedef struct pc_ask {
    const pc_quantity *quantity;
    const char *policy; /* name */
    int view;           /* PC_EMPLOYEE, PC_RESIDENT or PC_BOTH */
} pc_ask;

/* PC_STUDY_AHEAD: years that a run goes on after the last year asked for. No rule or measure looks further ahead. */
enum { PC_STUDY_AHEAD = 5, PC_STUDY_MAX_ASKS = 64, PC_STUDY_MAX_SETS = 256 };

typedef struct pc_study {
    const pc_files *files;
    const char *const *overrides; /* of the scenario as studied, before any change */
    int n_overrides;
    int n_asks;
    pc_ask asks[PC_STUDY_MAX_ASKS];
    pc_run_options run;                                       /* threads, plain, stop, progress */
    void (*begin)(void *context, int run, const char *label); /* before each run; NULL: none */
    void *context;
    int as_sampled; /* 1: paths are drawn as the scenario says; 0: plain */

    /* set by pc_study_start */
    uint64_t n_paths;
    int n_parts; /* independent parts of equal size, from which errors come; 1: paths are plain */
    int base_year, horizon, last_year; /* last_year: of the runs */
    char unit[64], meaning[160];       /* of the first ask's measure */
    int n_runs;
    pc_arena arena;
    const char *sets[PC_STUDY_MAX_SETS]; /* overrides and the study's own, room for a run's changes after them */
    int n_sets;
} pc_study;

/* Checks the questions against the scenario and sets what the runs need. The caller has filled files, overrides, asks
 * and run. PC_ERR_INPUT with what is wrong. */
pc_code pc_study_start(pc_study *study, const pc_scenario *scenario, pc_status *status);
void pc_study_release(pc_study *study);

/* One run with these overrides on top ("key=value"; they are copied). estimates[n_asks]; influence[n_asks * n_paths] or
 * NULL. `label` is what the run is called while it lasts. */
pc_code pc_study_run(pc_study *study, const char *const *changes, int n_changes, const char *label,
                     pc_estimate *estimates, double *influence, pc_status *status);

/* One run as it stands (with study->run.mix), every path's value of each question: values[n_asks][n_paths], NaN where
 * it is not defined, whatever the statistic. */
pc_code pc_study_values(pc_study *study, const char *label, double *values, pc_status *status);
/* The central path with these overrides on top: values[n_asks], a difference taken, whatever the statistic. */
pc_code pc_study_central(pc_study *study, const char *const *changes, int n_changes, double *values, pc_status *status);

/* The scenario of the study read with changes; the caller frees it. */
pc_code pc_study_scenario(const pc_study *study, const char *const *changes, int n_changes, pc_scenario **out,
                          pc_status *status);

#endif
