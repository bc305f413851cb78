/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A base year that has moved on: what was observed beside the projection, and the change of the results item by item.
 */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const char group[] = "roll";

typedef struct rolled {
    const pc_results *results;
    const pc_dataset *value, *value_se, *change, *change_se, *unit, *observed, *projected;
    char *const *items, *const *questions, *const *figures;
    size_t n_items, n_questions, n_figures;
} rolled;

/* What an item is called; the key itself where this version does not know it. */
static const char *item_title(const char *key)
{
    static const char *const titles[][2] = {{"passing", N_("a year has passed")},
                                            {"reserve", N_("reserves observed")},
                                            {"revenue", N_("revenue observed")},
                                            {"expenditure", N_("expenditure observed")},
                                            {"members", N_("people and members observed")},
                                            {"wages", N_("wages and income observed")}};

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (strcmp(titles[i][0], key) == 0) {
            return _(titles[i][1]);
        }
    }
    return key;
}

static int open_rolled(const pc_results *results, rolled *r)
{
    *r = (rolled){.results = results,
                  .value = pc_results_find(results, group, "value"),
                  .value_se = pc_results_find(results, group, "value_se"),
                  .change = pc_results_find(results, group, "change"),
                  .change_se = pc_results_find(results, group, "change_se"),
                  .unit = pc_results_find(results, group, "measure_unit"),
                  .observed = pc_results_find(results, group, "observed"),
                  .projected = pc_results_find(results, group, "projected")};
    if (!r->value || !r->value_se || !r->change || !r->change_se || !r->unit || !r->observed || !r->projected ||
        r->change->rank != 2 || r->value->rank != 2 || r->change->dims[0]->type != PC_TEXT ||
        r->change->dims[1]->type != PC_TEXT || r->observed->dims[0]->type != PC_TEXT || r->unit->type != PC_TEXT) {
        return 0;
    }
    r->items = r->change->dims[0]->coordinates;
    r->questions = r->change->dims[1]->coordinates;
    r->figures = r->observed->dims[0]->coordinates;
    r->n_items = r->change->dims[0]->size;
    r->n_questions = r->change->dims[1]->size;
    r->n_figures = r->observed->count;
    return r->items && r->questions && r->figures && r->value->count == (r->n_items + 1) * r->n_questions &&
           r->value_se->count == r->value->count && r->change_se->count == r->change->count &&
           r->projected->count == r->n_figures && r->unit->count == r->n_questions;
}

static double at(const pc_dataset *set, const rolled *r, size_t row, size_t question)
{
    return pc_dataset_at(set, row * r->n_questions + question);
}

/* ---- rows of a table, as text or as Markdown
 * --------------------------------------------------------------------------- */

typedef struct sheet {
    FILE *out;
    pc_text_table *table; /* NULL: Markdown */
    int columns;
} sheet;

static void head(sheet *s, const char *const *titles, int n)
{
    s->columns = n;
    for (int k = 0; k < n; k++) {
        if (s->table) {
            pc_text_table_column(s->table, k > 0, "%s", titles[k]);
        } else {
            fprintf(s->out, "| %s %s", titles[k], k + 1 < n ? "" : "|\n");
        }
    }
    for (int k = 0; k < n && !s->table; k++) {
        fprintf(s->out, "| %s %s", k ? "---:" : "---", k + 1 < n ? "" : "|\n");
    }
}

static void cell(sheet *s, int k, const char *text)
{
    if (s->table && k == 0) {
        pc_text_table_row(s->table);
    }
    if (s->table) {
        pc_text_table_cell(s->table, "%s", text);
    } else {
        fprintf(s->out, "| %s %s", text, k + 1 < s->columns ? "" : "|\n");
    }
}

static pc_code finish(sheet *s, pc_status *status)
{
    return s->table ? pc_text_table_print(s->table, s->out, 2, status) : PC_OK;
}

static sheet sheet_of(FILE *out, int markdown)
{
    return (sheet){.out = out, .table = markdown ? NULL : pc_text_table_new()};
}

