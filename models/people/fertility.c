/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/fertility.h"

#include <math.h>

#include "base/i18n.h"
#include "base/math.h"
#include "people/heads.h"
#include "people/mortality.h"

double pc_fertility_factor(double births, double tfr, const double *share, const double *population)
{
    double mothers = 0;

    for (int age = PC_FERTILE_FROM; age < PC_FERTILE_TO; age++) {
        mothers += share[age] * population[age];
    }
    return tfr > 0 && mothers > 0 ? births / (tfr * mothers) : NAN;
}

void pc_fertility_rate(const pc_people *people, int year, double *deviation, const double *eps, double *tfr)
{
    const pc_ar1 ar = people->tfr_ar;

    for (int lane = 0; lane < PC_TILE; lane++) {
        deviation[lane] = ar.phi * deviation[lane] + ar.sigma * eps[lane];
        tfr[lane] = people->tfr[year] * pc_exp(deviation[lane]);
    }
}

static const pc_param params[] = {
    {"tfr", PC_PARAM_SERIES, "index", 0, 10, 1.0, NULL, N_("total fertility rate, children per woman")},
    {"phi", PC_PARAM_NUMBER, "fraction", -0.999, 0.999, 0.95, NULL, N_("persistence of the deviation (log scale)")},
    {"sigma", PC_PARAM_NUMBER, "fraction", 0, 1, 0.04, NULL, N_("standard deviation of its yearly innovation")},
    {"start", PC_PARAM_NUMBER, "fraction", -2, 2, 0, NULL, N_("deviation at the base year")},
    {"sex_ratio", PC_PARAM_SERIES, "index", 0.5, 2, 1.10, NULL, N_("boys born per girl")},
};

const pc_head pc_head_fertility = {
    .slot = "people",
    .name = "fertility",
    .title = N_("Fertility"),
    .doc = N_(
        "The total fertility rate follows a table, times the exponential of an AR(1). Births are spread over women "
        "of 15 to 49 by fixed shares; a region's factor reproduces its births in the base year where they are known."),
    .equation = N_("B(t) = TFR_r(t) sum_a f_a (N_{0,a}(t-1) + N_{0,a}(t)) / 2; TFR_r(t) = v_r TFR(t) exp(x(t)); "
                   "x(t) = phi x(t-1) + sigma eps(t); year end: B_g exp(-m_{g,0}(t) / 2)"),
    .source =
        N_("Preston, Heuveline and Guillot (2001), Demography: cohort component method; poolcast model, section 1.3"),
    .params = params,
    .n_params = (int)(sizeof params / sizeof params[0]),
};
