/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a policy as the plan wrote it to accounts and stacks. */
#include <stdlib.h>
#include <string.h>

#include "../levers/lever.h"
#include "../list.h"
#include "layer.h"
#include "policy.h"
#include "shortfall.h"

/* 1: every group of p lies in one group of q (or wholly in none). */
static int refines(const pc_partition *p, const pc_partition *q, int n_regions)
{
    for (int a = 0; a < n_regions; a++) {
        for (int b = a + 1; b < n_regions; b++) {
            if (p->group_of[a] >= 0 && p->group_of[a] == p->group_of[b] && q->group_of[a] != q->group_of[b]) {
                return 0;
            }
        }
    }
    return 1;
}

static int year_of(const pc_pooling_env *env, int from)
{
    return env->base_year + from;
}

/* Order of the layers of a phase, finest partition first, else as written; layers without partition keep their place.
 * order[n_layers]. */
static pc_code order_layers(const pc_pooling_env *env, const pc_policy_spec *spec, const pc_phase *phase, int *order,
                            pc_status *status)
{
    int n = phase->n_layers, n_regions = env->n_regions;

    for (int a = 0; a < n; a++) {
        const pc_layer_use *use = &phase->layers[a];
        const char *wrong;
        if (use->layer->takes_partition && !use->over) {
            return pc_fail(status, PC_ERR_INPUT, "policy %s, %d: layer %s: `over` is missing", spec->name,
                           year_of(env, phase->from), use->layer->head.name);
        }
        if (use->layer->check && (wrong = use->layer->check(use->values))) {
            return pc_fail(status, PC_ERR_INPUT, "policy %s, %d: layer %s: %s", spec->name, year_of(env, phase->from),
                           use->layer->head.name, wrong);
        }
        for (int b = 0; b < a; b++) {
            const pc_partition *p = phase->layers[b].over, *q = use->over;
            if (p && q && !refines(p, q, n_regions) && !refines(q, p, n_regions)) {
                return pc_fail(status, PC_ERR_INPUT,
                               "policy %s, %d: layers %s over %s and %s over %s: the partitions do not nest",
                               spec->name, year_of(env, phase->from), phase->layers[b].layer->head.name, p->name,
                               use->layer->head.name, q->name);
            }
        }
    }
    for (int k = 0; k < n; k++) {
        order[k] = -1;
    }
    for (int k = 0; k < n; k++) { /* the first left that nothing left is strictly finer than */
        for (int a = 0; a < n && order[k] < 0; a++) {
            int free = 1;
            for (int done = 0; done < k; done++) {
                free = free && order[done] != a;
            }
            for (int b = 0; b < n && free; b++) {
                const pc_partition *p = phase->layers[b].over, *q = phase->layers[a].over;
                int left = b != a && p && q;
                for (int done = 0; done < k; done++) {
                    left = left && order[done] != b;
                }
                free = !(left && refines(p, q, n_regions) && !refines(q, p, n_regions));
            }
            if (free) {
                order[k] = a;
            }
        }
    }
    return PC_OK;
}

typedef struct draft { /* growing lists while a scheme is prepared */
    pc_slot *slots;
    int n_slots;
} draft;

static int find_slot(draft *d, const pc_layer *layer, const pc_partition *over, int ordinal, int n_regions)
{
    for (int k = 0; k < d->n_slots; k++) {
        const pc_slot *slot = &d->slots[k];
        if (slot->layer == layer && slot->ordinal == ordinal &&
            (slot->over == over || (slot->over && over && slot->over->n_groups == over->n_groups &&
                                    !memcmp(slot->over->group_of, over->group_of, (size_t)n_regions * sizeof(int))))) {
            return k;
        }
    }
    d->slots[d->n_slots] = (pc_slot){.layer = layer, .over = over, .ordinal = ordinal, .first_account = -1};
    return d->n_slots++;
}

/* Units of a stack: pools of the absorbing entries (finest first takes a region), then regions left on their own.
 * Pools' accounts are set later: `account` is still the group. */
