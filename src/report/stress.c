/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stresses do: a table for each measure, stresses down, policies across. */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "report/format.h"
#include "report/html_inner.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const char group[] = "stress";
enum { POLICY, SCHEME, MEASURE, UNIT, TITLE, TITLE_EN, TEXTS };
enum { VALUE, VALUE_SE, DIFFERENCE, DIFFERENCE_SE, CENTRAL, NUMBERS };
static const char *const text_names[TEXTS] = {"policy", "scheme", "measure", "unit", "title", "title_en"};
static const char *const number_names[NUMBERS] = {"value", "value_se", "difference", "difference_se", "central"};

typedef struct stressed {
    const pc_results *results;
    const pc_dataset *text[TEXTS], *number[NUMBERS];
    char *const *names; /* [n] the first: none */
    size_t n, asks;
} stressed;

static const char *text_of(const stressed *s, int k, size_t i)
{
    return pc_study_text_at(s->text[k], i);
}

static double value(const stressed *s, int k, size_t stress, size_t ask)
{
    return pc_dataset_at(s->number[k], stress * s->asks + ask);
}

/* Without stress the value, under one the change. */
static pc_figure cell(const stressed *s, size_t k, size_t a, int central)
{
    const char *unit = text_of(s, UNIT, a);
    const double x =
        central ? value(s, CENTRAL, k, a) - (k ? value(s, CENTRAL, 0, a) : 0) : value(s, k ? DIFFERENCE : VALUE, k, a);
    const double se = central ? NAN : value(s, k ? DIFFERENCE_SE : VALUE_SE, k, a);

    return pc_figure_change(x, se, unit, k > 0);
}

static pc_code print_measure(const stressed *s, size_t first, int central, FILE *out, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    pc_text_table_column(table, 0, "%s", _("stress"));
    for (size_t a = first; a < s->asks; a++) {
        if (strcmp(text_of(s, MEASURE, a), text_of(s, MEASURE, first)) == 0) {
            pc_text_table_column(table, 1, "%s", text_of(s, POLICY, a));
        }
    }
    for (size_t k = 0; k < s->n; k++) {
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s",
                           k ? pc_language_pick(text_of(s, TITLE, k), text_of(s, TITLE_EN, k)) : _("none"));
        for (size_t a = first; a < s->asks; a++) {
            if (strcmp(text_of(s, MEASURE, a), text_of(s, MEASURE, first)) == 0) {
                pc_figure figure = cell(s, k, a, central);
                pc_text_table_cell(table, "%s", figure.text);
            }
        }
    }
    return pc_text_table_print(table, out, 2, status);
}

/* Whether only the central path was run. */
static int is_central(const stressed *s)
{
    return isnan(value(s, VALUE, 0, 0)) && isnan(value(s, VALUE_SE, 0, 0));
}

/* Whether an earlier question is of the same measure. */
static int is_repeated(const stressed *s, size_t a)
{
    for (size_t b = 0; b < a; b++) {
        if (strcmp(text_of(s, MEASURE, a), text_of(s, MEASURE, b)) == 0) {
            return 1;
        }
    }
    return 0;
}

static pc_code print_tables(const stressed *s, FILE *out, pc_status *status)
{
    const int central = is_central(s);
    char paths[32];
    pc_code code = PC_OK;

    pc_format_grouped(paths, sizeof paths, pc_study_number(s->results, "", "paths"), 0);
    if (central) {
        fprintf(out, _("stresses of %s, scheme %s, on the central path\n"), pc_study_title(s->results),
                text_of(s, SCHEME, 0));
    } else {
        fprintf(out, _("stresses of %s, scheme %s; the same %s paths in each of %.0f runs, seed %s\n"),
                pc_study_title(s->results), text_of(s, SCHEME, 0), paths, pc_study_number(s->results, "", "runs"),
                pc_study_text(s->results, "", "seed"));
    }
    for (size_t a = 0; a < s->asks && !code; a++) {
        if (is_repeated(s, a)) {
            continue;
        }
        fprintf(out, _("\n%s%s: without stress, and the change by each\n\n"), text_of(s, MEASURE, a),
                pc_figure_unit(text_of(s, UNIT, a)));
        code = print_measure(s, a, central, out, status);
    }
    return code;
}

static void print_csv(const stressed *s, FILE *out)
{
    fputs("stress,policy,scheme,measure,unit,value,value_se,difference,difference_se,central\n", out);
    for (size_t i = 0; i < s->n * s->asks; i++) {
        const size_t a = i % s->asks;
        fprintf(out, "%s,%s,%s,\"%s\",%s", s->names[i / s->asks], text_of(s, POLICY, a), text_of(s, SCHEME, a),
                text_of(s, MEASURE, a), text_of(s, UNIT, a));
        for (int k = 0; k < NUMBERS; k++) {
            const double x = pc_dataset_at(s->number[k], i);
            pc_study_csv_numbers(out, &x, 1);
        }
        fputc('\n', out);
    }
}

static void print_json(const stressed *s, FILE *out)
{
    pc_json json = pc_study_json_begin(out);

    pc_json_open(&json, "rows", '[');
    for (size_t i = 0; i < s->n * s->asks; i++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "stress", s->names[i / s->asks]);
        for (int k = POLICY; k <= UNIT; k++) {
            pc_json_put_text(&json, text_names[k], text_of(s, k, i % s->asks));
        }
        for (int k = 0; k < NUMBERS; k++) {
            pc_json_put_number(&json, number_names[k], pc_dataset_at(s->number[k], i));
        }
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_study_json_end(&json);
}

