/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the scenario and the central path's people to the calibrated schemes. */
#include <math.h>
#include <stdio.h>

#include "plan/plan.h"
#include "people/migration.h"
#include "schemes/calibration.h"

_Static_assert((int)PC_BASE_SUMS == (int)PC_CALIBRATION_SUMS, "the table of exposures has every sum");

/* Outside enrolment: residents registered here who live elsewhere. Above this share of the people it is an error unless
 * membership.allow_outside is set. */
static const double enrolment_limit = 1.05;

/* Takes the members of carve-out c, active and then retired, off a sum over its host's people. */
static void leave_out(const pc_plan *plan, int c, const double *sums, int all, int active, pc_calibration_input *in)
{
    const size_t rows = (size_t)pc_people_n_sums(&plan->world.people) * (size_t)plan->n_regions * PC_LANES;

    for (int k = active; k < active + 2; k++) {
        size_t row = ((size_t)PC_SUM_OF_RULE(0, k) * (size_t)plan->n_regions + (size_t)c) * PC_LANES;
        in->sums[all] -= sums[row];
        in->sums_next[all] -= sums[rows + row];
    }
}

static void calibration_input(const pc_plan *plan, int r, const double *sums, pc_calibration_input *in)
{
    const pc_scenario *scenario = plan->scenario;
    const pc_region *region = &scenario->regions[r];
    const pc_schemes *schemes = &plan->world.schemes;
    size_t rows = (size_t)pc_people_n_sums(&plan->world.people) * (size_t)plan->n_regions * PC_LANES;

    *in = (pc_calibration_input){
        .region = region->name,
        .exposure_ratio = scenario->base_exposure ? scenario->base_exposure + (size_t)r * PC_BASE_SUMS : NULL,
        .outside_contributors = plan->regions[r].outside_contributors,
        .outside_retirees = plan->regions[r].outside_retirees,
        .resident_members = region->value[PC_COL_RESIDENT_MEMBERS],
        .enrolment_limit = pc_scenario_number(scenario, "membership.allow_outside") != 0 ? INFINITY : enrolment_limit,
        .wage = region->value[PC_COL_WAGE_YUAN],
        .rate = region->value[PC_COL_EMPLOYEE_RATE],
        .pooled_share = region->value[PC_COL_POOLED_SHARE],
        .credit = region->value[PC_COL_RETIREE_CREDIT_YUAN],
        .revenue = {region->value[PC_COL_EMPLOYEE_REVENUE_YUAN], region->value[PC_COL_RESIDENT_REVENUE_YUAN]},
        .expenditure = {region->value[PC_COL_EMPLOYEE_EXPENDITURE_YUAN],
                        region->value[PC_COL_RESIDENT_EXPENDITURE_YUAN]}};
    for (int s = 0; s < PC_SCHEMES; s++) {
        in->major_illness[s] = schemes->major_illness[s][0];
        in->expenditure_includes_other[s] = schemes->expenditure_includes_other[s];
    }
    for (int k = 0; k < PC_CALIBRATION_SUMS; k++) {
        size_t row = ((size_t)k * (size_t)plan->n_regions + (size_t)r) * PC_LANES;
        in->sums[k] = sums[row];
        in->sums_next[k] = sums[rows + row];
    }
    for (int c = 0; c < plan->n_regions; c++) { /* members of carve-outs are nobody's residents; the central h is 1 */
        if (scenario->regions[c].host == r) {
            leave_out(plan, c, sums, PC_SUM_POPULATION, PC_RULE_CONTRIBUTORS, in);
            leave_out(plan, c, sums, PC_SUM_RESIDENT_COST, PC_RULE_CONTRIBUTOR_RCOST, in);
        }
    }
}

