/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What measures read of a year: by region, before and after rescue. */
#include "base/math.h"
#include "rows.h"
#include "state.h"

PC_KERNEL static void unit_before(double *restrict surplus, double *restrict hole, const double *restrict balance,
                                  const double *restrict revenue, const double *restrict expenditure,
                                  const double *restrict other, const double *restrict received,
                                  const double *restrict paid)
{
    for (int l = 0; l < PC_LANES; l++) {
        surplus[l] = (revenue[l] + received[l] - paid[l]) - (expenditure[l] + other[l]);
        hole[l] += balance[l] < 0 ? -balance[l] : 0.0;
    }
}

PC_KERNEL static void short_of(double *restrict depleted, const double *restrict balance,
                               const double *restrict expenditure)
{
    for (int l = 0; l < PC_LANES; l++) {
        depleted[l] = balance[l] < -1e-9 * expenditure[l] ? 1.0 : 0.0;
    }
}

/* transfer = (E - R) - R / sum R (sum E - sum R) + E / sum E (received - paid); equal parts where a sum is 0. */
PC_KERNEL static void member_transfer(double *restrict transfer, const double *restrict revenue,
                                      const double *restrict expenditure, const double *restrict pool_revenue,
                                      const double *restrict pool_expenditure, const double *restrict received,
                                      const double *restrict paid, double each)
{
    for (int l = 0; l < PC_LANES; l++) {
        double by_revenue = revenue[l] / pool_revenue[l];
        double by_cost = expenditure[l] / pool_expenditure[l];
        by_revenue = pool_revenue[l] > 0 ? by_revenue : each;
        by_cost = pool_expenditure[l] > 0 ? by_cost : each;
        transfer[l] = (expenditure[l] - revenue[l]) - by_revenue * (pool_expenditure[l] - pool_revenue[l]) +
                      by_cost * (received[l] - paid[l]);
    }
}

void pc_view_before(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    pc_scheme_state *part = &state->scheme[scheme];
    const pc_ledger *ledger = &state->ledger;
    double *pool_surplus = state->scratch;
    const pc_flows *flows = state->view.scheme[scheme].flows;

    pc_row_fill(part->hole, 0);
    for (int u = 0; u < stack->n_units; u++) {
        const pc_unit *unit = &part->units[u];
        size_t account = (size_t)unit->account * PC_LANES;
        const double *received = stack->moves ? ledger->received + account : state->zeros;
        const double *paid = stack->moves ? ledger->paid + account : state->zeros;
        const double *balance = ledger->balance + account;
        size_t row = (size_t)unit->members[0] * PC_LANES;

        unit_before(unit->pooled ? pool_surplus : part->surplus_rows + row, part->hole, balance, unit->revenue,
                    unit->expenditure, unit->other, received, paid);
        if (!unit->pooled) {
            int region = unit->members[0];
            short_of(part->depleted + row, balance, unit->expenditure);
            part->surplus[region] = part->surplus_rows + row;
            part->transfer[region] = state->zeros;
            if (stack->moves) {
                pc_row_minus(part->transfer_rows + row, received, paid);
                part->transfer[region] = part->transfer_rows + row;
            }
            part->before[region] = balance;
            if (stack->n_shortfalls > 0) {
                pc_row_copy(part->before_rows + row, balance);
                part->before[region] = part->before_rows + row;
            }
            continue;
        }
        for (int m = 0; m < unit->n_members; m++) {
            int region = unit->members[m];
            const double *own;
            row = (size_t)region * PC_LANES;
            own = pc_ledger_balance(ledger, pooling->accounts[scheme].region + region);
            pc_row_share(part->surplus_rows + row, pool_surplus, flows->expenditure + row, unit->expenditure,
                         unit->n_members);
            pc_row_copy(part->before_rows + row, own);
            pc_row_add_share(part->before_rows + row, balance, flows->expenditure + row, unit->expenditure,
                             unit->n_members);
            member_transfer(part->transfer_rows + row, flows->revenue + row, flows->expenditure + row, unit->revenue,
                            unit->expenditure, received, paid, 1.0 / unit->n_members);
            part->surplus[region] = part->surplus_rows + row;
            part->before[region] = part->before_rows + row;
            part->transfer[region] = part->transfer_rows + row;
        }
    }
}

