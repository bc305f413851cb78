/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The comparison in words, as CSV and as JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/numbers.h"
#include "report/compare.h"
#include "report/format.h"
#include "report/listing_inner.h"
#include "report/tables.h"

enum { SHOWN = 30, WIDTH = 110 };

/* One word for programs. */
static const char *verdict(const pc_comparison *c)
{
    return c->n_unequal == 0 && !c->inputs_differ && c->n_unmatched == 0 ? "identical"
           : c->mode == PC_COMPARE_EQUAL && c->n_unequal > 0             ? "different"
           : c->n_beyond > 0                                             ? "different"
                                                                         : "same_within_errors";
}

static void print_verdict(const pc_comparison *c, FILE *out)
{
    const char *word = verdict(c);
    char text[1024];

    if (strcmp(word, "identical") == 0) {
        snprintf(text, sizeof text, _("Same: all %ld numbers are equal to the last bit."), c->n_values);
    } else if (c->mode == PC_COMPARE_EQUAL && c->same_version) {
        snprintf(text, sizeof text,
                 _("Different, and that must not be: inputs, seed and version are the same, yet %ld of %ld numbers are "
                   "not. One of the two files comes from a defective machine or program."),
                 c->n_unequal, c->n_values);
    } else if (c->mode == PC_COMPARE_EQUAL) {
        snprintf(text, sizeof text,
                 _("Different: the same inputs and seed gave %ld of %ld numbers otherwise. The versions of the program "
                   "or its libraries differ; see CHANGELOG.md."),
                 c->n_unequal, c->n_values);
    } else if (strcmp(word, "different") == 0) {
        snprintf(text, sizeof text, _("Different: %ld of %ld results differ beyond their errors."), c->n_beyond,
                 c->n_tests);
    } else if (c->n_tests == 0) {
        snprintf(
            text, sizeof text,
            _("Not decided: no result has an error in both files (a run of the central path alone has none); %ld of "
              "%ld numbers are not equal."),
            c->n_unequal, c->n_values);
    } else if (c->inputs_differ) {
        snprintf(text, sizeof text, _("Inputs differ, but none of %ld results differs beyond its error."), c->n_tests);
    } else {
        snprintf(text, sizeof text, _("Same within errors: none of %ld results differs beyond its error."), c->n_tests);
    }
    pc_text_wrap(out, text, 0, WIDTH);
    if (c->mode == PC_COMPARE_EQUAL || c->n_tests == 0) {
        return;
    }
    snprintf(text, sizeof text,
             _("Threshold %.2f errors: if chance alone made them differ, %.2f of the %ld comparisons would be expected "
               "beyond it. Means and chances are compared; quantiles, standard deviations and the central path have no "
               "error of their own."),
             c->threshold, c->expected_alarms, c->n_tests);
    pc_text_wrap(out, text, 0, WIDTH);
    if (c->mode == PC_COMPARE_NESTED) {
        pc_text_wrap(out,
                     _("Seed and inputs are the same, so the shorter run's paths are the first ones of the longer: the "
                       "error of a difference is that of the paths which are not common."),
                     0, WIDTH);
    } else if (c->same_seed) {
        pc_text_wrap(
            out,
            _("The runs share a seed, hence their random numbers: the true error of a difference is smaller than "
              "the combined one used here, and small differences may be missed. Policies of one run are "
              "compared sharply by 'poolcast show --difference'."),
            0, WIDTH);
    }
    if (c->n_unmatched > 0) {
        snprintf(text, sizeof text, _("%ld numbers of the first file have no counterpart in the second."),
                 c->n_unmatched);
        pc_text_wrap(out, text, 0, WIDTH);
    }
}

/* The words that compare.c puts in place of a value, in the reader's language; values stay as they are. */
static const char *shown(const char *text)
{
    static const char *const words[] = {N_("run"),   N_("file"),  N_("override"), N_("parameter"), N_("series"),
                                        N_("table"), N_("given"), N_("read"),     N_("there"),     N_("other axes")};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(text, words[i]) == 0) {
            return _(words[i]);
        }
    }
    return strcmp(text, "policy") == 0 ? _("policy") : text;
}

