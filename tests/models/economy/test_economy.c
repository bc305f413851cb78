/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The economy against closed forms. Seeds are fixed; statistical bounds are 5 standard errors, so that a right program
 * with another seed would fail one of them with a chance below 1e-6 each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "../heads.h"
#include "base/math.h"
#include "base/memory.h"
#include "economy/economy.h"
#include "economy/heads.h"
#include "random/streams.h"

_Static_assert((int)PC_ROW_EMPLOYMENT == (int)PC_DRAW_EMPLOYMENT && (int)PC_ROW_WAGE == (int)PC_DRAW_WAGE &&
                   (int)PC_ROW_COST == (int)PC_DRAW_COST && (int)PC_ROW_RETURN == (int)PC_DRAW_RETURN &&
                   (int)PC_PROVINCE_ROWS == (int)PC_PROVINCE_NORMALS,
               "rows of the province are its draws");
_Static_assert((int)PC_ROW_REGION_EMPLOYMENT == (int)PC_DRAW_REGION_EMPLOYMENT &&
                   (int)PC_ROW_REGION_WAGE == (int)PC_DRAW_REGION_WAGE &&
                   (int)PC_ROW_REGION_COST + PC_EMPLOYEE == (int)PC_DRAW_REGION_COST_EMPLOYEE &&
                   (int)PC_ROW_REGION_COST + PC_RESIDENT == (int)PC_DRAW_REGION_COST_RESIDENT &&
                   (int)PC_ROW_CLAIMS + PC_EMPLOYEE == (int)PC_DRAW_CLAIMS_EMPLOYEE &&
                   (int)PC_ROW_CLAIMS + PC_RESIDENT == (int)PC_DRAW_CLAIMS_RESIDENT &&
                   (int)PC_REGION_ROWS == (int)PC_REGION_DRAWS,
               "rows of a region are its draws");

enum { YEARS = 12, REGIONS = 3 };

static uint64_t random_state;

static double uniform(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static void normals(double *rows, size_t n_rows)
{
    for (size_t i = 0; i < n_rows * PC_LANES; i++) {
        rows[i] = uniform();
    }
    pc_norm_inv_rows(rows, rows, n_rows * PC_LANES);
}

static double province[PC_PROVINCE_ROWS * PC_LANES] __attribute__((aligned(64)));
static double region[PC_REGION_ROWS * REGIONS * PC_LANES] __attribute__((aligned(64)));
static double wage_growth[YEARS + 1], return_mean[YEARS + 1], excess[PC_SCHEMES][YEARS + 1];
static const double wage_start[REGIONS] = {90000, 60000, 120000};

static pc_economy example(void)
{
    pc_economy e = {0};

    for (int t = 0; t <= YEARS; t++) {
        wage_growth[t] = 0.05 - 0.001 * t;
        return_mean[t] = 0.02 + 0.001 * t;
        excess[PC_EMPLOYEE][t] = pc_cost_excess(0.013, 0.003, 0.93, t);
        excess[PC_RESIDENT][t] = pc_cost_excess(-0.01, 0.002, 0.8, t);
    }
    e.n_regions = REGIONS;
    e.n_years = YEARS;
    e.employment = (pc_ar1){0.8, 0.01, 0.02};
    e.employment_region = (pc_ar1){0.7, 0.005, 0};
    e.wage_growth = wage_growth;
    e.wage = (pc_ar1){0.6, 0.016, -0.03};
    e.wage_region = (pc_ar1){0.5, 0.01, 0};
    e.wage_start = wage_start;
    e.elasticity[PC_EMPLOYEE] = 1;
    e.elasticity[PC_RESIDENT] = 0.8;
    e.excess[PC_EMPLOYEE] = excess[PC_EMPLOYEE];
    e.excess[PC_RESIDENT] = excess[PC_RESIDENT];
    e.cost = (pc_ar1){0.4, 0.025, 0.01};
    e.cost_region[PC_EMPLOYEE] = (pc_ar1){0.5, 0.015, 0};
    e.cost_region[PC_RESIDENT] = (pc_ar1){0.3, 0.02, 0};
    e.income_gap = 0.004;
    e.return_mean = return_mean;
    e.return_ar = (pc_ar1){0.8, 0.004, 0.005};
    e.return_floor = 0;
    return e;
}

static void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want))) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

