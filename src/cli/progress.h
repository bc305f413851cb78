/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a run is: one line rewritten on a terminal, plain lines elsewhere. */
#ifndef PC_CLI_PROGRESS_H
#define PC_CLI_PROGRESS_H

#include <stdint.h>
#include <time.h>

typedef struct pc_progress {
    int terminal; /* standard error is one */
    struct timespec begin, shown;
    int round, shown_tenth, line_open;
    char task[160]; /* what is being run, for a command that runs several things; "": one thing */
} pc_progress;

void pc_progress_start(pc_progress *progress);
/* As pc_run_options.progress; context is the pc_progress. */
void pc_progress_report(void *context, uint64_t done, uint64_t total, int round);
/* The next run of several, numbered from 0; `label` says what it is. */
void pc_progress_task(void *context, int run, const char *label);
/* Clears the line. */
void pc_progress_end(pc_progress *progress);

#endif
