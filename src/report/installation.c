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
#ifndef PC_LOCALE_DIR
#define PC_LOCALE_DIR "/usr/share/locale"
#endif
#ifndef PC_BUILD_LOCALE_DIR
#define PC_BUILD_LOCALE_DIR PC_LOCALE_DIR
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

/* 1 when `folder`/`file` can be read. */
static int holds(const char *folder, const char *file)
{
    char probe[4096];
    int n = snprintf(probe, sizeof probe, "%s/%s", folder, file);

    return n > 0 && (size_t)n < sizeof probe && access(probe, R_OK) == 0;
}

/* ../share/NAME beside the running program when it holds `file`; else the build's folder, else the installation's. */
static const char *find_folder(char *path, size_t size, const char *name, const char *file, const char *of_build,
                               const char *of_installation)
{
    char program[3072];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);

    if (n > 0) {
        char *slash;
        program[n] = 0;
        slash = strrchr(program, '/');
        if (slash) {
            *slash = 0;
            snprintf(path, size, "%s/../share/%s", program, name);
            if (holds(path, file)) {
                return path;
            }
        }
    }
    snprintf(path, size, "%s", holds(of_build, file) ? of_build : of_installation);
    return path;
}

const char *pc_installation_data_dir(char *path, size_t size)
{
    const char *given = getenv("POOLCAST_DATA");

    if (given && *given) {
        snprintf(path, size, "%s", given);
        return path;
    }
    return find_folder(path, size, "poolcast", "scenarios/smoke/scenario.yaml", PC_SOURCE_DATA_DIR, PC_DATA_DIR);
}

const char *pc_installation_locale_dir(char *path, size_t size)
{
    return find_folder(path, size, "locale", "zh_CN/LC_MESSAGES/poolcast.mo", PC_BUILD_LOCALE_DIR, PC_LOCALE_DIR);
}
