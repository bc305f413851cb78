/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stress: files read and refused, multiples, differences in closed form, the reverse, and the library on every shipped
 * scenario. */
#include "study_text.h"

#include "study/solve.h"
#include "study/stress.h"

static void put(probe *p, const char *name, const char *text)
{
    assert_int_equal(pc_files_put(p->s.text.files, name, text, strlen(text), &p->s.status), PC_OK);
}

static void start(probe *p)
{
    sim_folder(&p->s, "smoke");
    sim_set(&p->s, "paths=300");
    if (small_read(&p->s.text, p->s.sets, p->s.n_sets, &p->s.scenario, &p->s.status)) { /* makes the files */
        fail_msg("%s", p->s.status.message);
    }
    put(p, "stresses/loss.yaml", "title: 减\ntitle_en: Loss\nset:\n  - stress.employee.revenue[+2:+3]*=0.8\n");
    put(p, "../stresses/cost.yaml",
        "note: more\nset: ['stress.employee.cost[+2:+4]+=1 %', 'stress.local.regions=largest', "
        "'fertility.tfr[+2:]=0.8']\n");
    put(p, "stresses/both.yaml", "title_en: Both\nset: [wages.sigma=1 %]\nwith: [loss, cost]\n");
    put(p, "stresses/key.yaml", "sets: []\n");
    put(p, "stresses/shape.yaml", "set: [a]\n");
    put(p, "stresses/loop.yaml", "with: [loop]\n");
    put(p, "stresses/empty.yaml", "title: nothing\n");
}

static void test_files(void **state)
{
    static const struct {
        const char *name, *part;
    } wrong[] = {{"key", "allowed \"set\""},   {"shape", "stresses/shape.yaml:1:"},
                 {"loop", "by way of others"}, {"empty", "changes nothing"},
                 {"none", "unknown"},          {"../x", "unknown"}};
    probe p = {0};
    pc_arena arena = {0};
    pc_stress s;
    const char *changes[PC_STRESS_MOST_SETS];

    (void)state;
    start(&p);
    assert_int_equal(pc_stress_read(p.s.text.files, "both", &arena, &s, &p.s.status), PC_OK);
    assert_string_equal(s.title_en, "Both");
    assert_string_equal(s.title, ""); /* not that of what it is made of */
    assert_string_equal(s.note, "");
    assert_int_equal(s.n_sets, 5);
    assert_string_equal(s.sets[1], "stress.employee.revenue[+2:+3]*=0.8");
    assert_int_equal(pc_stress_changes(&s, 0.5, &arena, changes, &p.s.status), PC_OK);
    assert_string_equal(changes[0], "wages.sigma=1 %");
    assert_string_equal(changes[1], "stress.employee.revenue[+2:+3]@0.5*=0.8");
    assert_string_equal(changes[2], "stress.employee.cost[+2:+4]@0.5+=1 %");
    assert_string_equal(changes[4], "fertility.tfr[+2:]@0.5=0.8");
    assert_int_equal(pc_stress_changes(&s, 1, &arena, changes, &p.s.status), PC_OK);
    assert_string_equal(changes[1], s.sets[1]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        p.s.status = (pc_status){0};
        assert_int_equal(pc_stress_read(p.s.text.files, wrong[i].name, &arena, &s, &p.s.status), PC_ERR_INPUT);
        if (!strstr(p.s.status.message, wrong[i].part)) {
            fail_msg("%s: no \"%s\" in: %s", wrong[i].name, wrong[i].part, p.s.status.message);
        }
    }
    pc_arena_release(&arena);
    probe_end(&p);
}

static void test_differences(void **state)
{
    probe p = {0};
    pc_arena arena = {0};
    pc_stress s[2];
    pc_stress_test test, central;
    pc_estimate plain[3];

    (void)state;
    start(&p);
    probe_ask(&p, "revenue(2026)", "city", PC_EMPLOYEE);
    probe_ask(&p, "expenditure(2028)", "city", PC_EMPLOYEE);
    probe_ask(&p, "difference.revenue(2027)", "unified", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_stress_read(p.s.text.files, "loss", &arena, &s[0], &p.s.status), PC_OK);
    assert_int_equal(pc_stress_read(p.s.text.files, "cost", &arena, &s[1], &p.s.status), PC_OK);
    assert_int_equal(pc_stress_run(&p.study, s, 2, 0, &test, &p.s.status), PC_OK);
    assert_int_equal(pc_study_run(&p.study, NULL, 0, "", plain, NULL, &p.s.status), PC_OK);
    assert_int_equal(test.n_stresses, 2);
    for (int a = 0; a < 3; a++) { /* the bits of the study without stress */
        assert_true(test.value[a].value == plain[a].value && test.value[a].se == plain[a].se);
        assert_true(test.difference[a] == 0 && test.difference_se[a] == 0);
    }
    /* a fifth of revenue, and of its error; the loss itself is that certain */
    assert_close("loss", test.difference[3], -0.2 * plain[0].value, 1e-9 * plain[0].value);
    assert_close("its error", test.difference_se[3], 0.2 * plain[0].se, 1e-6 * plain[0].se);
    assert_close("central", test.central[3] / test.central[0], 0.8, 1e-12);
    assert_true(test.difference[4] == 0 && test.difference_se[4] == 0);
    assert_close("cost", test.value[7].value / plain[1].value, exp(0.03), 1e-3); /* fewer births cost less, a little */
    assert_close("policies", test.value[5].value, 0, 1);
    assert_int_equal(pc_stress_run(&p.study, s, 2, 1, &central, &p.s.status), PC_OK);
    for (int i = 0; i < 9; i++) {
        assert_true(central.central[i] == test.central[i] && isnan(central.value[i].value));
    }
    pc_stress_test_release(&test);
    pc_stress_test_release(&central);
    pc_arena_release(&arena);
    probe_end(&p);
}

