/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a grid: one key down, the other across, and the line on which the bound is met. */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const char group[] = "grid";

typedef struct lattice {
    const pc_results *results;
    const pc_dataset *measure, *error, *line, *line_error;
    const pc_dimension *axis[2]; /* the second NULL: one key only */
    const char *key[2], *unit;
    size_t n[2];
} lattice;

static double coordinate(const lattice *g, int k, size_t i)
{
    return g->axis[k] ? ((const double *)g->axis[k]->coordinates)[i] : NAN;
}

static pc_figure of_key(const lattice *g, int k, double x, double error)
{
    const char *unit = g->axis[k]->units ? g->axis[k]->units : "";
    pc_figure figure = pc_figure_estimate(x, error, unit);

    if (strcmp(unit, "year") == 0 && !isnan(x)) {
        snprintf(figure.text, sizeof figure.text, isnan(error) ? "%.0f" : "%.1f ±%.1f", x, error);
    }
    return figure;
}

static pc_figure of_measure(const lattice *g, size_t i)
{
    const double x = pc_dataset_at(g->measure, i), error = pc_dataset_at(g->error, i);

    return strcmp(g->unit, "1") == 0 && (x == 0 || x == 1) ? pc_figure_chance(x, error, 0)
                                                           : pc_figure_estimate(x, error, g->unit);
}

static pc_code print_table(const lattice *g, FILE *out, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    fputs("\n", out);
    pc_text_table_column(table, 1, "%s", g->key[0]);
    for (size_t j = 0; j < g->n[1]; j++) {
        if (g->axis[1]) {
            pc_figure x = of_key(g, 1, coordinate(g, 1, j), NAN);
            pc_text_table_column(table, 1, "%s", x.text);
        } else {
            pc_text_table_column(table, 1, "%s", pc_study_text(g->results, group, "measure"));
        }
    }
    for (size_t i = 0; i < g->n[0]; i++) {
        pc_figure x = of_key(g, 0, coordinate(g, 0, i), NAN);
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", x.text);
        for (size_t j = 0; j < g->n[1]; j++) {
            pc_figure y = of_measure(g, i * g->n[1] + j);
            pc_text_table_cell(table, "%s", y.text);
        }
    }
    if (g->line && g->axis[1]) {
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", _("the bound is met at"));
        for (size_t j = 0; j < g->n[1]; j++) {
            pc_figure x = of_key(g, 0, pc_dataset_at(g->line, j), pc_dataset_at(g->line_error, j));
            pc_text_table_cell(table, "%s", x.text);
        }
    }
    return pc_text_table_print(table, out, 2, status);
}

static void print_csv(const lattice *g, FILE *out)
{
    fputs("first,second,measure,measure_se\n", out);
    for (size_t i = 0; i < g->measure->count; i++) {
        const double rest[] = {coordinate(g, 1, i % g->n[1]), pc_dataset_at(g->measure, i), pc_dataset_at(g->error, i)};
        pc_study_csv_number(out, coordinate(g, 0, i / g->n[1]));
        pc_study_csv_numbers(out, rest, 3);
        fputc('\n', out);
    }
}

static void print_json(const lattice *g, FILE *out)
{
    static const char *const texts[] = {"first_key", "second_key", "measure", "measure_unit",
                                        "policy",    "scheme",     "relation"};
    pc_json json = pc_study_json_begin(out);

    pc_study_json_texts(&json, g->results, group, texts, (int)(sizeof texts / sizeof *texts));
    pc_json_put_number(&json, "bound", pc_study_number(g->results, group, "bound"));
    pc_json_open(&json, "points", '[');
    for (size_t i = 0; i < g->measure->count; i++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_number(&json, "first", coordinate(g, 0, i / g->n[1]));
        pc_json_put_number(&json, "second", coordinate(g, 1, i % g->n[1]));
        pc_json_put_number(&json, "measure", pc_dataset_at(g->measure, i));
        pc_json_put_number(&json, "measure_se", pc_dataset_at(g->error, i));
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_json_open(&json, "line", '[');
    for (size_t j = 0; g->line && j < g->n[1]; j++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_number(&json, "second", coordinate(g, 1, j));
        pc_json_put_number(&json, "first", pc_dataset_at(g->line, j));
        pc_json_put_number(&json, "first_se", pc_dataset_at(g->line_error, j));
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_study_json_end(&json);
}

static pc_code open_lattice(const pc_results *results, lattice *g, pc_status *status)
{
    int rank;

    *g = (lattice){.results = results,
                   .measure = pc_results_find(results, group, "measure"),
                   .error = pc_results_find(results, group, "measure_se"),
                   .line = pc_results_find(results, group, "line"),
                   .line_error = pc_results_find(results, group, "line_se"),
                   .key = {pc_study_text(results, group, "first_key"), pc_study_text(results, group, "second_key")},
                   .unit = pc_study_text(results, group, "measure_unit"),
                   .n = {1, 1}};
    rank = g->measure ? g->measure->rank : 0;
    for (int k = 0; k < rank && k < 2; k++) {
        g->axis[k] = g->measure->dims[k];
        g->n[k] = g->axis[k]->size;
    }
    if (rank < 1 || rank > 2 || !g->error || g->error->count != g->measure->count || !g->axis[0]->coordinates ||
        (g->axis[1] && !g->axis[1]->coordinates) ||
        (g->line && (!g->line_error || g->line->count != g->n[1] || g->line_error->count != g->n[1]))) {
        return pc_fail(status, PC_ERR_INPUT, "found no grid of the study, allowed a complete file");
    }
    return PC_OK;
}

static void print_words(const lattice *g, FILE *out)
{
    const char *measure = pc_study_text(g->results, group, "measure");

    if (g->axis[1]) {
        fprintf(out, _("%s by %s (down) and %s (across)\n"), measure, g->key[0], g->key[1]);
    } else {
        fprintf(out, _("%s by %s\n"), measure, g->key[0]);
    }
    pc_study_head(g->results, group, out);
    if (g->line) {
        pc_figure bound = pc_figure_estimate(pc_study_number(g->results, group, "bound"), NAN, g->unit);
        fprintf(out, _("  bound: %s %s\n"), pc_study_text(g->results, group, "relation"), bound.text);
        if (!g->axis[1]) {
            pc_figure x = of_key(g, 0, pc_dataset_at(g->line, 0), pc_dataset_at(g->line_error, 0));
            fprintf(out, _("  met at %s, by a straight line between the points\n"), x.text);
        }
    }
}

pc_code pc_report_grid(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    lattice g;
    pc_code code = open_lattice(results, &g, status);

    if (code) {
        return code;
    }
    if (format == PC_LISTING_CSV) {
        print_csv(&g, out);
        return PC_OK;
    }
    if (format == PC_LISTING_JSON) {
        print_json(&g, out);
        return PC_OK;
    }
    print_words(&g, out);
    return print_table(&g, out, status);
}

pc_code pc_words_grid(const pc_results *results, FILE *out, pc_status *status)
{
    lattice g;
    pc_code code = open_lattice(results, &g, status);

    if (!code) {
        print_words(&g, out);
    }
    return code;
}
