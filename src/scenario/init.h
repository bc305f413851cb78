/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A starter scenario for a user's own regions. */
#ifndef PC_SCENARIO_INIT_H
#define PC_SCENARIO_INIT_H

#include "base/status.h"

/* Writes scenario.yaml (with every key explained) and its tables into `dir`, which is made, or must be empty: nothing
 * is ever overwritten. The tables come from DATA_DIR/scenarios/smoke; with `accounts_csv` (NULL: none) the user's own
 * accounts, in the columns of regions.csv, become regions.csv. Everything is read and checked before the first file is
 * written. Errors: PC_ERR_INPUT for bad accounts or a folder that is in use, PC_ERR_WRITE when writing fails (what was
 * written is taken away again), PC_ERR_FAIL for a damaged installation. */
pc_code pc_scenario_init(const char *dir, const char *accounts_csv, const char *data_dir, pc_status *status);

#endif
