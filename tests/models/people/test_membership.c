/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../heads.h"
#include "people/fertility.h"
#include "people/heads.h"
#include "people/membership.h"
#include "people/population.h"
#include "world.h"

/* ---- retirement
 * ------------------------------------------------------------------------------------------------------ */

/* China's law as a table joined linearly, 2024 to 2039: 2025 is men 60.2, women 55.2 and 50 + 5/15. */
static void law(double ages[PC_RETIREMENT_CATEGORIES][16])
{
    for (int t = 0; t <= 15; t++) {
        ages[PC_MEN][t] = 60 + 3 * t / 15.0;
        ages[PC_WOMEN_CADRES][t] = 55 + 3 * t / 15.0;
        ages[PC_WOMEN_WORKERS][t] = 50 + 5 * t / 15.0;
    }
}

static void test_retired_part(void **state)
{
    (void)state;
    double ages[PC_RETIREMENT_CATEGORIES][16], rho[16][PC_SEXES][PC_AGES];
    int lo = PC_AGES, hi = 1;

    law(ages);
    pc_retired_part(15, &ages[0][0], 0.45, &rho[0][0][0]);
    /* Base year: whole ages, nothing in between but the cadres' share. */
    assert_true(rho[0][1][59] == 0 && rho[0][1][60] == 1);
    assert_true(rho[0][0][49] == 0 && fabs(rho[0][0][50] - 0.55) < 1e-15 && rho[0][0][55] == 1);
    /* 2025. */
    assert_true(rho[1][1][59] == 0 && fabs(rho[1][1][60] - 0.8) < 1e-13 && rho[1][1][61] == 1);
    assert_true(fabs(rho[1][0][50] - 0.55 * (2.0 / 3)) < 1e-13);
    assert_true(fabs(rho[1][0][52] - 0.55) < 1e-15);
    assert_true(fabs(rho[1][0][55] - (0.55 + 0.45 * 0.8)) < 1e-13);
    /* 2039: 63, 58, 55. */
    assert_true(rho[15][1][62] == 0 && rho[15][1][63] == 1);
    assert_true(rho[15][0][54] == 0 && fabs(rho[15][0][55] - 0.55) < 1e-15 && rho[15][0][58] == 1);
    for (int t = 0; t <= 15; t++) {
        for (int a = 63; a < PC_AGES; a++) {
            assert_true(rho[t][0][a] == 1 && rho[t][1][a] == 1);
        }
    }
    pc_retired_band(15, &rho[0][0][0], &lo, &hi);
    assert_int_equal(lo, 50);
    assert_int_equal(hi, 63);
}

static void test_pension_age_check(void **state)
{
    (void)state;
    double ages[PC_RETIREMENT_CATEGORIES][16];
    pc_status st = {0};

    law(ages);
    assert_int_equal(pc_pension_age_check(15, 2024, &ages[0][0], 45, &st), PC_OK);
    ages[PC_WOMEN_WORKERS][3] = 44;
    assert_int_equal(pc_pension_age_check(15, 2024, &ages[0][0], 45, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "women workers in 2027 = 44"));
    law(ages);
    ages[PC_MEN][5] += 1;
    st = (pc_status){0};
    assert_int_equal(pc_pension_age_check(15, 2024, &ages[0][0], 45, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "men in 2029 = 62"));
    law(ages);
    ages[PC_MEN][0] = NAN;
    assert_int_equal(pc_pension_age_check(15, 2024, &ages[0][0], 45, NULL), PC_ERR_INPUT);
    /* One year a year is allowed, also in steps that do not represent exactly. */
    for (int t = 0; t <= 15; t++) {
        ages[PC_MEN][t] = 60 + t * 0.1 * 10;
    }
    assert_int_equal(pc_pension_age_check(15, 2024, &ages[0][0], 45, NULL), PC_OK);
}

/* ---- calibration
 * ------------------------------------------------------------------------------------------------------ */

typedef struct town {
    double people[CELLS], rho[CELLS], profile[PC_AGES];
} town;

static town make_town(void)
{
    town x;
    double ages[PC_RETIREMENT_CATEGORIES][1] = {{60}, {55}, {50}}, rho[PC_SEXES][PC_AGES];

    pc_retired_part(0, &ages[0][0], 0.45, &rho[0][0]);
    memcpy(x.rho, rho, sizeof x.rho);
    for (int i = 0; i < CELLS; i++) {
        x.people[i] = 10000 * exp(-0.0003 * (i % PC_AGES) * (i % PC_AGES));
        x.profile[i % PC_AGES] = i % PC_AGES < 18 ? 0 : 0.8 * exp(-0.0005 * (i % PC_AGES - 40) * (i % PC_AGES - 40));
    }
    return x;
}

