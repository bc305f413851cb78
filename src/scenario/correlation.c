/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlation matrices: of the province's drivers, and between regions. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "random/streams.h"
#include "scenario/reader.h"
#include "scenario/schema.h"

enum { DRIVERS = PC_PROVINCE_NORMALS };
static const char *const DRIVER_NAMES[DRIVERS] = {"mortality", "fertility", "employment", "wages", "cost", "returns"};
static const char *const REGION_DRIVERS[PC_REGION_DRAWS] = {
    "migration", "employment", "wages", "cost_employee", "cost_resident", "claims_employee", "claims_resident"};
static const pc_param VALUE = {"correlation", PC_PARAM_NUMBER, "", -1, 1, 0, NULL, ""};

/* Whether the leading k rows of an n by n matrix are positive definite; -1 without memory. */
static int leading_definite(const double *matrix, int n, int k)
{
    double *room = pc_calloc((size_t)k * (size_t)k, sizeof *room); /* gsl_matrix_alloc leaks when memory runs out */
    gsl_matrix_view view;
    gsl_matrix *copy = &view.matrix;
    int result;

    if (!room) {
        return -1;
    }
    view = gsl_matrix_view_array(room, (size_t)k, (size_t)k);
    for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
            gsl_matrix_set(copy, (size_t)i, (size_t)j, matrix[i * n + j]);
        }
    }
    result = gsl_linalg_cholesky_decomp1(copy) == GSL_SUCCESS;
    for (int i = 0; i < k && result; i++) {
        const double pivot = gsl_matrix_get(copy, (size_t)i, (size_t)i);
        result = pivot > 1e-7 && isfinite(pivot); /* rounding must not decide: a pivot of 1e-7 is singular here */
    }
    pc_free(room);
    return result;
}

/* A problem naming the row at which the matrix stops being positive definite, and the rows it clashes with most. */
static void check_definite(pc_reader *reader, const double *matrix, int n, const char *(*name)(const void *, int),
                           const void *context, pc_spot spot)
{
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    int good = 0, bad = n; /* leading minors: `good` rows are fine, `bad` rows are not */
    int result = leading_definite(matrix, n, n);

    while (result == 0 && bad - good > 1) {
        const int middle = (good + bad) / 2, definite = leading_definite(matrix, n, middle);
        if (definite < 0) {
            result = -1;
        } else if (definite) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    gsl_set_error_handler(handler);
    if (result < 0) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
    } else if (result == 0) {
        const int row = bad - 1;
        int first = -1, second = -1;
        char partners[300] = "";
        size_t used = 0;
        for (int j = 0; j < row; j++) {
            const double size = fabs(matrix[row * n + j]);
            if (size > 0 && (first < 0 || size > fabs(matrix[row * n + first]))) {
                second = first;
                first = j;
            } else if (size > 0 && (second < 0 || size > fabs(matrix[row * n + second]))) {
                second = j;
            }
        }
        for (int i = 0; i < 2; i++) {
            const int j = i ? second : first;
            if (j >= 0) {
                used += (size_t)snprintf(partners + used, sizeof partners - used, "%s%.100s (%.10g)",
                                         i ? _(" and ") : _(" with "), name(context, j), matrix[row * n + j]);
            }
        }
        pc_problem(reader->problems, spot,
                   "found correlations that cannot hold together (not positive definite) at row %s%s, allowed a "
                   "positive definite matrix",
                   name(context, row), partners);
    }
}

static const char *driver_name(const void *context, int index)
{
    (void)context;
    return DRIVER_NAMES[index];
}

static const char *region_name(const void *context, int index)
{
    return ((const pc_scenario *)context)->regions[index].id;
}

static int find_name(pc_reader *reader, const char *const *names, int n, const pc_node *node)
{
    char found[200];

    if (node->kind != PC_NODE_SCALAR) {
        pc_problem(reader->problems, node->spot, "found %s, allowed the name of a driver",
                   pc_node_found(node, found, sizeof found));
        return -1;
    }
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], node->text) == 0) {
            return i;
        }
    }
    pc_value_unknown(N_("driver"), node->text, node->spot, names, n, reader->problems);
    return -1;
}

void pc_correlation_read(pc_reader *reader, const pc_node *node)
{
    double *matrix = reader->scenario->correlation;
    const int before = reader->problems->n;
    unsigned char given[DRIVERS * DRIVERS] = {0};
    char found[200];

    for (int i = 0; i < DRIVERS; i++) {
        matrix[i * DRIVERS + i] = 1;
    }
    if (!node || pc_node_empty(node)) {
        return;
    }
    if (node->kind != PC_NODE_LIST) {
        pc_problem(reader->problems, node->spot, "found %s for correlation, allowed a list of [driver, driver, value]",
                   pc_node_found(node, found, sizeof found));
        return;
    }
    for (int k = 0; k < node->n; k++) {
        const pc_node *item = node->items[k];
        double value = 0;
        int i, j;
        if (item->kind != PC_NODE_LIST || item->n != 3) {
            pc_problem(reader->problems, item->spot, "found %s, allowed [driver, driver, value]",
                       item->kind == PC_NODE_LIST ? _("a list of another length")
                                                  : pc_node_found(item, found, sizeof found));
            continue;
        }
        i = find_name(reader, DRIVER_NAMES, DRIVERS, item->items[0]);
        j = find_name(reader, DRIVER_NAMES, DRIVERS, item->items[1]);
        if (!pc_value_node(&VALUE, _("a correlation"), item->items[2], reader->problems, &value) || i < 0 || j < 0) {
            continue;
        }
        if (i == j || given[i * DRIVERS + j]) {
            pc_problem(reader->problems, item->spot, "found the pair %s, %s %s, allowed each pair of two drivers once",
                       DRIVER_NAMES[i], DRIVER_NAMES[j], i == j ? _("of one driver") : _("a second time"));
            continue;
        }
        given[i * DRIVERS + j] = given[j * DRIVERS + i] = 1;
        matrix[i * DRIVERS + j] = matrix[j * DRIVERS + i] = value;
    }
    if (reader->problems->n == before) {
        check_definite(reader, matrix, DRIVERS, driver_name, NULL, node->spot);
    }
}

