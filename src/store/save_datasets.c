/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/save_inner.h"

enum {
    SMALL_BYTES = 1024,    /* up to here contiguous: no chunk, no filter */
    CHUNK_BYTES = 1 << 20, /* HDF5's default chunk cache */
    GZIP_LEVEL = 1
};

int pc_save_object_list(pc_h5 *h5, hid_t list, const char *name)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

    return pc_h5_bad(h5, list, "make a creation list for", name) ||
           pc_h5_bad(h5, H5Pset_obj_track_times(list, 0), "switch off times of", name) ||
           pc_h5_bad(h5, H5Pset_attr_creation_order(list, order), "track attributes of", name) ||
           pc_h5_bad(h5, H5Pset_attr_phase_change(list, PC_SAVE_MAX_COMPACT, PC_SAVE_MIN_DENSE), "lay out", name);
}

/* flag_values: "0, 1" as numbers of the dataset's type. */
static int put_flags(pc_writer *w, const pc_dataset *dataset, hid_t id, const char *text)
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

int pc_save_attributes(pc_writer *w, const pc_dataset *dataset, hid_t id, int is_scale)
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
static hid_t find_list(pc_writer *w, const pc_recipe *wanted, const char *name)
{
    pc_h5 *h5 = &w->h5;
    pc_recipe *made;
    int bad;

    for (unsigned i = 0; i < w->n_recipes; i++) {
        const pc_recipe *r = w->recipes + i;
        if (r->is_float == wanted->is_float && r->is_contiguous == wanted->is_contiguous &&
            r->n_chunked == wanted->n_chunked && memcmp(r->chunk, wanted->chunk, sizeof r->chunk) == 0) {
            return r->list;
        }
    }
    made = w->recipes + w->next_recipe;
    if (w->n_recipes == PC_SAVE_MAX_RECIPES) {
        H5Pclose(made->list);
    } else {
        w->n_recipes++;
    }
    w->next_recipe = (w->next_recipe + 1) % PC_SAVE_MAX_RECIPES;
    *made = *wanted;
    made->list = H5Pcreate(H5P_DATASET_CREATE);
    bad = pc_save_object_list(h5, made->list, name);
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

hid_t pc_save_data(pc_writer *w, const pc_room *r, const char *name, pc_type type, int rank,
                   const pc_dimension *const *dims, const void *data)
{
    pc_h5 *h5 = &w->h5;
    pc_recipe wanted = {.list = -1, .is_float = type == PC_F64 || type == PC_F32};
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
