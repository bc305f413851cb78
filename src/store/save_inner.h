/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of saving share. Internal. save.c: the file and its groups; save_datasets.c: data and attributes of
 * datasets; save_scales.c: the dimensions of a group. Functions return 0, or nonzero after a failure, whose message is
 * in w->h5. */
#ifndef PC_STORE_SAVE_INNER_H
#define PC_STORE_SAVE_INNER_H

#include "store/h5.h"
#include "store/scales.h"

enum {
    PC_SAVE_MAX_COMPACT = 64, /* links or attributes in a header before HDF5 builds trees for them */
    PC_SAVE_MIN_DENSE = 48,
    PC_SAVE_MAX_RECIPES = 16
};

/* How the next dataset is laid out; datasets of the same recipe share their creation list. */
typedef struct pc_recipe {
    hid_t list;
    int is_float, is_contiguous, n_chunked; /* n_chunked: rank of the chunks, 0 without */
    hsize_t chunk[PC_MAX_RANK];
} pc_recipe;

/* What is shared by all groups of one save. */
typedef struct pc_writer {
    pc_h5 h5;
    const pc_results *results;
    hid_t file, link_list;
    pc_recipe recipes[PC_SAVE_MAX_RECIPES];
    unsigned n_recipes, next_recipe;
} pc_writer;

/* A dimension as used in one group. */
typedef struct pc_scale {
    const pc_dimension *dimension;
    hid_t id;
    hobj_ref_t reference;
    pc_scale_use *uses;
    size_t n_uses;
} pc_scale;

/* One group while it is written. */
typedef struct pc_room {
    const pc_group *group;
    hid_t id;
    pc_scale *scales;
    int n_scales;
    hid_t *datasets;
} pc_room;

/* ---- save_datasets.c */
/* Creation order kept for attributes, no times. `list` is of a file, a group or a dataset. */
int pc_save_object_list(pc_h5 *h5, hid_t list, const char *name);
/* Makes and fills a dataset of the room; returns its id, negative after a failure. With data NULL it makes only the
 * space, no value is written. */
hid_t pc_save_data(pc_writer *w, const pc_room *r, const char *name, pc_type type, int rank,
                   const pc_dimension *const *dims, const void *data);
/* `id`: the dataset in the file. */
int pc_save_attributes(pc_writer *w, const pc_dataset *dataset, hid_t id, int is_scale);

/* ---- save_scales.c */
/* Lists the dimensions used in the group in order of first use, with room for every use. */
int pc_save_list_scales(pc_writer *w, pc_room *r);
/* The scale that a dataset X(X) itself is; NULL for any other dataset. */
pc_scale *pc_save_own_scale(const pc_room *r, const pc_dataset *dataset);
/* Writes the coordinates of a dimension, unless a dataset of the group is to be its scale. */
int pc_save_scale(pc_writer *w, pc_room *r, pc_scale *s);
/* When all datasets are there: each is told its scales, and each scale its uses. */
int pc_save_attach_scales(pc_writer *w, pc_room *r);

#endif
