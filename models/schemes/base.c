/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimated base-year accounts: multipliers drawn once a path. */

#include "base/i18n.h"
#include "base/math.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"employee.revenue", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Standard deviation of the log of employee revenue of the base year; 0 where it is a final account.")},
    {"employee.expenditure", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Standard deviation of the log of employee expenditure of the base year; 0 where it is a final account.")},
    {"employee.balance", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Standard deviation of the log of the employee balance of the base year; a deficit stays a deficit.")},
    {"resident.revenue", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Standard deviation of the log of resident revenue of the base year; 0 where it is a final account.")},
    {"resident.expenditure", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Standard deviation of the log of resident expenditure of the base year; 0 where it is a final account.")},
    {"resident.balance", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Standard deviation of the log of the resident balance of the base year; a deficit stays a deficit.")},
};

const pc_head pc_head_base_uncertainty = {
    .slot = "scheme",
    .name = "base_uncertainty",
    .title = N_("Uncertainty of the base-year accounts"),
    .doc =
        N_("Where a region's base-year figures are estimates, one multiplier an account is drawn for the whole path. "
           "Revenue and expenditure of all later years move with it."),
    .equation = N_("multiplier = exp(sd eps), eps standard normal, once a path"),
    .source = N_("Log-normal error with the published figure as median."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

enum { ACCOUNT_REVENUE, ACCOUNT_EXPENDITURE, ACCOUNT_BALANCE, ACCOUNTS };

static size_t row_block(const pc_schemes *schemes)
{
    return (size_t)schemes->n_regions * PC_LANES;
}

size_t pc_base_factors_bytes(const pc_schemes *schemes)
{
    return (size_t)PC_SCHEMES * ACCOUNTS * row_block(schemes) * sizeof(double);
}

PC_KERNEL
static void scale_rows(double factor, size_t n, const double *restrict x, double *restrict y)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = factor * x[i];
    }
}

/* The drawn figure P f holds E' and the X' that goes with the drawn revenue R f_R: E'/E = (P f - X')/E with P = E + X
 * and X' = X + major R (f_R - 1), which is 1 to the last bit when both draws are 1. */
PC_KERNEL
static void without_other(double expenditure, double other, double major_revenue, const double *restrict revenue,
                          double *restrict multiplier)
{
    const double published = expenditure + other;

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double m = 1 + (published * (multiplier[lane] - 1) - major_revenue * (revenue[lane] - 1)) / expenditure;

        multiplier[lane] = m > 0 ? m : 0;
    }
}

void pc_base_factors_start(const pc_schemes *schemes, const double *eps, void *memory, pc_base_factors *factors)
{
    const size_t block = row_block(schemes);
    double *rows = memory;

    for (int s = 0; s < PC_SCHEMES; s++) {
        const double sd[ACCOUNTS] = {schemes->sd_revenue[s], schemes->sd_expenditure[s], schemes->sd_balance[s]};

        factors->revenue[s] = rows + ((size_t)s * ACCOUNTS + ACCOUNT_REVENUE) * block;
        factors->expenditure[s] = rows + ((size_t)s * ACCOUNTS + ACCOUNT_EXPENDITURE) * block;
        factors->balance[s] = rows + ((size_t)s * ACCOUNTS + ACCOUNT_BALANCE) * block;
        for (int account = 0; account < ACCOUNTS; account++) {
            const size_t at = ((size_t)s * ACCOUNTS + (size_t)account) * block;

            if (!eps || sd[account] == 0) {
                for (size_t i = 0; i < block; i++) {
                    rows[at + i] = 1;
                }
            } else {
                scale_rows(sd[account], block, eps + at, rows + at);
                pc_exp_rows(rows + at, rows + at, block);
            }
        }
        for (int r = 0; eps && r < schemes->n_regions; r++) {
            const size_t at = (size_t)r * PC_LANES;
            const double expenditure = schemes->expenditure_start[s][r];

            if (expenditure <= 0) {
                for (int lane = 0; lane < PC_LANES; lane++) {
                    factors->expenditure[s][at + (size_t)lane] = 1;
                }
            } else if (schemes->expenditure_includes_other[s]) {
                without_other(expenditure, schemes->other_start[s][r],
                              schemes->major_illness[s][0] * schemes->revenue_start[s][r], factors->revenue[s] + at,
                              factors->expenditure[s] + at);
            }
        }
    }
}
