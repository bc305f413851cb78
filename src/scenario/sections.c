/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections: a map of the scenario against a head's table of parameters. Dotted keys may be written nested. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "scenario/reader.h"
#include "scenario/text.h"

enum { MAX_KNOWN = 512, KEY_BYTES = 256 };

void *pc_reader_keep(pc_reader *reader, size_t count, size_t size)
{
    void *block = pc_arena_calloc(reader->kept, count ? count : 1, size);

    if (!block) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
    }
    return block;
}

const char *pc_reader_text(pc_reader *reader, const char *text)
{
    const char *copy = pc_arena_strdup(reader->kept, text);

    if (!copy) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return "";
    }
    return copy;
}

pc_spot pc_reader_spot(const pc_reader *reader, const pc_node *node)
{
    return node ? node->spot : reader->root ? reader->root->spot : (pc_spot){0};
}

const pc_file *pc_reader_file(pc_reader *reader, const pc_file *from, const char *name, pc_spot spot)
{
    pc_status *why = pc_arena_calloc(reader->scratch, 1, sizeof *why);
    const pc_file *file = NULL;
    char joined[1024];

    if (!why) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    if (!pc_text_join(from ? from->name : NULL, name, joined, sizeof joined)) {
        pc_problem(reader->problems, spot,
                   "found the file name \"%s\", allowed a name inside the scenario's folder or one level above", name);
        return NULL;
    }
    file = pc_files_get(reader->files, joined, why);
    if (!file && why->code == PC_ERR_INPUT) {
        pc_problem(reader->problems, spot, "found \"%s\", but %s", name, why->message);
    } else if (!file) {
        pc_fail(reader->status, why->code ? why->code : PC_ERR_FAIL, "%s", why->message);
    }
    return file;
}

const pc_table *pc_reader_table(pc_reader *reader, const pc_file *from, const char *name, pc_spot spot)
{
    const pc_file *file = pc_reader_file(reader, from, name, spot);

    return file ? pc_csv_read(file, reader->scratch, reader->problems, reader->status) : NULL;
}

/* ---- series --------------------------------------------------------------------------------------------------------
 */

static int points_start(pc_reader *reader, pc_points *points, int room)
{
    *points = (pc_points){0, room, pc_arena_calloc(reader->scratch, (size_t)room + 1, sizeof(int)),
                          pc_arena_calloc(reader->scratch, (size_t)room + 1, sizeof(double))};
    if (!points->years || !points->values) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return 0;
    }
    return 1;
}

/* Adds a point; years must ascend, and the first must not come after the first year in which the value is needed. */
static int points_add(pc_reader *reader, pc_points *points, const char *name, int year, double value, pc_spot spot)
{
    int fine = 1;

    if (points->n > 0 && year <= points->years[points->n - 1]) {
        pc_problem(reader->problems, spot,
                   "found year %d after year %d for %s, allowed years in ascending order, each once", year,
                   points->years[points->n - 1], name);
        return 0;
    }
    if (points->n == 0 && year > reader->first_year) {
        pc_problem(reader->problems, spot, "found %d as the first year for %s (a year gap), allowed at most %d", year,
                   name, reader->first_year);
        fine = 0;
    }
    points->years[points->n] = year;
    points->values[points->n++] = value;
    return fine;
}

static int series_map(pc_reader *reader, const pc_param *number, const char *name, const pc_node *node,
                      pc_points *points)
{
    int fine = 1;

    if (node->n == 0) {
        pc_problem(reader->problems, node->spot, "found an empty map for %s, allowed years with numbers", name);
        return 0;
    }
    if (!points_start(reader, points, node->n)) {
        return 0;
    }
    for (int i = 0; i < node->n; i++) {
        double value;
        int year;
        const int good = pc_value_year(name, node->keys[i]->text, node->keys[i]->spot, reader->problems, &year);
        fine = good && fine;
        if (!pc_value_node(number, name, node->items[i], reader->problems, &value)) {
            fine = 0;
        } else if (good) {
            fine = points_add(reader, points, name, year, value, node->keys[i]->spot) && fine;
        }
    }
    return fine;
}

