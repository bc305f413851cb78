/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows on bins too wide for a wanted quantile, filled by feeding the same rows again. */
#include <math.h>

#include "base/memory.h"
#include "stats/hist_inner.h"

/* Next to zero: smaller than the other end of a span by more than any distribution reaches. */
static const double TINY = 0x1p-256;

uint32_t pc_hist_sub_bin(const pc_hist_window *window, double x)
{
    double t = x - window->span.low;

    if (window->by_key) {
        int64_t key = pc_hist_key(x);
        t = key > window->origin ? (double)((uint64_t)key - (uint64_t)window->origin) : 0;
    }

    t *= window->slope;
    t = t > 0 ? t : 0;
    return t < PC_HIST_SUB_BINS - 1 ? (uint32_t)(int32_t)t : PC_HIST_SUB_BINS - 1;
}

void pc_hist_open_window(pc_hist_window *window, size_t cell, const pc_hist_bracket *span)
{
    double low = span->low, high = span->high, width = high - low;

    window->cell = cell;
    window->span = *span;
    /* Ends of the same sign and far apart, or beyond the range of doubles: by octaves. */
    window->by_key = (low > 0 && high / 4 > low) || (high < 0 && low / 4 < high) || !isfinite(width) ||
                     !isfinite(PC_HIST_SUB_BINS / width);
    if (window->by_key) {
        /* A span that ends next to zero has no end of octaves: the last few hold nearly all of it. */
        double from = low, to = high;
        if (low >= 0 && low < high * TINY) {
            from = high / 256;
        } else if (high <= 0 && high > low * TINY) {
            to = low / 256;
        }
        window->origin = pc_hist_key(from);
        window->slope = PC_HIST_SUB_BINS / (double)((uint64_t)pc_hist_key(to) - (uint64_t)window->origin);
    } else {
        window->slope = PC_HIST_SUB_BINS / width;
    }
    for (int j = 0; j < PC_HIST_SUB_BINS; j++) {
        window->minimum[j] = INFINITY;
        window->maximum[j] = -INFINITY;
    }
}

/* Every value of a window's span has been counted again. */
static int is_fed(const pc_hist_round *round)
{
    for (size_t w = 0; w < round->n_windows; w++) {
        uint64_t mass = 0;
        for (int j = 0; j < PC_HIST_SUB_BINS; j++) {
            mass += round->windows[w].count[j];
        }
        if (mass != round->windows[w].span.mass) {
            return 0;
        }
    }
    return 1;
}

enum { MOST_PROBABILITIES = 64 };

/* The distinct brackets of a cell that are too wide for a wanted probability; returns how many. */
static size_t wide_spans(const pc_hist *hist, size_t cell, const double *p, int n_p, pc_hist_bracket *spans)
{
    pc_hist_bracket brackets[MOST_PROBABILITIES];
    uint64_t count = pc_hist_find(hist, cell, p, n_p, 1, brackets);
    size_t n = 0;

    for (int i = 0; count && i < n_p; i++) {
        double error;
        size_t w = 0;

        if (isnan(brackets[i].low)) { /* not wide */
            continue;
        }
        pc_hist_read(&brackets[i], p[i], count, &error);
        if (!(error > pc_hist_tolerance(p[i], count) * (double)count * (1 + 1e-12))) {
            continue;
        }
        while (w < n && spans[w].below != brackets[i].below) {
            w++;
        }
        if (w == n) {
            spans[n++] = brackets[i];
        }
    }
    return n;
}

