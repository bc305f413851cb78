/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/safe_file.h"
#include "command.h"
#include "store/store.h"
#include "study/roll.h"
#include "studying.h"

enum { MOST_MEASURES = 8 };

static const pc_cli_option options[] = {
    {"accounts", 0, "FILE", N_("CSV of the year after the base year: year, code, and figures as in regions.csv"),
     "FILE"},
    {"measure", 0, "MEASURE",
     N_("result whose change is explained, e.g. 'reserve_months(2035)'; may be repeated; default: reserves, "
        "member-weighted depletion and balance ten years on"),
     NULL},
    {"scheme", 0, "NAME", N_("employee (default), resident or both"), "employee resident both"},
    {"output", 'o', "DIR",
     N_("folder of the new scenario, with roll.h5 and roll.md; default: the name with the new year"), "DIR"},
    {"paths", 0, "N", N_("number of paths of each run"), NULL},
    {"seed", 0, "N", N_("seed of the random numbers"), NULL},
    {"threads", 0, "N", N_("threads; the results do not depend on it (default 0: all that the process may use)"), NULL},
    {"csv", 0, NULL, N_("print the numbers as CSV, in full precision"), NULL},
    {"json", 0, NULL, N_("print everything as JSON, in full precision"), NULL},
    {"reproducible", 0, NULL, N_("leave time, host and command line out: equal studies give equal bytes"), NULL},
    {"quiet", 'q', NULL, N_("no progress and nothing printed"), NULL},
};

typedef struct task {
    pc_studying common;
    pc_quantity quantities[MOST_MEASURES];
    int n_quantities;
    pc_plan *plan;
    pc_roll roll;
} task;

static pc_code read_measures(const pc_args *args, task *t, pc_status *status)
{
    static const char *const usual[] = {"reserve_months(%d)", "member_weighted_depletion_by(%d)", "balance(%d)"};
    const pc_scenario *s = t->common.scenario;
    pc_code code = PC_OK;

    for (int i = 0; i < args->n_given && !code; i++) {
        if (strcmp(args->given[i].option->name, "measure") != 0) {
            continue;
        }
        if (t->n_quantities == MOST_MEASURES) {
            return pc_fail(status, PC_ERR_INPUT, "found more than %d --measure, allowed that many", MOST_MEASURES);
        }
        code = pc_quantity_read("--measure", args->given[i].value, 0, &t->quantities[t->n_quantities++], status);
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual && !code && t->n_quantities == (int)i; i++) {
        char text[80];
        snprintf(text, sizeof text, usual[i], s->base_year + (s->horizon < 11 ? s->horizon : 11));
        code = pc_quantity_read("--measure", text, 0, &t->quantities[t->n_quantities++], status);
    }
    return code;
}

/* The accounts, by a name that no table of the scenario has. */
static const pc_file *read_accounts(task *t, const char *path, pc_files **files, pc_status *status)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *folder = !slash          ? "."
                         : slash == path ? "/"
                                         : pc_arena_printf(&t->common.source.arena, "%.*s", (int)(slash - path), path);

    if (!path) {
        pc_fail(status, PC_ERR_INPUT, "found no --accounts, allowed a table of the year after the base year");
        return NULL;
    }
    *files = pc_files_open(folder, status);
    return *files ? pc_files_get(*files, slash ? slash + 1 : path, status) : NULL;
}

static pc_code write_text(const char *folder, const char *name, const char *text, const pc_results *results,
                          pc_arena *arena, pc_status *status)
{
    const char *path = pc_arena_printf(arena, "%s/%s", folder, name);
    pc_safe_stream stream = {0};
    pc_code code = path ? pc_safe_stream_open(&stream, path, PC_SAFE_REPLACE, status)
                        : pc_fail(status, PC_ERR_FAIL, "no memory for file names");

    if (!code && text) {
        fputs(text, stream.out);
    } else if (!code) {
        code = pc_report_roll_markdown(results, stream.out, status);
    }
    code = code ? code : pc_safe_stream_commit(&stream, status);
    pc_safe_stream_release(&stream);
    return code;
}

static pc_code write_folder(task *t, const char *folder, const pc_results *results, pc_status *status)
{
    pc_arena *arena = &t->common.source.arena;
    const char *file = pc_arena_printf(arena, "%s/roll.h5", folder);
    pc_files *files = NULL;
    pc_scenario *scenario = NULL;
    pc_code code = pc_roll_files(&t->roll, (pc_roll_item)(PC_ROLL_ITEMS - 1), &files, status);

    code =
        code ? code : pc_scenario_read(files, NULL, 0, &scenario, status); /* it reads back, and its files are known */
    if (!code && mkdir(folder, 0777)) {
        code = pc_fail(status, PC_ERR_WRITE, "cannot make the folder '%s': %s", folder, pc_error_text(errno));
    }
    for (size_t i = 0; !code && i < pc_files_count(files); i++) {
        const pc_file *f = pc_files_at(files, i);
        code = write_text(folder, i == 0 ? "scenario.yaml" : f->name, f->text, NULL, arena, status);
    }
    code = code ? code : write_text(folder, "roll.md", NULL, results, arena, status);
    code = code   ? code
           : file ? pc_store_save(results, file, status)
                  : pc_fail(status, PC_ERR_FAIL, "no memory for file names");
    pc_scenario_free(scenario);
    pc_files_free(files);
    return code;
}

