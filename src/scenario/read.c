/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a scenario: the order of its parts, and the keys at the top. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "list.h"
#include "scenario/reader.h"
#include "scenario/schema.h"

enum {
    QUANTILES,
    BANDS,
    CONTROL_YEARS,
    DISTRIBUTION,
    CORRELATION,
    REGION_DRIVERS,
    SHOCKS,
    PARTITIONS,
    POLICIES,
    PARTS
};

static const pc_value *top_value(const pc_section *top, const char *key)
{
    return &top->values[pc_section_find(top, key)];
}

static const char *text_or(const pc_section *top, const char *key, const char *otherwise)
{
    const pc_value *value = top_value(top, key);

    return value->text && value->text[0] ? value->text : otherwise;
}

/* Base year and horizon come first: every series needs them. What is wrong with them is reported with the other keys.
 */
static void read_years(pc_reader *reader)
{
    static const char *const keys[] = {"base_year", "horizon"};
    pc_problems *quiet = pc_arena_calloc(reader->scratch, 1, sizeof *quiet);
    int *out[2] = {&reader->scenario->base_year, &reader->scenario->horizon};

    for (int i = 0; i < 2; i++) {
        const pc_param *param = &pc_schema_top.params[pc_section_find(&(pc_section){.head = &pc_schema_top}, keys[i])];
        const int at = pc_node_find(reader->root, keys[i]);
        double number = param->value;
        if (at >= 0 && quiet) {
            pc_value_node(param, keys[i], reader->root->items[at], quiet, &number);
        }
        *out[i] = (int)number;
    }
    reader->first_year = reader->scenario->base_year + 1;
    if (!quiet) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
    }
}

/* Seeds use all 64 bits: a number above 2^53 must not lose its last digits. */
static uint64_t read_seed(pc_reader *reader, const pc_value *value)
{
    const int at = pc_node_find(reader->root, "seed");
    const char *text = at >= 0 ? reader->root->items[at]->text : "";
    unsigned long long seed;

    if (value->number <= 9007199254740992.0) {
        return (uint64_t)value->number;
    }
    errno = 0;
    seed = strtoull(text, NULL, 10);
    if (errno != 0 || text[strspn(text, "0123456789")] != 0) {
        pc_problem(reader->problems, reader->root->items[at]->spot,
                   "found \"%s\" for seed, allowed a whole number from 0 to 18446744073709551615, above 2^53 written "
                   "in digits",
                   text);
        return 0;
    }
    return seed;
}

/* A list of numbers, strictly ascending. */
static int read_list(pc_reader *reader, const pc_node *node, const char *key, const pc_param *param, double *out,
                     int room)
{
    char found[200];
    int n = 0;

    if (node->kind != PC_NODE_LIST || node->n == 0 || node->n > room) {
        pc_problem(reader->problems, node->spot, "found %s for %s, allowed a list of 1 to %d numbers",
                   node->kind == PC_NODE_LIST ? node->n ? _("a longer list") : _("an empty list")
                                              : pc_node_found(node, found, sizeof found),
                   key, room);
        return 0;
    }
    for (int i = 0; i < node->n; i++) {
        if (!pc_value_node(param, key, node->items[i], reader->problems, &out[n])) {
            continue;
        }
        if (n > 0 && out[n] <= out[n - 1]) {
            pc_problem(reader->problems, node->items[i]->spot,
                       "found %.10g after %.10g for %s, allowed numbers in ascending order", out[n], out[n - 1], key);
            continue;
        }
        n++;
    }
    return n;
}

static void read_quantiles(pc_reader *reader, const pc_node *node)
{
    static const double standard[] = {0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995};
    static const pc_param param = {"quantiles", PC_PARAM_NUMBER, "fraction", 1e-9, 1 - 1e-9, 0, NULL, ""};
    pc_scenario *s = reader->scenario;

    if (node) {
        s->n_quantiles = read_list(reader, node, "quantiles", &param, s->quantiles, 64);
        return;
    }
    memcpy(s->quantiles, standard, sizeof standard);
    s->n_quantiles = (int)(sizeof standard / sizeof *standard);
}

