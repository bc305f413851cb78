/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies and shocks: named maps whose entries are sections of their own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "list.h"
#include "scenario/reader.h"
#include "scenario/schema.h"

enum { TITLE, TITLE_EN, SOURCE, NOTE };
static const pc_param policy_params[] = {
    {"title", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("Title, shown in tables and reports.")},
    {"title_en", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("Title in English.")},
    {"source", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("Where the rules are laid down.")},
    {"note", PC_PARAM_TEXT, "", 0, 0, 0, NULL, N_("What a reader must know.")},
};
static const pc_param vesting_param = {"vesting", PC_PARAM_SERIES, "fraction", 0, 1, 1, NULL, ""};
static const pc_head policy_head = {.slot = "scenario",
                                    .name = "policy",
                                    .title = N_("Policy"),
                                    .doc = "",
                                    .equation = "",
                                    .source = "",
                                    .params = policy_params,
                                    .n_params = 4};
static const pc_head phase_head = {.slot = "scenario",
                                   .name = "phase",
                                   .title = N_("Phase"),
                                   .doc = "",
                                   .equation = "",
                                   .source = "",
                                   .params = NULL,
                                   .n_params = 0};

/* ---- `use: FILE` ---------------------------------------------------------------------------------------------------
 */

/* The file of `use: NAME`: a file name ends in .yaml or .yml; a bare name is a policy of the library beside the
 * scenario's folder, ../policies/NAME.yaml. */
static const pc_file *library_file(pc_reader *reader, const pc_node *use)
{
    const size_t length = strlen(use->text);
    const int is_file = (length > 5 && strcmp(use->text + length - 5, ".yaml") == 0) ||
                        (length > 4 && strcmp(use->text + length - 4, ".yml") == 0) || strchr(use->text, '/');
    char *name;

    if (is_file) {
        return pc_reader_file(reader, use->spot.file, use->text, use->spot);
    }
    name = pc_arena_calloc(reader->scratch, length + sizeof "../policies/.yaml", 1);
    if (!name) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    sprintf(name, "../policies/%s.yaml", use->text);
    return pc_reader_file(reader, NULL, name, use->spot);
}

/* The map of a library file with the policy's own keys on top. */
static pc_node *merge(pc_reader *reader, const pc_node *policy, const pc_node *file)
{
    pc_node *all = pc_node_map(reader->scratch, policy->spot);

    for (int i = 0; i < file->n && all; i++) {
        if (!pc_node_set(all, file->keys[i]->text, file->keys[i]->spot, file->items[i], reader->scratch)) {
            all = NULL;
        }
    }
    for (int i = 0; i < policy->n && all; i++) {
        if (strcmp(policy->keys[i]->text, "use") != 0 &&
            !pc_node_set(all, policy->keys[i]->text, policy->keys[i]->spot, policy->items[i], reader->scratch)) {
            all = NULL;
        }
    }
    if (!all) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
    }
    return all;
}

void pc_policies_expand(pc_reader *reader, pc_node *root)
{
    const int at = pc_node_find(root, "policies");
    pc_node *policies = at >= 0 ? root->items[at] : NULL;

    for (int i = 0; policies && policies->kind == PC_NODE_MAP && i < policies->n; i++) {
        pc_node *policy = policies->items[i], *use, *content;
        const pc_file *file;
        char found[200];
        const int u = pc_node_find(policy, "use");

        if (u < 0) {
            continue;
        }
        use = policy->items[u];
        if (use->kind != PC_NODE_SCALAR || pc_node_empty(use)) {
            pc_problem(reader->problems, use->spot,
                       "found %s for use, allowed the name of a policy of the library or of a YAML file",
                       pc_node_found(use, found, sizeof found));
            file = NULL;
        } else {
            file = library_file(reader, use);
        }
        content = file ? pc_yaml_read(file, reader->scratch, reader->problems, reader->status) : NULL;
        if (content && content->kind != PC_NODE_MAP) {
            pc_problem(reader->problems, content->spot, "found %s as a policy, allowed a map of keys",
                       pc_node_found(content, found, sizeof found));
            content = NULL;
        }
        if (content && pc_node_find(content, "use") >= 0) {
            pc_problem(reader->problems, content->keys[pc_node_find(content, "use")]->spot,
                       "found the key \"use\" in a file that is used itself, allowed the keys of a policy");
            content = NULL;
        }
        if (!content) {
            content = pc_node_map(reader->scratch, policy->spot);
        }
        policy = content ? merge(reader, policy, content) : NULL;
        if (policy) {
            policies->items[i] = policy;
        }
    }
}

