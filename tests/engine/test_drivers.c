/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistical checks have a fixed seed and a bound of 5 standard errors each: one seed in 1.7 million fails a check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/math.h"
#include "base/memory.h"
#include "engine/drivers.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { N_REGIONS = 3, N_YEARS = 4, N_SHOCKS = 2, N_BASE = PC_SCHEMES * PC_DRIVER_ACCOUNTS * N_REGIONS };

static const uint32_t region_stream[N_REGIONS] = {4401, 4402, 4403};
static const uint32_t shock_stream[N_SHOCKS] = {777, 778};
static uint32_t base_stream[N_BASE];

/* Lower factors with rows of length 1 (the last of the province: 1.0004), so that drivers keep their variance. */
static const double province_l[36] = {
    1.0, 0.0,  0.0, 0.0,  0.0, 0.0,  /* kappa */
    0.6, 0.8,  0.0, 0.0,  0.0, 0.0,  /* fertility */
    0.0, 0.0,  1.0, 0.0,  0.0, 0.0,  /* employment */
    0.0, 0.28, 0.0, 0.96, 0.0, 0.0,  /* wage */
    0.0, 0.0,  0.0, 0.8,  0.6, 0.0,  /* cost */
    0.5, 0.5,  0.5, 0.1,  0.1, 0.48, /* return */
};
static const double region_l[9] = {1.0, 0.0, 0.0, -0.6, 0.8, 0.0, 0.36, 0.48, 0.8};

static pc_drivers_plan make_plan(void)
{
    pc_drivers_plan plan = {
        .seed = 20240607,
        .n_regions = N_REGIONS,
        .n_years = N_YEARS,
        .region_stream = region_stream,
        .n_shock_instances = N_SHOCKS,
        .shock_stream = shock_stream,
        .base_stream = base_stream,
    };

    plan.drift_stream = pc_stream_hash("param:mortality.drift");
    for (uint32_t i = 0; i < N_BASE; i++) {
        base_stream[i] = 50000 + i;
    }
    return plan;
}

static pc_drivers make_drivers(const pc_drivers_plan *plan, void **memory)
{
    pc_drivers drivers;

    *memory = pc_calloc(pc_drivers_bytes(plan), 1);
    assert_non_null(*memory);
    pc_drivers_start(plan, *memory, &drivers);
    return drivers;
}

static double normal(const pc_drivers_plan *plan, uint64_t path, uint32_t year, uint32_t stream, uint32_t draw)
{
    return pc_norm_inv((pc_stream_word(plan->seed, path, year, stream, draw) + 0.5) * 0x1p-32);
}

static const double *province_row(const pc_drivers *d, int year, int draw)
{
    return d->province + ((size_t)year * PC_PROVINCE_NORMALS + (size_t)draw) * PC_LANES;
}

static const double *region_row(const pc_drivers *d, int draw, int r)
{
    return d->region + ((size_t)draw * N_REGIONS + (size_t)r) * PC_LANES;
}

/* Without correlation every row is exactly the documented draw of the documented stream. */
static void test_draws(void **unused)
{
    pc_drivers_plan plan = make_plan();
    void *memory;
    pc_drivers d = make_drivers(&plan, &memory);
    const uint64_t path0 = 512;
    const int n = 200;

    (void)unused;
    pc_drivers_leaf(&plan, path0, n, &d);
    for (int lane = 0; lane < PC_LANES; lane++) {
        uint64_t path = path0 + (uint64_t)(lane < n ? lane : n - 1);

        assert_true(d.eps_drift[lane] == normal(&plan, path, 0, plan.drift_stream, 0));
        for (size_t i = 0; i < N_BASE; i++) {
            assert_true(d.eps_base[i * PC_LANES + (size_t)lane] == normal(&plan, path, 0, base_stream[i], 0));
        }
        for (int draw = 0; draw < PC_PROVINCE_NORMALS; draw++) {
            assert_true(province_row(&d, 0, draw)[lane] == 0.0);
        }
    }
    for (int year = 1; year <= N_YEARS; year++) {
        pc_drivers_year(&plan, path0, n, year, &d);
        for (int lane = 0; lane < PC_LANES; lane++) {
            uint64_t path = path0 + (uint64_t)(lane < n ? lane : n - 1);
            uint32_t t = (uint32_t)year;

            for (int draw = 0; draw < PC_PROVINCE_NORMALS; draw++) {
                assert_true(province_row(&d, year, draw)[lane] == normal(&plan, path, t, 0, (uint32_t)draw));
            }
            for (int r = 0; r < N_REGIONS; r++) {
                size_t row = (size_t)year * N_REGIONS + (size_t)r;

                for (int draw = 0; draw < PC_REGION_DRAWS; draw++) {
                    assert_true(region_row(&d, draw, r)[lane] ==
                                normal(&plan, path, t, region_stream[r], (uint32_t)draw));
                }
                assert_true(d.migration[row * PC_LANES + (size_t)lane] == region_row(&d, 0, r)[lane]);
            }
            for (int k = 0; k < N_SHOCKS; k++) {
                const double *rows = d.shock + (size_t)k * PC_SHOCK_DRAWS * PC_LANES;

                assert_true(rows[lane] == (pc_stream_word(plan.seed, path, t, shock_stream[k], 0) + 0.5) * 0x1p-32);
                assert_true(rows[PC_LANES + lane] == normal(&plan, path, t, shock_stream[k], 1));
            }
        }
    }
    assert_int_equal(d.clipped, 0);
    pc_free(memory);
}

