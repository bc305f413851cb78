/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "matrix.h"

#include <string.h>

#include "base/math.h"
#include "rows.h"
#include "state.h"

static double *row_at(double *rows, int number)
{
    return rows + (size_t)number * PC_LANES;
}

void pc_matrix_forget(const pc_pooling *pooling, pc_matrix *matrix, int scheme)
{
    size_t bytes = (size_t)pooling->n_funds[scheme] * (size_t)pooling->env.n_regions * PC_LANES * sizeof(double);

    if (matrix->stake) {
        memset(matrix->in, 0, bytes);
        memset(matrix->out, 0, bytes);
    }
}

/* A pool's payment to or from a fund, noted under its first member, is its members' by expenditure. */
static void spread(const pc_unit_plan *unit, const double *expenditure, double *rows, double *total, double *whole)
{
    if (unit->n_members < 2) {
        return;
    }
    pc_row_gather(total, expenditure, unit->members, unit->n_members);
    pc_row_copy(whole, row_at(rows, unit->members[0]));
    for (int m = 0; m < unit->n_members; m++) {
        pc_row_share(row_at(rows, unit->members[m]), whole, expenditure + (size_t)unit->members[m] * PC_LANES, total,
                     unit->n_members);
    }
}

PC_KERNEL static void grow(double *restrict stake, const double *restrict interest, const double *restrict in)
{
    for (int l = 0; l < PC_LANES; l++) {
        stake[l] = stake[l] * (1 + interest[l]) + in[l];
    }
}

/* part = out / (total discount): what a yuan of stake gives to the receiver, in present value */
PC_KERNEL static void part_of(double *restrict part, const double *restrict out, const double *restrict total,
                              const double *restrict discount)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = out[l] / (total[l] * discount[l]);
        part[l] = total[l] > 0 && out[l] > 0 ? q : 0.0;
    }
}

PC_KERNEL static void give(double *restrict given, const double *restrict stake, const double *restrict part)
{
    for (int l = 0; l < PC_LANES; l++) {
        given[l] += stake[l] * part[l];
    }
}

/* A fund that has paid all it had leaves no stake but for rounding, which is none. */
PC_KERNEL static void keep(double *restrict stake, const double *restrict total, const double *restrict out)
{
    for (int l = 0; l < PC_LANES; l++) {
        double left = 1 - out[l] / total[l];
        stake[l] = total[l] > 0 ? stake[l] * (left > 1e-12 ? left : 0) : 0.0;
    }
}

static int is_zero(const double *row)
{
    for (int l = 0; l < PC_LANES; l++) {
        if (row[l] != 0) {
            return 0;
        }
    }
    return 1;
}

/* One fund's year: stakes grow by interest and what was paid in, what was paid out is given by all stakes alike. */
static void settle_fund(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_matrix_fund *fund,
                        const double *expenditure, const double *interest, const double *discount)
{
    pc_matrix *matrix = &state->matrix[scheme];
    const int n = pooling->env.n_regions;
    double *total = state->scratch, *part = row_at(total, 1), *paid = row_at(total, 2), *whole = row_at(total, 3);
    double *in = row_at(matrix->in, fund->number * n), *out = row_at(matrix->out, fund->number * n);
    double *stake = row_at(matrix->stake, fund->number * n);

    for (int k = 0; k < fund->n_units; k++) {
        spread(&fund->units[fund->unit_index[k]], expenditure, in, total, whole);
        spread(&fund->units[fund->unit_index[k]], expenditure, out, total, whole);
    }
    pc_row_fill(total, 0);
    pc_row_fill(paid, 0);
    for (int r = 0; r < n; r++) {
        grow(row_at(stake, r), interest, row_at(in, r));
        pc_row_add(total, row_at(stake, r));
        pc_row_add(paid, row_at(out, r));
    }
    for (int to = 0; to < n && matrix->given; to++) {
        if (is_zero(row_at(out, to))) {
            continue;
        }
        part_of(part, row_at(out, to), total, discount);
        for (int from = 0; from < n; from++) {
            give(row_at(matrix->given, from * n + to), row_at(stake, from), part);
        }
    }
    for (int r = 0; r < n; r++) {
        keep(row_at(stake, r), total, paid);
    }
}

