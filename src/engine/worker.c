/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker.h"

static pc_drivers_plan drivers_plan(const pc_plan *plan)
{
    const pc_scenario *scenario = plan->scenario;

    return (pc_drivers_plan){.seed = scenario->seed,
                             .n_regions = plan->n_regions,
                             .n_years = plan->n_years,
                             .region_stream = plan->region_stream,
                             .province_cholesky = plan->province_cholesky,
                             .region_cholesky = plan->region_cholesky,
                             .region_correlated = scenario->region_correlated,
                             .student_nu = scenario->student_nu,
                             .n_shock_instances = plan->world.economy.n_shock_instances,
                             .shock_stream = plan->shock_stream,
                             .drift_stream = plan->drift_stream,
                             .base_stream = plan->base_stream,
                             .n_levers = plan->n_lever_streams,
                             .lever_stream = plan->lever_stream,
                             .n_uncertain = plan->n_uncertain_streams,
                             .n_uncertain_whole = PC_UNCERTAIN_WHOLE,
                             .uncertain_stream = plan->uncertain_stream,
                             .mirrored = scenario->sampling != PC_SAMPLING_PLAIN,
                             .n_points = plan->directions ? scenario->paths / (uint64_t)scenario->n_replicates : 0,
                             .n_directions = plan->n_directions,
                             .directions = plan->directions,
                             .common_weights = plan->common_weights,
                             .sobol = (const pc_sobol_directions *)plan->sobol};
}

size_t pc_worker_bytes(const pc_plan *plan)
{
    pc_drivers_plan drivers = drivers_plan(plan);

    return pc_drivers_bytes(&drivers) + pc_world_bytes(&plan->world);
}

pc_code pc_worker_start(pc_worker *worker, const pc_plan *plan, pc_status *status)
{
    *worker = (pc_worker){.plan = plan, .world = plan->world, .drivers_plan = drivers_plan(plan)};
    worker->drivers_memory = pc_calloc(pc_drivers_bytes(&worker->drivers_plan), 1);
    worker->world_memory = pc_calloc(pc_world_bytes(&plan->world), 1);
    if (!worker->drivers_memory || !worker->world_memory) {
        pc_worker_release(worker);
        return pc_fail(status, PC_ERR_FAIL, "no memory for a leaf of %d paths", PC_LANES);
    }
    pc_drivers_start(&worker->drivers_plan, worker->drivers_memory, &worker->drivers);
    return PC_OK;
}

pc_code pc_worker_forms(pc_worker *worker, const pc_forms *forms, pc_status *status)
{
    worker->drivers.forms = pc_calloc((size_t)forms->n * PC_LANES, sizeof(double));
    if (!worker->drivers.forms) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for control variates");
    }
    worker->drivers_plan.forms = forms;
    return PC_OK;
}

void pc_worker_release(pc_worker *worker)
{
    pc_free(worker->drivers.forms);
    worker->drivers.forms = NULL;
    pc_free(worker->drivers_memory);
    pc_free(worker->world_memory);
    worker->drivers_memory = worker->world_memory = NULL;
}

static void year_drivers(void *context, int year, pc_year_drivers *out)
{
    pc_worker *worker = context;

    pc_drivers_year(&worker->drivers_plan, worker->path0, worker->n_lanes, year, &worker->drivers);
    out->region = worker->drivers.region;
    out->shock = worker->drivers.shock;
}

void pc_worker_leaf(pc_worker *worker, uint64_t path0, int n_lanes, pc_sink *const *sinks, int fast)
{
    pc_world_source source = {.year = year_drivers, .context = worker, .noise = 1};
    pc_world_audit audit = {0};

    worker->path0 = path0;
    worker->n_lanes = n_lanes;
    pc_drivers_leaf(&worker->drivers_plan, path0, n_lanes, &worker->drivers);
    source.eps_drift = worker->drivers.eps_drift;
    source.province = worker->drivers.province;
    source.migration = worker->drivers.migration;
    source.base = worker->drivers_plan.base_stream ? worker->drivers.eps_base : NULL;
    source.uncertain = worker->drivers_plan.uncertain_stream ? worker->drivers.uncertain : NULL;
    source.lever = worker->drivers_plan.lever_stream ? worker->drivers.lever : NULL;
    pc_world_leaf(&worker->world, &source, n_lanes, sinks, fast, worker->world_memory, &audit);
    worker->audit.people.migration_bounded += audit.people.migration_bounded;
    worker->audit.people.migration_withheld += audit.people.migration_withheld;
    worker->audit.employment_capped += audit.employment_capped;
    if (audit.identity_residual > worker->audit.identity_residual) {
        worker->audit.identity_residual = audit.identity_residual;
    }
    worker->clipped += worker->drivers.clipped;
}
