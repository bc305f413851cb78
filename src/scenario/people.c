/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables by age: population, mortality, fertility, migration, membership, costs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "scenario/reader.h"

#define SHARE_TOLERANCE 1e-6
static const char *const SEX_NAMES[PC_SEXES] = {"female", "male"};
static const pc_param AGE = {"age", PC_PARAM_INT, "years", 0, PC_AGES - 1, 0, NULL, ""};
static const pc_param SHARE = {"share", PC_PARAM_NUMBER, "fraction", 0, 1, 0, NULL, ""};

/* The table under a key of `tables`, its standard name where it is left out. */
static const pc_table *open_table(pc_reader *reader, const pc_section *top, const char *key, const char *standard)
{
    const int p = pc_section_find(top, key);

    return pc_reader_table(reader, NULL, top->values[p].given ? top->values[p].text : standard,
                           pc_reader_spot(reader, NULL));
}

static int cell_number(pc_reader *reader, const pc_param *param, const pc_table *table, int row, int column,
                       double *value)
{
    const pc_cell *cell = pc_csv_cell(table, row, column);

    return pc_value_parse(param, param->key, cell->text, cell->spot, reader->problems, value);
}

static int cell_sex(pc_reader *reader, const pc_table *table, int row, int column, int *sex)
{
    const pc_cell *cell = pc_csv_cell(table, row, column);

    for (*sex = 0; *sex < PC_SEXES; ++*sex) {
        if (strcmp(cell->text, SEX_NAMES[*sex]) == 0 || (cell->text[0] == SEX_NAMES[*sex][0] && cell->text[1] == 0)) {
            return 1;
        }
    }
    pc_problem(reader->problems, cell->spot, "found \"%s\" for sex, allowed female or male", cell->text);
    return 0;
}

/* Reports each run of ages without a row. `whose` names the rows: "female". */
static void check_complete(pc_reader *reader, const pc_table *table, const unsigned char *seen, int from, int to,
                           const char *whose)
{
    for (int age = from; age <= to; age++) {
        int last = age;
        if (seen[age]) {
            continue;
        }
        while (last < to && !seen[last + 1]) {
            last++;
        }
        if (last > age) {
            pc_problem(reader->problems, table->header[0].spot,
                       "found no rows of %sages %d to %d, allowed a table with every age "
                       "from %d to %d",
                       whose, age, last, from, to);
        } else {
            pc_problem(reader->problems, table->header[0].spot,
                       "found no row of %sage %d, allowed a table with every age from %d to %d", whose, age, from, to);
        }
        age = last;
    }
}

static void check_sum(pc_reader *reader, const pc_table *table, int column, double sum, const char *what)
{
    if (!(fabs(sum - 1) <= SHARE_TOLERANCE)) {
        pc_problem(reader->problems, table->header[column].spot,
                   "found shares of %s that add up to %.10g, allowed 1 within 1e-6", what, sum);
    }
}

/* Reads columns by sex and age: out[k] + (group * PC_SEXES + sex) * PC_AGES + age for k < n_values. `group_at` >= 0:
 * the column with the region of a row. Every cell must be there once. */
