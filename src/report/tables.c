/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* wcwidth */
#endif
#include "report/tables.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/memory.h"

struct pc_text_table {
    struct libscols_table *table;
    struct libscols_line *line;
    size_t next_cell;
    int failed;
};

pc_text_table *pc_text_table_new(void)
{
    pc_text_table *table = pc_calloc(1, sizeof *table);

    if (!table) {
        return NULL;
    }
    table->table = scols_new_table();
    if (!table->table) {
        pc_free(table);
        return NULL;
    }
    /* never the terminal's width or colours: output must be the same everywhere */
    table->failed = scols_table_set_termforce(table->table, SCOLS_TERMFORCE_NEVER) != 0 ||
                    scols_table_set_column_separator(table->table, "  ") != 0 ||
                    scols_table_enable_colors(table->table, 0) != 0;
    return table;
}

void pc_text_table_column(pc_text_table *table, int right, const char *format, ...)
{
    char text[512];
    va_list args;

    if (!table || table->failed) {
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!scols_table_new_column(table->table, text, 0, right ? SCOLS_FL_RIGHT : 0)) {
        table->failed = 1;
    }
}

void pc_text_table_row(pc_text_table *table)
{
    if (!table || table->failed) {
        return;
    }
    table->line = scols_table_new_line(table->table, NULL);
    table->next_cell = 0;
    table->failed = !table->line;
}

void pc_text_table_cell(pc_text_table *table, const char *format, ...)
{
    char text[1024];
    va_list args;

    if (!table || table->failed || !table->line) {
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (scols_line_set_data(table->line, table->next_cell++, text)) {
        table->failed = 1;
    }
}

pc_code pc_text_table_print(pc_text_table *table, FILE *out, int indent, pc_status *status)
{
    char *text = NULL, *line, *rest;
    pc_code code = PC_OK;

    if (!table || table->failed || scols_print_table_to_string(table->table, &text) || !text) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for a table");
        goto out;
    }
    for (line = text; line && *line; line = rest) {
        size_t length = strcspn(line, "\n");
        rest = line[length] ? line + length + 1 : NULL;
        while (length > 0 && line[length - 1] == ' ') {
            length--;
        }
        fprintf(out, "%*s%.*s\n", indent, "", (int)length, line);
    }
out:
    free(text);
    if (table) {
        scols_unref_table(table->table);
        pc_free(table);
    }
    return code;
}

/* Columns of the character at `text`, its bytes in *length; a byte that is no character counts as itself. */
static int character(const char *text, size_t *length)
{
    mbstate_t state = {0};
    wchar_t wide;
    size_t n = mbrtowc(&wide, text, MB_CUR_MAX, &state);
    int columns;

    *length = n == 0 || n == (size_t)-1 || n == (size_t)-2 ? 1 : n;
    columns = *length == n ? wcwidth(wide) : 1;
    return columns < 0 ? 1 : columns;
}

/* 1 when one of the marks, one after the other in `marks`, stands at `text`. */
static int is_one_of(const char *text, const char *marks)
{
    size_t length;

    for (; *marks; marks += length) {
        character(marks, &length);
        if (strncmp(text, marks, length) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Chinese breaks anywhere but before a closing mark and after an opening one. */
static int may_break(const char *last, const char *next)
{
    return !is_one_of(next, "，。、；：）”？！》〕］") && !is_one_of(last, "（“《〔［");
}

/* `begun`: the first line stands at its indent already. */
static void wrap(FILE *out, const char *text, int indent, int width, int begun)
{
    int room = width - indent;

    for (; *text; begun = 0) {
        size_t at = 0, end = 0, length;
        int columns = 0;

        while (*text == ' ' || *text == '\n') {
            text++;
        }
        while (text[at] && text[at] != '\n') {
            int wide = character(text + at, &length);
            if (columns + wide > room) {
                break;
            }
            if (text[at] == ' ') {
                end = at;
            } else if (wide == 2 && may_break(text + at, text + at + length)) {
                end = at + length;
            }
            columns += wide;
            at += length;
        }
        if (!text[at] || text[at] == '\n' || end == 0) {
            end = at; /* all of it, or a word longer than the line */
        }
        if (end == 0) {
            if (!*text) {
                break;
            }
            character(text, &end);
        }
        fprintf(out, "%*s%.*s\n", begun ? 0 : indent, "", (int)end, text);
        text += end;
    }
}

void pc_text_wrap(FILE *out, const char *text, int indent, int width)
{
    wrap(out, text, indent, width, 0);
}

void pc_text_hang(FILE *out, const char *head, const char *text, int indent, int width)
{
    const int columns = (int)strlen(head), fits = columns + 2 <= indent;

    fprintf(out, "%s%*s", head, fits ? indent - columns : 0, "");
    if (!fits) {
        fputc('\n', out);
    }
    wrap(out, text, indent, width, fits);
}
