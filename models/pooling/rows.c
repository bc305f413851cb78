/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <string.h>

#include "base/math.h"

PC_KERNEL void pc_row_fill(double *out, double value)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = value;
    }
}

void pc_row_copy(double *out, const double *a)
{
    memcpy(out, a, PC_LANES * sizeof *out);
}

PC_KERNEL void pc_row_add(double *restrict out, const double *restrict a)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] += a[l];
    }
}

PC_KERNEL void pc_row_plus(double *restrict out, const double *restrict a, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = a[l] + b[l];
    }
}

PC_KERNEL void pc_row_minus(double *restrict out, const double *restrict a, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = a[l] - b[l];
    }
}

PC_KERNEL void pc_row_scale(double *restrict out, const double *restrict a, double factor)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = a[l] * factor;
    }
}

void pc_row_sum(double *out, const double *const *rows, int n)
{
    if (n == 0) {
        memset(out, 0, PC_LANES * sizeof *out);
        return;
    }
    pc_row_copy(out, rows[0]);
    for (int k = 1; k < n; k++) {
        pc_row_add(out, rows[k]);
    }
}

void pc_row_gather(double *out, const double *base, const int *index, int n)
{
    if (n == 0) {
        memset(out, 0, PC_LANES * sizeof *out);
        return;
    }
    pc_row_copy(out, base + (size_t)index[0] * PC_LANES);
    for (int k = 1; k < n; k++) {
        pc_row_add(out, base + (size_t)index[k] * PC_LANES);
    }
}

PC_KERNEL void pc_row_add_share(double *restrict out, const double *restrict amount, const double *restrict part,
                                const double *restrict total, int n)
{
    double each = 1.0 / n;

    for (int l = 0; l < PC_LANES; l++) {
        double share = part[l] / total[l];
        out[l] += amount[l] * (total[l] > 0 ? share : each);
    }
}

PC_KERNEL void pc_row_share(double *restrict out, const double *restrict amount, const double *restrict part,
                            const double *restrict total, int n)
{
    double each = 1.0 / n;

    for (int l = 0; l < PC_LANES; l++) {
        double share = part[l] / total[l];
        out[l] = amount[l] * (total[l] > 0 ? share : each);
    }
}

PC_KERNEL void pc_row_positive(double *restrict out, const double *restrict a, double fa, const double *restrict b,
                               double fb, double factor)
{
    for (int l = 0; l < PC_LANES; l++) {
        double n = a[l] * fa - b[l] * fb;
        out[l] = factor * (n > 0 ? n : 0.0);
    }
}

PC_KERNEL void pc_row_ration(double *restrict out, const double *restrict need, const double *restrict have,
                             const double *restrict total, const double *restrict fund)
{
    for (int l = 0; l < PC_LANES; l++) {
        double part = have[l] / total[l];
        double a = need[l] * (total[l] > have[l] ? part : 1.0);
        a = a < fund[l] ? a : fund[l];
        out[l] = a > 0 ? a : 0.0;
    }
}

PC_KERNEL void pc_row_take(double *restrict part, double *restrict need, const double *restrict room)
{
    for (int l = 0; l < PC_LANES; l++) {
        double p = need[l] < room[l] ? need[l] : room[l];
        p = p > 0 ? p : 0.0;
        part[l] = p;
        need[l] -= p;
    }
}
