/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drives a measure, in words and tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const char group[] = "explain";
enum {
    FIRST,
    FIRST_SE,
    TOTAL,
    TOTAL_SE,
    LOW,
    LOW_SE,
    HIGH,
    HIGH_SE,
    PATH,
    PATH_VALUE,
    STORY,
    MEAN,
    MEAN_SE,
    VARIANCE,
    SETS
};
static const char *const set_names[SETS] = {"first",  "first_se", "total",   "total_se", "low",
                                            "low_se", "high",     "high_se", "path",     "path_value",
                                            "story",  "mean",     "mean_se", "variance"};
enum { WAGE, COST, CONTRIBUTORS, RETIREES, REVENUE, EXPENDITURE, MONTHS, CENTRAL_MONTHS, DEFICIT, DEPLETED, ITEMS };
enum { TOP = 3, BARS_SHOWN = 12 };

typedef struct explained {
    const pc_results *results;
    const pc_dataset *set[SETS], *kind;
    char *const *shares, *const *bars, *const *policies;
    const double *ends;
    size_t n_shares, n_bars, n_policies, n_ends;
    const char *unit;
} explained;

/* Names of drivers in the results, in the reader's words. */
static const char *const words[][2] = {
    {"mortality", N_("mortality")},
    {"fertility", N_("fertility")},
    {"migration", N_("migration")},
    {"employment", N_("employment")},
    {"wages", N_("wages")},
    {"cost", N_("cost per head")},
    {"returns", N_("returns")},
    {"claims", N_("claims noise")},
    {"shocks", N_("shocks")},
    {"behaviour", N_("behaviour under a policy")},
    {"parameters", N_("uncertain parameters")},
    {"region.migration", N_("migration, regions' own")},
    {"region.employment", N_("employment, regions' own")},
    {"region.wages", N_("wages, regions' own")},
    {"region.cost.employee", N_("employees' cost, regions' own")},
    {"region.cost.resident", N_("residents' cost, regions' own")},
    {"region.claims.employee", N_("claims noise, employees")},
    {"region.claims.resident", N_("claims noise, residents")},
};

static const char *word(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], name) == 0) {
            return _(words[i][1]);
        }
    }
    return name;
}

static double at(const explained *e, int set, size_t row, size_t policy)
{
    return pc_dataset_at(e->set[set], row * e->n_policies + policy);
}

static int is_kind(const explained *e, size_t k, const char *kind)
{
    return strcmp(pc_study_text_at(e->kind, k), kind) == 0;
}

static pc_figure percent(double x, double se)
{
    return pc_figure_estimate(x, se, "1");
}

static double share_of(const explained *e, const char *name, size_t policy)
{
    for (size_t k = 0; k < e->n_shares; k++) {
        if (strcmp(e->shares[k], name) == 0) {
            return at(e, FIRST, k, policy);
        }
    }
    return 0;
}

