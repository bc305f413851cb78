/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a scenario and a year's accounts to the projection and what was observed. */
#include "study/roll.h"

#include <math.h>
#include <string.h>

#include "engine/run.h"
#include "list.h"
#include "people/membership.h"
#include "scenario/csv.h"
#include "scenario/schema.h"
#include "scenario/values.h"

const char *const pc_roll_names[PC_ROLL_ITEMS] = {"passing", "reserve", "revenue", "expenditure", "members", "wages"};

int pc_roll_item_of(pc_region_column column)
{
    switch (column) {
    case PC_COL_EMPLOYEE_BALANCE_YUAN:
    case PC_COL_RESIDENT_BALANCE_YUAN:
    case PC_COL_ACCOUNT_BALANCE_YUAN:
        return PC_ROLL_RESERVE;
    case PC_COL_EMPLOYEE_REVENUE_YUAN:
    case PC_COL_RESIDENT_REVENUE_YUAN:
        return PC_ROLL_REVENUE;
    case PC_COL_EMPLOYEE_EXPENDITURE_YUAN:
    case PC_COL_RESIDENT_EXPENDITURE_YUAN:
        return PC_ROLL_EXPENDITURE;
    case PC_COL_POPULATION:
    case PC_COL_EMPLOYEE_CONTRIBUTORS:
    case PC_COL_EMPLOYEE_RETIREES:
    case PC_COL_RESIDENT_MEMBERS:
        return PC_ROLL_MEMBERS;
    case PC_COL_WAGE_YUAN:
    case PC_COL_RETIREE_CREDIT_YUAN:
    case PC_COL_DISPOSABLE_INCOME_YUAN:
        return PC_ROLL_WAGES;
    default:
        return -1;
    }
}

static double *figure(double *table, int region, pc_region_column column)
{
    return &table[(size_t)region * PC_REGION_COLUMNS + (size_t)column];
}

/* ---- what cannot be rolled
 * --------------------------------------------------------------------------------------------- */

static pc_code check_series(const pc_scenario *s, const char *key, pc_status *status)
{
    const double *x = pc_scenario_series(s, key);

    for (int t = 1; x && t <= s->horizon; t++) {
        if (x[t] != x[0]) {
            return pc_fail(status, PC_ERR_INPUT,
                           "found %s, which changes over the years, allowed a constant in a scenario that is rolled",
                           key);
        }
    }
    return PC_OK;
}

static pc_code check_scenario(const pc_scenario *s, pc_status *status)
{
    const pc_policy_entry *policy = &s->policies[s->baseline];
    pc_code code = s->horizon < 2
                       ? pc_fail(status, PC_ERR_INPUT, "found a horizon of %d years, allowed at least 2", s->horizon)
                       : check_series(s, "membership.trend", status);

    if (!code && pc_scenario_number(s, "membership.pension_age_shift") != 0) {
        code = pc_fail(status, PC_ERR_INPUT,
                       "found membership.pension_age_shift, allowed none in a scenario that is rolled: put it into the "
                       "table of pension ages");
    }
    for (int r = 0; r < s->n_regions && !code; r++) {
        if (s->regions[r].host >= 0) {
            code =
                pc_fail(status, PC_ERR_INPUT, "%s:%d:1: found a carve-out, allowed none in a scenario that is rolled",
                        s->regions[r].place.file, s->regions[r].place.line);
        }
    }
    for (int v = 0; v < PC_SCHEMES && !code; v++) {
        for (int k = 0; k < policy->n_phases[v]; k++) {
            const pc_phase_entry *phase = &policy->phases[v][k];
            if (phase->from_year <= s->base_year + 1 && phase->n_layers + phase->n_levers > 0) {
                code =
                    pc_fail(status, PC_ERR_INPUT,
                            "%s:%d:%d: found layers or levers of the baseline %s in force in %d, allowed a baseline "
                            "without: the year's accounts do not say what each region had before them",
                            phase->place.file, phase->place.line, phase->place.column, policy->name, s->base_year + 1);
                break;
            }
        }
    }
    return code;
}

/* ---- the projection
 * ---------------------------------------------------------------------------------------------------- */

/* Values of the central path by output, view, region, year 1. */
typedef struct central {
    pc_layout layout;
    double *values;
    int baseline;
} central;

/* The year's exposure as the mean of its two ends, over what is there at its end: what the new base year's constants
 * are fitted with, so that they are the old ones where the accounts are as projected. */
