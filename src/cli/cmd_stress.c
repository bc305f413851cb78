/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "report/tables.h"
#include "studying.h"

enum { MOST_MEASURES = 16, MOST_RUNS = 40 };

static const pc_cli_option options[] = {
    {"stress", 0, "NAMES", N_("which, separated by commas; default: all of the library beside the scenario"), NULL},
    {"measure", 0, "MEASURE",
     N_("what is looked at, e.g. 'reserve_months(2035)'; may be repeated; default: reserves, member-weighted depletion "
        "and balance eleven years on"),
     NULL},
    {"policy", 0, "NAME", N_("one policy alone; default: all of the scenario"), NULL},
    {"scheme", 0, "NAME", N_("employee (default), resident or both"), "employee resident both"},
    {"central", 0, NULL, N_("the central path alone, without random paths"), NULL},
    {"reverse", 0, "NAME", N_("the mildest multiple of this stress that brings a measure to a bound"), NULL},
    {"until", 0, "CONDITION", N_("with --reverse: the measure and its bound, e.g. 'depleted_any(2035) >= 50 %'"), NULL},
    {"range", 0, "LO:HI", N_("with --reverse: the multiples looked at; default: 0 to at most 3"), NULL},
    {"points", 0, "N", N_("with --reverse: points of the first look over the range (default: 7)"), NULL},
    {"list", 0, NULL, N_("print the stresses of the library and what they set"), NULL},
    {"output", 'o', "FILE", N_("results file; default: the scenario's name with -stress.h5"), "FILE"},
    {"sampling", 0, "KIND", N_("plain, antithetic or rqmc: how paths are drawn (docs/sampling.md)"),
     "plain antithetic rqmc"},
    PC_STUDY_OPTIONS,
};

typedef struct task {
    pc_studying common;
    pc_quantity quantities[MOST_MEASURES];
    int n_quantities, n_stresses;
    pc_stress stresses[PC_STRESS_MOST];
} task;

static pc_code read_stresses(const pc_args *args, task *t, pc_status *status)
{
    const char *reverse = pc_args_value(args, "reverse"), *given = pc_args_value(args, "stress");
    const char *names[PC_STRESS_MOST];
    pc_cli_source *source = &t->common.source;
    int n = 0;
    pc_code code = PC_OK;

    if (reverse && given) {
        return pc_fail(status, PC_ERR_INPUT, "--reverse and --stress together");
    }
    if (reverse) {
        names[n++] = reverse;
    } else if (given) {
        for (const char *at = given; *(at += strspn(at, ", ")) && n < PC_STRESS_MOST; at += strcspn(at, ", ")) {
            names[n] = pc_arena_printf(&source->arena, "%.*s", (int)strcspn(at, ", "), at);
            if (!names[n++]) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for the options");
            }
        }
    } else {
        n = pc_stress_names(source->files, &source->arena, names, PC_STRESS_MOST);
    }
    if (n == 0) {
        return pc_fail(status, PC_ERR_INPUT,
                       "found no stresses beside this scenario, allowed files stresses/NAME.yaml in its folder or "
                       "beside it");
    }
    for (int i = 0; i < n && !code; i++) {
        code = pc_stress_read(source->files, names[i], &source->arena, &t->stresses[i], status);
    }
    t->n_stresses = n;
    return code;
}

static pc_code print_list(const task *t, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    pc_text_table_column(table, 0, "%s", _("stress"));
    pc_text_table_column(table, 0, "%s", _("title"));
    pc_text_table_column(table, 0, "%s", _("sets"));
    for (int i = 0; i < t->n_stresses; i++) {
        const pc_stress *s = &t->stresses[i];
        for (int k = 0; k < s->n_sets; k++) {
            pc_text_table_row(table);
            pc_text_table_cell(table, "%s", k ? "" : s->name);
            pc_text_table_cell(table, "%s", k ? "" : pc_language_pick(s->title, s->title_en));
            pc_text_table_cell(table, "%s", s->sets[k]);
        }
    }
    return pc_text_table_print(table, stdout, 0, status);
}

