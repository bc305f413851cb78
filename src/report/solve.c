/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer of `solve`. */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const char group[] = "solve";

typedef struct solved {
    const pc_results *results;
    const char *key, *key_unit, *measure, *measure_unit, *outcome;
    const pc_dataset *value, *error;
    const double *x;
    int largest;
} solved;

static double number(const solved *s, const char *name)
{
    return pc_study_number(s->results, group, name);
}

static pc_figure of_key(const solved *s, double x, double error)
{
    return pc_figure_estimate(x, error, strcmp(s->key_unit, "year") == 0 ? "" : s->key_unit);
}

static pc_figure of_measure(const solved *s, double x, double error)
{
    if (strcmp(s->measure_unit, "1") == 0 && (x == 0 || x == 1)) {
        return pc_figure_chance(x, error, 0);
    }
    return pc_figure_estimate(x, error, s->measure_unit);
}

static void year_figure(const solved *s, pc_figure *figure, double x)
{
    if (strcmp(s->key_unit, "year") == 0) { /* no comma in a year */
        snprintf(figure->text, sizeof figure->text, "%.0f", x);
    }
}

static pc_figure key_alone(const solved *s, double x)
{
    pc_figure figure = of_key(s, x, NAN);

    year_figure(s, &figure, x);
    return figure;
}

/* Leaves the digits that the error left, without the error. */
static void cut_error(pc_figure *figure)
{
    char *at = strstr(figure->text, " ±");

    if (at) {
        *at = 0;
    }
}

/* Whole numbers: the answer, and what the next one would give. */
static void print_whole(const solved *s, FILE *out)
{
    const double x = number(s, "answer"), next = s->largest ? x + 1 : x - 1;
    pc_figure answer = key_alone(s, x), other = key_alone(s, next), beyond = {"-"};
    pc_figure measure = of_measure(s, number(s, "answer_measure"), number(s, "answer_measure_se"));

    for (size_t i = 0; i < s->value->count; i++) {
        if (s->x[i] == next) {
            beyond = of_measure(s, pc_dataset_at(s->value, i), pc_dataset_at(s->error, i));
        }
    }
    fprintf(out, s->largest ? _("\n  answer: at most %s\n") : _("\n  answer: at least %s\n"), answer.text);
    fprintf(out, _("  there %s is %s; at %s it is %s\n"), s->measure, measure.text, other.text, beyond.text);
}

static void print_found(const solved *s, FILE *out)
{
    const double x = number(s, "answer"), se = number(s, "answer_se");
    const double low = fmax(number(s, "range_low"), x - 1.96 * se), high = fmin(number(s, "range_high"), x + 1.96 * se);
    pc_figure answer = of_key(s, x, se),
              measure = of_measure(s, number(s, "answer_measure"), number(s, "answer_measure_se"));
    pc_figure from = of_key(s, low, se), to = of_key(s, high, se);
    const double slope = number(s, "slope"), slope_se = number(s, "slope_se");
    const double per = pc_figure_in_percent(s->key_unit) ? 0.01 : 1;
    pc_figure change = strcmp(s->measure_unit, "1") == 0
                           ? pc_figure_points(per * slope, per * slope_se)
                           : pc_figure_estimate(per * slope, per * slope_se, s->measure_unit);

    cut_error(&from); /* as many digits as the error leaves, without the error itself */
    cut_error(&to);
    if (isnan(se)) {
        fprintf(out,
                s->largest ? _("\n  answer: at most %s; how sure cannot be said: the measure hardly moves there\n")
                           : _("\n  answer: at least %s; how sure cannot be said: the measure hardly moves there\n"),
                answer.text);
    } else {
        fprintf(out,
                s->largest ? _("\n  answer: at most %s (95 %%: %s to %s)\n")
                           : _("\n  answer: at least %s (95 %%: %s to %s)\n"),
                answer.text, from.text, to.text);
    }
    if (isnan(slope)) {
        fprintf(out, _("  there %s is %s\n"), s->measure, measure.text);
    } else {
        fprintf(out,
                pc_figure_in_percent(s->key_unit) ? _("  there %s is %s; one point more of the key changes it by %s\n")
                                                  : _("  there %s is %s; one more of the key changes it by %s\n"),
                s->measure, measure.text, change.text);
    }
}

static void print_outcome(const solved *s, FILE *out)
{
    pc_figure best = of_measure(s, number(s, "answer_measure"), number(s, "answer_measure_se"));
    pc_figure at = key_alone(s, number(s, "answer")), low = key_alone(s, number(s, "range_low"));
    pc_figure high = key_alone(s, number(s, "range_high"));
    const char *shape = pc_study_text(s->results, group, "shape");
    const double edges = number(s, "more_edges");

    if (strcmp(s->outcome, "unreachable") == 0) {
        fprintf(out, _("\n  not reachable: from %s to %s no value does; the best is %s, at %s\n"), low.text, high.text,
                best.text, at.text);
    } else if (strcmp(s->outcome, "always") == 0) {
        fprintf(out,
                s->largest ? _("\n  met up to the end of the range: at %s the measure is %s\n")
                           : _("\n  met from the start of the range: at %s the measure is %s\n"),
                at.text, best.text);
    } else if (number(s, "whole") == 1) {
        print_whole(s, out);
    } else {
        print_found(s, out);
    }
    fputs(strcmp(shape, "rising") == 0    ? _("  over the range the measure rises\n")
          : strcmp(shape, "falling") == 0 ? _("  over the range the measure falls\n")
          : strcmp(shape, "flat") == 0
              ? _("  over the range the measure does not move beyond its error\n")
              : _("  over the range the measure turns: it rises and falls, so look at the runs\n"),
          out);
    if (edges > 0) {
        fprintf(out, _("  the bound is crossed %.0f more times over the range: this is not the only edge\n"), edges);
    }
}

