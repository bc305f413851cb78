/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/age_tables.h"

#include <math.h>
#include <stdlib.h>

#include "scenario/csv.h"
#include "scenario/values.h"

static const pc_param age_param = {"age_from", PC_PARAM_INT, "years", 0, 100, 0, NULL, ""};
static const pc_param count_param = {"persons", PC_PARAM_NUMBER, "", 0, 2e9, 0, NULL, ""};
static const pc_param money_param = {"yuan", PC_PARAM_NUMBER, "yuan", 0, 1e16, 0, NULL, ""};
static const char *const kinds[PC_AGE_KINDS] = {"contributor", "retiree", "resident"};

typedef struct job {
    const pc_table *table;
    pc_problems *problems;
} job;

static const pc_table *table_of(const pc_files *files, const char *name, pc_arena *arena, pc_problems *problems,
                                pc_status *status)
{
    pc_status quiet = {0};
    const pc_file *file = pc_files_get(files, name, &quiet);

    return file ? pc_csv_read(file, arena, problems, status) : NULL;
}

/* The first age of a row, in ascending order from 0; 0 after a problem. */
static int read_age(const job *j, int row, int column, int *ages)
{
    const pc_cell *cell = pc_csv_cell(j->table, row, column);
    double age;

    if (!pc_value_parse(&age_param, "age_from", cell->text, cell->spot, j->problems, &age)) {
        return 0;
    }
    if (row == PC_AGES || (row == 0 ? age != 0 : age <= ages[row - 1])) {
        pc_problem(j->problems, cell->spot, "found the age %s, allowed ages from 0 on in ascending order", cell->text);
        return 0;
    }
    ages[row] = (int)age;
    return 1;
}

/* A number, NaN where the cell is empty or the column is not there. */
static double read_number(const job *j, int row, int column, const pc_param *param)
{
    const pc_cell *cell = column >= 0 ? pc_csv_cell(j->table, row, column) : NULL;
    double value;

    return cell && cell->text[0] &&
                   pc_value_parse(param, j->table->header[column].text, cell->text, cell->spot, j->problems, &value)
               ? value
               : NAN;
}

static void read_membership(const job *j, pc_age_tables *out)
{
    static const pc_column columns[] = {{"age_from", 1}, {"members", 1}, {"people", 1}};
    int at[3];

    if (!pc_csv_columns(j->table, columns, 3, NULL, 0, at, j->problems)) {
        return;
    }
    for (int row = 0; row < j->table->n_rows && read_age(j, row, at[0], out->membership_age); row++) {
        const double members = read_number(j, row, at[1], &count_param),
                     people = read_number(j, row, at[2], &count_param);
        if (!(people > 0) || !(members <= people)) {
            const pc_cell *cell = pc_csv_cell(j->table, row, at[1]);
            pc_problem(j->problems, cell->spot, "found %s members of %s people, allowed at most all of some people",
                       cell->text, pc_csv_cell(j->table, row, at[2])->text);
            return;
        }
        out->profile[row] = members / people;
        out->n_membership = row + 1;
    }
}

/* Ages without persons take what the nearest age has. */
static void fill_gaps(const double *persons, int n, double *index)
{
    for (int i = 0; i < n; i++) {
        int nearest = -1;
        for (int k = 0; persons[i] == 0 && k < n; k++) {
            if (persons[k] > 0 && (nearest < 0 || abs(k - i) < abs(nearest - i))) {
                nearest = k;
            }
        }
        if (nearest >= 0) {
            index[i] = index[nearest];
        }
    }
}

