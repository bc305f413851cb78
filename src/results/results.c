/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/results.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The first reason is the one worth reading: what follows is usually its consequence. */
__attribute__((format(printf, 2, 3))) static void fail(pc_results *results, const char *format, ...)
{
    if (!results->failed) {
        va_list args;
        va_start(args, format);
        vsnprintf(results->reason, sizeof results->reason, format, args);
        va_end(args);
    }
    results->failed = 1;
}

static void fail_memory(pc_results *results)
{
    fail(results, "out of memory");
}

/* The array with room for element n. Rooms are powers of two, so that the count alone tells when to grow.
 * NULL when memory runs out (the array then stays as it was). */
static void *grown(void *array, int n, size_t size)
{
    if (n & (n - 1)) {
        return array;
    }
    if (n == 0) {
        return array ? array : malloc(size);
    }
    return realloc(array, 2 * (size_t)n * size);
}

/* A copy of a text; NULL stays NULL. Memory running out sets `failed`. */
static char *copied(pc_results *results, const char *text)
{
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy) {
        fail_memory(results);
    }
    return copy;
}

size_t pc_type_size(pc_type type)
{
    switch (type) {
    case PC_F64:
        return sizeof(double);
    case PC_F32:
        return sizeof(float);
    case PC_I64:
        return sizeof(int64_t);
    case PC_I32:
        return sizeof(int32_t);
    case PC_U8:
        return sizeof(uint8_t);
    case PC_TEXT:
        return sizeof(char *);
    }
    return 0;
}

static void free_values(pc_type type, void *values, size_t n)
{
    if (values && type == PC_TEXT) {
        char **texts = values;
        for (size_t i = 0; i < n; i++) {
            free(texts[i]);
        }
    }
    pc_free(values);
}

/* n elements, zeroed when from is NULL (texts: ""), else copied. NULL and `failed` when memory runs out. */
static void *new_values(pc_results *results, pc_type type, const void *from, size_t n)
{
    void *values = pc_calloc(n, pc_type_size(type));

    if (!values) {
        fail(results, "out of memory for %zu values", n);
        return NULL;
    }
    if (type == PC_TEXT) {
        const char *const *texts = from;
        char **copies = values;
        for (size_t i = 0; i < n; i++) {
            copies[i] = strdup(texts && texts[i] ? texts[i] : "");
            if (!copies[i]) {
                fail_memory(results);
                free_values(type, values, i);
                return NULL;
            }
        }
    } else if (from && n) {
        memcpy(values, from, n * pc_type_size(type));
    }
    return values;
}

static void free_attributes(pc_attribute *attributes, int n)
{
    for (int i = 0; i < n; i++) {
        free(attributes[i].name);
        free(attributes[i].text);
    }
    free(attributes);
}

static void free_dimension(pc_dimension *dimension)
{
    if (dimension) {
        free_values(dimension->type, dimension->coordinates, dimension->size);
        free(dimension->name);
        free(dimension->units);
        free(dimension->long_name);
        free(dimension);
    }
}

static void free_dataset(pc_dataset *dataset)
{
    if (dataset) {
        free_values(dataset->type, dataset->data, dataset->count);
        free_attributes(dataset->attributes, dataset->n_attributes);
        free(dataset->name);
        free(dataset->units);
        free(dataset->long_name);
        free(dataset);
    }
}

static void free_group(pc_group *group)
{
    if (group) {
        for (int i = 0; i < group->n_datasets; i++) {
            free_dataset(group->datasets[i]);
        }
        free(group->datasets);
        free_attributes(group->attributes, group->n_attributes);
        free(group->path);
        free(group);
    }
}

pc_results *pc_results_new(void)
{
    pc_results *results = calloc(1, sizeof *results);

    if (results && !pc_results_group(results, "")) {
        pc_results_free(results);
        results = NULL;
    }
    return results;
}

void pc_results_free(pc_results *results)
{
    if (results) {
        for (int i = 0; i < results->n_groups; i++) {
            free_group(results->groups[i]);
        }
        for (int i = 0; i < results->n_dimensions; i++) {
            free_dimension(results->dimensions[i]);
        }
        free(results->groups);
        free(results->dimensions);
        free(results);
    }
}

/* One step of a path: not empty, no slash, not a name that HDF5 reads as "here". */
static int is_name(const char *name, size_t length)
{
    return length > 0 && !memchr(name, '/', length) && !(length == 1 && name[0] == '.') &&
           !(length == 2 && name[0] == '.' && name[1] == '.');
}

