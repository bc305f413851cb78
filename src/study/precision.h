/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many paths a run needs for a measure to be known as well as asked for. */
#ifndef PC_STUDY_PRECISION_H
#define PC_STUDY_PRECISION_H

#include "study/quantity.h"

enum { PC_PRECISION_FIRST = 1024 };

typedef struct pc_precision {
    pc_quantity quantity;
    double target;      /* standard error, in the measure's unit */
    const char *policy; /* name; NULL: the baseline */
    int view;
    /* found */
    uint64_t n_paths;
    pc_estimate estimate;
    int is_reached; /* 0: not with all paths of the scenario */
} pc_precision;

/* "MEASURE=ERROR", the measure as in quantity.h, % may be written. `option` names the text in messages. */
pc_code pc_precision_read(const char *option, const char *text, pc_precision *precision, pc_status *status);

/* Looks after PC_PRECISION_FIRST (where paths are not plain, the first number above with so many leaves a replicate as a
 * power of two), 2, 4, 8, ... times as many paths of the plan, and after all of them; the first number with which the
 * standard error, from replicates where there are some, is at most the target. The values looked at are those of a run
 * with that number. Only the policies of the measure run. */
pc_code pc_precision_find(const pc_plan *plan, const pc_run_options *options, pc_precision *precision,
                          pc_status *status);

#endif