static void project_exposure(const pc_people *people, pc_roll *roll, const double *sums)
{
    const size_t row = (size_t)roll->n_regions * PC_LANES, year = (size_t)pc_people_n_sums(people) * row;

    for (int r = 0; r < roll->n_regions; r++) {
        for (int k = 0; k < PC_BASE_SUMS; k++) {
            const double *at = sums + (size_t)k * row + (size_t)r * PC_LANES;
            const double ratio = 0.5 * (at[0] + at[year]) / at[year];
            roll->exposure[r * PC_BASE_SUMS + k] = at[year] > 0 ? fmin(fmax(ratio, 0.5), 2) : 1;
        }
        memcpy(roll->membership + (size_t)r * PC_AGES,
               people->rules[0].e + ((size_t)roll->n_regions + (size_t)r) * PC_AGES,
               PC_AGES * sizeof *people->rules[0].e);
    }
}

static double central_value(const central *c, const char *name, int view, int region)
{
    pc_quantity q = {.probability = NAN};
    int subject, output;

    snprintf(q.name, sizeof q.name, "%s", name);
    return pc_quantity_output(&q, &subject, &output)
               ? c->values[pc_layout_cell(&c->layout, subject ? 1 + c->baseline : 0, output, view, region, 1)]
               : NAN;
}

/* Heads at the end of the year: the stocks, not the year's means. */
static void project_heads(const pc_plan *plan, pc_roll *roll, const double *sums)
{
    const pc_schemes *constants = &plan->world.schemes;
    const size_t row = (size_t)roll->n_regions * PC_LANES, year = (size_t)pc_people_n_sums(&plan->world.people) * row;
    const double growth =
        plan->world.economy.employment_trend *
        (plan->world.economy.employment_trend_years ? plan->world.economy.employment_trend_years[1] : 0);

    for (int r = 0; r < roll->n_regions; r++) {
        const double *at = sums + year + (size_t)r * PC_LANES;
        const double people = at[PC_SUM_POPULATION * row], a = at[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS) * row];
        const double q = at[PC_SUM_OF_RULE(0, PC_RULE_RETIREES) * row], active = exp(growth) * a;

        *figure(roll->projected, r, PC_COL_POPULATION) = people;
        *figure(roll->projected, r, PC_COL_EMPLOYEE_CONTRIBUTORS) = constants->outside_contributors[r] * active;
        *figure(roll->projected, r, PC_COL_EMPLOYEE_RETIREES) = constants->outside_retirees[r] * q;
        *figure(roll->projected, r, PC_COL_RESIDENT_MEMBERS) = constants->enrolment[r] * fmax(people - active - q, 0);
    }
}

/* The shares of broad ages, and births where the table has them, of the projected people. */
static void project_ages(const pc_plan *plan, pc_roll *roll, int r)
{
    const pc_scenario *s = roll->scenario;
    const double *people = roll->population + (size_t)r * PC_SEXES * PC_AGES;
    double young = 0, old = 0, all = 0, mothers = 0;

    for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
        young += i % PC_AGES < 15 ? people[i] : 0;
        old += i % PC_AGES >= 60 ? people[i] : 0;
        all += people[i];
    }
    for (int a = 0; a < PC_AGES; a++) {
        mothers += s->fertility_share[a] * people[a];
    }
    *figure(roll->projected, r, PC_COL_POPULATION) = all;
    *figure(roll->projected, r, PC_COL_SHARE_0_14) = young / all;
    *figure(roll->projected, r, PC_COL_SHARE_60_PLUS) = old / all;
    if (!isnan(s->regions[r].value[PC_COL_BIRTHS_PER_1000])) {
        *figure(roll->projected, r, PC_COL_BIRTHS_PER_1000) =
            1000 * plan->world.people.tfr_factor[r] * plan->world.people.tfr[1] * mothers / all;
    }
}

static void project_money(const pc_plan *plan, pc_roll *roll, const central *c, int r)
{
    static const pc_region_column revenue[] = {PC_COL_EMPLOYEE_REVENUE_YUAN, PC_COL_RESIDENT_REVENUE_YUAN};
    static const pc_region_column spent[] = {PC_COL_EMPLOYEE_EXPENDITURE_YUAN, PC_COL_RESIDENT_EXPENDITURE_YUAN};
    static const pc_region_column balance[] = {PC_COL_EMPLOYEE_BALANCE_YUAN, PC_COL_RESIDENT_BALANCE_YUAN};
    const double *before = roll->scenario->regions[r].value;
    const double wage = central_value(c, "wage", PC_EMPLOYEE, r), grown = wage / before[PC_COL_WAGE_YUAN];

    for (int v = 0; v < PC_SCHEMES; v++) {
        *figure(roll->projected, r, revenue[v]) = central_value(c, "revenue", v, r);
        *figure(roll->projected, r, spent[v]) =
            central_value(c, "expenditure", v, r) +
            (plan->world.schemes.expenditure_includes_other[v] ? central_value(c, "other_outgo", v, r) : 0);
        *figure(roll->projected, r, balance[v]) = central_value(c, "balance", v, r);
    }
    *figure(roll->projected, r, PC_COL_ACCOUNT_BALANCE_YUAN) = central_value(c, "account_balance", PC_EMPLOYEE, r);
    *figure(roll->projected, r, PC_COL_WAGE_YUAN) = wage;
    if (plan->world.schemes.credit_wage_linked != 0) {
        *figure(roll->projected, r, PC_COL_RETIREE_CREDIT_YUAN) = before[PC_COL_RETIREE_CREDIT_YUAN] * grown;
    }
    *figure(roll->projected, r, PC_COL_DISPOSABLE_INCOME_YUAN) =
        before[PC_COL_DISPOSABLE_INCOME_YUAN] * grown * exp(-plan->world.economy.income_gap);
}

