/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "studying.h"

enum { USUAL_PATHS = 4096 };

static const pc_cli_option options[] = {
    {"measure", 0, "MEASURE", N_("what is explained, e.g. 'reserve_months(2035)' (the default, eleven years on)"),
     NULL},
    {"policy", 0, "NAME", N_("one policy alone; default: all of the scenario"), NULL},
    {"scheme", 0, "NAME", N_("employee (default), resident or both"), "employee resident both"},
    {"no-tornado", 0, NULL, N_("leave out what one standard deviation of each driver does: half of the runs and more"),
     NULL},
    {"output", 'o', "FILE", N_("results file; default: the scenario's name with -explain.h5"), "FILE"},
    PC_STUDY_OPTIONS,
};

typedef struct task {
    pc_studying common;
    pc_quantity quantities[2]; /* what is explained, and of what the ends are */
    int n_quantities;
} task;

/* The measure; for an event, which has no ends, the balance of the same year and region beside it. */
static pc_code read_measures(const pc_args *args, task *t, pc_status *status)
{
    const char *text = pc_args_value(args, "measure");
    const pc_scenario *scenario = t->common.scenario;
    const int usual_year = scenario->base_year + (scenario->horizon < 11 ? scenario->horizon : 11);
    pc_quantity *q = t->quantities;
    const pc_output *output;
    char usual[300];
    int subject, index;
    pc_code code;

    snprintf(usual, sizeof usual, "reserve_months(%d)", usual_year);
    code = pc_quantity_read("--measure", text ? text : usual, 0, &q[0], status);
    if (code) {
        return code;
    }
    t->n_quantities = 1;
    if (q[0].statistic != PC_STATISTIC_MEAN) {
        return pc_fail(status, PC_ERR_INPUT,
                       "--measure: found a statistic in '%s', allowed none: the variance over paths is explained",
                       q[0].text);
    }
    output = pc_quantity_output(&q[0], &subject, &index);
    if (output && (output->stats & PC_STAT_EVENT)) {
        const char *region = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA ? q[0].region : "";
        snprintf(usual, sizeof usual, "balance(%d%s%s)",
                 q[0].year ? q[0].year : scenario->base_year + scenario->horizon, *region ? ", " : "", region);
        t->n_quantities = 2;
        code = pc_quantity_read("--measure", usual, 0, &q[1], status);
    }
    return code;
}

/* What a path is replayed with, beside its number and policy; NULL without memory. */
static const char *replay_command(const pc_args *args, pc_arena *arena)
{
    const char *policy = pc_args_value(args, "policies") ? NULL : pc_args_value(args, "policy");
    static const char *const carried[] = {"set", "seed", "horizon", "policies"};
    const char *text = pc_arena_printf(arena, "poolcast replay %s", args->words[0]);

    for (int i = 0; i < args->n_given && text; i++) {
        for (size_t k = 0; k < sizeof carried / sizeof *carried && text; k++) {
            if (strcmp(args->given[i].option->name, carried[k]) == 0) {
                text = pc_arena_printf(arena, "%s --%s '%s'", text, carried[k], args->given[i].value);
            }
        }
    }
    return text && policy ? pc_arena_printf(arena, "%s --policies '%s'", text, policy) : text; /* perhaps the library's */
}

static pc_code explain(const pc_args *args, task *t, pc_status *status)
{
    const char *policy = pc_args_value(args, "policy"), *command;
    pc_explained explained = {0};
    pc_results *results = NULL;
    int view, n_main;
    pc_code code = read_measures(args, t, status);

    code = code ? code : pc_studying_policies(&t->common, &policy, 1, status);
    code = code ? code : pc_studying_scheme(&t->common, PC_EMPLOYEE, &view, status);
    code = code ? code : pc_studying_ask(&t->common, t->quantities, 1, policy, view, status);
    n_main = t->common.study.n_asks;
    for (int p = 0; p < n_main && t->n_quantities == 2 && !code; p++) {
        code = pc_studying_ask(&t->common, t->quantities + 1, 1, t->common.study.asks[p].policy, view, status);
    }
    code = code ? code : pc_studying_start(&t->common, status);
    code = code ? code
                : pc_explain(&t->common.study, n_main, pc_args_value(args, "no-tornado") == NULL, &explained, status);
    if (!code) {
        results = pc_study_results(&t->common.study, "explain", status);
        code = results ? pc_explain_put(&t->common.study, &explained, t->quantities[t->n_quantities - 1].text, results,
                                        status)
                       : status->code;
    }
    command = replay_command(args, &t->common.source.arena);
    if (!code && command) {
        pc_results_attribute_text(results, "explain", "replay", command);
    }
    code = code ? code : pc_studying_finish(&t->common, results, status);
    pc_explain_release(&explained);
    pc_results_free(results);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    task *t = pc_calloc(1, sizeof *t);
    char paths[32];
    pc_code code = t ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the study");

    code = code ? code : pc_studying_open(&t->common, args, "-explain.h5", status);
    if (!code && !pc_args_value(args, "paths") && t->common.scenario->paths > USUAL_PATHS) {
        snprintf(paths, sizeof paths, "paths=%d", USUAL_PATHS);
        code = pc_studying_override(&t->common, paths, status);
    }
    code = code ? code : explain(args, t, status);
    if (t) {
        pc_progress_end(&t->common.progress);
        pc_studying_release(&t->common);
    }
    pc_free(t);
    return code;
}

const pc_command pc_explain_command = {
    .name = "explain",
    .summary = N_("what drives a measure: shares of its variance, what each driver does, typical paths"),
    .words_usage = "SCENARIO [--measure MEASURE]",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Takes the variance of a measure over paths apart: the share that each group of drivers makes alone "
        "(first-order "
        "Sobol index) and with all that it has in common with others (total index), by Saltelli's design: two sets "
        "of paths, and for each group the first set with that group's draws from the second. Shares of the process, of "
        "parameters and of behaviour, of years, and of the choice among the policies follow from the same runs.\n\n"
        "Then how far one standard deviation of each driver and each uncertain parameter moves the mean, and for "
        "each policy the paths nearest to the 5, 50 and 95 % outcome, with what happened on them and the command that "
        "replays them. Of an event the ends are those of the balance.\n\n"
        "Drivers that are correlated are taken apart in their order (mortality, fertility, employment, wages, "
        "cost, returns): what a driver shares with an earlier one counts with the earlier one.\n\n"
        "Paths of each run: those of the scenario, at most 4,096, unless --paths says otherwise.\n\n"
        "Examples:\n\n"
        "  poolcast explain scenarios/zhejiang --policy city\n"
        "  poolcast explain scenarios/zhejiang --measure 'member_weighted_depletion_by(2035)' --no-tornado\n"
        "  poolcast explain scenarios/zhejiang --policy unified_behaviour_high --measure 'balance(2040)'"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
