/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/people.h"

#include <string.h>

#include "base/math.h"
#include "people/cohort.h"
#include "people/fertility.h"
#include "people/migration.h"
#include "people/mortality.h"

/* Bytes of sums up to which all years are held at once. */
static const size_t most_sums = (size_t)96 << 20;

/* What is kept in the scratch, for one tile of lanes. A region runs through `span` years at a stretch, so that its
 * cohorts stay in the innermost cache: those of a block, or one where regions look at each other's populations. */
typedef struct scratch {
    int span;    /* years */
    int n_tiles; /* whose rows the scratch holds: all where a tile's run is broken off after each block, else one */
    int origin;  /* year of the first sums in memory */
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
    double *kept;                          /* [region][sex][age][PC_TILE] between blocks; NULL: one block */
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

/* Lays the scratch out in `memory` (64-byte aligned; NULL to ask only for the size) and returns its bytes. Years run in
 * blocks of `block`. */
static size_t lay_out(const pc_people *people, int block, void *memory, scratch *s)
{
    const size_t regions = (size_t)people->n_regions;
    const size_t span = is_coupled(people) ? 1 : (size_t)block;
    const size_t n_tiles = block < people->n_years ? PC_LANES / PC_TILE : 1, tile = n_tiles * PC_TILE;
    size_t used = 0;

    s->span = (int)span;
    s->n_tiles = (int)n_tiles;
    s->origin = 0;
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
    s->shift = carve(memory, &used, span * PC_SEXES * PC_TILE);
    s->tfr = carve(memory, &used, span * PC_TILE);
    s->rates = carve(memory, &used, (s->several ? span : 1) * RATES);
    s->survival = carve(memory, &used, span * SURVIVAL);
    s->deviation = carve(memory, &used, regions * tile);
    s->migration = carve(memory, &used, span * regions * PC_TILE);
    for (int k = 0; k < 2; k++) {
        s->cohorts[k] = carve(memory, &used, (is_coupled(people) ? regions : 1) * RATES);
    }
    s->kept = n_tiles > 1 ? carve(memory, &used, n_tiles * regions * RATES) : NULL;
    s->order = (int *)(void *)carve(memory, &used, regions);
    s->bound = (int *)(void *)carve(memory, &used, n_tiles * regions);
    return used;
}

/* The scratch of a tile: what has to last until its next block lies apart. */
static scratch of_tile(const pc_people *people, const scratch *s, int tile)
{
    const size_t at = s->n_tiles > 1 ? (size_t)tile : 0, regions = (size_t)people->n_regions;
    scratch own = *s;

    own.kappa += at * PC_TILE;
    own.kappa_read += at * PC_TILE;
    own.drift += at * PC_TILE;
    own.tfr_deviation += at * PC_TILE;
    own.withheld += at * PC_TILE;
    own.bounded += at * PC_TILE;
    own.deviation += at * regions * PC_TILE;
    own.bound += at * regions;
    own.kept = s->kept ? s->kept + at * regions * RATES : NULL;
    return own;
}

int pc_people_n_sums(const pc_people *people)
{
    return pc_sum_of_group(people->n_rules, people->n_age_groups, -1, 0);
}

size_t pc_people_scratch_bytes(const pc_people *people, int block)
{
    scratch s;

    return lay_out(people, block, NULL, &s);
}

int pc_people_block(const pc_people *people)
{
    const size_t year = (size_t)pc_people_n_sums(people) * (size_t)people->n_regions * PC_LANES * sizeof(double);
    const size_t most = most_sums / year;
    const int block = most < 2 ? 2 : most < 1000 ? (int)most : 1000;

    return is_coupled(people) || block > people->n_years ? people->n_years : block;
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

/* What all regions share in the n years from `first` on: mortality, fertility, rates of migration. */
static void step_whole(const pc_people *people, int first, int n, const tile_drivers *eps, const double *e60,
                       const double *sums, scratch *s, int fast)
{
    const size_t row = (size_t)people->n_regions * PC_LANES, year_rows = (size_t)pc_people_n_sums(people) * row;

    for (int k = 0; k < n; k++) {
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
                           sums + (year - 1 - (size_t)s->origin) * year_rows + PC_SUM_POPULATION * row,
                           s->migration + k * people->n_regions * PC_TILE);
    }
}

/* n years of one region from `first` on. */
static void step_region(const pc_people *people, int first, int n, int region, scratch *s, double *sums, int fast)
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
    } else if (s->kept) {
        memcpy(s->cohorts[(first - 1) % 2], s->kept + (size_t)region * RATES, RATES * sizeof(double));
    }
    for (int k = 0; k < n; k++) {
        double *before = sums + (size_t)(first + k - 1 - s->origin) * year_rows + (size_t)region * PC_LANES;

        step.year = first + k;
        step.rate = s->migration + ((size_t)k * (size_t)people->n_regions + (size_t)region) * PC_TILE;
        step.before = before + PC_SUM_POPULATION * row;
        step.tfr = s->tfr + k * PC_TILE;
        step.survival = s->survival + (size_t)k * SURVIVAL;
        step.shift = people->health_shift != 0 ? s->shift + k * PC_SEXES * PC_TILE : NULL;
        step.then = s->cohorts[(step.year - 1) % 2] + cohorts;
        step.now = s->cohorts[step.year % 2] + cohorts;
        step.sums = before + year_rows;
        step.next = k + 1 < n ? step.sums + year_rows : NULL;
        if (fast && !step.shift) {
            pc_cohort_step_fast(&step);
        } else {
            pc_cohort_step_plain(&step);
        }
        pc_cohort_groups(people, step.year, region, step.shift, step.now,
                         sums + (size_t)(step.year - s->origin) * year_rows);
    }
    s->bound[region] = step.bound;
    if (s->kept && first + n <= people->n_years) {
        memcpy(s->kept + (size_t)region * RATES, s->cohorts[(first + n - 1) % 2], RATES * sizeof(double));
    }
}

