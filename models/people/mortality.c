/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/mortality.h"

#include "base/i18n.h"
#include "base/math.h"
#include "people/heads.h"

double pc_life_expectancy(const double *m, size_t stride, int age)
{
    double alive = 1, years = 0;

    for (int a = age; a < PC_AGES - 1; a++) {
        double rate = m[(size_t)a * stride];
        double next = alive * pc_exp(-rate);
        years += rate > 0 ? (alive - next) / rate : alive;
        alive = next;
    }
    return years + alive / m[(size_t)(PC_AGES - 1) * stride];
}

void pc_mortality_index(double *kappa, const double *delta, double sigma, const double *eps)
{
    for (int lane = 0; lane < PC_TILE; lane++) {
        kappa[lane] = (kappa[lane] + delta[lane]) + sigma * eps[lane];
    }
}

/* The exponents first, then one exponential over all of them: long rows suit pc_exp_rows. */
PC_KERNEL static void rate_exponents(const double *restrict alpha, const double *restrict beta,
                                     const double *restrict kappa, double *restrict x)
{
    for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
        for (int lane = 0; lane < PC_TILE; lane++) {
            x[i * PC_TILE + lane] = alpha[i] + beta[i] * kappa[lane];
        }
    }
}

PC_KERNEL static void survival_exponents(const double *restrict m, double q, double *restrict x)
{
    const double half = -0.5 * q;

    for (int sex = 0; sex < PC_SEXES; sex++) {
        const double *rate = m + (size_t)sex * PC_AGES * PC_TILE;
        double *out = x + (size_t)sex * PC_SURVIVAL_ROWS * PC_TILE;
        for (int lane = 0; lane < PC_TILE; lane++) {
            out[PC_SURVIVAL_NEWBORN * PC_TILE + lane] = half * rate[lane];
            out[PC_SURVIVAL_OPEN * PC_TILE + lane] = -q * rate[(PC_AGES - 1) * PC_TILE + lane];
        }
        for (int age = 1; age < PC_AGES; age++) {
            for (int lane = 0; lane < PC_TILE; lane++) {
                out[age * PC_TILE + lane] = half * (rate[(age - 1) * PC_TILE + lane] + rate[age * PC_TILE + lane]);
            }
        }
    }
}

/* The plain kernel's exponential: one number at a time. */
static void exp_each(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = pc_exp(x[i]);
    }
}

void pc_mortality_rates(const pc_people *people, const double *kappa, double *m, int fast)
{
    const size_t n = (size_t)PC_SEXES * PC_AGES * PC_TILE;

    rate_exponents(people->alpha, people->beta, kappa, m);
    if (fast) {
        pc_exp_rows(m, m, n);
    } else {
        exp_each(m, n);
    }
}

void pc_mortality_survival(const double *m, double q, double *survival, int fast)
{
    const size_t n = (size_t)PC_SEXES * PC_SURVIVAL_ROWS * PC_TILE;

    survival_exponents(m, q, survival);
    if (fast) {
        pc_exp_rows(survival, survival, n);
    } else {
        exp_each(survival, n);
    }
}

static const pc_param params[] = {
    {"kappa", PC_PARAM_NUMBER, "index", -200, 200, 0, NULL, N_("mortality index at the base year")},
    {"drift", PC_PARAM_NUMBER, "index", -10, 10, -1, NULL, N_("mean yearly change of the index")},
    {"drift_se", PC_PARAM_NUMBER, "index", 0, 10, 0, NULL, N_("standard error of the drift, drawn once a path")},
    {"sigma", PC_PARAM_NUMBER, "index", 0, 20, 2.6, NULL, N_("standard deviation of the yearly innovation")},
};

const pc_head pc_head_mortality = {
    .slot = "people",
    .name = "mortality",
    .title = N_("Lee-Carter mortality"),
    .doc = N_("Death rates by age and sex follow one time index, a random walk with drift. A region may have its own "
              "constant factor on all rates. The drift's estimation error is drawn once for a path."),
    .equation =
        N_("m_{g,a}(t) = q_r exp(alpha_{g,a} + beta_{g,a} kappa(t)); kappa(t) = kappa(t-1) + delta + sigma eps(t); "
           "delta ~ N(drift, drift_se^2)"),
    .source =
        N_("Lee and Carter (1992), Journal of the American Statistical Association 87; poolcast model, section 1.1"),
    .params = params,
    .n_params = (int)(sizeof params / sizeof params[0]),
};
