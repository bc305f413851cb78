/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report page from small result sets: what is claimed and what is not, what is left out, what is escaped. Drawing
 * and numbers are tested in a browser (check_html.py). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/html.h"
#include "report/html_inner.h"
#include "report/view.h"

enum { FIRST = 2031, N_YEARS = 10, N_AREAS = 3 };

/* Two policies, two regions and the whole, 10,000 paths, 2031 to 2040. */
typedef struct rig {
    pc_results *results;
    const pc_dimension *region, *year;
} rig;

static rig make(const char *title)
{
    static const char *const ids[] = {"a", "b", "all"};
    static const char *const policies[] = {"now", "pool"};
    int64_t years[N_YEARS];
    rig r = {.results = pc_results_new()};
    const pc_dimension *policy;
    pc_dataset *titles;

    for (int y = 0; y < N_YEARS; y++) {
        years[y] = FIRST + y;
    }
    r.region = pc_results_dimension(r.results, "region", N_AREAS, PC_TEXT, ids, NULL, "region");
    r.year = pc_results_dimension(r.results, "year", N_YEARS, PC_I64, years, NULL, "year");
    policy = pc_results_dimension(r.results, "policy", 2, PC_TEXT, policies, NULL, "policy");
    pc_results_attribute_text(r.results, "", "title_en", title);
    pc_results_attribute_text(r.results, "", "baseline", "now");
    pc_results_attribute_integer(r.results, "", "paths", 10000);
    titles = pc_results_dataset(r.results, "inputs/policies", "title_en", PC_TEXT, 1, &policy, NULL, "title");
    pc_dataset_set_text(r.results, titles, 0, "Now");
    pc_dataset_set_text(r.results, titles, 1, "Pool");
    pc_results_group(r.results, "policy/now/employee");
    pc_results_group(r.results, "policy/pool/employee");
    return r;
}

/* `last`: of each area (or of the members together) in the last year; in a straight line from 0. */
static void put(const rig *r, const char *group, const char *name, int n, const double *last, double error)
{
    const pc_dimension *dims[2] = {n > 1 ? r->region : r->year, r->year};
    char error_name[64];
    pc_dataset *value, *se;

    snprintf(error_name, sizeof error_name, "%s_se", name);
    value = pc_results_dataset(r->results, group, name, PC_F64, n > 1 ? 2 : 1, dims, "1", "chance");
    se = pc_results_dataset(r->results, group, error_name, PC_F64, n > 1 ? 2 : 1, dims, "1", "error");
    assert_true(value && se);
    for (int i = 0; i < n * N_YEARS; i++) {
        ((double *)value->data)[i] = last[i / N_YEARS] * (1 + i % N_YEARS) / N_YEARS;
        ((double *)se->data)[i] = error;
    }
}

static void put_chances(const rig *r, double members, const double *regions, double error)
{
    put(r, "policy/now/employee", "member_weighted_depletion_by", 1, &members, error);
    put(r, "policy/now/employee", "depleted_by", N_AREAS, regions, error);
    put(r, "policy/pool/employee", "depleted_by", N_AREAS, regions, error);
}

static void put_changes(const rig *r, double members, const double *regions, double error)
{
    put(r, "difference/pool/employee", "member_weighted_depletion_by", 1, &members, error);
    put(r, "difference/pool/employee", "depleted_by", N_AREAS, regions, error);
}

static pc_answer answer_of(const rig *r)
{
    pc_answer answer;
    pc_view view;
    pc_status status = {0};

    assert_false(r->results->failed);
    assert_int_equal(pc_view_open(r->results, &view, &status), PC_OK);
    pc_html_answer(&view, "employee", &answer);
    return answer;
}

static char *page_of(const rig *r)
{
    pc_status status = {0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(pc_report_html(r->results, NULL, out, &status), PC_OK);
    fclose(out);
    return text;
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fail_msg("\"%s\" is not in: %s", part, text);
    }
}

