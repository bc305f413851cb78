/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/hist.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>

#include "base/math.h"
#include "base/memory.h"
#include "stats/hist_inner.h"

#define LEAST_BINS 512
#define MOST_BYTES PC_HIST_MOST_BINS /* of counters */
#define NARROW     65536             /* values up to which one byte counts */
#define CHUNK      256
#define LANES      PC_HIST_LANES

static size_t cell_bytes(size_t counters)
{
    return (sizeof(pc_hist_cell) + counters + 63) / 64 * 64;
}

pc_hist *pc_hist_new(size_t n_cells, uint64_t n_values, size_t budget, pc_status *status)
{
    pc_hist *hist = NULL;
    size_t tables = budget / 4 * 3 > sizeof *hist ? budget / 4 * 3 - sizeof *hist : 0;
    size_t share = n_cells ? tables / n_cells / 64 * 64 : 0;
    size_t width = n_values <= NARROW ? 1 : 2, counters = MOST_BYTES, least = cell_bytes(LEAST_BINS * width);

    if (n_cells && share < least) {
        pc_fail(status, PC_ERR_INPUT, "quantiles of %zu cells need at least %.0f MB of memory, the budget is %.0f MB",
                n_cells, ceil(((double)n_cells * (double)(least + 64) + 1e4) / 0.75e6), (double)budget / 1e6);
        return NULL;
    }
    if (n_cells && share < cell_bytes(MOST_BYTES)) {
        counters = share - sizeof(pc_hist_cell);
    }
    counters = n_values ? counters : LEAST_BINS * width; /* never touched */
    hist = pc_calloc(1, sizeof *hist);
    if (!hist) {
        pc_fail(status, PC_ERR_FAIL, "no memory for quantiles");
        return NULL;
    }
    hist->n_cells = n_cells;
    hist->budget = budget;
    hist->width = (uint32_t)width;
    hist->n_bins = (uint32_t)(counters / width);
    hist->stride = cell_bytes(counters);
    hist->table = pc_alloc(n_cells * hist->stride);
    if (!hist->table) {
        pc_fail(status, PC_ERR_FAIL, "no memory for quantiles of %zu cells (%zu bytes each)", n_cells, hist->stride);
        pc_hist_free(hist);
        return NULL;
    }
    hist->bytes = sizeof *hist + n_cells * hist->stride;
#pragma omp parallel for schedule(static) /* most of the time goes into getting the pages */
    for (size_t i = 0; i < n_cells; i++) {
        pc_hist_cell *cell = pc_hist_cell_at(hist, i);
        memset(cell, 0, hist->stride);
        cell->minimum = INFINITY;
        cell->maximum = -INFINITY;
    }
    return hist;
}

void pc_hist_free(pc_hist *hist)
{
    if (!hist) {
        return;
    }
    for (int i = 0; i < PC_HIST_ROUNDS; i++) {
        pc_free(hist->rounds[i].windows);
        pc_free(hist->rounds[i].first);
    }
    for (size_t i = 0; hist->table && i < hist->n_cells; i++) {
        free(pc_hist_cell_at(hist, i)->carries);
    }
    pc_free(hist->table);
    pc_free(hist);
}

size_t pc_hist_bytes(const pc_hist *hist)
{
    return hist->bytes;
}

void pc_hist_lock(pc_hist_cell *cell)
{
    for (int spins = 0; __atomic_test_and_set(&cell->lock, __ATOMIC_ACQUIRE); spins++) {
        if (spins > 100) { /* the holder may have lost its core */
            sched_yield();
        }
    }
}

void pc_hist_unlock(pc_hist_cell *cell)
{
    __atomic_clear(&cell->lock, __ATOMIC_RELEASE);
}

