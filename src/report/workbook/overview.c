/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheets that answer first: policies side by side, depletion by year, heat map, first years, winners and losers,
 * treasury. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/workbook/sheets.h"

static void chance_cells(pc_sheet *sheet, int *at, pc_reading r)
{
    pc_sheet_number(sheet, (*at)++, PC_CELL_CHANCE, r.value);
    pc_sheet_number(sheet, (*at)++, PC_CELL_CHANCE, r.error);
}

/* The first year by which a share of the paths has seen the event; a text where it lies beyond the horizon. */
static void year_cell(pc_sheets *self, pc_sheet *sheet, int column, const pc_dataset *by, int area, double share)
{
    int year = pc_view_share_year(&self->view, by, area, share);
    char text[32];

    if (!by) {
        return;
    }
    if (year) {
        pc_sheet_number(sheet, column, PC_CELL_GENERAL, year);
    } else {
        snprintf(text, sizeof text, ">%d", self->view.last_year);
        pc_sheet_text(sheet, column, PC_CELL_TEXT, text);
    }
}

static int has_scheme(const pc_sheets *self, int s)
{
    return pc_view_find(&self->view, "policy", pc_sheets_policy(self, 0), pc_sheets_scheme(self, s), "balance") != NULL;
}

void pc_sheet_answer(pc_sheets *self)
{
    const pc_view *view = &self->view;
    int years[PC_VIEW_N_YEARS], n_years = pc_view_usual_years(view, years), whole = view->n_areas - 1;
    static const double shares[] = {0.1, 0.5, 0.9};
    pc_sheet sheet;

    pc_sheet_start(&self->book, &sheet, _("Answer"), _("Policies side by side"),
                   _("Chance that the fund paying a member's claims has run out by the end of the year, weighted by "
                     "members; chance that some region is short in the year while all together are not. A standard "
                     "error is of the simulation alone."),
                   2);
    pc_sheet_column(&sheet, "%s", _("scheme"));
    pc_sheet_column(&sheet, "%s", _("policy"));
    pc_sheet_column(&sheet, "%s", _("title"));
    for (int i = 0; i < n_years; i++) {
        pc_sheet_column(&sheet, _("members' fund has run out by %d (%%)"), years[i]);
        pc_sheet_column(&sheet, "%s", _("standard error (%)"));
    }
    for (int i = 0; i < n_years; i++) {
        pc_sheet_column(&sheet, _("structural shortfall in %d (%%)"), years[i]);
        pc_sheet_column(&sheet, "%s", _("standard error (%)"));
    }
    for (int q = 0; q < 3; q++) {
        pc_sheet_column(&sheet, _("all accounts together: year by which %g %% of paths have run out"), 100 * shares[q]);
    }
    pc_sheet_column(&sheet, "%s", _("treasury, net cost, present value (100 million yuan)"));
    pc_sheet_column(&sheet, "%s", _("standard error (100 million yuan)"));
    for (int s = 0; s < self->n_schemes; s++) {
        const char *scheme = pc_sheets_scheme(self, s);
        for (int p = 0; p < self->n_policies && has_scheme(self, s); p++) {
            const char *policy = pc_sheets_policy(self, p);
            pc_reading net = pc_view_read(view, "policy", policy, scheme, "treasury_net", whole, 0);
            int at = 0;
            pc_sheet_text(&sheet, at++, PC_CELL_TEXT, pc_scheme_text(scheme));
            pc_sheet_text(&sheet, at++, PC_CELL_TEXT, policy);
            pc_sheet_text(&sheet, at++, PC_CELL_TEXT, pc_policy_title(view, policy));
            for (int i = 0; i < n_years; i++) {
                chance_cells(
                    &sheet, &at,
                    pc_view_read(view, "policy", policy, scheme, "member_weighted_depletion_by", whole, years[i]));
            }
            for (int i = 0; i < n_years; i++) {
                chance_cells(&sheet, &at,
                             pc_view_read(view, "policy", policy, scheme, "structural_shortfall", whole, years[i]));
            }
            for (int q = 0; q < 3; q++) {
                year_cell(self, &sheet, at++, pc_view_find(view, "policy", policy, scheme, "depleted_by"), whole,
                          shares[q]);
            }
            pc_sheet_number(&sheet, at++, PC_CELL_MONEY, net.value / 1e8);
            pc_sheet_number(&sheet, at++, PC_CELL_MONEY, net.error / 1e8);
            sheet.row++;
        }
    }
    pc_sheet_end(&sheet, 1);
}

