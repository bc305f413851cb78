/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/collect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "engine/unfit.h"

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
    pc_hist_buffer *buffer; /* NULL: rows are counted at once */
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
        if (pc_gathered_wants(k->gathered, hist)) {
            pc_hist_refine_row(table, (size_t)hist, lanes, k->n_lanes);
        }
        return;
    }
    if (hist >= 0) {
        k->ahead.now = (size_t)hist;
        if (k->path0 == 0) {
            pc_hist_first_row(table, (size_t)hist, lanes, k->n_lanes);
        } else if (k->buffer) { /* as this row, so the next ones */
            k->ahead.without_counters = !pc_hist_buffer_row(k->buffer, (size_t)hist, lanes, k->n_lanes);
        } else {
            pc_hist_row(table, (size_t)hist, lanes, k->n_lanes);
        }
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
    if (!counting && !is_baseline && !pc_gathered_wants(g, use->hist) && !pc_gathered_wants(g, use->hist_difference)) {
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
    if (use->hist >= 0 && (counting || pc_gathered_wants(g, use->hist))) {
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
        return !pc_gathered_wants(g, use->hist) && !pc_gathered_wants(g, use->hist_difference);
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

pc_collector *pc_collector_new(pc_gathered *gathered, pc_moments *moments, size_t buffer_bytes)
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
    k->buffer = buffer_bytes ? pc_hist_buffer_new(gathered->hist, buffer_bytes) : NULL;
    if (!k->first_base || !k->first_lanes || !k->tallies || (buffer_bytes && !k->buffer)) {
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
        pc_hist_buffer_free(collector->buffer);
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

void pc_collector_drain(pc_collector *collector)
{
    if (collector->buffer) {
        pc_hist_buffer_drain(collector->buffer);
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
