/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/gains.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/topics.h"

static const double fewest = 0.002; /* chances nearer to 0 or 1 rest on too few events */

static const struct {
    const char *name, *label;
    int median; /* over the regions; else the whole */
    int always; /* 0: there where it is controlled alone: the variance of a path is not in the file */
} measures[] = {{"balance", N_("mean balance, all together"), 0, 1},
                {"depleted_by", N_("chance of having run out, all together"), 0, 1},
                {"depleted_by", N_("chance of having run out, median region"), 1, 1},
                {"member_weighted_depletion_by", N_("members' funds having run out"), 0, 0}};

static double sampled_gain(const pc_view *view, const char *policy, const char *scheme, const char *name, int area,
                           int year)
{
    const pc_dataset *set = pc_view_find(view, "policy", policy, scheme, name);
    const pc_dataset *error = pc_view_error(view, "policy", policy, scheme, name);
    const double n = pc_view_number(view, "paths", NAN), p = pc_view_value(view, set, NULL, area, year);
    const double sd = pc_view_value(view, set, "sd", area, year);
    const double se = pc_view_value(view, error ? error : set, "se", area, year);
    const double variance = error ? p * (1 - p) : sd * sd;

    return error && !(p >= fewest && p <= 1 - fewest) ? NAN : se > 0 ? variance / n / (se * se) : NAN;
}

static double controlled_gain(const pc_view *view, const char *policy, const char *scheme, const char *name, int area,
                              int year)
{
    char gain[96], value[96];
    double x;

    snprintf(gain, sizeof gain, "%s_controlled_gain", name);
    snprintf(value, sizeof value, "%s_controlled", name);
    x = pc_view_value(view, pc_view_find(view, "policy", policy, scheme, value), NULL, area, year);
    if (pc_view_error(view, "policy", policy, scheme, name) && !(x >= fewest && x <= 1 - fewest)) {
        return NAN;
    }
    return pc_view_value(view, pc_view_find(view, "policy", policy, scheme, gain), NULL, area, year);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median of the regions of which it is known. */
static double over_regions(const pc_view *view, const char *policy, const pc_gains_row *row, const char *name, int year)
{
    double *all = malloc((size_t)view->n_areas * sizeof *all), out = NAN;
    size_t n = 0;

    for (int a = 0; all && a < view->n_areas; a++) {
        const double x = !pc_view_is_region(view, a) ? NAN
                         : row->controlled           ? controlled_gain(view, policy, row->scheme, name, a, year)
                                                     : sampled_gain(view, policy, row->scheme, name, a, year);
        if (!isnan(x)) {
            all[n++] = x;
        }
    }
    if (n > 0) {
        qsort(all, n, sizeof *all, ascending);
        out = 0.5 * (all[(n - 1) / 2] + all[n / 2]);
    }
    free(all);
    return out;
}

static void find_years(const pc_view *view, pc_gains *gains)
{
    int usual[PC_VIEW_N_YEARS];
    const pc_dataset *set = NULL;

    for (size_t s = 0; s < 2 && !set; s++) {
        set = pc_view_find(view, "policy", view->policies[0], pc_view_schemes[s], "balance_controlled");
    }
    for (int year = view->first_year; set && year <= view->last_year && gains->n_years < PC_GAINS_YEARS; year++) {
        if (!isnan(pc_view_value(view, set, NULL, view->n_areas - 1, year))) {
            gains->years[gains->n_years++] = year;
        }
    }
    gains->has_controlled = gains->n_years > 0;
    if (!gains->has_controlled) {
        gains->n_years = pc_view_usual_years(view, usual);
        memcpy(gains->years, usual, (size_t)gains->n_years * sizeof *usual);
    }
}

void pc_gains_find(const pc_view *view, pc_gains *gains)
{
    const char *policy = view->policies[view->baseline < 0 ? 0 : view->baseline];
    const int sampled = pc_view_number(view, "replicates", 0) > 0;

    *gains = (pc_gains){0};
    if (!(pc_view_number(view, "paths", 0) > 1)) {
        return;
    }
    find_years(view, gains);
    for (size_t s = 0; s < 2; s++) {
        for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
            for (int controlled = !sampled || !measures[m].always; controlled <= gains->has_controlled; controlled++) {
                pc_gains_row *row = &gains->rows[gains->n_rows];
                int any = 0;

                *row =
                    (pc_gains_row){.scheme = pc_view_schemes[s], .label = measures[m].label, .controlled = controlled};
                for (int i = 0; i < gains->n_years; i++) {
                    const int year = gains->years[i], whole = view->n_areas - 1;
                    row->gain[i] = measures[m].median ? over_regions(view, policy, row, measures[m].name, year)
                                   : controlled
                                       ? controlled_gain(view, policy, row->scheme, measures[m].name, whole, year)
                                       : sampled_gain(view, policy, row->scheme, measures[m].name, whole, year);
                    any |= !isnan(row->gain[i]);
                }
                gains->n_rows += any;
            }
        }
    }
}

void pc_gains_put(const pc_view *view, pc_json *json)
{
    pc_gains gains;

    pc_gains_find(view, &gains);
    pc_json_open(json, "gains", '{');
    pc_json_open(json, "years", '[');
    for (int i = 0; i < gains.n_years; i++) {
        pc_json_put_integer(json, NULL, gains.years[i]);
    }
    pc_json_close(json, ']');
    pc_json_open(json, "rows", '[');
    for (int r = 0; r < gains.n_rows; r++) {
        pc_json_open(json, NULL, '[');
        pc_json_put_text(json, NULL, pc_scheme_text(gains.rows[r].scheme));
        pc_json_put_text(json, NULL, _(gains.rows[r].label));
        pc_json_put_integer(json, NULL, gains.rows[r].controlled);
        for (int i = 0; i < gains.n_years; i++) {
            pc_json_put_number(json, NULL, gains.rows[r].gain[i]);
        }
        pc_json_close(json, ']');
    }
    pc_json_close(json, ']');
    pc_json_close(json, '}');
}
