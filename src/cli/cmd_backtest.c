/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "command.h"
#include "engine/provenance.h"
#include "output.h"
#include "progress.h"
#include "random/streams.h"
#include "report/study.h"
#include "source.h"
#include "store/store.h"
#include "study/backtest.h"
#include "study/study.h"

static const char table_name[] = "observed.csv";

static const pc_cli_option options[] = {
    {"observed", 0, "FILE", N_("table of what happened; default: observed.csv of the scenario's folder"), "FILE"},
    {"uncertain", 0, "KEY=SD", N_("the key is normal about its value with this standard deviation; may be repeated"),
     NULL},
    {"output", 'o', "FILE", N_("results file; default: the scenario's name with -backtest.h5"), "FILE"},
    {"force", 'f', NULL, N_("replace the output where it exists"), NULL},
    {"paths", 0, "N", N_("number of paths"), NULL},
    {"seed", 0, "N", N_("seed of the random numbers"), NULL},
    {"threads", 0, "N", N_("threads; the results do not depend on it (default 0: all that the process may use)"), NULL},
    {"set", 0, "KEY=VALUE", N_("give a key of the scenario another value; may be repeated"), NULL},
    {"csv", 0, NULL, N_("print every outcome as CSV, in full precision"), NULL},
    {"json", 0, NULL, N_("the same as JSON"), NULL},
    {"reproducible", 0, NULL, N_("leave time, host and command line out: equal tests give equal bytes"), NULL},
    {"quiet", 'q', NULL, N_("no progress and nothing printed"), NULL},
};

/* A table from outside the scenario takes the place of its own. */
static pc_code put_table(pc_files *files, const char *path, pc_status *status)
{
    FILE *in = fopen(path, "rb"), *out;
    char *text = NULL, block[65536];
    size_t size = 0, n;
    int failed;
    pc_code code;

    if (!in) {
        return pc_fail(status, PC_ERR_INPUT, "%s: cannot be read: %s", path, pc_error_text(errno));
    }
    out = open_memstream(&text, &size);
    while (out && (n = fread(block, 1, sizeof block, in)) > 0) {
        fwrite(block, 1, n, out);
    }
    failed = ferror(in) || !out;
    fclose(in);
    if (out && fclose(out)) {
        failed = 1;
    }
    code = failed ? pc_fail(status, PC_ERR_INPUT, "%s: cannot be read", path)
                  : pc_files_put_shown(files, table_name, path, text, size, status);
    free(text);
    return code;
}

/* Only the baseline, and no further than the table asks for and what rules and measures may look ahead. */
static pc_code plan_of(pc_cli_source *source, const pc_file *table, pc_status *status)
{
    const int last = pc_backtest_last_year(table);
    pc_code code = pc_scenario_read(source->files, source->overrides, source->n_overrides, &source->scenario, status);

    if (!code) {
        const pc_scenario *s = source->scenario;
        const char *narrow[2] = {pc_arena_printf(&source->arena, "policies=%s", s->policies[s->baseline].name), NULL};
        if (last > s->base_year && last + PC_STUDY_AHEAD < s->base_year + s->horizon) {
            narrow[1] = pc_arena_printf(&source->arena, "horizon=%d", last + PC_STUDY_AHEAD - s->base_year);
        }
        for (int i = 0; i < 2 && !code; i++) {
            code = narrow[i] ? pc_cli_source_override(source, narrow[i], status) : PC_OK;
        }
        pc_scenario_free(source->scenario);
        source->scenario = NULL;
    }
    return code ? code : pc_cli_source_plan(source, status);
}

/* ---- uncertain parameters
 * ---------------------------------------------------------------------------------------------- */

enum { PARTS = 100, MOST_UNCERTAIN = 16 };

typedef struct uncertain {
    int n;
    char key[MOST_UNCERTAIN][128];
    double value[MOST_UNCERTAIN], sd[MOST_UNCERTAIN];
    const pc_param *param[MOST_UNCERTAIN];
} uncertain;

