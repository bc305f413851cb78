/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "stats/tail.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Copies what is not missing; how many. */
static size_t present(const double *x, size_t n, double *out)
{
    size_t seen = 0;

    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i])) {
            out[seen++] = x[i];
        }
    }
    return seen;
}

static pc_estimate nothing(size_t n, double *influence)
{
    for (size_t i = 0; influence && i < n; i++) {
        influence[i] = 0;
    }
    return (pc_estimate){.value = NAN, .se = NAN};
}

/* Finishes an estimate from the influences of the values that count, which `of` gives. */
typedef struct centred {
    double centre, scale, cut, power; /* see influence_of */
    int kind;
} centred;
enum { MEAN, SQUARE, BELOW, EXCESS };

static double influence_of(const centred *c, double x)
{
    switch (c->kind) {
    case MEAN:
        return x - c->centre;
    case SQUARE:
        return ((x - c->centre) * (x - c->centre) - c->power) * c->scale;
    case BELOW:
        return (c->power - (x <= c->cut ? 1.0 : 0.0)) * c->scale;
    default:
        return (x > c->cut ? x - c->cut : 0) * c->scale + c->cut - c->centre;
    }
}

static double finish(const centred *c, const double *x, size_t n, size_t seen, double *influence)
{
    const double blow_up = (double)n / (double)seen;
    long double sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++) {
        const double psi = isnan(x[i]) ? 0 : influence_of(c, x[i]);
        sum += isnan(x[i]) ? 0 : psi;
        squares += (long double)psi * psi;
        if (influence) {
            influence[i] = psi * blow_up;
        }
    }
    if (seen < 2) {
        return NAN;
    }
    squares -= sum * sum / (long double)seen;
    return sqrt((double)(squares > 0 ? squares : 0) / (double)(seen - 1) / (double)seen);
}

static double mean_of(const double *x, size_t n, size_t *seen)
{
    long double sum = 0;

    *seen = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i])) {
            sum += x[i];
            (*seen)++;
        }
    }
    return *seen ? (double)(sum / (long double)*seen) : NAN;
}

pc_estimate pc_estimate_mean(const double *x, size_t n, int event, double *influence)
{
    size_t seen;
    pc_estimate out = {.value = mean_of(x, n, &seen), .n = seen};

    if (seen == 0) {
        return nothing(n, influence);
    }
    out.se = finish(&(centred){.kind = MEAN, .centre = out.value}, x, n, seen, influence);
    if (event && out.se == 0 && (out.value == 0 || fabs(out.value) == 1)) {
        out.se = 3.0 / (double)seen;
        out.bounded = 1;
    }
    return out;
}

pc_estimate pc_estimate_sd(const double *x, size_t n, double *influence)
{
    size_t seen;
    const double mean = mean_of(x, n, &seen);
    long double squares = 0;
    double variance;
    pc_estimate out = {.n = seen};

    if (seen < 2) {
        return nothing(n, influence);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i])) {
            squares += (long double)(x[i] - mean) * (x[i] - mean);
        }
    }
    variance = (double)(squares / (long double)(seen - 1));
    out.value = sqrt(variance);
    out.se = finish(
        &(centred){.kind = SQUARE, .centre = mean, .power = variance, .scale = out.value > 0 ? 0.5 / out.value : 0}, x,
        n, seen, influence);
    return out;
}

/* 1 / density at the order statistic of rank k (from 0) of sorted values, from those 1.96 standard errors of rank to
 * either side: value +- 1.96 se is then as wide as the interval between these, which holds the quantile with 95 % for
 * any distribution. (Closer ones make the width noisy: at one standard error 5 and 95 % quantiles of 512 paths were
 * covered in 92 %.) */
static double spacing(const double *sorted, size_t n, size_t k, double p)
{
    const size_t m = (size_t)ceil(1.96 * sqrt((double)n * p * (1 - p)));
    const size_t low = k > m ? k - m : 0, high = k + m < n ? k + m : n - 1;

    return high > low ? (sorted[high] - sorted[low]) * (double)n / (double)(high - low) : 0;
}

static size_t rank_of(double p, size_t n)
{
    const double rank = ceil(p * (double)n - 1e-9);

    return rank < 1 ? 0 : rank > (double)n ? n - 1 : (size_t)rank - 1;
}

pc_estimate pc_estimate_quantile(const double *x, size_t n, double p, double *scratch, double *influence)
{
    const size_t seen = present(x, n, scratch);
    pc_estimate out = {.n = seen};
    size_t k;

    if (seen == 0) {
        return nothing(n, influence);
    }
    qsort(scratch, seen, sizeof *scratch, ascending);
    k = rank_of(p, seen);
    out.value = scratch[k];
    out.se = finish(&(centred){.kind = BELOW, .power = p, .cut = out.value, .scale = spacing(scratch, seen, k, p)}, x,
                    n, seen, influence);
    return out;
}

pc_estimate pc_estimate_tail(const double *x, size_t n, double alpha, double *scratch, double *influence)
{
    const size_t seen = present(x, n, scratch);
    pc_estimate out = {.n = seen};
    double var;

    if (seen == 0) {
        return nothing(n, influence);
    }
    pc_tail(scratch, seen, alpha, &var, &out.value);
    out.se = finish(&(centred){.kind = EXCESS, .centre = out.value, .cut = var, .scale = 1 / (1 - alpha)}, x, n, seen,
                    influence);
    return out;
}

/* Sum and sum of squares of the influences' differences; of the parts' sums where there are parts. */
static void add_up(const double *a, const double *b, size_t n, size_t part, long double *sum, long double *squares)
{
    *sum = *squares = 0;
    for (size_t first = 0; first < n; first += part) {
        long double d = 0;
        for (size_t i = first; i < n && i < first + part; i++) {
            d += a[i] - (b ? b[i] : 0);
        }
        *sum += d;
        *squares += d * d;
    }
}

double pc_estimate_paired_se(const double *influence_a, const double *influence_b, size_t n, int n_parts)
{
    long double sum, squares;

    if (n < 2) {
        return NAN;
    }
    if (n_parts > 1) {
        const long double parts = n_parts;
        add_up(influence_a, influence_b, n, n / (size_t)n_parts, &sum, &squares);
        squares -= sum * sum / parts;
        if (squares > 0) {
            return sqrt((double)(squares * parts / (parts - 1))) / (double)n;
        }
    }
    add_up(influence_a, influence_b, n, 1, &sum, &squares);
    squares -= sum * sum / (long double)n;
    return sqrt((double)(squares > 0 ? squares : 0) / (double)(n - 1) / (double)n);
}
