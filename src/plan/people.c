/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the scenario to the people of the base year and the parameters that carry them on. */
#include <math.h>
#include <string.h>

#include "list.h"
#include "people/fertility.h"
#include "people/population.h"
#include "plan/plan.h"

enum { CELLS = PC_SEXES * PC_AGES };

/* Two figures of the same thing may differ by rounding, not by more. */
static const double given_twice_tolerance = 0.005;

static pc_code region_ages(pc_plan *plan, int r, double *out, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    const pc_region *region = &scenario->regions[r];
    double total = 0;

    if (!scenario->has_region_population) {
        double young = region->value[PC_COL_SHARE_0_14], old = region->value[PC_COL_SHARE_60_PLUS];
        double share[PC_BROAD_GROUPS] = {young, 1 - young - old, old};
        return pc_population_region(region->name, scenario->population, region->value[PC_COL_POPULATION], share, out,
                                    status);
    }
    memcpy(out, scenario->population + (size_t)r * CELLS, CELLS * sizeof *out);
    for (int i = 0; i < CELLS; i++) {
        total += out[i];
    }
    if (fabs(total - region->value[PC_COL_POPULATION]) > given_twice_tolerance * region->value[PC_COL_POPULATION]) {
        return pc_fail(status, PC_ERR_INPUT,
                       "found %.0f people by age and population %.0f for %s, allowed: the same within %g %%", total,
                       region->value[PC_COL_POPULATION], region->name, 100 * given_twice_tolerance);
    }
    return PC_OK;
}

static pc_code with_place(const pc_plan *plan, int r, const pc_status *why, pc_status *status)
{
    const pc_place *place = &plan->scenario->regions[r].place;

    return pc_fail(status, why->code, "%s:%d:%d: %s", place->file ? place->file : "regions", place->line, place->column,
                   why->message);
}

/* The age groups whose cost some policy's lever must know, each once. */
static pc_code collect_age_groups(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    pc_people *people = &plan->world.people;
    size_t room = 0;
    pc_age_group *groups;

    for (int pass = 0; pass < 2; pass++) {
        groups = pc_arena_calloc(&plan->arena, room + 1, sizeof *groups);
        if (!groups) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the age groups");
        }
        people->n_age_groups = 0;
        for (int i = 0; i < scenario->n_policies * PC_SCHEMES; i++) {
            const pc_policy_entry *policy = &scenario->policies[i / PC_SCHEMES];
            for (int k = 0; k < policy->n_phases[i % PC_SCHEMES]; k++) {
                const pc_phase_entry *phase = &policy->phases[i % PC_SCHEMES][k];
                for (int j = 0; j < phase->n_levers; j++) {
                    const pc_lever *lever = pc_lever_find(phase->levers[j].section.head->name);
                    pc_age_group ages;
                    int known = 0;
                    if (!lever->age_group || !lever->age_group(phase->levers[j].section.values, &ages)) {
                        continue;
                    }
                    room++;
                    for (int g = 0; g < people->n_age_groups && pass; g++) {
                        known |= groups[g].from == ages.from && groups[g].to == ages.to;
                    }
                    if (pass && !known) {
                        groups[people->n_age_groups++] = ages;
                    }
                }
            }
        }
    }
    people->age_groups = groups;
    return PC_OK;
}

/* The hosts of carve-outs; NULL where there are none. */
static pc_code collect_hosts(pc_plan *plan, pc_status *status)
{
    int *host = pc_arena_calloc(&plan->arena, (size_t)plan->n_regions, sizeof *host), any = 0;

    if (!host) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the people");
    }
    for (int r = 0; r < plan->n_regions; r++) {
        host[r] = plan->scenario->regions[r].host;
        any |= host[r] >= 0;
    }
    plan->world.people.host = any ? host : NULL;
    return PC_OK;
}

pc_code pc_plan_people(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    pc_people *people = &plan->world.people;
    size_t n = (size_t)plan->n_regions;
    double *population = pc_plan_numbers(plan, n * CELLS), *mortality = pc_plan_numbers(plan, n);
    double *tfr_factor = pc_plan_numbers(plan, n), *migration = pc_plan_numbers(plan, n);

    if (!population || !mortality || !tfr_factor || !migration) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the people");
    }
    if (collect_age_groups(plan, status) || collect_hosts(plan, status)) {
        return PC_ERR_FAIL;
    }
    people->n_regions = plan->n_regions;
    people->n_years = plan->n_years;
    people->alpha = scenario->alpha;
    people->beta = scenario->beta;
    people->kappa_start = pc_scenario_number(scenario, "mortality.kappa");
    people->kappa_drift = pc_scenario_number(scenario, "mortality.drift");
    people->kappa_drift_se = pc_scenario_number(scenario, "mortality.drift_se");
    people->kappa_sigma = pc_scenario_number(scenario, "mortality.sigma");
    people->fertility_share = scenario->fertility_share;
    people->tfr = pc_scenario_series(scenario, "fertility.tfr");
    people->sex_ratio = pc_scenario_series(scenario, "fertility.sex_ratio");
    people->tfr_ar =
        (pc_ar1){pc_scenario_number(scenario, "fertility.phi"), pc_scenario_number(scenario, "fertility.sigma"),
                 pc_scenario_number(scenario, "fertility.start")};
    people->migration_share = scenario->migration_share;
    people->migration_fade = pc_scenario_series(scenario, "migration.fade");
    people->migration_ar =
        (pc_ar1){pc_scenario_number(scenario, "migration.phi"), pc_scenario_number(scenario, "migration.sigma"),
                 pc_scenario_number(scenario, "migration.start")};
    people->migration_closed = pc_scenario_number(scenario, "migration.closed") != 0;
    people->k_act = scenario->age_cost_act;
    people->k_ret = scenario->age_cost_ret;
    people->k_res = scenario->age_cost_res;
    people->health_shift = pc_scenario_number(scenario, "membership.health_shift");
    for (int r = 0; r < plan->n_regions; r++) {
        const pc_region *region = &scenario->regions[r];
        double births = region->value[PC_COL_BIRTHS_PER_1000] / 1000 * region->value[PC_COL_POPULATION];
        pc_status why = {0};

        mortality[r] = region->value[PC_COL_MORTALITY_FACTOR];
        tfr_factor[r] = plan->regions[r].tfr_factor = 1;
        if (region->host >= 0) {
            continue;
        }
        if (region_ages(plan, r, population + (size_t)r * CELLS, &why)) {
            return with_place(plan, r, &why, status);
        }
        migration[r] = region->value[PC_COL_NET_MIGRATION_RATE];
        if (!isnan(births)) {
            tfr_factor[r] =
                pc_fertility_factor(births, people->tfr[0], scenario->fertility_share, population + (size_t)r * CELLS);
            if (!isfinite(tfr_factor[r])) {
                pc_fail(&why, PC_ERR_INPUT,
                        "found births_per_1000 %g for %s, allowed: births only where women of 15 to 49 "
                        "live and the total fertility rate is not 0",
                        region->value[PC_COL_BIRTHS_PER_1000], region->name);
                return with_place(plan, r, &why, status);
            }
        }
        plan->regions[r].tfr_factor = tfr_factor[r];
    }
    people->population = population;
    people->mortality_factor = mortality;
    people->tfr_factor = tfr_factor;
    people->migration_rate = migration;
    return PC_OK;
}
