/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet of a topic: a row for each policy, scheme, area and year, columns for the measures' statistics. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/workbook/sheets.h"

enum { MAX_COLUMNS = 160 };

typedef enum column_kind { STATISTIC, EVENT, EVENT_ERROR, QUANTILE, BAND, BAND_ERROR } column_kind;

typedef struct column {
    const pc_topic_measure *measure;
    column_kind kind;
    char statistic[64];
    double number; /* probability of a quantile, bound of a band */
} column;

typedef struct topic_sheet {
    pc_sheets *all;
    const pc_topic *topic;
    pc_sheet sheet;
    column columns[MAX_COLUMNS];
    int n_columns, n_fixed, has_policy;
} topic_sheet;

static const pc_dataset *find(const topic_sheet *self, const char *policy, const char *scheme, const char *name)
{
    const pc_view *view = &self->all->view;

    return self->has_policy ? pc_view_find(view, self->topic->tree, policy, scheme, name)
                            : pc_results_find(view->results, self->topic->tree, name);
}

/* The dataset in the first group that has it. */
static const pc_dataset *sample(const topic_sheet *self, const char *name)
{
    const pc_dataset *found = NULL;

    for (int p = 0; p < self->all->n_policies && !found; p++) {
        for (int s = 0; s < self->all->n_schemes && !found; s++) {
            found = find(self, pc_sheets_policy(self->all, p), pc_sheets_scheme(self->all, s), name);
        }
    }
    return found;
}

static const char *statistic_text(const char *statistic)
{
    return strcmp(statistic, "mean") == 0      ? _("mean")
           : strcmp(statistic, "se") == 0      ? _("standard error")
           : strcmp(statistic, "central") == 0 ? _("central path")
                                               : statistic;
}

static void add_column(topic_sheet *self, const pc_topic_measure *measure, column_kind kind, const char *statistic,
                       double number)
{
    column *c = self->columns + self->n_columns;
    char shown[64], unit[96];
    const char *label = _(measure->label),
               *unit_text = pc_unit_text(measure->unit, measure->real,
                                         (int)pc_view_number(&self->all->view, "base_year", 0), unit, sizeof unit);

    if (self->n_columns == MAX_COLUMNS) {
        return;
    }
    *c = (column){measure, kind, "", number};
    snprintf(c->statistic, sizeof c->statistic, "%s", statistic);
    if (kind == QUANTILE) {
        snprintf(shown, sizeof shown, _("%g %% quantile"), 100 * number);
    } else if (kind == BAND) {
        snprintf(shown, sizeof shown, _("%g months, chance"), number);
    } else if (kind == BAND_ERROR) {
        snprintf(shown, sizeof shown, _("%g months, standard error"), number);
    } else if (kind == EVENT) {
        snprintf(shown, sizeof shown, "%s", measure->unit == PC_UNIT_POINTS ? _("mean") : _("chance"));
    } else {
        snprintf(shown, sizeof shown, "%s", statistic_text(statistic));
    }
    if (*unit_text) {
        pc_sheet_column(&self->sheet, _("%s, %s (%s)"), label, shown, unit_text);
    } else {
        pc_sheet_column(&self->sheet, _("%s, %s"), label, shown);
    }
    self->n_columns++;
}

/* The axis of warning bands, by their bounds in months; NULL: none. */
static const pc_dimension *band_axis(const pc_dataset *dataset)
{
    for (int axis = 0; axis < dataset->rank; axis++) {
        const pc_dimension *dim = dataset->dims[axis];
        if (strcmp(dim->name, "band") == 0 && dim->type == PC_F64 && dim->coordinates) {
            return dim;
        }
    }
    return NULL;
}

static void choose_columns(topic_sheet *self)
{
    static const char *const statistics[] = {"mean", "se", "central"};
    int central_only = pc_view_central_only(&self->all->view);

    for (int m = 0; m < self->topic->n_measures; m++) {
        const pc_topic_measure *measure = self->topic->measures + m;
        const pc_dataset *value = sample(self, measure->name);
        char other[160];
        const pc_dataset *quantiles;
        const pc_dimension *bands;
        int axis = value ? pc_export_statistic_axis(value) : -1;

        if (!value) {
            continue;
        }
        for (int s = 0; axis >= 0 && s < 3; s++) {
            if (pc_dimension_find_text(value->dims[axis], statistics[s]) >= 0 && (!central_only || s == 2)) {
                add_column(self, measure, STATISTIC, statistics[s], 0);
            }
        }
        bands = band_axis(value);
        for (size_t b = 0; bands && !central_only && b < bands->size; b++) {
            add_column(self, measure, BAND, "", ((const double *)bands->coordinates)[b]);
            add_column(self, measure, BAND_ERROR, "", ((const double *)bands->coordinates)[b]);
        }
        if (axis < 0 && !bands && !central_only) {
            add_column(self, measure, EVENT, "mean", 0);
            add_column(self, measure, EVENT_ERROR, "se", 0);
        }
        snprintf(other, sizeof other, "%s_quantile", measure->name);
        quantiles = central_only ? NULL : sample(self, other);
        axis = quantiles ? pc_export_statistic_axis(quantiles) : -1;
        for (size_t q = 0; axis >= 0 && quantiles->dims[axis]->type == PC_F64 && q < quantiles->dims[axis]->size; q++) {
            add_column(self, measure, QUANTILE, "", ((const double *)quantiles->dims[axis]->coordinates)[q]);
        }
    }
}

