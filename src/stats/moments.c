/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/moments.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "stats/fixed.h"
#include "stats/wide.h"

#define STRIDE 32
#define CHUNK  256

/* One cache line. Tables are flat and merged cell by cell in any order: a shard or a checkpoint is an array of these.
 */
typedef struct moments_cell {
    pc_fixed sum, squares; /* in quanta */
    double centre;
    uint64_t n;
    uint64_t missing;
    int32_t exponent; /* scale <= 2^exponent */
    uint32_t overflow;
} moments_cell;

struct pc_moments {
    size_t n_cells;
    moments_cell *cells;
    pc_wide wide; /* what is too large for the cells' own: sums 2 cell and 2 cell + 1 */
};

/* Eight lanes; four of them side by side hide the latency of the sums. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));

/* Partial sum j takes x[j], x[j + 32], ...; n is a multiple of 32. No fma: the bits are those of plain C on any CPU. */
PC_KERNEL static void sum_lanes(const double *x, int n, double centre, double out[2])
{
    lanes s[4] = {{0}, {0}, {0}, {0}}, q[4] = {{0}, {0}, {0}, {0}};

    for (int i = 0; i < n; i += STRIDE) {
        for (int k = 0; k < 4; k++) {
            lanes d = *(const lanes *)(x + i + 8 * k) - centre;
            s[k] += d;
            q[k] += d * d;
        }
    }
    s[0] = (s[0] + s[1]) + (s[2] + s[3]);
    q[0] = (q[0] + q[1]) + (q[2] + q[3]);
    out[0] = ((s[0][0] + s[0][4]) + (s[0][2] + s[0][6])) + ((s[0][1] + s[0][5]) + (s[0][3] + s[0][7]));
    out[1] = ((q[0][0] + q[0][4]) + (q[0][2] + q[0][6])) + ((q[0][1] + q[0][5]) + (q[0][3] + q[0][7]));
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
        cell->exponent = pc_fixed_exponent(s);
    }
    return moments;
}

void pc_moments_free(pc_moments *moments)
{
    if (moments) {
        pc_wide_free(&moments->wide);
        pc_free(moments->cells);
        pc_free(moments);
    }
}

size_t pc_moments_bytes(size_t n_cells)
{
    return sizeof(pc_moments) + n_cells * sizeof(moments_cell);
}

/* Sums of a leaf, or of all events, of which fixed point has refused one or both. Whether it does depends on them
 * alone, unless its sum has left 127 bits, after 2^24 leaves or more. 1: refused here too. */
__attribute__((noinline)) static int add_wide(pc_moments *moments, size_t cell_index, double sum, double squares,
                                              int wide_sum, int wide_squares)
{
    moments_cell *cell = &moments->cells[cell_index];
    int refused = !(fabs(sum) < (double)INFINITY && squares < PC_MOMENTS_MOST * PC_MOMENTS_MOST) ||
                  (wide_sum && pc_fixed_takes(sum, cell->exponent)) ||
                  (wide_squares && pc_fixed_takes(squares, 2 * cell->exponent));

    if (!refused && wide_sum) {
        refused |= pc_wide_add(&moments->wide, 2 * cell_index, sum);
    }
    if (!refused && wide_squares) {
        refused |= pc_wide_add(&moments->wide, 2 * cell_index + 1, squares);
    }
    if (refused) {
        cell->overflow = 1;
    }
    return refused;
}

static inline int add_sums(pc_moments *moments, size_t cell_index, double sum, double squares)
{
    moments_cell *cell = &moments->cells[cell_index];
    int wide_sum = pc_fixed_add(&cell->sum, sum, cell->exponent);
    int wide_squares = pc_fixed_add(&cell->squares, squares, 2 * cell->exponent);

    if (__builtin_expect(wide_sum | wide_squares, 0)) {
        return add_wide(moments, cell_index, sum, squares, wide_sum, wide_squares);
    }
    return 0;
}

