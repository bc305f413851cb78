/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bodies of pc_exp, pc_log and pc_norm_inv, to be inlined into loops over rows of lanes. They have no branch and no
 * table: every choice is a select, so that a compiler can work on whole vectors. Every fused operation is written as
 * fma(); a file that includes this must be compiled with -ffp-contract=off, and its loops should stand in a PC_KERNEL
 * function, because without FMA instructions each fma() is a call of the C library. */
#ifndef PC_BASE_MATH_KERNELS_H
#define PC_BASE_MATH_KERNELS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Before a loop over lanes: y may be x itself, but no element depends on another one's result. */
#if defined(__GNUC__) && !defined(__clang__)
#define PC_LANE_LOOP _Pragma("GCC ivdep")
#else
#define PC_LANE_LOOP
#endif

#define PC_INLINE static inline __attribute__((always_inline))

PC_INLINE uint64_t pc_bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

PC_INLINE double pc_of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* ln 2 in two parts; the first has 42 bits, so that its product with an exponent is exact. */
#define PC_LN2_HI 0x1.62e42fefa3800p-1
#define PC_LN2_LO 0x1.ef35793c76730p-45
/* Adding 1.5 * 2^52 rounds to an integer and leaves that integer in the low bits. */
#define PC_ROUNDER 0x1.8p52

/* e^r for |r| <= ln 2 / 2: 1 + r + r^2 q(r), q a polynomial near minimax (relative error of e^r 2e-17). */
PC_INLINE double pc_exp_inner_kernel(double r)
{
    double r2 = r * r, r4 = r2 * r2, q;

    /* Pairs first: a short chain of dependent operations. */
    q = fma(fma(0x1.af38a9b0ec855p-26, r, 0x1.289185613a3d6p-22), r4,
            fma(fma(0x1.71de0dae63bb3p-19, r, 0x1.a019b90d2ae7ap-16), r2,
                fma(0x1.a01a01a7c41d5p-13, r, 0x1.6c16c1788bd90p-10)));
    q = fma(q, r4,
            fma(fma(0x1.11111111109b3p-7, r, 0x1.5555555553d63p-5), r2,
                fma(0x1.5555555555556p-3, r, 0x1.0000000000001p-1)));
    return 1.0 + fma(r2, q, r);
}

/* x = n ln 2 + r; returns n + PC_ROUNDER, an integer in its low bits. */
PC_INLINE double pc_exp_reduce(double x, double *r)
{
    double shifted = fma(x, 0x1.71547652b82fep+0, PC_ROUNDER), n = shifted - PC_ROUNDER;

    *r = fma(-n, PC_LN2_LO, fma(-n, PC_LN2_HI, x));
    return shifted;
}

/* exp(x) for every x. 2^n is multiplied in two halves, so that overflow and subnormal results need no special case. */
PC_INLINE double pc_exp_kernel(double x)
{
    double n, n1, r, q, shifted, shifted1, shifted2;

    x = x > 710.0 ? 710.0 : x;
    x = x < -746.0 ? -746.0 : x;
    shifted = pc_exp_reduce(x, &r);
    n = shifted - PC_ROUNDER;
    q = pc_exp_inner_kernel(r);
    shifted1 = fma(n, 0.5, PC_ROUNDER);
    n1 = shifted1 - PC_ROUNDER;
    shifted2 = (n - n1) + PC_ROUNDER;
    q *= pc_of_bits((pc_bits_of(shifted1) + 1023) << 52);
    return q * pc_of_bits((pc_bits_of(shifted2) + 1023) << 52);
}

/* The same bits for |x| <= PC_EXP_NORMAL, where 2^n is a normal number, and for |x| <= PC_EXP_INNER, where n is 0. */
#define PC_EXP_NORMAL 700.0
#define PC_EXP_INNER  0.3465
PC_INLINE double pc_exp_normal_kernel(double x)
{
    double r, shifted = pc_exp_reduce(x, &r);

    return pc_exp_inner_kernel(r) * pc_of_bits((pc_bits_of(shifted) + 1023) << 52);
}

/* ln(x) for normal positive finite x only. x = 2^k m, m in [sqrt 1/2, sqrt 2); f = m - 1 is exact, s = f / (2 + f),
 * ln m = 2 artanh s = f - (f^2/2 - s (f^2/2 + s^2 L(s^2))), L a polynomial near minimax (relative error 5e-18). */
