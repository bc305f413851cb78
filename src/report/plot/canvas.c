/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/plot/canvas.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>

typedef enum picture_format { SVG, PNG, PDF, N_FORMATS } picture_format;

static const char *const endings[N_FORMATS] = {".svg", ".png", ".pdf"};
static const double png_scale = 2, pdf_scale = 0.75; /* PDF counts points of 1/72 inch */

struct pc_canvas {
    picture_format format;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout;
    pc_safe_file file;
    pc_status failure; /* of a write */
    char missing[256]; /* a text for which no font has letters */
};

static int format_of(const char *path)
{
    size_t length = strlen(path);

    for (int f = 0; f < N_FORMATS; f++) {
        if (length > 4 && strcasecmp(path + length - 4, endings[f]) == 0) {
            return f;
        }
    }
    return -1;
}

pc_code pc_canvas_check_ending(const char *path, pc_status *status)
{
    return format_of(path) >= 0
               ? PC_OK
               : pc_fail(status, PC_ERR_INPUT, "picture '%s': allowed endings are .svg, .png and .pdf", path);
}

static cairo_status_t put(void *closure, const unsigned char *bytes, unsigned int n)
{
    pc_canvas *canvas = closure;

    return pc_safe_file_write(&canvas->file, bytes, n, &canvas->failure) ? CAIRO_STATUS_WRITE_ERROR
                                                                         : CAIRO_STATUS_SUCCESS;
}

pc_canvas *pc_canvas_open(const char *path, double width, double height, pc_status *status)
{
    pc_canvas *canvas = calloc(1, sizeof *canvas);

    if (!canvas) {
        pc_fail(status, PC_ERR_FAIL, "no memory for a picture");
        return NULL;
    }
    canvas->file.fd = -1;
    if (pc_canvas_check_ending(path, status) ||
        pc_safe_file_open(&canvas->file, path, PC_SAFE_REPLACE | PC_SAFE_PLAIN, status)) {
        pc_canvas_free(canvas);
        return NULL;
    }
    canvas->format = (picture_format)format_of(path);
    if (canvas->format == SVG) {
        canvas->surface = cairo_svg_surface_create_for_stream(put, canvas, width, height);
        cairo_svg_surface_set_document_unit(canvas->surface, CAIRO_SVG_UNIT_PX);
    } else if (canvas->format == PDF) {
        canvas->surface = cairo_pdf_surface_create_for_stream(put, canvas, pdf_scale * width, pdf_scale * height);
    } else {
        canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(png_scale * width),
                                                     (int)lround(png_scale * height));
    }
    canvas->cairo = cairo_create(canvas->surface);
    if (cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS) {
        pc_fail(status, PC_ERR_FAIL, "%s: cannot draw: %s", path, cairo_status_to_string(cairo_status(canvas->cairo)));
        pc_canvas_free(canvas);
        return NULL;
    }
    if (canvas->format != SVG) {
        double scale = canvas->format == PNG ? png_scale : pdf_scale;
        cairo_scale(canvas->cairo, scale, scale);
    }
    canvas->layout = pango_cairo_create_layout(canvas->cairo);
    pango_cairo_context_set_resolution(pango_layout_get_context(canvas->layout), 96);
    pc_canvas_color(canvas, 0xFFFFFF, 1);
    cairo_paint(canvas->cairo);
    return canvas;
}

pc_code pc_canvas_commit(pc_canvas *canvas, pc_status *status)
{
    cairo_status_t drawn = cairo_status(canvas->cairo);
    pc_code code;

    if (canvas->missing[0]) {
        return pc_fail(status, PC_ERR_FAIL,
                       "no installed font has the letters of '%s'; a package of Chinese fonts has them "
                       "(Debian: fonts-wqy-microhei)",
                       canvas->missing);
    }
    if (!drawn && canvas->format == PNG) {
        drawn = cairo_surface_write_to_png_stream(canvas->surface, put, canvas);
    }
    cairo_surface_finish(canvas->surface);
    drawn = drawn ? drawn : cairo_surface_status(canvas->surface);
    if (canvas->failure.code) {
        return pc_fail(status, PC_ERR_WRITE, "%s", canvas->failure.message);
    }
    if (drawn) {
        return pc_fail(status, PC_ERR_FAIL, "%s: cannot draw: %s", canvas->file.name, cairo_status_to_string(drawn));
    }
    code = pc_safe_file_close(&canvas->file, status);
    return code ? code : pc_safe_file_commit(&canvas->file, status);
}

void pc_canvas_free(pc_canvas *canvas)
{
    if (!canvas) {
        return;
    }
    if (canvas->layout) {
        g_object_unref(canvas->layout);
    }
    if (canvas->cairo) {
        cairo_destroy(canvas->cairo);
    }
    if (canvas->surface) {
        cairo_surface_destroy(canvas->surface);
    }
    pc_safe_file_release(&canvas->file);
    free(canvas);
}

