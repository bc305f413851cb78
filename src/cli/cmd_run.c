/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "command.h"
#include "engine/run.h"
#include "keeping.h"
#include "output.h"
#include "progress.h"
#include "report/format.h"
#include "report/summary.h"
#include "sharing.h"
#include "source.h"
#include "study/precision.h"

static const pc_cli_option options[] = {
    {"output", 'o', "FILE", N_("results file; default: the scenario's name with .h5, in the current directory"),
     "FILE"},
    {"paths", 0, "N", N_("number of paths; 0 runs only the central path"), NULL},
    {"seed", 0, "N", N_("seed of the random numbers"), NULL},
    {"sampling", 0, "KIND", N_("plain, antithetic or rqmc: how paths are drawn (docs/sampling.md)"),
     "plain antithetic rqmc"},
    {"control-years", 0, "YEARS",
     N_("years, separated by commas, for which balances and chances of having run out are estimated by control "
        "variates "
        "too, with smaller errors"),
     NULL},
    {"target-se", 0, "MEASURE=ERROR",
     N_("stop at the first of 1024, 2048, 4096, ... paths at which the measure's standard error is that small; --paths "
        "is the most"),
     NULL},
    {"target-policy", 0, "NAME", N_("whose measure --target-se is; default: the baseline"), NULL},
    {"target-scheme", 0, "NAME", N_("its scheme: employee, resident or both; default: employee"),
     "employee resident both"},
    {"threads", 0, "N", N_("threads; the results do not depend on it (default 0: all that the process may use)"), NULL},
    {"horizon", 0, "N", N_("years to run after the base year"), NULL},
    {"policies", 0, "NAMES",
     N_("only these policies and the baseline, separated by commas, of the scenario or of the library; or all"), "all"},
    {"set", 0, "KEY=VALUE", N_("give a key of the scenario another value; may be repeated"), NULL},
    {"save-paths", 0, "N", N_("keep the first N paths of every flow and balance"), NULL},
    {"reproducible", 0, NULL, N_("leave time, host, threads and command line out: equal runs give equal bytes"), NULL},
    {"checkpoint", 0, "FILE",
     N_("keep the state of the run there, to go on after a stop; removed when the run is done"), "FILE"},
    {"every", 0, "TIME", N_("time between two states: 30s, 5min, 1h (default 60s)"), NULL},
    {"max-time", 0, "TIME", N_("stop after this time, keeping the state"), NULL},
    {"resume", 0, "FILE", N_("go on with the run whose state is in FILE, to the same bits"), "FILE"},
    {"shard", 0, "I/N", N_("run only part I of N, for poolcast merge; auto: as Slurm's job array says"), "auto"},
    {"force", 'f', NULL, N_("replace the output where it exists"), NULL},
    {"quiet", 'q', NULL, N_("no progress and no summary"), NULL},
};

/* NAME.h5; NAME-again.h5, never over the file that is repeated; NAME-I-of-N.part. NULL when memory runs out. */
static const char *default_output(pc_cli_source *source, const pc_args *args, const pc_keeping *keeping)
{
    const char *name;

    if (keeping->resumes) {
        return keeping->from.output;
    }
    name = pc_cli_source_name(source, args->words[0]);
    name = name ? name : "poolcast";
    return keeping->n_shards
               ? pc_arena_printf(&source->arena, "%s-%d-of-%d.part", name, keeping->shard, keeping->n_shards)
               : pc_arena_printf(&source->arena, "%s%s.h5", name, source->from_results ? "-again" : "");
}

/* In place of the number that was given, so that the results are those of a run with that number. */
static pc_code set_paths(pc_cli_source *source, uint64_t n, pc_status *status)
{
    const char *text = pc_arena_printf(&source->arena, "paths=%llu", (unsigned long long)n);
    int at = 0;
    pc_code code = text ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the options");

    while (at < source->n_overrides && strncmp(source->overrides[at], "paths=", 6) != 0) {
        at++;
    }
    if (!code && at < source->n_overrides) {
        source->overrides[at] = text;
    } else {
        code = code ? code : pc_cli_source_override(source, text, status);
    }
    return code ? code : pc_cli_source_plan(source, status);
}

