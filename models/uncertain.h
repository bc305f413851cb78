/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters that are uncertain themselves: one standard normal each, drawn once a path (docs/model.md, Uncertain
 * parameters). The list is the order of their rows; a name is the key in the name of the random stream "param:NAME". */
#ifndef PC_MODELS_UNCERTAIN_H
#define PC_MODELS_UNCERTAIN_H

#include "economy/economy.h"
#include "people/people.h"

/* "employment.trend"; NULL beyond the list. */
const char *pc_uncertain_name(int row);
/* The same of the rows that every region has: "employment.trend", "membership.retirees"; streams "param:NAME@REGION".
 */
const char *pc_uncertain_region_name(int row);
/* Rows in all. */
static inline int pc_uncertain_rows(int n_regions)
{
    return PC_UNCERTAIN_WHOLE + PC_UNCERTAIN_REGION * n_regions;
}
/* Whether some parameter has a standard error above 0: otherwise nothing need be drawn. */
int pc_uncertain_wanted(const pc_people *people, const pc_economy *economy);

#endif
