/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `--set key=value`: changes in the tree of the scenario before it is read. What is set carries the override as its
 * place, so that messages show it; whether the keys exist is found out by the reader like everything else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "scenario/reader.h"

enum { MAX_PARTS = 24 };

typedef struct path {
    char *part[MAX_PARTS];
    int n;
    pc_spot spot;
} path;

static void out_of_memory(pc_reader *reader)
{
    pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
}

/* The item of `map` for the parts from `at` on; *taken parts belong to its key (keys with dots may be written as one).
 */
static int find_item(const pc_node *map, const path *key, int at, int *taken)
{
    char joined[256] = "";
    size_t used = 0;

    for (int i = at; i < key->n; i++) {
        const int n = snprintf(joined + used, sizeof joined - used, "%s%s", i > at ? "." : "", key->part[i]);
        if (n < 0 || (size_t)n >= sizeof joined - used) {
            break;
        }
        used += (size_t)n;
        const int found = pc_node_find(map, joined);
        if (found >= 0) {
            *taken = i - at + 1;
            return found;
        }
    }
    *taken = 1;
    return -1;
}

/* An entry of a list of layers, levers or rules is `name` or {name: {...}}: its parameters are meant. */
static pc_node *into_entry(pc_reader *reader, pc_node *list, int index, const char *next)
{
    pc_node *item = list->items[index], *inner;

    if (item->kind == PC_NODE_SCALAR && !pc_node_empty(item)) {
        pc_node *map = pc_node_map(reader->scratch, item->spot);
        inner = pc_node_map(reader->scratch, item->spot);
        if (!map || !inner || !pc_node_set(map, item->text, item->spot, inner, reader->scratch)) {
            out_of_memory(reader);
            return NULL;
        }
        list->items[index] = item = map;
    }
    if (item->kind != PC_NODE_MAP || item->n != 1 || strcmp(item->keys[0]->text, next) == 0) {
        return item;
    }
    if (item->items[0]->kind == PC_NODE_SCALAR && pc_node_empty(item->items[0])) {
        inner = pc_node_map(reader->scratch, item->items[0]->spot);
        if (!inner) {
            out_of_memory(reader);
            return NULL;
        }
        item->items[0] = inner;
    }
    return item->items[0];
}

pc_node *pc_override_entry(pc_reader *reader, pc_node *list, int index)
{
    return into_entry(reader, list, index, "");
}

/* Policies and phases are not made up on the way to something inside them: that is a misspelt name. */
static int must_exist(pc_reader *reader, const pc_node *map, const path *key, int at)
{
    const char *known[256];
    int n = 0;

    if (strcmp(key->part[0], "policies") != 0 || (at != 1 && at != 3)) {
        return 0;
    }
    for (int i = 0; i < map->n && n < 256; i++) {
        known[n++] = map->keys[i]->text;
    }
    pc_value_unknown(at == 1 ? N_("policy") : N_("year of a phase"), key->part[at], key->spot, known, n,
                     reader->problems);
    return 1;
}

static void set(pc_reader *reader, pc_node *root, const path *key, pc_node *value)
{
    pc_node *node = root;
    int at = 0;

    while (at < key->n) {
        pc_node **slot = NULL;
        int taken = 1;
        if (node->kind == PC_NODE_LIST) {
            char *end;
            const long index = strtol(key->part[at], &end, 10);
            if (*end || end == key->part[at] || index < 0 || index >= node->n) {
                pc_problem(reader->problems, key->spot, "found the position \"%s\" in a list, allowed 0 to %d",
                           key->part[at], node->n - 1);
                return;
            }
            slot = &node->items[index];
            if (at + 1 < key->n) {
                node = into_entry(reader, node, (int)index, key->part[at + 1]);
                if (!node) {
                    return;
                }
                if (node->kind == PC_NODE_SCALAR) {
                    pc_problem(reader->problems, key->spot, "found \"%s\" inside a single value, allowed nothing there",
                               key->part[at + 1]);
                    return;
                }
                at++;
                continue;
            }
        } else {
            const int found = find_item(node, key, at, &taken);
            if (found < 0) {
                pc_node *made = at + 1 < key->n ? pc_node_map(reader->scratch, key->spot) : value;
                if (at + 1 < key->n && must_exist(reader, node, key, at)) {
                    return;
                }
                if (!made || !pc_node_set(node, key->part[at], key->spot, made, reader->scratch)) {
                    out_of_memory(reader);
                    return;
                }
                node = made;
                at++;
                continue;
            }
            slot = &node->items[found];
        }
        at += taken;
        if (at >= key->n) {
            *slot = value;
            return;
        }
        if ((*slot)->kind == PC_NODE_SCALAR) { /* e.g. {student_t: 8} instead of normal */
            *slot = pc_node_map(reader->scratch, key->spot);
            if (!*slot) {
                out_of_memory(reader);
                return;
            }
        }
        node = *slot;
    }
}

static void apply(pc_reader *reader, pc_node *root, const char *text)
{
    char *label = pc_arena_printf(reader->kept, "--set %s", text), *copy = pc_arena_strdup(reader->scratch, text),
         *equals;
    path key = {.n = 0};
    pc_node *value;

    if (!label || !copy) {
        out_of_memory(reader);
        return;
    }
    key.spot = (pc_spot){NULL, label, 0, 0};
    equals = strchr(copy, '=');
    if (!equals || equals == copy) {
        pc_problem(reader->problems, key.spot, "found \"%s\", allowed key=value", text);
        return;
    }
    *equals = 0;
    for (char *part = copy; part;) {
        char *dot = strchr(part, '.');
        if (dot) {
            *dot++ = 0;
        }
        if (part[0] == 0 || key.n == MAX_PARTS) {
            pc_problem(reader->problems, key.spot, "found an empty or too long key, allowed names joined by dots");
            return;
        }
        key.part[key.n++] = part;
        part = dot;
    }
    value = pc_yaml_value(equals + 1, label, reader->scratch, reader->problems, reader->status);
    if (value && strcmp(key.part[0], "policy") == 0) {
        pc_policy_override(reader, root, key.part + 1, key.n - 1, key.spot, value);
    } else if (value) {
        set(reader, root, &key, value);
    }
}

void pc_overrides_apply(pc_reader *reader, pc_node *root, const char *const *overrides, int n_overrides)
{
    pc_scenario *s = reader->scenario;

    s->overrides = pc_reader_keep(reader, (size_t)(n_overrides > 0 ? n_overrides : 1), sizeof(char *));
    pc_selection_add(reader, root, overrides, n_overrides);
    for (int i = 0; i < n_overrides && s->overrides; i++) {
        s->overrides[s->n_overrides++] = pc_reader_text(reader, overrides[i]);
        if (!pc_selection_names(overrides[i]) && !pc_span_is(overrides[i])) {
            apply(reader, root, overrides[i]);
        }
    }
}
