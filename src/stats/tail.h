/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of whole samples and of counts of events. */
#ifndef PC_STATS_TAIL_H
#define PC_STATS_TAIL_H

#include <stddef.h>
#include <stdint.h>

/* Of losses (large is bad) x[0..n), all finite: value at risk, the order statistic ceil(alpha n) counted upwards from
 * 1; tail value at risk, the mean of the worst (1 - alpha) n values, the last one by fraction (MODEL section 6). An
 * alpha n within rounding of a whole number is taken as that number. Sorts x. n > 0, 0 < alpha < 1 (else both are NaN).
 * For 1, 2, ..., 10 and alpha 0.75: 8 and (10 + 9 + 0.5*8)/2.5 = 9.2. */
void pc_tail(double *x, size_t n, double alpha, double *var, double *tvar);

/* alpha n, for 0 < alpha < 1, taken as a whole number where it is within rounding of one. */
double pc_tail_rank(double alpha, uint64_t n);

/* Standard error of a probability p = events/n: sqrt(p(1-p)/n); with 0 or n events that would be 0, and the one-sided
 * 95 % bound 3/n (exactly -ln 0.05 / n to first order) is given instead. NaN if n = 0. For the difference of two
 * policies' probabilities it does not hold: they share paths; use pc_paired_se. */
double pc_probability_se(double p, uint64_t n);

/* Standard error of the difference of two probabilities estimated on the same n paths: `gained` paths have the event
 * only under the first policy, `lost` only under the second; the difference is (gained - lost)/n. Paths on which both
 * agree add nothing to the variance, which is why pairing is worth it. No path differs, or every path and all one way:
 * 3/n. NaN if n = 0. */
double pc_paired_se(uint64_t gained, uint64_t lost, uint64_t n);

#endif