static void test_base_year(void **state)
{
    const pc_economy e = example();
    void *memory = pc_calloc(1, pc_economy_state_bytes(&e));
    pc_weather w;

    (void)state;
    pc_economy_start(&e, memory, &w);
    assert_int_equal(w.year, 0);
    for (int r = 0; r < REGIONS; r++) {
        for (int lane = 0; lane < PC_LANES; lane += 51) {
            assert_true(w.wage[r * PC_LANES + lane] == wage_start[r]);
            assert_true(w.employment[r * PC_LANES + lane] == 1);
            assert_true(w.income[r * PC_LANES + lane] == 1);
            assert_true(w.cost[PC_EMPLOYEE][r * PC_LANES + lane] == 1);
            assert_true(w.cost[PC_RESIDENT][r * PC_LANES + lane] == 1);
        }
    }
    assert_true(w.discount[7] == 1);
    assert_close(w.interest[7], 0.025, 1e-15);
    assert_null(w.shock_revenue[PC_EMPLOYEE]);
    assert_null(w.claims_eps[PC_RESIDENT]);
    pc_free(memory);
}

/* All drivers zero: the starts fade at phi^t, everything else is a product. */
static void test_central_path(void **state)
{
    const pc_economy e = example();
    const pc_year_drivers none = {0}, zeros = {province, region, NULL, NULL};
    void *memory = pc_calloc(1, pc_economy_state_bytes(&e)), *again = pc_calloc(1, pc_economy_state_bytes(&e));
    pc_weather w, v;
    double gamma_sum = 0, x_sum = 0, discount = 1;

    (void)state;
    memset(province, 0, sizeof province);
    memset(region, 0, sizeof region);
    pc_economy_start(&e, memory, &w);
    pc_economy_start(&e, again, &v);
    for (int t = 1; t <= YEARS; t++) {
        const double rate = return_mean[t] + 0.005 * pow(0.8, t);
        double xi = t * 0.003 + 0.01 * (1 - pow(0.93, t)) / (1 - 0.93);
        double xi_resident = t * 0.002 - 0.012 * (1 - pow(0.8, t)) / (1 - 0.8);

        pc_economy_step(&e, t, &none, memory, &w);
        pc_economy_step(&e, t, &zeros, again, &v);
        gamma_sum += wage_growth[t] - 0.03 * pow(0.6, t);
        x_sum += 0.01 * pow(0.4, t);
        discount *= 1 + rate;
        assert_int_equal(w.year, t);
        assert_close(w.employment[PC_LANES + 5], exp(0.02 * pow(0.8, t)), 1e-14);
        assert_close(w.wage[5], 90000 * exp(gamma_sum), 1e-13);
        assert_close(w.wage[2 * PC_LANES + 255], 120000 * exp(gamma_sum), 1e-13);
        assert_close(w.income[5], exp(gamma_sum - 0.004 * t), 1e-13);
        assert_close(w.cost[PC_EMPLOYEE][5], exp(gamma_sum + xi + x_sum), 1e-13);
        assert_close(w.cost[PC_RESIDENT][5], exp(0.8 * gamma_sum + xi_resident + x_sum), 1e-13);
        assert_close(w.interest[0], rate, 1e-14);
        assert_close(w.discount[0], discount, 1e-14);
        assert_null(w.claims_eps[PC_EMPLOYEE]);
        assert_ptr_equal(v.claims_eps[PC_RESIDENT], region + (size_t)PC_DRAW_CLAIMS_RESIDENT * REGIONS * PC_LANES);
        assert_memory_equal(w.wage, v.wage, REGIONS * PC_LANES * sizeof(double));
        assert_memory_equal(w.cost[PC_RESIDENT], v.cost[PC_RESIDENT], REGIONS * PC_LANES * sizeof(double));
    }
    pc_free(memory);
    pc_free(again);
}

