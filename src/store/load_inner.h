/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of loading share. Internal. load.c: the file and its groups; load_datasets.c: dimensions and datasets;
 * load_attributes.c. Functions return 0, or nonzero after a failure, whose message is in r->h5. */
#ifndef PC_STORE_LOAD_INNER_H
#define PC_STORE_LOAD_INNER_H

#include "store/h5.h"
#include "store/scales.h"

/* What the file may still make the loader do. */
typedef struct pc_spent {
    int n_objects;
    uint64_t bytes_left; /* that the file may still unfold to */
} pc_spent;

typedef struct pc_reader {
    int depth;
    pc_spent *spent; /* of the whole file */
    pc_h5 h5;
    pc_results *results;
    const char *path; /* of the group being read */
    hid_t group;
} pc_reader;

/* What the first of two looks at a dataset has found. */
typedef struct pc_look {
    hid_t id;
    hsize_t shape[PC_MAX_RANK];
    pc_scale_kind kind;
    pc_type type;
    int rank, is_scale;
} pc_look;

/* ---- load_attributes.c */
/* The attributes of an object but for those of the format: of a dataset, with its units and long name apart; of a group
 * (all NULL) into the results. */
int pc_load_attributes(pc_reader *r, hid_t object, pc_dataset *dataset, char **units, char **long_name);
/* units or long_name of a scale. */
int pc_load_scale_attribute(pc_reader *r, hid_t scale, const char *name, char **units, char **long_name);
/* A fixed-length text attribute into `text`; "" when the object has none of that name. */
int pc_load_fixed(pc_reader *r, hid_t object, const char *name, char *text, size_t room);

/* ---- load_datasets.c */
/* First look: type and shape; a scale adds its dimension. l->id is open. */
int pc_load_look(pc_reader *r, pc_look *l, const char *name);
/* Second look, when all dimensions of the group are known: the dataset, unless it is only a scale. */
int pc_load_dataset(pc_reader *r, const pc_look *l, const char *name);

#endif
