/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outputs of the weather: people and economy, the same for every policy. */
#ifndef PC_MODELS_WEATHER_OUTPUTS_H
#define PC_MODELS_WEATHER_OUTPUTS_H

#include "economy/economy.h"
#include "people/people.h"
#include "pooling/policy.h"
#include "schemes/schemes.h"

int pc_weather_outputs_count(void);
const pc_output *pc_weather_output_at(int index);
/* The group of the results file an output belongs to: "people" or "economy". */
const char *pc_weather_output_group(int index);

/* Sends one year's rows. `sums`: [sum][region][PC_LANES] at 31 December; `flows`: of the first membership rule. */
void pc_weather_outputs_year(const pc_areas *areas, int year, const double *sums, const pc_weather *weather,
                             const pc_flows flows[PC_SCHEMES], pc_sink *sink);

#endif
