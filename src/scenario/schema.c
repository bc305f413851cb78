/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "scenario/schema.h"

#include <math.h>
#include <stddef.h>

#include "economy/heads.h"
#include "list.h"
#include "scenario/scenario.h"

/* Seeds are whole numbers below 2^64, read digit by digit. */
#define SEED_MAX 18446744073709551616.0

static const pc_param top_params[] = {
    {"title", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("Title of the scenario, shown in tables and reports.")},
    {"title_en", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("Title in English; the title where it is left out.")},
    {"note", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("What is estimated and what a reader must know; shown in the report.")},
    {"base_year", PC_PARAM_INT, "year", 1950, 2200, 2024, NULL,
     N_("Year of the accounts: stocks are those of its 31 December. Must be given.")},
    {"horizon", PC_PARAM_INT, "years", 1, 200, 50, NULL, N_("Years to forecast after the base year.")},
    {"paths", PC_PARAM_INT, "", 0, 1000000000, 10000, NULL,
     N_("Number of simulated paths; 0 runs only the central path.")},
    {"seed", PC_PARAM_INT, "", 0, SEED_MAX, 1, NULL,
     N_("Seed of the random numbers: the same seed gives the same paths.")},
    {"sampling", PC_PARAM_CHOICE, "", 0, 2, 0, "plain|antithetic|rqmc",
     N_("How paths are drawn: plain, each by itself; antithetic, in pairs with opposite signs; rqmc, randomised "
        "quasi-Monte Carlo, such pairs on scrambled Sobol points: fewer paths for the same error. solve and stress do the "
        "same, other studies draw plain paths.")},
    {"replicates", PC_PARAM_INT, "", 4, 1024, 16, NULL,
     N_("Unless paths are plain, independent parts of equal size from which errors come. Each has a multiple of 256 "
        "paths, with rqmc a power of two.")},
    {"baseline", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("Policy that the others are compared with; the first where it is left out.")},
    {"quantiles_for", PC_PARAM_CHOICE, "", 0, 1, 0, "usual|all",
     N_("Whether quantiles are kept for the usual outputs or for all of them.")},
    {"treasury_alpha", PC_PARAM_NUMBER, "fraction", 0.5, 0.9999, 0.95, NULL,
     N_("Level of value at risk and tail value at risk of the treasury's cost.")},
    {"whole.id", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("Identifier of all regions together; \"whole\" where it is left out.")},
    {"whole.name", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("Name of all regions together.")},
    {"whole.name_en", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("The same in English.")},
    {"tables.regions", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: one row a region, with its people and its accounts.")},
    {"tables.population", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: [region,] sex, age, persons; ages 0 to 100 of both sexes, for all regions together or for each.")},
    {"tables.mortality", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: sex, age, alpha, beta of log death rates, ages 0 to 100.")},
    {"tables.fertility", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("CSV: age, share of births, ages 15 to 49, sum 1.")},
    {"tables.migration", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: age_from, share of net migrants in groups, or sex, age, share; sum 1.")},
    {"tables.membership", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: [region,] age_from, profile of membership in the employee scheme, a step function, 0 below its first "
        "age.")},
    {"tables.exposure", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: region and, for each sum over its people, the base year's exposure over the sum at 31 December, where "
        "the "
        "year before is known; without it the next year's growth is put back. 'poolcast roll' writes it.")},
    {"tables.age_cost", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: age_from, contributor, retiree, resident: cost by age, step functions from age 0.")},
    {"tables.pension_age", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: year, men, women_cadres, women_workers: pension ages, joined linearly, flat outside.")},
    {"tables.cpi", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: year, inflation, a row for each year from the one after the base year, flat after the last; instead of "
        "prices.inflation.")},
    {"prices.inflation", PC_PARAM_SERIES, "fraction/year", -0.2, 1, 0.02, NULL,
     N_("Growth of consumer prices in each year; price level 1 in the base year.")},
    {"region_correlation.table", PC_PARAM_TEXT, "", 0, 0, 0, NULL,
     N_("CSV: region, then a column for each region: correlations between regions; independent where it is left out.")},
};

const pc_head pc_schema_top = {
    .slot = "scenario",
    .name = "",
    .title = N_("Scenario"),
    .doc = N_("Keys at the top of scenario.yaml."),
    .equation = "",
    .source = "",
    .params = top_params,
    .n_params = sizeof top_params / sizeof *top_params,
};

#define PEOPLE 2e9
#define MONEY  1e16
static const pc_param region_params[] = {
    {"population", PC_PARAM_NUMBER, "persons", 1, PEOPLE, 0, NULL, N_("People at 31 December of the base year.")},
    {"share_0_14", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Share of people aged 0 to 14.")},
    {"share_60_plus", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Share of people aged 60 and over.")},
    {"births_per_1000", PC_PARAM_NUMBER, "", 0, 100, NAN, NULL, N_("Births per 1000 people in the base year.")},
    {"mortality_factor", PC_PARAM_NUMBER, "", 0.1, 10, 1, NULL, N_("Factor on death rates.")},
    {"net_migration_rate", PC_PARAM_NUMBER, "fraction/year", -0.2, 0.2, 0, NULL, N_("Net migration over population.")},
    {"employee_contributors", PC_PARAM_NUMBER, "persons", 0, PEOPLE, 0, NULL,
     N_("Contributors of the employee scheme at 31 December.")},
    {"employee_retirees", PC_PARAM_NUMBER, "persons", 0, PEOPLE, 0, NULL,
     N_("Retirees of the employee scheme at 31 December.")},
    {"resident_members", PC_PARAM_NUMBER, "persons", 0, PEOPLE, 0, NULL,
     N_("Members of the resident scheme at 31 December.")},
    {"wage_yuan", PC_PARAM_NUMBER, "yuan", 1, 1e8, 0, NULL, N_("Average wage a year.")},
    {"employee_rate", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, N_("Contribution rate, employer plus employee.")},
    {"pooled_share", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL,
     N_("Share of contributions that goes to the pooled fund.")},
    {"employee_revenue_yuan", PC_PARAM_NUMBER, "yuan", 0, MONEY, 0, NULL,
     N_("Revenue of the employee fund in the base year.")},
    {"employee_expenditure_yuan", PC_PARAM_NUMBER, "yuan", 0, MONEY, 0, NULL, N_("Expenditure of the employee fund.")},
    {"employee_balance_yuan", PC_PARAM_NUMBER, "yuan", -MONEY, MONEY, 0, NULL,
     N_("Balance of the employee fund at 31 December.")},
    {"resident_revenue_yuan", PC_PARAM_NUMBER, "yuan", 0, MONEY, 0, NULL,
     N_("Revenue of the resident fund in the base year.")},
    {"resident_expenditure_yuan", PC_PARAM_NUMBER, "yuan", 0, MONEY, 0, NULL, N_("Expenditure of the resident fund.")},
    {"resident_balance_yuan", PC_PARAM_NUMBER, "yuan", -MONEY, MONEY, 0, NULL,
     N_("Balance of the resident fund at 31 December.")},
    {"account_balance_yuan", PC_PARAM_NUMBER, "yuan", 0, MONEY, 0, NULL, N_("Individual accounts at 31 December.")},
    {"retiree_credit_yuan", PC_PARAM_NUMBER, "yuan/person", 0, 1e6, 0, NULL,
     N_("Yearly credit to a retiree's individual account.")},
    {"disposable_income_yuan", PC_PARAM_NUMBER, "yuan/person", 1, 1e8, NAN, NULL,
     N_("Disposable income a head and year.")},
    {"central_subsidy_share", PC_PARAM_NUMBER, "fraction", 0, 1, NAN, NULL,
     N_("Share of the residents' subsidy paid by the centre.")},
};
_Static_assert(sizeof region_params / sizeof *region_params == PC_REGION_COLUMNS,
               "one parameter for each region column");

const pc_head pc_schema_region = {
    .slot = "scenario",
    .name = "regions.csv",
    .title = N_("Regions"),
    .doc =
        N_("Columns of regions.csv, beside code, name, name_en, stream, quality, source, note and the text columns of "
           "partitions. carved_from: code of the region among whose people the members of this one are counted (a fund "
           "without territory, such as a provincial one for state bodies); such a region has no people, no births, no "
           "migration and no residents of its own."),
    .equation = "",
    .source = "",
    .params = region_params,
    .n_params = sizeof region_params / sizeof *region_params,
};

int pc_schema_region_required(int column)
{
    switch (column) {
    case PC_COL_BIRTHS_PER_1000:
    case PC_COL_MORTALITY_FACTOR:
    case PC_COL_NET_MIGRATION_RATE:
    case PC_COL_ACCOUNT_BALANCE_YUAN:
    case PC_COL_RETIREE_CREDIT_YUAN:
    case PC_COL_DISPOSABLE_INCOME_YUAN:
    case PC_COL_CENTRAL_SUBSIDY_SHARE:
        return 0;
    default:
        return 1;
    }
}

static const pc_schema_part parts[] = {
    {"quantiles", N_("list of fractions between 0 and 1, ascending, at most 64"),
     "[0.5 %, 1 %, 5 %, 10 %, 25 %, 50 %, 75 %, 90 %, 95 %, 99 %, 99.5 %]", N_("Quantiles kept in the results.")},
    {"months_bands", N_("list of months, ascending, at most 16"), "[0, 3, 6, 9, 15]",
     N_("Bounds of the bands of reserve months.")},
    {"control_years", N_("list of years of the run, ascending, at most 8"), "[]",
     N_("Years for which balances, months of reserve and chances of having run out are estimated by control variates "
        "too, with smaller errors.")},
    {"distribution", N_("normal or {student_t: NU}, NU above 2"), "normal",
     N_("Distribution of the yearly shocks of the whole.")},
    {"correlation", N_("list of [driver, driver, value from -1 to 1]"), "[]",
     N_("Correlations of the drivers mortality, fertility, employment, wages, cost, returns; the pairs not listed are "
        "0.")},
    {"region_correlation.drivers", N_("list of names"), "[migration, employment, wages, cost_employee, cost_resident]",
     N_("Drivers that are correlated between regions; claims_employee and claims_resident may be added.")},
    {"shocks", N_("map NAME: {probability, duration, ...}"), "{}", N_("Rare events.")},
    {"partitions", N_("map NAME: {column: COLUMN} or {groups: {ID: [region, ...]}}, with reported: true or false"),
     "{}", N_("Groupings of the regions; `whole`, all in one group, is always there.")},
    {"policies",
     N_("map NAME: {title, title_en, source, note, pension_age, vesting, employee | resident | both: {YEAR: {layers, "
        "levers, "
        "shortfall}}} or {use: NAME of the library, or FILE}"),
     "",
     N_("What is compared: for each scheme, from 1 January of a year on, layers, levers and shortfall rules. At least "
        "one.")},
};

const pc_schema_part *pc_schema_parts(int *n)
{
    *n = (int)(sizeof parts / sizeof *parts);
    return parts;
}

int pc_schema_n_heads(pc_schema_place place)
{
    switch (place) {
    case PC_PLACE_TOP:
    case PC_PLACE_REGION:
    case PC_PLACE_SHOCK:
        return 1;
    case PC_PLACE_SECTION:
        return pc_n_heads;
    case PC_PLACE_LAYER:
        return pc_n_layers;
    case PC_PLACE_LEVER:
        return pc_n_levers;
    case PC_PLACE_SHORTFALL:
        return pc_n_shortfalls;
    default:
        return 0;
    }
}

const pc_head *pc_schema_head(pc_schema_place place, int index)
{
    switch (place) {
    case PC_PLACE_TOP:
        return &pc_schema_top;
    case PC_PLACE_REGION:
        return &pc_schema_region;
    case PC_PLACE_SHOCK:
        return &pc_head_shock;
    case PC_PLACE_SECTION:
        return pc_all_heads[index];
    case PC_PLACE_LAYER:
        return &pc_all_layers[index]->head;
    case PC_PLACE_LEVER:
        return &pc_all_levers[index]->head;
    case PC_PLACE_SHORTFALL:
        return &pc_all_shortfalls[index]->head;
    default:
        return NULL;
    }
}

int pc_schema_takes_over(pc_schema_place place, const pc_head *head)
{
    return place == PC_PLACE_LAYER &&
           ((const pc_layer *)((const char *)head - offsetof(pc_layer, head)))->takes_partition;
}

void pc_schema_each(void (*visit)(void *context, pc_schema_place place, const pc_head *head, const pc_param *param),
                    void *context)
{
    for (int place = 0; place < PC_SCHEMA_PLACES; place++) {
        for (int i = 0; i < pc_schema_n_heads((pc_schema_place)place); i++) {
            const pc_head *head = pc_schema_head((pc_schema_place)place, i);
            for (int p = 0; p < head->n_params; p++) {
                visit(context, (pc_schema_place)place, head, &head->params[p]);
            }
        }
    }
}
