/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a run has come, as bytes: the leaves done are first .. next - 1 of the pass over first .. end - 1, or, in a
 * part of them that a rank has run, those marked as its own; all of the first pass's statistics; and of every round of
 * refinement the counters of its windows. Edges of histograms and the windows themselves are not in it: they follow
 * from the pilot and the counters. */
#ifndef PC_ENGINE_STATE_H
#define PC_ENGINE_STATE_H

#include "base/pack.h"
#include "engine/collect.h"

typedef struct pc_point {
    uint64_t first, end; /* leaves that this run does */
    uint64_t next;       /* the first that is not done in this pass */
    uint64_t round;      /* 0: first pass */
    /* sums over the leaves of the first pass */
    uint64_t clipped, migration_bounded, employment_capped;
    double identity_residual; /* the largest */
} pc_point;

/* Leaves whose values are kept path by path, from the first on; a leaf beyond leaves only sums. */
uint64_t pc_state_leaves_kept(const pc_gathered *gathered);
/* `own` [pc_state_leaves_kept] marks the leaves in a part of a run; NULL: all before point->next. */
void pc_state_pack(const pc_gathered *gathered, const pc_point *point, const unsigned char *own, pc_pack *pack);
/* Only the point, to look at. PC_ERR_INPUT when the bytes are no state. */
pc_code pc_state_point(const pc_unpack *state, pc_point *point, pc_status *status);
/* Adds the first pass of a state to `gathered`, whose edges are set, and its sums to *point, and marks its leaves in
 * `own` (NULL: not); `from` then stands at the rounds. PC_ERR_INPUT when it belongs to another run. */
pc_code pc_state_add(pc_gathered *gathered, pc_point *point, unsigned char *own, pc_unpack *from, pc_status *status);
/* Empties all that pc_state_pack packs of the first pass but keeps the edges, for leaves to come. */
void pc_state_clear(pc_gathered *gathered, pc_point *point, unsigned char *own);

#endif