/* A counter has gone round `times` times. */
__attribute__((noinline)) void pc_hist_carry_add(pc_hist *hist, pc_hist_cell *cell, uint32_t bin, uint32_t times)
{
    uint32_t i = 0;

    while (i < cell->n_carries && cell->carries[i].bin != bin) {
        i++;
    }
    if (i == cell->room) {
        uint32_t room = cell->room ? 2 * cell->room : 4;
        pc_hist_carry *more = realloc(cell->carries, room * sizeof *more);
        if (!more) {
            __atomic_store_n(&hist->failed, 1, __ATOMIC_RELAXED);
            return;
        }
        __atomic_add_fetch(&hist->bytes, (room - cell->room) * sizeof *more, __ATOMIC_RELAXED);
        cell->carries = more;
        cell->room = room;
    }
    if (i == cell->n_carries) {
        cell->carries[cell->n_carries++] = (pc_hist_carry){bin, 0};
    }
    cell->carries[i].times += times;
}

static inline void add_one(pc_hist *hist, pc_hist_cell *cell, uint32_t bin)
{
    if (__builtin_expect(++cell->count[bin] == 0, 0)) {
        pc_hist_carry_add(hist, cell, bin, 1);
    }
}

void pc_hist_codes_add(pc_hist *hist, pc_hist_cell *cell, const uint16_t *code, int n)
{
    uint16_t *wide = (uint16_t *)(void *)cell->count;
    int i = 0;

    for (; hist->width == 1 && i + 4 <= n; i += 4) { /* four a word: half the loads */
        uint64_t four;
        memcpy(&four, code + i, sizeof four);
        for (int k = 0; k < 4; k++, four >>= 16) {
            add_one(hist, cell, four & 0xffff);
        }
    }
    for (; hist->width == 1 && i < n; i++) {
        add_one(hist, cell, code[i]);
    }
    for (; i < n; i++) {
        if (__builtin_expect(++wide[code[i]] == 0, 0)) {
            pc_hist_carry_add(hist, cell, code[i], 1);
        }
    }
}

void pc_hist_fetch_dense(const pc_hist *hist, const pc_hist_cell *cell)
{
    for (size_t at = cell->map.dense_first * hist->width; at <= cell->map.dense_last * hist->width; at += 64) {
        __builtin_prefetch(cell->count + at, 1);
    }
}

void pc_hist_totals_add(pc_hist_cell *cell, uint32_t n, uint32_t missing, const double extreme[2])
{
    cell->n += n;
    cell->missing += missing;
    cell->minimum = extreme[0] < cell->minimum ? extreme[0] : cell->minimum;
    cell->maximum = extreme[1] > cell->maximum ? extreme[1] : cell->maximum;
}

PC_KERNEL static void widen(uint32_t *restrict to, const void *restrict counters, uint32_t n, uint32_t width)
{
    const uint8_t *narrow = counters;
    const uint16_t *wide = counters;

    if (width == 1) {
        for (uint32_t j = 0; j < n; j++) {
            to[j] = narrow[j];
        }
    } else {
        for (uint32_t j = 0; j < n; j++) {
            to[j] = wide[j];
        }
    }
}

const uint32_t *pc_hist_counts(const pc_hist *hist, const pc_hist_cell *cell, uint32_t *buffer)
{
    widen(buffer, cell->count, cell->map.n_bins, hist->width);
    for (uint32_t i = 0; i < cell->n_carries; i++) {
        buffer[cell->carries[i].bin] += cell->carries[i].times << 8 * hist->width;
    }
    return buffer;
}

uint32_t pc_hist_codes(const pc_hist_map *map, const double *row, int n, uint16_t *codes, double extreme[2])
{
    const int padding = (LANES - n % LANES) % LANES;
    uint16_t all[CHUNK];
    double padded[CHUNK];
    uint32_t missing;
    int m = 0;

    if (padding == 0) {
        missing = pc_hist_bins(map, row, n, codes, extreme);
    } else {
        memcpy(padded, row, (size_t)n * sizeof *row);
        for (int i = n; i < n + padding; i++) {
            padded[i] = NAN;
        }
        missing = pc_hist_bins(map, padded, n + padding, all, extreme) - (uint32_t)padding;
        memcpy(codes, all, (size_t)n * sizeof *codes);
    }
    for (int i = 0; missing && i < n; i++) { /* the bin of a NaN means nothing */
        codes[m] = codes[i];
        m += !isnan(row[i]);
    }
    return missing;
}

