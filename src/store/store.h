/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves and loads a result set as one HDF5 file that is also a valid netCDF-4/CF file. */
#ifndef PC_STORE_STORE_H
#define PC_STORE_STORE_H

#include "base/status.h"
#include "results/results.h"

/* Writes `results` under a temporary name beside `path`, checks it, syncs it and renames it. Every HDF5 return is
 * checked. PC_ERR_WRITE with the path and the reason when it cannot; then nothing is left behind and an older file at
 * `path` is untouched. The same results give the same bytes. */
pc_code pc_store_save(const pc_results *results, const char *path, pc_status *status);
/* Loads a file written by pc_store_save; PC_ERR_INPUT with the path and the reason when it is not one. */
pc_results *pc_store_load(const char *path, pc_status *status);

#endif
