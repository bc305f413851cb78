/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times the kernels of one leaf of a scenario on one core, beside the machine's limits, and prints JSON. A kernel's
 * bound is the time that its arithmetic, exponentials, divisions or bytes would take at the machine's limit. usage:
 * bench_kernels SCENARIO [SECONDS a kernel] */
#include "measure.h"

#include <gsl/gsl_randist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run.h"
#include "engine/worker.h"
#include "people/cohort.h"
#include "random/philox_rows.h"

typedef struct bench {
    pc_plan *plan;
    pc_worker worker;
    bench_limits limits;
    double seconds;
    /* what the kernels work on */
    double *sums, *rows;
    void *people, *economy, *schemes, *factors_memory;
    pc_flows (*flows)[PC_SCHEMES];
    pc_weather weather;
    pc_base_factors factors;
    void **policies;
    pc_cohort_step step;
    gsl_rng *rng;
    int polar;
    size_t n_rows;
    const char *comma;
} bench;

/* ---- the work -----------------------------------------------------------------------------------------------------
 */

static void philox(void *context)
{
    bench *b = context;
    double *rows[4] = {b->rows, b->rows + PC_LANES, b->rows + 2 * PC_LANES, b->rows + 3 * PC_LANES};

    pc_philox_rows(1, 0, PC_LANES, 7, 3, rows);
}

static void normals(void *context)
{
    bench *b = context;

    pc_stream_normal(1, 0, PC_LANES, 7, 3, 0, 4, b->rows, PC_LANES);
}

static void gsl_normals(void *context)
{
    bench *b = context;

    for (int i = 0; i < 4 * PC_LANES; i++) {
        b->rows[i] = b->polar ? gsl_ran_gaussian(b->rng, 1) : gsl_ran_gaussian_ziggurat(b->rng, 1);
    }
}

static void drivers(void *context)
{
    bench *b = context;

    pc_drivers_leaf(&b->worker.drivers_plan, 0, PC_LANES, &b->worker.drivers);
    for (int year = 1; year <= b->plan->n_years; year++) {
        pc_drivers_year(&b->worker.drivers_plan, 0, PC_LANES, year, &b->worker.drivers);
    }
}

static void mortality(void *context)
{
    bench *b = context;
    const pc_people *people = &b->plan->world.people;

    pc_mortality_rates(people, b->worker.drivers.province, b->rows, 1);
    pc_mortality_survival(b->rows, 1, b->rows + PC_SEXES * PC_AGES * PC_TILE, 1);
}

static void cohort(void *context)
{
    pc_cohort_step_fast(&((bench *)context)->step);
}

static void people_of_leaf(void *context)
{
    bench *b = context;
    const double *province = b->worker.drivers.province;
    pc_people_counts counts;

    const pc_people_drivers drivers = {.n_lanes = PC_LANES,
                                       .drift = b->worker.drivers.eps_drift,
                                       .kappa = province + PC_ROW_KAPPA * PC_LANES,
                                       .fertility = province + PC_ROW_FERTILITY * PC_LANES,
                                       .year_stride = (size_t)PC_PROVINCE_ROWS * PC_LANES,
                                       .migration = b->worker.drivers.migration};

    pc_people_run(&b->plan->world.people, &drivers, b->sums, &counts, b->people, 1);
}

static pc_year_drivers year_drivers(bench *b, int year)
{
    return (pc_year_drivers){.province = b->worker.drivers.province + (size_t)year * PC_PROVINCE_ROWS * PC_LANES,
                             .region = b->worker.drivers.region,
                             .shock = b->worker.drivers.shock};
}

static void economy(void *context)
{
    bench *b = context;

    pc_economy_start(&b->plan->world.economy, b->economy, &b->weather);
    for (int year = 1; year <= b->plan->n_years; year++) {
        const pc_year_drivers now = year_drivers(b, year);
        pc_economy_step(&b->plan->world.economy, year, &now, b->economy, &b->weather);
    }
}