static pc_code calibrate(pc_plan *plan, const double *sums, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    pc_schemes *schemes = &plan->world.schemes;
    size_t n = (size_t)plan->n_regions;
    double *exposure = pc_plan_numbers(plan, n * PC_CALIBRATION_SUMS), *enrolment = pc_plan_numbers(plan, n);
    double *base_ratio = pc_plan_numbers(plan, n), *financing = pc_plan_numbers(plan, n);
    double *cost[PC_SCHEMES], *expenditure[PC_SCHEMES], *other[PC_SCHEMES];

    for (int s = 0; s < PC_SCHEMES; s++) {
        cost[s] = pc_plan_numbers(plan, n);
        expenditure[s] = pc_plan_numbers(plan, n);
        other[s] = pc_plan_numbers(plan, n);
        if (!cost[s] || !expenditure[s] || !other[s]) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the schemes");
        }
        schemes->cost_start[s] = cost[s];
        schemes->expenditure_start[s] = expenditure[s];
        schemes->other_start[s] = other[s];
    }
    if (!exposure || !enrolment || !base_ratio || !financing) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the schemes");
    }
    for (size_t r = 0; r < n; r++) {
        pc_calibration_input in;
        pc_calibration_output out;
        pc_region_report *report = &plan->regions[r];
        pc_status why = {0};

        calibration_input(plan, (int)r, sums, &in);
        if (pc_calibrate(&in, &out, &why)) {
            const pc_place *place = &scenario->regions[r].place;
            return pc_fail(status, why.code, "%s:%d:%d: %s", place->file ? place->file : "regions", place->line,
                           place->column, why.message);
        }
        for (size_t k = 0; k < PC_CALIBRATION_SUMS; k++) {
            exposure[k * n + r] = out.exposure[k];
        }
        report->enrolment = enrolment[r] = out.enrolment;
        report->base_ratio = base_ratio[r] = out.base_ratio;
        report->financing = financing[r] = out.financing;
        for (int s = 0; s < PC_SCHEMES; s++) {
            report->cost[s] = cost[s][r] = out.cost[s];
            expenditure[s][r] = out.expenditure[s];
            other[s][r] = out.other[s];
        }
    }
    schemes->base_exposure = exposure;
    schemes->enrolment = enrolment;
    schemes->base_ratio = base_ratio;
    schemes->financing_start = financing;
    return PC_OK;
}

/* A column of regions.csv as an array. */
static const double *column(pc_plan *plan, pc_region_column index)
{
    double *x = pc_plan_numbers(plan, (size_t)plan->n_regions);

    for (int r = 0; x && r < plan->n_regions; r++) {
        x[r] = plan->scenario->regions[r].value[index];
    }
    return x;
}

/* Who pays residents' financing: by year, the centre's part by region where the table of regions gives it. */
static const pc_financing_split *financing_split(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    const double *individual = pc_scenario_series(scenario, "resident.individual_share");
    const double *central = pc_scenario_series(scenario, "resident.central_share");
    const double *province = pc_scenario_series(scenario, "resident.province_share");
    const double *county = pc_scenario_series(scenario, "resident.county_share");
    pc_financing_split *split =
        pc_arena_calloc(&plan->arena, (size_t)(plan->n_years + 1) * (size_t)plan->n_regions, sizeof *split);

    for (int i = 0; split && i < (plan->n_years + 1) * plan->n_regions; i++) {
        const int year = i / plan->n_regions;
        const double own = scenario->regions[i % plan->n_regions].value[PC_COL_CENTRAL_SUBSIDY_SHARE];
        if (province[year] + county[year] > 1) {
            pc_fail(status, PC_ERR_INPUT,
                    "found resident.province_share %g and resident.county_share %g in %d, allowed: at most 1 together",
                    province[year], county[year], scenario->base_year + year);
            return NULL;
        }
        split[i] =
            (pc_financing_split){individual[year], isnan(own) ? central[year] : own, province[year], county[year]};
    }
    if (!split) {
        pc_fail(status, PC_ERR_FAIL, "no memory for the schemes");
    }
    return split;
}

