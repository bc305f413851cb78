/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/correlation.h"

#include <math.h>
#include <string.h>

enum { MOST = 16, LEAST_COMMON = 5 };

static double pair(const double *a, const double *b, int n, int *common)
{
    double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;

    *common = 0;
    for (int i = 0; i < n; i++) {
        if (!isnan(a[i]) && !isnan(b[i])) {
            ma += a[i];
            mb += b[i];
            (*common)++;
        }
    }
    if (*common < LEAST_COMMON) {
        return 0;
    }
    ma /= *common;
    mb /= *common;
    for (int i = 0; i < n; i++) {
        if (!isnan(a[i]) && !isnan(b[i])) {
            aa += (a[i] - ma) * (a[i] - ma);
            bb += (b[i] - mb) * (b[i] - mb);
            ab += (a[i] - ma) * (b[i] - mb);
        }
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static int is_positive(const double *r, int n)
{
    double l[MOST * MOST] = {0};

    for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = r[i * n + j];
            for (int k = 0; k < j; k++) {
                sum -= l[i * n + k] * l[j * n + k];
            }
            if (i == j) {
                if (!(sum > 1e-6)) {
                    return 0;
                }
                l[i * n + i] = sqrt(sum);
            } else {
                l[i * n + j] = sum / l[j * n + j];
            }
        }
    }
    return 1;
}

double pc_correlation_history(const double *x, int n_series, int n, double *r, double *shrunk)
{
    double noise = 0, squares = 0, lambda;

    if (n_series > MOST) {
        return NAN;
    }
    for (int i = 0; i < n_series; i++) {
        r[i * n_series + i] = 1;
        for (int j = 0; j < i; j++) {
            int common;
            const double c = pair(x + (long)i * n, x + (long)j * n, n, &common);
            r[i * n_series + j] = r[j * n_series + i] = c;
            if (common >= LEAST_COMMON) {
                noise += (1 - c * c) * (1 - c * c) / (common - 1);
                squares += c * c;
            }
        }
    }
    lambda = squares > 0 ? fmin(noise / squares, 1) : 1;
    for (;;) {
        for (int i = 0; i < n_series * n_series; i++) {
            shrunk[i] = i % (n_series + 1) == 0 ? 1 : (1 - lambda) * r[i];
        }
        if (is_positive(shrunk, n_series)) {
            return lambda;
        }
        lambda = 1 - 0.5 * (1 - lambda);
    }
}
