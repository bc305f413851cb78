/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpus.h"

#include <limits.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first one or two words of a file as numbers; "max" is infinite. Returns how many. */
static int read_numbers(const char *path, double out[2])
{
    FILE *file = fopen(path, "r");
    char words[2][64];
    int n = file ? fscanf(file, "%63s %63s", words[0], words[1]) : 0;

    if (file) {
        fclose(file);
    }
    n = n < 0 ? 0 : n;
    for (int i = 0; i < n; i++) {
        out[i] = strcmp(words[i], "max") == 0 ? (double)INFINITY : strtod(words[i], NULL);
    }
    return n;
}

/* The quota of one group's folder alone. */
static double quota_of(const char *folder, int version)
{
    char path[PATH_MAX + 32];
    double pair[2] = {INFINITY, 0}, period[2];

    if (version == 2) {
        snprintf(path, sizeof path, "%s/cpu.max", folder);
        return read_numbers(path, pair) == 2 && pair[0] > 0 && pair[1] > 0 ? pair[0] / pair[1] : (double)INFINITY;
    }
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (read_numbers(path, pair) < 1 || !(pair[0] > 0)) { /* -1: none */
        return INFINITY;
    }
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    return read_numbers(path, period) >= 1 && period[0] > 0 ? pair[0] / period[0] : (double)INFINITY;
}

/* The least quota from a group up to the root. Inside a container the path is often that outside, and only the root is
 * there. */
static double least_quota(const char *root, const char *group, int version)
{
    char folder[PATH_MAX];
    const size_t n_root = strlen(root);
    double least = INFINITY;

    if (snprintf(folder, sizeof folder, "%s%s", root, group) >= (int)sizeof folder) {
        return INFINITY;
    }
    for (;;) {
        char *slash;
        least = fmin(least, quota_of(folder, version));
        slash = strrchr(folder, '/');
        if (!slash || slash < folder + n_root) {
            return least;
        }
        *slash = 0;
    }
}

/* Whether a list "cpu,cpuacct" has the controller of processor time. */
static int has_cpu(const char *controllers)
{
    for (const char *at = controllers; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        if (strncmp(at, "cpu", 3) == 0 && (at[3] == 0 || at[3] == ',')) {
            return 1;
        }
    }
    return 0;
}

double pc_cpus_quota(const char *membership, const char *root)
{
    FILE *file = fopen(membership, "r");
    char line[PATH_MAX + 256];
    double least = INFINITY;

    while (file && fgets(line, sizeof line, file)) { /* ID:CONTROLLERS:GROUP */
        char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group) {
            continue;
        }
        *group++ = 0;
        controllers++;
        group[strcspn(group, "\n")] = 0;
        if (*controllers == 0) {
            least = fmin(least, least_quota(root, group, 2));
        } else if (has_cpu(controllers)) {
            char mount[PATH_MAX];
            snprintf(mount, sizeof mount, "%s/cpu", root);
            least = fmin(least, least_quota(mount, group, 1));
        }
    }
    if (file) {
        fclose(file);
    }
    return least;
}

int pc_cpus_threads(int asked)
{
    int n = omp_get_max_threads();

    if (asked > 0) {
        return asked;
    }
    if (!getenv("OMP_NUM_THREADS")) {
        double quota = ceil(pc_cpus_quota("/proc/self/cgroup", "/sys/fs/cgroup"));
        n = quota < n ? (int)quota : n;
    }
    return n > 1 ? n : 1;
}
