/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"

#include <string.h>

#include "base/math.h"
#include "carver.h"
#include "rows.h"

static int most_pools(const pc_pooling *pooling, int scheme)
{
    int most = 0;

    for (int k = 0; k < pooling->n_stacks[scheme]; k++) {
        const pc_stack *stack = &pooling->stacks[scheme][k];
        int n = 0;
        for (int u = 0; u < stack->n_units; u++) {
            n += stack->units[u].entry >= 0;
        }
        most = n > most ? n : most;
    }
    return most;
}

static int raises(const pc_pooling *pooling, int scheme)
{
    int any = 0;

    for (int k = 0; k < pooling->n_stacks[scheme]; k++) {
        any = any || pooling->stacks[scheme][k].raises;
    }
    return any;
}

static size_t layout(const pc_pooling *pooling, void *memory)
{
    pc_carver c = {.base = memory};
    size_t n = (size_t)pooling->env.n_regions;
    pc_pooling_state local = {0}, *state = pc_carve(&c, sizeof *state);

    if (!state) {
        state = &local;
    }
    state->ledger.n_accounts = pooling->n_accounts;
    state->ledger.inside = pooling->inside;
    state->ledger.balance = pc_carve_rows(&c, (size_t)pooling->n_accounts);
    state->ledger.received = pc_carve_rows(&c, (size_t)pooling->n_accounts);
    state->ledger.paid = pc_carve_rows(&c, (size_t)pooling->n_accounts);
    if (pooling->n_funds[0] + pooling->n_funds[1] > 0) {
        state->ledger.in = pc_carve(&c, (size_t)pooling->n_accounts * sizeof *state->ledger.in);
        state->ledger.out = pc_carve(&c, (size_t)pooling->n_accounts * sizeof *state->ledger.out);
        state->ledger.home = state->home = pc_carve(&c, (size_t)pooling->n_accounts * sizeof *state->home);
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        pc_scheme_state *part = &state->scheme[s];
        pc_matrix *matrix = &state->matrix[s];
        if (pooling->gives[s]) {
            matrix->in = pc_carve_rows(&c, (size_t)pooling->n_funds[s] * n);
            matrix->out = pc_carve_rows(&c, (size_t)pooling->n_funds[s] * n);
            matrix->stake = pc_carve_rows(&c, (size_t)pooling->n_funds[s] * n);
            matrix->given = n <= PC_MOST_GIVERS ? pc_carve_rows(&c, n * n) : NULL;
        }
        for (int row = 0; row < PC_FLOW_ROWS; row++) {
            part->own_flows[row] = pooling->touched[s] >> row & 1 ? pc_carve_rows(&c, n) : NULL;
        }
        part->lever_memo = pc_carve_rows(&c, (size_t)pooling->n_lever_memos[s]);
        part->away = pooling->touched[s] & PC_TOUCH_AWAY ? pc_carve_rows(&c, n) : NULL;
        part->released = pooling->touched[s] & PC_TOUCH_RELEASED ? pc_carve_rows(&c, n) : NULL;
        part->crossed = pooling->touched[s] & PC_TOUCH_CROSSED ? pc_carve_rows(&c, n) : NULL;
        part->granted = pooling->touched[s] & PC_TOUCH_SUBSIDY || raises(pooling, s) ? pc_carve_rows(&c, n) : NULL;
        part->subsidy = pooling->touched[s] & PC_TOUCH_SUBSIDY ? pc_carve_rows(&c, PC_PAYERS) : NULL;
        part->split = pooling->touched[s] & PC_TOUCH_SPLIT ? pc_carve(&c, n * sizeof *part->split) : NULL;
        part->by_age = pooling->touched[s] & PC_TOUCH_BY_AGE ? pc_carve_rows(&c, n) : NULL;
        part->inflow = pooling->touched[s] >> PC_FLOW_ACCOUNT & 1 ? pc_carve_rows(&c, n) : NULL;
        part->account_gap = pooling->touched[s] >> PC_FLOW_ACCOUNT & 1 ? pc_carve_rows(&c, n) : NULL;
        part->units = pc_carve(&c, n * sizeof *part->units);
        part->pool_rows = pc_carve_rows(&c, (size_t)most_pools(pooling, s) * PC_POOL_ROWS);
        part->last_revenue = pooling->needs_last ? pc_carve_rows(&c, n) : NULL;
        part->last_expenditure = pooling->needs_last ? pc_carve_rows(&c, n) : NULL;
        part->depleted = pc_carve_rows(&c, n);
        part->surplus_rows = pc_carve_rows(&c, n);
        part->before_rows = pc_carve_rows(&c, n);
        part->balance_rows = pc_carve_rows(&c, n);
        part->transfer_rows = pc_carve_rows(&c, n);
        part->surplus = pc_carve(&c, n * sizeof *part->surplus);
        part->before = pc_carve(&c, n * sizeof *part->before);
        part->balance = pc_carve(&c, n * sizeof *part->balance);
        part->transfer = pc_carve(&c, n * sizeof *part->transfer);
        part->hole = pc_carve_rows(&c, 1);
        part->total = pc_carve_rows(&c, 1);
        part->opening = pc_carve_rows(&c, 1);
        part->rescue = pc_carve_rows(&c, 1);
        part->interest = pc_carve_rows(&c, 1);
        part->from_across = pc_carve_rows(&c, 1);
        part->add_on = raises(pooling, s) ? pc_carve_rows(&c, n) : NULL;
    }
    state->memo = pc_carve_rows(&c, (size_t)pooling->n_memos);
    state->scratch = pc_carve_rows(&c, 3 * n + 16);
    state->zeros = pc_carve_rows(&c, 1);
    state->residual = pc_carve_rows(&c, 1);
    return c.used;
}

