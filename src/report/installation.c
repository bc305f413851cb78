/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/installation.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#ifndef PC_DATA_DIR
#define PC_DATA_DIR "/usr/share/poolcast"
#endif
#ifndef PC_SOURCE_DATA_DIR
#define PC_SOURCE_DATA_DIR PC_DATA_DIR
#endif

void pc_installation_versions(FILE *out)
{
    const char *smartcols = NULL;
    unsigned major = 0, minor = 0, release = 0;

    scols_get_library_version(&smartcols);
    fprintf(out, "compiler %s\nOpenMP %d\n", __VERSION__, _OPENMP);
    fprintf(out, "GSL %s\n", gsl_version);
    if (H5get_libversion(&major, &minor, &release) >= 0) {
        fprintf(out, "HDF5 %u.%u.%u\n", major, minor, release);
    }
    fprintf(out, "libyaml %s\nlibsmartcols %s\n", yaml_get_version_string(), smartcols ? smartcols : "unknown");
}

static int holds_scenarios(const char *folder)
{
    char probe[4096];
    int n = snprintf(probe, sizeof probe, "%s/scenarios/smoke/scenario.yaml", folder);

    return n > 0 && (size_t)n < sizeof probe && access(probe, R_OK) == 0;
}

const char *pc_installation_data_dir(char *path, size_t size)
{
    const char *given = getenv("POOLCAST_DATA");
    char program[3072];
    ssize_t n;

    if (given && *given) {
        snprintf(path, size, "%s", given);
        return path;
    }
    n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n > 0) {
        char *slash;
        program[n] = 0;
        slash = strrchr(program, '/');
        if (slash) {
            *slash = 0;
            snprintf(path, size, "%s/../share/poolcast", program);
            if (holds_scenarios(path)) {
                return path;
            }
        }
    }
    snprintf(path, size, "%s", holds_scenarios(PC_SOURCE_DATA_DIR) ? PC_SOURCE_DATA_DIR : PC_DATA_DIR);
    return path;
}
