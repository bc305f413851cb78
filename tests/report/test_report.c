/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures, tables, summary and listings from a small result set built here, so that every printed number is known. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/format.h"
#include "report/listing.h"
#include "report/summary.h"
#include "report/tables.h"
#include "report/view.h"
#include "report/winners.h"

enum { N_AREAS = 3, FIRST = 2025, N_YEARS = 26, N_STATISTICS = 4 };

static pc_results *results;
static const pc_dimension *region, *year, *statistic, *total, *quantile;

/* A row of chances rising from 0 by `slope` a year, the same for all areas but that an area adds its number / 100. */
static void put_event(const char *group, const char *name, int has_area, double slope, double error)
{
    const pc_dimension *dims[2] = {has_area ? region : year, year};
    char error_name[64];
    pc_dataset *value, *se;
    int n_areas = has_area ? N_AREAS : 1, rank = has_area ? 2 : 1;

    snprintf(error_name, sizeof error_name, "%s_se", name);
    value = pc_results_dataset(results, group, name, PC_F64, rank, dims, "1", "a chance");
    se = pc_results_dataset(results, group, error_name, PC_F64, rank, dims, "1", "its error");
    assert_non_null(value);
    assert_non_null(se);
    for (int a = 0; a < n_areas; a++) {
        for (int t = 0; t < N_YEARS; t++) {
            double x = slope * t + (slope != 0 ? a / 100.0 : 0);
            ((double *)value->data)[a * N_YEARS + t] = x > 1 ? 1 : x;
            ((double *)se->data)[a * N_YEARS + t] = x <= 0 || x >= 1 ? 0.003 : error;
        }
    }
}

static void put_moment(const char *group, const char *name, const char *unit, double mean, double slope, double error)
{
    const pc_dimension *dims[3] = {statistic, region, year};
    pc_dataset *set = pc_results_dataset(results, group, name, PC_F64, 3, dims, unit, "a number");

    assert_non_null(set);
    for (int s = 0; s < N_STATISTICS; s++) {
        for (int a = 0; a < N_AREAS; a++) {
            for (int t = 0; t < N_YEARS; t++) {
                double x = s == 2 ? error : s == 1 ? 10 * error : mean + slope * t + a;
                ((double *)set->data)[(s * N_AREAS + a) * N_YEARS + t] = x;
            }
        }
    }
}

static void put_total(const char *group, const char *name, double mean, double error, double var)
{
    double x[6] = {mean, 10 * error, error, mean, var, var * 1.1};
    const pc_dimension *dims[1] = {total};

    assert_non_null(pc_results_put(results, group, name, PC_F64, 1, dims, x, "yuan", "money"));
}

