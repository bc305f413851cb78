/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/people.h"

#include "people/cohort.h"
#include "people/fertility.h"
#include "people/migration.h"
#include "people/mortality.h"

/* What pc_people_run keeps in its scratch: one tile of lanes, all regions. */
typedef struct scratch {
    double *kappa, *drift, *tfr, *tfr_deviation, *tfr_region; /* [PC_TILE] */
    double *withheld;                                         /* [PC_TILE] */
    uint64_t *bounded;                                        /* [PC_TILE] */
    double *shift;                                            /* [sex][PC_TILE] */
    double *rates;                                            /* [sex][age][PC_TILE], at q = 1 */
    double *survival;                                         /* [sex][PC_SURVIVAL_ROWS][PC_TILE] */
    double *deviation, *movers;                               /* [region][PC_TILE] */
    double *cohorts;                                          /* [region][sex][age][PC_TILE] */
    pc_cohort_weights weights;
    int draining; /* whether a migration share is below 0 */
    int *order;   /* [n_order] regions with people of their own, those of an equal mortality factor together */
    int n_order;
} scratch;

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
    const size_t tile = PC_TILE, ages = (size_t)PC_SEXES * PC_AGES, regions = (size_t)people->n_regions;
    size_t used = 0;

    s->kappa = carve(memory, &used, tile);
    s->drift = carve(memory, &used, tile);
    s->tfr = carve(memory, &used, tile);
    s->tfr_deviation = carve(memory, &used, tile);
    s->tfr_region = carve(memory, &used, tile);
    s->withheld = carve(memory, &used, tile);
    s->bounded = (uint64_t *)(void *)carve(memory, &used, tile);
    s->shift = carve(memory, &used, PC_SEXES * tile);
    s->rates = carve(memory, &used, ages * tile);
    s->survival = carve(memory, &used, (size_t)PC_SEXES * PC_SURVIVAL_ROWS * tile);
    s->deviation = carve(memory, &used, regions * tile);
    s->movers = carve(memory, &used, regions * tile);
    s->cohorts = carve(memory, &used, regions * ages * tile);
    s->weights.outside = carve(memory, &used, pc_cohort_outside_size(people));
    s->weights.band = carve(memory, &used, pc_cohort_band_size(people));
    s->order = (int *)(void *)carve(memory, &used, regions);
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

/* Base year: every lane is the same, so one lane's sums are written to all. */
static void start_tile(const pc_people *people, scratch *s, double *sums)
{
    const pc_cost_indices indices = {people->k_act, people->k_ret, people->k_res, 0};
    const size_t ages = (size_t)PC_SEXES * PC_AGES, stride = (size_t)people->n_regions * PC_LANES;

    for (int lane = 0; lane < PC_TILE; lane++) {
        s->kappa[lane] = people->kappa_start;
        s->tfr_deviation[lane] = people->tfr_ar.start;
        s->bounded[lane] = 0;
        s->withheld[lane] = 0;
    }
    for (int r = 0; r < people->n_regions; r++) {
        const double *population = people->population + (size_t)r * ages;
        double *row = sums + (size_t)r * PC_LANES;
        for (int lane = 0; lane < PC_TILE; lane++) {
            s->deviation[r * PC_TILE + lane] = people->migration_ar.start;
            for (size_t i = 0; i < ages; i++) {
                s->cohorts[((size_t)r * ages + i) * PC_TILE + (size_t)lane] = population[i];
            }
        }
        if (pc_people_is_carved(people, r)) {
            continue; /* its sums come with its host's */
        }
        pc_cohort_weigh(people, 0, r, &indices, &s->weights);
        pc_cohort_sum(people, &s->weights, &indices, population, row, stride);
        pc_cohort_groups(people, 0, r, NULL, s->cohorts + (size_t)r * ages * PC_TILE, sums);
        for (int sum = 0; sum < PC_SUM_OF_RULE(people->n_rules, 0); sum++) {
            for (int lane = 1; lane < PC_TILE; lane++) {
                row[(size_t)sum * stride + (size_t)lane] = row[(size_t)sum * stride];
            }
        }
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

static void shift_tile(const pc_people *people, scratch *s, const double e60[PC_SEXES])
{
    for (int sex = 0; sex < PC_SEXES; sex++) {
        for (int lane = 0; lane < PC_TILE; lane++) {
            const double *m = s->rates + (size_t)sex * PC_AGES * PC_TILE + lane;
            s->shift[sex * PC_TILE + lane] =
                people->health_shift * (pc_life_expectancy(m, PC_TILE, PC_HEALTH_AGE) - e60[sex]);
        }
    }
}

/* The regions of one year, with mortality and fertility of the whole already stepped. */
static void step_regions(const pc_people *people, int year, scratch *s, double *sums, int fast)
{
    const pc_cost_indices indices = {people->k_act, people->k_ret, people->k_res, 0};
    const double *shift = people->health_shift != 0 ? s->shift : NULL;

    for (int i = 0; i < s->n_order; i++) {
        const int r = s->order[i];
        const double q = people->mortality_factor[r];
        if (i == 0 || q != people->mortality_factor[s->order[i - 1]]) {
            pc_mortality_survival(s->rates, q, s->survival, fast);
        }
        for (int lane = 0; lane < PC_TILE; lane++) {
            s->tfr_region[lane] = people->tfr_factor[r] * s->tfr[lane];
        }
        if (!shift) {
            pc_cohort_weigh(people, year, r, &indices, &s->weights);
        }
        const pc_cohort_step step = {
            .people = people,
            .year = year,
            .region = r,
            .weights = &s->weights,
            .survival = s->survival,
            .movers = s->movers + r * PC_TILE,
            .tfr = s->tfr_region,
            .shift = shift,
            .draining = s->draining,
            .cohorts = s->cohorts + (size_t)r * PC_SEXES * PC_AGES * PC_TILE,
            .sums = sums + (size_t)r * PC_LANES,
            .sum_stride = (size_t)people->n_regions * PC_LANES,
            .bounded = s->bounded,
            .withheld = s->withheld,
        };
        if (fast && !shift) {
            pc_cohort_step_fast(&step);
        } else {
            pc_cohort_step_plain(&step);
        }
        pc_cohort_groups(people, year, r, shift, step.cohorts, sums);
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
    for (int tile = 0; tile < padded; tile += PC_TILE) {
        start_tile(people, &s, sums + tile);
        for (int lane = 0; lane < PC_TILE; lane++) {
            s.drift[lane] = people->kappa_drift + people->kappa_drift_se * eps_drift[tile + lane];
        }
        for (int year = 1; year <= people->n_years; year++) {
            const size_t at = (size_t)year * year_stride + (size_t)tile;
            double *now = sums + (size_t)year * n_rows * PC_LANES + tile;
            const double *before = now - n_rows * PC_LANES;

            pc_mortality_index(s.kappa, s.drift, people->kappa_sigma, eps_kappa + at);
            pc_mortality_rates(people, s.kappa, s.rates, fast);
            pc_fertility_rate(people, year, s.tfr_deviation, eps_fertility + at, s.tfr);
            pc_migration_movers(people, year, s.deviation,
                                eps_migration + (size_t)year * (size_t)people->n_regions * PC_LANES + tile,
                                before + (size_t)PC_SUM_POPULATION * (size_t)people->n_regions * PC_LANES, s.movers);
            if (people->health_shift != 0) {
                shift_tile(people, &s, e60);
            }
            step_regions(people, year, &s, now, fast);
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
