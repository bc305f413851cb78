/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/score.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

pc_score pc_score_sample(double *x, size_t n, double y)
{
    long double away = 0, spread = 0, sum = 0;
    size_t below = 0, equal = 0;
    pc_score s;

    qsort(x, n, sizeof *x, ascending);
    for (size_t i = 0; i < n; i++) {
        away += fabs(x[i] - y);
        sum += x[i];
        spread += x[i] * (2.0L * (long double)i - (long double)n + 1); /* half the sum over all pairs */
        below += x[i] < y;
        equal += x[i] == y;
    }
    s.pit = ((double)below + 0.5 * (double)equal) / (double)n;
    s.mean = (double)(sum / (long double)n);
    s.median = n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
    s.crps = (double)(away / (long double)n - (n > 1 ? spread / ((long double)n * (long double)(n - 1)) : 0));
    return s;
}
