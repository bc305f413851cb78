/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts of one region by single age and sex: a year of ageing, migration and births, and the sums later stages need.
 * Two kernels do the same work: the plain one lane by lane, straight from the formulas; the fast one over a vector of
 * lanes with everything in one pass. They give the same bits, because this order is fixed:
 *
 *  - a product that is added to something is one fused operation, written fma(); nothing else is fused;
 *  - ages run 1, 2, ..., 100 and then 0 (newborns come last: their mothers are counted on the way);
 *  - outside the band of ages in which rho may be fractional, both sexes are added first: n = N_0 + N_1 is what is
 *    multiplied by k_res, and e n is what is added to the members and what is multiplied by k;
 *  - inside it, members are e N_0 + e N_1, retirees rho_0 (e N_0) + rho_1 (e N_1), contributors the difference;
 *  - population = (ages below 60) + (from 60 on);
 *  - contributors' sums = (ages below band_lo) + (band); retirees' = (band) + (ages from band_hi on). */
#ifndef PC_MODELS_PEOPLE_COHORT_H
#define PC_MODELS_PEOPLE_COHORT_H

#include "mortality.h"

enum { PC_AGED = 60 };

/* Age-cost indices: [age], or [sex][age] when they are shifted by health. */
typedef struct pc_cost_indices {
    const double *act, *ret, *res;
    int by_sex;
} pc_cost_indices;

/* All sums of one lane's people[sex][age] in a region and year: sum s goes to sums[s * stride]. */
void pc_cohort_sum(const pc_people *people, int year, int region, const pc_cost_indices *indices, const double *cohorts,
                   double *sums, size_t stride);

/* An index read at a fractional age: linear between integer ages, held flat beyond the ends. */
double pc_cohort_index(const double *index, double age);

/* One year of one region over PC_TILE lanes. */
typedef struct pc_cohort_step {
    const pc_people *people;
    int year, region;
    const double *survival; /* [sex][PC_SURVIVAL_ROWS][PC_TILE] */
    const double *rate;     /* [PC_TILE] net migration n_r(t) */
    const double *before;   /* [PC_TILE] population P_r(t-1) */
    const double *tfr;      /* [PC_TILE] of the whole, to be multiplied by: */
    double tfr_factor;      /* v_r */
    const double *shift;    /* [sex][PC_TILE] years by which cost indices are read younger; NULL: none */
    int draining;           /* a migration share is below 0, so that a gaining region loses at some ages */
    int bound;              /* the fast kernel's guess, and what it found: a cohort meets the bound on migration */
    const double *then;     /* [sex][age][PC_TILE] people at 31 December t-1 */
    double *now;            /* [sex][age][PC_TILE] out: at 31 December t; overlaps nothing */
    double *sums;           /* out: row of sum s at + s * sum_stride, PC_TILE doubles */
    const double *next;     /* the rows to be written next, of which the cache is told; NULL: none */
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
void pc_cohort_step_fast(pc_cohort_step *step);

/* The same by one way of computing, for tests. Returns 0, with nothing written, if machine or build have not got it. */
typedef enum pc_cohort_way { PC_COHORT_ANY, PC_COHORT_AVX2, PC_COHORT_AVX512, PC_COHORT_WAYS } pc_cohort_way;
int pc_cohort_step_by(pc_cohort_way way, pc_cohort_step *step);

#endif
