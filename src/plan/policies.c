/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the policies of the scenario to prepared timelines of layers, levers and shortfall rules. */
#include <stdio.h>
#include <string.h>

#include "list.h"
#include "plan/plan.h"

/* The regions, then the groups of reported partitions, then the whole. */
static pc_code build_areas(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    int n_regions = plan->n_regions, n_areas = n_regions + 1, a;
    int *n_members, *all;
    const int **members;

    for (int g = 1; g < scenario->n_groupings; g++) {
        n_areas += scenario->groupings[g].reported ? scenario->groupings[g].n_groups : 0;
    }
    n_members = pc_arena_calloc(&plan->arena, (size_t)n_areas, sizeof *n_members);
    members = pc_arena_calloc(&plan->arena, (size_t)n_areas, sizeof *members);
    all = pc_arena_calloc(&plan->arena, (size_t)n_regions, sizeof *all);
    plan->area_ids = pc_arena_calloc(&plan->arena, (size_t)n_areas, sizeof *plan->area_ids);
    plan->area_names = pc_arena_calloc(&plan->arena, (size_t)n_areas, sizeof *plan->area_names);
    plan->area_names_en = pc_arena_calloc(&plan->arena, (size_t)n_areas, sizeof *plan->area_names_en);
    if (!n_members || !members || !all || !plan->area_ids || !plan->area_names || !plan->area_names_en) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the areas");
    }
    for (a = 0; a < n_regions; a++) {
        all[a] = a;
        n_members[a] = 1;
        members[a] = &all[a];
        plan->area_ids[a] = scenario->regions[a].id;
        plan->area_names[a] = scenario->regions[a].name;
        plan->area_names_en[a] = scenario->regions[a].name_en;
    }
    for (int g = 1; g < scenario->n_groupings; g++) {
        const pc_grouping *grouping = &scenario->groupings[g];
        for (int k = 0; grouping->reported && k < grouping->n_groups; k++, a++) {
            int *list = pc_arena_calloc(&plan->arena, (size_t)n_regions, sizeof *list);
            if (!list) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for the areas");
            }
            for (int r = 0; r < n_regions; r++) {
                if (grouping->group_of[r] == k) {
                    list[n_members[a]++] = r;
                }
            }
            members[a] = list;
            plan->area_ids[a] = pc_arena_printf(&plan->arena, "%s:%s", grouping->name, grouping->group_ids[k]);
            plan->area_names[a] = plan->area_names_en[a] = grouping->group_titles[k];
            if (!plan->area_ids[a]) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for the areas");
            }
        }
    }
    n_members[a] = n_regions;
    members[a] = all;
    plan->area_ids[a] = scenario->whole_id;
    plan->area_names[a] = scenario->whole_name;
    plan->area_names_en[a] = scenario->whole_name_en;
    plan->n_areas = n_areas;
    plan->world.areas =
        (pc_areas){.n_regions = n_regions,
                   .n_areas = n_areas,
                   .n_members = n_members,
                   .members = members,
                   .n_bands = scenario->n_months_bands,
                   .bands = scenario->months_bands};
    for (int i = 0; i < n_areas; i++) {
        for (int j = 0; j < i; j++) {
            if (strcmp(plan->area_ids[i], plan->area_ids[j]) == 0) {
                const pc_place *place = j < n_regions ? &scenario->regions[j].place : NULL;
                char where[320] = "";
                if (place && place->file) {
                    snprintf(where, sizeof where, "%s:%d:%d: ", place->file, place->line, place->column);
                }
                return pc_fail(status, PC_ERR_INPUT,
                               "%sfound the identifier '%s' twice among regions, groups and the whole, allowed: all "
                               "different",
                               where, plan->area_ids[i]);
            }
        }
    }
    return PC_OK;
}

static pc_code build_phase(pc_plan *plan, const pc_phase_entry *entry, const pc_partition *partitions, pc_phase *phase,
                           pc_status *status)
{
    pc_layer_use *layers = pc_arena_calloc(&plan->arena, (size_t)entry->n_layers + 1, sizeof *layers);
    pc_lever_use *levers = pc_arena_calloc(&plan->arena, (size_t)entry->n_levers + 1, sizeof *levers);
    pc_shortfall_use *rules = pc_arena_calloc(&plan->arena, (size_t)entry->n_shortfalls + 1, sizeof *rules);

    if (!layers || !levers || !rules) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a policy");
    }
    for (int i = 0; i < entry->n_layers; i++) {
        const pc_entry *e = &entry->layers[i];
        layers[i] = (pc_layer_use){pc_layer_find(e->section.head->name), e->section.values,
                                   e->over >= 0 ? &partitions[e->over] : NULL};
    }
    for (int i = 0; i < entry->n_levers; i++) {
        const pc_entry *e = &entry->levers[i];
        levers[i] = (pc_lever_use){pc_lever_find(e->section.head->name), e->section.values};
    }
    for (int i = 0; i < entry->n_shortfalls; i++) {
        const pc_entry *e = &entry->shortfalls[i];
        rules[i] = (pc_shortfall_use){pc_shortfall_find(e->section.head->name), e->section.values};
    }
    *phase = (pc_phase){.from = entry->from_year - plan->scenario->base_year,
                        .n_layers = entry->n_layers,
                        .n_levers = entry->n_levers,
                        .n_shortfalls = entry->n_shortfalls,
                        .layers = layers,
                        .levers = levers,
                        .shortfalls = rules};
    return PC_OK;
}