/* One path recomputed with the formulas of the model, one number at a time; checks which row drives what. */
static void test_against_plain_path(void **state)
{
    pc_economy e = example();
    const pc_year_drivers drivers = {province, region, NULL, NULL};
    const int r = 2, lane = 77;
    void *memory = pc_calloc(1, pc_economy_state_bytes(&e));
    double xh = 0.02, yh = 0, xw = -0.03, yw = 0, xc = 0.01, yc[PC_SCHEMES] = {0, 0}, xi = 0.005;
    double wage = wage_start[r], income = 1, cost[PC_SCHEMES] = {1, 1}, discount = 1;
    int floored = 0;
    pc_weather w;

    (void)state;
    e.return_floor = 0.02; /* bites now and then */
    random_state = 11;
    pc_economy_start(&e, memory, &w);
    for (int t = 1; t <= YEARS; t++) {
        double gamma, rate;

        normals(province, PC_PROVINCE_ROWS);
        normals(region, PC_REGION_ROWS * REGIONS);
        pc_economy_step(&e, t, &drivers, memory, &w);
#define P(draw) province[(draw)*PC_LANES + lane]
#define R(draw) region[((draw)*REGIONS + r) * PC_LANES + lane]
        xh = 0.8 * xh + 0.01 * P(PC_DRAW_EMPLOYMENT);
        yh = 0.7 * yh + 0.005 * R(PC_DRAW_REGION_EMPLOYMENT);
        xw = 0.6 * xw + 0.016 * P(PC_DRAW_WAGE);
        yw = 0.5 * yw + 0.01 * R(PC_DRAW_REGION_WAGE);
        xc = 0.4 * xc + 0.025 * P(PC_DRAW_COST);
        yc[0] = 0.5 * yc[0] + 0.015 * R(PC_DRAW_REGION_COST_EMPLOYEE);
        yc[1] = 0.3 * yc[1] + 0.02 * R(PC_DRAW_REGION_COST_RESIDENT);
        xi = 0.8 * xi + 0.004 * P(PC_DRAW_RETURN);
        gamma = wage_growth[t] + xw + yw;
        wage *= exp(gamma);
        income *= exp(gamma - 0.004);
        cost[0] *= exp(gamma + excess[0][t] + xc + yc[0]);
        cost[1] *= exp(0.8 * gamma + excess[1][t] + xc + yc[1]);
        rate = return_mean[t] + xi;
        floored += rate < 0.02;
        rate = fmax(0.02, rate);
        discount *= 1 + rate;
        assert_close(w.employment[r * PC_LANES + lane], exp(xh + yh), 1e-13);
        assert_close(w.wage_growth[r * PC_LANES + lane], gamma, 1e-13);
        assert_close(w.wage[r * PC_LANES + lane], wage, 1e-13);
        assert_close(w.income[r * PC_LANES + lane], income, 1e-13);
        assert_close(w.cost[0][r * PC_LANES + lane], cost[0], 1e-13);
        assert_close(w.cost[1][r * PC_LANES + lane], cost[1], 1e-13);
        assert_close(w.interest[lane], rate, 1e-13);
        assert_close(w.discount[lane], discount, 1e-13);
        assert_true(w.claims_eps[PC_RESIDENT][r * PC_LANES + lane] == R(PC_DRAW_CLAIMS_RESIDENT));
#undef P
#undef R
    }
    assert_in_range(floored, 1, YEARS - 1);
    pc_free(memory);
}

/* Mean and variance of wage growth at t, and its covariance between regions. */
static void test_ar1_moments(void **state)
{
    const pc_economy e = example();
    const pc_year_drivers drivers = {province, region, NULL, NULL};
    enum { LEAVES = 150, T = 6 };
    const double n = (double)LEAVES * PC_LANES;
    void *memory = pc_calloc(1, pc_economy_state_bytes(&e));
    double sum[T + 1] = {0}, square[T + 1] = {0}, cross[T + 1] = {0};
    pc_weather w;

    (void)state;
    random_state = 5;
    for (int leaf = 0; leaf < LEAVES; leaf++) {
        pc_economy_start(&e, memory, &w);
        for (int t = 1; t <= T; t++) {
            const double mean = wage_growth[t] - 0.03 * pow(0.6, t);

            normals(province, PC_PROVINCE_ROWS);
            normals(region, PC_REGION_ROWS * REGIONS);
            pc_economy_step(&e, t, &drivers, memory, &w);
            for (int lane = 0; lane < PC_LANES; lane++) {
                const double d = w.wage_growth[lane] - mean;

                sum[t] += d;
                square[t] += d * d;
                cross[t] += d * (w.wage_growth[PC_LANES + lane] - mean);
            }
        }
    }
    for (int t = 1; t <= T; t++) {
        const double vx = 0.016 * 0.016 * (1 - pow(0.6, 2 * t)) / (1 - 0.36);
        const double vy = 0.01 * 0.01 * (1 - pow(0.5, 2 * t)) / (1 - 0.25);

        assert_true(fabs(sum[t] / n) < 5 * sqrt((vx + vy) / n));
        assert_true(fabs(square[t] / n - (vx + vy)) < 5 * (vx + vy) * sqrt(2 / n));
        assert_true(fabs(cross[t] / n - vx) < 5 * sqrt((vx * vx + (vx + vy) * (vx + vy)) / n));
    }
    pc_free(memory);
}

