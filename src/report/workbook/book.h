/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workbook as this program writes it: sheets with a title, a note, one header row that stays in view, filters, number
 * formats and columns as wide as what they hold. */
#ifndef PC_REPORT_WORKBOOK_BOOK_H
#define PC_REPORT_WORKBOOK_BOOK_H

#include <xlsxwriter.h>

#include "report/topics.h"

typedef enum pc_cell_format {
    PC_CELL_TEXT,
    PC_CELL_WRAP,
    PC_CELL_TITLE,
    PC_CELL_NOTE,
    PC_CELL_HEADER,
    PC_CELL_CHANCE,
    PC_CELL_POINTS,
    PC_CELL_MONEY,
    PC_CELL_YUAN,
    PC_CELL_MONTHS,
    PC_CELL_PERSONS,
    PC_CELL_NUMBER,
    PC_CELL_GENERAL,
    PC_CELL_CHOICE, /* a cell for the reader to change */
    PC_CELL_LINK,
    PC_N_CELL_FORMATS
} pc_cell_format;

enum { PC_BOOK_MAX_COLUMNS = 256, PC_BOOK_HEADER_ROW = 2 };

typedef struct pc_book {
    lxw_workbook *workbook;
    lxw_format *formats[PC_N_CELL_FORMATS];
    const pc_view *view;
    int failed; /* a call failed: no memory, a sheet too long */
} pc_book;

typedef struct pc_sheet {
    pc_book *book;
    lxw_worksheet *worksheet;
    char name[128]; /* as in the workbook; room for 31 characters */
    lxw_row_t row;  /* the next row */
    int n_columns, n_fixed;
    int widths[PC_BOOK_MAX_COLUMNS];
} pc_sheet;

/* Makes the formats. */
void pc_book_start(pc_book *book, lxw_workbook *workbook, const pc_view *view);
pc_cell_format pc_book_format(pc_unit_kind unit);

/* A new sheet with title and note (translated by the caller); the first `n_fixed` columns stay in view. */
void pc_sheet_start(pc_book *book, pc_sheet *sheet, const char *name, const char *title, const char *note, int n_fixed);
/* The next header. */
void pc_sheet_column(pc_sheet *sheet, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A cell of the current row. A number that is not finite is left empty. */
void pc_sheet_text(pc_sheet *sheet, int column, pc_cell_format format, const char *text);
void pc_sheet_number(pc_sheet *sheet, int column, pc_cell_format format, double x);
void pc_sheet_formula(pc_sheet *sheet, int column, pc_cell_format format, const char *formula, double value);
/* Freezes, filters, sets widths and printing. `filter` 0: no filter. */
void pc_sheet_end(pc_sheet *sheet, int filter);
/* Columns that a terminal would need for the text: Chinese counts twice. */
int pc_text_columns(const char *text);

/* A chart in the house's style at a cell: title, titles of the axes, size in pixels. */
lxw_chart *pc_sheet_chart(pc_sheet *sheet, lxw_chart_type type, const char *title, const char *x_title,
                          const char *y_title);
void pc_sheet_place(pc_sheet *sheet, lxw_chart *chart, lxw_row_t row, lxw_col_t column, int width, int height);
/* A series over cells of `data`: rows first .. last, `x` and `y` columns, its colour and dash by `index`. */
lxw_chart_series *pc_sheet_series(pc_sheet *data, lxw_chart *chart, lxw_row_t first, lxw_row_t last, int x, int y,
                                  const char *name, int index);

#endif
