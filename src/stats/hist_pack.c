/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters of histograms as bytes and back. Maps are not packed: they follow from the pilot, which is run again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/hist_inner.h"

/* Cells that one thread packs or unpacks at a time. */
enum { PART = 256 };

void pc_hist_clear(pc_hist *hist)
{
    size_t freed = 0;

    pc_hist_settle(hist); /* where a cell's pilot still lies, it would be cleared too */
#pragma omp parallel for schedule(static) reduction(+ : freed)
    for (size_t i = 0; i < hist->n_cells; i++) {
        pc_hist_cell *cell = pc_hist_cell_at(hist, i);
        freed += cell->room * sizeof *cell->carries;
        free(cell->carries);
        cell->carries = NULL;
        cell->n_carries = cell->room = cell->n = cell->missing = 0;
        cell->minimum = INFINITY;
        cell->maximum = -INFINITY;
        memset(cell->count, 0, (size_t)hist->n_bins * hist->width);
    }
    hist->bytes -= freed;
}

static void pack_cells(const pc_hist *hist, size_t first, size_t past, pc_pack *pack)
{
    for (size_t i = first; i < past; i++) {
        const pc_hist_cell *cell = pc_hist_cell_at(hist, i);
        pc_pack_double(pack, cell->minimum);
        pc_pack_double(pack, cell->maximum);
        pc_pack_number(pack, (uint64_t)cell->missing << 32 | cell->n);
        pc_pack_number(pack, cell->n_carries);
        pc_pack_bytes(pack, cell->carries, cell->n_carries * sizeof *cell->carries);
        pc_pack_sparse(pack, cell->count, (size_t)hist->n_bins * hist->width);
    }
}

static size_t parts_of(const pc_hist *hist)
{
    return (hist->n_cells + PART - 1) / PART;
}

static size_t end_of(const pc_hist *hist, size_t part)
{
    return part * PART + PART < hist->n_cells ? part * PART + PART : hist->n_cells;
}

void pc_hist_pack(pc_hist *hist, pc_pack *pack)
{
    pc_hist_settle(hist);
    pc_pack_number(pack, hist->n_cells);
    pc_pack_number(pack, hist->n_bins);
    pc_pack_number(pack, hist->width);
#pragma omp parallel for ordered schedule(dynamic, 1)
    for (size_t k = 0; k < parts_of(hist); k++) {
        pc_pack part = {0};
        pack_cells(hist, k * PART, end_of(hist, k), &part);
#pragma omp ordered
        pc_pack_part(pack, &part);
        pc_pack_free(&part);
    }
}

static void unpack_cell(pc_hist *hist, pc_hist_cell *cell, unsigned char *counts, pc_unpack *from)
{
    double minimum = pc_unpack_double(from), maximum = pc_unpack_double(from);
    uint64_t numbers = pc_unpack_number(from), n_carries = pc_unpack_number(from);

    cell->minimum = minimum < cell->minimum ? minimum : cell->minimum;
    cell->maximum = maximum > cell->maximum ? maximum : cell->maximum;
    cell->n += (uint32_t)numbers;
    cell->missing += (uint32_t)(numbers >> 32);
    if (n_carries > hist->n_bins || (cell->state != PC_HIST_READY && (uint32_t)numbers > 0)) {
        from->failed = 1;
    }
    for (uint64_t k = 0; k < n_carries && !from->failed; k++) {
        pc_hist_carry one;
        pc_unpack_bytes(from, &one, sizeof one);
        if (one.bin >= hist->n_bins) {
            from->failed = 1;
        } else if (!from->failed) {
            pc_hist_carry_add(hist, cell, one.bin, one.times);
        }
    }
    pc_unpack_sparse(from, counts, (size_t)hist->n_bins * hist->width);
    if (!from->failed) {
        pc_hist_counts_add(hist, cell, counts);
    }
}

pc_code pc_hist_unpack(pc_hist *hist, pc_unpack *from, pc_status *status)
{
    const size_t n_parts = parts_of(hist);
    pc_unpack *parts = pc_calloc(n_parts + 1, sizeof *parts);
    int failed = 0, no_memory = parts == NULL;

    pc_unpack_expect(from, hist->n_cells);
    pc_unpack_expect(from, hist->n_bins);
    pc_unpack_expect(from, hist->width);
    for (size_t k = 0; k < n_parts && parts && !from->failed; k++) {
        parts[k] = pc_unpack_part(from);
    }
#pragma omp parallel for schedule(dynamic, 1) reduction(| : failed, no_memory)
    for (size_t k = 0; k < (parts && !from->failed ? n_parts : 0); k++) {
        unsigned char *counts = malloc((size_t)hist->n_bins * hist->width + 2);
        no_memory |= counts == NULL;
        for (size_t i = k * PART; i < end_of(hist, k) && counts && !parts[k].failed; i++) {
            unpack_cell(hist, pc_hist_cell_at(hist, i), counts, &parts[k]);
        }
        failed |= parts[k].failed || parts[k].at != parts[k].end;
        free(counts);
    }
    from->failed |= failed;
    pc_free(parts);
    return hist->failed || no_memory ? pc_fail(status, PC_ERR_FAIL, "no memory for counters of quantiles") : PC_OK;
}