static pc_code print_figures(const rolled *r, int markdown, FILE *out, pc_status *status)
{
    const char *const titles[] = {_("figure"), _("observed"), _("projected"), _("observed less projected")};
    sheet s = sheet_of(out, markdown);

    head(&s, titles, 4);
    for (size_t i = 0; i < r->n_figures; i++) {
        const double seen = pc_dataset_at(r->observed, i), thought = pc_dataset_at(r->projected, i);
        const char *key = r->figures[i];
        const int money = strstr(key, "_revenue_") || strstr(key, "_expenditure_") || strstr(key, "_balance_");
        const pc_figure a = money ? pc_figure_money(seen, NAN, 0) : pc_figure_number(seen, 0, 0);
        const pc_figure b = money ? pc_figure_money(thought, NAN, 0) : pc_figure_number(thought, 0, 0);
        char gap[32] = "-";
        if (thought != 0) {
            snprintf(gap, sizeof gap, "%+.1f %%", 100 * (seen / thought - 1));
        }
        cell(&s, 0, key);
        cell(&s, 1, a.text);
        cell(&s, 2, b.text);
        cell(&s, 3, gap);
    }
    return finish(&s, status);
}

static pc_code print_changes(const rolled *r, int markdown, FILE *out, pc_status *status)
{
    char title[64][96];
    const char *titles[64] = {_("item")};
    sheet s = sheet_of(out, markdown);
    const size_t n = r->n_questions < 60 ? r->n_questions : 60;

    for (size_t q = 0; q < n; q++) {
        snprintf(title[q], sizeof title[0], "%.60s%.30s", r->questions[q],
                 pc_figure_unit(pc_study_text_at(r->unit, q)));
        titles[1 + q] = title[q];
    }
    head(&s, titles, (int)n + 1);
    cell(&s, 0, _("old result"));
    for (size_t q = 0; q < n; q++) {
        const pc_figure x =
            pc_figure_estimate(at(r->value, r, 0, q), at(r->value_se, r, 0, q), pc_study_text_at(r->unit, q));
        cell(&s, (int)q + 1, x.text);
    }
    for (size_t i = 0; i < r->n_items; i++) {
        cell(&s, 0, item_title(r->items[i]));
        for (size_t q = 0; q < n; q++) {
            const pc_figure x =
                pc_figure_change(at(r->change, r, i, q), at(r->change_se, r, i, q), pc_study_text_at(r->unit, q), 1);
            cell(&s, (int)q + 1, x.text);
        }
    }
    cell(&s, 0, _("new result"));
    for (size_t q = 0; q < n; q++) {
        const pc_figure x = pc_figure_estimate(at(r->value, r, r->n_items, q), at(r->value_se, r, r->n_items, q),
                                               pc_study_text_at(r->unit, q));
        cell(&s, (int)q + 1, x.text);
    }
    return finish(&s, status);
}

static void print_head(const rolled *r, FILE *out)
{
    const double base = pc_study_number(r->results, group, "new_base_year");

    fprintf(out, _("the base year moves from %.0f to %.0f; policy %s, scheme %s\n\n"), base - 1, base,
            pc_study_text(r->results, group, "policy"), pc_study_text(r->results, group, "scheme"));
}

/* What the largest item did to each measure. */
static void print_largest(const rolled *r, FILE *out)
{
    for (size_t q = 0; q < r->n_questions; q++) {
        const char *unit = pc_study_text_at(r->unit, q);
        const pc_figure from = pc_figure_estimate(at(r->value, r, 0, q), at(r->value_se, r, 0, q), unit);
        const pc_figure to =
            pc_figure_estimate(at(r->value, r, r->n_items, q), at(r->value_se, r, r->n_items, q), unit);
        size_t largest = 0;
        pc_figure change;
        for (size_t i = 1; i < r->n_items; i++) {
            largest = fabs(at(r->change, r, i, q)) > fabs(at(r->change, r, largest, q)) ? i : largest;
        }
        change = pc_figure_change(at(r->change, r, largest, q), at(r->change_se, r, largest, q), unit, 1);
        fprintf(out, _("%s%s: from %s to %s; the largest item: %s, %s\n"), r->questions[q], pc_figure_unit(unit),
                from.text, to.text, item_title(r->items[largest]), change.text);
    }
}

