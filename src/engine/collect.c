/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/collect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"

/* ---- what all leaves add up to ------------------------------------------------------------------------------------- */

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
 * what is natural. The sums hold values up to 2^20 times the size and resolve 2^-60 of it. */
static void fill_scales(const pc_layout *layout, const double *central, double *centre, double *scale, double *rounding)
{
    for (int s = 0; s < layout->n_subjects; s++) {
        for (int o = 0; o < layout->subjects[s].n_outputs; o++) {
            const pc_output *output = layout->subjects[s].outputs[o];
            int by_area = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA;
            int n_areas = by_area ? layout->n_areas : 1, n_years = has_years(output) ? layout->n_years : 1;

            for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
                for (int a = 0; a < n_areas; a++) {
                    int64_t first = pc_layout_cell(layout, s, o, v, a, 1);
                    double least;

                    if (first < 0) {
                        continue;
                    }
                    least = 0.02 * fmax(natural_size(layout, central, s, v, by_area ? a : layout->n_areas - 1, output),
                                        largest_central(central, first, n_years));
                    for (int y = 0; y < n_years; y++) {
                        int64_t cell = first + y, m = layout->moment_of[cell], d = layout->moment_difference_of[cell];
                        int64_t b = pc_layout_baseline_cell(layout, s, cell);
                        double c = isnan(central[cell]) ? 0 : central[cell];

                        rounding[cell] = 1e-11 * fmax(fabs(c), least);
                        if (m >= 0) {
                            centre[m] = layout->hist_of[cell] >= 0 && fabs(c) <= rounding[cell] ? 0 : c;
                            scale[m] = fmax(fabs(c), least);
                        }
                        if (d >= 0) {
                            centre[d] = c - (isnan(central[b]) ? 0 : central[b]);
                            centre[d] = fabs(centre[d]) <= rounding[cell] ? 0 : centre[d]; /* as for every path */
                            scale[d] = fmax(fabs(centre[d]), least);
                        }
                    }
                }
            }
        }
    }
}

pc_moments *pc_gathered_moments(const pc_gathered *gathered)
{
    return pc_moments_new(gathered->layout->n_moments, gathered->centre, gathered->scale);
}

pc_code pc_gathered_start(pc_gathered *gathered, const pc_layout *layout, const double *central, uint64_t n_paths,
                          uint64_t n_kept_paths, size_t hist_budget, pc_status *status)
{
    *gathered = (pc_gathered){.layout = layout, .central = central, .n_paths = n_paths, .n_kept_paths = n_kept_paths};
    gathered->centre = pc_calloc(layout->n_moments + 1, sizeof(double));
    gathered->scale = pc_calloc(layout->n_moments + 1, sizeof(double));
    gathered->rounding = pc_calloc(layout->n_cells + 1, sizeof(double));
    if (gathered->centre && gathered->scale && gathered->rounding) {
        fill_scales(layout, central, gathered->centre, gathered->scale, gathered->rounding);
        gathered->moments = pc_gathered_moments(gathered);
    }
    gathered->hist = pc_hist_new(layout->n_hists, n_paths, hist_budget, status);
    gathered->totals = pc_calloc(layout->n_totals * n_paths + 1, sizeof(double));
    gathered->kept = pc_calloc(layout->n_kept * n_kept_paths + 1, sizeof(double));
    if (!gathered->moments || !gathered->hist || !gathered->totals || !gathered->kept) {
        pc_gathered_release(gathered);
        return pc_fail(status, PC_ERR_FAIL, "no memory for the statistics of %zu cells", layout->n_cells);
    }
    return PC_OK;
}

void pc_gathered_release(pc_gathered *gathered)
{
    pc_moments_free(gathered->moments);
    pc_hist_free(gathered->hist);
    pc_free(gathered->centre);
    pc_free(gathered->scale);
    pc_free(gathered->rounding);
    pc_free(gathered->totals);
    pc_free(gathered->kept);
    *gathered = (pc_gathered){0};
}

/* ---- one thread's collector ------------------------------------------------------------------------------------------ */

typedef struct subject_sink {
    pc_sink sink;
    struct pc_collector *collector;
    int subject;
} subject_sink;

struct pc_collector {
    pc_gathered *gathered;
    pc_moments *moments;
    uint64_t path0;
    int n_lanes;
    pc_phase_kind phase;
    subject_sink *sinks;
    double *baseline_rows; /* rows of the baseline in the year (or at the end) now being written */
    size_t n_baseline_rows;
    int baseline;
    unsigned char *compared; /* [output] some policy's difference from the baseline is asked for */
    double difference[PC_LANES] __attribute__((aligned(64)));
    double flushed[PC_LANES] __attribute__((aligned(64)));
};

