/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as the run uses it: for each scheme a timeline of phases, each with a stack of layers, a set of levers and
 * the shortfall rules; and what pc_pooling_prepare makes of it. Immutable once prepared; shared by all threads. */
#ifndef PC_MODELS_POOLING_POLICY_H
#define PC_MODELS_POOLING_POLICY_H

#include "../model.h"
#include "../schemes/schemes.h"
#include "base/memory.h"
#include "base/status.h"

struct pc_layer;
struct pc_lever;
struct pc_shortfall;

/* Who pays when the treasury steps in; the order of the choices of every `payer` key. */
typedef enum pc_payer { PC_PAYER_PROVINCE, PC_PAYER_CITY, PC_PAYER_COUNTY, PC_PAYER_CENTRAL, PC_PAYERS } pc_payer;
#define PC_PAYER_CHOICES "province|city|county|central"

/* A partition of the regions into groups. */
typedef struct pc_partition {
    const char *name;
    int n_groups;
    const int *group_of;            /* [region]; -1: in no group */
    const char *const *group_names; /* [n_groups] */
} pc_partition;

/* The areas of the results: the regions in order, then the reported groups, then the whole (last). */
typedef struct pc_areas {
    int n_regions, n_areas;
    const int *n_members;      /* [area] */
    const int *const *members; /* [area][n_members] region indices, ascending */
    int n_bands;
    const double *bands; /* [n_bands] bounds of the months of reserve, ascending */
} pc_areas;

/* Regions up to which it is followed who gives to whom: beyond, that square would take most of the run's time and
 * memory, and no reader could take it in. */
enum { PC_MOST_GIVERS = 64 };

/* Items of a kind; none of givers where there are too many. */
static inline int pc_areas_items(const pc_areas *areas, pc_items items)
{
    switch (items) {
    case PC_ITEMS_BAND:
        return areas->n_bands;
    case PC_ITEMS_REGION:
        return areas->n_regions <= PC_MOST_GIVERS ? areas->n_regions : 0;
    default:
        return 1;
    }
}

/* ---- what the plan writes -----------------------------------------------------------------------------------------
 */

typedef struct pc_layer_use {
    const struct pc_layer *layer;
    const pc_value *values;   /* parallel to layer->head.params */
    const pc_partition *over; /* NULL for a layer that takes none */
} pc_layer_use;

typedef struct pc_lever_use {
    const struct pc_lever *lever;
    const pc_value *values;
} pc_lever_use;

typedef struct pc_shortfall_use {
    const struct pc_shortfall *rule;
    const pc_value *values;
} pc_shortfall_use;

typedef struct pc_phase {
    int from; /* year index of its first 1 January; 1 or less: from the first year on */
    int n_layers, n_levers, n_shortfalls;
    const pc_layer_use *layers; /* scenario order */
    const pc_lever_use *levers;
    const pc_shortfall_use *shortfalls; /* in the order in which they are tried; what then remains is borrowed */
} pc_phase;

/* Before the first phase: no layers, no levers, borrowing. */
typedef struct pc_policy_spec {
    const char *name, *title, *source;
    int rule; /* membership rule whose flows the policy sees */
    int n_phases[PC_SCHEMES];
    const pc_phase *phases[PC_SCHEMES]; /* ascending, distinct `from` */
} pc_policy_spec;

/* What is the same for all policies. Arrays must outlive the prepared policies. */
typedef struct pc_pooling_env {
    int n_regions, n_years, base_year;       /* base_year: calendar */
    double spread;                           /* added to the interest on overdrawn balances, fraction a year */
    const double *balance_start[PC_SCHEMES]; /* [region] yuan at 31 December of the base year */
    const double *major_illness[PC_SCHEMES]; /* [year] share of revenue, as in pc_schemes */
    const double *rate;                      /* [region] employee contribution rate tau of the base year */
    const double
        *payroll; /* [region] contribution base (Act w b) of the base year, central path: weight of mean rates */
    const pc_schemes *schemes;     /* the rules that the flows were made by */
    double income_gap;             /* how much more slowly than wages disposable income grows, log a year */
    const char *const *region_ids; /* [region] as the scenario names them */
} pc_pooling_env;

/* ---- what pc_pooling_prepare makes of it ---------------------------------------------------------------------------
 */