/* Before the work: the folder is made by this command, so that nothing of another is written over, and tables lie in
 * it. */
static pc_code check_folder(const task *t, const char *folder, pc_status *status)
{
    struct stat at;

    if (stat(folder, &at) == 0) {
        return pc_fail(status, PC_ERR_INPUT, "found '%s', allowed a folder that is not there yet", folder);
    }
    for (size_t i = 1; i < pc_files_count(t->common.source.files); i++) {
        const char *name = pc_files_at(t->common.source.files, i)->name;
        if (strchr(name, '/')) {
            return pc_fail(status, PC_ERR_INPUT,
                           "found the table %s, allowed tables beside the scenario when its base year moves", name);
        }
    }
    return PC_OK;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    task *t = pc_calloc(1, sizeof *t);
    pc_roll_change change = {0};
    pc_results *results = NULL;
    pc_files *accounts = NULL;
    const pc_file *table = NULL;
    const char *folder = pc_args_value(args, "output");
    int view;
    pc_code code = t ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the study");

    code = code ? code : pc_studying_read(&t->common, args, status);
    if (!code && !folder) {
        const char *name = pc_cli_source_name(&t->common.source, args->words[0]);
        folder = pc_arena_printf(&t->common.source.arena, "%s_%d", name ? name : "poolcast",
                                 t->common.scenario->base_year + 1);
        code = folder ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
    }
    code = code ? code : check_folder(t, folder, status);
    code = code ? code : read_measures(args, t, status);
    code = code ? code : pc_studying_scheme(&t->common, PC_EMPLOYEE, &view, status);
    if (!code) {
        table = read_accounts(t, pc_args_value(args, "accounts"), &accounts, status);
        code = table ? pc_plan_build(t->common.scenario, &t->plan, status) : status->code;
    }
    code = code ? code : pc_roll_open(t->plan, table, &t->roll, status);
    code = code ? code
                : pc_studying_ask(&t->common, t->quantities, t->n_quantities,
                                  t->common.scenario->policies[t->common.scenario->baseline].name, view, status);
    code = code ? code : pc_studying_start(&t->common, status);
    code = code ? code : pc_roll_explain(&t->roll, &t->common.study, &change, status);
    if (!code) {
        results = pc_study_results(&t->common.study, "roll", status);
        code = results ? pc_roll_put(&t->roll, &t->common.study, &change, results, status) : status->code;
    }
    if (t) {
        pc_progress_end(&t->common.progress);
    }
    code = code ? code : write_folder(t, folder, results, status);
    if (!code && !t->common.quiet) {
        code = pc_report_study(results, t->common.format, stdout, status);
        if (!code && t->common.format == PC_LISTING_TABLE) {
            printf(_("\nwritten: %s, the scenario of %d with roll.h5 and roll.md beside it\n"), folder,
                   t->roll.base_year);
        }
    }
    pc_results_free(results);
    pc_files_free(accounts);
    if (t) {
        pc_plan_free(t->plan);
        pc_roll_release(&t->roll);
        pc_studying_release(&t->common);
    }
    pc_free(t);
    return code;
}

const pc_command pc_roll_command = {
    .name = "roll",
    .summary = N_("the base year moves on: a year's accounts, and what they change item by item"),
    .words_usage = "SCENARIO --accounts FILE",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description =
        N_("Writes the scenario of the year after the base year: people and accounts are projected by a year on the "
           "central "
           "path, figures of the accounts take the place of the projection, and every run fits the regions' constants "
           "to them "
           "anew. The accounts are a CSV: year, code of the region, and any columns of regions.csv that a year moves "
           "(population, members, wage_yuan, revenue, expenditure and balances ...); empty cells are not known. A "
           "column months "
           "says that flows are those of the first so many months: the projection fills up the year.\n\n"
           "The change of each measure of the baseline is taken apart: a year has passed, then reserves, revenue, "
           "expenditure, "
           "members and wages as observed, each taken in after those before it. The items add up to new less old.\n\n"
           "Examples:\n\n"
           "  poolcast roll scenarios/zhejiang --accounts accounts2025.csv -o zhejiang_2025\n"
           "  poolcast roll scenarios/zhejiang --accounts half_year.csv --measure 'balance(2030)' --scheme both\n"
           "  poolcast run zhejiang_2025"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
