/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of events of a year (docs/model.md, Policies):
 *   1 January phase changes; B; special set-aside; all levies and deposits; special draws; payments, finest partition
 * first; between the schemes repayment, then aid; what is raised next year; gap sharing; shortfall rules. */
#include <string.h>

#include "base/math.h"
#include "rows.h"
#include "shortfall.h"
#include "state.h"

typedef enum hook { HOOK_SET_ASIDE, HOOK_LEVY, HOOK_DRAW, HOOK_PAY, HOOK_REPAY, HOOK_AID, HOOK_GAP } hook;

static void (*hook_of(const pc_layer *layer, hook which))(const pc_layer_call *)
{
    switch (which) {
    case HOOK_SET_ASIDE:
        return layer->set_aside;
    case HOOK_LEVY:
        return layer->levy;
    case HOOK_DRAW:
        return layer->draw;
    case HOOK_PAY:
        return layer->pay;
    case HOOK_REPAY:
        return layer->repay;
    case HOOK_AID:
        return layer->aid;
    default:
        return layer->gap;
    }
}

static void run_hook(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year,
                     const pc_weather *weather, const pc_flows *flows, hook which)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];

    for (int e = 0; e < stack->n_entries; e++) {
        const pc_entry_plan *entry = &stack->entries[e];
        void (*run)(const pc_layer_call *) = hook_of(entry->layer, which);
        int n_groups = entry->over ? entry->over->n_groups : 0;
        for (int g = 0; run && g < n_groups; g++) {
            pc_layer_call call;
            if (pc_state_call(pooling, state, scheme, year, weather, flows, entry, g, &call)) {
                run(&call);
            }
        }
    }
}

/* B of every account: units with their flows, what members kept and layer funds with interest only. */
static void book(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year, const pc_weather *weather)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    const pc_accounts *accounts = &pooling->accounts[scheme];
    pc_scheme_state *part = &state->scheme[scheme];

    for (int u = 0; u < stack->n_units; u++) {
        const pc_unit *unit = &part->units[u];
        pc_ledger_book(&state->ledger, accounts->outside, unit->account, unit->revenue, unit->expenditure, unit->other,
                       weather->interest, pooling->env.spread, part->interest);
        for (int m = 0; unit->pooled && m < unit->n_members; m++) {
            pc_ledger_grow(&state->ledger, accounts->outside, accounts->region + unit->members[m], weather->interest,
                           pooling->env.spread, part->interest);
        }
    }
    for (int r = 0; part->released && r < pooling->env.n_regions; r++) {
        pc_post(&state->ledger, part->units[stack->unit_of[r]].account, accounts->released,
                part->released + (size_t)r * PC_LANES);
    }
    for (int e = 0; e < stack->n_entries; e++) {
        const pc_entry_plan *entry = &stack->entries[e];
        const pc_slot *slot = &pooling->slots[scheme][entry->slot];
        for (int k = 0; k < slot->n_accounts && !entry->layer->absorbs; k++) {
            pc_ledger_grow(&state->ledger, accounts->outside, slot->first_account + k, weather->interest, 0,
                           part->interest);
        }
    }
}

static void settle(const pc_stack *stack, pc_settle_call *call, double *need)
{
    for (int k = 0; k < stack->n_shortfalls; k++) {
        call->values = stack->shortfalls[k].values;
        stack->shortfalls[k].rule->settle(call, need);
    }
    if (call->from != call->to) { /* an account that is short itself is overdrawn already */
        pc_post(call->ledger, call->from, call->to, need);
    }
}

double pc_central_growth(const double *central, const int *members, int n_members, int year, int n_regions, int n_years)
{
    double before = 0, after = 0;

    year = year < n_years ? year : n_years - 1; /* beyond the horizon the last growth goes on */
    for (int m = 0; m < n_members; m++) {
        before += central[(size_t)year * n_regions + members[m]];
        after += central[(size_t)(year + 1) * n_regions + members[m]];
    }
    return before > 0 ? after / before : 1;
}

