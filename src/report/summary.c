/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "report/format.h"
#include "report/gains.h"
#include "report/regions.h"
#include "report/tables.h"
#include "report/topics.h"
#include "report/view.h"
#include "report/uncertain.h"

enum { WIDTH = 110, COMPARED_YEAR = 2040, SENTENCES = 3 };
static const char *const schemes[] = {"employee", "resident"};
static const char *const scheme_titles[] = {N_("Employee scheme"), N_("Resident scheme")};

typedef struct summary {
    pc_view view;
    FILE *out;
    int n_years, years[PC_VIEW_N_YEARS], compared; /* compared: the year in which policies are compared */
    int central_only;                              /* no paths: there is only the central path, and no chance */
} summary;

static void choose_years(summary *self)
{
    self->n_years = pc_view_usual_years(&self->view, self->years);
    self->compared = self->years[self->n_years - 1];
    for (int i = 0; i < self->n_years; i++) {
        if (self->years[i] == COMPARED_YEAR) {
            self->compared = self->years[i];
        }
    }
}

/* Notes hold paragraphs of one language after the other, wrapped by hand. The first sentences of those in the reader's
 * language, of any where there are none. A line belongs to Chinese when it has more than a few Chinese characters. */
static int is_chinese(const char *line)
{
    size_t n = 0, length = strcspn(line, "\n");

    for (size_t i = 0; i < length; i++) {
        n += (unsigned char)line[i] >= 0xe3 && (unsigned char)line[i] <= 0xe9;
    }
    return n > 0 && 8 * n > length;
}

static size_t first_sentences(const char *note, int chinese, int left, char *text, size_t size)
{
    size_t n = 0;

    for (const char *line = note; *line && left > 0; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t length = strcspn(line, "\n");
        if (chinese >= 0 && length > 0 && is_chinese(line) != chinese) {
            continue;
        }
        if (n > 0 && text[n - 1] != ' ' && (unsigned char)text[n - 1] < 0x80 && n + 1 < size) {
            text[n++] = ' '; /* sentences run over line ends; Chinese needs no blank there */
        }
        for (size_t i = 0; i < length && left > 0 && n + 4 < size; i++) {
            text[n++] = line[i];
            if (strncmp(line + i, "。", 3) == 0) {
                text[n++] = line[++i];
                text[n++] = line[++i];
                left--;
            } else if (line[i] == '.' && (i + 1 == length || line[i + 1] == ' ')) {
                left--;
            }
        }
    }
    text[n] = 0;
    return n;
}

static void print_note(const summary *self)
{
    const char *note = pc_view_text(&self->view, "comment");
    char text[1024];

    if (first_sentences(note, pc_language_is_chinese(), SENTENCES, text, sizeof text) == 0) {
        first_sentences(note, -1, SENTENCES, text, sizeof text);
    }
    if (*text) {
        pc_text_wrap(self->out, text, 2, WIDTH);
    }
}

static void print_heading(const summary *self)
{
    const pc_view *view = &self->view;
    const char *title = pc_view_title_shown(view);
    char paths[48], names[256], text[640];
    const int n_uncertain = pc_uncertain_parameters(view, names, sizeof names);
    double n = pc_view_number(view, "paths", NAN);
    int width = 0;

    fprintf(self->out, "%s\n", *title ? title : _("(no title)"));
    pc_format_grouped(paths, sizeof paths, n, 0);
    if (n > 0) {
        fprintf(self->out, _("%d to %d, %s paths, seed %s; ± is one standard error of the simulation\n"),
                view->first_year, view->last_year, paths, pc_view_text(view, "seed"));
    } else {
        fprintf(self->out, _("%d to %d, central path only: no chances, no errors\n"), view->first_year,
                view->last_year);
    }
    if (n > 0 && pc_view_number(view, "replicates", 0) > 0) {
        pc_format_grouped(paths, sizeof paths, pc_view_number(view, "replicate_paths", 0), 0);
        fprintf(self->out,
                _("Sampling %s: %d independent replicates of %s paths, from whose differences the errors come\n"),
                pc_view_text(view, "sampling"), (int)pc_view_number(view, "replicates", 0), paths);
    }
    if (n > 0 && n_uncertain > 0) {
        snprintf(text, sizeof text,
                 _("Not known exactly and drawn once a path: %d parameters, of %s. Their keys end in _se in the "
                   "scenario; the others are taken as known."),
                 n_uncertain, names);
        pc_text_wrap(self->out, text, 2, WIDTH);
    }
    print_note(self);
    for (int p = 0; p < view->n_policies; p++) {
        int length = (int)strlen(view->policies[p]);
        width = length > width ? length : width;
    }
    fputs(_("\nPolicies\n"), self->out);
    for (int p = 0; p < view->n_policies; p++) {
        fprintf(self->out, "  %-*s  ", width, view->policies[p]);
        fprintf(self->out, p == view->baseline ? _("%s  (baseline: the others are compared with it)\n") : "%s\n",
                pc_view_policy_shown(view, view->policies[p]));
    }
}

