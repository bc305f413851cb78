/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A results file in the forms that other programs read: tidy CSV tables, JSON, an Excel workbook. */
#ifndef PC_REPORT_EXPORT_H
#define PC_REPORT_EXPORT_H

#include <stdio.h>

#include "base/status.h"
#include "results/results.h"

typedef struct pc_export_options {
    const char *policy; /* NULL: all */
    const char *scheme; /* employee, resident, both; NULL: all */
    const char *what;   /* names of measures, separated by commas; NULL: all */
    const char *file;   /* name of the results file, for the workbook's first sheet; NULL: none */
} pc_export_options;

/* PC_ERR_INPUT that names the nearest known name for a policy, scheme or measure that is not in the file. */
pc_code pc_export_check(const pc_results *results, const pc_export_options *options, pc_status *status);

/* Writes a folder of tables, which is made when missing. policy/, difference/, people/ and economy/ hold a table for
 * each measure, with one row for each policy, scheme, region, year and statistic (quantiles are statistics q0.05 ...)
 * and a column for each further axis that a measure has; columns that are the same for the whole table stay. Beside
 * them dictionary.csv (every table with unit, axes and meaning), regions.csv, policies.csv, parameters.csv, prices.csv,
 * quality.csv, about.csv. Missing values are empty cells. Numbers have the digits that tell them from their neighbours
 * in the file's own precision. UTF-8 with a byte order mark, without which Excel shows Chinese as garbage; other
 * programs know it (pandas and R: encoding "utf-8-sig", "UTF-8-BOM"). Each table appears whole or not at all; those
 * that are there are replaced, other files of the folder stay. PC_ERR_WRITE, PC_ERR_INPUT. */
pc_code pc_export_csv(const pc_results *results, const char *directory, const pc_export_options *options,
                      pc_status *status);

/* The same numbers as one JSON object: about, regions, policies, parameters and groups; a group has its measures with
 * unit, meaning, axes and nested arrays of values in the order of the axes, null for what is missing. */
pc_code pc_export_json(const pc_results *results, FILE *out, const pc_export_options *options, pc_status *status);

/* An Excel workbook in the language of the interface: a sheet for each topic, with charts on its own cells.
 * PC_ERR_WRITE, PC_ERR_INPUT. */
pc_code pc_export_workbook(const pc_results *results, const char *path, const pc_export_options *options,
                           pc_status *status);

#endif
