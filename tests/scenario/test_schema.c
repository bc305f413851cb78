/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key of the schema, in every place, against wrong values; and the file of all defaults against leaving them out.
 */
#include "small.h"

#include <math.h>

#include "base/numbers.h"
#include "list.h"
#include "scenario/schema.h"
#include "scenario/values.h"

typedef struct run {
    small s;
    int n_keys, n_cases;
} run;

/* Where a parameter is set: the overrides that make room for it, and its dotted key. */
static int address(pc_schema_place place, const pc_head *head, const pc_param *param, char *setup, char *key,
                   size_t size)
{
    const char *scheme = "employee";

    setup[0] = 0;
    switch (place) {
    case PC_PLACE_TOP:
        snprintf(key, size, "%s", param->key);
        return 1;
    case PC_PLACE_SECTION:
        snprintf(key, size, "%s.%s", head->name, param->key);
        return 1;
    case PC_PLACE_SHOCK:
        snprintf(setup, size, "shocks.x={}");
        snprintf(key, size, "shocks.x.%s", param->key);
        return 1;
    case PC_PLACE_LAYER:
    case PC_PLACE_LEVER:
    case PC_PLACE_SHORTFALL:
        for (int i = 0; place == PC_PLACE_LEVER && i < pc_n_levers; i++) {
            if (&pc_all_levers[i]->head == head && !(pc_all_levers[i]->schemes & 1u << PC_EMPLOYEE)) {
                scheme = "resident";
            }
        }
        const char *list = place == PC_PLACE_LAYER ? "layers" : place == PC_PLACE_LEVER ? "levers" : "shortfall";
        snprintf(setup, size, "policies.t={%s: {2026: {%s: [{%s: {%s}}]}}}", scheme, list, head->name,
                 pc_schema_takes_over(place, head) ? "over: whole" : "");
        snprintf(key, size, "policies.t.%s.2026.%s.0.%s", scheme, list, param->key);
        return 1;
    default:
        return 0;
    }
}

/* Sets a key to `value`; the reading must fail with the value and what is allowed, at the override. */
static void refused(run *r, pc_schema_place place, const pc_head *head, const pc_param *param, const char *value)
{
    char setup[512], key[512], set[1200], found[300], allowed[600], buffer[512];
    const char *overrides[2] = {setup, set};
    pc_scenario *sc;
    pc_status st;
    pc_code code;

    if (place == PC_PLACE_REGION) {
        char *line = strstr(strstr(SMALL_REGIONS, "\n102") + 1, "102"), copy[4000] = "", *cell = line;
        for (int c = 0; c < 2 + (int)(param - head->params); c++) {
            cell = strchr(cell, ',') + 1;
        }
        snprintf(copy, sizeof copy, "%.*s%s%s", (int)(cell - SMALL_REGIONS), SMALL_REGIONS, value,
                 strpbrk(cell, ",\n"));
        small_put(&r->s, "regions.csv", copy);
        code = small_read(&r->s, NULL, 0, &sc, &st);
        small_put(&r->s, "regions.csv", SMALL_REGIONS);
        snprintf(key, sizeof key, "regions.csv:3:");
    } else {
        assert_true(address(place, head, param, setup, key, sizeof key));
        snprintf(set, sizeof set, "%s=%s", key, value);
        code = small_read(&r->s, setup[0] ? overrides : overrides + 1, setup[0] ? 2 : 1, &sc, &st);
        snprintf(key, sizeof key, "--set %.200s", set);
    }
    snprintf(found, sizeof found, value[0] == '[' ? "found a list for " : "found \"%s\" for ", value);
    snprintf(allowed, sizeof allowed, "allowed %s", pc_value_allowed(param, buffer, sizeof buffer));
    if (code != PC_ERR_INPUT || !strstr(st.message, found) || !strstr(st.message, allowed) ||
        !strstr(st.message, key)) {
        fail_msg("%s.%s = %s: code %d\n%s\nexpected: %s ... %s\n%s", head->name, param->key, value, code, key, found,
                 allowed, st.message);
    }
    pc_scenario_free(sc);
    r->n_cases++;
}

