/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a study's page draws: every number and text of the study's group as it stands in the file. */
#include <string.h>

#include "base/i18n.h"
#include "report/html_inner.h"

static void put_attribute(const pc_attribute *a, pc_json *json)
{
    if (a->type == PC_TEXT) {
        pc_json_put_text(json, a->name, a->text ? a->text : "");
    } else if (a->type == PC_I64) {
        pc_json_put_integer(json, a->name, a->integer);
    } else {
        pc_json_put_number(json, a->name, a->number);
    }
}

static void put_values(const char *key, pc_type type, const void *data, size_t n, const pc_dataset *set, pc_json *json)
{
    pc_json_open(json, key, '[');
    for (size_t i = 0; data && i < n; i++) {
        if (type == PC_TEXT) {
            const char *text = ((char *const *)data)[i];
            pc_json_put_text(json, NULL, text ? text : "");
        } else if (set) {
            pc_json_put_number(json, NULL, pc_dataset_at(set, i));
        } else {
            pc_json_put_number(json, NULL,
                               type == PC_F64   ? ((const double *)data)[i]
                               : type == PC_I64 ? (double)((const int64_t *)data)[i]
                                                : (double)((const int32_t *)data)[i]);
        }
    }
    pc_json_close(json, ']');
}

/* Texts that a person reads, beside the names that programs read. */
static void put_words(const char *name, pc_type type, const void *data, size_t n, pc_json *json)
{
    char key[80];

    if (type != PC_TEXT || !data || (strcmp(name, "kind") != 0 && strcmp(name, "meaning") != 0)) {
        return;
    }
    snprintf(key, sizeof key, "%s_words", name);
    pc_json_open(json, key, '[');
    for (size_t i = 0; i < n; i++) {
        const char *text = ((char *const *)data)[i];
        pc_json_put_text(json, NULL, text && *text ? _(text) : "");
    }
    pc_json_close(json, ']');
}

/* 1 where dimension k of dataset i is met for the first time in the group. */
static int is_new_axis(const pc_group *group, int i, int k)
{
    const pc_dimension *axis = group->datasets[i]->dims[k];

    for (int j = 0; j <= i; j++) {
        for (int l = 0; l < (j < i ? group->datasets[j]->rank : k); l++) {
            if (group->datasets[j]->dims[l] == axis) {
                return 0;
            }
        }
    }
    return 1;
}

static void put_group(const pc_group *group, pc_json *json)
{
    pc_json_open(json, "about", '{');
    for (int i = 0; i < group->n_attributes; i++) {
        const pc_attribute *a = &group->attributes[i];
        if (strcmp(a->name, "measure_meaning") == 0 && a->text && *a->text) {
            pc_json_put_text(json, a->name, _(a->text));
        } else {
            put_attribute(a, json);
        }
    }
    pc_json_close(json, '}');
    pc_json_open(json, "units", '{');
    for (int i = 0; i < group->n_datasets; i++) {
        if (group->datasets[i]->units) {
            pc_json_put_text(json, group->datasets[i]->name, group->datasets[i]->units);
        }
    }
    for (int i = 0; i < group->n_datasets; i++) {
        for (int k = 0; k < group->datasets[i]->rank; k++) {
            const pc_dimension *axis = group->datasets[i]->dims[k];
            if (axis->units && is_new_axis(group, i, k)) {
                pc_json_put_text(json, axis->name, axis->units);
            }
        }
    }
    pc_json_close(json, '}');
    pc_json_open(json, "values", '{');
    for (int i = 0; i < group->n_datasets; i++) {
        const pc_dataset *set = group->datasets[i];
        put_values(set->name, set->type, set->data, set->count, set, json);
        put_words(set->name, set->type, set->data, set->count, json);
    }
    pc_json_close(json, '}');
    pc_json_open(json, "axes", '{');
    for (int i = 0; i < group->n_datasets; i++) {
        for (int k = 0; k < group->datasets[i]->rank; k++) {
            const pc_dimension *axis = group->datasets[i]->dims[k];
            if (axis->coordinates && is_new_axis(group, i, k)) {
                put_values(axis->name, axis->type, axis->coordinates, axis->size, NULL, json);
                put_words(axis->name, axis->type, axis->coordinates, axis->size, json);
            }
        }
    }
    pc_json_close(json, '}');
}

/* Names of the areas, and what the file calls them. */
static void put_areas(const pc_results *results, pc_json *json)
{
    static const char *const names[] = {"name", "name_en"};

    pc_json_open(json, "areas", '{');
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const pc_dataset *set = pc_results_find(results, "areas", names[k]);
        if (!set || set->type != PC_TEXT || set->rank != 1) {
            continue;
        }
        put_values(names[k], set->type, set->data, set->count, set, json);
        if (k == 0 && set->dims[0]->type == PC_TEXT && set->dims[0]->coordinates) {
            put_values("id", PC_TEXT, set->dims[0]->coordinates, set->dims[0]->size, NULL, json);
        }
    }
    pc_json_close(json, '}');
}

void pc_html_study_data(const pc_results *results, const char *kind, const char *group, FILE *out)
{
    const pc_group *found = pc_results_find_group(results, group), *root = pc_results_find_group(results, "");
    pc_json json = {.out = out};

    pc_json_open(&json, NULL, '{');
    pc_json_put_text(&json, "lang", pc_language_is_chinese() ? "zh" : "en");
    pc_json_put_text(&json, "study", kind);
    pc_json_open(&json, "run", '{');
    for (int i = 0; i < root->n_attributes; i++) {
        if (strcmp(root->attributes[i].name, "history") != 0) { /* its command line */
            put_attribute(&root->attributes[i], &json);
        }
    }
    pc_json_close(&json, '}');
    put_areas(results, &json);
    pc_json_open(&json, "found", '{');
    if (found) {
        put_group(found, &json);
    }
    pc_json_close(&json, '}');
    pc_json_open(&json, "text", '{');
    pc_html_texts((const char *)pc_html_study_script, &json);
    pc_json_close(&json, '}');
    pc_json_close(&json, '}');
}
