/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums in 128-bit fixed point: associative, so that they have the same bits in any order. Internal to src/stats. */
#ifndef PC_STATS_FIXED_H
#define PC_STATS_FIXED_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define PC_FIXED_BITS  60
#define PC_FIXED_LIMIT 0x1p102 /* of a term, in quanta: 2^24 terms cannot overflow 127 bits */

typedef __int128 pc_fixed;

/* 2^e for |e| <= 1000: a product with it is exact unless it leaves the range. */
static inline double pc_power_of_two(int e)
{
    uint64_t bits = (uint64_t)(e + 1023) << 52;
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Exponent of a sum whose terms are of size `scale` > 0: scale <= 2^exponent, kept where 2^(60 - 2 exponent) is a
 * double. */
static inline int pc_fixed_exponent(double scale)
{
    int exponent;

    frexp(scale, &exponent);
    return exponent < -400 ? -400 : exponent > 400 ? 400 : exponent;
}

/* Whether x is small enough to be added. */
static inline int pc_fixed_takes(double x, int exponent)
{
    return fabs(x * pc_power_of_two(PC_FIXED_BITS - exponent)) < PC_FIXED_LIMIT;
}

/* acc += x in quanta of 2^(exponent - 60), rounded to even. Returns 1 where x is too large, and then nothing is added,
 * or the sum leaves the range. It goes over in two parts, since the compiler's conversion to 128 bits is a
 * slow call: the upper one is exact, and the lower one, below 2^40, is rounded by adding what leaves no place for a
 * fraction. */
static inline int pc_fixed_add(pc_fixed *acc, double x, int exponent)
{
    double quanta = x * pc_power_of_two(PC_FIXED_BITS - exponent), low;
    int64_t high;

    if (!(fabs(quanta) < PC_FIXED_LIMIT)) {
        return 1;
    }
    high = (int64_t)(quanta * 0x1p-40);
    low = quanta - (double)high * 0x1p40;
    low = (low + 0x1.8p52) - 0x1.8p52;
    return __builtin_add_overflow(*acc, (pc_fixed)high * ((pc_fixed)1 << 40) + (int64_t)low, acc);
}

/* The sum as a number. */
static inline double pc_fixed_value(pc_fixed acc, int exponent)
{
    return (double)acc * pc_power_of_two(exponent - PC_FIXED_BITS);
}

#endif