static double value_of(const topic_sheet *self, const column *c, const char *policy, const char *scheme, int area,
                       int year)
{
    const pc_view *view = &self->all->view;
    char name[160];
    double x;

    snprintf(name, sizeof name, "%s%s", c->measure->name,
             c->kind == EVENT_ERROR || c->kind == BAND_ERROR ? "_se"
             : c->kind == QUANTILE                           ? "_quantile"
                                                             : "");
    if (c->kind == QUANTILE || c->kind == BAND || c->kind == BAND_ERROR) {
        x = pc_view_quantile(view, find(self, policy, scheme, name), c->number, area, year);
    } else {
        x = pc_view_value(view, find(self, policy, scheme, name), c->kind == STATISTIC ? c->statistic : NULL, area,
                          year);
    }
    x *= pc_unit_scale(c->measure->unit);
    return c->measure->real ? x / pc_view_price_level(view, year) : x;
}

static void write_rows(topic_sheet *self, const char *policy, const char *scheme)
{
    const pc_view *view = &self->all->view;
    pc_sheet *sheet = &self->sheet;

    for (int area = 0; area < (self->topic->has_area ? view->n_areas : 1); area++) {
        for (int year = view->first_year; year <= view->last_year; year++) {
            int at = 0;
            if (self->has_policy) {
                pc_sheet_text(sheet, at++, PC_CELL_TEXT, policy);
                pc_sheet_text(sheet, at++, PC_CELL_TEXT, pc_scheme_text(scheme));
            }
            if (self->topic->has_area) {
                pc_sheet_text(sheet, at++, PC_CELL_TEXT, pc_view_area_name(view, area));
                pc_sheet_text(sheet, at++, PC_CELL_TEXT, pc_view_area_name_en(view, area));
            }
            pc_sheet_number(sheet, at++, PC_CELL_GENERAL, year);
            for (int c = 0; c < self->n_columns; c++) {
                pc_sheet_number(sheet, at + c, pc_book_format(self->columns[c].measure->unit),
                                value_of(self, self->columns + c, policy, scheme, area, year));
            }
            sheet->row++;
        }
    }
}

/* The measure to be drawn: the topic's, or the next that the file has. */
static const pc_topic_measure *drawn_measure(const topic_sheet *self)
{
    for (int m = self->topic->charted; m < self->topic->n_measures; m++) {
        if (sample(self, self->topic->measures[m].name)) {
            return self->topic->measures + m;
        }
    }
    return self->topic->measures + self->topic->charted;
}

/* The columns that a chart draws: mean or chance, of bands the second, below which it is red; without policies also the
 * 5 and 95 % quantiles. */
static int drawn_columns(const topic_sheet *self, int *drawn)
{
    const pc_topic_measure *measure = drawn_measure(self);
    int central_only = pc_view_central_only(&self->all->view), n = 0, n_bands = 0;

    for (int c = 0; c < self->n_columns && n < 3; c++) {
        const column *k = self->columns + c;
        int is_middle, is_edge;
        if (k->measure != measure) {
            continue;
        }
        n_bands += k->kind == BAND;
        is_middle = k->kind == EVENT || (k->kind == BAND && n_bands == 2) ||
                    (k->kind == STATISTIC && (strcmp(k->statistic, "mean") == 0 || central_only));
        is_edge = !self->has_policy && k->kind == QUANTILE &&
                  (fabs(k->number - 0.05) < 1e-9 || fabs(k->number - 0.95) < 1e-9);
        if (is_middle || is_edge) {
            drawn[n++] = c;
        }
    }
    return n;
}

