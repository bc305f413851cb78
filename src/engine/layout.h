/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of a run and the statistics of each. A cell is one (subject, output, view, area, year). */
#ifndef PC_ENGINE_LAYOUT_H
#define PC_ENGINE_LAYOUT_H

#include <stdint.h>

#include "base/memory.h"
#include "base/status.h"
#include "model.h"
#include "pooling/policy.h"

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
    /* Of every policy, scheme and year the same number of controlled cells: balance, revenue and expenditure of every
     * area first. */
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

#endif
