/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/memory.h"
#include "command.h"
#include "report/html.h"
#include "report/study.h"
#include "report/view.h"
#include "source.h"
#include "base/safe_file.h"
#include "store/store.h"

static const pc_cli_option options[] = {
    {"output", 'o', "FILE", N_("the page; default: the results file's name with .html, in the current directory"),
     "FILE"},
};

/* Results cost hours; a page is made again in a second. */
static pc_code check_target(const char *output, pc_status *status)
{
    if (pc_cli_is_results(output)) {
        return pc_fail(status, PC_ERR_INPUT, "'%s' is a results file: a report is not written over it", output);
    }
    return PC_OK;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_cli_source source = {0}; /* for its arena and names */
    const char *output = pc_args_value(args, "output");
    const pc_html_options html = {.file = args->words[0]};
    pc_results *results = NULL;
    pc_safe_stream stream = {0};
    pc_code code = PC_OK;

    if (!output) {
        const char *name = pc_cli_source_name(&source, args->words[0]);
        output = pc_arena_printf(&source.arena, "%s.html", name ? name : "report");
    }
    if (!output) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
        goto out;
    }
    results = pc_store_load(args->words[0], status);
    if (!results) {
        code = status->code ? status->code : pc_fail(status, PC_ERR_INPUT, "%s: cannot be read", args->words[0]);
        goto out;
    }
    code = pc_report_is_study(results) ? PC_OK : pc_view_check(results, status);
    code = code ? code : check_target(output, status);
    code = code ? code : pc_safe_stream_open(&stream, output, PC_SAFE_REPLACE, status);
    if (!code) {
        code = pc_report_is_study(results) ? pc_report_study_html(results, stream.out, status)
                                           : pc_report_html(results, &html, stream.out, status);
    }
    code = code ? code : pc_safe_stream_commit(&stream, status);
out:
    pc_safe_stream_release(&stream);
    pc_results_free(results);
    pc_cli_source_release(&source);
    return code;
}

const pc_command pc_report_command = {
    .name = "report",
    .summary = N_("a page with the answer, charts and tables, for any browser"),
    .words_usage = "FILE",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Writes one HTML file that needs nothing else and loads nothing from the network: the answer in three "
        "sentences, "
        "charts and tables of every policy, region and scheme, the inputs with their quality, assumptions and "
        "diagnostics. It opens in any browser, prints to A4 and works with the keyboard. Of a study's file (solve, "
        "stress, explain, calibrate, backtest, rare, roll) it makes a page of what the study found, with its charts: "
        "curves and contours with their errors, forecasts beside what happened, items of a change.\n\n"
        "  poolcast report zhejiang.h5\n"
        "  poolcast report zhejiang.h5 -o report.html"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
