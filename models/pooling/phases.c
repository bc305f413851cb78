/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 1 January of a year in which a scheme's stack changes:
 *   a fund whose layer ends goes back to its accounts in proportion to last year's expenditure;
 *   a region that leaves a pool takes its part of the balance by last year's expenditure;
 *   what a lasting layer holds by region (funds, memos) is split over the members of units that end, by last year's
 *   expenditure, and added up under the first member of the new ones;
 *   a region that enters a pool hands in what the layer's join says.
 * These posts are of stocks: they count neither as received nor as paid. */
#include <string.h>

#include "rows.h"
#include "state.h"

static const pc_unit_plan *unit_of(const pc_stack *stack, int region)
{
    return &stack->units[stack->unit_of[region]];
}

static int has_slot(const pc_stack *stack, int slot)
{
    for (int e = 0; e < stack->n_entries; e++) {
        if (stack->entries[e].slot == slot) {
            return 1;
        }
    }
    return 0;
}

/* Splits an account over n units, or over n regions' own accounts (units NULL), by last year's expenditure. The last
 * one takes what rounding leaves. */
static void split(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int account, int n,
                  const pc_unit_plan *units, const int *index, const unsigned char *leaves)
{
    const double *last = state->scheme[scheme].last_expenditure;
    double *total = state->scratch, *part = total + PC_LANES, *amount = part + PC_LANES, *whole = amount + PC_LANES;
    int all = 1;

    pc_row_fill(total, 0);
    pc_row_copy(whole, pc_ledger_balance(&state->ledger, account));
    for (int k = 0; k < n; k++) {
        pc_row_gather(part, last, units ? units[index[k]].members : &index[k], units ? units[index[k]].n_members : 1);
        pc_row_add(total, part);
        all = all && (!leaves || leaves[index[k]]);
    }
    for (int k = 0; k < n; k++) {
        int to = units ? units[index[k]].account : pooling->accounts[scheme].region + index[k];
        if (leaves && !leaves[index[k]]) {
            continue;
        }
        if (all && k == n - 1) {
            pc_row_copy(amount, pc_ledger_balance(&state->ledger, account));
        } else {
            pc_row_gather(part, last, units ? units[index[k]].members : &index[k],
                          units ? units[index[k]].n_members : 1);
            pc_row_share(amount, whole, part, total, n);
        }
        pc_post(&state->ledger, account, to, amount);
    }
}

static void return_fund(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_stack *stack,
                        const pc_entry_plan *entry, const pc_weather *weather)
{
    const pc_slot *slot = &pooling->slots[scheme][entry->slot];
    int per_region = entry->layer->funds == PC_FUNDS_REGION;

    if (entry->layer->absorbs || slot->first_account < 0) {
        return;
    }
    for (int k = 0; k < slot->n_accounts; k++) {
        int account = slot->first_account + k;
        if (per_region) {
            double *amount = state->scratch;
            pc_row_copy(amount, pc_ledger_balance(&state->ledger, account));
            pc_post(&state->ledger, account, unit_of(stack, k)->account, amount);
        } else {
            int first = entry->group_first[k];
            const pc_matrix_fund fund = pc_matrix_fund_of(slot, stack, entry, k);
            state->ledger.track = 1; /* only who gets it: nothing is received or paid */
            split(pooling, state, scheme, account, entry->group_first[k + 1] - first, stack->units,
                  entry->group_units + first, NULL);
            state->ledger.track = 0;
            pc_matrix_fund_ends(pooling, state, scheme, &fund, weather);
        }
    }
}

static int same_unit(const pc_unit_plan *a, const pc_unit_plan *b)
{
    return a->n_members == b->n_members && !memcmp(a->members, b->members, (size_t)a->n_members * sizeof *a->members);
}

/* Moves part of what a layer holds under region `from` to region `to`: a row of its memo, or (row -1) its account. */
static void move_held(pc_pooling_state *state, const pc_slot *slot, int rows, int row, int from, int to,
                      const double *amount)
{
    double *memo = state->memo + (size_t)slot->first_memo * PC_LANES;

    if (row < 0) {
        pc_post(&state->ledger, slot->first_account + from, slot->first_account + to, amount);
        return;
    }
    for (int l = 0; l < PC_LANES && from != to; l++) {
        memo[(size_t)(from * rows + row) * PC_LANES + l] -= amount[l];
        memo[(size_t)(to * rows + row) * PC_LANES + l] += amount[l];
    }
}

