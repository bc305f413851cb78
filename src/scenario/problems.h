/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The problems found while reading a scenario: all of them in one go, each with its place, its source line and a caret.
 */
#ifndef PC_SCENARIO_PROBLEMS_H
#define PC_SCENARIO_PROBLEMS_H

#include "base/status.h"
#include "scenario/files.h"
#include "scenario/scenario.h"

enum { PC_PROBLEMS_SHOWN = 20 };

/* A place with the file's bytes at hand. Values that come from --set have no file but a label. */
typedef struct pc_spot {
    const pc_file *file;
    const char *label; /* "--set key=value" */
    int line, column;
} pc_spot;

typedef struct pc_problems {
    int n;     /* found */
    int shown; /* written to text */
    size_t used;
    char text[8192 - 64];
} pc_problems;

/* Adds "place: MESSAGE" with the source line and a caret. The message reads "found X, allowed Y"; its
 * format is a literal and is translated here. */
void pc_problem(pc_problems *problems, pc_spot spot, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* PC_OK without problems; else PC_ERR_INPUT with everything in `status`. */
pc_code pc_problems_finish(const pc_problems *problems, pc_status *status);
pc_place pc_place_of(pc_spot spot);

#endif