/* Adds to each region its part of a fund, by E over the regions of the fund's units. */
static void share_fund(pc_pooling_state *state, const pc_flows *flows, pc_scheme_state *part, int account,
                       const int *unit_index, int n_units)
{
    double *total = state->scratch;
    int n_regions = 0;

    pc_row_fill(total, 0);
    for (int k = 0; k < n_units; k++) {
        pc_row_add(total, part->units[unit_index[k]].expenditure);
        n_regions += part->units[unit_index[k]].n_members;
    }
    for (int k = 0; k < n_units; k++) {
        const pc_unit *unit = &part->units[unit_index[k]];
        for (int m = 0; m < unit->n_members; m++) {
            size_t row = (size_t)unit->members[m] * PC_LANES;
            pc_row_add_share(part->balance_rows + row, pc_ledger_balance(&state->ledger, account),
                             flows->expenditure + row, total, n_regions);
        }
    }
}

static void share_funds(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_stack *stack)
{
    pc_scheme_state *part = &state->scheme[scheme];
    const pc_flows *flows = state->view.scheme[scheme].flows;

    for (int e = 0; e < stack->n_entries; e++) {
        const pc_entry_plan *entry = &stack->entries[e];
        const pc_slot *slot = &pooling->slots[scheme][entry->slot];
        for (int k = 0; k < slot->n_accounts; k++) {
            const int *index = entry->group_units;
            int n = 1;
            if (entry->layer->funds == PC_FUNDS_REGION) {
                index = &stack->unit_of[k];
                n = stack->units[*index].members[0] == k;
            } else {
                index += entry->group_first[k];
                n = entry->group_first[k + 1] - entry->group_first[k];
            }
            share_fund(state, flows, part, slot->first_account + k, index, n);
        }
    }
}

PC_KERNEL static void note_residual(double *restrict residual, const double *restrict opening,
                                    const double *restrict interest, const double *restrict revenue,
                                    const double *restrict expenditure, const double *restrict other,
                                    const double *restrict rescue, const double *restrict released,
                                    const double *restrict closing)
{
    for (int l = 0; l < PC_LANES; l++) {
        double expected = opening[l] + interest[l] + revenue[l] - expenditure[l] - other[l] + rescue[l] - released[l];
        double scale = __builtin_fabs(opening[l]) + revenue[l] + expenditure[l] + other[l];
        double r = __builtin_fabs(expected - closing[l]) / (scale > 1e-300 ? scale : 1e-300);
        residual[l] = !(r <= residual[l]) ? r : residual[l];
    }
}

static void check_identity(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_flows *flows)
{
    pc_scheme_state *part = &state->scheme[scheme];
    double *revenue = state->scratch, *expenditure = revenue + PC_LANES, *other = expenditure + PC_LANES;
    double *opening = other + PC_LANES;

    pc_row_plus(opening, part->opening, part->from_across);
    pc_row_fill(revenue, 0);
    pc_row_fill(expenditure, 0);
    pc_row_fill(other, 0);
    pc_row_add_at(revenue, flows->revenue, NULL, pooling->env.n_regions);
    pc_row_add_at(expenditure, flows->expenditure, NULL, pooling->env.n_regions);
    pc_row_add_at(other, flows->other, NULL, pooling->env.n_regions);
    note_residual(state->residual, opening, part->interest, revenue, expenditure, other, part->rescue,
                  pc_ledger_balance(&state->ledger, pooling->accounts[scheme].released), part->total);
}

void pc_view_after(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    const pc_accounts *accounts = &pooling->accounts[scheme];
    pc_scheme_state *part = &state->scheme[scheme];
    int n = pooling->env.n_regions, has_funds = 0;

    for (int e = 0; e < stack->n_entries; e++) {
        has_funds = has_funds || stack->entries[e].layer->funds != PC_FUNDS_NONE;
    }
    for (int r = 0; r < n; r++) {
        const double *own = pc_ledger_balance(&state->ledger, accounts->region + r);
        part->balance[r] = own;
        if (has_funds) {
            part->balance[r] = part->balance_rows + (size_t)r * PC_LANES;
            pc_row_copy(part->balance_rows + (size_t)r * PC_LANES, own);
        }
    }
    share_funds(pooling, state, scheme, stack);

    pc_row_fill(part->total, 0);
    pc_row_add_at(part->total, pc_ledger_balance(&state->ledger, accounts->first), NULL,
                  accounts->end - accounts->first);
    pc_row_fill(part->rescue, 0);
    pc_row_add_at(part->rescue, pc_ledger_balance(&state->ledger, accounts->treasury), NULL,
                  accounts->providers - accounts->treasury + 1);
    for (int l = 0; l < PC_LANES; l++) {
        part->rescue[l] = 0.0 - part->rescue[l];
    }
    if (year > 0) {
        check_identity(pooling, state, scheme, state->view.scheme[scheme].flows);
    }
}
