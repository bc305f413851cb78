/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "command.h"
#include "studying.h"

static const pc_cli_option options[] = {
    {"event", 0, "CONDITION", N_("a measure of one path and its bound, e.g. 'reserve_months(2028) <= 0'"), NULL},
    {"policy", 0, "NAME", N_("whose measure; default: the baseline"), NULL},
    {"scheme", 0, "NAME", N_("employee, resident or both; default: employee"), "employee resident both"},
    {"output", 'o', "FILE", N_("results file; default: the scenario's name with -rare.h5"), "FILE"},
    PC_STUDY_OPTIONS,
};

static pc_code hunt(const pc_args *args, pc_studying *t, pc_results **results, pc_status *status)
{
    const char *event = pc_args_value(args, "event"), *policy = pc_args_value(args, "policy");
    pc_quantity quantity;
    pc_rare rare = {0};
    int view = PC_EMPLOYEE;
    pc_code code = event ? PC_OK : pc_fail(status, PC_ERR_INPUT, "which event? Give --event 'MEASURE <= BOUND'");

    code = code ? code : pc_quantity_read("--event", event, 1, &quantity, status);
    code = code ? code : pc_studying_open(t, args, "-rare.h5", status);
    code = code ? code : pc_studying_policies(t, &policy, 1, status);
    code = code ? code : pc_studying_scheme(t, PC_EMPLOYEE, &view, status);
    if (!code) {
        policy = policy ? policy : t->scenario->policies[t->scenario->baseline].name;
        code = pc_studying_ask(t, &quantity, 1, policy, view, status);
    }
    code = code ? code : pc_studying_start(t, status);
    code = code ? code : pc_rare_run(&t->study, &rare, status);
    if (!code) {
        *results = pc_study_results(&t->study, "rare", status);
        code = *results ? pc_rare_put(&t->study, &rare, *results, status) : status->code;
    }
    pc_rare_release(&rare);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_studying *t = pc_calloc(1, sizeof *t);
    pc_results *results = NULL;
    pc_code code = t ? hunt(args, t, &results, status) : pc_fail(status, PC_ERR_FAIL, "no memory for the study");

    code = code ? code : pc_studying_finish(t, results, status);
    pc_results_free(results);
    if (t) {
        pc_studying_release(t);
    }
    pc_free(t);
    return code;
}

const pc_command pc_rare_command = {
    .name = "rare",
    .summary = N_("the chance of a rare event, of 1 in 1000 and far below, with its error"),
    .words_usage = "SCENARIO --event CONDITION",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Plain paths say little about chances below one in a thousand. Here the means of the drivers are shifted to "
        "the "
        "likeliest point at which the event happens, and every path is weighted with the ratio of the densities "
        "(importance sampling), so that the answer is right whatever the shift and its error small when the shift is "
        "good.\n\n"
        "CONDITION is a measure of one path with a bound, in the words of 'poolcast solve': reserve_months(2028, "
        "Quzhou) <= 0 says that the fund is overdrawn at the end of that year. Measures that are only yes or no can't "
        "be used: they do not say how far away the event is. Shocks start more often than they do, and the weights "
        "make "
        "up for it; the point is looked for without them.\n\n"
        "Examples:\n\n"
        "  poolcast rare scenarios/zhejiang --event 'reserve_months(2028) <= 15'\n"
        "  poolcast rare scenarios/zhejiang --policy unified_2029 --event 'balance(2031) <= 0'"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