/* Where the baseline's row of one year is kept: as its cell, but without the year. */
static size_t baseline_slot(const pc_layout *layout, int output, int view, int area)
{
    return ((size_t)output * PC_SCHEME_VIEWS + (size_t)view) * (size_t)layout->n_areas + (size_t)area;
}

/* Whether this round of refinement looks at a histogram. */
static int wanted(const pc_gathered *gathered, int64_t hist)
{
    return hist >= 0 && pc_hist_wants(gathered->hist, (size_t)hist);
}

/* Where quantiles are asked for, what is zero but for rounding is zero: else the noise of sums that cancel would have to
 * be told apart. */
PC_KERNEL static void flush(double *restrict flushed, const double *restrict lanes, double rounding)
{
    for (int l = 0; l < PC_LANES; l++) {
        flushed[l] = fabs(lanes[l]) <= rounding ? 0.0 : lanes[l];
    }
}

static void count_row(pc_collector *k, int64_t moment, int64_t hist, int64_t total, const double *lanes,
                      double rounding)
{
    pc_gathered *g = k->gathered;
    const double *flushed = lanes;

    if (hist >= 0 && (k->phase == PC_PHASE_COUNT || wanted(g, hist))) {
        flush(k->flushed, lanes, rounding);
        flushed = k->flushed;
    }

    if (k->phase == PC_PHASE_REFINE) {
        if (wanted(g, hist)) {
            pc_hist_refine_row(g->hist, (size_t)hist, flushed, k->n_lanes);
        }
        return;
    }
    if (moment >= 0) {
        pc_moments_row(k->moments, (size_t)moment, flushed, k->n_lanes);
    }
    if (hist >= 0) {
        if (k->path0 == 0) {
            pc_hist_pilot(g->hist, (size_t)hist, flushed, k->n_lanes);
        }
        pc_hist_row(g->hist, (size_t)hist, flushed, k->n_lanes);
    }
    if (total >= 0) {
        memcpy(g->totals + (size_t)total * g->n_paths + k->path0, flushed, (size_t)k->n_lanes * sizeof *lanes);
    }
}

/* Differences no larger than `rounding` are none: two policies that come to the same by different sums. */
PC_KERNEL static void subtract(double *restrict difference, const double *restrict a, const double *restrict b,
                               double rounding)
{
    for (int l = 0; l < PC_LANES; l++) {
        double d = a[l] - b[l];
        difference[l] = fabs(d) <= rounding ? 0.0 : d;
    }
}

static void take_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    subject_sink *self = (subject_sink *)sink;
    pc_collector *k = self->collector;
    pc_gathered *g = k->gathered;
    const pc_layout *layout = g->layout;
    int64_t cell = pc_layout_cell(layout, self->subject, output, view, area, year);
    const pc_cell_use *use;

    if (cell < 0) {
        return;
    }
    use = &layout->use[cell];
    if (k->phase == PC_PHASE_REFINE && self->subject != k->baseline && !wanted(g, use->hist) &&
        !wanted(g, use->hist_difference)) {
        return;
    }
    count_row(k, use->moment, use->hist, use->total, lanes, g->rounding[cell]);
    if (use->kept >= 0 && k->phase == PC_PHASE_COUNT && k->path0 < g->n_kept_paths) {
        uint64_t n = g->n_kept_paths - k->path0;
        n = n < (uint64_t)k->n_lanes ? n : (uint64_t)k->n_lanes;
        memcpy(g->kept + (size_t)use->kept * g->n_kept_paths + k->path0, lanes, n * sizeof *lanes);
    }
    if (self->subject == k->baseline) {
        if (k->compared[output]) {
            memcpy(k->baseline_rows + baseline_slot(layout, output, view, area) * PC_LANES, lanes,
                   PC_LANES * sizeof *lanes);
        }
    } else if (use->moment_difference >= 0 || use->hist_difference >= 0 || use->total_difference >= 0) {
        const double *base = k->baseline_rows + baseline_slot(layout, output, view, area) * PC_LANES;

        subtract(k->difference, lanes, base, g->rounding[cell]);
        count_row(k, use->moment_difference, use->hist_difference, use->total_difference, k->difference,
                  g->rounding[cell]);
    }
}