static void step_regions(const pc_people *people, int first, int n, scratch *s, double *sums, int fast)
{
    for (int i = 0; i < s->n_order; i++) {
        const double q = people->mortality_factor[s->order[i]];
        if (s->several && (i == 0 || q != people->mortality_factor[s->order[i - 1]])) {
            for (int k = 0; k < n; k++) {
                pc_mortality_survival(s->rates + (size_t)k * RATES, q, s->survival + (size_t)k * SURVIVAL, fast);
            }
        }
        step_region(people, first, n, s->order[i], s, sums, fast);
    }
}

/* The first part of pc_people_run and pc_people_block_run: the base year. */
static void start(const pc_people *people, scratch *s, double *sums)
{
    s->n_order = order_regions(people, s->order);
    sum_base_year(people, s, sums);
}

/* Runs years `first` to `last` of all tiles. */
static void run_years(const pc_people *people, int first, int last, const pc_people_drivers *drivers, scratch *s,
                      double *sums, pc_people_counts *counts, int fast)
{
    const size_t n_rows = (size_t)pc_people_n_sums(people) * (size_t)people->n_regions;
    const int padded = (drivers->n_lanes + PC_TILE - 1) / PC_TILE * PC_TILE;
    double e60[PC_SEXES] = {0};

    s->draining = 0;
    for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
        s->draining |= people->migration_share[i] < 0;
    }
    if (people->health_shift != 0) {
        scratch spare = *s;
        double kappa[PC_TILE];
        spare.kappa = kappa; /* the tiles' own go on */
        start_expectancy(people, &spare, e60);
    }
    for (int tile = 0; tile < padded; tile += PC_TILE) {
        const tile_drivers eps = {drivers->kappa + tile, drivers->fertility + tile, drivers->migration + tile,
                                  drivers->year_stride};
        scratch own = of_tile(people, s, tile / PC_TILE);

        if (first == 1) {
            start_tile(people, drivers->drift + tile, &own);
        }
        for (int year = first; year <= last; year += own.span) {
            const int n = last - year + 1 < own.span ? last - year + 1 : own.span;
            step_whole(people, year, n, &eps, e60, sums + tile, &own, fast);
            step_regions(people, year, n, &own, sums + tile, fast);
        }
        for (int lane = 0; last == people->n_years && lane < PC_TILE && tile + lane < drivers->n_lanes; lane++) {
            counts->migration_bounded += own.bounded[lane];
            counts->migration_withheld += own.withheld[lane];
        }
    }
    /* A short leaf's last tile ends in padding; whole rows are what later stages read, so it is carried to the end. */
    for (size_t row = 0; padded < PC_LANES && row < ((size_t)(last - s->origin) + 1) * n_rows; row++) {
        double *lanes = sums + row * PC_LANES;
        for (int lane = padded; lane < PC_LANES; lane++) {
            lanes[lane] = lanes[padded - 1];
        }
    }
}

void pc_people_run(const pc_people *people, const pc_people_drivers *drivers, double *sums, pc_people_counts *counts,
                   void *memory, int fast)
{
    scratch s;

    lay_out(people, people->n_years, memory, &s);
    *counts = (pc_people_counts){0};
    start(people, &s, sums);
    run_years(people, 1, people->n_years, drivers, &s, sums, counts, fast);
}

void pc_people_block_run(const pc_people *people, int first, int block, const pc_people_drivers *drivers, double *sums,
                         pc_people_counts *counts, void *memory, int fast)
{
    const size_t year_rows = (size_t)pc_people_n_sums(people) * (size_t)people->n_regions * PC_LANES;
    const int last = first + block - 1 < people->n_years ? first + block - 1 : people->n_years;
    scratch s;

    lay_out(people, block, memory, &s);
    if (first == 1) {
        *counts = (pc_people_counts){0};
        start(people, &s, sums);
    } else {
        s.n_order = order_regions(people, s.order);
        memcpy(sums, sums + (size_t)block * year_rows, year_rows * sizeof *sums); /* first - 1 ended the block before */
    }
    s.origin = first - 1;
    run_years(people, first, last, drivers, &s, sums, counts, fast);
}

void pc_people_kept(const pc_people *people, int block, void *memory, int region, double *out)
{
    scratch s, own;

    lay_out(people, block, memory, &s);
    own = of_tile(people, &s, 0);
    for (size_t i = 0; i < PC_SEXES * PC_AGES; i++) {
        out[i] = own.kept[(size_t)region * RATES + i * PC_TILE];
    }
}
