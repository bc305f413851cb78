/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/math.h"

#include "base/math_kernels.h"

PC_KERNEL double pc_exp(double x)
{
    return pc_exp_kernel(x);
}

PC_KERNEL double pc_log(double x)
{
    return pc_log_kernel(x);
}

/* True where pc_norm_inv_kernel does not hold: far tails, 0, 1, outside and NaN. */
PC_INLINE int pc_norm_inv_is_far(double p)
{
    return !(p >= PC_NORM_INV_TAIL && p <= 1.0 - PC_NORM_INV_TAIL);
}

/* The far tail of AS 241, sqrt(-ln p) > 5, and the arguments that have no finite answer. Rare: never inlined. */
static __attribute__((noinline)) double pc_norm_inv_far(double p)
{
    double tail = p < 0.5 ? p : 1.0 - p, s, num, den, x;

    if (!(tail > 0.0)) {
        return p == 0.0 ? -INFINITY : p == 1.0 ? INFINITY : NAN;
    }
    s = sqrt(-pc_log(tail)) - 5.0;
    num = fma(
        fma(fma(fma(fma(fma(fma(2.01033439929228813265e-7, s, 2.71155556874348757815e-5), s, 0.0012426609473880784386),
                        s, 0.026532189526576123093),
                    s, 0.29656057182850489123),
                s, 1.7848265399172913358),
            s, 5.4637849111641143699),
        s, 6.6579046435011037772);
    den = fma(
        fma(fma(fma(fma(fma(fma(2.04426310338993978564e-15, s, 1.4215117583164458887e-7), s, 1.8463183175100546818e-5),
                        s, 7.868691311456132591e-4),
                    s, 0.0148753612908506148525),
                s, 0.13692988092273580531),
            s, 0.59983220655588793769),
        s, 1.0);
    x = num / den;
    return p < 0.5 ? -x : x;
}

PC_KERNEL double pc_norm_inv(double p)
{
    return fabs(p - 0.5) <= PC_NORM_INV_CENTRE ? pc_norm_inv_central_kernel(p)
           : pc_norm_inv_is_far(p)             ? pc_norm_inv_far(p)
                                               : pc_norm_inv_tail_kernel(p);
}

/* Arguments of one stretch are mostly alike: the largest decides what all of them need. Bits of numbers without their
 * signs are in the order of the numbers, with NaN above all. */
PC_INLINE void pc_exp_stretch(double *y, const double *x, size_t n)
{
    int64_t top = 0;

    for (size_t i = 0; i < n; i++) {
        const int64_t bits = (int64_t)(pc_bits_of(x[i]) & 0x7fffffffffffffffu);
        top = bits > top ? bits : top;
    }
    if (top <= (int64_t)pc_bits_of(PC_EXP_INNER)) {
        PC_LANE_LOOP
        for (size_t i = 0; i < n; i++) {
            y[i] = pc_exp_inner_kernel(x[i]);
        }
    } else if (top <= (int64_t)pc_bits_of(PC_EXP_NORMAL)) {
        PC_LANE_LOOP
        for (size_t i = 0; i < n; i++) {
            y[i] = pc_exp_normal_kernel(x[i]);
        }
    } else {
        PC_LANE_LOOP
        for (size_t i = 0; i < n; i++) {
            y[i] = pc_exp_kernel(x[i]);
        }
    }
}

PC_KERNEL void pc_exp_rows(double *y, const double *x, size_t n)
{
    enum { STRETCH = 128 };
    size_t i = 0;

    for (; i + STRETCH <= n; i += STRETCH) {
        pc_exp_stretch(y + i, x + i, STRETCH);
    }
    pc_exp_stretch(y + i, x + i, n - i);
}

PC_KERNEL void pc_log_rows(double *y, const double *x, size_t n)
{
    PC_LANE_LOOP
    for (size_t i = 0; i < n; i++) {
        y[i] = pc_log_kernel(x[i]);
    }
}

/* At most PC_NORM_STRETCH numbers. Three in twenty are in the tails, which cost several times as much as the centre:
 * they are taken out, computed side by side and put back. */
enum { PC_NORM_STRETCH = 256 };
PC_INLINE void pc_norm_inv_stretch(double *y, const double *x, size_t n)
{
    double tail[PC_NORM_STRETCH];
    uint16_t at[PC_NORM_STRETCH];
    size_t n_tail = 0;

    for (size_t i = 0; i < n; i++) {
        at[n_tail] = (uint16_t)i;
        tail[n_tail] = x[i];
        n_tail += fabs(x[i] - 0.5) <= PC_NORM_INV_CENTRE ? 0 : 1;
    }
    PC_LANE_LOOP
    for (size_t i = 0; i < n; i++) {
        y[i] = pc_norm_inv_central_kernel(x[i]);
    }
    for (size_t k = 0; k < n_tail; k++) {
        if (pc_norm_inv_is_far(tail[k])) {
            y[at[k]] = pc_norm_inv_far(tail[k]);
            at[k] = UINT16_MAX;
            tail[k] = 0.05;
        }
    }
    PC_LANE_LOOP
    for (size_t k = 0; k < n_tail; k++) {
        tail[k] = pc_norm_inv_tail_kernel(tail[k]);
    }
    for (size_t k = 0; k < n_tail; k++) {
        if (at[k] != UINT16_MAX) {
            y[at[k]] = tail[k];
        }
    }
}

PC_KERNEL void pc_norm_inv_rows(double *y, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i += PC_NORM_STRETCH) {
        pc_norm_inv_stretch(y + i, x + i, n - i < PC_NORM_STRETCH ? n - i : PC_NORM_STRETCH);
    }
}