static int set_up(void **state)
{
    static const char *const ids[] = {"a", "b", "all"}, *const names[] = {"甲市", "乙市", "全省"},
                             *const names_en[] = {"Jia", "Yi", "Whole"}, *const kinds[] = {"region", "region", "whole"};
    static const char *const statistics[] = {"mean", "sd", "se", "central"};
    static const char *const totals[] = {"mean", "sd", "se", "central", "var", "tvar"};
    static const char *const policies[] = {"other", "city"};
    static const char *const titles[] = {"Another, \"quoted\"", "City"};
    static const char *const *const texts[] = {names, names_en, kinds};
    static const char *const text_names[] = {"name", "name_en", "kind"};
    const double levels[] = {0.05, 0.5};
    int64_t years[N_YEARS], price_years[N_YEARS + 1];
    double prices[N_YEARS + 1], quantiles[2 * N_AREAS * N_YEARS];
    const pc_dimension *dims[3];
    pc_dataset *set;

    (void)state;
    results = pc_results_new();
    assert_non_null(results);
    for (int t = 0; t <= N_YEARS; t++) {
        price_years[t] = FIRST - 1 + t;
        prices[t] = pow(2, t); /* 2 in 2025 */
        if (t < N_YEARS) {
            years[t] = FIRST + t;
        }
    }
    region = pc_results_dimension(results, "region", N_AREAS, PC_TEXT, ids, NULL, "region");
    year = pc_results_dimension(results, "year", N_YEARS, PC_I64, years, "year", "year");
    statistic = pc_results_dimension(results, "statistic", N_STATISTICS, PC_TEXT, statistics, NULL, "statistic");
    total = pc_results_dimension(results, "total_statistic", 6, PC_TEXT, totals, NULL, "statistic");
    quantile = pc_results_dimension(results, "quantile", 2, PC_F64, levels, "1", "probability");
    pc_results_attribute_text(results, "", "title", "试验");
    pc_results_attribute_text(results, "", "title_en", "A trial");
    pc_results_attribute_text(
        results, "", "comment",
        "这一句不给英文读者看。\nFirst sentence. Second one,\nwrapped. Third one. Fourth is left out.");
    pc_results_attribute_text(results, "", "seed", "7");
    pc_results_attribute_text(results, "", "baseline", "city");
    pc_results_attribute_integer(results, "", "paths", 1000);
    pc_results_attribute_integer(results, "", "base_year", FIRST - 1);
    pc_results_attribute_number(results, "", "treasury_alpha", 0.95);
    for (int p = 0; p < 2; p++) {
        for (int s = 0; s < 2; s++) {
            char group[64];
            int other = p == 0;
            snprintf(group, sizeof group, "policy/%s/%s", policies[p], s ? "resident" : "employee");
            put_event(group, "depleted_by", 1, other ? 0.02 : 0.04, 0.004);
            put_event(group, "member_weighted_depletion", 0, other ? 0 : 0.01, 0.002);
            put_event(group, "structural_shortfall", 0, 0, 0);
            put_moment(group, "revenue", "yuan", 100e8, 1e8, 1e8);
            put_moment(group, "expenditure", "yuan", 95e8, 2e8, 1e8);
            put_moment(group, "balance", "yuan", 50e8, -5e8, 2e8);
            put_moment(group, "reserve_months", "months", 6, -0.5, 0.1);
            put_total(group, "treasury_gross", s ? 0 : 12e8, s ? 0 : 1e8, s ? 0 : 30e8);
            put_total(group, "treasury_net", -3e8, 1e8, 9e8);
        }
    }
    put_event("difference/other/employee", "depleted_by", 1, -0.02, 0.001);
    put_event("difference/other/employee", "member_weighted_depletion", 0, -0.01, 0.002);
    put_event("difference/other/employee", "structural_shortfall", 0, 0, 0);
    put_moment("difference/other/employee", "reserve_months", "months", 1, 0, 0.05);
    put_moment("difference/other/employee", "balance", "yuan", 1e8, 0, 1e6);
    put_total("difference/other/employee", "treasury_gross", -2e8, 1e7, 0);
    put_total("difference/other/employee", "treasury_net", 0, 0, 0);
    put_moment("difference/other/resident", "balance", "yuan", -1, 0, 0); /* zero for area 1, a hair else: rounding */
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        quantiles[i] = (double)i;
    }
    dims[0] = quantile;
    dims[1] = region;
    dims[2] = year;
    pc_results_put(results, "policy/city/employee", "balance_quantile", PC_F64, 3, dims, quantiles, "yuan",
                   "quantiles");
    dims[0] = pc_results_dimension(results, "policy", 2, PC_TEXT, policies, NULL, "policy");
    set = pc_results_dataset(results, "inputs/policies", "title", PC_TEXT, 1, dims, NULL, "title");
    for (size_t p = 0; p < 2; p++) {
        pc_dataset_set_text(results, set, p, titles[p]);
    }
    dims[0] = region;
    for (size_t k = 0; k < 3; k++) {
        set = pc_results_dataset(results, "areas", text_names[k], PC_TEXT, 1, dims, NULL, "name");
        for (size_t a = 0; a < N_AREAS; a++) {
            pc_dataset_set_text(results, set, a, texts[k][a]);
        }
    }
    dims[0] = pc_results_dimension(results, "input_year", N_YEARS + 1, PC_I64, price_years, "year", "year");
    pc_results_put(results, "inputs/prices", "price_level", PC_F64, 1, dims, prices, "1", "price level");
    return results->failed;
}

static int tear_down(void **state)
{
    (void)state;
    pc_results_free(results);
    return 0;
}

