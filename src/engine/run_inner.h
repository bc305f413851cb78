/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of a run share. Internal. run.c: the passes from the pilot to the results; leaves.c: a pass over
 * threads; team.c: a pass over ranks. */
#ifndef PC_ENGINE_RUN_INNER_H
#define PC_ENGINE_RUN_INNER_H

#include "engine/control.h"
#include "engine/ranks.h"
#include "engine/run.h"
#include "engine/state.h"
#include "engine/worker.h"

typedef struct pc_thread {
    pc_worker worker;
    pc_moments *moments;
    pc_collector *collector;
    pc_catcher *catcher; /* NULL: nothing is controlled */
    pc_sink **sinks;
    int replicate;  /* to which its moments belong */
    pc_unfit unfit; /* found by the control variates; others are the collector's */
} pc_thread;

typedef struct pc_run_state {
    const pc_plan *plan;
    const pc_run_options *options;
    pc_ranks ranks;
    pc_layout layout;
    pc_gathered gathered;
    double *central;
    pc_control *control; /* NULL: nothing is controlled */
    pc_thread *threads;
    int n_threads;
    size_t buffer_bytes; /* of a thread's rows that wait to be counted; 0: none wait */
    uint64_t n_leaves, done;
    int round;
    pc_point point;
    double begin, pause_at; /* on the monotonic clock */
    int pause;
    int stopped_elsewhere;   /* rank 0: another rank has been told to stop */
    unsigned char *unwanted; /* [subject][output], see pc_gathered_unwanted */
    /* on ranks beyond 0: leaves that rank 0 has dealt and no thread has taken yet, and those run since rank 0 was given
     * what they make */
    uint64_t dealt, dealt_end;
    int dismissed;
    unsigned char *own; /* [pc_state_leaves_kept] */
} pc_run_state;

/* ---- leaves.c */
pc_code pc_leaves_start(pc_run_state *run, pc_status *status);
void pc_leaves_release(pc_run_state *run);
/* Sets the edges of the histograms, which the pilot does, and leaves nothing counted. */
void pc_leaves_pilot(pc_run_state *run);
/* Leaves from point.next on, until the end or a pause; then, over all ranks, exactly those before point.next are done.
 * What threads have added up is in run->gathered. */
pc_code pc_leaves_run(pc_run_state *run, pc_phase_kind phase, pc_status *status);
/* In a round of refinement: leaves out policies, outputs and last years that no histogram wants to see again. */
void pc_leaves_want_only(pc_run_state *run);
/* The run shall end where it stands. */
int pc_leaves_must_end(const pc_run_state *run);
/* Leaves for another rank, a pc_ranks_deal. */
uint64_t pc_leaves_deal(void *run, uint64_t wanted, uint64_t *first);
double pc_leaves_now(void);

/* ---- team.c; of no effect where there is one process */
/* Rank 0: the others run the pass from where it stands; with `opens`, windows that have just been opened. */
pc_code pc_team_begin(pc_run_state *run, int opens, pc_status *status);
/* Rank 0: adds what the others have run to the own. */
pc_code pc_team_gather(pc_run_state *run, pc_phase_kind phase, pc_status *status);
/* Rank 0: the run is at its end, with PC_OK or PC_ERR_INTERRUPTED. */
pc_code pc_team_end(pc_run_state *run, pc_code code, pc_status *status);
/* Other ranks: do what rank 0 says until the run ends; its code. */
pc_code pc_team_follow(pc_run_state *run, pc_status *status);

#endif
