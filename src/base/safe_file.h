/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that appears under its name whole or not at all: written under a temporary name in the same directory, closed
 * with a checksum, synced, renamed, the directory synced. The checksum is a trailer of 16 bytes after the content: 8
 * bytes of magic and the 64-bit sum of the content, least significant byte first. HDF5 ignores what follows the end it
 * has recorded. A temporary file is locked while its writer lives: one that a killed process has left is removed when
 * the same file is written again. */
#ifndef PC_BASE_SAFE_FILE_H
#define PC_BASE_SAFE_FILE_H

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

enum {
    PC_SAFE_REPLACE = 1, /* may take the place of an existing file */
    PC_SAFE_PLAIN = 2    /* no trailer: for texts and formats of others */
};

/* Start with `pc_safe_file file = {0};`. */
typedef struct pc_safe_file {
    char *path, *temporary; /* path: after following symbolic links */
    const char *name;       /* as the caller gave it, for messages */
    int fd, is_open, exists;
    int lock, has_lock; /* a second descriptor, which holds the lock until release */
    unsigned how;
    pc_sum sum;
} pc_safe_file;

/* In this order; each fails with PC_ERR_WRITE, naming the path, the step and the reason, and open and commit with
 * PC_ERR_INPUT where a file exists that may not be replaced. After a failure, and after commit, call
 * pc_safe_file_release, which removes a temporary file that is left. `path` must outlive the file. Instead of
 * pc_safe_file_write another library may write to file->temporary (PC_SAFE_PLAIN only) and close it. */
pc_code pc_safe_file_open(pc_safe_file *file, const char *path, unsigned how, pc_status *status);
pc_code pc_safe_file_write(pc_safe_file *file, const void *bytes, size_t n, pc_status *status);
pc_code pc_safe_file_close(pc_safe_file *file, pc_status *status);  /* appends the trailer, syncs, closes */
pc_code pc_safe_file_commit(pc_safe_file *file, pc_status *status); /* renames, syncs the directory */
void pc_safe_file_release(pc_safe_file *file);

/* The same for what is written through a stream: text, tables, pictures; without the trailer.
 * Start with `pc_safe_stream stream = {0};`, open, print to ->out, commit, and in every case release. `how` is 0
 * or PC_SAFE_REPLACE. Both fail as above; a failed write on the way is seen by commit, and then nothing is left at
 * `path` but what was there. */
typedef struct pc_safe_stream {
    pc_safe_file file;
    FILE *out;
    pc_status failure; /* the first failed write */
} pc_safe_stream;

pc_code pc_safe_stream_open(pc_safe_stream *stream, const char *path, unsigned how, pc_status *status);
pc_code pc_safe_stream_commit(pc_safe_stream *stream, pc_status *status);
void pc_safe_stream_release(pc_safe_stream *stream);

/* All of them: n bytes become the file `path`. */
pc_code pc_safe_file_put(const char *path, unsigned how, const void *bytes, size_t n, pc_status *status);

/* Before the work, not after it: PC_ERR_WRITE when no file of that name can be made, PC_ERR_INPUT when there is one
 * that may not be replaced. Leaves nothing behind. */
pc_code pc_safe_file_probe(const char *path, unsigned how, pc_status *status);

/* Reads the whole file and compares its sum with the trailer. PC_ERR_INPUT when it cannot be read, has no trailer or
 * does not agree with it. `name` is the path for messages. */
pc_code pc_safe_file_check(const char *path, const char *name, pc_status *status);

#endif
