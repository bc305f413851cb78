/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's names, inputs and diagnostics; its series are html_data.c's. */
#include <string.h>

#include "report/gains.h"
#include "report/html_inner.h"
#include "report/topics.h"

enum { TEXT_ROOM = 160, MAX_QUALITIES = 16 };

static const char *text_at(const pc_dataset *dataset, size_t index)
{
    const char *text =
        dataset && dataset->type == PC_TEXT && index < dataset->count ? ((char *const *)dataset->data)[index] : NULL;

    return text ? text : "";
}

static void put_areas(const pc_view *view, pc_json *json)
{
    const pc_dataset *kind = pc_results_find(view->results, "areas", "kind");
    const pc_dataset *quality = pc_results_find(view->results, "areas", "quality");

    pc_json_open(json, "areas", '[');
    for (int a = 0; a < view->n_areas; a++) {
        const char *id = ((char *const *)view->region->coordinates)[a];
        long input = quality && quality->rank == 1 && quality->dims[0]->type == PC_TEXT
                         ? pc_dimension_find_text(quality->dims[0], id)
                         : -1;
        pc_json_open(json, NULL, '{');
        pc_json_put_text(json, "id", id);
        pc_json_put_text(json, "name", pc_view_area_name(view, a));
        pc_json_put_text(json, "name_en", pc_view_area_name_en(view, a));
        pc_json_put_text(json, "kind", text_at(kind, (size_t)a));
        pc_json_put_text(json, "quality", input >= 0 ? text_at(quality, (size_t)input) : "");
        pc_json_close(json, '}');
    }
    pc_json_close(json, ']');
}

static void put_policies(const pc_view *view, pc_json *json)
{
    static const char *const texts[] = {"title", "title_en", "source", "note", "timeline"};

    pc_json_open(json, "policies", '[');
    for (int p = 0; p < view->n_policies; p++) {
        pc_json_open(json, NULL, '{');
        pc_json_put_text(json, "id", view->policies[p]);
        pc_json_put_text(json, "shown", pc_policy_title(view, view->policies[p]));
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            pc_json_put_text(json, texts[t], pc_view_policy_text(view, view->policies[p], texts[t]));
        }
        pc_json_close(json, '}');
    }
    pc_json_close(json, ']');
}

/* How many rows of a table carry which quality: looks for a column of that name. */
static void put_qualities(pc_json *json, const char *csv)
{
    char cell[TEXT_ROOM], names[MAX_QUALITIES][TEXT_ROOM];
    int counts[MAX_QUALITIES] = {0}, n_names = 0, column = 0, row = 0, wanted_column = -1;

    while (*csv) {
        size_t n = 0;
        int quoted = *csv == '"';
        for (csv += quoted; *csv && (quoted || !strchr(",\r\n", *csv)); csv++) {
            if (quoted && *csv == '"' && *++csv != '"') {
                break;
            }
            if (n + 1 < sizeof cell) {
                cell[n++] = *csv;
            }
        }
        cell[n] = 0;
        while (*csv && !strchr(",\n", *csv)) {
            csv++;
        }
        if (row == 0 && strcmp(cell, "quality") == 0) {
            wanted_column = column;
        } else if (row > 0 && column == wanted_column) {
            int at = 0;
            while (at < n_names && strcmp(names[at], cell) != 0) {
                at++;
            }
            if (at < MAX_QUALITIES) {
                n_names += at == n_names;
                strcpy(names[at], cell);
                counts[at]++;
            }
        }
        column = *csv == ',' ? column + 1 : 0;
        row += *csv == '\n';
        csv += *csv != 0;
    }
    pc_json_open(json, "quality", '{');
    for (int i = 0; i < n_names; i++) {
        pc_json_put_integer(json, names[i], counts[i]);
    }
    pc_json_close(json, '}');
}

