/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "studying.h"

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
    {"sampling", 0, "KIND", N_("plain, antithetic or rqmc: how paths are drawn (docs/sampling.md)"),
     "plain antithetic rqmc"},
    PC_STUDY_OPTIONS,
};

typedef struct task {
    pc_studying common;
    pc_quantity quantity;
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

static pc_code open_policies(const pc_args *args, task *t, pc_status *status)
{
    const char *wanted[3] = {pc_args_value(args, "policy")};

    for (int k = 0; k < t->n_keys; k++) {
        if (strncmp(t->keys[k], "policy.", 7) == 0) {
            const char *name = t->keys[k] + 7;
            wanted[1 + k] = pc_arena_printf(&t->common.source.arena, "%.*s", (int)strcspn(name, "."), name);
        }
    }
    return pc_studying_policies(&t->common, wanted, 3, status);
}

static pc_code find_keys(const pc_args *args, task *t, pc_status *status)
{
    static const char *const fixed[] = {"paths", "seed", "horizon", "base_year", "baseline"};
    const pc_scenario *scenario = t->common.scenario;
    const char *policy = pc_args_value(args, "policy");
    unsigned schemes = 0;
    int view;
    pc_code code;

    for (int k = 0; k < t->n_keys; k++) {
        int index;
        unsigned in;
        for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
            if (strcmp(t->keys[k], fixed[i]) == 0) {
                return pc_fail(status, PC_ERR_INPUT, "--vary: found '%s', allowed a key of the model or of a policy",
                               fixed[i]);
            }
        }
        t->params[k] = pc_scenario_param(scenario, t->keys[k], &index, &in);
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
            policy = scenario->policies[index].name;
        }
    }
    code = pc_studying_scheme(&t->common, schemes == 1u << PC_RESIDENT ? PC_RESIDENT : PC_EMPLOYEE, &view, status);
    t->common.study.asks[0] =
        (pc_ask){&t->quantity, policy ? policy : scenario->policies[scenario->baseline].name, view};
    t->common.study.n_asks = 1;
    return code;
}

/* The range that a key allows, where it is narrow enough to be looked over. */
static pc_code usual_range(const task *t, double *lo, double *hi, pc_status *status)
{
    const pc_param *param = t->params[0];

    *lo = param->lo;
    *hi = param->hi;
    if (strcmp(param->unit, "year") == 0) {
        *lo = t->common.scenario->base_year + 1;
        *hi = t->common.scenario->base_year + t->common.scenario->horizon;
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
        code = range ? pc_studying_range("--range", range, &problem.lo, &problem.hi, NULL, status)
                     : usual_range(t, &problem.lo, &problem.hi, status);
    }
    code = code ? code : pc_solve(&t->common.study, &problem, answer, status);
    *results = code ? NULL : pc_study_results(&t->common.study, "solve", status);
    if (!code) {
        code = *results ? pc_solve_put(&t->common.study, &problem, t->params[0]->unit, answer, *results, status)
                        : status->code;
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
        code = pc_studying_range("--grid", t->grids[k], &grid.axis[k].lo, &grid.axis[k].hi, &grid.axis[k].n, status);
    }
    code = code ? code : pc_grid_run(&t->common.study, &grid, status);
    *results = code ? NULL : pc_study_results(&t->common.study, "grid", status);
    if (!code) {
        code = *results ? pc_grid_put(&t->common.study, &grid, units, *results, status) : status->code;
    }
    pc_grid_release(&grid);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    task *t = pc_calloc(1, sizeof *t);
    pc_results *results = NULL;
    pc_code code = t ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the study");

    code = code ? code : collect(args, t, status);
    code = code ? code : read_quantity(args, t, status);
    code = code ? code : pc_studying_open(&t->common, args, "-solve.h5", status);
    code = code ? code : open_policies(args, t, status);
    code = code ? code : find_keys(args, t, status);
    if (!code) {
        t->common.study.as_sampled = 1;
    }
    code = code ? code : pc_studying_start(&t->common, status);
    if (!code) {
        code = t->n_grids ? over_grid(t, &results, status) : solve(args, t, &results, status);
    }
    code = code ? code : pc_studying_finish(&t->common, results, status);
    pc_results_free(results);
    if (t) {
        pc_progress_end(&t->common.progress);
        pc_studying_release(&t->common);
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