/* Everything that `print` writes, to be freed. */
static char *printed(pc_code (*print)(FILE *out, const void *with, pc_status *status), const void *with)
{
    char *text = NULL;
    size_t size = 0;
    pc_status status = {0};
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    if (print(out, with, &status)) {
        fail_msg("%s", status.message);
    }
    fclose(out);
    return text;
}

static pc_code print_summary(FILE *out, const void *with, pc_status *status)
{
    return pc_report_summary(results, out, with, status);
}

static pc_code print_listing(FILE *out, const void *with, pc_status *status)
{
    return pc_report_listing(results, with, out, status);
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fprintf(stderr, "%s\n", text); /* fail_msg cuts long texts */
        fail_msg("'%s' is not in the text above", part);
    }
}

static void lacks(const char *text, const char *part)
{
    if (strstr(text, part)) {
        fail_msg("'%s' is in:\n%s", part, text);
    }
}

static void figures(void **state)
{
    (void)state;
    assert_string_equal(pc_figure_chance(0.123, 0.0031, 0).text, "12.3 % ±0.3");
    assert_string_equal(pc_figure_chance(0.0123, 0.0003, 0).text, "1.23 % ±0.03");
    assert_string_equal(pc_figure_chance(0.5, 0.01, 1).text, "50.0 %");
    assert_string_equal(pc_figure_chance(0, 3.0 / 10000, 0).text, "<0.03 %");
    assert_string_equal(pc_figure_chance(1, 3.0 / 10000, 0).text, ">99.97 %");
    assert_string_equal(pc_figure_chance(NAN, 0.1, 0).text, "-");
    assert_string_equal(pc_figure_points(-0.123, 0.004).text, "-12.3 ±0.4");
    assert_string_equal(pc_figure_points(0, 0.0003).text, "0");
    assert_string_equal(pc_figure_money(123456e8, NAN, 0).text, "123,456");
    assert_string_equal(pc_figure_money(123456e8, 60e8, 1).text, "+123,456 ±60");
    assert_string_equal(pc_figure_money(-12.345e8, 0.21e8, 1).text, "-12.35 ±0.21");
    assert_string_equal(pc_figure_money(1, 1, 1).text, "0");
    assert_string_equal(pc_figure_months(1e-12, 1e-13).text, "0");
    assert_string_equal(pc_figure_months(3.14159, 0.04).text, "+3.14 ±0.04");
    assert_string_equal(pc_figure_months(-0.938, 0.004).text, "-0.938 ±0.004"); /* never an error of 0.00 */
    assert_string_equal(pc_figure_share(0.58, 0.07).text, "58 % ±7");
    assert_string_equal(pc_figure_share(-0.003, 0.004).text, "-0.3 % ±0.4"); /* could still be half a per cent */
    assert_string_equal(pc_figure_share(0.0015, 0.0002).text, "0.15 % ±0.02");
    assert_string_equal(pc_figure_share(0.000009, 0.000007).text, "<0.1 %");
    assert_string_equal(pc_figure_share(0.00069, 0.00015).text, "<0.1 %");
    assert_string_equal(pc_figure_share(0.00071, 0.00015).text, "0.07 % ±0.01");
    assert_string_equal(pc_figure_share(-0.008, 0.001).text, "<0.1 %");
    assert_string_equal(pc_figure_share(1e-8, 0).text, "<0.1 %");
    assert_string_equal(pc_figure_share(0, 0).text, "0 %");
    assert_string_equal(pc_figure_share(0, NAN).text, "0 %");
    assert_string_equal(pc_figure_share(NAN, NAN).text, "-");
    assert_string_equal(pc_figure_year(2031, 2074).text, "2031");
    assert_string_equal(pc_figure_year(0, 2074).text, ">2074");
}

static pc_code print_table(FILE *out, const void *with, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    (void)with;
    pc_text_table_column(table, 0, "name");
    pc_text_table_column(table, 1, "n");
    pc_text_table_column(table, 0, "note");
    pc_text_table_row(table);
    pc_text_table_cell(table, "杭州");
    pc_text_table_cell(table, "%d", 1);
    pc_text_table_cell(table, "%s", "");
    pc_text_table_row(table);
    pc_text_table_cell(table, "Yi");
    pc_text_table_cell(table, "%d", 1000);
    pc_text_table_cell(table, "x");
    return pc_text_table_print(table, out, 2, status);
}

