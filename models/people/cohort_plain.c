/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain kernel: one lane after the other, as the formulas read. It is what the fast kernel is tested against, and
 * it alone knows indices shifted by health. */
#include <math.h>

#include "base/math.h"
#include "base/math_kernels.h"
#include "people/cohort.h"
#include "people/fertility.h"

/* What the sums of members are made of: persons, persons by the scheme's own index, persons by the residents' index. */
enum { PERSONS, COST, RCOST, PARTS };

/* Adds members of one age to the parts; indices are read per sex where they are shifted by health. */
PC_INLINE void add_members(const double members[PC_SEXES], double both, const double *cost, const double *rcost,
                           int age, int by_sex, double part[PARTS])
{
    part[PERSONS] += both;
    if (by_sex) {
        part[COST] = fma(cost[PC_AGES + age], members[1], fma(cost[age], members[0], part[COST]));
        part[RCOST] = fma(rcost[PC_AGES + age], members[1], fma(rcost[age], members[0], part[RCOST]));
    } else {
        part[COST] = fma(cost[age], both, part[COST]);
        part[RCOST] = fma(rcost[age], both, part[RCOST]);
    }
}

PC_INLINE void sum_rule(const pc_people *people, const double *e, const double *rho, const pc_cost_indices *indices,
                        const double *cohorts, double *sums, size_t stride)
{
    const int lo = people->band_lo, hi = people->band_hi;
    double below[PARTS] = {0}, above[PARTS] = {0}, active[PARTS] = {0}, retired[PARTS] = {0};

    for (int i = 1; i <= PC_AGES; i++) {
        const int age = i % PC_AGES;
        const double female = cohorts[age], male = cohorts[PC_AGES + age];
        const double members[PC_SEXES] = {e[age] * female, e[age] * male};
        if (age < lo || age >= hi) {
            add_members(members, e[age] * (female + male), age < lo ? indices->act : indices->ret, indices->res, age,
                        indices->by_sex, age < lo ? below : above);
        } else {
            const double gone[PC_SEXES] = {rho[age] * members[0], rho[PC_AGES + age] * members[1]};
            const double stay[PC_SEXES] = {members[0] - gone[0], members[1] - gone[1]};
            const double both_gone = fma(rho[PC_AGES + age], members[1], gone[0]);
            add_members(stay, (members[0] + members[1]) - both_gone, indices->act, indices->res, age, indices->by_sex,
                        active);
            add_members(gone, both_gone, indices->ret, indices->res, age, indices->by_sex, retired);
        }
    }
    sums[PC_RULE_CONTRIBUTORS * stride] = below[PERSONS] + active[PERSONS];
    sums[PC_RULE_CONTRIBUTOR_COST * stride] = below[COST] + active[COST];
    sums[PC_RULE_CONTRIBUTOR_RCOST * stride] = below[RCOST] + active[RCOST];
    sums[PC_RULE_RETIREES * stride] = retired[PERSONS] + above[PERSONS];
    sums[PC_RULE_RETIREE_COST * stride] = retired[COST] + above[COST];
    sums[PC_RULE_RETIREE_RCOST * stride] = retired[RCOST] + above[RCOST];
}

PC_KERNEL void pc_cohort_sum(const pc_people *people, int year, int region, const pc_cost_indices *indices,
                             const double *cohorts, double *sums, size_t stride)
{
    double young = 0, aged = 0, resident[PARTS] = {0};

    for (int i = 1; i <= PC_AGES; i++) {
        const int age = i % PC_AGES;
        const double n = cohorts[age] + cohorts[PC_AGES + age];
        const double each[PC_SEXES] = {cohorts[age], cohorts[PC_AGES + age]};
        if (age < PC_AGED) {
            young += n;
        } else {
            aged += n;
        }
        add_members(each, n, indices->res, indices->res, age, indices->by_sex, resident);
    }
    sums[PC_SUM_POPULATION * stride] = young + aged;
    sums[PC_SUM_AGED * stride] = aged;
    sums[PC_SUM_RESIDENT_COST * stride] = resident[COST];
    for (int rule = 0; rule < people->n_rules; rule++) {
        sum_rule(people, people->rules[rule].e + ((size_t)year * (size_t)people->n_regions + (size_t)region) * PC_AGES,
                 people->rules[rule].rho + (size_t)year * PC_SEXES * PC_AGES, indices, cohorts,
                 sums + (size_t)PC_SUM_OF_RULE(rule, 0) * stride, stride);
    }
}

double pc_cohort_index(const double *index, double age)
{
    if (age <= 0) {
        return index[0];
    }
    if (age >= PC_AGES - 1) {
        return index[PC_AGES - 1];
    }
    int below = (int)floor(age);
    double part = age - below;
    return index[below] + part * (index[below + 1] - index[below]);
}

/* One lane: the year's deaths, migration, births; now[sex][age] from then[sex][age]. */
PC_KERNEL static void age_lane(const pc_cohort_step *step, int lane, const double *then, double *now)
{
    const pc_people *people = step->people;
    const double srb = people->sex_ratio[step->year];
    const double movers = step->rate[lane] * step->before[lane];
    double withheld = 0, births = 0;

    for (int age = 1; age < PC_AGES; age++) {
        for (int sex = 0; sex < PC_SEXES; sex++) {
            const double *p = step->survival + (size_t)sex * PC_SURVIVAL_ROWS * PC_TILE + lane;
            double survivors = then[sex * PC_AGES + age - 1] * p[age * PC_TILE];
            if (age == PC_AGES - 1) {
                survivors = fma(then[sex * PC_AGES + age], p[PC_SURVIVAL_OPEN * PC_TILE], survivors);
            }
            const double after = fma(movers, people->migration_share[sex * PC_AGES + age], survivors);
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
            births = fma(people->fertility_share[age], then[age] + now[age], births);
        }
    }
    births *= 0.5 * (step->tfr_factor * step->tfr[lane]);
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
            then[i] = step->then[i * PC_TILE + lane];
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
        }
        pc_cohort_sum(people, step->year, step->region, &indices, now, step->sums + lane, step->sum_stride);
        for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
            step->now[i * PC_TILE + lane] = now[i];
        }
    }
}
