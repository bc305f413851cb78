/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving. HDF5 builds the file in memory (its core driver) and we write the image ourselves: a full disk is then an
 * ordinary error of write(2), while HDF5, when flushing fails, keeps the file half open and tries again at exit.
 *
 * Format bounds are (V18, V18): the compact groups, checksummed headers and creation order that netCDF-4 needs came
 * with HDF5 1.8, and nothing newer is used, so that every netCDF-4, h5py, R and the MATLAB releases that still carry
 * HDF5 1.8 open the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/safe_file.h"
#include "store/h5.h"
#include "store/scales.h"
#include "store/store.h"

enum {
    SMALL_BYTES = 1024,    /* up to here contiguous: no chunk, no filter */
    CHUNK_BYTES = 1 << 20, /* HDF5's default chunk cache */
    GZIP_LEVEL = 1,
    IMAGE_STEP = 1 << 20,
    MAX_COMPACT = 64, /* links or attributes in a header before HDF5 builds trees for them */
    MIN_DENSE = 48,
    MAX_RECIPES = 16
};

/* How the next dataset is laid out; datasets of the same recipe share their creation list. */
typedef struct recipe {
    hid_t list;
    int is_float, is_contiguous, n_chunked; /* n_chunked: rank of the chunks, 0 without */
    hsize_t chunk[PC_MAX_RANK];
} recipe;

/* What is shared by all groups of one save. */
typedef struct writer {
    pc_h5 h5;
    const pc_results *results;
    hid_t file, link_list;
    recipe recipes[MAX_RECIPES];
    unsigned n_recipes, next_recipe;
} writer;

/* A dimension as used in one group. */
typedef struct scale {
    const pc_dimension *dimension;
    hid_t id;
    hobj_ref_t reference;
    pc_scale_use *uses;
    size_t n_uses;
} scale;

/* One group while it is written. */
typedef struct room {
    const pc_group *group;
    hid_t id;
    scale *scales;
    int n_scales;
    hid_t *datasets;
} room;

/* Creation order kept for attributes, no times. `list` is of a file, a group or a dataset. */
static int set_object_list(pc_h5 *h5, hid_t list, const char *name)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

    return pc_h5_bad(h5, list, "make a creation list for", name) ||
           pc_h5_bad(h5, H5Pset_obj_track_times(list, 0), "switch off times of", name) ||
           pc_h5_bad(h5, H5Pset_attr_creation_order(list, order), "track attributes of", name) ||
           pc_h5_bad(h5, H5Pset_attr_phase_change(list, MAX_COMPACT, MIN_DENSE), "lay out", name);
}

/* The same for what holds links, n of them. Their number is known: a group that needs trees has them from its first
 * link, since HDF5 takes a link out of a full header in time that grows with the number left. */
static int set_group_list(pc_h5 *h5, hid_t list, size_t n_links, const char *name)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    const unsigned most = n_links > MAX_COMPACT ? 0 : MAX_COMPACT;

    return set_object_list(h5, list, name) ||
           pc_h5_bad(h5, H5Pset_link_creation_order(list, order), "track links of", name) ||
           pc_h5_bad(h5, H5Pset_link_phase_change(list, most, most ? MIN_DENSE : 0), "lay out", name);
}

static int put_group_attributes(writer *w, const pc_group *group, hid_t id)
{
    int bad = 0;

    for (int i = 0; i < group->n_attributes && !bad; i++) {
        const pc_attribute *a = group->attributes + i;
        if (a->type == PC_TEXT) {
            bad = pc_h5_put_text(&w->h5, id, group->path, a->name, a->text ? a->text : "");
        } else if (a->type == PC_F64) {
            bad = pc_h5_put(&w->h5, id, group->path, a->name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, -1, &a->number);
        } else {
            bad = pc_h5_put(&w->h5, id, group->path, a->name, H5T_STD_I64LE, H5T_NATIVE_INT64, -1, &a->integer);
        }
    }
    return bad;
}