static void tables_align_chinese(void **state)
{
    char *text = printed(print_table, NULL);

    (void)state;
    assert_string_equal(text, "  name     n  note\n"
                              "  杭州     1\n"
                              "  Yi    1000  x\n");
    free(text);
}

static pc_code print_wrapped(FILE *out, const void *with, pc_status *status)
{
    (void)status;
    pc_text_wrap(out, with, 2, 12);
    return PC_OK;
}

static void text_is_wrapped(void **state)
{
    char *text = printed(print_wrapped, "one two three");

    (void)state;
    assert_string_equal(text, "  one two\n  three\n");
    free(text);
    text = printed(print_wrapped, "甲乙丙丁戊己");
    assert_string_equal(text, "  甲乙丙丁戊\n  己\n");
    free(text);
    text = printed(print_wrapped, "甲乙丙丁戊，己"); /* no line starts with a closing mark */
    assert_string_equal(text, "  甲乙丙丁\n  戊，己\n");
    free(text);
    text = printed(print_wrapped, "甲乙丙丁（己）"); /* none ends with an opening one */
    assert_string_equal(text, "  甲乙丙丁\n  （己）\n");
    free(text);
    text = printed(print_wrapped, "abcdefghijklmnop");
    assert_string_equal(text, "  abcdefghij\n  klmnop\n");
    free(text);
    text = printed(print_wrapped, "");
    assert_string_equal(text, "");
    free(text);
}

static void summary_says_what_the_numbers_say(void **state)
{
    pc_report_options options = {.file = "r.h5"};
    char *text = printed(print_summary, &options);

    (void)state;
    has(text, "A trial\n2025 to 2050, 1,000 paths, seed 7;");
    has(text, "First sentence. Second one, wrapped. Third one.");
    lacks(text, "Fourth");
    lacks(text, "这一句");
    has(text, "  city   City  (baseline");
    has(text, "  other  Another, \"quoted\"");
    /* 0.01 a year: 2030 is the sixth year */
    has(text, "city    5.0 % ±0.2  10.0 % ±0.2  15.0 % ±0.2  25.0 % ±0.2");
    has(text, "other       <0.3 %       <0.3 %       <0.3 %       <0.3 %");
    /* the whole's chance is 0.04 t + 0.02: 10 % at t = 2, 50 % at t = 12, 90 % at t = 22; with half the slope not
     * within the run. Deficit from t = 6 on (95 + 2t > 100 + t), balance 50 - 5t < 0 from t = 11 on but for 2 yuan. */
    has(text,
        "city    2027  2037   2047     2031       2036  12.0 ±1.0            30.00  -3.0 ±1.0             9.00\n");
    has(text, "other   2029  2049  >2050     2031       2036");
    /* the difference in 2040 */
    has(text, "other                    -15.0 ±0.3                     0             +3.00 ±0.05         -2.00 ±0.10"
              "                    0");
    /* area 0: -0.02 * 15, area 1: + 0.01 */
    has(text, "chance of having run out, points: gain Jia -30.0 ±0.3, Yi -29.0 ±0.3; lose none");
    has(text, "months of reserve: gain Yi +2.00 ±0.05, Jia +1.00 ±0.05; lose none");
    lacks(text, "Whole ");
    has(text, "Resident scheme: the same as the baseline under other\n");
    has(text, "no policy here has rescues");
    has(text, "2050*");
    has(text, "from the 2040s on: present rules unchanged, not a forecast");
    has(text, "poolcast show r.h5");
    free(text);
}