static pc_code project(const pc_plan *plan, pc_roll *roll, pc_status *status)
{
    const pc_people *people = &plan->world.people;
    const pc_world_source zero = pc_plan_central_source(plan);
    double *sums = pc_calloc(2 * (size_t)pc_people_n_sums(people) * (size_t)roll->n_regions * PC_LANES, sizeof *sums);
    void *scratch = pc_calloc(pc_people_scratch_bytes(people, 1), 1);
    const pc_people_drivers calm = {1, zero.eps_drift, zero.province, zero.province, 0, zero.migration};
    pc_people_counts counts;
    central c = {.baseline = roll->scenario->baseline};
    pc_code code = sums && scratch ? pc_layout_for(plan, &c.layout, status)
                                   : pc_fail(status, PC_ERR_FAIL, "no memory for the projection");

    if (code) {
        goto out;
    }
    c.values = pc_calloc(c.layout.n_cells, sizeof *c.values);
    code = c.values ? pc_run_central(plan, &c.layout, c.values, status)
                    : pc_fail(status, PC_ERR_FAIL, "no memory for the projection");
    if (code) {
        goto out;
    }
    pc_people_block_run(people, 1, 1, &calm, sums, &counts, scratch, 1);
    if (people->retirees_years) {
        pc_membership_retirees(people, NULL, 1, 1, sums);
    }
    for (int r = 0; r < roll->n_regions; r++) {
        pc_people_kept(people, 1, scratch, r, roll->population + (size_t)r * PC_SEXES * PC_AGES);
    }
    project_exposure(people, roll, sums);
    project_heads(plan, roll, sums);
    for (int r = 0; r < roll->n_regions; r++) {
        project_ages(plan, roll, r);
        project_money(plan, roll, &c, r);
    }
out:
    pc_layout_release(&c.layout);
    pc_free(c.values);
    pc_free(sums);
    pc_free(scratch);
    return code;
}

/* ---- the accounts
 * ------------------------------------------------------------------------------------------------------ */

typedef struct reader {
    const pc_table *table;
    pc_problems *problems;
    int year, code, months, at[PC_REGION_COLUMNS];
} reader;

static int is_flow(pc_region_column column)
{
    const int item = pc_roll_item_of(column);

    return item == PC_ROLL_REVENUE || item == PC_ROLL_EXPENDITURE;
}

/* A year's figure from one of its first months: what was seen of a flow, or of a balance, and the projection of the
 * rest. */
static double whole_year(pc_roll *roll, int r, pc_region_column column, double seen, int months)
{
    const double left = 1 - months / 12.0, projected = *figure(roll->projected, r, column);

    if (is_flow(column)) {
        return seen + left * projected;
    }
    return pc_roll_item_of(column) == PC_ROLL_RESERVE
               ? seen + left * (projected - roll->scenario->regions[r].value[column])
               : seen;
}

