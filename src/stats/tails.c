/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/tails.h"

#include <float.h>
#include <sched.h>

#include "base/math.h"
#include "base/memory.h"
#include "stats/fixed.h"
#include "stats/hist_map.h"
#include "stats/tail.h"
#include "stats/wide.h"

#define BINS  2048
#define CHUNK PC_HIST_PILOT

typedef struct tails_cell {
    pc_hist_map map;
    double minimum, maximum;
    uint64_t n;
    int32_t exponent;
    uint32_t spoilt; /* an infinite value, or no memory */
    uint8_t lock, has_map;
    uint32_t count[BINS];
    pc_fixed sum[BINS];
} tails_cell;

struct pc_tails {
    size_t n_cells;
    uint64_t n_values;
    double *kept;      /* [cell][path], NaN: missing or not given; NULL: binned */
    tails_cell *cells; /* [cell]; NULL: kept */
    pc_wide wide;      /* what is too large for the sums of bins: of bin j of a cell, sum BINS cell + j */
};

static int is_kept(uint64_t n_values)
{
    return n_values <= PC_TAILS_KEPT;
}

size_t pc_tails_bytes(size_t n_cells, uint64_t n_values)
{
    return n_cells * (is_kept(n_values) ? (size_t)n_values * sizeof(double) : sizeof(tails_cell));
}

pc_tails *pc_tails_new(size_t n_cells, uint64_t n_values)
{
    pc_tails *tails = pc_calloc(1, sizeof *tails);

    if (!tails) {
        return NULL;
    }
    tails->n_cells = n_cells;
    tails->n_values = n_values;
    if (is_kept(n_values)) {
        tails->kept = pc_calloc(n_cells * (size_t)n_values + 1, sizeof(double));
        for (size_t i = 0; tails->kept && i < n_cells * (size_t)n_values; i++) {
            tails->kept[i] = NAN;
        }
    } else {
        tails->cells = pc_calloc(n_cells + 1, sizeof *tails->cells);
        for (size_t i = 0; tails->cells && i < n_cells; i++) {
            tails->cells[i].minimum = INFINITY;
            tails->cells[i].maximum = -INFINITY;
        }
    }
    if (!tails->kept && !tails->cells) {
        pc_tails_free(tails);
        return NULL;
    }
    return tails;
}

void pc_tails_free(pc_tails *tails)
{
    if (tails) {
        pc_free(tails->kept);
        pc_free(tails->cells);
        pc_wide_free(&tails->wide);
        pc_free(tails);
    }
}

/* Edges, and a quantum from the largest value of the pilot: sums of bins hold 2^40 times that. */
static void set_pilot(tails_cell *cell, const double *row, int n)
{
    double largest = 0;

    for (int i = 0; i < n; i++) {
        largest = isfinite(row[i]) && fabs(row[i]) > largest ? fabs(row[i]) : largest;
    }
    pc_hist_map_set(&cell->map, BINS, row, n);
    cell->exponent = pc_fixed_exponent(largest > 0 ? largest : 1);
    __atomic_store_n(&cell->has_map, 1, __ATOMIC_RELEASE);
}

/* A value that the sum of its bin has refused. */
static int add_wide(pc_tails *tails, uint64_t sum, double x)
{
    int refused;

#pragma omp critical(poolcast_tails)
    refused = pc_wide_add(&tails->wide, sum, x);
    return refused;
}

static void add_row(pc_tails *tails, size_t cell_index, const double *row, int n)
{
    tails_cell *cell = &tails->cells[cell_index];

    while (!__atomic_load_n(&cell->has_map, __ATOMIC_ACQUIRE)) {
        sched_yield();
    }
    for (int spins = 0; __atomic_test_and_set(&cell->lock, __ATOMIC_ACQUIRE); spins++) {
        if (spins > 100) {
            sched_yield();
        }
    }
    for (int i = 0; i < n; i++) {
        double x = row[i] + 0.0;
        uint32_t bin;
        if (isnan(x)) {
            continue;
        }
        bin = pc_hist_bin(&cell->map, x);
        cell->count[bin]++;
        cell->n++;
        cell->minimum = x < cell->minimum ? x : cell->minimum;
        cell->maximum = x > cell->maximum ? x : cell->maximum;
        if (pc_fixed_add(&cell->sum[bin], x, cell->exponent) &&
            (pc_fixed_takes(x, cell->exponent) || add_wide(tails, BINS * cell_index + bin, x))) {
            cell->spoilt = 1;
        }
    }
    __atomic_clear(&cell->lock, __ATOMIC_RELEASE);
}

