/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studying.h"

#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "output.h"

static pc_code read_scenario(pc_studying *t, pc_status *status)
{
    pc_scenario_free(t->scenario);
    t->scenario = NULL;
    return pc_scenario_read(t->source.files, t->source.overrides, t->source.n_overrides, &t->scenario, status);
}

pc_code pc_studying_read(pc_studying *t, const pc_args *args, pc_status *status)
{
    const int csv = pc_args_value(args, "csv") != NULL, json = pc_args_value(args, "json") != NULL;
    int threads = 0;
    pc_code code;

    t->args = args;
    t->quiet = pc_args_value(args, "quiet") != NULL;
    t->format = csv ? PC_LISTING_CSV : json ? PC_LISTING_JSON : PC_LISTING_TABLE;
    if (csv && json) {
        return pc_fail(status, PC_ERR_INPUT, "--csv and --json together");
    }
    code = pc_cli_threads(args, &threads, status);
    code = code ? code : pc_cli_source_open(&t->source, args, status);
    code = code ? code : read_scenario(t, status);
    t->study.run = (pc_run_options){.threads = threads,
                                    .stop = &pc_stop_requested,
                                    .command = args->line,
                                    .reproducible = pc_args_value(args, "reproducible") != NULL};
    return code;
}

pc_code pc_studying_open(pc_studying *t, const pc_args *args, const char *suffix, pc_status *status)
{
    pc_code code = pc_studying_read(t, args, status);

    t->output = pc_args_value(args, "output");
    if (!code && !t->output) {
        const char *name = pc_cli_source_name(&t->source, args->words[0]);
        t->output = pc_arena_printf(&t->source.arena, "%s%s", name ? name : "poolcast", suffix);
    }
    return code        ? code
           : t->output ? pc_output_check(args, t->output, status)
                       : pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
}

void pc_studying_release(pc_studying *t)
{
    pc_study_release(&t->study);
    pc_scenario_free(t->scenario);
    pc_cli_source_release(&t->source);
}

pc_code pc_studying_override(pc_studying *t, const char *text, pc_status *status)
{
    pc_code code = pc_cli_source_override(&t->source, text, status);

    return code ? code : read_scenario(t, status);
}

pc_code pc_studying_policies(pc_studying *t, const char *const *wanted, int n, pc_status *status)
{
    const char *names = NULL;
    pc_code code = PC_OK;

    for (int i = 0; !code && i < n && !pc_args_value(t->args, "policies"); i++) {
        if (wanted[i] && pc_scenario_policy(t->scenario, wanted[i]) < 0) {
            names =
                pc_arena_printf(&t->source.arena, "%s%s%s", names ? names : "", names ? "," : "policies=", wanted[i]);
            code = names ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the options");
        }
    }
    if (!code && names) { /* the others stay: a selection alone would leave them out */
        for (int p = 0; p < t->scenario->n_policies && names; p++) {
            names = pc_arena_printf(&t->source.arena, "%s,%s", names, t->scenario->policies[p].name);
        }
        code = pc_studying_override(t, names ? names : "", status);
    }
    return code;
}

pc_code pc_studying_scheme(const pc_studying *t, int standard, int *view, pc_status *status)
{
    const char *scheme = pc_args_value(t->args, "scheme");

    *view = scheme ? -1 : standard;
    for (int v = 0; scheme && v < PC_SCHEME_VIEWS; v++) {
        *view = strcmp(scheme, pc_scheme_view_names[v]) == 0 ? v : *view;
    }
    return *view < 0 ? pc_unknown(status, N_("scheme"), scheme, pc_scheme_view_names, PC_SCHEME_VIEWS) : PC_OK;
}

pc_code pc_studying_ask(pc_studying *t, const pc_quantity *quantities, int n, const char *policy, int view,
                        pc_status *status)
{
    const char *baseline = t->scenario->policies[t->scenario->baseline].name;

    for (int p = 0; p < t->scenario->n_policies; p++) {
        const char *name = t->scenario->policies[p].name;
        if (policy && strcmp(policy, name) != 0) {
            continue;
        }
        for (int q = 0; q < n; q++) {
            if (quantities[q].difference && !policy && strcmp(name, baseline) == 0) {
                continue;
            }
            if (t->study.n_asks == PC_STUDY_MAX_ASKS) {
                return pc_fail(status, PC_ERR_INPUT,
                               "found more than %d measures of policies, allowed that many: name fewer with --policy "
                               "or --measure",
                               PC_STUDY_MAX_ASKS);
            }
            t->study.asks[t->study.n_asks++] = (pc_ask){&quantities[q], name, view};
        }
    }
    if (t->study.n_asks == 0) {
        const char *names[256];
        int known = 0;
        for (int p = 0; p < t->scenario->n_policies && known < 256; p++) {
            names[known++] = t->scenario->policies[p].name;
        }
        return policy ? pc_unknown(status, N_("policy"), policy, names, (size_t)known)
                      : pc_fail(status, PC_ERR_INPUT, "found one policy only, allowed two for a difference");
    }
    return PC_OK;
}

pc_code pc_studying_start(pc_studying *t, pc_status *status)
{
    t->study.files = t->source.files;
    t->study.overrides = t->source.overrides;
    t->study.n_overrides = t->source.n_overrides;
    pc_progress_start(&t->progress);
    if (!t->quiet) {
        t->study.run.progress = pc_progress_report;
        t->study.run.progress_context = &t->progress;
        t->study.begin = pc_progress_task;
        t->study.context = &t->progress;
    }
    return pc_study_start(&t->study, t->scenario, status);
}

pc_code pc_studying_finish(pc_studying *t, const pc_results *results, pc_status *status)
{
    pc_code code;

    pc_progress_end(&t->progress);
    code = pc_output_save(t->args, results, &t->output, &t->source.arena, status);
    return code || t->quiet ? code : pc_report_study(results, t->format, stdout, status);
}

pc_code pc_studying_range(const char *option, const char *text, double *lo, double *hi, int *n, pc_status *status)
{
    char parts[3][64] = {"", "", ""};
    const int wanted = n ? 3 : 2;
    const char *at = text;
    double count = 0;
    int found = 0;
    pc_code code;

    for (; found < wanted; found++) {
        const size_t length = strcspn(at, ":");
        snprintf(parts[found], sizeof parts[0], "%.*s", (int)length, at);
        at += length;
        if (!*at) {
            found++;
            break;
        }
        at++;
    }
    if (found != wanted || *at) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found '%s', allowed %s", option, text,
                       n ? "LO:HI:N, e.g. 0:5%:11" : "LO:HI, e.g. 0:5%");
    }
    code = pc_quantity_number(option, parts[0], lo, status);
    code = code ? code : pc_quantity_number(option, parts[1], hi, status);
    if (!code && n) {
        code = pc_quantity_number(option, parts[2], &count, status);
        *n = (int)count;
        if (!code && (count != floor(count) || count < 2 || count > PC_GRID_MAX)) {
            code = pc_fail(status, PC_ERR_INPUT, "%s: found %s points, allowed a whole number from 2 to %d", option,
                           parts[2], PC_GRID_MAX);
        }
    }
    if (!code && !(*lo < *hi)) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: found '%s', allowed a lower and a higher number", option, text);
    }
    return code;
}
