/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "engine/run.h"
#include "output.h"
#include "progress.h"
#include "report/summary.h"
#include "source.h"

static const pc_cli_option options[] = {
    {"output", 'o', "FILE", N_("results file; default: the scenario's name with .h5, in the current directory"),
     "FILE"},
    {"paths", 0, "N", N_("number of paths; 0 runs only the central path"), NULL},
    {"seed", 0, "N", N_("seed of the random numbers"), NULL},
    {"threads", 0, "N", N_("threads; the results do not depend on it (default: all cores)"), NULL},
    {"horizon", 0, "N", N_("years to run after the base year"), NULL},
    {"policies", 0, "NAMES",
     N_("only these policies and the baseline, separated by commas, of the scenario or of the library; or all"), "all"},
    {"set", 0, "KEY=VALUE", N_("give a key of the scenario another value; may be repeated"), NULL},
    {"save-paths", 0, "N", N_("keep the first N paths of every flow and balance"), NULL},
    {"reproducible", 0, NULL, N_("leave time, host, threads and command line out: equal runs give equal bytes"), NULL},
    {"force", 'f', NULL, N_("replace the output where it exists"), NULL},
    {"quiet", 'q', NULL, N_("no progress and no summary"), NULL},
};

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_cli_source source = {0};
    pc_run_options run_options = {0};
    pc_progress progress;
    pc_results *results = NULL;
    const char *output = pc_args_value(args, "output");
    int quiet = pc_args_value(args, "quiet") != NULL;
    uint64_t threads = 0;
    pc_code code;

    code = pc_args_count(args, "threads", 1, 4096, 0, &threads, status);
    code = code ? code : pc_args_count(args, "save-paths", 0, UINT64_C(1) << 32, 0, &run_options.save_paths, status);
    code = code ? code : pc_cli_source_open(&source, args, status);
    if (code) {
        goto out;
    }
    if (!output) {
        const char *name = pc_cli_source_name(&source, args->words[0]);
        /* never over the file that is repeated */
        output =
            pc_arena_printf(&source.arena, "%s%s.h5", name ? name : "poolcast", source.from_results ? "-again" : "");
        if (!output) {
            code = pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
            goto out;
        }
    }
    code = pc_cli_source_plan(&source, status);
    code = code ? code : pc_output_check(args, output, status);
    if (code) {
        goto out;
    }
    run_options.threads = (int)threads;
    run_options.reproducible = pc_args_value(args, "reproducible") != NULL;
    run_options.command = args->line;
    run_options.stop = &pc_stop_requested;
    if (!quiet) {
        pc_progress_start(&progress);
        run_options.progress = pc_progress_report;
        run_options.progress_context = &progress;
    }
    code = pc_run(source.plan, &run_options, &results, status);
    if (!quiet) {
        pc_progress_end(&progress);
    }
    if (!code && pc_stop_requested) {
        code = pc_fail(status, PC_ERR_INTERRUPTED, "interrupted; no results were written");
    }
    code = code ? code : pc_output_save(args, results, &output, &source.arena, status);
    if (!code && !quiet) {
        pc_report_options report = {.file = output};
        code = pc_report_summary(results, stdout, &report, status);
    }
out:
    pc_results_free(results);
    pc_cli_source_release(&source);
    return code;
}

const pc_command pc_run_command = {
    .name = "run",
    .summary = N_("run a scenario and write its results file"),
    .words_usage = "SCENARIO",
    .min_words = 1,
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
        "Examples:\n\n"
        "  poolcast run scenarios/zhejiang\n"
        "  poolcast run scenarios/zhejiang --policies unified_2029,guizhou\n"
        "  poolcast run scenarios/zhejiang --policies all -o all.h5\n"
        "  poolcast run scenarios/zhejiang --paths 100000 -o zhejiang.h5\n"
        "  poolcast run scenarios/zhejiang --set wages.regional_sigma=0.5%\n"
        "  poolcast run zhejiang.h5 --seed 2"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
