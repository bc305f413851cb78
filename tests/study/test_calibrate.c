/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From tables to a fragment that a scenario takes: groups of ages, gaps, windows, messages; the shipped rates give back
 * life expectancy. */
#include "../integration/scenario_text.h"

#include "random/streams.h"
#include "report/study.h"
#include "study/calibrate.h"

static char *text_of(FILE **out, char **text, size_t *size)
{
    fclose(*out);
    (void)size;
    return *text;
}

/* 30 years: ln TFR on a line, wages growing by 5 % with phi 0.5, costs by one point more; death rates of age groups
 * that fall by 2 % a year, women's less. */
static pc_files *make_history(int with_rates)
{
    pc_files *files = pc_files_memory();
    pc_status st = {0};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    double eps[4][30], wage = 10000, cost = 1000, x = 0;

    pc_stream_normal(3, 0, 1, 1, 91, 0, 4 * 30, eps[0], 1);
    fprintf(out, "year,tfr,wage_yuan,employee_cost_yuan,quality\n");
    for (int t = 0; t < 30; t++) {
        x = 0.5 * x + 0.02 * eps[0][t];
        wage *= exp(0.05 + x);
        cost *= exp(0.06 + x + 0.03 * eps[1][t]);
        fprintf(out, "%d,%.9f,%.9f,", 1995 + t, 1.6 * exp(-0.01 * t + 0.03 * eps[2][t]), wage);
        fprintf(out, t == 12 ? ",a gap\n" : "%.9f,\n", cost);
    }
    text_of(&out, &text, &size);
    assert_int_equal(pc_files_put(files, "history.csv", text, strlen(text), &st), PC_OK);
    free(text);
    if (with_rates) {
        out = open_memstream(&text, &size);
        fprintf(out, "year,sex,age,rate\n");
        for (int t = 0; t < 10; t++) {
            for (int sex = 0; sex < 2; sex++) {
                for (int a = 0; a <= 100; a += a == 0 ? 1 : a == 1 ? 4 : 5) {
                    fprintf(out, "%d,%s,%d,%.12f\n", 2005 + 2 * t, sex ? "male" : "female", a,
                            exp(-9 +
                                0.085 * (a == 0   ? 0.5
                                         : a == 1 ? 3
                                                  : a + 2.5) -
                                (sex ? 0.02 : 0.015) * 2 * t));
                }
            }
        }
        text_of(&out, &text, &size);
        assert_int_equal(pc_files_put(files, "mortality.csv", text, strlen(text), &st), PC_OK);
        free(text);
    }
    return files;
}

static const pc_calibrated *found(const pc_calibration *c, const char *key)
{
    for (int i = 0; i < c->n_found; i++) {
        if (strcmp(c->found[i].key, key) == 0) {
            return &c->found[i];
        }
    }
    fail_msg("no %s", key);
    return NULL;
}

static void test_fragment(void **state)
{
    static pc_calibration c;
    pc_files *files = make_history(1);
    pc_calibrate_options options = {.lines = 1u << PC_CALIBRATE_FERTILITY, .base_year = 2024};
    pc_history h;
    pc_arena arena = {0};
    pc_status st = {0};
    pc_results *results;
    char *text;
    size_t size;
    FILE *out;
    sim s;

    (void)state;
    assert_int_equal(pc_history_read(files, 1900, 2100, &arena, &h, &st), PC_OK);
    assert_int_equal(h.n_years, 30);
    assert_int_equal(h.n_rate_years, 10);
    /* the rates are straight in age: so are those of single ages, in and beyond the groups */
    for (int a = 0; a < PC_AGES; a++) {
        assert_true(fabs(h.log_rates[a] - (-9 + 0.085 * (a + 0.5))) < 1e-7);
    }
    if (pc_calibrate_history(&h, &options, &arena, &c, &st)) {
        fail_msg("%s", st.message);
    }
    assert_true(fabs(c.mortality.drift + 1) < 1e-12);
    assert_true(fabs(c.mortality.beta[50] - 0.015) < 1e-4 && fabs(c.mortality.beta[PC_AGES + 50] - 0.02) < 1e-4);
    assert_true(found(&c, "mortality.kappa")->figure.value == -1); /* one year after 2023 */
    assert_int_equal(found(&c, "cost.phi")->n, 27);                /* 29 growths less two at the gap */
    assert_true(fabs(found(&c, "wages.growth")->figure.value - 0.05) < 4 * found(&c, "wages.growth")->figure.se);
    assert_true(fabs(found(&c, "wages.phi")->figure.value - 0.5) < 3 * found(&c, "wages.phi")->figure.se);
    assert_true(fabs(found(&c, "wages.sigma")->figure.value - 0.02) < 4 * found(&c, "wages.sigma")->figure.se);
    assert_true(fabs(found(&c, "cost.employee.excess")->figure.value - 0.01) <
                4 * found(&c, "cost.employee.excess")->figure.se);
    assert_true(fabs(found(&c, "cost.sigma")->figure.value - 0.03) < 4 * found(&c, "cost.sigma")->figure.se);

    results = pc_calibrate_results(&c, &h, files, NULL, &st);
    assert_non_null(results);
    out = open_memstream(&text, &size);
    assert_int_equal(pc_calibration_fragment(results, out, &st), PC_OK);
    fclose(out);
    sim_small(&s);
    small_append(&s.text, text);
    free(text);
    out = open_memstream(&text, &size);
    pc_calibration_mortality(results, out);
    fclose(out);
    small_put(&s.text, "mortality.csv", text);
    free(text);
    sim_plan(&s); /* a scenario takes the fragment as it is */
    assert_true(fabs(pc_scenario_number(s.scenario, "wages.phi") - found(&c, "wages.phi")->figure.value) < 1e-5);
    assert_true(fabs(pc_scenario_number(s.scenario, "cost.employee.excess") -
                     found(&c, "cost.employee.excess")->figure.value) < 1e-6);
    assert_true(fabs(s.scenario->alpha[30] - c.mortality.alpha[30]) < 1e-6);
    sim_end(&s);
    pc_results_free(results);
    pc_arena_release(&arena);
    pc_files_free(files);
}

