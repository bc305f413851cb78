/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts of one region by single age and sex: a year of ageing, migration and births, and the sums later stages need.
 * Two kernels do the same work: the plain one lane by lane, straight from the formulas; the fast one over vectors of
 * lanes with everything in one pass. They give the same bits, because this order is fixed:
 *
 *  - ages run 1, 2, ..., 100 and then 0 (newborns come last: their mothers are counted on the way);
 *  - outside the band of ages in which rho may be fractional, both sexes are added first: sum of w_a (N_{0,a} +
 * N_{1,a}); inside it a term is w_{0,a} N_{0,a} + w_{1,a} N_{1,a}; a weight is (e, e (1 - rho) or e rho) times the
 * index k;
 *  - population = (ages below 60) + (from 60 on);
 *  - contributors' sums = (ages below band_lo) + (band); retirees' = (band) + (ages from band_hi on). */
#ifndef PC_MODELS_PEOPLE_COHORT_H
#define PC_MODELS_PEOPLE_COHORT_H

#include "mortality.h"

enum { PC_OUTSIDE_SUMS = 3, PC_AGED = 60 };

/* Age-cost indices: [age], or [sex][age] when they are shifted by health. */
typedef struct pc_cost_indices {
    const double *act, *ret, *res;
    int by_sex;
} pc_cost_indices;

/* Weights of one region and year. */
typedef struct pc_cohort_weights {
    double *outside; /* [rule, or only rule 0 when they share e][PC_OUTSIDE_SUMS][sex][age]: e, e k_act, e k_res below
                        the band; e, e k_ret, e k_res above. Sex 1 is filled only when the indices are by sex */
    double *band;    /* [rule][age - band_lo][PC_RULE_SUMS][sex] */
} pc_cohort_weights;

/* Doubles that the two tables of weights hold. */
size_t pc_cohort_outside_size(const pc_people *people);
size_t pc_cohort_band_size(const pc_people *people);
/* Fills the weights of year index `year` and `region`. */
void pc_cohort_weigh(const pc_people *people, int year, int region, const pc_cost_indices *indices,
                     pc_cohort_weights *weights);

/* All sums of one lane's people[sex][age]: sum s goes to sums[s * stride]. */
void pc_cohort_sum(const pc_people *people, const pc_cohort_weights *weights, const pc_cost_indices *indices,
                   const double *cohorts, double *sums, size_t stride);

/* An index read at a fractional age: linear between integer ages, held flat beyond the ends. */
double pc_cohort_index(const double *index, double age);

/* One year of one region over PC_TILE lanes. */
typedef struct pc_cohort_step {
    const pc_people *people;
    int year, region;
    pc_cohort_weights *weights; /* filled for this year and region (the plain kernel overwrites it under a shift) */
    const double *survival;     /* [sex][PC_SURVIVAL_ROWS][PC_TILE] */
    const double *movers;       /* [PC_TILE] net migrants n_r(t) P_r(t-1), persons */
    const double *tfr;          /* [PC_TILE] TFR_r(t) */
    const double *shift;        /* [sex][PC_TILE] years by which cost indices are read younger; NULL: none */
    int draining;               /* a migration share is below 0, so that a gaining region loses at some ages */
    double *cohorts;            /* [sex][age][PC_TILE] people, in: 31 December t-1, out: t */
    double *sums;               /* out: row of sum s at + s * sum_stride, PC_TILE doubles */
    size_t sum_stride;
    uint64_t *bounded; /* [PC_TILE] cohorts met by the bound on migration, added to */
    double *withheld;  /* [PC_TILE] persons withheld by it, added to */
} pc_cohort_step;

/* The sums that no kernel above makes, in a second pass over cohorts[sex][age][PC_TILE]: those of age groups, and all
 * sums of the carve-outs that `region` is the host of. `shift` as in pc_cohort_step; sums: the row of sum 0 of region
 * 0, rows of sum s and region r at + (s * n_regions + r) * PC_LANES. */
void pc_cohort_groups(const pc_people *people, int year, int region, const double *shift, const double *cohorts,
                      double *sums);

void pc_cohort_step_plain(const pc_cohort_step *step);
/* Requires step->shift == NULL. */
void pc_cohort_step_fast(const pc_cohort_step *step);

#endif