static void read_sex_age(pc_reader *reader, const pc_table *table, const int *at, int group_at, const pc_param *params,
                         int n_values, double *const *out)
{
    const int n_groups = group_at >= 0 ? reader->scenario->n_regions : 1;
    unsigned char *seen = pc_arena_calloc(reader->scratch, (size_t)n_groups + 1, PC_SEXES * PC_AGES);
    const int before = reader->problems->n;
    int group = 0;

    if (!seen) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return;
    }
    for (int row = 0; row < table->n_rows; row++) {
        const pc_cell *cell;
        double age, value;
        int sex, fine;
        size_t place;
        if (group_at >= 0) {
            cell = pc_csv_cell(table, row, group_at);
            if (strcmp(cell->text, reader->scenario->regions[group].id) !=
                0) { /* rows of a region mostly stand together */
                group = pc_region_find(reader->scenario, cell->text);
            }
            if (group < 0) {
                group = 0;
                pc_problem(reader->problems, cell->spot,
                           "found the unknown region \"%s\", allowed a code of regions.csv", cell->text);
                continue;
            }
        }
        fine = cell_sex(reader, table, row, at[0], &sex);
        fine = cell_number(reader, &AGE, table, row, at[1], &age) && fine;
        if (!fine) {
            continue;
        }
        place = ((size_t)group * PC_SEXES + (size_t)sex) * PC_AGES + (size_t)age;
        if (seen[place]) {
            pc_problem(reader->problems, pc_csv_cell(table, row, at[1])->spot,
                       "found %s, age %d a second time, allowed once", SEX_NAMES[sex], (int)age);
        }
        seen[place] = 1;
        for (int k = 0; k < n_values; k++) {
            if (cell_number(reader, &params[k], table, row, at[2 + k], &value)) {
                out[k][place] = value;
            }
        }
    }
    /* A row that could not be read is not reported as missing too. */
    for (group = 0; group < n_groups && reader->problems->n == before; group++) {
        if (group_at >= 0 && reader->scenario->regions[group].host >= 0) {
            continue; /* a carve-out has no people of its own */
        }
        for (int sex = 0; sex < PC_SEXES; sex++) {
            char whose[200];
            snprintf(whose, sizeof whose, "%s%s%s, ", group_at >= 0 ? reader->scenario->regions[group].id : "",
                     group_at >= 0 ? ", " : "", SEX_NAMES[sex]);
            check_complete(reader, table, seen + ((size_t)group * PC_SEXES + (size_t)sex) * PC_AGES, 0, PC_AGES - 1,
                           whose);
        }
    }
}

static void read_population(pc_reader *reader, const pc_section *top)
{
    static const pc_param persons = {"persons", PC_PARAM_NUMBER, "persons", 0, 2e9, 0, NULL, ""};
    pc_scenario *s = reader->scenario;
    const pc_table *table = open_table(reader, top, "tables.population", "population.csv");
    const pc_column columns[] = {{"sex", 1}, {"age", 1}, {"persons", 1}, {"region", 0}};
    const int before = reader->problems->n;
    int at[4];

    if (!table || !pc_csv_columns(table, columns, 4, NULL, 0, at, reader->problems) ||
        (at[3] >= 0 && !reader->regions)) {
        return;
    }
    const size_t groups = at[3] >= 0 ? (size_t)s->n_regions : 1;
    s->has_region_population = at[3] >= 0;
    s->population = pc_reader_keep(reader, groups * PC_SEXES * PC_AGES, sizeof(double));
    if (!s->population) {
        return;
    }
    read_sex_age(reader, table, at, at[3], &persons, 1, &s->population);
    for (size_t g = 0; g < groups && reader->problems->n == before; g++) {
        double band[3] = {0};
        if (at[3] >= 0 && s->regions[g].host >= 0) {
            continue;
        }
        for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
            const int age = i % PC_AGES;
            band[age < 15 ? 0 : age < 60 ? 1 : 2] += s->population[g * PC_SEXES * PC_AGES + (size_t)i];
        }
        if (!(band[0] > 0 && band[1] > 0 && band[2] > 0)) {
            pc_problem(
                reader->problems, table->header[at[2]].spot,
                "found %.10g, %.10g and %.10g persons aged 0-14, 15-59 and 60+ (%s), allowed more than 0 in each",
                band[0], band[1], band[2], at[3] >= 0 ? s->regions[g].id : _("all regions"));
        }
    }
}

static void read_mortality(pc_reader *reader, const pc_section *top)
{
    static const pc_param params[] = {{"alpha", PC_PARAM_NUMBER, "", -20, 2, 0, NULL, ""},
                                      {"beta", PC_PARAM_NUMBER, "", -1, 1, 0, NULL, ""}};
    const pc_table *table = open_table(reader, top, "tables.mortality", "mortality.csv");
    const pc_column columns[] = {{"sex", 1}, {"age", 1}, {"alpha", 1}, {"beta", 1}};
    double *out[2];
    int at[4];

    if (!table || !pc_csv_columns(table, columns, 4, NULL, 0, at, reader->problems)) {
        return;
    }
    out[0] = reader->scenario->alpha = pc_reader_keep(reader, PC_SEXES * PC_AGES, sizeof(double));
    out[1] = reader->scenario->beta = pc_reader_keep(reader, PC_SEXES * PC_AGES, sizeof(double));
    if (out[0] && out[1]) {
        read_sex_age(reader, table, at, -1, params, 2, out);
    }
}

