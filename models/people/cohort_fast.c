/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fast kernel: eight lanes a vector, ageing, migration, births and the sums of the first rule in one pass over ages
 * with every accumulator in a register. It does the plain kernel's operations in the plain kernel's order. */
#include "base/math.h"
#include "people/cohort.h"
#include "people/fertility.h"

enum { WIDTH = 8, COLUMNS = PC_TILE / WIDTH };

typedef double vec __attribute__((vector_size(WIDTH * sizeof(double)), aligned(64), may_alias));
typedef int64_t ivec __attribute__((vector_size(WIDTH * sizeof(double)), aligned(64), may_alias));

#define INLINE static inline __attribute__((always_inline))

/* What one pass over the ages of a column of lanes carries along. */
typedef struct pass {
    const pc_people *people;
    const double *w[PC_OUTSIDE_SUMS]; /* weights outside the band, rule 0 */
    const vec *survival[PC_SEXES];    /* row a at + a * COLUMNS, as in the tile */
    vec *cohorts[PC_SEXES];
    vec movers, withheld, births;
    vec then[PC_SEXES]; /* people of the age before, a year ago */
    vec count, young, resident, sum[PC_OUTSIDE_SUMS], below[PC_OUTSIDE_SUMS];
    ivec bounded;
} pass;

/* What happens between ages: sums are set aside where the order of cohort.h splits them. */
INLINE void turn(pass *p, int age)
{
    if (age == PC_AGED) {
        p->young = p->count;
        p->count = (vec){0};
    }
    if (age == p->people->band_lo) {
        for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
            p->below[s] = p->sum[s];
            p->sum[s] = (vec){0};
        }
    }
}

/* Migration of one cohort after its survivors, with the bound of one half where anybody can leave. */
INLINE void move(pass *p, int sex, int age, int leaving, const vec *survivors, vec *now)
{
    vec after = *survivors + p->movers * p->people->migration_share[sex * PC_AGES + age];

    if (leaving) {
        const vec least = 0.5 * *survivors;
        const ivec low = after < least;
        const vec kept = (vec)((low & (ivec)least) | (~low & (ivec)after));
        p->withheld += kept - after;
        p->bounded -= low;
        after = kept;
    }
    *now = after;
}

INLINE void add(pass *p, int age, int outside, const vec *female, const vec *male)
{
    const vec n = *female + *male;

    p->count += n;
    p->resident += p->people->k_res[age] * n;
    for (int s = 0; outside && s < PC_OUTSIDE_SUMS; s++) {
        p->sum[s] += p->w[s][age] * n;
    }
}

/* Ages from .. to-1 (1 .. 99), all alike in the three flags, which are constants where this is inlined. */
INLINE void ages(pass *p, int from, int to, int leaving, int fertile, int outside)
{
    for (int age = from; age < to; age++) {
        vec now[PC_SEXES];
        for (int sex = 0; sex < PC_SEXES; sex++) {
            const vec survivors = p->then[sex] * p->survival[sex][age * COLUMNS];
            p->then[sex] = p->cohorts[sex][age * COLUMNS];
            move(p, sex, age, leaving, &survivors, &now[sex]);
            p->cohorts[sex][age * COLUMNS] = now[sex];
        }
        if (fertile) {
            p->births += 0.5 * p->people->fertility_share[age] * (p->then[0] + now[0]);
        }
        add(p, age, outside, &now[0], &now[1]);
    }
}

INLINE void column(pass *p, int leaving)
{
    const int lo = p->people->band_lo, hi = p->people->band_hi, last = PC_AGES - 1;
    vec now[PC_SEXES];

    for (int age = 1, to; age < last; age = to) {
        const int cuts[] = {PC_FERTILE_FROM, PC_FERTILE_TO, lo, hi, PC_AGED, last};
        const int fertile = age >= PC_FERTILE_FROM && age < PC_FERTILE_TO;
        const int outside = age < lo || age >= hi;
        to = last;
        for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
            to = cuts[i] > age && cuts[i] < to ? cuts[i] : to;
        }
        turn(p, age);
        if (fertile && outside) {
            ages(p, age, to, leaving, 1, 1);
        } else if (fertile) {
            ages(p, age, to, leaving, 1, 0);
        } else if (outside) {
            ages(p, age, to, leaving, 0, 1);
        } else {
            ages(p, age, to, leaving, 0, 0);
        }
    }
    turn(p, last);
    for (int sex = 0; sex < PC_SEXES; sex++) {
        const vec survivors = p->then[sex] * p->survival[sex][last * COLUMNS] +
                              p->cohorts[sex][last * COLUMNS] * p->survival[sex][PC_SURVIVAL_OPEN * COLUMNS];
        move(p, sex, last, leaving, &survivors, &now[sex]);
        p->cohorts[sex][last * COLUMNS] = now[sex];
    }
    add(p, last, last < lo || last >= hi, &now[0], &now[1]);
    turn(p, last + 1);
}

/* Newborns, added to the sums below the band. */
INLINE void newborns(pass *p, const vec *tfr, double srb)
{
    const vec births = p->births * *tfr;

    for (int sex = 0; sex < PC_SEXES; sex++) {
        p->cohorts[sex][0] =
            births * (sex ? srb / (1 + srb) : 1 / (1 + srb)) * p->survival[sex][PC_SURVIVAL_NEWBORN * COLUMNS];
    }
    const vec n = p->cohorts[0][0] + p->cohorts[1][0];
    p->young += n;
    p->resident += p->people->k_res[0] * n;
    for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
        p->below[s] += p->w[s][0] * n;
    }
}