/* A layer that lasts: the same layer over the same partition in consecutive phases keeps its funds. */
typedef struct pc_slot {
    const struct pc_layer *layer;
    const pc_partition *over;
    int ordinal;       /* among equal layers over the same partition */
    int first_account; /* of its pools or funds; -1: it has none */
    int n_accounts;
    int first_memo; /* first of its memo rows in the state */
    int first_fund; /* number of its first group's fund among the scheme's, -1: it has no funds of groups */
} pc_slot;

/* An account that pays claims: a region's own, or a pool with its member regions. */
typedef struct pc_unit_plan {
    int account;
    int n_members;
    const int *members; /* regions, ascending */
    int entry;          /* the absorbing entry of the stack, -1: the region's own account */
    int group;          /* its group in that entry's partition */
} pc_unit_plan;

/* A layer in the stack of a phase. */
typedef struct pc_entry_plan {
    const struct pc_layer *layer;
    const pc_value *values;
    const pc_partition *over;
    int slot;
    int fresh;              /* 1: the slot was not in the phase before */
    const int *group_first; /* [n_groups + 1] into group_units */
    const int *group_units; /* units of each group, ascending */
} pc_entry_plan;

typedef struct pc_lever_plan {
    const struct pc_lever *lever;
    const pc_value *values;
    const void *table; /* from lever->prepare */
    int first_memo;    /* of its memo rows in the scheme's lever memory */
    int draw;          /* row of its uncertain parameter among the leaf's draws, -1: none */
} pc_lever_plan;

typedef struct pc_stack {
    int from; /* first year index, at least 1 (the stack before the first phase: 0) */
    int n_units;
    const pc_unit_plan *units;
    const int *unit_of; /* [region] */
    int n_entries;
    const pc_entry_plan *entries; /* finest partition first */
    int n_levers;
    const pc_lever_plan *levers; /* by lever->order, then as written */
    unsigned touched;            /* union of the levers' `touches` */
    int n_shortfalls;
    const pc_shortfall_use *shortfalls;
    int moves;   /* 1: some layer can move money before gap sharing */
    int has_gap; /* 1: some unit is a pool */
    int raises;  /* 1: some shortfall rule raises next year's rate */
} pc_stack;

/* Accounts of one scheme, indices into the one ledger of the policy. */
typedef struct pc_accounts {
    int first, end; /* inside accounts: regions, pools, funds */
    int region;     /* + region index */
    int outside;    /* contributors, benefits paid, interest */
    int treasury;   /* + pc_payer */
    int members;    /* benefits not met */
    int providers;  /* costs left with providers */
    int released;   /* surplus given out */
    int past;       /* one past the scheme's last account */
} pc_accounts;

typedef struct pc_pooling {
    const pc_policy_spec *spec;
    pc_pooling_env env;
    int n_accounts, n_memos;
    const unsigned char *inside; /* [account] 1: a region's, a pool's or a layer's fund */
    pc_accounts accounts[PC_SCHEMES];
    int n_slots[PC_SCHEMES];
    const pc_slot *slots[PC_SCHEMES];
    int n_stacks[PC_SCHEMES];
    const pc_stack *stacks[PC_SCHEMES];
    const int *stack_of[PC_SCHEMES]; /* [year index] */
    unsigned touched[PC_SCHEMES];    /* union over the stacks */
    int n_lever_memos[PC_SCHEMES];   /* rows of lever memory */
    int n_funds[PC_SCHEMES];         /* funds that groups of regions pay into and get from */
    int gives[PC_SCHEMES];           /* 1: some stack has such funds or a pool of several regions */
    const int *fund_of;              /* [account] number of the fund that it is in its scheme, -1: none */
    int needs_last;                  /* 1: some stack reads last year's flows */
    /* Gross flows of the central path under this policy's levers; [year][region]; year 0: the base-year accounts.
     * Allocated by pc_pooling_prepare, filled by the plan (through pc_pooling_levers) before the first year is run. */
    double *central_revenue[PC_SCHEMES], *central_expenditure[PC_SCHEMES];
} pc_pooling;

/* Checks the spec and lays out accounts and stacks. Everything is owned by the arena; `spec` and what env points to
 * must outlive it. Errors (PC_ERR_INPUT, naming policy, year and layers): partitions that do not nest, a fund over
 * groups that cut a pool, a layer over no partition, what a layer or lever finds wrong with its values. */
pc_code pc_pooling_prepare(pc_pooling *pooling, const pc_policy_spec *spec, const pc_pooling_env *env, pc_arena *arena,
                           pc_status *status);

/* A value of a number or a series in year index `year`. */
static inline double pc_value_at(const pc_value *value, int year)
{
    return value->series ? value->series[year] : value->number;
}

#endif