pc_dimension *pc_results_dimension(pc_results *results, const char *name, size_t size, pc_type type,
                                   const void *coordinates, const char *units, const char *long_name)
{
    pc_dimension *dimension;
    pc_dimension **dimensions;

    if (!results || results->failed) {
        return NULL;
    }
    for (int i = 0; i < results->n_dimensions; i++) {
        dimension = results->dimensions[i];
        if (strcmp(dimension->name, name) == 0) {
            if (dimension->size != size) {
                fail(results, "dimension '%s' has size %zu and size %zu", name, dimension->size, size);
                return NULL;
            }
            return dimension;
        }
    }
    if (!is_name(name, strlen(name))) {
        fail(results, "'%s' is not a name for a dimension", name);
        return NULL;
    }
    if (coordinates && (type == PC_F32 || type == PC_U8)) {
        fail(results, "dimension '%s': coordinates must be PC_F64, PC_I64, PC_I32 or PC_TEXT", name);
        return NULL;
    }
    dimensions = grown(results->dimensions, results->n_dimensions, sizeof *dimensions);
    dimension = calloc(1, sizeof *dimension);
    if (dimensions) {
        results->dimensions = dimensions;
    }
    if (!dimensions || !dimension) {
        free(dimension);
        fail_memory(results);
        return NULL;
    }
    dimension->size = size;
    dimension->type = type;
    dimension->name = copied(results, name);
    dimension->units = copied(results, units);
    dimension->long_name = copied(results, long_name);
    dimension->coordinates = coordinates ? new_values(results, type, coordinates, size) : NULL;
    if (results->failed) {
        free_dimension(dimension);
        return NULL;
    }
    return results->dimensions[results->n_dimensions++] = dimension;
}

pc_group *pc_results_group(pc_results *results, const char *path)
{
    const char *slash, *leaf;
    pc_group *group;
    pc_group **groups;

    if (!results || results->failed) {
        return NULL;
    }
    for (int i = 0; i < results->n_groups; i++) {
        if (strcmp(results->groups[i]->path, path) == 0) {
            return results->groups[i];
        }
    }
    slash = strrchr(path, '/');
    leaf = slash ? slash + 1 : path;
    if (*path) {
        char *parent_path = strndup(path, slash ? (size_t)(slash - path) : 0);
        const pc_group *parent;
        if (!parent_path) {
            fail_memory(results);
            return NULL;
        }
        if (!is_name(leaf, strlen(leaf)) || path[0] == '/') {
            fail(results, "'%s' is not a path for a group", path);
        }
        parent = pc_results_group(results, parent_path);
        if (parent && pc_results_find(results, parent_path, leaf)) {
            fail(results, "'%s' is a dataset and cannot be a group", path);
        }
        for (int i = 0; parent && i < parent->n_datasets; i++) {
            for (int axis = 0; axis < parent->datasets[i]->rank; axis++) {
                if (strcmp(parent->datasets[i]->dims[axis]->name, leaf) == 0) {
                    fail(results, "'%s' is a dimension and cannot be a group", path);
                }
            }
        }
        free(parent_path);
        if (results->failed) {
            return NULL;
        }
    }
    groups = grown(results->groups, results->n_groups, sizeof *groups);
    group = calloc(1, sizeof *group);
    if (groups) {
        results->groups = groups;
    }
    if (!groups || !group || !(group->path = strdup(path))) {
        free(group);
        fail_memory(results);
        return NULL;
    }
    return results->groups[results->n_groups++] = group;
}

/* A dataset of the name and shape X(X) is the coordinate variable of X. */
static int is_own_coordinate(const char *name, int rank, const pc_dimension *const *dims)
{
    return rank == 1 && strcmp(name, dims[0]->name) == 0;
}

/* Sets `failed` when the new dataset's name or dimensions clash with what the group holds: on disk the coordinates of
 * a dimension take its name in every group that uses it. */
