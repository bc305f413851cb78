/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures by region, and of sums over the run: heat map, first years, bars, treasury. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "report/palette.h"
#include "report/plot/pictures.h"

static const uint32_t ink = 0x1A1A1A;

static double widest_name(pc_frame *frame, const pc_text_style *style)
{
    double widest = 0;

    for (int a = 0; a < frame->view->n_areas; a++) {
        double width = pc_canvas_text_width(frame->canvas, style, pc_view_area_shown(frame->view, a));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void heat_scale(pc_frame *frame)
{
    const pc_text_style text = {.size = 12, .v = 0.5}, name = {.size = 12, .width = frame->width - frame->right - 20};
    double x = frame->right + 16, height = frame->bottom - frame->top - 40, top = frame->top + 40;

    for (int i = 0; i < 100; i++) {
        pc_canvas_color(frame->canvas, pc_palette_heat(1 - i / 99.0), 1);
        pc_canvas_box(frame->canvas, x, top + i * height / 100, 18, height / 100 + 0.6);
    }
    pc_canvas_color(frame->canvas, ink, 1);
    pc_canvas_text(frame->canvas, x, frame->top - 6, &name, _("chance, %"));
    for (int i = 0; i <= 4; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 100 - 25 * i);
        pc_canvas_text(frame->canvas, x + 24, top + i * height / 4, &text, number);
    }
}

pc_code pc_picture_heat(pc_picture *picture, const char *name, pc_status *status)
{
    const pc_view *view = &picture->view;
    const pc_dataset *by = pc_view_find(view, "policy", picture->policy, picture->scheme, name);
    pc_frame *frame = &picture->frame;
    const double size = view->n_areas > 24 ? 10 : 12;
    const pc_text_style label = {.size = size, .h = 1, .v = 0.5};
    double row;
    char title[256];

    if (!by) {
        return pc_picture_lacks(picture, name, status);
    }
    snprintf(title, sizeof title, _("Chance of having run out by the end of the year, by region: %s"),
             pc_scheme_text(picture->scheme));
    pc_frame_start(frame, widest_name(frame, &label) - 4, 0);
    frame->right = frame->width - 84;
    pc_frame_title(frame, title, pc_policy_title(view, picture->policy));
    pc_frame_year_axis(frame);
    row = (frame->bottom - frame->top) / view->n_areas;
    for (int a = 0; a < view->n_areas; a++) {
        double top = frame->top + a * row;
        for (int y = view->first_year; y <= view->last_year; y++) {
            double x = pc_view_value(view, by, NULL, a, y), left = pc_frame_x(frame, y - 0.5);
            pc_canvas_color(frame->canvas, isfinite(x) ? pc_palette_heat(x) : 0xBFBFBF, 1);
            pc_canvas_box(frame->canvas, left, top, pc_frame_x(frame, y + 0.5) - left + 0.4, row - 1);
        }
        pc_canvas_color(frame->canvas, ink, 1);
        pc_canvas_text(frame->canvas, frame->left - 7, top + row / 2, &label, pc_view_area_shown(view, a));
    }
    if (view->last_year > 2040) {
        /* the cells cover the shade: a line says where it begins */
        double x = pc_frame_x(frame, view->first_year > 2040 ? view->first_year - 0.5 : 2040.5);
        pc_canvas_line(frame->canvas, x, frame->top - 6, x, frame->bottom, 1.4, 1);
    }
    heat_scale(frame);
    pc_frame_end(frame,
                 view->last_year > 2040 ? _("Right of the dashed line: present rules unchanged, not a forecast.") : "");
    return PC_OK;
}

pc_code pc_picture_first(pc_picture *picture, const char *name, pc_status *status)
{
    const pc_view *view = &picture->view;
    const pc_dataset *by = pc_view_find(view, "policy", picture->policy, picture->scheme, name);
    const pc_text_style style = {.size = 14, .h = 1};
    pc_frame *frame = &picture->frame;
    double highest = 0, before = 0;
    char title[256], none[160];

    if (!by) {
        return pc_picture_lacks(picture, name, status);
    }
    for (int pass = 0; pass < 2; pass++) {
        before = 0;
        for (int y = view->first_year; y <= view->last_year; y++) {
            double x = pc_view_value(view, by, NULL, picture->area, y), part = x - before;
            before = x;
            if (pass == 0) {
                highest = part > highest ? part : highest;
            } else if (part > 0) {
                double left = pc_frame_x(frame, y - 0.4), top = pc_frame_y(frame, part);
                pc_canvas_color(frame->canvas, 0x0072B2, 1);
                pc_canvas_box(frame->canvas, left, top, pc_frame_x(frame, y + 0.4) - left, pc_frame_y(frame, 0) - top);
            }
        }
        if (pass == 0) {
            snprintf(title, sizeof title, _("First year without money: %s, %s"),
                     pc_view_area_shown(view, picture->area), pc_scheme_text(picture->scheme));
            pc_frame_start(frame, 40, 0);
            pc_frame_title(frame, title, pc_policy_title(view, picture->policy));
            pc_frame_year_axis(frame);
            pc_frame_y_axis(frame, 0, highest > 0 ? highest : 0.01, 1, _("paths, %"));
        }
    }
    snprintf(none, sizeof none, _("none until %d: %.1f %% of paths"), view->last_year, 100 * (1 - before));
    pc_canvas_color(frame->canvas, ink, 1);
    pc_canvas_text(frame->canvas, frame->right - 8, frame->top + 6, &style, none);
    pc_frame_end(frame, "");
    return PC_OK;
}

typedef struct bar {
    int area;
    double value, error;
} bar;

static int by_value(const void *a, const void *b)
{
    const bar *x = a, *y = b;

    return x->value < y->value ? -1 : x->value > y->value ? 1 : x->area - y->area;
}

/* A vertical axis of values along the bottom. */
static void value_axis(pc_frame *frame, double low, double high, const char *unit)
{
    const pc_text_style label = {.size = 12, .h = 0.5}, name = {.size = 12};
    double step = pc_round_step(low, high, 7);
    int decimals = (int)ceil(-log10(step) - 1e-9);

    frame->x0 = step * floor(low / step + 1e-9);
    frame->x1 = step * ceil(high / step - 1e-9);
    for (int k = 0; frame->x0 + k * step <= frame->x1 + 0.01 * step; k++) {
        double value = frame->x0 + k * step, x = pc_frame_x(frame, value);
        int is_zero = fabs(value) < 0.01 * step;
        char text[48];
        pc_canvas_color(frame->canvas, is_zero ? ink : 0xD9D9D9, 1);
        pc_canvas_line(frame->canvas, x, frame->top, x, frame->bottom, is_zero ? 1.2 : 0.8, 0);
        pc_format_grouped(text, sizeof text, is_zero ? 0 : value, decimals > 0 ? decimals : 0);
        pc_canvas_color(frame->canvas, ink, 1);
        pc_canvas_text(frame->canvas, x, frame->bottom + 6, &label, text);
    }
    pc_canvas_text(frame->canvas, 20, frame->top - 26, &name, unit);
}

static void draw_bars(pc_picture *picture, const bar *bars, int n, const char *unit, const pc_text_style *label)
{
    pc_frame *frame = &picture->frame;
    double low = 0, high = 0, row = (frame->bottom - frame->top) / n;

    for (int i = 0; i < n; i++) {
        low = fmin(low, bars[i].value - 2 * (bars[i].error > 0 ? bars[i].error : 0));
        high = fmax(high, bars[i].value + 2 * (bars[i].error > 0 ? bars[i].error : 0));
    }
    value_axis(frame, low, high > low ? high : low + 1, unit);
    for (int i = 0; i < n; i++) {
        double zero = pc_frame_x(frame, 0), x = pc_frame_x(frame, bars[i].value), middle = frame->top + (i + 0.5) * row;
        pc_canvas_color(frame->canvas, bars[i].value < 0 ? 0x0072B2 : 0xE69F00, 1);
        pc_canvas_box(frame->canvas, x < zero ? x : zero, middle - 0.33 * row, fabs(x - zero), 0.66 * row);
        pc_canvas_color(frame->canvas, ink, 1);
        if (bars[i].error > 0) {
            double x0 = pc_frame_x(frame, bars[i].value - 2 * bars[i].error),
                   x1 = pc_frame_x(frame, bars[i].value + 2 * bars[i].error);
            pc_canvas_line(frame->canvas, x0, middle, x1, middle, 1.3, 0);
            pc_canvas_line(frame->canvas, x0, middle - 4, x0, middle + 4, 1.3, 0);
            pc_canvas_line(frame->canvas, x1, middle - 4, x1, middle + 4, 1.3, 0);
        }
        pc_canvas_text(frame->canvas, frame->left - 7, middle, label, pc_view_area_shown(&picture->view, bars[i].area));
    }
}

pc_code pc_picture_bars(pc_picture *picture, const char *name, pc_status *status)
{
    const pc_view *view = &picture->view;
    const int is_change = strcmp(name, "depleted_by") == 0;
    const char *tree = is_change ? "difference" : "policy";
    const pc_text_style label = {.size = view->n_areas > 24 ? 10 : 12, .h = 1, .v = 0.5};
    const char *baseline = pc_view_text(view, "baseline");
    pc_frame *frame = &picture->frame;
    bar *bars;
    char title[256], subtitle[320];
    int n = 0;

    if (is_change && (strcmp(picture->policy, baseline) == 0 || view->n_policies < 2)) {
        return pc_fail(status, PC_ERR_INPUT, "policy '%s' is the baseline: nobody gains or loses against itself",
                       picture->policy);
    }
    if (!pc_view_find(view, tree, picture->policy, picture->scheme, name)) {
        return pc_picture_lacks(picture, name, status);
    }
    bars = calloc((size_t)view->n_areas, sizeof *bars);
    if (!bars) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a picture");
    }
    for (int a = 0; a < view->n_areas; a++) {
        pc_reading r = pc_view_read(view, tree, picture->policy, picture->scheme, name, a, picture->year);
        if (pc_view_is_region(view, a) && isfinite(r.value)) {
            double scale = is_change ? 100 : 1;
            /* a change that is 0 on every path has the bound of a rare event for error */
            bars[n++] = (bar){a, scale * r.value, r.value == 0 ? 0 : scale * r.error};
        }
    }
    qsort(bars, (size_t)n, sizeof *bars, by_value);
    if (is_change) {
        snprintf(title, sizeof title, _("Who gains and who loses by %d: %s"), picture->year,
                 pc_scheme_text(picture->scheme));
        snprintf(subtitle, sizeof subtitle, _("%s, against %s on the same paths"),
                 pc_policy_title(view, picture->policy), pc_policy_title(view, baseline));
    } else {
        snprintf(title, sizeof title, _("Received less paid per member in %d: %s"), picture->year,
                 pc_scheme_text(picture->scheme));
        snprintf(subtitle, sizeof subtitle, "%s", pc_policy_title(view, picture->policy));
    }
    pc_frame_start(frame, widest_name(frame, &label) - 4, 0);
    pc_frame_title(frame, title, subtitle);
    if (n > 0) {
        draw_bars(picture, bars, n,
                  is_change ? _("change of the chance of having run out, points; below 0: less likely")
                            : _("yuan per member, mean over paths; above 0: receives"),
                  &label);
    }
    pc_frame_end(frame, picture->year > 2040 ? _("Whiskers: two standard errors of the simulation. From the 2040s on: "
                                                 "present rules unchanged, not a forecast.")
                                             : _("Whiskers: two standard errors of the simulation."));
    free(bars);
    return PC_OK;
}

