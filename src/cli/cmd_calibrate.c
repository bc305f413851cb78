/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "command.h"
#include "output.h"
#include "plan/plan.h"
#include "report/study.h"
#include "base/safe_file.h"
#include "store/store.h"
#include "study/age_tables.h"
#include "study/calibrate.h"
#include "study/constants.h"

static const pc_cli_option options[] = {
    {"output", 'o', "DIR", N_("folder for calibration.yaml, mortality.csv and calibration.h5 (default: calibration)"),
     "DIR"},
    {"from", 0, "YEAR", N_("first year of the history that is used"), NULL},
    {"to", 0, "YEAR", N_("last year of the history that is used"), NULL},
    {"base", 0, "YEAR", N_("base year of the scenario (default: the last year used)"), NULL},
    {"jump-off", 0, "WHICH", N_("death rates start from the last observed (last, default) or from the fitted"),
     "last fitted"},
    {"line", 0, "NAMES",
     N_("series about a straight line, not a mean: fertility, employment, wages, cost, resident, returns "
        "(default: fertility,employment)"),
     NULL},
    {"prior", 0, "WHICH", N_("weak (default): short series are drawn to the usual values; none: the history alone"),
     "weak none"},
    {"accounts", 0, "SCENARIO",
     N_("folder of a scenario: the constants of its regions that a run fits to the base year's accounts, and which are "
        "far from the others'"),
     "DIR"},
    {"csv", 0, NULL, N_("print the parameters as CSV, in full precision"), NULL},
    {"json", 0, NULL, N_("the same as JSON"), NULL},
    {"reproducible", 0, NULL, N_("leave the command line out: equal calibrations give equal bytes"), NULL},
    {"force", 'f', NULL, N_("replace files of the folder where they exist"), NULL},
    {"quiet", 'q', NULL, N_("print nothing"), NULL},
};

static pc_code choice(const pc_args *args, const char *option, const char *usual, const char *other, int *is_other,
                      pc_status *status)
{
    const char *text = pc_args_value(args, option);

    *is_other = text && strcmp(text, other) == 0;
    return !text || *is_other || strcmp(text, usual) == 0
               ? PC_OK
               : pc_fail(status, PC_ERR_INPUT, "--%s: found '%s', allowed %s or %s", option, text, usual, other);
}

static pc_code read_lines(const pc_args *args, unsigned *lines, pc_status *status)
{
    const char *text = pc_args_value(args, "line");

    *lines = 1u << PC_CALIBRATE_FERTILITY | 1u << PC_CALIBRATE_EMPLOYMENT;
    if (!text) {
        return PC_OK;
    }
    *lines = 0;
    while (*text) {
        const size_t n = strcspn(text, ",");
        char name[64];
        int known = 0;
        snprintf(name, sizeof name, "%.*s", (int)n, text);
        for (int s = 0; s < PC_CALIBRATE_SERIES; s++) {
            if (strcmp(name, pc_calibrate_names[s]) == 0) {
                *lines |= 1u << s;
                known = 1;
            }
        }
        if (!known && strcmp(name, "none") != 0) {
            return pc_unknown(status, "series", name, pc_calibrate_names, PC_CALIBRATE_SERIES);
        }
        text += n + (text[n] == ',');
    }
    return PC_OK;
}

/* A text file of the folder, written whole or not at all; `print` NULL: the fragment. */
static pc_code write_text(const pc_results *results, const char *folder, const char *name,
                          void (*print)(const pc_results *results, FILE *out), pc_arena *arena, pc_status *status)
{
    const char *path = pc_arena_printf(arena, "%s/%s", folder, name);
    pc_safe_stream stream = {0};
    pc_code code = path ? pc_safe_stream_open(&stream, path, PC_SAFE_REPLACE, status)
                        : pc_fail(status, PC_ERR_FAIL, "no memory for file names");

    if (!code && print) {
        print(results, stream.out);
    } else if (!code) {
        code = pc_calibration_fragment(results, stream.out, status);
    }
    code = code ? code : pc_safe_stream_commit(&stream, status);
    pc_safe_stream_release(&stream);
    return code;
}

/* The tables that a calibration may write beside its fragment, and what they are of. */
static const struct {
    const char *set, *name;
    void (*print)(const pc_results *results, FILE *out);
} tables[] = {{"alpha", "mortality.csv", pc_calibration_mortality},
              {"profile", "membership.csv", pc_calibration_membership},
              {"cost_index", "age_cost.csv", pc_calibration_age_cost}};
enum { N_TABLES = sizeof tables / sizeof *tables };

/* Asked before the work: a scenario's folder has tables of these names, which must not be lost. */
static pc_code check_folder(const pc_args *args, const char *folder, pc_arena *arena, pc_status *status)
{
    const char *names[N_TABLES + 2] = {"calibration.yaml", "calibration.h5"};

    for (int i = 0; i < N_TABLES; i++) {
        names[2 + i] = tables[i].name;
    }
    for (int i = 0; i < N_TABLES + 2 && !pc_args_value(args, "force"); i++) {
        const char *path = pc_arena_printf(arena, "%s/%s", folder, names[i]);
        if (!path) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for file names");
        }
        if (access(path, F_OK) == 0) {
            return pc_fail(status, PC_ERR_INPUT,
                           "'%s' exists already; --force replaces it, -o DIR takes another folder", path);
        }
    }
    return PC_OK;
}

