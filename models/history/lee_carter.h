/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lee-Carter from past death rates, both sexes on one index. */
#ifndef PC_MODELS_HISTORY_LEE_CARTER_H
#define PC_MODELS_HISTORY_LEE_CARTER_H

#include "base/status.h"
#include "model.h"

enum { PC_LEE_CARTER_CELLS = PC_SEXES * PC_AGES };

typedef struct pc_lee_carter_fit {
    double alpha[PC_LEE_CARTER_CELLS], beta[PC_LEE_CARTER_CELLS]; /* [sex][age] */
    double drift, drift_se, sigma;                                /* of the index a year; scaled so that |drift| is 1 */
    double explained;     /* share of the variance of log rates about their means */
    double e0_error;      /* largest miss of life expectancy at birth over years and sexes, years of life */
    double e0_error_last; /* the same in the last year */
} pc_lee_carter_fit;

/* log_rates[year][sex][age], n_years >= 3 ascending. The index is 0 in the last year. `jump_off_fitted` 0: alpha is the
 * observed log rate of the last year, so that a forecast starts from what is; 1: the fitted one. kappa[n_years].
 * beta is the first singular vector of the rates less their means (GSL) over ages; the index of a year is then set so
 * that the mean of both sexes' life expectancies is that observed; it is a random walk with drift: drift = (last -
 * first) / years between, sigma^2 = mean of (step - drift d)^2 / d with n - 2 degrees (steps of d years), drift_se =
 * sigma / sqrt(years between). Rates that are smooth averages over several years understate sigma. PC_ERR_INPUT when
 * rates do not move. e0 (NULL: not wanted) [observed, fitted][n_years][sex]: life expectancy at birth of the rates, and
 * of the fitted ones in sample, before the jump-off. */
pc_code pc_lee_carter_history(const int *years, int n_years, const double *log_rates, int jump_off_fitted,
                              pc_lee_carter_fit *fit, double *kappa, double *e0, pc_status *status);

#endif