size_t pc_hist_refine(pc_hist *hist, const double *probabilities, int n_probabilities, pc_status *status)
{
    pc_hist_round *round, next = {0};
    size_t need = 0, room, left;

    pc_hist_settle(hist);
    if (hist->n_rounds && !is_fed(&hist->rounds[hist->n_rounds - 1])) {
        pc_fail(status, PC_ERR_FAIL, "refinement of quantiles: not the same values as in the first pass");
        return 0;
    }
    if (hist->failed) {
        pc_fail(status, PC_ERR_FAIL, "no memory for counters of quantiles");
        return 0;
    }
    if (n_probabilities > MOST_PROBABILITIES) {
        pc_fail(status, PC_ERR_FAIL, "refinement of quantiles: %d probabilities, at most %d", n_probabilities,
                MOST_PROBABILITIES);
        return 0;
    }
    next.first = pc_calloc(hist->n_cells + 1, sizeof *next.first);
    if (!next.first) {
        pc_fail(status, PC_ERR_FAIL, "no memory for windows of quantiles");
        return 0;
    }
    /* how many windows each cell needs, then where each cell's begin */
#pragma omp parallel for schedule(dynamic, 256)
    for (size_t cell = 0; cell < hist->n_cells; cell++) {
        pc_hist_bracket spans[MOST_PROBABILITIES];
        if (hist->n_rounds == 0 || pc_hist_wants(hist, cell)) { /* else nothing is new */
            next.first[cell + 1] = wide_spans(hist, cell, probabilities, n_probabilities, spans);
        }
    }
    for (size_t cell = 0; cell < hist->n_cells; cell++) {
        next.first[cell + 1] += next.first[cell];
    }
    need = next.first[hist->n_cells];
    left = hist->budget > hist->bytes ? hist->budget - hist->bytes : 0;
    left = left > (hist->n_cells + 1) * sizeof(size_t) ? left - (hist->n_cells + 1) * sizeof(size_t) : 0;
    room = left / sizeof(pc_hist_window) < need ? left / sizeof(pc_hist_window) : need;
    hist->unresolved = hist->left_out + need - room;
    if (hist->n_rounds == PC_HIST_ROUNDS || room == 0) {
        hist->unresolved = hist->left_out + need;
        pc_free(next.first);
        return 0;
    }
    next.windows = pc_calloc(room, sizeof *next.windows);
    if (!next.windows) {
        pc_free(next.first);
        pc_fail(status, PC_ERR_FAIL, "no memory for %zu windows of quantiles", room);
        return 0;
    }
#pragma omp parallel for schedule(dynamic, 256)
    for (size_t cell = 0; cell < hist->n_cells; cell++) {
        pc_hist_bracket spans[MOST_PROBABILITIES];
        size_t n = next.first[cell] < next.first[cell + 1] && next.first[cell] < room
                       ? wide_spans(hist, cell, probabilities, n_probabilities, spans)
                       : 0;
        for (size_t w = 0; w < n && next.first[cell] + w < room; w++) {
            pc_hist_open_window(&next.windows[next.first[cell] + w], cell, &spans[w]);
        }
    }
    for (size_t cell = 0; cell <= hist->n_cells; cell++) {
        next.first[cell] = next.first[cell] < room ? next.first[cell] : room;
    }
    next.n_windows = room;
    hist->left_out = hist->unresolved;
    round = &hist->rounds[hist->n_rounds++];
    *round = next;
    hist->bytes += room * sizeof *round->windows + (hist->n_cells + 1) * sizeof *round->first;
    return round->n_windows;
}

int pc_hist_wants(const pc_hist *hist, size_t cell)
{
    const pc_hist_round *round = hist->n_rounds ? &hist->rounds[hist->n_rounds - 1] : NULL;

    return round && round->first[cell] < round->first[cell + 1];
}

size_t pc_hist_unresolved(const pc_hist *hist)
{
    return hist->unresolved;
}

void pc_hist_refine_row(pc_hist *hist, size_t cell_index, const double *row, int n)
{
    pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);
    const pc_hist_round *round;

    if (!pc_hist_wants(hist, cell_index)) {
        return;
    }
    round = &hist->rounds[hist->n_rounds - 1];
    pc_hist_lock(cell);
    for (size_t w = round->first[cell_index]; w < round->first[cell_index + 1]; w++) {
        pc_hist_window *window = &round->windows[w];
        double low = window->span.low, high = window->span.high;
        for (int i = 0; i < n; i++) {
            double x = row[i] + 0.0;
            if (x >= low && x <= high) {
                uint32_t j = pc_hist_sub_bin(window, x);
                window->count[j]++;
                window->minimum[j] = x < window->minimum[j] ? x : window->minimum[j];
                window->maximum[j] = x > window->maximum[j] ? x : window->maximum[j];
            }
        }
    }
    pc_hist_unlock(cell);
}