/* First year in which the whole's chance of having run out reaches `share`; 0: not within the horizon. */
static int depletion_year(const summary *self, const char *policy, const char *scheme, double share)
{
    return pc_view_share_year(&self->view, pc_view_find(&self->view, "policy", policy, scheme, "depleted_by"),
                              self->view.n_areas - 1, share);
}

/* The measure of depletion that weighs members: ever until the year where the file has it, else in the year. */
static const char *weighted_name(const summary *self, const char *scheme, int *by)
{
    *by = pc_view_find(&self->view, "policy", self->view.policies[0], scheme, "member_weighted_depletion_by") != NULL;
    return *by ? "member_weighted_depletion_by" : "member_weighted_depletion";
}

static double error_of(const summary *self, const char *tree, const char *policy, const char *scheme, const char *name,
                       int year)
{
    const pc_view *view = &self->view;
    const pc_dataset *error = pc_view_error(view, tree, policy, scheme, name);

    if (self->central_only) {
        return NAN;
    }
    return error ? pc_view_value(view, error, NULL, view->n_areas - 1, year)
                 : pc_view_value(view, pc_view_find(view, tree, policy, scheme, name), "se", view->n_areas - 1, year);
}

static double value_of(const summary *self, const char *tree, const char *policy, const char *scheme, const char *name,
                       const char *statistic, int year)
{
    const pc_view *view = &self->view;

    if (self->central_only && statistic) {
        statistic = strcmp(statistic, "mean") == 0 || strcmp(statistic, "central") == 0 ? "central" : "none";
    }
    return pc_view_value(view, pc_view_find(view, tree, policy, scheme, name), statistic, view->n_areas - 1, year);
}

/* Whether a policy differs from the baseline in this scheme by more than rounding: by what its summary shows. */
static int is_different(const summary *self, const char *policy, const char *scheme)
{
    static const char *const names[] = {"depleted_by", "balance", "treasury_net", "treasury_gross"};
    const pc_view *view = &self->view;
    int found = 0;

    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        const pc_dataset *value = pc_view_find(view, "difference", policy, scheme, names[n]);
        const pc_dataset *base = pc_view_find(view, "policy", policy, scheme, names[n]);
        double scale = 0, largest = 0;
        found = found || value != NULL;
        for (int area = 0; value && area < view->n_areas; area++) {
            for (int y = view->first_year; y <= view->last_year; y++) {
                /* a run of the central path alone has no mean; fmax leaves NaN out */
                scale = fmax(scale, fabs(pc_view_value(view, base, "mean", area, y)));
                scale = fmax(scale, fabs(pc_view_value(view, base, "central", area, y)));
                largest = fmax(largest, fabs(pc_view_value(view, value, "mean", area, y)));
                largest = fmax(largest, fabs(pc_view_value(view, value, "central", area, y)));
            }
        }
        if (largest > 1e-9 * scale) {
            return 1;
        }
    }
    return !found; /* nothing to tell it by: show it */
}

/* Policies that this scheme's tables show: the baseline and those that differ from it. */
static int is_shown(const summary *self, int p, const char *scheme)
{
    return self->view.baseline < 0 || p == self->view.baseline || is_different(self, self->view.policies[p], scheme);
}

/* The scheme's name, and the policies that change nothing in it. */
static void print_scheme(const summary *self, const char *scheme, const char *title)
{
    char names[1024] = "";
    size_t used = 0;

    for (int p = 0; p < self->view.n_policies && used < sizeof names; p++) {
        if (!is_shown(self, p, scheme)) {
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? _(", ") : "",
                                     self->view.policies[p]);
        }
    }
    fprintf(self->out, used ? _("\n%s: the same as the baseline under %s\n") : "\n%s\n", title, names);
}

