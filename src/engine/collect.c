/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/collect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "engine/unfit.h"

/* ---- what all leaves add up to -------------------------------------------------------------------------------------
 */

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

/* ---- one thread's collector
 * ------------------------------------------------------------------------------------------ */

typedef struct subject_sink {
    pc_sink sink;
    struct pc_collector *collector;
    int subject;
} subject_sink;

/* What is kept of a baseline's row until the other policies of the same year have been compared with it: its sums,
 * which are theirs as well where the rows are equal, or events as bits. */
typedef struct base_row {
    pc_leaf_sums sums;
    pc_events events;
    int is_events; /* then its row was not kept */
} base_row;

struct pc_collector {
    pc_gathered *gathered;
    pc_moments *moments;
    pc_tally *tallies; /* [use] of events */
    uint64_t path0;
    int n_lanes;
    pc_bits used; /* the first n_lanes */
    pc_phase_kind phase;
    pc_hist_ahead ahead;
    pc_unfit unfit;
    subject_sink *sinks;
    /* of the baseline in the year (or at the end) now being written */
    base_row *base;
    double *base_lanes; /* rows of PC_LANES; of events they are never touched */
    int baseline;
    size_t *first_base, *first_lanes; /* [output] number of its first row in these */
    double difference[PC_LANES] __attribute__((aligned(64)));
    double flushed[PC_LANES] __attribute__((aligned(64)));
    double unpacked[PC_LANES] __attribute__((aligned(64)));
};

static int is_compared(const pc_output *output)
{
    return (output->stats & (PC_STAT_DIFFERENCE | PC_STAT_DIFFERENCE_QUANTILES)) != 0;
}

/* Whether anything is kept of the baseline's rows: for differences, or for rows that are the same under other policies.
 */
static int has_base(const pc_output *output)
{
    return is_compared(output) || pc_output_items(output) == PC_ITEMS_ONE;
}

/* What is kept of the baseline's row of one year, if has_base. */
static base_row *base_of(const pc_collector *k, int output, int view, int area)
{
    return k->base + k->first_base[output] + (size_t)area * PC_SCHEME_VIEWS + (size_t)view;
}

/* Its numbers, if is_compared. */
static double *lanes_of(const pc_collector *k, int output, int view, int area)
{
    return k->base_lanes + (k->first_lanes[output] + (size_t)area * PC_SCHEME_VIEWS + (size_t)view) * PC_LANES;
}

/* Whether this round of refinement looks at a histogram. */
static int wanted(const pc_gathered *gathered, int64_t hist)
{
    return hist >= 0 && pc_hist_wants(gathered->hist, (size_t)hist);
}

/* Where quantiles are asked for, what is zero but for rounding is zero: else the noise of sums that cancel would have
 * to be told apart. */
