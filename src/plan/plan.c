/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/plan.h"

double *pc_plan_numbers(pc_plan *plan, size_t count)
{
    return pc_arena_calloc(&plan->arena, count, sizeof(double));
}

static void no_year(void *context, int year, pc_year_drivers *drivers)
{
    (void)context;
    (void)year;
    drivers->region = NULL;
    drivers->shock = NULL;
}

pc_world_source pc_plan_central_source(const pc_plan *plan)
{
    return (pc_world_source){.eps_drift = plan->zero_rows,
                             .province = plan->zero_rows,
                             .migration = plan->zero_rows,
                             .base = NULL,
                             .year = no_year,
                             .context = NULL,
                             .noise = 0};
}

pc_code pc_plan_build(const pc_scenario *scenario, pc_plan **out, pc_status *status)
{
    pc_plan *plan = pc_calloc(1, sizeof *plan);
    size_t rows;
    pc_code code;

    *out = NULL;
    if (!plan) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the plan");
    }
    plan->scenario = scenario;
    plan->n_regions = scenario->n_regions;
    plan->n_years = scenario->horizon;
    rows = (size_t)(scenario->n_regions > PC_PROVINCE_ROWS ? scenario->n_regions : PC_PROVINCE_ROWS);
    plan->zero_rows = pc_plan_numbers(plan, (size_t)(plan->n_years + 1) * rows * PC_LANES);
    plan->regions = pc_arena_calloc(&plan->arena, (size_t)plan->n_regions, sizeof *plan->regions);
    if (!plan->zero_rows || !plan->regions) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for the plan");
        goto out;
    }
    code = pc_plan_people(plan, status);
    code = code ? code : pc_plan_stress(plan, status);
    code = code ? code : pc_plan_membership(plan, status);
    code = code ? code : pc_plan_economy(plan, status);
    code = code ? code : pc_plan_schemes(plan, status);
    code = code ? code : pc_plan_streams(plan, status);
    code = code ? code : pc_plan_policies(plan, status);
    if (!code && scenario->sampling == PC_SAMPLING_RQMC) {
        code = pc_plan_directions(plan, status);
    }
out:
    if (code) {
        pc_plan_free(plan);
    } else {
        *out = plan;
    }
    return code;
}

void pc_plan_free(pc_plan *plan)
{
    if (plan) {
        pc_arena_release(&plan->arena);
        pc_free(plan);
    }
}
