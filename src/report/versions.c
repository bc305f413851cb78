/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/versions.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <libsmartcols/libsmartcols.h>
#include <yaml.h>

void pc_report_versions(FILE *out)
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
