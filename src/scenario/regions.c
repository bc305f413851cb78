/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regions.csv, the partitions of the regions, and the check that all random streams differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "random/streams.h"
#include "scenario/reader.h"
#include "scenario/schema.h"

enum { CODE, NAME, NAME_EN, STREAM, CARVED_FROM, TEXT_COLUMNS, MAX_EXTRAS = 64, MAX_REGIONS = 4000 };

int pc_region_find(const pc_scenario *scenario, const char *id)
{
    for (int r = 0; r < scenario->n_regions; r++) {
        if (strcmp(scenario->regions[r].id, id) == 0) {
            return r;
        }
    }
    return -1;
}

static const char *cell_text(pc_reader *reader, const pc_table *table, int row, int column, const char *otherwise)
{
    const char *text = column >= 0 ? pc_csv_cell(table, row, column)->text : "";

    return text[0] ? pc_reader_text(reader, text) : otherwise;
}

/* The stream: its own column, else the code as a number, else a hash of the code. */
static uint32_t stream_of(pc_reader *reader, const pc_region *region, const pc_cell *cell)
{
    static const pc_param param = {"stream", PC_PARAM_INT, "", 1, 4294967295.0, 0, NULL, ""};
    const size_t digits = strspn(region->id, "0123456789");
    double number;

    if (cell && cell->text[0]) {
        return pc_value_parse(&param, "stream", cell->text, cell->spot, reader->problems, &number) ? (uint32_t)number
                                                                                                   : 0;
    }
    if (digits <= 10 && region->id[digits] == 0) {
        const unsigned long long code = strtoull(region->id, NULL, 10);
        if (code <= UINT32_MAX) {
            return (uint32_t)code;
        }
    }
    return pc_stream_hash(region->id);
}

/* A carve-out has members and accounts of the employee scheme, but no people of its own: those figures must be left out
 * or 0. */
static int is_of_people(int column)
{
    switch (column) {
    case PC_COL_POPULATION:
    case PC_COL_SHARE_0_14:
    case PC_COL_SHARE_60_PLUS:
    case PC_COL_BIRTHS_PER_1000:
    case PC_COL_NET_MIGRATION_RATE:
    case PC_COL_RESIDENT_MEMBERS:
    case PC_COL_RESIDENT_REVENUE_YUAN:
    case PC_COL_RESIDENT_EXPENDITURE_YUAN:
        return 1;
    default:
        return 0;
    }
}

static void read_number(pc_reader *reader, const pc_cell *cell, int column, int carved, pc_region *region)
{
    pc_param param = pc_schema_region.params[column];
    double *value = &region->value[column];

    *value = param.value;
    if (carved && is_of_people(column)) {
        param.lo = param.hi = 0;
        if (cell && cell->text[0] &&
            (!pc_value_parse(&pc_schema_region.params[column], param.key, cell->text, cell->spot, reader->problems,
                             value) ||
             *value == 0)) {
            *value = param.value;
            return;
        }
        if (cell && cell->text[0]) {
            pc_problem(
                reader->problems, cell->spot,
                "found \"%s\" for %s of the carve-out %s, allowed an empty cell: its members are counted among the "
                "people of its host",
                cell->text, param.key, region->id);
        }
    } else if (cell && (cell->text[0] || pc_schema_region_required(column))) {
        pc_value_parse(&param, param.key, cell->text, cell->spot, reader->problems, value);
    }
}

