/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>

#include "base/i18n.h"
#include "base/math_kernels.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"employee.cv", PC_PARAM_NUMBER, "index", 0, 100, 3.5, NULL,
     N_("Coefficient of variation of one employee-scheme member's yearly cost; its effect falls with the number of "
        "members.")},
    {"resident.cv", PC_PARAM_NUMBER, "index", 0, 100, 3.5, NULL,
     N_("Coefficient of variation of one resident-scheme member's yearly cost; its effect falls with the number of "
        "members.")},
    {"employee.tau", PC_PARAM_NUMBER, "fraction", 0, 1, 0.01, NULL,
     N_("A region's own yearly noise of employee expenditure that does not fall with the number of members.")},
    {"resident.tau", PC_PARAM_NUMBER, "fraction", 0, 1, 0.01, NULL,
     N_("A region's own yearly noise of resident expenditure that does not fall with the number of members.")},
};

const pc_head pc_head_claims = {
    .slot = "economy",
    .name = "claims",
    .title = N_("Claims noise"),
    .doc = N_("Yearly noise of a region's expenditure: independent members' claims add up, and a part stays however "
              "many they are. Its mean is 1."),
    .equation = N_("Z = exp(s eps - s^2 / 2), s^2 = ln(1 + cv^2 / members + tau^2)"),
    .source = N_("Log-normal with the mean and variance of a sum of independent yearly claims."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

PC_KERNEL
static void variances(double cv, double tau, const double *restrict members, double *restrict v,
                      double *restrict one_plus)
{
    const double cv2 = cv * cv, tau2 = tau * tau;

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        /* Below one member nothing is random; the clamp only keeps the division defined. */
        const double n = members[lane] >= 1 ? members[lane] : 1;

        v[lane] = cv2 / n + tau2;
        one_plus[lane] = 1 + v[lane];
    }
}

PC_KERNEL
static void exponents(const double *restrict v, const double *restrict log_one_plus, const double *restrict eps,
                      double *restrict out)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        /* ln(1 + v) without the loss of v's last digits in 1 + v. */
        const double seen = (1 + v[lane]) - 1;
        const double s2 = seen > 0 ? log_one_plus[lane] * (v[lane] / (seen > 0 ? seen : 1)) : v[lane];

        out[lane] = sqrt(s2) * eps[lane] - 0.5 * s2;
    }
}

/* The same for v < PC_NOISE_SMALL, as it is with more than some dozens of members: s^2 = ln(1 + v) = 2 artanh(v / (2 +
 * v)), with one division for v / (2 + v) = (cv^2 + tau^2 n) / (2 n + cv^2 + tau^2 n). Returns how many lanes have a
 * larger v. */
#define PC_NOISE_SMALL 0.41
PC_KERNEL
static int small_exponents(double cv, double tau, const double *restrict members, const double *restrict eps,
                           double *restrict out)
{
    const double cv2 = cv * cv, tau2 = tau * tau;
    int64_t n_large = 0;

#pragma omp simd reduction(+ : n_large)
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double n = members[lane] >= 1 ? members[lane] : 1;
        const double v_n = fma(tau2, n, cv2);
        const double s2 = pc_log1p_kernel(v_n, fma(2, n, v_n));
        const double x = fma(sqrt(s2), eps[lane], -0.5 * s2);

        n_large += v_n < PC_NOISE_SMALL * n ? 0 : 1;
        out[lane] = members[lane] >= 1 ? x : 0;
    }
    return (int)n_large;
}

/* Lanes with a large v take x from `large`: by their own v alone, so that no lane's number depends on another lane. */
PC_KERNEL
static void take_large(double cv, double tau, const double *restrict members, const double *restrict large,
                       double *restrict x)
{
    const double cv2 = cv * cv, tau2 = tau * tau;

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double n = members[lane] >= 1 ? members[lane] : 1;
        const int takes = (members[lane] >= 1) & !(fma(tau2, n, cv2) < PC_NOISE_SMALL * n);

        x[lane] = takes ? large[lane] : x[lane];
    }
}

void pc_noise_row(double cv, double tau, const double *members, const double *eps, double *z)
{
    if (small_exponents(cv, tau, members, eps, z) > 0) {
        _Alignas(64) double v[PC_LANES], log_one_plus[PC_LANES], large[PC_LANES];

        variances(cv, tau, members, v, log_one_plus);
        pc_log_rows(log_one_plus, log_one_plus, PC_LANES);
        exponents(v, log_one_plus, eps, large);
        take_large(cv, tau, members, large, z);
    }
    pc_exp_rows(z, z, PC_LANES);
}
