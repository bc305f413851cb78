/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single pictures of a results file, for papers and slides. */
#ifndef PC_REPORT_PLOT_H
#define PC_REPORT_PLOT_H

#include "base/status.h"
#include "results/results.h"

typedef struct pc_plot_options {
    const char *what;   /* name of a picture, see pc_plot_kinds */
    const char *policy; /* NULL: all of them, or where a picture shows one: the baseline (winners: the first other) */
    const char *scheme; /* NULL: employee */
    const char *region; /* id, name or English name; NULL: the whole */
    int year;           /* 0: 2040, or the nearest year of the run; only for pictures of one year */
    int width, height;  /* pixels of 1/96 inch; 0: 960 by 600 */
    const char *file;   /* name of the results file, for the line of sources; NULL: none */
} pc_plot_options;

typedef struct pc_plot_kind {
    const char *name, *summary; /* summary: untranslated */
} pc_plot_kind;

extern const pc_plot_kind pc_plot_kinds[];
extern const int pc_n_plot_kinds;

/* Draws to `path`, whose ending says the format: .svg, .png (twice the pixels) or .pdf. Texts in the language of the
 * interface, letters as outlines, so that the picture needs no fonts where it is shown. The file appears whole or not
 * at all. PC_ERR_INPUT for unknown names, an ending that is none of these, and what the file does not have;
 * PC_ERR_WRITE; PC_ERR_FAIL when no installed font has a letter that is needed. */
pc_code pc_plot(const pc_results *results, const char *path, const pc_plot_options *options, pc_status *status);

#endif
