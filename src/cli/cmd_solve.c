/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "output.h"
#include "progress.h"
#include "report/study.h"
#include "source.h"
#include "store/store.h"
#include "study/outcome.h"

static const char *const views[PC_SCHEME_VIEWS] = {"employee", "resident", "both"};
enum { MOST_RUNS = 40 };

static const pc_cli_option options[] = {
    {"vary", 0, "KEY", N_("the key that is changed: of the scenario, or policy.NAME.PARAMETER, or policy.NAME.start"),
     NULL},
    {"until", 0, "CONDITION", N_("a measure and its bound, e.g. 'depleted_any(2035) <= 10 %'"), NULL},
    {"find", 0, "WHICH", N_("smallest or largest value that does; default: the one that is not an end of the range"),
     "smallest largest"},
    {"range", 0, "LO:HI", N_("where to look; default: what the key allows, where that is narrow"), NULL},
    {"policy", 0, "NAME", N_("whose measure; default: the policy in the key, else the baseline"), NULL},
    {"scheme", 0, "NAME", N_("employee, resident or both; default: the key's scheme, else employee"),
     "employee resident both"},
    {"points", 0, "N", N_("points of the first look over the range (default: 9)"), NULL},
    {"grid", 0, "LO:HI:N", N_("no search: the measure at N values; twice with two --vary"), NULL},
    {"measure", 0, "MEASURE", N_("with --grid: a measure without a bound"), NULL},
    {"output", 'o', "FILE", N_("results file; default: the scenario's name with -solve.h5"), "FILE"},
    {"force", 'f', NULL, N_("replace the output where it exists"), NULL},
    {"paths", 0, "N", N_("number of paths of each run"), NULL},
    {"seed", 0, "N", N_("seed of the random numbers"), NULL},
    {"threads", 0, "N", N_("threads; the results do not depend on it (default: all cores)"), NULL},
    {"horizon", 0, "N", N_("years to run after the base year"), NULL},
    {"policies", 0, "NAMES", N_("policies of the library to be read beside the scenario's"), "all"},
    {"set", 0, "KEY=VALUE", N_("give a key of the scenario another value; may be repeated"), NULL},
    {"csv", 0, NULL, N_("print the runs as CSV, in full precision"), NULL},
    {"json", 0, NULL, N_("print everything as JSON, in full precision"), NULL},
    {"reproducible", 0, NULL, N_("leave time, host and command line out: equal studies give equal bytes"), NULL},
    {"quiet", 'q', NULL, N_("no progress and nothing printed"), NULL},
};

typedef struct task {
    pc_cli_source source;
    pc_study study;
    pc_quantity quantity;
    pc_scenario *scenario;
    const char *keys[2], *grids[2];
    const pc_param *params[2];
    int n_keys, n_grids;
} task;

static pc_code collect(const pc_args *args, task *t, pc_status *status)
{
    for (int i = 0; i < args->n_given; i++) {
        const int vary = strcmp(args->given[i].option->name, "vary") == 0;
        if ((vary && t->n_keys == 2) ||
            (!vary && strcmp(args->given[i].option->name, "grid") == 0 && t->n_grids == 2)) {
            return pc_fail(status, PC_ERR_INPUT, "found a third --%s, allowed two", args->given[i].option->name);
        }
        if (vary) {
            t->keys[t->n_keys++] = args->given[i].value;
        } else if (strcmp(args->given[i].option->name, "grid") == 0) {
            t->grids[t->n_grids++] = args->given[i].value;
        }
    }
    if (t->n_keys == 0) {
        return pc_fail(status, PC_ERR_INPUT, "which key? Give --vary KEY, e.g. --vary policy.zhejiang_2025.levy");
    }
    if (t->n_grids > 0 && t->n_grids != t->n_keys) {
        return pc_fail(status, PC_ERR_INPUT, "found %d --grid for %d --vary, allowed one for each", t->n_grids,
                       t->n_keys);
    }
    if (t->n_grids == 0 && t->n_keys == 2) {
        return pc_fail(status, PC_ERR_INPUT, "found two --vary without --grid, allowed with two --grid");
    }
    return PC_OK;
}

