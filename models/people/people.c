/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/people.h"

#include "base/math.h"
#include "people/cohort.h"
#include "people/fertility.h"
#include "people/migration.h"
#include "people/mortality.h"

/* What pc_people_run keeps in its scratch, for one tile of lanes. A region runs through `span` years at a stretch, so
 * that its cohorts stay in the innermost cache: all years, or one where regions look at each other's populations. */
typedef struct scratch {
    int span;    /* years */
    int several; /* regions differ in their mortality factors, so that rates must outlive survival */
    double *kappa, *drift, *tfr_deviation; /* [PC_TILE] */
    double *kappa_read;                    /* [PC_TILE] */
    double *withheld;                      /* [PC_TILE] */
    uint64_t *bounded;                     /* [PC_TILE] */
    double *shift;                         /* [span][sex][PC_TILE] */
    double *tfr;                           /* [span][PC_TILE] */
    double *rates;                         /* [span where several, else 1][sex][age][PC_TILE], at q = 1 */
    double *survival;                      /* [span][sex][PC_SURVIVAL_ROWS][PC_TILE] */
    double *deviation;                     /* [region][PC_TILE] */
    double *migration;                     /* [span][region][PC_TILE] net rates */
    double *cohorts[2];                    /* [region, or only one][sex][age][PC_TILE] of even and odd years */
    int draining;                          /* whether a migration share is below 0 */
    int *order; /* [n_order] regions with people of their own, those of an equal mortality factor together */
    int n_order;
    int *bound; /* [region] whether the bound on migration was met last year */
} scratch;

enum { RATES = PC_SEXES * PC_AGES * PC_TILE, SURVIVAL = PC_SEXES * PC_SURVIVAL_ROWS * PC_TILE };

/* Whether a year needs the populations of all regions of the year before. */
static int is_coupled(const pc_people *people)
{
    return people->migration_closed && !people->closed_weight;
}

/* The next `doubles` of the scratch; only counted where there is no memory yet. */
static double *carve(char *memory, size_t *used, size_t doubles)
{
    char *block = memory ? memory + *used : NULL;

    *used += (doubles * sizeof(double) + 63) / 64 * 64;
    return (double *)(void *)block;
}

/* Lays the scratch out in `memory` (64-byte aligned; NULL to ask only for the size) and returns its bytes. */
static size_t lay_out(const pc_people *people, void *memory, scratch *s)
{
    const size_t tile = PC_TILE, regions = (size_t)people->n_regions;
    const size_t span = is_coupled(people) ? 1 : (size_t)people->n_years;
    size_t used = 0;

    s->span = (int)span;
    s->several = 0;
    for (int r = 1; r < people->n_regions; r++) {
        s->several |= people->mortality_factor[r] != people->mortality_factor[0];
    }
    s->kappa = carve(memory, &used, tile);
    s->kappa_read = carve(memory, &used, tile);
    s->drift = carve(memory, &used, tile);
    s->tfr_deviation = carve(memory, &used, tile);
    s->withheld = carve(memory, &used, tile);
    s->bounded = (uint64_t *)(void *)carve(memory, &used, tile);
    s->shift = carve(memory, &used, span * PC_SEXES * tile);
    s->tfr = carve(memory, &used, span * tile);
    s->rates = carve(memory, &used, (s->several ? span : 1) * RATES);
    s->survival = carve(memory, &used, span * SURVIVAL);
    s->deviation = carve(memory, &used, regions * tile);
    s->migration = carve(memory, &used, span * regions * tile);
    for (int k = 0; k < 2; k++) {
        s->cohorts[k] = carve(memory, &used, (is_coupled(people) ? regions : 1) * RATES);
    }
    s->order = (int *)(void *)carve(memory, &used, regions);
    s->bound = (int *)(void *)carve(memory, &used, regions);
    return used;
}

int pc_people_n_sums(const pc_people *people)
{
    return pc_sum_of_group(people->n_rules, people->n_age_groups, -1, 0);
}

size_t pc_people_scratch_bytes(const pc_people *people)
{
    scratch s;

    return lay_out(people, NULL, &s);
}

/* Regions in an order in which equal mortality factors follow each other, so that survival is computed once for them.
 */
static int order_regions(const pc_people *people, int *order)
{
    int n = 0;

    for (int first = 0; first < people->n_regions; first++) {
        int seen = pc_people_is_carved(people, first);
        for (int i = 0; i < n && !seen; i++) {
            seen = order[i] == first;
        }
        for (int r = first; r < people->n_regions && !seen; r++) {
            if (people->mortality_factor[r] == people->mortality_factor[first] && !pc_people_is_carved(people, r)) {
                order[n++] = r;
            }
        }
    }
    return n;
}

