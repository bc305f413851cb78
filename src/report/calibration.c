/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a calibration found. */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "report/explain_view.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"
#include "report/tables.h"

static const char group[] = "calibration";

typedef struct found {
    const pc_results *results;
    const pc_dataset *value, *se, *low, *high, *n, *raw, *shrunk;
    const pc_dataset *constant, *score, *region_name; /* [constant][region]; NULL: no accounts */
    char *const *keys, *const *drivers;
    size_t n_keys, n_drivers;
} found;

static const double worth_naming = 0.05; /* correlations below it are left out */

static pc_code print_table(const found *f, FILE *out, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    pc_text_table_column(table, 0, "%s", _("key"));
    pc_text_table_column(table, 1, "%s", _("value"));
    pc_text_table_column(table, 1, "%s", _("80 % of what is likely"));
    pc_text_table_column(table, 1, "%s", _("observations"));
    for (size_t i = 0; i < f->n_keys; i++) {
        const double se = pc_dataset_at(f->se, i);
        pc_figure value = pc_figure_estimate(pc_dataset_at(f->value, i), se, "");
        pc_figure low = pc_figure_estimate(pc_dataset_at(f->low, i), NAN, "");
        pc_figure high = pc_figure_estimate(pc_dataset_at(f->high, i), NAN, "");
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", f->keys[i]);
        pc_text_table_cell(table, "%s", value.text);
        if (isnan(se)) {
            pc_text_table_cell(table, "-");
        } else {
            pc_text_table_cell(table, _("%s to %s"), low.text, high.text);
        }
        pc_text_table_cell(table, "%.0f", pc_dataset_at(f->n, i));
    }
    return pc_text_table_print(table, out, 2, status);
}

static void print_mortality(const found *f, FILE *out)
{
    if (!isnan(pc_study_number(f->results, group, "explained"))) {
        fprintf(out,
                _("\n  mortality: one index explains %.1f %% of the variance of log rates; life expectancy at birth is "
                  "missed by at most %.2f years in sample\n"),
                100 * pc_study_number(f->results, group, "explained"), pc_study_number(f->results, group, "e0_error"));
    }
}

static void print_correlations(const found *f, FILE *out)
{
    int n = 0;

    for (size_t i = 0; i < f->n_drivers; i++) {
        for (size_t j = 0; j < i; j++) {
            const double r = pc_dataset_at(f->raw, i * f->n_drivers + j),
                         s = pc_dataset_at(f->shrunk, i * f->n_drivers + j);
            if (fabs(r) >= worth_naming) {
                if (n++ == 0) {
                    fprintf(out, _("\n  correlations of yearly innovations, shrunk by %.0f %%:\n"),
                            100 * pc_study_number(f->results, group, "shrinkage"));
                }
                fprintf(out, _("    %s and %s: %s, observed %s\n"), pc_explain_word(f->drivers[j]),
                        pc_explain_word(f->drivers[i]), pc_figure_number(s, 2, 0).text, pc_figure_number(r, 2, 0).text);
            }
        }
    }
}

/* ---- regions
 * ---------------------------------------------------------------------------------------------------------- */

static const double far_away = 3; /* robust standard deviations */

static const char *axis_text(const found *f, int axis, size_t i)
{
    return ((char *const *)f->constant->dims[axis]->coordinates)[i];
}

static size_t n_of(const found *f, int axis)
{
    return f->constant->dims[axis]->size;
}

/* What a run will fit, region by region. */
static pc_code print_regions(const found *f, FILE *out, pc_status *status)
{
    pc_text_table *table;

    if (!f->constant) {
        return PC_OK;
    }
    table = pc_text_table_new();
    fprintf(out, _("\nconstants that a run fits to the accounts of %.0f in %s:\n\n"),
            pc_study_number(f->results, group, "accounts_year"),
            pc_language_pick(pc_study_text(f->results, group, "accounts_title"),
                             pc_study_text(f->results, group, "accounts_title_en")));
    pc_text_table_column(table, 0, "%s", _("region"));
    for (size_t k = 0; k < n_of(f, 0); k++) {
        pc_text_table_column(table, 1, "%s", axis_text(f, 0, k));
    }
    for (size_t r = 0; r < n_of(f, 1); r++) {
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", pc_study_text_at(f->region_name, r));
        for (size_t k = 0; k < n_of(f, 0); k++) {
            pc_figure x = pc_figure_estimate(pc_dataset_at(f->constant, k * n_of(f, 1) + r), NAN, "");
            pc_text_table_cell(table, "%s", x.text);
        }
    }
    return pc_text_table_print(table, out, 2, status);
}

/* Which constants are far from the other regions'. */
static void print_far(const found *f, FILE *out)
{
    int n = 0;

    for (size_t i = 0; f->constant && i < f->score->count; i++) {
        const double z = pc_dataset_at(f->score, i);
        const pc_figure x = pc_figure_estimate(pc_dataset_at(f->constant, i), NAN, "");
        if (!(fabs(z) > far_away)) {
            continue;
        }
        if (n++ == 0) {
            fputs(_("\n  far from the other regions (in robust standard deviations of the logarithm), look at their "
                    "figures "
                    "again:\n"),
                  out);
        }
        fprintf(out, _("    %s, %s: %s (%+.1f)\n"), pc_study_text_at(f->region_name, i % n_of(f, 1)),
                axis_text(f, 0, i / n_of(f, 1)), x.text, z);
    }
    if (f->constant && n == 0) {
        fputs(_("\n  no constant of a region is far from the others'\n"), out);
    }
}