static void treasury_bar(pc_frame *frame, double x, double width, const pc_dataset *total, const pc_view *view,
                         uint32_t color)
{
    double mean = pc_view_value(view, total, "mean", 0, 0) / 1e8, error = pc_view_value(view, total, "se", 0, 0) / 1e8;
    double var = pc_view_value(view, total, "var", 0, 0) / 1e8, tvar = pc_view_value(view, total, "tvar", 0, 0) / 1e8;
    double zero = pc_frame_y(frame, 0), y = pc_frame_y(frame, mean), middle = x + width / 2;

    pc_canvas_color(frame->canvas, color, 1);
    pc_canvas_box(frame->canvas, x, y < zero ? y : zero, width, fabs(y - zero));
    pc_canvas_color(frame->canvas, ink, 1);
    pc_canvas_line(frame->canvas, middle, pc_frame_y(frame, mean - 2 * error), middle,
                   pc_frame_y(frame, mean + 2 * error), 1.6, 0);
    if (var != 0 || tvar != 0) {
        pc_canvas_line(frame->canvas, x, pc_frame_y(frame, var), x + width, pc_frame_y(frame, var), 2, 0);
        pc_canvas_line(frame->canvas, x, pc_frame_y(frame, tvar), x + width, pc_frame_y(frame, tvar), 2, 2);
    }
}

