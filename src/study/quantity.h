/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a study looks at: one number of the results, written as
 *   [difference.]NAME(YEAR, REGION, STATISTIC)
 * NAME as in the results file; YEAR where it has one; REGION by identifier or either name, without it the whole;
 * STATISTIC mean (usual), sd, var, tvar, or a quantile as "5 %" or "0.05" (NAME_quantile says the same). "difference.":
 * policy minus baseline, path by path. A condition adds <= or >= and a number. */
#ifndef PC_STUDY_QUANTITY_H
#define PC_STUDY_QUANTITY_H

#include "engine/sample.h"
#include "stats/estimate.h"

typedef enum pc_statistic { PC_STATISTIC_MEAN, PC_STATISTIC_SD, PC_STATISTIC_QUANTILE, PC_STATISTIC_TVAR } pc_statistic;

typedef struct pc_quantity {
    char text[256]; /* the measure as written, without the condition */
    char name[64];
    int difference;   /* policy minus baseline */
    int year;         /* calendar year; 0: none given */
    char region[128]; /* "": the whole */
    pc_statistic statistic;
    double probability; /* of a quantile; NaN: the scenario's treasury_alpha */
    int relation;       /* -1: at most the bound, +1: at least; 0: no condition */
    double bound;
} pc_quantity;

/* `option` names the text in messages ("--until"). With `condition` a condition must be there, else there must be none.
 */
pc_code pc_quantity_read(const char *option, const char *text, int condition, pc_quantity *out, pc_status *status);

/* A number with an optional percent sign, the whole text: "3 %" is 0.03. */
pc_code pc_quantity_number(const char *option, const char *text, double *out, pc_status *status);

/* A quantity in a plan: which rows it needs and what is made of them. */
typedef struct pc_quantity_use {
    const pc_quantity *quantity;
    const pc_output *output;
    pc_pick picks[2]; /* the second: of the baseline, only for a difference */
    int n_picks;
    double probability;
} pc_quantity_use;

/* Finds the quantity for a policy (index) and a scheme view; PC_ERR_INPUT with what is allowed when there is none. */
pc_code pc_quantity_find(const pc_quantity *quantity, const pc_plan *plan, const pc_layout *layout, int policy,
                         int view, pc_quantity_use *use, pc_status *status);
/* The output of that name among those of the policies and of the weather; NULL. *subject: 1 or 0. */
const pc_output *pc_quantity_output(const pc_quantity *quantity, int *subject, int *index);

/* Unit in which a study shows an output: that of the results file, but "index" for what is neither a chance nor a
 * share: people per person, coefficients. */
const char *pc_quantity_unit(const pc_output *output);

/* The estimate from rows as pc_sample_run gives them: `rows` [n_picks][n]; the first is overwritten where it is a
 * difference. Its error is from the differences between n_parts (1: between paths), as in pc_estimate_paired_se.
 * scratch[n]; influence[n], which may be NULL with one part. */
pc_estimate pc_quantity_estimate(const pc_quantity_use *use, double *rows, size_t n, int n_parts, double *scratch,
                                 double *influence);

/* 1 where an estimate's value meets the condition. */
int pc_quantity_met(const pc_quantity *quantity, double value);

#endif
