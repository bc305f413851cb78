/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the measures' rows go: moments, histograms, whole samples and kept paths, for every subject (the weather and
 * each policy) and for every policy minus the baseline. A cell is one (subject, output, view, area, year). */
#ifndef PC_ENGINE_COLLECT_H
#define PC_ENGINE_COLLECT_H

#include <stdint.h>

#include "base/memory.h"
#include "base/status.h"
#include "model.h"
#include "pooling/policy.h"
#include "stats/stats.h"

/* What a subject puts out. Subject 0 is the weather; subject 1 + p is policy p. */
typedef struct pc_subject {
    int n_outputs;
    const pc_output *const *outputs;
    int baseline; /* subject it is compared with, -1: none */
} pc_subject;

/* Where a cell's row goes, in one place. -1: nowhere. */
typedef struct pc_cell_use {
    int32_t moment, hist, total, kept, moment_difference, hist_difference, total_difference;
} pc_cell_use;

/* Where the uses of an output lie: in the order in which a leaf sends its rows, so that it walks through them and
 * through the tables of the statistics. */
typedef struct pc_output_uses {
    size_t first;
    uint32_t area_stride, year_stride; /* 0 where its shape has no such dimension */
    uint32_t views;                    /* bits */
} pc_output_uses;

/* A cell of which there is a second estimate of the mean, by control variates (control.h): of its rows less something
 * whose mean is 0. */
typedef struct pc_controlled {
    int subject, output, view, area, year;
    size_t moment;      /* of the lessened rows */
    int64_t difference; /* of their differences from the baseline's; -1: none */
} pc_controlled;

typedef struct pc_layout {
    int n_subjects, n_areas, n_years;
    int n_items[PC_ITEMS_KINDS]; /* of outputs that have several of something */
    const pc_subject *subjects;
    int n_outputs_max;
    size_t n_cells;     /* cells of rows; every statistic is indexed by a map from these */
    size_t *first_cell; /* [subject * n_outputs_max + output] */
    size_t n_moments, n_hists, n_totals, n_kept;
    size_t n_uses;
    pc_output_uses *uses_of; /* [subject * n_outputs_max + output] */
    pc_cell_use *use;        /* [n_uses + 1] the last: nowhere */
    uint32_t *use_of_cell;   /* [n_cells] n_uses where the output has no such view */
    /* Of every policy, scheme and year the same number of controlled cells: the balance of every area first. */
    int n_controlled, n_controlled_block;
    pc_controlled *controlled;
    int32_t *controlled_of;         /* [n_uses] index of a use's cell, -1: not controlled; NULL: none is */
    pc_arena arena, subjects_arena; /* subjects_arena: owns `subjects` where pc_layout_for made them */
} pc_layout;

/* `subjects` must outlive the layout. */
pc_code pc_layout_build(pc_layout *layout, int n_subjects, const pc_subject *subjects, const pc_areas *areas,
                        int n_years, int quantiles_all, pc_status *status);
/* Adds the cells that are controlled in these years (1 .. n_years). */
pc_code pc_layout_control(pc_layout *layout, const int *years, int n_years, pc_status *status);
void pc_layout_release(pc_layout *layout);
/* Rows of an output in one view and year: its areas, or 1, for each of its items. */
int pc_layout_rows(const pc_layout *layout, const pc_output *output);
/* The cell of a row (`area` as in pc_sink); -1 when the output has no such view. Years count from 1. */
int64_t pc_layout_cell(const pc_layout *layout, int subject, int output, int view, int area, int year);
/* Its use; -1 when the output has no such view. */
static inline int64_t pc_layout_use(const pc_layout *layout, int subject, int output, int view, int area, int year)
{
    const pc_output_uses *uses = &layout->uses_of[subject * layout->n_outputs_max + output];

    if (!(uses->views >> view & 1u) || (uses->year_stride && year < 1)) {
        return -1;
    }
    return (int64_t)(uses->first + (size_t)area * uses->area_stride +
                     (uses->year_stride ? (size_t)(year - 1) * uses->year_stride : 0) + (size_t)view);
}
/* Where a cell's row goes. */
static inline const pc_cell_use *pc_layout_at(const pc_layout *layout, int64_t cell)
{
    return &layout->use[layout->use_of_cell[cell]];
}
/* The cell of the same output, view, area and year of the subject's baseline; -1 without. */
int64_t pc_layout_baseline_cell(const pc_layout *layout, int subject, int64_t cell);

