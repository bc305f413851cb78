/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/load_inner.h"

/* The values of a dataset, n of them, into `values`. */
static int get_values(pc_reader *r, hid_t id, pc_type type, size_t n, void *values, const char *name)
{
    char **texts = values;
    int bad;

    if (n == 0) {
        return 0;
    }
    bad = pc_h5_bad(&r->h5, H5Dread(id, pc_h5_memory_type(&r->h5, type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
                    "read dataset", name);
    if (bad || type != PC_TEXT) {
        return bad;
    }
    /* The texts are HDF5's: ours must come from the same place as all others. */
    for (size_t i = 0; i < n; i++) {
        char *copy = strdup(texts[i] ? texts[i] : "");
        if (texts[i]) {
            H5free_memory(texts[i]);
        }
        texts[i] = copy;
        if (!copy && !bad) {
            bad = pc_h5_fail_memory(&r->h5);
        }
    }
    return bad;
}

/* Type and shape of a dataset. */
static int get_shape(pc_reader *r, hid_t id, const char *name, pc_type *type, int *rank, hsize_t *shape)
{
    hid_t file_type = H5Dget_type(id), space = H5Dget_space(id);
    int bad = pc_h5_bad(&r->h5, file_type, "read the type of", name) ||
              pc_h5_bad(&r->h5, space, "read the dataspace of", name) || pc_h5_find_type(&r->h5, file_type, name, type);

    if (!bad) {
        *rank = H5Sget_simple_extent_ndims(space);
        bad = pc_h5_bad(&r->h5, *rank, "read the rank of", name);
    }
    if (!bad && *rank > PC_MAX_RANK) {
        bad = pc_h5_fail(&r->h5, name, "has too many dimensions");
    }
    bad = bad || pc_h5_bad(&r->h5, H5Sget_simple_extent_dims(space, shape, NULL), "read the shape of", name);
    if (space >= 0) {
        H5Sclose(space);
    }
    if (file_type >= 0) {
        H5Tclose(file_type);
    }
    return bad;
}

/* The data must lie in this file, in a layout of ours, and not be more than the file can hold. */
static int check_storage(pc_reader *r, hid_t id, const char *name, pc_type type, int rank, const hsize_t *shape)
{
    hid_t list = H5Dget_create_plist(id);
    uint64_t bytes = pc_type_size(type);
    int bad = pc_h5_bad(&r->h5, list, "read the storage of", name);

    if (!bad) {
        H5D_layout_t layout = H5Pget_layout(list);
        if ((layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED) || H5Pget_external_count(list) != 0) {
            bad = pc_h5_fail(&r->h5, name, "has its data outside this file");
        }
    }
    for (int axis = 0; axis < rank && !bad; axis++) {
        if (shape[axis] && bytes > UINT64_MAX / shape[axis]) {
            bytes = UINT64_MAX;
            break;
        }
        bytes *= shape[axis];
    }
    if (!bad && bytes > r->spent->bytes_left) {
        bad = pc_h5_fail(&r->h5, name, "claims more data than a file of this size can hold");
    }
    r->spent->bytes_left -= bad ? 0 : bytes;
    if (list >= 0) {
        H5Pclose(list);
    }
    return bad;
}

/* What kind of scale a dataset is; *is_scale 0: none. */
static int get_kind(pc_reader *r, hid_t id, const char *name, int *is_scale, pc_scale_kind *kind)
{
    char class[64];
    size_t room = strlen(name) + 200;
    char *own = calloc(room, 1);
    int bad = own ? pc_load_fixed(r, id, "CLASS", class, sizeof class) || pc_load_fixed(r, id, "NAME", own, room)
                  : pc_h5_fail_memory(&r->h5);

    if (!bad) {
        *is_scale = strcmp(class, "DIMENSION_SCALE") == 0;
        *kind = !*own                                                               ? PC_SCALE_COORDINATES
                : strncmp(own, PC_SCALE_BARE_TEXT, strlen(PC_SCALE_BARE_TEXT)) == 0 ? PC_SCALE_BARE
                : strcmp(own, name) == 0                                            ? PC_SCALE_DATASET
                                                                                    : PC_SCALE_DATASET_ALONE;
    }
    free(own);
    return bad;
}

/* Adds the dimension of a scale to the results, or compares it with the one that another group has given. */
static int get_dimension(pc_reader *r, hid_t id, const char *name, pc_scale_kind kind, pc_type type, size_t size)
{
    int has_values = kind == PC_SCALE_COORDINATES || kind == PC_SCALE_DATASET;
    pc_dimension found = {.name = (char *)name, .size = size, .type = type};
    const pc_dimension *known = NULL;
    int bad = 0;

    if (has_values) {
        found.coordinates = pc_calloc(size, pc_type_size(type));
        bad = found.coordinates ? get_values(r, id, type, size, found.coordinates, name) : pc_h5_fail_memory(&r->h5);
    }
    if (!bad && kind != PC_SCALE_DATASET_ALONE) {
        for (hsize_t i = 0; i < 2 && !bad; i++) {
            const char *attribute = i ? "long_name" : "units";
            htri_t exists = H5Aexists(id, attribute);
            bad = pc_h5_bad(&r->h5, exists, "look for an attribute of", name) ||
                  (exists && pc_load_scale_attribute(r, id, attribute, &found.units, &found.long_name));
        }
    }
    if (!bad) {
        known = pc_results_dimension(r->results, name, size, type, found.coordinates, found.units, found.long_name);
        if (known && !pc_dimension_same(known, &found)) {
            bad = pc_h5_fail(&r->h5, name, "the dimension is not the same in all groups");
        }
    }
    if (found.coordinates && type == PC_TEXT) {
        for (size_t i = 0; i < size; i++) {
            free(((char **)found.coordinates)[i]);
        }
    }
    pc_free(found.coordinates);
    free(found.units);
    free(found.long_name);
    return bad;
}

static const pc_dimension *find_dimension(const pc_results *results, const char *name)
{
    for (int i = 0; i < results->n_dimensions; i++) {
        if (strcmp(results->dimensions[i]->name, name) == 0) {
            return results->dimensions[i];
        }
    }
    return NULL;
}

/* Finds the dimensions of a dataset through its labels. */
static int get_dimensions(pc_reader *r, hid_t id, const char *name, int rank, const hsize_t *shape,
                          const pc_dimension **dims)
{
    char *labels[PC_MAX_RANK] = {NULL};
    hid_t attribute = H5Aopen(id, "DIMENSION_LABELS", H5P_DEFAULT), space = -1;
    int bad = pc_h5_bad(&r->h5, attribute, "find the dimensions of", name);

    if (!bad) {
        space = H5Aget_space(attribute);
        bad = pc_h5_bad(&r->h5, space, "find the dimensions of", name);
    }
    if (!bad && H5Sget_simple_extent_npoints(space) != rank) {
        bad = pc_h5_fail(&r->h5, name, "has not one label for each dimension");
    }
    bad = bad || pc_h5_bad(&r->h5, H5Aread(attribute, r->h5.text, labels), "read attribute", "DIMENSION_LABELS");
    for (int axis = 0; axis < rank && !bad; axis++) {
        dims[axis] = labels[axis] ? find_dimension(r->results, labels[axis]) : NULL;
        if (!dims[axis] || dims[axis]->size != shape[axis]) {
            bad = pc_h5_fail(&r->h5, name, "has a dimension that is not in the file");
        }
    }
    for (int axis = 0; axis < rank; axis++) {
        if (labels[axis]) {
            H5free_memory(labels[axis]);
        }
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    return bad;
}

int pc_load_look(pc_reader *r, pc_look *l, const char *name)
{
    if (get_kind(r, l->id, name, &l->is_scale, &l->kind) || get_shape(r, l->id, name, &l->type, &l->rank, l->shape)) {
        return 1;
    }
    if (check_storage(r, l->id, name, l->type, l->rank, l->shape)) {
        return 1;
    }
    if (l->is_scale && l->rank != 1) {
        return pc_h5_fail(&r->h5, name, "a dimension scale must have one dimension");
    }
    return l->is_scale && get_dimension(r, l->id, name, l->kind, l->type, l->shape[0]);
}

int pc_load_dataset(pc_reader *r, const pc_look *l, const char *name)
{
    const pc_dimension *dims[PC_MAX_RANK] = {NULL};
    pc_dataset *dataset;

    if (l->is_scale && l->kind != PC_SCALE_DATASET && l->kind != PC_SCALE_DATASET_ALONE) {
        return 0;
    }
    if (l->is_scale) {
        dims[0] = find_dimension(r->results, name);
    } else if (l->rank > 0 && get_dimensions(r, l->id, name, l->rank, l->shape, dims)) {
        return 1;
    }
    dataset = pc_results_dataset(r->results, r->path, name, l->type, l->rank, dims, NULL, NULL);
    if (!dataset) {
        return 1; /* load() says why */
    }
    if (l->type == PC_TEXT) {
        /* HDF5 puts its own pointers in place of our empty texts. */
        for (size_t i = 0; i < dataset->count; i++) {
            free(((char **)dataset->data)[i]);
            ((char **)dataset->data)[i] = NULL;
        }
    }
    return get_values(r, l->id, l->type, dataset->count, dataset->data, name) ||
           pc_load_attributes(r, l->id, dataset, &dataset->units, &dataset->long_name);
}
