/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading. The checksum of the whole file is compared before HDF5 sees it: HDF5 1.10 is not built to survive damaged
 * metadata, and contiguous data and texts carry no checksum of their own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/safe_file.h"
#include "store/h5.h"
#include "store/scales.h"
#include "store/store.h"

typedef struct reader {
    pc_h5 h5;
    pc_results *results;
    const char *path; /* of the group being read */
    hid_t group;
} reader;

/* Reads the value of an attribute whose type and number of elements are known to fit `value`. */
static int get_value(reader *r, hid_t attribute, hid_t type, void *value, const char *name)
{
    return pc_h5_bad(&r->h5, H5Aread(attribute, type, value), "read attribute", name);
}

/* A variable-length text of one element into *text (free it). HDF5 gives NULL for an empty one. */
static int get_text(reader *r, hid_t attribute, const char *name, char **text)
{
    char *raw = NULL;

    *text = NULL;
    if (get_value(r, attribute, r->h5.text, &raw, name)) {
        return 1;
    }
    *text = strdup(raw ? raw : "");
    if (raw) {
        H5free_memory(raw);
    }
    return *text ? 0 : pc_h5_fail_memory(&r->h5);
}

/* flag_values back to its text, "0, 1". */
static int get_flags(reader *r, hid_t attribute, size_t n, const char *name, char **text)
{
    int64_t *values = pc_calloc(n, sizeof *values);
    size_t room = 24 * n + 1, used = 0;
    int bad = 1;

    *text = calloc(room, 1);
    if (!values || !*text) {
        pc_h5_fail_memory(&r->h5);
    } else if (!get_value(r, attribute, H5T_NATIVE_INT64, values, name)) {
        for (size_t i = 0; i < n; i++) {
            used += (size_t)snprintf(*text + used, room - used, "%s%lld", i ? ", " : "", (long long)values[i]);
        }
        bad = 0;
    }
    pc_free(values);
    return bad;
}

/* One attribute of a dataset, a scale or a group: into `dataset`, into units and long_name, or into the group. */
static int get_attribute(reader *r, hid_t attribute, pc_dataset *dataset, char **units, char **long_name)
{
    pc_h5 *h5 = &r->h5;
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    char *name = NULL, *text = NULL;
    hssize_t n = 0;
    ssize_t length = H5Aget_name(attribute, 0, NULL);
    pc_type found;
    int bad = pc_h5_bad(h5, type, "read the type of", "an attribute") ||
              pc_h5_bad(h5, space, "read the dataspace of", "an attribute") ||
              pc_h5_bad(h5, length, "read the name of", "an attribute");

    if (!bad) {
        n = H5Sget_simple_extent_npoints(space);
        bad = pc_h5_bad(h5, n, "read the dataspace of", "an attribute");
    }
    if (!bad && !(name = calloc((size_t)length + 1, 1))) {
        bad = pc_h5_fail_memory(h5);
    }
    bad = bad || pc_h5_bad(h5, H5Aget_name(attribute, (size_t)length + 1, name), "read the name of", "an attribute");
    if (bad || strcmp(name, "CLASS") == 0 || strcmp(name, "NAME") == 0 || strcmp(name, "DIMENSION_LIST") == 0 ||
        strcmp(name, "DIMENSION_LABELS") == 0 || strcmp(name, "REFERENCE_LIST") == 0 ||
        strcmp(name, "_FillValue") == 0) {
        goto out; /* what the format itself needs */
    }
    bad = pc_h5_find_type(h5, type, name, &found);
    if (bad) {
        goto out;
    }
    if (dataset && found != PC_TEXT && strcmp(name, "flag_values") == 0) {
        bad = get_flags(r, attribute, (size_t)n, name, &text);
        if (!bad) {
            pc_dataset_attribute(r->results, dataset, name, text);
        }
    } else if (n != 1) {
        bad = pc_h5_fail(h5, name, "an attribute of more than one value");
    } else if (found == PC_TEXT) {
        bad = get_text(r, attribute, name, &text);
        if (!bad && units && strcmp(name, "units") == 0) {
            free(*units);
            *units = text;
            text = NULL;
        } else if (!bad && long_name && strcmp(name, "long_name") == 0) {
            free(*long_name);
            *long_name = text;
            text = NULL;
        } else if (!bad && dataset) {
            pc_dataset_attribute(r->results, dataset, name, text);
        } else if (!bad && !units) {
            pc_results_attribute_text(r->results, r->path, name, text);
        }
    } else if (!dataset && !units && found == PC_F64) {
        double number = 0;
        bad = get_value(r, attribute, H5T_NATIVE_DOUBLE, &number, name);
        pc_results_attribute_number(r->results, r->path, name, number);
    } else if (!dataset && !units && found == PC_I64) {
        int64_t integer = 0;
        bad = get_value(r, attribute, H5T_NATIVE_INT64, &integer, name);
        pc_results_attribute_integer(r->results, r->path, name, integer);
    } else {
        bad = pc_h5_fail(h5, name, "an attribute that no results file has");
    }
out:
    free(name);
    free(text);
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    return bad;
}