static pc_code read_stresses(const pc_results *results, stressed *out, pc_status *status)
{
    stressed s = {.results = results};
    int whole = 1;

    for (int k = 0; k < NUMBERS; k++) {
        s.number[k] = pc_results_find(results, group, number_names[k]);
        whole = whole && s.number[k] && s.number[k]->rank == 2 && s.number[k]->count == s.number[0]->count;
    }
    if (whole) {
        s.n = s.number[0]->dims[0]->size;
        s.asks = s.number[0]->dims[1]->size;
        s.names = s.number[0]->dims[0]->coordinates;
        whole = s.number[0]->dims[0]->type == PC_TEXT && s.names && s.n > 0 && s.asks > 0;
    }
    for (int k = 0; k < TEXTS; k++) {
        s.text[k] = pc_results_find(results, group, text_names[k]);
        whole = whole && s.text[k] && s.text[k]->type == PC_TEXT && s.text[k]->count == (k < TITLE ? s.asks : s.n);
    }
    if (!whole) {
        return pc_fail(status, PC_ERR_INPUT, "found no stresses of the study, allowed a complete file");
    }
    *out = s;
    return PC_OK;
}

pc_code pc_report_stress(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    stressed s;
    pc_code code = read_stresses(results, &s, status);

    if (code) {
        return code;
    }
    if (format == PC_LISTING_CSV) {
        print_csv(&s, out);
        return PC_OK;
    }
    if (format == PC_LISTING_JSON) {
        print_json(&s, out);
        return PC_OK;
    }
    return print_tables(&s, out, status);
}

/* The changes of a question by every stress: bars[n - 1], their texts in texts[n]. */
static void fill_bars(const stressed *s, size_t a, pc_html_bar *bars, pc_figure *texts)
{
    const int central = is_central(s);

    texts[0] = cell(s, 0, a, central);
    for (size_t k = 1; k < s->n; k++) {
        const double change = central ? value(s, CENTRAL, k, a) - value(s, CENTRAL, 0, a) : value(s, DIFFERENCE, k, a);
        texts[k] = cell(s, k, a, central);
        bars[k - 1] = (pc_html_bar){pc_language_pick(text_of(s, TITLE, k), text_of(s, TITLE_EN, k)),
                                    change,
                                    central ? NAN : value(s, DIFFERENCE_SE, k, a),
                                    NAN,
                                    NAN,
                                    texts[k].text};
    }
}

static int is_same_measure(const stressed *s, size_t a, size_t b)
{
    return strcmp(text_of(s, MEASURE, a), text_of(s, MEASURE, b)) == 0;
}

/* A measure under all policies, on one scale. */
static pc_code put_measure(const stressed *s, size_t first, FILE *out, pc_status *status)
{
    const char *const headings[3] = {_("stress"), "", _("change")};
    pc_html_bar *bars = pc_calloc(s->n, sizeof *bars);
    pc_figure *texts = pc_calloc(s->n, sizeof *texts);
    double low = 0, high = 0;

    for (size_t a = first; a < s->asks && bars && texts; a++) {
        if (is_same_measure(s, first, a)) {
            fill_bars(s, a, bars, texts);
            pc_html_widen(bars, s->n - 1, &low, &high);
        }
    }
    for (size_t a = first; a < s->asks && bars && texts; a++) {
        char line[400];
        if (is_same_measure(s, first, a)) {
            fill_bars(s, a, bars, texts);
            snprintf(line, sizeof line, _("%s, without stress %s"), text_of(s, POLICY, a), texts[0].text);
            fputs("<div>", out);
            pc_html_put_element(out, "h3", "", line);
            pc_html_bars(out, headings, bars, s->n - 1, 0, low, high);
            fputs("</div>\n", out);
        }
    }
    pc_free(bars);
    pc_free(texts);
    return bars && texts ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the report");
}

/* What each stress assumes. */
static void put_notes(const stressed *s, FILE *out)
{
    static const char *const names[] = {"note", "source", "changes"};

    fputs("<section>\n", out);
    pc_html_put_element(out, "h2", "", _("What the stresses are"));
    for (size_t k = 1; k < s->n; k++) {
        pc_html_put_element(out, "h3", "", pc_language_pick(text_of(s, TITLE, k), text_of(s, TITLE_EN, k)));
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const pc_dataset *set = pc_results_find(s->results, group, names[i]);
            if (set && set->type == PC_TEXT && set->count == s->n && *pc_study_text_at(set, k)) {
                pc_html_put_element(out, "p", i == 2 ? " class=\"hint\"" : " class=\"note\"", pc_study_text_at(set, k));
            }
        }
    }
    fputs("</section>\n", out);
}

pc_code pc_html_stress(const pc_results *results, FILE *out, pc_status *status)
{
    stressed s;
    pc_code code = read_stresses(results, &s, status);

    for (size_t a = 0; !code && a < s.asks; a++) {
        char line[400];
        if (is_repeated(&s, a)) {
            continue;
        }
        snprintf(line, sizeof line, "%s%s", text_of(&s, MEASURE, a), pc_figure_unit(text_of(&s, UNIT, a)));
        fputs("<section>\n", out);
        pc_html_put_element(out, "h2", "", line);
        fputs("<div class=\"pair\">\n", out);
        code = put_measure(&s, a, out, status);
        fputs("</div>\n</section>\n", out);
    }
    if (!code) {
        put_notes(&s, out);
    }
    return code;
}