void pc_hist_pack_round(const pc_hist *hist, int round, pc_pack *pack)
{
    const pc_hist_round *r = &hist->rounds[round];

    pc_pack_number(pack, r->n_windows);
    for (size_t w = 0; w < r->n_windows; w++) {
        const pc_hist_window *window = &r->windows[w];
        pc_pack_sparse(pack, (const unsigned char *)window->count, sizeof window->count);
        for (int j = 0; j < PC_HIST_SUB_BINS; j++) {
            if (window->count[j]) {
                pc_pack_double(pack, window->minimum[j]);
                pc_pack_double(pack, window->maximum[j]);
            }
        }
    }
}

void pc_hist_unpack_round(pc_hist *hist, pc_unpack *from)
{
    pc_hist_round *r = hist->n_rounds ? &hist->rounds[hist->n_rounds - 1] : NULL;

    pc_unpack_expect(from, r ? r->n_windows : 0);
    for (size_t w = 0; r && w < r->n_windows && !from->failed; w++) {
        pc_hist_window *window = &r->windows[w];
        uint32_t count[PC_HIST_SUB_BINS];
        pc_unpack_sparse(from, (unsigned char *)count, sizeof count);
        for (int j = 0; j < PC_HIST_SUB_BINS; j++) {
            if (count[j]) {
                double low = pc_unpack_double(from), high = pc_unpack_double(from);
                window->count[j] += count[j];
                window->minimum[j] = low < window->minimum[j] ? low : window->minimum[j];
                window->maximum[j] = high > window->maximum[j] ? high : window->maximum[j];
            }
        }
    }
}

void pc_hist_clear_round(pc_hist *hist)
{
    pc_hist_round *r = hist->n_rounds ? &hist->rounds[hist->n_rounds - 1] : NULL;

    for (size_t w = 0; r && w < r->n_windows; w++) {
        const pc_hist_bracket span = r->windows[w].span;
        const size_t cell = r->windows[w].cell;
        r->windows[w] = (pc_hist_window){0};
        pc_hist_open_window(&r->windows[w], cell, &span);
    }
}

void pc_hist_pack_windows(const pc_hist *hist, pc_pack *pack)
{
    const pc_hist_round *r = hist->n_rounds ? &hist->rounds[hist->n_rounds - 1] : NULL;

    pc_pack_number(pack, r ? r->n_windows : 0);
    for (size_t w = 0; r && w < r->n_windows; w++) {
        pc_pack_number(pack, r->windows[w].cell);
        pc_pack_bytes(pack, &r->windows[w].span, sizeof r->windows[w].span);
    }
}

pc_code pc_hist_unpack_windows(pc_hist *hist, pc_unpack *from, pc_status *status)
{
    const uint64_t n = pc_unpack_number(from);
    pc_hist_round next = {0};
    size_t cell = 0;

    if (from->failed || hist->n_rounds == PC_HIST_ROUNDS || n > (uint64_t)(from->end - from->at)) {
        return pc_fail(status, PC_ERR_FAIL, "windows of quantiles that cannot be");
    }
    next.first = pc_calloc(hist->n_cells + 1, sizeof *next.first);
    next.windows = pc_calloc((size_t)n + 1, sizeof *next.windows);
    next.n_windows = (size_t)n;
    for (size_t w = 0; next.first && next.windows && w < n; w++) {
        const uint64_t its = pc_unpack_number(from);
        pc_hist_bracket span;
        pc_unpack_bytes(from, &span, sizeof span);
        from->failed |= its < cell || its >= hist->n_cells;
        if (from->failed) {
            break;
        }
        for (; cell < its; cell++) {
            next.first[cell + 1] = w;
        }
        pc_hist_open_window(&next.windows[w], cell, &span);
    }
    if (!next.first || !next.windows || from->failed) {
        pc_free(next.first);
        pc_free(next.windows);
        return from->failed ? pc_fail(status, PC_ERR_FAIL, "windows of quantiles that cannot be")
                            : pc_fail(status, PC_ERR_FAIL, "no memory for windows of quantiles");
    }
    for (; cell < hist->n_cells; cell++) {
        next.first[cell + 1] = next.n_windows;
    }
    hist->rounds[hist->n_rounds++] = next;
    return PC_OK;
}
