/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of the fast kernel, included once for each instruction set by cohort_fast.c, which defines before:
 * VARIANT(name), WIDTH (lanes of a vector), vec, ivec, FMA(x, y, z) = x y + z rounded once, MIN(x, y) = x < y ? x : y,
 * ANY_NEGATIVE(x), ALL(x) = x in all lanes.
 *
 * Ageing, migration, births and the sums outside the band in one pass over ages with every accumulator in a register.
 * It does the plain kernel's operations in the plain kernel's order. */
enum { VARIANT(columns) = PC_TILE / WIDTH };

#define parts        VARIANT(parts)
#define add_members  VARIANT(add_members)
#define pass         VARIANT(pass)
#define ask          VARIANT(ask)
#define turn         VARIANT(turn)
#define move         VARIANT(move)
#define add          VARIANT(add)
#define ages         VARIANT(ages)
#define all_ages     VARIANT(all_ages)
#define newborns     VARIANT(newborns)
#define outside_sums VARIANT(outside_sums)
#define band_sums    VARIANT(band_sums)
#define step_column  VARIANT(step_column)
#define COLUMNS      VARIANT(columns)

/* Persons, persons by the scheme's own index, persons by the residents' index. */
typedef struct parts {
    vec persons, cost, rcost;
} parts;

PC_INLINE void add_members(parts *p, const vec *members, double cost, double rcost)
{
    p->persons += *members;
    p->cost = FMA(ALL(cost), *members, p->cost);
    p->rcost = FMA(ALL(rcost), *members, p->rcost);
}

/* What one pass over the ages carries along. */
typedef struct pass {
    const pc_people *people;
    const double *share[PC_SEXES], *fertility, *k_res; /* tables of `people` */
    const double *e, *cost; /* rule 0; the members' own index, contributors' and then retirees' */
    const vec *survival[PC_SEXES], *then[PC_SEXES];
    vec *now[PC_SEXES];
    vec movers, births, count, young, resident;
    parts sum, below;
    const double *next, *next_end;
    size_t next_stride;
    vec spare[PC_SEXES]; /* the least of what is above the bound on migration */
    vec withheld;        /* only while the bound is kept */
    ivec bounded;
} pass;

/* What happens between ages: sums are set aside where the order of cohort.h splits them. */
PC_INLINE void turn(pass *p, int age)
{
    if (age == PC_AGED) {
        p->young = p->count;
        p->count = (vec){0};
    }
    if (age == p->people->band_lo) {
        p->below = p->sum;
        p->sum = (parts){0};
        p->cost = p->people->k_ret;
    }
}

/* Migration of one cohort after its survivors. */
PC_INLINE void move(pass *p, int sex, int age, int how, const vec *survivors, vec *now)
{
    vec after = FMA(p->movers, ALL(p->share[sex][age]), *survivors);

    if (how == WATCH) {
        /* of the same sign as after - least, since it is rounded once */
        p->spare[sex] = MIN(FMA(ALL(-0.5), *survivors, after), p->spare[sex]);
    } else if (how == KEEP) {
        const vec least = 0.5 * *survivors;
        const ivec low = after < least;
        const vec kept = (vec)((low & (ivec)least) | (~low & (ivec)after));
        p->withheld += kept - after;
        p->bounded -= low;
        after = kept;
    }
    *now = after;
}

PC_INLINE void add(pass *p, int age, int outside, const vec *female, const vec *male)
{
    const vec n = *female + *male;
    const double rcost = p->k_res[age];

    p->count += n;
    p->resident = FMA(ALL(rcost), n, p->resident);
    if (outside) {
        const vec members = p->e[age] * n;
        add_members(&p->sum, &members, p->cost[age], rcost);
    }
}

/* Ages from .. to-1 (1 .. 99), all alike in the flags, which are constants where this is inlined. */
PC_INLINE void ages(pass *p, int from, int to, int how, int fertile, int outside)
{
    for (int age = from; age < to; age++) {
        vec now[PC_SEXES];
        for (int sex = 0; sex < PC_SEXES; sex++) {
            const vec survivors = p->then[sex][(age - 1) * COLUMNS] * p->survival[sex][age * COLUMNS];
            move(p, sex, age, how, &survivors, &now[sex]);
            p->now[sex][age * COLUMNS] = now[sex];
        }
        if (fertile) {
            const vec women = p->then[0][age * COLUMNS] + now[0];
            p->births = FMA(ALL(p->fertility[age]), women, p->births);
        }
        add(p, age, outside, &now[0], &now[1]);
    }
}