static void count(const town *x, const double *e, double *contributors, double *retirees)
{
    *contributors = *retirees = 0;
    for (int i = 0; i < CELLS; i++) {
        *contributors += x->people[i] * e[i % PC_AGES] * (1 - x->rho[i]);
        *retirees += x->people[i] * e[i % PC_AGES] * x->rho[i];
    }
}

/* Counts made from a known pair are found again, and the pair with them, also with the cap at work. */
static void test_calibration(void **state)
{
    (void)state;
    const town x = make_town();
    const double pairs[][2] = {{0.7, 0.5}, {0.3, 1.1}, {1.3, 0.4}, {0.9, 0.05}, {1.3, 1.3}, {0.01, 0.02}};

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        for (int lock = 45; lock <= 60; lock += 15) {
            double e[PC_AGES], c, r, c2, r2;
            pc_membership_fit fit;
            for (int a = 0; a < PC_AGES; a++) { /* the formula once more, by hand */
                double M = a < lock  ? pairs[i][0]
                           : a >= 60 ? pairs[i][1]
                                     : pairs[i][0] * (60 - a) / (60. - lock) + pairs[i][1] * (a - lock) / (60. - lock);
                e[a] = fmin(0.98, M * x.profile[a]);
            }
            count(&x, e, &c, &r);
            assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, lock, 0.98, c, r, &fit, NULL),
                             PC_OK);
            count(&x, fit.e, &c2, &r2);
            assert_true(fit.outside_contributors == 1 && fit.outside_retirees == 1);
            assert_true(fabs(c2 - c) <= 1e-12 * c && fabs(r2 - r) <= 1e-12 * r);
            assert_true(fabs(fit.lambda - pairs[i][0]) <= 1e-9 && fabs(fit.mu - pairs[i][1]) <= 1e-9);
        }
    }
}

static void test_calibration_outside(void **state)
{
    (void)state;
    const town x = make_town();
    pc_membership_fit fit;
    double e[PC_AGES], c, r, c2, r2;
    pc_status st = {0};

    /* More contributors than people of those ages under the cap. */
    pc_membership_profile(1e6, 1, x.profile, 45, 0.98, e);
    count(&x, e, &c, &r);
    assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, 45, 0.98, 1.2 * c, r, &fit, NULL), PC_OK);
    count(&x, fit.e, &c2, &r2);
    assert_true(fabs(fit.outside_contributors * c2 - 1.2 * c) <= 1e-10 * c);
    assert_true(fabs(r2 - r) <= 1e-10 * r && fit.outside_retirees == 1);
    assert_true(fit.outside_contributors > 1.19 && fit.outside_contributors < 1.21);

    /* More retirees than any mu gives: o only on them, contributors still exact. */
    pc_membership_profile(0.5, 1e9, x.profile, 60, 0.98, e);
    count(&x, e, &c, &r);
    assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, 60, 0.98, c, 1.5 * r, &fit, NULL), PC_OK);
    count(&x, fit.e, &c2, &r2);
    assert_true(fabs(c2 - c) <= 1e-10 * c && fit.outside_contributors == 1);
    assert_true(fabs(fit.outside_retirees * r2 - 1.5 * r) <= 1e-10 * r && fit.outside_retirees > 1.4);

    /* Too many retirees below 60 even at mu = 0: they set lambda. */
    pc_membership_profile(0.5, 0, x.profile, 45, 0.98, e);
    count(&x, e, &c, &r);
    assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, 45, 0.98, c, 0.5 * r, &fit, NULL), PC_OK);
    count(&x, fit.e, &c2, &r2);
    assert_true(fit.mu == 0 && fabs(r2 - 0.5 * r) <= 1e-10 * r);
    assert_true(fabs(fit.outside_contributors - 2) < 1e-9 && fit.outside_retirees == 1);

    /* Fewer contributors than the line from L to 60 alone has at the mu for so many retirees: lambda stays 0. */
    pc_membership_profile(0, 0.4, x.profile, 45, 0.98, e);
    count(&x, e, &c, &r);
    assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, 45, 0.98, c, 2 * r, &fit, NULL), PC_OK);
    count(&x, fit.e, &c2, &r2);
    assert_true(fit.lambda >= 0 && fit.lambda < 1e-9 && fabs(c2 - c) <= 1e-10 * c);
    assert_true(fabs(fit.outside_retirees * r2 - 2 * r) <= 1e-10 * r);

    assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, 45, 0.98, 0, 0, &fit, NULL), PC_OK);
    assert_true(fit.lambda == 0 && fit.mu == 0 && fit.e[40] == 0 && fit.outside_contributors == 1);
    assert_int_equal(pc_membership_calibrate("Benxi", x.people, x.rho, x.profile, 45, 0.98, 0, 10, &fit, &st),
                     PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "Benxi"));
    assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, 45, 0.98, -1, 10, &fit, NULL),
                     PC_ERR_INPUT);
    assert_int_equal(pc_membership_calibrate("x", x.people, x.rho, x.profile, 45, 0.98, 1, NAN, &fit, NULL),
                     PC_ERR_INPUT);
}

