/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobol indices from Saltelli's design: how much of the variance of f a group of its inputs makes, alone (first) and
 * with all that it has in common with others (total). */
#ifndef PC_STATS_VARIANCE_SHARE_H
#define PC_STATS_VARIANCE_SHARE_H

#include <stddef.h>

typedef struct pc_variance_share {
    double first, first_se, total, total_se; /* of the variance; NaN where f does not vary */
    size_t n;                                /* rows that count */
} pc_variance_share;

/* a[n], b[n]: f on two independent samples of the inputs; ab[n]: f on sample A with the group's inputs from B.
 * Rows with a missing value in one of them are left out.
 *   first = mean((b - m) (ab - a)) / V      Saltelli et al. (2010), Computer Physics Communications 181, with f centred
 *   total = mean((a - ab)^2) / (2 V)        Jansen (1999), Computer Physics Communications 117
 * m, V: mean and variance of a and b together. Errors from each row's influence on the ratio. Check: f = x + 2 y,
 * x, y independent and alike: first and total of x 0.2. */
pc_variance_share pc_variance_share_of(const double *a, const double *b, const double *ab, size_t n);

#endif
