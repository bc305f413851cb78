/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The override `policies=NAME[,NAME...]`: of the scenario's policies only these and the baseline, and policies of the
 * library (../policies/NAME.yaml) besides; `policies=all`: every policy. The last of several selections holds, so that
 * a run repeated from a results file can be narrowed or widened again: what is left out is read and checked all the
 * same, so that its tables are carried along. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "scenario/library.h"
#include "scenario/reader.h"

enum { MAX_KNOWN = 256, MAX_NAME = PC_LIBRARY_NAME };
static const char key[] = "policies=", library[] = "../policies/", ending[] = ".yaml";

const char *pc_selection_names(const char *override)
{
    const char *names = override + sizeof key - 1;

    if (strncmp(override, key, sizeof key - 1) != 0) {
        return NULL;
    }
    names += strspn(names, " \t");
    return *names == '{' ? NULL : names; /* {NAME: {...}}: the policies themselves */
}

static const char *last_selection(const char *const *overrides, int n_overrides)
{
    const char *last = NULL;

    for (int i = 0; i < n_overrides; i++) {
        const char *names = pc_selection_names(overrides[i]);
        last = names ? names : last;
    }
    return last;
}

/* The next name of a list without the blanks around it; NULL after the last. Longer names are cut: they fit nothing. */
static const char *next_name(const char *names, char name[MAX_NAME + 2])
{
    size_t n;

    names += strspn(names, ", \t");
    n = strcspn(names, ",");
    if (n == 0) {
        return NULL;
    }
    snprintf(name, MAX_NAME + 2, "%.*s", (int)n, names);
    for (size_t end = strlen(name); end > 0 && (name[end - 1] == ' ' || name[end - 1] == '\t'); end--) {
        name[end - 1] = 0;
    }
    return names + n;
}

static int has_name(const char *names, const char *wanted)
{
    char name[MAX_NAME + 2];

    while ((names = next_name(names, name))) {
        if (strcmp(name, wanted) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_in_library(pc_reader *reader, const char *name)
{
    pc_status *quiet = pc_arena_calloc(reader->scratch, 1, sizeof *quiet);
    char file[sizeof library + MAX_NAME + sizeof ending];

    if (!quiet || !pc_library_may_have(name)) {
        return 0;
    }
    snprintf(file, sizeof file, "%s%s%s", library, name, ending);
    return pc_files_get(reader->files, file, quiet) != NULL;
}

static void unknown(pc_reader *reader, const pc_node *policies, const char *name, pc_spot spot)
{
    const char *known[MAX_KNOWN];
    int n = 0;

    for (int i = 0; i < policies->n && n < MAX_KNOWN; i++) {
        known[n++] = policies->keys[i]->text;
    }
    n = pc_library_names(reader->files, library, reader->scratch, known, n, MAX_KNOWN);
    pc_value_unknown(N_("policy"), name, spot, known, n, reader->problems);
}

static void add_one(pc_reader *reader, pc_node *policies, const char *name, const char *label)
{
    const pc_spot spot = {NULL, label, 0, 0};
    const char *text = pc_arena_printf(reader->scratch, "{use: \"%s\"}", name);
    const char *kept = pc_arena_strdup(reader->scratch, name);
    pc_node *node = text ? pc_yaml_value(text, label, reader->scratch, reader->problems, reader->status) : NULL;

    if (!kept || !node || !pc_node_set(policies, kept, spot, node, reader->scratch)) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
    }
}

void pc_selection_add(pc_reader *reader, pc_node *root, const char *const *overrides, int n_overrides)
{
    const int at = pc_node_find(root, "policies");
    pc_node *policies = at >= 0 ? root->items[at] : NULL;
    const char *last = last_selection(overrides, n_overrides);

    if (!last || !policies || policies->kind != PC_NODE_MAP) {
        return;
    }
    for (int i = 0; i < n_overrides && reader->status->code == PC_OK; i++) {
        const char *names = pc_selection_names(overrides[i]), *rest = names;
        const char *label = names ? pc_arena_printf(reader->kept, "--policies %s", names) : NULL;
        char name[MAX_NAME + 2];
        int n = 0;

        if (!names || !label) {
            continue;
        }
        for (; (rest = next_name(rest, name)); n++) {
            if (strcmp(name, "all") == 0 || pc_node_find(policies, name) >= 0) {
                continue;
            }
            if (is_in_library(reader, name)) {
                add_one(reader, policies, name, label);
            } else if (names == last) { /* what a later selection replaces needn't be there any more */
                unknown(reader, policies, name, (pc_spot){NULL, label, 0, 0});
            }
        }
        if (n == 0 && names == last) {
            pc_problem(reader->problems, ((pc_spot){NULL, label, 0, 0}),
                       "found no name of a policy, allowed names separated by commas, or all");
        }
    }
    pc_policies_expand(reader, root);
}

void pc_selection_keep(pc_scenario *s)
{
    const char *last = last_selection(s->overrides, s->n_overrides);
    int n = 0, baseline = s->baseline;

    if (!last || has_name(last, "all")) {
        return;
    }
    for (int p = 0; p < s->n_policies; p++) {
        if (p == s->baseline || has_name(last, s->policies[p].name)) {
            baseline = p == s->baseline ? n : baseline;
            s->policies[n++] = s->policies[p];
        }
    }
    s->n_policies = n;
    s->baseline = baseline;
}
