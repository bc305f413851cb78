/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheets of assumptions and sources: policies, base year, parameters, quality, the scenario's own text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "report/workbook/sheets.h"

const char *pc_sheets_text(const pc_sheets *self, const char *group, const char *name, size_t i)
{
    const pc_dataset *dataset = pc_results_find(self->view.results, group, name);
    const char *text =
        dataset && dataset->type == PC_TEXT && i < dataset->count ? ((char *const *)dataset->data)[i] : "";

    return text ? text : "";
}

void pc_sheet_policies(pc_sheets *self)
{
    const pc_view *view = &self->view;
    pc_sheet sheet;

    pc_sheet_start(&self->book, &sheet, _("Policies"), _("Policies and their sources"),
                   _("All policies run on the same paths. The baseline is what the others are compared with."), 1);
    pc_sheet_column(&sheet, "%s", _("policy"));
    pc_sheet_column(&sheet, "%s", _("title"));
    pc_sheet_column(&sheet, "%s", _("title (English)"));
    pc_sheet_column(&sheet, "%s", _("role"));
    pc_sheet_column(&sheet, "%s", _("source"));
    pc_sheet_column(&sheet, "%s", _("note"));
    for (int p = 0; p < self->n_policies; p++) {
        const char *policy = pc_sheets_policy(self, p);
        pc_sheet_text(&sheet, 0, PC_CELL_WRAP, policy);
        pc_sheet_text(&sheet, 1, PC_CELL_WRAP, pc_view_policy_text(view, policy, "title"));
        pc_sheet_text(&sheet, 2, PC_CELL_WRAP, pc_view_policy_text(view, policy, "title_en"));
        pc_sheet_text(&sheet, 3, PC_CELL_WRAP, self->policies[p] == view->baseline ? _("baseline") : "");
        pc_sheet_text(&sheet, 4, PC_CELL_WRAP, pc_view_policy_text(view, policy, "source"));
        pc_sheet_text(&sheet, 5, PC_CELL_WRAP, pc_view_policy_text(view, policy, "note"));
        sheet.row++;
    }
    pc_sheet_end(&sheet, 0);
}

static int is_by_region(const pc_dataset *dataset)
{
    return dataset->type != PC_TEXT && ((dataset->rank == 1 && strcmp(dataset->dims[0]->name, "input_region") == 0) ||
                                        (dataset->rank == 2 && strcmp(dataset->dims[0]->name, "scheme") == 0 &&
                                         strcmp(dataset->dims[1]->name, "input_region") == 0));
}

