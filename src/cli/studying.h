/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands that study a scenario share: its files, what is asked, progress, the file and the print at the end.
 */
#ifndef PC_CLI_STUDYING_H
#define PC_CLI_STUDYING_H

#include "progress.h"
#include "report/study.h"
#include "source.h"
#include "study/outcome.h"

/* Options that all of them take; N_ is base/i18n.h's. */
#define PC_STUDY_OPTIONS                                                                                                \
    {"force", 'f', NULL, N_("replace the output where it exists"), NULL},                                              \
        {"paths", 0, "N", N_("number of paths of each run"), NULL},                                                    \
        {"seed", 0, "N", N_("seed of the random numbers"), NULL},                                                      \
        {"threads", 0, "N", N_("threads; the results do not depend on it (default 0: all that the process may use)"), NULL},                \
        {"horizon", 0, "N", N_("years to run after the base year"), NULL},                                             \
        {"policies", 0, "NAMES", N_("policies of the library to be read beside the scenario's"), "all"},               \
        {"set", 0, "KEY=VALUE", N_("give a key of the scenario another value; may be repeated"), NULL},                \
        {"csv", 0, NULL, N_("print the numbers as CSV, in full precision"), NULL},                                     \
        {"json", 0, NULL, N_("print everything as JSON, in full precision"), NULL},                                    \
        {"reproducible", 0, NULL, N_("leave time, host and command line out: equal studies give equal bytes"), NULL},  \
        {"quiet", 'q', NULL, N_("no progress and nothing printed"), NULL}

typedef struct pc_studying {
    const pc_args *args;
    pc_cli_source source;
    pc_scenario *scenario;
    pc_study study;
    pc_progress progress;
    const char *output;
    pc_listing_format format;
    int quiet;
} pc_studying;

/* Opens files and scenario, and what the runs are told. Starts with zeros; released with pc_studying_release, also after
 * a failure. */
pc_code pc_studying_read(pc_studying *studying, const pc_args *args, pc_status *status);
/* The same, and checks the output, by default the scenario's name with `suffix` ("-solve.h5"). Starts
 * with zeros; released with pc_studying_release, also after a failure. */
pc_code pc_studying_open(pc_studying *studying, const pc_args *args, const char *suffix, pc_status *status);
void pc_studying_release(pc_studying *studying);
/* One more override; the scenario is read again. */
pc_code pc_studying_override(pc_studying *studying, const char *text, pc_status *status);
/* Policies (of NULL or of n names) that only the library has are read as --policies would. */
pc_code pc_studying_policies(pc_studying *studying, const char *const *names, int n, pc_status *status);
/* The view that --scheme names; `standard` without. */
pc_code pc_studying_scheme(const pc_studying *studying, int standard, int *view, pc_status *status);
/* Adds a question for every measure and policy, of policies NULL: all of the scenario. A difference is not asked of the
 * baseline. */
pc_code pc_studying_ask(pc_studying *studying, const pc_quantity *quantities, int n, const char *policy, int view,
                        pc_status *status);
/* Options of the runs, progress, and pc_study_start. */
pc_code pc_studying_start(pc_studying *studying, pc_status *status);
/* Saves and prints. */
pc_code pc_studying_finish(pc_studying *studying, const pc_results *results, pc_status *status);

/* "LO:HI" or, with `n`, "LO:HI:N", of --option. */
pc_code pc_studying_range(const char *option, const char *text, double *lo, double *hi, int *n, pc_status *status);

#endif
