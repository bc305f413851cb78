/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compiler and the libraries of this build. */
#ifndef PC_REPORT_VERSIONS_H
#define PC_REPORT_VERSIONS_H

#include <stdio.h>

/* One line each: name and version. */
void pc_report_versions(FILE *out);

#endif
