/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a command's scenario comes from: a folder, a YAML file, or a results file that carries its scenario. */
#ifndef PC_CLI_SOURCE_H
#define PC_CLI_SOURCE_H

#include "base/memory.h"
#include "command.h"
#include "plan/plan.h"
#include "results/results.h"

/* Start with `pc_cli_source source = {0};`. */
typedef struct pc_cli_source {
    pc_arena arena;
    pc_files *files;
    const char **overrides;
    int n_overrides, room;
    int from_results; /* the scenario came out of a results file */
    pc_scenario *scenario;
    pc_plan *plan;
} pc_cli_source;

/* Files, and the overrides of the results file and of the options --policies, --set, --paths, --seed, --horizon, --sampling, in
 * this order. With --policies all a folder's all.yaml is read where there is one. */
pc_code pc_cli_source_open(pc_cli_source *source, const pc_args *args, pc_status *status);
/* One more override, after all others. */
pc_code pc_cli_source_override(pc_cli_source *source, const char *text, pc_status *status);
/* For studies, which draw plain paths whatever the scenario says: their errors are those of independent paths. */
pc_code pc_cli_source_plain(pc_cli_source *source, pc_status *status);
/* --threads, 0 without it, which is what the plan is made with too. */
pc_code pc_cli_threads(const pc_args *args, int *threads, pc_status *status);
/* Reads the scenario and makes the plan. */
pc_code pc_cli_source_plan(pc_cli_source *source, pc_status *status);
void pc_cli_source_release(pc_cli_source *source);

/* Loads a results file and sees that it is whole and of the version that this program reads; NULL after a failure,
 * whose message names the file. Release with pc_results_free. */
pc_results *pc_cli_results_load(const char *path, pc_status *status);
/* The same, or the results file of a study. */
pc_results *pc_cli_any_load(const char *path, pc_status *status);
/* 1 when `path` is an HDF5 file. */
int pc_cli_is_results(const char *path);
/* What the results file, the summary or a message calls the scenario: the folder's name, or the file's without its
 * ending. Owned by the arena. */
const char *pc_cli_source_name(pc_cli_source *source, const char *path);

#endif
