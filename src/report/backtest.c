/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A forecast from a past year against what happened: coverage, scores, misses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const char group[] = "backtest";
enum { LEVELS = 3, BINS = 5, NUMBERS = 9 };
static const char *const number_names[NUMBERS] = {"observed", "mean",       "median", "pit",      "crps",
                                                  "drift",    "drift_crps", "last",   "last_crps"};
enum { OBSERVED, MEAN, MEDIAN, PIT, CRPS, DRIFT, DRIFT_CRPS, LAST, LAST_CRPS };

typedef struct tested {
    const pc_results *results;
    const pc_dataset *text[3], *year, *number[NUMBERS], *low, *high;
    size_t n;
} tested;

static const char *text_of(const tested *t, int k, size_t i)
{
    const char *text = ((char *const *)t->text[k]->data)[i];

    return text ? text : "";
}

static double value(const tested *t, int k, size_t i)
{
    return pc_dataset_at(t->number[k], i);
}

static int inside(const tested *t, size_t i, int level)
{
    const double y = value(t, OBSERVED, i);

    return y >= pc_dataset_at(t->low, LEVELS * i + (size_t)level) &&
           y <= pc_dataset_at(t->high, LEVELS * i + (size_t)level);
}

/* 1 where outcome i is the first of its series. */
static int same_series(const tested *t, size_t i, size_t j)
{
    for (int k = 0; k < 3; k++) {
        if (strcmp(text_of(t, k, i), text_of(t, k, j)) != 0) {
            return 0;
        }
    }
    return 1;
}

static int is_first(const tested *t, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (same_series(t, i, j)) {
            return 0;
        }
    }
    return 1;
}

/* Mean score of a series over its mean observed size; NaN where some score is missing. */
static double relative(const tested *t, size_t first, int score)
{
    double sum = 0, size = 0;

    for (size_t i = first; i < t->n; i++) {
        if (same_series(t, first, i)) {
            sum += value(t, score, i);
            size += fabs(value(t, OBSERVED, i));
        }
    }
    return size > 0 ? sum / size : NAN;
}

/* The region's name in the reader's language. */
static const char *area_shown(const tested *t, size_t i)
{
    const pc_dataset *name = pc_results_find(t->results, "areas", pc_language_is_chinese() ? "name" : "name_en");
    const char *area = text_of(t, 2, i);
    const long at = name && name->type == PC_TEXT && name->rank == 1 ? pc_dimension_find_text(name->dims[0], area) : -1;

    return !*area ? _("all") : at >= 0 ? pc_study_text_at(name, (size_t)at) : area;
}

static void percent_cell(pc_text_table *table, double x)
{
    if (isnan(x)) {
        pc_text_table_cell(table, "-");
    } else {
        pc_text_table_cell(table, "%.1f %%", 100 * x);
    }
}

