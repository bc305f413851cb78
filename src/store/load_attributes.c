/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/load_inner.h"

/* Reads the value of an attribute whose type and number of elements are known to fit `value`. */
static int get_value(pc_reader *r, hid_t attribute, hid_t type, void *value, const char *name)
{
    return pc_h5_bad(&r->h5, H5Aread(attribute, type, value), "read attribute", name);
}

/* A variable-length text of one element into *text (free it). HDF5 gives NULL for an empty one. */
static int get_text(pc_reader *r, hid_t attribute, const char *name, char **text)
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
static int get_flags(pc_reader *r, hid_t attribute, size_t n, const char *name, char **text)
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
static int get_attribute(pc_reader *r, hid_t object, const char *name, pc_dataset *dataset, char **units,
                         char **long_name)
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
    pc_reader *r;
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

int pc_load_attributes(pc_reader *r, hid_t object, pc_dataset *dataset, char **units, char **long_name)
{
    target t = {r, dataset, units, long_name, 0};
    herr_t done = H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, take_attribute, &t);

    return t.bad || pc_h5_bad(&r->h5, done, "read an object of", r->path);
}

int pc_load_scale_attribute(pc_reader *r, hid_t scale, const char *name, char **units, char **long_name)
{
    return get_attribute(r, scale, name, NULL, units, long_name);
}

int pc_load_fixed(pc_reader *r, hid_t object, const char *name, char *text, size_t room)
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
