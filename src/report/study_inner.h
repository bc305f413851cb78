/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reports of studies share; private to src/report. */
#ifndef PC_REPORT_STUDY_INNER_H
#define PC_REPORT_STUDY_INNER_H

#include <stdio.h>

#include "base/json.h"
#include "results/results.h"

/* A text attribute of a group; "" when absent. */
const char *pc_study_text(const pc_results *results, const char *group, const char *name);
/* An element of a dataset of texts; "". */
const char *pc_study_text_at(const pc_dataset *set, size_t index);
/* The scenario's title in the reader's language. */
const char *pc_study_title(const pc_results *results);
/* A number: an attribute, or the first value of a dataset of that name; NaN when absent. */
double pc_study_number(const pc_results *results, const char *group, const char *name);
/* In full precision; missing is nothing. */
void pc_study_csv_number(FILE *out, double x);
/* A comma and the number, for each. */
void pc_study_csv_numbers(FILE *out, const double *x, int n);
/* A JSON object begins; its end, and the line's. */
pc_json pc_study_json_begin(FILE *out);
void pc_study_json_end(pc_json *json);
/* These attributes of a group, by their names. */
void pc_study_json_texts(pc_json *json, const pc_results *results, const char *group, const char *const *names, int n);
void pc_study_json_numbers(pc_json *json, const pc_results *results, const char *group, const char *const *names,
                           int n);
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