static pc_code print_inputs(const pc_comparison *c, FILE *out, pc_status *status)
{
    pc_text_table *table;

    if (c->n_inputs == 0) {
        fprintf(out, "\n%s\n", _("Inputs: no difference."));
        return PC_OK;
    }
    fprintf(out, "\n%s\n", _("Inputs that differ"));
    table = pc_text_table_new();
    pc_text_table_column(table, 0, "%s", _("kind"));
    pc_text_table_column(table, 0, "%s", _("what"));
    pc_text_table_column(table, 0, "%s", _("first file"));
    pc_text_table_column(table, 0, "%s", _("second file"));
    for (int i = 0; i < c->n_inputs; i++) {
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", shown(c->inputs[i].kind));
        pc_text_table_cell(table, "%.60s", c->inputs[i].key);
        pc_text_table_cell(table, "%.40s", shown(c->inputs[i].a));
        pc_text_table_cell(table, "%.40s", shown(c->inputs[i].b));
    }
    return pc_text_table_print(table, out, 2, status);
}

/* As many digits as the error leaves; money in 100 million yuan. */
static pc_figure value_of(const pc_compare_row *row, double x, double error)
{
    return pc_figure_estimate(x, error, strcmp(row->unit, "yuan") == 0 ? "yuan" : "");
}

static pc_code print_rows(const pc_comparison *c, FILE *out, pc_status *status)
{
    pc_text_table *table;

    if (c->n_rows == 0) {
        return PC_OK;
    }
    fprintf(out, "\n%s\n", _("Results that differ, the farthest first, each by its farthest place"));
    table = pc_text_table_new();
    pc_text_table_column(table, 0, "%s", _("group"));
    pc_text_table_column(table, 0, "%s", _("measure"));
    pc_text_table_column(table, 0, "%s", _("region"));
    pc_text_table_column(table, 0, "%s", _("year"));
    pc_text_table_column(table, 1, "%s", _("first file"));
    pc_text_table_column(table, 1, "%s", _("second file"));
    pc_text_table_column(table, 0, "%s", _("unit"));
    pc_text_table_column(table, 1, "%s", _("apart, errors"));
    pc_text_table_column(table, 1, "%s", _("beyond"));
    for (int i = 0; i < c->n_rows && i < SHOWN; i++) {
        const pc_compare_row *row = c->rows + i;
        int has_place = row->largest > 0;
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", row->group);
        pc_text_table_cell(table, "%s", row->measure);
        pc_text_table_cell(table, "%s", row->region);
        if (row->year) {
            pc_text_table_cell(table, "%d", row->year);
        } else {
            pc_text_table_cell(table, "%s", "");
        }
        if (has_place) {
            const int money = strcmp(row->unit, "yuan") == 0;
            pc_figure a = value_of(row, row->a, row->a_error), b = value_of(row, row->b, row->b_error);
            if (strcmp(a.text, b.text) == 0) { /* what sets them apart is behind the digits that the errors leave */
                snprintf(a.text, sizeof a.text, "%.12g", money ? row->a / 1e8 : row->a);
                snprintf(b.text, sizeof b.text, "%.12g", money ? row->b / 1e8 : row->b);
            }
            pc_text_table_cell(table, "%s", a.text);
            pc_text_table_cell(table, "%s", b.text);
            pc_text_table_cell(table, "%s",
                               strcmp(row->unit, "1") == 0 ? ""
                                                           : pc_view_unit_shown(money ? N_("100m yuan") : row->unit));
            pc_text_table_cell(table, "%.1f", row->largest);
        } else {
            for (int k = 0; k < 4; k++) {
                pc_text_table_cell(table, "%s", "");
            }
        }
        pc_text_table_cell(table, _("%ld of %ld"), c->mode == PC_COMPARE_EQUAL ? row->n_unequal : row->n_beyond,
                           c->mode == PC_COMPARE_EQUAL ? row->n_values : row->n_tests);
    }
    {
        pc_code code = pc_text_table_print(table, out, 2, status);
        if (!code && c->n_rows > SHOWN) {
            fprintf(out, _("  and %d more; --csv and --json have all\n"), c->n_rows - SHOWN);
        }
        return code;
    }
}

static void csv_number(FILE *out, double x)
{
    char text[PC_NUMBER_SIZE];

    if (isfinite(x)) {
        pc_format_double(text, sizeof text, x);
    }
    fputs(isfinite(x) ? text : "", out);
}

