/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chance of a rare event, a measure of one path at or beyond a bound, by importance sampling: the means of the
 * normals are shifted to the likeliest point at which the event happens, and each path is weighted with the ratio of
 * the densities. */
#ifndef PC_STUDY_RARE_H
#define PC_STUDY_RARE_H

#include "study/study.h"

enum { PC_RARE_PLAIN_EVERY = 8, PC_RARE_STEPS = 15 };
/* Other bounds of which the same paths tell the chance: PC_RARE_NEARER steps from the bound to the central path's
 * measure, and steps of that size beyond the bound. */
enum { PC_RARE_BEYOND = 4, PC_RARE_NEARER = 12, PC_RARE_LEVELS = PC_RARE_BEYOND + 1 + PC_RARE_NEARER };

/* Kinds of normals that the shift is shared among. */
enum {
    PC_RARE_REGIONS = PC_PROVINCE_NORMALS,
    PC_RARE_DRIFT = PC_RARE_REGIONS + PC_REGION_DRAWS,
    PC_RARE_UNCERTAIN,
    PC_RARE_BASE,
    PC_RARE_LEVERS,
    PC_RARE_KINDS
};
const char *pc_rare_kind(int kind);

typedef struct pc_rare {
    double probability, se;
    int bounded; /* no path had the event: se is the bound 3/n of plain paths, and means little */
    uint64_t n_paths, n_events;
    double effective;         /* (sum w)^2 / sum w^2 over the paths with the event: equal weights would be as good */
    double largest;           /* the largest weight over their sum */
    double plain;             /* plain paths with the same standard error */
    double weight, weight_se; /* mean of all weights, 1 but for chance */
    int in_sight;             /* the central path has the event: nothing was shifted */
    double distance;          /* of the point from the central path, in standard deviations */
    double value;             /* the measure there, without shocks */
    int steps;
    double central; /* the measure on the central path */
    double level[PC_RARE_LEVELS], level_chance[PC_RARE_LEVELS], level_se[PC_RARE_LEVELS]; /* the farthest first */
    double level_events[PC_RARE_LEVELS];                                                  /* paths that were so far */
    double share[PC_RARE_KINDS];                                                          /* of the squared distance */
    double *shift; /* [year 1 .. n_years][PC_PROVINCE_NORMALS] the point's normals of the province */
    int n_years;
} pc_rare;

/* The study's first question must be a condition on a mean; the study has been started. Release in every case. */
pc_code pc_rare_run(pc_study *study, pc_rare *rare, pc_status *status);
void pc_rare_release(pc_rare *rare);

/* From each path's weight and whether it has the event; paths of the two strata as pc_tilt_is_plain says. */
void pc_rare_estimate(const pc_tilt *tilt, const double *weight, const unsigned char *event, uint64_t n, pc_rare *rare);

#endif
