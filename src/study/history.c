/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/history.h"

#include <gsl/gsl_interp.h>
#include <math.h>
#include <string.h>

#include "scenario/csv.h"
#include "scenario/values.h"

static const char history_file[] = "history.csv", mortality_file[] = "mortality.csv";
const char *const pc_history_names[PC_HISTORY_COLUMNS] = {
    "tfr", "employment", "wage_yuan", "employee_cost_yuan", "resident_cost_yuan", "interest"};
static const pc_param columns[PC_HISTORY_COLUMNS] = {
    {"tfr", PC_PARAM_NUMBER, "", 0.1, 10, 0, NULL, ""},
    {"employment", PC_PARAM_NUMBER, "", 1e-9, 1e12, 0, NULL, ""},
    {"wage_yuan", PC_PARAM_NUMBER, "yuan", 1, 1e9, 0, NULL, ""},
    {"employee_cost_yuan", PC_PARAM_NUMBER, "yuan", 1e-3, 1e9, 0, NULL, ""},
    {"resident_cost_yuan", PC_PARAM_NUMBER, "yuan", 1e-3, 1e9, 0, NULL, ""},
    {"interest", PC_PARAM_NUMBER, "fraction/year", -0.5, 1, 0, NULL, ""},
};
static const pc_param rate_param = {"rate", PC_PARAM_NUMBER, "", 1e-8, 10, 0, NULL, ""};
static const pc_param age_param = {"age", PC_PARAM_INT, "years", 0, 100, 0, NULL, ""};

typedef struct job {
    pc_arena *arena;
    pc_problems *problems;
    pc_status *status;
    int first, last;
} job;

/* The table of a file that need not be there. */
static const pc_table *table_of(const pc_files *files, const char *name, job *j)
{
    pc_status quiet = {0};
    const pc_file *file = pc_files_get(files, name, &quiet);

    return file ? pc_csv_read(file, j->arena, j->problems, j->status) : NULL;
}

static int wanted(const job *j, int year)
{
    return year >= j->first && year <= j->last;
}

static void read_series(const pc_table *table, job *j, pc_history *out)
{
    pc_column names[1 + PC_HISTORY_COLUMNS] = {{"year", 1}};
    int at[1 + PC_HISTORY_COLUMNS], n = 0;

    for (int c = 0; c < PC_HISTORY_COLUMNS; c++) {
        names[1 + c] = (pc_column){pc_history_names[c], 0};
    }
    if (!pc_csv_columns(table, names, 1 + PC_HISTORY_COLUMNS, NULL, 0, at, j->problems)) {
        return;
    }
    out->years = pc_arena_calloc(j->arena, (size_t)table->n_rows + 1, sizeof *out->years);
    for (int c = 0; c < PC_HISTORY_COLUMNS; c++) {
        out->value[c] = pc_arena_calloc(j->arena, (size_t)table->n_rows + 1, sizeof(double));
        if (!out->value[c] || !out->years) {
            pc_fail(j->status, PC_ERR_FAIL, "out of memory");
            return;
        }
    }
    for (int row = 0; row < table->n_rows; row++) {
        const pc_cell *cell = pc_csv_cell(table, row, at[0]);
        int year;
        if (!pc_value_year("year", cell->text, cell->spot, j->problems, &year) || !wanted(j, year)) {
            continue;
        }
        if (n > 0 && year <= out->years[n - 1]) {
            pc_problem(j->problems, cell->spot, "found the year %d after %d, allowed years in ascending order", year,
                       out->years[n - 1]);
            return;
        }
        out->years[n] = year;
        for (int c = 0; c < PC_HISTORY_COLUMNS; c++) {
            out->value[c][n] = NAN;
            cell = at[1 + c] >= 0 ? pc_csv_cell(table, row, at[1 + c]) : NULL;
            if (cell && cell->text[0]) {
                pc_value_parse(&columns[c], pc_history_names[c], cell->text, cell->spot, j->problems,
                               &out->value[c][n]);
            }
        }
        n++;
    }
    out->n_years = n;
}

/* Log rates at the middle of every single age from those of groups. */
static void graduate(const double *start, const double *log_rate, int n, double *out)
{
    double middle[PC_AGES];
    gsl_interp *spline = n >= 3 ? gsl_interp_alloc(gsl_interp_steffen, (size_t)n) : NULL;

    for (int k = 0; k < n; k++) {
        const double width = k + 1 < n ? start[k + 1] - start[k] : k > 0 ? fmin(start[k] - start[k - 1], 5) : 1;
        middle[k] = start[k] + 0.5 * width;
    }
    if (spline) {
        gsl_interp_init(spline, middle, log_rate, (size_t)n);
    }
    for (int a = 0; a < PC_AGES; a++) {
        const double x = a + 0.5;
        int k = 1;
        while (k + 1 < n && middle[k] < x) {
            k++;
        }
        if (spline && x >= middle[0] && x <= middle[n - 1]) {
            out[a] = gsl_interp_eval(spline, middle, log_rate, x, NULL);
        } else {
            out[a] =
                log_rate[k - 1] + (log_rate[k] - log_rate[k - 1]) * (x - middle[k - 1]) / (middle[k] - middle[k - 1]);
        }
    }
    gsl_interp_free(spline);
}

