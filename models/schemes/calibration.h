/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration of one region's schemes to its base-year figures (docs/model.md, Flows): pure functions for the plan. */
#ifndef PC_MODELS_SCHEMES_CALIBRATION_H
#define PC_MODELS_SCHEMES_CALIBRATION_H

#include "base/status.h"
#include "schemes.h"

enum { PC_CALIBRATION_SUMS = PC_SUM_COMMON + PC_RULE_SUMS }; /* the common sums, then those of rule 0 */

typedef struct pc_calibration_input {
    const char *region;                    /* for messages */
    double sums[PC_CALIBRATION_SUMS];      /* at 31 December of the base year, rule 0 */
    double sums_next[PC_CALIBRATION_SUMS]; /* central path, a year later */
    const double *exposure_ratio; /* [PC_CALIBRATION_SUMS] the base year's exposure over the sum at its end where the
                                     year before is known; NULL: estimated, see pc_base_exposure */
    double outside_contributors, outside_retirees; /* o_r >= 1 */
    double resident_members;                       /* persons at the end of the base year */
    double enrolment_limit;           /* largest c_r: above 1 residents from outside are enrolled (INFINITY: any) */
    double wage;                      /* yuan a year */
    double rate;                      /* tau */
    double pooled_share;              /* phi */
    double credit;                    /* yuan a retiree and year to retirees' accounts */
    double major_illness[PC_SCHEMES]; /* share of revenue, base year */
    double revenue[PC_SCHEMES], expenditure[PC_SCHEMES]; /* published, yuan */
    int expenditure_includes_other[PC_SCHEMES];          /* expenditure is E + X (1) or E (0) */
} pc_calibration_input;

typedef struct pc_calibration_output {
    double exposure[PC_CALIBRATION_SUMS];     /* base-year exposure of each sum: pc_schemes.base_exposure */
    double contributors, retirees, residents; /* Act, Ret, Res of the base year */
    double cost_exposure[PC_SCHEMES];         /* U of the base year */
    double enrolment;                         /* c_r; above 1: report it */
    double base_ratio;                        /* b_r */
    double financing;                         /* F_r, yuan a head */
    double cost[PC_SCHEMES];                  /* C_r,s, yuan per unit of exposure */
    double expenditure[PC_SCHEMES];           /* E without X, yuan */
    double other[PC_SCHEMES];                 /* X, yuan */
} pc_calibration_output;

/* Exposure of the base year from a sum at its end: sum sqrt(sum / sum_next), the mean of its two ends with the growth
 * of the next year put back one year; 0 for a sum of 0. NaN where a positive sum has no positive successor. Check:
 * pc_base_exposure(100, 121) = 90.909090909... */
double pc_base_exposure(double sum, double sum_next);

/* Everything above for one region. PC_ERR_INPUT with the region and the figures when a figure is negative or not
 * finite, when money or members have nobody to belong to, when c_r is above its limit, or when E without X is not above
 * 0 for a scheme with members. A scheme without members and money is calibrated to zeros. */
pc_code pc_calibrate(const pc_calibration_input *in, pc_calibration_output *out, pc_status *st);

#endif
