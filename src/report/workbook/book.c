/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/workbook/book.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/palette.h"

enum { MIN_WIDTH = 8, MAX_WIDTH = 46 };

static lxw_format *format_of(pc_book *book, const char *number, int right)
{
    lxw_format *format = workbook_add_format(book->workbook);

    if (!format) {
        book->failed = 1;
        return NULL;
    }
    if (number) {
        format_set_num_format(format, number);
    }
    if (right) {
        format_set_align(format, LXW_ALIGN_RIGHT);
    }
    return format;
}

void pc_book_start(pc_book *book, lxw_workbook *workbook, const pc_view *view)
{
    static const char *const numbers[PC_N_CELL_FORMATS] = {
        [PC_CELL_CHANCE] = "0.00%",  [PC_CELL_POINTS] = "+0.00;-0.00;0", [PC_CELL_MONEY] = "#,##0.00",
        [PC_CELL_YUAN] = "#,##0",    [PC_CELL_MONTHS] = "0.00",          [PC_CELL_PERSONS] = "#,##0",
        [PC_CELL_NUMBER] = "0.0000", [PC_CELL_GENERAL] = NULL,
    };
    lxw_format **f = book->formats;

    *book = (pc_book){.workbook = workbook, .view = view};
    for (int i = 0; i < PC_N_CELL_FORMATS; i++) {
        f[i] = format_of(book, numbers[i], 0);
        if (!f[i]) {
            return;
        }
    }
    format_set_text_wrap(f[PC_CELL_WRAP]);
    format_set_align(f[PC_CELL_WRAP], LXW_ALIGN_VERTICAL_TOP);
    format_set_bold(f[PC_CELL_TITLE]);
    format_set_font_size(f[PC_CELL_TITLE], 14);
    format_set_font_color(f[PC_CELL_NOTE], 0x404040);
    format_set_bold(f[PC_CELL_HEADER]);
    format_set_text_wrap(f[PC_CELL_HEADER]);
    format_set_align(f[PC_CELL_HEADER], LXW_ALIGN_VERTICAL_TOP);
    format_set_bg_color(f[PC_CELL_HEADER], 0xE7EDF3);
    format_set_bottom(f[PC_CELL_HEADER], LXW_BORDER_THIN);
    format_set_bg_color(f[PC_CELL_CHOICE], 0xFFF4CC);
    format_set_border(f[PC_CELL_CHOICE], LXW_BORDER_THIN);
    format_set_bold(f[PC_CELL_CHOICE]);
    format_set_font_color(f[PC_CELL_LINK], 0x0B4F9E);
    format_set_underline(f[PC_CELL_LINK], LXW_UNDERLINE_SINGLE);
}

pc_cell_format pc_book_format(pc_unit_kind unit)
{
    static const pc_cell_format formats[] = {
        [PC_UNIT_CHANCE] = PC_CELL_CHANCE, [PC_UNIT_POINTS] = PC_CELL_POINTS, [PC_UNIT_MONEY] = PC_CELL_MONEY,
        [PC_UNIT_YUAN] = PC_CELL_YUAN,     [PC_UNIT_MONTHS] = PC_CELL_MONTHS, [PC_UNIT_PERSONS] = PC_CELL_PERSONS,
        [PC_UNIT_SHARE] = PC_CELL_CHANCE,  [PC_UNIT_NUMBER] = PC_CELL_NUMBER,
    };

    return formats[unit];
}

int pc_text_columns(const char *text)
{
    int columns = 0;

    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        columns += *p < 0x80 ? 1 : *p >= 0xE0 ? 2 : *p >= 0xC0 ? 1 : 0;
    }
    return columns;
}

static void widen(pc_sheet *sheet, int column, int columns)
{
    if (column < PC_BOOK_MAX_COLUMNS && columns > sheet->widths[column]) {
        sheet->widths[column] = columns;
    }
}

void pc_sheet_start(pc_book *book, pc_sheet *sheet, const char *name, const char *title, const char *note, int n_fixed)
{
    memset(sheet, 0, sizeof *sheet);
    sheet->book = book;
    sheet->n_fixed = n_fixed;
    snprintf(sheet->name, sizeof sheet->name, "%s", name);
    sheet->worksheet = workbook_add_worksheet(book->workbook, sheet->name);
    if (!sheet->worksheet) {
        book->failed = 1;
        return;
    }
    worksheet_write_string(sheet->worksheet, 0, 0, title, book->formats[PC_CELL_TITLE]);
    worksheet_write_string(sheet->worksheet, 1, 0, note, book->formats[PC_CELL_NOTE]);
    sheet->row = PC_BOOK_HEADER_ROW + 1;
}

void pc_sheet_column(pc_sheet *sheet, const char *format, ...)
{
    char text[512];
    int columns, n = sheet->n_columns;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!sheet->worksheet || n == PC_BOOK_MAX_COLUMNS ||
        worksheet_write_string(sheet->worksheet, PC_BOOK_HEADER_ROW, (lxw_col_t)n, text,
                               sheet->book->formats[PC_CELL_HEADER])) {
        sheet->book->failed = 1;
        return;
    }
    columns = pc_text_columns(text);
    widen(sheet, n, columns < 13 ? columns : 13); /* headers wrap */
    sheet->n_columns++;
}

void pc_sheet_text(pc_sheet *sheet, int column, pc_cell_format format, const char *text)
{
    if (!sheet->worksheet || (*text && worksheet_write_string(sheet->worksheet, sheet->row, (lxw_col_t)column, text,
                                                              sheet->book->formats[format]))) {
        sheet->book->failed = 1;
    }
    widen(sheet, column, pc_text_columns(text));
}

