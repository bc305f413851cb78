/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/cohort.h"

#include <math.h>

#include "base/math.h"

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

static int outside_rules(const pc_people *people)
{
    return people->rules_share_e ? 1 : people->n_rules;
}

size_t pc_cohort_outside_size(const pc_people *people)
{
    return (size_t)outside_rules(people) * PC_OUTSIDE_SUMS * PC_SEXES * PC_AGES;
}

size_t pc_cohort_band_size(const pc_people *people)
{
    return (size_t)people->n_rules * PC_RULE_SUMS * PC_SEXES * (size_t)(people->band_hi - people->band_lo);
}

PC_KERNEL void pc_cohort_weigh(const pc_people *people, int year, int region, const pc_cost_indices *indices,
                               pc_cohort_weights *weights)
{
    const int lo = people->band_lo, hi = people->band_hi, room = hi - lo;
    const int sexes = indices->by_sex ? PC_SEXES : 1;

    for (int rule = 0; rule < people->n_rules; rule++) {
        const double *e = people->rules[rule].e + ((size_t)year * (size_t)people->n_regions + (size_t)region) * PC_AGES;
        for (int sex = 0; rule < outside_rules(people) && sex < sexes; sex++) {
            const double *act = indices->act + sex * PC_AGES, *ret = indices->ret + sex * PC_AGES;
            const double *res = indices->res + sex * PC_AGES;
            double *restrict w = weights->outside + (rule * PC_OUTSIDE_SUMS * PC_SEXES + sex) * PC_AGES;
            double *restrict w_cost = w + PC_SEXES * PC_AGES, *restrict w_rcost = w + 2 * PC_SEXES * PC_AGES;
            for (int age = 0; age < lo; age++) {
                w[age] = e[age];
                w_cost[age] = e[age] * act[age];
                w_rcost[age] = e[age] * res[age];
            }
            for (int age = hi; age < PC_AGES; age++) {
                w[age] = e[age];
                w_cost[age] = e[age] * ret[age];
                w_rcost[age] = e[age] * res[age];
            }
        }
        for (int sex = 0; sex < PC_SEXES; sex++) {
            const int k = indices->by_sex ? sex * PC_AGES : 0;
            const double *rho = people->rules[rule].rho + ((size_t)year * PC_SEXES + (size_t)sex) * PC_AGES;
            double *restrict w = weights->band + rule * room * PC_RULE_SUMS * PC_SEXES + sex;
            for (int age = lo; age < hi; age++, w += PC_RULE_SUMS * PC_SEXES) {
                const double active = e[age] * (1 - rho[age]), retired = e[age] * rho[age];
                w[PC_RULE_CONTRIBUTORS * PC_SEXES] = active;
                w[PC_RULE_RETIREES * PC_SEXES] = retired;
                w[PC_RULE_CONTRIBUTOR_COST * PC_SEXES] = active * indices->act[k + age];
                w[PC_RULE_RETIREE_COST * PC_SEXES] = retired * indices->ret[k + age];
                w[PC_RULE_CONTRIBUTOR_RCOST * PC_SEXES] = active * indices->res[k + age];
                w[PC_RULE_RETIREE_RCOST * PC_SEXES] = retired * indices->res[k + age];
            }
        }
    }
}

/* A term of a sum outside the band: see the order in cohort.h. */
static double both(const double *weight, const double *cohorts, int age, int by_sex)
{
    if (by_sex) {
        return weight[age] * cohorts[age] + weight[PC_AGES + age] * cohorts[PC_AGES + age];
    }
    return weight[age] * (cohorts[age] + cohorts[PC_AGES + age]);
}

void pc_cohort_sum(const pc_people *people, const pc_cohort_weights *weights, const pc_cost_indices *indices,
                   const double *cohorts, double *sums, size_t stride)
{
    const int lo = people->band_lo, hi = people->band_hi, room = hi - lo, by_sex = indices->by_sex;
    double young = 0, aged = 0, res = 0;

    for (int i = 1; i <= PC_AGES; i++) {
        const int age = i % PC_AGES;
        const double n = cohorts[age] + cohorts[PC_AGES + age];
        if (age < PC_AGED) {
            young += n;
        } else {
            aged += n;
        }
        res += both(indices->res, cohorts, age, by_sex);
    }
    sums[PC_SUM_POPULATION * stride] = young + aged;
    sums[PC_SUM_AGED * stride] = aged;
    sums[PC_SUM_RESIDENT_COST * stride] = res;

    for (int rule = 0; rule < people->n_rules; rule++) {
        const double *outside =
            weights->outside + (people->rules_share_e ? 0 : rule) * PC_OUTSIDE_SUMS * PC_SEXES * PC_AGES;
        const double *band = weights->band + rule * PC_RULE_SUMS * PC_SEXES * room;
        double below[PC_OUTSIDE_SUMS] = {0}, above[PC_OUTSIDE_SUMS] = {0}, within[PC_RULE_SUMS] = {0};
        double *out = sums + (size_t)PC_SUM_OF_RULE(rule, 0) * stride;
        for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
            const double *w = outside + s * PC_SEXES * PC_AGES;
            for (int i = 1; i <= PC_AGES; i++) {
                const int age = i % PC_AGES;
                if (age < lo) {
                    below[s] += both(w, cohorts, age, by_sex);
                } else if (age >= hi) {
                    above[s] += both(w, cohorts, age, by_sex);
                }
            }
        }
        for (int s = 0; s < PC_RULE_SUMS; s++) {
            for (int age = lo; age < hi; age++) {
                const double *w = band + ((age - lo) * PC_RULE_SUMS + s) * PC_SEXES;
                within[s] += w[0] * cohorts[age] + w[1] * cohorts[PC_AGES + age];
            }
        }
        out[PC_RULE_CONTRIBUTORS * stride] = below[0] + within[PC_RULE_CONTRIBUTORS];
        out[PC_RULE_CONTRIBUTOR_COST * stride] = below[1] + within[PC_RULE_CONTRIBUTOR_COST];
        out[PC_RULE_CONTRIBUTOR_RCOST * stride] = below[2] + within[PC_RULE_CONTRIBUTOR_RCOST];
        out[PC_RULE_RETIREES * stride] = within[PC_RULE_RETIREES] + above[0];
        out[PC_RULE_RETIREE_COST * stride] = within[PC_RULE_RETIREE_COST] + above[1];
        out[PC_RULE_RETIREE_RCOST * stride] = within[PC_RULE_RETIREE_RCOST] + above[2];
    }
}
