/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reports of studies share; private to src/report. */
#ifndef PC_REPORT_STUDY_INNER_H
#define PC_REPORT_STUDY_INNER_H

#include <stdio.h>

#include "results/results.h"

/* A text attribute of a group; "" when absent. */
const char *pc_study_text(const pc_results *results, const char *group, const char *name);
/* An element of a dataset of texts; "". */
const char *pc_study_text_at(const pc_dataset *set, size_t index);
/* The scenario's title in the reader's language. */
const char *pc_study_title(const pc_results *results);
/* A number: an attribute, or the first value of a dataset of that name; NaN when absent. */
double pc_study_number(const pc_results *results, const char *group, const char *name);
/* In full precision; missing is null, or nothing. */
void pc_study_json_number(FILE *out, double x);
void pc_study_csv_number(FILE *out, double x);
/* "name": "text" of these attributes, separated by commas. */
void pc_study_json_texts(const pc_results *results, const char *group, const char *const *names, int n, FILE *out);
/* The line that says what was run. */
void pc_study_head(const pc_results *results, const char *group, FILE *out);

/* The sentences of a report, without its tables. */
pc_code pc_words_solve(const pc_results *results, FILE *out, pc_status *status);
pc_code pc_words_grid(const pc_results *results, FILE *out, pc_status *status);
pc_code pc_words_backtest(const pc_results *results, FILE *out, pc_status *status);
pc_code pc_words_calibration(const pc_results *results, FILE *out, pc_status *status);
pc_code pc_words_rare(const pc_results *results, FILE *out, pc_status *status);
pc_code pc_words_roll(const pc_results *results, FILE *out, pc_status *status);

#endif