static void csv_has_every_digit(void **state)
{
    pc_listing_options options = {.policy = "other",
                                  .scheme = "employee",
                                  .region = "yi",
                                  .first_year = 2026,
                                  .last_year = 2026,
                                  .what = "depleted_by,balance",
                                  .format = PC_LISTING_CSV};
    char *text = printed(print_listing, &options);

    (void)state;
    assert_string_equal(text, "policy,scheme,region,year,measure,statistic,value\n"
                              "other,employee,b,2026,depleted_by,mean,0.03\n"
                              "other,employee,b,2026,depleted_by,se,0.004\n"
                              "other,employee,b,2026,balance,mean,4500000001\n"
                              "other,employee,b,2026,balance,sd,2000000000\n"
                              "other,employee,b,2026,balance,se,200000000\n"
                              "other,employee,b,2026,balance,central,4500000001\n");
    free(text);
    options.real = 1; /* prices are four times those of the base year */
    options.what = "balance";
    text = printed(print_listing, &options);
    has(text, "balance,mean,1125000000.25\n");
    has(text, "balance,se,50000000\n");
    free(text);
    options = (pc_listing_options){.policy = "city",
                                   .scheme = "employee",
                                   .region = "甲市",
                                   .first_year = 2026,
                                   .last_year = 2026,
                                   .what = "balance_quantile",
                                   .format = PC_LISTING_CSV};
    text = printed(print_listing, &options);
    has(text, "city,employee,a,2026,balance_quantile,q0.05,1\n");
    has(text, "city,employee,a,2026,balance_quantile,q0.5,79\n"); /* 3 areas x 26 years + 1 */
    free(text);
    options = (pc_listing_options){.what = "treasury_gross", .difference = 1, .format = PC_LISTING_CSV};
    text = printed(print_listing, &options);
    has(text, "other,employee,,,treasury_gross,mean,-200000000\n");
    lacks(text, "city");
    free(text);
}

static void json_rows(void **state)
{
    pc_listing_options options = {.policy = "other",
                                  .scheme = "employee",
                                  .region = "a",
                                  .first_year = 2026,
                                  .last_year = 2026,
                                  .what = "depleted_by",
                                  .format = PC_LISTING_JSON};
    char *text = printed(print_listing, &options);

    (void)state;
    assert_string_equal(
        text, "{\"title\": \"试验\", \"baseline\": \"city\", \"base_year\": 2024, \"paths\": 1000, "
              "\"difference\": false, \"real\": false,\n\"rows\": [\n"
              "  {\"policy\": \"other\", \"scheme\": \"employee\", \"region\": \"a\", \"measure\": \"depleted_by\", "
              "\"statistic\": \"mean\", \"unit\": \"\", \"year\": 2026, \"value\": 0.02},\n"
              "  {\"policy\": \"other\", \"scheme\": \"employee\", \"region\": \"a\", \"measure\": \"depleted_by\", "
              "\"statistic\": \"se\", \"unit\": \"\", \"year\": 2026, \"value\": 0.004}\n]}\n");
    free(text);
}

static void tables_for_the_eye(void **state)
{
    pc_listing_options options = {.policy = "city",
                                  .scheme = "employee",
                                  .first_year = 2026,
                                  .last_year = 2026,
                                  .what = "depleted_by,balance,treasury_net"};
    char *text = printed(print_listing, &options);

    (void)state;
    has(text, "policy  scheme    region  year  depleted_by  balance, 100m yuan\n"
              "city    employee  Jia     2026   4.0 % ±0.4           45.0 ±2.0\n");
    has(text, "treasury_net var, 100m yuan");
    has(text, "\ncity    employee");
    free(text);
}

static void wrong_choices_name_the_nearest(void **state)
{
    static const struct {
        pc_listing_options options;
        const char *message;
    } cases[] = {
        {{.policy = "citi"}, "policy 'citi' is not in the file; did you mean 'city'?"},
        {{.scheme = "residents"}, "did you mean 'resident'?"},
        {{.region = "Wholes"}, "did you mean 'Whole'?"},
        {{.what = "balanc"}, "did you mean 'balance'?"},
        {{.what = ","}, "no name of a dataset"},
        {{.first_year = 2024, .last_year = 2024}, "allowed 2025 to 2050"},
        {{.first_year = 2030, .last_year = 2029}, "allowed 2025 to 2050"},
        {{.policy = "city", .difference = 1}, "nothing in the file fits"},
    };
    FILE *out = tmpfile();

    (void)state;
    assert_non_null(out);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pc_status status = {0};
        assert_int_equal(pc_report_listing(results, &cases[i].options, out, &status), PC_ERR_INPUT);
        has(status.message, cases[i].message);
    }
    assert_int_equal(ftell(out), 0);
    fclose(out);
}

