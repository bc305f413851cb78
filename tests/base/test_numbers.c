/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/numbers.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_parse(const char *text, int kind, double value, const char *rest)
{
    const char *end;
    double x = -12345.0;

    assert_int_equal(pc_parse_double(text, &end, &x), kind);
    assert_string_equal(end, rest);
    if (kind == PC_NUMBER_NAN) {
        assert_true(isnan(x));
    } else {
        assert_true(x == (kind == PC_NUMBER_NONE ? -12345.0 : value));
        assert_int_equal(signbit(x), signbit(kind == PC_NUMBER_NONE ? -12345.0 : value));
    }
}

static void test_parse(void **unused)
{
    (void)unused;
    check_parse("0.1", PC_NUMBER_OK, 0.1, "");
    check_parse("-3.5%", PC_NUMBER_OK, -3.5, "%");
    check_parse("+7 yuan", PC_NUMBER_OK, 7.0, " yuan");
    check_parse("1.5e3x", PC_NUMBER_OK, 1500.0, "x");
    check_parse("1e", PC_NUMBER_OK, 1.0, "e");
    check_parse("1e+", PC_NUMBER_OK, 1.0, "e+");
    check_parse("2E-2", PC_NUMBER_OK, 0.02, "");
    check_parse(".5", PC_NUMBER_OK, 0.5, "");
    check_parse("5.", PC_NUMBER_OK, 5.0, "");
    check_parse("-0", PC_NUMBER_OK, -0.0, "");
    check_parse("1,5", PC_NUMBER_OK, 1.0, ",5");
    check_parse("0x10", PC_NUMBER_OK, 0.0, "x10");
    check_parse("-0X1p3", PC_NUMBER_OK, -0.0, "X1p3");
    check_parse("00x1", PC_NUMBER_OK, 0.0, "x1");
    check_parse("1e-400", PC_NUMBER_OK, 0.0, "");
    check_parse("4.9406564584124654e-324", PC_NUMBER_OK, 0x1p-1074, "");
    check_parse("1e400", PC_NUMBER_RANGE, INFINITY, "");
    check_parse("-1e400", PC_NUMBER_RANGE, -INFINITY, "");
    check_parse("nan", PC_NUMBER_NAN, NAN, "");
    check_parse("NaN,", PC_NUMBER_NAN, NAN, ",");
    check_parse("nanning", PC_NUMBER_NONE, 0, "nanning");
    check_parse("-nan", PC_NUMBER_NONE, 0, "-nan");
    check_parse("inf", PC_NUMBER_NONE, 0, "inf");
    check_parse("-infinity", PC_NUMBER_NONE, 0, "-infinity");
    check_parse("", PC_NUMBER_NONE, 0, "");
    check_parse("-", PC_NUMBER_NONE, 0, "-");
    check_parse(".", PC_NUMBER_NONE, 0, ".");
    check_parse("e5", PC_NUMBER_NONE, 0, "e5");
    check_parse(" 1", PC_NUMBER_NONE, 0, " 1");
    check_parse("+-1", PC_NUMBER_NONE, 0, "+-1");
}

static void check_format(double x, const char *want)
{
    char buf[PC_NUMBER_SIZE];

    assert_int_equal(pc_format_double(buf, sizeof buf, x), (int)strlen(want));
    assert_string_equal(buf, want);
}

static void test_format(void **unused)
{
    char buf[PC_NUMBER_SIZE];
    uint64_t state = 42;

    (void)unused;
    check_format(0.0, "0");
    check_format(-0.0, "-0");
    check_format(0.1, "0.1");
    check_format(0.1 + 0.2, "0.30000000000000004");
    check_format(1.0 / 3.0, "0.3333333333333333");
    check_format(1e300, "1e+300");
    check_format(-2.5e-7, "-2.5e-07");
    check_format(NAN, "nan");
    check_format(-INFINITY, "-inf");
    for (int i = 0; i < 100000; i++) {
        double x, back;
        const char *end;

        state = state * 6364136223846793005u + 1442695040888963407u;
        memcpy(&x, &state, sizeof x);
        if (isfinite(x)) {
            assert_true(pc_format_double(buf, sizeof buf, x) > 0);
            assert_int_equal(pc_parse_double(buf, &end, &back), PC_NUMBER_OK);
            assert_true(back == x && *end == '\0');
        }
    }
    assert_int_equal(pc_format_double(buf, 4, 0.25), -1);
    assert_int_equal(pc_format_double(buf, 5, 0.25), 4);
}

static void check_grouped(double x, int decimals, const char *want)
{
    char buf[64];

    assert_int_equal(pc_format_grouped(buf, sizeof buf, x, decimals), (int)strlen(want));
    assert_string_equal(buf, want);
}

static void test_grouped(void **unused)
{
    char buf[64];

    (void)unused;
    check_grouped(0.0, 0, "0");
    check_grouped(999.0, 0, "999");
    check_grouped(1000.0, 0, "1,000");
    check_grouped(-1234567.25, 1, "-1,234,567.2");
    check_grouped(-999.999, 2, "-1,000.00");
    check_grouped(123456.0, 2, "123,456.00");
    check_grouped(-0.004, 2, "0.00");
    check_grouped(-0.4, 0, "0");
    check_grouped(-0.006, 2, "-0.01");
    check_grouped(INFINITY, 2, "inf");
    assert_int_equal(pc_format_grouped(buf, 9, 1234567.0, 0), -1);
    assert_int_equal(pc_format_grouped(buf, 10, 1234567.0, 0), 9);
    assert_int_equal(pc_format_grouped(buf, sizeof buf, 1e300, 0), -1);
}

/* A program may have set a locale with a decimal comma; the functions must not notice, and must put it back. */
static void test_locale(void **unused)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    char buf[PC_NUMBER_SIZE];
    double x;

    (void)unused;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (setlocale(LC_NUMERIC, names[i])) {
            assert_int_equal(pc_parse_double("1.5", NULL, &x), PC_NUMBER_OK);
            assert_true(x == 1.5);
            assert_int_equal(pc_format_double(buf, sizeof buf, 2.25), 4);
            assert_string_equal(buf, "2.25");
            assert_string_equal(localeconv()->decimal_point, ",");
            setlocale(LC_NUMERIC, "C");
            return;
        }
    }
    skip();
}

static void test_nearest(void **unused)
{
    static const char *const names[] = {"horizon", "base_year", "paths", NULL, "seed", "policies", "统筹", "levy"};
    const size_t n = sizeof names / sizeof *names;
    char longest[200];

    (void)unused;
    assert_ptr_equal(pc_nearest_name("horizn", names, n), names[0]);
    assert_ptr_equal(pc_nearest_name("base_yaer", names, n), names[1]);
    assert_ptr_equal(pc_nearest_name("Paths", names, n), names[2]);
    assert_ptr_equal(pc_nearest_name("sede", names, n), names[4]);
    assert_ptr_equal(pc_nearest_name("policy", names, n - 2), NULL);
    assert_ptr_equal(pc_nearest_name("polices", names, n), names[5]);
    assert_ptr_equal(pc_nearest_name("统筹", names, n), names[6]);
    assert_null(pc_nearest_name("quantiles", names, n));
    assert_null(pc_nearest_name("", names, n));
    assert_null(pc_nearest_name("x", names, n));
    assert_null(pc_nearest_name("seed", names, 0));
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(pc_nearest_name(longest, names, n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),  cmocka_unit_test(test_format),  cmocka_unit_test(test_grouped),
        cmocka_unit_test(test_locale), cmocka_unit_test(test_nearest),
    };

    return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
