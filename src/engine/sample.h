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
 * plain, mix, stop and progress count. PC_ERR_INTERRUPTED when stopped. */
pc_code pc_sample_run(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options, const pc_pick *picks,
                      int n_picks, double *values, pc_status *status);

/* The same for paths first .. past - 1, `first` a multiple of PC_LANES: values[pick * stride + path]. */
pc_code pc_sample_range(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options,
                        const pc_pick *picks, int n_picks, uint64_t first, uint64_t past, double *values, size_t stride,
                        pc_status *status);

/* Importance sampling: leaves whose means are shifted, and every `plain_every`th that is plain (0: none). */
typedef struct pc_tilt {
    const double *shift; /* [pc_drivers_coordinates] */
    uint64_t plain_every;
    const double *shock_chance, *shock_tilted; /* [instance] of starting in a year, and in its place; NULL: none */
    int years;                                 /* in which shocks are tilted */
    double *along; /* [path] filled: logarithm of the shifted density over the plain one, plus half the shift squared */
} pc_tilt;
/* pc_sample_run with a tilt. */
pc_code pc_sample_tilted(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options,
                         const pc_pick *picks, int n_picks, const pc_tilt *tilt, double *values, pc_status *status);
/* Whether a path is plain. */
static inline int pc_tilt_is_plain(const pc_tilt *tilt, uint64_t path)
{
    return tilt->plain_every && (path / PC_LANES + 1) % tilt->plain_every == 0;
}

/* PC_LANES paths whose normals are given [pc_drivers_coordinates][PC_LANES], without shocks: values[pick * PC_LANES +
 * lane]. */
pc_code pc_sample_given(const pc_plan *plan, const pc_layout *layout, const pc_pick *picks, int n_picks,
                        const double *given, double *values, pc_status *status);
/* pc_drivers_coordinates of a plan, and the place of one. */
size_t pc_sample_coordinates(const pc_plan *plan);
size_t pc_sample_coordinate(const pc_plan *plan, int year, int draw, int region);

#endif