/* Contribution base Act w b of the base year on the central path: R / (tau phi). */
static double *base_payroll(pc_plan *plan)
{
    const pc_schemes *schemes = &plan->world.schemes;
    double *payroll = pc_plan_numbers(plan, (size_t)plan->n_regions);

    for (int r = 0; payroll && r < plan->n_regions; r++) {
        double share = schemes->rate[r] * schemes->pooled_share[r];
        payroll[r] = share > 0 ? schemes->revenue_start[PC_EMPLOYEE][r] / share : 0;
    }
    return payroll;
}

static pc_code prepare(pc_plan *plan, pc_partition *partitions, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    pc_world *world = &plan->world;
    pc_pooling_env env = {.n_regions = plan->n_regions,
                          .n_years = plan->n_years,
                          .base_year = scenario->base_year,
                          .spread = pc_scenario_number(scenario, "returns.spread"),
                          .rate = world->schemes.rate,
                          .payroll = base_payroll(plan),
                          .schemes = &world->schemes,
                          .income_gap = world->economy.income_gap};
    int *order = pc_arena_calloc(&plan->arena, (size_t)scenario->n_policies, sizeof *order), n_order = 0;

    if (!env.payroll || !order) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the policies");
    }
    env.region_ids = plan->area_ids; /* the regions come first */
    for (int s = 0; s < PC_SCHEMES; s++) {
        env.balance_start[s] = world->schemes.balance_start[s];
        env.major_illness[s] = world->schemes.major_illness[s];
    }
    for (int p = 0; p < scenario->n_policies; p++) {
        const pc_policy_entry *entry = &scenario->policies[p];
        pc_policy_spec *spec = pc_arena_calloc(&plan->arena, 1, sizeof *spec);
        pc_status why = {0};
        if (!spec) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the policies");
        }
        spec->name = entry->name;
        spec->title = entry->title;
        spec->source = entry->source;
        spec->rule = plan->policy_rule[p];
        for (int s = 0; s < PC_SCHEMES; s++) {
            pc_phase *phases = pc_arena_calloc(&plan->arena, (size_t)entry->n_phases[s] + 1, sizeof *phases);
            if (!phases) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for the policies");
            }
            spec->phases[s] = phases;
            for (int k = 0; k < entry->n_phases[s]; k++) {
                pc_code code;
                if (k + 1 < entry->n_phases[s] && entry->phases[s][k + 1].from_year <= scenario->base_year + 1) {
                    continue; /* over before the first year */
                }
                code = build_phase(plan, &entry->phases[s][k], partitions, &phases[spec->n_phases[s]++], status);
                if (code) {
                    return code;
                }
            }
        }
        if (pc_pooling_prepare(&plan->policies[p], spec, &env, &plan->arena, &why)) {
            return pc_fail(status, why.code, "%s:%d:%d: %s", entry->place.file ? entry->place.file : "scenario",
                           entry->place.line, entry->place.column, why.message);
        }
    }
    order[n_order++] = scenario->baseline;
    for (int p = 0; p < scenario->n_policies; p++) {
        if (p != scenario->baseline) {
            order[n_order++] = p;
        }
    }
    world->n_policies = scenario->n_policies;
    world->policies = plan->policies;
    world->order = order;
    return PC_OK;
}

pc_code pc_plan_policies(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    pc_partition *partitions = pc_arena_calloc(&plan->arena, (size_t)scenario->n_groupings, sizeof *partitions);
    pc_world_source zero = pc_plan_central_source(plan);
    pc_code code;
    void *memory;

    plan->policies = pc_arena_calloc(&plan->arena, (size_t)scenario->n_policies, sizeof *plan->policies);
    if (!partitions || !plan->policies) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the policies");
    }
    for (int g = 0; g < scenario->n_groupings; g++) {
        const pc_grouping *grouping = &scenario->groupings[g];
        partitions[g] = (pc_partition){grouping->name, grouping->n_groups, grouping->group_of,
                                       (const char *const *)grouping->group_ids};
    }
    code = build_areas(plan, status);
    code = code ? code : prepare(plan, partitions, status);
    if (code) {
        return code;
    }
    memory = pc_calloc(pc_world_bytes(&plan->world), 1);
    if (!memory) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the central path");
    }
    pc_world_central_flows(&plan->world, plan->policies, &zero, memory);
    pc_free(memory);
    return PC_OK;
}
