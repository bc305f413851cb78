/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single measures, path by path: what studies look at. Nothing else of a run is gathered, so that it costs little more
 * than the paths themselves. The values have the same bits as the run's. */
#ifndef PC_ENGINE_SAMPLE_H
#define PC_ENGINE_SAMPLE_H

#include "engine/run.h"

/* A cell of the layout: subject 0 is the weather, 1 + p policy p; outputs as in the layout; `year` counts from 1 (0
 * where the output has none). */
typedef struct pc_pick {
    int subject, output, view, area, year;
} pc_pick;

/* values[pick * n_paths + path] for the plan's paths. Policies that no pick names aren't run. Of the options threads,
 * plain, stop and progress count. PC_ERR_INTERRUPTED when stopped. */
pc_code pc_sample_run(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options, const pc_pick *picks,
                      int n_picks, double *values, pc_status *status);

#endif