/* The window ends where it is told to. */
static void test_window(void **state)
{
    static pc_calibration c;
    pc_files *files = make_history(0);
    pc_calibrate_options options = {0};
    pc_history h;
    pc_arena arena = {0};
    pc_status st = {0};

    (void)state;
    assert_int_equal(pc_history_read(files, 2000, 2009, &arena, &h, &st), PC_OK);
    assert_int_equal(h.n_years, 10);
    assert_int_equal(pc_calibrate_history(&h, &options, &arena, &c, &st), PC_OK);
    assert_int_equal(c.base_year, 2009);
    assert_int_equal(found(&c, "wages.phi")->n, 9);
    assert_false(c.has_mortality);
    options.base_year = 2008;
    assert_int_equal(pc_calibrate_history(&h, &options, &arena, &c, &st), PC_ERR_INPUT);
    pc_arena_release(&arena);
    pc_files_free(files);
}

static void test_refused(void **state)
{
    static const struct {
        const char *file, *text, *part;
    } cases[] = {
        {"history.csv", "year,tfr\n2000,1.5\n1999,1.4\n", "history.csv:3:1: found the year 1999 after 2000"},
        {"history.csv", "year,tfr\n2000,fifteen\n", "history.csv:2:6: found \"fifteen\" for tfr"},
        {"history.csv", "year,trf\n2000,1\n", "tfr"},
        {"mortality.csv", "year,sex,age,rate\n2000,both,0,0.1\n", "mortality.csv:2:6: found \"both\" for sex"},
        {"mortality.csv", "year,sex,age,rate\n2000,female,0,0\n", "mortality.csv:2:15: found \"0\" for rate"},
        {"mortality.csv", "year,sex,age,rate\n2000,female,5,0.1\n2000,female,10,0.1\n", "found the age 5"},
        {"other.csv", "year\n", "found neither history.csv nor mortality.csv"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pc_files *files = pc_files_memory();
        pc_arena arena = {0};
        pc_status st = {0};
        pc_history h;
        assert_int_equal(pc_files_put(files, cases[i].file, cases[i].text, strlen(cases[i].text), &st), PC_OK);
        assert_int_equal(pc_history_read(files, 1900, 2100, &arena, &h, &st), PC_ERR_INPUT);
        if (!strstr(st.message, cases[i].part)) {
            fail_msg("no \"%s\" in: %s", cases[i].part, st.message);
        }
        pc_arena_release(&arena);
        pc_files_free(files);
    }
}

/* The shipped rates of the UN: life expectancy in sample within 0.3 years. */
static void test_shipped(void **state)
{
    static pc_calibration c;
    pc_files *files;
    pc_calibrate_options options = {0};
    pc_history h;
    pc_arena arena = {0};
    pc_status st = {0};

    (void)state;
    files = pc_files_open(PC_TEST_SOURCE_DIR "/scenarios/calibration/china", &st);
    assert_non_null(files);
    assert_int_equal(pc_history_read(files, 1900, 2100, &arena, &h, &st), PC_OK);
    assert_int_equal(pc_calibrate_history(&h, &options, &arena, &c, &st), PC_OK);
    assert_true(c.has_mortality);
    assert_true(c.mortality.e0_error < 0.3);
    assert_true(c.mortality.explained > 0.95);
    pc_arena_release(&arena);
    pc_files_free(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fragment), cmocka_unit_test(test_window),
                                       cmocka_unit_test(test_refused), cmocka_unit_test(test_shipped)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