static void test_excess_decays(void **state)
{
    (void)state;
    assert_true(pc_cost_excess(0.013, 0.003, 0.93, 0) == 0);
    assert_close(pc_cost_excess(0.013, 0.003, 0.93, 1), 0.013, 1e-15);
    assert_close(pc_cost_excess(0.013, 0.003, 0.93, 2), 0.0123, 1e-14);
    assert_close(pc_cost_excess(0.013, 0.003, 0.93, 40), 0.003 + 0.01 * pow(0.93, 39), 1e-13);
    assert_close(pc_cost_excess(0.013, 0.003, 0, 2), 0.003, 1e-15);
    assert_close(pc_cost_excess(0.013, 0.003, 1, 60), 0.013, 1e-15);
}

/* Mean 1 and variance cv^2/n + tau^2, by the midpoint rule over the quantiles of the normal: no chance in it. */
static void test_noise_moments(void **state)
{
    enum { LEAVES = 4096 };
    _Alignas(64) double members[PC_LANES], eps[PC_LANES], z[PC_LANES];
    const double v = 3.5 * 3.5 / 5000 + 0.04 * 0.04;
    double mean = 0, square = 0;

    (void)state;
    for (int lane = 0; lane < PC_LANES; lane++) {
        members[lane] = 5000;
    }
    for (int leaf = 0; leaf < LEAVES; leaf++) {
        for (int lane = 0; lane < PC_LANES; lane++) {
            eps[lane] = pc_norm_inv((leaf * PC_LANES + lane + 0.5) / ((double)LEAVES * PC_LANES));
        }
        pc_noise_row(3.5, 0.04, members, eps, z);
        for (int lane = 0; lane < PC_LANES; lane++) {
            mean += z[lane];
            square += (z[lane] - 1) * (z[lane] - 1);
        }
    }
    assert_true(fabs(mean / ((double)LEAVES * PC_LANES) - 1) < 1e-6);
    assert_close(square / ((double)LEAVES * PC_LANES), v, 1e-4);
}

static void test_noise_values(void **state)
{
    _Alignas(64) double members[PC_LANES], eps[PC_LANES], z[PC_LANES];

    (void)state;
    for (int lane = 0; lane < PC_LANES; lane++) {
        members[lane] = pow(10, lane / 16.0 - 2); /* 0.01 to 8e13 members */
        eps[lane] = lane % 2 ? 1.5 : -2.5;
    }
    pc_noise_row(3.5, 0, members, eps, z);
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double s2 = log1p(12.25 / members[lane]);

        if (members[lane] < 1) {
            assert_true(z[lane] == 1);
        } else {
            assert_close(z[lane] - 1, expm1(sqrt(s2) * eps[lane] - s2 / 2), 1e-8); /* z - 1 itself, not only z */
            assert_close(z[lane], exp(sqrt(s2) * eps[lane] - s2 / 2), 1e-15 * 4);
        }
    }
    for (int lane = 0; lane < PC_LANES; lane++) { /* rows without few members: the same bits lane by lane */
        const double was = z[lane];
        _Alignas(64) double alone[PC_LANES], same[PC_LANES], out[PC_LANES];

        for (int i = 0; i < PC_LANES; i++) {
            alone[i] = members[lane];
            same[i] = eps[lane];
        }
        pc_noise_row(3.5, 0, alone, same, out);
        assert_memory_equal(&out[lane], &was, sizeof was);
    }
    members[3] = 1225;
    eps[3] = 1;
    pc_noise_row(3.5, 0, members, eps, z);
    assert_close(z[3], 1.099413, 1e-6);
    pc_noise_row(0, 0, members, eps, z);
    assert_true(z[3] == 1 && z[200] == 1);
}