/* Fills holes (missing or infinite values) with the centre, whose deviation is exactly 0; counts both kinds. */
PC_KERNEL static void fill_holes(double *restrict filled, const double *restrict row, int n, double centre,
                                 int holes[2])
{
    int missing = 0, infinite = 0;

#pragma omp simd reduction(+ : missing, infinite)
    for (int i = 0; i < n; i++) {
        double x = row[i], size = fabs(x);
        int is_missing = x != x, is_infinite = size == (double)INFINITY;
        filled[i] = is_missing | is_infinite ? centre : x;
        missing += is_missing;
        infinite += is_infinite;
    }
    holes[0] = missing;
    holes[1] = infinite;
}

/* A row with missing or infinite values, or a length that is no multiple of 32. */
static void row_with_holes(double centre, const double *row, int n, pc_leaf_sums *sums)
{
    double filled[CHUNK], part[2];
    int holes[2];

    *sums = (pc_leaf_sums){.centre = centre};
    for (int start = 0; start < n; start += CHUNK) {
        int m = n - start < CHUNK ? n - start : CHUNK, padded = (m + STRIDE - 1) / STRIDE * STRIDE;

        fill_holes(filled, row + start, m, centre, holes);
        for (int i = m; i < padded; i++) {
            filled[i] = centre;
        }
        sums->missing += holes[0];
        sums->n += m - holes[0];
        sums->infinite += holes[1];
        sum_lanes(filled, padded, centre, part);
        sums->sum += part[0];
        sums->squares += part[1];
    }
}

void pc_moments_sums(double centre, const double *row, int n, pc_leaf_sums *sums)
{
    double part[2];

    if (n > 0 && n % STRIDE == 0 && n <= CHUNK) {
        sum_lanes(row, n, centre, part);
        if (isfinite(part[0])) { /* a NaN or an infinity shows in the sum */
            *sums = (pc_leaf_sums){centre, part[0], part[1], n, 0, 0};
            return;
        }
    }
    row_with_holes(centre, row, n, sums);
}

int pc_moments_add(pc_moments *moments, size_t cell_index, const pc_leaf_sums *sums)
{
    moments_cell *cell = &moments->cells[cell_index];

    cell->n += (uint64_t)sums->n;
    cell->missing += (uint64_t)sums->missing;
    if (sums->infinite || sums->centre != cell->centre) {
        cell->overflow = 1;
        return 1;
    }
    return add_sums(moments, cell_index, sums->sum, sums->squares);
}

int pc_moments_row(pc_moments *moments, size_t cell, const double *row, int n)
{
    pc_leaf_sums sums;

    if (n <= 0) {
        return 0;
    }
    pc_moments_sums(moments->cells[cell].centre, row, n, &sums);
    return pc_moments_add(moments, cell, &sums);
}

void pc_moments_fetch(const pc_moments *moments, size_t cell)
{
    __builtin_prefetch(&moments->cells[cell], 1);
    __builtin_prefetch(&moments->cells[cell < moments->n_cells - 1 ? cell + 1 : cell], 1);
}

double pc_moments_centre(const pc_moments *moments, size_t cell)
{
    return moments->cells[cell].centre;
}

void pc_moments_events(pc_moments *moments, size_t cell_index, uint64_t minus, uint64_t zero, uint64_t plus,
                       uint64_t missing)
{
    moments_cell *cell = &moments->cells[cell_index];
    double c = cell->centre, low = -1 - c, none = 0 - c, high = 1 - c;

    cell->n += minus + zero + plus;
    cell->missing += missing;
    add_sums(moments, cell_index, (double)minus * low + (double)zero * none + (double)plus * high,
             (double)minus * (low * low) + (double)zero * (none * none) + (double)plus * (high * high));
}

static inline void add_cell(moments_cell *a, const moments_cell *b)
{
    a->overflow |= b->overflow;
    if (a->centre != b->centre || a->exponent != b->exponent) {
        a->overflow = 1;
    }
    if (__builtin_add_overflow(a->sum, b->sum, &a->sum) ||
        __builtin_add_overflow(a->squares, b->squares, &a->squares)) {
        a->overflow = 1;
    }
    a->n += b->n;
    a->missing += b->missing;
}

void pc_moments_merge(pc_moments *into, const pc_moments *from)
{
    size_t n = into->n_cells < from->n_cells ? into->n_cells : from->n_cells;

#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++) {
        add_cell(&into->cells[i], &from->cells[i]);
        if (into->n_cells != from->n_cells) {
            into->cells[i].overflow = 1;
        }
    }
    if (pc_wide_merge(&into->wide, &from->wide)) {
        into->cells[0].overflow = 1;
    }
}

