/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "report/export.h"
#include "source.h"
#include "base/safe_file.h"

static const pc_cli_option options[] = {
    {"xlsx", 0, "FILE", N_("an Excel workbook with charts, a sheet a topic"), "FILE"},
    {"csv", 0, "DIR", N_("a folder of tidy CSV tables with a data dictionary"), "DIR"},
    {"json", 0, "FILE", N_("one JSON file; - for standard output"), "FILE"},
    {"policy", 0, "NAME", N_("only this policy"), NULL},
    {"scheme", 0, "NAME", N_("only this scheme: employee, resident or both"), "employee resident both"},
    {"what", 0, "NAMES", N_("CSV and JSON: only these measures, separated by commas"), NULL},
};

static pc_code write_json(const pc_results *results, const char *path, const pc_export_options *choice,
                          pc_status *status)
{
    pc_safe_stream stream = {0};
    pc_code code;

    if (strcmp(path, "-") == 0) {
        return pc_export_json(results, stdout, choice, status);
    }
    code = pc_safe_stream_open(&stream, path, PC_SAFE_REPLACE, status);
    code = code ? code : pc_export_json(results, stream.out, choice, status);
    code = code ? code : pc_safe_stream_commit(&stream, status);
    pc_safe_stream_release(&stream);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    const char *xlsx = pc_args_value(args, "xlsx"), *csv = pc_args_value(args, "csv"),
               *json = pc_args_value(args, "json");
    const pc_export_options choice = {.policy = pc_args_value(args, "policy"),
                                      .scheme = pc_args_value(args, "scheme"),
                                      .what = pc_args_value(args, "what"),
                                      .file = args->words[0]};
    pc_results *results;
    pc_code code = PC_OK;

    if (!xlsx && !csv && !json) {
        return pc_fail(status, PC_ERR_INPUT, "nothing to write: give --xlsx FILE, --csv DIR or --json FILE");
    }
    if (choice.what && !csv && !json) {
        return pc_fail(status, PC_ERR_INPUT, "--what chooses for --csv and --json; a workbook has every topic");
    }
    results = pc_cli_results_load(args->words[0], status);
    if (!results) {
        return status->code;
    }
    code = pc_export_check(results, &choice, status);
    code = code || !xlsx ? code : pc_export_workbook(results, xlsx, &choice, status);
    code = code || !csv ? code : pc_export_csv(results, csv, &choice, status);
    code = code || !json ? code : write_json(results, json, &choice, status);
    pc_results_free(results);
    return code;
}

const pc_command pc_export_command = {
    .name = "export",
    .summary = N_("a results file as Excel workbook, CSV tables or JSON"),
    .words_usage = "FILE",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "The workbook has a sheet for each topic, with units in the headers, filters and charts that follow the "
        "cells, money in 100 million yuan, chances as per cents. CSV and JSON have every number in full precision, "
        "money in yuan, chances as fractions.\n\n"
        "--csv writes policy/MEASURE.csv, difference/MEASURE.csv (policy minus baseline, on the same paths), people/ "
        "and economy/ with the columns policy,scheme,region,year,measure,statistic,value, and dictionary.csv, which "
        "gives unit and meaning of every table. The tables are UTF-8 with a byte order mark, which Excel needs for "
        "Chinese; in Python read them with encoding='utf-8-sig', in R with fileEncoding='UTF-8-BOM'.\n\n"
        "An output appears whole or not at all and replaces a file of that name.\n\n"
        "  poolcast export zhejiang.h5 --xlsx zhejiang.xlsx\n"
        "  poolcast export zhejiang.h5 --csv tables\n"
        "  poolcast export zhejiang.h5 --csv tables --policy city --what reserve_months,depleted_by\n"
        "  poolcast export zhejiang.h5 --json zhejiang.json"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