static void print_csv(const found *f, FILE *out)
{
    fputs("key,value,se,low80,high80,observations\n", out);
    for (size_t i = 0; i < f->n_keys; i++) {
        const pc_dataset *sets[] = {f->value, f->se, f->low, f->high, f->n};
        fputs(f->keys[i], out);
        for (size_t k = 0; k < 5; k++) {
            fputc(',', out);
            pc_study_csv_number(out, pc_dataset_at(sets[k], i));
        }
        fputc('\n', out);
    }
    for (size_t i = 0; f->constant && i < f->constant->count; i++) {
        fprintf(out, "region.%s.%s,", axis_text(f, 1, i % n_of(f, 1)), axis_text(f, 0, i / n_of(f, 1)));
        pc_study_csv_number(out, pc_dataset_at(f->constant, i));
        fputs(",,,,\n", out);
    }
}

static void print_json(const found *f, FILE *out)
{
    static const char *const names[] = {"value", "se", "low80", "high80", "observations"};
    const pc_dataset *const sets[] = {f->value, f->se, f->low, f->high, f->n};
    pc_json json = pc_study_json_begin(out);

    pc_json_open(&json, "parameters", '[');
    for (size_t i = 0; i < f->n_keys; i++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "key", f->keys[i]);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            pc_json_put_number(&json, names[k], pc_dataset_at(sets[k], i));
        }
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_json_open(&json, "correlation", '[');
    for (size_t i = 0; i < f->n_drivers; i++) {
        for (size_t j = 0; j < i; j++) {
            pc_json_open(&json, NULL, '[');
            pc_json_put_text(&json, NULL, f->drivers[j]);
            pc_json_put_text(&json, NULL, f->drivers[i]);
            pc_json_put_number(&json, NULL, pc_dataset_at(f->shrunk, i * f->n_drivers + j));
            pc_json_close(&json, ']');
        }
    }
    pc_json_close(&json, ']');
    pc_json_open(&json, "regions", '[');
    for (size_t r = 0; f->constant && r < n_of(f, 1); r++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "region", axis_text(f, 1, r));
        for (size_t k = 0; k < n_of(f, 0); k++) {
            pc_json_put_number(&json, axis_text(f, 0, k), pc_dataset_at(f->constant, k * n_of(f, 1) + r));
        }
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_study_json_end(&json);
}

/* 1 where there are no accounts or all of them. */
static int open_regions(found *f)
{
    f->constant = pc_results_find(f->results, group, "regional_constant");
    f->score = pc_results_find(f->results, group, "regional_score");
    f->region_name = pc_results_find(f->results, group, pc_language_is_chinese() ? "region_name" : "region_name_en");
    return !f->constant ||
           (f->score && f->region_name && f->constant->rank == 2 && f->constant->dims[0]->type == PC_TEXT &&
            f->constant->dims[1]->type == PC_TEXT && f->constant->dims[0]->coordinates &&
            f->constant->dims[1]->coordinates && f->score->count == f->constant->count &&
            f->region_name->type == PC_TEXT && f->region_name->count == f->constant->dims[1]->size);
}

static int open_found(const pc_results *results, found *f)
{
    *f = (found){.results = results,
                 .value = pc_results_find(results, group, "value"),
                 .se = pc_results_find(results, group, "se"),
                 .low = pc_results_find(results, group, "low80"),
                 .high = pc_results_find(results, group, "high80"),
                 .n = pc_results_find(results, group, "observations"),
                 .raw = pc_results_find(results, group, "correlation"),
                 .shrunk = pc_results_find(results, group, "correlation_shrunk")};
    if (!f->value || !f->se || !f->low || !f->high || !f->n || !f->raw || !f->shrunk || f->value->rank != 1 ||
        f->shrunk->rank != 2 || f->value->dims[0]->type != PC_TEXT || f->shrunk->dims[0]->type != PC_TEXT) {
        return 0;
    }
    f->keys = f->value->dims[0]->coordinates;
    f->drivers = f->shrunk->dims[0]->coordinates;
    f->n_keys = f->value->count;
    f->n_drivers = f->shrunk->dims[0]->size;
    return f->keys && f->drivers && f->raw->count == f->shrunk->count && f->se->count == f->n_keys && open_regions(f);
}

pc_code pc_report_calibration(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    found f;
    pc_code code = PC_OK;

    if (!open_found(results, &f)) {
        return pc_fail(status, PC_ERR_INPUT, "found no calibration, allowed a complete file");
    }
    if (format == PC_LISTING_CSV) {
        print_csv(&f, out);
    } else if (format == PC_LISTING_JSON) {
        print_json(&f, out);
    } else {
        fprintf(out, _("calibration for the base year %.0f\n"), pc_study_number(results, "", "base_year"));
        fputc('\n', out);
        code = print_table(&f, out, status);
        print_mortality(&f, out);
        print_correlations(&f, out);
        code = code ? code : print_regions(&f, out, status);
        print_far(&f, out);
    }
    return code;
}

