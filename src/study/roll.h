/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The base year moves on by a year: what is known of it replaces the projection, and the change of a result is taken
 * apart item by item. */
#ifndef PC_STUDY_ROLL_H
#define PC_STUDY_ROLL_H

#include "study/study.h"

/* Items in the order in which they are taken; each is the change of the result when it is taken in after those before.
 */
typedef enum pc_roll_item {
    PC_ROLL_PASSING,     /* the projection's own year has come true */
    PC_ROLL_RESERVE,     /* balances */
    PC_ROLL_REVENUE,     /* revenue: contribution bases, financing per head */
    PC_ROLL_EXPENDITURE, /* expenditure: cost levels */
    PC_ROLL_MEMBERS,     /* people, contributors, retirees, residents */
    PC_ROLL_WAGES,       /* wages, income, credits */
    PC_ROLL_ITEMS
} pc_roll_item;
extern const char *const pc_roll_names[PC_ROLL_ITEMS]; /* "passing" ... */

/* The item that a column of regions.csv belongs to when it is observed; -1: it is carried over as it stands. */
int pc_roll_item_of(pc_region_column column);

typedef struct pc_roll {
    pc_arena arena;
    const pc_scenario *scenario; /* as it was */
    const pc_files *files;       /* of it */
    int base_year;               /* the new one */
    int n_regions, n_observed;   /* figures observed */
    double *projected;  /* [region][PC_REGION_COLUMNS] on the central path, the old table's where nothing moves */
    double *observed;   /* the same, NaN: not in the accounts; a part of a year is filled up by the projection */
    double *population; /* [region][sex][age] at the end of the new base year, central path */
    double *membership; /* [region][age] fractions then, as the cohorts brought them: the new profile */
    double *exposure;   /* [region][PC_BASE_SUMS] mean of the year's two ends over its end */
} pc_roll;

/* Projects the plan's base year by a year and reads the accounts (docs/studies.md, roll). PC_ERR_INPUT with file, line
 * and column of what is wrong, and where the scenario has what cannot be rolled. The plan, the scenario and the files
 * must outlive it. Release with pc_roll_release, also after a failure. */
pc_code pc_roll_open(const pc_plan *plan, const pc_file *accounts, pc_roll *roll, pc_status *status);
void pc_roll_release(pc_roll *roll);

/* The scenario of the new base year with the items observed up to and with `last` taken in; PC_ROLL_PASSING: none.
 * Files in memory, owned by the caller. */
pc_code pc_roll_files(const pc_roll *roll, pc_roll_item last, pc_files **out, pc_status *status);

/* Results: value and standard error of each ask before (stage 0) and after each item (stage 1 + item), and the
 * change of each item with its error. All runs of the new base year are on the same paths; those of the old base year
 * are others, which the error of `passing` knows. [PC_ROLL_ITEMS + 1][n_asks], [PC_ROLL_ITEMS][n_asks]. */
typedef struct pc_roll_change {
    double *value, *se, *change, *change_se;
} pc_roll_change;

/* Runs the study's questions on the old scenario and on every stage; study: started (pc_study_start) on the old one.
 * The change is the roll's arena's. */
pc_code pc_roll_explain(pc_roll *roll, pc_study *study, pc_roll_change *change, pc_status *status);
/* Adds /roll. */
pc_code pc_roll_put(const pc_roll *roll, const pc_study *study, const pc_roll_change *change, pc_results *results,
                    pc_status *status);

#endif
