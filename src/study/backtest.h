/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario that starts in a past year against what happened after it. */
#ifndef PC_STUDY_BACKTEST_H
#define PC_STUDY_BACKTEST_H

#include "engine/run.h"
#include "stats/score.h"

/* One row of the table of observations: columns year, scheme, region (optional, empty: the whole), measure, value; any
 * of source, quality, note. Years up to the base year are what was known: naive forecasts are made from them. */
typedef struct pc_observation {
    int year;
    const char *scheme, *region, *measure;
    const char *unit, *meaning; /* as in the results file */
    double value;
    int view, area, output; /* where the model has it */
    int subject;
    int before; /* the year is not after the base year */
} pc_observation;

/* Two naive forecasts from the years up to the base year, on the logarithm (levels above 0) or, where a level is not
 * above 0, of differences: the mean yearly growth goes on (drift), the last growth goes on. With four growths or more
 * the drift is a normal random walk whose mean is uncertain, otherwise a point. */
typedef struct pc_backtest_row {
    const pc_observation *seen;
    pc_score model;
    double low[3], high[3];                    /* central 50, 80, 95 % */
    double drift, drift_crps, last, last_crps; /* forecast and score; NaN without a history */
} pc_backtest_row;

typedef struct pc_backtest {
    pc_arena arena;
    int n_seen;
    pc_observation *seen;
    int n_rows; /* outcomes: observations after the base year */
    pc_backtest_row *rows;
    uint64_t n_paths;
    int base_year;
    double *values; /* [n_rows][n_paths] */
} pc_backtest;

/* The last year of a table of observations, 0 where it has none that can be read: how far a run has to go. */
int pc_backtest_last_year(const pc_file *table);

extern const double pc_backtest_levels[3]; /* 0.5, 0.8, 0.95 */

/* Reads `table` (of the scenario's files), runs the baseline's paths up to the last outcome and scores them. The
 * scenario's horizon must reach it. Start with `pc_backtest b = {0};`, release also after a failure. In three steps, so
 * that several plans that differ in uncertain parameters may share the paths among them: open once, add the paths of
 * each, score. */
pc_code pc_backtest_run(const pc_plan *plan, const pc_file *table, const pc_run_options *options, pc_backtest *out,
                        pc_status *status);
/* n_paths: of all parts together. */
pc_code pc_backtest_open(const pc_plan *plan, const pc_file *table, uint64_t n_paths, pc_backtest *out,
                         pc_status *status);
/* Paths first .. first + the plan's own: what the plan calls its paths 0, 1, ... */
pc_code pc_backtest_add(const pc_plan *plan, const pc_run_options *options, uint64_t first, pc_backtest *out,
                        pc_status *status);
void pc_backtest_score(pc_backtest *out);
void pc_backtest_release(pc_backtest *backtest);
/* Adds /backtest. */
pc_code pc_backtest_put(const pc_backtest *backtest, pc_results *results, pc_status *status);

#endif
