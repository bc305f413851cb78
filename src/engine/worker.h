/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one thread needs to run leaves: drivers, memory of the world, an audit. */
#ifndef PC_ENGINE_WORKER_H
#define PC_ENGINE_WORKER_H

#include "engine/drivers.h"
#include "plan/plan.h"

typedef struct pc_worker {
    const pc_plan *plan;
    pc_world world; /* the plan's; people.n_years may be lowered to run the first years alone */
    pc_drivers_plan drivers_plan;
    pc_drivers drivers;
    void *drivers_memory, *world_memory;
    uint64_t path0;
    int n_lanes;
    /* sums over the leaves run */
    pc_world_audit audit;
    uint64_t clipped;
} pc_worker;

pc_code pc_worker_start(pc_worker *worker, const pc_plan *plan, pc_status *status);
/* Has the drivers add up these forms too (drivers.forms, after each leaf); they must outlive the worker. */
pc_code pc_worker_forms(pc_worker *worker, const pc_forms *forms, pc_status *status);
void pc_worker_release(pc_worker *worker);
/* Runs paths path0 .. path0+n_lanes-1 into the sinks (0: weather, 1 + p: policy p). */
void pc_worker_leaf(pc_worker *worker, uint64_t path0, int n_lanes, pc_sink *const *sinks, int fast);
size_t pc_worker_bytes(const pc_plan *plan);

#endif