static pc_code multiple(void *context, double x, pc_arena *arena, const char **changes, int *n, pc_status *status)
{
    *n = ((const pc_stress *)context)->n_sets;
    return pc_stress_changes(context, x, arena, changes, status);
}

/* Revenue times 0.8 to the power of x falls to 0.7 of itself at ln 0.7 / ln 0.8. */
static void test_reverse(void **state)
{
    probe p = {0};
    pc_arena arena = {0};
    pc_stress s;
    pc_estimate plain;
    pc_solve_answer *a = calloc(1, sizeof *a);
    pc_solve_problem problem = {
        .key = "loss", .changes = multiple, .context = &s, .hi = 3, .n_scan = 5, .max_runs = 40};

    (void)state;
    assert_non_null(a);
    start(&p);
    probe_ask(&p, "revenue(2026) <= 0", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_stress_read(p.s.text.files, "loss", &arena, &s, &p.s.status), PC_OK);
    assert_int_equal(pc_study_run(&p.study, NULL, 0, "", &plain, NULL, &p.s.status), PC_OK);
    p.quantity[0].bound = 0.7 * plain.value;
    assert_int_equal(pc_solve(&p.study, &problem, a, &p.s.status), PC_OK);
    assert_int_equal(a->outcome, PC_SOLVE_FOUND);
    assert_true(a->measure.value <= p.quantity[0].bound);
    assert_close("multiple", a->x, log(0.7) / log(0.8), 2e-3);
    assert_close("its error", a->x_se, plain.se / plain.value / -log(0.8), 1e-3 * a->x_se + 1e-5);
    pc_solve_release(a);
    p.quantity[0].bound = 0.5 * plain.value; /* 0.8^3 = 0.512 */
    assert_int_equal(pc_solve(&p.study, &problem, a, &p.s.status), PC_OK);
    assert_int_equal(a->outcome, PC_SOLVE_UNREACHABLE);
    assert_close("best", a->measure.value / plain.value, 0.512, 1e-9);
    pc_solve_release(a);
    free(a);
    pc_arena_release(&arena);
    probe_end(&p);
}

/* Each stress of the library is read, may be applied to every shipped scenario, and changes something there. */
static void test_library(void **state)
{
    static const char *const folders[] = {"smoke", "zhejiang", "northeast", "national"};

    (void)state;
    for (int f = 0; f < 4; f++) {
        const char *names[PC_STRESS_MOST];
        char path[512];
        pc_status st;
        pc_arena arena = {0};
        pc_files *files;
        int n;
        snprintf(path, sizeof path, "%s/scenarios/%s", PC_TEST_SOURCE_DIR, folders[f]);
        files = pc_files_open(path, &st);
        assert_non_null(files);
        n = pc_stress_names(files, &arena, names, PC_STRESS_MOST);
        assert_true(n >= 10);
        for (int i = 0; i < n; i++) {
            pc_stress s;
            pc_scenario *scenario = NULL;
            pc_plan *plan = NULL;
            if (pc_stress_read(files, names[i], &arena, &s, &st) ||
                pc_scenario_read(files, s.sets, s.n_sets, &scenario, &st) ||
                (f < 2 && pc_plan_build(scenario, &plan, &st))) {
                fail_msg("%s: %s: %s", folders[f], names[i], st.message);
            }
            assert_true(*s.title && *s.title_en && *s.source && *s.note);
            pc_plan_free(plan);
            pc_scenario_free(scenario);
        }
        pc_files_free(files);
        pc_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_files), cmocka_unit_test(test_differences),
                                       cmocka_unit_test(test_reverse), cmocka_unit_test(test_library)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