PC_KERNEL static void start_cohorts(const pc_people *people, int region, double *cohorts)
{
    const double *population = people->population + (size_t)region * PC_SEXES * PC_AGES;

    for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
        for (int lane = 0; lane < PC_TILE; lane++) {
            cohorts[i * PC_TILE + lane] = population[i];
        }
    }
}

/* Sums of the base year: every lane is the same. */
static void sum_base_year(const pc_people *people, scratch *s, double *sums)
{
    const pc_cost_indices indices = {people->k_act, people->k_ret, people->k_res, 0};
    const size_t stride = (size_t)people->n_regions * PC_LANES;

    for (int i = 0; i < s->n_order; i++) {
        const int r = s->order[i];
        double *row = sums + (size_t)r * PC_LANES;
        pc_cohort_sum(people, 0, r, &indices, people->population + (size_t)r * PC_SEXES * PC_AGES, row, stride);
        for (int sum = 0; sum < PC_SUM_OF_RULE(people->n_rules, 0); sum++) {
            for (int lane = 1; lane < PC_LANES; lane++) {
                row[(size_t)sum * stride + (size_t)lane] = row[(size_t)sum * stride];
            }
        }
        start_cohorts(people, r, s->cohorts[0]);
        for (int tile = 0; tile < PC_LANES; tile += PC_TILE) {
            pc_cohort_groups(people, 0, r, NULL, s->cohorts[0], sums + tile);
        }
    }
}

static void start_tile(const pc_people *people, const double *eps_drift, scratch *s)
{
    for (int lane = 0; lane < PC_TILE; lane++) {
        s->kappa[lane] = people->kappa_start;
        s->drift[lane] = people->kappa_drift + people->kappa_drift_se * eps_drift[lane];
        s->tfr_deviation[lane] = people->tfr_ar.start;
        s->bounded[lane] = 0;
        s->withheld[lane] = 0;
    }
    for (int i = 0; i < people->n_regions * PC_TILE; i++) {
        s->deviation[i] = people->migration_ar.start;
    }
    for (int r = 0; r < people->n_regions; r++) {
        s->bound[r] = 0;
    }
}

/* Life expectancy at 60 of each sex in the base year, at q = 1. */
static void start_expectancy(const pc_people *people, scratch *s, double e60[PC_SEXES])
{
    for (int lane = 0; lane < PC_TILE; lane++) {
        s->kappa[lane] = people->kappa_start;
    }
    pc_mortality_rates(people, s->kappa, s->rates, 0);
    for (int sex = 0; sex < PC_SEXES; sex++) {
        e60[sex] = pc_life_expectancy(s->rates + (size_t)sex * PC_AGES * PC_TILE, PC_TILE, PC_HEALTH_AGE);
    }
}

static void shift_tile(const pc_people *people, const double *rates, const double e60[PC_SEXES], double *shift)
{
    for (int sex = 0; sex < PC_SEXES; sex++) {
        for (int lane = 0; lane < PC_TILE; lane++) {
            const double *m = rates + sex * PC_AGES * PC_TILE + lane;
            shift[sex * PC_TILE + lane] =
                people->health_shift * (pc_life_expectancy(m, PC_TILE, PC_HEALTH_AGE) - e60[sex]);
        }
    }
}

/* Drivers of a tile: rows of year 0 at their first lane. */
typedef struct tile_drivers {
    const double *kappa, *fertility, *migration;
    size_t year_stride;
} tile_drivers;

/* The index of a year as death rates read it. */
static const double *shifted(const pc_people *people, int year, scratch *s)
{
    if (!people->kappa_shift || people->kappa_shift[year] == 0) {
        return s->kappa;
    }
    for (int lane = 0; lane < PC_TILE; lane++) {
        s->kappa_read[lane] = s->kappa[lane] + people->kappa_shift[year];
    }
    return s->kappa_read;
}

/* What all regions share in years first .. first + span - 1: mortality, fertility, rates of migration. */
static void step_whole(const pc_people *people, int first, const tile_drivers *eps, const double *e60,
                       const double *sums, scratch *s, int fast)
{
    const size_t row = (size_t)people->n_regions * PC_LANES, year_rows = (size_t)pc_people_n_sums(people) * row;

    for (int k = 0; k < s->span; k++) {
        const size_t year = (size_t)(first + k), at = year * eps->year_stride;
        double *rates = s->rates + (s->several ? (size_t)k * RATES : 0);

        pc_mortality_index(s->kappa, s->drift, people->kappa_sigma, eps->kappa + at);
        pc_mortality_rates(people, shifted(people, first + k, s), rates, fast);
        if (!s->several) {
            pc_mortality_survival(rates, people->mortality_factor[0], s->survival + (size_t)k * SURVIVAL, fast);
        }
        if (people->health_shift != 0) {
            shift_tile(people, rates, e60, s->shift + k * PC_SEXES * PC_TILE);
        }
        pc_fertility_rate(people, first + k, s->tfr_deviation, eps->fertility + at, s->tfr + k * PC_TILE);
        pc_migration_rates(people, first + k, s->deviation, eps->migration + year * row,
                           sums + (year - 1) * year_rows + PC_SUM_POPULATION * row,
                           s->migration + k * people->n_regions * PC_TILE);
    }
}