static void sure_changes_are_named(void **state)
{
    const double regions[] = {0.9, 0.3, 0.4}, changes[] = {-0.5, 0.1, 0};
    rig r = make("T");
    pc_answer answer;

    (void)state;
    put_chances(&r, 0.4, regions, 0.001);
    put_changes(&r, -0.2, changes, 0.001);
    answer = answer_of(&r);
    assert_says(answer.sentences[0], "by 2035 with a chance of 20.0 % ±0.1 and by 2040 with a chance of 40.0 % ±0.1");
    assert_says(answer.sentences[0], "is a (2036)");
    assert_says(answer.sentences[1], "“Pool” lowers this chance most: it changes it by −10.0 ±0.1 percentage points by "
                                     "2035 and by −20.0 ±0.1 by 2040; no policy raises it");
    assert_says(answer.sentences[2], "a gains most (−50.0 ±0.1 points by 2040) and b loses most (+10.0 ±0.1)");
    assert_says(answer.sentences[2], "more likely than not empty in a year after 2040, with this policy as without it.");
    pc_results_free(r.results);
}

/* The same numbers with errors of half the change and more: nothing is claimed, and a year becomes a range. */
static void unsure_changes_are_not_claimed(void **state)
{
    const double regions[] = {0.9, 0.3, 0.5}, changes[] = {-0.5, 0.1, 0};
    rig r = make("T");
    pc_answer answer;

    (void)state;
    put_chances(&r, 0.4, regions, 0.06);
    put_changes(&r, -0.2, changes, 0.3);
    answer = answer_of(&r);
    assert_says(answer.sentences[0], "is a (2035–2037)");
    assert_says(answer.sentences[1], "None of the other policies changes this chance by 2040 beyond twice");
    assert_null(strstr(answer.sentences[2], "gains most"));
    assert_says(answer.sentences[2], "2038 or later");
    pc_results_free(r.results);
}

static void worst_is_named_when_none_is_better(void **state)
{
    const double regions[] = {0.3, 0.3, 0.3}, changes[] = {0.1, 0.2, 0.1};
    rig r = make("T");
    pc_answer answer;
    pc_view view;
    pc_status status = {0};

    (void)state;
    put_chances(&r, 0.3, regions, 0.001);
    put_changes(&r, 0.15, changes, 0.001);
    answer = answer_of(&r);
    assert_says(answer.sentences[0], "for no region is this more likely than not by 2040");
    assert_says(answer.sentences[1],
                "No policy lowers this chance by 2040 beyond twice the simulation error; “Pool” raises "
                "it most: by +15.0 ±0.1");
    assert_says(answer.sentences[2], "b loses most (+20.0 ±0.1 points by 2040) and no region gains");
    assert_int_equal(pc_view_open(r.results, &view, &status), PC_OK);
    assert_int_equal(pc_html_headline(&view, "employee"), 1);
    pc_results_free(r.results);
}

static void page_is_escaped_and_whole(void **state)
{
    rig r = make("Funds <script>alert(1)</script> & \"more\"");
    const double regions[] = {0.9, NAN, 0.4};
    char *text, *data, *end;
    int scripts = 0;

    (void)state;
    put(&r, "policy/now/employee", "depleted_by", N_AREAS, regions, 0.001);
    text = page_of(&r);
    assert_says(text, "<h1>Funds &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;</h1>");
    assert_null(strstr(text, "<script>alert"));
    data = strstr(text, "id=\"data\">");
    assert_non_null(data);
    end = strstr(data, "</script>");
    assert_non_null(end);
    *end = 0;
    assert_null(strchr(data + 10, '<'));
    assert_says(data, "\\u003cscript>alert");
    assert_says(data, "\"blocks\":[");
    *end = '<';
    for (const char *at = text; (at = strstr(at, "<script")); at++) {
        scripts++;
    }
    assert_int_equal(scripts, 3); /* the data, the library, the page's own */
    assert_says(text, "default-src 'none'");
    assert_string_equal(text + strlen(text) - 8, "</html>\n");
    free(text);
    pc_results_free(r.results);
}

static void same_set_same_bytes_and_bare_set(void **state)
{
    rig r = make("Bare");
    char *once = page_of(&r), *twice = page_of(&r);
    pc_status status = {0};
    pc_results *empty = pc_results_new();

    (void)state;
    assert_string_equal(once, twice); /* a set without any figures still makes a page */
    assert_int_equal(pc_report_html(empty, NULL, stdout, &status), PC_ERR_INPUT);
    free(once);
    free(twice);
    pc_results_free(empty);
    pc_results_free(r.results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sure_changes_are_named),
        cmocka_unit_test(unsure_changes_are_not_claimed),
        cmocka_unit_test(worst_is_named_when_none_is_better),
        cmocka_unit_test(page_is_escaped_and_whole),
        cmocka_unit_test(same_set_same_bytes_and_bare_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