/* Everything gathered from all leaves. To keep a run half done, or to add up parts of it: all of it is flat and adds up
 * in any order. `moments` are cells of integers (pc_moments_merge); `hist` a table of cells with counters, extremes and
 * the edges, which follow from paths 0..255, so a part without them takes them from another (pc_hist_merge, after
 * pc_hist_settle; carries are lists beside the table); `totals` likewise, or a value by path (pc_tails_merge); `kept`
 * has a place for each path. Centres, sizes and rounding follow from the plan. Windows of a second pass are made from
 * the counters of all paths and filled by all paths: parts are added up before it. `central` [n_cells] is the central
 * path. */
typedef struct pc_gathered {
    const pc_layout *layout;
    const double *central;
    double *centre, *scale; /* [n_moments] about which sums are taken, and the typical size */
    double *rounding;       /* [n_uses + 1] differences from the baseline up to this size are rounding and count as 0 */
    pc_moments *moments;
    int n_replicates;        /* independent scramblings of quasi-random points; 1: every path is independent */
    pc_moments **replicates; /* [n_replicates] their own moments, from which errors come; NULL with 1 */
    pc_hist *hist;           /* shared by threads */
    pc_tails *totals;        /* [n_totals] shared by threads */
    uint64_t n_paths;
    double *kept; /* [kept][n_kept_paths] */
    uint64_t n_kept_paths;
} pc_gathered;

pc_code pc_gathered_start(pc_gathered *gathered, const pc_layout *layout, const double *central, uint64_t n_paths,
                          uint64_t n_kept_paths, int n_replicates, size_t hist_budget, pc_status *status);
void pc_gathered_release(pc_gathered *gathered);
/* The replicate of a path. */
int pc_gathered_replicate(const pc_gathered *gathered, uint64_t path);
/* After all leaves: adds the replicates' moments up. */
void pc_gathered_join(pc_gathered *gathered);
/* A cell's moments with the standard error that its paths allow. */
pc_moment pc_gathered_moment(const pc_gathered *gathered, size_t moment);
/* A fresh table of moments for one thread, to be merged into gathered->moments or a replicate's. */
pc_moments *pc_gathered_moments(const pc_gathered *gathered);

typedef enum pc_phase_kind { PC_PHASE_COUNT, PC_PHASE_REFINE } pc_phase_kind;

/* Where a row had a value that no sum takes (engine/unfit.h). */
typedef struct pc_unfit {
    int found, subject, output, view, area, year, is_difference;
    uint64_t path;
    double value;
} pc_unfit;

/* One thread's collector: an array of sinks, one a subject. */
typedef struct pc_collector pc_collector;
pc_collector *pc_collector_new(pc_gathered *gathered, pc_moments *moments);
void pc_collector_free(pc_collector *collector);
void pc_collector_leaf(pc_collector *collector, uint64_t path0, int n_lanes, pc_phase_kind phase);
/* The first unfit value of its leaves; found: 0 where there is none. A run with one cannot be finished. */
const pc_unfit *pc_collector_unfit(const pc_collector *collector);
/* Adds what was counted beside the moments to them: before anybody reads or clears the moments. */
void pc_collector_settle(pc_collector *collector);
pc_sink *pc_collector_sink(pc_collector *collector, int subject);
/* For a round of refinement: fills unwanted[subject * n_outputs_max + output] with 1 where no row of the output is
 * looked at, for itself or as the baseline of another, and 0 elsewhere. Returns the last year that is looked at. */
int pc_gathered_unwanted(const pc_gathered *gathered, unsigned char *unwanted);

/* A sink that keeps lane 0 of every row: central path, replay. values: [n_cells], NaN at the start. */
typedef struct pc_capture {
    pc_sink *sinks; /* [n_subjects] (opaque rows) */
    double *values;
} pc_capture;
pc_code pc_capture_new(pc_capture *capture, const pc_layout *layout, pc_status *status);
pc_sink *pc_capture_sink(pc_capture *capture, int subject);
void pc_capture_free(pc_capture *capture);

#endif