size_t pc_pooling_state_bytes(const pc_pooling *pooling)
{
    return layout(pooling, NULL);
}

const pc_pooling_view *pc_pooling_view_of(const void *state)
{
    return &((const pc_pooling_state *)state)->view;
}

double pc_pooling_residual(const void *memory)
{
    const pc_pooling_state *state = memory;
    double most = 0;

    for (int l = 0; l < PC_LANES; l++) {
        most = !(state->residual[l] <= most) ? state->residual[l] : most; /* NaN shows */
    }
    return most;
}

void pc_state_keep(const pc_pooling *pooling, pc_pooling_state *state, int scheme, const pc_flows *flows)
{
    size_t bytes = (size_t)pooling->env.n_regions * PC_LANES * sizeof(double);

    if (pooling->needs_last) {
        memcpy(state->scheme[scheme].last_revenue, flows->revenue, bytes);
        memcpy(state->scheme[scheme].last_expenditure, flows->expenditure, bytes);
    }
}

void pc_pooling_start(const pc_pooling *pooling, const pc_flows *flows, const pc_base_factors *factors, void *memory)
{
    pc_pooling_state *state = memory;
    int n = pooling->env.n_regions;

    memset(memory, 0, layout(pooling, NULL));
    layout(pooling, memory);
    for (int s = 0; s < PC_SCHEMES; s++) {
        for (int k = 0; state->home && k < pooling->accounts[s].end; k++) {
            const size_t first = (size_t)pooling->fund_of[k] * (size_t)n * PC_LANES;
            if (k >= pooling->accounts[s].first && pooling->fund_of[k] >= 0) {
                state->ledger.in[k] = state->matrix[s].in + first;
                state->ledger.out[k] = state->matrix[s].out + first;
            }
        }
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_accounts *accounts = &pooling->accounts[s];
        pc_scheme_state *part = &state->scheme[s];
        for (int r = 0; r < n; r++) {
            double *row = pc_ledger_balance(&state->ledger, accounts->region + r);
            pc_row_fill(row, pooling->env.balance_start[s][r]);
            for (int l = 0; factors && l < PC_LANES; l++) {
                row[l] *= factors->balance[s][(size_t)r * PC_LANES + l];
            }
        }
        state->view.scheme[s] = (pc_scheme_view){
            .flows = &flows[s],
            .own = pc_ledger_balance(&state->ledger, accounts->region),
            .balance = part->balance,
            .before = part->before,
            .surplus = part->surplus,
            .transfer = part->transfer,
            .depleted = part->depleted,
            .hole = part->hole,
            .total = part->total,
            .rescue = part->rescue,
            .treasury = pc_ledger_balance(&state->ledger, accounts->treasury),
            .away = part->away,
            .unmet = pc_ledger_balance(&state->ledger, accounts->members),
            .providers = pc_ledger_balance(&state->ledger, accounts->providers),
            .granted = part->granted,
            .subsidy = part->subsidy,
            .given = state->matrix[s].given,
            .stake = state->matrix[s].stake,
            .n_funds = pooling->n_funds[s],
        };
        pc_state_units(pooling, state, s, 0, &flows[s]);
        pc_view_before(pooling, state, s, 0);
        pc_view_after(pooling, state, s, 0);
        pc_state_keep(pooling, state, s, &flows[s]);
    }
}

