/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that appears under its name whole or not at all: written under a temporary name in the same directory, closed
 * with a checksum, synced, renamed. The checksum is a trailer of 16 bytes after the content: 8 bytes of magic and the
 * 64-bit sum of the content, least significant byte first. HDF5 ignores what follows the end it has recorded. */
#ifndef PC_STORE_SAFE_FILE_H
#define PC_STORE_SAFE_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

/* A running sum. Any change of one byte changes it for certain, other damage but for one case in 2^64.
 * Start with `pc_sum sum = {0};`; the pieces' lengths don't matter. It detects accidents, not forgery. */
typedef struct pc_sum {
    uint64_t state, n_bytes;
    unsigned char pending[8]; /* n_bytes % 8 bytes that wait for a whole word */
} pc_sum;

void pc_sum_add(pc_sum *sum, const void *bytes, size_t n);
uint64_t pc_sum_value(const pc_sum *sum);

/* Start with `pc_safe_file file = {0};`. */
typedef struct pc_safe_file {
    char *path, *temporary; /* path: after following symbolic links */
    const char *name;       /* as the caller gave it, for messages */
    int fd, is_open, exists;
    int without_sum; /* set after opening: no trailer, for files that other programs read */
    pc_sum sum;
} pc_safe_file;

/* In this order; each fails with PC_ERR_WRITE, naming the path, the step and the reason. After a failure, and after
 * commit, call pc_safe_file_release, which removes a temporary file that is left. `path` must outlive the file. */
pc_code pc_safe_file_open(pc_safe_file *file, const char *path, pc_status *status);
pc_code pc_safe_file_write(pc_safe_file *file, const void *bytes, size_t n, pc_status *status);
pc_code pc_safe_file_close(pc_safe_file *file, pc_status *status);  /* appends the trailer, syncs, closes */
pc_code pc_safe_file_commit(pc_safe_file *file, pc_status *status); /* renames, syncs the directory */
void pc_safe_file_release(pc_safe_file *file);

/* The same for what is written through a stream: text, tables, pictures; without the trailer.
 * Start with `pc_safe_stream stream = {0};`, open, print to ->out, commit, and in every case release. Both fail with
 * PC_ERR_WRITE; a failed write on the way is seen by commit, and then nothing is left at `path` but what was there. */
typedef struct pc_safe_stream {
    pc_safe_file file;
    FILE *out;
    pc_status failure; /* the first failed write */
} pc_safe_stream;

pc_code pc_safe_stream_open(pc_safe_stream *stream, const char *path, pc_status *status);
pc_code pc_safe_stream_commit(pc_safe_stream *stream, pc_status *status);
void pc_safe_stream_release(pc_safe_stream *stream);

/* Reads the whole file and compares its sum with the trailer. PC_ERR_INPUT when it cannot be read, has no trailer or
 * does not agree with it. `name` is the path for messages. */
pc_code pc_safe_file_check(const char *path, const char *name, pc_status *status);

#endif
