/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short forms of overrides inside a policy, for those who know what they want to change and not in which phase and
 * place of a list it stands:
 *   policy.NAME.[ENTRY.]PARAMETER=VALUE   in every layer, lever and shortfall rule of the policy that has it (ENTRY:
 * only in those of that name); a lever that the policy lacks is added to its phases policy.NAME.start=YEAR moves all
 * phases of the policy so that the first starts in YEAR */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "scenario/reader.h"
#include "scenario/schema.h"

static const struct {
    const char *list;
    pc_schema_place place;
} lists[] = {{"layers", PC_PLACE_LAYER}, {"levers", PC_PLACE_LEVER}, {"shortfall", PC_PLACE_SHORTFALL}};
enum { N_LISTS = 3, MAX_KNOWN = 256 };

static const struct {
    const char *key;
    unsigned schemes;
} schemes[] = {{"employee", 1u << PC_EMPLOYEE},
               {"resident", 1u << PC_RESIDENT},
               {"both", (1u << PC_EMPLOYEE) | (1u << PC_RESIDENT)}};
enum { EMPLOYEE_KEY, RESIDENT_KEY, BOTH_KEY, N_SCHEME_KEYS };

static const pc_param *find_param(const pc_head *head, const char *key)
{
    for (int i = 0; i < head->n_params; i++) {
        if (strcmp(head->params[i].key, key) == 0) {
            return &head->params[i];
        }
    }
    return NULL;
}

static const pc_head *find_head(pc_schema_place place, const char *name)
{
    for (int i = 0; i < pc_schema_n_heads(place); i++) {
        if (strcmp(pc_schema_head(place, i)->name, name) == 0) {
            return pc_schema_head(place, i);
        }
    }
    return NULL;
}

/* What is looked for: a parameter, in every entry or in those of one name. */
typedef struct target {
    const char *whole; /* ENTRY.PARAMETER or PARAMETER, as written */
    pc_node *value;
    pc_spot spot;
    int n_set;
    const char *known[MAX_KNOWN];
    int n_known;
} target;

/* The part of `whole` that is the parameter of an entry of that name; NULL when it is for another entry. */
static const char *param_key(const target *t, const char *entry)
{
    const size_t length = strlen(entry);

    if (strncmp(t->whole, entry, length) == 0 && t->whole[length] == '.') {
        return t->whole + length + 1;
    }
    return t->whole;
}

static void know(pc_reader *reader, target *t, const pc_head *head)
{
    for (int i = 0; i < head->n_params && t->n_known < MAX_KNOWN; i++) {
        const char *name = pc_arena_printf(reader->scratch, "%s.%s", head->name, head->params[i].key);
        int seen = !name;
        for (int k = 0; k < t->n_known && !seen; k++) {
            seen = strcmp(t->known[k], name) == 0;
        }
        if (!seen) {
            t->known[t->n_known++] = name;
        }
    }
}

static const char *entry_name(const pc_node *item)
{
    if (item->kind == PC_NODE_SCALAR) {
        return item->text;
    }
    return item->kind == PC_NODE_MAP && item->n == 1 ? item->keys[0]->text : NULL;
}

static void set_in_list(pc_reader *reader, target *t, pc_schema_place place, pc_node *list)
{
    for (int i = 0; list->kind == PC_NODE_LIST && i < list->n; i++) {
        const char *name = entry_name(list->items[i]);
        const pc_head *head = name ? find_head(place, name) : NULL;
        pc_node *body;

        if (!head) {
            continue; /* the reader says so */
        }
        know(reader, t, head);
        if (!find_param(head, param_key(t, name))) {
            continue;
        }
        body = pc_override_entry(reader, list, i);
        if (!body || body->kind != PC_NODE_MAP) {
            continue;
        }
        if (!pc_node_set(body, param_key(t, name), t->spot, t->value, reader->scratch)) {
            pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        }
        t->n_set++;
    }
}

static void set_in_policy(pc_reader *reader, target *t, const pc_node *policy)
{
    for (int s = 0; s < N_SCHEME_KEYS; s++) {
        const int at = pc_node_find(policy, schemes[s].key);
        const pc_node *phases = at >= 0 ? policy->items[at] : NULL;
        for (int p = 0; phases && phases->kind == PC_NODE_MAP && p < phases->n; p++) {
            for (int k = 0; k < N_LISTS; k++) {
                const int list = pc_node_find(phases->items[p], lists[k].list);
                if (list >= 0) {
                    set_in_list(reader, t, lists[k].place, phases->items[p]->items[list]);
                }
            }
        }
    }
}

