/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/numbers.h"

/* Shorter runs need no report off a terminal. */
static const double quiet_seconds = 4.0, rewrite_seconds = 0.1;

static double seconds_since(const struct timespec *then)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

void pc_progress_start(pc_progress *progress)
{
    *progress = (pc_progress){.round = -1};
    progress->terminal = isatty(STDERR_FILENO);
    clock_gettime(CLOCK_MONOTONIC, &progress->begin);
}

static void time_left(double seconds, char *text, size_t size)
{
    if (seconds < 100) {
        snprintf(text, size, _("%.0f s"), seconds);
    } else if (seconds < 6000) {
        snprintf(text, size, _("%.0f min"), seconds / 60);
    } else {
        snprintf(text, size, _("%.1f h"), seconds / 3600);
    }
}

void pc_progress_report(void *context, uint64_t done, uint64_t total, int round)
{
    pc_progress *progress = context;
    double share = total ? (double)done / (double)total : 1, spent;
    int tenth = (int)(10 * share);
    char left[32], of_done[32], of_total[32], task[200] = "";

    if (round != progress->round) {
        if (progress->round >= 0) {
            clock_gettime(CLOCK_MONOTONIC, &progress->begin); /* a round has its own pace */
        }
        progress->round = round;
        progress->shown_tenth = 0;
        progress->shown = (struct timespec){0};
    }
    spent = seconds_since(&progress->begin);
    if (progress->terminal ? seconds_since(&progress->shown) < rewrite_seconds && done < total
                           : tenth <= progress->shown_tenth || spent < quiet_seconds) {
        return;
    }
    time_left(share > 0 ? spent * (1 - share) / share : 0, left, sizeof left);
    pc_format_grouped(of_done, sizeof of_done, (double)done, 0);
    pc_format_grouped(of_total, sizeof of_total, (double)total, 0);
    if (round > 0) {
        snprintf(task, sizeof task, _("finer quantiles, round %d: "), round);
    }
    if (progress->task[0]) {
        snprintf(task, sizeof task, "%s: ", progress->task);
    }
    if (progress->terminal) {
        fputs("\r\033[K", stderr);
    }
    fputs(task, stderr);
    fprintf(stderr, _("%3.0f %%  %s of %s paths, %s left"), 100 * share, of_done, of_total, left);
    if (progress->terminal) {
        progress->line_open = 1;
    } else {
        fputc('\n', stderr);
    }
    fflush(stderr);
    clock_gettime(CLOCK_MONOTONIC, &progress->shown);
    progress->shown_tenth = tenth;
}

void pc_progress_task(void *context, int run, const char *label)
{
    pc_progress *progress = context;

    snprintf(progress->task, sizeof progress->task, _("run %d, %s"), run + 1, label);
    clock_gettime(CLOCK_MONOTONIC, &progress->begin);
    progress->shown_tenth = 0;
}

void pc_progress_end(pc_progress *progress)
{
    if (progress->line_open) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        progress->line_open = 0;
    }
}