static void check_clashes(pc_results *results, const pc_group *group, const char *name, int rank,
                          const pc_dimension *const *dims)
{
    int own = is_own_coordinate(name, rank, dims);
    size_t n_path = strlen(group->path);

    for (int axis = 0; axis < rank; axis++) {
        if (!own && strcmp(dims[axis]->name, name) == 0) {
            fail(results, "dataset '%s' in group '%s' has the name of its dimension", name, group->path);
        }
    }
    for (int i = 0; i < group->n_datasets; i++) {
        const pc_dataset *other = group->datasets[i];
        int other_own = is_own_coordinate(other->name, other->rank, other->dims);
        if (strcmp(other->name, name) == 0) {
            fail(results, "dataset '%s' in group '%s' exists already", name, group->path);
        }
        for (int axis = 0; axis < other->rank && !own; axis++) {
            if (strcmp(other->dims[axis]->name, name) == 0) {
                fail(results, "dataset '%s' in group '%s' has the name of a dimension used there", name, group->path);
            }
        }
        for (int axis = 0; axis < rank && !other_own; axis++) {
            if (strcmp(dims[axis]->name, other->name) == 0) {
                fail(results, "dimension '%s' has the name of a dataset in group '%s'", other->name, group->path);
            }
        }
    }
    for (int i = 0; i < results->n_groups; i++) {
        const char *path = results->groups[i]->path;
        const char *leaf;
        if (strncmp(path, group->path, n_path) != 0 || path[n_path] == '\0' || (n_path && path[n_path] != '/')) {
            continue;
        }
        leaf = path + n_path + (n_path ? 1 : 0);
        if (strcmp(leaf, name) == 0) {
            fail(results, "'%s' is a group and cannot be a dataset", path);
        }
        for (int axis = 0; axis < rank; axis++) {
            if (strcmp(leaf, dims[axis]->name) == 0) {
                fail(results, "'%s' is a group and cannot be a dimension there", path);
            }
        }
    }
}

static pc_dataset *add_dataset(pc_results *results, const char *group_path, const char *name, pc_type type, int rank,
                               const pc_dimension *const *dims, const void *data, const char *units,
                               const char *long_name)
{
    pc_group *group = pc_results_group(results, group_path);
    pc_dataset *dataset;
    pc_dataset **datasets;
    size_t count = 1;

    if (!group) {
        return NULL;
    }
    if (!is_name(name, strlen(name)) || rank < 0 || rank > PC_MAX_RANK) {
        fail(results, "dataset '%s' in group '%s': bad name or rank %d", name, group_path, rank);
    }
    for (int axis = 0; axis < rank && !results->failed; axis++) {
        if (!dims[axis] || __builtin_mul_overflow(count, dims[axis]->size, &count)) {
            fail(results, "dataset '%s' in group '%s': axis %d has no dimension or is too long", name, group_path,
                 axis);
        }
    }
    if (!results->failed) {
        check_clashes(results, group, name, rank, dims);
    }
    if (results->failed) {
        return NULL;
    }
    datasets = grown(group->datasets, group->n_datasets, sizeof *datasets);
    dataset = calloc(1, sizeof *dataset);
    if (datasets) {
        group->datasets = datasets;
    }
    if (!datasets || !dataset) {
        free(dataset);
        fail_memory(results);
        return NULL;
    }
    dataset->type = type;
    dataset->rank = rank;
    dataset->count = count;
    for (int axis = 0; axis < rank; axis++) {
        dataset->dims[axis] = dims[axis];
    }
    dataset->name = copied(results, name);
    dataset->units = copied(results, units);
    dataset->long_name = copied(results, long_name);
    dataset->data = new_values(results, type, data, count);
    if (results->failed) {
        free_dataset(dataset);
        return NULL;
    }
    return group->datasets[group->n_datasets++] = dataset;
}

pc_dataset *pc_results_dataset(pc_results *results, const char *group, const char *name, pc_type type, int rank,
                               const pc_dimension *const *dims, const char *units, const char *long_name)
{
    return add_dataset(results, group, name, type, rank, dims, NULL, units, long_name);
}

pc_dataset *pc_results_put(pc_results *results, const char *group, const char *name, pc_type type, int rank,
                           const pc_dimension *const *dims, const void *data, const char *units, const char *long_name)
{
    return add_dataset(results, group, name, type, rank, dims, data, units, long_name);
}

/* Puts a copy of the text in place of *field. */
static void replace_text(pc_results *results, char **field, const char *text)
{
    char *copy = copied(results, text ? text : "");

    if (copy) {
        free(*field);
        *field = copy;
    }
}

void pc_dataset_set_text(pc_results *results, pc_dataset *dataset, size_t index, const char *text)
{
    if (!results || results->failed || !dataset) {
        return;
    }
    if (dataset->type != PC_TEXT || index >= dataset->count) {
        fail(results, "dataset '%s' has no text at %zu", dataset->name, index);
        return;
    }
    replace_text(results, (char **)dataset->data + index, text);
}