/* ---- a lever that is not there yet ----------------------------------------------------------------------------------
 */

static pc_node *child(pc_reader *reader, pc_node *map, const char *key, pc_spot spot)
{
    const int at = pc_node_find(map, key);
    pc_node *made;

    if (at >= 0 && map->items[at]->kind == PC_NODE_MAP) {
        return map->items[at];
    }
    made = pc_node_map(reader->scratch, spot);
    if (!made || !pc_node_set(map, key, spot, made, reader->scratch)) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    return made;
}

/* `both:` written out as its two schemes, so that one of them can get a lever of its own. Lists of levers are copied,
 * the rest is shared: it stays the same for both. */
static pc_node *split_both(pc_reader *reader, pc_node *policy)
{
    const int at = pc_node_find(policy, schemes[BOTH_KEY].key);
    const pc_node *both = at >= 0 ? policy->items[at] : NULL;
    pc_node *rest = pc_node_map(reader->scratch, policy->spot);

    if (!both || both->kind != PC_NODE_MAP) {
        return policy;
    }
    for (int i = 0; rest && i < policy->n; i++) {
        if (i != at &&
            !pc_node_set(rest, policy->keys[i]->text, policy->keys[i]->spot, policy->items[i], reader->scratch)) {
            rest = NULL;
        }
    }
    for (int s = 0; rest && s < BOTH_KEY; s++) {
        pc_node *mine = child(reader, rest, schemes[s].key, both->spot);
        for (int p = 0; mine && p < both->n; p++) {
            const pc_node *phase = both->items[p];
            pc_node *copy = pc_node_map(reader->scratch, phase->spot);
            for (int i = 0; copy && phase->kind == PC_NODE_MAP && i < phase->n; i++) {
                if (!pc_node_set(copy, phase->keys[i]->text, phase->keys[i]->spot, phase->items[i], reader->scratch)) {
                    copy = NULL;
                }
            }
            if (!copy || !pc_node_set(mine, both->keys[p]->text, both->keys[p]->spot, copy, reader->scratch)) {
                rest = NULL;
                break;
            }
        }
    }
    if (!rest) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
    }
    return rest;
}

/* {NAME: {KEY: value}} at the end of a phase's levers. */
static void append_lever(pc_reader *reader, target *t, pc_node *phase, const pc_head *head, const char *key)
{
    const int at = pc_node_find(phase, "levers");
    const pc_node *old = at >= 0 && phase->items[at]->kind == PC_NODE_LIST ? phase->items[at] : NULL;
    pc_node *list = pc_arena_calloc(reader->scratch, 1, sizeof *list);
    pc_node *entry = pc_node_map(reader->scratch, t->spot), *body = pc_node_map(reader->scratch, t->spot);
    const int n = old ? old->n : 0;

    if (list) {
        *list = (pc_node){.kind = PC_NODE_LIST, .spot = t->spot, .n = n + 1, .room = n + 1};
        list->items = pc_arena_calloc(reader->scratch, (size_t)n + 1, sizeof *list->items);
    }
    if (!list || !list->items || !entry || !body || !pc_node_set(body, key, t->spot, t->value, reader->scratch) ||
        !pc_node_set(entry, head->name, t->spot, body, reader->scratch) ||
        !pc_node_set(phase, "levers", t->spot, list, reader->scratch)) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return;
    }
    for (int i = 0; i < n; i++) {
        list->items[i] = old->items[i];
    }
    list->items[n] = entry;
    t->n_set++;
}