/* L eps with L's terms in order, for the province, for migration and for the chosen regional draws only. */
static void test_correlated(void **unused)
{
    pc_drivers_plan plan = make_plan();
    void *memory;
    pc_drivers d;

    (void)unused;
    plan.province_cholesky = province_l;
    plan.region_cholesky = region_l;
    plan.region_correlated = 1u << PC_DRAW_MIGRATION | 1u << PC_DRAW_CLAIMS_RESIDENT;
    d = make_drivers(&plan, &memory);
    pc_drivers_leaf(&plan, 0, PC_LANES, &d);
    pc_drivers_year(&plan, 0, PC_LANES, 2, &d);
    for (int lane = 0; lane < PC_LANES; lane++) {
        uint64_t path = (uint64_t)lane;

        for (uint32_t draw = 0; draw < PC_PROVINCE_NORMALS; draw++) {
            double want = 0.0;

            for (uint32_t k = 0; k <= draw; k++) {
                want += province_l[draw * 6 + k] * normal(&plan, path, 2, 0, k);
            }
            assert_true(province_row(&d, 2, (int)draw)[lane] == want);
        }
        for (uint32_t draw = 0; draw < PC_REGION_DRAWS; draw++) {
            for (uint32_t r = 0; r < N_REGIONS; r++) {
                double want = 0.0;

                for (uint32_t q = 0; q <= r; q++) {
                    double l = plan.region_correlated >> draw & 1u ? region_l[r * 3 + q] : q == r;

                    want += l * normal(&plan, path, 2, region_stream[q], draw);
                }
                assert_true(region_row(&d, (int)draw, (int)r)[lane] == want);
            }
        }
    }
    pc_free(memory);
}

/* A path's drivers are the same bits in whatever leaf and lane it is computed. */
static void test_lanes_independent(void **unused)
{
    pc_drivers_plan plan = make_plan();
    void *memory_a, *memory_b;
    pc_drivers a, b;

    (void)unused;
    plan.province_cholesky = province_l;
    plan.region_cholesky = region_l;
    plan.region_correlated = 0x7f;
    plan.student_nu = 5.0;
    a = make_drivers(&plan, &memory_a);
    b = make_drivers(&plan, &memory_b);
    pc_drivers_leaf(&plan, 0, PC_LANES, &a);
    pc_drivers_year(&plan, 0, PC_LANES, 3, &a);
    for (int n = 1; n <= 33; n += 16) {
        /* Rows from the first to the last one, scratch aside. */
        size_t n_rows = pc_drivers_bytes(&plan) / (PC_LANES * sizeof(double));

        pc_drivers_leaf(&plan, 7, n, &b);
        pc_drivers_year(&plan, 7, n, 3, &b);
        for (size_t row = 0; row < n_rows; row++) {
            const double *x = a.eps_drift + row * PC_LANES, *y = b.eps_drift + row * PC_LANES;

            if (x == a.scratch) {
                continue;
            }
            for (int lane = 0; lane < PC_LANES; lane++) {
                assert_true(x[7 + (lane < n ? lane : n - 1)] == y[lane] || (lane >= n && 7 + n - 1 >= PC_LANES));
            }
        }
    }
    pc_free(memory_a);
    pc_free(memory_b);
}

