/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A history as its keeper has it: history.csv, one row a year, and mortality.csv, death rates by year, sex and age. */
#ifndef PC_STUDY_HISTORY_H
#define PC_STUDY_HISTORY_H

#include "base/memory.h"
#include "scenario/files.h"

/* Columns of history.csv beside `year`; every one may be left out, and so may single values. */
typedef enum pc_history_column {
    PC_HISTORY_TFR,
    PC_HISTORY_EMPLOYMENT,    /* employment level, any unit */
    PC_HISTORY_WAGE,          /* yuan a year */
    PC_HISTORY_EMPLOYEE_COST, /* yuan a member and year, at fixed age if that is known */
    PC_HISTORY_RESIDENT_COST,
    PC_HISTORY_INTEREST, /* fraction a year */
    PC_HISTORY_COLUMNS
} pc_history_column;
extern const char *const pc_history_names[PC_HISTORY_COLUMNS];

typedef struct pc_history {
    int n_years; /* 0: no history.csv */
    int *years;
    double *value[PC_HISTORY_COLUMNS]; /* [n_years], NaN: missing */
    int n_rate_years;                  /* 0: no mortality.csv */
    int *rate_years;
    double *log_rates; /* [rate year][sex][single age 0..100] */
} pc_history;

/* Reads both tables of a folder, years first .. last only. Death rates of age groups (by their first age, the last
 * group open) are joined to single ages by Steffen's monotone cubic on the logarithm at the middle of each group,
 * straight beyond the outermost. PC_ERR_INPUT with place and value; also when the folder has neither. Owned by the
 * arena. */
pc_code pc_history_read(const pc_files *files, int first, int last, pc_arena *arena, pc_history *out,
                        pc_status *status);

#endif
