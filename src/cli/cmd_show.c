/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "report/listing.h"
#include "report/study.h"
#include "report/summary.h"
#include "report/winners.h"
#include "source.h"

static const pc_cli_option options[] = {
    {"policy", 0, "NAME", N_("only this policy"), NULL},
    {"scheme", 0, "NAME", N_("only this scheme: employee, resident or both"), "employee resident both"},
    {"region", 0, "NAME", N_("only this region, group or the whole: its id, name or English name"), NULL},
    {"year", 0, "Y", N_("only this year"), NULL},
    {"years", 0, "A-B", N_("only these years"), NULL},
    {"what", 0, "NAMES", N_("datasets, separated by commas; 'list' prints all names with units"), NULL},
    {"real", 0, NULL, N_("money in yuan of the base year"), NULL},
    {"difference", 0, NULL, N_("policy minus baseline, on the same paths"), NULL},
    {"winners", 0, NULL, N_("who gains and who loses, region by region, and when pooling stops helping"), NULL},
    {"csv", 0, NULL, N_("tidy CSV: policy,scheme,region,year,measure,statistic,value"), NULL},
    {"json", 0, NULL, N_("the same as JSON"), NULL},
};

static int read_year(const char *text, const char **end, int *year)
{
    char *stop;
    long value;

    if (!isdigit((unsigned char)text[0])) {
        return 0;
    }
    value = strtol(text, &stop, 10);
    *end = stop;
    *year = (int)value;
    return value >= 1000 && value <= 9999;
}

static pc_code read_years(const pc_args *args, pc_listing_options *listing, pc_status *status)
{
    const char *year = pc_args_value(args, "year"), *years = pc_args_value(args, "years"), *end = "";

    if (year && years) {
        return pc_fail(status, PC_ERR_INPUT, "--year and --years together");
    }
    if (year) {
        if (!read_year(year, &end, &listing->first_year) || *end) {
            return pc_fail(status, PC_ERR_INPUT, "--year: found '%s', allowed a year", year);
        }
        listing->last_year = listing->first_year;
    }
    if (years && (!read_year(years, &end, &listing->first_year) || *end != '-' ||
                  !read_year(end + 1, &end, &listing->last_year) || *end)) {
        return pc_fail(status, PC_ERR_INPUT, "--years: found '%s', allowed two years as 2030-2040", years);
    }
    return PC_OK;
}

static pc_code show_winners(const pc_args *args, const pc_results *results, const pc_listing_options *listing,
                            pc_status *status)
{
    static const char *const others[] = {"region", "years", "what", "real", "difference"};
    const pc_winners_options winners = {listing->policy, listing->scheme, listing->first_year, listing->format};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (pc_args_value(args, others[i])) {
            return pc_fail(status, PC_ERR_INPUT, "--winners and --%s together", others[i]);
        }
    }
    return pc_report_winners(results, &winners, stdout, status);
}

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_listing_options listing = {.policy = pc_args_value(args, "policy"),
                                  .scheme = pc_args_value(args, "scheme"),
                                  .region = pc_args_value(args, "region"),
                                  .what = pc_args_value(args, "what"),
                                  .real = pc_args_value(args, "real") != NULL,
                                  .difference = pc_args_value(args, "difference") != NULL};
    pc_report_options report = {.file = args->words[0]};
    pc_results *results = NULL;
    pc_code code = read_years(args, &listing, status);

    if (code) {
        return code;
    }
    if (pc_args_value(args, "csv") && pc_args_value(args, "json")) {
        return pc_fail(status, PC_ERR_INPUT, "--csv and --json together");
    }
    listing.format = pc_args_value(args, "csv")    ? PC_LISTING_CSV
                     : pc_args_value(args, "json") ? PC_LISTING_JSON
                                                   : PC_LISTING_TABLE;
    results = pc_cli_any_load(args->words[0], status);
    if (!results) {
        return status->code;
    }
    if (pc_report_is_study(results)) {
        code = pc_report_study(results, listing.format, stdout, status);
    } else if (args->n_given == 0) {
        code = pc_report_summary(results, stdout, &report, status);
    } else if (pc_args_value(args, "winners")) {
        code = show_winners(args, results, &listing, status);
    } else if (listing.what && strcmp(listing.what, "list") == 0) {
        code = pc_report_names(results, stdout, status);
    } else {
        code = pc_report_listing(results, &listing, stdout, status);
    }
    pc_results_free(results);
    return code;
}

const pc_command pc_show_command = {
    .name = "show",
    .summary = N_("the summary and tables of a results file"),
    .words_usage = "FILE",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description =
        N_("Without options: the summary. With options: values by policy, scheme, region and year, means with their "
           "standard errors, chances in per cent, money in 100 million yuan. CSV and JSON have every statistic in full "
           "precision, money in yuan, chances as fractions.\n\n"
           "  poolcast show zhejiang.h5\n"
           "  poolcast show zhejiang.h5 --what list\n"
           "  poolcast show zhejiang.h5 --what depleted_by,reserve_months --year 2040 --scheme employee\n"
           "  poolcast show zhejiang.h5 --winners --policy unified_2029\n"
           "  poolcast show zhejiang.h5 --region Hangzhou --what balance --real\n"
           "  poolcast show zhejiang.h5 --difference --what balance_quantile --region zhejiang --csv"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