static pc_code read_uncertain(const pc_args *args, const pc_scenario *scenario, uncertain *u, pc_status *status)
{
    for (int i = 0; i < args->n_given; i++) {
        const char *text = args->given[i].value, *equals = strchr(text, '=');
        const pc_value *value;
        int policy;
        unsigned schemes;
        if (strcmp(args->given[i].option->name, "uncertain") != 0) {
            continue;
        }
        if (u->n == MOST_UNCERTAIN || !equals || equals == text || (size_t)(equals - text) >= sizeof u->key[0]) {
            return pc_fail(status, PC_ERR_INPUT, "--uncertain: found '%s', allowed KEY=SD, at most %d times", text,
                           MOST_UNCERTAIN);
        }
        snprintf(u->key[u->n], sizeof u->key[0], "%.*s", (int)(equals - text), text);
        u->param[u->n] = pc_scenario_param(scenario, u->key[u->n], &policy, &schemes);
        value = pc_scenario_value(scenario, u->key[u->n]);
        if (!u->param[u->n] || !value ||
            (u->param[u->n]->kind != PC_PARAM_NUMBER && u->param[u->n]->kind != PC_PARAM_SERIES)) {
            return pc_fail(status, PC_ERR_INPUT,
                           "--uncertain: found '%s', allowed a key with a number, as in 'poolcast help keys'",
                           u->key[u->n]);
        }
        for (int t = 2; value->series && t <= scenario->horizon; t++) {
            if (value->series[t] != value->series[1]) {
                return pc_fail(status, PC_ERR_INPUT,
                               "--uncertain: found '%s', which changes over the years, allowed a constant",
                               u->key[u->n]);
            }
        }
        u->value[u->n] = value->series ? value->series[1] : value->number;
        if (pc_quantity_number("--uncertain", equals + 1, &u->sd[u->n], status)) {
            return status->code;
        }
        u->n++;
    }
    return PC_OK;
}

/* PARTS plans with their own parameters share the paths: part k has its share of them and a seed of its own. */
static pc_code run_parts(pc_cli_source *source, const pc_file *table, const uncertain *u, const pc_run_options *how,
                         pc_backtest *test, pc_status *status)
{
    const uint64_t paths = source->scenario->paths / PARTS, seed = source->scenario->seed;
    const int n_before = source->n_overrides;
    pc_code code = paths >= 1 ? pc_backtest_open(source->plan, table, paths * PARTS, test, status)
                              : pc_fail(status, PC_ERR_INPUT, "found %d paths, allowed with --uncertain at least %d",
                                        (int)source->scenario->paths, PARTS);

    for (int part = 0; part < PARTS && !code; part++) {
        pc_scenario *scenario = NULL;
        pc_plan *plan = NULL;
        source->n_overrides = n_before;
        code = pc_cli_source_override(source, pc_arena_printf(&source->arena, "paths=%llu", (unsigned long long)paths),
                                      status);
        code = code ? code
                    : pc_cli_source_override(
                          source,
                          pc_arena_printf(&source->arena, "seed=%llu", (unsigned long long)(seed + (uint64_t)part)),
                          status);
        for (int i = 0; i < u->n && !code; i++) {
            char number[PC_NUMBER_SIZE];
            double eps;
            pc_stream_normal(seed, (uint64_t)part, 1, 0, pc_stream_hash(u->key[i]), 0, 1, &eps, 1);
            pc_format_double(number, sizeof number,
                             fmin(fmax(u->value[i] + u->sd[i] * eps, u->param[i]->lo), u->param[i]->hi));
            code = pc_cli_source_override(source, pc_arena_printf(&source->arena, "%s=%s", u->key[i], number), status);
        }
        code = code ? code : pc_scenario_read(source->files, source->overrides, source->n_overrides, &scenario, status);
        code = code ? code : pc_plan_build(scenario, &plan, status);
        code = code ? code : pc_backtest_add(plan, how, (uint64_t)part * paths, test, status);
        pc_plan_free(plan);
        pc_scenario_free(scenario);
    }
    source->n_overrides = n_before;
    if (!code) {
        pc_backtest_score(test);
    }
    return code;
}

