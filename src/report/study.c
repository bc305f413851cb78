/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/study.h"

#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/numbers.h"
#include "report/format.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const struct {
    const char *kind, *group;
    pc_code (*report)(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status);
} kinds[] = {{"solve", "solve", pc_report_solve},
             {"grid", "grid", pc_report_grid},
             {"reverse", "solve", pc_report_solve},
             {"stress", "stress", pc_report_stress},
             {"explain", "explain", pc_report_explain},
             {"calibrate", "calibration", pc_report_calibration},
             {"backtest", "backtest", pc_report_backtest},
             {"rare", "rare", pc_report_rare},
             {"roll", "roll", pc_report_roll}};

int pc_report_is_study(const pc_results *results)
{
    return pc_group_find_attribute(pc_results_find_group(results, ""), "study") != NULL;
}

pc_code pc_report_study(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    const char *kind = pc_study_text(results, "", "study");

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, kind) == 0 && pc_results_find_group(results, kinds[i].group)) {
            return kinds[i].report(results, format, out, status);
        }
    }
    return pc_fail(status, PC_ERR_INPUT, "found no study that this version knows (it says '%s')", kind);
}

const char *pc_study_text(const pc_results *results, const char *group, const char *name)
{
    const pc_attribute *found = pc_group_find_attribute(pc_results_find_group(results, group), name);

    return found && found->type == PC_TEXT && found->text ? found->text : "";
}

const char *pc_study_text_at(const pc_dataset *set, size_t index)
{
    const char *text = ((char *const *)set->data)[index];

    return text ? text : "";
}

const char *pc_study_title(const pc_results *results)
{
    return pc_language_pick(pc_study_text(results, "", "title"), pc_study_text(results, "", "title_en"));
}

double pc_study_number(const pc_results *results, const char *group, const char *name)
{
    const pc_attribute *found = pc_group_find_attribute(pc_results_find_group(results, group), name);
    const pc_dataset *set = pc_results_find(results, group, name);

    if (found) {
        return found->type == PC_I64 ? (double)found->integer : found->type == PC_F64 ? found->number : NAN;
    }
    return set ? pc_dataset_at(set, 0) : NAN;
}

void pc_study_csv_number(FILE *out, double x)
{
    char number[PC_NUMBER_SIZE] = "";

    if (!isnan(x)) {
        pc_format_double(number, sizeof number, x);
    }
    fputs(number, out);
}

void pc_study_csv_numbers(FILE *out, const double *x, int n)
{
    for (int i = 0; i < n; i++) {
        fputc(',', out);
        pc_study_csv_number(out, x[i]);
    }
}

void pc_study_head(const pc_results *results, const char *group, FILE *out)
{
    char paths[32];

    pc_format_grouped(paths, sizeof paths, pc_study_number(results, "", "paths"), 0);
    fprintf(out, _("  policy %s, scheme %s; %s paths in each of %.0f runs, seed %s\n"),
            pc_study_text(results, group, "policy"), pc_study_text(results, group, "scheme"), paths,
            pc_study_number(results, "", "runs"), pc_study_text(results, "", "seed"));
}

pc_json pc_study_json_begin(FILE *out)
{
    pc_json json = {.out = out, .spaced = 1};

    pc_json_open(&json, NULL, '{');
    return json;
}

void pc_study_json_end(pc_json *json)
{
    pc_json_close(json, '}');
    fputc('\n', json->out);
}

void pc_study_json_texts(pc_json *json, const pc_results *results, const char *group, const char *const *names, int n)
{
    for (int i = 0; i < n; i++) {
        pc_json_put_text(json, names[i], pc_study_text(results, group, names[i]));
    }
}

void pc_study_json_numbers(pc_json *json, const pc_results *results, const char *group, const char *const *names, int n)
{
    for (int i = 0; i < n; i++) {
        pc_json_put_number(json, names[i], pc_study_number(results, group, names[i]));
    }
}
