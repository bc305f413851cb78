/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/plot/frame.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"

enum { MAX_YEARS = 512, SHADE_AFTER = 2040 };

static const uint32_t ink = 0x1A1A1A, faint = 0x555555, grid = 0xD9D9D9, shade = 0xF0F0F0;

double pc_round_step(double low, double high, int n)
{
    double raw = (high - low) / (n > 0 ? n : 1), power;

    if (!(raw > 0) || !isfinite(raw)) {
        return 1;
    }
    power = pow(10, floor(log10(raw)));
    return (raw / power > 5 ? 10 : raw / power > 2 ? 5 : raw / power > 1 ? 2 : 1) * power;
}

void pc_frame_start(pc_frame *frame, double label_width, int has_legend)
{
    frame->left = 34 + label_width;
    frame->top = 94;
    frame->right = frame->width - (has_legend ? 0.23 * frame->width + 12 : 24);
    frame->bottom = frame->height - 94;
    frame->n_legend = 0;
}

void pc_frame_title(pc_frame *frame, const char *title, const char *subtitle)
{
    const pc_text_style big = {.size = 19, .bold = 1, .width = frame->width - 40}, small = {.size = 13};

    pc_canvas_color(frame->canvas, ink, 1);
    pc_canvas_text(frame->canvas, 20, 14, &big, title);
    pc_canvas_color(frame->canvas, faint, 1);
    pc_canvas_text(frame->canvas, 20, 43, &small, subtitle);
}

double pc_frame_x(const pc_frame *frame, double x)
{
    return frame->left + (x - frame->x0) / (frame->x1 - frame->x0) * (frame->right - frame->left);
}

double pc_frame_y(const pc_frame *frame, double y)
{
    return frame->bottom - (y - frame->y0) / (frame->y1 - frame->y0) * (frame->bottom - frame->top);
}

void pc_frame_year_axis(pc_frame *frame)
{
    const pc_text_style label = {.size = 12, .h = 0.5}, remark = {.size = 11, .h = 1};
    int first = frame->view->first_year, last = frame->view->last_year, step = last - first > 12 ? 5 : 1;

    frame->x0 = first - 0.5;
    frame->x1 = last + 0.5;
    if (last > SHADE_AFTER) {
        double from = pc_frame_x(frame, first > SHADE_AFTER ? first - 0.5 : SHADE_AFTER + 0.5);
        pc_canvas_color(frame->canvas, shade, 1);
        pc_canvas_box(frame->canvas, from, frame->top, frame->right - from, frame->bottom - frame->top);
        pc_canvas_color(frame->canvas, faint, 1);
        pc_canvas_text(frame->canvas, frame->right - 6, frame->top - 17, &remark,
                       _("shaded: present rules unchanged, not a forecast"));
    }
    for (int y = first; y <= last; y++) {
        char text[16];
        if (y % step == 0) {
            double x = pc_frame_x(frame, y);
            pc_canvas_color(frame->canvas, ink, 1);
            pc_canvas_line(frame->canvas, x, frame->bottom, x, frame->bottom + 5, 1, 0);
            snprintf(text, sizeof text, "%d", y);
            pc_canvas_text(frame->canvas, x, frame->bottom + 8, &label, text);
        }
    }
}

void pc_frame_y_axis(pc_frame *frame, double low, double high, int is_percent, const char *unit)
{
    const pc_text_style label = {.size = 12, .h = 1, .v = 0.5}, name = {.size = 12};
    double step;
    int decimals;

    if (!(high > low)) {
        low = isfinite(low) ? low - 1 : 0;
        high = low + 2;
    }
    step = pc_round_step(low, high, 6);
    frame->y0 = step * floor(low / step + 1e-9);
    frame->y1 = step * ceil(high / step - 1e-9);
    decimals = (int)ceil(-log10(is_percent ? 100 * step : step) - 1e-9);
    for (int k = 0; frame->y0 + k * step <= frame->y1 + 0.01 * step; k++) {
        double value = frame->y0 + k * step, y = pc_frame_y(frame, value);
        char text[48];
        int is_zero = fabs(value) < 0.01 * step;
        pc_canvas_color(frame->canvas, is_zero ? ink : grid, 1);
        pc_canvas_line(frame->canvas, frame->left, y, frame->right, y, is_zero ? 1.2 : 0.8, 0);
        pc_format_grouped(text, sizeof text,
                          is_zero      ? 0
                          : is_percent ? 100 * value
                                       : value,
                          decimals > 0 ? decimals : 0);
        pc_canvas_color(frame->canvas, ink, 1);
        pc_canvas_text(frame->canvas, frame->left - 7, y, &label, text);
    }
    pc_canvas_color(frame->canvas, faint, 1);
    pc_canvas_text(frame->canvas, 20, frame->top - 30, &name, unit);
}

