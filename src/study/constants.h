/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The constants of regions that a run fits to the base year's accounts, and which of them are far from the others'. */
#ifndef PC_STUDY_CONSTANTS_H
#define PC_STUDY_CONSTANTS_H

#include "plan/plan.h"
#include "results/results.h"

enum { PC_REGION_CONSTANTS = 9 };
extern const char *const pc_region_constants[PC_REGION_CONSTANTS]; /* "lambda" ... */

/* Constant k of a region as the plan has it. */
double pc_region_constant(const pc_plan *plan, int k, int region);
/* How far each of n positive values is from the others: (ln x - median) / (1.4826 median |ln x - median|), the robust
 * standard score; 0 where half of the values or more are equal, NaN where x is not above 0. `scratch` [n]. Check: of 1,
 * e, e^2, e^3, e^10 the last has 8 / 1.4826 / 1 = 5.396. */
void pc_robust_scores(const double *x, int n, double *scores, double *scratch);
/* Adds regional_constant, regional_score (constant, input_region) and the regions' names to /calibration. */
pc_code pc_region_constants_put(const pc_plan *plan, pc_results *results, pc_status *status);

#endif
