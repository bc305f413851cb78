/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fan: the reader chooses policy, scheme and region in cells, formulas fetch the rows, the chart follows. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "report/workbook/sheets.h"

enum { LISTS = 40, FIRST_ROW = 9, N_EDGES = 5 };

static const double edges[N_EDGES] = {0.05, 0.25, 0.5, 0.75, 0.95};

typedef struct fan_columns {
    int central, quantile[N_EDGES]; /* columns of the sheet of months, -1: none */
} fan_columns;

/* The columns of the sheet of months in the order in which topic.c writes them: mean, se, central, quantiles. */
static int find_columns(const pc_sheets *self, fan_columns *columns)
{
    const pc_dataset *quantiles = pc_view_find(&self->view, "policy", pc_sheets_policy(self, 0),
                                               pc_sheets_scheme(self, 0), "reserve_months_quantile");
    int axis = quantiles ? pc_export_statistic_axis(quantiles) : -1, found = 0;

    if (axis < 0 || quantiles->dims[axis]->type != PC_F64) {
        return 0;
    }
    columns->central = 5 + 2;
    for (int e = 0; e < N_EDGES; e++) {
        for (size_t q = 0; q < quantiles->dims[axis]->size; q++) {
            if (fabs(((const double *)quantiles->dims[axis]->coordinates)[q] - edges[e]) < 1e-9) {
                columns->quantile[e] = 5 + 3 + (int)q;
                found++;
            }
        }
    }
    return found == N_EDGES;
}

static void choice(pc_sheet *sheet, lxw_row_t row, const char *label, const char *value, int list_column, int n)
{
    char range[128], first[16], last[16];
    lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA, .value_formula = range};

    lxw_rowcol_to_cell_abs(first, FIRST_ROW, (lxw_col_t)list_column, 1, 1);
    lxw_rowcol_to_cell_abs(last, (lxw_row_t)(FIRST_ROW + n - 1), (lxw_col_t)list_column, 1, 1);
    snprintf(range, sizeof range, "=%s:%s", first, last);
    sheet->row = row;
    pc_sheet_text(sheet, 0, PC_CELL_TEXT, label);
    pc_sheet_text(sheet, 1, PC_CELL_CHOICE, value);
    worksheet_data_validation_cell(sheet->worksheet, row, 1, &validation);
}

/* What the c-th column of numbers is called. */
static const char *column_text(int c, char *text, size_t size)
{
    if (c == N_EDGES) {
        return _("central path");
    }
    snprintf(text, size, _("%g %% quantile"), 100 * edges[c]);
    return text;
}

/* Lines and not stacked areas, which break where a fan crosses zero. */
static void draw(pc_sheet *sheet, int n_years)
{
    static const lxw_color_t colors[] = {0x56B4E9, 0x0072B2, 0x000000, 0x0072B2, 0x56B4E9, 0xD55E00};
    lxw_chart *chart = pc_sheet_chart(sheet, LXW_CHART_LINE, _("Reserve months of the choice"), "", _("months"));

    for (int c = 0; c <= N_EDGES && chart; c++) {
        lxw_chart_line line = {.color = colors[c],
                               .width = c == 2 ? 2.75f : 1.75f,
                               .dash_type = c == N_EDGES ? LXW_CHART_LINE_DASH_DASH
                                            : c % 4 == 0 ? LXW_CHART_LINE_DASH_ROUND_DOT
                                                         : LXW_CHART_LINE_DASH_SOLID};
        char name[64];
        lxw_chart_series *series = pc_sheet_series(sheet, chart, FIRST_ROW, (lxw_row_t)(FIRST_ROW + n_years - 1), 0,
                                                   2 + c, column_text(c, name, sizeof name), c);
        if (series) {
            chart_series_set_line(series, &line);
        }
    }
    if (chart) {
        chart_axis_set_interval_unit(chart->x_axis, 5);
        chart_axis_set_interval_tick(chart->x_axis, 5);
    }
    pc_sheet_place(sheet, chart, 2, 10, 900, 520);
}

