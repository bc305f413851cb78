/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section `stress`, put where its deviations act: NULL pointers where a scenario has none, so that nothing is
 * computed for it. */
#include <string.h>

#include "plan/plan.h"

static int is_flat(const double *series, int n_years, double value)
{
    for (int t = 1; t <= n_years; t++) {
        if (series[t] != value) {
            return 0;
        }
    }
    return 1;
}

static const double *series_of(const pc_plan *plan, const char *key)
{
    return pc_scenario_series(plan->scenario, key);
}

/* The base year's accounts are calibrated on the people of the first year: what moves these may not begin there. */
static pc_code check_start(const pc_plan *plan, pc_status *status)
{
    static const char *const keys[] = {"stress.mortality", "stress.mortality_drift", "stress.migration",
                                       "stress.pension_age"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const double *x = series_of(plan, keys[i]);
        if (x[0] != 0 || x[1] != 0) {
            return pc_fail(status, PC_ERR_INPUT,
                           "%s: found %g in %d, allowed 0 until %d (the base year's accounts are calibrated on the "
                           "people of that year) and anything later, e.g. %s[%d:]=...",
                           keys[i], x[1] != 0 ? x[1] : x[0], plan->scenario->base_year + (x[1] != 0),
                           plan->scenario->base_year + 1, keys[i], plan->scenario->base_year + 2);
        }
    }
    return PC_OK;
}

/* Which regions the local factors act on: local[region]. */
static pc_code find_local(const pc_plan *plan, unsigned char *local, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    const pc_value *value = pc_scenario_value(scenario, "stress.local.regions");
    const char *at = value && value->text ? value->text : "";

    memset(local, 0, (size_t)plan->n_regions);
    while (*(at += strspn(at, ", "))) {
        const size_t length = strcspn(at, ", ");
        int found = -1;
        double most = -1;
        for (int r = 0; r < plan->n_regions; r++) {
            const pc_region *region = &scenario->regions[r];
            const double members =
                region->value[PC_COL_EMPLOYEE_CONTRIBUTORS] + region->value[PC_COL_EMPLOYEE_RETIREES];
            if (length == 7 && strncmp(at, "largest", length) == 0 && members > most) {
                most = members;
                found = r;
            } else if (strlen(region->id) == length && strncmp(region->id, at, length) == 0) {
                found = r;
            }
        }
        if (found < 0) {
            return pc_fail(status, PC_ERR_INPUT,
                           "found \"%.*s\" for stress.local.regions, which is no region, allowed codes of regions, or "
                           "largest",
                           (int)length, at);
        }
        local[found] = 1;
        at += length;
    }
    return PC_OK;
}

static pc_code put_factors(pc_plan *plan, pc_status *status)
{
    static const char *const keys[PC_SCHEMES][2] = {{"stress.employee.revenue", "stress.employee.expenditure"},
                                                    {"stress.resident.revenue", "stress.resident.expenditure"}};
    static const char *const local_keys[2] = {"stress.local.revenue", "stress.local.expenditure"};
    const size_t n = (size_t)plan->n_regions, years = (size_t)plan->n_years + 1;
    pc_economy *economy = &plan->world.economy;
    unsigned char *local = pc_arena_calloc(&plan->arena, n, 1);
    int none = 1;
    pc_code code;

    if (!local) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the stress");
    }
    code = find_local(plan, local, status);
    for (int k = 0; k < 2; k++) {
        none &= is_flat(series_of(plan, local_keys[k]), plan->n_years, 1);
        for (int s = 0; s < PC_SCHEMES; s++) {
            none &= is_flat(series_of(plan, keys[s][k]), plan->n_years, 1);
        }
    }
    if (code || none) {
        return code;
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        for (int k = 0; k < 2; k++) {
            const double *own = series_of(plan, keys[s][k]), *there = series_of(plan, local_keys[k]);
            double *factor = pc_plan_numbers(plan, years * n);
            if (!factor) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for the stress");
            }
            for (size_t i = 0; i < years * n; i++) {
                factor[i] = own[i / n] * (local[i % n] ? there[i / n] : 1);
            }
            *(k ? &economy->sure_expenditure[s] : &economy->sure_revenue[s]) = factor;
        }
    }
    return PC_OK;
}

pc_code pc_plan_stress(pc_plan *plan, pc_status *status)
{
    const double *level = series_of(plan, "stress.mortality"), *drift = series_of(plan, "stress.mortality_drift");
    const double *migration = series_of(plan, "stress.migration"), *employment = series_of(plan, "stress.employment");
    pc_code code = check_start(plan, status);

    if (code) {
        return code;
    }
    if (!is_flat(level, plan->n_years, 0) || !is_flat(drift, plan->n_years, 0)) {
        double *shift = pc_plan_numbers(plan, (size_t)plan->n_years + 1), gained = 0;
        if (!shift) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the stress");
        }
        for (int t = 1; t <= plan->n_years; t++) {
            gained += drift[t];
            shift[t] = level[t] + gained;
        }
        plan->world.people.kappa_shift = shift;
    }
    if (!is_flat(migration, plan->n_years, 0)) {
        plan->world.people.migration_extra = migration;
    }
    if (!is_flat(employment, plan->n_years, 0)) {
        plan->world.economy.employment_shift = employment;
    }
    return put_factors(plan, status);
}