static pc_code print_series(const tested *t, FILE *out, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    pc_text_table_column(table, 0, "%s", _("measure"));
    pc_text_table_column(table, 0, "%s", _("scheme"));
    pc_text_table_column(table, 0, "%s", _("region"));
    pc_text_table_column(table, 1, "%s", _("outcomes"));
    pc_text_table_column(table, 1, "%s", _("in 50 %"));
    pc_text_table_column(table, 1, "%s", _("in 80 %"));
    pc_text_table_column(table, 1, "%s", _("in 95 %"));
    pc_text_table_column(table, 1, "%s", _("score"));
    pc_text_table_column(table, 1, "%s", _("drift"));
    pc_text_table_column(table, 1, "%s", _("last growth"));
    for (size_t i = 0; i < t->n; i++) {
        int n = 0, in[LEVELS] = {0};
        if (!is_first(t, i)) {
            continue;
        }
        for (size_t j = i; j < t->n; j++) {
            if (same_series(t, i, j)) {
                n++;
                for (int l = 0; l < LEVELS; l++) {
                    in[l] += inside(t, j, l);
                }
            }
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", text_of(t, 0, i));
        pc_text_table_cell(table, "%s", text_of(t, 1, i));
        pc_text_table_cell(table, "%s", area_shown(t, i));
        pc_text_table_cell(table, "%d", n);
        for (int l = 0; l < LEVELS; l++) {
            pc_text_table_cell(table, "%d", in[l]);
        }
        percent_cell(table, relative(t, i, CRPS));
        percent_cell(table, relative(t, i, DRIFT_CRPS));
        percent_cell(table, relative(t, i, LAST_CRPS));
    }
    return pc_text_table_print(table, out, 2, status);
}

/* On how many series the forecast has the better score. */
static void print_better(const tested *t, FILE *out)
{
    int better_drift = 0, better_last = 0, compared = 0, n_series = 0;

    for (size_t i = 0; i < t->n; i++) {
        if (is_first(t, i)) {
            const double crps = relative(t, i, CRPS), drift = relative(t, i, DRIFT_CRPS);
            n_series++;
            compared += !isnan(drift);
            better_drift += crps < drift;
            better_last += crps < relative(t, i, LAST_CRPS);
        }
    }
    fprintf(out,
            _("\n  score: CRPS over what happened, small is good; better than the naive forecasts on %d (drift) and %d "
              "(last "
              "growth) of %d series with a history, %d series in all\n"),
            better_drift, better_last, compared, n_series);
}

static void print_coverage(const tested *t, FILE *out)
{
    int in[LEVELS] = {0}, bins[BINS] = {0};

    for (size_t i = 0; i < t->n; i++) {
        int bin = (int)(BINS * value(t, PIT, i));
        bins[bin < BINS ? bin : BINS - 1]++;
        for (int l = 0; l < LEVELS; l++) {
            in[l] += inside(t, i, l);
        }
    }
    fprintf(out,
            _("\n  of %zu outcomes %.0f %% lie in the central 50 %%, %.0f %% in the central 80 %%, %.0f %% in the "
              "central 95 %% "
              "of the forecast\n"),
            t->n, 100.0 * in[0] / (double)t->n, 100.0 * in[1] / (double)t->n, 100.0 * in[2] / (double)t->n);
    fputs(_("  outcomes by fifth of the forecast, lowest first:"), out);
    for (int b = 0; b < BINS; b++) {
        fprintf(out, " %d", bins[b]);
    }
    fputs(_(" (years of one series go together: they are not independent)\n"), out);
}

/* Money in 100 million yuan, heads whole, what is small with its decimals. */
static pc_figure figure_of(const tested *t, size_t i, double x)
{
    const pc_dataset *unit = pc_results_find(t->results, group, "unit");

    if (unit && unit->type == PC_TEXT && strcmp(pc_study_text_at(unit, i), "yuan") == 0) {
        return pc_figure_money(x, NAN, 0);
    }
    return pc_figure_number(x, fabs(x) < 1000 ? 3 : 0, 0);
}

static void print_misses(const tested *t, FILE *out)
{
    int n = 0;

    for (size_t i = 0; i < t->n; i++) {
        const pc_figure seen = figure_of(t, i, value(t, OBSERVED, i));
        const pc_figure low = figure_of(t, i, pc_dataset_at(t->low, LEVELS * i + 2));
        const pc_figure high = figure_of(t, i, pc_dataset_at(t->high, LEVELS * i + 2));
        if (inside(t, i, 2)) {
            continue;
        }
        if (n++ == 0) {
            fputs(_("\n  outside the central 95 % (money in 100 million yuan):\n"), out);
        }
        fprintf(out, _("    %s, %s, %s, %.0f: %s, forecast %s to %s\n"), text_of(t, 0, i), text_of(t, 1, i),
                area_shown(t, i), pc_dataset_at(t->year, i), seen.text, low.text, high.text);
    }
}

static void print_csv(const tested *t, FILE *out)
{
    fputs("measure,scheme,region,year,low50,high50,low80,high80,low95,high95", out);
    for (int k = 0; k < NUMBERS; k++) {
        fprintf(out, ",%s", number_names[k]);
    }
    fputc('\n', out);
    for (size_t i = 0; i < t->n; i++) {
        fprintf(out, "%s,%s,%s,%.0f", text_of(t, 0, i), text_of(t, 1, i), text_of(t, 2, i), pc_dataset_at(t->year, i));
        for (size_t l = 0; l < LEVELS; l++) {
            const double ends[] = {pc_dataset_at(t->low, LEVELS * i + l), pc_dataset_at(t->high, LEVELS * i + l)};
            pc_study_csv_numbers(out, ends, 2);
        }
        for (int k = 0; k < NUMBERS; k++) {
            const double x = value(t, k, i);
            pc_study_csv_numbers(out, &x, 1);
        }
        fputc('\n', out);
    }
}

static void print_json(const tested *t, FILE *out)
{
    static const char *const texts[] = {"measure", "scheme", "region"};
    pc_json json = pc_study_json_begin(out);

    pc_json_open(&json, "outcomes", '[');
    for (size_t i = 0; i < t->n; i++) {
        pc_json_open(&json, NULL, '{');
        for (int k = 0; k < 3; k++) {
            pc_json_put_text(&json, texts[k], text_of(t, k, i));
        }
        pc_json_put_number(&json, "year", pc_dataset_at(t->year, i));
        for (int k = 0; k < NUMBERS; k++) {
            pc_json_put_number(&json, number_names[k], value(t, k, i));
        }
        for (int side = 0; side < 2; side++) {
            pc_json_open(&json, side ? "high" : "low", '[');
            for (size_t l = 0; l < LEVELS; l++) {
                pc_json_put_number(&json, NULL, pc_dataset_at(side ? t->high : t->low, LEVELS * i + l));
            }
            pc_json_close(&json, ']');
        }
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_study_json_end(&json);
}

static int open_tested(const pc_results *results, tested *t)
{
    static const char *const texts[] = {"measure", "scheme", "area"};
    int whole = 1;

    *t = (tested){.results = results,
                  .year = pc_results_find(results, group, "outcome_year"),
                  .low = pc_results_find(results, group, "low"),
                  .high = pc_results_find(results, group, "high")};
    t->n = t->year ? t->year->count : 0;
    for (int k = 0; k < 3; k++) {
        t->text[k] = pc_results_find(results, group, texts[k]);
        whole &= t->text[k] && t->text[k]->type == PC_TEXT && t->text[k]->count == t->n;
    }
    for (int k = 0; k < NUMBERS; k++) {
        t->number[k] = pc_results_find(results, group, number_names[k]);
        whole &= t->number[k] && t->number[k]->count == t->n;
    }
    return whole && t->n > 0 && t->low && t->high && t->low->count == LEVELS * t->n && t->high->count == LEVELS * t->n;
}

static void print_head(const tested *t, FILE *out)
{
    char paths[32];

    pc_format_grouped(paths, sizeof paths, pc_study_number(t->results, "", "paths"), 0);
    fprintf(out, _("forecast from %.0f, policy %s, %s paths, seed %s\n"), pc_study_number(t->results, "", "base_year"),
            pc_study_text(t->results, "", "baseline"), paths, pc_study_text(t->results, "", "seed"));
}

pc_code pc_report_backtest(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    tested t;
    pc_code code;

    if (!open_tested(results, &t)) {
        return pc_fail(status, PC_ERR_INPUT, "found no outcomes, allowed a complete file");
    }
    if (format == PC_LISTING_CSV) {
        print_csv(&t, out);
        return PC_OK;
    }
    if (format == PC_LISTING_JSON) {
        print_json(&t, out);
        return PC_OK;
    }
    fprintf(out, "%s\n", pc_study_title(results));
    print_head(&t, out);
    fputc('\n', out);
    code = print_series(&t, out, status);
    if (!code) {
        print_better(&t, out);
        print_coverage(&t, out);
        print_misses(&t, out);
    }
    return code;
}

pc_code pc_words_backtest(const pc_results *results, FILE *out, pc_status *status)
{
    tested t;

    if (!open_tested(results, &t)) {
        return pc_fail(status, PC_ERR_INPUT, "found no outcomes, allowed a complete file");
    }
    print_head(&t, out);
    print_coverage(&t, out);
    print_better(&t, out);
    print_misses(&t, out);
    return PC_OK;
}
