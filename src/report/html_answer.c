/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer in three sentences. Nothing is claimed that is not beyond two standard errors, a year whose chance is
 * within two standard errors of a half is given as a range of years. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "report/format.h"
#include "report/html_inner.h"
#include "report/topics.h"

enum { NEAR_YEAR = 2035, COMPARED_YEAR = 2040, YEARS_SIZE = 64 };

typedef struct source {
    const pc_view *view;
    const char *scheme;
    int near, compared; /* two years of the run: that of the last sentence's changes is `compared` */
} source;

typedef struct change {
    int index; /* policy or area; -1: none */
    double value, error;
} change;

static const char name_by[] = "member_weighted_depletion_by";

static const char *title_of(const pc_view *view, int policy)
{
    return pc_policy_title(view, view->policies[policy]);
}

static change read_event(const source *self, const char *tree, int policy, const char *name, int area, int year)
{
    const pc_view *view = self->view;
    const char *id = view->policies[policy];

    return (change){0, pc_view_value(view, pc_view_find(view, tree, id, self->scheme, name), NULL, area, year),
                    pc_view_value(view, pc_view_error(view, tree, id, self->scheme, name), NULL, area, year)};
}

/* "2042*", "2042-2043*" where the error leaves the year open, "a year after 2074". The star as in the tables. */
static void write_even_year(const source *self, int policy, int area, char *text)
{
    const pc_view *view = self->view;
    int from = 0, to = 0;

    for (int y = view->first_year; y <= view->last_year; y++) {
        change c = read_event(self, "policy", policy, "depleted_by", area, y);
        double slack = isnan(c.error) ? 0 : 2 * c.error;
        from = !from && c.value + slack >= 0.5 ? y : from;
        to = !to && c.value - slack >= 0.5 ? y : to;
    }
    if (!from) {
        snprintf(text, YEARS_SIZE, _("a year after %d"), view->last_year);
    } else if (!to) {
        snprintf(text, YEARS_SIZE, _("%d%s or later"), from, from > COMPARED_YEAR ? "*" : "");
    } else if (from < to) {
        snprintf(text, YEARS_SIZE, "%d–%d%s", from, to, to > COMPARED_YEAR ? "*" : "");
    } else {
        snprintf(text, YEARS_SIZE, "%d%s", from, from > COMPARED_YEAR ? "*" : "");
    }
}

/* The region whose chance of having run out is the first to reach a half; -1: none does. */
static int first_region(const source *self, int policy)
{
    const pc_view *view = self->view;
    double highest = 0;
    int found = -1;

    for (int y = view->first_year; y <= view->last_year && found < 0; y++) {
        for (int area = 0; area < view->n_areas; area++) {
            double chance = read_event(self, "policy", policy, "depleted_by", area, y).value;
            if (pc_view_is_region(view, area) && chance >= 0.5 && chance > highest) {
                highest = chance;
                found = area;
            }
        }
    }
    return found;
}

/* Figures are written for the terminal; on the page a minus is a minus. */
static pc_figure with_minus(pc_figure plain)
{
    pc_figure figure = plain;

    if (plain.text[0] == '-' && plain.text[1]) {
        snprintf(figure.text, sizeof figure.text, "−%.*s", PC_FIGURE_SIZE - 4, plain.text + 1);
    }
    return figure;
}

static pc_figure points(change c)
{
    return with_minus(pc_figure_points(c.value, c.error));
}

static void write_chances(const source *self, int baseline, char *text)
{
    const pc_view *view = self->view;
    const char *title = title_of(view, baseline);
    change near = read_event(self, "policy", baseline, name_by, 0, self->near);
    change far = read_event(self, "policy", baseline, name_by, 0, self->compared);
    pc_figure near_text = pc_figure_chance(near.value, near.error, 0);
    pc_figure far_text = pc_figure_chance(far.value, far.error, 0);
    int area = first_region(self, baseline);
    char years[YEARS_SIZE];

    if (isnan(far.value)) {
        return;
    }
    if (area < 0) {
        snprintf(
            text, PC_ANSWER_SIZE,
            _("Under “%1$s” the fund that pays a member's claims has run out of money at least once by %2$d with a "
              "chance of %3$s and by %4$d with a chance of %5$s; for no region is this more likely than not by "
              "%6$d."),
            title, self->near, near_text.text, self->compared, far_text.text, view->last_year);
        return;
    }
    write_even_year(self, baseline, area, years);
    snprintf(text, PC_ANSWER_SIZE,
             _("Under “%1$s” the fund that pays a member's claims has run out of money at least once by %2$d with a "
               "chance of %3$s and by %4$d with a chance of %5$s; the first region for which this is more likely than "
               "not is %6$s (%7$s)."),
             title, self->near, near_text.text, self->compared, far_text.text, pc_view_area_shown(view, area), years);
}