/* Accounts and constants of the base year by region, with the quality of each region's figures. */
void pc_sheet_base_year(pc_sheets *self)
{
    const pc_group *group = pc_results_find_group(self->view.results, "inputs/calibration");
    const pc_dimension *regions = NULL;
    pc_sheet sheet;

    for (int d = 0; group && d < group->n_datasets && !regions; d++) {
        if (is_by_region(group->datasets[d])) {
            regions = group->datasets[d]->dims[group->datasets[d]->rank - 1];
        }
    }
    if (!regions || regions->type != PC_TEXT || !regions->coordinates) {
        return;
    }
    pc_sheet_start(
        &self->book, &sheet, _("Base year"), _("Base year by region, as calibrated"),
        _("What the run starts from. Quality: official, derived, estimate or judged, as the scenario says. Names "
          "and units as in the results file, group /inputs/calibration."),
        3);
    pc_sheet_column(&sheet, "%s", _("region"));
    pc_sheet_column(&sheet, "%s", _("region (English)"));
    pc_sheet_column(&sheet, "%s", _("quality"));
    for (int d = 0; d < group->n_datasets; d++) {
        const pc_dataset *dataset = group->datasets[d];
        const char *unit = dataset->units && strcmp(dataset->units, "1") != 0 ? dataset->units : "";
        for (size_t k = 0; is_by_region(dataset) && k < (dataset->rank == 2 ? dataset->dims[0]->size : 1); k++) {
            char scheme[64] = "";
            if (dataset->rank == 2) {
                pc_export_coordinate(dataset->dims[0], k, scheme, sizeof scheme);
            }
            pc_sheet_column(&sheet, "%s%s%s%s%s%s", dataset->name, *scheme ? ", " : "", scheme, *unit ? " (" : "", unit,
                            *unit ? ")" : "");
        }
    }
    for (size_t r = 0; r < regions->size; r++) {
        int at = 0, area = pc_view_area_find(&self->view, ((char *const *)regions->coordinates)[r]);
        pc_sheet_text(&sheet, at++, PC_CELL_TEXT, pc_view_area_name(&self->view, area));
        pc_sheet_text(&sheet, at++, PC_CELL_TEXT, pc_view_area_name_en(&self->view, area));
        pc_sheet_text(&sheet, at++, PC_CELL_TEXT, pc_sheets_text(self, "areas", "quality", r));
        for (int d = 0; d < group->n_datasets; d++) {
            const pc_dataset *dataset = group->datasets[d];
            for (size_t k = 0; is_by_region(dataset) && k < (dataset->rank == 2 ? dataset->dims[0]->size : 1); k++) {
                double x = pc_dataset_at(dataset, k * regions->size + r);
                pc_sheet_number(&sheet, at++, fabs(x) >= 100 ? PC_CELL_YUAN : PC_CELL_NUMBER, x);
            }
        }
        sheet.row++;
    }
    pc_sheet_end(&sheet, 1);
}

void pc_sheet_parameters(pc_sheets *self)
{
    const pc_dataset *values = pc_results_find(self->view.results, "inputs/parameters", "value");
    const pc_dataset *given = pc_results_find(self->view.results, "inputs/parameters", "given");
    const pc_dataset *series = pc_results_find(self->view.results, "inputs/series", "value");
    pc_sheet sheet;

    if (!values || values->rank != 1) {
        return;
    }
    pc_sheet_start(
        &self->book, &sheet, _("Parameters"), _("Parameters as used"),
        _("Keys of the scenario. Default: not written in the scenario. A parameter given by year is below the "
          "others. A switch is 0 or 1, a choice its place in the list, from 0."),
        1);
    pc_sheet_column(&sheet, "%s", _("key"));
    pc_sheet_column(&sheet, "%s", _("year"));
    pc_sheet_column(&sheet, "%s", _("value"));
    pc_sheet_column(&sheet, "%s", _("unit"));
    pc_sheet_column(&sheet, "%s", _("origin"));
    for (size_t i = 0; i < values->count; i++) {
        char key[256];
        double x = pc_dataset_at(values, i);
        pc_export_coordinate(values->dims[0], i, key, sizeof key);
        pc_sheet_text(&sheet, 0, PC_CELL_TEXT, key);
        pc_sheet_number(&sheet, 2, PC_CELL_GENERAL, x);
        if (isnan(x)) {
            pc_sheet_text(&sheet, 1, PC_CELL_TEXT, _("by year"));
        }
        pc_sheet_text(&sheet, 3, PC_CELL_TEXT, pc_sheets_text(self, "inputs/parameters", "unit", i));
        pc_sheet_text(&sheet, 4, PC_CELL_TEXT, given && pc_dataset_at(given, i) != 0 ? _("scenario") : _("default"));
        sheet.row++;
    }
    for (size_t i = 0; series && series->rank == 2 && i < series->count; i++) {
        size_t n = series->dims[1]->size;
        char key[256], year[32];
        pc_export_coordinate(series->dims[0], i / n, key, sizeof key);
        pc_export_coordinate(series->dims[1], i % n, year, sizeof year);
        pc_sheet_text(&sheet, 0, PC_CELL_TEXT, key);
        pc_sheet_text(&sheet, 1, PC_CELL_TEXT, year);
        pc_sheet_number(&sheet, 2, PC_CELL_GENERAL, pc_dataset_at(series, i));
        sheet.row++;
    }
    pc_sheet_end(&sheet, 1);
}

