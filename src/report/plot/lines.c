/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures over years: fans, lines with errors, warning bands. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "report/palette.h"
#include "report/plot/pictures.h"

enum { MAX_YEARS = 512, N_EDGES = 5, MAX_BANDS = 16 };

static void include(double x, double *low, double *high)
{
    if (isfinite(x)) {
        *low = x < *low ? x : *low;
        *high = x > *high ? x : *high;
    }
}

static int n_years_of(const pc_view *view)
{
    int n = view->last_year - view->first_year + 1;

    return n < MAX_YEARS ? n : MAX_YEARS;
}

/* The words for the measures that fans and lines show. */
static const pc_topic_measure words[] = {
    {"reserve_months", N_("Reserve months"), PC_UNIT_MONTHS, 0},
    {"balance", N_("Balance at 31 December"), PC_UNIT_MONEY, 0},
    {"ratio", N_("Contributors per retiree"), PC_UNIT_NUMBER, 0},
    {"aged_share", N_("Share of people aged 60 and over"), PC_UNIT_SHARE, 0},
    {"depleted_by", N_("Chance that the fund has run out by the end of the year"), PC_UNIT_CHANCE, 0},
    {"member_weighted_depletion_by",
     N_("Chance that the fund paying a member's claims has run out by the end of the year"), PC_UNIT_CHANCE, 0},
    {"structural_shortfall", N_("Structural shortfall: some region is short while all together are not"),
     PC_UNIT_CHANCE, 0},
    {"months_dispersion", N_("Spread of reserves: half the mean difference of regions' months"), PC_UNIT_MONTHS, 0},
};

static const pc_topic_measure *words_of(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].name, name) == 0) {
            return words + i;
        }
    }
    return words;
}

static const char *axis_unit(const pc_topic_measure *measure, char *text, size_t size)
{
    const char *unit = pc_unit_text(measure->unit, 0, 0, text, size);

    return *unit ? unit : _(measure->label);
}

pc_code pc_picture_fan(pc_picture *picture, const char *name, pc_status *status)
{
    static const double edges[N_EDGES] = {0.05, 0.25, 0.5, 0.75, 0.95};
    static const uint32_t color = 0x0072B2;
    const pc_view *view = &picture->view;
    const pc_topic_measure *measure = words_of(name);
    const int is_people = strcmp(name, "aged_share") == 0;
    const pc_dataset *value = is_people ? pc_results_find(view->results, "people", name)
                                        : pc_view_find(view, "policy", picture->policy, picture->scheme, name);
    const pc_dataset *quantiles;
    double q[N_EDGES][MAX_YEARS], central[MAX_YEARS], low = INFINITY, high = -INFINITY,
                                                      scale = pc_unit_scale(measure->unit);
    char quantile_name[96], title[256], subtitle[256], unit[96];
    pc_frame *frame = &picture->frame;

    if (!value) {
        return pc_picture_lacks(picture, name, status);
    }
    snprintf(quantile_name, sizeof quantile_name, "%s_quantile", name);
    quantiles = is_people ? pc_results_find(view->results, "people", quantile_name)
                          : pc_view_find(view, "policy", picture->policy, picture->scheme, quantile_name);
    for (int t = 0; t < n_years_of(view); t++) {
        int year = view->first_year + t;
        central[t] = scale * pc_view_value(view, value, "central", picture->area, year);
        include(central[t], &low, &high);
        for (int e = 0; e < N_EDGES; e++) {
            q[e][t] = scale * pc_view_quantile(view, quantiles, edges[e], picture->area, year);
            include(q[e][t], &low, &high);
        }
    }
    if (is_people) {
        snprintf(title, sizeof title, _("%s: %s"), _(measure->label), pc_view_area_shown(view, picture->area));
        subtitle[0] = 0;
    } else {
        snprintf(title, sizeof title, _("%s: %s, %s"), _(measure->label), pc_view_area_shown(view, picture->area),
                 pc_scheme_text(picture->scheme));
        snprintf(subtitle, sizeof subtitle, "%s", pc_policy_title(view, picture->policy));
    }
    pc_frame_start(frame, 46, 1);
    pc_frame_title(frame, title, subtitle);
    pc_frame_year_axis(frame);
    if (low > 0 && low < 0.6 * high) {
        low = 0;
    }
    pc_frame_y_axis(frame, low, high, measure->unit == PC_UNIT_SHARE, axis_unit(measure, unit, sizeof unit));
    if (quantiles) {
        pc_frame_band(frame, q[0], q[4], color, 0.22);
        pc_frame_band(frame, q[1], q[3], color, 0.40);
        pc_frame_line(frame, q[2], color, 2.6, 0);
        pc_frame_legend(frame, 0, color, 1, 0, _("median"));
        pc_frame_legend(frame, 1, color, 0.53, 0, _("paths from 25 to 75 %"));
        pc_frame_legend(frame, 1, color, 0.22, 0, _("paths from 5 to 95 %"));
    }
    pc_frame_line(frame, central, 0x000000, 1.6, 1);
    pc_frame_legend(frame, 0, 0x000000, 1, 1, _("central path: no chance, no shocks"));
    pc_frame_end(frame, quantiles
                            ? _("The bands are the spread of the future, not the error of the simulation, which is "
                                "far smaller.")
                            : "");
    return PC_OK;
}

