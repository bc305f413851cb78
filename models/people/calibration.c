/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pair (lambda, mu) that reproduces a region's contributors and retirees. Both counts grow with both numbers. For a
 * given mu the contributors fix lambda; the retirees then fix mu. */
#include <math.h>

#include "people/membership.h"

typedef struct problem {
    double active[PC_AGES], retired[PC_AGES]; /* sum over sexes of N (1 - rho), N rho */
    const double *profile;
    int lock_in_age;
    double cap, contributors, retirees;
    double lambda_most, mu_most; /* beyond these nothing grows */
} problem;

typedef struct totals {
    double contributors, retirees;
} totals;

static totals count(const problem *p, double lambda, double mu)
{
    double e[PC_AGES];
    totals sum = {0, 0};

    pc_membership_profile(lambda, mu, p->profile, p->lock_in_age, p->cap, e);
    for (int a = 0; a < PC_AGES; a++) {
        sum.contributors += p->active[a] * e[a];
        sum.retirees += p->retired[a] * e[a];
    }
    return sum;
}

/* How far (lambda, mu) along one of the ways below is from its target; grows with x. */
typedef double (*excess)(const problem *p, double x, double mu);

/* The root of a growing function between lo (not above 0) and hi (above 0), to the last bit: halved until nothing lies
 * between. Geometric halving far from 0 would not be shorter: at most about 1100 steps, in practice some 60. */
static double root(excess f, const problem *p, double lo, double hi, double mu)
{
    for (int i = 0; i < 2000; i++) {
        double middle = lo + 0.5 * (hi - lo);
        if (middle <= lo || middle >= hi || hi - lo < 1e-300) {
            break;
        }
        if (f(p, middle, mu) > 0) {
            hi = middle;
        } else {
            lo = middle;
        }
    }
    return lo;
}

static double contributors_by_lambda(const problem *p, double lambda, double mu)
{
    return count(p, lambda, mu).contributors - p->contributors;
}

static double contributors_by_mu(const problem *p, double mu, double unused)
{
    (void)unused;
    return count(p, 0, mu).contributors - p->contributors;
}

static double retirees_by_lambda(const problem *p, double lambda, double mu)
{
    return count(p, lambda, mu).retirees - p->retirees;
}

/* The lambda that matches contributors at this mu, or the most that changes anything. */
static double matching_lambda(const problem *p, double mu)
{
    if (contributors_by_lambda(p, p->lambda_most, mu) <= 0) {
        return p->lambda_most;
    }
    return contributors_by_lambda(p, 0, mu) >= 0 ? 0 : root(contributors_by_lambda, p, 0, p->lambda_most, mu);
}

static double retirees_by_mu(const problem *p, double mu, double unused)
{
    (void)unused;
    return count(p, matching_lambda(p, mu), mu).retirees - p->retirees;
}

static void set_limits(problem *p)
{
    p->lambda_most = p->mu_most = 0;
    for (int a = 0; a < PC_AGES; a++) {
        if (!(p->profile[a] > 0)) {
            continue;
        }
        const double level = p->cap / p->profile[a];
        if (a >= PC_VESTING_AGE) {
            p->mu_most = fmax(p->mu_most, level);
        } else {
            double line = a < p->lock_in_age ? 0 : (double)(a - p->lock_in_age) / (PC_VESTING_AGE - p->lock_in_age);
            p->lambda_most = fmax(p->lambda_most, level / (1 - line));
        }
    }
    p->lambda_most *= 1 + 1e-12; /* so that rounding leaves no age a bit below the cap */
    p->mu_most *= 1 + 1e-12;
}

/* What a count needs on top of the pair: 1 where the pair reproduces it but for rounding. NaN: nothing to scale. */
static double outside(double wanted, double reached)
{
    if (wanted <= reached * (1 + 1e-10)) {
        return 1;
    }
    return reached > 0 ? wanted / reached : NAN;
}

pc_code pc_membership_calibrate(const char *region, const double *population, const double *rho, const double *profile,
                                int lock_in_age, double cap, double contributors, double retirees,
                                pc_membership_fit *fit, pc_status *status)
{
    problem p = {
        .profile = profile, .lock_in_age = lock_in_age, .cap = cap, .contributors = contributors, .retirees = retirees};

    *fit = (pc_membership_fit){.outside_contributors = 1, .outside_retirees = 1};
    if (!(contributors >= 0 && isfinite(contributors)) || !(retirees >= 0 && isfinite(retirees))) {
        return pc_fail(status, PC_ERR_INPUT, "region %s: contributors = %g, retirees = %g: must be 0 or more", region,
                       contributors, retirees);
    }
    if (contributors == 0 && retirees == 0) {
        return PC_OK;
    }
    for (int a = 0; a < PC_AGES; a++) {
        for (int sex = 0; sex < PC_SEXES; sex++) {
            const int i = sex * PC_AGES + a;
            p.active[a] += population[i] * (1 - rho[i]);
            p.retired[a] += population[i] * rho[i];
        }
    }
    set_limits(&p);

    if (retirees_by_mu(&p, 0, 0) > 0) {
        /* Too many retirees below 60 even so: they set lambda, and contributors are carried. */
        fit->mu = 0;
        fit->lambda = root(retirees_by_lambda, &p, 0, p.lambda_most, 0);
    } else {
        /* Beyond `most` there would be too many contributors without any below the lock-in age. */
        double most = p.mu_most;
        if (contributors_by_mu(&p, most, 0) > 0) {
            most = root(contributors_by_mu, &p, 0, most, 0);
        }
        fit->mu = retirees_by_mu(&p, most, 0) <= 0 ? most : root(retirees_by_mu, &p, 0, most, 0);
        fit->lambda = matching_lambda(&p, fit->mu);
    }
    const totals reached = count(&p, fit->lambda, fit->mu);
    fit->outside_contributors = outside(contributors, reached.contributors);
    fit->outside_retirees = outside(retirees, reached.retirees);
    pc_membership_profile(fit->lambda, fit->mu, profile, lock_in_age, cap, fit->e);
    if (isnan(fit->outside_contributors) || isnan(fit->outside_retirees)) {
        return pc_fail(
            status, PC_ERR_INPUT,
            "region %s: contributors = %g, retirees = %g: no membership by age gives both (it reaches %g and %g)",
            region, contributors, retirees, reached.contributors, reached.retirees);
    }
    return PC_OK;
}
