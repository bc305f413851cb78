/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables by year with rules of their own: pension ages and prices. */
#include <math.h>
#include <stdio.h>

#include "scenario/reader.h"
#include "scenario/schema.h"

double *pc_pension_age_read(pc_reader *reader, const pc_file *from, const char *name, pc_spot spot)
{
    enum { KINDS = 3 };
    static const pc_column columns[] = {{"year", 1}, {"men", 1}, {"women_cadres", 1}, {"women_workers", 1}};
    const pc_scenario *s = reader->scenario;
    const pc_table *table = pc_reader_table(reader, from, name, spot);
    const double lock = pc_scenario_number(s, "membership.lock_in_age");
    const int before = reader->problems->n;
    pc_param age = {"", PC_PARAM_NUMBER, "years", isnan(lock) ? 45 : lock, PC_AGES - 1, 0, NULL, ""};
    double *out = NULL, *joined;
    int at[4], *years;

    if (!table || !pc_csv_columns(table, columns, 4, NULL, 0, at, reader->problems)) {
        return NULL;
    }
    out = pc_reader_keep(reader, ((size_t)s->horizon + 1) * KINDS, sizeof(double));
    joined = pc_arena_calloc(reader->scratch, (size_t)s->horizon + 1, sizeof(double));
    years = pc_arena_calloc(reader->scratch, (size_t)table->n_rows, sizeof(int));
    double *values = pc_arena_calloc(reader->scratch, (size_t)table->n_rows, sizeof(double));
    if (!out || !joined || !years || !values) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    for (int row = 0; row < table->n_rows; row++) {
        const pc_cell *cell = pc_csv_cell(table, row, at[0]);
        if (pc_value_year("year", cell->text, cell->spot, reader->problems, &years[row]) && row > 0 &&
            years[row] <= years[row - 1]) {
            pc_problem(reader->problems, cell->spot,
                       "found year %d after year %d, allowed years in ascending order, each once", years[row],
                       years[row - 1]);
        }
    }
    if (reader->problems->n == before && years[0] > s->base_year + 1) {
        pc_problem(reader->problems, pc_csv_cell(table, 0, at[0])->spot,
                   "found %d as the first year (a year gap after the base year), allowed at most %d", years[0],
                   s->base_year + 1);
    }
    for (int k = 0; k < KINDS; k++) {
        age.key = columns[1 + k].name;
        for (int row = 0; row < table->n_rows; row++) {
            const pc_cell *cell = pc_csv_cell(table, row, at[1 + k]);
            char label[64];
            snprintf(label, sizeof label, "%s in %d", age.key, years[row]);
            pc_value_parse(&age, label, cell->text, cell->spot, reader->problems, &values[row]);
        }
        if (reader->problems->n > before) {
            continue;
        }
        pc_points_join(&(pc_points){table->n_rows, table->n_rows, years, values}, s->base_year, s->horizon, joined);
        for (int t = 0; t <= s->horizon; t++) {
            out[t * KINDS + k] = joined[t];
        }
        for (int t = 1; t <= s->horizon; t++) {
            int row = 0;
            if (joined[t] - joined[t - 1] <= 1 + 1e-9) {
                continue;
            }
            while (row + 1 < table->n_rows && years[row] < s->base_year + t) {
                row++;
            }
            pc_problem(reader->problems, pc_csv_cell(table, row, at[1 + k])->spot,
                       "found a pension age of %s that rises from %.10g in %d to %.10g in %d, allowed a rise of at "
                       "most 1 a year",
                       age.key, joined[t - 1], s->base_year + t - 1, joined[t], s->base_year + t);
            break;
        }
    }
    return reader->problems->n == before ? out : NULL;
}

static int cpi_table(pc_reader *reader, const char *name, double *growth)
{
    static const pc_column columns[] = {{"year", 1}, {"inflation", 1}};
    const pc_scenario *s = reader->scenario;
    const pc_param param =
        pc_schema_top.params[pc_section_find(&(pc_section){.head = &pc_schema_top}, "prices.inflation")];
    const pc_table *table = pc_reader_table(reader, NULL, name, pc_reader_spot(reader, NULL));
    const int before = reader->problems->n;
    pc_param number = param;
    int at[2], *years;
    double *values;

    if (!table || !pc_csv_columns(table, columns, 2, NULL, 0, at, reader->problems)) {
        return 0;
    }
    years = pc_arena_calloc(reader->scratch, (size_t)table->n_rows, sizeof(int));
    values = pc_arena_calloc(reader->scratch, (size_t)table->n_rows, sizeof(double));
    if (!years || !values) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return 0;
    }
    number.kind = PC_PARAM_NUMBER;
    number.key = "inflation";
    for (int row = 0; row < table->n_rows; row++) {
        const pc_cell *cell = pc_csv_cell(table, row, at[0]);
        const pc_cell *value = pc_csv_cell(table, row, at[1]);
        pc_value_parse(&number, number.key, value->text, value->spot, reader->problems, &values[row]);
        if (!pc_value_year("year", cell->text, cell->spot, reader->problems, &years[row])) {
            continue;
        }
        if (row > 0 && years[row - 1] > 0 && years[row] != years[row - 1] + 1) {
            pc_problem(reader->problems, cell->spot, "found a year gap: %d after %d, allowed %d: a row for each year",
                       years[row], years[row - 1], years[row - 1] + 1);
        } else if (row == 0 && years[row] > s->base_year + 1) {
            pc_problem(reader->problems, cell->spot,
                       "found %d as the first year (a year gap after the base year), allowed at most %d", years[row],
                       s->base_year + 1);
        }
    }
    if (reader->problems->n > before) {
        return 0;
    }
    pc_points_join(&(pc_points){table->n_rows, table->n_rows, years, values}, s->base_year, s->horizon, growth);
    return 1;
}

void pc_prices_read(pc_reader *reader, const pc_section *top)
{
    pc_scenario *s = reader->scenario;
    const int table = pc_section_find(top, "tables.cpi"), series = pc_section_find(top, "prices.inflation");
    const double *inflation = top->values[series].series;
    double *growth = pc_arena_calloc(reader->scratch, (size_t)s->horizon + 1, sizeof(double));

    s->cpi = pc_reader_keep(reader, (size_t)s->horizon + 1, sizeof(double));
    if (!s->cpi || !growth || !inflation) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return;
    }
    if (top->values[table].given) {
        if (top->values[series].given) {
            pc_problem(reader->problems, pc_reader_spot(reader, NULL),
                       "found both tables.cpi and prices.inflation, allowed one of them");
        }
        if (!cpi_table(reader, top->values[table].text, growth)) {
            return;
        }
        inflation = growth;
    }
    s->cpi[0] = 1;
    for (int t = 1; t <= s->horizon; t++) {
        s->cpi[t] = s->cpi[t - 1] * (1 + inflation[t]);
    }
}