static void write_csv(const pc_comparison *c, FILE *out)
{
    fputs("part,kind,what,region,year,first,first_error,second,second_error,error,apart,beyond,compared\n", out);
    fprintf(out, "verdict,,%s,,,,,,,,", verdict(c));
    csv_number(out, c->threshold);
    fprintf(out, ",%ld,%ld\n", c->n_beyond, c->n_tests);
    for (int i = 0; i < c->n_inputs; i++) {
        const pc_compare_input *input = c->inputs + i;
        const char *texts[] = {"input", input->kind, input->key, "", "", input->a, "", input->b, "", "", "", "", ""};
        for (int k = 0; k < 13; k++) {
            fputs(k ? "," : "", out);
            pc_listing_csv_text(out, texts[k]);
        }
        fputc('\n', out);
    }
    for (int i = 0; i < c->n_rows; i++) {
        const pc_compare_row *row = c->rows + i;
        const double numbers[] = {row->a, row->a_error, row->b, row->b_error, row->error, row->largest};
        fprintf(out, "result,%s,%s,%s,", row->group, row->measure, row->region);
        if (row->year) {
            fprintf(out, "%d", row->year);
        }
        for (int k = 0; k < 6; k++) {
            fputc(',', out);
            csv_number(out, row->largest > 0 ? numbers[k] : NAN);
        }
        fprintf(out, ",%ld,%ld\n", row->n_beyond, row->n_tests);
    }
}

static void write_json(const pc_comparison *c, const pc_compare_options *options, FILE *out)
{
    static const char *const keys[] = {"first", "first_error", "second", "second_error", "error", "apart"};
    pc_json json = {.out = out, .spaced = 1};

    pc_json_open(&json, NULL, '{');
    pc_json_put_text(&json, "first", options->name_a);
    pc_json_put_text(&json, "second", options->name_b);
    pc_json_break(&json, "\n");
    pc_json_put_text(&json, "verdict", verdict(c));
    pc_json_put_boolean(&json, "inputs_differ", c->inputs_differ);
    pc_json_put_integer(&json, "compared", c->n_tests);
    pc_json_put_integer(&json, "beyond", c->n_beyond);
    pc_json_put_integer(&json, "numbers", c->n_values);
    pc_json_put_integer(&json, "unequal", c->n_unequal);
    pc_json_put_number(&json, "threshold", c->threshold);
    pc_json_put_number(&json, "expected_false_alarms", c->expected_alarms);
    pc_json_break(&json, "\n");
    pc_json_open(&json, "inputs", '[');
    for (int i = 0; i < c->n_inputs; i++) {
        pc_json_break(&json, "\n  ");
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "kind", c->inputs[i].kind);
        pc_json_put_text(&json, "what", c->inputs[i].key);
        pc_json_put_text(&json, "first", c->inputs[i].a);
        pc_json_put_text(&json, "second", c->inputs[i].b);
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_json_break(&json, "\n");
    pc_json_open(&json, "results", '[');
    for (int i = 0; i < c->n_rows; i++) {
        const pc_compare_row *row = c->rows + i;
        const double numbers[] = {row->a, row->a_error, row->b, row->b_error, row->error, row->largest};
        pc_json_break(&json, "\n  ");
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "group", row->group);
        pc_json_put_text(&json, "measure", row->measure);
        pc_json_put_text(&json, "region", row->region);
        pc_json_put_integer(&json, "year", row->year);
        for (int k = 0; k < 6; k++) {
            pc_json_put_number(&json, keys[k], row->largest > 0 ? numbers[k] : NAN);
        }
        pc_json_put_integer(&json, "beyond", row->n_beyond);
        pc_json_put_integer(&json, "compared", row->n_tests);
        pc_json_put_integer(&json, "unequal", row->n_unequal);
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_json_close(&json, '}');
    fputc('\n', out);
}

pc_code pc_report_compare(const pc_results *a, const pc_results *b, const pc_compare_options *options, FILE *out,
                          pc_status *status)
{
    pc_comparison c = {0};
    pc_code code = pc_compare(a, b, &c, status);

    if (!code && options->format == PC_LISTING_CSV) {
        write_csv(&c, out);
    } else if (!code && options->format == PC_LISTING_JSON) {
        write_json(&c, options, out);
    } else if (!code) {
        fprintf(out, _("First file:  %s\nSecond file: %s\n"), options->name_a, options->name_b);
        print_verdict(&c, out);
        code = print_inputs(&c, out, status);
        code = code ? code : print_rows(&c, out, status);
    }
    pc_compare_release(&c);
    return code;
}