static double shock_rows[16][2][PC_LANES] __attribute__((aligned(64)));

/* u below p every year: starts in years 1, 4, 7, 10 for a duration of 3; the size of the start is kept. */
static void test_shock_duration(void **state)
{
    const pc_shock shock = {.name = "epidemic",
                            .probability = 0.5,
                            .duration = 3,
                            .m = 0.1,
                            .s = 0.05,
                            .weight_revenue = {-0.5, 0},
                            .weight_expenditure = {1, 2}};
    const pc_year_drivers drivers = {NULL, NULL, &shock_rows[0][0][0], NULL}, central = {0};
    pc_economy e = example();
    pc_weather w;
    void *memory;

    (void)state;
    e.shocks = &shock;
    e.n_shocks = e.n_shock_instances = 1;
    memory = pc_calloc(1, pc_economy_state_bytes(&e));
    pc_economy_start(&e, memory, &w);
    assert_true(w.shock_expenditure[PC_EMPLOYEE][9] == 1);
    for (int t = 1; t <= YEARS; t++) {
        const int start = 1 + (t - 1) / 3 * 3;
        const double size = 0.1 + 0.05 * start; /* eps of year t is t */

        for (int lane = 0; lane < PC_LANES; lane++) {
            shock_rows[0][0][lane] = lane == 0 ? 0.5 : 0.4999; /* lane 0: u = p does not start */
            shock_rows[0][1][lane] = t;
        }
        pc_economy_step(&e, t, &drivers, memory, &w);
        for (int r = 0; r < REGIONS; r++) {
            assert_true(w.shock_expenditure[PC_EMPLOYEE][r * PC_LANES] == 1);
            assert_close(w.shock_expenditure[PC_EMPLOYEE][r * PC_LANES + 9], exp(size), 1e-14);
            assert_close(w.shock_expenditure[PC_RESIDENT][r * PC_LANES + 9], exp(2 * size), 1e-14);
            assert_close(w.shock_revenue[PC_EMPLOYEE][r * PC_LANES + 9], exp(-0.5 * size), 1e-14);
            assert_true(w.shock_revenue[PC_RESIDENT][r * PC_LANES + 9] == 1);
        }
    }
    pc_economy_start(&e, memory, &w);
    pc_economy_step(&e, 1, &central, memory, &w);
    assert_true(w.shock_expenditure[PC_EMPLOYEE][9] == 1 && w.shock_revenue[PC_EMPLOYEE][9] == 1);
    pc_free(memory);
}

/* A shock of the whole province and one of each region multiply; regions strike apart. */
static void test_shocks_multiply(void **state)
{
    const pc_shock shocks[2] = {{.name = "a",
                                 .probability = 0.5,
                                 .duration = 1,
                                 .m = 0.2,
                                 .regional = 1,
                                 .weight_expenditure = {1, 1},
                                 .first_instance = 0},
                                {.name = "b",
                                 .probability = 0.5,
                                 .duration = 2,
                                 .m = -0.1,
                                 .weight_expenditure = {1, 0},
                                 .first_instance = REGIONS}};
    const pc_year_drivers drivers = {NULL, NULL, &shock_rows[0][0][0], NULL};
    pc_economy e = example();
    pc_weather w;
    void *memory;

    (void)state;
    e.shocks = shocks;
    e.n_shocks = 2;
    e.n_shock_instances = REGIONS + 1;
    memory = pc_calloc(1, pc_economy_state_bytes(&e));
    for (int k = 0; k < REGIONS + 1; k++) {
        for (int lane = 0; lane < PC_LANES; lane++) {
            shock_rows[k][0][lane] = k == 1 || (k == REGIONS && lane >= 128) ? 0.1 : 0.9;
            shock_rows[k][1][lane] = 0;
        }
    }
    pc_economy_start(&e, memory, &w);
    pc_economy_step(&e, 1, &drivers, memory, &w);
    assert_true(w.shock_expenditure[0][5] == 1);
    assert_close(w.shock_expenditure[0][200], exp(-0.1), 1e-14);
    assert_close(w.shock_expenditure[0][PC_LANES + 5], exp(0.2), 1e-14);
    assert_close(w.shock_expenditure[0][PC_LANES + 200], exp(0.2) * exp(-0.1), 1e-14);
    assert_close(w.shock_expenditure[1][PC_LANES + 200], exp(0.2), 1e-14);
    assert_true(w.shock_expenditure[1][2 * PC_LANES + 200] == 1);
    pc_free(memory);
}