void pc_moments_clear(pc_moments *moments)
{
    for (size_t i = 0; i < moments->n_cells; i++) {
        moments_cell *cell = &moments->cells[i];
        cell->sum = cell->squares = 0;
        cell->n = cell->missing = 0;
        cell->overflow = 0;
    }
    pc_wide_free(&moments->wide);
}

void pc_moments_pack(const pc_moments *moments, pc_pack *pack)
{
    pc_pack_number(pack, moments->n_cells);
    pc_pack_bytes(pack, moments->cells, moments->n_cells * sizeof *moments->cells);
    pc_wide_pack(&moments->wide, pack);
}

void pc_moments_unpack(pc_moments *moments, pc_unpack *from)
{
    pc_unpack_expect(from, moments->n_cells);
    for (size_t i = 0; i < moments->n_cells && !from->failed; i++) {
        moments_cell cell;
        pc_unpack_bytes(from, &cell, sizeof cell);
        if (cell.centre != moments->cells[i].centre || cell.exponent != moments->cells[i].exponent) {
            from->failed = 1;
        } else {
            add_cell(&moments->cells[i], &cell);
        }
    }
    pc_wide_unpack(&moments->wide, 2 * moments->n_cells, from);
}

pc_moment pc_moments_get(const pc_moments *moments, size_t cell_index)
{
    const moments_cell *cell = &moments->cells[cell_index];
    pc_moment out = {
        .n = cell->n, .missing = cell->missing, .mean = NAN, .sd = NAN, .se = NAN, .overflow = cell->overflow != 0};
    double n = (double)cell->n;
    long double wide[2];

    if (cell->n == 0 || cell->overflow) {
        return out;
    }
    wide[0] = pc_wide_value(&moments->wide, 2 * cell_index);
    wide[1] = pc_wide_value(&moments->wide, 2 * cell_index + 1);
    out.mean = cell->centre;
    if (wide[0] != 0) {
        out.mean = (double)((wide[0] + (long double)pc_fixed_value(cell->sum, cell->exponent)) / n + cell->centre);
    } else if (cell->sum != 0) {
        out.mean += pc_fixed_value(cell->sum, cell->exponent) / n;
    }
    if (cell->n >= 2) {
        /* In units of the scale, in extended precision: the difference cancels when the mean is far from the centre. */
        long double sum = (long double)cell->sum * 0x1p-60L + ldexpl(wide[0], -cell->exponent);
        long double squares = (long double)cell->squares * 0x1p-60L + ldexpl(wide[1], -2 * cell->exponent);
        long double variance = (squares - sum * sum / (long double)n) / ((long double)n - 1);
        out.sd = variance > 0 ? (double)sqrtl(variance) * pc_power_of_two(cell->exponent) : 0;
        out.se = out.sd / sqrt(n);
    }
    return out;
}

double pc_moments_se_between(const pc_moments *const *tables, int n_tables, size_t cell)
{
    double n = 0, mean = 0, squares = 0, lowest = INFINITY, highest = -INFINITY, inside = 0;

    for (int k = 0; k < n_tables; k++) {
        const pc_moment m = pc_moments_get(tables[k], cell);
        if (m.overflow) {
            return NAN;
        }
        if (m.n > 0) {
            n += (double)m.n;
            mean += (double)m.n * (m.mean - tables[0]->cells[cell].centre);
            inside += m.n > 1 ? ((double)m.n - 1) * m.sd * m.sd : 0;
            lowest = fmin(lowest, m.mean);
            highest = fmax(highest, m.mean);
        }
    }
    if (n < 2) {
        return NAN;
    }
    if (lowest == highest) {
        return sqrt(inside / (n - 1) / n);
    }
    mean /= n;
    for (int k = 0; k < n_tables; k++) {
        const pc_moment m = pc_moments_get(tables[k], cell);
        const double part = m.n > 0 ? (double)m.n / n * (m.mean - tables[0]->cells[cell].centre - mean) : 0;
        squares += part * part;
    }
    return sqrt(squares * (double)n_tables / (double)(n_tables - 1));
}