/* A row for each scheme and year, policies side by side: what the first chart draws. */
void pc_sheet_depletion(pc_sheets *self)
{
    static const char *const names[] = {"member_weighted_depletion_by", "structural_shortfall"};
    const char *const titles[] = {_("Members' fund has run out by the end of the year"), _("Structural shortfall")};
    const pc_view *view = &self->view;
    int n_years = view->last_year - view->first_year + 1, whole = view->n_areas - 1;
    pc_sheet sheet;

    pc_sheet_start(&self->book, &sheet, _("Depletion"), _("Depletion by year"),
                   _("Left: chance that the fund paying a member's claims has run out by the end of the year, weighted "
                     "by members. Right: chance that some region is short while all together are not."),
                   2);
    pc_sheet_column(&sheet, "%s", _("scheme"));
    pc_sheet_column(&sheet, "%s", _("year"));
    for (int m = 0; m < 2; m++) {
        for (int p = 0; p < self->n_policies; p++) {
            pc_sheet_column(&sheet, _("%s, %s (%%)"), titles[m], pc_sheets_policy(self, p));
            pc_sheet_column(&sheet, _("%s, standard error (%%)"), pc_sheets_policy(self, p));
        }
    }
    for (int s = 0; s < self->n_schemes; s++) {
        for (int y = view->first_year; y <= view->last_year; y++) {
            int at = 2;
            pc_sheet_text(&sheet, 0, PC_CELL_TEXT, pc_scheme_text(pc_sheets_scheme(self, s)));
            pc_sheet_number(&sheet, 1, PC_CELL_GENERAL, y);
            for (int m = 0; m < 2; m++) {
                for (int p = 0; p < self->n_policies; p++) {
                    chance_cells(&sheet, &at,
                                 pc_view_read(view, "policy", pc_sheets_policy(self, p), pc_sheets_scheme(self, s),
                                              names[m], whole, y));
                }
            }
            sheet.row++;
        }
    }
    pc_sheet_end(&sheet, 1);
    for (int m = 0; m < 2; m++) {
        for (int s = 0; s < self->n_schemes; s++) {
            char title[256];
            lxw_chart *chart;
            lxw_row_t first = (lxw_row_t)(PC_BOOK_HEADER_ROW + 1 + s * n_years);
            if (strcmp(pc_sheets_scheme(self, s), "both") == 0) {
                continue;
            }
            snprintf(title, sizeof title, _("%s: %s"), titles[m], pc_scheme_text(pc_sheets_scheme(self, s)));
            chart = pc_sheet_chart(&self->charts, LXW_CHART_LINE, title, "", _("chance"));
            for (int p = 0; p < self->n_policies; p++) {
                pc_sheet_series(&sheet, chart, first, first + (lxw_row_t)n_years - 1, 1,
                                2 + 2 * (m * self->n_policies + p), pc_policy_title(view, pc_sheets_policy(self, p)),
                                p);
            }
            if (chart) {
                chart_axis_set_min(chart->y_axis, 0);
                chart_axis_set_max(chart->y_axis, 1);
                chart_axis_set_num_format(chart->y_axis, "0%");
                chart_axis_set_interval_unit(chart->x_axis, 5);
                chart_axis_set_interval_tick(chart->x_axis, 5);
            }
            pc_sheets_add_chart(self, chart, s % 2);
        }
    }
}

