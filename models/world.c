/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "people/membership.h"
#include "pooling/pooling.h"

enum { ALIGN = 64 };

/* The parts of a leaf's memory, in order. */
typedef struct parts {
    double *sums; /* [year of the block, from the one before it on][sum][region][PC_LANES] */
    void *people; /* scratch of the people kernel */
    void *economy, *schemes, *factors;
    pc_flows (*flows)[PC_SCHEMES]; /* [rule] */
    void **policies;               /* [policy] states */
    void **measures;               /* [policy] states */
} parts;

static size_t rounded(size_t bytes)
{
    return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

size_t pc_world_sums_count(const pc_world *world)
{
    const pc_people *people = &world->people;

    return (size_t)(people->n_years + 1) * (size_t)pc_people_n_sums(people) * (size_t)people->n_regions * PC_LANES;
}

static size_t year_rows(const pc_world *world)
{
    return (size_t)pc_people_n_sums(&world->people) * (size_t)world->people.n_regions * PC_LANES;
}

/* Hands out the next part; with base NULL only counts. */
static void *take(char *base, size_t *used, size_t bytes)
{
    char *part = base ? base + *used : NULL;

    *used += rounded(bytes);
    return part;
}

static size_t lay_out(const pc_world *world, void *memory, parts *p)
{
    char *base = memory;
    size_t used = 0, n = (size_t)world->n_policies;
    void **states, **measures;
    const int block = pc_people_block(&world->people);

    p->sums = take(base, &used, (size_t)(block + 1) * year_rows(world) * sizeof(double));
    p->people = take(base, &used, pc_people_scratch_bytes(&world->people, block));
    p->economy = take(base, &used, pc_economy_state_bytes(&world->economy));
    p->schemes = take(base, &used, pc_schemes_state_bytes(&world->schemes));
    p->factors = take(base, &used, pc_base_factors_bytes(&world->schemes));
    p->flows = take(base, &used, (size_t)world->people.n_rules * sizeof *p->flows);
    p->policies = states = take(base, &used, n * sizeof(void *) + 1);
    p->measures = measures = take(base, &used, n * sizeof(void *) + 1);
    for (size_t k = 0; k < n; k++) {
        void *state = take(base, &used, pc_pooling_state_bytes(&world->policies[k]));
        void *measure = take(base, &used, pc_measures_state_bytes(&world->areas));
        if (base) {
            states[k] = state;
            measures[k] = measure;
        }
    }
    return used;
}

size_t pc_world_bytes(const pc_world *world)
{
    parts p;

    return lay_out(world, NULL, &p);
}

/* People of the block of years that begins with `first`. */
static void run_people(const pc_world *world, const pc_world_source *source, int first, int n_lanes, int fast, parts *p,
                       pc_people_counts *counts)
{
    const int block = pc_people_block(&world->people), last = first + block - 1;
    const pc_people_drivers drivers = {
        .n_lanes = n_lanes,
        .drift = source->eps_drift,
        .kappa = source->province + PC_ROW_KAPPA * PC_LANES,
        .fertility = source->province + PC_ROW_FERTILITY * PC_LANES,
        .year_stride = (size_t)PC_PROVINCE_ROWS * PC_LANES,
        .migration = source->migration,
    };

    pc_people_block_run(&world->people, first, block, &drivers, p->sums, counts, p->people, fast);
    if (world->people.retirees_years) {
        const double *rows = source->uncertain;
        const size_t own = PC_UNCERTAIN_WHOLE + (size_t)PC_UNCERTAIN_REGION_RETIREES * (size_t)world->people.n_regions;
        pc_retirees_draw draw;

        if (rows) {
            draw = (pc_retirees_draw){rows + (size_t)PC_UNCERTAIN_RETIREES * PC_LANES,
                                      rows + (size_t)PC_UNCERTAIN_EMPLOYMENT_TREND * PC_LANES, rows + own * PC_LANES};
        }
        pc_membership_retirees(&world->people, rows ? &draw : NULL, first,
                               last < world->people.n_years ? last : world->people.n_years, p->sums);
    }
}

/* What comes before the policies: people of the first block, economy and schemes at the base year. */
static void start_leaf(const pc_world *world, const pc_world_source *source, int n_lanes, int fast, parts *p,
                       pc_weather *weather, pc_base_factors *factors, pc_people_counts *counts)
{
    run_people(world, source, 1, n_lanes, fast, p, counts);
    pc_economy_start(&world->economy, p->economy, weather);
    pc_base_factors_start(&world->schemes, source->base, p->factors, factors);
    pc_schemes_start(&world->schemes, factors, p->schemes, p->flows);
}

/* The people, the economy and the flows of one year. Returns the sums of its people. */
static const double *step_year(const pc_world *world, const pc_world_source *source, int year, int n_lanes, int fast,
                               parts *p, pc_weather *weather, const pc_base_factors *factors, pc_people_counts *counts,
                               unsigned long *capped)
{
    const size_t rows = year_rows(world);
    const int of_block = (year - 1) % pc_people_block(&world->people);
    const double *before = p->sums + (size_t)of_block * rows, *now = before + rows;
    pc_year_drivers drivers = {.province = source->province + (size_t)year * PC_PROVINCE_ROWS * PC_LANES,
                               .uncertain = source->uncertain};

    if (of_block == 0 && year > 1) {
        run_people(world, source, year, n_lanes, fast, p, counts);
    }
    source->year(source->context, year, &drivers);
    pc_economy_step(&world->economy, year, &drivers, p->economy, weather);
    pc_schemes_step(&world->schemes, year, before, now, weather, factors, source->noise, n_lanes, p->schemes, p->flows,
                    capped);
    return now;
}

void pc_world_leaf(const pc_world *world, const pc_world_source *source, int n_lanes, pc_sink *const *sinks, int fast,
                   void *memory, pc_world_audit *audit)
{
    parts p;
    pc_weather weather = {0};
    pc_base_factors factors = {0};
    unsigned long capped = 0;

    lay_out(world, memory, &p);
    start_leaf(world, source, n_lanes, fast, &p, &weather, &factors, &audit->people);
    for (int k = 0; k < world->n_policies; k++) {
        int policy = world->order[k];
        const pc_pooling *pooling = &world->policies[policy];
        if (!sinks[1 + policy]) {
            continue;
        }
        pc_pooling_start(pooling, p.flows[pooling->spec->rule], &factors, p.policies[policy]);
        pc_pooling_draws(source->lever, 0, p.policies[policy]);
        pc_measures_start(&world->areas, pc_pooling_view_of(p.policies[policy]), &weather, sinks[1 + policy],
                          p.measures[policy]);
    }
    for (int year = 1; year <= world->people.n_years; year++) {
        unsigned long now = 0;
        const pc_flows *baseline_flows = NULL;
        const double *sums =
            step_year(world, source, year, n_lanes, fast, &p, &weather, &factors, &audit->people, &now);
        capped += now;
        if (sinks[0]) {
            pc_weather_outputs_year(&world->areas, year, sums, &weather, p.flows[0], sinks[0]);
        }
        for (int k = 0; k < world->n_policies; k++) {
            int policy = world->order[k];
            const pc_pooling *pooling = &world->policies[policy];
            void *state = p.policies[policy];
            const pc_flows *flows;

            if (!sinks[1 + policy]) {
                continue;
            }
            flows = pc_pooling_levers(pooling, year, &weather, p.flows[pooling->spec->rule], state);

            pc_pooling_year(pooling, year, &weather, flows, state);
            pc_measures_year(&world->areas, pc_pooling_view_of(state), &weather, sinks[1 + policy],
                             k > 0 && flows == baseline_flows, p.measures[policy]);
            if (k == 0) {
                baseline_flows = flows;
            }
        }
    }
    for (int k = 0; k < world->n_policies; k++) {
        int policy = world->order[k];
        double residual;

        if (!sinks[1 + policy]) {
            continue;
        }
        residual = pc_pooling_residual(p.policies[policy]);
        pc_measures_finish(&world->areas, pc_pooling_view_of(p.policies[policy]), &weather, sinks[1 + policy],
                           p.measures[policy]);
        if (!(residual <= audit->identity_residual)) {
            audit->identity_residual = residual; /* a NaN stays visible */
        }
    }
    audit->employment_capped += capped;
}

void pc_world_central_flows(pc_world *world, pc_pooling *policies, const pc_world_source *zero, void *memory)
{
    parts p;
    pc_weather weather = {0};
    pc_base_factors factors = {0};
    pc_people_counts counts = {0};
    unsigned long capped = 0;

    lay_out(world, memory, &p);
    start_leaf(world, zero, 1, 1, &p, &weather, &factors, &counts);
    for (int k = 0; k < world->n_policies; k++) {
        pc_pooling_start(&policies[k], p.flows[policies[k].spec->rule], &factors, p.policies[k]);
        pc_pooling_draws(zero->lever, 1, p.policies[k]);
    }
    for (int year = 0; year <= world->people.n_years; year++) {
        if (year > 0) {
            step_year(world, zero, year, 1, 1, &p, &weather, &factors, &counts, &capped);
        }
        for (int k = 0; k < world->n_policies; k++) {
            const pc_flows *flows = p.flows[policies[k].spec->rule];
            flows = year > 0 ? pc_pooling_levers(&policies[k], year, &weather, flows, p.policies[k]) : flows;
            for (int s = 0; s < PC_SCHEMES; s++) {
                for (int r = 0; r < world->people.n_regions; r++) {
                    size_t at = (size_t)year * (size_t)world->people.n_regions + (size_t)r;
                    policies[k].central_revenue[s][at] = flows[s].revenue[(size_t)r * PC_LANES];
                    policies[k].central_expenditure[s][at] = flows[s].expenditure[(size_t)r * PC_LANES];
                }
            }
        }
    }
}
