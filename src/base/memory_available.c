/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory is free. Linux tells in files; elsewhere only the limit of address space is known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/memory.h"

/* The number after `key` in a file of lines "key number"; without key, the file's first. `standard` where there is
 * none, as in "max". */
static uint64_t number_in(const char *path, const char *key, uint64_t standard)
{
    char line[256];
    FILE *file = fopen(path, "re");
    size_t n = key ? strlen(key) : 0;

    while (file && fgets(line, sizeof line, file)) {
        char *end;
        unsigned long long number;
        if (key && (strncmp(line, key, n) != 0 || !strchr(": \t", line[n]))) {
            continue;
        }
        number = strtoull(line + n + (key ? strspn(line + n, ": \t") : 0), &end, 10);
        if (end != line + n) {
            standard = number;
        }
        break;
    }
    if (file) {
        fclose(file);
    }
    return standard;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What a control group has left; memory that holds files which can be read again counts as free. */
static uint64_t left_in(const char *folder, const char *limit_name, const char *used_name, const char *file_key)
{
    char path[4300];
    uint64_t limit, used, files;

    snprintf(path, sizeof path, "%s/%s", folder, limit_name);
    limit = number_in(path, NULL, UINT64_MAX);
    if (limit >= UINT64_MAX / 4) {
        return UINT64_MAX;
    }
    snprintf(path, sizeof path, "%s/%s", folder, used_name);
    used = number_in(path, NULL, 0);
    snprintf(path, sizeof path, "%s/memory.stat", folder);
    files = number_in(path, file_key, 0);
    used = used > files ? used - files : 0;
    return limit > used ? limit - used : 0;
}

/* The process's group and those above it. A container often sees its own group as the root. */
static uint64_t left_in_groups(void)
{
    char line[4096], folder[4200];
    uint64_t left = UINT64_MAX;
    FILE *file = fopen("/proc/self/cgroup", "re");

    while (file && fgets(line, sizeof line, file)) {
        char *path = strrchr(line, ':');
        const int is_second = strncmp(line, "0::", 3) == 0;
        if (!path || (!is_second && !strstr(line, ":memory:"))) {
            continue;
        }
        path++;
        path[strcspn(path, "\n")] = 0;
        for (char *slash = path + strlen(path); slash; slash = strrchr(path, '/')) {
            *slash = 0;
            snprintf(folder, sizeof folder, "/sys/fs/cgroup%s%s", is_second ? "" : "/memory", path);
            left = least(left, is_second ? left_in(folder, "memory.max", "memory.current", "inactive_file")
                                         : left_in(folder, "memory.limit_in_bytes", "memory.usage_in_bytes",
                                                   "total_inactive_file"));
        }
    }
    if (file) {
        fclose(file);
    }
    return left;
}

uint64_t pc_memory_available(void)
{
    uint64_t kilobytes = number_in("/proc/meminfo", "MemAvailable", UINT64_MAX);
    uint64_t left = least(kilobytes < UINT64_MAX / 1024 ? kilobytes * 1024 : UINT64_MAX, left_in_groups());
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        uint64_t used = number_in("/proc/self/status", "VmSize", 0) * 1024;
        left = least(left, limit.rlim_cur > used ? limit.rlim_cur - used : 0);
    }
    return left;
}