/* Growth from last year's expenditure to this year's budget. */
static double budget_growth(const pc_pooling *pooling, int scheme, int year, const int *members, int n)
{
    return pc_central_growth(pooling->central_expenditure[scheme], members, n, year - 1, pooling->env.n_regions,
                             pooling->env.n_years);
}

void pc_layer_settle(const pc_layer_call *call, int from, int to, const double *expenditure, double *need)
{
    pc_settle_call settle_call = {
        .accounts = &call->pooling->accounts[call->scheme],
        .scheme = call->scheme,
        .year = call->year,
        .to = to,
        .from = from,
        .expenditure = expenditure,
        .ledger = call->ledger,
        .scratch = call->scratch + (size_t)(3 * call->pooling->env.n_regions + 12) * PC_LANES,
    };
    int region = from - call->pooling->accounts[call->scheme].region;

    if (call->last_expenditure && region >= 0 &&
        region < call->pooling->env.n_regions) { /* whose part of a gap it is */
        settle_call.last_expenditure = call->last_expenditure + (size_t)region * PC_LANES;
        settle_call.growth = budget_growth(call->pooling, call->scheme, call->year, &region, 1);
    }
    settle(call->stack, &settle_call, need);
}

PC_KERNEL static void shortage(double *restrict need, const double *restrict balance)
{
    for (int l = 0; l < PC_LANES; l++) {
        need[l] = balance[l] < 0 ? -balance[l] : 0.0;
    }
}

static void settle_units(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    double *need = state->scratch;

    for (int u = 0; u < stack->n_units && stack->n_shortfalls > 0; u++) {
        const pc_unit *unit = &state->scheme[scheme].units[u];
        pc_settle_call call = {
            .accounts = &pooling->accounts[scheme],
            .scheme = scheme,
            .year = year,
            .to = unit->account,
            .from = unit->account,
            .expenditure = unit->expenditure,
            .last_expenditure = unit->last_expenditure,
            .ledger = &state->ledger,
            .scratch = state->scratch + PC_LANES,
        };
        if (!unit->pooled) { /* a pool's gap has been shared */
            call.growth = budget_growth(pooling, scheme, year, unit->members, 1);
            shortage(need, pc_ledger_balance(&state->ledger, unit->account));
            settle(stack, &call, need);
        }
    }
}

/* Next year's additions to the rate, by region; none where no rule of the year raises. */
static void raise_rates(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year, const pc_flows *flows)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    pc_scheme_state *part = &state->scheme[scheme];
    double *base = state->scratch;

    for (int r = 0; part->add_on && !stack->raises && r < pooling->env.n_regions; r++) {
        pc_row_fill(part->add_on + (size_t)r * PC_LANES, 0);
    }
    for (int u = 0; stack->raises && u < stack->n_units; u++) {
        const pc_unit *unit = &part->units[u];
        pc_raise_call call = {
            .balance = pc_ledger_balance(&state->ledger, unit->account),
            .revenue = unit->revenue,
            .expenditure = unit->expenditure,
            .other = unit->other,
            .base = base,
        };
        pc_row_gather(base, flows->base, unit->members, unit->n_members);
        for (int k = 0; k < stack->n_shortfalls; k++) {
            call.values = stack->shortfalls[k].values;
            for (int m = 0; stack->shortfalls[k].rule->raise && m < unit->n_members; m++) {
                call.add_on = part->add_on + (size_t)unit->members[m] * PC_LANES;
                stack->shortfalls[k].rule->raise(&call);
            }
        }
    }
}

void pc_post_across(const pc_layer_call *call, int scheme, int from, int to, const double *amount)
{
    double *in = call->from_across[scheme], *out = call->from_across[1 - scheme];

    pc_post(call->ledger, from, to, amount);
    for (int l = 0; l < PC_LANES; l++) {
        in[l] += amount[l];
        out[l] -= amount[l];
    }
}

