/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all leaves of a run add up to, threads and replicates together. */
#ifndef PC_ENGINE_GATHERED_H
#define PC_ENGINE_GATHERED_H

#include <stdint.h>

#include "base/status.h"
#include "engine/layout.h"
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

/* For a round of refinement: fills unwanted[subject * n_outputs_max + output] with 1 where no row of the output is
 * looked at, for itself or as the baseline of another, and 0 elsewhere. Returns the last year that is looked at. */
int pc_gathered_unwanted(const pc_gathered *gathered, unsigned char *unwanted);
/* Whether this round of refinement looks at a histogram. */
static inline int pc_gathered_wants(const pc_gathered *gathered, int64_t hist)
{
    return hist >= 0 && pc_hist_wants(gathered->hist, (size_t)hist);
}

#endif