static void read_fertility(pc_reader *reader, const pc_section *top)
{
    static const pc_param age_param = {"age", PC_PARAM_INT, "years", 15, 49, 0, NULL, ""};
    const pc_table *table = open_table(reader, top, "tables.fertility", "fertility.csv");
    const pc_column columns[] = {{"age", 1}, {"share", 1}};
    const int before = reader->problems->n;
    unsigned char seen[PC_AGES] = {0};
    double *out, sum = 0;
    int at[2];

    if (!table || !pc_csv_columns(table, columns, 2, NULL, 0, at, reader->problems)) {
        return;
    }
    out = reader->scenario->fertility_share = pc_reader_keep(reader, PC_AGES, sizeof(double));
    for (int row = 0; row < table->n_rows && out; row++) {
        double age, share;
        if (!cell_number(reader, &age_param, table, row, at[0], &age) ||
            !cell_number(reader, &SHARE, table, row, at[1], &share)) {
            continue;
        }
        if (seen[(int)age]) {
            pc_problem(reader->problems, pc_csv_cell(table, row, at[0])->spot,
                       "found age %d a second time, allowed once", (int)age);
        }
        seen[(int)age] = 1;
        out[(int)age] = share;
        sum += share;
    }
    if (reader->problems->n == before) {
        check_complete(reader, table, seen, 15, 49, "");
        check_sum(reader, table, at[1], sum, _("births"));
    }
}

/* Reads `age_from` of a row: ascending. */
static int read_step(pc_reader *reader, const pc_table *table, int row, int column, double *previous)
{
    double age;

    if (!cell_number(reader, &AGE, table, row, column, &age)) {
        return -1;
    }
    if (age <= *previous) {
        pc_problem(reader->problems, pc_csv_cell(table, row, column)->spot,
                   "found age %d after age %d, allowed ages in ascending "
                   "order, each once",
                   (int)age, (int)*previous);
        return -1;
    }
    *previous = age;
    return (int)age;
}

static void read_migration(pc_reader *reader, const pc_section *top)
{
    const pc_table *table = open_table(reader, top, "tables.migration", "migration.csv");
    const pc_column by_group[] = {{"age_from", 1}, {"share", 1}}, by_age[] = {{"sex", 1}, {"age", 1}, {"share", 1}};
    const int before = reader->problems->n;
    double *out, share, sum = 0, previous = -1;
    int at[3], first = -1;

    if (!table) {
        return;
    }
    const int groups = pc_csv_find(table, "age_from") >= 0;
    if (!pc_csv_columns(table, groups ? by_group : by_age, groups ? 2 : 3, NULL, 0, at, reader->problems)) {
        return;
    }
    out = reader->scenario->migration_share = pc_reader_keep(reader, PC_SEXES * PC_AGES, sizeof(double));
    if (!out) {
        return;
    }
    if (!groups) {
        read_sex_age(reader, table, at, -1, &SHARE, 1, &out);
        for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
            sum += out[i];
        }
        if (reader->problems->n == before && (out[0] > 0 || out[PC_AGES] > 0)) {
            pc_problem(reader->problems, table->header[at[2]].spot, "found a share of %.10g at age 0, allowed 0 there",
                       out[0] + out[PC_AGES]);
        }
    }
    /* A group reaches up to the next one; age 0 gets nothing of the first. */
    for (int row = 0; groups && row < table->n_rows; row++) {
        const int from = read_step(reader, table, row, at[0], &previous);
        const int fine = cell_number(reader, &SHARE, table, row, at[1], &share);
        double next = PC_AGES;
        if (from < 0 || !fine) {
            continue;
        }
        if (row + 1 < table->n_rows) {
            pc_problems *quiet = pc_arena_calloc(reader->scratch, 1, sizeof *quiet);
            const pc_cell *cell = pc_csv_cell(table, row + 1, at[0]);
            if (!quiet || !pc_value_parse(&AGE, "age_from", cell->text, cell->spot, quiet, &next)) {
                continue; /* the next row reports it */
            }
        }
        first = from > 0 ? from : 1;
        if (share > 0 && first >= (int)next && (int)next > from) {
            pc_problem(reader->problems, pc_csv_cell(table, row, at[1])->spot,
                       "found a share of %.10g for age 0 alone, allowed 0 there", share);
        }
        for (int age = first; age < (int)next; age++) {
            for (int sex = 0; sex < PC_SEXES; sex++) {
                out[sex * PC_AGES + age] = share / (PC_SEXES * ((int)next - first));
            }
        }
        sum += share;
    }
    if (reader->problems->n == before) {
        check_sum(reader, table, at[groups ? 1 : 2], sum, _("net migrants"));
    }
}

