/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "scenario/text.h"
#include "scenario/values.h"

enum { MAX_COLUMNS = 1024, MAX_CELLS = 4000000, MAX_KNOWN = 256 };

typedef struct scanner {
    const pc_file *file;
    pc_arena *arena;
    pc_problems *problems;
    pc_status *status;
    size_t at;
    int line, column;
    char *out; /* cells' texts, one after the other, each with a NUL */
    size_t used;
} scanner;

static int peek(const scanner *s)
{
    return s->at < s->file->size ? (unsigned char)s->file->text[s->at] : -1;
}

/* Steps over one character, copying it to the cell if `keep`. */
static void step(scanner *s, int keep)
{
    uint32_t c = 0;
    size_t n = pc_text_decode(s->file->text + s->at, s->file->size - s->at, &c);

    n = n ? n : 1;
    if (keep) {
        memcpy(s->out + s->used, s->file->text + s->at, n);
        s->used += n;
    }
    s->at += n;
    if (c == '\n') {
        s->line++;
        s->column = 1;
    } else {
        s->column++;
    }
}

/* Scans one cell; stops at the comma or the end of the line. Returns 0 after a problem. */
static int scan_cell(scanner *s, pc_cell *cell)
{
    size_t start;

    while (peek(s) == ' ' || peek(s) == '\t') {
        step(s, 0);
    }
    *cell = (pc_cell){NULL, {s->file, NULL, s->line, s->column}};
    start = s->used;
    if (peek(s) == '"') {
        step(s, 0);
        for (;;) {
            const int c = peek(s);
            if (c < 0) {
                pc_problem(s->problems, cell->spot, "found a quoted cell without its closing quote, allowed \"...\"");
                return 0;
            }
            step(s, c != '"');
            if (c == '"') {
                if (peek(s) != '"') {
                    break;
                }
                step(s, 1);
            }
        }
        while (peek(s) == ' ' || peek(s) == '\t') {
            step(s, 0);
        }
        if (peek(s) >= 0 && peek(s) != ',' && peek(s) != '\n' && peek(s) != '\r') {
            pc_problem(s->problems, ((pc_spot){s->file, NULL, s->line, s->column}),
                       "found text after a closing quote, allowed a comma or the end of the line");
            return 0;
        }
    } else {
        while (peek(s) >= 0 && peek(s) != ',' && peek(s) != '\n' && peek(s) != '\r') {
            step(s, 1);
        }
        while (s->used > start && (s->out[s->used - 1] == ' ' || s->out[s->used - 1] == '\t')) {
            s->used--;
        }
    }
    s->out[s->used++] = 0;
    cell->text = s->out + start;
    return 1;
}

static void end_line(scanner *s)
{
    if (peek(s) == '\r') {
        s->at++;
        if (peek(s) != '\n') { /* a lone carriage return ends a line too, but not in the message's count of lines */
            s->column++;
            return;
        }
    }
    if (peek(s) == '\n') {
        step(s, 0);
    }
}

/* Steps over lines that hold nothing but blanks. Returns 0 at the end of the file. */
static int next_line(scanner *s)
{
    for (;;) {
        size_t look = s->at;
        while (look < s->file->size && (s->file->text[look] == ' ' || s->file->text[look] == '\t')) {
            look++;
        }
        if (look == s->file->size) {
            return 0;
        }
        if (s->file->text[look] != '\n' && s->file->text[look] != '\r') {
            return 1;
        }
        while (s->at < look) {
            step(s, 0);
        }
        end_line(s);
    }
}

/* Scans a row into cells[0 .. room). Returns the number of cells in it, which may exceed `room`; -1 after a problem. */
static int scan_row(scanner *s, pc_cell *cells, int room)
{
    int n = 0;

    for (;;) {
        pc_cell spare;
        if (!scan_cell(s, n < room ? &cells[n] : &spare)) {
            return -1;
        }
        n++;
        if (peek(s) != ',') {
            break;
        }
        step(s, 0);
    }
    end_line(s);
    return n;
}

static int check_header(const pc_table *table, pc_problems *problems)
{
    int fine = 1;

    for (int i = 0; i < table->n_columns; i++) {
        if (table->header[i].text[0] == 0) {
            pc_problem(problems, table->header[i].spot,
                       "found a column without a name, allowed a name for each column");
            fine = 0;
        }
        for (int j = 0; j < i; j++) {
            if (strcmp(table->header[i].text, table->header[j].text) == 0) {
                pc_problem(problems, table->header[i].spot, "found the column \"%s\" a second time, allowed once",
                           table->header[i].text);
                fine = 0;
                break;
            }
        }
    }
    return fine;
}

