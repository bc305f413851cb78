/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading. The checksum of the whole file is compared before HDF5 sees it: HDF5 1.10 is not built to survive damaged
 * metadata, and contiguous data and texts carry no checksum of their own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/safe_file.h"
#include "store/load_inner.h"
#include "store/store.h"

/* A file that our own writer has made stays far below these; one that an enemy has made must not take all memory or
 * time. gzip packs at most 1032 to 1. */
enum { MAX_DEPTH = 16, MAX_OBJECTS = 100000, MOST_PACKED = 1032, SPARE_BYTES = 1 << 20 };

/* The links of a group in the order in which they were made. */
typedef struct link {
    char *name;
    pc_look dataset; /* its id is that of a group too */
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

static int get_group(pc_reader *r, hid_t group, const char *path);

static int get_child(const pc_reader *r, hid_t id, const char *name, pc_code *code)
{
    size_t n = strlen(r->path);
    char *path = malloc(n + strlen(name) + 2);
    pc_reader below = *r;
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
static int open_link(pc_reader *r, link *l)
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
    return !l->is_group && pc_load_look(r, &l->dataset, l->name);
}

/* Dimensions first, then datasets, then the groups of the group, each in the order of their links. */
static int get_group(pc_reader *r, hid_t group, const char *path)
{
    links found = {NULL, 0, 0};
    H5G_info_t about;
    int bad;

    r->path = path;
    r->group = group;
    if (!pc_results_group(r->results, path)) {
        return 1;
    }
    bad = pc_h5_bad(&r->h5, H5Gget_info(group, &about), "read group", path) ||
          pc_load_attributes(r, group, NULL, NULL, NULL);
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
        bad = (!l->is_group && pc_load_dataset(r, &l->dataset, l->name)) || r->results->failed;
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
    pc_spent spent_here = {0};
    pc_reader r = {.path = "", .group = -1, .spent = &spent_here};
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
