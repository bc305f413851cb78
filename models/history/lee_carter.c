/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/lee_carter.h"

#include <gsl/gsl_linalg.h>
#include <math.h>

#include "people/mortality.h"

/* Life expectancy at birth of both sexes, observed and fitted. */
static void expectancies(const pc_lee_carter_fit *fit, const double *log_rates, double kappa, double seen[PC_SEXES],
                         double fitted[PC_SEXES])
{
    for (int sex = 0; sex < PC_SEXES; sex++) {
        double rates[2][PC_AGES];
        for (int a = 0; a < PC_AGES; a++) {
            const int i = sex * PC_AGES + a;
            rates[0][a] = exp(log_rates[i]);
            rates[1][a] = exp(fit->alpha[i] + fit->beta[i] * kappa);
        }
        seen[sex] = pc_life_expectancy(rates[0], 1, 0);
        fitted[sex] = pc_life_expectancy(rates[1], 1, 0);
    }
}

/* Fitted less observed, by sex. */
static void expectancy_gaps(const pc_lee_carter_fit *fit, const double *log_rates, double kappa, double gap[PC_SEXES])
{
    double seen[PC_SEXES], fitted[PC_SEXES];

    expectancies(fit, log_rates, kappa, seen, fitted);
    for (int sex = 0; sex < PC_SEXES; sex++) {
        gap[sex] = fitted[sex] - seen[sex];
    }
}

/* The larger miss of the two sexes. */
static double miss(const pc_lee_carter_fit *fit, const double *log_rates, double kappa)
{
    double gap[PC_SEXES];

    expectancy_gaps(fit, log_rates, kappa, gap);
    return fmax(fabs(gap[0]), fabs(gap[1]));
}

static double expectancy_gap(const pc_lee_carter_fit *fit, const double *log_rates, double kappa)
{
    double gap[PC_SEXES];

    expectancy_gaps(fit, log_rates, kappa, gap);
    return gap[0] + gap[1];
}

/* Second stage: the index at which the mean of both life expectancies is that observed; the singular vector weighs ages
 * alike, however few die there. Stays where it is if that index is not near. */
static double refit(const pc_lee_carter_fit *fit, const double *log_rates, double kappa, double reach)
{
    double lo = kappa - reach, hi = kappa + reach;
    const double at_lo = expectancy_gap(fit, log_rates, lo), at_hi = expectancy_gap(fit, log_rates, hi);

    if (!(at_lo * at_hi < 0)) {
        return kappa;
    }
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (lo + hi);
        *(expectancy_gap(fit, log_rates, middle) * at_lo > 0 ? &lo : &hi) = middle;
    }
    return 0.5 * (lo + hi);
}

static void walk(const int *years, int n, const double *kappa, pc_lee_carter_fit *fit)
{
    const double span = years[n - 1] - years[0];
    double squares = 0;

    fit->drift = (kappa[n - 1] - kappa[0]) / span;
    for (int t = 1; t < n; t++) {
        const double d = years[t] - years[t - 1], e = kappa[t] - kappa[t - 1] - fit->drift * d;
        squares += e * e / d;
    }
    fit->sigma = sqrt(squares / (n - 2));
    fit->drift_se = fit->sigma / sqrt(span);
}

pc_code pc_lee_carter_history(const int *years, int n_years, const double *log_rates, int jump_off_fitted,
                              pc_lee_carter_fit *fit, double *kappa, double *e0, pc_status *status)
{
    const size_t cells = PC_LEE_CARTER_CELLS, n = (size_t)n_years;
    /* GSL wants no fewer rows than columns: cells are rows */
    gsl_matrix *u = gsl_matrix_alloc(cells, n), *v = gsl_matrix_alloc(n, n);
    gsl_vector *s = gsl_vector_alloc(n), *work = gsl_vector_alloc(n);
    double total = 0, scale, last;
    pc_code code = PC_OK;

    if (!u || !v || !s || !work) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for a fit of %d years", n_years);
        goto out;
    }
    for (size_t i = 0; i < cells; i++) {
        double mean = 0;
        for (size_t t = 0; t < n; t++) {
            mean += log_rates[t * cells + i] / (double)n;
        }
        fit->alpha[i] = mean;
        for (size_t t = 0; t < n; t++) {
            gsl_matrix_set(u, i, t, log_rates[t * cells + i] - mean);
        }
    }
    gsl_linalg_SV_decomp(u, v, s, work);
    for (size_t k = 0; k < n; k++) {
        total += gsl_vector_get(s, k) * gsl_vector_get(s, k);
    }
    if (!(total > 1e-20)) {
        code = pc_fail(status, PC_ERR_INPUT, "found death rates that never change, allowed a history in which they do");
        goto out;
    }
    fit->explained = gsl_vector_get(s, 0) * gsl_vector_get(s, 0) / total;
    for (size_t t = 0; t < n; t++) {
        kappa[t] = gsl_vector_get(s, 0) * gsl_matrix_get(v, t, 0);
    }
    for (size_t i = 0; i < cells; i++) {
        fit->beta[i] = gsl_matrix_get(u, i, 0);
    }
    {
        const double reach = 0.5 * fabs(kappa[n - 1] - kappa[0]);
        for (size_t t = 0; t < n; t++) {
            kappa[t] = refit(fit, log_rates + t * cells, kappa[t], reach);
        }
    }
    walk(years, n_years, kappa, fit);
    scale = fit->drift; /* signed: beta then is the yearly fall of log rates, and drift -1 where they fall */
    if (!(fabs(scale) > 1e-9 * fabs(kappa[n - 1] - kappa[0]) && scale != 0)) {
        code = pc_fail(status, PC_ERR_INPUT, "found death rates without a trend, allowed a history in which they move");
        goto out;
    }
    {
        double rise = 0; /* of log rates along the index: falling rates have an index that falls */
        for (size_t i = 0; i < cells; i++) {
            rise += fit->beta[i] * scale;
        }
        scale = (rise > 0 ? 1 : -1) * scale;
    }
    last = kappa[n - 1];
    for (size_t i = 0; i < cells; i++) {
        fit->alpha[i] += fit->beta[i] * last;
        fit->beta[i] *= scale;
    }
    for (size_t t = 0; t < n; t++) {
        kappa[t] = (kappa[t] - last) / scale;
    }
    walk(years, n_years, kappa, fit);
    fit->e0_error = 0;
    for (size_t t = 0; t < n; t++) {
        fit->e0_error = fmax(fit->e0_error, miss(fit, log_rates + t * cells, kappa[t]));
        if (e0) {
            expectancies(fit, log_rates + t * cells, kappa[t], e0 + t * PC_SEXES, e0 + (n + t) * PC_SEXES);
        }
    }
    if (!jump_off_fitted) {
        for (size_t i = 0; i < cells; i++) {
            fit->alpha[i] = log_rates[(n - 1) * cells + i];
        }
    }
    fit->e0_error_last = miss(fit, log_rates + (n - 1) * cells, 0);
out:
    gsl_matrix_free(u);
    gsl_matrix_free(v);
    gsl_vector_free(s);
    gsl_vector_free(work);
    return code;
}