/* Frequency of being struck: s_t = p (1 - s_{t-1} - ... - s_{t-D+1}), active = s_t + ... + s_{t-D+1}. */
static void test_shock_frequency(void **state)
{
    enum { LEAVES = 120, D = 3 };
    const pc_shock shock = {.name = "s", .probability = 0.2, .duration = D, .m = 0.1, .weight_expenditure = {1, 0}};
    const pc_year_drivers drivers = {NULL, NULL, &shock_rows[0][0][0], NULL};
    const double n = (double)LEAVES * PC_LANES;
    double starts[YEARS + 1] = {0}, active[YEARS + 1] = {0};
    pc_economy e = example();
    pc_weather w;
    void *memory;

    (void)state;
    e.shocks = &shock;
    e.n_shocks = e.n_shock_instances = 1;
    memory = pc_calloc(1, pc_economy_state_bytes(&e));
    random_state = 3;
    for (int leaf = 0; leaf < LEAVES; leaf++) {
        pc_economy_start(&e, memory, &w);
        for (int t = 1; t <= YEARS; t++) {
            for (int lane = 0; lane < PC_LANES; lane++) {
                shock_rows[0][0][lane] = uniform();
                shock_rows[0][1][lane] = 0;
            }
            pc_economy_step(&e, t, &drivers, memory, &w);
            for (int lane = 0; lane < PC_LANES; lane++) {
                active[t] += w.shock_expenditure[0][lane] > 1;
            }
        }
    }
    for (int t = 1; t <= YEARS; t++) {
        double lasting = 0, p;

        for (int k = 1; k < D && t - k >= 1; k++) {
            lasting += starts[t - k];
        }
        starts[t] = 0.2 * (1 - lasting);
        p = lasting + starts[t];
        assert_true(fabs(active[t] / n - p) < 5 * sqrt(p * (1 - p) / n));
    }
    pc_free(memory);
}

static void test_heads(void **state)
{
    const pc_head *const heads[] = {&pc_head_employment, &pc_head_wages,  &pc_head_cost,
                                    &pc_head_returns,    &pc_head_claims, &pc_head_shock};
    const int n[] = {12, 10, 21, 9, 4, 9};

    (void)state;
    assert_heads(heads, n, 6, "economy");
}

