/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a short history says of an AR(1) about a mean or a straight line: exact likelihood, gaps allowed, with shrinkage
 * towards values one would expect without the history. */
#ifndef PC_MODELS_HISTORY_AR1_H
#define PC_MODELS_HISTORY_AR1_H

#include "base/status.h"

enum { PC_AR1_AHEAD = 10 };

/* What is known before: phi about phi0 with the weight of `phi_weight` observations ((1 + phi) / 2 is beta
 * distributed), sigma about sigma0 with the weight of sigma_weight observations (sigma^2 scaled inverse chi-squared),
 * the mean in the last year about mean0 with the weight of mean_weight yearly steps (normal, variance sigma^2 / (weight
 * (1 - phi)^2), what so many steps say of it). Weights 0: the history alone. */
typedef struct pc_ar1_prior {
    double phi, phi_weight, sigma, sigma_weight, mean, mean_weight;
} pc_ar1_prior;

/* Posterior mean, standard deviation, and the bounds of the central 80 %. */
typedef struct pc_ar1_figure {
    double value, se, low, high;
} pc_ar1_figure;

typedef struct pc_ar1_fit {
    int n;
    pc_ar1_figure phi, sigma;
    pc_ar1_figure mean;  /* of the mean (or the line) in the last year observed */
    pc_ar1_figure slope; /* of the line, a year; NaN without one */
    double last;         /* deviation from the mean in the last year, x(t) of the model */
    double gap_z;        /* largest innovation in standard deviations: a diagnostic of jumps */
    /* Standard error of the mean for runs that draw mean, phi and sigma each by itself and start from `last`: with it
     * the sum of the next PC_AR1_AHEAD years has the posterior's variance. mean.se would count twice: the mean is
     * unsure where phi is near 1, and there it pulls least; and where the mean is higher the deviation today is lower,
     * for their sum was observed. */
    double mean_drawn_se;
} pc_ar1_fit;

/* Sum of the next h years of an AR(1) from a deviation of 1, phi (1 - phi^h) / (1 - phi), and its variance with
 * sigma 1. Check: h = 2, phi = 0.5 gives 0.75 and 1 + 1.5^2 = 3.25. */
void pc_ar1_ahead(double phi, int h, double *from_now, double *variance);

/* y[i] = a + b year + x, x(t) = phi x(t-1) + sigma eps, stationary; b = 0 without `line`. Years ascending, gaps
 * allowed. innovations[n] (NULL: not wanted): standardised one-step innovations at the posterior means, the first NaN,
 * and NaN after a gap. PC_ERR_INPUT with fewer than 4 observations (5 with a line) or without any spread. The
 * likelihood given phi: with v_d = (1 - phi^2d) / (1 - phi^2), y' = (y - phi^d y_before) / sqrt(v_d), the first y
 * sqrt(1 - phi^2), an ordinary regression; a, b and sigma are integrated out, phi over a grid. Check: without prior and
 * many observations the posterior mean of phi is the first autocorrelation. */
pc_code pc_ar1_history(const int *years, const double *y, int n, int line, const pc_ar1_prior *prior, pc_ar1_fit *fit,
                       double *innovations, pc_status *status);

#endif