static void read_cost(const job *j, pc_age_tables *out)
{
    static const pc_column columns[1 + 2 * PC_AGE_KINDS] = {
        {"age_from", 1},     {"contributor_persons", 1}, {"contributor_yuan", 1}, {"retiree_persons", 0},
        {"retiree_yuan", 0}, {"resident_persons", 0},    {"resident_yuan", 0}};
    double sum_persons[PC_AGE_KINDS] = {0}, sum_yuan[PC_AGE_KINDS] = {0};
    int at[1 + 2 * PC_AGE_KINDS];

    if (!pc_csv_columns(j->table, columns, 1 + 2 * PC_AGE_KINDS, NULL, 0, at, j->problems)) {
        return;
    }
    for (int row = 0; row < j->table->n_rows && read_age(j, row, at[0], out->cost_age); row++) {
        for (int k = 0; k < PC_AGE_KINDS; k++) {
            const double persons = read_number(j, row, at[1 + 2 * k], &count_param);
            const double yuan = read_number(j, row, at[2 + 2 * k], &money_param);
            if (persons > 0 && !isnan(yuan)) {
                out->persons[k][row] = persons;
                out->index[k][row] = yuan / persons;
                sum_persons[k] += persons;
                sum_yuan[k] += yuan;
            }
        }
        out->n_cost = row + 1;
    }
    if (j->problems->n == 0 && !(sum_yuan[PC_AGE_CONTRIBUTORS] > 0)) {
        pc_problem(j->problems, j->table->header[at[1]].spot, "found no cost of contributors, allowed some");
    }
    for (int k = 0; k < PC_AGE_KINDS && j->problems->n == 0; k++) {
        const int own = k == PC_AGE_RESIDENTS && sum_yuan[k] > 0 ? k : PC_AGE_CONTRIBUTORS;
        const int from = sum_yuan[k] > 0 ? k : PC_AGE_CONTRIBUTORS;
        if (from == k) {
            for (int i = 0; i < out->n_cost; i++) {
                out->index[k][i] /= sum_yuan[own] / sum_persons[own];
            }
            fill_gaps(out->persons[k], out->n_cost, out->index[k]);
        }
    }
    for (int k = 1; k < PC_AGE_KINDS && j->problems->n == 0; k++) {
        for (int i = 0; i < out->n_cost && !(sum_yuan[k] > 0); i++) {
            out->index[k][i] = out->index[PC_AGE_CONTRIBUTORS][i];
        }
    }
}

pc_code pc_age_tables_read(const pc_files *files, pc_arena *arena, pc_age_tables *out, pc_status *status)
{
    pc_problems *problems = pc_arena_calloc(arena, 1, sizeof *problems);
    job j = {.problems = problems};

    *out = (pc_age_tables){0};
    if (!problems) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    j.table = table_of(files, "members_by_age.csv", arena, problems, status);
    if (j.table) {
        read_membership(&j, out);
    }
    j.table = status->code ? NULL : table_of(files, "cost_by_age.csv", arena, problems, status);
    if (j.table) {
        read_cost(&j, out);
    }
    return status->code ? status->code : pc_problems_finish(problems, status);
}

void pc_age_tables_put(const pc_age_tables *t, pc_results *results)
{
    static const char group[] = "calibration";
    const pc_dimension *dims[2];
    int64_t ages[PC_AGES];

    if (t->n_membership > 0) {
        for (int i = 0; i < t->n_membership; i++) {
            ages[i] = t->membership_age[i];
        }
        dims[0] = pc_results_dimension(results, "membership_age", (size_t)t->n_membership, PC_I64, ages, "years",
                                       "first age of the group");
        pc_results_put(results, group, "profile", PC_F64, 1, dims, t->profile, "1", "members over people of the age");
    }
    if (t->n_cost > 0) {
        const pc_dimension *kind =
            pc_results_dimension(results, "kind", PC_AGE_KINDS, PC_TEXT, kinds, NULL, "kind of member");
        double index[PC_AGE_KINDS * PC_AGES];
        for (int i = 0; i < t->n_cost; i++) {
            ages[i] = t->cost_age[i];
        }
        for (int i = 0; i < PC_AGE_KINDS * t->n_cost; i++) {
            index[i] = t->index[i / t->n_cost][i % t->n_cost];
        }
        dims[0] = kind;
        dims[1] = pc_results_dimension(results, "cost_age", (size_t)t->n_cost, PC_I64, ages, "years",
                                       "first age of the group");
        pc_results_put(results, group, "cost_index", PC_F64, 2, dims, index, "1",
                       "cost of a person of the age over the mean contributor (residents: the mean resident)");
    }
}
