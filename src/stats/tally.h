/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of events of a cell and of its difference from the baseline's: half a cell of moments, which they become at
 * the end, and whole numbers all the way. */
#ifndef PC_STATS_TALLY_H
#define PC_STATS_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/events.h"
#include "stats/moments.h"

/* At most 2^32 - 1 lanes. `closed`: not for this cell, see pc_tally_for. */
typedef struct pc_tally {
    uint32_t zero, plus, missing;
    uint32_t less, equal, more, unknown; /* of the difference */
    uint32_t closed;
} pc_tally;

/* A tally for the moments' cells of a row and of its difference (-1: none); closed where their centres are no whole
 * numbers, for then counts wouldn't give the bits of sums. */
pc_tally pc_tally_for(const pc_moments *moments, int32_t moment, int32_t difference);
/* Counts the n lanes of `used`; baseline NULL: without difference. */
void pc_tally_add(pc_tally *tally, const pc_events *events, const pc_events *baseline, const pc_bits *used, int n);
/* Adds what was counted to the moments and forgets it. */
void pc_tally_move(pc_tally *tally, pc_moments *moments, int32_t moment, int32_t difference);

#endif
