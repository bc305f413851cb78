/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV tables: UTF-8 with or without a byte order mark, quoted cells, any end of line; every cell knows its place. */
#ifndef PC_SCENARIO_CSV_H
#define PC_SCENARIO_CSV_H

#include "base/memory.h"
#include "scenario/problems.h"

typedef struct pc_cell {
    const char *text; /* blanks around it taken off, unless it was quoted */
    pc_spot spot;
} pc_cell;

typedef struct pc_table {
    const pc_file *file;
    int n_columns, n_rows;
    pc_cell *header; /* [n_columns] */
    pc_cell *cells;  /* [n_rows][n_columns] */
} pc_table;

/* Reads a table and its header. A row with too few or too many cells, a bad quote, no header, two columns of one name:
 * problems, and NULL. Owned by the arena. Names of columns are checked by pc_csv_columns. */
pc_table *pc_csv_read(const pc_file *file, pc_arena *arena, pc_problems *problems, pc_status *status);

/* A column a table may have. */
typedef struct pc_column {
    const char *name;
    int required;
} pc_column;

/* Finds the columns: at[i] is the table's column of columns[i], or -1. Missing required columns and unknown columns
 * (named with the nearest known one) are problems; `source`, `quality` and `note` are always allowed, and so are
 * extras[0 .. n_extras-1]. Returns 0 after a problem. */
int pc_csv_columns(const pc_table *table, const pc_column *columns, int n_columns, const char *const *extras,
                   int n_extras, int *at, pc_problems *problems);
/* Column of that name, -1: absent. */
int pc_csv_find(const pc_table *table, const char *name);
static inline const pc_cell *pc_csv_cell(const pc_table *table, int row, int column)
{
    return &table->cells[(size_t)row * (size_t)table->n_columns + (size_t)column];
}

#endif