static void draw_policy(pc_picture *picture, const char *name, int p, int index, const pc_topic_measure *measure)
{
    const pc_view *view = &picture->view;
    double middle[MAX_YEARS], low[MAX_YEARS], high[MAX_YEARS], scale = pc_unit_scale(measure->unit);
    int is_chance = measure->unit == PC_UNIT_CHANCE;

    for (int t = 0; t < n_years_of(view); t++) {
        pc_reading r =
            pc_view_read(view, "policy", view->policies[p], picture->scheme, name, picture->area, view->first_year + t);
        middle[t] = scale * r.value;
        low[t] = scale * (r.value - 2 * r.error);
        high[t] = scale * (r.value + 2 * r.error);
        if (is_chance && (r.value <= 0 || r.value >= 1)) {
            low[t] = r.value <= 0 ? 0 : scale * (1 - r.error); /* the error is the bound 3/n there */
            high[t] = r.value <= 0 ? scale * r.error : scale;
        }
    }
    pc_frame_band(&picture->frame, low, high, pc_palette_color(index), 0.25);
    pc_frame_line(&picture->frame, middle, pc_palette_color(index), 2.2, index % 4);
    pc_frame_legend(&picture->frame, 0, pc_palette_color(index), 1, index % 4,
                    pc_policy_title(view, view->policies[p]));
}

pc_code pc_picture_lines(pc_picture *picture, const char *name, pc_status *status)
{
    const pc_view *view = &picture->view;
    pc_frame *frame = &picture->frame;
    const pc_topic_measure *measure;
    int is_whole = picture->area == view->n_areas - 1, n = 0, has_area;
    double low = 0, high = -INFINITY;
    char title[256], unit[96];

    if (strcmp(name, "depleted_by") == 0 && is_whole && !picture->options->region) {
        name = "member_weighted_depletion_by"; /* what makes many funds and one comparable */
    }
    measure = words_of(name);
    has_area = strcmp(name, "depleted_by") == 0;
    for (int p = 0; p < view->n_policies; p++) {
        for (int y = view->first_year; y <= view->last_year; y++) {
            pc_reading r = pc_view_read(view, "policy", view->policies[p], picture->scheme, name, picture->area, y);
            include(r.value + 2 * r.error, &low, &high);
        }
    }
    if (!isfinite(high)) {
        return pc_picture_lacks(picture, name, status);
    }
    snprintf(title, sizeof title, "%s", _(measure->label));
    pc_frame_start(frame, 40, 1);
    {
        char subtitle[256];
        snprintf(subtitle, sizeof subtitle, _("%s, %s"),
                 pc_view_area_shown(view, has_area ? picture->area : view->n_areas - 1),
                 pc_scheme_text(picture->scheme));
        pc_frame_title(frame, title, subtitle);
    }
    pc_frame_year_axis(frame);
    pc_frame_y_axis(frame, low, measure->unit == PC_UNIT_CHANCE ? 1 : high, measure->unit == PC_UNIT_CHANCE,
                    axis_unit(measure, unit, sizeof unit));
    for (int p = 0; p < view->n_policies; p++) {
        if (!picture->policy || strcmp(picture->policy, view->policies[p]) == 0 || p == view->baseline) {
            draw_policy(picture, name, p, n++, measure);
        }
    }
    pc_frame_end(frame,
                 _("Bands: two standard errors of the simulation on either side; they say nothing of the model or "
                   "the data."));
    return PC_OK;
}

/* The bounds that the file has, the highest first. Returns their number. */
static int warning_bounds(const pc_picture *picture, double bounds[MAX_BANDS])
{
    const pc_dataset *below = pc_view_find(&picture->view, "policy", picture->policy, picture->scheme, "months_below");
    int n = 0;

    for (int axis = 0; below && axis < below->rank; axis++) {
        const pc_dimension *dim = below->dims[axis];
        for (size_t b = dim->size; strcmp(dim->name, "band") == 0 && dim->type == PC_F64 && b > 0 && n < MAX_BANDS;
             b--) {
            bounds[n++] = ((const double *)dim->coordinates)[b - 1];
        }
    }
    return n;
}

static double chance_below(const pc_picture *picture, double bound, int year)
{
    const pc_dataset *below = pc_view_find(&picture->view, "policy", picture->policy, picture->scheme, "months_below");

    return pc_view_quantile(&picture->view, below, bound, picture->area, year);
}

pc_code pc_picture_warning(pc_picture *picture, const char *name, pc_status *status)
{
    const pc_view *view = &picture->view;
    pc_frame *frame = &picture->frame;
    double values[MAX_YEARS], zero[MAX_YEARS] = {0}, bounds[MAX_BANDS];
    int n = 0, n_bounds = warning_bounds(picture, bounds);
    char title[256];

    snprintf(title, sizeof title, _("Chance of few months of reserve at 31 December: %s, %s"),
             pc_view_area_shown(view, picture->area), pc_scheme_text(picture->scheme));
    pc_frame_start(frame, 40, 1);
    pc_frame_title(frame, title, pc_policy_title(view, picture->policy));
    pc_frame_year_axis(frame);
    pc_frame_y_axis(frame, 0, 1, 1, "%");
    for (int i = 0; i < n_bounds; i++) {
        uint32_t color = pc_palette_heat(0.12 + 0.88 * i / (n_bounds > 1 ? n_bounds - 1 : 1));
        char label[128];
        int known = 0;
        for (int t = 0; t < n_years_of(view); t++) {
            values[t] = chance_below(picture, bounds[i], view->first_year + t);
            known |= isfinite(values[t]);
        }
        if (!known) {
            continue;
        }
        snprintf(label, sizeof label, bounds[i] == 0 ? _("overdrawn") : _("less than %g months"), bounds[i]);
        pc_frame_band(frame, zero, values, color, 1);
        pc_frame_line(frame, values, 0x1A1A1A, 0.8, 0);
        pc_frame_legend(frame, 1, color, 1, 0, label);
        n++;
    }
    pc_frame_end(frame, "");
    return n ? PC_OK : pc_picture_lacks(picture, name, status);
}
