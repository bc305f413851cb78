/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/grid.h"

#include <math.h>
#include <stdio.h>

#include "study/solve.h"

static pc_code start(pc_grid *grid, pc_status *status)
{
    size_t n = 1;

    for (int k = 0; k < 2; k++) {
        pc_grid_axis *axis = &grid->axis[k];
        if (k >= grid->n_axes) {
            axis->n = 1;
        }
        n *= (size_t)axis->n;
        grid->value[k] = pc_calloc((size_t)axis->n, sizeof(double));
        if (!grid->value[k]) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for a grid");
        }
        for (int i = 0; i < axis->n; i++) {
            const double x = axis->n > 1 ? axis->lo + (axis->hi - axis->lo) * i / (axis->n - 1) : axis->lo;
            grid->value[k][i] = axis->whole ? round(x) : x;
        }
    }
    grid->measure = pc_calloc(n, sizeof *grid->measure);
    grid->line = pc_calloc((size_t)grid->axis[1].n, sizeof(double));
    grid->line_se = pc_calloc((size_t)grid->axis[1].n, sizeof(double));
    return grid->measure && grid->line && grid->line_se ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for a grid");
}

/* Where the measure crosses the bound along the first axis. */
static void find_line(const pc_quantity *quantity, pc_grid *grid, int column)
{
    const int n = grid->axis[0].n, stride = grid->axis[1].n;

    grid->line[column] = grid->line_se[column] = NAN;
    for (int i = 1; i < n && isnan(grid->line[column]); i++) {
        const pc_estimate *a = &grid->measure[(i - 1) * stride + column], *b = &grid->measure[i * stride + column];
        const double x = grid->value[0][i - 1], wide = grid->value[0][i] - x;
        if (pc_quantity_met(quantity, a->value) != pc_quantity_met(quantity, b->value)) {
            const double slope = (b->value - a->value) / wide;
            grid->line[column] = x + (quantity->bound - a->value) / slope;
            grid->line_se[column] = fmax(a->se, b->se) / fabs(slope);
        }
    }
}

pc_code pc_grid_run(pc_study *study, pc_grid *grid, pc_status *status)
{
    pc_code code = start(grid, status);

    for (int i = 0; !code && i < grid->axis[0].n; i++) {
        for (int j = 0; !code && j < grid->axis[1].n; j++) {
            char first[512], second[512] = "", label[1100];
            const char *changes[2] = {first, second};
            pc_solve_change(grid->axis[0].key, grid->value[0][i], first, sizeof first);
            if (grid->n_axes == 2) {
                pc_solve_change(grid->axis[1].key, grid->value[1][j], second, sizeof second);
            }
            snprintf(label, sizeof label, "%s%s%s", first, *second ? ", " : "", second);
            code = pc_study_run(study, changes, grid->n_axes, label, &grid->measure[i * grid->axis[1].n + j], NULL,
                                status);
        }
    }
    for (int j = 0; !code && study->asks[0].quantity->relation && j < grid->axis[1].n; j++) {
        find_line(study->asks[0].quantity, grid, j);
    }
    return code;
}

void pc_grid_release(pc_grid *grid)
{
    pc_free(grid->value[0]);
    pc_free(grid->value[1]);
    pc_free(grid->measure);
    pc_free(grid->line);
    pc_free(grid->line_se);
    grid->value[0] = grid->value[1] = grid->line = grid->line_se = NULL;
    grid->measure = NULL;
}
