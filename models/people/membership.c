/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/membership.h"

#include <math.h>

#include "base/i18n.h"
#include "base/math.h"
#include "people/heads.h"

void pc_membership_profile(double lambda, double mu, const double *profile, int lock_in_age, double cap, double *e)
{
    for (int a = 0; a < PC_AGES; a++) {
        double level = mu;
        if (a < lock_in_age) {
            level = lambda;
        } else if (a < PC_VESTING_AGE) {
            level = lambda + (mu - lambda) * (a - lock_in_age) / (PC_VESTING_AGE - lock_in_age);
        }
        e[a] = level * profile[a];
        e[a] = e[a] < cap ? e[a] : cap;
    }
}

pc_code pc_membership_table(int n_years, int n_regions, int base_year, const char *const *regions, const double *start,
                            int lock_in_age, const double *trend, const double *vesting, double *e, pc_status *status)
{
    for (int r = 0; r < n_regions; r++) {
        for (int a = 0; a < PC_AGES; a++) {
            e[r * PC_AGES + a] = start[r * PC_AGES + a];
        }
    }
    for (int year = 1; year <= n_years; year++) {
        for (int r = 0; r < n_regions; r++) {
            const double *from = start + r * PC_AGES;
            const double *before = e + ((size_t)(year - 1) * (size_t)n_regions + (size_t)r) * PC_AGES;
            double *now = e + ((size_t)year * (size_t)n_regions + (size_t)r) * PC_AGES;
            for (int a = 0; a < PC_AGES; a++) {
                if (a < lock_in_age) {
                    now[a] = from[a] * trend[year];
                    if (!(now[a] >= 0 && now[a] <= 1)) {
                        return pc_fail(
                            status, PC_ERR_INPUT,
                            "region %s: membership at age %d in %d = %g (%g in the base year, trend %g): must "
                            "be from 0 to 1",
                            regions[r], a, base_year + year, now[a], from[a], trend[year]);
                    }
                } else {
                    now[a] = a > 0 ? before[a - 1] : before[0];
                    if (a == PC_VESTING_AGE) {
                        now[a] *= vesting[year];
                    }
                }
            }
        }
    }
    return PC_OK;
}

void pc_membership_h_cap(int n_years, int n_regions, const double *e, const double *rho, double h_max, double *h_cap)
{
    for (int year = 0; year <= n_years; year++) {
        for (int r = 0; r < n_regions; r++) {
            const int i = year * n_regions + r;
            double most = 0;
            for (int sex = 0; sex < PC_SEXES; sex++) {
                const double *retired = rho + ((size_t)year * PC_SEXES + (size_t)sex) * PC_AGES;
                for (int a = 0; a < PC_AGES; a++) {
                    double active = e[(size_t)i * PC_AGES + (size_t)a] * (1 - retired[a]);
                    most = active > most ? active : most;
                }
            }
            h_cap[i] = most * h_max > 1 ? 1 / most : h_max;
        }
    }
}

void pc_membership_retired_cap(int n_years, int n_regions, const double *e, const double *rho, double *retired_cap)
{
    for (int i = 0; i < (n_years + 1) * n_regions; i++) {
        double most = 0;
        for (int k = 0; k < PC_SEXES * PC_AGES; k++) {
            const double retired = e[(size_t)i * PC_AGES + (size_t)(k % PC_AGES)] *
                                   rho[(size_t)(i / n_regions) * PC_SEXES * PC_AGES + (size_t)k];
            most = retired > most ? retired : most;
        }
        retired_cap[i] = most > 0 && most < 1 ? 1 / most : 1;
    }
}

PC_KERNEL static void scale_retirees(double cap, const double *restrict factor, double *restrict sum)
{
    for (int lane = 0; lane < PC_LANES; lane++) {
        sum[lane] *= factor[lane] > cap ? cap : factor[lane];
    }
}

static void retirees_growth(const pc_people *people, const pc_retirees_draw *draw, int region, double *growth)
{
    const double c = people->retirees_correlation, rest = sqrt(1 - c * c);

    for (int lane = 0; lane < PC_LANES; lane++) {
        growth[lane] = people->retirees_trend;
        if (draw) {
            growth[lane] += people->retirees_se * (c * draw->employment[lane] + rest * draw->whole[lane]) +
                            people->retirees_region_se * draw->region[(size_t)region * PC_LANES + (size_t)lane];
        }
    }
}

