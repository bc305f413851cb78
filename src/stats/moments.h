/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments about a centre: leaf sums in double, everything between leaves in 128-bit integers, so that sums of leaves
 * have the same bits in any order and any split. Values of any size up to PC_MOMENTS_MOST are summed: a leaf whose sums
 * are too large for a cell's integers goes into others of a coarser quantum that hold it exactly (stats/wide.h). */
#ifndef PC_STATS_MOMENTS_H
#define PC_STATS_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/pack.h"

typedef struct pc_moments pc_moments; /* a table of cells */

/* Beyond this no value means anything, and float32 would not hold it. */
#define PC_MOMENTS_MOST 1e38

/* `centre[cell]` is the central path's value (NaN or infinite: 0 is used), `scale[cell]` > 0 a typical size of |x - c|
 * or |x| (otherwise |c|, else 1 is used). The quantum of the sums is 2^-60 of the scale rounded up to a power of two,
 * that of the squares 2^-60 of its square. Leaf sums beyond 2^102 quanta (x - c about 2^40 scales, or 2^20 for the
 * squares) take memory of their own and give the same bits as all others in any order. Both arrays are copied; either
 * may be NULL. NULL when memory runs out. */
pc_moments *pc_moments_new(size_t n_cells, const double *centre, const double *scale);
void pc_moments_free(pc_moments *moments);
size_t pc_moments_bytes(size_t n_cells);
/* Adds row[0..n). A row must hold one leaf. Inside it sums run in a fixed order that does not depend on the machine:
 * 32 strided partial sums, then a fixed tree. 1: the row was refused, for a value that is infinite or so large that
 * PC_MOMENTS_MOST is reached by the root of the leaf's sum of squares, or because memory ran out; pc_moments_get
 * reports it too. Not thread-safe on the same table. */
int pc_moments_row(pc_moments *moments, size_t cell, const double *row, int n);

/* The same in two steps, for rows that belong to several cells. */
typedef struct pc_leaf_sums {
    double centre, sum, squares; /* of x - centre */
    int n, missing, infinite;
} pc_leaf_sums;
void pc_moments_sums(double centre, const double *row, int n, pc_leaf_sums *sums);
/* The centre of `sums` must be the cell's, else they are refused. */
int pc_moments_add(pc_moments *moments, size_t cell, const pc_leaf_sums *sums);
/* Asks for a cell, and the next one, to come while the caller is at other work. */
void pc_moments_fetch(const pc_moments *moments, size_t cell);
double pc_moments_centre(const pc_moments *moments, size_t cell);
/* Rows of values -1, 0, 1 or missing, given by their numbers, below 2^32 each: the same bits as the rows where the
 * centre is a whole number below 2^10. */
void pc_moments_events(pc_moments *moments, size_t cell, uint64_t minus, uint64_t zero, uint64_t plus,
                       uint64_t missing);
/* into += from, cell by cell; both made with the same centres and scales (else every cell is flagged as overflow).
 * Associative and commutative to the last bit. */
void pc_moments_merge(pc_moments *into, const pc_moments *from);

/* For checkpoints and shards: empties all cells; packs them; adds packed ones (`from->failed` unless their centres and
 * scales are the same). */
void pc_moments_clear(pc_moments *moments);
void pc_moments_pack(const pc_moments *moments, pc_pack *pack);
void pc_moments_unpack(pc_moments *moments, pc_unpack *from);

typedef struct pc_moment {
    uint64_t n;          /* values, missing ones not counted */
    uint64_t missing;    /* NaN */
    double mean, sd, se; /* NaN where n is too small (mean n < 1, sd and se n < 2) or on overflow */
    int overflow;        /* a row was refused */
} pc_moment;
/* mean = c + sum/n; sd with divisor n - 1; se = sd/sqrt(n). All values equal to the centre: mean is the centre to the
 * last bit and sd is 0. Paired difference of two policies: give the table rows of path differences, then `se` is the
 * standard error of the paired estimate. */
pc_moment pc_moments_get(const pc_moments *moments, size_t cell);

/* Standard error of the mean of all values of a cell from the differences between n_tables >= 2 independent parts of
 * about equal size, whatever hangs together inside a part: sqrt(sum (n_k/n)^2 (mean_k - mean)^2 K/(K-1)), with n_k/n
 * the part's share of the values that are not missing. 0 where all values are equal. Where the parts agree to the last
 * digit but values differ, as with a few events, that of independent values. NaN as in pc_moments_get. */
double pc_moments_se_between(const pc_moments *const *tables, int n_tables, size_t cell);

#endif
