/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Population of a region by single age where only its total and three broad groups are known. */
#ifndef PC_MODELS_PEOPLE_POPULATION_H
#define PC_MODELS_PEOPLE_POPULATION_H

#include "base/status.h"
#include "people.h"

enum { PC_BROAD_GROUPS = 3 }; /* ages 0-14, 15-59, 60 and over */

/* out[sex][age] = national[sex][age] scaled within each broad group to `total` persons times share[group]. The shares
 * are divided by their sum, which must lie within 1 % of 1. PC_ERR_INPUT (naming `region`) for a bad total or share, or
 * a group with a share but nobody in the nation. Check: the nation's own total and shares give the nation. */
pc_code pc_population_region(const char *region, const double *national, double total, const double *share, double *out,
                             pc_status *status);

#endif
