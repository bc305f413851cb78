/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Value at risk and tail value at risk of many cells in bounded memory: exact while the values of a cell are few enough
 * to be kept, beyond that from bins whose edges a pilot sets, with the number and the fixed-point sum of each bin's
 * values. Either way the same bits in any order and for any threads.
 *
 * To keep or to add up elsewhere: where values are kept, a cell is an array by path, and parts of a run fill different
 * paths; else a cell is the pilot's map, counters, sums, extremes and two numbers, and parts of a run with the same
 * pilot add up (pc_tails_merge). */
#ifndef PC_STATS_TAILS_H
#define PC_STATS_TAILS_H

#include <stddef.h>
#include <stdint.h>

#include "base/pack.h"
#include "base/status.h"

/* Values of a cell up to which all are kept: 1.5 % of them lie in the worst 500. */
#define PC_TAILS_KEPT 32768

typedef struct pc_tails pc_tails;

/* `n_values` paths a cell. NULL when memory runs out. */
pc_tails *pc_tails_new(size_t n_cells, uint64_t n_values);
void pc_tails_free(pc_tails *tails);
size_t pc_tails_bytes(size_t n_cells, uint64_t n_values);
/* Values of paths path0 .. path0 + n - 1, from any thread, each path once. The leaf of path 0 sets the edges; rows that
 * come before it wait for it, so another thread must be about to give it. Missing values are left out. */
void pc_tails_row(pc_tails *tails, size_t cell, uint64_t path0, const double *row, int n);
/* into += from: the same cells and values; where values are kept, paths that the other has not been given. */
pc_code pc_tails_merge(pc_tails *into, const pc_tails *from, pc_status *status);
/* For checkpoints, shards and ranks: empties all cells but keeps the edges; packs the bins; adds what another run with
 * the same pilot has packed (`pack->failed` when it cannot be that). */
void pc_tails_clear(pc_tails *tails);
void pc_tails_pack(const pc_tails *tails, pc_pack *pack);
void pc_tails_unpack(pc_tails *tails, pc_unpack *pack);
/* Where values are kept: those of paths [from, to); nothing where there are bins. */
int pc_tails_by_path(const pc_tails *tails);
void pc_tails_pack_paths(const pc_tails *tails, uint64_t from, uint64_t to, pc_pack *pack);
void pc_tails_unpack_paths(pc_tails *tails, uint64_t from, uint64_t to, pc_unpack *pack);
/* As pc_tail of the cell's values. `rank_bound` (may be NULL): certified error of var's rank, a fraction of the values;
 * 0 where they were kept or the bin holds one value. The worst values are summed exactly but for those in var's own
 * bin. NaN without values, or with an infinite one. Reorders kept values: after all rows. */
void pc_tails_get(pc_tails *tails, size_t cell, double alpha, double *var, double *tvar, double *rank_bound);

#endif