static pc_code read_quantity(const pc_args *args, task *t, pc_status *status)
{
    const char *until = pc_args_value(args, "until"), *measure = pc_args_value(args, "measure");

    if (until && measure) {
        return pc_fail(status, PC_ERR_INPUT, "--until and --measure together");
    }
    if (measure && t->n_grids == 0) {
        return pc_fail(status, PC_ERR_INPUT, "--measure has no bound to solve for; give --until, or --grid");
    }
    if (!until && !measure) {
        return pc_fail(status, PC_ERR_INPUT, "until what? Give --until 'MEASURE <= BOUND'");
    }
    return until ? pc_quantity_read("--until", until, 1, &t->quantity, status)
                 : pc_quantity_read("--measure", measure, 0, &t->quantity, status);
}

static int has_policy(const pc_scenario *scenario, const char *name)
{
    for (int p = 0; p < scenario->n_policies; p++) {
        if (strcmp(scenario->policies[p].name, name) == 0) {
            return 1;
        }
    }
    return 0;
}

static pc_code read_scenario(task *t, pc_status *status)
{
    pc_scenario_free(t->scenario);
    t->scenario = NULL;
    return pc_scenario_read(t->source.files, t->source.overrides, t->source.n_overrides, &t->scenario, status);
}

/* Policies that only the library has are read as --policies would. */
static pc_code open_policies(const pc_args *args, task *t, pc_status *status)
{
    const char *wanted[3] = {pc_args_value(args, "policy")}, *names = NULL;
    pc_code code = read_scenario(t, status);

    for (int k = 0; !code && k < t->n_keys; k++) {
        if (strncmp(t->keys[k], "policy.", 7) == 0) {
            const char *name = t->keys[k] + 7;
            wanted[1 + k] = pc_arena_printf(&t->source.arena, "%.*s", (int)strcspn(name, "."), name);
        }
    }
    for (int i = 0; !code && i < 3 && !pc_args_value(args, "policies"); i++) {
        if (wanted[i] && !has_policy(t->scenario, wanted[i])) {
            names =
                pc_arena_printf(&t->source.arena, "%s%s%s", names ? names : "", names ? "," : "policies=", wanted[i]);
            code = names ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the options");
        }
    }
    if (!code && names) { /* the others stay: a selection alone would leave them out */
        for (int p = 0; p < t->scenario->n_policies && names; p++) {
            names = pc_arena_printf(&t->source.arena, "%s,%s", names, t->scenario->policies[p].name);
        }
        code = pc_cli_source_override(&t->source, names ? names : "", status);
        code = code ? code : read_scenario(t, status);
    }
    return code;
}

static pc_code find_keys(const pc_args *args, task *t, pc_status *status)
{
    static const char *const fixed[] = {"paths", "seed", "horizon", "base_year", "baseline"};
    const char *policy = pc_args_value(args, "policy"), *scheme = pc_args_value(args, "scheme");
    unsigned schemes = 0;
    int view = -1;

    for (int k = 0; k < t->n_keys; k++) {
        int index;
        unsigned in;
        for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
            if (strcmp(t->keys[k], fixed[i]) == 0) {
                return pc_fail(status, PC_ERR_INPUT, "--vary: found '%s', allowed a key of the model or of a policy",
                               fixed[i]);
            }
        }
        t->params[k] = pc_scenario_param(t->scenario, t->keys[k], &index, &in);
        if (!t->params[k]) {
            return pc_fail(
                status, PC_ERR_INPUT,
                "--vary: found '%s', which is no key of the scenario and of no policy in it; keys: 'poolcast help "
                "keys'",
                t->keys[k]);
        }
        if (t->params[k]->kind == PC_PARAM_TEXT || t->params[k]->kind == PC_PARAM_CHOICE ||
            t->params[k]->kind == PC_PARAM_BOOL) {
            return pc_fail(status, PC_ERR_INPUT, "--vary: found '%s', which is no number", t->keys[k]);
        }
        schemes |= in;
        if (index >= 0 && !policy) {
            policy = t->scenario->policies[index].name;
        }
    }
    for (int v = 0; scheme && v < PC_SCHEME_VIEWS; v++) {
        view = strcmp(scheme, views[v]) == 0 ? v : view;
    }
    if (scheme && view < 0) {
        return pc_unknown(status, N_("scheme"), scheme, views, PC_SCHEME_VIEWS);
    }
    if (view < 0) {
        view = schemes == 1u << PC_RESIDENT ? PC_RESIDENT : PC_EMPLOYEE;
    }
    t->study.asks[0] =
        (pc_ask){&t->quantity, policy ? policy : t->scenario->policies[t->scenario->baseline].name, view};
    t->study.n_asks = 1;
    return PC_OK;
}

