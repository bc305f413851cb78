/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/backtest.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/sample.h"
#include "list.h"
#include "scenario/csv.h"
#include "scenario/values.h"
#include "study/quantity.h"

const double pc_backtest_levels[3] = {0.5, 0.8, 0.95};
enum { LEAST_GROWTHS = 4, NAIVE_SAMPLE = 2000 };
static const char *const views[PC_SCHEME_VIEWS] = {"employee", "resident", "both"};

/* ---- the table
 * -------------------------------------------------------------------------------------------------------- */

static void find_place(const pc_plan *plan, pc_observation *o, const pc_cell *const cell[5], pc_problems *problems)
{
    const char *known[512];
    pc_quantity q = {.probability = NAN};
    const pc_output *output;
    int n = 0;

    o->view = -1;
    for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
        o->view = strcmp(o->scheme, views[v]) == 0 ? v : o->view;
    }
    if (o->view < 0) {
        pc_value_unknown("scheme", o->scheme, cell[1]->spot, views, PC_SCHEME_VIEWS, problems);
        return;
    }
    snprintf(q.name, sizeof q.name, "%s", o->measure);
    output = pc_quantity_output(&q, &o->subject, &o->output);
    if (!output || output->shape != PC_SHAPE_AREA_YEAR) {
        for (int i = 0; i < pc_outputs_count() + pc_weather_outputs_count() && n < 512; i++) {
            const pc_output *other =
                i < pc_outputs_count() ? pc_output_at(i) : pc_weather_output_at(i - pc_outputs_count());
            if (other->shape == PC_SHAPE_AREA_YEAR) {
                known[n++] = other->name;
            }
        }
        pc_value_unknown("measure by region and year", o->measure, cell[3]->spot, known, n, problems);
        return;
    }
    o->unit = pc_quantity_unit(output);
    o->meaning = output->long_name;
    if (o->subject == 1 && output->views && !(output->views >> o->view & 1u)) {
        pc_problem(problems, cell[3]->spot, "found %s for the scheme %s, allowed where the model has it", o->measure,
                   o->scheme);
    }
    o->area = plan->n_areas - 1;
    if (o->region[0]) {
        o->area = -1;
        for (int a = 0; a < plan->n_areas; a++) {
            if (strcasecmp(plan->area_ids[a], o->region) == 0 || strcasecmp(plan->area_names[a], o->region) == 0 ||
                strcasecmp(plan->area_names_en[a], o->region) == 0) {
                o->area = a;
            }
            known[n++] = plan->area_ids[a];
        }
        if (o->area < 0) {
            pc_value_unknown("region", o->region, cell[2]->spot, known, n, problems);
        }
    }
}

static pc_code read_table(const pc_plan *plan, const pc_file *file, pc_backtest *b, pc_status *status)
{
    static const pc_column columns[] = {{"year", 1}, {"scheme", 1}, {"region", 0}, {"measure", 1}, {"value", 1}};
    static const pc_param value = {"value", PC_PARAM_NUMBER, "", -1e18, 1e18, 0, NULL, ""};
    const int last = plan->scenario->base_year + plan->n_years;
    pc_problems *problems = pc_arena_calloc(&b->arena, 1, sizeof *problems);
    const pc_table *table = problems ? pc_csv_read(file, &b->arena, problems, status) : NULL;
    int at[5];

    if (!problems) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the observations");
    }
    if (!table || !pc_csv_columns(table, columns, 5, NULL, 0, at, problems)) {
        return status->code ? status->code : pc_problems_finish(problems, status);
    }
    b->seen = pc_arena_calloc(&b->arena, (size_t)table->n_rows + 1, sizeof *b->seen);
    for (int row = 0; row < table->n_rows && b->seen; row++) {
        const pc_cell *cell[5];
        pc_observation *o = &b->seen[b->n_seen];
        for (int c = 0; c < 5; c++) {
            cell[c] = at[c] >= 0 ? pc_csv_cell(table, row, at[c]) : NULL;
        }
        *o =
            (pc_observation){.scheme = cell[1]->text, .region = cell[2] ? cell[2]->text : "", .measure = cell[3]->text};
        if (!pc_value_year("year", cell[0]->text, cell[0]->spot, problems, &o->year) ||
            !pc_value_parse(&value, "value", cell[4]->text, cell[4]->spot, problems, &o->value)) {
            continue;
        }
        if (o->year > last) {
            pc_problem(problems, cell[0]->spot, "found the year %d, allowed up to %d, the end of the scenario", o->year,
                       last);
        }
        o->before = o->year <= plan->scenario->base_year;
        find_place(plan, o, cell, problems);
        b->n_rows += !o->before;
        b->n_seen++;
    }
    if (problems->n == 0 && b->n_rows == 0) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found no observation after the base year %d, allowed at least one",
                       file->shown, plan->scenario->base_year);
    }
    return pc_problems_finish(problems, status);
}

