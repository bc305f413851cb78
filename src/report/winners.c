/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/winners.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/format.h"
#include "report/listing_inner.h"
#include "report/tables.h"

enum { N_SCHEMES = 3, USUAL_YEAR = 2040 };
enum { CHANCE, MONTHS, TRANSFER, GIVING, N_MEASURES };

static const struct measure {
    const char *shown, *tree, *name, *unit;
} measures[N_MEASURES] = {
    [CHANCE] = {"depleted_by_difference", "difference", "depleted_by", "1"},
    [MONTHS] = {"reserve_months_difference", "difference", "reserve_months", "months"},
    [TRANSFER] = {"net_transfer_to_date", "policy", "net_transfer_to_date", "yuan/person"},
    [GIVING] = {"depleted_by_giving", "policy", "depleted_by_giving", "1"},
};

typedef struct winner {
    int area;
    double value[N_MEASURES], error[N_MEASURES];
} winner;

typedef struct winners {
    pc_view view;
    const pc_winners_options *options;
    int year, started; /* started: a table was printed */
    FILE *out;
    pc_json json;
    winner *list; /* room for all areas */
    int n;
    const char *policy, *scheme;
    pc_turn turn;
} winners;

static double order_of(double x)
{
    return isnan(x) ? 0 : x;
}

static int by_gain(const void *a, const void *b)
{
    const winner *x = a, *y = b;
    const double chance = order_of(x->value[CHANCE]) - order_of(y->value[CHANCE]),
                 months = order_of(y->value[MONTHS]) - order_of(x->value[MONTHS]);

    return chance < 0 ? -1 : chance > 0 ? 1 : months < 0 ? -1 : months > 0 ? 1 : x->area - y->area;
}

pc_turn pc_winners_turn(const pc_view *view, const char *policy, const char *scheme)
{
    static const char name[] = "member_weighted_depletion_by";
    const pc_dataset *value = pc_view_find(view, "difference", policy, scheme, name),
                     *error = pc_view_error(view, "difference", policy, scheme, name);
    pc_turn turn = {0, 0};

    for (int year = view->first_year; year <= view->last_year && !turn.stops; year++) {
        const double d = pc_view_value(view, value, NULL, 0, year), se = pc_view_value(view, error, NULL, 0, year);
        if (d < 0 && d < -2 * se) {
            turn.helps_from = turn.helps_from ? turn.helps_from : year;
        } else if (d > 0 && d > 2 * se && turn.helps_from) {
            turn.stops = year;
        }
    }
    return turn;
}

static void collect(winners *self)
{
    const pc_view *view = &self->view;

    self->n = 0;
    for (int area = 0; area < view->n_areas; area++) {
        winner *w = self->list + self->n;
        if (!pc_view_is_region(view, area)) {
            continue;
        }
        w->area = area;
        for (int m = 0; m < N_MEASURES; m++) {
            const struct measure *measure = measures + m;
            const pc_dataset *value = pc_view_find(view, measure->tree, self->policy, self->scheme, measure->name);
            const pc_dataset *error = pc_view_error(view, measure->tree, self->policy, self->scheme, measure->name);
            w->value[m] = pc_view_value(view, value, "mean", area, self->year);
            w->error[m] = error ? pc_view_value(view, error, NULL, area, self->year)
                                : pc_view_value(view, value, "se", area, self->year);
        }
        self->n++;
    }
    qsort(self->list, (size_t)self->n, sizeof *self->list, by_gain);
    self->turn = pc_winners_turn(view, self->policy, self->scheme);
}

/* ---- tables ---------------------------------------------------------------------------------------------------------
 */

static int is_beyond(const winner *w, int m, int sign)
{
    return sign * w->value[m] > 0 && sign * w->value[m] > 2 * w->error[m];
}

/* Nothing differs from the baseline and nothing is given. Months may differ in their last digits. */
static int is_same(const winners *self)
{
    for (int i = 0; i < self->n; i++) {
        const winner *w = self->list + i;
        if (w->value[CHANCE] != 0 || fabs(w->value[MONTHS]) > 1e-6 || fabs(w->value[TRANSFER]) > 1e-6) {
            return 0;
        }
    }
    return 1;
}

