/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "command.h"
#include "engine/run.h"
#include "report/format.h"
#include "report/tables.h"
#include "report/view.h"
#include "source.h"

static const pc_cli_option options[] = {
    {"path", 0, "K", N_("number of the path, from 0; or 'central'"), "central"},
    {"policy", 0, "NAME", N_("only this policy"), NULL},
    {"scheme", 0, "NAME", N_("only this scheme: employee, resident or both"), "employee resident both"},
    {"policies", 0, "NAMES",
     N_("only these policies and the baseline, separated by commas, of the scenario or of the library; or all"), "all"},
    {"csv", 0, NULL, N_("tidy CSV: policy,scheme,region,year,measure,value, in full precision"), NULL},
    {"set", 0, "KEY=VALUE", N_("give a key of the scenario another value; may be repeated"), NULL},
    {"seed", 0, "N", N_("seed of the random numbers"), NULL},
    {"horizon", 0, "N", N_("years to run after the base year"), NULL},
};

typedef struct replay {
    const pc_plan *plan;
    const pc_layout *layout;
    const double *values;
    const char *policy, *scheme; /* NULL: all */
} replay;

static double value_of(const replay *self, int subject, int output, int view, int area, int year)
{
    int64_t cell = pc_layout_cell(self->layout, subject, output, view, area, year);

    return cell >= 0 ? self->values[cell] : NAN;
}

static const char *subject_name(const replay *self, int subject)
{
    return subject == 0 ? "" : self->plan->scenario->policies[subject - 1].name;
}

static int is_wanted(const replay *self, int subject, const pc_output *output, int view)
{
    if (output->views != 0 && !(output->views >> view & 1u)) {
        return 0;
    }
    if (subject == 0) {
        return !self->policy && !self->scheme;
    }
    return (!self->policy || strcmp(self->policy, subject_name(self, subject)) == 0) &&
           (!self->scheme || strcmp(self->scheme, pc_scheme_view_names[view]) == 0);
}

/* Which of an output's items: " 3" of months_below, " 330100" of transfers; "" where it has one. */
static void item_name(const replay *self, const pc_output *output, int item, char *text, size_t size)
{
    char number[PC_NUMBER_SIZE];

    text[0] = 0;
    if (pc_output_items(output) == PC_ITEMS_BAND) {
        pc_format_double(number, sizeof number, self->plan->scenario->months_bands[item]);
        snprintf(text, size, " %s", number);
    } else if (pc_output_items(output) == PC_ITEMS_REGION) {
        snprintf(text, size, " %s", self->plan->area_ids[item]);
    }
}

/* The weather has no policy and, in the file, its group for a scheme. */
static void csv_output(const replay *self, int subject, int o, int view)
{
    const pc_output *output = self->layout->subjects[subject].outputs[o];
    int has_area = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA;
    int has_year = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
    int n_areas = has_area ? self->layout->n_areas : 1, n_years = has_year ? self->layout->n_years : 1;

    for (int row = 0; row < pc_layout_rows(self->layout, output); row++) {
        const int area = row % n_areas;
        char item[96];
        item_name(self, output, row / n_areas, item, sizeof item);
        for (int year = 1; year <= n_years; year++) {
            char number[PC_NUMBER_SIZE] = "", calendar[16] = "";
            double x = value_of(self, subject, o, view, row, year);
            if (!isnan(x)) {
                pc_format_double(number, sizeof number, x);
            }
            if (has_year) {
                snprintf(calendar, sizeof calendar, "%d", self->plan->scenario->base_year + year);
            }
            printf("%s,%s,%s,%s,%s%s,%s\n", subject_name(self, subject),
                   subject == 0 ? pc_weather_output_group(o) : pc_scheme_view_names[view],
                   has_area ? self->plan->area_ids[area] : "", calendar, output->name, item, number);
        }
    }
}

