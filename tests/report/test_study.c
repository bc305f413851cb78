/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed of stresses and explanations: text, CSV, JSON and the page, and what is refused. */
#include "../study/study_text.h"

#include <unistd.h>

#include "report/html.h"
#include "report/study.h"
#include "store/store.h"
#include "study/outcome.h"

static void start(probe *p)
{
    sim_folder(&p->s, "smoke");
    sim_set(&p->s, "paths=200");
    sim_set(&p->s, "title_en=Three <b>regions</b>");
    if (small_read(&p->s.text, p->s.sets, p->s.n_sets, &p->s.scenario, &p->s.status)) {
        fail_msg("%s", p->s.status.message);
    }
    p->study.run.reproducible = 1;
}

static char *printed(const pc_results *results, int page, pc_listing_format format)
{
    char *text = NULL, *copy;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    pc_status st = {0};
    pc_code code;

    assert_non_null(out);
    code = page ? pc_report_study_html(results, out, &st) : pc_report_study(results, format, out, &st);
    fclose(out);
    if (code) {
        fail_msg("%s", st.message);
    }
    copy = strdup(text);
    assert_non_null(copy);
    free(text);
    return copy;
}

static int count(const char *text, const char *part)
{
    int n = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        n++;
    }
    return n;
}

static void holds(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fail_msg("no \"%s\" in:\n%s", part, text);
    }
}

/* Sections, tables and paragraphs are closed; nothing is run and nothing is left unescaped. */
static void check_page(const char *page)
{
    static const char *const tags[] = {"section", "table", "div", "tr", "td", "svg", "main", "h2", "h3"};

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        char open[16], close[16];
        snprintf(open, sizeof open, "<%s", tags[i]);
        snprintf(close, sizeof close, "</%s>", tags[i]);
        assert_int_equal(count(page, open), count(page, close));
    }
    holds(page, "<!doctype html>");
    holds(page, "Three &lt;b&gt;regions&lt;/b&gt;");
    assert_int_equal(count(page, "<script"), 0);
    assert_int_equal(count(page, "Mnan") + count(page, "\"nan") + count(page, "Hnan"), 0);
    assert_null(strstr(page, "<b>regions"));
}

/* The same after a file has been written and read. */
static pc_results *through_a_file(const pc_results *results, const char *name)
{
    char path[256];
    pc_status st = {0};
    pc_results *loaded;

    snprintf(path, sizeof path, "%s-%d.h5", name, (int)getpid());
    if (pc_store_save(results, path, &st)) {
        fail_msg("%s", st.message);
    }
    loaded = pc_store_load(path, &st);
    assert_non_null(loaded);
    remove(path);
    return loaded;
}

/* Without one of its datasets a study is no study. */
static void refused_without(const pc_results *results, const char *group, const char *name)
{
    pc_dataset *set = (pc_dataset *)pc_results_find(results, group, name);
    const char first = set->name[0];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    pc_status st = {0};

    set->name[0] = '?';
    assert_int_equal(pc_report_study(results, PC_LISTING_TABLE, out, &st), PC_ERR_INPUT);
    assert_int_equal(pc_report_study_html(results, out, &(pc_status){0}), PC_ERR_INPUT);
    set->name[0] = first;
    fclose(out);
    free(text);
}