static void add_lever(pc_reader *reader, target *t, pc_node *policies, int index)
{
    pc_node *policy = policies->items[index];
    const pc_lever *lever = NULL;
    const char *key = NULL;

    for (int i = 0; i < pc_n_levers && !lever; i++) {
        key = param_key(t, pc_all_levers[i]->head.name);
        if (key != t->whole && find_param(&pc_all_levers[i]->head, key)) {
            lever = pc_all_levers[i];
        }
    }
    if (!lever) {
        return;
    }
    if (lever->schemes != schemes[BOTH_KEY].schemes) {
        policy = split_both(reader, policy);
        if (!policy) {
            return;
        }
        policies->items[index] = policy;
    }
    for (int s = 0; s < N_SCHEME_KEYS; s++) {
        const int at = pc_node_find(policy, schemes[s].key);
        const pc_node *phases = at >= 0 ? policy->items[at] : NULL;
        if (schemes[s].schemes & ~lever->schemes) {
            continue;
        }
        for (int p = 0; phases && phases->kind == PC_NODE_MAP && p < phases->n; p++) {
            if (pc_node_empty(phases->items[p])) {
                phases->items[p] = pc_node_map(reader->scratch, t->spot);
            }
            if (phases->items[p] && phases->items[p]->kind == PC_NODE_MAP) {
                append_lever(reader, t, phases->items[p], &lever->head, key);
            }
        }
    }
    if (t->n_set == 0) { /* a policy without a phase: one from the first year on */
        const int at = pc_node_find(reader->root, "base_year");
        const char *base =
            at >= 0 && reader->root->items[at]->kind == PC_NODE_SCALAR ? reader->root->items[at]->text : "";
        const int key_at = lever->schemes == schemes[RESIDENT_KEY].schemes   ? RESIDENT_KEY
                           : lever->schemes == schemes[EMPLOYEE_KEY].schemes ? EMPLOYEE_KEY
                                                                             : BOTH_KEY;
        const char *year = pc_arena_printf(reader->scratch, "%d", atoi(base) + 1);
        pc_node *phases = child(reader, policy, schemes[key_at].key, t->spot);
        pc_node *phase = phases && year ? child(reader, phases, year, t->spot) : NULL;
        if (phase) {
            append_lever(reader, t, phase, &lever->head, key);
        }
    }
}

/* ---- start ----------------------------------------------------------------------------------------------------------
 */

static void move_start(pc_reader *reader, const pc_node *policy, pc_spot spot, const pc_node *value)
{
    int wanted, first = 0;
    char found[200];

    if (value->kind != PC_NODE_SCALAR || !pc_value_year("start", value->text, spot, reader->problems, &wanted)) {
        if (value->kind != PC_NODE_SCALAR) {
            pc_problem(reader->problems, spot, "found %s for start, allowed a calendar year",
                       pc_node_found(value, found, sizeof found));
        }
        return;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int s = 0; s < N_SCHEME_KEYS; s++) {
            const int at = pc_node_find(policy, schemes[s].key);
            pc_node *phases = at >= 0 ? policy->items[at] : NULL, *moved;
            if (!phases || phases->kind != PC_NODE_MAP) {
                continue;
            }
            moved = pass == 1 ? pc_node_map(reader->scratch, phases->spot) : NULL;
            for (int p = 0; p < phases->n; p++) {
                const int year = atoi(phases->keys[p]->text);
                if (pass == 0) {
                    first = year > 0 && (first == 0 || year < first) ? year : first;
                } else {
                    const char *text = pc_arena_printf(reader->scratch, "%d", year + wanted - first);
                    if (!moved || !text || !pc_node_set(moved, text, spot, phases->items[p], reader->scratch)) {
                        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
                        return;
                    }
                }
            }
            if (pass == 1) {
                policy->items[at] = moved;
            }
        }
        if (first == 0) {
            pc_problem(reader->problems, spot, "found start for a policy without phases, allowed where there is one");
            return;
        }
    }
}

void pc_policy_override(pc_reader *reader, pc_node *root, char *const *part, int n, pc_spot spot, pc_node *value)
{
    const int at = pc_node_find(root, "policies");
    pc_node *policies = at >= 0 ? root->items[at] : NULL;
    target t = {.value = value, .spot = spot};
    char whole[512] = "";
    size_t used = 0;
    int index;

    if (!policies || policies->kind != PC_NODE_MAP) {
        return; /* the reader says so */
    }
    if (n < 2) {
        pc_problem(reader->problems, spot, "found policy.%s, allowed policy.NAME.PARAMETER or policy.NAME.start",
                   n > 0 ? part[0] : "");
        return;
    }
    index = pc_node_find(policies, part[0]);
    if (index < 0) {
        for (int i = 0; i < policies->n && t.n_known < MAX_KNOWN; i++) {
            t.known[t.n_known++] = policies->keys[i]->text;
        }
        pc_value_unknown("policy", part[0], spot, t.known, t.n_known, reader->problems);
        return;
    }
    if (pc_node_empty(policies->items[index])) {
        policies->items[index] = pc_node_map(reader->scratch, spot);
    }
    if (!policies->items[index] || policies->items[index]->kind != PC_NODE_MAP) {
        return;
    }
    if (n == 2 && strcmp(part[1], "start") == 0) {
        move_start(reader, policies->items[index], spot, value);
        return;
    }
    for (int i = 1; i < n; i++) {
        const int more = snprintf(whole + used, sizeof whole - used, "%s%s", i > 1 ? "." : "", part[i]);
        used += more > 0 ? (size_t)more : 0;
        if (used >= sizeof whole) {
            break;
        }
    }
    t.whole = whole;
    set_in_policy(reader, &t, policies->items[index]);
    if (t.n_set == 0) {
        add_lever(reader, &t, policies, index);
    }
    if (t.n_set == 0 && reader->status->code == PC_OK) {
        pc_value_unknown("parameter of the policy", whole, spot, t.known, t.n_known, reader->problems);
    }
}

