/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One path: the central one, or any by its number. */
#include <string.h>

#include "engine/capture.h"
#include "engine/run.h"
#include "engine/worker.h"

pc_code pc_layout_for(const pc_plan *plan, pc_layout *layout, pc_status *status)
{
    int n_subjects = 1 + plan->world.n_policies;
    int n_weather = pc_weather_outputs_count(), n_policy = pc_outputs_count();
    int years[PC_CONTROL_YEARS_MAX];
    pc_arena arena = {0};
    pc_subject *subjects = pc_arena_calloc(&arena, (size_t)n_subjects, sizeof *subjects);
    const pc_output **weather = pc_arena_calloc(&arena, (size_t)n_weather + 1, sizeof *weather);
    const pc_output **policy = pc_arena_calloc(&arena, (size_t)n_policy + 1, sizeof *policy);
    pc_code code;

    if (!subjects || !weather || !policy) {
        pc_arena_release(&arena);
        return pc_fail(status, PC_ERR_FAIL, "no memory for the layout of results");
    }
    for (int o = 0; o < n_weather; o++) {
        weather[o] = pc_weather_output_at(o);
    }
    for (int o = 0; o < n_policy; o++) {
        policy[o] = pc_output_at(o);
    }
    subjects[0] = (pc_subject){n_weather, weather, -1};
    for (int p = 0; p < plan->world.n_policies; p++) {
        int baseline = plan->scenario->baseline;
        subjects[1 + p] = (pc_subject){n_policy, policy, p == baseline ? -1 : 1 + baseline};
    }
    code = pc_layout_build(layout, n_subjects, subjects, &plan->world.areas, plan->n_years,
                           plan->scenario->quantiles_all, status);
    for (int k = 0; k < plan->scenario->n_control_years; k++) {
        years[k] = plan->scenario->control_years[k] - plan->scenario->base_year;
    }
    if (!code && plan->scenario->n_control_years > 0 && plan->scenario->paths > 0) {
        code = pc_layout_control(layout, years, plan->scenario->n_control_years, status);
    }
    if (code) {
        pc_layout_release(layout);
        pc_arena_release(&arena);
        return code;
    }
    /* the layout's own arena takes the subjects over */
    layout->subjects_arena = arena;
    return PC_OK;
}

static pc_code capture_leaf(const pc_layout *layout, pc_capture *capture, pc_sink ***sinks, pc_status *status)
{
    *sinks = pc_calloc((size_t)layout->n_subjects, sizeof **sinks);
    if (!*sinks) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for one path");
    }
    if (pc_capture_new(capture, layout, status)) {
        pc_free(*sinks);
        *sinks = NULL;
        return PC_ERR_FAIL;
    }
    for (int s = 0; s < layout->n_subjects; s++) {
        (*sinks)[s] = pc_capture_sink(capture, s);
    }
    return PC_OK;
}

pc_code pc_run_central(const pc_plan *plan, const pc_layout *layout, double *central, pc_status *status)
{
    pc_world_source source = pc_plan_central_source(plan);
    pc_world_audit audit = {0};
    pc_capture capture = {0};
    pc_sink **sinks = NULL;
    void *memory = pc_calloc(pc_world_bytes(&plan->world), 1);
    pc_code code = memory ? capture_leaf(layout, &capture, &sinks, status)
                          : pc_fail(status, PC_ERR_FAIL, "no memory for the central path");

    if (!code) {
        pc_world_leaf(&plan->world, &source, 1, sinks, 1, memory, &audit);
        memcpy(central, capture.values, layout->n_cells * sizeof *central);
    }
    pc_capture_free(&capture);
    pc_free(sinks);
    pc_free(memory);
    return code;
}

pc_code pc_run_replay(const pc_plan *plan, const pc_layout *layout, uint64_t path, double *values, pc_status *status)
{
    pc_worker worker;
    pc_capture capture = {0};
    pc_sink **sinks = NULL;
    pc_code code = pc_worker_start(&worker, plan, status);

    if (code) {
        return code;
    }
    code = capture_leaf(layout, &capture, &sinks, status);
    if (!code) {
        pc_worker_leaf(&worker, path, 1, sinks, 1);
        memcpy(values, capture.values, layout->n_cells * sizeof *values);
    }
    pc_capture_free(&capture);
    pc_free(sinks);
    pc_worker_release(&worker);
    return code;
}