/* Sums over many leaves of products of province drivers: variance 1, the correlations of L L', kurtosis. */
static void test_moments(void **unused)
{
    const double nus[2] = {0.0, 10.0};
    const int n_leaves = 250;

    (void)unused;
    for (int which = 0; which < 2; which++) {
        pc_drivers_plan plan = make_plan();
        double nu = nus[which], n = (double)n_leaves * PC_LANES * N_YEARS;
        double second[6][6] = {{0}}, fourth = 0.0, kurtosis, m8;
        uint64_t clipped = 0, at_cut = 0;
        void *memory;
        pc_drivers d;

        plan.base_stream = NULL;
        plan.province_cholesky = province_l;
        plan.student_nu = nu;
        d = make_drivers(&plan, &memory);
        for (int leaf = 0; leaf < n_leaves; leaf++) {
            pc_drivers_leaf(&plan, (uint64_t)leaf * PC_LANES, PC_LANES, &d);
            clipped += d.clipped;
            for (int year = 1; year <= N_YEARS; year++) {
                for (int lane = 0; lane < PC_LANES; lane++) {
                    for (int i = 0; i < 6; i++) {
                        for (int j = 0; j <= i; j++) {
                            second[i][j] += province_row(&d, year, i)[lane] * province_row(&d, year, j)[lane] / n;
                        }
                        at_cut += nu > 0.0 && fabs(province_row(&d, year, i)[lane]) == 6.0;
                    }
                    fourth += pow(province_row(&d, year, 0)[lane], 4) / n;
                }
            }
        }
        kurtosis = nu > 0.0 ? 3.0 + 6.0 / (nu - 4.0) : 3.0;
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j <= i; j++) {
                double want = 0.0;

                for (int k = 0; k <= j; k++) {
                    want += province_l[i * 6 + k] * province_l[j * 6 + k];
                }
                /* Var(xy) <= E x^2 y^2 <= kurtosis; the cut at 6 takes 2e-4 of the variance for nu = 10. */
                assert_true(fabs(second[i][j] - want) < 5.0 * sqrt(kurtosis / n) + (nu > 0.0 ? 4e-4 : 0.0));
            }
        }
        /* E x^8 = 105 for normals, 105 (nu-2)^3 / ((nu-4)(nu-6)(nu-8)) = 1120 for nu = 10. The fourth moment within
         * the cut is integrated numerically. */
        m8 = nu > 0.0 ? 1120.0 : 105.0;
        if (nu > 0.0) {
            double cut = 0.0, scale = sqrt(nu / (nu - 2.0)), p_cut = 2.0 * gsl_cdf_tdist_Q(6.0 * scale, nu);

            for (int i = 0; i < 6000; i++) { /* fourth moment of the cut variable = integral of 4 x^3 P(|t| > x) */
                double x = (i + 0.5) * 1e-3;

                cut += 4.0 * x * x * x * 2.0 * gsl_cdf_tdist_Q(x * scale, nu) * 1e-3;
            }
            assert_true(cut < kurtosis && cut > 3.5);
            kurtosis = cut;
            /* Six dependent drivers: the variance of the count is at most six times that of independent ones. */
            assert_true(clipped == at_cut && clipped > 0);
            assert_true(fabs((double)clipped - 6.0 * n * p_cut) < 5.0 * sqrt(6.0 * 6.0 * n * p_cut));
        } else {
            assert_int_equal(clipped, 0);
        }
        assert_true(fabs(fourth - kurtosis) < 5.0 * sqrt((m8 - kurtosis * kurtosis) / n));
        pc_free(memory);
    }
}

/* The t variable is the normal times one factor per lane and year, the same for all six. */
static void test_student_factor(void **unused)
{
    pc_drivers_plan plan = make_plan();
    void *memory;
    pc_drivers d;

    (void)unused;
    plan.student_nu = 4.0;
    d = make_drivers(&plan, &memory);
    pc_drivers_leaf(&plan, 9, 10, &d);
    for (int lane = 0; lane < 10; lane++) {
        double u = (pc_stream_word(plan.seed, 9 + (uint64_t)lane, 1, 0, PC_DRAW_CHI2) + 0.5) * 0x1p-32;
        double factor = sqrt(2.0 / gsl_cdf_chisq_Pinv(u, 4.0));

        for (int draw = 0; draw < PC_PROVINCE_NORMALS; draw++) {
            double want = normal(&plan, 9 + (uint64_t)lane, 1, 0, (uint32_t)draw) * factor;

            want = want > 6.0 ? 6.0 : want < -6.0 ? -6.0 : want;
            assert_true(fabs(province_row(&d, 1, draw)[lane] - want) <= 1e-14 * fabs(want));
        }
    }
    pc_free(memory);
}

