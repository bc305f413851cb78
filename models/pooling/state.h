/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of models/pooling: a policy's state. */
#ifndef PC_MODELS_POOLING_STATE_H
#define PC_MODELS_POOLING_STATE_H

#include "../levers/lever.h"
#include "layer.h"
#include "matrix.h"
#include "pooling.h"

enum { PC_POOL_ROWS = 6 }; /* a pool's sums: R, E, X, payroll, last R, last E */

typedef struct pc_scheme_state {
    pc_flows flows;                  /* the policy's own: rows of `own_flows` where touched, else the common ones */
    double *own_flows[PC_FLOW_ROWS]; /* [region]; NULL where no lever touches the row */
    double *lever_memo;              /* the levers' own rows */
    double *away;                    /* [region] share of expenditure spent in hubs; NULL where no lever moves any */
    double *released;                /* [region] yuan given out of the reserve; NULL where no lever does */
    double *by_age;                  /* [region] change of expenditure by levers on single ages; NULL where none is */
    double *crossed;                 /* [region] yuan given to the other scheme; NULL where no lever does */
    double *granted, *subsidy;       /* [region] revenue beside contributions and financing: subsidies, and what a shortfall
                                        rule has added to the rate; [pc_payer] who pays the subsidies; NULL where none is */
    pc_financing_split *split;       /* [region] the policy's own; NULL: the scenario's */
    double *inflow, *account_gap;    /* [region] paid into individual accounts this year; what levers have added to the
                                        accounts so far; NULL where no lever touches the accounts */
    pc_unit *units;                  /* [n_regions] this year's */
    double *pool_rows;               /* [pool][PC_POOL_ROWS] */
    double *last_revenue, *last_expenditure; /* [region] last year's; NULL unless needed */
    double *depleted;
    double *surplus_rows, *before_rows, *balance_rows, *transfer_rows; /* [region] */
    const double **surplus, **before, **balance, **transfer;           /* [region] */
    double *hole, *total, *opening, *rescue, *interest;                /* one row each */
    double *from_across;                                               /* one row: net received from the other scheme */
    double *add_on; /* [region] rate raised by a shortfall rule; NULL */
} pc_scheme_state;

typedef struct pc_pooling_state {
    pc_ledger ledger;
    pc_pooling_view view;
    pc_scheme_state scheme[PC_SCHEMES];
    pc_matrix matrix[PC_SCHEMES];
    int *home;                   /* [account], for the ledger */
    pc_flows result[PC_SCHEMES]; /* what pc_pooling_levers returns */
    double *memo, *scratch, *zeros, *residual;
    const double *lever_eps; /* [draw] normals of the levers' uncertain parameters, NULL: all 0 */
    int central;             /* 1: the central path of flows, run without balances */
} pc_pooling_state;

/* Fills `call` for an entry of the current stack and one of its groups; returns 0 when the group has no units. */
int pc_state_call(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year, const pc_weather *weather,
                  const pc_flows *flows, const pc_entry_plan *entry, int group, pc_layer_call *call);

/* 1 January of `year`: ends and starts funds and pools where the stack changes. */
void pc_phases_change(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year,
                      const pc_weather *weather, const pc_flows *flows);

/* Sets the units of the stack of `year` with this year's flows. */
void pc_state_units(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year, const pc_flows *flows);

/* Region rows of the view after aid (surplus, before, transfer, hole, own accounts' depleted), and after settling
 * (balance, total, rescue, residual). */
void pc_view_before(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year);
void pc_view_after(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year);

/* Keeps this year's R and E for the next. */
void pc_state_keep(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_flows *flows);

#endif
