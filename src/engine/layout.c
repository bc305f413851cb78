/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/layout.h"

/* Cells of an output are laid out as [view][item][area][year]; dimensions that its shape lacks have size 1. Views that
 * it does not have keep their cells (unused, without statistics), so that the index stays a product. */

/* An output without items, as where too many would be, has no view at all. */
static int has_view(const pc_layout *layout, const pc_output *output, int view)
{
    return (output->views == 0 || (output->views >> view & 1u)) && layout->n_items[pc_output_items(output)] > 0;
}

int pc_layout_rows(const pc_layout *layout, const pc_output *output)
{
    int by_area = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA;

    return layout->n_items[pc_output_items(output)] * (by_area ? layout->n_areas : 1);
}

/* Outputs by area and year that a leaf sends area by area; those with items have their rows apart. */
static int is_by_area_year(const pc_output *output)
{
    return output->shape == PC_SHAPE_AREA_YEAR && pc_output_items(output) == PC_ITEMS_ONE;
}

static int output_by_year(const pc_output *output)
{
    return output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
}

static int output_years(const pc_layout *layout, const pc_output *output)
{
    return output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR ? layout->n_years : 1;
}

int64_t pc_layout_cell(const pc_layout *layout, int subject, int output, int view, int area, int year)
{
    const pc_output *o = layout->subjects[subject].outputs[output];
    int n_rows = pc_layout_rows(layout, o), n_years = output_years(layout, o);
    int a = n_rows > 1 ? area : 0;
    int by_year = o->shape == PC_SHAPE_YEAR || o->shape == PC_SHAPE_AREA_YEAR;
    int y = by_year ? year - 1 : 0;

    if (!has_view(layout, o, view) || y < 0) { /* the base year is an input, not a result */
        return -1;
    }
    return (int64_t)layout->first_cell[subject * layout->n_outputs_max + output] +
           ((int64_t)view * n_rows + a) * n_years + y;
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
    int64_t u = pc_layout_use(layout, subject, output, view, area, y + 1);
    pc_cell_use *use = &layout->use[u];
    unsigned stats = o->stats;
    int has_moments;

    if (quantiles_all && (stats & PC_STAT_MOMENTS) && o->shape == PC_SHAPE_AREA_YEAR) {
        stats |= PC_STAT_QUANTILES;
    }
    has_moments = (stats & (PC_STAT_MOMENTS | PC_STAT_EVENT | PC_STAT_TOTAL)) != 0;
    layout->use_of_cell[pc_layout_cell(layout, subject, output, view, area, y + 1)] = (uint32_t)u;
    if (has_moments) {
        use->moment = (int32_t)layout->n_moments++;
    }
    if (stats & PC_STAT_QUANTILES) {
        use->hist = (int32_t)layout->n_hists++;
    }
    if (stats & PC_STAT_TOTAL) {
        use->total = (int32_t)layout->n_totals++;
    }
    if (stats & PC_STAT_PATHS) {
        use->kept = (int32_t)layout->n_kept++;
    }
    if (compared && has_moments && (stats & PC_STAT_DIFFERENCE)) {
        use->moment_difference = (int32_t)layout->n_moments++;
    }
    if (compared && (stats & PC_STAT_DIFFERENCE_QUANTILES)) {
        use->hist_difference = (int32_t)layout->n_hists++;
    }
    if (compared && (stats & PC_STAT_DIFFERENCE) && (stats & PC_STAT_TOTAL)) {
        use->total_difference = (int32_t)layout->n_totals++;
    }
}

/* Uses of a subject: for each year the outputs with areas, area by area, then those without; after the years what has
 * none. Returns 0 without memory. */
static int number_uses(pc_layout *layout)
{
    size_t n_uses = 0;

    layout->uses_of = pc_arena_calloc(&layout->arena, (size_t)(layout->n_subjects * layout->n_outputs_max) + 1,
                                      sizeof *layout->uses_of);
    for (int s = 0; layout->uses_of && s < layout->n_subjects; s++) {
        const pc_subject *subject = &layout->subjects[s];
        pc_output_uses *uses = &layout->uses_of[s * layout->n_outputs_max];
        uint32_t n_by_area = 0, n_by_year = 0, place = 0;

        for (int o = 0; o < subject->n_outputs; o++) {
            n_by_area += is_by_area_year(subject->outputs[o]) ? PC_SCHEME_VIEWS : 0;
            n_by_year += subject->outputs[o]->shape == PC_SHAPE_YEAR ? PC_SCHEME_VIEWS : 0;
        }
        for (int o = 0; o < subject->n_outputs; o++) {
            const pc_output *output = subject->outputs[o];
            uint32_t year_stride = n_by_area * (uint32_t)layout->n_areas + n_by_year;
            for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
                uses[o].views |= (unsigned)has_view(layout, output, v) << v;
            }
            uses[o].area_stride = is_by_area_year(output)              ? n_by_area
                                  : pc_layout_rows(layout, output) > 1 ? PC_SCHEME_VIEWS
                                                                       : 0;
            uses[o].year_stride = output_by_year(output) ? year_stride : 0;
            if (is_by_area_year(output)) {
                uses[o].first = n_uses + place;
                place += PC_SCHEME_VIEWS;
            }
        }
        place = n_by_area * (uint32_t)layout->n_areas;
        for (int o = 0; o < subject->n_outputs; o++) {
            if (subject->outputs[o]->shape == PC_SHAPE_YEAR) {
                uses[o].first = n_uses + place;
                place += PC_SCHEME_VIEWS;
            }
        }
        n_uses += (size_t)place * (size_t)layout->n_years;
        for (int o = 0; o < subject->n_outputs; o++) {
            const pc_output *output = subject->outputs[o];
            uint32_t n_rows = PC_SCHEME_VIEWS * (uint32_t)pc_layout_rows(layout, output);
            if (!output_by_year(output)) {
                uses[o].first = n_uses;
                n_uses += n_rows;
            } else if (output->shape == PC_SHAPE_AREA_YEAR && !is_by_area_year(output)) {
                uses[o].first = n_uses;
                uses[o].year_stride = n_rows;
                n_uses += (size_t)n_rows * (size_t)layout->n_years;
            }
        }
    }
    layout->n_uses = n_uses;
    layout->use = pc_arena_calloc(&layout->arena, n_uses + 1, sizeof *layout->use);
    for (size_t u = 0; layout->use && u <= n_uses; u++) {
        layout->use[u] = (pc_cell_use){-1, -1, -1, -1, -1, -1, -1};
    }
    layout->use_of_cell = pc_arena_calloc(&layout->arena, layout->n_cells + 1, sizeof *layout->use_of_cell);
    for (size_t c = 0; layout->use_of_cell && c < layout->n_cells; c++) {
        layout->use_of_cell[c] = (uint32_t)n_uses;
    }
    return layout->uses_of && layout->use && layout->use_of_cell;
}

