/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain kernel: one lane after the other, as the formulas read. It is what the fast kernel is tested against, and
 * it alone knows indices shifted by health. */
#include "people/cohort.h"
#include "people/fertility.h"

/* One lane: the year's deaths, migration, births; now[sex][age] from then[sex][age]. */
static void age_lane(const pc_cohort_step *step, int lane, const double *then, double *now)
{
    const pc_people *people = step->people;
    const double srb = people->sex_ratio[step->year];
    double withheld = 0, births = 0;

    for (int age = 1; age < PC_AGES; age++) {
        for (int sex = 0; sex < PC_SEXES; sex++) {
            const double *p = step->survival + (size_t)sex * PC_SURVIVAL_ROWS * PC_TILE + lane;
            double survivors = then[sex * PC_AGES + age - 1] * p[age * PC_TILE];
            if (age == PC_AGES - 1) {
                survivors += then[sex * PC_AGES + age] * p[PC_SURVIVAL_OPEN * PC_TILE];
            }
            const double after = survivors + step->movers[lane] * people->migration_share[sex * PC_AGES + age];
            const double least = 0.5 * survivors;
            if (after < least) {
                now[sex * PC_AGES + age] = least;
                withheld += least - after;
                step->bounded[lane]++;
            } else {
                now[sex * PC_AGES + age] = after;
            }
        }
        if (age >= PC_FERTILE_FROM && age < PC_FERTILE_TO) {
            births += 0.5 * people->fertility_share[age] * (then[age] + now[age]);
        }
    }
    births *= step->tfr[lane];
    for (int sex = 0; sex < PC_SEXES; sex++) {
        const double part = sex ? srb / (1 + srb) : 1 / (1 + srb);
        now[sex * PC_AGES] =
            births * part * step->survival[(sex * PC_SURVIVAL_ROWS + PC_SURVIVAL_NEWBORN) * PC_TILE + lane];
    }
    step->withheld[lane] += withheld;
}

void pc_cohort_step_plain(const pc_cohort_step *step)
{
    const pc_people *people = step->people;
    double shifted[3][PC_SEXES * PC_AGES];
    pc_cost_indices indices = {people->k_act, people->k_ret, people->k_res, 0};

    for (int lane = 0; lane < PC_TILE; lane++) {
        double then[PC_SEXES * PC_AGES], now[PC_SEXES * PC_AGES];
        for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
            then[i] = step->cohorts[i * PC_TILE + lane];
        }
        age_lane(step, lane, then, now);
        if (step->shift) {
            for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
                const double age = i % PC_AGES - step->shift[i / PC_AGES * PC_TILE + lane];
                shifted[0][i] = pc_cohort_index(people->k_act, age);
                shifted[1][i] = pc_cohort_index(people->k_ret, age);
                shifted[2][i] = pc_cohort_index(people->k_res, age);
            }
            indices = (pc_cost_indices){shifted[0], shifted[1], shifted[2], 1};
            pc_cohort_weigh(people, step->year, step->region, &indices, step->weights);
        }
        pc_cohort_sum(people, step->weights, &indices, now, step->sums + lane, step->sum_stride);
        for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
            step->cohorts[i * PC_TILE + lane] = now[i];
        }
    }
}
