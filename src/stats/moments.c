/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/moments.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"

#define QUANTUM_BITS 60
#define LIMIT 0x1p102 /* of a leaf, in quanta: 2^24 leaves (2^32 paths) cannot overflow 127 bits */
#define STRIDE 8
#define CHUNK 256

typedef __int128 fixed;

typedef struct moments_cell {
    fixed sum, squares;    /* in quanta */
    double centre;
    int exponent;          /* scale <= 2^exponent */
    uint32_t overflow;
    uint64_t n, missing;
    double minimum, maximum;
} moments_cell;

struct pc_moments {
    size_t n_cells;
    moments_cell *cells;
};

typedef struct leaf_sums {
    double sum, squares, minimum, maximum;
} leaf_sums;

/* Four lanes, two of them side by side: fits AVX2 as well as AVX-512. */
typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));
typedef long long masks __attribute__((vector_size(32), may_alias));

typedef struct lane_sums {
    lanes sum, squares, low, high;
} lane_sums;

static inline __attribute__((always_inline)) void add_lanes(lane_sums *to, const double *x, double centre)
{
    lanes v = *(const lanes *)x, d = v - centre;
    masks below = (masks)(v < to->low), above = (masks)(v > to->high);

    to->sum += d;
    to->squares += d * d;
    to->low = (lanes)(((masks)v & below) | ((masks)to->low & ~below));
    to->high = (lanes)(((masks)v & above) | ((masks)to->high & ~above));
}

/* Partial sum j takes x[j], x[j + 8], ...; n is a multiple of 8. No fma: the bits are those of plain C on any CPU. */
PC_KERNEL static void sum_lanes(const double *x, int n, double centre, leaf_sums *out)
{
    lane_sums left = {.low = *(const lanes *)x}, right = {.low = *(const lanes *)(x + 4)};
    double s[STRIDE], q[STRIDE], a[STRIDE], b[STRIDE];

    left.high = left.low;
    right.high = right.low;
    for (int i = 0; i < n; i += STRIDE) {
        add_lanes(&left, x + i, centre);
        add_lanes(&right, x + i + 4, centre);
    }
    memcpy(s, &left.sum, sizeof left.sum);
    memcpy(s + 4, &right.sum, sizeof right.sum);
    memcpy(q, &left.squares, sizeof left.squares);
    memcpy(q + 4, &right.squares, sizeof right.squares);
    memcpy(a, &left.low, sizeof left.low);
    memcpy(a + 4, &right.low, sizeof right.low);
    memcpy(b, &left.high, sizeof left.high);
    memcpy(b + 4, &right.high, sizeof right.high);
    for (int half = STRIDE / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; j++) {
            s[j] += s[j + half];
            q[j] += q[j + half];
            a[j] = a[j + half] < a[j] ? a[j + half] : a[j];
            b[j] = b[j + half] > b[j] ? b[j + half] : b[j];
        }
    }
    *out = (leaf_sums){s[0], q[0], a[0], b[0]};
}

pc_moments *pc_moments_new(size_t n_cells, const double *centre, const double *scale)
{
    pc_moments *moments = pc_calloc(1, sizeof *moments);

    if (!moments || !(moments->cells = pc_calloc(n_cells, sizeof *moments->cells))) {
        pc_free(moments);
        return NULL;
    }
    moments->n_cells = n_cells;
    for (size_t i = 0; i < n_cells; i++) {
        moments_cell *cell = &moments->cells[i];
        double s = scale ? scale[i] : 0;
        cell->centre = centre && isfinite(centre[i]) ? centre[i] : 0;
        if (!(isfinite(s) && s > 0)) {
            s = cell->centre != 0 ? fabs(cell->centre) : 1;
        }
        frexp(s, &cell->exponent);
        /* Keeps 2^(60 - 2 exponent) inside the range of doubles. */
        cell->exponent = cell->exponent < -400 ? -400 : cell->exponent > 400 ? 400 : cell->exponent;
        cell->minimum = INFINITY;
        cell->maximum = -INFINITY;
    }
    return moments;
}

void pc_moments_free(pc_moments *moments)
{
    if (moments) {
        pc_free(moments->cells);
        pc_free(moments);
    }
}

size_t pc_moments_bytes(size_t n_cells)
{
    return sizeof(pc_moments) + n_cells * sizeof(moments_cell);
}