static pc_code build_units(const pc_pooling_env *env, pc_stack *stack, pc_arena *arena, pc_status *status)
{
    int n = env->n_regions, *unit_of = pc_arena_calloc(arena, (size_t)n, sizeof *unit_of);
    int *members = pc_arena_calloc(arena, (size_t)n, sizeof *members);
    pc_unit_plan *units = pc_arena_calloc(arena, (size_t)n, sizeof *units);
    int n_units = 0, used = 0;

    if (!unit_of || !members || !units) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int r = 0; r < n; r++) {
        unit_of[r] = -1;
    }
    for (int e = 0; e < stack->n_entries; e++) {
        const pc_partition *over = stack->entries[e].over;
        for (int g = 0; stack->entries[e].layer->absorbs && g < over->n_groups; g++) {
            pc_unit_plan *unit = &units[n_units];
            *unit = (pc_unit_plan){.members = members + used, .entry = e, .group = g};
            for (int r = 0; r < n; r++) {
                if (over->group_of[r] == g && unit_of[r] < 0) {
                    members[used++] = r;
                    unit->n_members++;
                    unit_of[r] = n_units;
                }
            }
            n_units += unit->n_members > 0;
        }
    }
    stack->has_gap = n_units > 0;
    for (int r = 0; r < n; r++) {
        if (unit_of[r] < 0) {
            members[used] = r;
            unit_of[r] = n_units;
            units[n_units++] = (pc_unit_plan){.n_members = 1, .members = members + used++, .entry = -1, .group = r};
        }
    }
    stack->n_units = n_units;
    stack->units = units;
    stack->unit_of = unit_of;
    return PC_OK;
}

/* Which units take part in each group of each entry. */
static pc_code group_units(const pc_pooling_env *env, const pc_policy_spec *spec, pc_stack *stack,
                           pc_entry_plan *entries, pc_arena *arena, pc_status *status)
{
    for (int e = 0; e < stack->n_entries; e++) {
        pc_entry_plan *entry = &entries[e];
        const pc_partition *over = entry->over;
        int *first, *list, used = 0;
        if (!over) {
            continue;
        }
        first = pc_arena_calloc(arena, (size_t)over->n_groups + 1, sizeof *first);
        list = pc_arena_calloc(arena, (size_t)stack->n_units, sizeof *list);
        if (!first || !list) {
            return pc_fail(status, PC_ERR_FAIL, "out of memory");
        }
        for (int u = 0; u < stack->n_units; u++) {
            const pc_unit_plan *unit = &stack->units[u];
            for (int m = 1; m < unit->n_members && !entry->layer->absorbs; m++) {
                if (over->group_of[unit->members[m]] != over->group_of[unit->members[0]]) {
                    return pc_fail(status, PC_ERR_INPUT,
                                   "policy %s, %d: layer %s over %s: its groups cut a pool of %s over %s", spec->name,
                                   year_of(env, stack->from), entry->layer->head.name, over->name,
                                   entries[unit->entry].layer->head.name, entries[unit->entry].over->name);
                }
            }
        }
        for (int g = 0; g < over->n_groups; g++) {
            first[g] = used;
            for (int u = 0; u < stack->n_units; u++) {
                const pc_unit_plan *unit = &stack->units[u];
                int inside = entry->layer->absorbs ? unit->entry == e && unit->group == g
                                                   : over->group_of[unit->members[0]] == g;
                if (inside) {
                    list[used++] = u;
                }
            }
        }
        first[over->n_groups] = used;
        entry->group_first = first;
        entry->group_units = list;
    }
    return PC_OK;
}

/* First memo row of the use of a lever that is the ordinal-th of its kind in its phase: the same in all phases. */
static int lever_memo(pc_pooling *pooling, int scheme, const pc_stack *stacks, int n_stacks, const pc_lever *lever,
                      int ordinal)
{
    int first = pooling->n_lever_memos[scheme];

    for (int k = 0; k < n_stacks; k++) {
        for (int j = 0, seen = 0; j < stacks[k].n_levers; j++) {
            if (stacks[k].levers[j].lever == lever && seen++ == ordinal) {
                return stacks[k].levers[j].first_memo;
            }
        }
    }
    pooling->n_lever_memos[scheme] += lever->memo_rows * pooling->env.n_regions;
    return first;
}