void pc_sheet_heat(pc_sheets *self)
{
    const pc_view *view = &self->view;
    lxw_conditional_format heat = {.type = LXW_CONDITIONAL_3_COLOR_SCALE,
                                   .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .mid_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .min_value = 0,
                                   .mid_value = 0.5,
                                   .max_value = 1,
                                   .min_color = 0xFFFAEB,
                                   .mid_color = 0xEC892E,
                                   .max_color = 0x5C1016};
    pc_sheet sheet;
    int n_years = view->last_year - view->first_year + 1;

    pc_sheet_start(&self->book, &sheet, _("Heat map"), _("Regions and years"),
                   _("Chance that the account paying a region's claims has run out by the end of the year. Filter by "
                     "policy and scheme."),
                   4);
    pc_sheet_column(&sheet, "%s", _("policy"));
    pc_sheet_column(&sheet, "%s", _("scheme"));
    pc_sheet_column(&sheet, "%s", _("region"));
    pc_sheet_column(&sheet, "%s", _("region (English)"));
    for (int y = view->first_year; y <= view->last_year; y++) {
        pc_sheet_column(&sheet, _("%d (%%)"), y);
    }
    for (int p = 0; p < self->n_policies; p++) {
        for (int s = 0; s < self->n_schemes; s++) {
            const char *policy = pc_sheets_policy(self, p), *scheme = pc_sheets_scheme(self, s);
            const pc_dataset *by = pc_view_find(view, "policy", policy, scheme, "depleted_by");
            for (int area = 0; by && area < view->n_areas; area++) {
                pc_sheet_text(&sheet, 0, PC_CELL_TEXT, policy);
                pc_sheet_text(&sheet, 1, PC_CELL_TEXT, pc_scheme_text(scheme));
                pc_sheet_text(&sheet, 2, PC_CELL_TEXT, pc_view_area_name(view, area));
                pc_sheet_text(&sheet, 3, PC_CELL_TEXT, pc_view_area_name_en(view, area));
                for (int y = view->first_year; y <= view->last_year; y++) {
                    pc_sheet_number(&sheet, 4 + y - view->first_year, PC_CELL_CHANCE,
                                    pc_view_value(view, by, NULL, area, y));
                }
                sheet.row++;
            }
        }
    }
    if (sheet.row > PC_BOOK_HEADER_ROW + 1 && sheet.worksheet) {
        worksheet_conditional_format_range(sheet.worksheet, PC_BOOK_HEADER_ROW + 1, 4, sheet.row - 1,
                                           (lxw_col_t)(3 + n_years), &heat);
    }
    pc_sheet_end(&sheet, 1);
}

void pc_sheet_first_year(pc_sheets *self)
{
    static const char *const names[] = {"deficit_by", "depleted_by"};
    const char *const titles[] = {_("first deficit"), _("first run out")};
    static const double shares[] = {0.1, 0.25, 0.5, 0.75, 0.9};
    const pc_view *view = &self->view;
    pc_sheet sheet;

    pc_sheet_start(
        &self->book, &sheet, _("First year"), _("First deficit and first year without money"),
        _("The year by which a share of the paths has seen the event, and the chance of none by the horizon."), 4);
    pc_sheet_column(&sheet, "%s", _("policy"));
    pc_sheet_column(&sheet, "%s", _("scheme"));
    pc_sheet_column(&sheet, "%s", _("region"));
    pc_sheet_column(&sheet, "%s", _("region (English)"));
    for (int e = 0; e < 2; e++) {
        for (int q = 0; q < 5; q++) {
            pc_sheet_column(&sheet, _("%s, %g %% of paths by (year)"), titles[e], 100 * shares[q]);
        }
        pc_sheet_column(&sheet, _("%s, none until %d (%%)"), titles[e], view->last_year);
    }
    for (int p = 0; p < self->n_policies; p++) {
        for (int s = 0; s < self->n_schemes; s++) {
            const char *policy = pc_sheets_policy(self, p), *scheme = pc_sheets_scheme(self, s);
            for (int area = 0; has_scheme(self, s) && area < view->n_areas; area++) {
                int at = 4;
                pc_sheet_text(&sheet, 0, PC_CELL_TEXT, policy);
                pc_sheet_text(&sheet, 1, PC_CELL_TEXT, pc_scheme_text(scheme));
                pc_sheet_text(&sheet, 2, PC_CELL_TEXT, pc_view_area_name(view, area));
                pc_sheet_text(&sheet, 3, PC_CELL_TEXT, pc_view_area_name_en(view, area));
                for (int e = 0; e < 2; e++) {
                    const pc_dataset *by = pc_view_find(view, "policy", policy, scheme, names[e]);
                    for (int q = 0; q < 5; q++) {
                        year_cell(self, &sheet, at++, by, area, shares[q]);
                    }
                    pc_sheet_number(&sheet, at++, PC_CELL_CHANCE,
                                    1 - pc_view_value(view, by, NULL, area, view->last_year));
                }
                sheet.row++;
            }
        }
    }
    pc_sheet_end(&sheet, 1);
}

typedef struct gain {
    int area;
    pc_reading chance, months, received;
} gain;

static int by_gain(const void *a, const void *b)
{
    const gain *x = a, *y = b;
    double p = isnan(x->chance.value) ? 0 : x->chance.value, q = isnan(y->chance.value) ? 0 : y->chance.value;

    return p < q ? -1 : p > q ? 1 : x->area - y->area;
}