/* Eleven years on, or the end of the run. */
static int usual_year(const pc_scenario *scenario)
{
    return scenario->base_year + (scenario->horizon < 11 ? scenario->horizon : 11);
}

static pc_code read_measures(const pc_args *args, task *t, pc_status *status)
{
    static const char *const usual[] = {"reserve_months(%d)", "member_weighted_depletion_by(%d)", "balance(%d)"};
    const char *until = pc_args_value(args, "until");
    pc_code code = PC_OK;

    if (!pc_args_value(args, "reverse") != !until) {
        return pc_fail(status, PC_ERR_INPUT, "found one of --reverse and --until, allowed both or none");
    }
    if (until) {
        t->n_quantities = 1;
        return pc_quantity_read("--until", until, 1, &t->quantities[0], status);
    }
    for (int i = 0; i < args->n_given && !code; i++) {
        if (strcmp(args->given[i].option->name, "measure") != 0) {
            continue;
        }
        if (t->n_quantities == MOST_MEASURES) {
            return pc_fail(status, PC_ERR_INPUT, "found more than %d --measure, allowed that many", MOST_MEASURES);
        }
        code = pc_quantity_read("--measure", args->given[i].value, 0, &t->quantities[t->n_quantities++], status);
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual && !code && t->n_quantities <= (int)i; i++) {
        char text[80];
        if (i == 0 && t->n_quantities > 0) {
            break;
        }
        snprintf(text, sizeof text, usual[i], usual_year(t->common.scenario));
        code = pc_quantity_read("--measure", text, 0, &t->quantities[t->n_quantities++], status);
    }
    return code;
}

static pc_code multiple(void *context, double x, pc_arena *arena, const char **changes, int *n, pc_status *status)
{
    const pc_stress *stress = context;

    *n = stress->n_sets;
    return pc_stress_changes(stress, x, arena, changes, status);
}

/* The largest of some multiples that the keys allow. */
static pc_code usual_range(task *t, double *hi, pc_status *status)
{
    static const double tried[] = {3, 2.5, 2, 1.5, 1};
    pc_code code = PC_OK;

    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        const char *changes[PC_STRESS_MOST_SETS];
        pc_scenario *scenario = NULL;
        pc_plan *plan = NULL;
        pc_status *why = i + 1 < sizeof tried / sizeof *tried ? pc_calloc(1, sizeof *why) : status;
        code = pc_stress_changes(&t->stresses[0], tried[i], &t->common.source.arena, changes, status);
        code = code ? code : pc_study_scenario(&t->common.study, changes, t->stresses[0].n_sets, &scenario, why);
        code = code ? code : pc_plan_build(scenario, &plan, why);
        pc_plan_free(plan);
        pc_scenario_free(scenario);
        if (why != status) {
            pc_free(why);
        }
        if (code != PC_ERR_INPUT) {
            *hi = tried[i];
            break;
        }
    }
    return code;
}

static pc_code reverse(const pc_args *args, task *t, pc_results **results, pc_status *status)
{
    const char *range = pc_args_value(args, "range");
    const pc_stress *stress = &t->stresses[0];
    pc_solve_answer *answer = pc_calloc(1, sizeof *answer);
    pc_solve_problem problem = {.key = stress->name,
                                .changes = multiple,
                                .context = &t->stresses[0],
                                .find = PC_SOLVE_SMALLEST,
                                .max_runs = MOST_RUNS};
    uint64_t points;
    pc_code code = answer ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the answer");

    code = code ? code : pc_args_count(args, "points", 2, 101, 7, &points, status);
    if (!code) {
        problem.n_scan = (int)points;
        code = range ? pc_studying_range("--range", range, &problem.lo, &problem.hi, NULL, status)
                     : usual_range(t, &problem.hi, status);
    }
    code = code ? code : pc_solve(&t->common.study, &problem, answer, status);
    *results = code ? NULL : pc_study_results(&t->common.study, "reverse", status);
    if (!code) {
        code = *results ? pc_solve_put(&t->common.study, &problem, "index", answer, *results, status) : status->code;
    }
    if (!code) {
        pc_results_attribute_text(*results, "solve", "stress_title", stress->title);
        pc_results_attribute_text(*results, "solve", "stress_title_en", stress->title_en);
    }
    if (answer) {
        pc_solve_release(answer);
    }
    pc_free(answer);
    return code;
}

