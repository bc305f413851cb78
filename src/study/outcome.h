/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What studies leave: result sets of their own, laid out in docs/results.md. */
#ifndef PC_STUDY_OUTCOME_H
#define PC_STUDY_OUTCOME_H

#include "study/explain.h"
#include "study/grid.h"
#include "study/rare.h"
#include "study/solve.h"
#include "study/stress.h"

/* The root of every study's result set: provenance, /inputs of the scenario as studied, the attribute `study`. NULL
 * after a failure. */
pc_results *pc_study_results(const pc_study *study, const char *kind, pc_status *status);

/* What was asked first, in the group's attributes. */
void pc_study_question(const pc_study *study, const char *group, pc_results *results);

/* Adds /solve. `unit` of the key. */
pc_code pc_solve_put(const pc_study *study, const pc_solve_problem *problem, const char *unit,
                     const pc_solve_answer *answer, pc_results *results, pc_status *status);
/* Adds /grid. `units` of the keys. */
pc_code pc_grid_put(const pc_study *study, const pc_grid *grid, const char *const *units, pc_results *results,
                    pc_status *status);

/* Adds /rare. */
pc_code pc_rare_put(const pc_study *study, const pc_rare *rare, pc_results *results, pc_status *status);
/* Adds /explain. `outcome`: the measure whose ends the typical paths are nearest to. */
pc_code pc_explain_put(const pc_study *study, const pc_explained *explained, const char *outcome, pc_results *results,
                       pc_status *status);

#endif