/* ---- what a key is
 * --------------------------------------------------------------------------------------------------- */

static const pc_param *param_of_policy(const pc_policy_entry *policy, const char *whole, unsigned *found)
{
    const pc_param *result = NULL;
    const target t = {.whole = whole};

    for (int s = 0; s < PC_SCHEMES; s++) {
        for (int p = 0; p < policy->n_phases[s]; p++) {
            const pc_phase_entry *phase = &policy->phases[s][p];
            const pc_entry *entries[N_LISTS] = {phase->layers, phase->levers, phase->shortfalls};
            const int n[N_LISTS] = {phase->n_layers, phase->n_levers, phase->n_shortfalls};
            for (int k = 0; k < N_LISTS; k++) {
                for (int i = 0; i < n[k]; i++) {
                    const pc_head *head = entries[k][i].section.head;
                    const pc_param *param = find_param(head, param_key(&t, head->name));
                    if (param) {
                        result = param;
                        *found |= 1u << s;
                    }
                }
            }
        }
    }
    for (int i = 0; i < pc_n_levers && !result; i++) { /* one that would be added */
        const char *key = param_key(&t, pc_all_levers[i]->head.name);
        result = key != whole ? find_param(&pc_all_levers[i]->head, key) : NULL;
        *found |= result ? pc_all_levers[i]->schemes : 0;
    }
    return result;
}

const pc_param *pc_scenario_param(const pc_scenario *scenario, const char *key, int *policy, unsigned *schemes_found)
{
    static const char prefix[] = "policy.";
    static const pc_param start = {"start", PC_PARAM_INT, "year", 1900, 2300, 0, NULL, "first year of the policy"};
    unsigned found = 0;
    const pc_param *param = NULL;

    *policy = -1;
    *schemes_found = 0;
    if (strncmp(key, prefix, sizeof prefix - 1) == 0) {
        const char *name = key + sizeof prefix - 1, *dot = strchr(name, '.');
        for (int p = 0; dot && p < scenario->n_policies; p++) {
            if (strlen(scenario->policies[p].name) != (size_t)(dot - name) ||
                strncmp(scenario->policies[p].name, name, (size_t)(dot - name)) != 0) {
                continue;
            }
            *policy = p;
            if (strcmp(dot + 1, "start") == 0) {
                for (int s = 0; s < PC_SCHEMES; s++) {
                    found |= scenario->policies[p].n_phases[s] > 0 ? 1u << s : 0;
                }
                param = &start;
            } else {
                param = param_of_policy(&scenario->policies[p], dot + 1, &found);
            }
        }
        *schemes_found = found;
        return param;
    }
    for (int i = 0; i < pc_n_heads; i++) {
        const size_t length = strlen(pc_all_heads[i]->name);
        if (strncmp(key, pc_all_heads[i]->name, length) == 0 && key[length] == '.') {
            param = find_param(pc_all_heads[i], key + length + 1);
        }
    }
    for (int i = 0; i < scenario->n_shocks && !param; i++) {
        const size_t length = strlen(scenario->shock_names[i]);
        if (strncmp(key, "shocks.", 7) == 0 && strncmp(key + 7, scenario->shock_names[i], length) == 0 &&
            key[7 + length] == '.') {
            param = find_param(scenario->shocks[i].head, key + 8 + length);
        }
    }
    return param ? param : find_param(&pc_schema_top, key);
}
