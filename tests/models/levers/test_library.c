/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy library as the scenario of all policies uses it; policies by name, hubs that must be regions, and the one
 * theta of a path that all policies see. */
#include <dirent.h>
#include <math.h>

#include "../../scenario/small.h"
#include "engine/run.h"
#include "list.h"
#include "measures/measures.h"

typedef struct replayed {
    pc_plan *plan;
    pc_layout layout;
    double *values; /* of one path */
} replayed;

static void replay(replayed *r, const pc_scenario *scenario, uint64_t path)
{
    pc_status status = {0};

    *r = (replayed){0};
    if (pc_plan_build(scenario, &r->plan, &status) || pc_layout_for(r->plan, &r->layout, &status)) {
        fail_msg("%s", status.message);
    }
    r->values = calloc(r->layout.n_cells, sizeof *r->values);
    assert_non_null(r->values);
    if (pc_run_replay(r->plan, &r->layout, path, r->values, &status)) {
        fail_msg("%s", status.message);
    }
}

static void release(replayed *r)
{
    free(r->values);
    pc_layout_release(&r->layout);
    pc_plan_free(r->plan);
}

static double value(const replayed *r, int policy, const char *output, int view, int area, int year)
{
    const pc_subject *subject = &r->layout.subjects[1 + policy];

    for (int o = 0; o < subject->n_outputs; o++) {
        if (!strcmp(subject->outputs[o]->name, output)) {
            return r->values[pc_layout_cell(&r->layout, 1 + policy, o, view, area, year)];
        }
    }
    fail_msg("no output %s", output);
    return NAN;
}

/* Every file of the library is in the scenario, says where it comes from, and no two give the same flows and balances
 * on one path. */
static void test_all_differ(void **state)
{
    static const char *const overrides[] = {"horizon=14", "paths=256"};
    static const char *const outputs[] = {"revenue", "expenditure", "balance"};
    pc_status status = {0};
    pc_files *files = pc_files_open(PC_TEST_SOURCE_DIR "/scenarios/zhejiang/all.yaml", &status);
    DIR *folder = opendir(PC_TEST_SOURCE_DIR "/scenarios/policies");
    pc_scenario *s = NULL;
    replayed r;
    int n_files = 0;

    (void)state;
    assert_non_null(files);
    assert_non_null(folder);
    if (pc_scenario_read(files, overrides, 2, &s, &status)) {
        fail_msg("%s", status.message);
    }
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        const char *end = strstr(entry->d_name, ".yaml");
        int found = 0;
        for (int p = 0; end && p < s->n_policies; p++) {
            const char *name = s->policies[p].name;
            found += strlen(name) == (size_t)(end - entry->d_name) && !strncmp(name, entry->d_name, strlen(name));
        }
        if (end && found != 1) {
            fail_msg("%s is not in all.yaml", entry->d_name);
        }
        n_files += end != NULL;
    }
    closedir(folder);
    assert_true(n_files <= s->n_policies);
    assert_true(n_files >= 20);
    for (int p = 0; p < n_files; p++) { /* the library comes first */
        assert_true(s->policies[p].source[0] && s->policies[p].note[0] && s->policies[p].title_en[0]);
    }
    replay(&r, s, 5);
    for (int p = 0; p < s->n_policies; p++) {
        for (int q = 0; q < p; q++) {
            int differ = 0;
            for (int k = 0; k < 3 && !differ; k++) {
                for (int scheme = 0; scheme < PC_SCHEMES && !differ; scheme++) {
                    for (int a = 0; a < s->n_regions && !differ; a++) {
                        differ = value(&r, p, outputs[k], scheme, a, 14) != value(&r, q, outputs[k], scheme, a, 14);
                    }
                }
            }
            if (!differ) {
                fail_msg("%s and %s give the same", s->policies[p].name, s->policies[q].name);
            }
        }
    }
    release(&r);
    pc_scenario_free(s);
    pc_files_free(files);
}