/* The second half of a leaf mirrors the first, draw by draw, in whole leaves and in parts of them. */
static void test_mirrored(void **unused)
{
    pc_drivers_plan plan = make_plan();
    const pc_drivers_plan straight = plan;
    void *memory[2];
    pc_drivers d, s;

    (void)unused;
    plan.mirrored = 1;
    d = make_drivers(&plan, &memory[0]);
    s = make_drivers(&straight, &memory[1]);
    for (uint64_t path0 = 512; path0 < 512 + PC_LANES; path0 += 61) {
        const int n = path0 == 512 ? PC_LANES : 150;
        pc_drivers_leaf(&plan, path0, n, &d);
        pc_drivers_year(&plan, path0, n, 2, &d);
        for (int lane = 0; lane < n; lane += 7) {
            const uint64_t path = path0 + (uint64_t)lane;
            const int mirror = path % PC_LANES >= PC_LANES / 2;
            const double sign = mirror ? -1 : 1;

            pc_drivers_leaf(&straight, path - (mirror ? PC_LANES / 2 : 0), 1, &s);
            pc_drivers_year(&straight, path - (mirror ? PC_LANES / 2 : 0), 1, 2, &s);
            assert_true(d.eps_drift[lane] == sign * s.eps_drift[0]);
            assert_true(d.eps_base[4 * PC_LANES + lane] == sign * s.eps_base[4 * PC_LANES]);
            for (int k = 0; k < PC_PROVINCE_NORMALS; k++) {
                assert_true(province_row(&d, 2, k)[lane] == sign * province_row(&s, 2, k)[0]);
            }
            for (int k = 0; k < PC_REGION_DRAWS; k++) {
                assert_true(region_row(&d, k, 1)[lane] == sign * region_row(&s, k, 1)[0]);
            }
            assert_true(d.shock[lane] == (mirror ? 1 - s.shock[0] : s.shock[0]));
            assert_true(fabs(d.shock[PC_LANES + lane] - sign * s.shock[PC_LANES]) < 1e-12);
        }
    }
    pc_free(memory[0]);
    pc_free(memory[1]);
}

enum { YEAR_COORDINATES = PC_PROVINCE_NORMALS + PC_COMMON_DRAWS, N_COORDINATES = N_YEARS * YEAR_COORDINATES + 1 };

