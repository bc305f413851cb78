/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named stresses: changes of single years over a scenario, on the central path and on the same random paths. */
#ifndef PC_STUDY_STRESS_H
#define PC_STUDY_STRESS_H

#include "study/study.h"

enum { PC_STRESS_MOST = 64, PC_STRESS_MOST_SETS = 96 };

typedef struct pc_stress {
    const char *name, *title, *title_en, *note, *source; /* texts never NULL */
    int n_sets;
    const char *sets[PC_STRESS_MOST_SETS]; /* "KEY[FROM:TO]OP=VALUE", as --set takes them */
} pc_stress;

/* Names of the library, alphabetical: the scenario's own folder `stresses`, then ../stresses. Owned by the arena. */
int pc_stress_names(const pc_files *files, pc_arena *arena, const char **names, int room);
/* Reads stresses/NAME.yaml or ../stresses/NAME.yaml. PC_ERR_INPUT with place and value. Owned by the arena. */
pc_code pc_stress_read(const pc_files *files, const char *name, pc_arena *arena, pc_stress *out, pc_status *status);
/* changes[n_sets]: the stress, or a multiple of its changes by year; other changes stay. Owned by the arena. */
pc_code pc_stress_changes(const pc_stress *stress, double multiple, pc_arena *arena, const char **changes,
                          pc_status *status);

/* All cells [stress, 0: none][ask]; owned. */
typedef struct pc_stress_test {
    int n_stresses; /* beside none */
    int n_asks;
    pc_estimate *value;                 /* value and se NaN where only the central path was run */
    double *difference, *difference_se; /* from the scenario without stress, on the same paths */
    double *central;                    /* NaN: the measure is not defined there */
} pc_stress_test;

/* Runs the scenario and each stress. The study has been started. Released with pc_stress_test_release, also after a
 * failure. */
pc_code pc_stress_run(pc_study *study, const pc_stress *stresses, int n, int central_only, pc_stress_test *out,
                      pc_status *status);
void pc_stress_test_release(pc_stress_test *test);
/* Adds /stress. */
pc_code pc_stress_put(const pc_study *study, const pc_stress *stresses, const pc_stress_test *test, pc_results *results,
                      pc_status *status);

#endif