void pc_tails_row(pc_tails *tails, size_t cell, uint64_t path0, const double *row, int n)
{
    if (tails->kept) {
        memcpy(tails->kept + cell * tails->n_values + path0, row, (size_t)n * sizeof *row);
        return;
    }
    if (path0 == 0 && !__atomic_load_n(&tails->cells[cell].has_map, __ATOMIC_ACQUIRE)) {
        set_pilot(&tails->cells[cell], row, n < CHUNK ? n : CHUNK);
    }
    add_row(tails, cell, row, n);
}

static int are_mates(const tails_cell *a, const tails_cell *b)
{
    return memcmp(a->map.range, b->map.range, sizeof a->map.range) == 0 &&
           memcmp(a->map.knot, b->map.knot, sizeof a->map.knot) == 0 && a->exponent == b->exponent;
}

pc_code pc_tails_merge(pc_tails *into, const pc_tails *from, pc_status *status)
{
    if (into->n_cells != from->n_cells || into->n_values != from->n_values) {
        return pc_fail(status, PC_ERR_FAIL, "tails of %zu cells and %zu cells do not go together", into->n_cells,
                       from->n_cells);
    }
    for (size_t i = 0; into->kept && i < into->n_cells * into->n_values; i++) {
        into->kept[i] = isnan(into->kept[i]) ? from->kept[i] : into->kept[i];
    }
    for (size_t i = 0; into->cells && i < into->n_cells; i++) {
        tails_cell *a = &into->cells[i];
        const tails_cell *b = &from->cells[i];
        if (!b->has_map) {
            continue;
        }
        if (!a->has_map) {
            *a = *b;
            continue;
        }
        if (!are_mates(a, b)) {
            return pc_fail(status, PC_ERR_FAIL, "tails of cell %zu have different pilots", i);
        }
        for (uint32_t j = 0; j < BINS; j++) {
            a->count[j] += b->count[j];
            a->spoilt |= __builtin_add_overflow(a->sum[j], b->sum[j], &a->sum[j]) ? 1U : 0U;
        }
        a->n += b->n;
        a->spoilt |= b->spoilt;
        a->minimum = b->minimum < a->minimum ? b->minimum : a->minimum;
        a->maximum = b->maximum > a->maximum ? b->maximum : a->maximum;
    }
    if (pc_wide_merge(&into->wide, &from->wide)) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for sums of tails");
    }
    return PC_OK;
}

void pc_tails_clear(pc_tails *tails)
{
    for (size_t i = 0; tails->kept && i < tails->n_cells * tails->n_values; i++) {
        tails->kept[i] = NAN;
    }
    for (size_t i = 0; tails->cells && i < tails->n_cells; i++) {
        tails_cell *cell = &tails->cells[i];
        cell->minimum = INFINITY;
        cell->maximum = -INFINITY;
        cell->n = cell->spoilt = 0;
        memset(cell->count, 0, sizeof cell->count);
        memset(cell->sum, 0, sizeof cell->sum);
    }
    pc_wide_free(&tails->wide);
}

int pc_tails_by_path(const pc_tails *tails)
{
    return tails->kept != NULL;
}

void pc_tails_pack_paths(const pc_tails *tails, uint64_t from, uint64_t to, pc_pack *pack)
{
    for (size_t i = 0; tails->kept && i < tails->n_cells; i++) {
        pc_pack_bytes(pack, tails->kept + i * tails->n_values + from, (size_t)(to - from) * sizeof(double));
    }
}

void pc_tails_pack(const pc_tails *tails, pc_pack *pack)
{
    pc_pack_number(pack, tails->n_cells);
    for (size_t i = 0; tails->cells && i < tails->n_cells; i++) {
        const tails_cell *cell = &tails->cells[i];
        pc_pack_double(pack, cell->minimum);
        pc_pack_double(pack, cell->maximum);
        pc_pack_number(pack, cell->n);
        pc_pack_number(pack, cell->spoilt);
        pc_pack_sparse(pack, (const unsigned char *)cell->count, sizeof cell->count);
        pc_pack_sparse(pack, (const unsigned char *)cell->sum, sizeof cell->sum);
    }
    pc_wide_pack(&tails->wide, pack);
}