/* Step functions of age; `from_zero`: the first step must be at age 0. */
static void read_steps(pc_reader *reader, const pc_table *table, const pc_column *columns, const pc_param *params,
                       int n, double *const *out, int from_zero)
{
    double previous = -1;
    int at[4];

    if (!table || !pc_csv_columns(table, columns, n + 1, NULL, 0, at, reader->problems)) {
        return;
    }
    for (int row = 0; row < table->n_rows; row++) {
        const int from = read_step(reader, table, row, at[0], &previous);
        if (row == 0 && from > 0 && from_zero) {
            pc_problem(reader->problems, pc_csv_cell(table, row, at[0])->spot,
                       "found %d as the first age, allowed 0: every age needs "
                       "a value",
                       from);
        }
        for (int k = 0; k < n; k++) {
            double value;
            if (cell_number(reader, &params[k], table, row, at[1 + k], &value) && from >= 0 && out[k]) {
                for (int age = from; age < PC_AGES; age++) {
                    out[k][age] = value;
                }
            }
        }
    }
}

/* The region of a row; -1 after a complaint. */
static int cell_region(pc_reader *reader, const pc_cell *cell)
{
    const int r = pc_region_find(reader->scenario, cell->text);

    if (r < 0) {
        pc_problem(reader->problems, cell->spot, "found the unknown region \"%s\", allowed a code of regions.csv",
                   cell->text);
    }
    return r;
}

/* Reports each region without a row. */
static void check_regions(pc_reader *reader, const pc_table *table, const unsigned char *seen)
{
    for (int r = 0; r < reader->scenario->n_regions; r++) {
        if (!seen[r]) {
            pc_problem(reader->problems, table->header[0].spot,
                       "found no row of the region %s, allowed a table with all", reader->scenario->regions[r].id);
        }
    }
}

/* The profile of membership, one for all regions or one for each; rows of a region stand together. */
static void read_profile(pc_reader *reader, const pc_table *table)
{
    static const pc_param profile = {"profile", PC_PARAM_NUMBER, "fraction", 0, 10, 0, NULL, ""};
    static const pc_column columns[] = {{"age_from", 1}, {"profile", 1}, {"region", 0}};
    pc_scenario *s = reader->scenario;
    unsigned char *seen = pc_arena_calloc(reader->scratch, (size_t)s->n_regions + 1, 1);
    const int before = reader->problems->n;
    double previous = -1;
    int at[3], r = -1;

    if (!table || !seen || !pc_csv_columns(table, columns, 3, NULL, 0, at, reader->problems) ||
        (at[2] >= 0 && !reader->regions)) {
        return;
    }
    s->has_region_membership = at[2] >= 0;
    s->membership_profile = pc_reader_keep(reader, (size_t)(at[2] >= 0 ? s->n_regions : 1) * PC_AGES, sizeof(double));
    for (int row = 0; row < table->n_rows && s->membership_profile; row++) {
        int from;
        double value;
        if (at[2] >= 0 && (r < 0 || strcmp(pc_csv_cell(table, row, at[2])->text, s->regions[r].id) != 0)) {
            r = cell_region(reader, pc_csv_cell(table, row, at[2]));
            previous = -1;
            if (r >= 0 && seen[r]++) {
                pc_problem(reader->problems, pc_csv_cell(table, row, at[2])->spot,
                           "found rows of the region %s a second time, allowed all rows of a region together",
                           s->regions[r].id);
            }
        }
        from = read_step(reader, table, row, at[0], &previous);
        if (cell_number(reader, &profile, table, row, at[1], &value) && from >= 0 && (at[2] < 0 || r >= 0)) {
            for (int age = from; age < PC_AGES; age++) {
                s->membership_profile[(size_t)(r >= 0 ? r : 0) * PC_AGES + (size_t)age] = value;
            }
        }
    }
    if (at[2] >= 0 && reader->problems->n == before) {
        check_regions(reader, table, seen);
    }
}