static pc_code prepare_levers(pc_pooling *pooling, int scheme, const pc_phase *phases, int phase, const pc_stack *stacks,
                              int n_stacks, pc_stack *stack, pc_arena *arena, pc_status *status)
{
    const pc_pooling_env *env = &pooling->env;
    const pc_policy_spec *spec = pooling->spec;
    int from = stack->from;
    const pc_phase *now = &phases[phase];
    pc_lever_plan *plans = pc_arena_calloc(arena, (size_t)now->n_levers, sizeof *plans);
    int n = 0;

    if (!plans) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int order = PC_LEVER_FACTOR; order < PC_LEVER_ORDERS; order++) {
        for (int k = 0; k < now->n_levers; k++) {
            const pc_lever *lever = now->levers[k].lever;
            int first = from, back = phase, ordinal = 0;
            if (lever->order != order) {
                continue;
            }
            if (!(lever->schemes >> scheme & 1)) {
                return pc_fail(status, PC_ERR_INPUT, "policy %s, %d: lever %s: not for the %s scheme", spec->name,
                               year_of(env, now->from), lever->head.name,
                               scheme == PC_EMPLOYEE ? "employee" : "resident");
            }
            while (back > 0) { /* the first phase of the unbroken run that uses it */
                int uses = 0;
                for (int j = 0; j < phases[back - 1].n_levers; j++) {
                    uses = uses || phases[back - 1].levers[j].lever == lever;
                }
                if (!uses) {
                    break;
                }
                back--;
                first = phases[back].from < 1 ? 1 : phases[back].from;
            }
            plans[n] = (pc_lever_plan){.lever = lever, .values = now->levers[k].values};
            for (int j = 0; j < n; j++) {
                ordinal += plans[j].lever == lever;
            }
            plans[n].first_memo = lever_memo(pooling, scheme, stacks, n_stacks, lever, ordinal);
            plans[n].draw = pc_lever_draw(lever);
            if (lever->prepare &&
                lever->prepare(env, scheme, plans[n].values, first, arena, &plans[n].table, status) != PC_OK) {
                return status ? status->code : PC_ERR_FAIL;
            }
            stack->touched |= lever->touches;
            stack->moves |= (lever->touches & PC_TOUCH_CROSSED) != 0;
            n++;
        }
    }
    if (stack->touched & (PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH(PC_FLOW_CREDITS))) {
        stack->touched |= PC_TOUCH(PC_FLOW_OTHER); /* X = credits + share R */
    }
    stack->n_levers = n;
    stack->levers = plans;
    return PC_OK;
}

static pc_code prepare_stack(pc_pooling *pooling, const pc_phase *phase, draft *d, const pc_stack *before,
                             pc_stack *stack, pc_arena *arena, pc_status *status)
{
    const pc_pooling_env *env = &pooling->env;
    pc_entry_plan *entries = pc_arena_calloc(arena, (size_t)phase->n_layers, sizeof *entries);
    int *order = pc_arena_calloc(arena, (size_t)phase->n_layers, sizeof *order);
    pc_code code;

    if (!entries || !order) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    if ((code = order_layers(env, pooling->spec, phase, order, status)) != PC_OK) {
        return code;
    }
    for (int k = 0; k < phase->n_layers; k++) {
        const pc_layer_use *use = &phase->layers[order[k]];
        const pc_layer *layer = use->layer;
        int ordinal = 0;
        entries[k] = (pc_entry_plan){.layer = layer, .values = use->values, .over = use->over, .fresh = 1};
        do {
            int taken = 0;
            entries[k].slot = find_slot(d, layer, use->over, ordinal++, env->n_regions);
            for (int j = 0; j < k; j++) {
                taken = taken || entries[j].slot == entries[k].slot;
            }
            if (!taken) {
                break;
            }
        } while (1);
        for (int j = 0; before && j < before->n_entries; j++) {
            entries[k].fresh = entries[k].fresh && before->entries[j].slot != entries[k].slot;
        }
        stack->moves |=
            layer->set_aside || layer->levy || layer->draw || layer->pay || layer->repay || layer->aid || layer->crosses;
        pooling->needs_last |=
            layer->reads_last || layer->absorbs || layer->memo_by_region || layer->funds != PC_FUNDS_NONE;
    }
    for (int k = 0; k < phase->n_shortfalls; k++) {
        const pc_shortfall *rule = phase->shortfalls[k].rule;
        pooling->needs_last |= rule->reads_last;
        if (rule->raise) {
            stack->raises = 1;
            stack->touched |= PC_TOUCH(PC_FLOW_REVENUE) | PC_TOUCH(PC_FLOW_OTHER);
        }
    }
    stack->from = phase->from < 1 ? 1 : phase->from;
    stack->n_entries = phase->n_layers;
    stack->entries = entries;
    stack->n_shortfalls = phase->n_shortfalls;
    stack->shortfalls = phase->shortfalls;
    if ((code = build_units(env, stack, arena, status)) != PC_OK) {
        return code;
    }
    return group_units(env, pooling->spec, stack, entries, arena, status);
}

