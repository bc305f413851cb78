/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gives to whom. A region's stake in a fund is what it has paid in, with the fund's interest, less its part of what
 * the fund has paid out; each payment is given by the stakes in proportion. So with T the transfers from i to j, in and
 * out what a region pays into a fund and gets from it in a year, and S_i = stake_i (1 + i) + in_i:
 *
 *   T_ij = out_j S_i / sum S;   stake_i <- S_i (1 - sum out / sum S);   sum_j T_ij + stake_i = stake_i before (1 + i) +
 * in_i
 *
 * and in present values at the funds' own return all that i has paid in is either given or still its stake. In a pool
 * n_j = (E_j - R_j) - R_j / sum R sum (E - R) is what a member receives: T_ij = max(0, -n_i) max(0, n_j) / sum max(0,
 * n). What a pool pays to a fund is its members' by expenditure. A fund whose layer ends pays out by last year's
 * expenditure. Old balances that enter a pool, or leave it, and aid between the schemes are no transfers.
 * Check: 90 and 10 paid into a fund that held nothing, 50 paid to the second: 45 and 5 given, stakes 45 and 5. */
#ifndef PC_MODELS_POOLING_MATRIX_H
#define PC_MODELS_POOLING_MATRIX_H

#include "policy.h"

struct pc_pooling_state;

/* Of one scheme. NULLs where the policy moves nothing between regions. */
typedef struct pc_matrix {
    double *in, *out; /* [fund][region][PC_LANES] of this year; a pool's under its first member */
    double *stake;    /* [fund][region][PC_LANES] yuan */
    double *given;    /* [from][to][PC_LANES] present value so far, yuan of the base year's 31 December; NULL beyond
                         PC_MOST_GIVERS regions */
} pc_matrix;

typedef struct pc_matrix_fund {
    int number;
    int n_units;
    const int *unit_index;
    const pc_unit_plan *units;
} pc_matrix_fund;

static inline pc_matrix_fund pc_matrix_fund_of(const pc_slot *slot, const pc_stack *stack, const pc_entry_plan *entry,
                                               int group)
{
    const int first = entry->group_first[group];

    return (pc_matrix_fund){.number = slot->first_fund + group,
                            .n_units = entry->group_first[group + 1] - first,
                            .unit_index = entry->group_units + first,
                            .units = stack->units};
}

/* Empties the year's `in` and `out`. */
void pc_matrix_forget(const pc_pooling *pooling, pc_matrix *matrix, int scheme);
/* 1 January, after a fund that ends has been split: what it paid out is given, its stakes are gone. */
void pc_matrix_fund_ends(const pc_pooling *pooling, struct pc_pooling_state *state, int scheme,
                         const pc_matrix_fund *fund, const pc_weather *weather);
/* 31 December, after all layers and before gap sharing. */
void pc_matrix_year(const pc_pooling *pooling, struct pc_pooling_state *state, int scheme, int year,
                    const pc_weather *weather, const pc_flows *flows);

#endif