/* ---- later years
 * ------------------------------------------------------------------------------------------------------ */

static void test_table(void **state)
{
    (void)state;
    enum { T = 30 };
    static double start[2][PC_AGES], e[T + 1][2][PC_AGES];
    double trend[T + 1], vesting[T + 1];
    const char *names[] = {"east", "west"};
    pc_status st = {0};

    for (int t = 0; t <= T; t++) {
        trend[t] = 1 + 0.01 * t;
        vesting[t] = 0.9;
    }
    for (int a = 0; a < PC_AGES; a++) {
        start[0][a] = a < 18 ? 0 : 0.5;
        start[1][a] = a < 18 ? 0 : 0.3 + 0.004 * (a - 18);
    }
    assert_int_equal(pc_membership_table(T, 2, 2024, names, &start[0][0], 45, trend, vesting, &e[0][0][0], &st), PC_OK);
    assert_memory_equal(e[0], start, sizeof start);
    assert_true(fabs(e[10][1][30] - start[1][30] * 1.1) < 1e-15);  /* trend below 45 */
    assert_true(fabs(e[10][1][50] - start[1][44] * 1.04) < 1e-15); /* 44 in year 4, then kept */
    assert_true(fabs(e[10][1][58] - start[1][48]) < 1e-15);        /* kept from the base year */
    assert_true(fabs(e[10][1][65] - 0.9 * start[1][55]) < 1e-15);  /* vested at 60 on the way */
    assert_true(fabs(e[10][1][80] - start[1][70]) < 1e-15);
    assert_true(fabs(e[1][1][100] - start[1][99]) < 1e-15);
    assert_true(fabs(e[20][1][60] - 0.9 * start[1][44] * 1.04) < 1e-15);
    trend[7] = 2.5;
    assert_int_equal(pc_membership_table(T, 2, 2024, names, &start[0][0], 45, trend, vesting, &e[0][0][0], &st),
                     PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "east"));
    assert_non_null(strstr(st.message, "2031"));
}

static void test_h_cap(void **state)
{
    (void)state;
    world *w = world_new();
    double cap[YEARS + 1][REGIONS];

    pc_membership_h_cap(YEARS, REGIONS, w->rules[0].e, w->rules[0].rho, 1.1, &cap[0][0]);
    assert_true(cap[0][0] == 1.1);
    w->e[0][2][1][40] = 0.97;
    w->e[0][2][1][70] = 1; /* retired: does not count */
    w->e[0][3][2][30] = 0.5;
    pc_membership_h_cap(YEARS, REGIONS, w->rules[0].e, w->rules[0].rho, 1.1, &cap[0][0]);
    assert_true(fabs(cap[2][1] - 1 / 0.97) < 1e-15);
    assert_true(cap[3][2] == 1.1);
    pc_free(w);
}

/* ---- base year
 * ------------------------------------------------------------------------------------------------------- */

static void test_population_region(void **state)
{
    (void)state;
    world *w = world_new();
    const double *nation = w->population[0];
    double share[3] = {0}, out[CELLS], total = 0, got[3] = {0};
    pc_status st = {0};

    for (int i = 0; i < CELLS; i++) {
        const int a = i % PC_AGES;
        share[a < 15 ? 0 : a < 60 ? 1 : 2] += nation[i];
        total += nation[i];
    }
    for (int g = 0; g < 3; g++) {
        share[g] /= total;
    }
    assert_int_equal(pc_population_region("r", nation, total, share, out, &st), PC_OK);
    for (int i = 0; i < CELLS; i++) {
        assert_true(fabs(out[i] - nation[i]) <= 1e-13 * nation[i]);
    }
    const double other[3] = {0.1, 0.6, 0.3};
    assert_int_equal(pc_population_region("r", nation, 5000, other, out, &st), PC_OK);
    for (int i = 0; i < CELLS; i++) {
        const int a = i % PC_AGES;
        got[a < 15 ? 0 : a < 60 ? 1 : 2] += out[i];
    }
    for (int g = 0; g < 3; g++) {
        assert_true(fabs(got[g] - 5000 * other[g]) < 1e-9);
    }
    assert_true(fabs(out[30] / out[31] - nation[30] / nation[31]) < 1e-12);
    const double bad[3] = {0.1, 0.6, 0.4};
    assert_int_equal(pc_population_region("Fuxin", nation, 5000, bad, out, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "Fuxin"));
    pc_free(w);
}

