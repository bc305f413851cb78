/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures. */
#ifndef PC_REPORT_PLOT_PICTURES_H
#define PC_REPORT_PLOT_PICTURES_H

#include "report/plot/frame.h"

/* What a picture is of, with all choices made. */
typedef struct pc_picture {
    pc_frame frame;
    pc_view view;
    const pc_plot_options *options;
    const char *policy; /* NULL: all */
    const char *scheme;
    int area, year;
} pc_picture;

/* A fan of quantiles of one measure: bands 5-95 and 25-75 %, median, central path. */
pc_code pc_picture_fan(pc_picture *picture, const char *name, pc_status *status);
/* Lines of one measure, a policy each, with bands of two standard errors. */
pc_code pc_picture_lines(pc_picture *picture, const char *name, pc_status *status);
/* Chances of few months of reserve, a line for each bound, of one policy. */
pc_code pc_picture_warning(pc_picture *picture, const char *name, pc_status *status);
pc_code pc_picture_heat(pc_picture *picture, const char *name, pc_status *status);
pc_code pc_picture_first(pc_picture *picture, const char *name, pc_status *status);
/* Bars of one measure by region in one year, with two standard errors. */
pc_code pc_picture_bars(pc_picture *picture, const char *name, pc_status *status);
pc_code pc_picture_treasury(pc_picture *picture, const char *name, pc_status *status);

/* PC_ERR_INPUT: the file does not have this measure for these choices. */
pc_code pc_picture_lacks(const pc_picture *picture, const char *name, pc_status *status);

#endif