static void test_stress(void **state)
{
    static const char file[] = "title_en: Loss & more\nnote: why\nset: ['stress.employee.revenue[+2]*=0.8']\n";
    probe p = {0};
    pc_arena arena = {0};
    pc_stress stress;
    pc_stress_test test;
    pc_results *results, *loaded;
    char *text;

    (void)state;
    start(&p);
    assert_int_equal(pc_files_put(p.s.text.files, "stresses/loss.yaml", file, sizeof file - 1, &p.s.status), PC_OK);
    probe_ask(&p, "revenue(2026)", "city", PC_EMPLOYEE);
    probe_ask(&p, "revenue(2026)", "unified", PC_EMPLOYEE);
    probe_ask(&p, "depleted_any(2030)", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_stress_read(p.s.text.files, "loss", &arena, &stress, &p.s.status), PC_OK);
    assert_int_equal(pc_stress_run(&p.study, &stress, 1, 0, &test, &p.s.status), PC_OK);
    results = pc_study_results(&p.study, "stress", &p.s.status);
    assert_non_null(results);
    assert_int_equal(pc_stress_put(&p.study, &stress, &test, results, &p.s.status), PC_OK);
    loaded = through_a_file(results, "stress");
    text = printed(loaded, 0, PC_LISTING_TABLE);
    holds(text, "Loss & more");
    holds(text, "revenue(2026), 100 million yuan");
    assert_int_equal(count(text, "without stress"), 2); /* two measures */
    free(text);
    text = printed(loaded, 0, PC_LISTING_CSV);
    assert_int_equal(count(text, "\n"), 1 + 2 * 3);
    holds(text, "loss,unified,employee,\"revenue(2026)\",yuan,");
    free(text);
    text = printed(loaded, 0, PC_LISTING_JSON);
    assert_int_equal(count(text, "\"stress\": \"loss\""), 3);
    assert_int_equal(count(text, "{"), count(text, "}"));
    free(text);
    text = printed(loaded, 1, PC_LISTING_TABLE);
    check_page(text);
    holds(text, "Loss &amp; more");
    holds(text, "stress.employee.revenue[+2]*=0.8");
    free(text);
    refused_without(results, "stress", "difference");
    refused_without(results, "stress", "unit");
    pc_results_free(loaded);
    pc_results_free(results);
    pc_stress_test_release(&test);
    pc_arena_release(&arena);
    probe_end(&p);
}

static void test_explain(void **state)
{
    probe p = {0};
    pc_explained e;
    pc_results *results, *loaded;
    char *text;

    (void)state;
    start(&p);
    probe_ask(&p, "depleted_any(2030)", "city", PC_EMPLOYEE);
    probe_ask(&p, "balance(2030)", "city", PC_EMPLOYEE);
    probe_start(&p);
    assert_int_equal(pc_explain(&p.study, 1, 1, &e, &p.s.status), PC_OK);
    results = pc_study_results(&p.study, "explain", &p.s.status);
    assert_non_null(results);
    assert_int_equal(pc_explain_put(&p.study, &e, "balance(2030)", results, &p.s.status), PC_OK);
    pc_results_attribute_text(results, "explain", "replay", "poolcast replay x");
    loaded = through_a_file(results, "explain");
    text = printed(loaded, 0, PC_LISTING_TABLE);
    holds(text, "most of the variance is from");
    holds(text, "typical paths, by balance(2030), 100 million yuan");
    holds(text, "poolcast replay x --path ");
    holds(text, "  base_uncertainty.employee.revenue ");
    assert_int_equal(count(text, "param:"), 0);
    assert_int_equal(count(text, "Beside the central path by 2030"), PC_EXPLAIN_ENDS);
    free(text);
    text = printed(loaded, 0, PC_LISTING_CSV);
    assert_int_equal(count(text, "\n"), 1 + e.n_shares + e.n_bars + PC_EXPLAIN_ENDS);
    free(text);
    text = printed(loaded, 0, PC_LISTING_JSON);
    assert_int_equal(count(text, "{"), count(text, "}"));
    assert_int_equal(count(text, "\"total\": "), e.n_shares);
    free(text);
    text = printed(loaded, 1, PC_LISTING_TABLE);
    check_page(text);
    holds(text, "<code>poolcast replay x --path ");
    free(text);
    refused_without(results, "explain", "first");
    refused_without(results, "explain", "story");
    pc_results_free(loaded);
    pc_results_free(results);
    pc_explain_release(&e);
    probe_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stress), cmocka_unit_test(test_explain)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
