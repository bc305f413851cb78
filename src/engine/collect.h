/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the measures' rows go: moments, histograms, whole samples and kept paths, for every subject (the weather and
 * each policy) and for every policy minus the baseline. */
#ifndef PC_ENGINE_COLLECT_H
#define PC_ENGINE_COLLECT_H

#include <stdint.h>

#include "base/status.h"
#include "engine/layout.h"
#include "engine/unfit.h"
#include "stats/stats.h"

/* Everything gathered from all leaves. To keep a run half done, or to add up parts of it: all of it is flat and adds up
 * in any order. `moments` are cells of integers (pc_moments_merge); `hist` a table of cells with counters, extremes and
 * the edges, which follow from paths 0..255, so a part without them takes them from another (pc_hist_merge, after
 * pc_hist_settle; carries are lists beside the table); `totals` likewise, or a value by path (pc_tails_merge); `kept`
 * has a place for each path. Centres, sizes and rounding follow from the plan. Windows of a second pass are made from
 * the counters of all paths and filled by all paths: parts are added up before it. `central` [n_cells] is the central
 * path. */
typedef struct pc_gathered {
    const pc_layout *layout;
    const double *central;
    double *centre, *scale; /* [n_moments] about which sums are taken, and the typical size */
    double *rounding;       /* [n_uses + 1] differences from the baseline up to this size are rounding and count as 0 */
    pc_moments *moments;
    int n_replicates;        /* independent scramblings of quasi-random points; 1: every path is independent */
    pc_moments **replicates; /* [n_replicates] their own moments, from which errors come; NULL with 1 */
    pc_hist *hist;           /* shared by threads */
    pc_tails *totals;        /* [n_totals] shared by threads */
    uint64_t n_paths;
    double *kept; /* [kept][n_kept_paths] */
    uint64_t n_kept_paths;
} pc_gathered;

pc_code pc_gathered_start(pc_gathered *gathered, const pc_layout *layout, const double *central, uint64_t n_paths,
                          uint64_t n_kept_paths, int n_replicates, size_t hist_budget, pc_status *status);
void pc_gathered_release(pc_gathered *gathered);
/* The replicate of a path. */
int pc_gathered_replicate(const pc_gathered *gathered, uint64_t path);
/* After all leaves: adds the replicates' moments up. */
void pc_gathered_join(pc_gathered *gathered);
/* A cell's moments with the standard error that its paths allow. */
pc_moment pc_gathered_moment(const pc_gathered *gathered, size_t moment);
/* A fresh table of moments for one thread, to be merged into gathered->moments or a replicate's. */
pc_moments *pc_gathered_moments(const pc_gathered *gathered);

typedef enum pc_phase_kind { PC_PHASE_COUNT, PC_PHASE_REFINE } pc_phase_kind;

/* One thread's collector: an array of sinks, one a subject. */
typedef struct pc_collector pc_collector;
pc_collector *pc_collector_new(pc_gathered *gathered, pc_moments *moments);
void pc_collector_free(pc_collector *collector);
void pc_collector_leaf(pc_collector *collector, uint64_t path0, int n_lanes, pc_phase_kind phase);
/* The first unfit value of its leaves; found: 0 where there is none. A run with one cannot be finished. */
const pc_unfit *pc_collector_unfit(const pc_collector *collector);
/* Adds what was counted beside the moments to them: before anybody reads or clears the moments. */
void pc_collector_settle(pc_collector *collector);
pc_sink *pc_collector_sink(pc_collector *collector, int subject);
/* For a round of refinement: fills unwanted[subject * n_outputs_max + output] with 1 where no row of the output is
 * looked at, for itself or as the baseline of another, and 0 elsewhere. Returns the last year that is looked at. */
int pc_gathered_unwanted(const pc_gathered *gathered, unsigned char *unwanted);

#endif