static void read_row(const reader *in, int row, pc_roll *roll)
{
    static const pc_param months_param = {"months", PC_PARAM_INT, "", 1, 12, 12, NULL, ""};
    const pc_cell *year = pc_csv_cell(in->table, row, in->year), *code = pc_csv_cell(in->table, row, in->code);
    double months = 12;
    int calendar, r = 0;

    while (r < roll->n_regions && strcmp(roll->scenario->regions[r].id, code->text) != 0) {
        r++;
    }
    if (r == roll->n_regions) {
        const char *known[512];
        int n = 0;
        for (; n < roll->n_regions && n < 512; n++) {
            known[n] = roll->scenario->regions[n].id;
        }
        pc_value_unknown("code", code->text, code->spot, known, n, in->problems);
        return;
    }
    if (!pc_value_year("year", year->text, year->spot, in->problems, &calendar)) {
        return;
    }
    if (calendar != roll->base_year) {
        pc_problem(in->problems, year->spot, "found the year %d, allowed %d, the year after the base year", calendar,
                   roll->base_year);
        return;
    }
    if (in->months >= 0) {
        const pc_cell *cell = pc_csv_cell(in->table, row, in->months);
        if (cell->text[0] && !pc_value_parse(&months_param, "months", cell->text, cell->spot, in->problems, &months)) {
            return;
        }
    }
    for (int c = 0; c < PC_REGION_COLUMNS; c++) {
        const pc_cell *cell = in->at[c] >= 0 ? pc_csv_cell(in->table, row, in->at[c]) : NULL;
        double *observed = figure(roll->observed, r, (pc_region_column)c), value;
        if (!cell || !cell->text[0] ||
            !pc_value_parse(&pc_schema_region.params[c], pc_schema_region.params[c].key, cell->text, cell->spot,
                            in->problems, &value)) {
            continue;
        }
        if (!isnan(*observed)) {
            pc_problem(in->problems, cell->spot, "found %s of %s a second time, allowed once",
                       pc_schema_region.params[c].key, code->text);
            continue;
        }
        *observed = whole_year(roll, r, (pc_region_column)c, value, (int)months);
        roll->n_observed++;
    }
}

static pc_code read_accounts(const pc_file *file, pc_roll *roll, pc_status *status)
{
    pc_column columns[3 + PC_REGION_COLUMNS] = {{"year", 1}, {"code", 1}, {"months", 0}};
    pc_problems *problems = pc_arena_calloc(&roll->arena, 1, sizeof *problems);
    reader in = {.problems = problems};
    int at[3 + PC_REGION_COLUMNS], column[PC_REGION_COLUMNS], n = 0;
    static const char *const extras[] = {"name", "name_en"};

    in.table = problems ? pc_csv_read(file, &roll->arena, problems, status) : NULL;
    if (!problems) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the accounts");
    }
    for (int c = 0; c < PC_REGION_COLUMNS; c++) {
        in.at[c] = -1;
        if (pc_roll_item_of((pc_region_column)c) >= 0) {
            columns[3 + n] = (pc_column){pc_schema_region.params[c].key, 0};
            column[n++] = c;
        }
    }
    if (!in.table || !pc_csv_columns(in.table, columns, 3 + n, extras, 2, at, problems)) {
        return status->code ? status->code : pc_problems_finish(problems, status);
    }
    in.year = at[0];
    in.code = at[1];
    in.months = at[2];
    for (int k = 0; k < n; k++) {
        in.at[column[k]] = at[3 + k];
    }
    for (int row = 0; row < in.table->n_rows; row++) {
        read_row(&in, row, roll);
    }
    if (problems->n == 0 && roll->n_observed == 0) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found no figure, allowed at least one", file->shown);
    }
    return pc_problems_finish(problems, status);
}

pc_code pc_roll_open(const pc_plan *plan, const pc_file *accounts, pc_roll *roll, pc_status *status)
{
    const pc_scenario *s = plan->scenario;
    const size_t figures = (size_t)s->n_regions * PC_REGION_COLUMNS;
    pc_code code = check_scenario(s, status);

    roll->scenario = s;
    roll->files = s->files;
    roll->base_year = s->base_year + 1;
    roll->n_regions = s->n_regions;
    if (code) {
        return code;
    }
    roll->projected = pc_arena_calloc(&roll->arena, figures, sizeof *roll->projected);
    roll->observed = pc_arena_calloc(&roll->arena, figures, sizeof *roll->observed);
    roll->population =
        pc_arena_calloc(&roll->arena, (size_t)s->n_regions * PC_SEXES * PC_AGES, sizeof *roll->population);
    roll->membership = pc_arena_calloc(&roll->arena, (size_t)s->n_regions * PC_AGES, sizeof *roll->membership);
    roll->exposure = pc_arena_calloc(&roll->arena, (size_t)s->n_regions * PC_BASE_SUMS, sizeof *roll->exposure);
    if (!roll->projected || !roll->observed || !roll->population || !roll->membership || !roll->exposure) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the projection");
    }
    for (size_t i = 0; i < figures; i++) {
        roll->projected[i] = s->regions[i / PC_REGION_COLUMNS].value[i % PC_REGION_COLUMNS];
        roll->observed[i] = NAN;
    }
    code = project(plan, roll, status);
    return code ? code : read_accounts(accounts, roll, status);
}

void pc_roll_release(pc_roll *roll)
{
    pc_arena_release(&roll->arena);
}
