/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/gathered.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"

/* Largest central value over the years of an output's cells, 0 when all are missing. */
static double largest_central(const double *central, int64_t first, int n_years)
{
    double largest = 0;

    for (int y = 0; y < n_years; y++) {
        double x = fabs(central[first + y]);
        largest = x > largest ? x : largest; /* false for a missing value */
    }
    return largest;
}

static int has_years(const pc_output *output)
{
    return output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
}

/* What values of an output can be like, whatever its central path: a fund near balance has small central balances and
 * paths far from them. Money is measured by the largest sum of money of the same view and area. */
static double natural_size(const pc_layout *layout, const double *central, int subject, int view, int area,
                           const pc_output *output)
{
    double money = 0;

    if (strcmp(output->unit, "yuan") != 0) {
        return strcmp(output->unit, "yuan/person") == 0 ? 1000 : 1;
    }
    for (int o = 0; o < layout->subjects[subject].n_outputs; o++) {
        const pc_output *other = layout->subjects[subject].outputs[o];
        int64_t first = has_years(other) ? pc_layout_cell(layout, subject, o, view, area, 1) : -1;
        if (first >= 0 && strcmp(other->unit, "yuan") == 0) {
            money = fmax(money, largest_central(central, first, layout->n_years));
        }
    }
    return money > 0 ? money : 1;
}

/* Typical sizes, from which the quantum of each fixed-point sum follows: the central value, but at least a fiftieth of
 * what is natural. The sums resolve 2^-60 of it; leaves with values beyond 2^20 times the size take more time and
 * memory. */
static void fill_scales(const pc_layout *layout, const double *central, double *centre, double *scale, double *rounding)
{
    for (int s = 0; s < layout->n_subjects; s++) {
        for (int o = 0; o < layout->subjects[s].n_outputs; o++) {
            const pc_output *output = layout->subjects[s].outputs[o];
            int by_area = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA;
            int n_rows = pc_layout_rows(layout, output), n_years = has_years(output) ? layout->n_years : 1;

            for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
                for (int a = 0; a < n_rows; a++) {
                    int area = by_area ? a % layout->n_areas : layout->n_areas - 1;
                    int64_t first = pc_layout_cell(layout, s, o, v, a, 1);
                    double least;

                    if (first < 0) {
                        continue;
                    }
                    least = 0.02 * fmax(natural_size(layout, central, s, v, area, output),
                                        largest_central(central, first, n_years));
                    for (int y = 0; y < n_years; y++) {
                        int64_t cell = first + y;
                        const pc_cell_use *use = pc_layout_at(layout, cell);
                        int32_t m = use->moment, d = use->moment_difference;
                        int64_t b = pc_layout_baseline_cell(layout, s, cell);
                        double c = isnan(central[cell]) ? 0 : central[cell];

                        size_t u = layout->use_of_cell[cell];
                        rounding[u] = 1e-11 * fmax(fabs(c), least);
                        if (m >= 0) {
                            centre[m] = use->hist >= 0 && fabs(c) <= rounding[u] ? 0 : c;
                            scale[m] = fmax(fabs(c), least);
                        }
                        if (d >= 0) {
                            centre[d] = c - (isnan(central[b]) ? 0 : central[b]);
                            centre[d] = fabs(centre[d]) <= rounding[u] ? 0 : centre[d]; /* as for every path */
                            scale[d] = fmax(fabs(centre[d]), least);
                        }
                    }
                }
            }
        }
    }
}

/* Controlled rows are about as large as the others. */
static void fill_controlled(const pc_layout *layout, double *centre, double *scale)
{
    for (int k = 0; k < layout->n_controlled; k++) {
        const pc_controlled *cell = &layout->controlled[k];
        const int64_t use = pc_layout_use(layout, cell->subject, cell->output, cell->view, cell->area, cell->year);
        const pc_cell_use *as = &layout->use[use];

        centre[cell->moment] = centre[as->moment];
        scale[cell->moment] = scale[as->moment];
        if (cell->difference >= 0) {
            centre[cell->difference] = centre[as->moment_difference];
            scale[cell->difference] = scale[as->moment_difference];
        }
    }
}

pc_moments *pc_gathered_moments(const pc_gathered *gathered)
{
    return pc_moments_new(gathered->layout->n_moments, gathered->centre, gathered->scale);
}