static void schemes(void *context)
{
    bench *b = context;
    const size_t rows = pc_world_sums_count(&b->plan->world) / (size_t)(b->plan->n_years + 1);

    pc_schemes_start(&b->plan->world.schemes, &b->factors, b->schemes, b->flows);
    for (int year = 1; year <= b->plan->n_years; year++) {
        pc_schemes_step(&b->plan->world.schemes, year, b->sums + (size_t)(year - 1) * rows,
                        b->sums + (size_t)year * rows, &b->weather, &b->factors, 1, PC_LANES, b->schemes, b->flows,
                        NULL);
    }
}

static void ledgers(void *context)
{
    bench *b = context;
    const pc_world *world = &b->plan->world;

    for (int k = 0; k < world->n_policies; k++) {
        const pc_pooling *pooling = &world->policies[k];
        pc_pooling_start(pooling, b->flows[pooling->spec->rule], &b->factors, b->policies[k]);
        pc_pooling_draws(NULL, 0, b->policies[k]);
        for (int year = 1; year <= b->plan->n_years; year++) {
            const pc_flows *flows =
                pc_pooling_levers(pooling, year, &b->weather, b->flows[pooling->spec->rule], b->policies[k]);
            pc_pooling_year(pooling, year, &b->weather, flows, b->policies[k]);
        }
    }
}

typedef struct counter {
    pc_sink sink;
    size_t n_rows;
} counter;

static void count_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    (void)output, (void)view, (void)area, (void)year, (void)lanes;
    ((counter *)(void *)sink)->n_rows++;
}

static void count_events(pc_sink *sink, int output, int view, int area, int year, const pc_events *events)
{
    (void)output, (void)view, (void)area, (void)year, (void)events;
    ((counter *)(void *)sink)->n_rows++;
}

static int count_same(pc_sink *sink, int output, int view, int area, int year)
{
    (void)output, (void)view, (void)area, (void)year;
    ((counter *)(void *)sink)->n_rows++;
    return 1;
}

static void leaf(bench *b, int with_sinks)
{
    enum { MOST = 64 };
    counter counters[MOST] = {0};
    pc_sink *sinks[MOST] = {0};
    const int n = b->plan->world.n_policies + 1;

    for (int s = 0; s < n && s < MOST; s++) {
        counters[s].sink = (pc_sink){.row = count_row, .events = count_events, .same = count_same};
        sinks[s] = with_sinks ? &counters[s].sink : NULL;
    }
    pc_worker_leaf(&b->worker, 0, PC_LANES, sinks, 1);
    b->n_rows = 0;
    for (int s = 0; s < n && s < MOST; s++) {
        b->n_rows += counters[s].n_rows;
    }
}

static void leaf_alone(void *context)
{
    leaf(context, 0);
}

static void leaf_measured(void *context)
{
    leaf(context, 1);
}

static void whole_run(void *context)
{
    bench *b = context;
    pc_run_options options = {.threads = 1};
    pc_results *results = NULL;
    pc_status status = {0};

    if (!pc_run(b->plan, &options, &results, &status)) {
        pc_results_free(results);
    }
}

/* ---- the report ---------------------------------------------------------------------------------------------------
 */

/* What one call needs of the machine. */
typedef struct needs {
    double flops, exps, divisions, l2_bytes;
} needs;

static void line(bench *b, const char *name, const char *item, double items, double seconds, needs need)
{
    /* Exponentials are arithmetic too: the times add up. Divisions and transfers run beside them. */
    const double arithmetic = need.flops / b->limits.flops + need.exps / b->limits.exps;
    const double divisions = need.divisions / b->limits.divisions, bytes = need.l2_bytes / b->limits.l2_bytes;
    const double bound = fmax(arithmetic, fmax(divisions, bytes));
    const char *what = bound == 0                        ? "none"
                       : bound == bytes                  ? "l2"
                       : bound == divisions              ? "division"
                       : need.exps > 0 && need.flops > 0 ? "exp and fma"
                       : need.exps > 0                   ? "exp"
                                                         : "fma";

    printf("%s\n    {\"name\": \"%s\", \"item\": \"%s\", \"ns_per_item\": %.4g, \"items_per_second\": %.4g, "
           "\"seconds\": %.4g, "
           "\"bound\": \"%s\", \"fraction\": %s%.3g}",
           b->comma, name, item, 1e9 * seconds / items, items / seconds, seconds, what, "", bound / seconds);
    b->comma = ",";
}

