/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that uses the library may have set a locale with decimal commas: the same scenario, the same numbers. And
 * the smallest numbers there are. The locale is made here where it is not installed (Debian's `locales`). */
#include "../integration/scenario_text.h"

#include <locale.h>
#include <unistd.h>

static int set_comma(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};

    for (int made = 0; made < 2; made++) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (setlocale(LC_ALL, names[i]) && strcmp(localeconv()->decimal_point, ",") == 0) {
                return 1;
            }
        }
        if (made || system("localedef -i de_DE -f UTF-8 ./de_DE.UTF-8 >/dev/null 2>&1") == 127) {
            break;
        }
        setenv("LOCPATH", ".", 1);
    }
    setlocale(LC_ALL, "C");
    return 0;
}

static void run_smoke(sim *s, const char *sigma)
{
    sim_folder(s, "smoke");
    sim_set(s, "paths=300");
    sim_set(s, "horizon=5");
    sim_set(s, sigma);
    sim_run(s);
}

static void decimal_commas(void **state)
{
    char why[512];
    sim point, comma;

    (void)state;
    if (!set_comma()) {
        skip();
    }
    assert_string_equal(localeconv()->decimal_point, ",");
    run_smoke(&comma, "wages.sigma=1.5%");
    assert_string_equal(localeconv()->decimal_point, ","); /* and it is left as it was */
    setlocale(LC_ALL, "C");
    run_smoke(&point, "wages.sigma=1.5%");
    if (!pc_results_same(point.results, comma.results, why, sizeof why)) {
        fail_msg("%s", why);
    }
    sim_end(&point);
    sim_end(&comma);
}

/* A number with a comma is no number in any locale, and says so. */
static void commas_are_refused(void **state)
{
    const int has_comma = set_comma();
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "wages.sigma=0,015");
    assert_int_equal(sim_try_plan(&s), PC_ERR_INPUT);
    assert_non_null(strstr(s.status.message, "0,015"));
    setlocale(LC_ALL, "C");
    sim_end(&s);
    if (!has_comma) {
        skip();
    }
}

/* The smallest numbers above 0 and those that round to 0 are numbers: finite results, those of 0 itself. */
static void denormals(void **state)
{
    static const char *const tiny[] = {"wages.sigma=4.9e-324", "wages.sigma=1e-310", "wages.sigma=1e-400",
                                       "wages.sigma=2.2250738585072011e-308"};
    sim zero, s;

    (void)state;
    run_smoke(&zero, "wages.sigma=0");
    for (size_t i = 0; i < sizeof tiny / sizeof *tiny; i++) {
        run_smoke(&s, tiny[i]);
        assert_same_group(zero.results, "policy/city/employee", s.results, "policy/city/employee");
        sim_end(&s);
    }
    sim_end(&zero);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(decimal_commas), cmocka_unit_test(commas_are_refused),
                                       cmocka_unit_test(denormals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
