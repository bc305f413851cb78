/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "engine/collect.h"

/* Cells of an output are laid out as [view][area][year]; dimensions that its shape lacks have size 1. Views that it does
 * not have keep their cells (unused, without statistics), so that the index stays a product. */

static int has_view(const pc_output *output, int view)
{
    return output->views == 0 || (output->views >> view & 1u);
}

static int output_areas(const pc_layout *layout, const pc_output *output)
{
    return output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA ? layout->n_areas : 1;
}

static int output_years(const pc_layout *layout, const pc_output *output)
{
    return output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR ? layout->n_years : 1;
}

int64_t pc_layout_cell(const pc_layout *layout, int subject, int output, int view, int area, int year)
{
    const pc_output *o = layout->subjects[subject].outputs[output];
    int n_areas = output_areas(layout, o), n_years = output_years(layout, o);
    int a = n_areas > 1 ? area : 0;
    int by_year = o->shape == PC_SHAPE_YEAR || o->shape == PC_SHAPE_AREA_YEAR;
    int y = by_year ? year - 1 : 0;

    if (!has_view(o, view) || y < 0) { /* the base year is an input, not a result */
        return -1;
    }
    return (int64_t)layout->first_cell[subject * layout->n_outputs_max + output] +
           ((int64_t)view * n_areas + a) * n_years + y;
}

int64_t pc_layout_baseline_cell(const pc_layout *layout, int subject, int64_t cell)
{
    int baseline = layout->subjects[subject].baseline;

    if (baseline < 0) {
        return -1;
    }
    /* subjects with a baseline have the baseline's outputs in the same order */
    return cell - (int64_t)layout->first_cell[subject * layout->n_outputs_max] +
           (int64_t)layout->first_cell[baseline * layout->n_outputs_max];
}

/* Gives a cell its places in the tables of the statistics that its output asks for. */
static void number_cell(pc_layout *layout, int subject, int output, int view, int area, int y, int quantiles_all)
{
    const pc_output *o = layout->subjects[subject].outputs[output];
    int compared = layout->subjects[subject].baseline >= 0;
    int by_year = o->shape == PC_SHAPE_AREA_YEAR || o->shape == PC_SHAPE_YEAR;
    int64_t c = pc_layout_cell(layout, subject, output, view, area, by_year ? y + 1 : 0);
    unsigned stats = o->stats;

    if (quantiles_all && (stats & PC_STAT_MOMENTS) && o->shape == PC_SHAPE_AREA_YEAR) {
        stats |= PC_STAT_QUANTILES;
    }
    if (stats & (PC_STAT_MOMENTS | PC_STAT_EVENT)) {
        layout->moment_of[c] = (int64_t)layout->n_moments++;
    }
    if (stats & PC_STAT_QUANTILES) {
        layout->hist_of[c] = (int64_t)layout->n_hists++;
    }
    if (stats & PC_STAT_TOTAL) {
        layout->total_of[c] = (int64_t)layout->n_totals++;
    }
    if (stats & PC_STAT_PATHS) {
        layout->kept_of[c] = (int64_t)layout->n_kept++;
    }
    if (compared && (stats & PC_STAT_DIFFERENCE) && (stats & (PC_STAT_MOMENTS | PC_STAT_EVENT))) {
        layout->moment_difference_of[c] = (int64_t)layout->n_moments++;
    }
    if (compared && (stats & PC_STAT_DIFFERENCE_QUANTILES)) {
        layout->hist_difference_of[c] = (int64_t)layout->n_hists++;
    }
    if (compared && (stats & PC_STAT_DIFFERENCE) && (stats & PC_STAT_TOTAL)) {
        layout->total_difference_of[c] = (int64_t)layout->n_totals++;
    }
}

pc_code pc_layout_build(pc_layout *layout, int n_subjects, const pc_subject *subjects, int n_areas, int n_years,
                        int quantiles_all, pc_status *status)
{
    size_t n_cells = 0;
    int64_t **maps[] = {&layout->moment_of,     &layout->hist_of,
                        &layout->total_of,      &layout->kept_of,
                        &layout->moment_difference_of, &layout->hist_difference_of,
                        &layout->total_difference_of};

    *layout = (pc_layout){.n_subjects = n_subjects, .n_areas = n_areas, .n_years = n_years, .subjects = subjects};
    for (int s = 0; s < n_subjects; s++) {
        if (subjects[s].n_outputs > layout->n_outputs_max) {
            layout->n_outputs_max = subjects[s].n_outputs;
        }
    }
    layout->first_cell =
        pc_arena_calloc(&layout->arena, (size_t)n_subjects * (size_t)layout->n_outputs_max + 1, sizeof(size_t));
    if (!layout->first_cell) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the layout of results");
    }
    for (int s = 0; s < n_subjects; s++) {
        for (int o = 0; o < subjects[s].n_outputs; o++) {
            const pc_output *output = subjects[s].outputs[o];
            layout->first_cell[s * layout->n_outputs_max + o] = n_cells;
            n_cells += (size_t)PC_SCHEME_VIEWS * (size_t)output_areas(layout, output) *
                       (size_t)output_years(layout, output);
        }
    }
    layout->n_cells = n_cells;
    for (size_t m = 0; m < sizeof maps / sizeof *maps; m++) {
        *maps[m] = pc_arena_calloc(&layout->arena, n_cells + 1, sizeof(int64_t));
        if (!*maps[m]) {
            pc_layout_release(layout);
            return pc_fail(status, PC_ERR_FAIL, "no memory for the layout of results");
        }
        for (size_t c = 0; c < n_cells; c++) {
            (*maps[m])[c] = -1;
        }
    }
    /* Statistics are numbered in the order in which a leaf visits them, so that it walks through their tables. */
    for (int y = 0; y < n_years; y++) {
        for (int s = 0; s < n_subjects; s++) {
            for (int a = 0; a < n_areas; a++) {
                for (int o = 0; o < subjects[s].n_outputs; o++) {
                    for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
                        if (a < output_areas(layout, subjects[s].outputs[o]) &&
                            y < output_years(layout, subjects[s].outputs[o]) && has_view(subjects[s].outputs[o], v)) {
                            number_cell(layout, s, o, v, a, y, quantiles_all);
                        }
                    }
                }
            }
        }
    }
    if (layout->n_moments > INT32_MAX || layout->n_hists > INT32_MAX || layout->n_totals > INT32_MAX) {
        pc_layout_release(layout);
        return pc_fail(status, PC_ERR_FAIL, "too many results: %zu cells", n_cells);
    }
    layout->use = pc_arena_calloc(&layout->arena, n_cells + 1, sizeof *layout->use);
    if (!layout->use) {
        pc_layout_release(layout);
        return pc_fail(status, PC_ERR_FAIL, "no memory for the layout of results");
    }
    for (size_t c = 0; c < n_cells; c++) {
        layout->use[c] = (pc_cell_use){(int32_t)layout->moment_of[c],
                                       (int32_t)layout->hist_of[c],
                                       (int32_t)layout->total_of[c],
                                       (int32_t)layout->kept_of[c],
                                       (int32_t)layout->moment_difference_of[c],
                                       (int32_t)layout->hist_difference_of[c],
                                       (int32_t)layout->total_difference_of[c]};
    }
    return PC_OK;
}

void pc_layout_release(pc_layout *layout)
{
    pc_arena_release(&layout->arena);
    pc_arena_release(&layout->subjects_arena);
    *layout = (pc_layout){0};
}