static void read_bands(pc_reader *reader, const pc_node *node)
{
    static const double standard[] = {0, 3, 6, 9, 15};
    static const pc_param param = {"months_bands", PC_PARAM_NUMBER, "months", -1200, 1200, 0, NULL, ""};
    pc_scenario *s = reader->scenario;

    if (node) {
        s->n_months_bands = read_list(reader, node, "months_bands", &param, s->months_bands, 16);
        return;
    }
    memcpy(s->months_bands, standard, sizeof standard);
    s->n_months_bands = (int)(sizeof standard / sizeof *standard);
}

static void read_control_years(pc_reader *reader, const pc_node *node)
{
    pc_scenario *s = reader->scenario;
    const pc_param param = {"control_years", PC_PARAM_INT, "year", s->base_year + 1, s->base_year + 200, 0, NULL, ""};
    double years[PC_CONTROL_YEARS_MAX];
    int n;

    if (!node || (node->kind == PC_NODE_LIST && node->n == 0)) {
        return;
    }
    n = read_list(reader, node, "control_years", &param, years, PC_CONTROL_YEARS_MAX);
    for (int i = 0; i < n && years[i] <= s->base_year + s->horizon; i++) { /* a shorter horizon drops the later ones */
        s->control_years[s->n_control_years++] = (int)years[i];
    }
}

static void read_distribution(pc_reader *reader, const pc_node *node)
{
    static const pc_param nu = {"student_t", PC_PARAM_NUMBER, "", 2, 1e6, 0, NULL, ""};
    double *out = &reader->scenario->student_nu;
    char found[200];

    if (!node || (node->kind == PC_NODE_SCALAR && strcmp(node->text, "normal") == 0)) {
        return;
    }
    if (node->kind != PC_NODE_MAP || node->n != 1 || strcmp(node->keys[0]->text, "student_t") != 0) {
        pc_problem(reader->problems, node->spot, "found %s for distribution, allowed normal or {student_t: NU}",
                   node->kind == PC_NODE_MAP && node->n > 0 ? _("another key than student_t")
                                                            : pc_node_found(node, found, sizeof found));
        return;
    }
    if (pc_value_node(&nu, "distribution.student_t", node->items[0], reader->problems, out) && *out <= 2) {
        pc_problem(reader->problems, node->items[0]->spot,
                   "found \"%s\" for distribution.student_t, allowed a number above 2", node->items[0]->text);
    }
}

static void read_baseline(pc_reader *reader, const pc_section *top)
{
    pc_scenario *s = reader->scenario;
    const char *name = text_or(top, "baseline", NULL);
    const char *known[256];
    const int at = pc_node_find(reader->root, "baseline");
    int n = 0;

    for (int p = 0; p < s->n_policies && name; p++) {
        if (strcmp(s->policies[p].name, name) == 0) {
            s->baseline = p;
            return;
        }
        if (n < 256) {
            known[n++] = s->policies[p].name;
        }
    }
    if (name && at >= 0 && n > 0) {
        pc_value_unknown(N_("policy"), name, reader->root->items[at]->spot, known, n, reader->problems);
    }
}