/* "LO:HI" or, with `n`, "LO:HI:N". */
static pc_code read_range(const char *option, const char *text, double *lo, double *hi, int *n, pc_status *status)
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

/* The range that a key allows, where it is narrow enough to be looked over. */
static pc_code usual_range(const task *t, double *lo, double *hi, pc_status *status)
{
    const pc_param *param = t->params[0];

    *lo = param->lo;
    *hi = param->hi;
    if (strcmp(param->unit, "year") == 0) {
        *lo = t->scenario->base_year + 1;
        *hi = t->scenario->base_year + t->scenario->horizon;
    } else if (!(*hi - *lo <= (param->kind == PC_PARAM_INT ? 100 : 1))) {
        return pc_fail(status, PC_ERR_INPUT, "%s may be from %g to %g: say with --range LO:HI where to look",
                       t->keys[0], *lo, *hi);
    }
    return PC_OK;
}

static pc_code solve(const pc_args *args, task *t, pc_results **results, pc_status *status)
{
    const char *range = pc_args_value(args, "range"), *find = pc_args_value(args, "find");
    pc_solve_answer *answer = pc_calloc(1, sizeof *answer);
    pc_solve_problem problem = {.key = t->keys[0], .whole = t->params[0]->kind == PC_PARAM_INT, .max_runs = MOST_RUNS};
    uint64_t points;
    pc_code code = answer ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the answer");

    if (!code && find && strcmp(find, "smallest") != 0 && strcmp(find, "largest") != 0) {
        code = pc_fail(status, PC_ERR_INPUT, "--find: found '%s', allowed smallest or largest", find);
    }
    problem.find = !find ? PC_SOLVE_AUTO : strcmp(find, "largest") == 0 ? PC_SOLVE_LARGEST : PC_SOLVE_SMALLEST;
    code = code ? code : pc_args_count(args, "points", 2, 101, 9, &points, status);
    if (!code) {
        problem.n_scan = (int)points;
        code = range ? read_range("--range", range, &problem.lo, &problem.hi, NULL, status)
                     : usual_range(t, &problem.lo, &problem.hi, status);
    }
    code = code ? code : pc_solve(&t->study, &problem, answer, status);
    *results = code ? NULL : pc_study_results(&t->study, "solve", status);
    if (!code) {
        code =
            *results ? pc_solve_put(&t->study, &problem, t->params[0]->unit, answer, *results, status) : status->code;
    }
    if (answer) {
        pc_solve_release(answer);
    }
    pc_free(answer);
    return code;
}