pc_code pc_gathered_start(pc_gathered *gathered, const pc_layout *layout, const double *central, uint64_t n_paths,
                          uint64_t n_kept_paths, int n_replicates, size_t hist_budget, pc_status *status)
{
    int complete = 1;

    *gathered = (pc_gathered){.layout = layout,
                              .central = central,
                              .n_paths = n_paths,
                              .n_kept_paths = n_kept_paths,
                              .n_replicates = n_replicates};
    gathered->centre = pc_calloc(layout->n_moments + 1, sizeof(double));
    gathered->scale = pc_calloc(layout->n_moments + 1, sizeof(double));
    gathered->rounding = pc_calloc(layout->n_uses + 1, sizeof(double));
    if (gathered->centre && gathered->scale && gathered->rounding) {
        fill_scales(layout, central, gathered->centre, gathered->scale, gathered->rounding);
        fill_controlled(layout, gathered->centre, gathered->scale);
        gathered->moments = pc_gathered_moments(gathered);
        gathered->replicates = n_replicates > 1 ? pc_calloc((size_t)n_replicates, sizeof *gathered->replicates) : NULL;
        complete = n_replicates == 1 || gathered->replicates;
        for (int k = 0; k < n_replicates && gathered->replicates; k++) {
            gathered->replicates[k] = pc_gathered_moments(gathered);
            complete &= gathered->replicates[k] != NULL;
        }
    }
    gathered->hist = pc_hist_new(layout->n_hists, n_paths, hist_budget, status);
    gathered->totals = pc_tails_new(layout->n_totals, n_paths);
    gathered->kept = pc_calloc(layout->n_kept * n_kept_paths + 1, sizeof(double));
    if (!gathered->moments || !complete || !gathered->hist || !gathered->totals || !gathered->kept) {
        pc_gathered_release(gathered);
        return pc_fail(status, PC_ERR_FAIL, "no memory for the statistics of %zu cells", layout->n_cells);
    }
    return PC_OK;
}

int pc_gathered_replicate(const pc_gathered *gathered, uint64_t path)
{
    return gathered->replicates ? (int)(path / (gathered->n_paths / (uint64_t)gathered->n_replicates)) : 0;
}

void pc_gathered_join(pc_gathered *gathered)
{
    for (int k = 0; gathered->replicates && k < gathered->n_replicates; k++) {
        pc_moments_merge(gathered->moments, gathered->replicates[k]);
    }
}

pc_moment pc_gathered_moment(const pc_gathered *gathered, size_t moment)
{
    pc_moment m = pc_moments_get(gathered->moments, moment);

    if (gathered->replicates) {
        m.se = pc_moments_se_between((const pc_moments *const *)gathered->replicates, gathered->n_replicates, moment);
    }
    return m;
}

void pc_gathered_release(pc_gathered *gathered)
{
    pc_moments_free(gathered->moments);
    for (int k = 0; gathered->replicates && k < gathered->n_replicates; k++) {
        pc_moments_free(gathered->replicates[k]);
    }
    pc_free(gathered->replicates);
    pc_hist_free(gathered->hist);
    pc_free(gathered->centre);
    pc_free(gathered->scale);
    pc_free(gathered->rounding);
    pc_tails_free(gathered->totals);
    pc_free(gathered->kept);
    *gathered = (pc_gathered){0};
}

int pc_gathered_unwanted(const pc_gathered *gathered, unsigned char *unwanted)
{
    const pc_layout *layout = gathered->layout;
    int last_year = 1;

    memset(unwanted, 1, (size_t)layout->n_subjects * (size_t)layout->n_outputs_max);
    for (int s = 0; s < layout->n_subjects; s++) {
        const pc_subject *subject = &layout->subjects[s];
        for (int o = 0; o < subject->n_outputs; o++) {
            size_t first = layout->first_cell[s * layout->n_outputs_max + o], past = first;
            past +=
                (size_t)PC_SCHEME_VIEWS * (size_t)pc_layout_rows(layout, subject->outputs[o]) * (size_t)layout->n_years;
            past = past < layout->n_cells ? past : layout->n_cells;
            if (o + 1 < subject->n_outputs) {
                past = layout->first_cell[s * layout->n_outputs_max + o + 1];
            } else if (s + 1 < layout->n_subjects) {
                past = layout->first_cell[(s + 1) * layout->n_outputs_max];
            }
            for (size_t c = first; c < past; c++) {
                int own = pc_gathered_wants(gathered, pc_layout_at(layout, (int64_t)c)->hist);
                int difference = pc_gathered_wants(gathered, pc_layout_at(layout, (int64_t)c)->hist_difference);
                int year =
                    has_years(subject->outputs[o]) ? (int)((c - first) % (size_t)layout->n_years) + 1 : layout->n_years;
                if (own || difference) {
                    unwanted[s * layout->n_outputs_max + o] = 0;
                    last_year = year > last_year ? year : last_year;
                }
                if (difference) {
                    unwanted[subject->baseline * layout->n_outputs_max + o] = 0;
                }
            }
        }
    }
    return last_year;
}
