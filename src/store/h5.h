/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thin checked wrapper round HDF5: every return goes through pc_h5_bad, which turns a failure into a message with the
 * file, the step, the object and HDF5's own words. Functions here return 0, or nonzero after a failure. */
#ifndef PC_STORE_H5_H
#define PC_STORE_H5_H

#include <hdf5.h>

#include "base/status.h"
#include "results/results.h"

/* Start with pc_h5_open, end with pc_h5_close; `name` is the file's path for messages. */
typedef struct pc_h5 {
    const char *name;
    pc_code on_failure, code; /* what a failure is called; what has happened */
    pc_status *status;
    hid_t text;           /* variable-length UTF-8 */
    hid_t scalar;         /* dataspace of one value */
    hid_t attribute_list; /* attribute creation: UTF-8 names */
} pc_h5;

int pc_h5_open(pc_h5 *h5, const char *name, pc_code on_failure, pc_status *status);
void pc_h5_close(pc_h5 *h5);

/* Nonzero when `result`, what an HDF5 call has returned, is negative. Call at once, while HDF5's error stack is fresh.
 */
int pc_h5_bad(pc_h5 *h5, int64_t result, const char *step, const char *object);
/* A failure found by us; always nonzero. */
int pc_h5_fail(pc_h5 *h5, const char *object, const char *what);
int pc_h5_fail_memory(pc_h5 *h5);

/* Types in the file (little-endian) and in memory. */
hid_t pc_h5_file_type(const pc_h5 *h5, pc_type type);
hid_t pc_h5_memory_type(const pc_h5 *h5, pc_type type);
/* The pc_type of a type found in a file; nonzero when it is none of ours. */
int pc_h5_find_type(pc_h5 *h5, hid_t type, const char *object, pc_type *found);

/* Writes an attribute; space < 0: a scalar. */
int pc_h5_put(pc_h5 *h5, hid_t object, const char *object_name, const char *attribute, hid_t file_type,
              hid_t memory_type, hid_t space, const void *value);
int pc_h5_put_text(pc_h5 *h5, hid_t object, const char *object_name, const char *attribute, const char *text);
/* A text of fixed length with its NUL, as the dimension scale specification asks for CLASS and NAME. */
int pc_h5_put_fixed(pc_h5 *h5, hid_t object, const char *object_name, const char *attribute, const char *text);

#endif