static pc_code write_folder(const pc_results *results, const char *folder, pc_arena *arena, pc_status *status)
{
    const char *file = pc_arena_printf(arena, "%s/calibration.h5", folder);
    pc_code code = PC_OK;

    if (!file) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for file names");
    }
    if (mkdir(folder, 0777) && errno != EEXIST) {
        return pc_fail(status, PC_ERR_WRITE, "cannot make the folder '%s': %s", folder, pc_error_text(errno));
    }
    code = write_text(results, folder, "calibration.yaml", NULL, arena, status);
    for (int i = 0; i < N_TABLES && !code; i++) {
        if (pc_results_find(results, "calibration", tables[i].set)) {
            code = write_text(results, folder, tables[i].name, tables[i].print, arena, status);
        }
    }
    return code ? code : pc_store_save(results, file, status);
}

/* What a run of the scenario fits to its accounts, into the results. */
static pc_code add_accounts(const char *folder, pc_results *results, pc_status *status)
{
    pc_files *files = pc_files_open(folder, status);
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    pc_code code = files ? pc_scenario_read(files, NULL, 0, &scenario, status) : status->code;

    code = code ? code : pc_plan_build(scenario, &plan, status);
    code = code ? code : pc_region_constants_put(plan, results, status);
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    pc_files_free(files);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    const char *folder = pc_args_value(args, "output") ? pc_args_value(args, "output") : "calibration";
    const pc_listing_format format = pc_args_value(args, "csv")    ? PC_LISTING_CSV
                                     : pc_args_value(args, "json") ? PC_LISTING_JSON
                                                                   : PC_LISTING_TABLE;
    pc_calibrate_options chosen = {0};
    pc_calibration *calibration = pc_calloc(1, sizeof *calibration);
    pc_history history;
    pc_age_tables ages;
    pc_results *results = NULL;
    pc_files *files = NULL;
    pc_arena arena = {0};
    uint64_t from, to, base;
    pc_code code = calibration ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for a calibration");

    code = code ? code : pc_args_count(args, "from", 1800, 2300, 1800, &from, status);
    code = code ? code : pc_args_count(args, "to", 1800, 2300, 2300, &to, status);
    code = code ? code : pc_args_count(args, "base", 1800, 2300, 0, &base, status);
    code = code ? code : choice(args, "jump-off", "last", "fitted", &chosen.jump_off_fitted, status);
    code = code ? code : choice(args, "prior", "weak", "none", &chosen.no_prior, status);
    code = code ? code : read_lines(args, &chosen.lines, status);
    if (!code && pc_args_value(args, "csv") && pc_args_value(args, "json")) {
        code = pc_fail(status, PC_ERR_INPUT, "--csv and --json together");
    }
    if (code) {
        goto out;
    }
    chosen.base_year = (int)base;
    code = check_folder(args, folder, &arena, status);
    if (code) {
        goto out;
    }
    files = pc_files_open(args->words[0], status);
    code = files ? pc_history_read(files, (int)from, (int)to, &arena, &history, status) : status->code;
    code = code ? code : pc_age_tables_read(files, &arena, &ages, status);
    code = code ? code : pc_calibrate_history(&history, &chosen, &arena, calibration, status);
    if (!code) {
        results = pc_calibrate_results(calibration, &history, files,
                                       pc_args_value(args, "reproducible") ? NULL : args->line, status);
        if (results) {
            pc_age_tables_put(&ages, results);
        }
        code = results && pc_args_value(args, "accounts")
                   ? add_accounts(pc_args_value(args, "accounts"), results, status)
                   : status->code;
        code = code ? code : write_folder(results, folder, &arena, status);
    }
    if (!code && !pc_args_value(args, "quiet")) {
        code = pc_report_calibration(results, format, stdout, status);
        if (!code && format == PC_LISTING_TABLE) {
            printf(_("\nwritten: %s/calibration.yaml, a fragment for a scenario, and calibration.h5 beside it\n"),
                   folder);
        }
    }
out:
    pc_results_free(results);
    pc_files_free(files);
    pc_arena_release(&arena);
    pc_free(calibration);
    return code;
}

const pc_command pc_calibrate_command = {
    .name = "calibrate",
    .summary = N_("parameters of a scenario from a history, with their errors"),
    .words_usage = "HISTORY",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "DIR",
    .description =
        N_("Reads a folder with history.csv (year, and any of tfr, employment, wage_yuan, employee_cost_yuan, "
           "resident_cost_yuan, interest; empty cells are missing) and mortality.csv (year, sex, age, rate; ages "
           "single or the "
           "first of a group), one of them or both, and writes a fragment of a scenario: the mortality index and its "
           "table, "
           "persistence and size of yearly deviations, their correlations, each with its standard error.\n\n"
           "members_by_age.csv (age_from, members, people) becomes the table of membership, cost_by_age.csv (age_from, "
           "and "
           "persons and yuan of contributors, retirees and residents) that of costs by age.\n\n"
           "With --accounts the constants of a scenario's regions are shown as a run fits them to the base year's "
           "accounts: "
           "levels of membership, members from outside, contribution base over wage, financing, cost levels; and those "
           "that are far from the other regions', which is where to look for a wrong figure.\n\n"
           "Short series say little of persistence: they are drawn to the usual values unless --prior none is given. "
           "docs/studies.md says how, and what the intervals covered on simulated histories.\n\n"
           "Examples:\n\n"
           "  poolcast calibrate scenarios/calibration/china\n"
           "  poolcast calibrate scenarios/calibration/china --from 2000 --to 2014 --line fertility,wages -o to2014\n"
           "  poolcast calibrate scenarios/calibration/china --accounts scenarios/zhejiang\n"
           "  poolcast show calibration/calibration.h5 --csv"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
