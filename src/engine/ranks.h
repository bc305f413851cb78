/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes that share a run. Rank 0 reads, plans, deals out leaves, adds up and writes; the others compute. All
 * that is known of MPI is in ranks.c; a build without it knows one process. An error of MPI itself, such as a rank that
 * has gone, ends the job with MPI's own message. No two threads of a process may call these at the same time. */
#ifndef PC_ENGINE_RANKS_H
#define PC_ENGINE_RANKS_H

#include <stdint.h>

#include "base/pack.h"
#include "base/status.h"

typedef struct pc_ranks {
    int rank, count; /* this process, of how many */
} pc_ranks;

/* Whether this build can have more than one. */
int pc_ranks_available(void);
/* Once in a process, before it has threads; on all ranks. Alone, without a launcher, count is 1. */
pc_code pc_ranks_start(pc_ranks *ranks, pc_status *status);
/* On all ranks, if they were started. Waits for the others. */
void pc_ranks_end(pc_ranks *ranks);
/* Ends all processes at once with this exit code, where there are others; returns where there are none. */
void pc_ranks_abort(const pc_ranks *ranks, int exit_code);

/* Bytes from one rank to another, of any number. Both wait until they are gone, or here. */
void pc_ranks_send(const pc_ranks *ranks, int to, const pc_pack *pack);
pc_code pc_ranks_receive(const pc_ranks *ranks, int from, pc_pack *pack, pc_status *status);
/* Rank 0's bytes to all, in place of what the others have in `pack`. */
pc_code pc_ranks_broadcast(const pc_ranks *ranks, pc_pack *pack, pc_status *status);

/* Asked by another rank for up to `wanted` leaves; 0: it has been told to stop. Returns how many from *first on; 0
 * dismisses it. Called by a thread of its own. */
typedef uint64_t (*pc_ranks_deal)(void *context, uint64_t wanted, uint64_t *first);
/* Rank 0: answers the others until all are dismissed; meanwhile this process must call none of the other functions. */
typedef struct pc_ranks_server pc_ranks_server;
pc_code pc_ranks_serve(const pc_ranks *ranks, pc_ranks_deal deal, void *context, pc_ranks_server **out,
                       pc_status *status);
/* Waits until all are dismissed. NULL does nothing. */
void pc_ranks_served(pc_ranks_server *server);
/* Other ranks: asks rank 0. 0: dismissed, and it must not be asked again before it serves again. */
uint64_t pc_ranks_ask(const pc_ranks *ranks, uint64_t wanted, uint64_t *first);

#endif