static int pixels(const pc_frame *frame, const double *values, double *x, double *y)
{
    int n = frame->view->last_year - frame->view->first_year + 1;

    n = n < MAX_YEARS ? n : MAX_YEARS;
    for (int t = 0; t < n; t++) {
        x[t] = pc_frame_x(frame, frame->view->first_year + t);
        y[t] = pc_frame_y(frame, values[t]);
    }
    return n;
}

static void confine(pc_frame *frame)
{
    pc_canvas_clip(frame->canvas, frame->left, frame->top - 1, frame->right - frame->left,
                   frame->bottom - frame->top + 2);
}

void pc_frame_line(pc_frame *frame, const double *values, uint32_t color, double width, int dash)
{
    double x[MAX_YEARS], y[MAX_YEARS];
    int n = pixels(frame, values, x, y);

    confine(frame);
    pc_canvas_color(frame->canvas, color, 1);
    pc_canvas_path(frame->canvas, n, x, y, width, dash);
    pc_canvas_unclip(frame->canvas);
}

void pc_frame_band(pc_frame *frame, const double *low, const double *high, uint32_t color, double opacity)
{
    double x[MAX_YEARS], y0[MAX_YEARS], y1[MAX_YEARS];
    int n = pixels(frame, low, x, y0);

    pixels(frame, high, x, y1);
    confine(frame);
    pc_canvas_color(frame->canvas, color, opacity);
    pc_canvas_band(frame->canvas, n, x, y0, y1);
    pc_canvas_unclip(frame->canvas);
}

void pc_frame_legend(pc_frame *frame, int is_band, uint32_t color, double opacity, int dash, const char *text)
{
    pc_legend_entry *entry = frame->legend + frame->n_legend;

    if (frame->n_legend < PC_FRAME_MAX_LEGEND) {
        *entry = (pc_legend_entry){.color = color, .opacity = opacity, .is_band = is_band, .dash = dash};
        snprintf(entry->text, sizeof entry->text, "%s", text);
        frame->n_legend++;
    }
}

static void draw_legend(pc_frame *frame)
{
    const pc_text_style text = {.size = 12, .width = frame->width - frame->right - 60};
    double y = frame->top;

    for (int i = 0; i < frame->n_legend; i++) {
        const pc_legend_entry *entry = frame->legend + i;
        double x = frame->right + 14;
        pc_canvas_color(frame->canvas, entry->color, entry->opacity);
        if (entry->is_band) {
            pc_canvas_box(frame->canvas, x, y + 2, 26, 12);
        } else {
            pc_canvas_line(frame->canvas, x, y + 8, x + 26, y + 8, 2.2, entry->dash);
        }
        pc_canvas_color(frame->canvas, ink, 1);
        y += pc_canvas_text(frame->canvas, x + 34, y, &text, entry->text) + 9;
    }
}

void pc_frame_end(pc_frame *frame, const char *note)
{
    const pc_text_style small = {.size = 11, .width = frame->width - 40};
    const pc_view *view = frame->view;
    char line[512], paths[48];
    const char *slash = frame->options->file ? strrchr(frame->options->file, '/') : NULL;
    const char *file = slash ? slash + 1 : frame->options->file ? frame->options->file : "";

    draw_legend(frame);
    pc_canvas_color(frame->canvas, faint, 1);
    pc_canvas_text(frame->canvas, 20, frame->height - 60, &small, note);
    pc_format_grouped(paths, sizeof paths, pc_view_number(view, "paths", 0), 0);
    if (pc_view_central_only(view)) {
        snprintf(line, sizeof line, _("Source: %s; %s, %s, central path only"), pc_view_title_shown(view),
                 pc_view_text(view, "source"), file);
    } else {
        snprintf(line, sizeof line, _("Source: %s; %s, %s, %s paths, seed %s"), pc_view_title_shown(view),
                 pc_view_text(view, "source"), file, paths, pc_view_text(view, "seed"));
    }
    pc_canvas_text(frame->canvas, 20, frame->height - 26, &small, line);
}