static void write_lists(const pc_sheets *self, pc_sheet *sheet, char ranges[3][40])
{
    const int counts[] = {self->n_policies, self->n_schemes, self->view.n_areas};

    for (int l = 0; l < 3; l++) {
        char first[16], last[16];
        for (int i = 0; i < counts[l]; i++) {
            sheet->row = (lxw_row_t)(FIRST_ROW + i);
            pc_sheet_text(sheet, LISTS + l, PC_CELL_TEXT,
                          l == 0   ? pc_sheets_policy(self, i)
                          : l == 1 ? pc_scheme_text(pc_sheets_scheme(self, i))
                                   : pc_view_area_name(&self->view, i));
        }
        lxw_rowcol_to_cell_abs(first, FIRST_ROW, (lxw_col_t)(LISTS + l), 1, 1);
        lxw_rowcol_to_cell_abs(last, (lxw_row_t)(FIRST_ROW + counts[l] - 1), (lxw_col_t)(LISTS + l), 1, 1);
        snprintf(ranges[l], sizeof ranges[l], "%s:%s", first, last);
    }
}

void pc_sheet_fan(pc_sheets *self)
{
    const pc_view *view = &self->view;
    const char *policy = pc_sheets_policy(self, 0), *scheme = pc_sheets_scheme(self, 0);
    const pc_dataset *data = pc_view_find(view, "policy", policy, scheme, "reserve_months");
    const pc_dataset *quantiles = pc_view_find(view, "policy", policy, scheme, "reserve_months_quantile");
    int n_years = view->last_year - view->first_year + 1, whole = view->n_areas - 1;
    const char *const labels[] = {_("policy"), _("scheme"), _("region")};
    const char *const values[] = {policy, pc_scheme_text(scheme), pc_view_area_name(view, whole)};
    const int counts[] = {self->n_policies, self->n_schemes, view->n_areas};
    fan_columns columns = {0};
    pc_sheet sheet;
    char ranges[3][40];

    if (pc_view_central_only(view) || !find_columns(self, &columns)) {
        return;
    }
    pc_sheet_start(&self->book, &sheet, _("Fan"), _("Reserve months: a fan for every policy, scheme and region"),
                   _("Choose in the yellow cells. Outer lines: 5 and 95 %, inner lines: 25 and 75 %. From the "
                     "2040s on: present rules unchanged, not a forecast."),
                   1);
    write_lists(self, &sheet, ranges);
    for (int l = 0; l < 3; l++) {
        choice(&sheet, (lxw_row_t)(3 + l), labels[l], values[l], LISTS + l, counts[l]);
    }
    sheet.row = FIRST_ROW - 1;
    pc_sheet_text(&sheet, 0, PC_CELL_HEADER, _("year"));
    pc_sheet_text(&sheet, 1, PC_CELL_HEADER, _("row"));
    for (int c = 0; c <= N_EDGES; c++) {
        char name[64];
        pc_sheet_text(&sheet, 2 + c, PC_CELL_HEADER, column_text(c, name, sizeof name));
    }
    for (int t = 0; t < n_years; t++) {
        int year = view->first_year + t;
        char formula[512], cell[16];
        sheet.row = (lxw_row_t)(FIRST_ROW + t);
        pc_sheet_number(&sheet, 0, PC_CELL_GENERAL, year);
        /* the rows of the sheet of months are a full grid: the row follows from the places in the three lists */
        snprintf(formula, sizeof formula, "=(((MATCH($B$4,%s,0)-1)*%d+MATCH($B$5,%s,0)-1)*%d+MATCH($B$6,%s,0)-1)*%d+%d",
                 ranges[0], self->n_schemes, ranges[1], view->n_areas, ranges[2], n_years, t + PC_BOOK_HEADER_ROW + 2);
        pc_sheet_formula(&sheet, 1, PC_CELL_GENERAL, formula, (double)whole * n_years + t + PC_BOOK_HEADER_ROW + 2);
        lxw_rowcol_to_cell_abs(cell, sheet.row, 1, 0, 1);
        for (int c = 0; c <= N_EDGES; c++) {
            double x = c < N_EDGES ? pc_view_quantile(view, quantiles, edges[c], whole, year)
                                   : pc_view_value(view, data, "central", whole, year);
            char name[8];
            lxw_col_to_name(name, (lxw_col_t)(c < N_EDGES ? columns.quantile[c] : columns.central), 1);
            snprintf(formula, sizeof formula, "=INDEX('%s'!%s:%s,%s)", pc_sheet_months_name(), name, name, cell);
            pc_sheet_formula(&sheet, 2 + c, PC_CELL_MONTHS, formula, x);
        }
    }
    sheet.row = (lxw_row_t)(FIRST_ROW + n_years);
    draw(&sheet, n_years);
    pc_sheet_end(&sheet, 0);
    worksheet_freeze_panes(sheet.worksheet, FIRST_ROW, 1);
}