static pc_code print_text(const rolled *r, int markdown, FILE *out, pc_status *status)
{
    pc_code code;

    fprintf(out, markdown ? "# %s\n\n" : "%s\n", pc_study_title(r->results));
    print_head(r, out);
    fputs(
        _("Observed beside the central path of the old scenario, over the regions that the accounts have (money in 100 "
          "million yuan; wages, income and credits are sums that only compare):\n\n"),
        out);
    code = print_figures(r, markdown, out, status);
    fputs(_("\nChange of the results, each item taken in after those above it; they add up. ± is one standard error of "
            "the "
            "simulation:\n\n"),
          out);
    return code ? code : print_changes(r, markdown, out, status);
}

static void print_csv(const rolled *r, FILE *out)
{
    fputs("measure,item,value,se\n", out);
    for (size_t q = 0; q < r->n_questions; q++) {
        for (size_t i = 0; i < r->n_items + 2; i++) {
            const int result = i == 0 || i == r->n_items + 1;
            const size_t row = i == 0 ? 0 : i == r->n_items + 1 ? r->n_items : i - 1;
            const double x[] = {at(result ? r->value : r->change, r, row, q),
                                at(result ? r->value_se : r->change_se, r, row, q)};
            fprintf(out, "\"%s\",%s", r->questions[q], i == 0 ? "old" : i == r->n_items + 1 ? "new" : r->items[i - 1]);
            pc_study_csv_numbers(out, x, 2);
            fputc('\n', out);
        }
    }
}

static void print_json(const rolled *r, FILE *out)
{
    pc_json json = pc_study_json_begin(out);

    pc_json_open(&json, "figures", '[');
    for (size_t i = 0; i < r->n_figures; i++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "figure", r->figures[i]);
        pc_json_put_number(&json, "observed", pc_dataset_at(r->observed, i));
        pc_json_put_number(&json, "projected", pc_dataset_at(r->projected, i));
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_json_open(&json, "changes", '[');
    for (size_t q = 0; q < r->n_questions; q++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "measure", r->questions[q]);
        pc_json_put_number(&json, "old", at(r->value, r, 0, q));
        pc_json_put_number(&json, "new", at(r->value, r, r->n_items, q));
        pc_json_open(&json, "items", '[');
        for (size_t i = 0; i < r->n_items; i++) {
            pc_json_open(&json, NULL, '{');
            pc_json_put_text(&json, "item", r->items[i]);
            pc_json_put_number(&json, "change", at(r->change, r, i, q));
            pc_json_put_number(&json, "se", at(r->change_se, r, i, q));
            pc_json_close(&json, '}');
        }
        pc_json_close(&json, ']');
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_study_json_end(&json);
}

pc_code pc_report_roll(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    rolled r;

    if (!open_rolled(results, &r)) {
        return pc_fail(status, PC_ERR_INPUT, "found no rolled base year, allowed a complete file");
    }
    if (format == PC_LISTING_CSV) {
        print_csv(&r, out);
        return PC_OK;
    }
    if (format == PC_LISTING_JSON) {
        print_json(&r, out);
        return PC_OK;
    }
    return print_text(&r, 0, out, status);
}

pc_code pc_report_roll_markdown(const pc_results *results, FILE *out, pc_status *status)
{
    rolled r;

    return open_rolled(results, &r)
               ? print_text(&r, 1, out, status)
               : pc_fail(status, PC_ERR_INPUT, "found no rolled base year, allowed a complete file");
}

pc_code pc_words_roll(const pc_results *results, FILE *out, pc_status *status)
{
    rolled r;

    if (!open_rolled(results, &r)) {
        return pc_fail(status, PC_ERR_INPUT, "found no rolled base year, allowed a complete file");
    }
    print_head(&r, out);
    print_largest(&r, out);
    return PC_OK;
}
