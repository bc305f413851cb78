/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact sums of the few terms that are too large for the fixed-point sums beside them: the terms of 40 binades go into
 * one 128-bit integer that holds each of them to its last bit, so that sums have the same bits in any order. Only sums
 * that have such a term take memory. Internal to src/stats. */
#ifndef PC_STATS_WIDE_H
#define PC_STATS_WIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/pack.h"

typedef struct pc_wide_part pc_wide_part;

/* Start with `pc_wide wide = {0};`. Not thread-safe. */
typedef struct pc_wide {
    pc_wide_part *parts; /* a hash table */
    size_t n, room;
} pc_wide;

/* Adds x to sum `index`, below 2^58. 1: it is infinite or NaN, or memory ran out, and nothing was added. A sum holds
 * 2^33 terms of any size. */
int pc_wide_add(pc_wide *wide, uint64_t index, double x);
/* The sum, each of its parts rounded to 64 bits; 0 where nothing was added. */
long double pc_wide_value(const pc_wide *wide, uint64_t index);
/* into += from. 1: memory ran out, or numbers that no run adds up left the range. */
int pc_wide_merge(pc_wide *into, const pc_wide *from);
void pc_wide_free(pc_wide *wide); /* and then it is empty */

/* For checkpoints and shards: the same bytes for the same sums; adds packed ones, all of sums below `n_sums`. */
void pc_wide_pack(const pc_wide *wide, pc_pack *pack);
void pc_wide_unpack(pc_wide *wide, uint64_t n_sums, pc_unpack *from);

#endif