static pc_code stress_all(const pc_args *args, task *t, pc_results **results, pc_status *status)
{
    pc_stress_test test;
    pc_code code = pc_stress_run(&t->common.study, t->stresses, t->n_stresses, pc_args_value(args, "central") != NULL,
                                 &test, status);

    *results = code ? NULL : pc_study_results(&t->common.study, "stress", status);
    if (!code) {
        code = *results ? pc_stress_put(&t->common.study, t->stresses, &test, *results, status) : status->code;
    }
    pc_stress_test_release(&test);
    return code;
}

static pc_code study(const pc_args *args, task *t, pc_status *status)
{
    const char *policy = pc_args_value(args, "policy");
    const int reversed = pc_args_value(args, "reverse") != NULL;
    pc_results *results = NULL;
    int view;
    pc_code code = read_measures(args, t, status);

    code = code ? code : pc_studying_policies(&t->common, &policy, 1, status);
    code = code ? code : pc_studying_scheme(&t->common, PC_EMPLOYEE, &view, status);
    if (!code && reversed && !policy) {
        policy = t->common.scenario->policies[t->common.scenario->baseline].name;
    }
    code = code ? code : pc_studying_ask(&t->common, t->quantities, t->n_quantities, policy, view, status);
    t->common.study.as_sampled = 1;
    code = code ? code : pc_studying_start(&t->common, status);
    if (!code) {
        code = reversed ? reverse(args, t, &results, status) : stress_all(args, t, &results, status);
    }
    code = code ? code : pc_studying_finish(&t->common, results, status);
    pc_results_free(results);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    task *t = pc_calloc(1, sizeof *t);
    pc_code code = t ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the study");

    code = code ? code : pc_studying_open(&t->common, args, "-stress.h5", status);
    code = code ? code : read_stresses(args, t, status);
    if (!code) {
        code = pc_args_value(args, "list") ? print_list(t, status) : study(args, t, status);
    }
    if (t) {
        pc_progress_end(&t->common.progress);
        pc_studying_release(&t->common);
    }
    pc_free(t);
    return code;
}

const pc_command pc_stress_command = {
    .name = "stress",
    .summary = N_("what named stresses do to measures, and how much of one it takes"),
    .words_usage = "SCENARIO [--stress NAMES] [--reverse NAME --until CONDITION]",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Runs the scenario as it stands and under each stress, on the same random paths, so that differences have an "
        "error of their own, and on the central path. A stress is a file of changes in single years, "
        "../stresses/NAME.yaml beside the scenario's folder or stresses/NAME.yaml in it; its sizes are judged and "
        "written there. Rules that look ahead on the central path foresee a stress.\n\n"
        "With --reverse, the other way round: the mildest multiple of one stress that brings a measure of one policy "
        "(the baseline, or --policy) to a bound, found as 'poolcast solve' does, with the error that the number of "
        "paths leaves; where no multiple in the range does, it says so and gives the best.\n\n"
        "Measures are written as for 'poolcast solve'.\n\n"
        "Examples:\n\n"
        "  poolcast stress scenarios/zhejiang --list\n"
        "  poolcast stress scenarios/zhejiang --stress pandemic,cost_up --measure 'depleted_any(2035)'\n"
        "  poolcast stress scenarios/zhejiang --central\n"
        "  poolcast stress scenarios/zhejiang --reverse cost_up --until 'reserve_months(2035) <= 0'"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
