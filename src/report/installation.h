/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this build consists of, and where its data lie. */
#ifndef PC_REPORT_INSTALLATION_H
#define PC_REPORT_INSTALLATION_H

#include <stddef.h>
#include <stdio.h>

/* The compiler and the libraries: one line each, name and version. */
void pc_installation_versions(FILE *out);
/* Writes into `path` the folder that holds scenarios/: POOLCAST_DATA from the environment, else ../share/poolcast
 * beside the running program, else the source tree of the build, else the installation's. The last is given even where
 * it does not exist. Returns path. */
const char *pc_installation_data_dir(char *path, size_t size);
/* The same for the catalogues of translations (LANGUAGE/LC_MESSAGES/poolcast.mo): ../share/locale beside the running
 * program, else the build's, else the installation's. */
const char *pc_installation_locale_dir(char *path, size_t size);

#endif
