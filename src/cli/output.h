/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results file that a command is going to write. */
#ifndef PC_CLI_OUTPUT_H
#define PC_CLI_OUTPUT_H

#include "base/status.h"

/* PC_ERR_WRITE unless a file of that name can be written: asked before the work, not after it. */
pc_code pc_output_check(const char *path, pc_status *status);

#endif