/* The policy that changes the members' chance most downwards (sign -1) or upwards, beyond two standard errors. */
static change strongest(const source *self, int baseline, int sign)
{
    change found = {-1, 0, 0};

    for (int p = 0; p < self->view->n_policies; p++) {
        change c = read_event(self, "difference", p, name_by, 0, self->compared);
        if (p != baseline && sign * c.value > sign * found.value && sign * c.value > 2 * c.error) {
            found = (change){p, c.value, c.error};
        }
    }
    return found;
}

static void write_comparison(const source *self, int baseline, change better, change worse, char *text)
{
    const pc_view *view = self->view;

    if (view->n_policies < 2 || view->baseline < 0) {
        snprintf(text, PC_ANSWER_SIZE, "%s", _("Only one policy was run, so there is nothing to compare."));
    } else if (better.index >= 0) {
        const char *title = title_of(view, better.index);
        pc_figure near = points(read_event(self, "difference", better.index, name_by, 0, self->near));
        if (worse.index >= 0) {
            snprintf(text, PC_ANSWER_SIZE,
                     _("“%1$s” lowers this chance most: it changes it by %2$s percentage points by %3$d and by %4$s by "
                       "%5$d; “%6$s” raises it most: by %7$s points by %5$d."),
                     title, near.text, self->near, points(better).text, self->compared, title_of(view, worse.index),
                     points(worse).text);
        } else {
            snprintf(text, PC_ANSWER_SIZE,
                     _("“%1$s” lowers this chance most: it changes it by %2$s percentage points by %3$d and by %4$s by "
                       "%5$d; no policy raises it beyond twice the simulation error."),
                     title, near.text, self->near, points(better).text, self->compared);
        }
    } else if (worse.index >= 0) {
        snprintf(text, PC_ANSWER_SIZE,
                 _("No policy lowers this chance by %1$d beyond twice the simulation error; “%2$s” raises it most: "
                   "by %3$s percentage points."),
                 self->compared, title_of(view, worse.index), points(worse).text);
    } else {
        snprintf(text, PC_ANSWER_SIZE,
                 _("None of the other policies changes this chance by %1$d beyond twice the simulation error (“%2$s” "
                   "is what they are compared with)."),
                 self->compared, title_of(view, baseline));
    }
}

/* By how much the whole's flow differs from the baseline's in the compared year, per cent; NaN when not known. */
static double flow_change(const source *self, int baseline, int policy, const char *name)
{
    const pc_view *view = self->view;
    int whole = view->n_areas - 1;
    double own = pc_view_read(view, "policy", view->policies[policy], self->scheme, name, whole, self->compared).value;
    double base =
        pc_view_read(view, "policy", view->policies[baseline], self->scheme, name, whole, self->compared).value;

    return base > 0 ? 100 * (own / base - 1) : NAN;
}

/* A chance also falls when less is paid or more is taken in, which is no merit of pooling: says so. */
static void write_flows(const source *self, int baseline, int policy, char *text)
{
    double spent = flow_change(self, baseline, policy, "expenditure"),
           taken = flow_change(self, baseline, policy, "revenue");

    if (policy != baseline && (fabs(spent) >= 0.5 || fabs(taken) >= 0.5)) {
        snprintf(text, PC_ANSWER_SIZE,
                 _("Under “%1$s” in %2$d the funds' own income changes by %3$s %% and what they pay for benefits by "
                   "%4$s %% against the baseline."),
                 title_of(self->view, policy), self->compared, with_minus(pc_figure_number(taken, 1, 1)).text,
                 with_minus(pc_figure_number(spent, 1, 1)).text);
    }
}

