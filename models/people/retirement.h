/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retirement: pension ages by category and the part of an age that is retired. */
#ifndef PC_MODELS_PEOPLE_RETIREMENT_H
#define PC_MODELS_PEOPLE_RETIREMENT_H

#include "base/status.h"
#include "people.h"

enum { PC_MEN, PC_WOMEN_CADRES, PC_WOMEN_WORKERS, PC_RETIREMENT_CATEGORIES };

/* Name of a category for messages: "men", "women cadres", "women workers". */
const char *pc_retirement_category_name(int category);

/* Pension ages[category][year 0 .. n_years] (years of age) are finite, at least lock_in_age, at most 100, and rise by
 * at most one year a year (else people would come out of retirement). PC_ERR_INPUT names category, calendar year,
 * value. */
pc_code pc_pension_age_check(int n_years, int base_year, const double *ages, double lock_in_age, pc_status *status);

/* rho[year][sex][age] = sum over categories of weight * clamp(age + 1 - A(year), 0, 1): men have one category, women
 * are cadres with weight women_cadres (0..1), else workers. Check: A = 60.2 gives men of 60 rho = 0.8. */
void pc_retired_part(int n_years, const double *ages, double women_cadres, double *rho);

/* Narrows the band to what holds for one more rule: rho = 0 below *band_lo, 1 from *band_hi on, in every year and sex.
 * Start with *band_lo = PC_AGES, *band_hi = 1 and call it for every rule. */
void pc_retired_band(int n_years, const double *rho, int *band_lo, int *band_hi);

#endif