static void read_region(pc_reader *reader, const pc_table *table, int row, const int *text_at, const int *number_at,
                        pc_region *region)
{
    const pc_cell *code = pc_csv_cell(table, row, text_at[CODE]);
    const int carved = text_at[CARVED_FROM] >= 0 && pc_csv_cell(table, row, text_at[CARVED_FROM])->text[0] != 0;
    double young, old;

    region->place = pc_place_of(pc_csv_cell(table, row, 0)->spot);
    region->id = pc_reader_text(reader, code->text);
    if (code->text[0] == 0 || strlen(code->text) > 64 || strpbrk(code->text, "/ \t\n\r")) {
        pc_problem(reader->problems, code->spot,
                   "found \"%s\" for code, allowed up to 64 bytes without blanks and slashes", code->text);
    } else if (pc_region_find(reader->scenario, code->text) >= 0) {
        pc_problem(reader->problems, code->spot, "found the region \"%s\" a second time, allowed once", code->text);
    }
    region->name = cell_text(reader, table, row, text_at[NAME], NULL);
    if (!region->name) {
        pc_problem(reader->problems, pc_csv_cell(table, row, text_at[NAME])->spot,
                   "found an empty cell for name, allowed a name");
        region->name = region->id;
    }
    region->name_en = cell_text(reader, table, row, text_at[NAME_EN], region->name);
    region->quality = cell_text(reader, table, row, pc_csv_find(table, "quality"), "");
    region->source = cell_text(reader, table, row, pc_csv_find(table, "source"), "");
    for (int c = 0; c < PC_REGION_COLUMNS; c++) {
        read_number(reader, number_at[c] >= 0 ? pc_csv_cell(table, row, number_at[c]) : NULL, c, carved, region);
    }
    region->host = -1; /* set when all regions are known */
    young = region->value[PC_COL_SHARE_0_14];
    old = region->value[PC_COL_SHARE_60_PLUS];
    if (young + old >= 1) {
        pc_problem(reader->problems, pc_csv_cell(table, row, number_at[PC_COL_SHARE_0_14])->spot,
                   "found share_0_14 + share_60_plus = %.10g for %s, allowed less than 1", young + old, code->text);
    }
    region->stream = stream_of(reader, region, text_at[STREAM] >= 0 ? pc_csv_cell(table, row, text_at[STREAM]) : NULL);
}

/* Column carved_from: the region among whose people a carve-out's members are counted. */
static void read_hosts(pc_reader *reader, const pc_table *table, int column)
{
    pc_scenario *s = reader->scenario;

    for (int r = 0; r < s->n_regions && column >= 0; r++) {
        const pc_cell *cell = pc_csv_cell(table, r, column);
        const int host = cell->text[0] ? pc_region_find(s, cell->text) : -1;

        if (!cell->text[0]) {
            continue;
        }
        if (host < 0 || host == r || pc_csv_cell(table, host, column)->text[0]) {
            pc_problem(reader->problems, cell->spot,
                       "found \"%s\" as the host of the carve-out %s, allowed the code of another region that is no "
                       "carve-out itself",
                       cell->text, s->regions[r].id);
        } else {
            s->regions[r].host = host;
        }
    }
}

/* Text columns that partitions group by. */
static int partition_columns(const pc_node *partitions, const char **names)
{
    int n = 0;

    for (int i = 0; partitions && partitions->kind == PC_NODE_MAP && i < partitions->n; i++) {
        const int at = pc_node_find(partitions->items[i], "column");
        if (at >= 0 && partitions->items[i]->items[at]->kind == PC_NODE_SCALAR && n < MAX_EXTRAS) {
            names[n++] = partitions->items[i]->items[at]->text;
        }
    }
    return n;
}

