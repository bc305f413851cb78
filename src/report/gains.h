/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run's sampling and its control variates were worth, measured in the run itself: how many independent paths one
 * path is worth, the variance of the mean of as many plain paths over the variance that its error states. */
#ifndef PC_REPORT_GAINS_H
#define PC_REPORT_GAINS_H

#include "base/json.h"
#include "report/view.h"

enum { PC_GAINS_YEARS = 8, PC_GAINS_ROWS = 16 };

typedef struct pc_gains_row {
    const char *scheme; /* employee, resident */
    const char *label;  /* for a person, untranslated: show _(label) */
    int controlled;
    double gain[PC_GAINS_YEARS]; /* NaN: not known, as of an event that fewer than 2 in 1,000 paths have */
} pc_gains_row;

typedef struct pc_gains {
    int n_years, years[PC_GAINS_YEARS]; /* those with control variates, else the usual ones */
    int has_controlled;
    int n_rows; /* 0: plain paths without control variates, or no paths: nothing to be said */
    pc_gains_row rows[PC_GAINS_ROWS];
} pc_gains;

/* Of the baseline. */
void pc_gains_find(const pc_view *view, pc_gains *gains);
/* "gains": {"years": [...], "rows": [[scheme, label, controlled, [...]], ...]}, labels translated. */
void pc_gains_put(const pc_view *view, pc_json *json);

#endif