static void print_csv(const replay *self)
{
    puts("policy,scheme,region,year,measure,value");
    for (int s = 0; s < self->layout->n_subjects; s++) {
        for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
            for (int o = 0; o < self->layout->subjects[s].n_outputs; o++) {
                if (is_wanted(self, s, self->layout->subjects[s].outputs[o], v)) {
                    csv_output(self, s, o, v);
                }
            }
        }
    }
}

/* What a heading must say of a unit: not what the head of the page has said. */
static const char *unit_shown(const char *unit)
{
    static const char *const said[] = {"1", "yuan", "persons", "months"};

    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (strcmp(unit, said[i]) == 0) {
            return "";
        }
    }
    return pc_view_unit_shown(unit);
}

/* To read: as many digits as a figure needs; --csv has them all. */
static void cell_of(pc_text_table *table, double x, const char *unit)
{
    char number[64] = "-";

    if (strcmp(unit, "yuan") == 0) {
        pc_text_table_cell(table, "%s", pc_figure_money(x, NAN, 0).text);
        return;
    }
    if (!isnan(x)) {
        int decimals = fabs(x) >= 1e4 || (x == floor(x) && fabs(x) < 1e4) ? 0 : fabs(x) >= 100 ? 1 : 3;
        if (strcmp(unit, "persons") == 0) {
            decimals = 0;
        }
        pc_format_grouped(number, sizeof number, x, decimals);
    }
    pc_text_table_cell(table, "%s", number);
}

/* One table: a row a year, a column for each output of that shape. */
static pc_code print_block(const replay *self, int subject, int view, int area, int by_area, pc_status *status)
{
    pc_text_table *table = NULL;
    const pc_subject *outputs = self->layout->subjects + subject;
    int n = 0;

    for (int year = 0; year <= self->layout->n_years; year++) {
        for (int o = 0; o < outputs->n_outputs; o++) {
            const pc_output *output = outputs->outputs[o];
            if (output->shape != (by_area ? PC_SHAPE_AREA_YEAR : PC_SHAPE_YEAR) ||
                pc_output_items(output) != PC_ITEMS_ONE || !is_wanted(self, subject, output, view)) {
                continue;
            }
            if (year == 0) {
                if (n++ == 0) {
                    table = pc_text_table_new();
                    pc_text_table_column(table, 0, "%s", _("year"));
                }
                pc_text_table_column(table, 1, *unit_shown(output->unit) ? _("%s, %s") : "%s", output->name,
                                     unit_shown(output->unit));
            } else {
                cell_of(table, value_of(self, subject, o, view, area, year), output->unit);
            }
        }
        if (n == 0) {
            return PC_OK;
        }
        if (year < self->layout->n_years) {
            pc_text_table_row(table);
            pc_text_table_cell(table, "%d", self->plan->scenario->base_year + year + 1);
        }
    }
    if (subject == 0) {
        printf("\n%s", _("people and economy"));
    } else {
        printf("\n%s, %s", subject_name(self, subject), pc_scheme_view_names[view]);
    }
    if (by_area) {
        printf(": %s %s", self->plan->area_ids[area],
               pc_language_pick(self->plan->area_names[area], self->plan->area_names_en[area]));
    }
    putchar('\n');
    return pc_text_table_print(table, stdout, 2, status);
}

static void print_scalars(const replay *self, int subject, int view)
{
    const pc_subject *outputs = self->layout->subjects + subject;

    for (int o = 0; o < outputs->n_outputs; o++) {
        const pc_output *output = outputs->outputs[o];
        if (output->shape == PC_SHAPE_SCALAR && is_wanted(self, subject, output, view)) {
            const double x = value_of(self, subject, o, view, 0, 1);
            if (strcmp(output->unit, "yuan") == 0) {
                printf("  %-24s %s\n", output->name, pc_figure_money(x, NAN, 0).text);
            } else {
                printf("  %-24s %.4g %s\n", output->name, x, unit_shown(output->unit));
            }
        }
    }
}

