/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading. The checksum of the whole file is compared before HDF5 sees it: HDF5 1.10 is not built to survive damaged
 * metadata, and contiguous data and texts carry no checksum of their own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"

#include "base/memory.h"
#include "base/safe_file.h"
#include "store/h5.h"
#include "store/scales.h"
#include "store/store.h"

/* A file that our own writer has made stays far below these; one that an enemy has made must not take all memory or
 * time. gzip packs at most 1032 to 1. */
enum { MAX_DEPTH = 16, MAX_OBJECTS = 100000, MOST_PACKED = 1032, SPARE_BYTES = 1 << 20 };

typedef struct spent {
    int n_objects;
    uint64_t bytes_left; /* that the file may still unfold to */
} spent;

typedef struct reader {
    int depth;
    spent *spent; /* of the whole file */
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

/* Attributes that the format itself needs. */
static int is_of_format(const char *name)
{
    static const char *const names[] = {"CLASS",          "NAME",      "DIMENSION_LIST", "DIMENSION_LABELS",
                                        "REFERENCE_LIST", "_FillValue"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* One attribute of a dataset, a scale or a group: into `dataset`, into units and long_name, or into the group. */
static int get_attribute(reader *r, hid_t object, const char *name, pc_dataset *dataset, char **units, char **long_name)
{
    pc_h5 *h5 = &r->h5;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT), type = -1, space = -1;
    char *text = NULL;
    hssize_t n = 0;
    pc_type found;
    int bad = pc_h5_bad(h5, attribute, "open attribute", name);

    if (!bad) {
        type = H5Aget_type(attribute);
        bad = pc_h5_bad(h5, type, "read the type of", name);
    }
    if (!bad) {
        space = H5Aget_space(attribute);
        bad = pc_h5_bad(h5, space, "read the dataspace of", name);
    }
    if (!bad) {
        n = H5Sget_simple_extent_npoints(space);
        bad = pc_h5_bad(h5, n, "read the dataspace of", name);
    }
    bad = bad || pc_h5_find_type(h5, type, name, &found);
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
    free(text);
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    return bad;
}

/* Where the attributes of an object go. */
typedef struct target {
    reader *r;
    pc_dataset *dataset;
    char **units, **long_name;
    int bad;
} target;

static herr_t take_attribute(hid_t object, const char *name, const H5A_info_t *about, void *context)
{
    target *t = context;

    (void)about;
    t->bad = !is_of_format(name) && get_attribute(t->r, object, name, t->dataset, t->units, t->long_name);
    return t->bad ? -1 : 0;
}

static int get_attributes(reader *r, hid_t object, pc_dataset *dataset, char **units, char **long_name)
{
    target t = {r, dataset, units, long_name, 0};
    herr_t done = H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, take_attribute, &t);

    return t.bad || pc_h5_bad(&r->h5, done, "read an object of", r->path);
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

/* The data must lie in this file, in a layout of ours, and not be more than the file can hold. */
static int check_storage(reader *r, hid_t id, const char *name, pc_type type, int rank, const hsize_t *shape)
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
            bad = pc_h5_bad(&r->h5, exists, "look for an attribute of", name) ||
                  (exists && get_attribute(r, id, attribute, NULL, &found.units, &found.long_name));
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

/* What the first of two looks at a dataset has found. */
typedef struct look {
    hid_t id;
    hsize_t shape[PC_MAX_RANK];
    pc_scale_kind kind;
    pc_type type;
    int rank, is_scale;
} look;

/* First look: type and shape; a scale adds its dimension. */
static int look_at(reader *r, look *l, const char *name)
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

/* Second look, when all dimensions of the group are known: the dataset, unless it is only a scale. */
static int get_dataset(reader *r, const look *l, const char *name)
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
           get_attributes(r, l->id, dataset, &dataset->units, &dataset->long_name);
}

/* The links of a group in the order in which they were made. */
typedef struct link {
    char *name;
    look dataset; /* its id is that of a group too */
    int is_group;
} link;

typedef struct links {
    link *links;
    size_t n, room;
} links;

static herr_t take_link(hid_t group, const char *name, const H5L_info_t *about, void *context)
{
    links *found = context;
    link *l = found->links + found->n;

    (void)group;
    (void)about;
    if (found->n == found->room || !(l->name = strdup(name))) {
        return -1;
    }
    l->dataset.id = -1;
    found->n++;
    return 0;
}

static int get_group(reader *r, hid_t group, const char *path);

static int get_child(const reader *r, hid_t id, const char *name, pc_code *code)
{
    size_t n = strlen(r->path);
    char *path = malloc(n + strlen(name) + 2);
    reader below = *r;
    int bad;

    below.depth++;
    if (path) {
        memcpy(path, r->path, n);
        path[n] = '/';
        strcpy(path + n + (n > 0), name);
        bad = get_group(&below, id, path);
    } else {
        bad = pc_h5_fail_memory(&below.h5);
    }
    free(path);
    *code = below.h5.code;
    return bad;
}

/* Opens what a link leads to and takes the first look at it. */
static int open_link(reader *r, link *l)
{
    H5L_info_t about;
    H5I_type_t kind;

    if (pc_h5_bad(&r->h5, H5Lget_info(r->group, l->name, &about, H5P_DEFAULT), "look at", l->name)) {
        return 1;
    }
    if (about.type != H5L_TYPE_HARD) {
        return pc_h5_fail(&r->h5, l->name, "is a link to elsewhere, which no results file has");
    }
    if (++r->spent->n_objects > MAX_OBJECTS || r->depth > MAX_DEPTH) {
        return pc_h5_fail(&r->h5, l->name, "lies in more groups than a results file has");
    }
    l->dataset.id = H5Oopen(r->group, l->name, H5P_DEFAULT);
    if (pc_h5_bad(&r->h5, l->dataset.id, "open", l->name)) {
        return 1;
    }
    kind = H5Iget_type(l->dataset.id);
    l->is_group = kind == H5I_GROUP;
    if (kind != H5I_DATASET && kind != H5I_GROUP) {
        return pc_h5_fail(&r->h5, l->name, "is neither a group nor a dataset");
    }
    return !l->is_group && look_at(r, &l->dataset, l->name);
}

/* Dimensions first, then datasets, then the groups of the group, each in the order of their links. */
static int get_group(reader *r, hid_t group, const char *path)
{
    links found = {NULL, 0, 0};
    H5G_info_t about;
    int bad;

    r->path = path;
    r->group = group;
    if (!pc_results_group(r->results, path)) {
        return 1;
    }
    bad =
        pc_h5_bad(&r->h5, H5Gget_info(group, &about), "read group", path) || get_attributes(r, group, NULL, NULL, NULL);
    if (!bad) {
        found.room = about.nlinks;
        found.links = calloc(found.room + 1, sizeof *found.links);
        bad = found.links
                  ? pc_h5_bad(&r->h5, H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, take_link, &found),
                              "read the names in group", path)
                  : pc_h5_fail_memory(&r->h5);
    }
    for (size_t i = 0; i < found.n && !bad; i++) {
        bad = open_link(r, found.links + i) || r->results->failed;
    }
    for (size_t i = 0; i < found.n && !bad; i++) {
        const link *l = found.links + i;
        bad = (!l->is_group && get_dataset(r, &l->dataset, l->name)) || r->results->failed;
    }
    for (size_t i = 0; i < found.n && !bad; i++) {
        const link *l = found.links + i;
        bad = (l->is_group && get_child(r, l->dataset.id, l->name, &r->h5.code)) || r->results->failed;
    }
    for (size_t i = 0; i < found.n; i++) {
        if (found.links[i].dataset.id >= 0) {
            H5Oclose(found.links[i].dataset.id);
        }
        free(found.links[i].name);
    }
    free(found.links);
    return bad;
}

static pc_results *load(const char *path, pc_status *status)
{
    spent spent_here = {0};
    reader r = {.path = "", .group = -1, .spent = &spent_here};
    hid_t access = -1, file = -1, root = -1;
    struct stat about;
    int bad;

    if (pc_safe_file_check(path, path, status) != PC_OK) {
        return NULL;
    }
    if (stat(path, &about) != 0) {
        pc_fail(status, PC_ERR_INPUT, "%s: cannot open: %s", path, pc_error_text(errno));
        return NULL;
    }
    spent_here.bytes_left = (uint64_t)about.st_size * MOST_PACKED + SPARE_BYTES;
    H5PLset_loading_state(0); /* no filter of a file's choice is loaded into the program */
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