static pc_code print_chances(const summary *self, const char *scheme, pc_status *status)
{
    const pc_view *view = &self->view;
    pc_text_table *table;
    int by;
    const char *name = weighted_name(self, scheme, &by);

    if (self->central_only) {
        return PC_OK;
    }
    table = pc_text_table_new();
    fputs(
        by ? _("  Left: chance that the fund paying a member's claims has run out at least once by the end of the year "
               "(weighted by members).\n")
           : _("  Left: chance that the fund paying a member's claims is out of money in the year (weighted by "
               "members).\n"),
        self->out);
    fputs(_("  Right: structural shortfall, the chance that some region is short in the year while all together are "
            "not.\n"),
          self->out);
    pc_text_table_column(table, 0, "%s", _("policy"));
    for (int i = 0; i < self->n_years; i++) {
        pc_text_table_column(table, 1, by ? _("by %d%s") : _("in %d%s"), self->years[i],
                             self->years[i] > 2040 ? "*" : "");
    }
    for (int i = 0; i < self->n_years; i++) {
        pc_text_table_column(table, 1, "%d%s", self->years[i], self->years[i] > 2040 ? "*" : "");
    }
    for (int p = 0; p < view->n_policies; p++) {
        const char *policy = view->policies[p];
        if (!is_shown(self, p, scheme)) {
            continue;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", policy);
        for (int i = 0; i < self->n_years; i++) {
            double chance = value_of(self, "policy", policy, scheme, name, "mean", self->years[i]);
            double error = error_of(self, "policy", policy, scheme, name, self->years[i]);
            pc_text_table_cell(table, "%s", pc_figure_chance(chance, error, 0).text);
        }
        for (int i = 0; i < self->n_years; i++) {
            double chance = value_of(self, "policy", policy, scheme, "structural_shortfall", NULL, self->years[i]);
            double error = error_of(self, "policy", policy, scheme, "structural_shortfall", self->years[i]);
            pc_text_table_cell(table, "%s", pc_figure_chance(chance, error, 1).text);
        }
    }
    return pc_text_table_print(table, self->out, 4, status);
}

static int has_rescues(const summary *self, const char *scheme)
{
    for (int p = 0; p < self->view.n_policies; p++) {
        double mean = value_of(self, "policy", self->view.policies[p], scheme, "treasury_gross", "mean", 0);
        if (!isnan(mean) && mean != 0) {
            return 1;
        }
    }
    return 0;
}

static void money_cells(const summary *self, pc_text_table *table, const char *policy, const char *scheme,
                        const char *name)
{
    double mean = value_of(self, "policy", policy, scheme, name, "mean", 0);
    double error = value_of(self, "policy", policy, scheme, name, "se", 0);
    double worst = value_of(self, "policy", policy, scheme, name, "var", 0);

    pc_text_table_cell(table, "%s", pc_figure_money(mean, error, 0).text);
    if (!self->central_only) {
        pc_text_table_cell(table, "%s", pc_figure_money(worst, NAN, 0).text);
    }
}

static void money_columns(const summary *self, pc_text_table *table, const char *name, double worst)
{
    pc_text_table_column(table, 1, "%s%s", name, self->view.last_year > 2040 ? "*" : "");
    if (!self->central_only) {
        pc_text_table_column(table, 1, _("worst %.3g %% above"), worst);
    }
}

static pc_code print_costs(const summary *self, const char *scheme, pc_status *status)
{
    static const double shares[] = {0.1, 0.5, 0.9};
    const pc_view *view = &self->view;
    pc_text_table *table = pc_text_table_new();
    double worst = 100 * (1 - pc_view_number(view, "treasury_alpha", 0.95));
    int rescues = has_rescues(self, scheme), last = view->last_year;
    char text[1024];

    snprintf(
        text, sizeof text, C_("two sentences", "%s %s"),
        self->central_only
            ? _("All accounts together: on the central path (no average, near the median) the first deficit and the "
                "first overdraft.")
            : /* xgettext:no-c-format */
            _("All accounts together: the year by which they have run out on 10, 50, 90 % of paths; on the central "
              "path (no average, near the median) the first deficit and the first overdraft."),
        rescues
            ? _("Cost to the treasury over the whole run, present value, 100 million yuan (亿元), rescues and net of "
                "what is left at the end:")
            : _("Cost to the treasury over the whole run, present value, 100 million yuan (亿元); no policy here has "
                "rescues: net cost is the debt less what is left:"));
    pc_text_wrap(self->out, text, 2, WIDTH);
    pc_text_table_column(table, 0, "%s", _("policy"));
    for (int q = 0; q < 3 && !self->central_only; q++) {
        pc_text_table_column(table, 1, "%g %%", 100 * shares[q]);
    }
    pc_text_table_column(table, 1, "%s", _("deficit"));
    pc_text_table_column(table, 1, "%s", _("overdraft"));
    if (rescues) {
        money_columns(self, table, _("rescues"), worst);
    }
    money_columns(self, table, _("net cost"), worst);
    for (int p = 0; p < view->n_policies; p++) {
        const char *policy = view->policies[p];
        pc_turning turning;
        if (!is_shown(self, p, scheme)) {
            continue;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", policy);
        for (int q = 0; q < 3 && !self->central_only; q++) {
            pc_text_table_cell(table, "%s", pc_figure_year(depletion_year(self, policy, scheme, shares[q]), last).text);
        }
        turning = pc_view_turning(view, policy, scheme);
        pc_text_table_cell(table, "%s", pc_figure_year(turning.deficit, last).text);
        pc_text_table_cell(table, "%s", pc_figure_year(turning.overdraft, last).text);
        if (rescues) {
            money_cells(self, table, policy, scheme, "treasury_gross");
        }
        money_cells(self, table, policy, scheme, "treasury_net");
    }
    return pc_text_table_print(table, self->out, 4, status);
}

static void difference_cell(const summary *self, pc_text_table *table, const char *policy, const char *scheme,
                            const char *name, int year)
{
    pc_text_table_cell(table, "%s",
                       pc_figure_points(value_of(self, "difference", policy, scheme, name, "mean", year),
                                        error_of(self, "difference", policy, scheme, name, year))
                           .text);
}

static void money_difference_cell(const summary *self, pc_text_table *table, const char *policy, const char *scheme,
                                  const char *name)
{
    pc_text_table_cell(table, "%s",
                       pc_figure_money(value_of(self, "difference", policy, scheme, name, "mean", 0),
                                       value_of(self, "difference", policy, scheme, name, "se", 0), 1)
                           .text);
}

static pc_code print_differences(const summary *self, const char *scheme, pc_status *status)
{
    const pc_view *view = &self->view;
    pc_text_table *table;
    int by, shown = 0, year = self->compared, rescues = has_rescues(self, scheme);
    const char *name = weighted_name(self, scheme, &by);

    for (int p = 0; p < view->n_policies; p++) {
        shown += p != view->baseline && is_shown(self, p, scheme);
    }
    if (shown == 0 || view->baseline < 0) {
        return PC_OK;
    }
    table = pc_text_table_new();
    fprintf(self->out,
            self->central_only ? _("  Difference to %s in %d on the central path; the treasury's over the whole run:\n")
                               : _("  Difference to %s in %d on the same paths, chances in points; the treasury's over "
                                   "the whole run:\n"),
            view->policies[view->baseline], year);
    pc_text_table_column(table, 0, "%s", _("policy"));
    if (!self->central_only) {
        pc_text_table_column(table, 1, "%s", _("members' funds out of money"));
        pc_text_table_column(table, 1, "%s", _("structural shortfall"));
    }
    pc_text_table_column(table, 1, "%s", _("months of reserve, all"));
    if (rescues) {
        pc_text_table_column(table, 1, "%s", _("rescues, 100m yuan"));
    }
    pc_text_table_column(table, 1, "%s", _("net cost, 100m yuan"));
    for (int p = 0; p < view->n_policies; p++) {
        const char *policy = view->policies[p];
        if (p == view->baseline || !is_shown(self, p, scheme)) {
            continue;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", policy);
        if (!self->central_only) {
            difference_cell(self, table, policy, scheme, name, year);
            difference_cell(self, table, policy, scheme, "structural_shortfall", year);
        }
        pc_text_table_cell(
            table, "%s",
            pc_figure_months(value_of(self, "difference", policy, scheme, "reserve_months", "mean", year),
                             value_of(self, "difference", policy, scheme, "reserve_months", "se", year))
                .text);
        if (rescues) {
            money_difference_cell(self, table, policy, scheme, "treasury_gross");
        }
        money_difference_cell(self, table, policy, scheme, "treasury_net");
    }
    return pc_text_table_print(table, self->out, 4, status);
}

/* What sampling and control variates were worth. */
static pc_code print_gains(const summary *self, const pc_gains *gains, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    fputs(_("\nPrecision: how many independent paths a path is worth, for the baseline (their variance over the "
            "estimate's)\n"),
          self->out);
    pc_text_table_column(table, 0, "%s", _("estimate"));
    for (int i = 0; i < gains->n_years; i++) {
        pc_text_table_column(table, 1, "%d%s", gains->years[i], gains->years[i] > 2040 ? "*" : "");
    }
    for (int r = 0; r < gains->n_rows; r++) {
        const pc_gains_row *row = &gains->rows[r];
        pc_text_table_row(table);
        pc_text_table_cell(table, row->controlled ? _("%1$s: %2$s, with control variates") : _("%1$s: %2$s"),
                           pc_scheme_text(row->scheme), _(row->label));
        for (int i = 0; i < gains->n_years; i++) {
            if (isnan(row->gain[i])) {
                pc_text_table_cell(table, "-");
            } else {
                pc_text_table_cell(table, row->gain[i] < 9.95 ? "%.1f" : "%.0f", row->gain[i]);
            }
        }
    }
    return pc_text_table_print(table, self->out, 4, status);
}

/* The better estimates of the chances that the tables above begin with. */
static pc_code print_controlled(const summary *self, const pc_gains *gains, pc_status *status)
{
    static const char name[] = "member_weighted_depletion_by_controlled";
    const pc_view *view = &self->view;
    pc_text_table *table = pc_text_table_new();

    fputs(_("  With control variates: chance that the fund paying a member's claims has run out by the end of the "
            "year\n"),
          self->out);
    pc_text_table_column(table, 0, "%s", _("policy"));
    for (int i = 0; i < gains->n_years; i++) {
        pc_text_table_column(table, 1, _("by %d%s"), gains->years[i], gains->years[i] > 2040 ? "*" : "");
    }
    for (size_t s = 0; s < sizeof schemes / sizeof *schemes; s++) {
        for (int p = 0; p < view->n_policies; p++) {
            const char *policy = view->policies[p];
            if (!pc_view_find(view, "policy", policy, schemes[s], name) || !is_shown(self, p, schemes[s])) {
                continue;
            }
            pc_text_table_row(table);
            pc_text_table_cell(table, _("%1$s: %2$s"), pc_scheme_text(schemes[s]), policy);
            for (int i = 0; i < gains->n_years; i++) {
                const double chance = value_of(self, "policy", policy, schemes[s], name, NULL, gains->years[i]);
                const double error = error_of(self, "policy", policy, schemes[s], name, gains->years[i]);
                pc_text_table_cell(table, "%s", pc_figure_chance(chance, error, 0).text);
            }
        }
    }
    return pc_text_table_print(table, self->out, 4, status);
}

static void print_next(const summary *self, const pc_report_options *options)
{
    const char *file = options && options->file ? options->file : "RESULTS.h5";

    fputc('\n', self->out);
    if (self->view.last_year > 2040) {
        fprintf(self->out, "%s ", _("* from the 2040s on: present rules unchanged, not a forecast."));
    }
    fprintf(self->out, _("'>%d': beyond the run."), self->view.last_year);
    if (!self->central_only) {
        fprintf(self->out, " %s", _("'<' before a chance: no path had the event, the bound is 3/n."));
    }
    fprintf(self->out,
            _("\nResults: %1$s   More: poolcast show %1$s --what list; poolcast show %1$s --what reserve_months --year "
              "%2$d;\n"
              "poolcast replay %1$s --path 7; the file opens in xarray, h5py, R and MATLAB.\n"),
            file, self->compared);
}

pc_code pc_report_summary(const pc_results *results, FILE *out, const pc_report_options *options, pc_status *status)
{
    summary self = {.out = out};
    pc_gains gains;
    pc_code code = pc_view_open(results, &self.view, status);

    if (code) {
        return code;
    }
    self.central_only = pc_view_central_only(&self.view);
    choose_years(&self);
    print_heading(&self);
    for (size_t s = 0; s < sizeof schemes / sizeof *schemes; s++) {
        char group[192];
        snprintf(group, sizeof group, "policy/%s/%s", self.view.policies[0], schemes[s]);
        if (!pc_results_find_group(results, group)) {
            continue;
        }
        print_scheme(&self, schemes[s], _(scheme_titles[s]));
        code = print_chances(&self, schemes[s], status);
        code = code ? code : print_costs(&self, schemes[s], status);
        code = code ? code : print_differences(&self, schemes[s], status);
        if (code) {
            return code;
        }
        if (!self.central_only) {
            pc_report_regions(&self.view, schemes[s], self.compared, out);
        }
    }
    pc_gains_find(&self.view, &gains);
    code = gains.n_rows > 0 ? print_gains(&self, &gains, status) : PC_OK;
    code = !code && gains.has_controlled ? print_controlled(&self, &gains, status) : code;
    if (code) {
        return code;
    }
    print_next(&self, options);
    return PC_OK;
}
