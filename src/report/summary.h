/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary that a run prints: what a fund's director needs first, in plain words. */
#ifndef PC_REPORT_SUMMARY_H
#define PC_REPORT_SUMMARY_H

#include <stdio.h>

#include "base/status.h"
#include "results/results.h"

typedef struct pc_report_options {
    const char *file; /* name of the results file, for the hints at the end; NULL: none */
} pc_report_options;

/* Prints the summary of a result set. Everything comes from the set itself. What the set lacks is left out.
 * PC_ERR_INPUT when it has no policies. Write errors are the caller's to see (ferror). */
pc_code pc_report_summary(const pc_results *results, FILE *out, const pc_report_options *options, pc_status *status);

#endif