void pc_sheet_winners(pc_sheets *self)
{
    const pc_view *view = &self->view;
    int years[PC_VIEW_N_YEARS], n_years = pc_view_usual_years(view, years), n_regions = 0, drawn;
    gain *gains = calloc((size_t)view->n_areas, sizeof *gains);
    pc_sheet sheet;

    if (!gains) {
        self->book.failed = 1;
        return;
    }
    if (view->n_policies < 2 || view->baseline < 0 || pc_view_central_only(view)) {
        goto out;
    }
    drawn = years[n_years > 2 ? 2 : n_years - 1];
    pc_sheet_start(&self->book, &sheet, _("Winners"), _("Who gains and who loses"),
                   _("Against the baseline on the same paths, from the biggest gain to the biggest loss. Below 0: less "
                     "likely to have run out."),
                   4);
    pc_sheet_column(&sheet, "%s", _("policy"));
    pc_sheet_column(&sheet, "%s", _("scheme"));
    pc_sheet_column(&sheet, "%s", _("year"));
    pc_sheet_column(&sheet, "%s", _("region"));
    pc_sheet_column(&sheet, "%s", _("region (English)"));
    pc_sheet_column(&sheet, "%s", _("chance of having run out, change (points)"));
    pc_sheet_column(&sheet, "%s", _("standard error (points)"));
    pc_sheet_column(&sheet, "%s", _("reserve, change (months)"));
    pc_sheet_column(&sheet, "%s", _("standard error (months)"));
    pc_sheet_column(&sheet, "%s", _("received less paid per member until then, under the policy (yuan)"));
    pc_sheet_column(&sheet, "%s", _("standard error (yuan)"));
    for (int p = 0; p < self->n_policies; p++) {
        const char *policy = pc_sheets_policy(self, p);
        for (int s = 0; s < self->n_schemes && self->policies[p] != view->baseline; s++) {
            const char *scheme = pc_sheets_scheme(self, s);
            if (!pc_view_find(view, "difference", policy, scheme, "depleted_by")) {
                continue;
            }
            for (int i = 0; i < n_years; i++) {
                lxw_row_t first = sheet.row;
                char title[256];
                lxw_chart *chart;
                n_regions = 0;
                for (int area = 0; area < view->n_areas; area++) {
                    if (pc_view_is_region(view, area)) {
                        gains[n_regions++] = (gain){
                            area, pc_view_read(view, "difference", policy, scheme, "depleted_by", area, years[i]),
                            pc_view_read(view, "difference", policy, scheme, "reserve_months", area, years[i]),
                            pc_view_read(view, "policy", policy, scheme, "net_transfer_to_date", area, years[i])};
                    }
                }
                qsort(gains, (size_t)n_regions, sizeof *gains, by_gain);
                for (int g = 0; g < n_regions; g++) {
                    pc_sheet_text(&sheet, 0, PC_CELL_TEXT, policy);
                    pc_sheet_text(&sheet, 1, PC_CELL_TEXT, pc_scheme_text(scheme));
                    pc_sheet_number(&sheet, 2, PC_CELL_GENERAL, years[i]);
                    pc_sheet_text(&sheet, 3, PC_CELL_TEXT, pc_view_area_name(view, gains[g].area));
                    pc_sheet_text(&sheet, 4, PC_CELL_TEXT, pc_view_area_name_en(view, gains[g].area));
                    pc_sheet_number(&sheet, 5, PC_CELL_POINTS, 100 * gains[g].chance.value);
                    pc_sheet_number(&sheet, 6, PC_CELL_MONTHS, 100 * gains[g].chance.error);
                    pc_sheet_number(&sheet, 7, PC_CELL_POINTS, gains[g].months.value);
                    pc_sheet_number(&sheet, 8, PC_CELL_MONTHS, gains[g].months.error);
                    pc_sheet_number(&sheet, 9, PC_CELL_YUAN, gains[g].received.value);
                    pc_sheet_number(&sheet, 10, PC_CELL_YUAN, gains[g].received.error);
                    sheet.row++;
                }
                if (years[i] != drawn || s != 0 || n_regions == 0) {
                    continue;
                }
                snprintf(title, sizeof title, _("Change of the chance of having run out by %d: %s, %s"), drawn,
                         pc_policy_title(view, policy), pc_scheme_text(scheme));
                chart = pc_sheet_chart(&self->charts, LXW_CHART_COLUMN, title, "", _("points"));
                pc_sheet_series(&sheet, chart, first, sheet.row - 1, 3, 5, pc_policy_title(view, policy), 0);
                if (chart) {
                    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
                }
                pc_sheets_add_chart(self, chart, p % 2 == 0);
            }
        }
    }
    pc_sheet_end(&sheet, 1);
out:
    free(gains);
}