static void put_files(const pc_view *view, pc_json *json)
{
    const pc_results *results = view->results;
    const pc_dataset *names = pc_results_find(results, "inputs/files", "name");
    const pc_dataset *texts = pc_results_find(results, "inputs/files", "text");
    const pc_dataset *sums = pc_results_find(results, "inputs/files", "sha256");
    const pc_dataset *overrides = pc_results_find(results, "inputs/files", "override");

    pc_json_open(json, "files", '[');
    for (size_t i = 0; names && i < names->count; i++) {
        const char *name = text_at(names, i), *ending = strrchr(name, '.');
        int is_table = ending && strcmp(ending, ".csv") == 0;
        pc_json_open(json, NULL, '{');
        pc_json_put_text(json, "name", name);
        pc_json_put_text(json, "sha256", text_at(sums, i));
        if (is_table) {
            put_qualities(json, text_at(texts, i));
        } else {
            pc_json_put_text(json, "text", text_at(texts, i));
        }
        pc_json_close(json, '}');
    }
    pc_json_close(json, ']');
    pc_json_open(json, "overrides", '[');
    for (size_t i = 0; overrides && i < overrides->count; i++) {
        pc_json_put_text(json, NULL, text_at(overrides, i));
    }
    pc_json_close(json, ']');
}

static void put_parameters(const pc_view *view, pc_json *json)
{
    const pc_results *results = view->results;
    const pc_dataset *value = pc_results_find(results, "inputs/parameters", "value");
    const pc_dataset *given = pc_results_find(results, "inputs/parameters", "given");
    const pc_dataset *unit = pc_results_find(results, "inputs/parameters", "unit");
    const pc_dataset *series = pc_results_find(results, "inputs/series", "value");

    pc_json_open(json, "parameters", '[');
    for (size_t i = 0; value && value->rank == 1 && value->dims[0]->type == PC_TEXT && i < value->count; i++) {
        pc_json_open(json, NULL, '[');
        pc_json_put_text(json, NULL, ((char *const *)value->dims[0]->coordinates)[i]);
        pc_json_put_number(json, NULL, pc_dataset_at(value, i));
        pc_json_put_text(json, NULL, text_at(unit, i));
        pc_json_put_integer(json, NULL, given && i < given->count ? (int64_t)pc_dataset_at(given, i) : 0);
        pc_json_close(json, ']');
    }
    pc_json_close(json, ']');
    pc_json_open(json, "series", '{');
    for (size_t i = 0; series && series->rank == 2 && series->dims[0]->type == PC_TEXT && i < series->dims[0]->size;
         i++) {
        pc_json_open(json, ((char *const *)series->dims[0]->coordinates)[i], '[');
        for (size_t y = 0; y < series->dims[1]->size; y++) {
            pc_json_put_number(json, NULL, pc_dataset_at(series, i * series->dims[1]->size + y));
        }
        pc_json_close(json, ']');
    }
    pc_json_close(json, '}');
}

static void put_attributes(const pc_view *view, pc_json *json)
{
    static const char *const names[] = {
        "title",    "title_en", "comment", "source",    "libraries", "format_version", "paths",    "seed",
        "complete", "baseline", "history", "base_year", "horizon",   "treasury_alpha", "sampling", "replicates"};
    const pc_group *root = pc_results_find_group(view->results, "");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const pc_attribute *found = pc_group_find_attribute(root, names[i]);
        if (found && found->type == PC_TEXT) {
            pc_json_put_text(json, names[i], found->text ? found->text : "");
        } else if (found) {
            pc_json_put_number(json, names[i], found->type == PC_I64 ? (double)found->integer : found->number);
        }
    }
}

static void put_quality(const pc_view *view, pc_json *json)
{
    const pc_group *group = pc_results_find_group(view->results, "quality");
    const pc_dataset *price = pc_results_find(view->results, "inputs/prices", "price_level");

    pc_json_open(json, "diagnostics", '{');
    for (int d = 0; group && d < group->n_datasets; d++) {
        if (group->datasets[d]->rank == 0 && group->datasets[d]->type != PC_TEXT) {
            pc_json_put_number(json, group->datasets[d]->name, pc_dataset_at(group->datasets[d], 0));
        }
    }
    pc_json_close(json, '}');
    pc_json_open(json, "price", '['); /* the base year first */
    for (size_t i = 0; price && price->rank == 1 && i < price->count; i++) {
        pc_json_put_number(json, NULL, pc_dataset_at(price, i));
    }
    pc_json_close(json, ']');
}

void pc_html_inputs(const pc_view *view, pc_json *json)
{
    put_attributes(view, json);
    put_areas(view, json);
    put_policies(view, json);
    put_quality(view, json);
    pc_gains_put(view, json);
    put_files(view, json);
    put_parameters(view, json);
}
