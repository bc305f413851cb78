/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/tail.h"

#include <float.h>
#include <gsl/gsl_sort.h>
#include <math.h>

double pc_tail_rank(double alpha, uint64_t n)
{
    double rank = alpha * (double)n, whole = rint(rank);

    return whole >= 1 && fabs(rank - whole) <= 4 * DBL_EPSILON * rank ? whole
                                                                      : rank; /* 0.07 * 100 is a little above 7 */
}

void pc_tail(double *x, size_t n, double alpha, double *var, double *tvar)
{
    double rank, worst, fraction;
    long double sum = 0;
    size_t k, full;

    *var = *tvar = NAN;
    if (n == 0 || !(alpha > 0 && alpha < 1)) {
        return;
    }
    rank = pc_tail_rank(alpha, n);
    gsl_sort(x, 1, n);
    k = (size_t)ceil(rank);
    k = k < 1 ? 1 : k > n ? n : k;
    *var = x[k - 1];
    worst = (double)n - rank;
    if (!(worst > 0)) { /* alpha within rounding of 1 */
        *tvar = x[n - 1];
        return;
    }
    full = (size_t)floor(worst);
    full = full > n ? n : full;
    fraction = worst - (double)full;
    for (size_t i = n - full; i < n; i++) {
        sum += x[i];
    }
    if (full < n) {
        sum += (long double)fraction * x[n - full - 1];
    }
    *tvar = (double)(sum / worst);
}

double pc_probability_se(double p, uint64_t n)
{
    if (n == 0) {
        return NAN;
    }
    return p <= 0 || p >= 1 ? 3.0 / (double)n : sqrt(p * (1 - p) / (double)n);
}

double pc_paired_se(uint64_t gained, uint64_t lost, uint64_t n)
{
    double count = (double)n, a = (double)gained / count, b = (double)lost / count;

    if (n == 0) {
        return NAN;
    }
    if (gained + lost == 0 || ((gained == 0 || lost == 0) && gained + lost == n)) {
        return 3.0 / count;
    }
    return sqrt((a + b - (a - b) * (a - b)) / count);
}
