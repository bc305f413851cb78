/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles with a certified rank error from integer histograms whose edges are set by a pilot, the leaf of paths
 * 0..255.
 *
 * Every bin is an interval of doubles with exactly known ends, so the ranks there are known exactly. A quantile is
 * read by linear interpolation inside its bin when even the worst arrangement of the bin's values keeps the rank error
 * within the requirement, else at the nearer end of the bin, where the rank is known; only if that is not enough
 * either, the paths are fed once more through windows on such bins. The same values and budget give the same bits,
 * whatever the threads and order; another budget may give other bins, all within the bound. */
#ifndef PC_STATS_HIST_H
#define PC_STATS_HIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/pack.h"
#include "base/status.h"

typedef struct pc_hist pc_hist; /* a table of cells, shared by all threads */

/* `budget` bytes bounds the tables and the windows; `n_values` is the number of values a cell will get, or about so.
 * A counter takes one byte up to 65536 values and two beyond; one that goes round is carried to a short list. Bins of a
 * cell: what three quarters of the budget give, at least 512 (else PC_ERR_INPUT with the bytes needed), at most 8192
 * bytes of counters (about 9 kB with the map). NULL on failure. */
pc_hist *pc_hist_new(size_t n_cells, uint64_t n_values, size_t budget, pc_status *status);
void pc_hist_free(pc_hist *hist);
/* Bytes in use now, windows included. */
size_t pc_hist_bytes(const pc_hist *hist);
/* Sets a cell's edges from the pilot's row (the leaf of paths 0..255), without counting it; once a cell. */
void pc_hist_pilot(pc_hist *hist, size_t cell, const double *row, int n);
/* Gives a cell its pilot's row and counts it; the edges are set by whoever needs them first, so that threads share that
 * work. In place of pc_hist_pilot and pc_hist_row. Where the edges are set already, only counts. */
void pc_hist_first_row(pc_hist *hist, size_t cell, const double *row, int n);
/* Sets the edges that nobody has needed yet: after all rows. pc_hist_refine does it too. */
void pc_hist_settle(pc_hist *hist);
/* Counts a row, from any thread in any order; waits until the cell's edges are set, which another thread must be about
 * to do. At most 2^32 - 1 values a cell. An infinite value counts in an outermost bin. */
void pc_hist_row(pc_hist *hist, size_t cell, const double *row, int n);
/* The table is seldom in cache. A thread that counts rows of cells in ascending order may ask for the cells to come
 * while it is at other work: `lines` cache lines a call. */
typedef struct pc_hist_ahead {
    size_t now; /* the cell just counted */
    size_t cell, byte;
    int without_counters; /* only what the bins are found by */
} pc_hist_ahead;
void pc_hist_fetch(const pc_hist *hist, pc_hist_ahead *ahead, int lines);
/* A thread's rows whose bins are found and not counted yet; it counts a cell's when it has some. Bytes: what one of
 * n_threads takes, at most 128 MiB; 0 where it would not be worth it. _row is in place of pc_hist_row, with at most 256
 * values, and returns whether it came to counting; nobody sees its rows before they are drained, which any number of
 * threads may do at a time. NULL without memory. */
typedef struct pc_hist_buffer pc_hist_buffer;
size_t pc_hist_buffer_bytes(size_t n_cells, uint64_t n_values, int n_threads);
pc_hist_buffer *pc_hist_buffer_new(pc_hist *hist, size_t bytes);
void pc_hist_buffer_free(pc_hist_buffer *buffer);
int pc_hist_buffer_row(pc_hist_buffer *buffer, size_t cell, const double *row, int n);
void pc_hist_buffer_drain(pc_hist_buffer *buffer);
/* Counts n values that are all x (not NaN), as pc_hist_row. */
void pc_hist_same(pc_hist *hist, size_t cell, double x, int n);
/* into += from, counts of all cells: tables of the same size, values and budget with the same pilots, no windows yet.
 */
pc_code pc_hist_merge(pc_hist *into, const pc_hist *from, pc_status *status);

/* For checkpoints and shards. Clear empties all counters and keeps the edges; unpack adds what another run with the
 * same pilot has packed (`from->failed` when it cannot be that). The windows of a round are packed by themselves and
 * added to the latest round. */
void pc_hist_clear(pc_hist *hist);
void pc_hist_pack(pc_hist *hist, pc_pack *pack);
pc_code pc_hist_unpack(pc_hist *hist, pc_unpack *from, pc_status *status);
void pc_hist_pack_round(const pc_hist *hist, int round, pc_pack *pack);
void pc_hist_unpack_round(pc_hist *hist, pc_unpack *from);
/* For processes that share a run: the latest round's windows without what they have counted; opens the same ones in a
 * table that has not seen all values, in place of pc_hist_refine; empties the latest round's windows. */
void pc_hist_pack_windows(const pc_hist *hist, pc_pack *pack);
pc_code pc_hist_unpack_windows(pc_hist *hist, pc_unpack *from, pc_status *status);
void pc_hist_clear_round(pc_hist *hist);

/* The rank error allowed at p, as a fraction of n values: the smaller of 0.1 % and 5 % of min(p, 1-p), but never less
 * than one value. pc_hist_tolerance(0.005, 1000000) = 0.00025. */
double pc_hist_tolerance(double p, uint64_t n);

/* After all rows: for which of the wanted probabilities is the certified rank error above the tolerance? Sets windows
 * on those bins and returns how many; then, if positive, feed all rows again through pc_hist_refine_row (any thread,
 * any order, pilot included) and call pc_hist_refine again, until it returns 0 or after at most 3 rounds (later calls
 * return 0). Windows that do not fit into the budget are left out (pc_hist_unresolved tells); their quantiles keep
 * their bound. On failure (no memory; rows of the round before missing) returns 0 and sets the status. */
size_t pc_hist_refine(pc_hist *hist, const double *probabilities, int n_probabilities, pc_status *status);
void pc_hist_refine_row(pc_hist *hist, size_t cell, const double *row, int n);
/* Whether a cell has windows in this round (rows of other cells need not be fed). */
int pc_hist_wants(const pc_hist *hist, size_t cell);
/* Number of (cell, probability) pairs that the latest call of pc_hist_refine found above the tolerance and for which it
 * set no window, because the budget or the rounds were used up. 0: everything asked for is or will be certified. */
size_t pc_hist_unresolved(const pc_hist *hist);

/* The p-quantile, 0 <= p <= 1, of N values: the value with rank p N, linear inside its bin or at an end of it as said
 * above, never outside the observed extremes; exact where the bin is known to hold one distinct value, as when all
 * values are equal. `rank_bound` (may be NULL): certified rank error as a fraction; the share of values below the
 * result is at most p + bound, that of values up to and including it at least p - bound. NaN (bound NaN) without
 * values. Not to be called while rows arrive. */
double pc_hist_quantile(const pc_hist *hist, size_t cell, double p, double *rank_bound);
/* The same for several probabilities, in one pass over the counters where they ascend. rank_bounds may be NULL. */
void pc_hist_quantiles(const pc_hist *hist, size_t cell, const double *p, int n_p, double *values, double *rank_bounds);
/* Number of values of the cell (missing not counted), and of missing ones. */
uint64_t pc_hist_count(const pc_hist *hist, size_t cell);
uint64_t pc_hist_missing(const pc_hist *hist, size_t cell);

#endif