/* 2^e for |e| <= 1000: a product with it is exact unless it leaves the range. */
static double power_of_two(int e)
{
    uint64_t bits = (uint64_t)(e + 1023) << 52;
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* acc += leaf sum in quanta. Whether it is refused depends on the leaf alone, so flags do not depend on the order. */
static int add_leaf(fixed *acc, double sum, int exponent)
{
    double quanta = rint(sum * power_of_two(QUANTUM_BITS - exponent));

    return !(fabs(quanta) < LIMIT) || __builtin_add_overflow(*acc, (fixed)quanta, acc);
}

static void add_sums(moments_cell *cell, const leaf_sums *leaf)
{
    int refused = add_leaf(&cell->sum, leaf->sum, cell->exponent);

    refused |= add_leaf(&cell->squares, leaf->squares, 2 * cell->exponent);
    if (refused) {
        cell->overflow = 1;
    }
}

static void widen(moments_cell *cell, double low, double high)
{
    /* Adding 0 turns -0 into 0: otherwise the sign of a zero extreme would depend on the order. */
    cell->minimum = low < cell->minimum ? low + 0.0 : cell->minimum;
    cell->maximum = high > cell->maximum ? high + 0.0 : cell->maximum;
}

/* Fills holes (missing or infinite values) with the centre, whose deviation is exactly 0; counts both kinds and takes the
 * extremes of what is not missing. */
PC_KERNEL static void fill_holes(double *restrict filled, const double *restrict row, int n, double centre,
                                 double extremes[2], int holes[2])
{
    double low = INFINITY, high = -INFINITY;
    int missing = 0, infinite = 0;

#pragma omp simd reduction(min : low) reduction(max : high) reduction(+ : missing, infinite)
    for (int i = 0; i < n; i++) {
        double x = row[i], size = fabs(x);
        int is_missing = x != x, is_infinite = size == (double)INFINITY;
        filled[i] = is_missing | is_infinite ? centre : x;
        missing += is_missing;
        infinite += is_infinite;
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    extremes[0] = low;
    extremes[1] = high;
    holes[0] = missing;
    holes[1] = infinite;
}

/* A row with missing or infinite values, or a length that is no multiple of 8. */
static void row_with_holes(moments_cell *cell, const double *row, int n)
{
    double filled[CHUNK], extremes[2];
    leaf_sums leaf = {0, 0, 0, 0};
    int holes[2];

    for (int start = 0; start < n; start += CHUNK) {
        int m = n - start < CHUNK ? n - start : CHUNK, padded = (m + STRIDE - 1) / STRIDE * STRIDE;
        leaf_sums part;

        fill_holes(filled, row + start, m, cell->centre, extremes, holes);
        for (int i = m; i < padded; i++) {
            filled[i] = cell->centre;
        }
        cell->missing += (uint64_t)holes[0];
        cell->n += (uint64_t)(m - holes[0]);
        cell->overflow |= holes[1] > 0 ? 1U : 0U;
        widen(cell, extremes[0], extremes[1]);
        sum_lanes(filled, padded, cell->centre, &part);
        leaf.sum += part.sum;
        leaf.squares += part.squares;
    }
    add_sums(cell, &leaf);
}

void pc_moments_row(pc_moments *moments, size_t cell_index, const double *row, int n)
{
    moments_cell *cell = &moments->cells[cell_index];
    leaf_sums leaf;

    if (n <= 0) {
        return;
    }
    if (n % STRIDE != 0 || n > CHUNK) {
        row_with_holes(cell, row, n);
        return;
    }
    sum_lanes(row, n, cell->centre, &leaf);
    if (!isfinite(leaf.sum)) { /* a NaN or an infinity shows in the sum */
        row_with_holes(cell, row, n);
        return;
    }
    cell->n += (uint64_t)n;
    widen(cell, leaf.minimum, leaf.maximum);
    add_sums(cell, &leaf);
}

void pc_moments_merge(pc_moments *into, const pc_moments *from)
{
    size_t n = into->n_cells < from->n_cells ? into->n_cells : from->n_cells;

    for (size_t i = 0; i < n; i++) {
        moments_cell *a = &into->cells[i];
        const moments_cell *b = &from->cells[i];
        a->overflow |= b->overflow;
        if (a->centre != b->centre || a->exponent != b->exponent || into->n_cells != from->n_cells) {
            a->overflow = 1;
        }
        if (__builtin_add_overflow(a->sum, b->sum, &a->sum) ||
            __builtin_add_overflow(a->squares, b->squares, &a->squares)) {
            a->overflow = 1;
        }
        a->n += b->n;
        a->missing += b->missing;
        widen(a, b->minimum, b->maximum);
    }
}

pc_moment pc_moments_get(const pc_moments *moments, size_t cell_index)
{
    const moments_cell *cell = &moments->cells[cell_index];
    pc_moment out = {.n = cell->n, .missing = cell->missing, .mean = NAN, .sd = NAN, .se = NAN, .minimum = NAN,
                     .maximum = NAN, .overflow = cell->overflow != 0};
    double n = (double)cell->n;

    if (cell->n == 0) {
        return out;
    }
    out.minimum = cell->minimum;
    out.maximum = cell->maximum;
    if (cell->overflow) {
        return out;
    }
    out.mean = cell->centre;
    if (cell->sum != 0) {
        out.mean += (double)cell->sum * power_of_two(cell->exponent - QUANTUM_BITS) / n;
    }
    if (cell->n >= 2) {
        /* In units of the scale, in extended precision: the difference cancels when the mean is far from the centre. */
        long double sum = (long double)cell->sum * 0x1p-60L, squares = (long double)cell->squares * 0x1p-60L;
        long double variance = (squares - sum * sum / (long double)n) / ((long double)n - 1);
        out.sd = variance > 0 ? (double)sqrtl(variance) * power_of_two(cell->exponent) : 0;
        out.se = out.sd / sqrt(n);
    }
    return out;
}
