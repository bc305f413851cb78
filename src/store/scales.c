/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/scales.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int pc_scale_mark(pc_h5 *h5, hid_t dataset, const char *name, pc_scale_kind kind, size_t size)
{
    char *own = NULL;
    char bare[100];
    int bad = pc_h5_put_fixed(h5, dataset, name, "CLASS", "DIMENSION_SCALE");

    if (bad || kind == PC_SCALE_COORDINATES) {
        return bad;
    }
    if (kind == PC_SCALE_BARE) {
        snprintf(bare, sizeof bare, PC_SCALE_BARE_TEXT "%10zu", size);
        return pc_h5_put_fixed(h5, dataset, name, "NAME", bare);
    }
    own = malloc(strlen(name) + sizeof PC_SCALE_SUFFIX);
    if (!own) {
        return pc_h5_fail_memory(h5);
    }
    strcpy(own, name);
    if (kind == PC_SCALE_DATASET_ALONE) {
        strcat(own, PC_SCALE_SUFFIX);
    }
    bad = pc_h5_put_fixed(h5, dataset, name, "NAME", own);
    free(own);
    return bad;
}

int pc_scale_attach(pc_h5 *h5, hid_t dataset, const char *name, int rank, const hobj_ref_t *scales,
                    const char *const *labels)
{
    const hsize_t n_axes = (hsize_t)rank;
    hobj_ref_t references[PC_MAX_RANK];
    hvl_t lists[PC_MAX_RANK];
    hid_t type = -1, space = -1;
    int bad;

    for (int axis = 0; axis < rank; axis++) {
        references[axis] = scales[axis];
        lists[axis] = (hvl_t){.len = 1, .p = references + axis};
    }
    type = H5Tvlen_create(H5T_STD_REF_OBJ);
    space = H5Screate_simple(1, &n_axes, NULL);
    bad = pc_h5_bad(h5, type, "make a type for", name) || pc_h5_bad(h5, space, "make a dataspace for", name) ||
          pc_h5_put(h5, dataset, name, "DIMENSION_LIST", type, type, space, lists) ||
          pc_h5_put(h5, dataset, name, "DIMENSION_LABELS", h5->text, h5->text, space, labels);
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    return bad;
}

int pc_scale_set_uses(pc_h5 *h5, hid_t scale, const char *name, const pc_scale_use *uses, size_t n)
{
    const hsize_t count = n;
    hid_t type, space;
    int bad;

    if (n == 0) {
        return 0;
    }
    type = H5Tcreate(H5T_COMPOUND, sizeof *uses);
    space = H5Screate_simple(1, &count, NULL);
    bad = pc_h5_bad(h5, type, "make a type for", name) || pc_h5_bad(h5, space, "make a dataspace for", name) ||
          pc_h5_bad(h5, H5Tinsert(type, "dataset", offsetof(pc_scale_use, dataset), H5T_STD_REF_OBJ), "make a type for",
                    name) ||
          pc_h5_bad(h5, H5Tinsert(type, "dimension", offsetof(pc_scale_use, axis), H5T_NATIVE_INT), "make a type for",
                    name) ||
          pc_h5_put(h5, scale, name, "REFERENCE_LIST", type, type, space, uses);
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    return bad;
}
