/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/retirement.h"

#include "base/i18n.h"

static const char *const category_names[PC_RETIREMENT_CATEGORIES] = {N_("men"), N_("women cadres"),
                                                                     N_("women workers")};

const char *pc_retirement_category_name(int category)
{
    return category >= 0 && category < PC_RETIREMENT_CATEGORIES ? category_names[category] : "?";
}

pc_code pc_pension_age_check(int n_years, int base_year, const double *ages, double lock_in_age, pc_status *status)
{
    const double slack = 1e-9; /* a table joined linearly rounds */

    for (int c = 0; c < PC_RETIREMENT_CATEGORIES; c++) {
        const double *age = ages + c * (n_years + 1);
        for (int year = 0; year <= n_years; year++) {
            if (!(age[year] >= lock_in_age && age[year] <= PC_AGES - 1)) {
                return pc_fail(status, PC_ERR_INPUT,
                               "pension age of %s in %d = %g: must be from %g (lock-in age) to %d",
                               _(category_names[c]), base_year + year, age[year], lock_in_age, PC_AGES - 1);
            }
            if (year > 0 && age[year] - age[year - 1] > 1 + slack) {
                return pc_fail(status, PC_ERR_INPUT,
                               "pension age of %s in %d = %g: rises by %g from the year before, at most 1 is possible",
                               _(category_names[c]), base_year + year, age[year], age[year] - age[year - 1]);
            }
        }
    }
    return PC_OK;
}

static double clamp01(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

void pc_retired_part(int n_years, const double *ages, double women_cadres, double *rho)
{
    for (int year = 0; year <= n_years; year++) {
        const double men = ages[PC_MEN * (n_years + 1) + year];
        const double cadres = ages[PC_WOMEN_CADRES * (n_years + 1) + year];
        const double workers = ages[PC_WOMEN_WORKERS * (n_years + 1) + year];
        double *female = rho + (size_t)year * PC_SEXES * PC_AGES, *male = female + PC_AGES;
        for (int a = 0; a < PC_AGES; a++) {
            const double retired_worker = clamp01(a + 1 - workers), retired_cadre = clamp01(a + 1 - cadres);
            /* In this form it is exactly 1 where both are: the kernels rely on that from band_hi on. */
            female[a] = retired_worker + women_cadres * (retired_cadre - retired_worker);
            male[a] = clamp01(a + 1 - men);
        }
    }
}

void pc_retired_band(int n_years, const double *rho, int *band_lo, int *band_hi)
{
    for (int row = 0; row < (n_years + 1) * PC_SEXES; row++) {
        const double *r = rho + (size_t)row * PC_AGES;
        int lo = 1, hi = PC_AGES;
        while (lo < PC_AGES && r[lo] == 0) {
            lo++;
        }
        while (hi > 1 && r[hi - 1] == 1) {
            hi--;
        }
        *band_lo = lo < *band_lo ? lo : *band_lo;
        *band_hi = hi > *band_hi ? hi : *band_hi;
    }
    if (*band_hi < *band_lo) {
        *band_hi = *band_lo;
    }
}
