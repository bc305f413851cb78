/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/h5.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

int pc_h5_open(pc_h5 *h5, const char *name, pc_code on_failure, pc_status *status)
{
    *h5 = (pc_h5){
        .name = name, .on_failure = on_failure, .status = status, .text = -1, .scalar = -1, .attribute_list = -1};
    h5->text = H5Tcopy(H5T_C_S1);
    if (pc_h5_bad(h5, h5->text, "make a type", "text") ||
        pc_h5_bad(h5, H5Tset_size(h5->text, H5T_VARIABLE), "make a type", "text") ||
        pc_h5_bad(h5, H5Tset_cset(h5->text, H5T_CSET_UTF8), "make a type", "text")) {
        return 1;
    }
    h5->scalar = H5Screate(H5S_SCALAR);
    if (pc_h5_bad(h5, h5->scalar, "make a dataspace", "scalar")) {
        return 1;
    }
    h5->attribute_list = H5Pcreate(H5P_ATTRIBUTE_CREATE);
    return pc_h5_bad(h5, h5->attribute_list, "make a list", "attribute creation") ||
           pc_h5_bad(h5, H5Pset_char_encoding(h5->attribute_list, H5T_CSET_UTF8), "set UTF-8", "attribute creation");
}

void pc_h5_close(pc_h5 *h5)
{
    if (h5->attribute_list >= 0) {
        H5Pclose(h5->attribute_list);
    }
    if (h5->scalar >= 0) {
        H5Sclose(h5->scalar);
    }
    if (h5->text >= 0) {
        H5Tclose(h5->text);
    }
    h5->attribute_list = h5->scalar = h5->text = -1;
}

typedef struct words {
    char text[600];
    int n;
} words;

/* The innermost entries say what went wrong (with errno's text); the outer ones only repeat that a call failed. */
static herr_t collect(unsigned n, const H5E_error2_t *error, void *data)
{
    words *found = data;
    size_t used = strlen(found->text);

    (void)n;
    if (found->n < 2 && error->desc && *error->desc) {
        snprintf(found->text + used, sizeof found->text - used, "%s%s", found->n ? "; " : "", error->desc);
        found->n++;
    }
    return 0;
}

int pc_h5_bad(pc_h5 *h5, int64_t result, const char *step, const char *object)
{
    if (result < 0) {
        words found = {{0}, 0};
        H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &found);
        H5Eclear2(H5E_DEFAULT);
        h5->code = pc_fail(h5->status, h5->on_failure, "%s: cannot %s '%s': HDF5: %s", h5->name, step, object,
                           found.n ? found.text : _("gives no reason"));
    }
    return result < 0;
}

int pc_h5_fail(pc_h5 *h5, const char *object, const char *what)
{
    h5->code = pc_fail(h5->status, h5->on_failure, "%s: '%s': %s", h5->name, object, what);
    return 1;
}

int pc_h5_fail_memory(pc_h5 *h5)
{
    h5->code = pc_fail(h5->status, PC_ERR_FAIL, "%s: out of memory", h5->name);
    return 1;
}

hid_t pc_h5_file_type(const pc_h5 *h5, pc_type type)
{
    switch (type) {
    case PC_F64:
        return H5T_IEEE_F64LE;
    case PC_F32:
        return H5T_IEEE_F32LE;
    case PC_I64:
        return H5T_STD_I64LE;
    case PC_I32:
        return H5T_STD_I32LE;
    case PC_U8:
        return H5T_STD_U8LE;
    case PC_TEXT:
        return h5->text;
    }
    return -1;
}

hid_t pc_h5_memory_type(const pc_h5 *h5, pc_type type)
{
    switch (type) {
    case PC_F64:
        return H5T_NATIVE_DOUBLE;
    case PC_F32:
        return H5T_NATIVE_FLOAT;
    case PC_I64:
        return H5T_NATIVE_INT64;
    case PC_I32:
        return H5T_NATIVE_INT32;
    case PC_U8:
        return H5T_NATIVE_UINT8;
    case PC_TEXT:
        return h5->text;
    }
    return -1;
}

int pc_h5_find_type(pc_h5 *h5, hid_t type, const char *object, pc_type *found)
{
    H5T_class_t class = H5Tget_class(type);
    size_t size = H5Tget_size(type);

    if (class == H5T_FLOAT && (size == 8 || size == 4)) {
        *found = size == 8 ? PC_F64 : PC_F32;
    } else if (class == H5T_INTEGER && size == 1 && H5Tget_sign(type) == H5T_SGN_NONE) {
        *found = PC_U8;
    } else if (class == H5T_INTEGER && (size == 8 || size == 4) && H5Tget_sign(type) == H5T_SGN_2) {
        *found = size == 8 ? PC_I64 : PC_I32;
    } else if (class == H5T_STRING && H5Tis_variable_str(type) > 0) {
        *found = PC_TEXT;
    } else {
        return pc_h5_fail(h5, object, "has a type that no results file has");
    }
    return 0;
}

int pc_h5_put(pc_h5 *h5, hid_t object, const char *object_name, const char *attribute, hid_t file_type,
              hid_t memory_type, hid_t space, const void *value)
{
    hid_t id =
        H5Acreate2(object, attribute, file_type, space < 0 ? h5->scalar : space, h5->attribute_list, H5P_DEFAULT);
    int bad = pc_h5_bad(h5, id, "add an attribute to", object_name);

    if (!bad) {
        bad = pc_h5_bad(h5, H5Awrite(id, memory_type, value), "write an attribute of", object_name);
        bad |= pc_h5_bad(h5, H5Aclose(id), "close an attribute of", object_name);
    }
    return bad;
}

int pc_h5_put_text(pc_h5 *h5, hid_t object, const char *object_name, const char *attribute, const char *text)
{
    return pc_h5_put(h5, object, object_name, attribute, h5->text, h5->text, -1, &text);
}

int pc_h5_put_fixed(pc_h5 *h5, hid_t object, const char *object_name, const char *attribute, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    int bad = pc_h5_bad(h5, type, "make a type for", object_name);

    if (!bad) {
        bad = pc_h5_bad(h5, H5Tset_size(type, strlen(text) + 1), "make a type for", object_name) ||
              pc_h5_put(h5, object, object_name, attribute, type, type, -1, text);
        H5Tclose(type);
    }
    return bad;
}
