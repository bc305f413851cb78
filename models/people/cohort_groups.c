/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What few scenarios need, in a pass of its own over the cohorts, so that the kernels stay as they are: cost sums of
 * age groups, and the members of carve-outs among their host's people. One order for both kernels: women by age, then
 * men. */
#include <string.h>

#include "base/math.h"
#include "people/cohort.h"

enum { CELLS = PC_SEXES * PC_AGES };

/* Adds weight x people of ages from..to up in lanes first..first + n - 1. */
PC_KERNEL static void add_up(const double *restrict cohorts, const double *restrict weight, const pc_age_group *ages,
                             int first, int n, double *restrict out)
{
    double total[PC_TILE] = {0};

    for (int sex = 0; sex < PC_SEXES; sex++) {
        for (int i = sex * PC_AGES + ages->from; i <= sex * PC_AGES + ages->to; i++) {
            for (int lane = 0; lane < n; lane++) {
                total[lane] += weight[i] * cohorts[i * PC_TILE + first + lane];
            }
        }
    }
    memcpy(out + first, total, (size_t)n * sizeof *total);
}

/* Lanes that have the same indices, and where their sums go. */
typedef struct lanes {
    const pc_people *people;
    const double *cohorts;  /* [sex][age][PC_TILE] */
    const double *index[3]; /* contributors, retirees, residents: [sex][age] */
    int year, first, n;
    double *sums;
} lanes;

static double *row_of(const lanes *self, int sum, int region)
{
    return self->sums + ((size_t)sum * (size_t)self->people->n_regions + (size_t)region) * PC_LANES;
}

/* Members of a region's rule by single age, active or retired, times an index (NULL: 1). */
static void weigh(const lanes *self, int region, int rule, int retired, const double *index, double *weight)
{
    const pc_people *people = self->people;
    const double *e =
        people->rules[rule].e + ((size_t)self->year * (size_t)people->n_regions + (size_t)region) * PC_AGES;
    const double *rho = people->rules[rule].rho + (size_t)self->year * CELLS;

    for (int i = 0; i < CELLS; i++) {
        const double part = e[i % PC_AGES] * (retired ? rho[i] : 1 - rho[i]);
        weight[i] = index ? part * index[i] : part;
    }
}

static void groups_of(const lanes *self, int region)
{
    const pc_people *people = self->people;
    const int carved = pc_people_is_carved(people, region);
    double weight[CELLS];

    for (int g = 0; g < people->n_age_groups && !carved; g++) {
        add_up(self->cohorts, self->index[2], &people->age_groups[g], self->first, self->n,
               row_of(self, pc_sum_of_group(people->n_rules, g, -1, 0), region));
    }
    for (int rule = 0; rule < people->n_rules && people->n_age_groups > 0; rule++) {
        for (int sum = 0; sum < PC_GROUP_RULE_SUMS; sum++) {
            const int retired = sum == PC_GROUP_RETIREE_COST || sum == PC_GROUP_RETIREE_RCOST;
            const int index = sum >= PC_GROUP_CONTRIBUTOR_RCOST ? 2 : retired;
            weigh(self, region, rule, retired, self->index[index], weight);
            for (int g = 0; g < people->n_age_groups; g++) {
                add_up(self->cohorts, weight, &people->age_groups[g], self->first, self->n,
                       row_of(self, pc_sum_of_group(people->n_rules, g, rule, sum), region));
            }
        }
    }
}

static void carve(const lanes *self, int region)
{
    static const pc_age_group all = {0, PC_AGES - 1};
    const pc_people *people = self->people;
    double weight[CELLS];

    for (int sum = 0; sum < PC_SUM_COMMON; sum++) {
        memset(row_of(self, sum, region) + self->first, 0, (size_t)self->n * sizeof(double));
    }
    for (int g = 0; g < people->n_age_groups; g++) {
        memset(row_of(self, pc_sum_of_group(people->n_rules, g, -1, 0), region) + self->first, 0,
               (size_t)self->n * sizeof(double));
    }
    for (int rule = 0; rule < people->n_rules; rule++) {
        for (int sum = 0; sum < PC_RULE_SUMS; sum++) {
            const int retired = sum == PC_RULE_RETIREES || sum == PC_RULE_RETIREE_COST || sum == PC_RULE_RETIREE_RCOST;
            const double *index = sum >= PC_RULE_CONTRIBUTOR_RCOST  ? self->index[2]
                                  : sum >= PC_RULE_CONTRIBUTOR_COST ? self->index[retired]
                                                                    : NULL;
            weigh(self, region, rule, retired, index, weight);
            add_up(self->cohorts, weight, &all, self->first, self->n, row_of(self, PC_SUM_OF_RULE(rule, sum), region));
        }
    }
}

void pc_cohort_groups(const pc_people *people, int year, int region, const double *shift, const double *cohorts,
                      double *sums)
{
    const double *const index[3] = {people->k_act, people->k_ret, people->k_res};
    double read[3][CELLS];
    lanes self = {people, cohorts, {read[0], read[1], read[2]}, year, 0, shift ? 1 : PC_TILE, sums};
    int hosts = 0;

    for (int r = 0; people->host && r < people->n_regions; r++) {
        hosts |= people->host[r] == region;
    }
    if (people->n_age_groups == 0 && !hosts) {
        return;
    }
    for (; self.first < PC_TILE; self.first += self.n) {
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < CELLS; i++) {
                const int age = i % PC_AGES;
                read[k][i] =
                    shift ? pc_cohort_index(index[k], age - shift[i / PC_AGES * PC_TILE + self.first]) : index[k][age];
            }
        }
        groups_of(&self, region);
        for (int r = 0; hosts && r < people->n_regions; r++) {
            if (people->host[r] == region) {
                carve(&self, r);
                groups_of(&self, r);
            }
        }
    }
}
