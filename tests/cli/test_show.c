/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show: winners, CSV and JSON. */
#include "cli.h"

#include <ctype.h>

/* A JSON value from `p` on; the first byte after it, NULL when it is none. */
static const char *json(const char *p)
{
    p += strspn(p, " \n\t");
    if (*p == '"') {
        for (p++; *p && *p != '"'; p++) {
            if (*p == '\\' && p[1]) {
                p++;
            } else if ((unsigned char)*p < 0x20) {
                return NULL;
            }
        }
        return *p ? p + 1 : NULL;
    }
    if (*p == '{' || *p == '[') {
        char close = *p == '{' ? '}' : ']';
        p += 1 + strspn(p + 1, " \n\t");
        if (*p == close) {
            return p + 1;
        }
        for (;;) {
            if (close == '}') {
                p += strspn(p, " \n\t");
                if (*p != '"' || !(p = json(p)) || *(p += strspn(p, " \n\t")) != ':') {
                    return NULL;
                }
                p++;
            }
            p = json(p);
            if (!p) {
                return NULL;
            }
            p += strspn(p, " \n\t");
            if (*p == close) {
                return p + 1;
            }
            if (*p++ != ',') {
                return NULL;
            }
        }
    }
    if (strncmp(p, "null", 4) == 0 || strncmp(p, "true", 4) == 0) {
        return p + 4;
    }
    if (strncmp(p, "false", 5) == 0) {
        return p + 5;
    }
    if (*p == '-' || isdigit((unsigned char)*p)) {
        char *end;
        strtod(p, &end);
        return end;
    }
    return NULL;
}

static void show_names_winners(void **state)
{
    double last = -2;
    size_t regions = 0;
    char *line, *rest;

    (void)state;
    succeeds(poolcast("show one.h5 --winners"));
    has(out_text, "Who gains and who loses against city by 2040");
    has(out_text, "unified, employee");
    has(out_text, "year in which it stops helping members: ");
    succeeds(poolcast("show one.h5 --winners --json --year 2030"));
    assert_string_equal(json(out_text), "\n");
    succeeds(poolcast("show one.h5 --winners --csv --policy unified --scheme employee --year 2035"));
    assert_int_equal(lines_of(out_text), 1 + 3 * 4 * 2 + 2);
    for (line = strtok_r(out_text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        static const char value[] = ",2035,depleted_by_difference,value,";
        const char *at = strstr(line, value);
        if (at) {
            double change = strtod(at + sizeof value - 1, NULL);
            assert_true(change >= last);
            last = change;
            regions++;
        }
    }
    assert_int_equal(regions, 3);
    succeeds(poolcast("run '%s' -q --paths 0 -o zero.h5", SMOKE));
    assert_int_equal(poolcast("show zero.h5 --winners"), 2);
    has(err_text, "central path only");
    succeeds(poolcast("run '%s' -q --paths 20 --policies city -o alone.h5", SMOKE));
    assert_int_equal(poolcast("show alone.h5 --winners"), 2);
    has(err_text, "no policy besides its baseline");
}

static void show_writes_csv_and_json(void **state)
{
    size_t lines = 0;
    const char *end;

    (void)state;
    succeeds(poolcast("show one.h5 --csv --policy city --scheme employee --region R1 --what balance,depleted_by"));
    for (const char *p = out_text; *p; p++) {
        lines += *p == '\n';
    }
    assert_int_equal(lines, 1 + 20 * 4 + 20 * 2); /* header, four statistics, a chance and its error */
    succeeds(poolcast("show one.h5 --json --year 2030"));
    end = json(out_text);
    assert_non_null(end);
    assert_string_equal(end, "\n");
    succeeds(poolcast("show one.h5 --what list"));
    has(out_text, "reserve_months");
    succeeds(poolcast("show one.h5 --region 甲市 --years 2030-2031 --real"));
    has(out_text, "base year");
    succeeds(poolcast("show one.h5 --difference --year 2040 --what depleted_by"));
    has(out_text, "difference to city");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(show_names_winners),
        cmocka_unit_test(show_writes_csv_and_json),
    };

    return cmocka_run_group_tests_name("cli.show", tests, cli_start_with_results, cli_end);
}