void pc_regions_read(pc_reader *reader, const pc_section *top, const pc_node *partitions)
{
    static const pc_column texts[TEXT_COLUMNS] = {
        {"code", 1}, {"name", 1}, {"name_en", 0}, {"stream", 0}, {"carved_from", 0}};
    pc_scenario *s = reader->scenario;
    pc_column columns[TEXT_COLUMNS + PC_REGION_COLUMNS];
    int at[TEXT_COLUMNS + PC_REGION_COLUMNS];
    const char *extras[MAX_EXTRAS];
    const int p = pc_section_find(top, "tables.regions");
    const char *name = top->values[p].given ? top->values[p].text : "regions.csv";
    const pc_table *table;
    int n_extras;

    table = pc_reader_table(reader, NULL, name, pc_reader_spot(reader, NULL));
    if (!table) {
        return;
    }
    memcpy(columns, texts, sizeof texts);
    for (int c = 0; c < PC_REGION_COLUMNS; c++) {
        columns[TEXT_COLUMNS + c] = (pc_column){pc_schema_region.params[c].key, pc_schema_region_required(c)};
    }
    n_extras = partition_columns(partitions, extras);
    if (!pc_csv_columns(table, columns, TEXT_COLUMNS + PC_REGION_COLUMNS, extras, n_extras, at, reader->problems)) {
        return;
    }
    if (table->n_rows > MAX_REGIONS) {
        pc_problem(reader->problems, pc_csv_cell(table, MAX_REGIONS, 0)->spot, "found %d regions, allowed at most %d",
                   table->n_rows, MAX_REGIONS);
        return;
    }
    s->regions = pc_reader_keep(reader, (size_t)table->n_rows, sizeof(pc_region));
    for (int row = 0; row < table->n_rows && s->regions; row++) {
        read_region(reader, table, row, at, at + TEXT_COLUMNS, &s->regions[row]);
        s->n_regions++;
    }
    read_hosts(reader, table, at[CARVED_FROM]);
    reader->regions = table;
}

/* ---- partitions -----------------------------------------------------------------------------------------------------
 */

static int find_group(const pc_grouping *grouping, const char *id)
{
    for (int g = 0; g < grouping->n_groups; g++) {
        if (strcmp(grouping->group_ids[g], id) == 0) {
            return g;
        }
    }
    return -1;
}

static int add_group(pc_reader *reader, pc_grouping *grouping, const char *id)
{
    grouping->group_ids[grouping->n_groups] = grouping->group_titles[grouping->n_groups] = pc_reader_text(reader, id);
    return grouping->n_groups++;
}

static int start_grouping(pc_reader *reader, pc_grouping *grouping, const char *name, int room)
{
    const int n = reader->scenario->n_regions;

    grouping->name = name;
    grouping->reported = 1;
    grouping->group_ids = pc_reader_keep(reader, (size_t)room, sizeof(char *));
    grouping->group_titles = pc_reader_keep(reader, (size_t)room, sizeof(char *));
    grouping->group_of = pc_reader_keep(reader, (size_t)n, sizeof(int));
    for (int r = 0; r < n && grouping->group_of; r++) {
        grouping->group_of[r] = -1;
    }
    return grouping->group_ids && grouping->group_titles && grouping->group_of;
}

static void group_by_column(pc_reader *reader, pc_grouping *grouping, const pc_node *node)
{
    char found[200];
    int column;

    if (node->kind != PC_NODE_SCALAR || pc_node_empty(node)) {
        pc_problem(reader->problems, node->spot, "found %s for column, allowed the name of a column of regions.csv",
                   pc_node_found(node, found, sizeof found));
        return;
    }
    if (!reader->regions) {
        return;
    }
    column = pc_csv_find(reader->regions, node->text);
    if (column < 0) {
        const char *known[256];
        int n = 0;
        for (int c = 0; c < reader->regions->n_columns && n < 256; c++) {
            known[n++] = reader->regions->header[c].text;
        }
        pc_value_unknown(N_("column of regions.csv"), node->text, node->spot, known, n, reader->problems);
        return;
    }
    for (int r = 0; r < reader->scenario->n_regions; r++) {
        const char *id = pc_csv_cell(reader->regions, r, column)->text;
        if (id[0]) {
            const int g = find_group(grouping, id);
            grouping->group_of[r] = g >= 0 ? g : add_group(reader, grouping, id);
        }
    }
    if (grouping->n_groups == 0) {
        pc_problem(reader->problems, node->spot, "found only empty cells in the column \"%s\", allowed names of groups",
                   node->text);
    }
}