pc_code pc_picture_treasury(pc_picture *picture, const char *name, pc_status *status)
{
    static const char *const names[] = {"treasury_gross", "treasury_net"}, *const statistics[] = {"mean", "tvar",
                                                                                                  "var"};
    static const uint32_t colors[] = {0x0072B2, 0xE69F00};
    const pc_view *view = &picture->view;
    pc_frame *frame = &picture->frame;
    double low = 0, high = 0, slot, alpha = 100 * pc_view_number(view, "treasury_alpha", 0.95);
    char title[256], worst[96], most[96];
    int shown[PC_VIEW_MAX_POLICIES], n = 0;

    for (int p = 0; p < view->n_policies; p++) {
        if (picture->policy && strcmp(picture->policy, view->policies[p]) != 0 && p != view->baseline) {
            continue;
        }
        shown[n++] = p;
        for (int k = 0; k < 2; k++) {
            const pc_dataset *total = pc_view_find(view, "policy", view->policies[p], picture->scheme, names[k]);
            for (int s = 0; total && s < 3; s++) {
                double x = pc_view_value(view, total, statistics[s], 0, 0) / 1e8;
                low = isfinite(x) ? fmin(low, x) : low;
                high = isfinite(x) ? fmax(high, x) : high;
            }
            if (!total) {
                return pc_picture_lacks(picture, name, status);
            }
        }
    }
    snprintf(title, sizeof title, _("Cost to the treasury over %d to %d, present value: %s"), view->first_year,
             view->last_year, pc_scheme_text(picture->scheme));
    pc_frame_start(frame, 60, 1);
    frame->bottom -= 24; /* titles of policies below take more lines than years do */
    pc_frame_title(frame, title, _("gross: backstop and unmet benefits; net: less what all funds hold at the end"));
    pc_frame_y_axis(frame, low, high, 0, _("100 million yuan"));
    slot = (frame->right - frame->left) / n;
    for (int i = 0; i < n; i++) {
        const pc_text_style label = {.size = 11, .h = 0.5, .width = slot - 6};
        const char *policy = view->policies[shown[i]];
        for (int k = 0; k < 2; k++) {
            treasury_bar(frame, frame->left + (i + 0.14 + 0.38 * k) * slot, 0.34 * slot,
                         pc_view_find(view, "policy", policy, picture->scheme, names[k]), view, colors[k]);
        }
        pc_canvas_color(frame->canvas, ink, 1);
        pc_canvas_text(frame->canvas, frame->left + (i + 0.5) * slot, frame->bottom + 6, &label,
                       n > 6 ? policy : pc_policy_title(view, policy));
    }
    snprintf(worst, sizeof worst, _("the worst %g %% of paths lie above"), 100 - alpha);
    snprintf(most, sizeof most, _("mean of the worst %g %%"), 100 - alpha);
    pc_frame_legend(frame, 1, colors[0], 1, 0, _("gross, mean"));
    pc_frame_legend(frame, 1, colors[1], 1, 0, _("net, mean"));
    pc_frame_legend(frame, 0, ink, 1, 0, worst);
    pc_frame_legend(frame, 0, ink, 1, 2, most);
    pc_frame_end(frame, view->last_year > 2040
                            ? _("Upright strokes: two standard errors. From the 2040s on: present rules "
                                "unchanged, not a forecast.")
                            : _("Upright strokes: two standard errors."));
    return PC_OK;
}