static void visit(void *context, pc_schema_place place, const pc_head *head, const pc_param *param)
{
    run *r = context;
    char value[64], number[PC_NUMBER_SIZE];

    r->n_keys++;
    assert_non_null(param->doc);
    if (param->kind == PC_PARAM_TEXT) {
        refused(r, place, head, param, strcmp(param->unit, "regions") == 0 ? "999" : "[1]");
        return;
    }
    refused(r, place, head, param, "abc");
    refused(r, place, head, param, "nan");
    if (param->kind == PC_PARAM_BOOL || param->kind == PC_PARAM_CHOICE) {
        refused(r, place, head, param, "7 persons");
        refused(r, place, head, param, "-1");
        return;
    }
    /* A written unit that no parameter of another kind may carry, and one that no parameter has. */
    pc_format_double(number, sizeof number, isnan(param->value) ? param->hi : param->value);
    snprintf(value, sizeof value, "%s parsecs", number);
    refused(r, place, head, param, value);
    snprintf(value, sizeof value, "%s %s", number, strcmp(param->unit, "months") == 0 ? "%" : "months");
    refused(r, place, head, param, value);
    assert_true(param->lo <= param->hi);
    assert_true(isnan(param->value) || (param->value >= param->lo && param->value <= param->hi) ||
                place == PC_PLACE_REGION);
    if (isfinite(param->lo)) {
        pc_format_double(number, sizeof number, param->lo - (fabs(param->lo) > 1 ? fabs(param->lo) : 1));
        refused(r, place, head, param, number);
    }
    if (isfinite(param->hi)) {
        pc_format_double(number, sizeof number, param->hi + (fabs(param->hi) > 1 ? fabs(param->hi) : 1));
        refused(r, place, head, param, number);
    }
    if (param->kind == PC_PARAM_INT && place != PC_PLACE_REGION) {
        snprintf(value, sizeof value, "%.0f.5", param->lo + 1);
        refused(r, place, head, param, value);
    }
    if (place != PC_PLACE_REGION && param->kind != PC_PARAM_SERIES) {
        refused(r, place, head, param, "[1]");
    }
}

static void every_key(void **state)
{
    run r = {.n_keys = 0};

    (void)state;
    small_start(&r.s);
    pc_schema_each(visit, &r);
    print_message("%d keys, %d wrong values refused\n", r.n_keys, r.n_cases);
    assert_true(r.n_keys > PC_REGION_COLUMNS + pc_schema_top.n_params);
    small_end(&r.s);
}

/* ---- defaults -------------------------------------------------------------------------------------------------------
 */

static void same_value(const pc_head *head, int p, const pc_value *a, const pc_value *b, int n_years)
{
    const pc_param *param = &head->params[p];

    if (param->kind == PC_PARAM_TEXT) {
        assert_string_equal(a->text, b->text);
        return;
    }
    if (a->number != param->value || b->number != param->value || (param->kind != PC_PARAM_TEXT && !b->given) ||
        a->given) {
        fail_msg("%s.%s: %.17g, left out %.17g, written %.17g", head->name, param->key, param->value, a->number,
                 b->number);
    }
    for (int t = 0; t <= n_years && param->kind == PC_PARAM_SERIES; t++) {
        assert_true(a->series[t] == param->value && b->series[t] == param->value);
    }
}

static void defaults(void **state)
{
    small s;
    pc_scenario *left_out, *written;
    pc_files *first;
    pc_status st;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    pc_schema_write_defaults(out);
    fclose(out);
    small_start(&s);
    small_put(&s, "scenario.yaml", "base_year: 2024\npolicies: {city: {}}\n");
    if (small_read(&s, NULL, 0, &left_out, &st) != PC_OK) {
        fail_msg("%s", st.message);
    }
    first = s.files; /* small_read frees the files of the reading before */
    s.files = NULL;
    small_put(&s, "scenario.yaml", text);
    if (small_read(&s, NULL, 0, &written, &st) != PC_OK) {
        fail_msg("%s\n%s", st.message, text);
    }
    assert_int_equal(left_out->base_year, written->base_year);
    assert_int_equal(left_out->horizon, written->horizon);
    assert_true(left_out->paths == written->paths && left_out->seed == written->seed);
    assert_int_equal(left_out->n_quantiles, written->n_quantiles);
    assert_memory_equal(left_out->quantiles, written->quantiles, sizeof left_out->quantiles);
    assert_int_equal(left_out->quantiles_all, written->quantiles_all);
    assert_memory_equal(left_out->months_bands, written->months_bands, sizeof left_out->months_bands);
    assert_memory_equal(left_out->correlation, written->correlation, sizeof left_out->correlation);
    assert_true(left_out->treasury_alpha == written->treasury_alpha && left_out->student_nu == written->student_nu);
    assert_memory_equal(left_out->cpi, written->cpi, (size_t)(left_out->horizon + 1) * sizeof(double));
    assert_int_equal(left_out->n_sections, written->n_sections);
    assert_int_equal(left_out->n_sections, pc_n_heads);
    for (int i = 0; i < left_out->n_sections; i++) {
        const pc_head *head = left_out->sections[i].head;
        for (int p = 0; p < head->n_params; p++) {
            same_value(head, p, &left_out->sections[i].values[p], &written->sections[i].values[p], left_out->horizon);
        }
    }
    pc_scenario_free(left_out);
    pc_scenario_free(written);
    pc_files_free(first);
    free(text);
    small_end(&s);
}

static void mentioned(void *context, pc_schema_place place, const pc_head *head, const pc_param *param)
{
    (void)place;
    if (!strstr(context, param->key) || !strstr(context, head->name)) {
        fail_msg("%s.%s is not in the reference", head->name, param->key);
    }
}

static void reference(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    pc_schema_print_reference(out);
    fclose(out);
    pc_schema_each(mentioned, text);
    assert_non_null(strstr(text, "mortality.sigma"));
    assert_non_null(strstr(text, "from 0 to 20"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_key), cmocka_unit_test(defaults),
                                       cmocka_unit_test(reference)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