/* Gives the scenario the number of paths that --target-se needs. */
static pc_code find_paths(const pc_args *args, pc_cli_source *source, const pc_run_options *run_options,
                          pc_status *status)
{
    const char *target = pc_args_value(args, "target-se"), *scheme = pc_args_value(args, "target-scheme");
    const int quiet = pc_args_value(args, "quiet") != NULL;
    pc_precision precision = {.policy = pc_args_value(args, "target-policy")};
    pc_run_options sample = {.threads = run_options->threads, .stop = run_options->stop};
    pc_progress progress;
    char error[PC_NUMBER_SIZE], paths[32];
    pc_code code;

    if (!target) {
        return precision.policy || scheme
                   ? pc_fail(status, PC_ERR_INPUT, "--target-policy and --target-scheme need --target-se")
                   : PC_OK;
    }
    for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
        precision.view = scheme && strcmp(scheme, pc_scheme_view_names[v]) == 0 ? v : precision.view;
    }
    if (scheme && strcmp(scheme, pc_scheme_view_names[precision.view]) != 0) {
        return pc_fail(status, PC_ERR_INPUT, "--target-scheme: found '%s', allowed employee, resident or both", scheme);
    }
    code = pc_precision_read("--target-se", target, &precision, status);
    if (!quiet) {
        pc_progress_start(&progress);
        sample.progress = pc_progress_report;
        sample.progress_context = &progress;
    }
    code = code ? code : pc_precision_find(source->plan, &sample, &precision, status);
    if (!quiet) {
        pc_progress_end(&progress);
    }
    if (code) {
        return code;
    }
    if (!quiet) {
        pc_format_grouped(paths, sizeof paths, (double)precision.n_paths, 0);
        snprintf(error, sizeof error, "%.3g", precision.estimate.se);
        fprintf(stderr,
                precision.is_reached
                    ? _("poolcast run: %s: standard error %s with %s paths\n")
                    : _("poolcast run: %s: standard error %s with %s paths, not as small as asked for\n"),
                precision.quantity.text, error, paths);
    }
    return set_paths(source, precision.n_paths, status);
}

/* All that comes before the run; where that turns out to be done, its results. */
static pc_code prepare(const pc_args *args, pc_cli_source *source, pc_keeping *keeping, pc_run_options *run_options,
                       const char **output, pc_results **results, pc_status *status)
{
    int threads = 0;
    pc_code code;

    if (args->n_words == 0 && !pc_args_value(args, "resume")) {
        return pc_fail(status, PC_ERR_INPUT, "an argument is missing; usage: poolcast %s %s", "run",
                       pc_run_command.words_usage);
    }
    code = pc_cli_threads(args, &threads, status);
    code = code ? code : pc_args_count(args, "save-paths", 0, UINT64_C(1) << 32, 0, &run_options->save_paths, status);
    code = code ? code : pc_keeping_read(keeping, args, status);
    code = code                 ? code
           : args->n_words == 0 ? pc_keeping_source(&keeping->from, source, status)
                                : pc_cli_source_open(source, args, status);
    if (code) {
        return code;
    }
    *output = *output ? *output : default_output(source, args, keeping);
    if (!*output) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
    }
    run_options->threads = threads;
    run_options->reproducible = pc_args_value(args, "reproducible") != NULL;
    run_options->command = args->line;
    run_options->stop = &pc_stop_requested;
    code = pc_cli_source_plan(source, status);
    code = code ? code : pc_keeping_finished(keeping, args, source, *output, results, status);
    if (code || keeping->is_finished) {
        return code;
    }
    code = pc_output_check(args, *output, status);
    code = code ? code : find_paths(args, source, run_options, status);
    return code ? code
                : pc_keeping_start(keeping, args, source, *output, pc_args_value(args, "quiet") != NULL, run_options,
                                   status);
}

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_cli_source source = {0};
    pc_run_options run_options = {0};
    pc_keeping keeping = {0};
    pc_results *results = NULL;
    const char *output = pc_args_value(args, "output");
    const int quiet = pc_args_value(args, "quiet") != NULL;
    pc_code code;

    if (args->ranks.rank > 0) {
        return pc_sharing_follow(args, status);
    }
    code = prepare(args, &source, &keeping, &run_options, &output, &results, status);
    code = pc_sharing_lead(args, code, keeping.is_finished ? NULL : source.plan, &run_options, status);
    if (code) {
        goto out;
    }
    if (keeping.is_finished) {
        fprintf(stderr, _("poolcast run: this run is done and '%s' is whole: what was left to do was to remove '%s'\n"),
                output, keeping.path);
        goto done;
    }
    pc_results_free(results); /* of another run, to be replaced */
    results = NULL;
    code = pc_sharing_run(args, source.plan, &run_options, &results, status);
    code = pc_keeping_end(&keeping, code, status);
    if (!code && results) {
        code = pc_output_save(args, results, &output, &source.arena, status);
    }
