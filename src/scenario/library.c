/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/library.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char ending[] = ".yaml";

static int alphabetic(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int pc_library_names(const pc_files *files, const char *library, pc_arena *arena, const char **names, int n, int room)
{
    const char *folder = pc_files_folder(files);
    const char *path = folder ? pc_arena_printf(arena, "%s/%s", folder, library) : NULL;
    DIR *open = path ? opendir(path) : NULL;
    const struct dirent *entry;
    const int before = n;

    while (open && n < room && (entry = readdir(open))) {
        const size_t length = strlen(entry->d_name), cut = sizeof ending - 1;
        if (length > cut && strcmp(entry->d_name + length - cut, ending) == 0) {
            const char *name = pc_arena_printf(arena, "%.*s", (int)(length - cut), entry->d_name);
            if (name) {
                names[n++] = name;
            }
        }
    }
    if (open) {
        closedir(open);
    }
    qsort(names + before, (size_t)(n - before), sizeof *names, alphabetic); /* folders have no order */
    return n;
}

int pc_library_may_have(const char *name)
{
    for (const char *c = name; *c; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-' && (unsigned char)*c < 0x80) {
            return 0;
        }
    }
    return *name && strlen(name) <= PC_LIBRARY_NAME;
}