/* n <= CHUNK values. */
static void add_chunk(pc_hist *hist, pc_hist_cell *cell, const double *row, int n)
{
    uint16_t codes[CHUNK];
    uint32_t missing;
    double extreme[2];

    pc_hist_fetch_dense(hist, cell); /* while the bins are found */
    missing = pc_hist_codes(&cell->map, row, n, codes, extreme);
    pc_hist_lock(cell);
    pc_hist_codes_add(hist, cell, codes, n - (int)missing);
    pc_hist_totals_add(cell, (uint32_t)n - missing, missing, extreme);
    pc_hist_unlock(cell);
}

void pc_hist_pilot(pc_hist *hist, size_t cell_index, const double *row, int n)
{
    pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);

    pc_hist_map_set(&cell->map, hist->n_bins, row, n < CHUNK ? n : CHUNK);
    __atomic_store_n(&cell->state, PC_HIST_READY, __ATOMIC_RELEASE);
}

void pc_hist_first_row(pc_hist *hist, size_t cell_index, const double *row, int n)
{
    pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);

    if (__atomic_load_n(&cell->state, __ATOMIC_ACQUIRE) == PC_HIST_READY) {
        pc_hist_row(hist, cell_index, row, n);
        return;
    }
    if (n > CHUNK || (size_t)n * sizeof *row > (size_t)hist->n_bins * hist->width) {
        pc_hist_pilot(hist, cell_index, row, n);
        pc_hist_row(hist, cell_index, row, n);
        return;
    }
    memcpy(cell->count, row, (size_t)n * sizeof *row);
    cell->n = (uint32_t)n;
    __atomic_store_n(&cell->state, PC_HIST_STORED, __ATOMIC_RELEASE);
}

/* Sets the edges of a cell whose pilot lies there, unless another thread has begun to. */
static int settle_cell(pc_hist *hist, pc_hist_cell *cell)
{
    double row[CHUNK];
    uint8_t stored = PC_HIST_STORED;
    int n;

    if (__atomic_load_n(&cell->state, __ATOMIC_RELAXED) != PC_HIST_STORED ||
        !__atomic_compare_exchange_n(&cell->state, &stored, PC_HIST_CLAIMED, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return 0;
    }
    n = (int)cell->n;
    memcpy(row, cell->count, (size_t)n * sizeof *row);
    memset(cell->count, 0, (size_t)n * sizeof *row);
    cell->n = 0;
    pc_hist_map_set(&cell->map, hist->n_bins, row, n);
    if (n > 0) {
        add_chunk(hist, cell, row, n);
    }
    __atomic_store_n(&cell->state, PC_HIST_READY, __ATOMIC_RELEASE);
    return 1;
}

void pc_hist_settle(pc_hist *hist)
{
#pragma omp parallel for schedule(dynamic, 64)
    for (size_t i = 0; i < hist->n_cells; i++) {
        settle_cell(hist, pc_hist_cell_at(hist, i));
    }
}

void pc_hist_await(pc_hist *hist, size_t cell_index)
{
    enum { AHEAD = 64 };
    pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);

    if (__atomic_load_n(&cell->state, __ATOMIC_ACQUIRE) == PC_HIST_READY || settle_cell(hist, cell)) {
        return;
    }
    while (__atomic_load_n(&cell->state, __ATOMIC_ACQUIRE) != PC_HIST_READY) {
        int done = settle_cell(hist, cell);
        for (size_t i = cell_index + 1; !done && i < hist->n_cells && i < cell_index + AHEAD; i++) {
            done = settle_cell(hist, pc_hist_cell_at(hist, i));
        }
        if (!done) {
            sched_yield(); /* the thread with the pilot is a few rows ahead */
        }
    }
}