static const char TWO[] =
    "  loss: {employee: {2025: {levers: [collection_loss: {theta: 10 %, sd_log: 0.4, depth: 1}]}}}\n"
    "  half: {employee: {2027: {levers: [collection_loss: {theta: 10 %, sd_log: 0.4, depth: 50 %}]}}}\n";

/* R of a policy over R without the lever is 1 - theta D with theta from its stream, in every year and region. */
static void test_theta(void **state)
{
    const uint64_t path = 3;
    pc_scenario *s = NULL;
    pc_status status;
    double eps, theta;
    replayed r;
    small a;

    (void)state;
    small_start(&a);
    small_append(&a, TWO);
    if (small_read(&a, NULL, 0, &s, &status)) {
        fail_msg("%s", status.message);
    }
    replay(&r, s, path);
    pc_stream_normal(s->seed, path, 1, 0, pc_stream_hash("param:policies.collection_loss.theta"), 0, 1, &eps, 1);
    theta = 0.1 * exp(0.4 * eps - 0.08);
    for (int year = 1; year <= 10; year++) {
        for (int region = 0; region < 2; region++) {
            double city = value(&r, 0, "revenue", PC_EMPLOYEE, region, year);
            assert_true(fabs(value(&r, 2, "revenue", PC_EMPLOYEE, region, year) / city - (1 - theta)) < 1e-13);
            assert_true(fabs(value(&r, 3, "revenue", PC_EMPLOYEE, region, year) / city -
                             (year < 3 ? 1 : 1 - 0.5 * theta)) < 1e-13);
        }
    }
    release(&r);
    pc_scenario_free(s);
    pc_files_free(a.files);
    for (int i = 0; i < a.n; i++) {
        free(a.text[i]);
    }
}

static void try(const char *yaml, const char *file, const char *text, const char *expected)
{
    pc_scenario *s = NULL;
    pc_status status;
    pc_code code;
    small a;

    small_start(&a);
    small_append(&a, yaml);
    if (file) {
        small_put(&a, file, text);
    }
    code = small_read(&a, NULL, 0, &s, &status);
    if (expected) {
        assert_int_equal(code, PC_ERR_INPUT);
        if (!strstr(status.message, expected)) {
            fail_msg("found \"%s\", expected \"%s\"", status.message, expected);
        }
    } else if (code) {
        fail_msg("%s", status.message);
    } else {
        const pc_phase_entry *phase = &s->policies[2].phases[PC_EMPLOYEE][0];
        assert_string_equal(phase->levers[0].section.values[4].text, "101,102");
    }
    pc_scenario_free(s);
    pc_files_free(a.files);
    for (int i = 0; i < a.n; i++) {
        free(a.text[i]);
    }
}

static void test_reading(void **state)
{
    (void)state;
    try("  hub: {employee: {2027: {levers: [siphoning: {hubs: [101, 102]}]}}}\n", NULL, NULL, NULL);
    try("  hub: {employee: {2027: {levers: [siphoning: {hubs: '101, 102'}]}}}\n", NULL, NULL, NULL);
    try("  hub: {employee: {2027: {levers: [siphoning: {hubs: [101, 999]}]}}}\n", NULL, NULL,
        "scenario.yaml:15:60: found \"999\"");
    try("  hub: {use: hub_policy}\n", "../policies/hub_policy.yaml",
        "employee: {2027: {levers: [siphoning: {hubs: 101 102}]}}\n", NULL);
    try("  hub: {use: hub_policy}\n", "../policies/hub_policy.yaml",
        "employee: {2027: {levers: [siphoning: {hubs: 103}]}}\n", "hub_policy.yaml:1:46: found \"103\"");
    try("  hub: {use: no_such}\n", NULL, NULL, "scenario.yaml:15:14: found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_differ),
        cmocka_unit_test(test_theta),
        cmocka_unit_test(test_reading),
    };

    return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
