/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: one self-contained HTML page with the answer, charts, tables, assumptions and diagnostics. */
#ifndef PC_REPORT_HTML_H
#define PC_REPORT_HTML_H

#include <stdio.h>

#include "base/status.h"
#include "results/results.h"

typedef struct pc_html_options {
    const char *file; /* name of the results file, for the hints on how to reproduce it; NULL: none */
} pc_html_options;

/* Writes the page in the language of the program's messages. Everything on it comes from the set; a section whose data
 * it lacks is left out. The page loads nothing. The same set gives the same bytes. PC_ERR_INPUT when it has no
 * policies, PC_ERR_FAIL when memory runs out. Write errors are the caller's to see (ferror). */
pc_code pc_report_html(const pc_results *results, const pc_html_options *options, FILE *out, pc_status *status);

/* The page of a study (report/study.h), without script. PC_ERR_INPUT where it lacks what it should hold. */
pc_code pc_report_study_html(const pc_results *results, FILE *out, pc_status *status);

#endif
