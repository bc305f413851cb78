/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drives a measure, in words and tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "report/explain_view.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

/* First-order share of a group by its name; 0 where there was nothing to vary. */
static pc_figure share_figure(const pc_explain_view *e, const char *name, size_t policy)
{
    for (size_t k = 0; k < e->n_shares; k++) {
        if (strcmp(e->shares[k], name) == 0) {
            return pc_figure_share(pc_explain_at(e, PC_SEEN_FIRST, k, policy),
                                   pc_explain_at(e, PC_SEEN_FIRST_SE, k, policy));
        }
    }
    return pc_figure_share(0, NAN);
}

enum { TOP = 3, BARS_SHOWN = 12 };

/* The groups with the largest share, largest first; how many there are. */
static int top_groups(const pc_explain_view *e, size_t policy, size_t top[TOP])
{
    int n = 0;

    for (; n < TOP; n++) {
        long best = -1;
        for (size_t k = 0; k < e->n_shares; k++) {
            int taken = 0;
            for (int i = 0; i < n; i++) {
                taken |= top[i] == k;
            }
            if (!taken && pc_explain_is_kind(e, k, "group") && pc_explain_at(e, PC_SEEN_TOTAL, k, policy) > 0 &&
                (best < 0 ||
                 pc_explain_at(e, PC_SEEN_FIRST, k, policy) > pc_explain_at(e, PC_SEEN_FIRST, (size_t)best, policy))) {
                best = (long)k;
            }
        }
        if (best < 0) {
            break;
        }
        top[n] = (size_t)best;
    }
    return n;
}

void pc_explain_print_words(const pc_explain_view *e, FILE *out)
{
    double variance = 0;

    fputs("\n", out);
    for (size_t p = 0; p < e->n_policies; p++) {
        size_t top[TOP];
        pc_figure mean =
            pc_figure_estimate(pc_explain_at(e, PC_SEEN_MEAN, 0, p), pc_explain_at(e, PC_SEEN_MEAN_SE, 0, p), e->unit);
        pc_figure spread = pc_figure_estimate(sqrt(pc_explain_at(e, PC_SEEN_VARIANCE, 0, p)), NAN, e->unit);

        variance += pc_explain_at(e, PC_SEEN_VARIANCE, 0, p) / (double)e->n_policies;
        fprintf(out, _("  %s: mean %s, standard deviation over paths %s\n"), e->policies[p], mean.text, spread.text);
        if (!(pc_explain_at(e, PC_SEEN_VARIANCE, 0, p) > 0)) {
            fputs(_("    the same on every path: there is nothing to explain\n"), out);
            continue;
        }
        if (top_groups(e, p, top) == TOP) {
            pc_figure share[TOP];
            for (int i = 0; i < TOP; i++) {
                share[i] = pc_figure_share(pc_explain_at(e, PC_SEEN_FIRST, top[i], p),
                                           pc_explain_at(e, PC_SEEN_FIRST_SE, top[i], p));
            }
            fprintf(out, _("    most of the variance is from %s (%s), %s (%s) and %s (%s)\n"),
                    pc_explain_word(e->shares[top[0]]), share[0].text, pc_explain_word(e->shares[top[1]]),
                    share[1].text, pc_explain_word(e->shares[top[2]]), share[2].text);
        }
        {
            pc_figure process = share_figure(e, "process", p), parameters = share_figure(e, "parameters", p);
            pc_figure behaviour = share_figure(e, "behaviour", p);
            fprintf(
                out,
                _("    process %s, uncertain parameters %s, behaviour under the policy %s; the rest is what they do "
                  "together\n"),
                process.text, parameters.text, behaviour.text);
        }
    }
    if (e->n_policies > 1) {
        const double between = pc_study_number(e->results, pc_seen_group, "between_policies");
        const pc_figure choice = pc_figure_share(between / (between + variance), NAN);
        fprintf(out, _("  the choice among these %d policies, each as likely as the other: %s of all variance\n"),
                (int)e->n_policies, choice.text);
    }
}

