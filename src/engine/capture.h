/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PC_ENGINE_CAPTURE_H
#define PC_ENGINE_CAPTURE_H

#include "engine/layout.h"

/* A sink that keeps lane 0 of every row: central path, replay. values: [n_cells], NaN at the start. */
typedef struct pc_capture {
    pc_sink *sinks; /* [n_subjects] (opaque rows) */
    double *values;
} pc_capture;
pc_code pc_capture_new(pc_capture *capture, const pc_layout *layout, pc_status *status);
pc_sink *pc_capture_sink(pc_capture *capture, int subject);
void pc_capture_free(pc_capture *capture);

#endif