/* The sums outside the band for a rule with its own e: the cohorts are still in cache. */
INLINE void outside_sums(const pass *p, const double *weight, vec *below, vec *above)
{
    for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
        below[s] = above[s] = (vec){0};
    }
    for (int age = 1; age < PC_AGES; age++) {
        vec *sum = age < p->people->band_lo ? below : above;
        if (age >= p->people->band_lo && age < p->people->band_hi) {
            continue;
        }
        const vec n = p->cohorts[0][age * COLUMNS] + p->cohorts[1][age * COLUMNS];
        for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
            sum[s] += weight[s * PC_SEXES * PC_AGES + age] * n;
        }
    }
    const vec n = p->cohorts[0][0] + p->cohorts[1][0];
    for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
        below[s] += weight[s * PC_SEXES * PC_AGES] * n;
    }
}

INLINE void band_sums(const pass *p, const double *weight, vec *within)
{
    const int lo = p->people->band_lo, room = p->people->band_hi - lo;

    for (int s = 0; s < PC_RULE_SUMS; s++) {
        within[s] = (vec){0};
    }
    for (int i = 0; i < room; i++, weight += PC_RULE_SUMS * PC_SEXES) {
        const vec female = p->cohorts[0][(lo + i) * COLUMNS], male = p->cohorts[1][(lo + i) * COLUMNS];
        for (int s = 0; s < PC_RULE_SUMS; s++) {
            within[s] += weight[s * PC_SEXES] * female + weight[s * PC_SEXES + 1] * male;
        }
    }
}

PC_KERNEL void pc_cohort_step_fast(const pc_cohort_step *step)
{
    const pc_people *people = step->people;
    const int room = people->band_hi - people->band_lo;

    for (int c = 0; c < COLUMNS; c++) {
        const size_t first = (size_t)c * WIDTH;
        pass p;
        int leaving = step->draining;

        p.people = people; /* field by field: clearing the whole of it by one initialiser costs a sixth of the time */
        p.withheld = p.births = p.count = p.young = p.resident = (vec){0};
        p.bounded = (ivec){0};
        for (int lane = 0; lane < WIDTH; lane++) {
            leaving |= step->movers[first + (size_t)lane] < 0;
        }
        for (int sex = 0; sex < PC_SEXES; sex++) {
            p.survival[sex] = (const vec *)(step->survival + sex * PC_SURVIVAL_ROWS * PC_TILE) + c;
            p.cohorts[sex] = (vec *)(step->cohorts + sex * PC_AGES * PC_TILE) + c;
            p.then[sex] = p.cohorts[sex][0];
        }
        for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
            p.w[s] = step->weights->outside + s * PC_SEXES * PC_AGES;
            p.sum[s] = p.below[s] = (vec){0};
        }
        p.movers = *(const vec *)(step->movers + first);
        if (leaving) {
            column(&p, 1);
        } else {
            column(&p, 0);
        }
        newborns(&p, (const vec *)(step->tfr + first), people->sex_ratio[step->year]);

        vec *out = (vec *)(step->sums + first);
        const size_t stride = step->sum_stride / WIDTH;
        out[PC_SUM_POPULATION * stride] = p.young + p.count;
        out[PC_SUM_AGED * stride] = p.count;
        out[PC_SUM_RESIDENT_COST * stride] = p.resident;
        for (int rule = 0; rule < people->n_rules; rule++) {
            vec within[PC_RULE_SUMS], above[PC_OUTSIDE_SUMS];
            vec *row = out + (size_t)PC_SUM_OF_RULE(rule, 0) * stride;
            if (rule > 0 && !people->rules_share_e) {
                outside_sums(&p, step->weights->outside + rule * PC_OUTSIDE_SUMS * PC_SEXES * PC_AGES, p.below, above);
            } else {
                for (int s = 0; s < PC_OUTSIDE_SUMS; s++) {
                    above[s] = p.sum[s];
                }
            }
            band_sums(&p, step->weights->band + rule * PC_RULE_SUMS * PC_SEXES * room, within);
            row[PC_RULE_CONTRIBUTORS * stride] = p.below[0] + within[PC_RULE_CONTRIBUTORS];
            row[PC_RULE_CONTRIBUTOR_COST * stride] = p.below[1] + within[PC_RULE_CONTRIBUTOR_COST];
            row[PC_RULE_CONTRIBUTOR_RCOST * stride] = p.below[2] + within[PC_RULE_CONTRIBUTOR_RCOST];
            row[PC_RULE_RETIREES * stride] = within[PC_RULE_RETIREES] + above[0];
            row[PC_RULE_RETIREE_COST * stride] = within[PC_RULE_RETIREE_COST] + above[1];
            row[PC_RULE_RETIREE_RCOST * stride] = within[PC_RULE_RETIREE_RCOST] + above[2];
        }
        for (int lane = 0; lane < WIDTH; lane++) {
            step->withheld[first + (size_t)lane] += p.withheld[lane];
            step->bounded[first + (size_t)lane] += (uint64_t)p.bounded[lane];
        }
    }
}