static void write_winners(const source *self, int baseline, int policy, char *text)
{
    const pc_view *view = self->view;
    const char *title = title_of(view, policy);
    change gain = {-1, 0, 0}, loss = {-1, 0, 0};
    char before[YEARS_SIZE], after[YEARS_SIZE], who[PC_ANSWER_SIZE], all[PC_ANSWER_SIZE];

    for (int area = 0; area < view->n_areas; area++) {
        change c = read_event(self, "difference", policy, "depleted_by", area, self->compared);
        if (pc_view_is_region(view, area) && fabs(c.value) > 2 * c.error) {
            gain = c.value < gain.value ? (change){area, c.value, c.error} : gain;
            loss = c.value > loss.value ? (change){area, c.value, c.error} : loss;
        }
    }
    write_even_year(self, baseline, view->n_areas - 1, before);
    write_even_year(self, policy, view->n_areas - 1, after);
    *who = 0;
    if (gain.index >= 0 && loss.index >= 0) {
        snprintf(who, sizeof who, _("Under “%1$s” %2$s gains most (%3$s points by %4$d) and %5$s loses most (%6$s)."),
                 title, pc_view_area_shown(view, gain.index), points(gain).text, self->compared,
                 pc_view_area_shown(view, loss.index), points(loss).text);
    } else if (gain.index >= 0) {
        snprintf(who, sizeof who,
                 _("Under “%1$s” %2$s gains most (%3$s points by %4$d) and no region loses beyond twice the error."),
                 title, pc_view_area_shown(view, gain.index), points(gain).text, self->compared);
    } else if (loss.index >= 0) {
        snprintf(who, sizeof who,
                 _("Under “%1$s” %2$s loses most (%3$s points by %4$d) and no region gains beyond twice the error."),
                 title, pc_view_area_shown(view, loss.index), points(loss).text, self->compared);
    }
    if (!*who) {
        snprintf(all, sizeof all,
                 _("All regions' accounts added up are more likely than not empty in %s; pooling moves money between "
                   "regions and creates none."),
                 before);
    } else if (strcmp(before, after) == 0) {
        snprintf(all, sizeof all,
                 _("All regions' accounts added up are more likely than not empty in %s, with this policy as without "
                   "it."),
                 before);
    } else {
        snprintf(all, sizeof all,
                 _("All regions' accounts added up are more likely than not empty in %1$s without this policy and in "
                   "%2$s with it."),
                 before, after);
    }
    snprintf(text, PC_ANSWER_SIZE, *who ? C_("two sentences", "%s %s") : "%s%s", who, all);
}

/* A run of the central path alone has no chances. */
static void write_central(const source *self, int policy, char *text)
{
    const pc_view *view = self->view;
    pc_turning turning = pc_view_turning(view, view->policies[policy], self->scheme);

    snprintf(
        text, PC_ANSWER_SIZE,
        _("Under “%1$s”, on the central path alone and so without any chance: all accounts together spend more than "
          "they take in for the first time in %2$s and are overdrawn for the first time in %3$s."),
        title_of(view, policy), pc_figure_year(turning.deficit, view->last_year).text,
        pc_figure_year(turning.overdraft, view->last_year).text);
}

static int inside(const pc_view *view, int year)
{
    return year < view->first_year ? view->first_year : year > view->last_year ? view->last_year : year;
}

static source source_of(const pc_view *view, const char *scheme)
{
    return (source){view, scheme, inside(view, NEAR_YEAR), inside(view, COMPARED_YEAR)};
}

/* The policy that helps members most, else the one that harms most, else the baseline. */
static int headline(int baseline, change better, change worse)
{
    return better.index >= 0 ? better.index : worse.index >= 0 ? worse.index : baseline;
}

int pc_html_headline(const pc_view *view, const char *scheme)
{
    source self = source_of(view, scheme);
    int baseline = view->baseline < 0 ? 0 : view->baseline;

    return headline(baseline, strongest(&self, baseline, -1), strongest(&self, baseline, 1));
}

void pc_html_answer(const pc_view *view, const char *scheme, pc_answer *answer)
{
    source self = source_of(view, scheme);
    int baseline = view->baseline < 0 ? 0 : view->baseline;

    memset(answer, 0, sizeof *answer);
    answer->leads[0] = _("How likely?");
    answer->leads[1] = _("What helps?");
    answer->leads[2] = _("Who gains, who loses?");
    if (pc_view_central_only(view)) {
        answer->leads[0] = _("When?");
        write_central(&self, baseline, answer->sentences[0]);
        return;
    }
    write_chances(&self, baseline, answer->sentences[0]);
    if (*answer->sentences[0]) {
        change better = strongest(&self, baseline, -1), worse = strongest(&self, baseline, 1);
        write_comparison(&self, baseline, better, worse, answer->sentences[1]);
        if (better.index >= 0) {
            write_flows(&self, baseline, better.index, answer->caution);
        }
        write_winners(&self, baseline, headline(baseline, better, worse), answer->sentences[2]);
    }
}
