/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every picture has: title, subtitle, axes with units, shaded years from the 2040s on, legend, line of sources. */
#ifndef PC_REPORT_PLOT_FRAME_H
#define PC_REPORT_PLOT_FRAME_H

#include "report/plot.h"
#include "report/plot/canvas.h"
#include "report/topics.h"

enum { PC_FRAME_MAX_LEGEND = 24 };

typedef struct pc_legend_entry {
    char text[160];
    uint32_t color;
    double opacity; /* of a band */
    int is_band, dash;
} pc_legend_entry;

typedef struct pc_frame {
    pc_canvas *canvas;
    const pc_view *view;
    const pc_plot_options *options;
    double width, height;
    double left, top, right, bottom; /* of the plot area */
    double x0, x1, y0, y1;           /* what its edges stand for */
    pc_legend_entry legend[PC_FRAME_MAX_LEGEND];
    int n_legend;
} pc_frame;

/* The plot area; `label_width` is room for the labels of the y axis, `has_legend` for a legend at the right. */
void pc_frame_start(pc_frame *frame, double label_width, int has_legend);
void pc_frame_title(pc_frame *frame, const char *title, const char *subtitle);
/* The x axis is years, with the shade; the y axis runs from a round number below `low` to one above `high`, with a line
 * at 0. Per cents: numbers are fractions, shown times 100. */
void pc_frame_year_axis(pc_frame *frame);
void pc_frame_y_axis(pc_frame *frame, double low, double high, int is_percent, const char *unit);
/* Where a value stands. */
double pc_frame_x(const pc_frame *frame, double x);
double pc_frame_y(const pc_frame *frame, double y);
/* A line or band over the years of the view. */
void pc_frame_line(pc_frame *frame, const double *values, uint32_t color, double width, int dash);
void pc_frame_band(pc_frame *frame, const double *low, const double *high, uint32_t color, double opacity);
void pc_frame_legend(pc_frame *frame, int is_band, uint32_t color, double opacity, int dash, const char *text);
/* Legend, note and sources; `note` may be "". */
void pc_frame_end(pc_frame *frame, const char *note);
/* A step of 1, 2 or 5 times a power of ten that makes about n steps from low to high. */
double pc_round_step(double low, double high, int n);

#endif
