/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables by age of a scenario from counts and sums by age: who is a member, and what a person of an age costs. */
#ifndef PC_STUDY_AGE_TABLES_H
#define PC_STUDY_AGE_TABLES_H

#include "base/memory.h"
#include "model.h"
#include "results/results.h"
#include "scenario/files.h"

enum { PC_AGE_CONTRIBUTORS, PC_AGE_RETIREES, PC_AGE_RESIDENTS, PC_AGE_KINDS };

typedef struct pc_age_tables {
    int n_membership, n_cost; /* rows; 0: no such table */
    int membership_age[PC_AGES], cost_age[PC_AGES];
    double profile[PC_AGES];             /* members over people, at most 1 */
    double index[PC_AGE_KINDS][PC_AGES]; /* cost of a person over the mean: of contributors', of residents' own */
    double persons[PC_AGE_KINDS][PC_AGES];
} pc_age_tables;

/* members_by_age.csv (age_from, members, people) and cost_by_age.csv (age_from and, for contributor, retiree, resident,
 * KIND_persons and KIND_yuan; empty where nobody of the kind has the age) of the folder, each where it is there. Index
 * = (yuan / persons) / (sum of yuan / sum of persons); contributors and retirees over contributors' mean, so that what
 * a retiree costs beside a contributor is kept. An age without persons of a kind takes the nearest age's, a kind
 * without any the contributors'. Check: 10 contributors of 100 yuan and 10 of 300 have 0.5 and 1.5, retirees of 800
 * have 4. PC_ERR_INPUT with place and value. */
pc_code pc_age_tables_read(const pc_files *files, pc_arena *arena, pc_age_tables *out, pc_status *status);
/* Adds profile and index to /calibration where there are any. */
void pc_age_tables_put(const pc_age_tables *tables, pc_results *results);

#endif
