/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine: runs a plan's paths in leaves over threads and gathers the statistics into a result set. The same plan
 * gives the same bits for any number of threads. */
#ifndef PC_ENGINE_RUN_H
#define PC_ENGINE_RUN_H

#include <signal.h>
#include <stdint.h>

#include "engine/collect.h"
#include "plan/plan.h"
#include "results/results.h"

typedef struct pc_run_options {
    int threads;         /* 0: as many as the machine gives */
    uint64_t save_paths; /* keep the first N paths in full */
    int reproducible;    /* leave out host, times, threads, command line */
    int plain;           /* plain kernels instead of the fast ones: the same bits */
    size_t hist_budget;  /* bytes for the quantiles' tables; 0: what the scenario needs, at most 1.5 GiB */
    const char *command; /* command line for the file's history; NULL: none */
    const volatile sig_atomic_t *stop; /* set by a signal: the run stops with PC_ERR_INTERRUPTED; NULL: never */
    void (*progress)(void *context, uint64_t done, uint64_t total, int round); /* called by one thread at a time */
    void *progress_context;
} pc_run_options;

/* Runs the plan. On success *out is the complete result set (owned by the caller). */
pc_code pc_run(const pc_plan *plan, const pc_run_options *options, pc_results **out, pc_status *status);

/* The layout of a plan's cells, its subjects owned by the layout. */
pc_code pc_layout_for(const pc_plan *plan, pc_layout *layout, pc_status *status);
/* The central path's value of every cell into central[layout->n_cells]. */
pc_code pc_run_central(const pc_plan *plan, const pc_layout *layout, double *central, pc_status *status);
/* One path in full: every cell's value, as the run has it. */
pc_code pc_run_replay(const pc_plan *plan, const pc_layout *layout, uint64_t path, double *values, pc_status *status);

/* Estimates for `validate`: bytes of memory and of the results file. */
typedef struct pc_run_size {
    uint64_t n_cells, memory_bytes, file_bytes;
} pc_run_size;
pc_code pc_run_estimate(const pc_plan *plan, const pc_run_options *options, pc_run_size *size, pc_status *status);

#endif
