/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the year changes in the results, item by item. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/schema.h"
#include "study/roll.h"

/* A study of another scenario with the same questions. */
static pc_code run_stage(const pc_study *like, const pc_files *files, const char *label, pc_estimate *estimates,
                         double *influence, pc_status *status)
{
    pc_study *study = pc_calloc(1, sizeof *study);
    pc_scenario *scenario = NULL;
    pc_code code = study ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the study");

    if (!code) {
        study->files = files;
        study->run = like->run;
        study->begin = like->begin;
        study->context = like->context;
        study->n_asks = like->n_asks;
        memcpy(study->asks, like->asks, sizeof study->asks);
        study->overrides = like->overrides;
        study->n_overrides = like->n_overrides;
        code = pc_scenario_read(files, study->overrides, study->n_overrides, &scenario, status);
    }
    code = code ? code : pc_study_start(study, scenario, status);
    code = code ? code : pc_study_run(study, NULL, 0, label, estimates, influence, status);
    pc_scenario_free(scenario);
    if (study) {
        pc_study_release(study);
    }
    pc_free(study);
    return code;
}

pc_code pc_roll_explain(pc_roll *roll, pc_study *study, pc_roll_change *change, pc_status *status)
{
    const size_t asks = (size_t)study->n_asks, n = (size_t)study->n_paths, all = (PC_ROLL_ITEMS + 1) * asks;
    double *influence = pc_calloc(2 * asks * n, sizeof *influence), *now = influence, *before = influence + asks * n;
    pc_estimate estimates[PC_STUDY_MAX_ASKS];
    pc_code code;

    change->value = pc_arena_calloc(&roll->arena, all, sizeof *change->value);
    change->se = pc_arena_calloc(&roll->arena, all, sizeof *change->se);
    change->change = pc_arena_calloc(&roll->arena, all, sizeof *change->change);
    change->change_se = pc_arena_calloc(&roll->arena, all, sizeof *change->change_se);
    code = influence && change->value && change->se && change->change && change->change_se
               ? PC_OK
               : pc_fail(status, PC_ERR_FAIL, "no memory for the stages");
    for (int stage = 0; stage <= PC_ROLL_ITEMS && !code; stage++) {
        pc_files *files = NULL;
        double *swap = now;
        now = before;
        before = swap;
        if (stage == 0) {
            code = pc_study_run(study, NULL, 0, "before", estimates, now, status);
        } else {
            code = pc_roll_files(roll, (pc_roll_item)(stage - 1), &files, status);
            code = code ? code : run_stage(study, files, pc_roll_names[stage - 1], estimates, now, status);
            study->n_runs += !code;
        }
        for (size_t a = 0; a < asks && !code; a++) {
            const size_t at = (size_t)stage * asks + a;
            change->value[at] = estimates[a].value;
            change->se[at] = estimates[a].se;
            if (stage > 0) {
                const size_t item = at - asks;
                change->change[item] = change->value[at] - change->value[item];
                change->change_se[item] = stage == 1
                                              ? hypot(change->se[at], change->se[item])
                                              : pc_estimate_paired_se(now + a * n, before + a * n, n, study->n_parts);
            }
        }
        pc_files_free(files);
    }
    pc_free(influence);
    return code;
}

/* Sum over the regions that the accounts have: observed and projected. */
static void put_figures(const pc_roll *roll, pc_results *results)
{
    const char *names[PC_REGION_COLUMNS];
    double observed[PC_REGION_COLUMNS], projected[PC_REGION_COLUMNS];
    int32_t regions[PC_REGION_COLUMNS];
    size_t n = 0;
    const pc_dimension *figure;

    for (int c = 0; c < PC_REGION_COLUMNS; c++) {
        names[n] = pc_schema_region.params[c].key;
        observed[n] = projected[n] = 0;
        regions[n] = 0;
        for (int r = 0; r < roll->n_regions; r++) {
            const size_t at = (size_t)r * PC_REGION_COLUMNS + (size_t)c;
            if (!isnan(roll->observed[at])) {
                observed[n] += roll->observed[at];
                projected[n] += roll->projected[at];
                regions[n]++;
            }
        }
        n += regions[n] > 0;
    }
    figure = pc_results_dimension(results, "figure", n, PC_TEXT, names, NULL, "column of the accounts");
    pc_results_put(
        results, "roll", "observed", PC_F64, 1, &figure, observed, "1",
        "sum over the regions that the accounts have it for, in the column's unit; part of a year filled up");
    pc_results_put(results, "roll", "projected", PC_F64, 1, &figure, projected, "1",
                   "the same on the central path of the old scenario");
    pc_results_put(results, "roll", "figure_regions", PC_I32, 1, &figure, regions, "1", "regions that have it");
}

pc_code pc_roll_put(const pc_roll *roll, const pc_study *study, const pc_roll_change *change, pc_results *results,
                    pc_status *status)
{
    const char *stages[PC_ROLL_ITEMS + 1] = {"before"}, *asks[PC_STUDY_MAX_ASKS], *units[PC_STUDY_MAX_ASKS];
    const char *meanings[PC_STUDY_MAX_ASKS];
    const pc_dimension *stage[2], *item[2];
    pc_dataset *unit, *meaning;

    for (int i = 0; i < PC_ROLL_ITEMS; i++) {
        stages[1 + i] = pc_roll_names[i];
    }
    for (int a = 0; a < study->n_asks; a++) {
        int subject, index;
        const pc_output *output = pc_quantity_output(study->asks[a].quantity, &subject, &index);
        asks[a] = study->asks[a].quantity->text;
        units[a] = output ? pc_quantity_unit(output) : "";
        meanings[a] = output ? output->long_name : "";
    }
    stage[0] = pc_results_dimension(results, "stage", PC_ROLL_ITEMS + 1, PC_TEXT, stages, NULL,
                                    "before: the old scenario; then with each item taken in");
    item[0] = pc_results_dimension(results, "item", PC_ROLL_ITEMS, PC_TEXT, pc_roll_names, NULL, "item of the change");
    stage[1] = item[1] =
        pc_results_dimension(results, "question", (size_t)study->n_asks, PC_TEXT, asks, NULL, "measure");
    unit = pc_results_dataset(results, "roll", "measure_unit", PC_TEXT, 1, &stage[1], NULL, "unit of the measure");
    meaning = pc_results_dataset(results, "roll", "meaning", PC_TEXT, 1, &stage[1], NULL, "what the measure is");
    for (int a = 0; unit && meaning && a < study->n_asks; a++) {
        pc_dataset_set_text(results, unit, (size_t)a, units[a]);
        pc_dataset_set_text(results, meaning, (size_t)a, meanings[a]);
    }
    pc_results_put(results, "roll", "value", PC_F64, 2, stage, change->value, "1", "result, in the measure's unit");
    pc_results_put(results, "roll", "value_se", PC_F64, 2, stage, change->se, "1", "its standard error");
    pc_results_put(results, "roll", "change", PC_F64, 2, item, change->change, "1",
                   "change of the result by the item; all items add up to new less old");
    pc_results_put(results, "roll", "change_se", PC_F64, 2, item, change->change_se, "1", "its standard error");
    pc_results_attribute_integer(results, "roll", "new_base_year", roll->base_year);
    pc_results_attribute_text(results, "roll", "policy", study->asks[0].policy);
    pc_results_attribute_text(results, "roll", "scheme", pc_scheme_view_names[study->asks[0].view]);
    put_figures(roll, results);
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason) : PC_OK;
}
