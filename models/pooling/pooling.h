/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running a policy, one year at a time, PC_LANES paths: levers, then the order of events of docs/model.md, Policies. */
#ifndef PC_MODELS_POOLING_POOLING_H
#define PC_MODELS_POOLING_POOLING_H

#include "policy.h"

/* What measures read of one scheme after a year. Rows of PC_LANES; valid until the policy's or the flows' next step. */
typedef struct pc_scheme_view {
    const pc_flows *flows;        /* after levers */
    const double *own;            /* [region] the region's own account at 31 December, yuan (rows contiguous) */
    const double *const *balance; /* [region] own account + shares by E of its pool and of the funds it takes part in */
    const double *const
        *before; /* [region] own account + share of its pool, after layers and aid, before gap sharing */
    const double *const *surplus;  /* [region] R + received - paid - E - X; a member: its share by E of the pool's */
    const double *const *transfer; /* [region] received - paid; a member: (E - R) - R/sum R sum (E - R) + share of the
                                      pool's */
    const double *depleted;        /* [region] 1 or 0 (rows contiguous) */
    const double *hole;            /* sum over accounts that pay claims of max(0, -B) before gap sharing */
    const double *total;           /* all inside accounts at 31 December */
    const double *rescue;          /* paid in the year by treasuries, members and providers */
    const double *treasury;        /* [pc_payer] minus what each paid in the year */
    const double *away;            /* [region] share of expenditure spent in hubs (rows contiguous); NULL: no lever
                                      moves any */
    const double *unmet;           /* minus benefits not met in the year */
    const double *providers;       /* minus costs left with providers in the year */
    const double *granted;         /* [region] part of revenue that is no contribution or financing per head: subsidies by
                                      levers, what a shortfall rule has added to the rate; NULL: nothing */
    const double *subsidy;         /* [pc_payer] who has paid subsidies by levers in the year; NULL: nobody */
    const pc_financing_split *split; /* [region] who pays the financing per head of the year; NULL: not of residents */
    const double *given;           /* [from][to] present value of what a region has given to another so far (matrix.h); NULL:
                                      the policy moves nothing between regions */
    const double *stake;           /* [fund][region] what is left in a fund of what a region has paid in, yuan */
    int n_funds;
} pc_scheme_view;

typedef struct pc_pooling_view {
    int year;
    pc_scheme_view scheme[PC_SCHEMES];
} pc_pooling_view;

/* A policy's state of one leaf: a block of that many bytes, 64-byte aligned (pc_calloc), one a thread. */
size_t pc_pooling_state_bytes(const pc_pooling *pooling);

/* Lays out the state and opens the accounts: S_r(t0) = balance_start_r times factors->balance (factors NULL: 1).
 * `flows` [PC_SCHEMES]: year 0. Afterwards the view is that of the base year (no transfers; depleted where S < -1e-9
 * E). */
void pc_pooling_start(const pc_pooling *pooling, const pc_flows *flows, const pc_base_factors *factors, void *state);

/* After pc_pooling_start: eps [pc_lever_draws()][PC_LANES] standard normals of the levers' uncertain parameters (NULL: all
 * 0), which must stay; central: 1 where only pc_pooling_levers will be called, so that no balances are known. */
void pc_pooling_draws(const double *eps, int central, void *state);

/* The policy's own flows [PC_SCHEMES] of a year from the common ones [PC_SCHEMES]: `flows` itself where no lever is
 * active. */
const pc_flows *pc_pooling_levers(const pc_pooling *pooling, int year, const pc_weather *weather, const pc_flows *flows,
                                  void *state);

/* Runs year index `year` (1 .. n_years, in order) on the policy's own flows [PC_SCHEMES], which must stay until the
 * measures have read the view. */
void pc_pooling_year(const pc_pooling *pooling, int year, const pc_weather *weather, const pc_flows *flows,
                     void *state);

const pc_pooling_view *pc_pooling_view_of(const void *state);

/* Largest relative residual so far, over lanes, years and schemes, of
 *   opening + interest + R - E - X + treasury + unmet + provider loss - released = closing;
 * relative to |opening| + R + E + X. More than 1e-9 is a broken invariant. */
double pc_pooling_residual(const void *state);

#endif