PC_INLINE double pc_log_normal_kernel(double x)
{
    const uint64_t root_half = 0x3fe6a09e00000000u, one = 0x3ff0000000000000u;
    uint64_t moved = pc_bits_of(x) + (one - root_half), biased = moved >> 52;
    double k = pc_of_bits(0x4330000000000000u | biased) - (0x1p52 + 1023.0);
    double f = pc_of_bits((moved & 0x000fffffffffffffu) + root_half) - 1.0;
    double s = f / (2.0 + f), z = s * s, z2 = z * z, half = 0.5 * f * f, l;

    l = fma(fma(0x1.2b5900de53b32p-3, z, 0x1.39fe51a7c18f9p-3), z2, fma(0x1.7462b51cb66b1p-3, z, 0x1.c71c62e3f11e6p-3));
    l = fma(fma(l, z, 0x1.2492492df281ap-2), z2, fma(0x1.99999999952d7p-2, z, 0x1.5555555555558p-1));
    l = fma(z, l, half);
    return fma(k, PC_LN2_HI, -((half - fma(s, l, k * PC_LN2_LO)) - f));
}

/* ln(1 + v) from top / bottom = v / (2 + v), for 0 <= v < sqrt 2 - 1: 2 artanh s = 2 s + s z L(z), z = s^2, with the L
 * of pc_log_normal_kernel. Relative error at most 2 ulp beside that of the division. */
PC_INLINE double pc_log1p_kernel(double top, double bottom)
{
    double s = top / bottom, z = s * s, z2 = z * z, l;

    l = fma(fma(0x1.2b5900de53b32p-3, z, 0x1.39fe51a7c18f9p-3), z2, fma(0x1.7462b51cb66b1p-3, z, 0x1.c71c62e3f11e6p-3));
    l = fma(fma(l, z, 0x1.2492492df281ap-2), z2, fma(0x1.99999999952d7p-2, z, 0x1.5555555555558p-1));
    return fma(s * z, l, 2.0 * s);
}

/* ln(x) for every x: subnormal numbers are scaled, zero, negative, infinite and NaN are put right by selects. */
PC_INLINE double pc_log_kernel(double x)
{
    int tiny = x < 0x1p-1022;
    double y = pc_log_normal_kernel(tiny ? x * 0x1p54 : x);

    /* 54 ln 2 leaves a result of about -708 .. -745: one rounding more. */
    y = tiny ? y - 0x1.2b708872320e2p+5 : y;
    y = x < INFINITY ? y : x; /* infinity and NaN */
    y = x < 0.0 ? NAN : y;
    return x == 0.0 ? -INFINITY : y;
}

/* Below this tail probability pc_norm_inv_kernel does not hold. */
#define PC_NORM_INV_TAIL 0x1p-36

/* Where the central approximation of the inverse normal holds: |p - 1/2| <= 0.425. */
#define PC_NORM_INV_CENTRE 0.425

/* Inverse normal by the rational approximations of M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37
 * (1988): the central part, and the tails for PC_NORM_INV_TAIL <= p <= 1 - PC_NORM_INV_TAIL. */
PC_INLINE double pc_norm_inv_central_kernel(double p)
{
    double q = p - 0.5, r = fma(-q, q, 0.180625), num, den;

    num = fma(fma(fma(fma(fma(fma(fma(2509.0809287301226727, r, 33430.575583588128105), r, 67265.770927008700853), r,
                              45921.953931549871457),
                          r, 13731.693765509461125),
                      r, 1971.5909503065514427),
                  r, 133.14166789178437745),
              r, 3.387132872796366608);
    den = fma(fma(fma(fma(fma(fma(fma(5226.495278852854561, r, 28729.085735721942674), r, 39307.89580009271061), r,
                              21213.794301586595867),
                          r, 5394.1960214247511077),
                      r, 687.1870074920579083),
                  r, 42.313330701600911252),
              r, 1.0);
    return q * num / den;
}

PC_INLINE double pc_norm_inv_tail_kernel(double p)
{
    double q = p - 0.5, tail = q < 0.0 ? p : 1.0 - p, s, num, den;

    s = sqrt(-pc_log_normal_kernel(tail)) - 1.6;
    num =
        fma(fma(fma(fma(fma(fma(fma(7.7454501427834140764e-4, s, 0.0227238449892691845833), s, 0.24178072517745061177),
                            s, 1.27045825245236838258),
                        s, 3.64784832476320460504),
                    s, 5.7694972214606914055),
                s, 4.6303378461565452959),
            s, 1.42343711074968357734);
    den = fma(
        fma(fma(fma(fma(fma(fma(1.05075007164441684324e-9, s, 5.475938084995344946e-4), s, 0.0151986665636164571966), s,
                        0.14810397642748007459),
                    s, 0.68976733498510000455),
                s, 1.6763848301838038494),
            s, 2.05319162663775882187),
        s, 1.0);
    return (q < 0.0 ? -num : num) / den;
}

#endif
