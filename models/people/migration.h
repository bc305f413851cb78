/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Net migration: a region's mean rate that fades, an AR(1) around it, optionally closed over the regions of the run. */
#ifndef PC_MODELS_PEOPLE_MIGRATION_H
#define PC_MODELS_PEOPLE_MIGRATION_H

#include "people.h"

/* One year's net rates of every region over PC_TILE lanes, a year: rates[region][PC_TILE] = n_r(t), to be multiplied by
 * P_r(t-1).
 *   deviation [region][PC_TILE]: u_r, stepped in place; eps, population: rows of region r at + r * PC_LANES;
 *   population is P(t-1), read only where closed migration has no given weights. */
void pc_migration_rates(const pc_people *people, int year, double *deviation, const double *eps,
                        const double *population, double *rates);

/* Weights of closed migration from a finished central path: weight[year][region] of year t = the regions' shares of
 * P(t-1) (year 0: of P(t0)), read from lane 0 of `sums` as pc_people_run wrote them. Regions without people anywhere
 * share equally. */
void pc_migration_weights(const pc_people *people, const double *sums, double *weight);

#endif