pc_table *pc_csv_read(const pc_file *file, pc_arena *arena, pc_problems *problems, pc_status *status)
{
    scanner s = {.file = file, .arena = arena, .problems = problems, .status = status, .line = 1, .column = 1};
    const size_t valid = pc_text_valid(file->text, file->size);
    const int before = problems->n;
    pc_table *table = pc_arena_calloc(arena, 1, sizeof *table);
    pc_cell *row = calloc(MAX_COLUMNS, sizeof *row);
    pc_cell *cells = NULL;
    size_t n_lines = 1, room;

    if (memchr(file->text, 0, file->size) != NULL || valid < file->size) {
        const char *zero = memchr(file->text, 0, file->size);
        const size_t at = zero && (size_t)(zero - file->text) < valid ? (size_t)(zero - file->text) : valid;
        pc_spot spot = {file, NULL, 1, 1};
        pc_text_position(file->text, file->size, at, &spot.line, &spot.column);
        pc_problem(problems, spot,
                   "found the byte 0x%02x, which is not valid UTF-8 text, allowed a table saved as UTF-8",
                   (unsigned)(unsigned char)file->text[at]);
        goto fail;
    }
    for (size_t i = 0; i < file->size; i++) {
        n_lines += file->text[i] == '\n' || file->text[i] == '\r';
    }
    /* A text is never longer than its source, but for the NULs: at most one for each comma or line. */
    s.out = pc_arena_calloc(arena, file->size + file->size + n_lines + 2, 1);
    if (!table || !row || !s.out) {
        goto memory;
    }
    s.at = file->size >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    if (!next_line(&s)) {
        pc_problem(problems, ((pc_spot){file, NULL, 1, 1}), "found an empty table, allowed a header and rows");
        goto fail;
    }
    table->file = file;
    table->n_columns = scan_row(&s, row, MAX_COLUMNS);
    if (table->n_columns > MAX_COLUMNS) {
        pc_problem(problems, ((pc_spot){file, NULL, 1, 1}), "found %d columns, allowed at most %d", table->n_columns,
                   MAX_COLUMNS);
    }
    if (table->n_columns < 0 || table->n_columns > MAX_COLUMNS) {
        goto fail;
    }
    table->header = pc_arena_calloc(arena, (size_t)table->n_columns, sizeof(pc_cell));
    if (!table->header) {
        goto memory;
    }
    memcpy(table->header, row, (size_t)table->n_columns * sizeof(pc_cell));
    if (!check_header(table, problems)) {
        goto fail;
    }
    if (n_lines * (size_t)table->n_columns > MAX_CELLS) {
        pc_problem(problems, ((pc_spot){file, NULL, 1, 1}),
                   "found a table of %zu lines and %d columns, allowed at most %d cells", n_lines, table->n_columns,
                   MAX_CELLS);
        goto fail;
    }
    room = n_lines * (size_t)table->n_columns;
    cells = pc_arena_calloc(arena, room, sizeof(pc_cell));
    if (!cells) {
        goto memory;
    }
    table->cells = cells;
    while (next_line(&s)) {
        pc_spot spot = {file, NULL, s.line, s.column};
        const int n = scan_row(&s, cells + (size_t)table->n_rows * (size_t)table->n_columns, table->n_columns);
        if (n < 0) {
            goto fail;
        }
        if (n != table->n_columns) {
            pc_problem(problems, spot, "found a row of %d cells, allowed %d, as in the header", n, table->n_columns);
            continue;
        }
        table->n_rows++;
    }
    if (table->n_rows == 0 && problems->n == before) {
        pc_problem(problems, table->header[0].spot, "found a header without rows, allowed at least one row");
    }
    free(row);
    return problems->n == before ? table : NULL;

memory:
    pc_fail(status, PC_ERR_FAIL, "%s: out of memory", file->shown);
fail:
    free(row);
    return NULL;
}

int pc_csv_find(const pc_table *table, const char *name)
{
    for (int i = 0; i < table->n_columns; i++) {
        if (strcmp(table->header[i].text, name) == 0) {
            return i;
        }
    }
    return -1;
}

int pc_csv_columns(const pc_table *table, const pc_column *columns, int n_columns, const char *const *extras,
                   int n_extras, int *at, pc_problems *problems)
{
    static const char *const always[] = {"source", "quality", "note"};
    const char *known[MAX_KNOWN];
    int n_known = 0, fine = 1;

    for (int i = 0; i < n_columns; i++) {
        at[i] = pc_csv_find(table, columns[i].name);
        if (n_known < MAX_KNOWN) {
            known[n_known++] = columns[i].name;
        }
        if (at[i] < 0 && columns[i].required) {
            pc_problem(problems, table->header[0].spot, "found no column \"%s\", allowed a table that has it",
                       columns[i].name);
            fine = 0;
        }
    }
    for (size_t i = 0; i < sizeof always / sizeof *always && n_known < MAX_KNOWN; i++) {
        known[n_known++] = always[i];
    }
    for (int i = 0; i < n_extras && n_known < MAX_KNOWN; i++) {
        known[n_known++] = extras[i];
    }
    for (int i = 0; i < table->n_columns; i++) {
        const char *name = table->header[i].text;
        int is_known = 0;
        for (int j = 0; j < n_known && !is_known; j++) {
            is_known = strcmp(name, known[j]) == 0;
        }
        if (is_known) {
            continue;
        }
        pc_value_unknown(N_("column"), name, table->header[i].spot, known, n_known, problems);
        fine = 0;
    }
    return fine;
}