/* Along a direction the normals are Sobol's; across it they are what they were; in any part of a leaf. */
static void test_quasi(void **unused)
{
    enum { POINTS = 512, N_DIRECTIONS = 3, REPLICATE = 5 };
    static pc_sobol_directions sobol;
    static pc_sobol scrambled;
    static double directions[N_DIRECTIONS * N_COORDINATES];
    static const double weights[PC_COMMON_DRAWS * N_REGIONS] = {[PC_DRAW_REGION_WAGE * N_REGIONS] = 0.6,
                                                                [PC_DRAW_REGION_WAGE * N_REGIONS + 2] = -0.8};
    const size_t kappa = 0, cost = YEAR_COORDINATES + PC_DRAW_COST;
    const size_t common = 2 * YEAR_COORDINATES + PC_PROVINCE_NORMALS + PC_DRAW_REGION_WAGE;
    double point[N_DIRECTIONS];
    void *memory[3];
    pc_drivers_plan plan = make_plan(), plain;
    pc_drivers d, p, one;

    (void)unused;
    assert_true(pc_sobol_read(9, sobol));
    plain = plan;
    directions[0 * N_COORDINATES + kappa] = 1;
    directions[1 * N_COORDINATES + common] = 1;
    directions[2 * N_COORDINATES + cost] = 0.8;
    directions[2 * N_COORDINATES + N_COORDINATES - 1] = 0.6;
    plan.n_points = POINTS;
    plan.n_directions = N_DIRECTIONS;
    plan.directions = directions;
    plan.common_weights = weights;
    plan.sobol = (const pc_sobol_directions *)&sobol;
    for (int mirrored = 0; mirrored < 2; mirrored++) {
        const uint64_t path0 = REPLICATE * POINTS + PC_LANES;
        plan.mirrored = plain.mirrored = mirrored;
        d = make_drivers(&plan, &memory[0]);
        p = make_drivers(&plain, &memory[1]);
        one = make_drivers(&plan, &memory[2]);
        pc_sobol_scramble(plan.seed, REPLICATE, N_DIRECTIONS, (const uint32_t(*)[PC_SOBOL_BITS])sobol, &scrambled);
        pc_drivers_leaf(&plan, path0, PC_LANES, &d);
        pc_drivers_year(&plan, path0, PC_LANES, 3, &d);
        pc_drivers_leaf(&plain, path0, PC_LANES, &p);
        pc_drivers_year(&plain, path0, PC_LANES, 3, &p);
        for (int lane = 0; lane < PC_LANES; lane += 3) {
            const int mirror = mirrored && lane >= PC_LANES / 2;
            const uint64_t index =
                mirrored ? PC_LANES / 2 + (uint64_t)lane % (PC_LANES / 2) : PC_LANES + (uint64_t)lane;
            double along[2], z[N_DIRECTIONS];

            pc_sobol_uniform(&scrambled, index, 1, point, 1);
            for (int k = 0; k < N_DIRECTIONS; k++) {
                z[k] = (mirror ? -1 : 1) * pc_norm_inv(point[k]);
            }
            assert_true(fabs(province_row(&d, 1, 0)[lane] - z[0]) < 1e-12);
            along[0] = 0.8 * province_row(&d, 2, PC_DRAW_COST)[lane] + 0.6 * d.eps_drift[lane];
            along[1] = 0.6 * province_row(&d, 2, PC_DRAW_COST)[lane] - 0.8 * d.eps_drift[lane];
            assert_true(fabs(along[0] - z[2]) < 1e-12);
            assert_true(fabs(along[1] - 0.6 * province_row(&p, 2, PC_DRAW_COST)[lane] + 0.8 * p.eps_drift[lane]) <
                        1e-12);
            along[0] =
                0.6 * region_row(&d, PC_DRAW_REGION_WAGE, 0)[lane] - 0.8 * region_row(&d, PC_DRAW_REGION_WAGE, 2)[lane];
            along[1] =
                0.8 * region_row(&d, PC_DRAW_REGION_WAGE, 0)[lane] + 0.6 * region_row(&d, PC_DRAW_REGION_WAGE, 2)[lane];
            assert_true(fabs(along[0] - z[1]) < 1e-12);
            assert_true(fabs(along[1] - 0.8 * region_row(&p, PC_DRAW_REGION_WAGE, 0)[lane] -
                             0.6 * region_row(&p, PC_DRAW_REGION_WAGE, 2)[lane]) < 1e-12);
            /* what no direction touches */
            assert_true(province_row(&d, 4, 3)[lane] == province_row(&p, 4, 3)[lane]);
            assert_true(region_row(&d, PC_DRAW_REGION_WAGE, 1)[lane] == region_row(&p, PC_DRAW_REGION_WAGE, 1)[lane]);
            assert_true(region_row(&d, PC_DRAW_CLAIMS_EMPLOYEE, 0)[lane] ==
                        region_row(&p, PC_DRAW_CLAIMS_EMPLOYEE, 0)[lane]);
            pc_drivers_leaf(&plan, path0 + (uint64_t)lane, 1, &one);
            pc_drivers_year(&plan, path0 + (uint64_t)lane, 1, 3, &one);
            assert_true(one.eps_drift[0] == d.eps_drift[lane]);
            assert_true(province_row(&one, 1, 0)[0] == province_row(&d, 1, 0)[lane]);
            assert_true(region_row(&one, PC_DRAW_REGION_WAGE, 2)[0] == region_row(&d, PC_DRAW_REGION_WAGE, 2)[lane]);
        }
        for (int k = 0; k < 3; k++) {
            pc_free(memory[k]);
        }
    }
}