pc_code pc_plan_schemes(pc_plan *plan, pc_status *status)
{
    static const char *const scheme_names[PC_SCHEMES] = {"employee", "resident"};
    static const pc_region_column revenue[] = {PC_COL_EMPLOYEE_REVENUE_YUAN, PC_COL_RESIDENT_REVENUE_YUAN};
    static const pc_region_column balance[] = {PC_COL_EMPLOYEE_BALANCE_YUAN, PC_COL_RESIDENT_BALANCE_YUAN};
    const pc_scenario *scenario = plan->scenario;
    pc_world *world = &plan->world;
    pc_schemes *schemes = &world->schemes;
    pc_world_source zero = pc_plan_central_source(plan);
    double *sums = NULL, *outside_contributors, *outside_retirees;
    void *scratch = NULL;
    pc_people_counts counts = {0};
    pc_people_drivers drivers;
    pc_code code = PC_OK;
    char key[96];

    schemes->n_regions = plan->n_regions;
    schemes->n_years = plan->n_years;
    schemes->n_rules = world->people.n_rules;
    schemes->rules = world->people.rules;
    schemes->n_age_groups = world->people.n_age_groups;
    schemes->age_groups = world->people.age_groups;
    schemes->host = world->people.host;
    outside_contributors = pc_plan_numbers(plan, (size_t)plan->n_regions);
    outside_retirees = pc_plan_numbers(plan, (size_t)plan->n_regions);
    schemes->wage_start = world->economy.wage_start;
    schemes->rate = column(plan, PC_COL_EMPLOYEE_RATE);
    schemes->pooled_share = column(plan, PC_COL_POOLED_SHARE);
    schemes->account_start = column(plan, PC_COL_ACCOUNT_BALANCE_YUAN);
    schemes->credit = column(plan, PC_COL_RETIREE_CREDIT_YUAN);
    schemes->income_start = column(plan, PC_COL_DISPOSABLE_INCOME_YUAN);
    if (!outside_contributors || !outside_retirees || !schemes->rate || !schemes->pooled_share ||
        !schemes->account_start || !schemes->credit || !schemes->income_start) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the schemes");
    }
    schemes->split = financing_split(plan, status);
    if (!schemes->split) {
        return status->code;
    }
    for (int r = 0; r < plan->n_regions; r++) {
        outside_contributors[r] = plan->regions[r].outside_contributors;
        outside_retirees[r] = plan->regions[r].outside_retirees;
    }
    schemes->outside_contributors = outside_contributors;
    schemes->outside_retirees = outside_retirees;
    schemes->account_use = pc_scenario_number(scenario, "employee.account_use");
    schemes->credit_wage_linked = pc_scenario_number(scenario, "employee.credit_wage_linked");
    schemes->financing = (pc_financing)pc_scenario_number(scenario, "resident.financing");
    schemes->financing_growth = pc_scenario_series(
        scenario, schemes->financing == PC_FINANCING_TABLE ? "resident.financing_growth" : "resident.financing_points");
    schemes->financing_step = pc_scenario_series(scenario, "resident.financing_step");
    schemes->cpi = scenario->cpi;
    for (int s = 0; s < PC_SCHEMES; s++) {
        snprintf(key, sizeof key, "%s.major_illness", scheme_names[s]);
        schemes->major_illness[s] = pc_scenario_series(scenario, key);
        snprintf(key, sizeof key, "%s.benefit", scheme_names[s]);
        schemes->benefit[s] = pc_scenario_series(scenario, key);
        snprintf(key, sizeof key, "%s.expenditure_includes_other", scheme_names[s]);
        schemes->expenditure_includes_other[s] = pc_scenario_number(scenario, key) != 0;
        snprintf(key, sizeof key, "base_uncertainty.%s.revenue", scheme_names[s]);
        schemes->sd_revenue[s] = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "base_uncertainty.%s.expenditure", scheme_names[s]);
        schemes->sd_expenditure[s] = pc_scenario_number(scenario, key);
        snprintf(key, sizeof key, "base_uncertainty.%s.balance", scheme_names[s]);
        schemes->sd_balance[s] = pc_scenario_number(scenario, key);
        schemes->claims_cv[s] = world->economy.claims_cv[s];
        schemes->claims_tau[s] = world->economy.claims_tau[s];
        schemes->revenue_start[s] = column(plan, revenue[s]);
        schemes->balance_start[s] = column(plan, balance[s]);
        if (!schemes->revenue_start[s] || !schemes->balance_start[s]) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the schemes");
        }
    }

    /* the people of the central path, which the base-year exposures and the weights of closed migration come from */
    sums = pc_calloc(pc_world_sums_count(world), sizeof *sums);
    scratch = pc_calloc(pc_people_scratch_bytes(&world->people, plan->n_years), 1);
    if (!sums || !scratch) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for the central path's people");
        goto out;
    }
    drivers = (pc_people_drivers){.n_lanes = 1,
                                  .drift = zero.eps_drift,
                                  .kappa = zero.province,
                                  .fertility = zero.province,
                                  .migration = zero.migration};
    pc_people_run(&world->people, &drivers, sums, &counts, scratch, 1);
    if (world->people.migration_closed) {
        double *weight = pc_plan_numbers(plan, (size_t)(plan->n_years + 1) * (size_t)plan->n_regions);
        if (!weight) {
            code = pc_fail(status, PC_ERR_FAIL, "no memory for the weights of migration");
            goto out;
        }
        pc_migration_weights(&world->people, sums, weight);
        world->people.closed_weight = weight;
    }
    code = calibrate(plan, sums, status);
out:
    pc_free(sums);
    pc_free(scratch);
    return code;
}