static pc_code print_shares(const pc_explain_view *e, const char *kind, int set, const char *heading, FILE *out,
                            pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    fprintf(out, "\n%s\n\n", heading);
    pc_text_table_column(table, 0, "%s", strcmp(kind, "period") == 0 ? _("years") : _("drivers"));
    for (size_t p = 0; p < e->n_policies; p++) {
        pc_text_table_column(table, 1, "%s", e->policies[p]);
    }
    for (size_t k = 0; k < e->n_shares; k++) {
        if (!pc_explain_is_kind(e, k, kind)) {
            continue;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", pc_explain_word(e->shares[k]));
        for (size_t p = 0; p < e->n_policies; p++) {
            pc_figure figure = pc_figure_share(pc_explain_at(e, set, k, p), pc_explain_at(e, set + 1, k, p));
            pc_text_table_cell(table, "%s", figure.text);
        }
    }
    return pc_text_table_print(table, out, 2, status);
}

/* Groups down, years across, under the first policy. */
static pc_code print_cross(const pc_explain_view *e, FILE *out, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();
    char group[64], last[64] = "";
    const char *years;

    fprintf(out, _("\nthe largest of the process by years under %s, alone\n\n"), e->policies[0]);
    pc_text_table_column(table, 0, "%s", _("drivers"));
    for (size_t k = 0; k < e->n_shares; k++) {
        if (pc_explain_is_kind(e, k, "period")) {
            pc_text_table_column(table, 1, "%s", e->shares[k]);
        }
    }
    for (size_t k = 0; k < e->n_shares; k++) {
        pc_figure figure;
        years = strchr(e->shares[k], ' ');
        if (!pc_explain_is_kind(e, k, "cross") || !years) {
            continue;
        }
        snprintf(group, sizeof group, "%.*s", (int)(years - e->shares[k]), e->shares[k]);
        if (strcmp(group, last) != 0) {
            pc_text_table_row(table);
            pc_text_table_cell(table, "%s", pc_explain_word(group));
            memcpy(last, group, sizeof last);
        }
        figure = pc_figure_share(pc_explain_at(e, PC_SEEN_FIRST, k, 0), pc_explain_at(e, PC_SEEN_FIRST_SE, k, 0));
        pc_text_table_cell(table, "%s", figure.text);
    }
    return pc_text_table_print(table, out, 2, status);
}

static pc_code print_bars(const pc_explain_view *e, FILE *out, pc_status *status)
{
    pc_text_table *table;
    pc_ranked_bar *order = pc_calloc(e->n_bars ? e->n_bars : 1, sizeof *order);
    size_t hidden = 0;
    pc_code code;

    if (!order) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a table");
    }
    pc_explain_rank_bars(e, order);
    table = pc_text_table_new();
    fprintf(out, _("\nchange of the mean under %s by one standard deviation of a driver or parameter%s\n\n"),
            e->policies[0], pc_figure_in_percent(e->unit) ? _(", points") : pc_figure_unit(e->unit));
    pc_text_table_column(table, 0, "%s", _("driver or parameter"));
    pc_text_table_column(table, 1, "%s", _("lower"));
    pc_text_table_column(table, 1, "%s", _("higher"));
    for (size_t i = 0; i < e->n_bars; i++) {
        const size_t k = order[i].bar;
        pc_figure low =
            pc_figure_change(pc_explain_at(e, PC_SEEN_LOW, k, 0), pc_explain_at(e, PC_SEEN_LOW_SE, k, 0), e->unit, 1);
        pc_figure high =
            pc_figure_change(pc_explain_at(e, PC_SEEN_HIGH, k, 0), pc_explain_at(e, PC_SEEN_HIGH_SE, k, 0), e->unit, 1);
        if (i >= BARS_SHOWN || !(order[i].size > 0)) {
            hidden++;
            continue;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", pc_explain_word(e->bars[k]));
        pc_text_table_cell(table, "%s", low.text);
        pc_text_table_cell(table, "%s", high.text);
    }
    code = pc_text_table_print(table, out, 2, status);
    if (hidden > 0) {
        fprintf(out, _("  and %zu smaller ones: --csv\n"), hidden);
    }
    pc_free(order);
    return code;
}

static pc_figure beside(double ratio)
{
    pc_figure figure;

    snprintf(figure.text, sizeof figure.text, "%+.1f %%", fabs(ratio) < 0.0005 ? 0 : 100 * ratio);
    return figure;
}

static void print_story(const pc_explain_view *e, size_t p, size_t end, FILE *out)
{
    const double first = pc_explain_told(e, p, end, PC_TOLD_DEFICIT),
                 depleted = pc_explain_told(e, p, end, PC_TOLD_DEPLETED);
    const double year = pc_study_number(e->results, pc_seen_group, "last_year");
    pc_figure r[PC_TOLD_MONTHS];

    for (int k = 0; k < PC_TOLD_MONTHS; k++) {
        r[k] = beside(pc_explain_told(e, p, end, k));
    }
    if (isnan(pc_explain_told(e, p, end, PC_TOLD_RETIREES))) {
        fprintf(out,
                _("    Beside the central path by %.0f: wages %s, cost per member %s, members %s; all revenue %s, all "
                  "expenditure %s.\n"),
                year, r[PC_TOLD_WAGE].text, r[PC_TOLD_COST].text, r[PC_TOLD_CONTRIBUTORS].text, r[PC_TOLD_REVENUE].text,
                r[PC_TOLD_EXPENDITURE].text);
    } else {
        fprintf(
            out,
            _("    Beside the central path by %.0f: wages %s, cost per member %s, contributors %s, retirees %s; all "
              "revenue %s, all expenditure %s.\n"),
            year, r[PC_TOLD_WAGE].text, r[PC_TOLD_COST].text, r[PC_TOLD_CONTRIBUTORS].text, r[PC_TOLD_RETIREES].text,
            r[PC_TOLD_REVENUE].text, r[PC_TOLD_EXPENDITURE].text);
    }
    fprintf(out, _("    %.1f months of reserve in %.0f; on the central path %.1f.\n"),
            pc_explain_told(e, p, end, PC_TOLD_MONTHS), year, pc_explain_told(e, p, end, PC_TOLD_CENTRAL_MONTHS));
    if (first > 0 && depleted > 0) {
        fprintf(out, _("    The first deficit in %.0f; the account short in %.0f.\n"), first, depleted);
    } else if (first > 0) {
        fprintf(out, _("    The first deficit in %.0f; the account never short.\n"), first);
    } else if (depleted > 0) {
        fprintf(out, _("    No deficit; the account short in %.0f.\n"), depleted);
    } else {
        fputs(_("    No deficit, and the account never short.\n"), out);
    }
}

void pc_explain_print_typical(const pc_explain_view *e, FILE *out)
{
    const char *measure = pc_study_text(e->results, pc_seen_group, "measure");
    const char *outcome = pc_study_text(e->results, pc_seen_group, "outcome");
    const char *replay = pc_study_text(e->results, pc_seen_group, "replay");
    const char *unit = strcmp(measure, outcome) == 0 ? e->unit : "yuan";

    fprintf(out, _("\ntypical paths, by %s%s\n"), outcome, pc_figure_unit(unit));
    for (size_t p = 0; p < e->n_policies; p++) {
        for (size_t end = 0; end < e->n_ends; end++) {
            const size_t i = p * e->n_ends + end;
            const double path = pc_dataset_at(e->set[PC_SEEN_PATH], i);
            pc_figure value = pc_figure_estimate(pc_dataset_at(e->set[PC_SEEN_PATH_VALUE], i), NAN, unit);
            fprintf(out, _("\n  %s, %.0f %% of the paths end lower: path %.0f, %s\n"), e->policies[p],
                    100 * e->ends[end], path, value.text);
            print_story(e, p, end, out);
            if (*replay) {
                fprintf(out, "    %s --path %.0f --policy %s\n", replay, path, e->policies[p]);
            }
        }
    }
}

static pc_code print_tables(const pc_explain_view *e, FILE *out, pc_status *status)
{
    char paths[32];
    pc_code code;

    pc_format_grouped(paths, sizeof paths, pc_study_number(e->results, "", "paths"), 0);
    fprintf(out, _("what drives %s%s in %s, scheme %s\n  %s paths in each of %.0f runs, seed %s\n"),
            pc_study_text(e->results, pc_seen_group, "measure"), pc_figure_unit(e->unit), pc_study_title(e->results),
            pc_study_text(e->results, pc_seen_group, "scheme"), paths, pc_study_number(e->results, "", "runs"),
            pc_study_text(e->results, "", "seed"));
    pc_explain_print_words(e, out);
    code = print_shares(e, "group", PC_SEEN_FIRST, _("share of the variance by each alone (first-order index)"), out,
                        status);
    code = code ? code
                : print_shares(e, "group", PC_SEEN_TOTAL, _("with all that it has in common with others (total index)"),
                               out, status);
    code = code ? code
                : print_shares(e, "period", PC_SEEN_FIRST,
                               _("share of the variance by the process of these years alone"), out, status);
    code = code ? code : print_cross(e, out, status);
    code = !code && e->n_bars ? print_bars(e, out, status) : code;
    if (!code) {
        pc_explain_print_typical(e, out);
    }
    return code;
}

pc_code pc_report_explain(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    pc_explain_view view;
    pc_code code = pc_explain_view_open(results, &view, status);

    if (code) {
        return code;
    }
    if (format == PC_LISTING_CSV) {
        pc_explain_print_csv(&view, out);
        return PC_OK;
    }
    if (format == PC_LISTING_JSON) {
        pc_explain_print_json(&view, out);
        return PC_OK;
    }
    return print_tables(&view, out, status);
}
