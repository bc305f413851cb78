/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves and loads a result set as one HDF5 file that is also a valid netCDF-4/CF file. Sixteen bytes after the end of
 * the HDF5 content hold a checksum of the whole file (safe_file.h): other readers don't see them, and a file that
 * another program has changed or repacked is no longer taken for ours. HDF5's error handler is put aside and back. Not
 * thread-safe: one call at a time. */
#ifndef PC_STORE_STORE_H
#define PC_STORE_STORE_H

#include "base/safe_file.h"
#include "base/status.h"
#include "results/results.h"

/* Writes `results` under a temporary name beside `path`, checks it, syncs it and renames it. Every HDF5 return is
 * checked. PC_ERR_WRITE with the path and the reason when it cannot; then nothing is left behind and an older file at
 * `path` is untouched; a symbolic link is followed, permissions are kept. The same results give the same bytes.
 * Dimensions that no dataset uses are not written. PC_ERR_FAIL when results->failed. Needs memory for the finished file
 * and, while verifying, for a second copy of the results. */
pc_code pc_store_save(const pc_results *results, const char *path, pc_status *status);
/* The same; without PC_SAFE_REPLACE in `how` PC_ERR_INPUT when there is a file at `path`. */
pc_code pc_store_save_as(const pc_results *results, const char *path, unsigned how, pc_status *status);
/* Loads a file written by pc_store_save; PC_ERR_INPUT with the path and the reason when it is not one
 * (NULL then). Release with pc_results_free. Groups come back parents first. */
pc_results *pc_store_load(const char *path, pc_status *status);

#endif