static void print_turn(const winners *self)
{
    const pc_turn turn = self->turn;

    if (turn.stops) {
        fprintf(self->out, _("  year in which it stops helping members: %d%s (helps from %d)\n"), turn.stops,
                turn.stops > 2040 ? "*" : "", turn.helps_from);
    } else if (turn.helps_from) {
        fprintf(self->out,
                _("  year in which it stops helping members: not within the horizon (helps from %d, run to %d)\n"),
                turn.helps_from, self->view.last_year);
    } else {
        fputs(_("  year in which it stops helping members: not within the horizon (it never helps beyond two standard "
                "errors)\n"),
              self->out);
    }
}

static pc_code print_table(winners *self, pc_status *status)
{
    const pc_view *view = &self->view;
    const char *title = pc_view_policy_shown(view, self->policy);
    pc_text_table *table;
    int gain = 0, lose = 0;
    pc_code code;

    fprintf(self->out, "%s%s, %s%s%s\n", self->started++ ? "\n" : "", self->policy, self->scheme, *title ? ": " : "",
            title);
    if (is_same(self)) {
        fprintf(self->out, _("  the same as %s\n"), view->policies[view->baseline]);
        return PC_OK;
    }
    table = pc_text_table_new();
    pc_text_table_column(table, 0, "%s", _("region"));
    pc_text_table_column(table, 1, _("run out by %d%s, points"), self->year, self->year > 2040 ? "*" : "");
    pc_text_table_column(table, 1, "%s", _("reserve, months"));
    pc_text_table_column(table, 1, "%s", _("received to date, yuan a member"));
    pc_text_table_column(table, 1, "%s", _("run dry by giving"));
    for (int i = 0; i < self->n; i++) {
        const winner *w = self->list + i;
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", pc_view_area_shown(view, w->area));
        pc_text_table_cell(table, "%s", pc_figure_points(w->value[CHANCE], w->error[CHANCE]).text);
        pc_text_table_cell(table, "%s", pc_figure_months(w->value[MONTHS], w->error[MONTHS]).text);
        if (isnan(w->value[TRANSFER]) || isnan(w->error[TRANSFER]) || fabs(w->value[TRANSFER]) < 0.5) {
            pc_text_table_cell(table, "%s", isnan(w->value[TRANSFER]) ? "-" : "0");
        } else {
            pc_text_table_cell(table, "%s ±%s", pc_figure_number(w->value[TRANSFER], 0, 1).text,
                               pc_figure_number(w->error[TRANSFER], 0, 0).text);
        }
        pc_text_table_cell(table, "%s", pc_figure_chance(w->value[GIVING], w->error[GIVING], 0).text);
        gain += is_beyond(w, CHANCE, -1);
        lose += is_beyond(w, CHANCE, 1);
    }
    code = pc_text_table_print(table, self->out, 2, status);
    fprintf(self->out, _("  %d gain, %d lose, %d neither\n"), gain, lose, self->n - gain - lose);
    print_turn(self);
    return code;
}

/* ---- CSV and JSON ---------------------------------------------------------------------------------------------------
 */

static void one_row(winners *self, const char *area, int year, const char *measure, const char *statistic,
                    const char *unit, double value)
{
    const pc_listing_number row = {.policy = self->policy,
                                   .scheme = self->scheme,
                                   .area = area,
                                   .measure = measure,
                                   .statistic = statistic,
                                   .unit = strcmp(unit, "1") == 0 ? "" : unit,
                                   .year = year,
                                   .value = value};

    if (self->options->format == PC_LISTING_CSV) {
        pc_listing_csv_row(self->out, &row);
    } else {
        pc_listing_json_row(&self->json, &row);
    }
}

static void write_rows(winners *self)
{
    for (int i = 0; i < self->n; i++) {
        const winner *w = self->list + i;
        const char *area = ((char *const *)self->view.region->coordinates)[w->area];
        for (int m = 0; m < N_MEASURES; m++) {
            one_row(self, area, self->year, measures[m].shown, "value", measures[m].unit, w->value[m]);
            one_row(self, area, self->year, measures[m].shown, "se", measures[m].unit, w->error[m]);
        }
    }
    one_row(self, "", 0, "helps_from", "value", "year", self->turn.helps_from ? self->turn.helps_from : NAN);
    one_row(self, "", 0, "stops_helping", "value", "year", self->turn.stops ? self->turn.stops : NAN);
}