int pc_backtest_last_year(const pc_file *file)
{
    pc_arena arena = {0};
    pc_problems *quiet = pc_arena_calloc(&arena, 1, sizeof *quiet);
    pc_status status = {0};
    const pc_table *table = quiet ? pc_csv_read(file, &arena, quiet, &status) : NULL;
    const int at = table ? pc_csv_find(table, "year") : -1;
    int last = 0;

    for (int row = 0; at >= 0 && row < table->n_rows; row++) {
        const pc_cell *cell = pc_csv_cell(table, row, at);
        int year;
        if (pc_value_year("year", cell->text, cell->spot, quiet, &year)) {
            last = year > last ? year : last;
        }
    }
    pc_arena_release(&arena);
    return last;
}

/* ---- naive forecasts
 * --------------------------------------------------------------------------------------------------- */

static int same_series(const pc_observation *a, const pc_observation *b)
{
    return a->view == b->view && a->area == b->area && a->subject == b->subject && a->output == b->output;
}

static void naive(const pc_backtest *b, pc_backtest_row *row)
{
    const pc_observation *y = row->seen, *before = NULL;
    double growth[256], length[256], sum = 0, years = 0, squares = 0, last = NAN, mean, ahead, sample[NAIVE_SAMPLE];
    int n = 0, logarithm = 1;

    row->drift = row->drift_crps = row->last = row->last_crps = NAN;
    for (int i = 0; i < b->n_seen; i++) {
        logarithm &= !(b->seen[i].before && same_series(&b->seen[i], y)) || b->seen[i].value > 0;
    }
    for (;;) { /* in ascending years, however the table is ordered */
        const pc_observation *next = NULL;
        for (int i = 0; i < b->n_seen; i++) {
            const pc_observation *o = &b->seen[i];
            if (o->before && same_series(o, y) && (!before || o->year > before->year) &&
                (!next || o->year < next->year)) {
                next = o;
            }
        }
        if (!next) {
            break;
        }
        if (before && n < 256) {
            length[n] = next->year - before->year;
            growth[n] = logarithm ? log(next->value / before->value) : next->value - before->value;
            last = growth[n] / length[n];
            sum += growth[n];
            years += length[n++];
        }
        before = next;
    }
    if (n == 0) {
        return;
    }
    mean = sum / years;
    ahead = y->year - before->year;
    row->drift = logarithm ? before->value * exp(mean * ahead) : before->value + mean * ahead;
    row->last = logarithm ? before->value * exp(last * ahead) : before->value + last * ahead;
    row->last_crps = fabs(row->last - y->value);
    row->drift_crps = fabs(row->drift - y->value);
    if (n < LEAST_GROWTHS) {
        return;
    }
    for (int i = 0; i < n; i++) {
        const double e = growth[i] - mean * length[i];
        squares += e * e / length[i];
    }
    for (int i = 0; i < NAIVE_SAMPLE; i++) {
        const double sd = sqrt(squares / (n - 1) * (ahead + ahead * ahead / years));
        const double x = mean * ahead + sd * gsl_cdf_ugaussian_Pinv((i + 0.5) / NAIVE_SAMPLE);
        sample[i] = logarithm ? before->value * exp(x) : before->value + x;
    }
    row->drift_crps = pc_score_sample(sample, NAIVE_SAMPLE, y->value).crps;
}

/* ---- the run
 * ------------------------------------------------------------------------------------------------------------- */

static double at_share(const double *sorted, size_t n, double p)
{
    const double rank = p * (double)(n - 1);
    const size_t k = (size_t)rank;

    return k + 1 < n ? sorted[k] + (rank - (double)k) * (sorted[k + 1] - sorted[k]) : sorted[n - 1];
}

