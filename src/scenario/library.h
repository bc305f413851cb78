/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of files shared by scenarios, beside theirs: ../policies, ../stresses. */
#ifndef PC_SCENARIO_LIBRARY_H
#define PC_SCENARIO_LIBRARY_H

#include "base/memory.h"
#include "scenario/files.h"

enum { PC_LIBRARY_NAME = 100 };

/* The names of the YAML files of a folder, "../policies/", without their ending and in alphabetical order, added to
 * names[n..room-1]; the new number. None where the scenario is not in a folder. Owned by the arena. */
int pc_library_names(const pc_files *files, const char *library, pc_arena *arena, const char **names, int n, int room);
/* Whether a name can be one of a library: it must stay inside the folder. */
int pc_library_may_have(const char *name);

#endif