const char *const pc_base_sums[PC_BASE_SUMS] = {
    "population",       "aged",         "resident_cost",     "contributors", "retirees",
    "contributor_cost", "retiree_cost", "contributor_rcost", "retiree_rcost"};

/* Exposures of the base year, where the year before is known. */
static void read_exposure(pc_reader *reader, const pc_section *top)
{
    static const pc_param ratio = {"ratio", PC_PARAM_NUMBER, "1", 0.5, 2, 0, NULL, ""};
    pc_scenario *s = reader->scenario;
    pc_column columns[1 + PC_BASE_SUMS] = {{"region", 1}};
    const int p = pc_section_find(top, "tables.exposure"), before = reader->problems->n;
    const pc_table *table;
    unsigned char *seen;
    int at[1 + PC_BASE_SUMS];

    if (!top->values[p].given) {
        return;
    }
    for (int k = 0; k < PC_BASE_SUMS; k++) {
        columns[1 + k] = (pc_column){pc_base_sums[k], 1};
    }
    table = open_table(reader, top, "tables.exposure", "");
    seen = pc_arena_calloc(reader->scratch, (size_t)s->n_regions + 1, 1);
    if (!table || !seen || !reader->regions ||
        !pc_csv_columns(table, columns, 1 + PC_BASE_SUMS, NULL, 0, at, reader->problems)) {
        return;
    }
    s->base_exposure = pc_reader_keep(reader, (size_t)s->n_regions * PC_BASE_SUMS, sizeof(double));
    for (int row = 0; row < table->n_rows && s->base_exposure; row++) {
        const pc_cell *cell = pc_csv_cell(table, row, at[0]);
        const int r = cell_region(reader, cell);
        if (r >= 0 && seen[r]++) {
            pc_problem(reader->problems, cell->spot, "found the region %s a second time, allowed once", cell->text);
        }
        for (int k = 0; k < PC_BASE_SUMS && r >= 0; k++) {
            cell_number(reader, &ratio, table, row, at[1 + k], &s->base_exposure[r * PC_BASE_SUMS + k]);
        }
    }
    if (reader->problems->n == before) {
        check_regions(reader, table, seen);
    }
}

static void read_membership_and_cost(pc_reader *reader, const pc_section *top)
{
    static const pc_param costs[] = {{"contributor", PC_PARAM_NUMBER, "index", 0, 1000, 0, NULL, ""},
                                     {"retiree", PC_PARAM_NUMBER, "index", 0, 1000, 0, NULL, ""},
                                     {"resident", PC_PARAM_NUMBER, "index", 0, 1000, 0, NULL, ""}};
    static const pc_column cost_columns[] = {{"age_from", 1}, {"contributor", 1}, {"retiree", 1}, {"resident", 1}};
    pc_scenario *s = reader->scenario;
    double *out[3];

    read_profile(reader, open_table(reader, top, "tables.membership", "membership.csv"));
    read_exposure(reader, top);
    out[0] = s->age_cost_act = pc_reader_keep(reader, PC_AGES, sizeof(double));
    out[1] = s->age_cost_ret = pc_reader_keep(reader, PC_AGES, sizeof(double));
    out[2] = s->age_cost_res = pc_reader_keep(reader, PC_AGES, sizeof(double));
    read_steps(reader, open_table(reader, top, "tables.age_cost", "age_cost.csv"), cost_columns, costs, 3, out, 1);
}

void pc_people_tables_read(pc_reader *reader, const pc_section *top)
{
    const int p = pc_section_find(top, "tables.pension_age");

    read_population(reader, top);
    read_mortality(reader, top);
    read_fertility(reader, top);
    read_migration(reader, top);
    read_membership_and_cost(reader, top);
    reader->scenario->pension_age = pc_pension_age_read(
        reader, NULL, top->values[p].given ? top->values[p].text : "pension_age.csv", pc_reader_spot(reader, NULL));
}