static void test_zero(void **unused)
{
    pc_drivers_plan plan = make_plan();
    void *memory;
    pc_drivers d = make_drivers(&plan, &memory);

    (void)unused;
    for (int pass = 0; pass < 2; pass++) { /* as started, and after use */
        size_t n_rows = pc_drivers_bytes(&plan) / (PC_LANES * sizeof(double));

        for (size_t row = 0; row < n_rows; row++) {
            const double *x = d.eps_drift + row * PC_LANES;
            int uniform = x >= d.shock && (x - d.shock) / PC_LANES % PC_SHOCK_DRAWS == PC_DRAW_SHOCK_START;

            for (int lane = 0; lane < PC_LANES; lane++) {
                assert_true(x[lane] == (uniform ? 1.0 : 0.0));
            }
        }
        pc_drivers_leaf(&plan, 5, 3, &d);
        pc_drivers_year(&plan, 5, 3, 1, &d);
        pc_drivers_zero(&plan, &d);
    }
    pc_free(memory);
    plan.n_shock_instances = 0;
    plan.base_stream = NULL;
    d = make_drivers(&plan, &memory);
    assert_null(d.shock);
    pc_drivers_leaf(&plan, 5, 3, &d);
    for (size_t i = 0; i < N_BASE * PC_LANES; i++) {
        assert_true(d.eps_base[i] == 0.0);
    }
    pc_free(memory);
}

/* A mix that takes nothing from the other paths gives the same bits; one group in one year changes that group's draws
 * of that year alone, and they are those of the other paths; a driver that is moved moves by its part of the tilt. */
static void test_mix(void **state)
{
    enum { DATES = N_YEARS + 1, LANES = 5, PATH = 1000 };
    unsigned char other[PC_DRIVER_GROUPS * DATES] = {0};
    pc_driver_mix mix = {.other = other},
                  tilt = {.kind = PC_DRIVER_REGION, .index = PC_DRAW_REGION_COST_RESIDENT, .tilt = 2};
    pc_drivers_plan plan = make_plan();
    void *memory[2];
    pc_drivers own = make_drivers(&plan, &memory[0]), mixed = make_drivers(&plan, &memory[1]);
    const uint64_t far = UINT64_C(1) << 62;

    (void)state;
    for (int with = 0; with < 3; with++) {
        pc_drivers_plan changed = plan;
        changed.mix = with == 2 ? &tilt : &mix;
        other[PC_GROUP_WAGES * DATES + 2] = with == 1;
        pc_drivers_leaf(&plan, PATH, LANES, &own);
        pc_drivers_leaf(&changed, PATH, LANES, &mixed);
        for (int year = 1; year <= N_YEARS; year++) {
            pc_drivers_year(&plan, PATH, LANES, year, &own);
            pc_drivers_year(&changed, PATH, LANES, year, &mixed);
            for (int d = 0; d < PC_PROVINCE_NORMALS; d++) {
                for (int lane = 0; lane < PC_LANES; lane++) {
                    const size_t at = ((size_t)year * PC_PROVINCE_NORMALS + (size_t)d) * PC_LANES + (size_t)lane;
                    if (with == 1 && year == 2 && d == PC_DRAW_WAGE && lane < LANES) {
                        assert_true(mixed.province[at] ==
                                    normal(&plan, PATH + far + (uint64_t)lane, 2, PC_STREAM_PROVINCE, PC_DRAW_WAGE));
                        assert_true(mixed.province[at] != own.province[at]);
                    } else if (lane < LANES) {
                        assert_true(mixed.province[at] == own.province[at]);
                    }
                }
            }
            for (int d = 0; d < PC_REGION_DRAWS; d++) {
                for (int lane = 0; lane < LANES; lane++) {
                    const size_t at = (size_t)d * N_REGIONS * PC_LANES + (size_t)lane;
                    const double moved = mixed.region[at] - own.region[at];
                    if (with == 2 && d == PC_DRAW_REGION_COST_RESIDENT) {
                        assert_true(fabs(moved - 2 / sqrt(N_YEARS * N_REGIONS)) < 1e-12);
                    } else {
                        assert_true((moved != 0) == (with == 1 && year == 2 && d == PC_DRAW_REGION_WAGE));
                    }
                }
            }
        }
        assert_memory_equal(own.eps_base, mixed.eps_base, N_BASE * PC_LANES * sizeof(double));
    }
    pc_free(memory[0]);
    pc_free(memory[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws),
        cmocka_unit_test(test_correlated),
        cmocka_unit_test(test_lanes_independent),
        cmocka_unit_test(test_mirrored),
        cmocka_unit_test(test_quasi),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_student_factor),
        cmocka_unit_test(test_mix),
        cmocka_unit_test(test_zero),
    };

    return cmocka_run_group_tests_name("drivers", tests, NULL, NULL);
}