void pc_hist_fetch(const pc_hist *hist, pc_hist_ahead *ahead, int lines)
{
    enum { FARTHEST = 4, LINE = 64 };
    /* the tails' counters are seldom touched */
    const size_t head = offsetof(pc_hist_cell, count) / LINE * LINE;
    const size_t tail = (size_t)hist->n_bins / 4 * hist->width;
    const size_t end = ahead->without_counters ? head : head + LINE + 3 * tail;

    if (ahead->cell <= ahead->now || ahead->cell > ahead->now + FARTHEST + 1) {
        ahead->cell = ahead->now + 1;
        ahead->byte = 0;
    }
    for (; lines > 0 && ahead->cell <= ahead->now + FARTHEST && ahead->cell < hist->n_cells; lines--) {
        __builtin_prefetch(hist->table + ahead->cell * hist->stride + ahead->byte, 1, 2);
        ahead->byte += ahead->byte == head ? tail : LINE;
        if (ahead->byte >= end) {
            ahead->byte = 0;
            ahead->cell++;
        }
    }
}

void pc_hist_row(pc_hist *hist, size_t cell_index, const double *row, int n)
{
    pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);

    if (n <= 0) {
        return;
    }
    pc_hist_await(hist, cell_index);
    for (int start = 0; start < n; start += CHUNK) {
        add_chunk(hist, cell, row + start, n - start < CHUNK ? n - start : CHUNK);
    }
}

void pc_hist_same(pc_hist *hist, size_t cell_index, double x, int n)
{
    pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);
    uint32_t bin, sum, times = 0;

    pc_hist_await(hist, cell_index);
    x += 0.0;
    bin = pc_hist_bin(&cell->map, x);
    pc_hist_lock(cell);
    if (hist->width == 1) {
        sum = (uint32_t)cell->count[bin] + (uint32_t)n;
        cell->count[bin] = (uint8_t)sum;
    } else {
        sum = (uint32_t)((uint16_t *)(void *)cell->count)[bin] + (uint32_t)n;
        ((uint16_t *)(void *)cell->count)[bin] = (uint16_t)sum;
    }
    times = sum >> 8 * hist->width;
    if (times) {
        pc_hist_carry_add(hist, cell, bin, times);
    }
    cell->n += (uint32_t)n;
    cell->minimum = x < cell->minimum ? x : cell->minimum;
    cell->maximum = x > cell->maximum ? x : cell->maximum;
    pc_hist_unlock(cell);
}

/* Adds n counters; 1: one of them has gone round, and is now less than what was added to it. */
PC_KERNEL static int add_narrow(uint8_t *restrict into, const uint8_t *restrict more, uint32_t n)
{
    uint8_t round = 0;

    for (uint32_t j = 0; j < n; j++) {
        into[j] = (uint8_t)(into[j] + more[j]);
        round |= into[j] < more[j];
    }
    return round;
}

PC_KERNEL static int add_wide(uint16_t *restrict into, const uint16_t *restrict more, uint32_t n)
{
    uint16_t round = 0;

    for (uint32_t j = 0; j < n; j++) {
        into[j] = (uint16_t)(into[j] + more[j]);
        round |= into[j] < more[j];
    }
    return round;
}

void pc_hist_counts_add(pc_hist *hist, pc_hist_cell *into, const unsigned char *counts)
{
    uint16_t *wide = (uint16_t *)(void *)into->count;
    const uint16_t *more = (const uint16_t *)(const void *)counts;
    const int narrow = hist->width == 1;

    if (!(narrow ? add_narrow(into->count, counts, hist->n_bins) : add_wide(wide, more, hist->n_bins))) {
        return;
    }
    for (uint32_t j = 0; j < hist->n_bins; j++) {
        if (narrow ? into->count[j] < counts[j] : wide[j] < more[j]) {
            pc_hist_carry_add(hist, into, j, 1);
        }
    }
}