void pc_membership_retirees(const pc_people *people, const pc_retirees_draw *draw, int first, int last, double *sums)
{
    static const int of_rule[] = {PC_RULE_RETIREES, PC_RULE_RETIREE_COST, PC_RULE_RETIREE_RCOST};
    static const int of_group[] = {PC_GROUP_RETIREE_COST, PC_GROUP_RETIREE_RCOST};
    const size_t row = (size_t)people->n_regions * PC_LANES, year_rows = (size_t)pc_people_n_sums(people) * row;
    _Alignas(64) double factor[PC_LANES];

    for (int i = first * people->n_regions; i < (last + 1) * people->n_regions; i++) {
        const int year = i / people->n_regions, r = i % people->n_regions;
        double *own = sums + (size_t)(year - first + 1) * year_rows + (size_t)r * PC_LANES;

        retirees_growth(people, draw, r, factor);
        for (int lane = 0; lane < PC_LANES; lane++) {
            factor[lane] *= people->retirees_years[year];
        }
        pc_exp_rows(factor, factor, PC_LANES);
        for (int k = 0; k < people->n_rules; k++) {
            const double cap = people->rules[k].retired_cap[i];
            for (size_t j = 0; j < sizeof of_rule / sizeof *of_rule; j++) {
                scale_retirees(cap, factor, own + (size_t)PC_SUM_OF_RULE(k, of_rule[j]) * row);
            }
            for (int g = 0; g < people->n_age_groups; g++) {
                for (size_t j = 0; j < sizeof of_group / sizeof *of_group; j++) {
                    scale_retirees(cap, factor,
                                   own + (size_t)pc_sum_of_group(people->n_rules, g, k, of_group[j]) * row);
                }
            }
        }
    }
}

static const pc_param params[] = {
    {"lock_in_age", PC_PARAM_INT, "years", 20, 60, 45, NULL, N_("age from which membership follows the cohort")},
    {"cap", PC_PARAM_NUMBER, "fraction", 0, 1, 0.98, NULL, N_("highest membership of an age in the base year")},
    {"trend", PC_PARAM_SERIES, "index", 0, 5, 1, NULL,
     N_("membership below the lock-in age relative to the base year")},
    {"vesting", PC_PARAM_SERIES, "fraction", 0, 1, 1, NULL,
     N_("share of members reaching 60 in a year who keep membership for life")},
    {"women_cadres", PC_PARAM_NUMBER, "fraction", 0, 1, 0.45, NULL, N_("share of women with the cadres' pension age")},
    /* xgettext:no-c-format */
    {"allow_outside", PC_PARAM_BOOL, "", 0, 1, 0, NULL, N_("accept members living elsewhere above 5 % of a count")},
    {"health_shift", PC_PARAM_NUMBER, "index", 0, 2, 0, NULL,
     N_("years by which cost by age moves per year of life expectancy at 60 gained")},
    {"retirees_trend", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.2, 0, NULL,
     N_("mean growth of retirees a year beside what the cohorts give")},
    {"retirees_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("standard error of that growth, drawn once a path")},
    {"retirees_correlation", PC_PARAM_NUMBER, "fraction", -1, 1, 0, NULL,
     N_("correlation of its draw with that of the employment level's growth")},
    {"regional_retirees_se", PC_PARAM_NUMBER, "fraction/year", 0, 0.2, 0, NULL,
     N_("the same of a region's own growth beside that, drawn once a path for each region about 0")},
    {"retirees_fade", PC_PARAM_SERIES, "index", 0, 1, 1, NULL, N_("part of these growths that is left in a year")},
    {"pension_age_shift", PC_PARAM_NUMBER, "years", -5, 10, 0, NULL,
     N_("years added to the scenario's own pension ages after the base year, still rising by at most one a year")},
};

const pc_head pc_head_membership = {
    .slot = "people",
    .name = "membership",
    .title = N_("Membership of the employee scheme"),
    .doc = N_(
        "A region's contributors and retirees in the base year fix how far a national profile by age is scaled below "
        "the "
        "lock-in age and from 60 on. Later, younger ages follow a trend and older ones keep what their cohort had. Who "
        "is retired follows the pension ages of men, women cadres and women workers."),
    .equation = N_("e_a(t0) = min(cap, M_a p_a); e_a(t) = e_a(t0) trend(t) below L, e_{a-1}(t-1) from L on; "
                   "rho_{g,a}(t) = sum_k w_k clamp(a + 1 - A_k(t), 0, 1); A = sum N e (1 - rho); Q = sum N e rho"),
    .source = N_("poolcast model, sections 2.1 to 2.5"),
    .params = params,
    .n_params = (int)(sizeof params / sizeof params[0]),
};
