/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/ar1.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { GRID = 99 };
static const double phi_least = -0.99, phi_most = 0.99, tail = 0.1;

/* The regression at one phi. */
typedef struct slice {
    double phi, weight;           /* posterior weight */
    double degrees, spread;       /* sigma^2 ~ degrees * spread / chi2 */
    double b[2], cover[2], cross; /* coefficients: mean in the last year, slope; (X'X)^-1 */
} slice;

typedef struct fitter {
    const int *years;
    const double *y;
    int n, p;
    const pc_ar1_prior *prior;
    slice *slices;
} fitter;

static void regress(const fitter *f, slice *s)
{
    const double phi = s->phi;
    const pc_ar1_prior *k = f->prior;
    const double a = 1 + 0.5 * k->phi_weight * (1 + k->phi), b = 1 + 0.5 * k->phi_weight * (1 - k->phi);
    double x00 = 0, x01 = 0, x11 = 0, z0 = 0, z1 = 0, rss = 0, jacobian = 0.5 * log1p(-phi * phi), det;

    for (int pass = 0; pass < 2; pass++) {
        const double one0 = sqrt(k->mean_weight) * (1 - phi); /* what is known of the mean: an observation more */
        if (pass == 0) {
            x00 += one0 * one0;
            z0 += one0 * one0 * k->mean;
        } else {
            rss += one0 * one0 * (k->mean - s->b[0]) * (k->mean - s->b[0]);
        }
        for (int i = 0; i < f->n; i++) {
            const int d = i > 0 ? f->years[i] - f->years[i - 1] : 0;
            const double step = i > 0 ? pow(phi, d) : 0;
            const double v = i > 0 ? (1 - step * step) / (1 - phi * phi) : 1 / (1 - phi * phi), w = 1 / sqrt(v);
            const double t = f->years[i] - f->years[f->n - 1],
                         before = i > 0 ? f->years[i - 1] - f->years[f->n - 1] : 0;
            const double y = w * (f->y[i] - (i > 0 ? step * f->y[i - 1] : 0));
            const double one = w * (1 - step), time = w * (t - step * before);
            if (pass == 0) {
                x00 += one * one;
                x01 += one * time;
                x11 += time * time;
                z0 += one * y;
                z1 += time * y;
                jacobian -= i > 0 ? 0.5 * log(v) : 0;
            } else {
                const double e = y - s->b[0] * one - s->b[1] * time;
                rss += e * e;
            }
        }
        if (pass == 0) {
            det = f->p == 2 ? x00 * x11 - x01 * x01 : x00;
            s->cover[0] = f->p == 2 ? x11 / det : 1 / x00;
            s->cover[1] = f->p == 2 ? x00 / det : 0;
            s->cross = f->p == 2 ? -x01 / det : 0;
            s->b[0] = s->cover[0] * z0 + s->cross * z1;
            s->b[1] = f->p == 2 ? s->cross * z0 + s->cover[1] * z1 : 0;
            s->weight = jacobian - 0.5 * log(det) + (k->mean_weight > 0 ? log1p(-phi) : 0);
        }
    }
    s->degrees = f->n - f->p + (k->mean_weight > 0) + k->sigma_weight;
    s->spread = (rss + k->sigma_weight * k->sigma * k->sigma) / s->degrees;
    /* its logarithm, for now */
    s->weight += (a - 1) * log1p(phi) + (b - 1) * log1p(-phi) - 0.5 * s->degrees * log(s->degrees * s->spread);
}

static void weigh(fitter *f)
{
    double most = -INFINITY, sum = 0;

    for (int g = 0; g < GRID; g++) {
        f->slices[g].phi = phi_least + (phi_most - phi_least) * g / (GRID - 1);
        regress(f, &f->slices[g]);
        most = fmax(most, f->slices[g].weight);
    }
    for (int g = 0; g < GRID; g++) {
        sum += f->slices[g].weight = exp(f->slices[g].weight - most);
    }
    for (int g = 0; g < GRID; g++) {
        f->slices[g].weight /= sum;
    }
}

/* Probability below x of phi (0), sigma (1), the mean (2), the slope (3). */
static double below(const fitter *f, int what, double x)
{
    double sum = 0;

    for (int g = 0; g < GRID; g++) {
        const slice *s = &f->slices[g];
        double p;
        if (s->weight < 1e-9) {
            continue;
        }
        switch (what) {
        case 0: {
            const double half = (phi_most - phi_least) / (GRID - 1) / 2;
            p = fmin(fmax((x - s->phi + half) / (2 * half), 0), 1);
            break;
        }
        case 1:
            p = x > 0 ? gsl_cdf_chisq_Q(s->degrees * s->spread / (x * x), s->degrees) : 0;
            break;
        default: {
            const int k = what - 2;
            p = gsl_cdf_tdist_P((x - s->b[k]) / sqrt(s->spread * s->cover[k]), s->degrees);
        }
        }
        sum += s->weight * p;
    }
    return sum;
}

static double bound(const fitter *f, int what, double p, double lo, double hi)
{
    for (int i = 0; i < 30; i++) {
        const double middle = 0.5 * (lo + hi);
        *(below(f, what, middle) < p ? &lo : &hi) = middle;
    }
    return 0.5 * (lo + hi);
}