pc_code pc_backtest_open(const pc_plan *plan, const pc_file *table, uint64_t n_paths, pc_backtest *b, pc_status *status)
{
    int k = 0;
    pc_code code;

    b->n_paths = n_paths;
    b->base_year = plan->scenario->base_year;
    if (n_paths < 2) {
        return pc_fail(status, PC_ERR_INPUT, "found %d paths, allowed at least 2", (int)n_paths);
    }
    code = read_table(plan, table, b, status);
    if (code) {
        return code;
    }
    b->rows = pc_arena_calloc(&b->arena, (size_t)b->n_rows, sizeof *b->rows);
    b->values = pc_calloc((size_t)b->n_rows * n_paths, sizeof *b->values);
    if (!b->rows || !b->values) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for %d outcomes of %llu paths", b->n_rows,
                       (unsigned long long)n_paths);
    }
    for (int i = 0; i < b->n_seen; i++) {
        if (!b->seen[i].before) {
            b->rows[k++].seen = &b->seen[i];
        }
    }
    return PC_OK;
}

pc_code pc_backtest_add(const pc_plan *plan, const pc_run_options *options, uint64_t first, pc_backtest *b,
                        pc_status *status)
{
    const size_t n = (size_t)plan->scenario->paths, rows = (size_t)b->n_rows;
    pc_layout layout = {0};
    pc_pick *picks = pc_calloc(rows, sizeof *picks);
    double *values = pc_calloc(rows * n, sizeof *values);
    pc_code code = picks && values ? pc_layout_for(plan, &layout, status)
                                   : pc_fail(status, PC_ERR_FAIL, "no memory for %zu outcomes of %zu paths", rows, n);

    if (code) {
        goto out;
    }
    for (size_t k = 0; k < rows; k++) {
        const pc_observation *o = b->rows[k].seen;
        picks[k] = (pc_pick){o->subject ? 1 + plan->scenario->baseline : 0, o->output,
                             o->subject ? o->view : PC_EMPLOYEE, o->area, o->year - b->base_year};
    }
    code = pc_sample_run(plan, &layout, options, picks, b->n_rows, values, status);
    for (size_t k = 0; k < rows && !code; k++) {
        for (size_t i = 0; i < n && !code; i++) {
            if (isnan(values[k * n + i])) {
                code = pc_fail(status, PC_ERR_INPUT, "%s in %d: not defined on path %zu", b->rows[k].seen->measure,
                               b->rows[k].seen->year, i);
            }
        }
        memcpy(b->values + k * b->n_paths + first, values + k * n, n * sizeof *values);
    }
out:
    pc_free(picks);
    pc_free(values);
    pc_layout_release(&layout);
    return code;
}

void pc_backtest_score(pc_backtest *b)
{
    for (int k = 0; k < b->n_rows; k++) {
        double *x = b->values + (size_t)k * b->n_paths;
        pc_backtest_row *row = &b->rows[k];
        row->model = pc_score_sample(x, (size_t)b->n_paths, row->seen->value);
        for (int l = 0; l < 3; l++) {
            row->low[l] = at_share(x, (size_t)b->n_paths, 0.5 - 0.5 * pc_backtest_levels[l]);
            row->high[l] = at_share(x, (size_t)b->n_paths, 0.5 + 0.5 * pc_backtest_levels[l]);
        }
        naive(b, row);
    }
}

pc_code pc_backtest_run(const pc_plan *plan, const pc_file *table, const pc_run_options *options, pc_backtest *b,
                        pc_status *status)
{
    pc_code code = pc_backtest_open(plan, table, plan->scenario->paths, b, status);

    code = code ? code : pc_backtest_add(plan, options, 0, b, status);
    if (!code) {
        pc_backtest_score(b);
    }
    return code;
}

void pc_backtest_release(pc_backtest *b)
{
    pc_arena_release(&b->arena);
    pc_free(b->values);
    b->values = NULL;
}