static void test_fertility_factor(void **state)
{
    (void)state;
    world *w = world_new();
    double mothers = 0;

    for (int a = 15; a < 50; a++) {
        mothers += w->f[a] * w->population[1][a];
    }
    assert_true(fabs(pc_fertility_factor(1.3 * 0.95 * mothers, 0.95, w->f, w->population[1]) - 1.3) < 1e-13);
    assert_true(isnan(pc_fertility_factor(10, 0, w->f, w->population[1])));
    pc_free(w);
}

/* Heads: every parameter's default lies in its range, keys are unique, texts are there. */
static void near(double got, double want)
{
    assert_true(fabs(got - want) <= 1e-13 * fabs(want));
}

/* Retirees grow beyond the cohorts: every sum of theirs by exp(g years), no further than all their people, nothing
 * else. */
static void test_retirees(void **state)
{
    enum { SUMS = PC_SUM_COMMON + PC_RULE_SUMS, N_REGIONS = 2 };
    static double sums[3][SUMS][N_REGIONS][PC_LANES], eps[PC_LANES], employment[PC_LANES], own[N_REGIONS][PC_LANES];
    static double e[3][N_REGIONS][PC_AGES], rho[3][PC_SEXES][PC_AGES], cap[3 * N_REGIONS];
    const double years[3] = {0, 1, 1.5};
    const pc_membership_rule rule = {.retired_cap = cap};
    const pc_people people = {.n_regions = N_REGIONS,
                              .n_years = 2,
                              .n_rules = 1,
                              .rules = &rule,
                              .retirees_trend = 0.005,
                              .retirees_se = 0.02,
                              .retirees_correlation = 0.6,
                              .retirees_region_se = 0.01,
                              .retirees_years = years};

    (void)state;
    for (int i = 0; i < 3 * N_REGIONS; i++) {
        e[i / N_REGIONS][i % N_REGIONS][70] = i % N_REGIONS ? 0.98 : 0.5;
    }
    for (int i = 0; i < 3 * PC_SEXES; i++) {
        rho[i / PC_SEXES][i % PC_SEXES][70] = i % PC_SEXES ? 0.8 : 0.4;
    }
    pc_membership_retired_cap(2, N_REGIONS, &e[0][0][0], &rho[0][0][0], cap);
    near(cap[2], 1 / 0.4);
    near(cap[3], 1 / (0.98 * 0.8));
    for (double *x = &sums[0][0][0][0]; x < &sums[0][0][0][0] + sizeof sums / sizeof *x; x++) {
        *x = 100;
    }
    eps[0] = 1;
    employment[0] = -0.5;
    own[0][0] = -3;
    eps[1] = 10;
    own[1][1] = 20;
    pc_membership_retirees(&people, &(pc_retirees_draw){eps, employment, &own[0][0]}, 1, people.n_years,
                           &sums[0][0][0][0]);
    for (int t = 0; t < 3; t++) {
        for (int j = 0; j < SUMS; j++) {
            const int rule_sum = j - PC_SUM_COMMON, retired = rule_sum == PC_RULE_RETIREES ||
                                                              rule_sum == PC_RULE_RETIREE_COST ||
                                                              rule_sum == PC_RULE_RETIREE_RCOST;
            const double on = retired ? years[t] : 0;
            near(sums[t][j][0][0], 100 * exp((0.005 + 0.02 * (0.6 * -0.5 + 0.8) - 0.03) * on));
            near(sums[t][j][1][0], 100 * exp((0.005 + 0.02 * (0.6 * -0.5 + 0.8)) * on));
            near(sums[t][j][0][1], 100 * exp((0.005 + 0.16) * on));
            near(sums[t][j][1][1], 100 * (on > 0 ? 1 / (0.98 * 0.8) : 1));
            near(sums[t][j][0][2], 100 * exp(0.005 * on));
        }
    }
}

static void test_heads(void **state)
{
    const pc_head *const heads[] = {&pc_head_mortality, &pc_head_fertility, &pc_head_migration, &pc_head_membership};

    (void)state;
    assert_heads(heads, NULL, 4, "people");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retired_part),
        cmocka_unit_test(test_pension_age_check),
        cmocka_unit_test(test_calibration),
        cmocka_unit_test(test_calibration_outside),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_h_cap),
        cmocka_unit_test(test_population_region),
        cmocka_unit_test(test_fertility_factor),
        cmocka_unit_test(test_retirees),
        cmocka_unit_test(test_heads),
    };
    return cmocka_run_group_tests_name("membership", tests, NULL, NULL);
}
