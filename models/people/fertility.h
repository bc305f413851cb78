/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fertility: total fertility rate with an AR(1) deviation, births from women aged 15 to 49. */
#ifndef PC_MODELS_PEOPLE_FERTILITY_H
#define PC_MODELS_PEOPLE_FERTILITY_H

#include "people.h"

enum { PC_FERTILE_FROM = 15, PC_FERTILE_TO = 50 }; /* ages from .. to-1 bear */

/* The factor v_r that reproduces `births` (persons, base year): births / (tfr sum_a f_a N_{0,a}), with `share` [age]
 * summing to 1 over 15..49 and population[sex][age] of 31 December of the base year. NaN when no woman of those ages
 * lives there or tfr is 0. */
double pc_fertility_factor(double births, double tfr, const double *share, const double *population);

/* The deviation x_f (one AR(1) step in place) and TFR(t) exp(x_f) of year index `year`, over PC_TILE lanes. */
void pc_fertility_rate(const pc_people *people, int year, double *deviation, const double *eps, double *tfr);

#endif