static int series_table(pc_reader *reader, const pc_param *number, const char *name, const pc_node *node,
                        pc_points *points)
{
    static const char *const extras[] = {"lower80", "upper80"};
    const char *dot = strrchr(name, '.');
    const char *last = dot ? dot + 1 : name;
    const pc_table *table = pc_reader_table(reader, node->spot.file, node->text, node->spot);
    pc_column columns[] = {{"year", 1}, {"value", 1}};
    int at[2], fine = 1;

    if (!table) {
        return 0;
    }
    if (pc_csv_find(table, "value") < 0 && pc_csv_find(table, last) >= 0) {
        columns[1].name = last;
    }
    if (!pc_csv_columns(table, columns, 2, extras, 2, at, reader->problems) ||
        !points_start(reader, points, table->n_rows)) {
        return 0;
    }
    for (int row = 0; row < table->n_rows; row++) {
        const pc_cell *year_cell = pc_csv_cell(table, row, at[0]), *cell = pc_csv_cell(table, row, at[1]);
        double value;
        int year;
        const int good = pc_value_year("year", year_cell->text, year_cell->spot, reader->problems, &year);
        fine = good && fine;
        if (!pc_value_parse(number, name, cell->text, cell->spot, reader->problems, &value)) {
            fine = 0;
        } else if (good) {
            fine = points_add(reader, points, name, year, value, year_cell->spot) && fine;
        }
    }
    return fine;
}

int pc_series_read(pc_reader *reader, const pc_param *param, const char *name, const pc_node *node, double *out)
{
    const int n_years = reader->scenario->horizon;
    const size_t length = node->kind == PC_NODE_SCALAR ? strlen(node->text) : 0;
    const int is_file = length > 4 && strcmp(node->text + length - 4, ".csv") == 0;
    pc_param number = *param;
    pc_points points = {0};
    double value;

    if (node->kind == PC_NODE_SCALAR && !is_file) {
        /* The wording of the series, the rules of a number. */
        if (!pc_value_node(param, name, node, reader->problems, &value)) {
            return 0;
        }
        for (int t = 0; t <= n_years; t++) {
            out[t] = value;
        }
        return 1;
    }
    number.kind = PC_PARAM_NUMBER;
    if (node->kind == PC_NODE_LIST) {
        return pc_value_node(param, name, node, reader->problems, &value);
    }
    if (!(is_file ? series_table(reader, &number, name, node, &points)
                  : series_map(reader, &number, name, node, &points)) ||
        points.n == 0) {
        return 0;
    }
    pc_points_join(&points, reader->scenario->base_year, n_years, out);
    return 1;
}

/* ---- sections -------------------------------------------------------------------------------------------------------
 */

void pc_section_start(pc_reader *reader, pc_section *section, const pc_head *head)
{
    const int n_years = reader->scenario->horizon;

    section->head = head;
    section->place = (pc_place){"", 0, 0};
    section->values = pc_reader_keep(reader, (size_t)head->n_params, sizeof(pc_value));
    section->places = pc_reader_keep(reader, (size_t)head->n_params, sizeof(pc_place));
    if (!section->places) {
        section->values = NULL; /* half a section is none */
    }
    for (int p = 0; p < head->n_params && section->values; p++) {
        const pc_param *param = &head->params[p];
        section->values[p].number = param->value;
        section->places[p].file = "";
        if (param->kind == PC_PARAM_TEXT) {
            section->values[p].text = "";
        } else if (param->kind == PC_PARAM_SERIES) {
            double *series = pc_reader_keep(reader, (size_t)n_years + 1, sizeof(double));
            for (int t = 0; t <= n_years && series; t++) {
                series[t] = param->value;
            }
            section->values[p].series = series;
        }
    }
}