static const struct {
    const char *name, *label;
    pc_unit_kind unit;
} totals[] = {
    {"treasury_gross", N_("Treasury, gross: backstop and unmet benefits"), PC_UNIT_MONEY},
    {"treasury_net", N_("Treasury, net of what is left at the end"), PC_UNIT_MONEY},
    {"treasury_central", N_("Paid by the centre"), PC_UNIT_MONEY},
    {"treasury_province", N_("Paid by the province"), PC_UNIT_MONEY},
    {"treasury_city", N_("Paid by cities"), PC_UNIT_MONEY},
    {"treasury_county", N_("Paid by counties"), PC_UNIT_MONEY},
    {"treasury_unmet", N_("Benefits not met"), PC_UNIT_MONEY},
    {"actuarial_balance", N_("Actuarial balance over the contribution base"), PC_UNIT_SHARE},
    {"level_rate", N_("Addition to the rate that closes it"), PC_UNIT_SHARE},
};

void pc_sheet_treasury(pc_sheets *self)
{
    static const char *const statistics[] = {"mean", "se", "sd", "central", "var", "tvar"};
    const pc_view *view = &self->view;
    double alpha = 100 * pc_view_number(view, "treasury_alpha", 0.95);
    pc_sheet sheet;

    pc_sheet_start(
        &self->book, &sheet, _("Treasury"), _("Cost to the treasury over the whole run, present value"),
        _("Gross and net stand side by side: pooling moves the gross cost, only behaviour moves the net cost. "
          "From the 2040s on: present rules unchanged, not a forecast."),
        3);
    pc_sheet_column(&sheet, "%s", _("scheme"));
    pc_sheet_column(&sheet, "%s", _("what"));
    pc_sheet_column(&sheet, "%s", _("policy"));
    pc_sheet_column(&sheet, "%s", _("title"));
    pc_sheet_column(&sheet, "%s", _("unit"));
    pc_sheet_column(&sheet, "%s", _("mean"));
    pc_sheet_column(&sheet, "%s", _("standard error"));
    pc_sheet_column(&sheet, "%s", _("standard deviation"));
    pc_sheet_column(&sheet, "%s", _("central path"));
    pc_sheet_column(&sheet, _("value at risk, %g %%"), alpha);
    pc_sheet_column(&sheet, _("mean of the worst %g %% (TVaR)"), 100 - alpha);
    pc_sheet_column(&sheet, "%s", _("difference to the baseline, mean"));
    pc_sheet_column(&sheet, "%s", _("standard error of the difference"));
    for (int s = 0; s < self->n_schemes; s++) {
        const char *scheme = pc_sheets_scheme(self, s);
        lxw_chart *chart = NULL;
        char title[256];
        if (has_scheme(self, s) && strcmp(scheme, "both") != 0) {
            snprintf(title, sizeof title, _("Cost to the treasury, mean present value: %s"), pc_scheme_text(scheme));
            chart = pc_sheet_chart(&self->charts, LXW_CHART_COLUMN, title, "", _("100 million yuan"));
        }
        for (size_t m = 0; m < sizeof totals / sizeof *totals; m++) {
            lxw_row_t first = sheet.row;
            double scale = pc_unit_scale(totals[m].unit);
            char unit[96];
            for (int p = 0; p < self->n_policies; p++) {
                const char *policy = pc_sheets_policy(self, p);
                const pc_dataset *total = pc_view_find(view, "policy", policy, scheme, totals[m].name);
                pc_reading change = pc_view_read(view, "difference", policy, scheme, totals[m].name, 0, 0);
                if (!total) {
                    continue;
                }
                pc_sheet_text(&sheet, 0, PC_CELL_TEXT, pc_scheme_text(scheme));
                pc_sheet_text(&sheet, 1, PC_CELL_TEXT, _(totals[m].label));
                pc_sheet_text(&sheet, 2, PC_CELL_TEXT, policy);
                pc_sheet_text(&sheet, 3, PC_CELL_TEXT, pc_policy_title(view, policy));
                pc_sheet_text(&sheet, 4, PC_CELL_TEXT, pc_unit_text(totals[m].unit, 0, 0, unit, sizeof unit));
                for (int k = 0; k < 6; k++) {
                    pc_sheet_number(&sheet, 5 + k, pc_book_format(totals[m].unit),
                                    scale * pc_view_value(view, total, statistics[k], 0, 0));
                }
                pc_sheet_number(&sheet, 11, pc_book_format(totals[m].unit), scale * change.value);
                pc_sheet_number(&sheet, 12, pc_book_format(totals[m].unit), scale * change.error);
                sheet.row++;
            }
            if (chart && m < 2 && sheet.row > first) {
                lxw_chart_fill fill = {.color = m ? 0xE69F00 : 0x0072B2};
                lxw_chart_series *series =
                    pc_sheet_series(&sheet, chart, first, sheet.row - 1, 2, 5, m ? _("net") : _("gross"), (int)m);
                if (series) {
                    chart_series_set_fill(series, &fill);
                }
            }
        }
        pc_sheets_add_chart(self, chart, s % 2);
    }
    pc_sheet_end(&sheet, 1);
}

