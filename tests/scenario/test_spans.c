/* SPDX-License-Identifier: GPL-3.0-or-later */
/* KEY[FROM:TO]OP=VALUE: a series changed in some years. */
#include "small.h"

#include <math.h>

static const double *series(small *s, pc_scenario **sc, const char *const *sets, int n, const char *key)
{
    pc_status st;
    const double *x;

    if (small_read(s, sets, n, sc, &st)) {
        fail_msg("%s: %s", sets[0], st.message);
    }
    x = pc_scenario_series(*sc, key);
    assert_non_null(x);
    return x;
}

/* What each operation makes of the years, and that the others keep their bits. */
static void test_operations(void **state)
{
    static const struct {
        const char *set;
        int from, to; /* year indices */
        double factor, added;
    } cases[] = {{"wages.growth[+2:+3]=1 %", 2, 3, 0, 0.01},
                 {"wages.growth[+2:]+=-1 %", 2, 99, 1, -0.01},
                 {"wages.growth[+2]*=50 %", 2, 2, 0.5, 0},
                 {"wages.growth[+1:+2]*=0.5", 1, 2, 0.5, 0},
                 {"wages.growth[+2:+3]@0.25=1 %", 2, 3, 0.75, 0.0025},
                 {"wages.growth[+2:+3]@0.5+=1 %", 2, 3, 1, 0.005},
                 {"wages.growth[+2:+3]@2*=0.5", 2, 3, 0.25, 0},
                 {"wages.growth[+2:+3]@0*=0.5", 2, 3, 1, 0}};
    const char *whole[] = {"wages.growth={2020: 4 %, 2070: 9 %}", NULL};
    small s;

    (void)state;
    small_start(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pc_scenario *before = NULL, *after = NULL;
        const double *x = series(&s, &before, whole, 1, "wages.growth"), *y;
        whole[1] = cases[i].set;
        y = series(&s, &after, whole, 2, "wages.growth");
        for (int t = 0; t <= before->horizon; t++) {
            const int in = t >= cases[i].from && t <= cases[i].to;
            if (in ? fabs(y[t] - (x[t] * cases[i].factor + cases[i].added)) > 1e-15 : y[t] != x[t]) {
                fail_msg("%s: year %d: %.17g for %.17g", cases[i].set, t, y[t], x[t]);
            }
        }
        assert_int_equal(before->n_overrides + 1, after->n_overrides); /* it is kept with the inputs */
        pc_scenario_free(before);
        pc_scenario_free(after);
    }
    small_end(&s);
}

/* In the order given, by calendar year as by distance. */
static void test_order(void **state)
{
    char calendar[80];
    small s;
    pc_scenario *sc = NULL, *other = NULL;
    const char *sets[] = {"wages.growth=4 %", "wages.growth[+2:+4]+=1 %", "wages.growth[+2]*=2"};
    const double *x, *y;

    (void)state;
    small_start(&s);
    x = series(&s, &sc, sets, 3, "wages.growth");
    assert_true(fabs(x[2] - 0.1) < 1e-15 && fabs(x[3] - 0.05) < 1e-15 && x[1] == 0.04 && x[5] == 0.04);
    snprintf(calendar, sizeof calendar, "wages.growth[%d]*=2", sc->base_year + 2);
    sets[2] = calendar;
    y = series(&s, &other, sets, 3, "wages.growth");
    assert_memory_equal(x, y, ((size_t)sc->horizon + 1) * sizeof *x);
    pc_scenario_free(sc);
    pc_scenario_free(other);
    small_end(&s);
}

static void test_refused(void **state)
{
    small s;

    (void)state;
    small_start(&s);
    small_refuses(&s, "wages.growht[+2]=1 %", "wages.growth");
    small_refuses(&s, "wages.growth[+0]=1 %", "after the base year");
    small_refuses(&s, "wages.growth[1999:2030]=1 %", "after the base year");
    small_refuses(&s, "wages.growth[+3:+2]=1 %", "[2030:2035]");
    small_refuses(&s, "wages.growth[+2=1 %", "[2030:2035]");
    small_refuses(&s, "wages.growth[+2]-=1 %", "[2030:2035]");
    small_refuses(&s, "wages.growth[+2]=slow", "a number");
    small_refuses(&s, "wages.growth[+2]=90 %", "0.3");
    small_refuses(&s, "wages.growth[+2]+=90 %", "0.3");
    small_refuses(&s, "wages.sigma[+2]=1 %", "one value for all");
    small_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
