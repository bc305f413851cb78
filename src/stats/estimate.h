/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimates from one value a path, each with its standard error and, on request, every path's influence on it: the
 * difference of two estimates on the same paths then has an error of its own. */
#ifndef PC_STATS_ESTIMATE_H
#define PC_STATS_ESTIMATE_H

#include <stddef.h>

/* `bounded`: an event that no path or every path had; se is then the one-sided 95 % bound 3/n. */
typedef struct pc_estimate {
    double value, se;
    size_t n; /* paths that count: those whose value is not missing */
    int bounded;
} pc_estimate;

/* In all of these: x[n], NaN is missing; influence[n] or NULL, with mean 0 and se = sd(influence) / sqrt(n), 0 for
 * missing values; value and se are NaN where nothing counts. `scratch` holds n doubles. */
pc_estimate pc_estimate_mean(const double *x, size_t n, int event, double *influence);
pc_estimate pc_estimate_sd(const double *x, size_t n, double *influence);
/* Order statistic ceil(p n), 0 < p < 1; value +- 1.96 se is as wide as the exact interval between order
 * statistics. Of 1, 2, ..., 100 and p = 0.5: 50, se 5. */
pc_estimate pc_estimate_quantile(const double *x, size_t n, double p, double *scratch, double *influence);
/* Mean of the worst (1 - alpha) n, large is bad, as in pc_tail. */
pc_estimate pc_estimate_tail(const double *x, size_t n, double alpha, double *scratch, double *influence);

/* Standard error of a - b for estimates on the same n paths; b may be NULL. With n_parts > 1 the paths are as many
 * independent parts of equal size, one after the other, whatever hangs together inside a part: the error is that of the
 * parts' mean influences, or as with one part where these are all the same though paths differ. */
double pc_estimate_paired_se(const double *influence_a, const double *influence_b, size_t n, int n_parts);

#endif
