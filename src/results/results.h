/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The in-memory result set: what the engine fills, the store saves and loads, the report reads.
 * A tree of groups (paths without a leading slash, "" is the root) with attributes and datasets over named dimensions.
 * A dimension may carry coordinates; every group that uses a dimension gets a copy of them when saved. */
#ifndef PC_RESULTS_RESULTS_H
#define PC_RESULTS_RESULTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef enum pc_type { PC_F64, PC_F32, PC_I64, PC_I32, PC_U8, PC_TEXT } pc_type; /* PC_TEXT: char * elements, UTF-8 */

/* Of results files; rises when a name or a meaning in them changes. */
enum { PC_FORMAT_VERSION = 2 };
enum { PC_MAX_RANK = 6 };

typedef struct pc_attribute {
    char *name;
    pc_type type; /* PC_F64, PC_I64 or PC_TEXT */
    double number;
    int64_t integer;
    char *text;
} pc_attribute;

typedef struct pc_dimension {
    char *name;
    size_t size;
    pc_type type;      /* of the coordinates: PC_F64, PC_I64, PC_I32 or PC_TEXT */
    void *coordinates; /* [size], or NULL: a dimension without coordinates */
    char *units, *long_name;
} pc_dimension;

typedef struct pc_dataset {
    char *name;
    pc_type type;
    int rank; /* 0: a scalar */
    const pc_dimension *dims[PC_MAX_RANK];
    size_t count; /* product of the sizes */
    void *data;   /* owned; floats: NaN is missing */
    char *units, *long_name;
    pc_attribute *attributes;
    int n_attributes;
} pc_dataset;

typedef struct pc_group {
    char *path;
    pc_attribute *attributes;
    int n_attributes;
    pc_dataset **datasets;
    int n_datasets;
} pc_group;

typedef struct pc_results {
    pc_group **groups;
    int n_groups;
    pc_dimension **dimensions;
    int n_dimensions;
    int failed; /* set when memory ran out or a call was wrong (a clash of names or sizes); check once, after filling */
    char reason[256]; /* why `failed` was set, the first time */
} pc_results;

/* The root group exists from the start; NULL when memory runs out. */
pc_results *pc_results_new(void);
void pc_results_free(pc_results *results);

/* All texts and coordinates are copied. Calls are safe on `failed` results (they return NULL). Not thread-safe.
 * Adding a dimension of a name that exists with the same size returns the first; with another size sets `failed`.
 * Names are UTF-8 without '/'. Coordinates of type PC_TEXT are an array of const char * (NULL counts as ""). */
pc_dimension *pc_results_dimension(pc_results *results, const char *name, size_t size, pc_type type,
                                   const void *coordinates, const char *units, const char *long_name);
pc_group *pc_results_group(pc_results *results, const char *path); /* finds or makes, with its parents */
/* A zeroed dataset to be filled through ->data (texts start as "": set with pc_dataset_set_text). In one group a
 * dataset may carry the name of a dimension used there only as the coordinate variable X(X): it must then repeat the
 * coordinates, units and long name of the dimension, or the dimension must have none of them. Other clashes, with a
 * dataset or a group of that name, set `failed`. */
pc_dataset *pc_results_dataset(pc_results *results, const char *group, const char *name, pc_type type, int rank,
                               const pc_dimension *const *dims, const char *units, const char *long_name);
void pc_dataset_set_text(pc_results *results, pc_dataset *dataset, size_t index, const char *text);
/* The same dataset from existing numbers in one call: copies count elements. */
pc_dataset *pc_results_put(pc_results *results, const char *group, const char *name, pc_type type, int rank,
                           const pc_dimension *const *dims, const void *data, const char *units, const char *long_name);
/* Sets or replaces a text attribute. `flag_values` of an integer dataset is a list of numbers ("0, 1"): it is kept in
 * that spelling and stored as numbers of the dataset's type, as CF asks. `units` and `long_name` set the fields. Names
 * that belong to the file format (CLASS, NAME, DIMENSION_LIST, DIMENSION_LABELS, REFERENCE_LIST, _FillValue) set
 * `failed`. */
void pc_dataset_attribute(pc_results *results, pc_dataset *dataset, const char *name, const char *text);
/* Group attributes; the group is made when missing, an attribute of that name is replaced. */
void pc_results_attribute_text(pc_results *results, const char *group, const char *name, const char *text);
void pc_results_attribute_number(pc_results *results, const char *group, const char *name, double number);
void pc_results_attribute_integer(pc_results *results, const char *group, const char *name, int64_t integer);

/* Element size in bytes; for PC_TEXT that of a pointer. */
size_t pc_type_size(pc_type type);

/* Look-ups; NULL when absent. */
const pc_group *pc_results_find_group(const pc_results *results, const char *path);
const pc_dataset *pc_results_find(const pc_results *results, const char *group, const char *name);
const pc_attribute *pc_group_find_attribute(const pc_group *group, const char *name);
/* Index of a text or integer coordinate, -1 when absent. */
long pc_dimension_find_text(const pc_dimension *dimension, const char *text);
long pc_dimension_find_integer(const pc_dimension *dimension, int64_t value);
/* Element `index` of a numeric dataset as double. */
double pc_dataset_at(const pc_dataset *dataset, size_t index);

/* Comparison bit by bit (so NaN equals the same NaN); the order of groups, datasets and attributes, and dimensions that
 * no dataset uses, don't count. Returns 1 when equal; else 0 with the first difference in why (room bytes; may be
 * NULL). */
int pc_results_same(const pc_results *a, const pc_results *b, char *why, size_t room);
/* The same where `whole` may have more groups, datasets and attributes of groups. */
int pc_results_within(const pc_results *part, const pc_results *whole, char *why, size_t room);
int pc_dimension_same(const pc_dimension *a, const pc_dimension *b);
/* 1 when n elements of the type are equal bit by bit; texts by content, NULL counting as "". */
int pc_data_same(pc_type type, const void *a, const void *b, size_t n);

#endif