/* The groups with the largest share, largest first; how many there are. */
static int top_groups(const explained *e, size_t policy, size_t top[TOP])
{
    int n = 0;

    for (; n < TOP; n++) {
        long best = -1;
        for (size_t k = 0; k < e->n_shares; k++) {
            int taken = 0;
            for (int i = 0; i < n; i++) {
                taken |= top[i] == k;
            }
            if (!taken && is_kind(e, k, "group") && at(e, TOTAL, k, policy) > 0 &&
                (best < 0 || at(e, FIRST, k, policy) > at(e, FIRST, (size_t)best, policy))) {
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

/* Never "-0". */
static double whole_percent(double x)
{
    return fabs(x) < 0.005 ? 0 : 100 * x;
}

static void print_words(const explained *e, FILE *out)
{
    double variance = 0;

    fputs("\n", out);
    for (size_t p = 0; p < e->n_policies; p++) {
        size_t top[TOP];
        pc_figure mean = pc_figure_estimate(at(e, MEAN, 0, p), at(e, MEAN_SE, 0, p), e->unit);
        pc_figure spread = pc_figure_estimate(sqrt(at(e, VARIANCE, 0, p)), NAN, e->unit);
        const double process = share_of(e, "process", p), parameters = share_of(e, "parameters", p);
        const double behaviour = share_of(e, "behaviour", p);

        variance += at(e, VARIANCE, 0, p) / (double)e->n_policies;
        fprintf(out, _("  %s: mean %s, standard deviation over paths %s\n"), e->policies[p], mean.text, spread.text);
        if (!(at(e, VARIANCE, 0, p) > 0)) {
            fputs(_("    the same on every path: there is nothing to explain\n"), out);
            continue;
        }
        if (top_groups(e, p, top) == TOP) {
            pc_figure share[TOP];
            for (int i = 0; i < TOP; i++) {
                share[i] = percent(at(e, FIRST, top[i], p), at(e, FIRST_SE, top[i], p));
            }
            fprintf(out, _("    most of the variance is from %s (%s), %s (%s) and %s (%s)\n"), word(e->shares[top[0]]),
                    share[0].text, word(e->shares[top[1]]), share[1].text, word(e->shares[top[2]]), share[2].text);
        }
        fprintf(out,
                _("    process %.0f %%, uncertain parameters %.0f %%, behaviour under the policy %.0f %%, between them "
                  "%.0f "
                  "%%\n"),
                whole_percent(process), whole_percent(parameters), whole_percent(behaviour),
                whole_percent(1 - process - parameters - behaviour));
    }
    if (e->n_policies > 1) {
        const double between = pc_study_number(e->results, group, "between_policies");
        fprintf(out, _("  the choice among these %d policies, each as likely as the other: %.1f %% of all variance\n"),
                (int)e->n_policies, 100 * between / (between + variance));
    }
}

static pc_code print_shares(const explained *e, const char *kind, int set, const char *heading, FILE *out,
                            pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    fprintf(out, "\n%s\n\n", heading);
    pc_text_table_column(table, 0, "%s", strcmp(kind, "period") == 0 ? _("years") : _("drivers"));
    for (size_t p = 0; p < e->n_policies; p++) {
        pc_text_table_column(table, 1, "%s", e->policies[p]);
    }
    for (size_t k = 0; k < e->n_shares; k++) {
        if (!is_kind(e, k, kind)) {
            continue;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", word(e->shares[k]));
        for (size_t p = 0; p < e->n_policies; p++) {
            pc_figure figure = percent(at(e, set, k, p), at(e, set + 1, k, p));
            pc_text_table_cell(table, "%s", figure.text);
        }
    }
    return pc_text_table_print(table, out, 2, status);
}

typedef struct ranked {
    double size;
    size_t bar;
} ranked;

static int by_size(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    return x->size != y->size ? (x->size < y->size) - (x->size > y->size) : (x->bar > y->bar) - (x->bar < y->bar);
}

static pc_code print_bars(const explained *e, FILE *out, pc_status *status)
{
    pc_text_table *table;
    ranked *order = pc_calloc(e->n_bars ? e->n_bars : 1, sizeof *order);
    size_t hidden = 0;
    pc_code code;

    if (!order) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a table");
    }
    for (size_t k = 0; k < e->n_bars; k++) {
        order[k] = (ranked){fmax(fabs(at(e, LOW, k, 0)), fabs(at(e, HIGH, k, 0))), k};
    }
    qsort(order, e->n_bars, sizeof *order, by_size);
    table = pc_text_table_new();
    fprintf(out, _("\nchange of the mean under %s by one standard deviation of a driver or parameter%s\n\n"),
            e->policies[0], pc_figure_in_percent(e->unit) ? _(", points") : pc_figure_unit(e->unit));
    pc_text_table_column(table, 0, "%s", _("driver or parameter"));
    pc_text_table_column(table, 1, "%s", _("lower"));
    pc_text_table_column(table, 1, "%s", _("higher"));
    for (size_t i = 0; i < e->n_bars; i++) {
        const size_t k = order[i].bar;
        pc_figure low = pc_figure_change(at(e, LOW, k, 0), at(e, LOW_SE, k, 0), e->unit, 1);
        pc_figure high = pc_figure_change(at(e, HIGH, k, 0), at(e, HIGH_SE, k, 0), e->unit, 1);
        if (i >= BARS_SHOWN || !(order[i].size > 0)) {
            hidden++;
            continue;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", word(e->bars[k]));
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

static double item(const explained *e, size_t policy, size_t end, int k)
{
    return pc_dataset_at(e->set[STORY], (policy * e->n_ends + end) * ITEMS + (size_t)k);
}

static pc_figure beside(double ratio)
{
    pc_figure figure;

    snprintf(figure.text, sizeof figure.text, "%+.1f %%", fabs(ratio) < 0.0005 ? 0 : 100 * ratio);
    return figure;
}

static void print_story(const explained *e, size_t p, size_t end, FILE *out)
{
    const double first = item(e, p, end, DEFICIT), depleted = item(e, p, end, DEPLETED);
    const double year = pc_study_number(e->results, group, "last_year");
    pc_figure r[MONTHS];

    for (int k = 0; k < MONTHS; k++) {
        r[k] = beside(item(e, p, end, k));
    }
    if (isnan(item(e, p, end, RETIREES))) {
        fprintf(out,
                _("    Beside the central path by %.0f: wages %s, cost per member %s, members %s; all revenue %s, all "
                  "expenditure %s.\n"),
                year, r[WAGE].text, r[COST].text, r[CONTRIBUTORS].text, r[REVENUE].text, r[EXPENDITURE].text);
    } else {
        fprintf(
            out,
            _("    Beside the central path by %.0f: wages %s, cost per member %s, contributors %s, retirees %s; all "
              "revenue %s, all expenditure %s.\n"),
            year, r[WAGE].text, r[COST].text, r[CONTRIBUTORS].text, r[RETIREES].text, r[REVENUE].text,
            r[EXPENDITURE].text);
    }
    fprintf(out, _("    %.1f months of reserve in %.0f; on the central path %.1f.\n"), item(e, p, end, MONTHS), year,
            item(e, p, end, CENTRAL_MONTHS));
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

static void print_typical(const explained *e, FILE *out)
{
    const char *measure = pc_study_text(e->results, group, "measure");
    const char *outcome = pc_study_text(e->results, group, "outcome");
    const char *replay = pc_study_text(e->results, group, "replay");
    const char *unit = strcmp(measure, outcome) == 0 ? e->unit : "yuan";

    fprintf(out, _("\ntypical paths, by %s%s\n"), outcome, pc_figure_unit(unit));
    for (size_t p = 0; p < e->n_policies; p++) {
        for (size_t end = 0; end < e->n_ends; end++) {
            const size_t i = p * e->n_ends + end;
            const double path = pc_dataset_at(e->set[PATH], i);
            pc_figure value = pc_figure_estimate(pc_dataset_at(e->set[PATH_VALUE], i), NAN, unit);
            fprintf(out, _("\n  %s, %.0f %% of the paths end lower: path %.0f, %s\n"), e->policies[p],
                    100 * e->ends[end], path, value.text);
            print_story(e, p, end, out);
            if (*replay) {
                fprintf(out, "    %s --path %.0f --policy %s\n", replay, path, e->policies[p]);
            }
        }
    }
}

static pc_code print_tables(const explained *e, FILE *out, pc_status *status)
{
    char paths[32];
    pc_code code;

    pc_format_grouped(paths, sizeof paths, pc_study_number(e->results, "", "paths"), 0);
    fprintf(out, _("what drives %s%s in %s, scheme %s\n  %s paths in each of %.0f runs, seed %s\n"),
            pc_study_text(e->results, group, "measure"), pc_figure_unit(e->unit), pc_study_title(e->results),
            pc_study_text(e->results, group, "scheme"), paths, pc_study_number(e->results, "", "runs"),
            pc_study_text(e->results, "", "seed"));
    print_words(e, out);
    code = print_shares(e, "group", FIRST, _("share of the variance by each alone (first-order index)"), out, status);
    code = code ? code
                : print_shares(e, "group", TOTAL, _("with all that it has in common with others (total index)"), out,
                               status);
    code = code ? code
                : print_shares(e, "period", FIRST, _("share of the variance by the process of these years alone"), out,
                               status);
    code = !code && e->n_bars ? print_bars(e, out, status) : code;
    if (!code) {
        print_typical(e, out);
    }
    return code;
}

static void print_csv(const explained *e, FILE *out)
{
    fputs("what,name,policy,value,value_se,second,second_se\n", out);
    for (size_t i = 0; i < e->n_shares * e->n_policies; i++) {
        fprintf(out, "%s,%s,%s", pc_study_text_at(e->kind, i / e->n_policies), e->shares[i / e->n_policies],
                e->policies[i % e->n_policies]);
        for (int k = FIRST; k <= TOTAL_SE; k++) {
            fputc(',', out);
            pc_study_csv_number(out, pc_dataset_at(e->set[k], i));
        }
        fputc('\n', out);
    }
    for (size_t i = 0; i < e->n_bars * e->n_policies; i++) {
        fprintf(out, "tornado,%s,%s", e->bars[i / e->n_policies], e->policies[i % e->n_policies]);
        for (int k = LOW; k <= HIGH_SE; k++) {
            fputc(',', out);
            pc_study_csv_number(out, pc_dataset_at(e->set[k], i));
        }
        fputc('\n', out);
    }
    for (size_t i = 0; i < e->n_ends * e->n_policies; i++) {
        fprintf(out, "path,%g,%s,%.0f,,", e->ends[i % e->n_ends], e->policies[i / e->n_ends],
                pc_dataset_at(e->set[PATH], i));
        pc_study_csv_number(out, pc_dataset_at(e->set[PATH_VALUE], i));
        fputs(",\n", out);
    }
}

/* Objects of one kind: the names of rows and policies, then some numbers. */
static void json_rows(const explained *e, const char *what, char *const *names, size_t n, int first, int last,
                      FILE *out)
{
    fprintf(out, ", \"%s\": [", what);
    for (size_t i = 0; i < n * e->n_policies; i++) {
        fprintf(out, "%s{\"name\": ", i ? ", " : "");
        pc_json_text(out, names[i / e->n_policies]);
        fputs(", \"policy\": ", out);
        pc_json_text(out, e->policies[i % e->n_policies]);
        for (int k = first; k <= last; k++) {
            fprintf(out, ", \"%s\": ", set_names[k]);
            pc_study_json_number(out, pc_dataset_at(e->set[k], i));
        }
        fputs("}", out);
    }
    fputs("]", out);
}

static void print_json(const explained *e, FILE *out)
{
    static const char *const texts[] = {"measure", "measure_unit", "scheme", "outcome", "replay"};
    static const char *const items[ITEMS] = {"wage",          "cost_per_member", "contributors",   "retirees",
                                             "revenue",       "expenditure",     "reserve_months", "central_months",
                                             "first_deficit", "first_depleted"};

    fputs("{", out);
    pc_study_json_texts(e->results, group, texts, 5, out);
    fputs(", \"between_policies\": ", out);
    pc_study_json_number(out, pc_study_number(e->results, group, "between_policies"));
    fputs(", \"policies\": [", out);
    for (size_t p = 0; p < e->n_policies; p++) {
        fprintf(out, "%s{\"policy\": ", p ? ", " : "");
        pc_json_text(out, e->policies[p]);
        for (int k = MEAN; k <= VARIANCE; k++) {
            fprintf(out, ", \"%s\": ", set_names[k]);
            pc_study_json_number(out, at(e, k, 0, p));
        }
        fputs("}", out);
    }
    fputs("]", out);
    json_rows(e, "shares", e->shares, e->n_shares, FIRST, TOTAL_SE, out);
    json_rows(e, "tornado", e->bars, e->n_bars, LOW, HIGH_SE, out);
    fputs(", \"paths\": [", out);
    for (size_t i = 0; i < e->n_ends * e->n_policies; i++) {
        fprintf(out, "%s{\"policy\": ", i ? ", " : "");
        pc_json_text(out, e->policies[i / e->n_ends]);
        fprintf(out, ", \"end\": %g, \"path\": %.0f, \"value\": ", e->ends[i % e->n_ends],
                pc_dataset_at(e->set[PATH], i));
        pc_study_json_number(out, pc_dataset_at(e->set[PATH_VALUE], i));
        for (int k = 0; k < ITEMS; k++) {
            fprintf(out, ", \"%s\": ", items[k]);
            pc_study_json_number(out, item(e, i / e->n_ends, i % e->n_ends, k));
        }
        fputs("}", out);
    }
    fputs("]}\n", out);
}

static char *const *names_of(const pc_dataset *set, int axis, pc_type type)
{
    return set && axis < set->rank && set->dims[axis]->type == type ? set->dims[axis]->coordinates : NULL;
}

pc_code pc_report_explain(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    explained e = {.results = results, .unit = pc_study_text(results, group, "measure_unit")};
    int whole = 1;

    for (int k = 0; k < SETS; k++) {
        e.set[k] = pc_results_find(results, group, set_names[k]);
        whole = whole && (e.set[k] || (k >= LOW && k <= HIGH_SE));
    }
    e.kind = pc_results_find(results, group, "kind");
    e.shares = names_of(e.set[FIRST], 0, PC_TEXT);
    e.policies = names_of(e.set[FIRST], 1, PC_TEXT);
    e.bars = names_of(e.set[LOW], 0, PC_TEXT);
    e.ends = (const double *)(const void *)names_of(e.set[PATH], 1, PC_F64);
    if (whole && e.kind && e.kind->type == PC_TEXT && e.shares && e.policies && e.ends && e.set[STORY]->rank == 3) {
        e.n_shares = e.set[FIRST]->dims[0]->size;
        e.n_policies = e.set[FIRST]->dims[1]->size;
        e.n_bars = e.bars ? e.set[LOW]->dims[0]->size : 0;
        e.n_ends = e.set[PATH]->dims[1]->size;
        whole = e.kind->count == e.n_shares && e.n_policies > 0 &&
                e.set[STORY]->count == e.n_policies * e.n_ends * ITEMS &&
                e.set[PATH]->count == e.n_policies * e.n_ends && e.set[PATH_VALUE]->count == e.set[PATH]->count;
        for (int k = FIRST; k <= TOTAL_SE; k++) {
            whole = whole && e.set[k]->count == e.n_shares * e.n_policies;
        }
        for (int k = LOW; k <= HIGH_SE && e.n_bars; k++) {
            whole = whole && e.set[k] && e.set[k]->count == e.n_bars * e.n_policies;
        }
        for (int k = MEAN; k <= VARIANCE; k++) {
            whole = whole && e.set[k]->count == e.n_policies;
        }
    } else {
        whole = 0;
    }
    if (!whole) {
        return pc_fail(status, PC_ERR_INPUT, "found no explanation in the study, allowed a complete file");
    }
    if (format == PC_LISTING_CSV) {
        print_csv(&e, out);
        return PC_OK;
    }
    if (format == PC_LISTING_JSON) {
        print_json(&e, out);
        return PC_OK;
    }
    return print_tables(&e, out, status);
}
