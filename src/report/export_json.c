/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results as one JSON object. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "report/export_inner.h"

static void key(FILE *out, const char *separator, const char *name)
{
    fputs(separator, out);
    pc_json_text(out, name);
    fputs(": ", out);
}

static void value(FILE *out, const pc_dataset *dataset, size_t index)
{
    char number[PC_NUMBER_SIZE];

    if (dataset->type == PC_TEXT) {
        const char *text = ((char *const *)dataset->data)[index];
        pc_json_text(out, text ? text : "");
        return;
    }
    pc_export_number(dataset, index, number);
    fputs(*number ? number : "null", out);
}

/* Nested arrays from `axis` on. */
static void values(FILE *out, const pc_dataset *dataset, int axis, size_t index)
{
    if (axis == dataset->rank) {
        value(out, dataset, index);
        return;
    }
    fputc('[', out);
    for (size_t i = 0; i < dataset->dims[axis]->size; i++) {
        fputs(i ? (axis + 1 < dataset->rank ? ",\n" : ",") : "", out);
        values(out, dataset, axis + 1, index * dataset->dims[axis]->size + i);
    }
    fputc(']', out);
}

static void dataset_object(FILE *out, const char *separator, const pc_dataset *dataset)
{
    key(out, separator, dataset->name);
    key(out, "{", "unit");
    pc_json_text(out, dataset->units ? dataset->units : "");
    key(out, ", ", "meaning");
    pc_json_text(out, dataset->long_name ? dataset->long_name : "");
    key(out, ", ", "axes");
    fputc('[', out);
    for (int axis = 0; axis < dataset->rank; axis++) {
        fputs(axis ? ", " : "", out);
        pc_json_text(out, dataset->dims[axis]->name);
    }
    fputc(']', out);
    key(out, ", ", "values");
    values(out, dataset, 0, 0);
    fputc('}', out);
}

/* 1 when the group is written whole: its axes are few and its numbers small. */
static void plain_group(FILE *out, const char *separator, const pc_group *group, const char *name)
{
    int n = 0;

    key(out, separator, name);
    fputc('{', out);
    for (int d = 0; group && d < group->n_datasets; d++) {
        if (group->datasets[d]->rank <= 2) {
            dataset_object(out, n++ ? ",\n" : "\n", group->datasets[d]);
        }
    }
    fputc('}', out);
}

static void about(FILE *out, const pc_group *root)
{
    key(out, "{", "about");
    fputc('{', out);
    for (int a = 0; root && a < root->n_attributes; a++) {
        const pc_attribute *attribute = root->attributes + a;
        key(out, a ? ",\n" : "\n", attribute->name);
        if (attribute->type == PC_TEXT) {
            pc_json_text(out, attribute->text);
        } else if (attribute->type == PC_I64) {
            fprintf(out, "%lld", (long long)attribute->integer);
        } else {
            char number[PC_NUMBER_SIZE];
            pc_format_double(number, sizeof number, attribute->number);
            fputs(number, out);
        }
    }
    fputc('}', out);
}

/* The coordinates of every axis that a chosen group uses. */
static void all_axes(FILE *out, const pc_results *results)
{
    int n = 0;

    key(out, ",\n", "axes");
    fputc('{', out);
    for (int d = 0; d < results->n_dimensions; d++) {
        const pc_dimension *dim = results->dimensions[d];
        if (!dim->coordinates) {
            continue;
        }
        key(out, n++ ? ",\n" : "\n", dim->name);
        fputc('[', out);
        for (size_t i = 0; i < dim->size; i++) {
            char text[256];
            fputs(i ? ", " : "", out);
            if (dim->type == PC_TEXT) {
                pc_json_text(out, ((char *const *)dim->coordinates)[i]);
            } else {
                pc_export_coordinate(dim, i, text, sizeof text);
                fputs(text + (*text == 'q'), out);
            }
        }
        fputc(']', out);
    }
    fputc('}', out);
}

static void results_group(FILE *out, const char *separator, const pc_export_group *where,
                          const pc_export_options *options)
{
    const pc_group *group = where->group;
    int n = 0;

    key(out, separator, group->path);
    fputc('{', out);
    for (int d = 0; d < group->n_datasets && !ferror(out); d++) {
        const pc_dataset *dataset = group->datasets[d];
        const pc_dataset *with[2];
        if (!pc_export_is_measure(group, dataset, options)) {
            continue;
        }
        dataset_object(out, n++ ? ",\n" : "\n", dataset);
        with[0] = pc_export_error(group, dataset);
        with[1] = pc_export_quantiles(group, dataset);
        for (int i = 0; i < 2; i++) {
            if (with[i]) {
                dataset_object(out, ",\n", with[i]);
            }
        }
    }
    fputc('}', out);
}

pc_code pc_export_json(const pc_results *results, FILE *out, const pc_export_options *options, pc_status *status)
{
    pc_view *view = calloc(1, sizeof *view);
    pc_export_group *groups = calloc(PC_EXPORT_MAX_GROUPS, sizeof *groups);
    pc_code code = view && groups ? pc_export_check(results, options, status)
                                  : pc_fail(status, PC_ERR_FAIL, "no memory for an export");
    int n_groups;

    code = code ? code : pc_view_open(results, view, status);
    if (code) {
        goto out;
    }
    n_groups = pc_export_groups(view, options, groups);
    about(out, pc_results_find_group(results, ""));
    all_axes(out, results);
    plain_group(out, ",\n", pc_results_find_group(results, "areas"), "areas");
    plain_group(out, ",\n", pc_results_find_group(results, "inputs/policies"), "policies");
    plain_group(out, ",\n", pc_results_find_group(results, "inputs/parameters"), "parameters");
    plain_group(out, ",\n", pc_results_find_group(results, "inputs/prices"), "prices");
    plain_group(out, ",\n", pc_results_find_group(results, "quality"), "quality");
    key(out, ",\n", "results");
    fputc('{', out);
    for (int g = 0; g < n_groups; g++) {
        results_group(out, g ? ",\n" : "\n", groups + g, options);
    }
    fputs("}}\n", out);
out:
    free(groups);
    free(view);
    return code;
}