void pc_sheet_quality(pc_sheets *self)
{
    const pc_results *results = self->view.results;
    const pc_group *quality = pc_results_find_group(results, "quality"), *root = pc_results_find_group(results, "");
    const pc_dataset *sums = pc_results_find(results, "inputs/files", "sha256");
    pc_sheet sheet;

    pc_sheet_start(
        &self->book, &sheet, _("Quality"), _("Diagnostics, versions, files"),
        _("A residual of the ledgers above 1e-9 would be a defect. The SHA-256 of each file that was read tells "
          "whether two runs had the same inputs."),
        1);
    pc_sheet_column(&sheet, "%s", _("what"));
    pc_sheet_column(&sheet, "%s", _("value"));
    pc_sheet_column(&sheet, "%s", _("meaning"));
    for (int d = 0; quality && d < quality->n_datasets; d++) {
        const pc_dataset *dataset = quality->datasets[d];
        char meaning[512];
        if (dataset->rank == 0 && dataset->type != PC_TEXT) {
            pc_sheet_text(&sheet, 0, PC_CELL_TEXT, dataset->name);
            pc_sheet_number(&sheet, 1, PC_CELL_GENERAL, pc_dataset_at(dataset, 0));
            pc_sheet_text(&sheet, 2, PC_CELL_TEXT, pc_view_meaning(dataset, meaning, sizeof meaning));
            sheet.row++;
        }
    }
    for (int a = 0; root && a < root->n_attributes; a++) {
        const pc_attribute *attribute = root->attributes + a;
        pc_sheet_text(&sheet, 0, PC_CELL_TEXT, attribute->name);
        if (attribute->type == PC_TEXT) {
            pc_sheet_text(&sheet, 1, PC_CELL_TEXT, attribute->text);
        } else {
            pc_sheet_number(&sheet, 1, PC_CELL_GENERAL,
                            attribute->type == PC_I64 ? (double)attribute->integer : attribute->number);
        }
        sheet.row++;
    }
    for (size_t f = 0; sums && f < sums->count; f++) {
        pc_sheet_text(&sheet, 0, PC_CELL_TEXT, pc_sheets_text(self, "inputs/files", "name", f));
        pc_sheet_text(&sheet, 1, PC_CELL_TEXT, pc_sheets_text(self, "inputs/files", "sha256", f));
        sheet.row++;
    }
    pc_sheet_end(&sheet, 0);
}

/* scenario.yaml line by line, then what was set on the command line. */
void pc_sheet_scenario(pc_sheets *self)
{
    const pc_dataset *overrides = pc_results_find(self->view.results, "inputs/files", "override");
    const char *text = pc_sheets_text(self, "inputs/files", "text", 0);
    pc_sheet sheet;

    pc_sheet_start(&self->book, &sheet, _("Scenario"), _("The scenario's own text, with its remarks and sources"),
                   _("The first file of the scenario as it was run; its tables are in the results file."), 0);
    pc_sheet_column(&sheet, "%s", pc_sheets_text(self, "inputs/files", "name", 0));
    while (*text) {
        char line[1024];
        size_t n = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line - 1 ? n : sizeof line - 1), text);
        pc_sheet_text(&sheet, 0, PC_CELL_TEXT, line);
        sheet.row++;
        text += n + (text[n] == '\n');
    }
    for (size_t i = 0; overrides && overrides->type == PC_TEXT && i < overrides->count; i++) {
        char line[1024];
        snprintf(line, sizeof line, "--set %s", ((char *const *)overrides->data)[i]);
        pc_sheet_text(&sheet, 0, PC_CELL_TEXT, line);
        sheet.row++;
    }
    sheet.widths[0] = 120;
    pc_sheet_end(&sheet, 0);
    if (sheet.worksheet) {
        worksheet_set_column(sheet.worksheet, 0, 0, 130, NULL);
    }
}
