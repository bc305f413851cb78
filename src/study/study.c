/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/study.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static pc_code add_set(pc_study *study, const char *text, pc_status *status)
{
    if (!text) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the study");
    }
    if (study->n_sets == PC_STUDY_MAX_SETS) {
        return pc_fail(status, PC_ERR_INPUT, "found more than %d values set, allowed that many", PC_STUDY_MAX_SETS);
    }
    study->sets[study->n_sets++] = text;
    return PC_OK;
}

/* Names of all policies asked about, each once, separated by commas. */
static const char *policies_of(pc_study *study)
{
    const char *names = "";

    for (int a = 0; a < study->n_asks && names; a++) {
        int seen = 0;
        for (int b = 0; b < a; b++) {
            seen |= strcmp(study->asks[a].policy, study->asks[b].policy) == 0;
        }
        if (!seen) {
            names = pc_arena_printf(&study->arena, "%s%s%s", names, *names ? "," : "", study->asks[a].policy);
        }
    }
    return names;
}

/* The last year that some question looks at, and some more: rules and measures that look ahead must not meet the end.
 */
static int last_year_of(const pc_study *study)
{
    const int end = study->base_year + study->horizon;
    int last = 0;

    for (int a = 0; a < study->n_asks; a++) {
        const pc_quantity *q = study->asks[a].quantity;
        int subject, index;
        const pc_output *output = pc_quantity_output(q, &subject, &index);
        const int by_year = output && (output->shape == PC_SHAPE_YEAR || output->shape == PC_SHAPE_AREA_YEAR);
        const int needed = by_year && q->year ? q->year + PC_STUDY_AHEAD : end;
        last = needed > last ? needed : last;
    }
    return last < end ? last : end;
}

static pc_code unknown_policy(const pc_scenario *scenario, const char *name, pc_status *status)
{
    char list[1024] = "";
    size_t used = 0;

    for (int p = 0; p < scenario->n_policies && used + strlen(scenario->policies[p].name) + 3 < sizeof list; p++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", scenario->policies[p].name);
    }
    return pc_fail(status, PC_ERR_INPUT, "policy '%s' is unknown; known: %s (others of the library with --policies)",
                   name, list);
}

/* The plan, its layout and where the questions' rows are. */
typedef struct case_of_study {
    pc_scenario *scenario;
    pc_plan *plan;
    pc_layout layout;
    int has_layout;
    pc_quantity_use uses[PC_STUDY_MAX_ASKS];
    pc_pick picks[2 * PC_STUDY_MAX_ASKS];
    int n_picks;
} case_of_study;

static void close_case(case_of_study *c)
{
    if (c->has_layout) {
        pc_layout_release(&c->layout);
    }
    pc_plan_free(c->plan);
    pc_scenario_free(c->scenario);
}

static pc_code open_case(const pc_study *study, int n_sets, case_of_study *c, pc_status *status)
{
    pc_code code = pc_scenario_read(study->files, study->sets, n_sets, &c->scenario, status);

    code = code ? code : pc_plan_build(c->scenario, &c->plan, status);
    code = code ? code : pc_layout_for(c->plan, &c->layout, status);
    c->has_layout = !code;
    for (int a = 0; !code && a < study->n_asks; a++) {
        const int policy = pc_scenario_policy(c->scenario, study->asks[a].policy);
        if (policy < 0) {
            return unknown_policy(c->scenario, study->asks[a].policy, status);
        }
        code = pc_quantity_find(study->asks[a].quantity, c->plan, &c->layout, policy, study->asks[a].view, &c->uses[a],
                                status);
        for (int k = 0; !code && k < c->uses[a].n_picks; k++) {
            c->picks[c->n_picks++] = c->uses[a].picks[k];
        }
    }
    return code;
}

pc_code pc_study_start(pc_study *study, const pc_scenario *scenario, pc_status *status)
{
    int compared = 0;
    case_of_study whole = {0};
    pc_code code = PC_OK;

    study->n_paths = scenario->paths;
    study->n_parts = study->as_sampled ? scenario->n_replicates : 1;
    study->base_year = scenario->base_year;
    study->horizon = scenario->horizon;
    if (study->n_paths < 2) {
        return pc_fail(status, PC_ERR_INPUT, "found %d paths, allowed at least 2", (int)study->n_paths);
    }
    for (int i = 0; !code && i < study->n_overrides; i++) {
        code = add_set(study, study->overrides[i], status);
    }
    if (!code && !study->as_sampled) {
        code = add_set(study, "sampling=plain", status);
    }
    for (int a = 0; a < study->n_asks && !code; a++) {
        compared |= study->asks[a].quantity->difference;
        if (pc_scenario_policy(scenario, study->asks[a].policy) < 0) {
            code = unknown_policy(scenario, study->asks[a].policy, status);
        }
    }
    /* checked over the scenario's whole horizon, so that messages name its years */
    code = code ? code : open_case(study, study->n_sets, &whole, status);
    if (!code) {
        snprintf(study->unit, sizeof study->unit, "%s", pc_quantity_unit(whole.uses[0].output));
        snprintf(study->meaning, sizeof study->meaning, "%s", whole.uses[0].output->long_name);
    }
    close_case(&whole);
    study->last_year = last_year_of(study);
    code = code ? code : add_set(study, pc_arena_printf(&study->arena, "policies=%s", policies_of(study)), status);
    if (!compared) {
        code =
            code ? code : add_set(study, pc_arena_printf(&study->arena, "baseline=%s", study->asks[0].policy), status);
    }
    return code ? code
                : add_set(study, pc_arena_printf(&study->arena, "horizon=%d", study->last_year - study->base_year),
                          status);
}