static void read_drivers(pc_reader *reader, const pc_node *node)
{
    unsigned *bits = &reader->scenario->region_correlated;
    char found[200];

    if (!node || pc_node_empty(node)) {
        *bits = 1u << PC_DRAW_MIGRATION | 1u << PC_DRAW_REGION_EMPLOYMENT | 1u << PC_DRAW_REGION_WAGE |
                1u << PC_DRAW_REGION_COST_EMPLOYEE | 1u << PC_DRAW_REGION_COST_RESIDENT;
        return;
    }
    if (node->kind != PC_NODE_LIST) {
        pc_problem(reader->problems, node->spot, "found %s for region_correlation.drivers, allowed a list of names",
                   pc_node_found(node, found, sizeof found));
        return;
    }
    for (int i = 0; i < node->n; i++) {
        const int driver = find_name(reader, REGION_DRIVERS, PC_REGION_DRAWS, node->items[i]);
        *bits |= driver >= 0 ? 1u << driver : 0;
    }
}

void pc_region_correlation_read(pc_reader *reader, const pc_section *top, const pc_node *drivers)
{
    pc_scenario *s = reader->scenario;
    const int p = pc_section_find(top, "region_correlation.table"), n = s->n_regions;
    const int before = reader->problems->n;
    const pc_table *table;
    const char **ids;
    pc_column *columns;
    int *at, *row_of;
    double *matrix;

    if (!top->values[p].given) {
        if (drivers) {
            read_drivers(reader, drivers);
            s->region_correlated = 0;
        }
        return;
    }
    read_drivers(reader, drivers);
    table = pc_reader_table(reader, NULL, top->values[p].text, pc_reader_spot(reader, NULL));
    if (!table || !reader->regions) {
        return;
    }
    ids = pc_arena_calloc(reader->scratch, (size_t)n, sizeof *ids);
    columns = pc_arena_calloc(reader->scratch, (size_t)n + 1, sizeof *columns);
    at = pc_arena_calloc(reader->scratch, (size_t)n + 1, sizeof *at);
    row_of = pc_arena_calloc(reader->scratch, (size_t)n, sizeof *row_of);
    matrix = pc_reader_keep(reader, (size_t)n * (size_t)n, sizeof *matrix);
    if (!ids || !columns || !at || !row_of || !matrix) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return;
    }
    columns[0] = (pc_column){"region", 1};
    for (int r = 0; r < n; r++) {
        columns[r + 1] = (pc_column){s->regions[r].id, 1};
        row_of[r] = -1;
    }
    if (!pc_csv_columns(table, columns, n + 1, NULL, 0, at, reader->problems)) {
        return;
    }
    for (int row = 0; row < table->n_rows; row++) {
        const pc_cell *cell = pc_csv_cell(table, row, at[0]);
        const int r = pc_region_find(s, cell->text);
        if (r < 0 || row_of[r] >= 0) {
            pc_problem(reader->problems, cell->spot,
                       "found the %s region \"%s\", allowed each code of regions.csv once",
                       r < 0 ? _("unknown") : _("repeated"), cell->text);
            continue;
        }
        row_of[r] = row;
        for (int c = 0; c < n; c++) {
            const pc_cell *value = pc_csv_cell(table, row, at[c + 1]);
            pc_value_parse(&VALUE, _("a correlation"), value->text, value->spot, reader->problems, &matrix[r * n + c]);
        }
    }
    for (int r = 0; r < n && reader->problems->n == before; r++) {
        if (row_of[r] < 0) {
            pc_problem(reader->problems, table->header[at[0]].spot,
                       "found no row of region %s, allowed a row for each region", s->regions[r].id);
            continue;
        }
        if (matrix[r * n + r] != 1) {
            pc_problem(reader->problems, pc_csv_cell(table, row_of[r], at[r + 1])->spot,
                       "found the correlation %.10g of region %s with itself, allowed 1", matrix[r * n + r],
                       s->regions[r].id);
        }
        for (int c = 0; c < r; c++) {
            if (fabs(matrix[r * n + c] - matrix[c * n + r]) > 1e-12) {
                pc_problem(reader->problems, pc_csv_cell(table, row_of[r], at[c + 1])->spot,
                           "found the correlation %.10g of %s with %s but %.10g the other way round, allowed a "
                           "symmetric matrix",
                           matrix[r * n + c], s->regions[r].id, s->regions[c].id, matrix[c * n + r]);
            }
        }
    }
    if (reader->problems->n == before) {
        check_definite(reader, matrix, n, region_name, s, table->header[at[0]].spot);
        s->region_correlation = matrix;
    }
}
