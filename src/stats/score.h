/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How good a forecast was, from a sample of it and what happened. */
#ifndef PC_STATS_SCORE_H
#define PC_STATS_SCORE_H

#include <stddef.h>

typedef struct pc_score {
    double pit; /* share of the sample below what happened, ties by half: uniform for a right forecast */
    double
        crps; /* continuous ranked probability score, in the unit of x; of a sample of one value the absolute error */
    double mean, median;
} pc_score;

/* x[n] is sorted in place; NaN must not be in it; n > 0. crps = mean |x - y| - mean over all pairs |x - x'| / 2, pairs
 * of a value with itself left out, so that it does not favour small samples (Gneiting and Raftery 2007, "fair"). Of 1,
 * 2, 3 and y = 2: 2/3 - 2/3 = 0; and y = 5: 3 - 2/3. */
pc_score pc_score_sample(double *x, size_t n, double y);

#endif