void pc_study_release(pc_study *study)
{
    pc_arena_release(&study->arena);
    study->n_sets = 0;
}

static pc_code with_changes(pc_study *study, const char *const *changes, int n_changes, int *n_sets, pc_status *status)
{
    if (study->n_sets + n_changes > PC_STUDY_MAX_SETS) {
        return pc_fail(status, PC_ERR_INPUT, "found more than %d values set, allowed that many", PC_STUDY_MAX_SETS);
    }
    *n_sets = study->n_sets;
    for (int i = 0; i < n_changes; i++) {
        study->sets[(*n_sets)++] = changes[i];
    }
    return PC_OK;
}

pc_code pc_study_scenario(const pc_study *study, const char *const *changes, int n_changes, pc_scenario **out,
                          pc_status *status)
{
    const char *sets[PC_STUDY_MAX_SETS];
    int n = 0;

    for (; n < study->n_overrides && n < PC_STUDY_MAX_SETS; n++) {
        sets[n] = study->overrides[n];
    }
    for (int i = 0; i < n_changes && n < PC_STUDY_MAX_SETS; i++) {
        sets[n++] = changes[i];
    }
    return pc_scenario_read(study->files, sets, n, out, status);
}

/* Opens the case and fills rows[picks * n_paths], which is the caller's to free. */
static pc_code sample(pc_study *study, const char *const *changes, int n_changes, const char *label, case_of_study *c,
                      double **rows, pc_status *status)
{
    const size_t n = (size_t)study->n_paths;
    int n_sets = 0;
    pc_code code = with_changes(study, changes, n_changes, &n_sets, status);

    if (study->begin) {
        study->begin(study->context, study->n_runs, label);
    }
    code = code ? code : open_case(study, n_sets, c, status);
    if (!code) {
        *rows = pc_calloc((size_t)c->n_picks * n, sizeof **rows);
        code = *rows ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for %zu paths", n);
    }
    code = code ? code : pc_sample_run(c->plan, &c->layout, &study->run, c->picks, c->n_picks, *rows, status);
    study->n_runs += !code;
    return code;
}

pc_code pc_study_run(pc_study *study, const char *const *changes, int n_changes, const char *label,
                     pc_estimate *estimates, double *influence, pc_status *status)
{
    const size_t n = (size_t)study->n_paths;
    case_of_study c = {0};
    double *rows = NULL, *scratch = pc_calloc(2 * n, sizeof *scratch);
    int pick = 0;
    pc_code code = scratch ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for %zu paths", n);

    code = code ? code : sample(study, changes, n_changes, label, &c, &rows, status);
    for (int a = 0; !code && a < study->n_asks; a++) {
        estimates[a] = pc_quantity_estimate(&c.uses[a], rows + (size_t)pick * n, n, study->n_parts, scratch,
                                            influence ? influence + (size_t)a * n : scratch + n);
        pick += c.uses[a].n_picks;
    }
    pc_free(rows);
    pc_free(scratch);
    close_case(&c);
    return code;
}

pc_code pc_study_values(pc_study *study, const char *label, double *values, pc_status *status)
{
    const size_t n = (size_t)study->n_paths;
    case_of_study c = {0};
    double *rows = NULL;
    int pick = 0;
    pc_code code = sample(study, NULL, 0, label, &c, &rows, status);

    for (int a = 0; !code && a < study->n_asks; a++) {
        const double *own = rows + (size_t)pick * n;
        for (size_t i = 0; i < n; i++) {
            values[(size_t)a * n + i] = c.uses[a].n_picks == 2 ? own[i] - own[n + i] : own[i];
        }
        pick += c.uses[a].n_picks;
    }
    pc_free(rows);
    close_case(&c);
    return code;
}

pc_code pc_study_central(pc_study *study, const char *const *changes, int n_changes, double *values, pc_status *status)
{
    case_of_study c = {0};
    double *cells = NULL;
    int n_sets = 0;
    pc_code code = with_changes(study, changes, n_changes, &n_sets, status);

    code = code ? code : open_case(study, n_sets, &c, status);
    if (!code) {
        cells = pc_calloc(c.layout.n_cells, sizeof *cells);
        code = cells ? pc_run_central(c.plan, &c.layout, cells, status)
                     : pc_fail(status, PC_ERR_FAIL, "no memory for the central path");
    }
    for (int a = 0; a < study->n_asks && !code; a++) {
        double x[2] = {0, 0};
        for (int k = 0; k < c.uses[a].n_picks; k++) {
            const pc_pick *pick = &c.uses[a].picks[k];
            const int64_t cell = pc_layout_cell(&c.layout, pick->subject, pick->output, pick->view, pick->area,
                                                pick->year ? pick->year : 1);
            x[k] = cell >= 0 ? cells[cell] : NAN;
        }
        values[a] = x[0] - x[1];
    }
    pc_free(cells);
    close_case(&c);
    return code;
}
