/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the histogram share. Internal. */
#ifndef PC_STATS_HIST_INNER_H
#define PC_STATS_HIST_INNER_H

#include "stats/hist.h"
#include "stats/hist_map.h"

#define PC_HIST_ROUNDS    3
#define PC_HIST_SUB_BINS  128
#define PC_HIST_MOST_BINS 8192

/* The first row, the pilot, is laid where the counters will be; whoever comes to the cell next sets its edges. */
typedef enum pc_hist_state { PC_HIST_EMPTY, PC_HIST_STORED, PC_HIST_CLAIMED, PC_HIST_READY } pc_hist_state;

/* A counter of few bytes has gone round `times` times: atoms, and in very long runs other bins. */
typedef struct pc_hist_carry {
    uint32_t bin, times;
} pc_hist_carry;

/* A cell's counters and extremes are changed only while its lock is held: one lock a row costs far less than an atomic
 * add a value, each of which would also wait for its cache miss. Sums of integers and extremes do not depend on the
 * order. */
typedef struct pc_hist_cell {
    pc_hist_map map;
    double minimum, maximum;  /* never -0; +inf, -inf while empty */
    uint32_t n, missing;      /* values counted, values missing */
    uint8_t lock, state;      /* a pc_hist_state */
    uint32_t n_carries, room; /* carries in use, and room for them */
    pc_hist_carry *carries;   /* NULL while no counter has gone round */
    unsigned char count[];    /* [n_bins] of hist->width bytes each */
} pc_hist_cell;

/* A set of consecutive values, all in [low, high], that holds ranks below+1 .. below+mass. */
typedef struct pc_hist_bracket {
    double low, high;
    uint64_t below, mass;
} pc_hist_bracket;

typedef struct pc_hist_window {
    pc_hist_bracket span;
    size_t cell;
    double slope; /* sub-bins per unit of value or, if `by_key`, of key */
    int by_key;   /* the span covers octaves: sub-bins follow the keys of doubles, from `origin` on */
    int64_t origin;
    uint32_t count[PC_HIST_SUB_BINS];
    double minimum[PC_HIST_SUB_BINS], maximum[PC_HIST_SUB_BINS];
} pc_hist_window;

typedef struct pc_hist_round {
    pc_hist_window *windows; /* ascending by cell */
    size_t n_windows;
    size_t *first; /* [n_cells + 1] */
} pc_hist_round;

struct pc_hist {
    size_t n_cells, stride, budget; /* stride in bytes */
    uint32_t n_bins, width;
    int failed; /* no memory for a carry */
    unsigned char *table;
    pc_hist_round rounds[PC_HIST_ROUNDS];
    int n_rounds;    /* rounds with windows; rows of refinement go to the last */
    size_t left_out; /* windows that earlier rounds had no room for */
    size_t unresolved, bytes;
};

static inline pc_hist_cell *pc_hist_cell_at(const pc_hist *hist, size_t cell)
{
    return (pc_hist_cell *)(void *)(hist->table + cell * hist->stride);
}

/* The counters of a cell, [map.n_bins]: `buffer`, filled. */
const uint32_t *pc_hist_counts(const pc_hist *hist, const pc_hist_cell *cell, uint32_t *buffer);
/* A counter of the cell has gone round `times` times; [hist->n_bins] counters of hist->width bytes are added. */
void pc_hist_carry_add(pc_hist *hist, pc_hist_cell *cell, uint32_t bin, uint32_t times);
void pc_hist_counts_add(pc_hist *hist, pc_hist_cell *into, const unsigned char *counts);
/* Bins of row[0..n), n <= PC_HIST_PILOT, without those of NaN, whose number is returned; extremes as pc_hist_bins. */
uint32_t pc_hist_codes(const pc_hist_map *map, const double *row, int n, uint16_t *codes, double extreme[2]);
/* Count values by their bins, and what else a cell knows of them; under its lock. */
void pc_hist_codes_add(pc_hist *hist, pc_hist_cell *cell, const uint16_t *code, int n);
void pc_hist_totals_add(pc_hist_cell *cell, uint32_t n, uint32_t missing, const double extreme[2]);
/* Asks for the counters that are touched most. */
void pc_hist_fetch_dense(const pc_hist *hist, const pc_hist_cell *cell);
/* Returns when a cell's edges are set. Threads that walk the same way would all wait for one cell: who waits sets the
 * edges of the next cells meanwhile. */
void pc_hist_await(pc_hist *hist, size_t cell);
void pc_hist_lock(pc_hist_cell *cell);
void pc_hist_unlock(pc_hist_cell *cell);

/* The finest sets known to hold ranks p N, one pass over the counters where p ascends; mass 0 if the cell is empty.
 * With `only_wide` the ends of a set of no more values than the tolerance are left NaN: they take longer to find than
 * the ranks. Returns the number of values. */
uint64_t pc_hist_find(const pc_hist *hist, size_t cell, const double *p, int n_p, int only_wide,
                      pc_hist_bracket *brackets);
/* The value to report for rank p n in a bracket, and its certified rank error in values. */
double pc_hist_read(const pc_hist_bracket *bracket, double p, uint64_t n, double *rank_error);
/* Sets a window, which is zeroed, on a cell's span. */
void pc_hist_open_window(pc_hist_window *window, size_t cell, const pc_hist_bracket *span);
/* Sub-bin of a value of the span. */
uint32_t pc_hist_sub_bin(const pc_hist_window *window, double x);

#endif
