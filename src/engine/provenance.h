/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the results file says of itself: conventions, versions, seed, quality of the run. */
#ifndef PC_ENGINE_PROVENANCE_H
#define PC_ENGINE_PROVENANCE_H

#include "engine/run.h"

typedef struct pc_quality {
    uint64_t clipped;           /* province drivers cut at +-6 (Student's t only) */
    uint64_t migration_bounded; /* cohort-years in which the bound on migration bit */
    uint64_t employment_capped; /* region-years in which the employment level met its cap */
    double identity_residual;   /* largest relative residual of the ledger identity */
    double rank_bound_max;      /* widest certified rank error of a quantile */
    uint64_t refined_windows;
    int refine_rounds;
    double seconds;
    int threads;
} pc_quality;

/* The attributes of the root: what was run, with which seed and program. */
void pc_provenance_root(const pc_plan *plan, const pc_run_options *options, uint64_t n_paths, pc_results *results);
/* The root and /quality. */
pc_code pc_provenance_fill(const pc_plan *plan, const pc_run_options *options, const pc_quality *quality,
                           uint64_t n_paths, pc_results *results, pc_status *status);
/* "poolcast 0.1.0 (revision ...)", compiler and library versions. */
const char *pc_version(void);
const char *pc_revision(void);

#endif