static void add_charts(topic_sheet *self)
{
    pc_sheets *all = self->all;
    const pc_view *view = &all->view;
    const pc_topic_measure *measure = drawn_measure(self);
    int drawn[3], n_drawn = drawn_columns(self, drawn), n_years = view->last_year - view->first_year + 1;
    int n_areas = self->topic->has_area ? view->n_areas : 1, placed = 0;
    char title[256], unit[96], axis[160];
    const char *unit_text =
        pc_unit_text(measure->unit, measure->real, (int)pc_view_number(view, "base_year", 0), unit, sizeof unit);

    if (n_drawn == 0) {
        return;
    }
    snprintf(axis, sizeof axis, "%s", *unit_text ? unit_text : _(measure->label));
    for (int s = 0; s < (self->has_policy ? all->n_schemes : 1); s++) {
        const char *scheme = pc_sheets_scheme(all, s);
        lxw_chart *chart;
        int n_series = 0;
        if (self->has_policy && strcmp(scheme, "both") == 0) {
            continue;
        }
        if (self->has_policy && !find(self, pc_sheets_policy(all, 0), scheme, measure->name)) {
            continue; /* the ratio is the employees' alone */
        }
        if (self->has_policy) {
            snprintf(title, sizeof title, _("%s: %s, %s"), _(measure->label), pc_scheme_text(scheme),
                     pc_view_area_shown(view, view->n_areas - 1));
        } else {
            snprintf(title, sizeof title, _("%s: %s"), _(measure->label), pc_view_area_shown(view, view->n_areas - 1));
        }
        chart = pc_sheet_chart(&all->charts, LXW_CHART_LINE, title, "", axis);
        for (int p = 0; p < (self->has_policy ? all->n_policies : 1); p++) {
            lxw_row_t block = (lxw_row_t)((p * all->n_schemes + s) * n_areas + n_areas - 1) * (lxw_row_t)n_years;
            lxw_row_t first =
                PC_BOOK_HEADER_ROW + 1 + (self->has_policy ? block : (lxw_row_t)(n_areas - 1) * (lxw_row_t)n_years);
            for (int d = 0; d < n_drawn; d++) {
                char quantile[64];
                const column *c = self->columns + drawn[d];
                snprintf(quantile, sizeof quantile, _("%g %% quantile"), 100 * c->number);
                pc_sheet_series(&self->sheet, chart, first, first + (lxw_row_t)n_years - 1, self->n_fixed - 1,
                                self->n_fixed + drawn[d],
                                self->has_policy      ? pc_policy_title(view, pc_sheets_policy(all, p))
                                : c->kind == QUANTILE ? quantile
                                                      : _("mean"),
                                n_series++);
            }
        }
        if (chart) {
            chart_axis_set_interval_unit(chart->x_axis, 5);
            chart_axis_set_interval_tick(chart->x_axis, 5);
            if (measure->unit == PC_UNIT_CHANCE) {
                chart_axis_set_min(chart->y_axis, 0);
                chart_axis_set_max(chart->y_axis, 1);
                chart_axis_set_num_format(chart->y_axis, "0%");
            } else if (measure->unit == PC_UNIT_SHARE) {
                chart_axis_set_num_format(chart->y_axis, "0%");
            } else if (measure->unit == PC_UNIT_MONEY) {
                chart_axis_set_num_format(chart->y_axis, "#,##0");
            }
        }
        pc_sheets_add_chart(all, chart, placed++ % 2);
    }
}

void pc_sheet_topic(pc_sheets *all, const pc_topic *topic)
{
    topic_sheet *self = calloc(1, sizeof *self);

    if (!self) {
        all->book.failed = 1;
        return;
    }
    self->all = all;
    self->topic = topic;
    self->has_policy = strcmp(topic->tree, "policy") == 0 || strcmp(topic->tree, "difference") == 0;
    self->n_fixed = (self->has_policy ? 2 : 0) + (topic->has_area ? 2 : 0) + 1;
    if (strcmp(topic->tree, "difference") == 0 && all->n_policies < 2) {
        goto out;
    }
    pc_sheet_start(&all->book, &self->sheet, _(topic->sheet), _(topic->sheet), _(topic->note), self->n_fixed);
    if (self->has_policy) {
        pc_sheet_column(&self->sheet, "%s", _("policy"));
        pc_sheet_column(&self->sheet, "%s", _("scheme"));
    }
    if (topic->has_area) {
        pc_sheet_column(&self->sheet, "%s", _("region"));
        pc_sheet_column(&self->sheet, "%s", _("region (English)"));
    }
    pc_sheet_column(&self->sheet, "%s", _("year"));
    choose_columns(self);
    for (int p = 0; p < (self->has_policy ? all->n_policies : 1); p++) {
        for (int s = 0; s < (self->has_policy ? all->n_schemes : 1); s++) {
            const char *policy = pc_sheets_policy(all, p);
            if (strcmp(topic->tree, "difference") == 0 && all->policies[p] == all->view.baseline) {
                continue;
            }
            write_rows(self, policy, pc_sheets_scheme(all, s));
        }
    }
    pc_sheet_end(&self->sheet, 1);
    if (topic->charted >= 0 && strcmp(topic->tree, "difference") != 0) {
        add_charts(self);
    }
out:
    free(self);
}