/* ---- entries --------------------------------------------------------------------------------------------------------
 */

static int find_head(pc_schema_place place, const char *name)
{
    for (int i = 0; i < pc_schema_n_heads(place); i++) {
        if (strcmp(pc_schema_head(place, i)->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

static void read_over(pc_reader *reader, pc_entry *entry, const pc_node *node, const pc_node *key)
{
    const pc_scenario *s = reader->scenario;
    const char *known[64];
    char found[200];
    int n = 0;

    if (!node) {
        pc_problem(reader->problems, key->spot,
                   "found no partition for %s, allowed `over:` with the name of one, e.g. over: whole", key->text);
        return;
    }
    if (node->kind != PC_NODE_SCALAR || pc_node_empty(node)) {
        pc_problem(reader->problems, node->spot, "found %s for %s.over, allowed the name of a partition",
                   pc_node_found(node, found, sizeof found), key->text);
        return;
    }
    for (int i = 0; i < s->n_groupings; i++) {
        if (strcmp(s->groupings[i].name, node->text) == 0) {
            entry->over = i;
            return;
        }
        if (n < 64) {
            known[n++] = s->groupings[i].name;
        }
    }
    pc_value_unknown(N_("partition"), node->text, node->spot, known, n, reader->problems);
}

/* One item of a list: NAME or {NAME: {parameters}}. `schemes`: bits of the schemes it is for. */
static int read_entry(pc_reader *reader, pc_schema_place place, const char *what, const pc_node *item, unsigned schemes,
                      pc_entry *entry)
{
    const pc_node *key = item, *body = NULL;
    pc_extra over = {"over", NULL, {0}};
    const char *known[256], *wrong;
    char found[200];
    int n = 0, index, takes_over;
    const int before = reader->problems->n;

    if (item->kind == PC_NODE_MAP && item->n == 1) {
        key = item->keys[0];
        body = item->items[0];
    } else if (item->kind != PC_NODE_SCALAR || pc_node_empty(item)) {
        pc_problem(
            reader->problems, item->spot, "found %s in the list under `%s:`, allowed {NAME: {...}} with one name",
            item->kind == PC_NODE_MAP ? _("a map of no or several keys") : pc_node_found(item, found, sizeof found),
            what);
        return 0;
    }
    index = find_head(place, key->text);
    if (index < 0) {
        for (int i = 0; i < pc_schema_n_heads(place) && n < 256; i++) {
            known[n++] = pc_schema_head(place, i)->name;
        }
        pc_value_unknown(what, key->text, key->spot, known, n, reader->problems);
        return 0;
    }
    const pc_head *head = pc_schema_head(place, index);
    takes_over = pc_schema_takes_over(place, head);
    pc_section_start(reader, &entry->section, head);
    pc_section_read(reader, &entry->section, body, head->name, &over, takes_over);
    entry->section.place = pc_place_of(key->spot);
    entry->over = -1;
    if (takes_over) {
        read_over(reader, entry, over.node, key);
    }
    if (place == PC_PLACE_LEVER && (schemes & ~pc_all_levers[index]->schemes) != 0) {
        pc_problem(reader->problems, key->spot,
                   "found the lever \"%s\" for the %s scheme, allowed only for the %s scheme", key->text,
                   pc_all_levers[index]->schemes & 1u << PC_EMPLOYEE ? "resident" : "employee",
                   pc_all_levers[index]->schemes & 1u << PC_EMPLOYEE ? "employee" : "resident");
    }
    if (place == PC_PLACE_LEVER && reader->problems->n == before && pc_all_levers[index]->check &&
        entry->section.values && (wrong = pc_all_levers[index]->check(entry->section.values)) != NULL) {
        pc_problem(reader->problems, key->spot,
                   "found values of %s that do not fit together (%s), allowed values that do", key->text, wrong);
    }
    if (place == PC_PLACE_LAYER && reader->problems->n == before && pc_all_layers[index]->check &&
        entry->section.values && (wrong = pc_all_layers[index]->check(entry->section.values)) != NULL) {
        pc_problem(reader->problems, key->spot,
                   "found values of %s that do not fit together (%s), allowed values that do", key->text, _(wrong));
    }
    return 1;
}

static pc_entry *read_list(pc_reader *reader, pc_schema_place place, const char *what, const char *key,
                           const pc_node *list, unsigned schemes, int *n)
{
    pc_entry *entries;
    char found[200];

    *n = 0;
    if (!list || pc_node_empty(list)) {
        return NULL;
    }
    if (list->kind != PC_NODE_LIST) {
        pc_problem(reader->problems, list->spot, "found %s for %s, allowed a list [{NAME: {...}}, ...]",
                   pc_node_found(list, found, sizeof found), key);
        return NULL;
    }
    entries = pc_reader_keep(reader, (size_t)list->n, sizeof(pc_entry));
    for (int i = 0; i < list->n && entries; i++) {
        *n += read_entry(reader, place, what, list->items[i], schemes, &entries[*n]);
    }
    return entries;
}

/* ---- policies -------------------------------------------------------------------------------------------------------
 */

static int later(const void *a, const void *b)
{
    const int x = ((const pc_phase_entry *)a)->from_year, y = ((const pc_phase_entry *)b)->from_year;

    return (x > y) - (x < y);
}

/* Reads {YEAR: {layers, levers, shortfall}} into phases of every scheme in `schemes`. */
static void read_phases(pc_reader *reader, pc_policy_entry *policy, const pc_node *node, unsigned schemes,
                        const char *title)
{
    const int usual_first_year = reader->first_year;
    int last = 0;
    char found[200];

    if (!node || pc_node_empty(node)) {
        return;
    }
    if (node->kind != PC_NODE_MAP) {
        pc_problem(reader->problems, node->spot, "found %s for %s, allowed a map {YEAR: {layers, levers, shortfall}}",
                   pc_node_found(node, found, sizeof found), title);
        return;
    }
    for (int i = 0; i < node->n; i++) {
        pc_extra extras[] = {{"layers", NULL, {0}}, {"levers", NULL, {0}}, {"shortfall", NULL, {0}}};
        pc_phase_entry phase = {0};
        pc_section section;
        char name[128];

        if (!pc_value_year(_("a phase"), node->keys[i]->text, node->keys[i]->spot, reader->problems,
                           &phase.from_year)) {
            continue;
        }
        if (phase.from_year < last && node->keys[i]->spot.file) { /* overrides come last, whatever their year */
            pc_problem(reader->problems, node->keys[i]->spot,
                       "found the phase from %d after the one from %d in %s, allowed phases in ascending order",
                       phase.from_year, last, title);
        }
        last = phase.from_year > last ? phase.from_year : last;
        phase.place = pc_place_of(node->keys[i]->spot);
        snprintf(name, sizeof name, "%s.%d", title, phase.from_year);
        reader->first_year = phase.from_year > usual_first_year ? phase.from_year : usual_first_year;
        pc_section_start(reader, &section, &phase_head);
        pc_section_read(reader, &section, node->items[i], name, extras, 3);
        phase.layers =
            read_list(reader, PC_PLACE_LAYER, N_("layer"), "layers", extras[0].node, schemes, &phase.n_layers);
        phase.levers =
            read_list(reader, PC_PLACE_LEVER, N_("lever"), "levers", extras[1].node, schemes, &phase.n_levers);
        phase.shortfalls = read_list(reader, PC_PLACE_SHORTFALL, N_("shortfall rule"), "shortfall", extras[2].node,
                                     schemes, &phase.n_shortfalls);
        reader->first_year = usual_first_year;
        for (int s = 0; s < PC_SCHEMES; s++) {
            if (schemes & 1u << s) {
                int repeated = 0;
                for (int k = 0; k < policy->n_phases[s]; k++) {
                    repeated = repeated || policy->phases[s][k].from_year == phase.from_year;
                }
                if (repeated) {
                    pc_problem(reader->problems, node->keys[i]->spot,
                               "found a second phase from %d of the %s scheme, allowed one", phase.from_year,
                               s == PC_EMPLOYEE ? "employee" : "resident");
                } else {
                    policy->phases[s][policy->n_phases[s]++] = phase;
                }
            }
        }
    }
}

static void read_policy(pc_reader *reader, pc_policy_entry *policy, const pc_node *key, const pc_node *node)
{
    pc_extra extras[] = {{"employee", NULL, {0}},    {"resident", NULL, {0}}, {"both", NULL, {0}},
                         {"pension_age", NULL, {0}}, {"use", NULL, {0}},      {"vesting", NULL, {0}}};
    pc_section section;
    char title[160], found[200];

    policy->name = pc_reader_text(reader, key->text);
    policy->place = pc_place_of(key->spot);
    snprintf(title, sizeof title, "policies.%s", key->text);
    pc_section_start(reader, &section, &policy_head);
    pc_section_read(reader, &section, node, title, extras, 6);
    if (!section.values) {
        return;
    }
    policy->title = section.values[TITLE].text[0] ? section.values[TITLE].text : policy->name;
    policy->title_en = section.values[TITLE_EN].text[0] ? section.values[TITLE_EN].text : policy->title;
    policy->source = section.values[SOURCE].text;
    policy->note = section.values[NOTE].text;
    for (int s = 0; s < PC_SCHEMES; s++) {
        const int room = (extras[s].node ? extras[s].node->n : 0) + (extras[2].node ? extras[2].node->n : 0);
        policy->phases[s] = pc_reader_keep(reader, (size_t)room, sizeof(pc_phase_entry));
        if (!policy->phases[s]) {
            return;
        }
    }
    read_phases(reader, policy, extras[2].node, 3, "both");
    read_phases(reader, policy, extras[0].node, 1u << PC_EMPLOYEE, "employee");
    read_phases(reader, policy, extras[1].node, 1u << PC_RESIDENT, "resident");
    for (int s = 0; s < PC_SCHEMES; s++) {
        qsort(policy->phases[s], (size_t)policy->n_phases[s], sizeof(pc_phase_entry), later);
    }
    if (extras[3].node) {
        const pc_node *table = extras[3].node;
        if (table->kind != PC_NODE_SCALAR || pc_node_empty(table)) {
            pc_problem(reader->problems, table->spot, "found %s for pension_age, allowed the name of a CSV file",
                       pc_node_found(table, found, sizeof found));
        } else {
            policy->pension_age_file = pc_reader_text(reader, table->text);
            policy->pension_age = pc_pension_age_read(reader, table->spot.file, table->text, table->spot);
        }
    }
    if (extras[5].node) {
        policy->vesting = pc_reader_keep(reader, (size_t)reader->scenario->horizon + 1, sizeof(double));
        if (policy->vesting) {
            pc_series_read(reader, &vesting_param, "vesting", extras[5].node, policy->vesting);
        }
    }
}

/* Names end up as groups of the results file and in dotted keys. */
static int name_fits(pc_reader *reader, const pc_node *key)
{
    if (key->text[0] == 0 || strlen(key->text) > 100 || strpbrk(key->text, "/. \t\n")) {
        pc_problem(reader->problems, key->spot,
                   "found the name \"%s\", allowed up to 100 bytes without blanks, dots and slashes", key->text);
        return 0;
    }
    return 1;
}

void pc_policies_read(pc_reader *reader, const pc_node *policies, pc_spot missing)
{
    pc_scenario *s = reader->scenario;
    char found[200];

    if (!policies || pc_node_empty(policies) || (policies->kind == PC_NODE_MAP && policies->n == 0)) {
        pc_problem(reader->problems, policies ? policies->spot : missing,
                   "found no policies, allowed at least one, e.g. policies: {city: {}}");
        return;
    }
    if (policies->kind != PC_NODE_MAP) {
        pc_problem(reader->problems, policies->spot, "found %s for policies, allowed a map {NAME: {...}}",
                   pc_node_found(policies, found, sizeof found));
        return;
    }
    s->policies = pc_reader_keep(reader, (size_t)policies->n, sizeof(pc_policy_entry));
    for (int i = 0; i < policies->n && s->policies; i++) {
        if (name_fits(reader, policies->keys[i])) {
            read_policy(reader, &s->policies[s->n_policies++], policies->keys[i], policies->items[i]);
        }
    }
}

void pc_shocks_read(pc_reader *reader, const pc_node *node)
{
    pc_scenario *s = reader->scenario;
    char found[200], title[160];

    if (!node || pc_node_empty(node)) {
        return;
    }
    if (node->kind != PC_NODE_MAP) {
        pc_problem(reader->problems, node->spot, "found %s for shocks, allowed a map {NAME: {...}}",
                   pc_node_found(node, found, sizeof found));
        return;
    }
    s->shocks = pc_reader_keep(reader, (size_t)node->n, sizeof(pc_section));
    s->shock_names = pc_reader_keep(reader, (size_t)node->n, sizeof(char *));
    for (int i = 0; i < node->n && s->shocks && s->shock_names; i++) {
        if (!name_fits(reader, node->keys[i])) {
            continue;
        }
        snprintf(title, sizeof title, "shocks.%s", node->keys[i]->text);
        s->shock_names[s->n_shocks] = pc_reader_text(reader, node->keys[i]->text);
        pc_section_start(reader, &s->shocks[s->n_shocks], pc_schema_head(PC_PLACE_SHOCK, 0));
        pc_section_read(reader, &s->shocks[s->n_shocks], node->items[i], title, NULL, 0);
        s->n_shocks++;
    }
}