/* Who pays residents' financing in a year. */
static const pc_financing_split *split_of(const pc_pooling *pooling, const pc_pooling_state *state, int scheme, int year)
{
    const pc_schemes *schemes = pooling->env.schemes;

    if (scheme != PC_RESIDENT || !schemes || !schemes->split) {
        return NULL;
    }
    return state->scheme[scheme].split ? state->scheme[scheme].split
                                       : schemes->split + (size_t)year * (size_t)pooling->env.n_regions;
}

/* Surplus that goes to the other scheme's account of the same region, or pool that has taken its place. A carve-out has no
 * residents: its employees' surplus stays. */
static void cross(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year)
{
    const int other = 1 - scheme;
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    const pc_stack *across = &pooling->stacks[other][pooling->stack_of[other][year]];
    pc_layer_call call = {
        .ledger = &state->ledger,
        .from_across = {state->scheme[0].from_across, state->scheme[1].from_across},
    };

    for (int r = 0; state->scheme[scheme].crossed && r < pooling->env.n_regions; r++) {
        if (other == PC_RESIDENT && pooling->env.schemes->host && pooling->env.schemes->host[r] >= 0) {
            continue;
        }
        pc_post_across(&call, other, state->scheme[scheme].units[stack->unit_of[r]].account,
                       state->scheme[other].units[across->unit_of[r]].account,
                       state->scheme[scheme].crossed + (size_t)r * PC_LANES);
    }
}

void pc_pooling_year(const pc_pooling *pooling, int year, const pc_weather *weather, const pc_flows *flows,
                     void *memory)
{
    pc_pooling_state *state = memory;
    int moves = 0;

    state->view.year = year;
    state->ledger.track = 0;
    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_accounts *accounts = &pooling->accounts[s];
        state->view.scheme[s].flows = &flows[s];
        state->view.scheme[s].split = split_of(pooling, state, s, year);
        memset(pc_ledger_balance(&state->ledger, accounts->outside), 0,
               (size_t)(accounts->past - accounts->outside) * PC_LANES * sizeof(double));
        pc_row_copy(state->scheme[s].opening, state->scheme[s].total);
        pc_row_fill(state->scheme[s].interest, 0);
        pc_row_fill(state->scheme[s].from_across, 0);
        pc_matrix_forget(pooling, &state->matrix[s], s);
        pc_phases_change(pooling, state, s, year, weather, &flows[s]);
        pc_state_units(pooling, state, s, year, &flows[s]);
        book(pooling, state, s, year, weather);
        moves = moves || pooling->stacks[s][pooling->stack_of[s][year]].moves;
    }
    if (moves) {
        pc_ledger_forget(&state->ledger);
        state->ledger.track = 1;
        for (int s = 0; s < PC_SCHEMES; s++) {
            cross(pooling, state, s, year);
        }
        for (int s = 0; s < PC_SCHEMES; s++) {
            run_hook(pooling, state, s, year, weather, &flows[s], HOOK_SET_ASIDE);
            run_hook(pooling, state, s, year, weather, &flows[s], HOOK_LEVY);
            run_hook(pooling, state, s, year, weather, &flows[s], HOOK_DRAW);
            run_hook(pooling, state, s, year, weather, &flows[s], HOOK_PAY);
        }
        for (int s = 0; s < PC_SCHEMES; s++) {
            run_hook(pooling, state, s, year, weather, &flows[s], HOOK_REPAY);
        }
        for (int s = 0; s < PC_SCHEMES; s++) {
            run_hook(pooling, state, s, year, weather, &flows[s], HOOK_AID);
        }
        state->ledger.track = 0;
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        pc_view_before(pooling, state, s, year);
        pc_matrix_year(pooling, state, s, year, weather, &flows[s]);
        raise_rates(pooling, state, s, year, &flows[s]);
        run_hook(pooling, state, s, year, weather, &flows[s], HOOK_GAP);
        settle_units(pooling, state, s, year);
        pc_view_after(pooling, state, s, year);
        pc_state_keep(pooling, state, s, &flows[s]);
    }
}
