/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/numbers.h"

static void put_number(FILE *out, double x)
{
    char text[40];

    pc_format_double(text, sizeof text, x);
    fputs(text, out);
}

/* The name of choice `index` of "a|b|c". */
static void put_choice(FILE *out, const char *choices, int index)
{
    while (index-- > 0 && strchr(choices, '|')) {
        choices = strchr(choices, '|') + 1;
    }
    fprintf(out, "\"%.*s\"", (int)strcspn(choices, "|"), choices);
}

static void put_value(FILE *out, const pc_param *param, const pc_value *value, int horizon)
{
    switch (param->kind) {
    case PC_PARAM_SERIES:
        fputc('[', out);
        for (int t = 0; t <= horizon; t++) {
            fputs(t ? ", " : "", out);
            put_number(out, value->series ? value->series[t] : value->number);
        }
        fputc(']', out);
        break;
    case PC_PARAM_CHOICE:
        put_choice(out, param->choices, (int)value->number);
        break;
    case PC_PARAM_TEXT:
        pc_json_text(out, value->text ? value->text : "");
        break;
    case PC_PARAM_BOOL:
        fputs(value->number != 0 ? "true" : "false", out);
        break;
    default:
        put_number(out, value->number);
    }
}

static void put_entries(FILE *out, const char *name, const pc_entry *entries, int n, const pc_scenario *scenario)
{
    fprintf(out, "\"%s\": [", name);
    for (int i = 0; i < n; i++) {
        const pc_section *section = &entries[i].section;
        fprintf(out, "%s{\"%s\": {", i ? ", " : "", section->head->name);
        if (entries[i].over >= 0) {
            fprintf(out, "\"over\": \"%s\"%s", scenario->groupings[entries[i].over].name,
                    section->head->n_params ? ", " : "");
        }
        for (int p = 0; p < section->head->n_params; p++) {
            fprintf(out, "%s\"%s\": ", p ? ", " : "", section->head->params[p].key);
            put_value(out, &section->head->params[p], &section->values[p], scenario->horizon);
        }
        fputs("}}", out);
    }
    fputc(']', out);
}

char *pc_describe_policy(const pc_policy_entry *policy, const pc_scenario *scenario, pc_arena *arena)
{
    static const char *const scheme_names[PC_SCHEMES] = {"employee", "resident"};
    char *text = NULL, *copy = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out) {
        return NULL;
    }
    fputc('{', out);
    for (int s = 0; s < PC_SCHEMES; s++) {
        fprintf(out, "%s\"%s\": [", s ? ", " : "", scheme_names[s]);
        for (int k = 0; k < policy->n_phases[s]; k++) {
            const pc_phase_entry *phase = &policy->phases[s][k];
            fprintf(out, "%s{\"from\": %d, ", k ? ", " : "", phase->from_year);
            put_entries(out, "layers", phase->layers, phase->n_layers, scenario);
            fputs(", ", out);
            put_entries(out, "levers", phase->levers, phase->n_levers, scenario);
            fputs(", ", out);
            put_entries(out, "shortfall", phase->shortfalls, phase->n_shortfalls, scenario);
            fputc('}', out);
        }
        fputc(']', out);
    }
    fputc('}', out);
    if (fclose(out) == 0 && text) {
        copy = pc_arena_strdup(arena, text);
    }
    free(text);
    return copy;
}
