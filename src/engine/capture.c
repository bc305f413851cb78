/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capture of one path: the values of every cell, as capture.h says. */
#include <math.h>

#include "engine/capture.h"

typedef struct capture_sink {
    pc_sink sink;
    const pc_layout *layout;
    double *values;
    int subject;
} capture_sink;

static void capture_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    capture_sink *self = (capture_sink *)sink;
    int64_t cell = pc_layout_cell(self->layout, self->subject, output, view, area, year);

    if (cell >= 0) {
        self->values[cell] = lanes[0];
    }
}

pc_code pc_capture_new(pc_capture *capture, const pc_layout *layout, pc_status *status)
{
    capture_sink *sinks = pc_calloc((size_t)layout->n_subjects, sizeof *sinks);

    capture->values = pc_calloc(layout->n_cells + 1, sizeof(double));
    capture->sinks = (pc_sink *)sinks;
    if (!sinks || !capture->values) {
        pc_capture_free(capture);
        return pc_fail(status, PC_ERR_FAIL, "no memory to keep one path of %zu values", layout->n_cells);
    }
    for (size_t c = 0; c < layout->n_cells; c++) {
        capture->values[c] = NAN;
    }
    for (int s = 0; s < layout->n_subjects; s++) {
        sinks[s] = (capture_sink){{.row = capture_row}, layout, capture->values, s};
    }
    return PC_OK;
}

pc_sink *pc_capture_sink(pc_capture *capture, int subject)
{
    return &((capture_sink *)capture->sinks)[subject].sink;
}

void pc_capture_free(pc_capture *capture)
{
    pc_free(capture->sinks);
    pc_free(capture->values);
    *capture = (pc_capture){0};
}
