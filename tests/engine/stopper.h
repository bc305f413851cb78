/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stops a run after some leaves and takes the states that it gives. */
#ifndef PC_TESTS_ENGINE_STOPPER_H
#define PC_TESTS_ENGINE_STOPPER_H

#include "engine/run.h"

typedef struct stopper {
    volatile sig_atomic_t stop;
    int n_done, stop_after, n_kept; /* stop_after 0: never */
    pc_pack pack;                   /* the last one; to be freed */
} stopper;

/* As pc_run_options.keep. */
static inline pc_code stopper_take(void *context, pc_pack *pack, int last, pc_status *status)
{
    stopper *s = context;

    (void)last;
    (void)status;
    pc_pack_free(&s->pack);
    s->pack = *pack;
    s->n_kept++;
    return PC_OK;
}

/* As pc_run_options.progress. */
static inline void stopper_count(void *context, uint64_t done, uint64_t total, int round)
{
    stopper *s = context;

    (void)done;
    (void)total;
    (void)round;
    s->stop = s->stop_after && ++s->n_done >= s->stop_after;
}

/* The run stops where the stopper says, which takes its states. */
static inline void stopper_attach(stopper *s, pc_run_options *options)
{
    options->stop = &s->stop;
    options->progress = stopper_count;
    options->progress_context = s;
    options->keep = stopper_take;
    options->keep_context = s;
}

/* The last state, to be read from its start; points into the pack. */
static inline pc_unpack stopper_state(const pc_pack *pack)
{
    return (pc_unpack){pack->bytes, pack->bytes ? pack->bytes + pack->n : NULL, 0};
}

#endif
