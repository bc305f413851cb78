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

/* Eight lanes. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));

/* A piece of the sum stays in registers while the rows go by: each is read once and nothing is written in between. */
PC_KERNEL void pc_row_add_all(double *out, const double *const *rows, int n)
{
    enum { PIECE = 32 };

    for (int l = 0; l < PC_LANES; l += PIECE) {
        lanes *sum = (lanes *)(out + l);
        lanes a = sum[0], b = sum[1], c = sum[2], d = sum[3];
        for (int k = 0; k < n; k++) {
            const lanes *row = (const lanes *)(rows[k] + l);
            a += row[0];
            b += row[1];
            c += row[2];
            d += row[3];
        }
        sum[0] = a;
        sum[1] = b;
        sum[2] = c;
        sum[3] = d;
    }
}

void pc_row_add_at(double *out, const double *base, const int *index, int n)
{
    enum { SOME = 64 };
    const double *rows[SOME];

    for (int k = 0, some; k < n; k += some) {
        some = n - k < SOME ? n - k : SOME;
        for (int j = 0; j < some; j++) {
            rows[j] = base + (size_t)(index ? index[k + j] : k + j) * PC_LANES;
        }
        pc_row_add_all(out, rows, some);
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
    pc_row_add_all(out, rows + 1, n - 1);
}

void pc_row_gather(double *out, const double *base, const int *index, int n)
{
    if (n == 0) {
        memset(out, 0, PC_LANES * sizeof *out);
        return;
    }
    pc_row_copy(out, base + (size_t)index[0] * PC_LANES);
    pc_row_add_at(out, base, index + 1, n - 1);
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
