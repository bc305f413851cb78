/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of a pooling layer. To add one: copy none.c, fill the head, write the hooks it needs, add one line to
 * models/list.h and one test with a closed form. Hooks that are NULL are skipped.
 *
 * A hook is called once a year for each group of the layer's partition that has units. It works on whole rows, moves
 * money by pc_post only and never branches on the path. The order of hooks in a year is docs/model.md, Policies: join
 * (1 January, for each region that enters a pool) .. B .. set_aside .. levy (all layers) .. draw (all layers) .. pay
 * (finest partition first) .. repay .. aid .. gap .. shortfall rules. Each of set_aside .. pay is run for one scheme
 * after the other; repay is run for both schemes before any aid, the employee scheme first. */
#ifndef PC_MODELS_POOLING_LAYER_H
#define PC_MODELS_POOLING_LAYER_H

#include "ledger.h"
#include "policy.h"

/* An account that pays claims, with this year's flows: sums over its member regions, after levers. Rows of PC_LANES. */
typedef struct pc_unit {
    int account;
    int n_members;
    const int *members; /* regions, ascending */
    int pooled;         /* 1: a pool, 0: a region's own account */
    const double *revenue, *expenditure, *other, *payroll;
    const double *last_revenue, *last_expenditure; /* last year's; NULL unless some layer reads them (reads_last) */
} pc_unit;

typedef struct pc_layer_call {
    const pc_pooling *pooling;
    const pc_stack *stack;
    const pc_value *values; /* parallel to the head's parameters */
    int scheme, year, group;
    int n_units;
    const int *unit_index; /* [n_units] the group's units ... */
    const pc_unit *units;  /* ... in this array of all the scheme's units */
    int fund;              /* account of the group's fund or pool; PC_FUNDS_REGION: of region 0's; -1: none */
    double *memo;          /* [memo_rows per group][PC_LANES] what the layer remembers from year to year */
    const pc_weather *weather;
    const pc_flows *flows; /* of all regions, this scheme, after levers */
    pc_ledger *ledger;
    /* The scheme across: what repay and aid may post to and from. Its units, and which of them a region belongs to. */
    const pc_unit *across;
    const int *across_of;            /* [region] */
    double *from_across[PC_SCHEMES]; /* one row each: net received from the other scheme this year, by pc_post_across */
    const double *last_expenditure;  /* [region] last year's, NULL unless needed */
    double *depleted;                /* [region][PC_LANES]; gap: 1 where the member counts as depleted, else 0 */
    double *scratch;                 /* at least 3 n_regions + 12 rows */
} pc_layer_call;

static inline const pc_unit *pc_call_unit(const pc_layer_call *call, int k)
{
    return &call->units[call->unit_index[k]];
}

/* Index of the first of a region's rows, for funds and memos that are held by region: of the unit's first member. */
static inline int pc_unit_home(const pc_unit *unit)
{
    return unit->members[0];
}

static inline double *pc_call_scratch(const pc_layer_call *call, int row)
{
    return call->scratch + (size_t)row * PC_LANES;
}

typedef enum pc_funds {
    PC_FUNDS_NONE,
    PC_FUNDS_GROUP, /* one account for each group: its fund, or its pool */
    PC_FUNDS_REGION /* one for each region; a pool's is held under its first member */
} pc_funds;

typedef struct pc_layer {
    pc_head head;
    int takes_partition; /* 1: its entry needs `over` */
    int absorbs; /* 1: its groups' accounts are pools that pay the claims of their regions; join and gap are set */
    pc_funds funds;
    int memo_rows;      /* rows a group (PC_FUNDS_REGION or memo_by_region: a region, a pool's under its first member)
                           remembers; zero when the layer starts */
    int memo_by_region; /* 1: memos are amounts in yuan by region; with a pool's start they are added up, at its end
                           split by last year's expenditure, as are the accounts of PC_FUNDS_REGION */
    int crosses;        /* 1: moves money between schemes: both must have the same units in the layer's groups */
    int reads_last;     /* 1: hooks read units' last year (balances of ended funds are split by it in any case) */
    /* Checks values that depend on each other; returns NULL or what is wrong (English, no full stop). */
    const char *(*check)(const pc_value *values);
    /* 1 January: `region`'s own account enters the pool call->fund. */
    void (*join)(const pc_layer_call *call, int region);
    void (*set_aside)(const pc_layer_call *call);
    void (*levy)(const pc_layer_call *call);
    void (*draw)(const pc_layer_call *call);
    void (*pay)(const pc_layer_call *call);
    void (*repay)(const pc_layer_call *call);
    void (*aid)(const pc_layer_call *call);
    /* A pool's gap: fills `depleted` of its members and leaves the pool at zero or above. */
    void (*gap)(const pc_layer_call *call);
} pc_layer;

/* Lets the stack's shortfall rules fill need[lane] >= 0 of account `to` for the account `from` that would borrow (a
 * member's own account, or `to` itself), with limits in months of `expenditure`; what is left is borrowed. Uses the
 * last four rows of scratch; `need` is used up. */
void pc_layer_settle(const pc_layer_call *call, int from, int to, const double *expenditure, double *need);

/* Posts between accounts of two schemes and notes it for both: `scheme` is the receiving one. */
void pc_post_across(const pc_layer_call *call, int scheme, int from, int to, const double *amount);

/* Growth of the sum over regions of a flow of the central path from year index `year` to the next; 1 where it was not
 * positive and after the horizon. `central`: [year][region]. */
double pc_central_growth(const double *central, const int *members, int n_members, int year, int n_regions,
                         int n_years);

#endif
