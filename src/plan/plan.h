/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan: every number a run needs, as flat arrays, made from a scenario once. All validation ends here. */
#ifndef PC_PLAN_PLAN_H
#define PC_PLAN_PLAN_H

#include "base/memory.h"
#include "base/status.h"
#include "random/sobol.h"
#include "random/streams.h"
#include "results/results.h"
#include "scenario/scenario.h"
#include "world.h"

/* What calibration found for a region. */
typedef struct pc_region_report {
    double lambda, mu;                               /* levels of membership below lock-in and from 60 on */
    double outside_contributors, outside_retirees;   /* o_r */
    double enrolment;                                /* c_r */
    double base_ratio;                               /* b_r */
    double financing;                                /* F_r, yuan a head */
    double cost[PC_SCHEMES];                         /* C, yuan per unit of cost exposure */
    double tfr_factor;                               /* v_r */
} pc_region_report;

typedef struct pc_plan {
    const pc_scenario *scenario; /* not owned */
    pc_arena arena;
    int n_regions, n_years;
    pc_world world;
    pc_pooling *policies;
    const char **rule_names; /* [n_rules] "scenario", or the pension table's file and the policy whose vesting it is */
    const double **pension_age; /* [n_rules] -> [year][3] */
    const double **vesting;     /* [n_rules] -> [year] share that vests at 60 */
    int *policy_rule;           /* [policy] */
    pc_region_report *regions;

    int n_areas;
    const char **area_ids, **area_names, **area_names_en; /* [area] */

    /* streams and correlation of the drivers */
    uint32_t *region_stream;    /* [region] */
    double *province_cholesky;  /* [6][6] lower, NULL: independent */
    double *region_cholesky;    /* [region][region] lower, NULL: independent */
    uint32_t *shock_stream;     /* [instance] */
    const char **shock_instance_names; /* [instance] */
    uint32_t drift_stream;
    uint32_t *base_stream; /* [scheme][account][region], NULL: no uncertain accounts */

    int n_lever_streams;    /* pc_lever_draws(); 0 where no policy uses an uncertain lever */
    uint32_t *lever_stream; /* [n_lever_streams], NULL: none */
    int n_uncertain_streams;      /* pc_uncertain_rows(); 0 where all parameters of the models are taken as known */
    uint32_t *uncertain_stream;   /* [n_uncertain_streams], NULL: none */
    const char **uncertain_names; /* [n_uncertain_streams] "param:wages.growth" */

    /* Quasi-random points; NULL, 0 without. Coordinates are normals before correlation: of each year the province's and
     * then, for each of the regions' first PC_COMMON_DRAWS draws, their combination by weight; at the end the drift's and
     * those of uncertain parameters. */
    int n_directions;
    double *directions;     /* [n_directions][pc_plan_coordinates] orthonormal */
    double *common_weights; /* [PC_COMMON_DRAWS][region] of length 1, or zeros where the combination moves nothing */
    pc_sobol_directions *sobol;

    double *zero_rows; /* [year][max(6, regions)][PC_LANES] zeros: drivers of the central path */
} pc_plan;

/* Builds the plan; PC_ERR_INPUT with the region or policy and the figures when the scenario cannot be calibrated. */
pc_code pc_plan_build(const pc_scenario *scenario, pc_plan **out, pc_status *status);
void pc_plan_free(pc_plan *plan);

/* The drivers of the central path: zeros, no noise. Valid as long as the plan. */
pc_world_source pc_plan_central_source(const pc_plan *plan);

enum { PC_COORDINATES_YEAR = PC_PROVINCE_NORMALS + PC_COMMON_DRAWS };
size_t pc_plan_coordinates(const pc_plan *plan);

/* Adds /inputs (every number as used) and /areas to the results. */
pc_code pc_plan_inputs(const pc_plan *plan, pc_results *results, pc_status *status);

/* parts of the build, one file each */
pc_code pc_plan_people(pc_plan *plan, pc_status *status);
pc_code pc_plan_stress(pc_plan *plan, pc_status *status); /* after the people, before the economy */
pc_code pc_plan_membership(pc_plan *plan, pc_status *status);
pc_code pc_plan_economy(pc_plan *plan, pc_status *status);
pc_code pc_plan_schemes(pc_plan *plan, pc_status *status);
pc_code pc_plan_policies(pc_plan *plan, pc_status *status);
pc_code pc_plan_streams(pc_plan *plan, pc_status *status);
pc_code pc_plan_directions(pc_plan *plan, pc_status *status);
double *pc_plan_numbers(pc_plan *plan, size_t count); /* zeroed, owned by the plan; NULL sets nothing */
/* [year] sum of a series from the first year on: how many years' growth a level has had; NULL sets nothing. */
double *pc_plan_faded_years(pc_plan *plan, const char *key);

#endif