/* Rows of the next year lie far apart in memory: asked for a few at a time, they are there when they are written. */
PC_INLINE void ask(pass *p)
{
    for (int i = 0; i < ROWS_ASKED && p->next < p->next_end; i++) {
        __builtin_prefetch(p->next, 1);
        p->next += p->next_stride;
    }
}

PC_INLINE void all_ages(pass *p, int how)
{
    const int lo = p->people->band_lo, hi = p->people->band_hi, last = PC_AGES - 1;
    vec now[PC_SEXES];

    p->births = p->count = p->young = p->resident = (vec){0};
    p->sum = p->below = (parts){0};
    p->cost = p->people->k_act;
    for (int age = 1, to; age < last; age = to) {
        const int cuts[] = {PC_FERTILE_FROM, PC_FERTILE_TO, lo, hi, PC_AGED, last};
        const int fertile = age >= PC_FERTILE_FROM && age < PC_FERTILE_TO;
        const int outside = age < lo || age >= hi;
        to = last;
        for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
            to = cuts[i] > age && cuts[i] < to ? cuts[i] : to;
        }
        turn(p, age);
        ask(p);
        if (fertile && outside) {
            ages(p, age, to, how, 1, 1);
        } else if (fertile) {
            ages(p, age, to, how, 1, 0);
        } else if (outside) {
            ages(p, age, to, how, 0, 1);
        } else {
            ages(p, age, to, how, 0, 0);
        }
    }
    turn(p, last);
    for (int sex = 0; sex < PC_SEXES; sex++) {
        vec survivors = p->then[sex][(last - 1) * COLUMNS] * p->survival[sex][last * COLUMNS];
        survivors = FMA(p->then[sex][last * COLUMNS], p->survival[sex][PC_SURVIVAL_OPEN * COLUMNS], survivors);
        move(p, sex, last, how, &survivors, &now[sex]);
        p->now[sex][last * COLUMNS] = now[sex];
    }
    add(p, last, last < lo || last >= hi, &now[0], &now[1]);
    turn(p, last + 1);
}

/* Newborns, added to the sums below the band. */
PC_INLINE void newborns(pass *p, vec tfr, double srb)
{
    const vec births = p->births * (0.5 * tfr);

    for (int sex = 0; sex < PC_SEXES; sex++) {
        p->now[sex][0] =
            births * (sex ? srb / (1 + srb) : 1 / (1 + srb)) * p->survival[sex][PC_SURVIVAL_NEWBORN * COLUMNS];
    }
    const vec n = p->now[0][0] + p->now[1][0], members = p->e[0] * n;
    p->young += n;
    p->resident = FMA(ALL(p->people->k_res[0]), n, p->resident);
    add_members(&p->below, &members, p->people->k_act[0], p->people->k_res[0]);
}

/* The sums outside the band for a rule with its own e: the cohorts are still in cache. */
PC_INLINE void outside_sums(const pass *p, const double *e, parts *below, parts *above)
{
    const pc_people *people = p->people;

    *below = *above = (parts){0};
    for (int i = 1; i <= PC_AGES; i++) {
        const int age = i % PC_AGES;
        if (age < people->band_lo || age >= people->band_hi) {
            const vec members = e[age] * (p->now[0][age * COLUMNS] + p->now[1][age * COLUMNS]);
            add_members(age < people->band_lo ? below : above, &members,
                        (age < people->band_lo ? people->k_act : people->k_ret)[age], people->k_res[age]);
        }
    }
}

PC_INLINE void band_sums(const pass *p, const double *e, const double *rho, parts *active, parts *retired)
{
    const pc_people *people = p->people;

    *active = *retired = (parts){0};
    for (int age = people->band_lo; age < people->band_hi; age++) {
        const vec female = e[age] * p->now[0][age * COLUMNS], male = e[age] * p->now[1][age * COLUMNS];
        const vec gone = FMA(ALL(rho[PC_AGES + age]), male, rho[age] * female);
        const vec stay = (female + male) - gone;
        add_members(active, &stay, people->k_act[age], people->k_res[age]);
        add_members(retired, &gone, people->k_ret[age], people->k_res[age]);
    }
}