static void group_by_list(pc_reader *reader, pc_grouping *grouping, const pc_node *node)
{
    const pc_scenario *s = reader->scenario;
    char found[200];

    if (node->kind != PC_NODE_MAP || node->n == 0) {
        pc_problem(reader->problems, node->spot, "found %s for groups, allowed a map {ID: [region, ...]}",
                   node->kind == PC_NODE_MAP ? _("an empty map") : pc_node_found(node, found, sizeof found));
        return;
    }
    for (int i = 0; i < node->n; i++) {
        const pc_node *list = node->items[i];
        const int g = add_group(reader, grouping, node->keys[i]->text);
        if (list->kind != PC_NODE_LIST || list->n == 0) {
            pc_problem(reader->problems, list->spot, "found %s for the group %s, allowed a list of regions",
                       list->kind == PC_NODE_LIST ? _("an empty list") : pc_node_found(list, found, sizeof found),
                       node->keys[i]->text);
            continue;
        }
        for (int k = 0; k < list->n && s->n_regions > 0; k++) {
            const pc_node *item = list->items[k];
            const int r = item->kind == PC_NODE_SCALAR ? pc_region_find(s, item->text) : -1;
            if (item->kind != PC_NODE_SCALAR) {
                pc_problem(reader->problems, item->spot, "found %s, allowed the code of a region",
                           pc_node_found(item, found, sizeof found));
            } else if (r < 0) {
                const char *known[256];
                int n = 0;
                for (int j = 0; j < s->n_regions && n < 256; j++) {
                    known[n++] = s->regions[j].id;
                }
                pc_value_unknown(N_("region"), item->text, item->spot, known, n, reader->problems);
            } else if (grouping->group_of[r] >= 0) {
                pc_problem(reader->problems, item->spot,
                           "found the region \"%s\" in a second place, allowed in one group", item->text);
            } else {
                grouping->group_of[r] = g;
            }
        }
    }
}

static void read_grouping(pc_reader *reader, pc_grouping *grouping, const pc_node *key, const pc_node *node)
{
    static const pc_param params[] = {
        {"reported", PC_PARAM_BOOL, "", 0, 1, 1, NULL, N_("Whether its groups are areas of the results.")}};
    static const pc_head head = {.slot = "scenario",
                                 .name = "partition",
                                 .title = N_("Partition"),
                                 .doc = "",
                                 .equation = "",
                                 .source = "",
                                 .params = params,
                                 .n_params = 1};
    pc_extra extras[] = {{"column", NULL, {0}}, {"groups", NULL, {0}}};
    pc_section section;
    char title[160];

    snprintf(title, sizeof title, "partitions.%s", key->text);
    pc_section_start(reader, &section, &head);
    pc_section_read(reader, &section, node, title, extras, 2);
    const int room = extras[1].node && extras[1].node->n > reader->scenario->n_regions ? extras[1].node->n
                                                                                       : reader->scenario->n_regions;
    if (!section.values || !start_grouping(reader, grouping, pc_reader_text(reader, key->text), room)) {
        return;
    }
    grouping->reported = section.values[0].number != 0;
    if (!extras[0].node == !extras[1].node) {
        pc_problem(reader->problems, key->spot, "found %s for %s, allowed one of `column:` and `groups:`",
                   extras[0].node ? _("both column and groups") : _("neither column nor groups"), title);
    } else if (extras[0].node) {
        group_by_column(reader, grouping, extras[0].node);
    } else {
        group_by_list(reader, grouping, extras[1].node);
    }
}

void pc_partitions_read(pc_reader *reader, const pc_node *partitions)
{
    pc_scenario *s = reader->scenario;
    const int n = partitions && partitions->kind == PC_NODE_MAP ? partitions->n : 0;
    pc_grouping *whole;
    char found[200];

    if (partitions && partitions->kind != PC_NODE_MAP && !pc_node_empty(partitions)) {
        pc_problem(reader->problems, partitions->spot,
                   "found %s for partitions, allowed a map {NAME: {column: COLUMN}}",
                   pc_node_found(partitions, found, sizeof found));
    }
    s->groupings = pc_reader_keep(reader, (size_t)n + 1, sizeof(pc_grouping));
    if (!s->groupings || !start_grouping(reader, &s->groupings[0], "whole", 1)) {
        return;
    }
    whole = &s->groupings[0];
    whole->group_ids[0] = s->whole_id;
    whole->group_titles[0] = s->whole_name;
    whole->n_groups = 1;
    for (int r = 0; r < s->n_regions; r++) {
        whole->group_of[r] = 0;
    }
    s->n_groupings = 1;
    for (int i = 0; i < n; i++) {
        const pc_node *key = partitions->keys[i];
        if (strcmp(key->text, "whole") == 0 || key->text[0] == 0 || strlen(key->text) > 100 ||
            strpbrk(key->text, "/. \t\n")) {
            pc_problem(
                reader->problems, key->spot,
                "found the partition name \"%s\", allowed another name than whole, without blanks, dots and slashes",
                key->text);
        } else {
            read_grouping(reader, &s->groupings[s->n_groupings++], key, partitions->items[i]);
        }
    }
}