/* The cells of a subject's year, area by area; those without a year come with the first. */
static void number_year(pc_layout *layout, int subject, int y, int quantiles_all)
{
    const pc_subject *self = &layout->subjects[subject];

    for (int a = 0, any = 1; any; a++) {
        any = 0;
        for (int o = 0; o < self->n_outputs; o++) {
            if (y >= output_years(layout, self->outputs[o]) || a >= pc_layout_rows(layout, self->outputs[o])) {
                continue;
            }
            any = 1;
            for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
                if (has_view(layout, self->outputs[o], v)) {
                    number_cell(layout, subject, o, v, a, y, quantiles_all);
                }
            }
        }
    }
}

pc_code pc_layout_build(pc_layout *layout, int n_subjects, const pc_subject *subjects, const pc_areas *areas,
                        int n_years, int quantiles_all, pc_status *status)
{
    size_t n_cells = 0;

    *layout =
        (pc_layout){.n_subjects = n_subjects, .n_areas = areas->n_areas, .n_years = n_years, .subjects = subjects};
    for (int k = 0; k < PC_ITEMS_KINDS; k++) {
        layout->n_items[k] = pc_areas_items(areas, (pc_items)k);
    }
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
            n_cells +=
                (size_t)PC_SCHEME_VIEWS * (size_t)pc_layout_rows(layout, output) * (size_t)output_years(layout, output);
        }
    }
    layout->n_cells = n_cells;
    if (n_cells > INT32_MAX || !number_uses(layout)) {
        pc_layout_release(layout);
        return pc_fail(status, PC_ERR_FAIL, "no memory for the layout of %zu results", n_cells);
    }
    /* Statistics are numbered in the order in which a leaf visits them, so that it walks through their tables. */
    for (int y = 0; y < n_years; y++) {
        for (int s = 0; s < n_subjects; s++) {
            number_year(layout, s, y, quantiles_all);
        }
    }
    return PC_OK;
}

pc_code pc_layout_control(pc_layout *layout, const int *years, int n_years, pc_status *status)
{
    static const char *const names[] = {"balance",        "revenue",     "expenditure",
                                        "reserve_months", "depleted_by", "member_weighted_depletion_by"};
    enum { N_NAMES = sizeof names / sizeof *names };
    const size_t most = (size_t)layout->n_subjects * PC_SCHEMES * (size_t)n_years * N_NAMES * (size_t)layout->n_areas;

    layout->controlled = pc_arena_calloc(&layout->arena, most + 1, sizeof *layout->controlled);
    layout->controlled_of = pc_arena_calloc(&layout->arena, layout->n_uses + 1, sizeof *layout->controlled_of);
    if (!layout->controlled || !layout->controlled_of) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the layout of results");
    }
    for (size_t u = 0; u <= layout->n_uses; u++) {
        layout->controlled_of[u] = -1;
    }
    for (int i = 0; i < (layout->n_subjects - 1) * PC_SCHEMES * n_years; i++) {
        const int s = 1 + i / (PC_SCHEMES * n_years), view = i / n_years % PC_SCHEMES, year = years[i % n_years];
        const int first = layout->n_controlled;

        for (int k = 0; k < N_NAMES; k++) {
            int o = 0;
            while (strcmp(layout->subjects[s].outputs[o]->name, names[k]) != 0) {
                o++;
            }
            for (int a = 0; a < pc_layout_rows(layout, layout->subjects[s].outputs[o]); a++) {
                const int compared = layout->subjects[s].baseline >= 0;
                pc_controlled *cell = &layout->controlled[layout->n_controlled];

                *cell = (pc_controlled){s, o, view, a, year, layout->n_moments++, -1};
                cell->difference = compared ? (int64_t)layout->n_moments++ : -1;
                layout->controlled_of[pc_layout_use(layout, s, o, view, a, year)] = layout->n_controlled++;
            }
        }
        layout->n_controlled_block = layout->n_controlled - first;
    }
    return PC_OK;
}

void pc_layout_release(pc_layout *layout)
{
    pc_arena_release(&layout->arena);
    pc_arena_release(&layout->subjects_arena);
    *layout = (pc_layout){0};
}