void pc_matrix_fund_ends(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_matrix_fund *fund,
                         const pc_weather *weather)
{
    const double *last = state->scheme[scheme].last_expenditure;
    double *discount = row_at(state->scratch, 4);

    for (int l = 0; l < PC_LANES; l++) { /* 1 January is 31 December of the year before */
        discount[l] = weather->discount[l] / (1 + weather->interest[l]);
    }
    settle_fund(pooling, state, scheme, fund, last, state->zeros, discount);
    memset(row_at(state->matrix[scheme].stake, fund->number * pooling->env.n_regions), 0,
           (size_t)pooling->env.n_regions * PC_LANES * sizeof(double));
}

/* (E_j - R_j) - R_j / sum R (sum E - sum R): what a member receives of the others, below 0 what it gives */
PC_KERNEL static void net_of(double *restrict net, const double *restrict revenue, const double *restrict expenditure,
                             const double *restrict all_revenue, const double *restrict all_expenditure, double each)
{
    for (int l = 0; l < PC_LANES; l++) {
        double share = revenue[l] / all_revenue[l];
        share = all_revenue[l] > 0 ? share : each;
        net[l] = (expenditure[l] - revenue[l]) - share * (all_expenditure[l] - all_revenue[l]);
    }
}

PC_KERNEL static void add_received(double *restrict received, const double *restrict net)
{
    for (int l = 0; l < PC_LANES; l++) {
        received[l] += net[l] > 0 ? net[l] : 0.0;
    }
}

PC_KERNEL static void give_net(double *restrict given, const double *restrict net, const double *restrict part)
{
    for (int l = 0; l < PC_LANES; l++) {
        given[l] += net[l] < 0 ? -net[l] * part[l] : 0.0;
    }
}

static void settle_pool(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_unit *unit,
                        const pc_flows *flows, const double *discount)
{
    pc_matrix *matrix = &state->matrix[scheme];
    const int n = unit->n_members, n_regions = pooling->env.n_regions;
    double *received = state->scratch, *part = row_at(received, 1), *net = row_at(received, 2);

    pc_row_fill(received, 0);
    for (int m = 0; m < n; m++) {
        const size_t at = (size_t)unit->members[m] * PC_LANES;
        net_of(row_at(net, m), flows->revenue + at, flows->expenditure + at, unit->revenue, unit->expenditure, 1.0 / n);
        add_received(received, row_at(net, m));
    }
    for (int to = 0; to < n; to++) {
        part_of(part, row_at(net, to), received, discount);
        for (int from = 0; from < n; from++) {
            if (from != to) {
                give_net(row_at(matrix->given, unit->members[from] * n_regions + unit->members[to]), row_at(net, from),
                         part);
            }
        }
    }
}

void pc_matrix_year(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year, const pc_weather *weather,
                    const pc_flows *flows)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    pc_scheme_state *own = &state->scheme[scheme];

    for (int e = 0; e < stack->n_entries && state->matrix[scheme].stake; e++) {
        const pc_entry_plan *entry = &stack->entries[e];
        const pc_slot *slot = &pooling->slots[scheme][entry->slot];
        for (int g = 0; slot->first_fund >= 0 && g < entry->over->n_groups; g++) {
            const pc_matrix_fund fund = pc_matrix_fund_of(slot, stack, entry, g);
            settle_fund(pooling, state, scheme, &fund, flows->expenditure, weather->interest, weather->discount);
        }
    }
    for (int u = 0; u < stack->n_units && state->matrix[scheme].given; u++) {
        if (own->units[u].n_members > 1) {
            settle_pool(pooling, state, scheme, &own->units[u], flows, weather->discount);
        }
    }
}
