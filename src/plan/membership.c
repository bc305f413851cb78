/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the scenario to the membership rules: one for the scenario's own pension ages, one for each other table that a
 * policy names. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "people/membership.h"
#include "people/retirement.h"
#include "plan/plan.h"

/* Members who live elsewhere: carried without a word up to this factor, above it only with membership.allow_outside. */
static const double outside_limit = 1.05;

/* Pension ages moved by `shift` from the year after the base year on and by the stress; they rise by at most one a year
 * all the same. The table itself where nothing is moved; NULL without memory. */
static const double *moved_pension_age(pc_plan *plan, const double *ages, double shift)
{
    const double *stress = pc_scenario_series(plan->scenario, "stress.pension_age");
    const size_t n = (size_t)(plan->n_years + 1) * PC_RETIREMENT_CATEGORIES;
    int as_it_stands = shift == 0;
    double *moved;

    for (int t = 1; t <= plan->n_years; t++) {
        as_it_stands &= stress[t] == 0;
    }
    if (as_it_stands) {
        return ages;
    }
    moved = pc_plan_numbers(plan, n);
    for (size_t i = 0; moved && i < n; i++) {
        const size_t before = i - PC_RETIREMENT_CATEGORIES;
        moved[i] = ages[i];
        if (i >= PC_RETIREMENT_CATEGORIES) {
            moved[i] = fmin(moved[i] + shift + stress[i / PC_RETIREMENT_CATEGORIES], moved[before] + 1);
        }
    }
    return moved;
}

/* The rules in use: pairs of pension ages and vesting; the first is the scenario's own. */
static pc_code list_rules(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    const size_t room = (size_t)scenario->n_policies + 1, years = (size_t)plan->n_years + 1;
    int n = 1;

    plan->rule_names = pc_arena_calloc(&plan->arena, room, sizeof *plan->rule_names);
    plan->pension_age = pc_arena_calloc(&plan->arena, room, sizeof *plan->pension_age);
    plan->vesting = pc_arena_calloc(&plan->arena, room, sizeof *plan->vesting);
    plan->policy_rule = pc_arena_calloc(&plan->arena, room, sizeof *plan->policy_rule);
    if (!plan->rule_names || !plan->pension_age || !plan->vesting || !plan->policy_rule) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
    }
    plan->rule_names[0] = "scenario";
    plan->pension_age[0] =
        moved_pension_age(plan, scenario->pension_age, pc_scenario_number(scenario, "membership.pension_age_shift"));
    if (!plan->pension_age[0]) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
    }
    plan->vesting[0] = pc_scenario_series(scenario, "membership.vesting");
    for (int p = 0; p < scenario->n_policies; p++) {
        const pc_policy_entry *policy = &scenario->policies[p];
        const double *ages =
            policy->pension_age ? moved_pension_age(plan, policy->pension_age, 0) : plan->pension_age[0];
        const double *vesting = policy->vesting ? policy->vesting : plan->vesting[0];
        int k = 0;
        if (!ages) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
        }
        while (k < n && (memcmp(plan->pension_age[k], ages, years * PC_RETIREMENT_CATEGORIES * sizeof *ages) != 0 ||
                         memcmp(plan->vesting[k], vesting, years * sizeof *vesting) != 0)) {
            k++;
        }
        plan->policy_rule[p] = k;
        if (k == n) {
            const char *file = policy->pension_age ? policy->pension_age_file : "scenario";
            plan->rule_names[n] =
                policy->vesting ? pc_arena_printf(&plan->arena, "%s, vesting of %s", file, policy->name) : file;
            plan->pension_age[n] = ages;
            plan->vesting[n++] = vesting;
        }
    }
    plan->world.people.n_rules = n;
    return PC_OK;
}