static void add_counts(pc_hist *hist, pc_hist_cell *into, const pc_hist_cell *from)
{
    pc_hist_counts_add(hist, into, from->count);
    for (uint32_t i = 0; i < from->n_carries; i++) {
        pc_hist_carry_add(hist, into, from->carries[i].bin, from->carries[i].times);
    }
}

pc_code pc_hist_merge(pc_hist *into, const pc_hist *from, pc_status *status)
{
    if (into->n_cells != from->n_cells || into->n_bins != from->n_bins || into->width != from->width ||
        into->n_rounds || from->n_rounds) {
        return pc_fail(status, PC_ERR_FAIL, "histograms of %zu cells and %zu cells do not go together", into->n_cells,
                       from->n_cells);
    }
    for (size_t i = 0; i < into->n_cells; i++) {
        pc_hist_cell *a = pc_hist_cell_at(into, i);
        const pc_hist_cell *b = pc_hist_cell_at(from, i);
        if (b->state != PC_HIST_READY) {
            continue;
        }
        if (a->state != PC_HIST_READY) {
            a->map = b->map;
            a->state = PC_HIST_READY;
        } else if (memcmp(a->map.range, b->map.range, sizeof a->map.range) != 0 ||
                   memcmp(a->map.knot, b->map.knot, sizeof a->map.knot) != 0) {
            return pc_fail(status, PC_ERR_FAIL, "histograms of cell %zu have different pilots", i);
        }
        add_counts(into, a, b);
        a->n += b->n;
        a->missing += b->missing;
        a->minimum = b->minimum < a->minimum ? b->minimum : a->minimum;
        a->maximum = b->maximum > a->maximum ? b->maximum : a->maximum;
    }
    return into->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for counters of quantiles") : PC_OK;
}

uint64_t pc_hist_count(const pc_hist *hist, size_t cell_index)
{
    return pc_hist_cell_at(hist, cell_index)->n;
}

uint64_t pc_hist_missing(const pc_hist *hist, size_t cell)
{
    return pc_hist_cell_at(hist, cell)->missing;
}

double pc_hist_tolerance(double p, uint64_t n)
{
    double side = 0.05 * fmin(p, 1 - p), share = side < 0.001 ? side : 0.001;

    return n && share < 1 / (double)n ? 1 / (double)n : share;
}

/* Narrows a bracket to the sub-bin of a window that holds the rank. */
static void narrow(pc_hist_bracket *bracket, const pc_hist_window *window, double rank)
{
    uint64_t below = window->span.below;

    for (uint32_t j = 0; j < PC_HIST_SUB_BINS; j++) {
        if (window->count[j] && (double)(below + window->count[j]) >= rank) {
            *bracket = (pc_hist_bracket){window->minimum[j], window->maximum[j], below, window->count[j]};
            return;
        }
        below += window->count[j];
    }
}

enum { BLOCK = 16 };

/* Moves *bin on to the bin that holds `rank`, with *below the number of values before it; whole blocks at a time. */
static void walk(const uint32_t *count, uint32_t n_bins, double rank, uint32_t *bin, uint64_t *below)
{
    for (;;) {
        uint32_t mass = 0; /* all counts of a cell add up to less than 2^32 */
        if (*bin + BLOCK >= n_bins) {
            break;
        }
        for (uint32_t j = 0; j < BLOCK; j++) {
            mass += count[*bin + j];
        }
        if (!((double)(*below + mass) < rank)) {
            break;
        }
        *below += mass;
        *bin += BLOCK;
    }
    while (*bin + 1 < n_bins && (count[*bin] == 0 || (double)(*below + count[*bin]) < rank)) {
        *below += count[(*bin)++];
    }
}

