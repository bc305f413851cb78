/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a result set by policy, scheme, region and year, as tables, CSV or JSON. */
#ifndef PC_REPORT_LISTING_H
#define PC_REPORT_LISTING_H

#include <stdio.h>

#include "base/status.h"
#include "results/results.h"

typedef enum pc_listing_format { PC_LISTING_TABLE, PC_LISTING_CSV, PC_LISTING_JSON } pc_listing_format;

typedef struct pc_listing_options {
    const char *policy;        /* NULL: all */
    const char *scheme;        /* employee, resident, both; NULL: employee and resident */
    const char *region;        /* id, name or English name; NULL: all */
    int first_year, last_year; /* 0: not limited; a table without years and region shows 2030, 2035, 2040, 2050 */
    const char *what; /* names of datasets, separated by commas; NULL: the usual ones (tables), all (CSV, JSON) */
    int real;         /* yuan of the base year: divided by the price level */
    int difference;   /* policy minus baseline */
    pc_listing_format format;
} pc_listing_options;

/* CSV has the columns policy,scheme,region,year,measure,statistic,value; JSON the same in objects under "rows", null
 * for a missing value, and title, base_year and unit beside. Numbers have all their digits. What belongs to no policy
 * (people, economy) has an empty policy and its group as the scheme. PC_ERR_INPUT that names the nearest known name for
 * a policy, scheme, region or dataset that is not there. */
pc_code pc_report_listing(const pc_results *results, const pc_listing_options *options, FILE *out, pc_status *status);
/* All names with shape, unit and meaning. */
pc_code pc_report_names(const pc_results *results, FILE *out, pc_status *status);

#endif
