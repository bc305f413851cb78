/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups in a result set, and the comparison of two. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "results/results.h"

const pc_group *pc_results_find_group(const pc_results *results, const char *path)
{
    for (int i = 0; results && i < results->n_groups; i++) {
        if (strcmp(results->groups[i]->path, path) == 0) {
            return results->groups[i];
        }
    }
    return NULL;
}

static const pc_dataset *find_in_group(const pc_group *group, const char *name)
{
    for (int i = 0; group && i < group->n_datasets; i++) {
        if (strcmp(group->datasets[i]->name, name) == 0) {
            return group->datasets[i];
        }
    }
    return NULL;
}

const pc_dataset *pc_results_find(const pc_results *results, const char *group, const char *name)
{
    return find_in_group(pc_results_find_group(results, group), name);
}

static const pc_attribute *find_attribute(const pc_attribute *attributes, int n, const char *name)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(attributes[i].name, name) == 0) {
            return attributes + i;
        }
    }
    return NULL;
}

const pc_attribute *pc_group_find_attribute(const pc_group *group, const char *name)
{
    return group ? find_attribute(group->attributes, group->n_attributes, name) : NULL;
}

long pc_dimension_find_text(const pc_dimension *dimension, const char *text)
{
    if (dimension && dimension->coordinates && dimension->type == PC_TEXT) {
        char *const *texts = dimension->coordinates;
        for (size_t i = 0; i < dimension->size; i++) {
            if (strcmp(texts[i], text) == 0) {
                return (long)i;
            }
        }
    }
    return -1;
}

long pc_dimension_find_integer(const pc_dimension *dimension, int64_t value)
{
    if (dimension && dimension->coordinates) {
        for (size_t i = 0; i < dimension->size; i++) {
            if ((dimension->type == PC_I64 && ((const int64_t *)dimension->coordinates)[i] == value) ||
                (dimension->type == PC_I32 && ((const int32_t *)dimension->coordinates)[i] == value)) {
                return (long)i;
            }
        }
    }
    return -1;
}

double pc_dataset_at(const pc_dataset *dataset, size_t index)
{
    if (dataset && index < dataset->count) {
        switch (dataset->type) {
        case PC_F64:
            return ((const double *)dataset->data)[index];
        case PC_F32:
            return (double)((const float *)dataset->data)[index];
        case PC_I64:
            return (double)((const int64_t *)dataset->data)[index];
        case PC_I32:
            return (double)((const int32_t *)dataset->data)[index];
        case PC_U8:
            return (double)((const uint8_t *)dataset->data)[index];
        case PC_TEXT:
            break;
        }
    }
    return __builtin_nan("");
}

/* Both NULL, or the same text. */
static int same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

int pc_data_same(pc_type type, const void *a, const void *b, size_t n)
{
    if (n == 0) {
        return 1;
    }
    if (type == PC_TEXT) {
        char *const *left = a;
        char *const *right = b;
        for (size_t i = 0; i < n; i++) {
            if (strcmp(left[i] ? left[i] : "", right[i] ? right[i] : "") != 0) {
                return 0;
            }
        }
        return 1;
    }
    return memcmp(a, b, n * pc_type_size(type)) == 0;
}

int pc_dimension_same(const pc_dimension *a, const pc_dimension *b)
{
    if (!same_text(a->name, b->name) || a->size != b->size || !same_text(a->units, b->units) ||
        !same_text(a->long_name, b->long_name) || !a->coordinates != !b->coordinates) {
        return 0;
    }
    return !a->coordinates || (a->type == b->type && pc_data_same(a->type, a->coordinates, b->coordinates, a->size));
}

/* Whether all of a's are b's. */
static int has_attributes(const pc_attribute *a, int n_a, const pc_attribute *b, int n_b)
{
    for (int i = 0; i < n_a; i++) {
        const pc_attribute *other = find_attribute(b, n_b, a[i].name);
        if (!other || other->type != a[i].type || other->integer != a[i].integer ||
            !same_text(other->text, a[i].text) || memcmp(&other->number, &a[i].number, sizeof other->number) != 0) {
            return 0;
        }
    }
    return 1;
}

/* NULL when equal, else the word for what differs. */
static const char *dataset_difference(const pc_dataset *a, const pc_dataset *b)
{
    if (a->type != b->type) {
        return "type";
    }
    if (a->rank != b->rank) {
        return "rank";
    }
    for (int axis = 0; axis < a->rank; axis++) {
        if (!pc_dimension_same(a->dims[axis], b->dims[axis])) {
            return "dimension";
        }
    }
    if (!same_text(a->units, b->units) || !same_text(a->long_name, b->long_name)) {
        return "units or long name";
    }
    if (a->n_attributes != b->n_attributes ||
        !has_attributes(a->attributes, a->n_attributes, b->attributes, b->n_attributes)) {
        return "attributes";
    }
    return pc_data_same(a->type, a->data, b->data, a->count) ? NULL : "values";
}

__attribute__((format(printf, 3, 4))) static int differ(char *why, size_t room, const char *format, ...)
{
    if (why && room) {
        va_list args;
        va_start(args, format);
        vsnprintf(why, room, format, args);
        va_end(args);
    }
    return 0;
}

int pc_results_within(const pc_results *part, const pc_results *whole, char *why, size_t room)
{
    for (int i = 0; i < part->n_groups; i++) {
        const pc_group *group = part->groups[i];
        const pc_group *other = pc_results_find_group(whole, group->path);
        if (!other) {
            return differ(why, room, "group '%s' is missing", group->path);
        }
        if (!has_attributes(group->attributes, group->n_attributes, other->attributes, other->n_attributes)) {
            return differ(why, room, "group '%s': attributes differ", group->path);
        }
        for (int k = 0; k < group->n_datasets; k++) {
            const pc_dataset *dataset = group->datasets[k];
            const pc_dataset *twin = find_in_group(other, dataset->name);
            const char *what = twin ? dataset_difference(dataset, twin) : "presence";
            if (what) {
                return differ(why, room, "dataset '%s' in group '%s': %s differs", dataset->name, group->path, what);
            }
        }
    }
    return 1;
}

int pc_results_same(const pc_results *a, const pc_results *b, char *why, size_t room)
{
    if (a->n_groups != b->n_groups) {
        return differ(why, room, "%d groups and %d groups", a->n_groups, b->n_groups);
    }
    for (int i = 0; i < a->n_groups; i++) {
        const pc_group *group = a->groups[i];
        const pc_group *other = pc_results_find_group(b, group->path);
        if (other && group->n_datasets != other->n_datasets) {
            return differ(why, room, "group '%s': %d datasets and %d datasets", group->path, group->n_datasets,
                          other->n_datasets);
        }
        if (other && group->n_attributes != other->n_attributes) {
            return differ(why, room, "group '%s': attributes differ", group->path);
        }
    }
    return pc_results_within(a, b, why, room);
}