static const double *held(const pc_pooling_state *state, const pc_slot *slot, int rows, int row, int region)
{
    return row < 0 ? state->ledger.balance + (size_t)(slot->first_account + region) * PC_LANES
                   : state->memo + (size_t)(slot->first_memo + region * rows + row) * PC_LANES;
}

static void rehouse(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_stack *old,
                    const pc_stack *new, const pc_entry_plan *entry)
{
    const pc_slot *slot = &pooling->slots[scheme][entry->slot];
    const double *last = state->scheme[scheme].last_expenditure;
    double *total = state->scratch, *whole = total + PC_LANES, *amount = whole + PC_LANES;
    int rows = entry->layer->memo_rows, first_row = slot->first_account >= 0 ? -1 : 0;

    for (int row = first_row; row < rows; row++) {
        for (int u = 0; u < old->n_units; u++) {
            const pc_unit_plan *unit = &old->units[u];
            int home = unit->members[0];
            if (same_unit(unit, unit_of(new, home))) {
                continue;
            }
            pc_row_gather(total, last, unit->members, unit->n_members);
            pc_row_copy(whole, held(state, slot, rows, row, home));
            for (int m = 1; m < unit->n_members; m++) { /* the first keeps the rest */
                pc_row_share(amount, whole, last + (size_t)unit->members[m] * PC_LANES, total, unit->n_members);
                move_held(state, slot, rows, row, home, unit->members[m], amount);
            }
        }
        for (int u = 0; u < new->n_units; u++) {
            const pc_unit_plan *unit = &new->units[u];
            for (int m = 1; m < unit->n_members && !same_unit(unit, unit_of(old, unit->members[0])); m++) {
                pc_row_copy(amount, held(state, slot, rows, row, unit->members[m]));
                move_held(state, slot, rows, row, unit->members[m], unit->members[0], amount);
            }
        }
    }
}

void pc_phases_change(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year,
                      const pc_weather *weather, const pc_flows *flows)
{
    const pc_stack *old = &pooling->stacks[scheme][pooling->stack_of[scheme][year - 1]];
    const pc_stack *new = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    unsigned char *leaves = (unsigned char *)(state->scratch + 8 * PC_LANES);

    if (old == new) {
        return;
    }
    for (int e = 0; e < old->n_entries; e++) {
        if (!has_slot(new, old->entries[e].slot)) {
            return_fund(pooling, state, scheme, old, &old->entries[e], weather);
        }
    }
    for (int u = 0; u < old->n_units; u++) {
        const pc_unit_plan *unit = &old->units[u];
        int any = 0;
        for (int m = 0; m < unit->n_members; m++) {
            int region = unit->members[m];
            leaves[region] = unit_of(new, region)->account != unit->account;
            any = any || leaves[region];
        }
        if (unit->entry >= 0 && any) {
            split(pooling, state, scheme, unit->account, unit->n_members, NULL, unit->members, leaves);
        }
    }
    for (int e = 0; e < new->n_entries; e++) {
        const pc_entry_plan *entry = &new->entries[e];
        const pc_slot *slot = &pooling->slots[scheme][entry->slot];
        if (entry->fresh) {
            int by_region = entry->layer->funds == PC_FUNDS_REGION || entry->layer->memo_by_region;
            int groups = by_region ? pooling->env.n_regions : entry->over ? entry->over->n_groups : 1;
            memset(state->memo + (size_t)slot->first_memo * PC_LANES, 0,
                   (size_t)(groups * entry->layer->memo_rows) * PC_LANES * sizeof(double));
        }
    }
    for (int e = 0; e < new->n_entries; e++) {
        const pc_entry_plan *entry = &new->entries[e];
        if (!entry->fresh && (entry->layer->funds == PC_FUNDS_REGION || entry->layer->memo_by_region)) {
            rehouse(pooling, state, scheme, old, new, entry);
        }
    }
    for (int u = 0; u < new->n_units; u++) {
        const pc_unit_plan *unit = &new->units[u];
        const pc_entry_plan *entry = unit->entry < 0 ? NULL : &new->entries[unit->entry];
        pc_layer_call call;
        if (!entry || !entry->layer->join) {
            continue;
        }
        pc_state_call(pooling, state, scheme, year, weather, flows, entry, unit->group, &call);
        for (int m = 0; m < unit->n_members; m++) {
            if (unit_of(old, unit->members[m])->account != unit->account) {
                entry->layer->join(&call, unit->members[m]);
            }
        }
    }
}