void pc_pooling_draws(const double *eps, int central, void *memory)
{
    pc_pooling_state *state = memory;

    state->lever_eps = eps;
    state->central = central;
}

/* ---- levers
 * ---------------------------------------------------------------------------------------------------------- */

static double **flow_row(pc_flows *flows, int row)
{
    double **rows[PC_FLOW_ROWS] = {
        [PC_FLOW_REVENUE] = &flows->revenue,   [PC_FLOW_EXPENDITURE] = &flows->expenditure,
        [PC_FLOW_CREDITS] = &flows->credits,   [PC_FLOW_OTHER] = &flows->other,
        [PC_FLOW_PAYROLL] = &flows->payroll,   [PC_FLOW_BASE] = &flows->base,
        [PC_FLOW_MEMBERS] = &flows->members,   [PC_FLOW_CONTRIBUTORS] = &flows->contributors,
        [PC_FLOW_RETIREES] = &flows->retirees, [PC_FLOW_ACCOUNT] = &flows->account,
    };

    return rows[row];
}

PC_KERNEL static void form_other(double *restrict other, const double *restrict credits, const double *restrict revenue,
                                 double share, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        other[k] = credits[k] + share * revenue[k];
    }
}

/* What the common rules pay into individual accounts: Act w b tau (1 - phi), with the year's shock. */
static void common_inflow(const pc_pooling *pooling, const pc_flows *flows, const pc_weather *weather, int scheme,
                          double *inflow)
{
    const pc_schemes *schemes = pooling->env.schemes;

    for (int r = 0; r < pooling->env.n_regions; r++) {
        double rate = schemes->rate[r] * (1 - schemes->pooled_share[r]);
        for (int l = 0; l < PC_LANES; l++) {
            size_t k = (size_t)r * PC_LANES + l;
            inflow[k] =
                flows->payroll[k] * rate * (weather->shock_revenue[scheme] ? weather->shock_revenue[scheme][k] : 1);
        }
    }
}

/* The accounts under the levers: what they added, with its interest and less its use, on top of the common accounts
 * (docs/model.md, Flows is linear in the inflow). */
static void form_accounts(const pc_pooling *pooling, const pc_flows *common, const pc_weather *weather,
                          const double *inflow, pc_scheme_state *part, pc_flows *own)
{
    double kept = 1 - pooling->env.schemes->account_use;
    const double *i = weather->interest;

    for (int r = 0; r < pooling->env.n_regions; r++) {
        for (int l = 0; l < PC_LANES; l++) {
            size_t k = (size_t)r * PC_LANES + l;
            double more = part->inflow[k] - inflow[k] + (own->credits[k] - common->credits[k]);
            part->account_gap[k] = (part->account_gap[k] * (1 + i[l]) + more * (1 + 0.5 * i[l])) * kept;
            own->account[k] = common->account[k] + part->account_gap[k];
        }
    }
}