void pc_gathered_unwanted(const pc_gathered *gathered, unsigned char *unwanted)
{
    const pc_layout *layout = gathered->layout;

    memset(unwanted, 1, (size_t)layout->n_subjects * (size_t)layout->n_outputs_max);
    for (int s = 0; s < layout->n_subjects; s++) {
        const pc_subject *subject = &layout->subjects[s];
        for (int o = 0; o < subject->n_outputs; o++) {
            size_t first = layout->first_cell[s * layout->n_outputs_max + o], past = first;
            past += (size_t)PC_SCHEME_VIEWS * (size_t)layout->n_areas * (size_t)layout->n_years;
            past = past < layout->n_cells ? past : layout->n_cells;
            if (o + 1 < subject->n_outputs) {
                past = layout->first_cell[s * layout->n_outputs_max + o + 1];
            } else if (s + 1 < layout->n_subjects) {
                past = layout->first_cell[(s + 1) * layout->n_outputs_max];
            }
            for (size_t c = first; c < past; c++) {
                if (wanted(gathered, layout->use[c].hist)) {
                    unwanted[s * layout->n_outputs_max + o] = 0;
                }
                if (wanted(gathered, layout->use[c].hist_difference)) {
                    unwanted[s * layout->n_outputs_max + o] = 0;
                    unwanted[subject->baseline * layout->n_outputs_max + o] = 0;
                }
            }
        }
    }
}

pc_collector *pc_collector_new(pc_gathered *gathered, pc_moments *moments)
{
    const pc_layout *layout = gathered->layout;
    pc_collector *k = pc_calloc(1, sizeof *k);

    if (!k) {
        return NULL;
    }
    k->gathered = gathered;
    k->moments = moments;
    k->baseline = -1;
    for (int s = 0; s < layout->n_subjects; s++) {
        if (layout->subjects[s].baseline >= 0) {
            k->baseline = layout->subjects[s].baseline;
        }
    }
    k->n_baseline_rows = (size_t)layout->n_outputs_max * PC_SCHEME_VIEWS * (size_t)layout->n_areas;
    k->baseline_rows = pc_calloc(k->n_baseline_rows * PC_LANES, sizeof(double));
    k->sinks = pc_calloc((size_t)layout->n_subjects, sizeof *k->sinks);
    k->compared = pc_calloc((size_t)layout->n_outputs_max, sizeof *k->compared);
    if (!k->baseline_rows || !k->sinks || !k->compared) {
        pc_collector_free(k);
        return NULL;
    }
    for (int o = 0; k->baseline >= 0 && o < layout->subjects[k->baseline].n_outputs; o++) {
        k->compared[o] = (layout->subjects[k->baseline].outputs[o]->stats &
                          (PC_STAT_DIFFERENCE | PC_STAT_DIFFERENCE_QUANTILES)) != 0;
    }
    for (int s = 0; s < layout->n_subjects; s++) {
        k->sinks[s] = (subject_sink){.sink = {.row = take_row}, .collector = k, .subject = s};
    }
    return k;
}

void pc_collector_free(pc_collector *collector)
{
    if (collector) {
        pc_free(collector->baseline_rows);
        pc_free(collector->sinks);
        pc_free(collector->compared);
        pc_free(collector);
    }
}

void pc_collector_leaf(pc_collector *collector, uint64_t path0, int n_lanes, pc_phase_kind phase)
{
    collector->path0 = path0;
    collector->n_lanes = n_lanes;
    collector->phase = phase;
}

pc_sink *pc_collector_sink(pc_collector *collector, int subject)
{
    return &collector->sinks[subject].sink;
}

/* ---- capture of one path ----------------------------------------------------------------------------------------------- */

typedef struct capture_sink {
    pc_sink sink;
    const pc_layout *layout;
    double *values;
    int subject;
} capture_sink;

static void capture_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    capture_sink *self = (capture_sink *)sink;
    int64_t cell = pc_layout_cell(self->layout, self->subject, output, view, area, year);

    if (cell >= 0) {
        self->values[cell] = lanes[0];
    }
}

pc_code pc_capture_new(pc_capture *capture, const pc_layout *layout, pc_status *status)
{
    capture_sink *sinks = pc_calloc((size_t)layout->n_subjects, sizeof *sinks);

    capture->values = pc_calloc(layout->n_cells + 1, sizeof(double));
    capture->sinks = (pc_sink *)sinks;
    if (!sinks || !capture->values) {
        pc_capture_free(capture);
        return pc_fail(status, PC_ERR_FAIL, "no memory to keep one path of %zu values", layout->n_cells);
    }
    for (size_t c = 0; c < layout->n_cells; c++) {
        capture->values[c] = NAN;
    }
    for (int s = 0; s < layout->n_subjects; s++) {
        sinks[s] = (capture_sink){{.row = capture_row}, layout, capture->values, s};
    }
    return PC_OK;
}

pc_sink *pc_capture_sink(pc_capture *capture, int subject)
{
    return &((capture_sink *)capture->sinks)[subject].sink;
}

void pc_capture_free(pc_capture *capture)
{
    pc_free(capture->sinks);
    pc_free(capture->values);
    *capture = (pc_capture){0};
}