/* flag_values: "0, 1" as numbers of the dataset's type. */
static int put_flags(writer *w, const pc_dataset *dataset, hid_t id, const char *text)
{
    size_t most = strlen(text) / 2 + 1;
    int64_t *values = pc_calloc(most, sizeof *values);
    hsize_t n = 0;
    hid_t space;
    int bad;

    if (!values) {
        return pc_h5_fail_memory(&w->h5);
    }
    for (char *at = (char *)text; *at && n < most; at += strspn(at, ", ")) {
        values[n++] = strtoll(at, &at, 10);
    }
    space = H5Screate_simple(1, &n, NULL);
    bad = pc_h5_bad(&w->h5, space, "make a dataspace for", dataset->name) ||
          pc_h5_put(&w->h5, id, dataset->name, "flag_values", pc_h5_file_type(&w->h5, dataset->type), H5T_NATIVE_INT64,
                    space, values);
    if (space >= 0) {
        H5Sclose(space);
    }
    pc_free(values);
    return bad;
}

static int put_dataset_attributes(writer *w, const pc_dataset *dataset, hid_t id, int is_scale)
{
    pc_h5 *h5 = &w->h5;
    int bad = 0;

    if ((dataset->type == PC_F64 || dataset->type == PC_F32) && !is_scale) { /* CF: coordinates miss no value */
        const hsize_t one = 1;
        const double missing = __builtin_nan("");
        hid_t space = H5Screate_simple(1, &one, NULL);
        bad = pc_h5_bad(h5, space, "make a dataspace for", dataset->name) ||
              pc_h5_put(h5, id, dataset->name, "_FillValue", pc_h5_file_type(h5, dataset->type), H5T_NATIVE_DOUBLE,
                        space, &missing);
        if (space >= 0) {
            H5Sclose(space);
        }
    }
    bad = bad || (dataset->units && pc_h5_put_text(h5, id, dataset->name, "units", dataset->units)) ||
          (dataset->long_name && pc_h5_put_text(h5, id, dataset->name, "long_name", dataset->long_name));
    for (int i = 0; i < dataset->n_attributes && !bad; i++) {
        const pc_attribute *a = dataset->attributes + i;
        const char *text = a->text ? a->text : "";
        if (strcmp(a->name, "flag_values") == 0 && dataset->type != PC_F64 && dataset->type != PC_F32 &&
            dataset->type != PC_TEXT) {
            bad = put_flags(w, dataset, id, text);
        } else {
            bad = pc_h5_put_text(h5, id, dataset->name, a->name, text);
        }
    }
    return bad;
}

/* Whole trailing dimensions up to CHUNK_BYTES; the first that doesn't fit is cut into equal parts. */
static void choose_chunk(int rank, const hsize_t *shape, size_t size, hsize_t *chunk)
{
    hsize_t left = CHUNK_BYTES / size;

    for (int axis = rank - 1; axis >= 0; axis--) {
        hsize_t n_parts = (shape[axis] + left - 1) / left;
        chunk[axis] = (shape[axis] + n_parts - 1) / n_parts;
        left /= chunk[axis];
        left = n_parts > 1 || left == 0 ? 1 : left;
    }
}

/* The creation list of a recipe, made when no earlier dataset had the same; negative after a failure. */
static hid_t find_list(writer *w, const recipe *wanted, const char *name)
{
    pc_h5 *h5 = &w->h5;
    recipe *made;
    int bad;

    for (unsigned i = 0; i < w->n_recipes; i++) {
        const recipe *r = w->recipes + i;
        if (r->is_float == wanted->is_float && r->is_contiguous == wanted->is_contiguous &&
            r->n_chunked == wanted->n_chunked && memcmp(r->chunk, wanted->chunk, sizeof r->chunk) == 0) {
            return r->list;
        }
    }
    made = w->recipes + w->next_recipe;
    if (w->n_recipes == MAX_RECIPES) {
        H5Pclose(made->list);
    } else {
        w->n_recipes++;
    }
    w->next_recipe = (w->next_recipe + 1) % MAX_RECIPES;
    *made = *wanted;
    made->list = H5Pcreate(H5P_DATASET_CREATE);
    bad = set_object_list(h5, made->list, name);
    if (!bad && made->n_chunked) {
        bad = pc_h5_bad(h5, H5Pset_chunk(made->list, made->n_chunked, made->chunk), "set the chunks of", name) ||
              pc_h5_bad(h5, H5Pset_shuffle(made->list), "set the shuffle of", name) ||
              pc_h5_bad(h5, H5Pset_deflate(made->list, GZIP_LEVEL), "set the compression of", name) ||
              pc_h5_bad(h5, H5Pset_fletcher32(made->list), "set the checksum of", name);
    } else if (!bad && made->is_contiguous) {
        bad = pc_h5_bad(h5, H5Pset_layout(made->list, H5D_CONTIGUOUS), "set the layout of", name);
    }
    if (!bad && made->is_float) {
        const double missing = __builtin_nan("");
        bad = pc_h5_bad(h5, H5Pset_fill_value(made->list, H5T_NATIVE_DOUBLE, &missing), "set the fill value of", name);
    }
    return bad ? -1 : made->list;
}