/* The axes of a matrix of transfers (statistic, from, region), found by name; 0 when it is none. */
static int matrix_axes(const pc_dataset *matrix, int *statistic, int *from, int *to)
{
    *statistic = *from = *to = -1;
    for (int axis = 0; matrix && axis < matrix->rank; axis++) {
        const char *name = matrix->dims[axis]->name;
        *statistic = strcmp(name, "statistic") == 0 ? axis : *statistic;
        *from = strcmp(name, "from") == 0 ? axis : *from;
        *to = strcmp(name, "region") == 0 ? axis : *to;
    }
    return matrix && matrix->rank == 3 && *statistic == 0 && *from == 1 && *to == 2;
}

void pc_sheet_matrix(pc_sheets *self)
{
    const pc_view *view = &self->view;
    const char *wanted = pc_view_central_only(view) ? "central" : "mean";
    int statistic, from, to, started = 0;
    pc_sheet sheet;

    for (int p = 0; p < self->n_policies; p++) {
        for (int s = 0; s < self->n_schemes; s++) {
            const char *policy = pc_sheets_policy(self, p), *scheme = pc_sheets_scheme(self, s);
            const pc_dataset *matrix = pc_view_find(view, "policy", policy, scheme, "transfers");
            long k;
            if (!matrix_axes(matrix, &statistic, &from, &to)) {
                continue;
            }
            k = pc_dimension_find_text(matrix->dims[statistic], wanted);
            if (!started++) {
                pc_sheet_start(
                    &self->book, &sheet, _("Who gives to whom"), _("Transfers between regions"),
                    _("Present value over the whole run, mean over paths, 100 million yuan: what the region of "
                      "the row gives to that of the column through funds and pools. From the 2040s on: present "
                      "rules unchanged, not a forecast."),
                    3);
                pc_sheet_column(&sheet, "%s", _("policy"));
                pc_sheet_column(&sheet, "%s", _("scheme"));
                pc_sheet_column(&sheet, "%s", _("gives"));
                for (int area = 0; area < view->n_areas; area++) {
                    pc_sheet_column(&sheet, _("to %s (100 million yuan)"), pc_view_area_shown(view, area));
                }
            }
            for (size_t row = 0; k >= 0 && row < matrix->dims[from]->size; row++) {
                char id[64];
                int giver;
                pc_export_coordinate(matrix->dims[from], row, id, sizeof id);
                giver = pc_view_area_find(view, id);
                pc_sheet_text(&sheet, 0, PC_CELL_TEXT, policy);
                pc_sheet_text(&sheet, 1, PC_CELL_TEXT, pc_scheme_text(scheme));
                pc_sheet_text(&sheet, 2, PC_CELL_TEXT, giver >= 0 ? pc_view_area_shown(view, giver) : id);
                for (size_t column = 0; column < matrix->dims[to]->size; column++) {
                    size_t index = ((size_t)k * matrix->dims[from]->size + row) * matrix->dims[to]->size + column;
                    pc_sheet_number(&sheet, 3 + (int)column, PC_CELL_MONEY, pc_dataset_at(matrix, index) / 1e8);
                }
                sheet.row++;
            }
        }
    }
    if (started) {
        pc_sheet_end(&sheet, 1);
    }
}