/* Sets or replaces; the caller fills the value of the attribute returned. NULL and `failed` when memory runs out. */
static pc_attribute *set_attribute(pc_results *results, pc_attribute **attributes, int *n, const char *name)
{
    pc_attribute *longer;
    pc_attribute *attribute;

    for (int i = 0; i < *n; i++) {
        if (strcmp((*attributes)[i].name, name) == 0) {
            return *attributes + i;
        }
    }
    if (!is_name(name, strlen(name))) {
        fail(results, "'%s' is not a name for an attribute", name);
        return NULL;
    }
    longer = grown(*attributes, *n, sizeof *longer);
    if (!longer) {
        fail_memory(results);
        return NULL;
    }
    *attributes = longer;
    attribute = longer + *n;
    *attribute = (pc_attribute){.name = copied(results, name), .type = PC_TEXT};
    if (!attribute->name) {
        return NULL;
    }
    ++*n;
    return attribute;
}

static int is_reserved(const char *name)
{
    static const char *const names[] = {"CLASS",      "NAME", "DIMENSION_LIST", "DIMENSION_LABELS", "REFERENCE_LIST",
                                        "_FillValue", NULL};

    for (int i = 0; names[i]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* "0,1", "0 1" and "0b, 1b" all become "0, 1". A new text, or NULL when it is no such list (errno 0) or memory ran out.
 */
static char *normal_list(const char *text)
{
    size_t room = 24 * (strlen(text) + 1), used = 0;
    char *list = malloc(room);
    const char *at = text;

    errno = list ? 0 : ENOMEM;
    while (list) {
        char *end;
        long long value;
        at += strspn(at, " ,\t");
        if (!*at && used) {
            return list;
        }
        value = strtoll(at, &end, 10);
        if (end == at || errno) {
            errno = 0;
            break;
        }
        used += (size_t)snprintf(list + used, room - used, "%s%lld", used ? ", " : "", value);
        at = end + strspn(end, "bBuUsSlL");
        if (*at && !strchr(" ,\t", *at)) {
            break;
        }
    }
    free(list);
    return NULL;
}

void pc_dataset_attribute(pc_results *results, pc_dataset *dataset, const char *name, const char *text)
{
    pc_attribute *attribute;
    char *list = NULL;

    if (!results || results->failed || !dataset) {
        return;
    }
    if (is_reserved(name)) {
        fail(results, "attribute '%s' of dataset '%s' belongs to the file format", name, dataset->name);
        return;
    }
    if (strcmp(name, "units") == 0 || strcmp(name, "long_name") == 0) {
        replace_text(results, name[0] == 'u' ? &dataset->units : &dataset->long_name, text);
        return;
    }
    if (strcmp(name, "flag_values") == 0 &&
        (dataset->type == PC_U8 || dataset->type == PC_I32 || dataset->type == PC_I64)) {
        list = normal_list(text ? text : "");
        if (!list) {
            fail(results, "flag_values '%s' of dataset '%s' is not a list of integers", text ? text : "",
                 dataset->name);
            return;
        }
    }
    attribute = set_attribute(results, &dataset->attributes, &dataset->n_attributes, name);
    if (attribute) {
        attribute->type = PC_TEXT;
        replace_text(results, &attribute->text, list ? list : text);
    }
    free(list);
}

static pc_attribute *set_group_attribute(pc_results *results, const char *path, const char *name, pc_type type)
{
    pc_group *group = pc_results_group(results, path);
    pc_attribute *attribute = NULL;

    if (group && is_reserved(name)) {
        fail(results, "attribute '%s' of group '%s' belongs to the file format", name, path);
    } else if (group) {
        attribute = set_attribute(results, &group->attributes, &group->n_attributes, name);
    }
    if (attribute) {
        attribute->type = type;
        attribute->number = 0;
        attribute->integer = 0;
        if (type != PC_TEXT) {
            free(attribute->text);
            attribute->text = NULL;
        }
    }
    return attribute;
}

void pc_results_attribute_text(pc_results *results, const char *group, const char *name, const char *text)
{
    pc_attribute *attribute = set_group_attribute(results, group, name, PC_TEXT);

    if (attribute) {
        replace_text(results, &attribute->text, text);
    }
}

void pc_results_attribute_number(pc_results *results, const char *group, const char *name, double number)
{
    pc_attribute *attribute = set_group_attribute(results, group, name, PC_F64);

    if (attribute) {
        attribute->number = number;
    }
}

void pc_results_attribute_integer(pc_results *results, const char *group, const char *name, int64_t integer)
{
    pc_attribute *attribute = set_group_attribute(results, group, name, PC_I64);

    if (attribute) {
        attribute->integer = integer;
    }
}
