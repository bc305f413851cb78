/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command whose run is shared by the ranks of MPI: rank 0 does all that one process does and tells the others its
 * inputs, so that they need no files; they compute and print nothing. With one process, only pc_run. */
#ifndef PC_CLI_SHARING_H
#define PC_CLI_SHARING_H

#include "command.h"
#include "engine/run.h"

/* Rank 0, once and in every case, when all that comes before the run is done or has failed with `code`: tells the
 * others. Returns `code`, or a failure. `plan` and `options` are read where code is PC_OK; plan NULL: there is nothing
 * to run. */
pc_code pc_sharing_lead(const pc_args *args, pc_code code, const pc_plan *plan, const pc_run_options *options,
                        pc_status *status);
/* pc_run over all ranks, with its progress unless --quiet. Where it fails and others wait, it says so, with the rank
 * and its machine, and ends the job.
 */
pc_code pc_sharing_run(const pc_args *args, const pc_plan *plan, const pc_run_options *options, pc_results **results,
                       pc_status *status);
/* The other ranks' whole part. */
pc_code pc_sharing_follow(const pc_args *args, pc_status *status);

#endif