/* Where membership's trend stands, as the start of a message; "" where it is a default. */
static void trend_place(const pc_scenario *scenario, char *out, size_t room)
{
    out[0] = 0;
    for (int k = 0; k < scenario->n_sections; k++) {
        const pc_section *section = &scenario->sections[k];
        for (int i = 0; strcmp(section->head->name, "membership") == 0 && i < section->head->n_params; i++) {
            const pc_place *place = &section->places[i];
            if (strcmp(section->head->params[i].key, "trend") == 0 && place->file) {
                snprintf(out, room, "%s:%d:%d: ", place->file, place->line, place->column);
            }
        }
    }
}

static pc_code calibrate(pc_plan *plan, const double *rho, double *start, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    int lock_in = (int)pc_scenario_number(scenario, "membership.lock_in_age");
    double cap = pc_scenario_number(scenario, "membership.cap");
    int allow_outside = pc_scenario_number(scenario, "membership.allow_outside") != 0;

    for (int r = 0; r < plan->n_regions; r++) {
        const pc_region *region = &scenario->regions[r];
        const int home = region->host >= 0 ? region->host : r; /* whose people its members are */
        pc_region_report *report = &plan->regions[r];
        pc_membership_fit fit;
        pc_status why = {0};
        double largest;

        pc_membership_calibrate(
            region->name, plan->world.people.population + (size_t)home * PC_SEXES * PC_AGES, rho,
            scenario->membership_profile + (scenario->has_region_membership ? (size_t)r * PC_AGES : 0), lock_in, cap,
            region->value[PC_COL_EMPLOYEE_CONTRIBUTORS], region->value[PC_COL_EMPLOYEE_RETIREES], &fit, &why);
        largest = fmax(fit.outside_contributors, fit.outside_retirees);
        if (!why.code && largest > outside_limit && !allow_outside) {
            pc_fail(
                &why, PC_ERR_INPUT,
                "found %.0f contributors and %.0f retirees in %s, %.3f times what its people can be, allowed: at most "
                "%.2f times (set membership.allow_outside: true if they live elsewhere)",
                region->value[PC_COL_EMPLOYEE_CONTRIBUTORS], region->value[PC_COL_EMPLOYEE_RETIREES], region->name,
                largest, outside_limit);
        }
        if (why.code) {
            return pc_fail(status, why.code, "%s:%d:%d: %s", region->place.file ? region->place.file : "regions",
                           region->place.line, region->place.column, why.message);
        }
        report->lambda = fit.lambda;
        report->mu = fit.mu;
        report->outside_contributors = fit.outside_contributors;
        report->outside_retirees = fit.outside_retirees;
        memcpy(start + (size_t)r * PC_AGES, fit.e, sizeof fit.e);
    }
    return PC_OK;
}

/* Nobody is a member of a host and of its carve-outs at once: their fractions of an age add up to at most 1. */
static pc_code check_carved(const pc_plan *plan, const double *e, pc_status *status)
{
    const pc_region *regions = plan->scenario->regions;

    for (int i = 0; plan->world.people.host && i < (plan->n_years + 1) * plan->n_regions; i++) {
        const int year = i / plan->n_regions, host = i % plan->n_regions, before = year * plan->n_regions;
        int last = -1;
        for (int a = 0; a < PC_AGES; a++) {
            double all = e[(size_t)i * PC_AGES + (size_t)a];
            for (int c = 0; c < plan->n_regions; c++) {
                if (regions[c].host == host) {
                    all += e[(size_t)(before + c) * PC_AGES + (size_t)a];
                    last = c;
                }
            }
            if (last >= 0 && !(all <= 1)) {
                const pc_place *place = &regions[last].place;
                return pc_fail(
                    status, PC_ERR_INPUT,
                    "%s:%d:%d: found %.4g members of %s and its carve-outs for each of its people of age %d in "
                    "%d, allowed at most 1",
                    place->file ? place->file : "regions", place->line, place->column, all, regions[host].name, a,
                    plan->scenario->base_year + year);
            }
        }
    }
    return PC_OK;
}

