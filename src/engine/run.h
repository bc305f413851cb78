/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine: runs a plan's paths in leaves over threads and gathers the statistics into a result set. The same plan
 * gives the same bits for any number of threads. */
#ifndef PC_ENGINE_RUN_H
#define PC_ENGINE_RUN_H

#include <signal.h>
#include <stdint.h>

#include "base/pack.h"
#include "engine/layout.h"
#include "engine/ranks.h"
#include "plan/plan.h"
#include "results/results.h"

/* Takes the state of a run at a moment when no leaf is being run (engine/state.h); `pack` is the callee's to free.
 * `last`: the run ends with it, and it must be in its place on return; else it may be put there later. */
typedef pc_code (*pc_run_keep)(void *context, pc_pack *pack, int last, pc_status *status);

typedef struct pc_run_options {
    int threads;                     /* 0: as many as the machine gives */
    uint64_t save_paths;             /* keep the first N paths in full */
    int reproducible;                /* leave out host, times, threads, command line */
    const struct pc_driver_mix *mix; /* of samples: drivers that are not the paths' own (engine/drivers.h); NULL */
    int plain;                       /* plain kernels instead of the fast ones: the same bits */
    uint64_t most_memory;            /* bytes a run may need, or it is refused; 0: what is free (pc_memory_available) */
    size_t hist_budget;              /* bytes for the quantiles' tables; 0: what the scenario needs, at most 1.5 GiB */
    const char *command;             /* command line for the file's history; NULL: none */
    const volatile sig_atomic_t *stop; /* set by a signal: the run stops with PC_ERR_INTERRUPTED; NULL: never */
    void (*progress)(void *context, uint64_t done, uint64_t total, int round); /* called by one thread at a time */
    void *progress_context;
    pc_run_keep keep; /* NULL: states are not kept */
    void *keep_context;
    double keep_seconds;     /* between states; 0: only where the run stops */
    double most_seconds;     /* the run stops after so many with PC_ERR_INTERRUPTED; 0: never */
    const pc_unpack *states; /* [n_states] what earlier runs have done: one to go on with, or all shards in order */
    int n_states;
    const pc_ranks *ranks; /* processes that share the run, each with the same plan and options; NULL: this one alone */
    int shard, n_shards;   /* shard 1 .. n_shards of the leaves alone: no results, the state goes to `keep`; 0: all */
} pc_run_options;

/* Runs the plan. On success *out is the complete result set (owned by the caller), NULL for a shard and on ranks beyond
 * 0. A run that was stopped and goes on, shards that are joined, and a run over ranks give the bits of a run in one
 * piece. Only rank 0 needs `states`, `keep`, `progress` and `command`. A rank on which it fails, but for
 * PC_ERR_INTERRUPTED, which all have, must end the job (pc_ranks_abort): the others wait for it. */
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
    uint64_t saved_bytes, hist_bytes, threads_bytes; /* of memory_bytes, once: saved paths, quantiles, all threads */
} pc_run_size;
pc_code pc_run_estimate(const pc_plan *plan, const pc_run_options *options, pc_run_size *size, pc_status *status);

#endif