static pc_code print_winners(FILE *out, const void *with, pc_status *status)
{
    return pc_report_winners(results, with, out, status);
}

/* Helps from 2028, differs by one standard error from 2035, and harms from 2040 on. */
static void winners_in_order(void **state)
{
    pc_winners_options options = {.policy = "other", .scheme = "employee", .format = PC_LISTING_CSV};
    double change[N_YEARS], error[N_YEARS];
    const pc_dimension *dims[1] = {year};
    pc_status status = {0};
    pc_view view;
    pc_turn turn;
    char *text;

    (void)state;
    for (int t = 0; t < N_YEARS; t++) {
        change[t] = t < 3 ? 0 : t < 10 ? -0.05 : t < 15 ? 0.001 : 0.05;
        error[t] = 0.001;
    }
    pc_results_put(results, "difference/other/employee", "member_weighted_depletion_by", PC_F64, 1, dims, change, "1",
                   "a chance");
    pc_results_put(results, "difference/other/employee", "member_weighted_depletion_by_se", PC_F64, 1, dims, error, "1",
                   "its error");
    put_event("policy/other/employee", "depleted_by_giving", 1, 0.001, 0.004);
    put_moment("policy/other/employee", "net_transfer_to_date", "yuan/person", 1000, 0, 20);
    assert_int_equal(pc_view_open(results, &view, &status), PC_OK);
    turn = pc_winners_turn(&view, "other", "employee");
    assert_int_equal(turn.helps_from, 2028);
    assert_int_equal(turn.stops, 2040);
    turn = pc_winners_turn(&view, "other", "resident");
    assert_int_equal(turn.helps_from, 0);
    assert_int_equal(turn.stops, 0);

    text = printed(print_winners, &options);
    assert_string_equal(text, "policy,scheme,region,year,measure,statistic,value\n"
                              "other,employee,a,2040,depleted_by_difference,value,-0.3\n"
                              "other,employee,a,2040,depleted_by_difference,se,0.003\n"
                              "other,employee,a,2040,reserve_months_difference,value,1\n"
                              "other,employee,a,2040,reserve_months_difference,se,0.05\n"
                              "other,employee,a,2040,net_transfer_to_date,value,1000\n"
                              "other,employee,a,2040,net_transfer_to_date,se,20\n"
                              "other,employee,a,2040,depleted_by_giving,value,0.015\n"
                              "other,employee,a,2040,depleted_by_giving,se,0.004\n"
                              "other,employee,b,2040,depleted_by_difference,value,-0.29\n"
                              "other,employee,b,2040,depleted_by_difference,se,0.003\n"
                              "other,employee,b,2040,reserve_months_difference,value,2\n"
                              "other,employee,b,2040,reserve_months_difference,se,0.05\n"
                              "other,employee,b,2040,net_transfer_to_date,value,1001\n"
                              "other,employee,b,2040,net_transfer_to_date,se,20\n"
                              "other,employee,b,2040,depleted_by_giving,value,0.025\n"
                              "other,employee,b,2040,depleted_by_giving,se,0.004\n"
                              "other,employee,,,helps_from,value,2028\n"
                              "other,employee,,,stops_helping,value,2040\n");
    free(text);
    options.format = PC_LISTING_TABLE;
    text = printed(print_winners, &options);
    has(text, "against city by 2040");
    has(text, "other, employee: Another, \"quoted\"\n");
    has(text, "  Jia                  -30.0 ±0.3      +1.00 ±0.05                       +1,000 ±20         1.5 % ±0.4\n"
              "  Yi ");
    lacks(text, "Whole");
    has(text, "  2 gain, 0 lose, 0 neither\n");
    has(text, "stops helping members: 2040 (helps from 2028)\n");
    free(text);
    /* 2025 itself: area a hasn't changed, area b by +0.01; the biggest loss is last */
    options.year = 2025;
    text = printed(print_winners, &options);
    assert_true(strstr(text, "  Jia") < strstr(text, "  Yi"));
    has(text, "  0 gain, 1 lose, 1 neither\n");
    free(text);
    options.format = PC_LISTING_JSON;
    text = printed(print_winners, &options);
    has(text, "{\"title\": \"试验\", \"baseline\": \"city\", \"base_year\": 2024, \"paths\": 1000,\n\"rows\": [\n");
    has(text, "\"measure\": \"net_transfer_to_date\", \"statistic\": \"value\", \"unit\": \"yuan/person\", \"year\": "
              "2025, \"value\": 1000}");
    free(text);
}

