/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/variance_share.h"

#include <math.h>

static int counts(const double *a, const double *b, const double *ab, size_t i)
{
    return isfinite(a[i]) && isfinite(b[i]) && isfinite(ab[i]);
}

/* The parts of row i: of the first index, of the total one, of the variance. */
static void parts(double a, double b, double ab, double mean, double out[3])
{
    out[0] = (b - mean) * (ab - a);
    out[1] = (a - ab) * (a - ab) / 2;
    out[2] = ((a - mean) * (a - mean) + (b - mean) * (b - mean)) / 2;
}

pc_variance_share pc_variance_share_of(const double *a, const double *b, const double *ab, size_t n)
{
    pc_variance_share index = {NAN, NAN, NAN, NAN, 0};
    double mean = 0, sum[3] = {0}, squares[2] = {0};

    for (size_t i = 0; i < n; i++) {
        if (counts(a, b, ab, i)) {
            mean += (a[i] + b[i]) / 2;
            index.n++;
        }
    }
    mean /= (double)index.n;
    for (size_t i = 0; i < n; i++) {
        double part[3];
        if (counts(a, b, ab, i)) {
            parts(a[i], b[i], ab[i], mean, part);
            for (int k = 0; k < 3; k++) {
                sum[k] += part[k] / (double)index.n;
            }
        }
    }
    if (index.n < 2 || !(sum[2] > 0)) {
        return index;
    }
    index.first = sum[0] / sum[2];
    index.total = sum[1] / sum[2];
    for (size_t i = 0; i < n; i++) {
        double part[3];
        if (counts(a, b, ab, i)) {
            parts(a[i], b[i], ab[i], mean, part);
            const double first = (part[0] - index.first * part[2]) / sum[2];
            const double total = (part[1] - index.total * part[2]) / sum[2];
            squares[0] += first * first;
            squares[1] += total * total;
        }
    }
    index.first_se = sqrt(squares[0] / (double)(index.n - 1) / (double)index.n);
    index.total_se = sqrt(squares[1] / (double)(index.n - 1) / (double)index.n);
    return index;
}