static pc_code write_results(const pc_backtest *test, const pc_plan *plan, const pc_run_options *how,
                             const uncertain *u, pc_results **results, pc_status *status)
{
    pc_code code;

    *results = pc_results_new();
    if (!*results) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for results");
    }
    pc_provenance_root(plan, how, test->n_paths, *results);
    for (int i = 0; i < u->n; i++) {
        char name[160];
        snprintf(name, sizeof name, "sd of %s", u->key[i]);
        pc_results_attribute_number(*results, "backtest", name, u->sd[i]);
    }
    code = pc_plan_inputs(plan, *results, status);
    return code ? code : pc_backtest_put(test, *results, status);
}

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_cli_source source = {0};
    pc_backtest test = {0};
    uncertain parameters = {0};
    pc_run_options run_options = {0};
    pc_progress progress;
    pc_results *results = NULL;
    const pc_file *table;
    const char *output = pc_args_value(args, "output"), *observed = pc_args_value(args, "observed");
    const int quiet = pc_args_value(args, "quiet") != NULL;
    const pc_listing_format format = pc_args_value(args, "csv")    ? PC_LISTING_CSV
                                     : pc_args_value(args, "json") ? PC_LISTING_JSON
                                                                   : PC_LISTING_TABLE;
    int threads = 0;
    pc_code code = pc_cli_threads(args, &threads, status);

    if (!code && pc_args_value(args, "csv") && pc_args_value(args, "json")) {
        code = pc_fail(status, PC_ERR_INPUT, "--csv and --json together");
    }
    code = code ? code : pc_cli_source_open(&source, args, status);
    code = code ? code : pc_cli_source_plain(&source, status);
    code = code || !observed ? code : put_table(source.files, observed, status);
    table = code ? NULL : pc_files_get(source.files, table_name, status);
    code = code ? code : table ? plan_of(&source, table, status) : status->code;
    if (!code && !output) {
        const char *name = pc_cli_source_name(&source, args->words[0]);
        output = pc_arena_printf(&source.arena, "%s-backtest.h5", name ? name : "poolcast");
    }
    code = code     ? code
           : output ? pc_output_check(args, output, status)
                    : pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
    run_options = (pc_run_options){.threads = threads,
                                   .stop = &pc_stop_requested,
                                   .command = args->line,
                                   .reproducible = pc_args_value(args, "reproducible") != NULL};
    pc_progress_start(&progress);
    if (!quiet) {
        run_options.progress = pc_progress_report;
        run_options.progress_context = &progress;
    }
    code = code ? code : read_uncertain(args, source.scenario, &parameters, status);
    if (!code) {
        code = parameters.n ? run_parts(&source, table, &parameters, &run_options, &test, status)
                            : pc_backtest_run(source.plan, table, &run_options, &test, status);
    }
    pc_progress_end(&progress);
    code = code ? code : write_results(&test, source.plan, &run_options, &parameters, &results, status);
    code = code ? code : pc_output_save(args, results, &output, &source.arena, status);
    if (!code && !quiet) {
        code = pc_report_backtest(results, format, stdout, status);
    }
    pc_results_free(results);
    pc_backtest_release(&test);
    pc_cli_source_release(&source);
    return code;
}

const pc_command pc_backtest_command = {
    .name = "backtest",
    .summary = N_("a forecast from a past year against what happened"),
    .words_usage = "SCENARIO",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description =
        N_("Runs a scenario whose base year has passed and compares its baseline with observed.csv: year, "
           "scheme, measure, value, "
           "and region where it is not the whole. Rows up to the base year are what was known; two naive "
           "forecasts are made "
           "from them. Prints how many outcomes lie in the central 50, 80 and 95 % of the forecast, in "
           "which fifth of it, the "
           "scores beside those of the naive forecasts, and every outcome outside the central 95 %.\n\n"
           "--uncertain adds what is not known of parameters that have no standard error of their own in the "
           "scenario: with a hundred draws of them, each on a "
           "hundredth of the paths.\n\n"
           "Examples:\n\n"
           "  poolcast backtest scenarios/backtest/tianjin_2014\n"
           "  poolcast backtest scenarios/backtest/national_2012\n"
           "  poolcast backtest scenarios/backtest/provinces_2009 --uncertain membership.women_cadres=10%\n"
           "  poolcast backtest scenarios/national --observed scenarios/backtest/national_2025.csv\n"
           "  poolcast show tianjin_2014-backtest.h5 --csv"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