static void empty_set_is_refused(void **state)
{
    pc_results *empty = pc_results_new();
    pc_status status = {0};
    FILE *out = tmpfile();

    (void)state;
    assert_int_equal(pc_report_summary(empty, out, NULL, &status), PC_ERR_INPUT);
    has(status.message, "no policies, regions or years");
    fclose(out);
    pc_results_free(empty);
}

static void readings(void **state)
{
    pc_view view;
    pc_status status = {0};
    pc_reading r;

    (void)state;
    assert_int_equal(pc_view_open(results, &view, &status), PC_OK);
    r = pc_view_read(&view, "policy", "city", "employee", "depleted_by", 1, 2030);
    assert_float_equal(r.value, 0.04 * 5 + 0.01, 1e-12);
    assert_float_equal(r.error, 0.004, 0);
    r = pc_view_read(&view, "policy", "city", "employee", "reserve_months", 2, 2026);
    assert_float_equal(r.value, 6 - 0.5 + 2, 1e-12);
    assert_float_equal(r.error, 0.1, 0);
    r = pc_view_read(&view, "policy", "city", "employee", "no_such_thing", 2, 2026);
    assert_true(isnan(r.value) && isnan(r.error));
    assert_float_equal(
        pc_view_quantile(&view, pc_view_find(&view, "policy", "city", "employee", "balance_quantile"), 0.5, 1, 2027),
        1 * N_AREAS * N_YEARS + 1 * N_YEARS + 2, 0);
    assert_true(isnan(
        pc_view_quantile(&view, pc_view_find(&view, "policy", "city", "employee", "balance_quantile"), 0.4, 1, 2027)));
    assert_float_equal(pc_view_price_level(&view, 2026), 4, 0);
    assert_true(pc_view_is_region(&view, 1) && !pc_view_is_region(&view, 2) && !pc_view_is_region(&view, 3));
}

static void wrong_files_are_refused(void **state)
{
    static const char *const groups[] = {
        "people", "economy", "areas", "inputs/prices", "quality", "policy/city/employee", "policy/city/resident"};
    pc_results *file = pc_results_new();
    const char *const policies[] = {"city"};
    const pc_dimension *dim = pc_results_dimension(file, "policy", 1, PC_TEXT, policies, NULL, "policy");
    pc_status status = {0};

    (void)state;
    assert_int_equal(pc_view_check(file, &status), PC_ERR_INPUT);
    has(status.message, "no format version");
    pc_results_attribute_integer(file, "", "format_version", 1); /* the last one, with bounds in names */
    status = (pc_status){0};
    assert_int_equal(pc_view_check(file, &status), PC_ERR_INPUT);
    has(status.message, "format version 1, this program reads 2");
    pc_results_attribute_integer(file, "", "format_version", PC_FORMAT_VERSION);
    pc_results_dataset(file, "inputs/policies", "title", PC_TEXT, 1, &dim, NULL, "title");
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        pc_results_group(file, groups[g]);
    }
    status = (pc_status){0};
    assert_int_equal(pc_view_check(file, &status), PC_ERR_INPUT);
    assert_string_equal(status.message, "the file lacks group /policy/city/both");
    pc_results_group(file, "policy/city/both");
    status = (pc_status){0};
    assert_int_equal(pc_view_check(file, &status), PC_OK);
    pc_results_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures),
        cmocka_unit_test(tables_align_chinese),
        cmocka_unit_test(text_is_wrapped),
        cmocka_unit_test(summary_says_what_the_numbers_say),
        cmocka_unit_test(csv_has_every_digit),
        cmocka_unit_test(json_rows),
        cmocka_unit_test(tables_for_the_eye),
        cmocka_unit_test(wrong_choices_name_the_nearest),
        cmocka_unit_test(winners_in_order),
        cmocka_unit_test(empty_set_is_refused),
        cmocka_unit_test(readings),
        cmocka_unit_test(wrong_files_are_refused),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("report", tests, set_up, tear_down);
}