static void read_rates(const pc_table *table, job *j, pc_history *out)
{
    static const pc_column names[] = {{"year", 1}, {"sex", 1}, {"age", 1}, {"rate", 1}};
    int at[4], n_years = 0, row = 0;

    if (!pc_csv_columns(table, names, 4, NULL, 0, at, j->problems)) {
        return;
    }
    out->rate_years = pc_arena_calloc(j->arena, (size_t)table->n_rows + 1, sizeof *out->rate_years);
    for (; row < table->n_rows; row++) { /* the years, in order */
        const pc_cell *cell = pc_csv_cell(table, row, at[0]);
        int year;
        if (pc_value_year("year", cell->text, cell->spot, j->problems, &year) && wanted(j, year) &&
            (n_years == 0 || year != out->rate_years[n_years - 1])) {
            if (n_years > 0 && year < out->rate_years[n_years - 1]) {
                pc_problem(j->problems, cell->spot, "found the year %d after %d, allowed years in ascending order",
                           year, out->rate_years[n_years - 1]);
                return;
            }
            out->rate_years[n_years++] = year;
        }
    }
    out->log_rates = pc_arena_calloc(j->arena, (size_t)n_years * PC_SEXES * PC_AGES + 1, sizeof(double));
    for (int t = 0; t < n_years && out->log_rates && j->problems->n == 0; t++) {
        for (int sex = 0; sex < PC_SEXES; sex++) {
            const char *wanted_sex = sex ? "male" : "female";
            double start[PC_AGES], rate[PC_AGES];
            int n = 0;
            for (row = 0; row < table->n_rows; row++) {
                const pc_cell *year = pc_csv_cell(table, row, at[0]), *which = pc_csv_cell(table, row, at[1]);
                const pc_cell *age = pc_csv_cell(table, row, at[2]), *value = pc_csv_cell(table, row, at[3]);
                int y;
                if (!pc_value_year("year", year->text, year->spot, j->problems, &y) || y != out->rate_years[t]) {
                    continue;
                }
                if (strcmp(which->text, "male") != 0 && strcmp(which->text, "female") != 0) {
                    pc_problem(j->problems, which->spot, "found \"%s\" for sex, allowed female or male", which->text);
                    return;
                }
                if (strcmp(which->text, wanted_sex) != 0) {
                    continue;
                }
                if (n == PC_AGES || !pc_value_parse(&age_param, "age", age->text, age->spot, j->problems, &start[n]) ||
                    !pc_value_parse(&rate_param, "rate", value->text, value->spot, j->problems, &rate[n])) {
                    return;
                }
                rate[n] = log(rate[n]);
                if ((n == 0 && start[0] != 0) || (n > 0 && start[n] <= start[n - 1])) {
                    pc_problem(j->problems, age->spot, "found the age %s, allowed ages from 0 on in ascending order",
                               age->text);
                    return;
                }
                n++;
            }
            if (n < 2) {
                pc_problem(j->problems, pc_csv_cell(table, 0, at[1])->spot,
                           "found %d death rates of sex %s in %d, allowed at least 2 ages", n, wanted_sex,
                           out->rate_years[t]);
                return;
            }
            graduate(start, rate, n, out->log_rates + ((size_t)t * PC_SEXES + (size_t)sex) * PC_AGES);
        }
    }
    out->n_rate_years = n_years;
}

pc_code pc_history_read(const pc_files *files, int first, int last, pc_arena *arena, pc_history *out, pc_status *status)
{
    pc_problems *problems = pc_arena_calloc(arena, 1, sizeof *problems);
    job j = {arena, problems, status, first, last};
    const pc_table *series, *rates;

    *out = (pc_history){0};
    if (!problems) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    series = table_of(files, history_file, &j);
    rates = table_of(files, mortality_file, &j);
    if (!series && !rates && problems->n == 0) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found neither %s nor %s, allowed one of them or both",
                       pc_files_folder(files) ? pc_files_folder(files) : "the folder", history_file, mortality_file);
    }
    if (series) {
        read_series(series, &j, out);
    }
    if (rates) {
        read_rates(rates, &j, out);
    }
    return status->code ? status->code : pc_problems_finish(problems, status);
}