static int get_attributes(reader *r, hid_t object, pc_dataset *dataset, char **units, char **long_name)
{
    H5O_info_t about;
    int bad = pc_h5_bad(&r->h5, H5Oget_info2(object, &about, H5O_INFO_NUM_ATTRS), "read an object of", r->path);

    for (hsize_t i = 0; !bad && i < about.num_attrs; i++) {
        hid_t id = H5Aopen_by_idx(object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
        bad = pc_h5_bad(&r->h5, id, "open an attribute in", r->path);
        if (!bad) {
            bad = get_attribute(r, id, dataset, units, long_name);
            H5Aclose(id);
        }
    }
    return bad;
}

/* A fixed-length text attribute into `text`; "" when the object has none of that name. */
static int get_fixed(reader *r, hid_t object, const char *name, char *text, size_t room)
{
    htri_t exists = H5Aexists(object, name);
    hid_t id, type;
    int bad = pc_h5_bad(&r->h5, exists, "look for attribute", name);

    text[0] = '\0';
    if (bad || !exists) {
        return bad;
    }
    id = H5Aopen(object, name, H5P_DEFAULT);
    if (pc_h5_bad(&r->h5, id, "open attribute", name)) {
        return 1;
    }
    type = H5Aget_type(id);
    bad = pc_h5_bad(&r->h5, type, "read the type of", name);
    if (!bad && (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 || H5Tget_size(type) >= room ||
                 H5Aget_storage_size(id) != H5Tget_size(type))) {
        bad = pc_h5_fail(&r->h5, name, "is not what a dimension scale has");
    }
    if (!bad) {
        bad = get_value(r, id, type, text, name);
        text[bad ? 0 : H5Tget_size(type)] = '\0';
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    H5Aclose(id);
    return bad;
}

/* The values of a dataset, n of them, into `values`. */
static int get_values(reader *r, hid_t id, pc_type type, size_t n, void *values, const char *name)
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
static int get_shape(reader *r, hid_t id, const char *name, pc_type *type, int *rank, hsize_t *shape)
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

/* What kind of scale a dataset is; *is_scale 0: none. */
static int get_kind(reader *r, hid_t id, const char *name, int *is_scale, pc_scale_kind *kind)
{
    char class[64];
    size_t room = strlen(name) + 200;
    char *own = calloc(room, 1);
    int bad = own ? get_fixed(r, id, "CLASS", class, sizeof class) || get_fixed(r, id, "NAME", own, room)
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
static int get_dimension(reader *r, hid_t id, const char *name, pc_scale_kind kind, pc_type type, size_t size)
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
            hid_t a = -1;
            bad = pc_h5_bad(&r->h5, exists, "look for an attribute of", name);
            if (!bad && exists) {
                a = H5Aopen(id, attribute, H5P_DEFAULT);
                bad = pc_h5_bad(&r->h5, a, "open an attribute of", name) ||
                      get_attribute(r, a, NULL, &found.units, &found.long_name);
            }
            if (a >= 0) {
                H5Aclose(a);
            }
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
static int get_dimensions(reader *r, hid_t id, const char *name, int rank, const hsize_t *shape,
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
    bad = bad || get_value(r, attribute, r->h5.text, labels, "DIMENSION_LABELS");
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

/* First pass over the datasets of a group (want_scales 1) adds the dimensions, the second the datasets. */
static int get_dataset(reader *r, hid_t id, const char *name, int want_scales)
{
    const pc_dimension *dims[PC_MAX_RANK] = {NULL};
    hsize_t shape[PC_MAX_RANK] = {0};
    pc_scale_kind kind = PC_SCALE_COORDINATES;
    pc_type type = PC_F64;
    pc_dataset *dataset;
    int rank = 0, is_scale = 0;

    if (get_kind(r, id, name, &is_scale, &kind)) {
        return 1;
    }
    if (want_scales ? !is_scale : is_scale && kind != PC_SCALE_DATASET && kind != PC_SCALE_DATASET_ALONE) {
        return 0;
    }
    if (get_shape(r, id, name, &type, &rank, shape)) {
        return 1;
    }
    if (is_scale && rank != 1) {
        return pc_h5_fail(&r->h5, name, "a dimension scale must have one dimension");
    }
    if (want_scales) {
        return get_dimension(r, id, name, kind, type, shape[0]);
    }
    if (is_scale) {
        dims[0] = find_dimension(r->results, name);
    } else if (rank > 0 && get_dimensions(r, id, name, rank, shape, dims)) {
        return 1;
    }
    dataset = pc_results_dataset(r->results, r->path, name, type, rank, dims, NULL, NULL);
    if (!dataset) {
        return 1; /* load() says why */
    }
    if (type == PC_TEXT) {
        /* HDF5 puts its own pointers in place of our empty texts. */
        for (size_t i = 0; i < dataset->count; i++) {
            free(((char **)dataset->data)[i]);
            ((char **)dataset->data)[i] = NULL;
        }
    }
    return get_values(r, id, type, dataset->count, dataset->data, name) ||
           get_attributes(r, id, dataset, &dataset->units, &dataset->long_name);
}

/* The name of link i of the open group (free it); NULL after a failure. */
static char *link_name(reader *r, hsize_t i)
{
    ssize_t n = H5Lget_name_by_idx(r->group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, NULL, 0, H5P_DEFAULT);
    char *name;

    if (pc_h5_bad(&r->h5, n, "read a name in group", r->path)) {
        return NULL;
    }
    name = calloc((size_t)n + 1, 1);
    if (!name) {
        pc_h5_fail_memory(&r->h5);
    } else if (pc_h5_bad(&r->h5,
                         H5Lget_name_by_idx(r->group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name, (size_t)n + 1,
                                            H5P_DEFAULT),
                         "read a name in group", r->path)) {
        free(name);
        name = NULL;
    }
    return name;
}

static int get_group(reader *r, hid_t group, const char *path);

/* The groups of a group come last, in the order of their links. */
static int get_object(reader *r, const char *name, int pass)
{
    hid_t id = H5Oopen(r->group, name, H5P_DEFAULT);
    int bad = pc_h5_bad(&r->h5, id, "open", name);
    H5I_type_t kind;

    if (bad) {
        return 1;
    }
    kind = H5Iget_type(id);
    if (kind == H5I_DATASET && pass < 2) {
        bad = get_dataset(r, id, name, pass == 0);
    } else if (kind == H5I_GROUP && pass == 2) {
        size_t n = strlen(r->path);
        char *path = malloc(n + strlen(name) + 2);
        if (path) {
            reader below = *r;
            memcpy(path, r->path, n);
            path[n] = '/';
            strcpy(path + n + (n > 0), name);
            bad = get_group(&below, id, path);
            r->h5.code = below.h5.code;
        } else {
            bad = pc_h5_fail_memory(&r->h5);
        }
        free(path);
    } else if (kind != H5I_DATASET && kind != H5I_GROUP) {
        bad = pc_h5_fail(&r->h5, name, "is neither a group nor a dataset");
    }
    H5Oclose(id);
    return bad;
}

static int get_group(reader *r, hid_t group, const char *path)
{
    H5G_info_t about;
    int bad;

    r->path = path;
    r->group = group;
    if (!pc_results_group(r->results, path)) {
        return 1;
    }
    bad =
        pc_h5_bad(&r->h5, H5Gget_info(group, &about), "read group", path) || get_attributes(r, group, NULL, NULL, NULL);
    for (int pass = 0; pass < 3 && !bad; pass++) {
        for (hsize_t i = 0; i < about.nlinks && !bad; i++) {
            char *name = link_name(r, i);
            bad = !name || get_object(r, name, pass) || r->results->failed;
            free(name);
        }
    }
    return bad;
}

static pc_results *load(const char *path, pc_status *status)
{
    reader r = {.path = "", .group = -1};
    hid_t access = -1, file = -1, root = -1;
    int bad;

    if (pc_safe_file_check(path, path, status) != PC_OK) {
        return NULL;
    }
    r.results = pc_results_new();
    if (!r.results) {
        pc_fail(status, PC_ERR_FAIL, "%s: out of memory", path);
        return NULL;
    }
    bad = pc_h5_open(&r.h5, path, PC_ERR_INPUT, status);
    if (!bad) {
        access = H5Pcreate(H5P_FILE_ACCESS);
        bad = pc_h5_bad(&r.h5, access, "make a list for", "the file") ||
              pc_h5_bad(&r.h5, H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "set up", "the file");
#if H5_VERSION_GE(1, 10, 7)
        /* A results file is never written in place, and on network file systems locks often fail. */
        bad = bad || pc_h5_bad(&r.h5, H5Pset_file_locking(access, 0, 1), "set up", "the file");
#endif
    }
    if (!bad) {
        file = H5Fopen(path, H5F_ACC_RDONLY, access);
        bad = pc_h5_bad(&r.h5, file, "open", "the HDF5 file");
    }
    if (!bad) {
        root = H5Gopen2(file, "/", H5P_DEFAULT);
        bad = pc_h5_bad(&r.h5, root, "open", "the root group") || get_group(&r, root, "");
    }
    if (r.results->failed) {
        pc_fail(status, PC_ERR_INPUT, "%s: %s", path, r.results->reason);
        bad = 1;
    }
    if (root >= 0) {
        H5Gclose(root);
    }
    if (file >= 0) {
        bad |= pc_h5_bad(&r.h5, H5Fclose(file), "close", "the file");
    }
    if (access >= 0) {
        H5Pclose(access);
    }
    pc_h5_close(&r.h5);
    if (bad) {
        pc_results_free(r.results);
        r.results = NULL;
    }
    return r.results;
}

pc_results *pc_store_load(const char *path, pc_status *status)
{
    pc_results *results;

    H5E_BEGIN_TRY
    {
        results = load(path, status);
    }
    H5E_END_TRY;
    return results;
}