void pc_canvas_color(pc_canvas *canvas, uint32_t color, double opacity)
{
    cairo_set_source_rgba(canvas->cairo, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0, (color & 255) / 255.0,
                          opacity);
}

static void stroke(pc_canvas *canvas, double width, int dash)
{
    static const double patterns[][4] = {{7, 4, 7, 4}, {1.5, 3.5, 1.5, 3.5}, {9, 3, 2, 3}};

    cairo_set_line_width(canvas->cairo, width);
    cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(canvas->cairo, dash ? patterns[(dash - 1) % 3] : NULL, dash ? 4 : 0, 0);
    cairo_stroke(canvas->cairo);
}

void pc_canvas_line(pc_canvas *canvas, double x0, double y0, double x1, double y1, double width, int dash)
{
    cairo_move_to(canvas->cairo, x0, y0);
    cairo_line_to(canvas->cairo, x1, y1);
    stroke(canvas, width, dash);
}

void pc_canvas_path(pc_canvas *canvas, int n, const double *x, const double *y, double width, int dash)
{
    int in_line = 0;

    for (int i = 0; i < n; i++) {
        if (!isfinite(y[i])) {
            in_line = 0;
        } else if (in_line++) {
            cairo_line_to(canvas->cairo, x[i], y[i]);
        } else {
            cairo_move_to(canvas->cairo, x[i], y[i]);
        }
    }
    stroke(canvas, width, dash);
}

void pc_canvas_band(pc_canvas *canvas, int n, const double *x, const double *low, const double *high)
{
    for (int first = 0, last; first < n; first = last) {
        while (first < n && !(isfinite(low[first]) && isfinite(high[first]))) {
            first++;
        }
        for (last = first; last < n && isfinite(low[last]) && isfinite(high[last]);) {
            last++;
        }
        for (int i = first; i < last; i++) {
            cairo_line_to(canvas->cairo, x[i], low[i]);
        }
        for (int i = last - 1; i >= first; i--) {
            cairo_line_to(canvas->cairo, x[i], high[i]);
        }
        if (last > first) {
            cairo_close_path(canvas->cairo);
            cairo_fill(canvas->cairo);
        }
    }
}

void pc_canvas_box(pc_canvas *canvas, double x, double y, double width, double height)
{
    cairo_rectangle(canvas->cairo, x, y, width, height);
    cairo_fill(canvas->cairo);
}

void pc_canvas_clip(pc_canvas *canvas, double x, double y, double width, double height)
{
    cairo_save(canvas->cairo);
    cairo_rectangle(canvas->cairo, x, y, width, height);
    cairo_clip(canvas->cairo);
}

void pc_canvas_unclip(pc_canvas *canvas)
{
    cairo_restore(canvas->cairo);
}

static void set_text(pc_canvas *canvas, const pc_text_style *style, const char *text, int *width, int *height)
{
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(font, "sans-serif");
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(canvas->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(canvas->layout, style->width > 0 ? (int)(style->width * PANGO_SCALE) : -1);
    pango_layout_set_wrap(canvas->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(canvas->layout, style->h > 0.9   ? PANGO_ALIGN_RIGHT
                                               : style->h > 0.1 ? PANGO_ALIGN_CENTER
                                                                : PANGO_ALIGN_LEFT);
    pango_layout_set_text(canvas->layout, text, -1);
    pango_layout_get_pixel_size(canvas->layout, width, height);
    if (pango_layout_get_unknown_glyphs_count(canvas->layout) > 0 && !canvas->missing[0]) {
        strncpy(canvas->missing, text, sizeof canvas->missing - 1);
    }
}

double pc_canvas_text(pc_canvas *canvas, double x, double y, const pc_text_style *style, const char *text)
{
    int width, height;

    set_text(canvas, style, text, &width, &height);
    if (style->width > 0) {
        width = (int)style->width; /* aligned inside of it */
    }
    cairo_save(canvas->cairo);
    cairo_move_to(canvas->cairo, x, y);
    if (style->upright) {
        cairo_rotate(canvas->cairo, -acos(0));
    }
    cairo_rel_move_to(canvas->cairo, -style->h * width, -style->v * height);
    pango_cairo_update_layout(canvas->cairo, canvas->layout);
    pango_cairo_show_layout(canvas->cairo, canvas->layout);
    cairo_restore(canvas->cairo);
    cairo_new_path(canvas->cairo);
    return height;
}

double pc_canvas_text_width(pc_canvas *canvas, const pc_text_style *style, const char *text)
{
    int width, height;

    set_text(canvas, style, text, &width, &height);
    return width;
}