static pc_code print_tables(const replay *self, pc_status *status)
{
    pc_code code = PC_OK;

    for (int s = 0; !code && s < self->layout->n_subjects; s++) {
        for (int v = 0; !code && v < PC_SCHEME_VIEWS; v++) {
            for (int area = 0; !code && area < self->layout->n_areas; area++) {
                code = print_block(self, s, v, area, 1, status);
            }
            code = code ? code : print_block(self, s, v, 0, 0, status);
            print_scalars(self, s, v);
        }
    }
    return code;
}

static pc_code check_filters(const replay *self, pc_status *status)
{
    const pc_scenario *scenario = self->plan->scenario;
    const char *names[256];
    int n = 0, known = !self->policy;

    for (int p = 0; p < scenario->n_policies && n < 256; p++) {
        names[n++] = scenario->policies[p].name;
        known = known || strcmp(self->policy, scenario->policies[p].name) == 0;
    }
    if (!known) {
        return pc_unknown(status, N_("policy"), self->policy, names, (size_t)n);
    }
    for (int v = 0; self->scheme && v < PC_SCHEME_VIEWS; v++) {
        if (strcmp(self->scheme, pc_scheme_view_names[v]) == 0) {
            return PC_OK;
        }
    }
    return self->scheme ? pc_unknown(status, N_("scheme"), self->scheme, pc_scheme_view_names, PC_SCHEME_VIEWS) : PC_OK;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_cli_source source = {0};
    pc_layout layout = {0};
    const char *path_text = pc_args_value(args, "path");
    double *values = NULL;
    uint64_t path = 0;
    int central = path_text && strcmp(path_text, "central") == 0;
    replay self;
    pc_code code = PC_OK;

    if (!path_text) {
        return pc_fail(status, PC_ERR_INPUT, "which path? Give --path K, from 0, or --path central");
    }
    if (!central) {
        code = pc_args_count(args, "path", 0, UINT64_MAX - 1, 0, &path, status);
    }
    code = code ? code : pc_cli_source_open(&source, args, status);
    code = code ? code : pc_cli_source_plan(&source, status);
    self = (replay){source.plan, &layout, NULL, pc_args_value(args, "policy"), pc_args_value(args, "scheme")};
    code = code ? code : check_filters(&self, status);
    code = code ? code : pc_layout_for(source.plan, &layout, status);
    if (code) {
        goto out;
    }
    self.values = values = pc_calloc(layout.n_cells + 1, sizeof *values);
    if (!values) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for one path");
        goto out;
    }
    code = central ? pc_run_central(source.plan, &layout, values, status)
                   : pc_run_replay(source.plan, &layout, path, values, status);
    if (code) {
        goto out;
    }
    if (pc_args_value(args, "csv")) {
        print_csv(&self);
    } else {
        printf("%s\n", pc_language_pick(source.scenario->title, source.scenario->title_en));
        if (central) {
            puts(_("the central path: all random terms at zero; not an average"));
        } else {
            printf(_("path %llu, seed %llu\n"), (unsigned long long)path, (unsigned long long)source.scenario->seed);
        }
        puts(_("money in 100 million yuan; --csv has every digit"));
        code = print_tables(&self, status);
    }
out:
    pc_free(values);
    pc_layout_release(&layout);
    pc_cli_source_release(&source);
    return code;
}

const pc_command pc_replay_command = {
    .name = "replay",
    .summary = N_("one path in full, year by year, region by region"),
    .words_usage = "SCENARIO --path K",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Runs one path alone and prints every flow and balance of it: the same numbers that 'run --save-paths' keeps. "
        "SCENARIO is a folder, a YAML file or a results file.\n\n"
        "  poolcast replay scenarios/zhejiang --path 7 --policy city --scheme employee\n"
        "  poolcast replay zhejiang.h5 --path central --csv"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