done:
    if (!code) {
        pc_keeping_done(&keeping);
    }
    if (!code && !quiet && results) {
        pc_report_options report = {.file = output};
        code = pc_report_summary(results, stdout, &report, status);
    }
out:
    pc_results_free(results);
    pc_keeping_release(&keeping);
    pc_cli_source_release(&source);
    return code;
}

const pc_command pc_run_command = {
    .name = "run",
    .summary = N_("run a scenario and write its results file"),
    .words_usage = "SCENARIO | --resume FILE",
    .min_words = 0,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Runs every policy of a scenario on the same paths, writes one results file (HDF5, also netCDF-4) and prints a "
        "summary.\n\n"
        "SCENARIO is a folder with scenario.yaml, a YAML file, or a results file: then the run in it is repeated with "
        "the "
        "same scenario and the same --set values, and the default output is NAME-again.h5.\n\n"
        "--policies takes names of the scenario's policies and of the library beside it (../policies/NAME.yaml); the "
        "baseline is always run. 'all' runs the scenario's all.yaml where there is one, else every policy it has. The "
        "selection is kept in the results file.\n\n"
        "A run that is interrupted (Ctrl-C, SIGTERM, --max-time) keeps its state in OUTPUT.checkpoint and prints the "
        "command "
        "that goes on; with --checkpoint FILE the state is kept on the way too, against kill -9 and power cuts. The "
        "end is the "
        "same to the last bit, with any number of threads. If a scenario is given with --resume, it must be the "
        "same.\n\n"
        "--sampling rqmc takes fewer paths for the same error (a power of two times the scenario's replicates). "
        "--control-years makes the errors of some years smaller on any paths. --target-se takes as many paths as a "
        "measure needs, written as for solve; the results are those of a run with "
        "that --paths.\n\n"
        "Examples:\n\n"
        "  poolcast run scenarios/zhejiang\n"
        "  poolcast run scenarios/zhejiang --policies unified_2029,guizhou\n"
        "  poolcast run scenarios/zhejiang --policies all -o all.h5\n"
        "  poolcast run scenarios/zhejiang --paths 100000 -o zhejiang.h5\n"
        "  poolcast run scenarios/zhejiang --sampling rqmc --paths 16384\n"
        "  poolcast run scenarios/zhejiang --control-years 2030,2035,2040\n"
        "  poolcast run scenarios/zhejiang --target-se 'depleted_any(2035)=0.3%' --paths 1000000\n"
        "  poolcast run scenarios/zhejiang --set wages.regional_sigma=0.5%\n"
        "  poolcast run zhejiang.h5 --seed 2\n"
        "  poolcast run scenarios/national --checkpoint national.checkpoint --every 5min\n"
        "  poolcast run --resume national.checkpoint"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .is_shared = 1,
    .run = run,
};