/* Numbers the accounts of a scheme from *next on, and gives units theirs. */
static void number_accounts(pc_pooling *pooling, int scheme, draft *d, pc_stack *stacks, int n_stacks, int *next)
{
    pc_accounts *accounts = &pooling->accounts[scheme];
    int n = pooling->env.n_regions;

    accounts->first = accounts->region = *next;
    *next += n;
    for (int k = 0; k < d->n_slots; k++) {
        pc_slot *slot = &d->slots[k];
        int n_groups = slot->layer->funds == PC_FUNDS_REGION ? n : slot->over ? slot->over->n_groups : 1;
        slot->first_memo = pooling->n_memos;
        pooling->n_memos += slot->layer->memo_rows * (slot->layer->memo_by_region ? n : n_groups);
        slot->first_fund = -1;
        if (slot->layer->funds == PC_FUNDS_GROUP && !slot->layer->absorbs) {
            slot->first_fund = pooling->n_funds[scheme];
            pooling->n_funds[scheme] += n_groups;
            pooling->gives[scheme] = 1;
        }
        if (slot->layer->funds != PC_FUNDS_NONE) {
            slot->first_account = *next;
            slot->n_accounts = n_groups;
            *next += n_groups;
        }
    }
    accounts->end = *next;
    accounts->outside = (*next)++;
    accounts->treasury = *next;
    *next += PC_PAYERS;
    accounts->members = (*next)++;
    accounts->providers = (*next)++;
    accounts->released = (*next)++;
    accounts->past = *next;
    for (int k = 0; k < n_stacks; k++) {
        for (int u = 0; u < stacks[k].n_units; u++) {
            pc_unit_plan *unit = (pc_unit_plan *)&stacks[k].units[u];
            pooling->gives[scheme] |= unit->n_members > 1;
            unit->account = unit->entry < 0 ? accounts->region + unit->group
                                            : d->slots[stacks[k].entries[unit->entry].slot].first_account + unit->group;
        }
    }
}

static pc_code prepare_scheme(pc_pooling *pooling, int scheme, int *next, pc_arena *arena, pc_status *status)
{
    static const pc_phase empty = {0};
    const pc_pooling_env *env = &pooling->env;
    const pc_policy_spec *spec = pooling->spec;
    int n_phases = spec->n_phases[scheme], n_stacks = 0, n_layers = 0;
    const pc_phase *phases = spec->phases[scheme];
    pc_stack *stacks = pc_arena_calloc(arena, (size_t)n_phases + 1, sizeof *stacks);
    int *stack_of = pc_arena_calloc(arena, (size_t)env->n_years + 1, sizeof *stack_of);
    size_t cells = (size_t)(env->n_years + 1) * env->n_regions;
    draft d = {0};
    pc_code code;

    for (int p = 0; p < n_phases; p++) {
        n_layers += phases[p].n_layers;
    }
    d.slots = pc_arena_calloc(arena, (size_t)n_layers, sizeof *d.slots);
    pooling->central_revenue[scheme] = pc_arena_calloc(arena, cells, sizeof(double));
    pooling->central_expenditure[scheme] = pc_arena_calloc(arena, cells, sizeof(double));
    if (!stacks || !stack_of || !d.slots || !pooling->central_revenue[scheme] ||
        !pooling->central_expenditure[scheme]) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    if ((code = prepare_stack(pooling, &empty, &d, NULL, &stacks[n_stacks], arena, status)) != PC_OK) {
        return code;
    }
    stacks[n_stacks++].from = 0;
    for (int p = 0; p < n_phases; p++) {
        pc_stack *stack = &stacks[n_stacks];
        if (p > 0 && phases[p].from <= phases[p - 1].from) {
            return pc_fail(status, PC_ERR_INPUT, "policy %s: the phase from %d is not later than the one before it",
                           spec->name, year_of(env, phases[p].from));
        }
        if ((p + 1 < n_phases && phases[p + 1].from <= 1) || phases[p].from > env->n_years) {
            continue; /* over before the first year, or never reached */
        }
        code = prepare_stack(pooling, &phases[p], &d, stack - 1, stack, arena, status);
        if (code == PC_OK) {
            code = prepare_levers(pooling, scheme, phases, p, stacks, n_stacks, stack, arena, status);
        }
        if (code != PC_OK) {
            return code;
        }
        pooling->touched[scheme] |= stack->touched;
        n_stacks++;
    }
    for (int year = 1; year <= env->n_years; year++) {
        for (int k = 0; k < n_stacks; k++) {
            if (stacks[k].from <= year) {
                stack_of[year] = k;
            }
        }
    }
    number_accounts(pooling, scheme, &d, stacks, n_stacks, next);
    pooling->n_slots[scheme] = d.n_slots;
    pooling->slots[scheme] = d.slots;
    pooling->n_stacks[scheme] = n_stacks;
    pooling->stacks[scheme] = stacks;
    pooling->stack_of[scheme] = stack_of;
    return PC_OK;
}

