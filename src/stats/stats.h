/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics over paths that give the same bits for any threads, blocks or order of leaves: everything merged is an
 * integer. A cell is one number per path (a balance of one policy, scheme, area and year); it arrives one leaf (a row of up
 * to PC_LANES paths) at a time. NaN is missing and is counted, never summed. */
#ifndef PC_STATS_STATS_H
#define PC_STATS_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* ---- moments: sums of (x - c) and (x - c)^2 about a centre, 128-bit fixed point between leaves --------------------- */

typedef struct pc_moments pc_moments; /* a table of cells */

/* `centre[cell]` is the central path's value (NaN: 0 is used), `scale[cell]` > 0 a typical size of |x - c| or |x|,
 * from which the quantum of each cell is set (2^-60 of it, rounded to a power of two). Immutable arrays, copied. */
pc_moments *pc_moments_new(size_t n_cells, const double *centre, const double *scale);
void pc_moments_free(pc_moments *moments);
size_t pc_moments_bytes(size_t n_cells);
/* Adds row[0..n). A row must hold one leaf. Inside it sums run in a fixed order that does not depend on the machine.
 * Overflow of the fixed-point range or an infinite value sets a flag that pc_moments_get reports. Not thread-safe. */
void pc_moments_row(pc_moments *moments, size_t cell, const double *row, int n);
/* into += from; associative and commutative to the last bit. */
void pc_moments_merge(pc_moments *into, const pc_moments *from);

typedef struct pc_moment {
    uint64_t n;           /* values, missing ones not counted */
    uint64_t missing;
    double mean, sd, se;  /* NaN where n is too small */
    double minimum, maximum;
    int overflow;
} pc_moment;
pc_moment pc_moments_get(const pc_moments *moments, size_t cell);

/* ---- quantiles: integer histograms with edges set by a pilot (always the leaf of paths 0..255) ---------------------- */

typedef struct pc_hist pc_hist; /* a table of cells, shared by all threads */

/* `budget` bytes bounds the tables; the number of bins a cell follows from it (at least 512, at most about 4096). */
pc_hist *pc_hist_new(size_t n_cells, size_t budget, pc_status *status);
void pc_hist_free(pc_hist *hist);
size_t pc_hist_bytes(const pc_hist *hist);
/* The first row of every cell must be the pilot leaf's (it sets the edges and is counted too); afterwards rows may come
 * from any thread in any order (relaxed atomic adds of integers; minimum and maximum kept exactly). */
void pc_hist_row(pc_hist *hist, size_t cell, const double *row, int n);

/* After all rows: which of the wanted probabilities have too wide a bin (its mass more than 0.1 % of the values, or
 * more than 5 % of min(p, 1-p), and more than one value wide)? Sets windows on those bins and returns how many
 * windows; then, if positive, feed all rows again through pc_hist_refine_row (any thread, any order, pilot included) and
 * call pc_hist_refine again, until it returns 0 or after at most 3 rounds. */
size_t pc_hist_refine(pc_hist *hist, const double *probabilities, int n_probabilities, pc_status *status);
void pc_hist_refine_row(pc_hist *hist, size_t cell, const double *row, int n);
/* Whether a cell has windows in this round (rows of other cells need not be fed). */
int pc_hist_wants(const pc_hist *hist, size_t cell);

/* The p-quantile (lower sample quantile smoothed linearly inside its bin; exact for an atom at one value) and through
 * `rank_bound` its certified rank error as a fraction (mass of the finest bin it was read from that holds more
 * than one distinct value; 0 where it is exact). NaN without values. */
double pc_hist_quantile(const pc_hist *hist, size_t cell, double p, double *rank_bound);
/* Number of values of the cell (missing not counted). */
uint64_t pc_hist_count(const pc_hist *hist, size_t cell);

/* ---- whole samples ---------------------------------------------------------------------------------------------------- */

/* Value at risk: the order statistic ceil(alpha n) of x (ascending), and tail value at risk: mean of the worst
 * (1 - alpha) n values, the last one by fraction. Sorts x. n > 0, 0 < alpha < 1. */
void pc_tail(double *x, size_t n, double alpha, double *var, double *tvar);

#endif