/* One column: lanes first .. first + WIDTH - 1 of the tile. */
PC_INLINE void step_column(const pc_cohort_step *step, int first, int *bound)
{
    const pc_people *people = step->people;
    const size_t e_row = ((size_t)step->year * (size_t)people->n_regions + (size_t)step->region) * PC_AGES;
    pass p;

    p.people = people;
    p.e = people->rules[0].e + e_row;
    p.fertility = people->fertility_share;
    p.k_res = people->k_res;
    p.next = step->next ? step->next + first : NULL;
    p.next_end = p.next ? p.next + (size_t)pc_people_n_sums(people) * step->sum_stride : NULL;
    p.next_stride = step->sum_stride;
    for (int sex = 0; sex < PC_SEXES; sex++) {
        p.share[sex] = people->migration_share + sex * PC_AGES;
        p.survival[sex] = (const vec *)(step->survival + sex * PC_SURVIVAL_ROWS * PC_TILE + first);
        p.then[sex] = (const vec *)(step->then + sex * PC_AGES * PC_TILE + first);
        p.now[sex] = (vec *)(step->now + sex * PC_AGES * PC_TILE + first);
    }
    p.movers = *(const vec *)(step->rate + first) * *(const vec *)(step->before + first);
    if (!step->draining && !ANY_NEGATIVE(p.movers)) {
        all_ages(&p, NOBODY_LEAVES);
    } else {
        /* The bound is rarely met: watching for it is cheaper than keeping it, and a year can be done again. */
        int keep = step->bound;
        if (!keep) {
            p.spare[0] = p.spare[1] = (vec){0};
            all_ages(&p, WATCH);
            keep = ANY_NEGATIVE(MIN(p.spare[0], p.spare[1]));
        }
        if (keep) {
            p.withheld = (vec){0};
            p.bounded = (ivec){0};
            all_ages(&p, KEEP);
            *(vec *)(step->withheld + first) += p.withheld;
            for (int lane = 0; lane < WIDTH; lane++) {
                step->bounded[first + lane] += (uint64_t)p.bounded[lane];
                *bound |= p.bounded[lane] != 0;
            }
        }
    }
    newborns(&p, step->tfr_factor * *(const vec *)(step->tfr + first), people->sex_ratio[step->year]);

    vec *out = (vec *)(step->sums + first);
    const size_t stride = step->sum_stride / WIDTH;
    out[PC_SUM_POPULATION * stride] = p.young + p.count;
    out[PC_SUM_AGED * stride] = p.count;
    out[PC_SUM_RESIDENT_COST * stride] = p.resident;
    for (int rule = 0; rule < people->n_rules; rule++) {
        const double *e = people->rules[rule].e + e_row;
        const double *rho = people->rules[rule].rho + (size_t)step->year * PC_SEXES * PC_AGES;
        parts active, retired;
        vec *row = out + (size_t)PC_SUM_OF_RULE(rule, 0) * stride;
        if (rule > 0 && !people->rules_share_e) {
            outside_sums(&p, e, &p.below, &p.sum);
        } else {
            e = p.e;
        }
        band_sums(&p, e, rho, &active, &retired);
        row[PC_RULE_CONTRIBUTORS * stride] = p.below.persons + active.persons;
        row[PC_RULE_CONTRIBUTOR_COST * stride] = p.below.cost + active.cost;
        row[PC_RULE_CONTRIBUTOR_RCOST * stride] = p.below.rcost + active.rcost;
        row[PC_RULE_RETIREES * stride] = retired.persons + p.sum.persons;
        row[PC_RULE_RETIREE_COST * stride] = retired.cost + p.sum.cost;
        row[PC_RULE_RETIREE_RCOST * stride] = retired.rcost + p.sum.rcost;
    }
}

static void VARIANT(pc_cohort_step_fast)(pc_cohort_step *step)
{
    int bound = 0;

    for (int column = 0; column < COLUMNS; column++) {
        step_column(step, column * WIDTH, &bound);
    }
    step->bound = bound;
}

#undef parts
#undef add_members
#undef pass
#undef ask
#undef turn
#undef move
#undef add
#undef ages
#undef all_ages
#undef newborns
#undef outside_sums
#undef band_sums
#undef step_column
#undef COLUMNS