/* What was known at the start: the rows up to the base year. */
static void put_known(const pc_backtest *b, pc_results *results)
{
    static const char group[] = "backtest";
    static const char *const texts[] = {"known_measure", "known_scheme", "known_area"};
    const size_t n = (size_t)(b->n_seen - b->n_rows);
    const pc_dimension *dim;
    pc_dataset *set[3], *year, *value;
    size_t k = 0;

    if (n == 0) {
        return;
    }
    dim = pc_results_dimension(results, "known", n, PC_I64, NULL, NULL, "observation up to the base year");
    for (size_t i = 0; i < 3; i++) {
        set[i] = pc_results_dataset(results, group, texts[i], PC_TEXT, 1, &dim, NULL, texts[i] + strlen("known_"));
    }
    year = pc_results_dataset(results, group, "known_year", PC_I64, 1, &dim, "year", "calendar year");
    value = pc_results_dataset(results, group, "known_value", PC_F64, 1, &dim, "1", "what was known at the start");
    for (int i = 0; set[0] && set[1] && set[2] && year && value && i < b->n_seen; i++) {
        const pc_observation *o = &b->seen[i];
        if (!o->before) {
            continue;
        }
        pc_dataset_set_text(results, set[0], k, o->measure);
        pc_dataset_set_text(results, set[1], k, o->scheme);
        pc_dataset_set_text(results, set[2], k, o->region);
        ((int64_t *)year->data)[k] = o->year;
        ((double *)value->data)[k++] = o->value;
    }
}

pc_code pc_backtest_put(const pc_backtest *b, pc_results *results, pc_status *status)
{
    static const char group[] = "backtest";
    static const char *const numbers[] = {"observed", "mean",       "median", "pit",      "crps",
                                          "drift",    "drift_crps", "last",   "last_crps"};
    static const char *const meanings[] = {"what happened",
                                           "mean of the forecast",
                                           "median of the forecast",
                                           "share of paths below what happened",
                                           "continuous ranked probability score of the forecast, in the measure's unit",
                                           "naive forecast: the mean yearly growth until the base year goes on",
                                           "its score (a distribution from four growths on, else the absolute error)",
                                           "naive forecast: the last growth goes on",
                                           "its absolute error"};
    static const char *const texts[] = {"measure", "scheme", "area", "unit", "meaning"};
    const size_t n = (size_t)b->n_rows;
    const pc_dimension *dims[2];
    int64_t *year = pc_calloc(n, sizeof *year);

    dims[0] = pc_results_dimension(results, "outcome", n, PC_I64, NULL, NULL, "outcome");
    dims[1] =
        pc_results_dimension(results, "level", 3, PC_F64, pc_backtest_levels, "1", "central share of the forecast");
    for (size_t i = 0; year && i < n; i++) {
        year[i] = b->rows[i].seen->year;
    }
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        pc_dataset *set = pc_results_dataset(results, group, texts[k], PC_TEXT, 1, dims, NULL, texts[k]);
        for (size_t i = 0; set && i < n; i++) {
            const pc_observation *o = b->rows[i].seen;
            const char *const text[] = {o->measure, o->scheme, o->region, o->unit, o->meaning};
            pc_dataset_set_text(results, set, i, text[k]);
        }
    }
    if (year) {
        pc_results_put(results, group, "outcome_year", PC_I64, 1, dims, year, "year", "calendar year of the outcome");
    }
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        pc_dataset *set = pc_results_dataset(results, group, numbers[k], PC_F64, 1, dims, "1", meanings[k]);
        for (size_t i = 0; set && i < n; i++) {
            const pc_backtest_row *r = &b->rows[i];
            const double x[] = {r->seen->value, r->model.mean, r->model.median, r->model.pit, r->model.crps,
                                r->drift,       r->drift_crps, r->last,         r->last_crps};
            ((double *)set->data)[i] = x[k];
        }
    }
    for (int side = 0; side < 2; side++) {
        pc_dataset *set =
            pc_results_dataset(results, group, side ? "high" : "low", PC_F64, 2, dims, "1",
                               side ? "upper end of the central interval" : "lower end of the central interval");
        for (size_t i = 0; set && i < n; i++) {
            for (size_t l = 0; l < 3; l++) {
                ((double *)set->data)[3 * i + l] = side ? b->rows[i].high[l] : b->rows[i].low[l];
            }
        }
    }
    pc_free(year);
    put_known(b, results);
    pc_results_attribute_text(results, "", "study", "backtest");
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}
