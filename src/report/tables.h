/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of text in aligned columns, with wide characters (Chinese names) counted as the terminal shows them. The same
 * bytes on a terminal and in a pipe. */
#ifndef PC_REPORT_TABLES_H
#define PC_REPORT_TABLES_H

#include <stdio.h>

#include "base/status.h"

typedef struct pc_text_table pc_text_table;

/* NULL when memory runs out; every call below is safe on NULL and on a table in which an earlier call failed, so that
 * one check at the end (print) is enough. The text's encoding is that of the locale (LC_CTYPE), which should be UTF-8.
 */
pc_text_table *pc_text_table_new(void);
/* Adds a column: right 1 aligns it to the right. All columns come before the first row. */
void pc_text_table_column(pc_text_table *table, int right, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Starts a row. */
void pc_text_table_row(pc_text_table *table);
/* The next cell of the row. */
void pc_text_table_cell(pc_text_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints header and rows, each line after `indent` blanks and without trailing blanks, and frees the table. */
pc_code pc_text_table_print(pc_text_table *table, FILE *out, int indent, pc_status *status);

/* Prints text broken at blanks before `width` columns, each line after `indent` blanks. Chinese breaks anywhere, but
 * not before a closing and after an opening mark. */
void pc_text_wrap(FILE *out, const char *text, int indent, int width);
/* `head`, of ASCII, and after it, or below where it is too long, the text between columns `indent` and `width`. */
void pc_text_hang(FILE *out, const char *head, const char *text, int indent, int width);

#endif