pc_code pc_words_calibration(const pc_results *results, FILE *out, pc_status *status)
{
    found f;

    if (!open_found(results, &f)) {
        return pc_fail(status, PC_ERR_INPUT, "found no calibration, allowed a complete file");
    }
    fprintf(out, _("calibration for the base year %.0f\n"), pc_study_number(results, "", "base_year"));
    print_mortality(&f, out);
    print_correlations(&f, out);
    print_far(&f, out);
    return PC_OK;
}

/* Keys of one section in a row: "  phi: 0.5   # 0.4 to 0.6". */
static void write_section(const found *f, const char *section, FILE *out)
{
    const size_t length = strlen(section);
    int n = 0;

    for (size_t i = 0; i < f->n_keys; i++) {
        pc_figure low = pc_figure_estimate(pc_dataset_at(f->low, i), NAN, "");
        pc_figure high = pc_figure_estimate(pc_dataset_at(f->high, i), NAN, "");
        if (strncmp(f->keys[i], section, length) != 0 || f->keys[i][length] != '.') {
            continue;
        }
        if (n++ == 0) {
            fprintf(out, "%s:\n", section);
        }
        fprintf(out, "  %s: %.6g", f->keys[i] + length + 1, pc_dataset_at(f->value, i));
        if (!isnan(pc_dataset_at(f->se, i))) {
            fprintf(out, "  # 80 %%: %s to %s, %.0f observations", low.text, high.text, pc_dataset_at(f->n, i));
        }
        fputc('\n', out);
    }
}

pc_code pc_calibration_fragment(const pc_results *results, FILE *out, pc_status *status)
{
    static const char *const sections[] = {"mortality", "fertility", "employment", "wages", "cost", "returns"};
    found f;
    int n = 0;

    if (!open_found(results, &f)) {
        return pc_fail(status, PC_ERR_INPUT, "found no calibration, allowed a complete file");
    }
    fprintf(out,
            "# Written by poolcast calibrate. Copy the sections into a scenario with base_year: %.0f.\n"
            "# wages.growth and the excess of costs are what the history had; what the future will have is another "
            "question.\n",
            pc_study_number(results, "", "base_year"));
    if (pc_results_find(results, group, "alpha") || pc_results_find(results, group, "profile") ||
        pc_results_find(results, group, "cost_index")) {
        fprintf(out, "tables:\n%s%s%s", pc_results_find(results, group, "alpha") ? "  mortality: mortality.csv\n" : "",
                pc_results_find(results, group, "profile") ? "  membership: membership.csv\n" : "",
                pc_results_find(results, group, "cost_index") ? "  age_cost: age_cost.csv\n" : "");
    }
    for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
        write_section(&f, sections[s], out);
    }
    for (size_t i = 0; i < f.n_drivers; i++) {
        for (size_t j = 0; j < i; j++) {
            const double r = pc_dataset_at(f.shrunk, i * f.n_drivers + j);
            if (fabs(r) >= worth_naming) {
                fprintf(out, "%s  - [%s, %s, %.3f]\n", n++ ? "" : "correlation:\n", f.drivers[j], f.drivers[i], r);
            }
        }
    }
    return PC_OK;
}

void pc_calibration_mortality(const pc_results *results, FILE *out)
{
    const pc_dataset *alpha = pc_results_find(results, group, "alpha"), *beta = pc_results_find(results, group, "beta");

    fputs("sex,age,alpha,beta\n", out);
    for (size_t i = 0; alpha && beta && i < alpha->count; i++) {
        const size_t ages = alpha->count / 2;
        fprintf(out, "%s,%zu,%.6f,%.6f\n", i < ages ? "female" : "male", i % ages, pc_dataset_at(alpha, i),
                pc_dataset_at(beta, i));
    }
}

void pc_calibration_membership(const pc_results *results, FILE *out)
{
    const pc_dataset *profile = pc_results_find(results, group, "profile");

    fputs("age_from,profile\n", out);
    for (size_t i = 0; profile && profile->dims[0]->type == PC_I64 && i < profile->count; i++) {
        fprintf(out, "%lld,%.6f\n", (long long)((const int64_t *)profile->dims[0]->coordinates)[i],
                pc_dataset_at(profile, i));
    }
}

void pc_calibration_age_cost(const pc_results *results, FILE *out)
{
    const pc_dataset *index = pc_results_find(results, group, "cost_index");

    fputs("age_from,contributor,retiree,resident\n", out);
    for (size_t i = 0; index && index->rank == 2 && i < index->dims[1]->size; i++) {
        const size_t n = index->dims[1]->size;
        fprintf(out, "%lld,%.4f,%.4f,%.4f\n", (long long)((const int64_t *)index->dims[1]->coordinates)[i],
                pc_dataset_at(index, i), pc_dataset_at(index, n + i), pc_dataset_at(index, 2 * n + i));
    }
}