static pc_ar1_figure figure_of(const fitter *f, int what)
{
    double first = 0, second = 0, lo, hi;
    pc_ar1_figure out;

    for (int g = 0; g < GRID; g++) {
        const slice *s = &f->slices[g];
        const double nu = s->degrees;
        double m = s->phi, v = 0;
        if (what == 1) {
            m = sqrt(0.5 * nu * s->spread) * exp(lgamma(0.5 * (nu - 1)) - lgamma(0.5 * nu));
            v = nu > 2 ? nu * s->spread / (nu - 2) - m * m : INFINITY;
        } else if (what >= 2) {
            m = s->b[what - 2];
            v = nu > 2 ? nu / (nu - 2) * s->spread * s->cover[what - 2] : INFINITY;
        }
        first += s->weight * m;
        second += s->weight * (v + m * m);
    }
    out = (pc_ar1_figure){.value = first, .se = sqrt(fmax(second - first * first, 0))};
    lo = what == 0 ? phi_least : what == 1 ? 0 : first - 6 * out.se;
    hi = what == 0 ? phi_most : first + 6 * out.se;
    out.low = bound(f, what, tail, lo, hi);
    out.high = bound(f, what, 1 - tail, lo, hi);
    return out;
}

void pc_ar1_ahead(double phi, int h, double *from_now, double *variance)
{
    double reach = 0, power = 1;

    *from_now = *variance = 0;
    for (int k = 0; k < h; k++) { /* an innovation k years before the end counts 1 + phi + ... + phi^k */
        reach += power;
        power *= phi;
        *from_now += power;
        *variance += reach * reach;
    }
}

/* See mean_drawn_se. The posterior's variance of the sum ahead, slice by slice, less what phi and sigma give when they
 * are drawn on their own: phi normal within its limits, sigma log-normal, as runs do. */
static double drawn_mean_error(const fitter *f, const pc_ar1_fit *fit)
{
    const int h = PC_AR1_AHEAD;
    const double now = f->y[f->n - 1], log_sd = fit->sigma.se / fit->sigma.value;
    const double sigma2 = fit->sigma.value * fit->sigma.value * exp(2 * log_sd * log_sd);
    double first = 0, second = 0, apart = 0, from = 0, from2 = 0, sum = 0, left;

    for (int g = 0; g < GRID; g++) {
        const slice *s = &f->slices[g];
        const double nu = s->degrees, spread = s->spread * (nu > 2 ? nu / (nu - 2) : 1);
        double pull, v, middle;
        pc_ar1_ahead(s->phi, h, &pull, &v);
        middle = h * s->b[0] + (now - s->b[0]) * pull;
        first += s->weight * middle;
        second += s->weight * (spread * (s->cover[0] * (h - pull) * (h - pull) + v) + middle * middle);
    }
    for (int i = -40; i <= 40; i++) {
        const double z = 0.1 * i, weight = exp(-0.5 * z * z);
        double pull, v;
        pc_ar1_ahead(fmin(fmax(fit->phi.value + z * fit->phi.se, phi_least), phi_most), h, &pull, &v);
        apart += weight * sigma2 * v;
        from += weight * fit->last * pull;
        from2 += weight * fit->last * fit->last * pull * pull;
        sum += weight;
    }
    from /= sum;
    left = second - first * first - apart / sum - (from2 / sum - from * from);
    return sqrt(fmax(left, 0)) / h;
}

pc_code pc_ar1_history(const int *years, const double *y, int n, int line, const pc_ar1_prior *prior, pc_ar1_fit *fit,
                       double *innovations, pc_status *status)
{
    fitter f = {years, y, n, line ? 2 : 1, prior, NULL};
    int spread = 0;

    *fit = (pc_ar1_fit){.n = n};
    for (int i = 1; i < n; i++) {
        spread |= y[i] != y[0];
    }
    if (n < f.p + 3) {
        return pc_fail(status, PC_ERR_INPUT, "found %d observations, allowed at least %d", n, f.p + 3);
    }
    if (!spread) {
        return pc_fail(status, PC_ERR_INPUT, "found %d equal observations, allowed some that differ", n);
    }
    f.slices = pc_calloc(GRID, sizeof *f.slices);
    if (!f.slices) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a fit");
    }
    weigh(&f);
    fit->phi = figure_of(&f, 0);
    fit->sigma = figure_of(&f, 1);
    fit->mean = figure_of(&f, 2);
    fit->slope = line ? figure_of(&f, 3) : (pc_ar1_figure){NAN, NAN, NAN, NAN};
    fit->last = y[n - 1] - fit->mean.value;
    fit->mean_drawn_se = drawn_mean_error(&f, fit);
    for (int i = 0; i < n; i++) {
        const double b = line ? fit->slope.value : 0;
        const int next = i > 0 && years[i] == years[i - 1] + 1;
        double e = NAN;
        if (next) {
            const double now = y[i] - fit->mean.value - b * (years[i] - years[n - 1]);
            const double then = y[i - 1] - fit->mean.value - b * (years[i - 1] - years[n - 1]);
            e = (now - fit->phi.value * then) / fit->sigma.value;
            fit->gap_z = fmax(fit->gap_z, fabs(e));
        }
        if (innovations) {
            innovations[i] = e;
        }
    }
    pc_free(f.slices);
    return PC_OK;
}
