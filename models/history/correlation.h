/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlations of few observations, shrunk towards none. */
#ifndef PC_MODELS_HISTORY_CORRELATION_H
#define PC_MODELS_HISTORY_CORRELATION_H

/* x[series][n], NaN where a series has no value; pairs with fewer than 5 common values get 0. r[series][series], raw
 * correlations; shrunk[series][series] = (1 - lambda) r off the diagonal with lambda = sum var(r) / sum r^2, at most 1,
 * var(r) = (1 - r^2)^2 / (m - 1), m common values: what an unbiased estimate would say of how much of the sum of
 * squares is noise (Schafer and Strimmer 2005, with the asymptotic variance). Shrunk further by halves where it would
 * not be positive definite. Returns lambda. Series at most 16. */
double pc_correlation_history(const double *x, int n_series, int n, double *r, double *shrunk);

#endif
