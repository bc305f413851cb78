/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exp, log and the inverse normal with the same bits on every CPU: explicit fma, no contraction, no table of the C
 * library. Array forms work on rows of lanes and give, element by element, the same bits as the scalar forms. */
#ifndef PC_BASE_MATH_H
#define PC_BASE_MATH_H

#include <stddef.h>

/* Compiles a kernel once per instruction set; the loader picks one at run time. All give the same bits, because every
 * fused operation is written as fma() and nothing else may be contracted (-ffp-contract=off). */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(PC_NO_CLONES)
#define PC_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PC_KERNEL
#endif

/* Error at most 2 ulp over the whole range; overflow gives inf, underflow 0 (subnormals kept), NaN gives NaN. */
double pc_exp(double x);
/* Relative error at most 2 ulp; pc_log(0) = -inf, negative gives NaN. */
double pc_log(double x);
/* Inverse of the standard normal distribution function, 0 < p < 1; relative error at most 1e-15.
 * pc_norm_inv(0.975) = 1.959963984540054. */
double pc_norm_inv(double p);

/* y[i] = f(x[i]), i < n; x and y may be the same array. */
void pc_exp_rows(double *y, const double *x, size_t n);
void pc_log_rows(double *y, const double *x, size_t n);
void pc_norm_inv_rows(double *y, const double *x, size_t n);

#endif
