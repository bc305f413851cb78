/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dimension scales as HDF5's specification of them describes: attributes on the scale and on the datasets that use it.
 * Written here and not by H5DS, because that library rewrites REFERENCE_LIST at every attachment, leaves bytes in it
 * unset (two saves would differ), and would be one more library to link. */
#ifndef PC_STORE_SCALES_H
#define PC_STORE_SCALES_H

#include "store/h5.h"

/* What a scale is, told by its NAME attribute. */
typedef enum pc_scale_kind {
    PC_SCALE_COORDINATES,  /* the dimension's coordinates; no NAME */
    PC_SCALE_BARE,         /* a dimension without coordinates; NAME is netCDF's sentence for that */
    PC_SCALE_DATASET,      /* a dataset X(X) that repeats the coordinates of X; NAME is its own name */
    PC_SCALE_DATASET_ALONE /* a dataset X(X) of a dimension without coordinates; NAME is its name and PC_SCALE_SUFFIX */
} pc_scale_kind;

#define PC_SCALE_BARE_TEXT "This is a netCDF dimension but not a netCDF variable."
#define PC_SCALE_SUFFIX    " of this group"

/* Marks `dataset` (1-D, `size` long) as a scale. */
int pc_scale_mark(pc_h5 *h5, hid_t dataset, const char *name, pc_scale_kind kind, size_t size);
/* Says on a dataset which scales belong to its axes, by reference and (labels) by name. */
int pc_scale_attach(pc_h5 *h5, hid_t dataset, const char *name, int rank, const hobj_ref_t *scales,
                    const char *const *labels);

/* One use of a scale: axis `axis` of `dataset`. */
typedef struct pc_scale_use {
    hobj_ref_t dataset;
    int axis;
} pc_scale_use;

/* Says on the scale where it is used. */
int pc_scale_set_uses(pc_h5 *h5, hid_t scale, const char *name, const pc_scale_use *uses, size_t n);

#endif
