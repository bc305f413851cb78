/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mortality: Lee-Carter rates with one index for the run, survival from them, life expectancy. */
#ifndef PC_MODELS_PEOPLE_MORTALITY_H
#define PC_MODELS_PEOPLE_MORTALITY_H

#include "people.h"

enum {
    PC_TILE = 8,                    /* lanes whose ages are carried through all years together */
    PC_SURVIVAL_NEWBORN = 0,        /* exp(-m_0 / 2), from birth to the year end */
    PC_SURVIVAL_OPEN = PC_AGES,     /* exp(-m_100), from 100 to 100 */
    PC_SURVIVAL_ROWS = PC_AGES + 1, /* row a = 1 .. 100: exp(-(m_{a-1} + m_a) / 2), from a-1 to a */
    PC_HEALTH_AGE = 60              /* age at which the health shift reads life expectancy */
};

/* Life expectancy at `age` (years) from death rates m[0..100] a year, constant inside an age:
 * e = sum_{a=age}^{99} (l_a - l_{a+1}) / m_a + l_100 / m_100, l_{a+1} = l_a exp(-m_a), l_age = 1. An age without deaths
 * adds l_a; infinite when m_100 = 0. Successive rates are `stride` doubles apart. Check: m = 0.02 throughout gives 50.
 */
double pc_life_expectancy(const double *m, size_t stride, int age);

/* kappa + delta + sigma eps over PC_TILE lanes, in place. */
void pc_mortality_index(double *kappa, const double *delta, double sigma, const double *eps);

/* Death rates exp(alpha + beta kappa) at q = 1: m[sex][age][PC_TILE]. `fast` selects how, not what: same bits. */
void pc_mortality_rates(const pc_people *people, const double *kappa, double *m, int fast);
/* Survival at factor q from those rates: survival[sex][PC_SURVIVAL_ROWS][PC_TILE]. */
void pc_mortality_survival(const double *m, double q, double *survival, int fast);

#endif