int pc_section_find(const pc_section *section, const char *key)
{
    for (int p = 0; p < section->head->n_params; p++) {
        if (strcmp(section->head->params[p].key, key) == 0) {
            return p;
        }
    }
    return -1;
}

/* A list of regions, written as a YAML list or as one text with commas; every one must be in regions.csv. The value is
 * one text with commas. */
static void set_regions(pc_reader *reader, const pc_param *param, pc_value *value, const char *name,
                        const pc_node *node)
{
    const pc_node *one[1] = {node};
    const pc_node *const *items = node->kind == PC_NODE_LIST ? (const pc_node *const *)node->items : one;
    const int n = node->kind == PC_NODE_LIST ? node->n : 1;
    char id[KEY_BYTES], found[200], allowed[200];
    size_t used = 0, room = 1;
    char *all;

    for (int i = 0; i < n; i++) {
        room += items[i]->kind == PC_NODE_SCALAR ? strlen(items[i]->text) + 1 : 0;
    }
    all = pc_reader_keep(reader, room, 1);
    for (int i = 0; i < n && all; i++) {
        const char *at = items[i]->text;
        if (items[i]->kind != PC_NODE_SCALAR || pc_node_empty(items[i])) {
            pc_problem(reader->problems, items[i]->spot, "found %s for %s, allowed %s",
                       pc_node_found(items[i], found, sizeof found), name,
                       pc_value_allowed(param, allowed, sizeof allowed));
            return;
        }
        while (*(at += strspn(at, ", \t\n"))) {
            const size_t length = strcspn(at, ", \t\n");
            snprintf(id, sizeof id, "%.*s", (int)length, at);
            at += length;
            if (reader->scenario->n_regions > 0 && pc_region_find(reader->scenario, id) < 0) {
                pc_problem(reader->problems, items[i]->spot, "found \"%s\" for %s, which is no region, allowed %s", id,
                           name, pc_value_allowed(param, allowed, sizeof allowed));
                return;
            }
            used += (size_t)snprintf(all + used, room - used, "%s%s", used ? "," : "", id);
        }
    }
    value->text = all;
}

/* Sets one parameter from its node. */
static void set_value(pc_reader *reader, pc_section *section, int p, const char *title, const pc_node *key,
                      const pc_node *node)
{
    const pc_param *param = &section->head->params[p];
    pc_value *value = &section->values[p];
    char name[2 * KEY_BYTES], found[200], allowed[512];

    snprintf(name, sizeof name, "%s%s%s", title, title[0] ? "." : "", param->key);
    if (value->given) {
        pc_problem(reader->problems, key->spot, "found %s a second time (nested and with dots), allowed once", name);
        return;
    }
    value->given = 1;
    section->places[p] = pc_place_of(node->spot);
    if (param->kind == PC_PARAM_SERIES) {
        double *series = pc_reader_keep(reader, (size_t)reader->scenario->horizon + 1, sizeof(double));
        if (series && pc_series_read(reader, param, name, node, series)) {
            value->series = series;
            value->number = series[0];
        }
    } else if (param->kind == PC_PARAM_TEXT && strcmp(param->unit, "regions") == 0) {
        set_regions(reader, param, value, name, node);
    } else if (param->kind == PC_PARAM_TEXT) {
        if (node->kind != PC_NODE_SCALAR || pc_node_empty(node)) {
            pc_problem(reader->problems, node->spot, "found %s for %s, allowed %s",
                       pc_node_found(node, found, sizeof found), name,
                       pc_value_allowed(param, allowed, sizeof allowed));
        } else {
            value->text = pc_reader_text(reader, node->text);
        }
    } else {
        pc_value_node(param, name, node, reader->problems, &value->number);
    }
}