static int same_units(const pc_unit_plan *a, const pc_unit_plan *b)
{
    return a->n_members == b->n_members && !memcmp(a->members, b->members, (size_t)a->n_members * sizeof *a->members);
}

/* A layer that crosses: the other scheme's stacks count transfers too, and the units of its groups must be alike. */
static pc_code prepare_across(pc_pooling *pooling, pc_status *status)
{
    for (int s = 0; s < PC_SCHEMES; s++) {
        int other = 1 - s, crosses = 0;
        for (int year = 1; year <= pooling->env.n_years; year++) {
            const pc_stack *stack = &pooling->stacks[s][pooling->stack_of[s][year]];
            const pc_stack *across = &pooling->stacks[other][pooling->stack_of[other][year]];
            for (int e = 0; e < stack->n_entries; e++) {
                const pc_entry_plan *entry = &stack->entries[e];
                for (int r = 0; entry->layer->crosses && r < pooling->env.n_regions; r++) {
                    if (entry->over->group_of[r] >= 0 &&
                        !same_units(&stack->units[stack->unit_of[r]], &across->units[across->unit_of[r]])) {
                        return pc_fail(status, PC_ERR_INPUT,
                                       "policy %s, %d: layer %s over %s: the schemes are not pooled alike",
                                       pooling->spec->name, year_of(&pooling->env, year), entry->layer->head.name,
                                       entry->over->name);
                    }
                }
                crosses = crosses || entry->layer->crosses;
            }
            crosses = crosses || (stack->touched & PC_TOUCH_CROSSED);
        }
        for (int k = 0; crosses && k < pooling->n_stacks[other]; k++) {
            ((pc_stack *)&pooling->stacks[other][k])->moves = 1;
        }
    }
    return PC_OK;
}

pc_code pc_pooling_prepare(pc_pooling *pooling, const pc_policy_spec *spec, const pc_pooling_env *env, pc_arena *arena,
                           pc_status *status)
{
    unsigned char *inside;
    int next = 0, *fund_of;

    *pooling = (pc_pooling){.spec = spec, .env = *env};
    for (int s = 0; s < PC_SCHEMES; s++) {
        pc_code code = prepare_scheme(pooling, s, &next, arena, status);
        if (code != PC_OK) {
            return code;
        }
    }
    pooling->n_accounts = next;
    inside = pc_arena_calloc(arena, (size_t)next, 1);
    if (!inside) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        memset(inside + pooling->accounts[s].first, 1, (size_t)(pooling->accounts[s].end - pooling->accounts[s].first));
    }
    pooling->inside = inside;
    pooling->fund_of = fund_of = pc_arena_calloc(arena, (size_t)next, sizeof *fund_of);
    if (!fund_of) {
        return pc_fail(status, PC_ERR_FAIL, "out of memory");
    }
    for (int k = 0; k < next; k++) {
        fund_of[k] = -1;
    }
    for (int s = 0; s < PC_SCHEMES; s++) {
        for (int k = 0; k < pooling->n_slots[s]; k++) {
            const pc_slot *slot = &pooling->slots[s][k];
            for (int g = 0; slot->first_fund >= 0 && g < slot->n_accounts; g++) {
                fund_of[slot->first_account + g] = slot->first_fund + g;
            }
        }
    }
    return prepare_across(pooling, status);
}
