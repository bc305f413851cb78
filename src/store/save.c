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
#include "store/save_inner.h"
#include "store/store.h"

enum { IMAGE_STEP = 1 << 20 };

/* Creation list of what holds links, n of them. Their number is known: a group that needs trees has them from its first
 * link, since HDF5 takes a link out of a full header in time that grows with the number left. */
static int set_group_list(pc_h5 *h5, hid_t list, size_t n_links, const char *name)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    const unsigned most = n_links > PC_SAVE_MAX_COMPACT ? 0 : PC_SAVE_MAX_COMPACT;

    return pc_save_object_list(h5, list, name) ||
           pc_h5_bad(h5, H5Pset_link_creation_order(list, order), "track links of", name) ||
           pc_h5_bad(h5, H5Pset_link_phase_change(list, most, most ? PC_SAVE_MIN_DENSE : 0), "lay out", name);
}

static int put_group_attributes(pc_writer *w, const pc_group *group, hid_t id)
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

static int put_dataset(pc_writer *w, pc_room *r, int i)
{
    const pc_dataset *dataset = r->group->datasets[i];
    pc_scale *own = pc_save_own_scale(r, dataset);
    hid_t id = pc_save_data(w, r, dataset->name, dataset->type, dataset->rank, dataset->dims, dataset->data);

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
    return pc_save_attributes(w, dataset, id, own != NULL);
}

/* Whether `path` is a group directly below the group. */
static int is_child(const pc_group *group, const char *path)
{
    size_t n = strlen(group->path);

    return strncmp(path, group->path, n) == 0 && path[n] && (n == 0 || path[n] == '/') &&
           !strchr(path + n + (n > 0), '/');
}

/* Links that a group will have, at most: its datasets, the dimensions that they use and the groups below it. */
static size_t count_links(const pc_writer *w, const pc_group *group)
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
static hid_t make_group(pc_writer *w, const pc_group *group)
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

static int put_group(pc_writer *w, const pc_group *group)
{
    pc_room r = {.group = group, .id = -1};
    int bad;

    r.id = make_group(w, group);
    bad = r.id < 0 || put_group_attributes(w, group, r.id) || pc_save_list_scales(w, &r);
    for (int i = 0; i < r.n_scales && !bad; i++) {
        bad = pc_save_scale(w, &r, r.scales + i);
    }
    for (int i = 0; i < group->n_datasets && !bad; i++) {
        bad = put_dataset(w, &r, i);
    }
    bad = bad || pc_save_attach_scales(w, &r);
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
static int put_tree(pc_writer *w, const pc_group *group)
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
static int put_file(pc_writer *w, pc_safe_file *out)
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
    pc_writer w = {.results = results, .file = -1, .link_list = -1};
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