/* Makes and fills a dataset of the room; returns its id, negative after a failure. With data NULL it makes only the
 * space, no value is written. */
static hid_t put_data(writer *w, const room *r, const char *name, pc_type type, int rank,
                      const pc_dimension *const *dims, const void *data)
{
    pc_h5 *h5 = &w->h5;
    recipe wanted = {.list = -1, .is_float = type == PC_F64 || type == PC_F32};
    hsize_t shape[PC_MAX_RANK];
    size_t bytes = pc_type_size(type);
    hid_t id = -1, list, space = -1;
    int bad;

    for (int axis = 0; axis < rank; axis++) {
        shape[axis] = dims[axis]->size;
        bytes *= dims[axis]->size;
    }
    if (data && rank > 0 && bytes > SMALL_BYTES && type != PC_TEXT) {
        choose_chunk(rank, shape, pc_type_size(type), wanted.chunk);
        wanted.n_chunked = rank;
    } else {
        wanted.is_contiguous = data && bytes && bytes <= SMALL_BYTES; /* not compact: R's ncdf4 refuses that */
    }
    list = find_list(w, &wanted, name);
    bad = list < 0;
    if (!bad) {
        space = rank ? H5Screate_simple(rank, shape, NULL) : H5Screate(H5S_SCALAR);
        bad = pc_h5_bad(h5, space, "make a dataspace for", name);
    }
    if (!bad) {
        id = H5Dcreate2(r->id, name, pc_h5_file_type(h5, type), space, w->link_list, list, H5P_DEFAULT);
        bad = pc_h5_bad(h5, id, "make dataset", name) ||
              (data && bytes &&
               pc_h5_bad(h5, H5Dwrite(id, pc_h5_memory_type(h5, type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data),
                         "write dataset", name));
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (bad && id >= 0) {
        H5Dclose(id);
    }
    return bad ? -1 : id;
}

static scale *find_scale(const room *r, const char *name)
{
    for (int i = 0; i < r->n_scales; i++) {
        if (strcmp(r->scales[i].dimension->name, name) == 0) {
            return r->scales + i;
        }
    }
    return NULL;
}

/* The scale that a dataset X(X) itself is; NULL for any other dataset. */
static scale *own_scale(const room *r, const pc_dataset *dataset)
{
    return dataset->rank == 1 && strcmp(dataset->name, dataset->dims[0]->name) == 0 ? find_scale(r, dataset->name)
                                                                                    : NULL;
}

/* Lists the dimensions used in the group in order of first use, with room for every use. */
static int list_scales(writer *w, room *r)
{
    const pc_group *group = r->group;
    size_t n_uses = 0;

    for (int i = 0; i < group->n_datasets; i++) {
        n_uses += (size_t)group->datasets[i]->rank;
    }
    r->datasets = pc_calloc((size_t)group->n_datasets, sizeof *r->datasets);
    r->scales = pc_calloc(n_uses, sizeof *r->scales);
    if (!r->datasets || !r->scales) {
        return pc_h5_fail_memory(&w->h5);
    }
    for (int i = 0; i < group->n_datasets; i++) {
        const pc_dataset *dataset = group->datasets[i];
        r->datasets[i] = -1;
        for (int axis = 0; axis < dataset->rank; axis++) {
            scale *s = find_scale(r, dataset->dims[axis]->name);
            if (!s) {
                s = r->scales + r->n_scales++;
                *s = (scale){.dimension = dataset->dims[axis], .id = -1};
            }
            s->n_uses++;
        }
    }
    for (int i = 0; i < r->n_scales; i++) {
        /* zeroed, so that the padding inside its elements is the same in every file */
        r->scales[i].uses = pc_calloc(r->scales[i].n_uses, sizeof *r->scales[i].uses);
        if (!r->scales[i].uses) {
            return pc_h5_fail_memory(&w->h5);
        }
        r->scales[i].n_uses = 0;
    }
    return 0;
}

/* Writes the coordinates of a dimension, unless a dataset of the group is to be its scale. */
static int put_scale(writer *w, room *r, scale *s)
{
    const pc_dimension *d = s->dimension;

    for (int i = 0; i < r->group->n_datasets; i++) {
        const pc_dataset *own = r->group->datasets[i];
        if (own_scale(r, own) == s) {
            const pc_dimension same = {.name = own->name,
                                       .size = d->size,
                                       .type = own->type,
                                       .coordinates = d->coordinates ? own->data : NULL,
                                       .units = own->units,
                                       .long_name = own->long_name};
            if (d->coordinates ? !pc_dimension_same(d, &same) : d->units || d->long_name) {
                return pc_h5_fail(&w->h5, d->name, "the dataset of this name does not repeat its dimension");
            }
            return 0;
        }
    }
    s->id = put_data(w, r, d->name, d->coordinates ? d->type : PC_F32, 1, &d, d->coordinates);
    return s->id < 0 ||
           pc_scale_mark(&w->h5, s->id, d->name, d->coordinates ? PC_SCALE_COORDINATES : PC_SCALE_BARE, d->size) ||
           (d->units && pc_h5_put_text(&w->h5, s->id, d->name, "units", d->units)) ||
           (d->long_name && pc_h5_put_text(&w->h5, s->id, d->name, "long_name", d->long_name));
}

static int put_dataset(writer *w, room *r, int i)
{
    const pc_dataset *dataset = r->group->datasets[i];
    scale *own = own_scale(r, dataset);
    hid_t id = put_data(w, r, dataset->name, dataset->type, dataset->rank, dataset->dims, dataset->data);

    if (id < 0) {
        return 1;
    }
    if (own) {
        own->id = id;
        if (pc_scale_mark(&w->h5, id, dataset->name,
                          own->dimension->coordinates ? PC_SCALE_DATASET : PC_SCALE_DATASET_ALONE, dataset->count)) {
            return 1;
        }
    } else {
        r->datasets[i] = id;
    }
    return put_dataset_attributes(w, dataset, id, own != NULL);
}

static int attach_scales(writer *w, room *r)
{
    pc_h5 *h5 = &w->h5;
    int bad = 0;

    for (int i = 0; i < r->n_scales && !bad; i++) {
        scale *s = r->scales + i;
        bad = pc_h5_bad(h5, H5Rcreate(&s->reference, r->id, s->dimension->name, H5R_OBJECT, -1), "refer to dimension",
                        s->dimension->name);
    }
    for (int i = 0; i < r->group->n_datasets && !bad; i++) {
        const pc_dataset *dataset = r->group->datasets[i];
        hobj_ref_t self, references[PC_MAX_RANK];
        const char *labels[PC_MAX_RANK];
        if (dataset->rank == 0 || own_scale(r, dataset)) {
            continue;
        }
        bad = pc_h5_bad(h5, H5Rcreate(&self, r->id, dataset->name, H5R_OBJECT, -1), "refer to dataset", dataset->name);
        for (int axis = 0; axis < dataset->rank && !bad; axis++) {
            scale *s = find_scale(r, dataset->dims[axis]->name);
            references[axis] = s->reference;
            labels[axis] = s->dimension->name;
            s->uses[s->n_uses].dataset = self;
            s->uses[s->n_uses++].axis = axis;
        }
        bad = bad || pc_scale_attach(h5, r->datasets[i], dataset->name, dataset->rank, references, labels);
    }
    for (int i = 0; i < r->n_scales && !bad; i++) {
        scale *s = r->scales + i;
        bad = pc_scale_set_uses(h5, s->id, s->dimension->name, s->uses, s->n_uses);
    }
    return bad;
}

/* Whether `path` is a group directly below the group. */
static int is_child(const pc_group *group, const char *path)
{
    size_t n = strlen(group->path);

    return strncmp(path, group->path, n) == 0 && path[n] && (n == 0 || path[n] == '/') &&
           !strchr(path + n + (n > 0), '/');
}

/* Links that a group will have, at most: its datasets, the dimensions that they use and the groups below it. */
static size_t count_links(const writer *w, const pc_group *group)
{
    size_t n = (size_t)group->n_datasets, n_axes = 0, n_dimensions = (size_t)w->results->n_dimensions;

    for (int i = 0; i < group->n_datasets; i++) {
        n_axes += (size_t)group->datasets[i]->rank;
    }
    for (int i = 0; i < w->results->n_groups; i++) {
        n += (size_t)is_child(group, w->results->groups[i]->path);
    }
    return n + (n_axes < n_dimensions ? n_axes : n_dimensions);
}

/* Makes the group, the root opens; its id, negative after a failure. */
static hid_t make_group(writer *w, const pc_group *group)
{
    hid_t list, id;

    if (!*group->path) {
        id = H5Gopen2(w->file, "/", H5P_DEFAULT);
        return pc_h5_bad(&w->h5, id, "open group", "/") ? -1 : id;
    }
    list = H5Pcreate(H5P_GROUP_CREATE);
    if (set_group_list(&w->h5, list, count_links(w, group), group->path)) {
        id = -1;
    } else {
        id = H5Gcreate2(w->file, group->path, w->link_list, list, H5P_DEFAULT);
        pc_h5_bad(&w->h5, id, "make group", group->path);
    }
    if (list >= 0) {
        H5Pclose(list);
    }
    return id;
}

static int put_group(writer *w, const pc_group *group)
{
    room r = {.group = group, .id = -1};
    int bad;

    r.id = make_group(w, group);
    bad = r.id < 0 || put_group_attributes(w, group, r.id) || list_scales(w, &r);
    for (int i = 0; i < r.n_scales && !bad; i++) {
        bad = put_scale(w, &r, r.scales + i);
    }
    for (int i = 0; i < group->n_datasets && !bad; i++) {
        bad = put_dataset(w, &r, i);
    }
    bad = bad || attach_scales(w, &r);
    for (int i = 0; i < r.n_scales; i++) {
        if (r.scales[i].id >= 0) {
            bad |= pc_h5_bad(&w->h5, H5Dclose(r.scales[i].id), "close dimension", r.scales[i].dimension->name);
        }
        pc_free(r.scales[i].uses);
    }
    for (int i = 0; r.datasets && i < group->n_datasets; i++) {
        if (r.datasets[i] >= 0) {
            bad |= pc_h5_bad(&w->h5, H5Dclose(r.datasets[i]), "close dataset", group->datasets[i]->name);
        }
    }
    if (r.id >= 0) {
        bad |= pc_h5_bad(&w->h5, H5Gclose(r.id), "close group", group->path);
    }
    pc_free(r.scales);
    pc_free(r.datasets);
    return bad;
}

/* The group and all below it, parents first: an order that a loaded file has too, so that saving it again gives the
 * same bytes. */
static int put_tree(writer *w, const pc_group *group)
{
    int bad = put_group(w, group);

    for (int i = 0; i < w->results->n_groups && !bad; i++) {
        if (is_child(group, w->results->groups[i]->path)) {
            bad = put_tree(w, w->results->groups[i]);
        }
    }
    return bad;
}

/* Builds the file in memory and writes its image. */
static int put_file(writer *w, pc_safe_file *out)
{
    pc_h5 *h5 = &w->h5;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), create = H5Pcreate(H5P_FILE_CREATE);
    size_t n_name = strlen(out->temporary);
    char *image_name = malloc(n_name + 7);
    void **image = NULL;
    ssize_t n_bytes = 0;
    int bad;

    if (!image_name) {
        bad = pc_h5_fail_memory(h5);
        goto out;
    }
    memcpy(image_name, out->temporary, n_name);
    memcpy(image_name + n_name, ".image", 7); /* never on disk; no file must have this name */
    w->link_list = H5Pcreate(H5P_LINK_CREATE);
    bad = set_group_list(h5, create, count_links(w, w->results->groups[0]), "the file") ||
          pc_h5_bad(h5, w->link_list, "make a list for", "links") ||
          pc_h5_bad(h5, H5Pset_char_encoding(w->link_list, H5T_CSET_UTF8), "set UTF-8 for", "links") ||
          pc_h5_bad(h5, access, "make a list for", "the file") ||
          pc_h5_bad(h5, H5Pset_fapl_core(access, IMAGE_STEP, 0), "choose memory for", "the file") ||
          pc_h5_bad(h5, H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "set up", "the file") ||
          pc_h5_bad(h5, H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18), "choose the version of",
                    "the file");
    if (bad) {
        goto out;
    }
    w->file = H5Fcreate(image_name, H5F_ACC_TRUNC, create, access);
    bad = pc_h5_bad(h5, w->file, "build", "the file") || put_tree(w, w->results->groups[0]) ||
          pc_h5_bad(h5, H5Fflush(w->file, H5F_SCOPE_GLOBAL), "flush", "the file");
    if (!bad) {
        n_bytes = H5Fget_file_image(w->file, NULL, 0);
        bad = pc_h5_bad(h5, n_bytes, "measure", "the file") ||
              pc_h5_bad(h5, H5Fget_vfd_handle(w->file, access, (void **)&image), "find the image of", "the file");
    }
    if (!bad) {
        h5->code = pc_safe_file_write(out, *image, (size_t)n_bytes, h5->status);
        bad = h5->code != PC_OK;
    }
out:
    if (w->file >= 0) {
        bad |= pc_h5_bad(h5, H5Fclose(w->file), "close", "the file");
    }
    if (w->link_list >= 0) {
        H5Pclose(w->link_list);
    }
    for (unsigned i = 0; i < w->n_recipes; i++) {
        if (w->recipes[i].list >= 0) {
            H5Pclose(w->recipes[i].list);
        }
    }
    if (create >= 0) {
        H5Pclose(create);
    }
    if (access >= 0) {
        H5Pclose(access);
    }
    free(image_name);
    return bad;
}

