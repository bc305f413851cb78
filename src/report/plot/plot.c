/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices, and the list of pictures. */
#include "report/plot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/listing_inner.h"
#include "report/plot/pictures.h"

enum { WIDTH = 960, HEIGHT = 600, USUAL_YEAR = 2040 };

/* Which policies a picture shows when none was chosen. */
typedef enum policy_use { EVERY, BASELINE, FIRST_OTHER } policy_use;

static const struct {
    pc_code (*draw)(pc_picture *picture, const char *name, pc_status *status);
    const char *name; /* measure */
    policy_use use;
    int needs_paths;
} drawings[] = {
    {pc_picture_fan, "reserve_months", BASELINE, 0},
    {pc_picture_fan, "balance", BASELINE, 0},
    {pc_picture_fan, "ratio", BASELINE, 0},
    {pc_picture_fan, "aged_share", BASELINE, 0},
    {pc_picture_lines, "depleted_by", EVERY, 1},
    {pc_picture_lines, "structural_shortfall", EVERY, 1},
    {pc_picture_lines, "months_dispersion", EVERY, 1},
    {pc_picture_heat, "depleted_by", BASELINE, 1},
    {pc_picture_first, "depleted_by", BASELINE, 1},
    {pc_picture_bars, "depleted_by", FIRST_OTHER, 1},
    {pc_picture_bars, "net_transfer_per_member", FIRST_OTHER, 1},
    {pc_picture_treasury, "treasury", EVERY, 1},
    {pc_picture_warning, "months_below", BASELINE, 1},
};

const pc_plot_kind pc_plot_kinds[] = {
    {"fan", N_("reserve months: median, bands of 5-95 and 25-75 %, central path")},
    {"balance", N_("balance, as fan")},
    {"ratio", N_("contributors per retiree, as fan")},
    {"ageing", N_("share of people aged 60 and over, as fan")},
    {"depletion", N_("chance of having run out by the year, a line for each policy")},
    {"shortfall", N_("structural shortfall, a line for each policy")},
    {"equity", N_("spread of regions' months of reserve, a line for each policy")},
    {"heatmap", N_("chance of having run out, regions and years")},
    {"first", N_("first year without money, as distribution")},
    {"winners", N_("change of the chance of having run out, region by region")},
    {"transfers", N_("received less paid per member in a year, region by region")},
    {"treasury", N_("cost to the treasury, gross and net, with the worst paths")},
    {"warning", N_("chance of few months of reserve")},
};
const int pc_n_plot_kinds = (int)(sizeof pc_plot_kinds / sizeof *pc_plot_kinds);

pc_code pc_picture_lacks(const pc_picture *picture, const char *name, pc_status *status)
{
    return pc_fail(status, PC_ERR_INPUT, "the file has no '%s' for scheme %s: this picture cannot be drawn", name,
                   picture->scheme);
}

static pc_code choose(pc_picture *picture, const pc_results *results, int *kind, pc_status *status)
{
    const pc_plot_options *options = picture->options;
    const char *names[PC_VIEW_MAX_POLICIES], *kinds[sizeof pc_plot_kinds / sizeof *pc_plot_kinds];
    pc_view *view = &picture->view;
    int known_policy = !options->policy, known_scheme = !options->scheme;
    pc_code code = pc_view_open(results, view, status);

    if (code) {
        return code;
    }
    *kind = -1;
    for (int k = 0; k < pc_n_plot_kinds; k++) {
        kinds[k] = pc_plot_kinds[k].name;
        *kind = options->what && strcmp(options->what, kinds[k]) == 0 ? k : *kind;
    }
    if (*kind < 0) {
        return pc_listing_unknown(status, N_("picture"), options->what ? options->what : "", kinds,
                                  (size_t)pc_n_plot_kinds);
    }
    for (int p = 0; p < view->n_policies; p++) {
        names[p] = view->policies[p];
        known_policy = known_policy || strcmp(options->policy, names[p]) == 0;
    }
    if (!known_policy) {
        return pc_listing_unknown(status, N_("policy"), options->policy, names, (size_t)view->n_policies);
    }
    for (int s = 0; s < PC_VIEW_N_SCHEMES; s++) {
        known_scheme = known_scheme || strcmp(options->scheme, pc_view_schemes[s]) == 0;
    }
    if (!known_scheme) {
        return pc_listing_unknown(status, N_("scheme"), options->scheme, pc_view_schemes, PC_VIEW_N_SCHEMES);
    }
    picture->scheme = options->scheme ? options->scheme : pc_view_schemes[0];
    picture->area = options->region ? pc_view_area_find(view, options->region) : view->n_areas - 1;
    if (picture->area < 0) {
        const char *known[512];
        size_t n = 0;
        for (int a = 0; a < view->n_areas && n + 2 < sizeof known / sizeof *known; a++) {
            known[n++] = pc_view_area_name_en(view, a);
            known[n++] = pc_view_area_name(view, a);
        }
        return pc_listing_unknown(status, N_("region"), options->region, known, n);
    }
    picture->year = options->year                   ? options->year
                    : USUAL_YEAR > view->last_year  ? view->last_year
                    : USUAL_YEAR < view->first_year ? view->first_year
                                                    : USUAL_YEAR;
    if (picture->year < view->first_year || picture->year > view->last_year) {
        return pc_fail(status, PC_ERR_INPUT, "year %d: allowed %d to %d", picture->year, view->first_year,
                       view->last_year);
    }
    picture->policy = options->policy;
    if (!picture->policy && drawings[*kind].use == BASELINE) {
        picture->policy = names[view->baseline >= 0 ? view->baseline : 0];
    } else if (!picture->policy && drawings[*kind].use == FIRST_OTHER) {
        picture->policy = view->n_policies > 1 ? names[1] : names[0];
    }
    if (drawings[*kind].needs_paths && pc_view_central_only(view)) {
        return pc_fail(status, PC_ERR_INPUT, "the file has the central path only: picture '%s' needs a run with paths",
                       options->what);
    }
    return PC_OK;
}

pc_code pc_plot(const pc_results *results, const char *path, const pc_plot_options *options, pc_status *status)
{
    pc_picture *picture = calloc(1, sizeof *picture);
    pc_frame *frame;
    int kind = 0;
    pc_code code;

    if (!picture) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a picture");
    }
    frame = &picture->frame;
    picture->options = options;
    code = choose(picture, results, &kind, status);
    if (code) {
        goto out;
    }
    *frame = (pc_frame){.view = &picture->view,
                        .options = options,
                        .width = options->width ? options->width : WIDTH,
                        .height = options->height ? options->height : HEIGHT};
    frame->canvas = pc_canvas_open(path, frame->width, frame->height, status);
    if (!frame->canvas) {
        code = status->code;
        goto out;
    }
    code = drawings[kind].draw(picture, drawings[kind].name, status);
    code = code ? code : pc_canvas_commit(frame->canvas, status);
out:
    pc_canvas_free(frame->canvas);
    free(picture);
    return code;
}