static void unknown_key(pc_reader *reader, const pc_section *section, const pc_extra *extras, int n_extras,
                        const char *prefix, const pc_node *key, const char *title)
{
    const size_t skip = strlen(prefix);
    const char *known[MAX_KNOWN];
    char what[2 * KEY_BYTES];
    int n = 0;

    for (int p = 0; p < section->head->n_params + n_extras; p++) {
        const char *name =
            p < section->head->n_params ? section->head->params[p].key : extras[p - section->head->n_params].name;
        const char *dot;
        if (strncmp(name, prefix, skip) != 0) {
            continue;
        }
        if (n < MAX_KNOWN) {
            known[n++] = name + skip;
        }
        dot = strchr(name + skip, '.');
        if (dot && n < MAX_KNOWN) {
            char *part = pc_arena_calloc(reader->scratch, (size_t)(dot - name - (ptrdiff_t)skip) + 1, 1);
            if (part) {
                memcpy(part, name + skip, (size_t)(dot - name) - skip);
                known[n++] = part;
            }
        }
    }
    if (title[0] || skip > 0) {
        snprintf(what, sizeof what, _("key of %s%s%.*s"), title, title[0] && skip ? "." : "", skip ? (int)skip - 1 : 0,
                 prefix);
    } else {
        snprintf(what, sizeof what, "%s", _("key"));
    }
    pc_value_unknown(what, key->text, key->spot, known, n, reader->problems);
}

/* Walks a map; `prefix` is "" or the keys above, each with its dot. */
static void walk(pc_reader *reader, pc_section *section, const pc_node *map, const char *title, const char *prefix,
                 pc_extra *extras, int n_extras)
{
    for (int i = 0; i < map->n; i++) {
        const pc_node *key = map->keys[i], *item = map->items[i];
        char full[KEY_BYTES], inner[KEY_BYTES + 1];
        int done = 0, is_group = 0;
        const int n = snprintf(full, sizeof full, "%s%s", prefix, key->text);

        if (n >= 0 && (size_t)n < sizeof full && key->text[0]) {
            snprintf(inner, sizeof inner, "%s.", full);
            for (int e = 0; e < n_extras && !done; e++) {
                if (strcmp(extras[e].name, full) == 0) {
                    if (extras[e].node) {
                        pc_problem(reader->problems, key->spot, "found %s a second time, allowed once", full);
                    }
                    extras[e].node = item;
                    extras[e].key_spot = key->spot;
                    done = 1;
                }
                is_group = is_group || strncmp(extras[e].name, inner, strlen(inner)) == 0;
            }
            for (int p = 0; p < section->head->n_params && !done; p++) {
                if (strcmp(section->head->params[p].key, full) == 0) {
                    set_value(reader, section, p, title, key, item);
                    done = 1;
                }
                is_group = is_group || strncmp(section->head->params[p].key, inner, strlen(inner)) == 0;
            }
        }
        if (done) {
            continue;
        }
        if (!is_group) {
            unknown_key(reader, section, extras, n_extras, prefix, key, title);
        } else if (item->kind == PC_NODE_MAP) {
            walk(reader, section, item, title, inner, extras, n_extras);
        } else if (!pc_node_empty(item)) {
            char found[200];
            pc_problem(reader->problems, item->spot, "found %s for %s%s%s, allowed a map of keys",
                       pc_node_found(item, found, sizeof found), title, title[0] ? "." : "", full);
        }
    }
}

void pc_section_read(pc_reader *reader, pc_section *section, const pc_node *node, const char *title, pc_extra *extras,
                     int n_extras)
{
    char found[200];

    if (!section->values || !section->places || !node) {
        return;
    }
    section->place = pc_place_of(node->spot);
    if (node->kind == PC_NODE_MAP) {
        walk(reader, section, node, title, "", extras, n_extras);
    } else if (!pc_node_empty(node)) {
        pc_problem(reader->problems, node->spot, "found %s for %s, allowed a map of keys",
                   pc_node_found(node, found, sizeof found), title);
    }
}
