/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Membership of the employee scheme by age: in the base year from a region's contributors and retirees, later by trend
 * below the lock-in age and by cohort from it on. */
#ifndef PC_MODELS_PEOPLE_MEMBERSHIP_H
#define PC_MODELS_PEOPLE_MEMBERSHIP_H

#include "base/status.h"
#include "people.h"

enum { PC_VESTING_AGE = 60 };

/* Membership in the base year: e_a = min(cap, M_a p_a), M_a = lambda below the lock-in age, mu from 60 on, on the line
 * between them in between; contributors = outside_contributors * sum N e (1 - rho), retirees likewise with rho. */
typedef struct pc_membership_fit {
    double lambda, mu;
    double outside_contributors, outside_retirees; /* o >= 1; 1 where the pair reproduces the count */
    double e[PC_AGES];
} pc_membership_fit;

/* e_a at given (lambda, mu). lock_in_age 0..60. */
void pc_membership_profile(double lambda, double mu, const double *profile, int lock_in_age, double cap, double *e);

/* Finds the fit for population[sex][age], rho[sex][age] of the base year, profile[age] >= 0 and the counts (persons, 31
 * December). Factors o are as small as can be: contributors beyond what any lambda gives, and retirees beyond what any
 * mu gives, are carried by them. No contributors and no retirees: all zero, o = 1.
 * PC_ERR_INPUT where no factor helps (a count above 0 for which the pair gives nobody, or negative or undefined
 * counts). `region` is its name in messages. */
pc_code pc_membership_calibrate(const char *region, const double *population, const double *rho, const double *profile,
                                int lock_in_age, double cap, double contributors, double retirees,
                                pc_membership_fit *fit, pc_status *status);

/* e[year][region][age] from start[region][age]: below lock_in_age start * trend[year] (trend[0] is not used); from it
 * on e_a(t) = e_{a-1}(t-1), times vesting[year] when a reaches 60; age 100 takes e_99. PC_ERR_INPUT with region
 * (regions[r] names it), year, age and value where the trend carries e above 1. */
pc_code pc_membership_table(int n_years, int n_regions, int base_year, const char *const *regions, const double *start,
                            int lock_in_age, const double *trend, const double *vesting, double *e, pc_status *status);

/* h_cap[year][region] = min(h_max, 1 / max over sex and age of e (1 - rho)). */
void pc_membership_h_cap(int n_years, int n_regions, const double *e, const double *rho, double h_max, double *h_cap);

/* retired_cap[year][region] = max(1, 1 / max over sex and age of e rho): retirees cannot be more than all their people.
 */
void pc_membership_retired_cap(int n_years, int n_regions, const double *e, const double *rho, double *retired_cap);

/* What is drawn once a path for pc_membership_retirees: rows of PC_LANES. */
typedef struct pc_retirees_draw {
    const double *whole, *employment; /* of the retirees' own growth and of that of the employment level */
    const double *region;             /* [region] */
} pc_retirees_draw;

/* Retirees of a path grow by g years beside what the cohorts give, g = retirees_trend + retirees_se (c eps_employment +
 * sqrt(1 - c^2) eps) + retirees_region_se eps_r, c the correlation: in `sums` (as pc_people_run leaves them) those of
 * retirees and of their cost are multiplied by min(retired_cap, exp(g years)). `draw` NULL: all 0. Years first .. last,
 * 1 <= first; `sums` begins with year first - 1. */
void pc_membership_retirees(const pc_people *people, const pc_retirees_draw *draw, int first, int last, double *sums);

#endif