/* A leaf belongs to one replicate, and Sobol points are even in powers of two only. */
static void read_sampling(pc_reader *reader, const pc_section *top)
{
    static const uint64_t leaf = 256, most = UINT64_C(1) << 22;
    pc_scenario *s = reader->scenario;
    const pc_sampling sampling = (pc_sampling)top_value(top, "sampling")->number;
    const uint64_t n = (uint64_t)top_value(top, "replicates")->number, size = s->paths / n;
    const int at = pc_node_find(reader->root, "paths");
    uint64_t fits = leaf;
    pc_spot spot;

    s->n_replicates = 1;
    if (sampling == PC_SAMPLING_PLAIN || s->paths == 0) {
        return;
    }
    s->sampling = sampling;
    s->n_replicates = (int)n;
    while (sampling == PC_SAMPLING_RQMC && fits * 2 <= size && fits < most) {
        fits *= 2;
    }
    if (sampling == PC_SAMPLING_ANTITHETIC && size > leaf) {
        fits = size / leaf * leaf;
    }
    if (s->paths == fits * n) {
        return;
    }
    spot = at >= 0 ? reader->root->items[at]->spot : reader->root->spot;
    if (sampling == PC_SAMPLING_RQMC) {
        pc_problem(
            reader->problems, spot,
            "found %lu paths, allowed with sampling: rqmc and %d replicates: %d times a power of two from 256 to "
            "4194304, e.g. %lu",
            (unsigned long)s->paths, (int)n, (int)n, (unsigned long)(fits * n));
    } else {
        pc_problem(reader->problems, spot,
                   "found %lu paths, allowed with sampling: antithetic and %d replicates: %d times a multiple of 256, "
                   "e.g. %lu",
                   (unsigned long)s->paths, (int)n, (int)n, (unsigned long)(fits * n));
    }
}

/* Everything that has one value at the top. */
static void set_top(pc_reader *reader, const pc_section *top)
{
    pc_scenario *s = reader->scenario;
    const pc_value *paths = top_value(top, "paths");

    if (!top_value(top, "base_year")->given) {
        pc_problem(reader->problems, reader->root->spot,
                   "found no base_year, allowed a calendar year, e.g. base_year: 2024");
    }
    s->title = text_or(top, "title", "");
    s->title_en = text_or(top, "title_en", s->title);
    s->note = text_or(top, "note", "");
    s->whole_id = text_or(top, "whole.id", "whole");
    s->whole_name = text_or(top, "whole.name", s->whole_id);
    s->whole_name_en = text_or(top, "whole.name_en", s->whole_name);
    s->paths = (uint64_t)paths->number;
    read_sampling(reader, top);
    s->seed = read_seed(reader, top_value(top, "seed"));
    s->quantiles_all = top_value(top, "quantiles_for")->number == 1;
    s->treasury_alpha = top_value(top, "treasury_alpha")->number;
}

static void read_all(pc_reader *reader)
{
    pc_scenario *s = reader->scenario;
    const int n_heads = pc_n_heads;
    pc_extra *extras = pc_arena_calloc(reader->scratch, (size_t)(PARTS + n_heads), sizeof *extras);
    pc_section top;
    int n_parts;
    const pc_schema_part *parts = pc_schema_parts(&n_parts);

    read_years(reader);
    pc_section_start(reader, &top, &pc_schema_top);
    s->sections = pc_reader_keep(reader, (size_t)n_heads, sizeof(pc_section));
    if (!extras || !top.values || !s->sections) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return;
    }
    for (int i = 0; i < PARTS; i++) {
        extras[i].name = parts[i].key;
    }
    for (int i = 0; i < n_heads; i++) {
        extras[PARTS + i].name = pc_all_heads[i]->name;
    }
    pc_section_read(reader, &top, reader->root, "", extras, PARTS + n_heads);
    set_top(reader, &top);
    for (int i = 0; i < n_heads; i++) {
        pc_section_start(reader, &s->sections[i], pc_all_heads[i]);
        pc_section_read(reader, &s->sections[i], extras[PARTS + i].node, pc_all_heads[i]->name, NULL, 0);
        s->n_sections++;
    }
    pc_spans_apply(reader);
    read_quantiles(reader, extras[QUANTILES].node);
    read_bands(reader, extras[BANDS].node);
    read_control_years(reader, extras[CONTROL_YEARS].node);
    read_distribution(reader, extras[DISTRIBUTION].node);
    pc_correlation_read(reader, extras[CORRELATION].node);
    pc_regions_read(reader, &top, extras[PARTITIONS].node);
    pc_people_tables_read(reader, &top);
    pc_prices_read(reader, &top);
    pc_partitions_read(reader, extras[PARTITIONS].node);
    pc_region_correlation_read(reader, &top, extras[REGION_DRIVERS].node);
    pc_shocks_read(reader, extras[SHOCKS].node);
    pc_streams_check(reader);
    if (s->groupings && reader->status->code == PC_OK) {
        pc_policies_read(reader, extras[POLICIES].node, reader->root->spot);
        read_baseline(reader, &top);
        pc_selection_keep(s);
    }
}