/* What a shortfall rule has added to the rate is collected on the base. */
PC_KERNEL static void collect_add_on(double *restrict revenue, double *restrict granted, const double *restrict add_on,
                                     const double *restrict base, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double more = add_on[k] * base[k];
        revenue[k] += more;
        granted[k] += more;
    }
}

/* What levers add to over the year starts at nothing, who pays what as the scenario has it. */
static void clear_additions(const pc_pooling *pooling, pc_scheme_state *part, int year)
{
    const size_t n = (size_t)pooling->env.n_regions, bytes = n * PC_LANES * sizeof(double);
    double *rows[] = {part->released, part->crossed, part->away, part->by_age, part->granted};

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        if (rows[k]) {
            memset(rows[k], 0, bytes);
        }
    }
    if (part->subsidy) {
        memset(part->subsidy, 0, PC_PAYERS * PC_LANES * sizeof(double));
    }
    if (part->split && pooling->env.schemes->split) {
        memcpy(part->split, pooling->env.schemes->split + (size_t)year * n, n * sizeof *part->split);
    }
}

const pc_flows *pc_pooling_levers(const pc_pooling *pooling, int year, const pc_weather *weather, const pc_flows *flows,
                                  void *memory)
{
    pc_pooling_state *state = memory;
    size_t lanes = (size_t)pooling->env.n_regions * PC_LANES;
    int any = 0;

    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_stack *stack = &pooling->stacks[s][pooling->stack_of[s][year]];
        pc_flows *own = &state->result[s];
        double major_share = pooling->env.major_illness[s][year];
        const int accounts = state->scheme[s].inflow != NULL;
        *own = flows[s];
        clear_additions(pooling, &state->scheme[s], year);
        if (stack->n_levers == 0 && !stack->raises && !accounts) {
            continue;
        }
        any = 1;
        if (accounts) { /* what levers have put into the accounts stays there after them */
            common_inflow(pooling, &flows[s], weather, s, state->scheme[s].inflow);
            memcpy(state->scratch, state->scheme[s].inflow, lanes * sizeof(double));
            own->account = state->scheme[s].own_flows[PC_FLOW_ACCOUNT];
        }
        for (int row = 0; row < PC_FLOW_ROWS; row++) {
            if (stack->touched >> row & 1 && row != PC_FLOW_ACCOUNT) {
                double **to = flow_row(own, row);
                memcpy(state->scheme[s].own_flows[row], *to, lanes * sizeof(double));
                *to = state->scheme[s].own_flows[row];
            }
        }
        for (int k = 0; k < stack->n_levers; k++) {
            const pc_lever_plan *plan = &stack->levers[k];
            pc_lever_call call = {
                .env = &pooling->env,
                .values = plan->values,
                .table = plan->table,
                .scheme = s,
                .year = year,
                .weather = weather,
                .flows = own,
                .common = &flows[s],
                .major_share = &major_share,
                .inflow = state->scheme[s].inflow,
                .away = state->scheme[s].away,
                .released = state->scheme[s].released,
                .by_age = state->scheme[s].by_age,
                .crossed = state->scheme[s].crossed,
                .granted = state->scheme[s].granted,
                .subsidy = state->scheme[s].subsidy,
                .split = state->scheme[s].split,
                .memo = state->scheme[s].lever_memo + (size_t)plan->first_memo * PC_LANES,
                .eps = state->lever_eps && plan->draw >= 0 ? state->lever_eps + (size_t)plan->draw * PC_LANES : NULL,
                .balance = state->central ? NULL : state->view.scheme[s].balance,
            };
            plan->lever->apply(&call);
        }
        if (stack->raises) {
            collect_add_on(own->revenue, state->scheme[s].granted, state->scheme[s].add_on, own->base, lanes);
        }
        if (stack->touched & PC_TOUCH(PC_FLOW_OTHER)) {
            form_other(own->other, own->credits, own->revenue, major_share, lanes);
        }
        if (accounts) {
            form_accounts(pooling, &flows[s], weather, state->scratch, &state->scheme[s], own);
        }
    }
    return any ? state->result : flows;
}