static void unpack_cell(tails_cell *cell, pc_unpack *pack)
{
    double minimum = pc_unpack_double(pack), maximum = pc_unpack_double(pack);
    uint64_t n = pc_unpack_number(pack), spoilt = pc_unpack_number(pack);
    uint32_t count[BINS];
    pc_fixed sum[BINS];

    pc_unpack_sparse(pack, (unsigned char *)count, sizeof count);
    pc_unpack_sparse(pack, (unsigned char *)sum, sizeof sum);
    pack->failed |= !cell->has_map;
    if (pack->failed) {
        return;
    }
    cell->minimum = minimum < cell->minimum ? minimum : cell->minimum;
    cell->maximum = maximum > cell->maximum ? maximum : cell->maximum;
    cell->n += n;
    cell->spoilt |= spoilt != 0;
    for (int j = 0; j < BINS; j++) {
        cell->count[j] += count[j];
        cell->spoilt |= __builtin_add_overflow(cell->sum[j], sum[j], &cell->sum[j]) ? 1U : 0U;
    }
}

void pc_tails_unpack_paths(pc_tails *tails, uint64_t from, uint64_t to, pc_unpack *pack)
{
    pack->failed |= from > to || to > tails->n_values;
    for (size_t i = 0; tails->kept && i < tails->n_cells && !pack->failed; i++) {
        pc_unpack_bytes(pack, tails->kept + i * tails->n_values + from, (size_t)(to - from) * sizeof(double));
    }
}

void pc_tails_unpack(pc_tails *tails, pc_unpack *pack)
{
    pc_unpack_expect(pack, tails->n_cells);
    for (size_t i = 0; tails->cells && i < tails->n_cells && !pack->failed; i++) {
        unpack_cell(&tails->cells[i], pack);
    }
    pc_wide_unpack(&tails->wide, tails->cells ? BINS * tails->n_cells : 0, pack);
}

static double sum_of_bin(const pc_tails *tails, size_t cell, uint32_t bin)
{
    const tails_cell *c = &tails->cells[cell];

    return (double)(pc_fixed_value(c->sum[bin], c->exponent) + pc_wide_value(&tails->wide, BINS * cell + bin));
}

static void binned(const pc_tails *tails, size_t cell_index, double alpha, double *var, double *tvar,
                   double *rank_bound)
{
    const tails_cell *cell = &tails->cells[cell_index];
    double n = (double)cell->n, rank = pc_tail_rank(alpha, cell->n), k = fmax(ceil(rank), 1), below = 0, above = 0;
    double low, high, mass, worst = n - rank, part, mean, top;
    pc_fixed sum = 0;
    long double wide = 0;
    uint32_t bin = 0;

    while (bin + 1 < cell->map.n_bins && below + cell->count[bin] < k) {
        below += cell->count[bin++];
    }
    mass = cell->count[bin];
    for (uint32_t j = bin + 1; j < cell->map.n_bins; j++) {
        above += cell->count[j];
        sum += cell->sum[j];
        wide += pc_wide_value(&tails->wide, BINS * cell_index + j);
    }
    low = fmax(pc_hist_map_edge(&cell->map, bin), cell->minimum);
    high = pc_hist_map_edge(&cell->map, bin + 1);
    high = high > cell->maximum ? cell->maximum : nextafter(high, -INFINITY);
    *var = low + (high - low) * fmin((k - below) / mass, 1);
    *rank_bound = low < high ? mass / n : 0;
    if (!(worst > 0)) { /* alpha within rounding of 1 */
        *tvar = cell->maximum;
        return;
    }
    /* Of var's own bin the upper `part`: as if its values lay evenly around their mean. */
    part = fmin(fmax(worst - above, 0), mass);
    mean = sum_of_bin(tails, cell_index, bin) / mass;
    top = fmin(fmax(mean + (1 - part / mass) * (high - low) / 2, mean), high);
    *tvar = ((double)(pc_fixed_value(sum, cell->exponent) + wide) + part * top) / worst;
}

void pc_tails_get(pc_tails *tails, size_t cell, double alpha, double *var, double *tvar, double *rank_bound)
{
    double bound = 0;

    *var = *tvar = NAN;
    if (tails->kept) {
        double *x = tails->kept + cell * tails->n_values;
        size_t n = 0, n_values = (size_t)tails->n_values;
        for (size_t i = 0; i < n_values; i++) {
            double value = x[i];
            x[i] = NAN;
            if (!isnan(value)) { /* missing values drop out before sorting */
                x[n++] = value;
            }
        }
        pc_tail(x, n, alpha, var, tvar);
    } else if (tails->cells[cell].n > 0 && !tails->cells[cell].spoilt && alpha > 0 && alpha < 1) {
        binned(tails, cell, alpha, var, tvar, &bound);
    }
    if (rank_bound) {
        *rank_bound = bound;
    }
}
