/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a scenario: scenario.yaml and its tables, read once, from a folder or from memory (a results file
 * carries them), each with its SHA-256. */
#ifndef PC_SCENARIO_FILES_H
#define PC_SCENARIO_FILES_H

#include <stddef.h>

#include "base/status.h"

typedef struct pc_file {
    char *name;  /* as written in the scenario, relative to the folder */
    char *shown; /* as shown in messages: folder/name */
    char *text;  /* bytes, NUL added after them */
    size_t size;
    char sha256[65];
} pc_file;

typedef struct pc_files pc_files;

/* `path`: a folder with scenario.yaml, or the YAML file itself. */
pc_files *pc_files_open(const char *path, pc_status *status);
/* No folder: only what is put in with pc_files_put. */
pc_files *pc_files_memory(void);
pc_code pc_files_put(pc_files *files, const char *name, const char *text, size_t size, pc_status *status);
/* The same, shown in messages as `shown`. */
pc_code pc_files_put_shown(pc_files *files, const char *name, const char *shown, const char *text, size_t size,
                           pc_status *status);
/* The file of that name, read on first use; NULL and a status (PC_ERR_INPUT) when it is missing or unreadable. Names
 * may not leave the folder by an absolute path or ".." components beyond one level (policies/ may be shared:
 * "../policies/x.yaml"). */
const pc_file *pc_files_get(const pc_files *files, const char *name, pc_status *status);
/* The folder the files are read from; NULL when they are in memory only. */
const char *pc_files_folder(const pc_files *files);
/* All files used so far, in order of first use; the first is the scenario's YAML ("scenario.yaml"). */
size_t pc_files_count(const pc_files *files);
const pc_file *pc_files_at(const pc_files *files, size_t index);
void pc_files_free(pc_files *files);

#endif
