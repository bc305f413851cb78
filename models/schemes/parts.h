/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the schemes: the step of each part for one region and one membership rule. Only the files of this folder
 * include it. All rows are PC_LANES long; none of the written rows overlaps another. */
#ifndef PC_MODELS_SCHEMES_PARTS_H
#define PC_MODELS_SCHEMES_PARTS_H

#include "schemes.h"

/* What a region's flows of one year are computed from. */
typedef struct pc_scheme_year {
    int year, region;
    const double *before[PC_SUM_COMMON + PC_RULE_SUMS]; /* [sum] at 31 December of the year before: the common ones, */
    const double *now[PC_SUM_COMMON + PC_RULE_SUMS];    /* then those of the rule; and of this year */
    const double *employment;                           /* before the cap */
    double employment_cap;
    const double *interest, *wage, *income;
    const double *cost;                                /* of this scheme, as all below */
    const double *shock_revenue, *shock_expenditure;   /* ones without shocks */
    const double *factor_revenue, *factor_expenditure; /* of base uncertainty */
    const double *claims_eps;                          /* NULL: no claims noise */
} pc_scheme_year;

/* Contributors, retirees, revenue, credits, other outgo and expenditure without claims noise. `flows` points at the
 * region's rows. */
void pc_employee_year(const pc_schemes *schemes, const pc_scheme_year *in, const pc_flows *flows);
/* The individual accounts, after pc_employee_year. */
void pc_accounts_year(const pc_schemes *schemes, const pc_scheme_year *in, const pc_flows *flows);
/* Residents; `financing_path` is what pc_financing_path gives for the year. */
void pc_resident_year(const pc_schemes *schemes, const pc_scheme_year *in, double financing_path,
                      const pc_flows *flows);

/* The part of financing that is the same on every path, carried from year to year: the sum of log growth (INCOME: of
 * points, TABLE) or of steps in yuan (STEP) until `year`, from its value `before` of the year before. */
double pc_financing_path(const pc_schemes *schemes, int year, double before);

/* The sums of both dates, all regions, from which what follows takes what in->before and in->now lack. */
typedef struct pc_scheme_sums {
    const double *before, *now; /* [sum][region][PC_LANES] */
    int rule;
    const double *employment; /* [region][PC_LANES] before the cap */
} pc_scheme_sums;

/* What the carve-outs of a host leave to its resident scheme: rewrites in->before and in->now of PC_SUM_POPULATION and
 * PC_SUM_RESIDENT_COST as rows of `left` [4][PC_LANES], less the members of the carve-outs. Nothing without carve-outs.
 */
void pc_carved_year(const pc_schemes *schemes, const pc_scheme_sums *sums, pc_scheme_year *in, double *left);

/* Fills flows->age_share of a scheme and region. */
void pc_age_shares_year(const pc_schemes *schemes, const pc_scheme_sums *sums, const pc_scheme_year *in, int scheme,
                        const pc_flows *flows);

/* x *= y. */
void pc_multiply_row(const double *y, double *x);

#endif
