/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single values: a text against what a parameter allows (kind, unit, range), with one wording of messages for all. */
#ifndef PC_SCENARIO_VALUES_H
#define PC_SCENARIO_VALUES_H

#include "model.h"
#include "scenario/problems.h"
#include "scenario/yaml.h"

/* Writes what a parameter allows, e.g. "a number from 0 to 1 (fraction, % may be written)". Returns `buffer`. */
const char *pc_value_allowed(const pc_param *param, char *buffer, size_t size);

/* Reads a number, whole number, yes/no or choice (as its index) written as `text`. Its unit is checked; "1.6 %" is
 * 0.016 where the unit is a fraction. 0 after a problem ("found ... for NAME, allowed ..."). */
int pc_value_parse(const pc_param *param, const char *name, const char *text, pc_spot spot, pc_problems *problems,
                   double *number);
/* The same of a node, which must be a scalar. */
int pc_value_node(const pc_param *param, const char *name, const pc_node *node, pc_problems *problems, double *number);

/* Reports a key nobody knows, with the nearest of `known`, or all of them if none is near. */
void pc_value_unknown(const char *what, const char *name, pc_spot spot, const char *const *known, int n_known,
                      pc_problems *problems);

/* Points of a series: strictly ascending years. */
typedef struct pc_points {
    int n, room;
    int *years;
    double *values;
} pc_points;

/* out[0 .. n_years]: the points joined linearly from base_year on, flat before the first and after the last. n > 0. */
void pc_points_join(const pc_points *points, int base_year, int n_years, double *out);
/* Reads a calendar year. 0 after a problem. */
int pc_value_year(const char *name, const char *text, pc_spot spot, pc_problems *problems, int *year);

#endif