uint64_t pc_hist_find(const pc_hist *hist, size_t cell_index, const double *p, int n_p, int only_wide,
                      pc_hist_bracket *brackets)
{
    const pc_hist_cell *cell = pc_hist_cell_at(hist, cell_index);
    uint64_t n = pc_hist_count(hist, cell_index), below = 0;
    uint32_t bin = 0, buffer[PC_HIST_MOST_BINS];
    const uint32_t *count = n ? pc_hist_counts(hist, cell, buffer) : buffer;

    for (int q = 0; q < n_p; q++) {
        pc_hist_bracket *bracket = &brackets[q];
        double rank = p[q] * (double)n;

        *bracket = (pc_hist_bracket){NAN, NAN, 0, 0};
        if (n == 0) {
            continue;
        }
        if (q > 0 && !(p[q] >= p[q - 1])) { /* not ascending: walk from the start again */
            below = bin = 0;
        }
        walk(count, cell->map.n_bins, rank, &bin, &below);
        bracket->below = below;
        bracket->mass = count[bin];
        if (only_wide && (double)bracket->mass <= pc_hist_tolerance(p[q], n) * (double)n) {
            continue;
        }
        bracket->low = fmax(pc_hist_map_edge(&cell->map, bin), cell->minimum);
        bracket->high = pc_hist_map_edge(&cell->map, bin + 1);
        bracket->high = bracket->high > cell->maximum ? cell->maximum : nextafter(bracket->high, -INFINITY);
        for (int i = 0; i < hist->n_rounds; i++) {
            const pc_hist_round *round = &hist->rounds[i];
            for (size_t w = round->first[cell_index]; w < round->first[cell_index + 1]; w++) {
                const pc_hist_bracket *span = &round->windows[w].span;
                if (span->below == bracket->below && span->mass == bracket->mass) {
                    narrow(bracket, &round->windows[w], rank);
                    break;
                }
            }
        }
    }
    return n;
}

double pc_hist_read(const pc_hist_bracket *bracket, double p, uint64_t n, double *rank_error)
{
    double mass = (double)bracket->mass, part = (p * (double)n - (double)bracket->below) / mass, value;

    part = fmin(fmax(part, 0), 1);
    if (bracket->low == bracket->high) {
        *rank_error = 0;
        return bracket->low + 0.0;
    }
    value = bracket->low * (1 - part) + bracket->high * part;
    *rank_error = fmax(part, 1 - part) * mass;
    if (!isfinite(value) || *rank_error > pc_hist_tolerance(p, n) * (double)n) {
        /* At the ends the ranks are known: no value of the bracket lies below its low end or above its high end. */
        int low = part < 0.5;
        if (isinf(low ? bracket->low : bracket->high)) {
            low = !low && isfinite(bracket->low);
        }
        value = low ? bracket->low : bracket->high;
        *rank_error = (low ? part : 1 - part) * mass;
    }
    value = fmin(fmax(value, bracket->low), bracket->high);
    return value + 0.0;
}

void pc_hist_quantiles(const pc_hist *hist, size_t cell, const double *p, int n_p, double *values, double *rank_bounds)
{
    enum { MOST = 64 };
    pc_hist_bracket brackets[MOST];

    for (int first = 0; first < n_p; first += MOST) {
        int n_now = n_p - first < MOST ? n_p - first : MOST;
        uint64_t n = pc_hist_find(hist, cell, p + first, n_now, 0, brackets);
        for (int q = 0; q < n_now; q++) {
            double error = NAN, value = NAN, at = p[first + q];
            if (brackets[q].mass > 0 && at >= 0 && at <= 1) {
                value = pc_hist_read(&brackets[q], at, n, &error);
            }
            values[first + q] = value;
            if (rank_bounds) {
                rank_bounds[first + q] = n ? error / (double)n : NAN;
            }
        }
    }
}

double pc_hist_quantile(const pc_hist *hist, size_t cell, double p, double *rank_bound)
{
    double value;

    pc_hist_quantiles(hist, cell, &p, 1, &value, rank_bound);
    return value;
}