static double timed(bench *b, void (*work)(void *))
{
    work(b);
    return bench_best(work, b, b->seconds);
}

static void start(bench *b)
{
    const pc_world *world = &b->plan->world;
    const pc_people *people = &world->people;
    const size_t tile = PC_SEXES * PC_AGES * PC_TILE;
    double *survival = b->rows + tile;

    b->sums = pc_calloc(pc_world_sums_count(world), sizeof(double));
    b->people = pc_calloc(pc_people_scratch_bytes(people, people->n_years), 1);
    b->economy = pc_calloc(pc_economy_state_bytes(&world->economy), 1);
    b->schemes = pc_calloc(pc_schemes_state_bytes(&world->schemes), 1);
    b->factors_memory = pc_calloc(pc_base_factors_bytes(&world->schemes), 1);
    b->flows = pc_calloc((size_t)people->n_rules, sizeof *b->flows);
    b->policies = pc_calloc((size_t)world->n_policies + 1, sizeof *b->policies);
    for (int k = 0; k < world->n_policies; k++) {
        b->policies[k] = pc_calloc(pc_pooling_state_bytes(&world->policies[k]), 1);
    }
    pc_base_factors_start(&world->schemes, NULL, b->factors_memory, &b->factors);
    mortality(b);
    double *then = b->rows + tile + PC_SEXES * PC_SURVIVAL_ROWS * PC_TILE, *now = then + tile, *rate = now + tile;
    for (size_t i = 0; i < tile; i++) {
        then[i] = people->population[i / PC_TILE];
    }
    for (int lane = 0; lane < PC_TILE; lane++) {
        rate[lane] = 1e-5 * (lane - 3); /* some leave, as in most years, and nobody meets the bound */
        rate[PC_TILE + lane] = 1e7;
        rate[2 * PC_TILE + lane] = 1;
    }
    b->step = (pc_cohort_step){.people = people,
                               .year = 1,
                               .survival = survival,
                               .rate = rate,
                               .before = rate + PC_TILE,
                               .tfr = rate + 2 * PC_TILE,
                               .tfr_factor = 1,
                               .then = then,
                               .now = now,
                               .sums = rate + 4 * PC_TILE,
                               .sum_stride = PC_TILE,
                               .withheld = rate + 3 * PC_TILE,
                               .bounded = (uint64_t *)(void *)(now + tile + 90 * PC_TILE)};
}

/* Operations of one cohort step a lane that the model asks for (a fused one is two): ages outside the band, the band of
 * every rule, births; what only watches the bound on migration is not counted. */
static double cohort_flops(const pc_people *people)
{
    const double band = people->band_hi - people->band_lo, outside = PC_AGES - 1 - band, rules = people->n_rules;

    return outside * (people->rules_share_e ? 16 : 10 + 6 * rules) + band * (10 + 17 * rules) + 35 * 3;
}

