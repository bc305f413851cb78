/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing on SVG, PNG or PDF: lines, areas, text. Lengths are pixels of 1/96 inch, y runs downwards. */
#ifndef PC_REPORT_PLOT_CANVAS_H
#define PC_REPORT_PLOT_CANVAS_H

#include <stdint.h>

#include "base/status.h"
#include "base/safe_file.h"

typedef struct pc_canvas pc_canvas;

/* PC_ERR_INPUT when the ending of `path` is not .svg, .png or .pdf. */
pc_code pc_canvas_check_ending(const char *path, pc_status *status);
/* A white page of width x height; NULL after a failure. */
pc_canvas *pc_canvas_open(const char *path, double width, double height, pc_status *status);
/* Ends the drawing and puts the file in its place. */
pc_code pc_canvas_commit(pc_canvas *canvas, pc_status *status);
/* In every case; NULL is allowed. */
void pc_canvas_free(pc_canvas *canvas);

/* Colour (0xRRGGBB) and opacity of what follows. */
void pc_canvas_color(pc_canvas *canvas, uint32_t color, double opacity);
/* dash 0: solid, else one of the patterns 1 .. 3. */
void pc_canvas_line(pc_canvas *canvas, double x0, double y0, double x1, double y1, double width, int dash);
/* A line through n points; a point that is not finite breaks it. */
void pc_canvas_path(pc_canvas *canvas, int n, const double *x, const double *y, double width, int dash);
/* The area between two lines over the same x; where one is not finite there is a gap. */
void pc_canvas_band(pc_canvas *canvas, int n, const double *x, const double *low, const double *high);
void pc_canvas_box(pc_canvas *canvas, double x, double y, double width, double height);
/* Drawing is confined to the rectangle until pc_canvas_unclip. */
void pc_canvas_clip(pc_canvas *canvas, double x, double y, double width, double height);
void pc_canvas_unclip(pc_canvas *canvas);

typedef struct pc_text_style {
    double size; /* pixels */
    int bold;
    double h, v;  /* what of the text stands at the point: 0 left/top, 0.5 middle, 1 right/bottom */
    double width; /* lines are broken there; 0: never */
    int upright;  /* turned by a quarter, reading upwards */
} pc_text_style;

/* Writes UTF-8 text at a point, returns its height. */
double pc_canvas_text(pc_canvas *canvas, double x, double y, const pc_text_style *style, const char *text);
/* Width that the text would take. */
double pc_canvas_text_width(pc_canvas *canvas, const pc_text_style *style, const char *text);

#endif
