/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "command.h"
#include "report/compare.h"
#include "source.h"

static const pc_cli_option options[] = {
    {"csv", 0, NULL, N_("as CSV: the verdict, the inputs that differ, the results that differ"), NULL},
    {"json", 0, NULL, N_("the same as JSON"), NULL},
};

static pc_code run(const pc_args *args, pc_status *status)
{
    const pc_compare_options compare = {.name_a = args->words[0],
                                        .name_b = args->words[1],
                                        .format = pc_args_value(args, "csv")    ? PC_LISTING_CSV
                                                  : pc_args_value(args, "json") ? PC_LISTING_JSON
                                                                                : PC_LISTING_TABLE};
    pc_results *a = NULL, *b = NULL;
    pc_code code = PC_OK;

    if (pc_args_value(args, "csv") && pc_args_value(args, "json")) {
        return pc_fail(status, PC_ERR_INPUT, "--csv and --json together");
    }
    a = pc_cli_results_load(args->words[0], status);
    b = a ? pc_cli_results_load(args->words[1], status) : NULL;
    code = a && b ? pc_report_compare(a, b, &compare, stdout, status) : status->code;
    pc_results_free(a);
    pc_results_free(b);
    return code;
}

const pc_command pc_compare_command = {
    .name = "compare",
    .summary = N_("two results files: which inputs differ, which results differ beyond their errors"),
    .words_usage = "FILE FILE",
    .min_words = 2,
    .max_words = 2,
    .words_complete = "FILE",
    .description = N_(
        "Says first whether the two are the same. Inputs: seed, paths, versions, texts, overrides, parameters, series, "
        "tables, policies. Results: two runs of the same inputs, seed and paths must be equal to the last bit; else "
        "every mean and every chance is compared by the combined standard error, with a threshold at which 0.05 "
        "false alarms are expected over all comparisons. The exit code is 0 whatever is found; --json has the "
        "verdict identical, same_within_errors or different.\n\n"
        "  poolcast compare zhejiang.h5 zhejiang-again.h5\n"
        "  poolcast compare zhejiang.h5 half.h5 --json"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