pc_code pc_plan_membership(pc_plan *plan, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    pc_people *people = &plan->world.people;
    size_t years = (size_t)plan->n_years + 1, n = (size_t)plan->n_regions;
    double *e = NULL, *start = pc_plan_numbers(plan, n * PC_AGES),
           *ages = pc_plan_numbers(plan, years * PC_RETIREMENT_CATEGORIES);
    const char **names = pc_arena_calloc(&plan->arena, n, sizeof *names);
    double lock_in = pc_scenario_number(scenario, "membership.lock_in_age");
    pc_membership_rule *rules;
    pc_code code = list_rules(plan, status);

    if (code) {
        return code;
    }
    rules = pc_arena_calloc(&plan->arena, (size_t)people->n_rules, sizeof *rules);
    if (!start || !ages || !names || !rules) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
    }
    for (size_t r = 0; r < n; r++) {
        names[r] = scenario->regions[r].name;
    }
    people->retirees_se = pc_scenario_number(scenario, "membership.retirees_se");
    people->retirees_region_se = pc_scenario_number(scenario, "membership.regional_retirees_se");
    people->retirees_trend = pc_scenario_number(scenario, "membership.retirees_trend");
    people->retirees_correlation = pc_scenario_number(scenario, "membership.retirees_correlation");
    if (people->retirees_trend != 0 || people->retirees_se > 0 || people->retirees_region_se > 0) {
        people->retirees_years = pc_plan_faded_years(plan, "membership.retirees_fade");
        if (!people->retirees_years) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
        }
    }
    people->band_lo = PC_AGES;
    people->band_hi = 1;
    people->rules_share_e = 1;
    people->rules = rules;
    for (int k = 0; k < people->n_rules; k++) {
        double *rho = pc_plan_numbers(plan, years * PC_SEXES * PC_AGES), *h_cap = pc_plan_numbers(plan, years * n);
        pc_status why = {0};
        if (!rho || !h_cap) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
        }
        for (size_t t = 0; t < years; t++) {
            for (size_t c = 0; c < PC_RETIREMENT_CATEGORIES; c++) {
                ages[c * years + t] = plan->pension_age[k][t * PC_RETIREMENT_CATEGORIES + c];
            }
        }
        if (pc_pension_age_check(plan->n_years, scenario->base_year, ages, lock_in, &why)) {
            return pc_fail(status, why.code, "pension ages of %s: %s", plan->rule_names[k], why.message);
        }
        pc_retired_part(plan->n_years, ages, pc_scenario_number(scenario, "membership.women_cadres"), rho);
        pc_retired_band(plan->n_years, rho, &people->band_lo, &people->band_hi);
        if (k == 0) {
            /* membership of the base year is the same under every rule: it is reproduced under the scenario's own */
            code = calibrate(plan, rho, start, status);
            if (code) {
                return code;
            }
        }
        if (k == 0 || memcmp(plan->vesting[k], plan->vesting[k - 1], years * sizeof(double)) != 0) {
            people->rules_share_e = k == 0;
            e = pc_plan_numbers(plan, years * n * PC_AGES);
            if (!e) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
            }
            if (pc_membership_table(plan->n_years, plan->n_regions, scenario->base_year, names, start, (int)lock_in,
                                    pc_scenario_series(scenario, "membership.trend"), plan->vesting[k], e, &why)) {
                char place[320];
                trend_place(scenario, place, sizeof place);
                return pc_fail(status, why.code, "%s%s", place, why.message);
            }
            code = check_carved(plan, e, status);
            if (code) {
                return code;
            }
        }
        pc_membership_h_cap(plan->n_years, plan->n_regions, e, rho, pc_scenario_number(scenario, "employment.max"),
                            h_cap);
        rules[k] = (pc_membership_rule){.e = e, .rho = rho, .h_cap = h_cap};
        if (people->retirees_years) {
            double *retired_cap = pc_plan_numbers(plan, years * n);
            if (!retired_cap) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for the membership rules");
            }
            pc_membership_retired_cap(plan->n_years, plan->n_regions, e, rho, retired_cap);
            rules[k].retired_cap = retired_cap;
        }
    }
    return PC_OK;
}