PC_KERNEL static void flush(double *restrict flushed, const double *restrict lanes, double rounding)
{
    for (int l = 0; l < PC_LANES; l++) {
        flushed[l] = fabs(lanes[l]) <= rounding ? 0.0 : lanes[l];
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

typedef long long words __attribute__((may_alias));

/* Whether two rows have the same bits. */
PC_KERNEL static int are_equal(const double *a, const double *b)
{
    const words *x = (const words *)a, *y = (const words *)b;

    for (int start = 0; start < PC_LANES; start += 64) {
        long long unequal = 0;
        for (int l = start; l < start + 64; l++) {
            unequal |= x[l] ^ y[l];
        }
        if (unequal) {
            return 0;
        }
    }
    return 1;
}

/* What the rows a little later add to: when their turn came it would be waited for. Histograms get as many lines a row
 * as they need between one and the next. */
static void fetch_ahead(pc_collector *k, int64_t use)
{
    enum { LINES = 24, ROWS = 8 };

    if (k->phase == PC_PHASE_COUNT) {
        const size_t later = (size_t)use + ROWS < k->gathered->layout->n_uses ? (size_t)use + ROWS : (size_t)use;
        const int32_t moment = k->gathered->layout->use[later].moment;
        pc_hist_fetch(k->gathered->hist, &k->ahead, LINES);
        __builtin_prefetch(&k->tallies[later], 1);
        if (moment >= 0) {
            pc_moments_fetch(k->moments, (size_t)moment);
        }
    }
}

static void count_hist(pc_collector *k, int32_t hist, const double *lanes)
{
    pc_hist *table = k->gathered->hist;

    if (k->phase == PC_PHASE_REFINE) {
        if (wanted(k->gathered, hist)) {
            pc_hist_refine_row(table, (size_t)hist, lanes, k->n_lanes);
        }
        return;
    }
    if (hist >= 0) {
        k->ahead.now = (size_t)hist;
        (k->path0 == 0 ? pc_hist_first_row : pc_hist_row)(table, (size_t)hist, lanes, k->n_lanes);
    }
}

static void keep_total(pc_collector *k, int32_t total, const double *lanes)
{
    if (total >= 0) {
        pc_tails_row(k->gathered->totals, (size_t)total, k->path0, lanes, k->n_lanes);
    }
}

/* The difference of rows with the same bits: zero where neither is missing. 0: not so, or not so simple. */
static int take_equal(pc_collector *k, const pc_cell_use *use, const double *lanes, const base_row *base,
                      const double *base_lanes)
{
    const pc_leaf_sums *sums = &base->sums;

    if (k->phase == PC_PHASE_REFINE || use->moment < 0 || use->moment_difference < 0 || use->total_difference >= 0 ||
        sums->infinite || (use->hist_difference >= 0 && (sums->missing || k->path0 == 0)) ||
        sums->centre != pc_moments_centre(k->moments, (size_t)use->moment) ||
        pc_moments_centre(k->moments, (size_t)use->moment_difference) != 0 || !are_equal(lanes, base_lanes)) {
        return 0;
    }
    pc_moments_add(k->moments, (size_t)use->moment, sums);
    pc_moments_events(k->moments, (size_t)use->moment_difference, 0, (uint64_t)sums->n, 0, (uint64_t)sums->missing);
    if (use->hist_difference >= 0) {
        k->ahead.now = (size_t)use->hist_difference;
        pc_hist_same(k->gathered->hist, (size_t)use->hist_difference, 0, k->n_lanes);
    }
    return 1;
}

/* Returns 1 where the sums of differences were refused. */
static int take_difference(pc_collector *k, const pc_cell_use *use, const double *lanes, const double *base_lanes,
                           double rounding)
{
    int refused = 0;

    subtract(k->difference, lanes, base_lanes, rounding);
    if (k->phase == PC_PHASE_COUNT) {
        if (use->moment_difference >= 0) {
            refused = pc_moments_row(k->moments, (size_t)use->moment_difference, k->difference, k->n_lanes);
        }
        keep_total(k, use->total_difference, k->difference);
    }
    if (use->hist_difference >= 0) {
        count_hist(k, use->hist_difference, k->difference);
    }
    return refused;
}

static int is_money(const subject_sink *self, int output)
{
    return strcmp(self->collector->gathered->layout->subjects[self->subject].outputs[output]->unit, "yuan") == 0;
}

__attribute__((noinline)) static void refuse(subject_sink *self, const double *lanes, int output, int view, int area,
                                             int year, int is_difference)
{
    pc_collector *k = self->collector;

    if (!k->unfit.found) {
        k->unfit = pc_unfit_of(lanes, k->n_lanes, k->path0, self->subject, output, view, area, year, is_difference);
    }
}

static void take_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    subject_sink *self = (subject_sink *)sink;
    pc_collector *k = self->collector;
    pc_gathered *g = k->gathered;
    int64_t index = pc_layout_use(g->layout, self->subject, output, view, area, year);
    int is_baseline = self->subject == k->baseline, counting = k->phase == PC_PHASE_COUNT, compared, equal = 0;
    const pc_cell_use *use;
    const double *shown = lanes;
    double rounding;
    base_row *base = NULL;
    double *base_lanes = NULL;
    pc_leaf_sums sums;

    if (index < 0) {
        return;
    }
    fetch_ahead(k, index);
    use = &g->layout->use[index];
    rounding = g->rounding[index];
    if (!counting && !is_baseline && !wanted(g, use->hist) && !wanted(g, use->hist_difference)) {
        return;
    }
    if (counting && use->kept >= 0 && k->path0 < g->n_kept_paths) {
        uint64_t n = g->n_kept_paths - k->path0;
        n = n < (uint64_t)k->n_lanes ? n : (uint64_t)k->n_lanes;
        memcpy(g->kept + (size_t)use->kept * g->n_kept_paths + k->path0, lanes, n * sizeof *lanes);
    }
    compared = is_baseline ? is_compared(g->layout->subjects[self->subject].outputs[output])
                           : use->moment_difference >= 0 || use->hist_difference >= 0 || use->total_difference >= 0;
    if (compared || (is_baseline && has_base(g->layout->subjects[self->subject].outputs[output]))) {
        base = base_of(k, output, view, area);
        base_lanes = compared ? lanes_of(k, output, view, area) : NULL;
    }
    if (compared && !is_baseline) {
        if (base->is_events) { /* this policy's are none */
            pc_events_unpack(&base->events, base_lanes);
        }
        equal = !base->is_events && take_equal(k, use, lanes, base, base_lanes);
        if (!equal && take_difference(k, use, lanes, base_lanes, rounding)) {
            refuse(self, k->difference, output, view, area, year, 1);
        }
    }
    if (use->hist >= 0 && (counting || wanted(g, use->hist))) {
        flush(k->flushed, lanes, rounding);
        shown = k->flushed;
        count_hist(k, use->hist, shown);
    }
    if (counting && use->moment >= 0 && !equal) {
        pc_moments_sums(pc_moments_centre(k->moments, (size_t)use->moment), shown, k->n_lanes, &sums);
        if (pc_moments_add(k->moments, (size_t)use->moment, &sums) || (sums.missing && is_money(self, output))) {
            refuse(self, shown, output, view, area, year, 0);
        }
    }
    if (counting) {
        keep_total(k, use->total, shown);
    }
    if (is_baseline && base) {
        base->is_events = 0;
        if (counting && use->moment >= 0) {
            base->sums = sums;
        }
        if (compared) {
            memcpy(base_lanes, lanes, PC_LANES * sizeof *lanes);
        }
    }
}

static void take_events(pc_sink *sink, int output, int view, int area, int year, const pc_events *events)
{
    subject_sink *self = (subject_sink *)sink;
    pc_collector *k = self->collector;
    const pc_layout *layout = k->gathered->layout;
    const int64_t index = pc_layout_use(layout, self->subject, output, view, area, year);
    const pc_cell_use *use = &layout->use[index < 0 ? (int64_t)layout->n_uses : index];
    const int is_baseline = self->subject == k->baseline, compared = use->moment_difference >= 0;
    const int based = compared || (is_baseline && has_base(layout->subjects[self->subject].outputs[output]));
    base_row *base = based ? base_of(k, output, view, area) : NULL;

    if (index < 0 || (k->phase == PC_PHASE_REFINE && use->hist < 0)) {
        return;
    }
    if (use->hist >= 0 || use->total >= 0 || use->kept >= 0 || k->tallies[index].closed ||
        (compared && !base->is_events)) {
        pc_events_unpack(events, k->unpacked);
        take_row(sink, output, view, area, year, k->unpacked);
        return;
    }
    fetch_ahead(k, index);
    pc_tally_add(&k->tallies[index], events, compared ? &base->events : NULL, &k->used, k->n_lanes);
    if (is_baseline && base) {
        base->events = *events;
        base->is_events = 1;
    }
}

/* A row that the baseline's policy has sent: its sums are this one's too. */
static int take_same(pc_sink *sink, int output, int view, int area, int year)
{
    subject_sink *self = (subject_sink *)sink;
    pc_collector *k = self->collector;
    pc_gathered *g = k->gathered;
    const int64_t index = pc_layout_use(g->layout, self->subject, output, view, area, year);
    const pc_cell_use *use = &g->layout->use[index < 0 ? (int64_t)g->layout->n_uses : index];
    const base_row *base;
    const pc_leaf_sums *sums;

    if (index < 0) {
        return 1;
    }
    if (k->phase == PC_PHASE_REFINE) {
        return !wanted(g, use->hist) && !wanted(g, use->hist_difference);
    }
    base = base_of(k, output, view, area);
    sums = &base->sums;
    if (k->baseline < 0 || base->is_events || use->hist >= 0 || use->total >= 0 || use->moment < 0 ||
        use->hist_difference >= 0 || (use->kept >= 0 && k->path0 < g->n_kept_paths) || sums->infinite ||
        sums->centre != pc_moments_centre(k->moments, (size_t)use->moment) ||
        (use->moment_difference >= 0 && pc_moments_centre(k->moments, (size_t)use->moment_difference) != 0)) {
        return 0;
    }
    pc_moments_add(k->moments, (size_t)use->moment, sums);
    if (use->moment_difference >= 0) {
        pc_moments_events(k->moments, (size_t)use->moment_difference, 0, (uint64_t)sums->n, 0, (uint64_t)sums->missing);
    }
    return 1;
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
                int own = wanted(gathered, pc_layout_at(layout, (int64_t)c)->hist);
                int difference = wanted(gathered, pc_layout_at(layout, (int64_t)c)->hist_difference);
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

pc_collector *pc_collector_new(pc_gathered *gathered, pc_moments *moments)
{
    const pc_layout *layout = gathered->layout;
    pc_collector *k = pc_calloc(1, sizeof *k);
    size_t n_base = 0, n_lanes = 0;

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
    k->sinks = pc_calloc((size_t)layout->n_subjects, sizeof *k->sinks);
    k->first_base = pc_calloc((size_t)layout->n_outputs_max + 1, sizeof *k->first_base);
    k->first_lanes = pc_calloc((size_t)layout->n_outputs_max + 1, sizeof *k->first_lanes);
    k->tallies = pc_calloc(layout->n_uses + 1, sizeof *k->tallies);
    if (!k->first_base || !k->first_lanes || !k->tallies) {
        pc_collector_free(k);
        return NULL;
    }
    for (int o = 0; k->baseline >= 0 && o < layout->subjects[k->baseline].n_outputs; o++) {
        const pc_output *output = layout->subjects[k->baseline].outputs[o];
        const size_t n_rows = PC_SCHEME_VIEWS * (size_t)pc_layout_rows(layout, output);
        k->first_base[o] = n_base;
        k->first_lanes[o] = n_lanes;
        n_base += has_base(output) ? n_rows : 0;
        n_lanes += is_compared(output) ? n_rows : 0;
    }
    k->base = pc_calloc(n_base + 1, sizeof *k->base);
    k->base_lanes = pc_alloc((n_lanes * PC_LANES + 1) * sizeof(double));
    if (!k->base || !k->base_lanes || !k->sinks) {
        pc_collector_free(k);
        return NULL;
    }
    for (int s = 0; s < layout->n_subjects; s++) {
        k->sinks[s] = (subject_sink){
            .sink = {.row = take_row, .events = take_events, .same = take_same}, .collector = k, .subject = s};
    }
    for (size_t u = 0; u < layout->n_uses; u++) {
        k->tallies[u] = pc_tally_for(moments, layout->use[u].moment, layout->use[u].moment_difference);
    }
    return k;
}

void pc_collector_free(pc_collector *collector)
{
    if (collector) {
        pc_free(collector->base);
        pc_free(collector->base_lanes);
        pc_free(collector->sinks);
        pc_free(collector->first_base);
        pc_free(collector->first_lanes);
        pc_free(collector->tallies);
        pc_free(collector);
    }
}

void pc_collector_leaf(pc_collector *collector, uint64_t path0, int n_lanes, pc_phase_kind phase)
{
    collector->path0 = path0;
    collector->n_lanes = n_lanes;
    collector->used = pc_bits_first(n_lanes);
    collector->phase = phase;
}

void pc_collector_settle(pc_collector *collector)
{
    const pc_layout *layout = collector->gathered->layout;

    for (size_t u = 0; u < layout->n_uses; u++) {
        const pc_cell_use *use = &layout->use[u];
        pc_tally_move(&collector->tallies[u], collector->moments, use->moment, use->moment_difference);
    }
}

const pc_unfit *pc_collector_unfit(const pc_collector *collector)
{
    return &collector->unfit;
}

pc_sink *pc_collector_sink(pc_collector *collector, int subject)
{
    return &collector->sinks[subject].sink;
}
