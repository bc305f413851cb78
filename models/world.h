/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole model of a run, and the order of events of a leaf of paths: first the people of all years, then year by year
 * the economy, the schemes, and every policy on the same weather. */
#ifndef PC_MODELS_WORLD_H
#define PC_MODELS_WORLD_H

#include "economy/economy.h"
#include "measures/measures.h"
#include "people/people.h"
#include "pooling/policy.h"
#include "schemes/schemes.h"
#include "weather_outputs.h"

typedef struct pc_world {
    pc_people people;
    pc_economy economy;
    pc_schemes schemes;
    pc_areas areas;
    int n_policies;
    const pc_pooling *policies; /* [n_policies] */
    const int *order;           /* [n_policies] the order in which policies run: the baseline first */
} pc_world;

/* Where a leaf's drivers come from: a generator, zeros, a recording. Rows as in pc_people_run and pc_year_drivers. */
typedef struct pc_world_source {
    const double *eps_drift;
    const double *province;  /* row of year t and driver d at province + (t * PC_PROVINCE_ROWS + d) * PC_LANES */
    const double *migration; /* [year][region][PC_LANES] */
    const double *base;      /* as for pc_base_factors_start; NULL: no uncertainty */
    void (*year)(void *context, int year, pc_year_drivers *drivers); /* fills region and shock rows of a year */
    void *context;
    int noise;           /* 0: no claims noise (central path) */
    const double *uncertain; /* as in pc_year_drivers; NULL: parameters at their values */
    const double *lever; /* as for pc_pooling_draws; NULL: levers' uncertain parameters at their median */
} pc_world_source;

/* What a leaf counted. Sums over leaves: integers exactly, residuals by maximum. */
typedef struct pc_world_audit {
    pc_people_counts people;
    unsigned long employment_capped; /* region-years of real paths in which the employment level met its cap */
    double identity_residual;        /* largest relative residual of the ledger identity, all policies */
} pc_world_audit;

/* Bytes of memory a leaf needs (64-byte aligned, one for each thread). */
size_t pc_world_bytes(const pc_world *world);

/* Runs n_lanes paths (the rest are copies). sinks[0] takes the weather's rows, sinks[1 + p] those of policy p;
 * a policy without a sink (NULL) isn't run. */
void pc_world_leaf(const pc_world *world, const pc_world_source *source, int n_lanes, pc_sink *const *sinks, int fast,
                   void *memory, pc_world_audit *audit);

/* Only the people of the leaf: sums [year][sum][region][PC_LANES]; what the plan calibrates on. */
size_t pc_world_sums_count(const pc_world *world);

/* Fills central_revenue and central_expenditure of every policy from the central path (drivers zero, no noise), for
 * which `memory` (pc_world_bytes) is used. Call once, after pc_pooling_prepare. */
void pc_world_central_flows(pc_world *world, pc_pooling *policies, const pc_world_source *zero, void *memory);

#endif
