/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From gathered statistics to the groups of the result set: /policy, /difference, /people, /economy, /paths, /quality.
 */
#ifndef PC_ENGINE_OUTCOME_H
#define PC_ENGINE_OUTCOME_H

#include "engine/collect.h"
#include "plan/plan.h"
#include "results/results.h"

/* Adds every statistic of `gathered` to `results`; names and dimensions as in docs/results.md. `rank_bound_max` returns
 * the widest certified rank error of all quantiles. */
pc_code pc_outcome_fill(const pc_plan *plan, const pc_gathered *gathered, pc_results *results, double *rank_bound_max,
                        pc_status *status);

#endif