/* Uncertain parameters: all drivers 0 but what is drawn once a path, so that every level is a product. */
static void test_uncertain(void **state)
{
    enum { ROWS = PC_UNCERTAIN_WHOLE + PC_UNCERTAIN_REGION * REGIONS };
    static double eps[ROWS * PC_LANES], years[YEARS + 1];
    const pc_year_drivers drivers = {NULL, NULL, NULL, eps};
    pc_economy e = example();
    void *memory = NULL;
    double log_cost = 0, gamma_sum = 0;
    pc_weather w;

    (void)state;
    for (int t = 1; t <= YEARS; t++) {
        years[t] = years[t - 1] + 1 - 0.05 * t;
    }
    for (int i = 0; i < ROWS; i++) {
        for (int lane = 0; lane < PC_LANES; lane++) {
            eps[i * PC_LANES + lane] = lane == 0 ? 0.1 * (i % 7) - 0.3 : lane == 1 ? 9 : 0;
        }
    }
    e.wage.start = e.cost.start = 0;
    e.wage_growth_se = 0.01;
    e.return_mean_se = 0.004;
    e.employment_trend_se = 0.003;
    e.employment_region_trend_se = 0.002;
    e.employment_trend_years = years;
    e.employment_error = (pc_ar1_error){0.1, 0.2};
    e.excess_se[PC_EMPLOYEE] = 0.02;
    e.excess_long_run_se[PC_EMPLOYEE] = 0.005;
    e.excess_decay[PC_EMPLOYEE] = 0.93;
    memory = pc_calloc(1, pc_economy_state_bytes(&e));
    pc_economy_start(&e, memory, &w);
    for (int t = 1; t <= YEARS; t++) {
        const double phi = 0.8 + 0.1 * eps[PC_UNCERTAIN_EMPLOYMENT * PC_LANES];
        const double left = pow(0.93, t - 1), first = eps[PC_UNCERTAIN_EXCESS * PC_LANES],
                     end = eps[(PC_UNCERTAIN_EXCESS + 1) * PC_LANES];
        const double gamma = wage_growth[t] + 0.01 * eps[PC_UNCERTAIN_WAGE_GROWTH * PC_LANES];

        pc_economy_step(&e, t, &drivers, memory, &w);
        gamma_sum += gamma;
        log_cost += gamma + excess[PC_EMPLOYEE][t] + left * 0.02 * first + (1 - left) * 0.005 * end;
        for (int r = 0; r < REGIONS; r++) {
            const double trend = 0.003 * eps[PC_UNCERTAIN_EMPLOYMENT_TREND * PC_LANES] +
                                 0.002 * eps[(PC_UNCERTAIN_WHOLE + r) * PC_LANES];
            assert_close(w.employment[r * PC_LANES], exp(0.02 * pow(phi, t) + trend * years[t]), 1e-12);
            /* the second lane's phi is kept at 0.99 */
            assert_close(w.employment[r * PC_LANES + 1], exp(0.02 * pow(0.99, t) + 9 * 0.005 * years[t]), 1e-12);
            assert_close(w.wage[r * PC_LANES], wage_start[r] * exp(gamma_sum), 1e-12);
            assert_close(w.cost[PC_EMPLOYEE][r * PC_LANES], exp(log_cost), 1e-12);
        }
        assert_close(w.interest[0],
                     return_mean[t] + 0.005 * pow(0.8, t) + 0.004 * eps[PC_UNCERTAIN_RETURN_MEAN * PC_LANES], 1e-12);
        assert_close(w.interest[2], return_mean[t] + 0.005 * pow(0.8, t), 1e-12);
    }
    pc_free(memory);
}

/* sigma exp(e eps): the innovation of a path is larger by that factor. */
static void test_uncertain_sigma(void **state)
{
    static double eps[(PC_UNCERTAIN_WHOLE + PC_UNCERTAIN_REGION * REGIONS) * PC_LANES];
    static double whole[PC_PROVINCE_ROWS * PC_LANES];
    const pc_year_drivers drivers = {whole, NULL, NULL, eps};
    pc_economy e = example();
    void *memory = pc_calloc(1, pc_economy_state_bytes(&e));
    pc_weather w;

    (void)state;
    whole[PC_ROW_WAGE * PC_LANES] = whole[PC_ROW_WAGE * PC_LANES + 1] = 1.5;
    eps[(PC_UNCERTAIN_WAGE + 1) * PC_LANES] = 2;
    e.wage_error.sigma = 0.25;
    e.wage.start = 0;
    pc_economy_start(&e, memory, &w);
    pc_economy_step(&e, 1, &drivers, memory, &w);
    assert_close(w.wage_growth[0], wage_growth[1] + 0.016 * exp(0.5) * 1.5, 1e-12);
    assert_close(w.wage_growth[1], wage_growth[1] + 0.016 * 1.5, 1e-12);
    pc_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_year),
        cmocka_unit_test(test_central_path),
        cmocka_unit_test(test_against_plain_path),
        cmocka_unit_test(test_ar1_moments),
        cmocka_unit_test(test_excess_decays),
        cmocka_unit_test(test_noise_moments),
        cmocka_unit_test(test_noise_values),
        cmocka_unit_test(test_shock_duration),
        cmocka_unit_test(test_shocks_multiply),
        cmocka_unit_test(test_shock_frequency),
        cmocka_unit_test(test_uncertain),
        cmocka_unit_test(test_uncertain_sigma),
        cmocka_unit_test(test_heads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
