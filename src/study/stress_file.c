/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stresses as files: title, title_en, note, source, `set` (a list of what --set takes), `with` (other stresses). */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "scenario/library.h"
#include "scenario/values.h"
#include "scenario/yaml.h"
#include "study/stress.h"

static const char *const folders[] = {"stresses/", "../stresses/"};
enum { FOLDERS = 2, DEPTH = 4 };

int pc_stress_names(const pc_files *files, pc_arena *arena, const char **names, int room)
{
    int n = 0;

    for (int k = 0; k < FOLDERS; k++) {
        const int before = n;
        n = pc_library_names(files, folders[k], arena, names, n, room);
        for (int i = before; i < n; i++) { /* the scenario's own hides the library's */
            for (int j = 0; j < before; j++) {
                if (strcmp(names[i], names[j]) == 0) {
                    memmove(names + i, names + i + 1, (size_t)(n - i - 1) * sizeof *names);
                    n--;
                    i--;
                    break;
                }
            }
        }
    }
    return n;
}

static pc_code unknown(const pc_files *files, const char *name, pc_arena *arena, pc_status *status)
{
    const char *known[PC_STRESS_MOST], *nearest;
    const int n = pc_stress_names(files, arena, known, PC_STRESS_MOST);
    char list[1024] = "";
    size_t used = 0;

    nearest = pc_nearest_name(name, known, (size_t)n);
    if (nearest) {
        return pc_fail(status, PC_ERR_INPUT, "stress '%s' is unknown; did you mean '%s'?", name, nearest);
    }
    for (int i = 0; i < n && used + strlen(known[i]) + 3 < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", known[i]);
    }
    return pc_fail(status, PC_ERR_INPUT, "stress '%s' is unknown; known: %s", name,
                   n ? list : "none beside this scenario");
}

static const pc_file *find_file(const pc_files *files, const char *name, pc_status *quiet)
{
    char path[sizeof "../stresses/.yaml" + PC_LIBRARY_NAME];

    for (int k = 0; k < FOLDERS && pc_library_may_have(name); k++) {
        const pc_file *file;
        snprintf(path, sizeof path, "%s%s.yaml", folders[k], name);
        file = pc_files_get(files, path, quiet);
        if (file) {
            return file;
        }
    }
    return NULL;
}

typedef struct reading {
    const pc_files *files;
    pc_arena *arena;
    pc_problems *problems;
    pc_stress *out;
    pc_status *status;
} reading;

static void add_set(reading *r, const pc_node *item)
{
    char found[200];

    if (item->kind != PC_NODE_SCALAR || !strchr(item->text, '=')) {
        pc_problem(r->problems, item->spot, "found %s, allowed KEY[FROM:TO]OP=VALUE, as after --set",
                   pc_node_found(item, found, sizeof found));
    } else if (r->out->n_sets == PC_STRESS_MOST_SETS) {
        pc_problem(r->problems, item->spot, "found more than %d changes, allowed that many", PC_STRESS_MOST_SETS);
    } else {
        r->out->sets[r->out->n_sets] = pc_arena_strdup(r->arena, item->text);
        if (!r->out->sets[r->out->n_sets++]) {
            pc_fail(r->status, PC_ERR_FAIL, "no memory for a stress");
        }
    }
}

static void read_file(reading *r, const char *name, pc_spot from, int depth);

static void read_key(reading *r, const char *key, const pc_node *item, const pc_node *key_node, int depth)
{
    static const char *const known[] = {"title", "title_en", "note", "source", "set", "with"};
    const char **texts[] = {&r->out->title, &r->out->title_en, &r->out->note, &r->out->source};
    char found[200];
    int k = 0;

    while (k < 6 && strcmp(known[k], key) != 0) {
        k++;
    }
    if (k == 6) {
        pc_value_unknown(N_("key of a stress"), key, key_node->spot, known, 6, r->problems);
    } else if (k < 4 && item->kind == PC_NODE_SCALAR) {
        if (depth == 0) { /* what is added by `with` adds no texts */
            *texts[k] = pc_arena_strdup(r->arena, item->text);
            if (!*texts[k]) {
                pc_fail(r->status, PC_ERR_FAIL, "no memory for a stress");
                *texts[k] = "";
            }
        }
    } else if (k < 4 || item->kind != PC_NODE_LIST) {
        pc_problem(r->problems, item->spot,
                   k < 4 ? "found %s for %s, allowed a text" : "found %s for %s, allowed a list",
                   pc_node_found(item, found, sizeof found), key);
    } else {
        for (int i = 0; i < item->n && r->status->code == PC_OK; i++) {
            if (k == 4) {
                add_set(r, item->items[i]);
            } else if (item->items[i]->kind == PC_NODE_SCALAR) {
                read_file(r, item->items[i]->text, item->items[i]->spot, depth + 1);
            }
        }
    }
}

static void read_file(reading *r, const char *name, pc_spot from, int depth)
{
    pc_status *quiet = pc_arena_calloc(r->arena, 1, sizeof *quiet);
    const pc_file *file = quiet && depth <= DEPTH ? find_file(r->files, name, quiet) : NULL;
    pc_node *root;

    if (!file) {
        if (depth == 0) {
            unknown(r->files, name, r->arena, r->status);
        } else {
            pc_problem(r->problems, from, "found the stress \"%s\", allowed one that is beside this one%s", name,
                       depth > DEPTH ? _(", not itself by way of others") : "");
        }
        return;
    }
    root = pc_yaml_read(file, r->arena, r->problems, r->status);
    if (root && root->kind != PC_NODE_MAP) {
        char found[200];
        pc_problem(r->problems, root->spot, "found %s, allowed a map of keys",
                   pc_node_found(root, found, sizeof found));
        return;
    }
    for (int i = 0; root && i < root->n && r->status->code == PC_OK; i++) {
        read_key(r, root->keys[i]->text, root->items[i], root->keys[i], depth);
    }
}

pc_code pc_stress_read(const pc_files *files, const char *name, pc_arena *arena, pc_stress *out, pc_status *status)
{
    pc_problems *problems = pc_arena_calloc(arena, 1, sizeof *problems);
    pc_status *own = pc_arena_calloc(arena, 1, sizeof *own);
    reading r = {files, arena, problems, out, own};
    pc_code code;

    *out = (pc_stress){.name = pc_arena_strdup(arena, name), .title = "", .title_en = "", .note = "", .source = ""};
    if (!problems || !own || !out->name) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a stress");
    }
    read_file(&r, name, (pc_spot){0}, 0);
    code = own->code ? pc_fail(status, own->code, "%s", own->message) : pc_problems_finish(problems, status);
    if (!code && out->n_sets == 0) {
        code = pc_fail(status, PC_ERR_INPUT, "stress '%s' changes nothing: found no set and no with", name);
    }
    return code;
}

pc_code pc_stress_changes(const pc_stress *stress, double multiple, pc_arena *arena, const char **changes,
                          pc_status *status)
{
    for (int i = 0; i < stress->n_sets; i++) {
        const char *set = stress->sets[i], *close = strchr(set, ']'), *equals = strchr(set, '=');
        char number[PC_NUMBER_SIZE];
        changes[i] = set;
        if (multiple != 1 && close && equals && close < equals) {
            pc_format_double(number, sizeof number, multiple);
            changes[i] = pc_arena_printf(arena, "%.*s@%s%s", (int)(close + 1 - set), set, number, close + 1);
            if (!changes[i]) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for a stress");
            }
        }
    }
    return PC_OK;
}