static pc_code over_grid(task *t, pc_results **results, pc_status *status)
{
    pc_grid grid = {.n_axes = t->n_keys};
    const char *units[2] = {t->params[0]->unit, t->n_keys > 1 ? t->params[1]->unit : ""};
    pc_code code = PC_OK;

    for (int k = 0; !code && k < t->n_keys; k++) {
        grid.axis[k].key = t->keys[k];
        grid.axis[k].whole = t->params[k]->kind == PC_PARAM_INT;
        code = read_range("--grid", t->grids[k], &grid.axis[k].lo, &grid.axis[k].hi, &grid.axis[k].n, status);
    }
    code = code ? code : pc_grid_run(&t->study, &grid, status);
    *results = code ? NULL : pc_study_results(&t->study, "grid", status);
    if (!code) {
        code = *results ? pc_grid_put(&t->study, &grid, units, *results, status) : status->code;
    }
    pc_grid_release(&grid);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    task *t = pc_calloc(1, sizeof *t);
    const char *output = pc_args_value(args, "output");
    const int quiet = pc_args_value(args, "quiet") != NULL;
    const pc_listing_format format = pc_args_value(args, "csv")    ? PC_LISTING_CSV
                                     : pc_args_value(args, "json") ? PC_LISTING_JSON
                                                                   : PC_LISTING_TABLE;
    pc_progress progress;
    pc_results *results = NULL;
    uint64_t threads = 0;
    pc_code code = t ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the study");

    code = code ? code : collect(args, t, status);
    code = code ? code : read_quantity(args, t, status);
    if (!code && pc_args_value(args, "csv") && pc_args_value(args, "json")) {
        code = pc_fail(status, PC_ERR_INPUT, "--csv and --json together");
    }
    code = code ? code : pc_args_count(args, "threads", 1, 4096, 0, &threads, status);
    code = code ? code : pc_cli_source_open(&t->source, args, status);
    code = code ? code : open_policies(args, t, status);
    code = code ? code : find_keys(args, t, status);
    if (code) {
        goto out;
    }
    if (!output) {
        const char *name = pc_cli_source_name(&t->source, args->words[0]);
        output = pc_arena_printf(&t->source.arena, "%s-solve.h5", name ? name : "poolcast");
    }
    code = output ? pc_output_check(args, output, status) : pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
    t->study.files = t->source.files;
    t->study.overrides = t->source.overrides;
    t->study.n_overrides = t->source.n_overrides;
    t->study.run = (pc_run_options){.threads = (int)threads,
                                    .stop = &pc_stop_requested,
                                    .command = args->line,
                                    .reproducible = pc_args_value(args, "reproducible") != NULL};
    pc_progress_start(&progress);
    if (!quiet) {
        t->study.run.progress = pc_progress_report;
        t->study.run.progress_context = &progress;
        t->study.begin = pc_progress_task;
        t->study.context = &progress;
    }
    code = code ? code : pc_study_start(&t->study, t->scenario, status);
    if (!code) {
        code = t->n_grids ? over_grid(t, &results, status) : solve(args, t, &results, status);
    }
    pc_progress_end(&progress);
    code = code ? code : pc_output_save(args, results, &output, &t->source.arena, status);
    if (!code && !quiet) {
        code = pc_report_study(results, format, stdout, status);
    }
out:
    pc_results_free(results);
    if (t) {
        pc_study_release(&t->study);
        pc_scenario_free(t->scenario);
        pc_cli_source_release(&t->source);
    }
    pc_free(t);
    return code;
}

const pc_command pc_solve_command = {
    .name = "solve",
    .summary = N_("the value of a key at which a measure meets a bound, with its error"),
    .words_usage = "SCENARIO --vary KEY --until CONDITION",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Finds the smallest or largest value of a key such that a measure meets a bound. Every trial runs on the same "
        "paths, only the policies and years that the measure looks at. The answer's error is what the number of paths "
        "leaves: the measure's error over the slope. Where no value meets the bound, it says so and gives the best.\n\n"
        "KEY is a key of the scenario, or policy.NAME.PARAMETER: the parameter wherever it stands in that policy "
        "(policy.NAME.ENTRY.PARAMETER: only in entries of that name; a lever that is not there is added), or "
        "policy.NAME.start: the year of its first phase, the others moving along. 'run --set' takes the same keys.\n\n"
        "A measure is written as NAME(YEAR, REGION, STATISTIC): a name of the results file; a region, without it the "
        "whole; mean, sd, tvar or a quantile as 5 %. difference.NAME(...) is policy minus baseline, path by path.\n\n"
        "With --grid there is no search: the measure over one key, or over two with the line on which it meets the "
        "bound.\n\n"
        "Examples:\n\n"
        "  poolcast solve scenarios/zhejiang --vary policy.zhejiang_2025.levy --until 'depleted_any(2035) <= 10 %'\n"
        "  poolcast solve scenarios/zhejiang --vary policy.city.rate.factor --range 1:3 --until 'actuarial_balance >= "
        "0'\n"
        "  poolcast solve scenarios/zhejiang --vary membership.pension_age_shift --range 0:10 \\\n"
        "      --until 'member_weighted_depletion_by(2040) <= 20 %'\n"
        "  poolcast solve scenarios/zhejiang --vary policy.unified_2029.start --find largest \\\n"
        "      --until 'member_weighted_depletion_by(2035) <= 5 %'\n"
        "  poolcast solve scenarios/zhejiang --vary policy.unified_2029.siphoning.theta --range 0:50% \\\n"
        "      --until 'difference.member_weighted_depletion_by(2035) <= 0'\n"
        "  poolcast solve scenarios/zhejiang --vary policy.zhejiang_2025.levy --grid 0:10%:6 \\\n"
        "      --vary policy.zhejiang_2025.retained --grid 0:60%:4 --until 'depleted_any(2035) <= 10 %'"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