/* ---- streams --------------------------------------------------------------------------------------------------------
 */

typedef struct stream_use {
    uint32_t stream;
    int region, shock; /* -1: none; both -1: the province */
} stream_use;

static int by_stream(const void *a, const void *b)
{
    const stream_use *x = a, *y = b;

    if (x->stream != y->stream) {
        return x->stream < y->stream ? -1 : 1;
    }
    return x->shock != y->shock ? (x->shock > y->shock) - (x->shock < y->shock)
                                : (x->region > y->region) - (x->region < y->region);
}

static const char *stream_owner(const pc_scenario *s, const stream_use *use, char *buffer, size_t size)
{
    if (use->shock >= 0) {
        if (use->region >= 0) {
            snprintf(buffer, size, _("shock %s in region %s"), s->shock_names[use->shock], s->regions[use->region].id);
        } else {
            snprintf(buffer, size, _("shock %s"), s->shock_names[use->shock]);
        }
    } else if (use->region >= 0) {
        snprintf(buffer, size, _("region %s"), s->regions[use->region].id);
    } else {
        snprintf(buffer, size, "%s", _("the whole"));
    }
    return buffer;
}

void pc_streams_check(pc_reader *reader)
{
    const pc_scenario *s = reader->scenario;
    const size_t room = 1 + (size_t)s->n_regions + (size_t)s->n_shocks * (size_t)(s->n_regions + 1);
    stream_use *uses = pc_arena_calloc(reader->scratch, room, sizeof *uses);
    size_t n = 0;

    if (!uses) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return;
    }
    uses[n++] = (stream_use){PC_STREAM_PROVINCE, -1, -1};
    for (int r = 0; r < s->n_regions; r++) {
        uses[n++] = (stream_use){s->regions[r].stream, r, -1};
    }
    for (int k = 0; k < s->n_shocks; k++) {
        const int scope = pc_section_find(&s->shocks[k], "scope");
        const int regional = scope >= 0 && s->shocks[k].values && s->shocks[k].values[scope].number == 1;
        for (int r = regional ? 0 : -1; r < (regional ? s->n_regions : 0); r++) {
            char name[256];
            snprintf(name, sizeof name, "shock:%s%s%s", s->shock_names[k], r >= 0 ? "@" : "",
                     r >= 0 ? s->regions[r].id : "");
            uses[n++] = (stream_use){pc_stream_hash(name), r, k};
        }
    }
    qsort(uses, n, sizeof *uses, by_stream);
    for (size_t i = 1; i < n; i++) {
        const stream_use *a = &uses[i - 1], *b = &uses[i];
        char one[200], two[200];
        if (a->stream != b->stream) {
            continue;
        }
        pc_spot spot = pc_reader_spot(reader, NULL);
        if (b->region >= 0 && b->shock < 0 && reader->regions) {
            const int column = pc_csv_find(reader->regions, "stream");
            spot = pc_csv_cell(reader->regions, b->region, column >= 0 ? column : pc_csv_find(reader->regions, "code"))
                       ->spot;
        }
        pc_problem(reader->problems, spot,
                   "found the random stream %lu for %s and for %s, allowed a stream of its own for each "
                   "(column `stream`)",
                   (unsigned long)b->stream, stream_owner(s, a, one, sizeof one), stream_owner(s, b, two, sizeof two));
    }
}