/* ---- choices --------------------------------------------------------------------------------------------------------
 */

static pc_code check(winners *self, pc_status *status)
{
    const pc_winners_options *options = self->options;
    const pc_view *view = &self->view;
    const char *names[PC_VIEW_MAX_POLICIES];
    int known_policy = !options->policy, known_scheme = !options->scheme;

    if (view->baseline < 0 || view->n_policies < 2) {
        return pc_fail(status, PC_ERR_INPUT, "the file has no policy besides its baseline: nobody gains or loses");
    }
    if (pc_view_central_only(view)) {
        return pc_fail(status, PC_ERR_INPUT, "the file has the central path only: chances need a run with paths");
    }
    for (int p = 0; p < view->n_policies; p++) {
        names[p] = view->policies[p];
        known_policy = known_policy || strcmp(options->policy, names[p]) == 0;
    }
    if (!known_policy) {
        return pc_listing_unknown(status, N_("policy"), options->policy, names, (size_t)view->n_policies);
    }
    if (options->policy && strcmp(options->policy, names[view->baseline]) == 0) {
        return pc_fail(status, PC_ERR_INPUT, "policy '%s' is the baseline: nobody gains or loses against itself",
                       options->policy);
    }
    for (int s = 0; s < N_SCHEMES; s++) {
        known_scheme = known_scheme || strcmp(options->scheme, pc_view_schemes[s]) == 0;
    }
    if (!known_scheme) {
        return pc_listing_unknown(status, N_("scheme"), options->scheme, pc_view_schemes, N_SCHEMES);
    }
    self->year = options->year                   ? options->year
                 : view->last_year < USUAL_YEAR  ? view->last_year
                 : view->first_year > USUAL_YEAR ? view->first_year
                                                 : USUAL_YEAR;
    if (self->year < view->first_year || self->year > view->last_year) {
        return pc_fail(status, PC_ERR_INPUT, "year %d: allowed %d to %d", self->year, view->first_year,
                       view->last_year);
    }
    return PC_OK;
}

static void write_head(winners *self)
{
    const pc_view *view = &self->view;
    const char *baseline = view->policies[view->baseline];

    if (self->options->format == PC_LISTING_CSV) {
        pc_listing_csv_head(self->out);
    } else if (self->options->format == PC_LISTING_JSON) {
        self->json = pc_listing_json_begin(view, self->out);
        pc_json_break(&self->json, "\n");
        pc_json_open(&self->json, "rows", '[');
    } else {
        fprintf(self->out,
                _("Who gains and who loses against %s by %d, on the same paths, from the biggest gain to the biggest "
                  "loss.\n"
                  "± is one standard error; gain and lose count changes of the chance beyond two.\n\n"),
                baseline, self->year);
    }
}

pc_code pc_report_winners(const pc_results *results, const pc_winners_options *options, FILE *out, pc_status *status)
{
    winners *self = pc_calloc(1, sizeof *self);
    pc_code code;

    if (!self) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a table");
    }
    self->options = options;
    self->out = out;
    code = pc_view_open(results, &self->view, status);
    code = code ? code : check(self, status);
    if (code) {
        goto out;
    }
    self->list = pc_calloc((size_t)self->view.n_areas, sizeof *self->list);
    if (!self->list) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for a table");
        goto out;
    }
    write_head(self);
    for (int p = 0; !code && p < self->view.n_policies; p++) {
        self->policy = self->view.policies[p];
        if (p == self->view.baseline || (options->policy && strcmp(options->policy, self->policy) != 0)) {
            continue;
        }
        for (int s = 0; !code && s < N_SCHEMES; s++) {
            self->scheme = pc_view_schemes[s];
            if (options->scheme ? strcmp(options->scheme, self->scheme) != 0 : s == N_SCHEMES - 1) {
                continue;
            }
            collect(self);
            if (options->format == PC_LISTING_TABLE) {
                code = print_table(self, status);
            } else {
                write_rows(self);
            }
        }
    }
    if (!code && options->format == PC_LISTING_JSON) {
        pc_listing_json_end(&self->json);
    } else if (!code && options->format == PC_LISTING_TABLE && self->view.last_year > 2040) {
        fprintf(out, "%s\n", _("* from the 2040s on: present rules unchanged, not a forecast."));
    }
out:
    pc_free(self->list);
    pc_free(self);
    return code;
}