/* Reads the temporary file back and compares everything in it with what was meant. */
static pc_code verify(const pc_results *results, const pc_safe_file *file, pc_status *status)
{
    pc_status reading = {0};
    pc_results *back = pc_store_load(file->temporary, &reading);
    char why[400];
    pc_code code = PC_OK;

    if (!back) {
        code = pc_fail(status, PC_ERR_WRITE, "%s: cannot verify what was written: %s", file->name, reading.message);
    } else if (!pc_results_same(results, back, why, sizeof why)) {
        code = pc_fail(status, PC_ERR_WRITE, "%s: cannot verify what was written: %s", file->name, why);
    }
    pc_results_free(back);
    return code;
}

static pc_code save(const pc_results *results, const char *path, unsigned how, pc_status *status)
{
    writer w = {.results = results, .file = -1, .link_list = -1};
    pc_safe_file file = {0};
    pc_code code = pc_safe_file_open(&file, path, how, status);

    if (code == PC_OK) {
        if (pc_h5_open(&w.h5, path, PC_ERR_WRITE, status) || put_file(&w, &file)) {
            code = w.h5.code;
        }
        pc_h5_close(&w.h5);
    }
    if (code == PC_OK) {
        code = pc_safe_file_close(&file, status);
    }
    if (code == PC_OK) {
        code = verify(results, &file, status);
    }
    if (code == PC_OK) {
        code = pc_safe_file_commit(&file, status);
    }
    pc_safe_file_release(&file);
    return code;
}

pc_code pc_store_save(const pc_results *results, const char *path, pc_status *status)
{
    return pc_store_save_as(results, path, PC_SAFE_REPLACE, status);
}

pc_code pc_store_save_as(const pc_results *results, const char *path, unsigned how, pc_status *status)
{
    pc_code code;

    if (!results || results->failed) {
        return pc_fail(status, PC_ERR_FAIL, "%s: the results are incomplete: %s", path,
                       results ? results->reason : "out of memory");
    }
    /* Puts the caller's error handler aside and back. */
    H5E_BEGIN_TRY
    {
        code = save(results, path, how, status);
    }
    H5E_END_TRY;
    return code;
}