static void report(bench *b)
{
    const pc_world *world = &b->plan->world;
    const double years = b->plan->n_years, regions = b->plan->n_regions, lanes = PC_LANES;
    const double n_exps = PC_SEXES * (PC_AGES + PC_SURVIVAL_ROWS), rules = world->people.n_rules;
    double alone, measured, run, seconds;

    line(b, "philox words", "word", 4 * lanes, timed(b, philox), (needs){0});
    line(b, "normals", "normal", 4 * lanes, timed(b, normals),
         (needs){.flops = 4 * lanes * 43, .divisions = 4 * lanes * 1.45});
    line(b, "normals, GSL ziggurat", "normal", 4 * lanes, timed(b, gsl_normals), (needs){0});
    b->polar = 1;
    line(b, "normals, GSL polar", "normal", 4 * lanes, timed(b, gsl_normals), (needs){0});
    seconds = timed(b, mortality);
    line(b, "mortality, tile and year", "exponential", n_exps * PC_TILE, seconds, (needs){.exps = n_exps * PC_TILE});
    line(b, "cohort step with its sums, in cache", "region-year-path", PC_TILE, timed(b, cohort),
         (needs){.flops = cohort_flops(&world->people) * PC_TILE});
    seconds = timed(b, drivers);
    line(b, "drivers of a leaf", "normal", years * lanes * (PC_PROVINCE_ROWS + PC_REGION_ROWS * regions), seconds,
         (needs){.divisions = 1.45 * years * lanes * (PC_PROVINCE_ROWS + PC_REGION_ROWS * regions)});
    line(b, "people of a leaf", "region-year-path", regions * years * lanes, timed(b, people_of_leaf),
         (needs){.flops = cohort_flops(&world->people) * regions * years * lanes, .exps = n_exps * years * lanes});
    line(b, "economy of a leaf", "region-year-path", regions * years * lanes, timed(b, economy),
         (needs){.exps = 4 * regions * years * lanes, .l2_bytes = 15 * 8 * regions * years * lanes});
    line(b, "schemes of a leaf", "region-year-path", regions * years * lanes, timed(b, schemes),
         (needs){.exps = 4 * rules * regions * years * lanes,
                 .divisions = 4 * rules * regions * years * lanes,
                 .l2_bytes = 60 * 8 * rules * regions * years * lanes});
    line(b, "ledgers of a leaf, all policies", "policy-region-year-path", world->n_policies * regions * years * lanes,
         timed(b, ledgers), (needs){0});
    alone = timed(b, leaf_alone);
    line(b, "leaf without policies", "path", lanes, alone, (needs){0});
    measured = timed(b, leaf_measured);
    line(b, "policies and measures of a leaf", "row value", (double)b->n_rows * lanes, measured - alone, (needs){0});
    seconds = bench_now();
    whole_run(b); /* once: it is long */
    run = (bench_now() - seconds) * lanes / (double)b->plan->scenario->paths;
    line(b, "statistics and results of a leaf", "row value", (double)b->n_rows * lanes, run - measured, (needs){0});
    line(b, "whole run, a leaf's part", "path", lanes, run, (needs){0});
}

int main(int argc, char **argv)
{
    static const char *const overrides[] = {"paths=2560"};
    bench b = {.seconds = argc > 2 ? strtod(argv[2], NULL) : 0.5, .comma = ""};
    pc_status status = {0};
    pc_files *files = argc > 1 ? pc_files_open(argv[1], &status) : NULL;
    pc_scenario *scenario = NULL;

    if (!files || pc_scenario_read(files, overrides, 1, &scenario, &status) ||
        pc_plan_build(scenario, &b.plan, &status) || pc_worker_start(&b.worker, b.plan, &status)) {
        fprintf(stderr, "bench_kernels: %s\n", argc > 1 ? status.message : "usage: bench_kernels SCENARIO [SECONDS]");
        return 1;
    }
    b.rng = gsl_rng_alloc(gsl_rng_mt19937);
    b.rows = pc_calloc(1 << 17, sizeof(double));
    if (!b.rng || !b.rows) {
        return 1;
    }
    b.limits = bench_limits_measure(b.seconds);
    printf("{\n  \"limits\": {\"flops\": %.4g, \"l1_bytes\": %.4g, \"l2_bytes\": %.4g, \"dram_bytes\": %.4g, "
           "\"dram_bytes_all\": %.4g, \"exps\": %.4g, \"libm_exps\": %.4g, \"divisions\": %.4g, \"cores\": %d},\n"
           "  \"regions\": %d, \"years\": %d, \"policies\": %d, \"rules\": %d,\n  \"kernels\": [",
           b.limits.flops, b.limits.l1_bytes, b.limits.l2_bytes, b.limits.dram_bytes, b.limits.dram_bytes_all,
           b.limits.exps, b.limits.libm_exps, b.limits.divisions, b.limits.cores, b.plan->n_regions, b.plan->n_years,
           b.plan->world.n_policies, b.plan->world.people.n_rules);
    start(&b);
    report(&b);
    printf("\n  ]\n}\n");
    return 0;
}