/* ---- calls of hooks
 * -------------------------------------------------------------------------------------------------- */

int pc_state_call(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year, const pc_weather *weather,
                  const pc_flows *flows, const pc_entry_plan *entry, int group, pc_layer_call *call)
{
    const pc_slot *slot = &pooling->slots[scheme][entry->slot];
    int per_region = entry->layer->funds == PC_FUNDS_REGION;
    int memo_by_region = per_region || entry->layer->memo_by_region, other = 1 - scheme;
    int first = entry->group_first ? entry->group_first[group] : 0;

    *call = (pc_layer_call){
        .pooling = pooling,
        .stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]],
        .values = entry->values,
        .scheme = scheme,
        .year = year,
        .group = group,
        .n_units = entry->group_first ? entry->group_first[group + 1] - first : 0,
        .unit_index = entry->group_units ? entry->group_units + first : NULL,
        .units = state->scheme[scheme].units,
        .fund = slot->first_account < 0 ? -1 : slot->first_account + (per_region ? 0 : group),
        .memo = state->memo +
                (size_t)(slot->first_memo + (memo_by_region ? 0 : group * entry->layer->memo_rows)) * PC_LANES,
        .weather = weather,
        .flows = flows,
        .ledger = &state->ledger,
        .across = state->scheme[other].units,
        .across_of = pooling->stacks[other][pooling->stack_of[other][year]].unit_of,
        .from_across = {state->scheme[0].from_across, state->scheme[1].from_across},
        .last_expenditure = state->scheme[scheme].last_expenditure,
        .depleted = state->scheme[scheme].depleted,
        .scratch = state->scratch,
    };
    return call->n_units > 0;
}

void pc_state_units(const pc_pooling *pooling, pc_pooling_state *state, int scheme, int year, const pc_flows *flows)
{
    const pc_stack *stack = &pooling->stacks[scheme][pooling->stack_of[scheme][year]];
    pc_scheme_state *part = &state->scheme[scheme];
    int pool = 0;

    for (int u = 0; u < stack->n_units; u++) {
        const pc_unit_plan *plan = &stack->units[u];
        const double *from[PC_POOL_ROWS] = {flows->revenue, flows->expenditure, flows->other,
                                            flows->payroll, part->last_revenue, part->last_expenditure};
        const double *rows[PC_POOL_ROWS];
        for (int k = 0; k < PC_POOL_ROWS; k++) {
            if (!from[k]) {
                rows[k] = NULL;
            } else if (plan->entry < 0) {
                rows[k] = from[k] + (size_t)plan->members[0] * PC_LANES;
            } else {
                double *sum = part->pool_rows + (size_t)(pool * PC_POOL_ROWS + k) * PC_LANES;
                pc_row_gather(sum, from[k], plan->members, plan->n_members);
                rows[k] = sum;
            }
        }
        pool += plan->entry >= 0;
        if (state->home) {
            state->home[plan->account] = plan->members[0];
        }
        part->units[u] = (pc_unit){
            .account = plan->account,
            .n_members = plan->n_members,
            .members = plan->members,
            .pooled = plan->entry >= 0,
            .revenue = rows[0],
            .expenditure = rows[1],
            .other = rows[2],
            .payroll = rows[3],
            .last_revenue = rows[4],
            .last_expenditure = rows[5],
        };
    }
}