pc_code pc_scenario_read(const pc_files *files, const char *const *overrides, int n_overrides, pc_scenario **out,
                         pc_status *status)
{
    pc_status *own = pc_calloc(1, sizeof *own);
    pc_problems *problems = pc_calloc(1, sizeof *problems);
    pc_scenario *scenario = pc_calloc(1, sizeof *scenario);
    pc_arena scratch = {0};
    const pc_file *file;
    pc_node *root = NULL;
    pc_code code;

    *out = NULL;
    if (!own || !problems || !scenario) {
        code = pc_fail(status, PC_ERR_FAIL, "out of memory");
        goto out;
    }
    pc_reader reader = {.files = files,
                        .scenario = scenario,
                        .kept = &scenario->arena,
                        .scratch = &scratch,
                        .problems = problems,
                        .status = own};
    scenario->files = files;
    file = pc_files_get(files, "scenario.yaml", own);
    if (file) {
        root = pc_yaml_read(file, &scratch, problems, own);
    }
    if (root && root->kind != PC_NODE_MAP) {
        pc_problem(problems, root->spot, "found %s, allowed a map of keys",
                   root->kind == PC_NODE_LIST ? _("a list") : _("a single value"));
        root = NULL;
    }
    if (root) {
        reader.root = root;
        pc_policies_expand(&reader, root);
        pc_overrides_apply(&reader, root, overrides, n_overrides);
        pc_policies_expand(&reader, root);
        read_all(&reader);
    }
    if (own->code != PC_OK) {
        code = pc_fail(status, own->code, "%s", own->message);
    } else {
        code = pc_problems_finish(problems, status);
    }
    if (code == PC_OK) {
        /* where there is one it stays with the results: who reads them may ask */
        if (!pc_files_get(files, "SOURCES.md", own) && own->code == PC_ERR_FAIL) {
            code = pc_fail(status, own->code, "%s", own->message);
            goto out;
        }
        *out = scenario;
        scenario = NULL;
    }

out:
    pc_scenario_free(scenario);
    pc_arena_release(&scratch);
    pc_free(problems);
    pc_free(own);
    return code;
}

void pc_scenario_free(pc_scenario *scenario)
{
    if (scenario) {
        pc_arena_release(&scenario->arena);
        pc_free(scenario);
    }
}

const pc_value *pc_scenario_value(const pc_scenario *scenario, const char *key)
{
    for (int i = 0; i < scenario->n_sections; i++) {
        const pc_section *section = &scenario->sections[i];
        const size_t length = strlen(section->head->name);
        if (strncmp(key, section->head->name, length) == 0 && key[length] == '.' && section->values) {
            const int p = pc_section_find(section, key + length + 1);
            if (p >= 0) {
                return &section->values[p];
            }
        }
    }
    return NULL;
}

int pc_scenario_policy(const pc_scenario *scenario, const char *name)
{
    for (int p = 0; p < scenario->n_policies; p++) {
        if (strcmp(scenario->policies[p].name, name) == 0) {
            return p;
        }
    }
    return -1;
}

double pc_scenario_number(const pc_scenario *scenario, const char *key)
{
    const pc_value *value = pc_scenario_value(scenario, key);

    return value ? value->number : NAN;
}

const double *pc_scenario_series(const pc_scenario *scenario, const char *key)
{
    const pc_value *value = pc_scenario_value(scenario, key);

    return value ? value->series : NULL;
}