/* Years first .. first + span - 1 of one region. */
static void step_region(const pc_people *people, int first, int region, scratch *s, double *sums, int fast)
{
    const size_t row = (size_t)people->n_regions * PC_LANES, year_rows = (size_t)pc_people_n_sums(people) * row;
    const size_t cohorts = is_coupled(people) ? (size_t)region * RATES : 0;
    pc_cohort_step step = {
        .people = people,
        .region = region,
        .tfr_factor = people->tfr_factor[region],
        .draining = s->draining,
        .bound = s->bound[region],
        .sum_stride = row,
        .bounded = s->bounded,
        .withheld = s->withheld,
    };

    if (first == 1) {
        start_cohorts(people, region, s->cohorts[0] + cohorts);
    }
    for (int k = 0; k < s->span; k++) {
        double *before = sums + (size_t)(first + k - 1) * year_rows + (size_t)region * PC_LANES;

        step.year = first + k;
        step.rate = s->migration + ((size_t)k * (size_t)people->n_regions + (size_t)region) * PC_TILE;
        step.before = before + PC_SUM_POPULATION * row;
        step.tfr = s->tfr + k * PC_TILE;
        step.survival = s->survival + (size_t)k * SURVIVAL;
        step.shift = people->health_shift != 0 ? s->shift + k * PC_SEXES * PC_TILE : NULL;
        step.then = s->cohorts[(step.year - 1) % 2] + cohorts;
        step.now = s->cohorts[step.year % 2] + cohorts;
        step.sums = before + year_rows;
        step.next = step.year < people->n_years ? step.sums + year_rows : NULL;
        if (fast && !step.shift) {
            pc_cohort_step_fast(&step);
        } else {
            pc_cohort_step_plain(&step);
        }
        pc_cohort_groups(people, step.year, region, step.shift, step.now, sums + (size_t)step.year * year_rows);
    }
    s->bound[region] = step.bound;
}

static void step_regions(const pc_people *people, int first, scratch *s, double *sums, int fast)
{
    for (int i = 0; i < s->n_order; i++) {
        const double q = people->mortality_factor[s->order[i]];
        if (s->several && (i == 0 || q != people->mortality_factor[s->order[i - 1]])) {
            for (int k = 0; k < s->span; k++) {
                pc_mortality_survival(s->rates + (size_t)k * RATES, q, s->survival + (size_t)k * SURVIVAL, fast);
            }
        }
        step_region(people, first, s->order[i], s, sums, fast);
    }
}

void pc_people_run(const pc_people *people, int n_lanes, const double *eps_drift, const double *eps_kappa,
                   const double *eps_fertility, size_t year_stride, const double *eps_migration, double *sums,
                   pc_people_counts *counts, void *memory, int fast)
{
    const size_t n_rows = (size_t)pc_people_n_sums(people) * (size_t)people->n_regions;
    const int padded = (n_lanes + PC_TILE - 1) / PC_TILE * PC_TILE;
    scratch s;
    double e60[PC_SEXES] = {0};

    lay_out(people, memory, &s);
    s.n_order = order_regions(people, s.order);
    s.draining = 0;
    for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
        s.draining |= people->migration_share[i] < 0;
    }
    *counts = (pc_people_counts){0};
    if (people->health_shift != 0) {
        start_expectancy(people, &s, e60);
    }
    sum_base_year(people, &s, sums);
    for (int tile = 0; tile < padded; tile += PC_TILE) {
        const tile_drivers eps = {eps_kappa + tile, eps_fertility + tile, eps_migration + tile, year_stride};

        start_tile(people, eps_drift + tile, &s);
        for (int first = 1; first <= people->n_years; first += s.span) {
            step_whole(people, first, &eps, e60, sums + tile, &s, fast);
            step_regions(people, first, &s, sums + tile, fast);
        }
        for (int lane = 0; lane < PC_TILE && tile + lane < n_lanes; lane++) {
            counts->migration_bounded += s.bounded[lane];
            counts->migration_withheld += s.withheld[lane];
        }
    }
    /* A short leaf's last tile ends in padding; whole rows are what later stages read, so it is carried to the end. */
    for (size_t row = 0; padded < PC_LANES && row < ((size_t)people->n_years + 1) * n_rows; row++) {
        double *lanes = sums + row * PC_LANES;
        for (int lane = padded; lane < PC_LANES; lane++) {
            lanes[lane] = lanes[padded - 1];
        }
    }
}