static pc_code print_table(const solved *s, FILE *out, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    fputs("\n", out);
    pc_text_table_column(table, 1, "%s", s->key);
    pc_text_table_column(table, 1, "%s", s->measure);
    for (size_t i = 0; i < s->value->count; i++) {
        pc_figure x = key_alone(s, s->x[i]);
        pc_figure y = of_measure(s, pc_dataset_at(s->value, i), pc_dataset_at(s->error, i));
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", x.text);
        pc_text_table_cell(table, "%s", y.text);
    }
    return pc_text_table_print(table, out, 2, status);
}

static void print_csv(const solved *s, FILE *out)
{
    const double answer[] = {number(s, "answer"), number(s, "answer_se"), number(s, "answer_measure"),
                             number(s, "answer_measure_se")};

    fputs("what,value,value_se,measure,measure_se\n", out);
    for (size_t i = 0; i < s->value->count; i++) {
        const double run[] = {s->x[i], NAN, pc_dataset_at(s->value, i), pc_dataset_at(s->error, i)};
        fputs("run", out);
        pc_study_csv_numbers(out, run, 4);
        fputc('\n', out);
    }
    fputs(s->outcome, out);
    pc_study_csv_numbers(out, answer, 4);
    fputc('\n', out);
}

static void print_json(const solved *s, FILE *out)
{
    static const char *const texts[] = {"key",    "key_unit", "measure", "measure_unit", "policy",
                                        "scheme", "relation", "find",    "outcome",      "shape"};
    static const char *const numbers[] = {"bound",     "range_low",      "range_high",        "answer",
                                          "answer_se", "answer_measure", "answer_measure_se", "slope",
                                          "slope_se",  "more_edges"};
    pc_json json = pc_study_json_begin(out);

    pc_study_json_texts(&json, s->results, group, texts, (int)(sizeof texts / sizeof *texts));
    pc_study_json_numbers(&json, s->results, group, numbers, (int)(sizeof numbers / sizeof *numbers));
    pc_json_open(&json, "runs", '[');
    for (size_t i = 0; i < s->value->count; i++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_number(&json, "value", s->x[i]);
        pc_json_put_number(&json, "measure", pc_dataset_at(s->value, i));
        pc_json_put_number(&json, "measure_se", pc_dataset_at(s->error, i));
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_study_json_end(&json);
}

static pc_code open_solved(const pc_results *results, solved *s, pc_status *status)
{
    *s = (solved){.results = results,
                  .key = pc_study_text(results, group, "key"),
                  .key_unit = pc_study_text(results, group, "key_unit"),
                  .measure = pc_study_text(results, group, "measure"),
                  .measure_unit = pc_study_text(results, group, "measure_unit"),
                  .outcome = pc_study_text(results, group, "outcome"),
                  .value = pc_results_find(results, group, "measure"),
                  .error = pc_results_find(results, group, "measure_se"),
                  .largest = strcmp(pc_study_text(results, group, "find"), "largest") == 0};
    if (!s->value || !s->error || s->value->rank != 1 || s->error->count != s->value->count ||
        s->value->dims[0]->type != PC_F64 || !s->value->dims[0]->coordinates) {
        return pc_fail(status, PC_ERR_INPUT, "found no runs of the study, allowed a complete file");
    }
    s->x = s->value->dims[0]->coordinates;
    return PC_OK;
}

static void print_words(const solved *s, FILE *out)
{
    const char *relation = pc_study_text(s->results, group, "relation");
    pc_figure bound = pc_figure_estimate(number(s, "bound"), NAN, s->measure_unit);

    if (strcmp(s->measure_unit, "yuan") == 0) { /* what is not to be guessed from the number */
        const pc_figure amount = bound;
        snprintf(bound.text, sizeof bound.text, _("%.40s (100 million yuan)"), amount.text);
    }
    if (strcmp(pc_study_text(s->results, "", "study"), "reverse") == 0) {
        fprintf(out, _("the mildest multiple of the stress %s (%s) with %s %s %s\n"), s->key,
                pc_language_pick(pc_study_text(s->results, group, "stress_title"),
                                 pc_study_text(s->results, group, "stress_title_en")),
                s->measure, relation, bound.text);
    } else {
        fprintf(out, s->largest ? _("the largest %s with %s %s %s\n") : _("the smallest %s with %s %s %s\n"), s->key,
                s->measure, relation, bound.text);
    }
    pc_study_head(s->results, group, out);
    print_outcome(s, out);
}

pc_code pc_report_solve(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    solved s;
    pc_code code = open_solved(results, &s, status);

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
    print_words(&s, out);
    return print_table(&s, out, status);
}

pc_code pc_words_solve(const pc_results *results, FILE *out, pc_status *status)
{
    solved s;
    pc_code code = open_solved(results, &s, status);

    if (!code) {
        print_words(&s, out);
    }
    return code;
}
