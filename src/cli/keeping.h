/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a run of the command line is kept: checkpoints on the way and at a stop, resuming, shards. */
#ifndef PC_CLI_KEEPING_H
#define PC_CLI_KEEPING_H

#include "command.h"
#include "engine/checkpoint.h"
#include "results/results.h"
#include "source.h"

/* Start with `pc_keeping keeping = {0};`, release in every case. */
typedef struct pc_keeping {
    pc_checkpoint from; /* what is gone on with */
    int resumes, is_finished;
    const char *path; /* of the checkpoint */
    const char *output;
    int shard, n_shards;
    double every, most; /* seconds; 0: never */
    const char *go_on;  /* the command that goes on */
    pc_keeper *checkpoint, *part;
} pc_keeping;

/* Reads --resume, --checkpoint, --every, --max-time and --shard, and of a run that is gone on with what it was run
 * with. */
pc_code pc_keeping_read(pc_keeping *keeping, const pc_args *args, pc_status *status);
/* Files and overrides of what is gone on with, in the source. */
pc_code pc_keeping_source(const pc_checkpoint *from, pc_cli_source *source, pc_status *status);
/* Where a run that shall go on was stopped between its output and the removal of its state: sets is_finished, and
 * *results (the caller's to free) unless it is a shard. The output is that when its checksum holds and inputs, seed,
 * version and number of saved paths are the state's. */
pc_code pc_keeping_finished(pc_keeping *keeping, const pc_args *args, const pc_cli_source *source, const char *output,
                            pc_results **results, pc_status *status);
/* Once the plan is made and the output is known: refuses a scenario that is not the checkpoint's, and sets the options
 * of the run. Says on standard error where states are kept, unless `quiet`. */
pc_code pc_keeping_start(pc_keeping *keeping, const pc_args *args, pc_cli_source *source, const char *output, int quiet,
                         pc_run_options *options, pc_status *status);
/* After the run: waits for the writer; a run that was interrupted says how to go on. Returns `code`, or a failure. */
pc_code pc_keeping_end(pc_keeping *keeping, pc_code code, pc_status *status);
/* The results are in place: the states of the run are removed. */
void pc_keeping_done(const pc_keeping *keeping);
void pc_keeping_release(pc_keeping *keeping);

#endif
