/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a study found, from its result set: the answer in a sentence and the runs as a table, or CSV, or JSON. */
#ifndef PC_REPORT_STUDY_H
#define PC_REPORT_STUDY_H

#include <stdio.h>

#include "report/listing.h"
#include "results/results.h"

/* 1 where the set is a study's and not a run's. */
int pc_report_is_study(const pc_results *results);
/* Prints the study. PC_ERR_INPUT when it is none. */
pc_code pc_report_study(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);

/* parts, one file each */
pc_code pc_report_solve(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);
pc_code pc_report_grid(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);

pc_code pc_report_stress(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);
pc_code pc_report_explain(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);
pc_code pc_report_backtest(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);
pc_code pc_report_calibration(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);
pc_code pc_report_roll(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);
/* The same as a page of Markdown. */
pc_code pc_report_roll_markdown(const pc_results *results, FILE *out, pc_status *status);

pc_code pc_report_rare(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);

/* What `calibrate` leaves for a scenario: a fragment of YAML, and mortality.csv where there is one. */
pc_code pc_calibration_fragment(const pc_results *results, FILE *out, pc_status *status);
void pc_calibration_mortality(const pc_results *results, FILE *out);
/* The scenario's membership.csv and age_cost.csv, where /calibration has what is in them. */
void pc_calibration_membership(const pc_results *results, FILE *out);
void pc_calibration_age_cost(const pc_results *results, FILE *out);

#endif
