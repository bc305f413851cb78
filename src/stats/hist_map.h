/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map from values to bins of one cell: piecewise linear, non-decreasing, at most 32 pieces, set by a pilot.
 * Internal. */
#ifndef PC_STATS_HIST_MAP_H
#define PC_STATS_HIST_MAP_H

#include <stdint.h>
#include <string.h>

#define PC_HIST_PIECES 32
#define PC_HIST_PILOT  256
#define PC_HIST_LANES  8

/* Piece k holds knot[k] <= x < knot[k + 1]; piece 0 everything below knot[1]; knots not in use are NaN (compare false).
 * Its bins are pc_hist_first(map, k) .. pc_hist_last(map, k). */
typedef struct pc_hist_map {
    double knot[PC_HIST_PIECES];
    double slope[PC_HIST_PIECES];  /* bins per unit; 0 in a piece of one bin */
    int64_t range[PC_HIST_PIECES]; /* first bin, and the last one shifted left by 32 */
    uint32_t n_pieces, n_bins;
    uint32_t dense_first, dense_last; /* bins between the tails, where most values fall */
} pc_hist_map;

/* Doubles as integers in the same order (-0 just below 0). */
static inline int64_t pc_hist_key(double x)
{
    int64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits >= 0 ? bits : INT64_MIN - bits - 1;
}

static inline double pc_hist_unkey(int64_t key)
{
    double x;

    key = key >= 0 ? key : INT64_MIN - key - 1;
    memcpy(&x, &key, sizeof x);
    return x;
}

static inline uint32_t pc_hist_first(const pc_hist_map *map, unsigned k)
{
    return (uint32_t)(map->range[k] & 0xffffffff);
}

static inline uint32_t pc_hist_last(const pc_hist_map *map, unsigned k)
{
    return (uint32_t)(map->range[k] >> 32);
}

/* Bin of x in its piece k. */
static inline uint32_t pc_hist_bin_in(const pc_hist_map *map, unsigned k, double x)
{
    double t = (x - map->knot[k]) * map->slope[k];
    uint32_t bin, last = pc_hist_last(map, k);

    t = t > 0 ? t : 0; /* infinity times 0 is NaN */
    bin = pc_hist_first(map, k) + (uint32_t)(int32_t)t;
    return bin < last ? bin : last;
}

/* Bin of x; a NaN lands in bin 0. Non-decreasing in x, because each rounded operation is. */
static inline uint32_t pc_hist_bin(const pc_hist_map *map, double x)
{
    unsigned k = 0;

    for (unsigned i = 1; i < map->n_pieces; i++) {
        k += x >= map->knot[i];
    }
    return pc_hist_bin_in(map, k, x);
}

/* Puts x[0..n), n <= PC_HIST_PILOT and no NaN, in ascending order. */
void pc_hist_sort(double *x, int n);
/* Sets a map of exactly `n_bins` >= 512 bins (some may stay unused) from row[0..n), n <= PC_HIST_PILOT. */
void pc_hist_map_set(pc_hist_map *map, uint32_t n_bins, const double *row, int n);
/* Bins of row[0..n), n a multiple of PC_HIST_LANES, as pc_hist_bin gives them; extreme[0], extreme[1] the least and
 * greatest value (NaN left out; +inf, -inf if there is none; never -0). Returns the number of NaN. */
uint32_t pc_hist_bins(const pc_hist_map *map, const double *row, int n, uint16_t *bin, double extreme[2]);
/* The same without special instructions (tests compare the two). */
uint32_t pc_hist_bins_plain(const pc_hist_map *map, const double *row, int n, uint16_t *bin, double extreme[2]);
/* The least double whose bin is at least `bin` (-infinity for bin 0, +infinity if there is none). */
double pc_hist_map_edge(const pc_hist_map *map, uint32_t bin);

#endif
