/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results file that a command is going to write: onto an existing one only with --force. */
#ifndef PC_CLI_OUTPUT_H
#define PC_CLI_OUTPUT_H

#include "base/memory.h"
#include "command.h"
#include "results/results.h"

/* Asked before the work, not after it: PC_ERR_WRITE unless a file of that name can be written, PC_ERR_INPUT where there
 * is one and --force was not among the arguments. */
pc_code pc_output_check(const pc_args *args, const char *path, pc_status *status);
/* Saves to *path. Where a file of that name has come up during the work, under another, said on standard error and set
 * in *path (from the arena): the work must not be lost. */
pc_code pc_output_save(const pc_args *args, const pc_results *results, const char **path, pc_arena *arena,
                       pc_status *status);

#endif