static int number_columns(pc_cell_format format, double x)
{
    double large = fabs(x) * (format == PC_CELL_CHANCE ? 100 : 1);
    int whole = large >= 1 ? (int)log10(large) + 1 : 1;

    return whole + (format == PC_CELL_GENERAL ? 0 : whole / 3) + 4 + (x < 0);
}

/* Nine significant digits, far beyond any error of the simulation, make the workbook a third smaller than all of them.
 */
static double shortened(double x)
{
    char text[32];

    snprintf(text, sizeof text, "%.9g", x);
    return strtod(text, NULL);
}

void pc_sheet_number(pc_sheet *sheet, int column, pc_cell_format format, double x)
{
    if (!isfinite(x)) {
        return;
    }
    x = shortened(x);
    if (!sheet->worksheet ||
        worksheet_write_number(sheet->worksheet, sheet->row, (lxw_col_t)column, x, sheet->book->formats[format])) {
        sheet->book->failed = 1;
    }
    widen(sheet, column, number_columns(format, x));
}

void pc_sheet_formula(pc_sheet *sheet, int column, pc_cell_format format, const char *formula, double value)
{
    if (!sheet->worksheet || worksheet_write_formula_num(sheet->worksheet, sheet->row, (lxw_col_t)column, formula,
                                                         sheet->book->formats[format], isfinite(value) ? value : 0)) {
        sheet->book->failed = 1;
    }
    widen(sheet, column, number_columns(format, isfinite(value) ? value : 0));
}

void pc_sheet_end(pc_sheet *sheet, int filter)
{
    lxw_worksheet *worksheet = sheet->worksheet;

    if (!worksheet) {
        return;
    }
    for (int c = 0; c < PC_BOOK_MAX_COLUMNS; c++) {
        int width = sheet->widths[c];
        if (width > 0) {
            width = width < MIN_WIDTH ? MIN_WIDTH : width > MAX_WIDTH ? MAX_WIDTH : width;
            worksheet_set_column(worksheet, (lxw_col_t)c, (lxw_col_t)c, width + 1.5, NULL);
        }
    }
    if (sheet->n_columns > 0) {
        worksheet_set_row(worksheet, PC_BOOK_HEADER_ROW, 62, NULL);
        worksheet_freeze_panes(worksheet, PC_BOOK_HEADER_ROW + 1, (lxw_col_t)sheet->n_fixed);
        worksheet_repeat_rows(worksheet, PC_BOOK_HEADER_ROW, PC_BOOK_HEADER_ROW);
        if (filter && sheet->row > PC_BOOK_HEADER_ROW + 1) {
            worksheet_autofilter(worksheet, PC_BOOK_HEADER_ROW, 0, sheet->row - 1, (lxw_col_t)(sheet->n_columns - 1));
        }
    }
    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, 9); /* A4 */
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_set_footer(worksheet, "&L&A&R&P / &N");
}

lxw_chart *pc_sheet_chart(pc_sheet *sheet, lxw_chart_type type, const char *title, const char *x_title,
                          const char *y_title)
{
    lxw_chart *chart = workbook_add_chart(sheet->book->workbook, (uint8_t)type);
    lxw_chart_font font = {.size = 12, .bold = LXW_TRUE};
    lxw_chart_line grid = {.color = 0xD9D9D9, .width = 0.75};

    if (!chart) {
        sheet->book->failed = 1;
        return NULL;
    }
    chart_title_set_name(chart, title);
    chart_title_set_name_font(chart, &font);
    if (*x_title) {
        chart_axis_set_name(chart->x_axis, x_title);
    }
    chart_axis_set_name(chart->y_axis, y_title);
    chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_GAP);
    return chart;
}

void pc_sheet_place(pc_sheet *sheet, lxw_chart *chart, lxw_row_t row, lxw_col_t column, int width, int height)
{
    lxw_chart_options options = {.x_scale = width / 480.0, .y_scale = height / 288.0};

    if (chart && worksheet_insert_chart_opt(sheet->worksheet, row, column, chart, &options)) {
        sheet->book->failed = 1;
    }
}

lxw_chart_series *pc_sheet_series(pc_sheet *data, lxw_chart *chart, lxw_row_t first, lxw_row_t last, int x, int y,
                                  const char *name, int index)
{
    static const uint8_t dashes[] = {LXW_CHART_LINE_DASH_SOLID, LXW_CHART_LINE_DASH_DASH, LXW_CHART_LINE_DASH_ROUND_DOT,
                                     LXW_CHART_LINE_DASH_DASH_DOT};
    lxw_chart_line line = {.color = pc_palette_color(index), .width = 2.0f};
    lxw_chart_series *series = chart ? chart_add_series(chart, NULL, NULL) : NULL;

    if (!series) {
        data->book->failed = 1;
        return NULL;
    }
    if (chart->type == LXW_CHART_COLUMN) {
        lxw_chart_fill fill = {.color = pc_palette_color(index)};
        chart_series_set_fill(series, &fill);
        line.none = LXW_TRUE;
    }
    line.dash_type = dashes[index % 4];
    chart_series_set_categories(series, data->name, first, (lxw_col_t)x, last, (lxw_col_t)x);
    chart_series_set_values(series, data->name, first, (lxw_col_t)y, last, (lxw_col_t)y);
    chart_series_set_name(series, name);
    chart_series_set_line(series, &line);
    return series;
}
