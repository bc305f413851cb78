/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "people/cohort.h"
#include "people/fertility.h"
#include "people/migration.h"
#include "people/mortality.h"
#include "world.h"

/* ---- an independent reference: the formulas of the model, one path, the C library's exp
 * ------------------------------ */

typedef struct reference {
    double sums[YEARS + 1][PC_SUM_COMMON + RULES * PC_RULE_SUMS][REGIONS];
    double births[YEARS + 1][REGIONS], deaths[YEARS + 1][REGIONS], moved[YEARS + 1][REGIONS];
    uint64_t bounded;
    double withheld;
} reference;

static double expectancy60(const world *w, int g, double kappa)
{
    double l = 1, years = 0;

    for (int a = 60; a < 100; a++) {
        double m = exp(w->alpha[g * PC_AGES + a] + w->beta[g * PC_AGES + a] * kappa);
        years += (l - l * exp(-m)) / m;
        l *= exp(-m);
    }
    return years + l / exp(w->alpha[g * PC_AGES + 100] + w->beta[g * PC_AGES + 100] * kappa);
}

static double index_at(const double *k, double age)
{
    int a = (int)floor(age);

    return age <= 0 ? k[0] : age >= 100 ? k[100] : k[a] * (1 - (age - a)) + k[a + 1] * (age - a);
}

static void reference_sums(const world *w, int t, int r, const double *N, const double *younger, reference *ref)
{
    for (int g = 0; g < 2; g++) {
        for (int a = 0; a < PC_AGES; a++) {
            const double n = N[g * PC_AGES + a], read = a - younger[g];
            ref->sums[t][PC_SUM_POPULATION][r] += n;
            ref->sums[t][PC_SUM_AGED][r] += a >= 60 ? n : 0;
            ref->sums[t][PC_SUM_RESIDENT_COST][r] += n * index_at(w->k_res, read);
            for (int j = 0; j < RULES; j++) {
                const double active = n * w->e[j][t][r][a] * (1 - w->rho[j][t][g][a]);
                const double retired = n * w->e[j][t][r][a] * w->rho[j][t][g][a];
                double(*out)[REGIONS] = &ref->sums[t][PC_SUM_OF_RULE(j, 0)];
                out[PC_RULE_CONTRIBUTORS][r] += active;
                out[PC_RULE_RETIREES][r] += retired;
                out[PC_RULE_CONTRIBUTOR_COST][r] += active * index_at(w->k_act, read);
                out[PC_RULE_RETIREE_COST][r] += retired * index_at(w->k_ret, read);
                out[PC_RULE_CONTRIBUTOR_RCOST][r] += active * index_at(w->k_res, read);
                out[PC_RULE_RETIREE_RCOST][r] += retired * index_at(w->k_res, read);
            }
        }
    }
}

static void reference_run(const world *w, int lane, reference *ref)
{
    const pc_people *p = &w->p;
    const double delta = p->kappa_drift + p->kappa_drift_se * w->drift[lane];
    const double none[2] = {0, 0};
    double N[REGIONS][CELLS], u[REGIONS], kappa = p->kappa_start, x = p->tfr_ar.start;

    memset(ref, 0, sizeof *ref);
    memcpy(N, w->population, sizeof N);
    for (int r = 0; r < REGIONS; r++) {
        u[r] = p->migration_ar.start;
        reference_sums(w, 0, r, N[r], none, ref);
    }
    for (int t = 1; t <= YEARS; t++) {
        double n[REGIONS], mean = 0, all = 0, younger[2];
        kappa = kappa + delta + p->kappa_sigma * w->kappa[t][lane];
        x = p->tfr_ar.phi * x + p->tfr_ar.sigma * w->fertility[t][lane];
        for (int g = 0; g < 2; g++) {
            younger[g] = p->health_shift * (expectancy60(w, g, kappa) - expectancy60(w, g, p->kappa_start));
        }
        for (int r = 0; r < REGIONS; r++) {
            u[r] = p->migration_ar.phi * u[r] + p->migration_ar.sigma * w->migration[t][r][lane];
            n[r] = w->n[r] * w->fade[t] + u[r];
            all += ref->sums[t - 1][PC_SUM_POPULATION][r];
        }
        for (int r = 0; r < REGIONS; r++) {
            mean += n[r] * (p->closed_weight ? w->weight[t][r] : ref->sums[t - 1][PC_SUM_POPULATION][r] / all);
        }
        for (int r = 0; r < REGIONS; r++) {
            const double P = ref->sums[t - 1][PC_SUM_POPULATION][r];
            double M[CELLS], m[CELLS], births = 0, before = 0;
            if (p->migration_closed) {
                n[r] -= mean;
            }
            for (int i = 0; i < CELLS; i++) {
                m[i] = w->q[r] * exp(w->alpha[i] + w->beta[i] * kappa);
            }
            for (int g = 0; g < 2; g++) {
                const int o = g * PC_AGES;
                for (int a = 0; a < 100; a++) {
                    double stay = N[r][o + a] * exp(-0.5 * (m[o + a] + m[o + a + 1])), G;
                    if (a == 99) {
                        stay += N[r][o + 100] * exp(-m[o + 100]);
                    }
                    before += stay;
                    G = n[r] * P * w->psi[o + a + 1];
                    if (G < -0.5 * stay) {
                        ref->bounded++;
                        ref->withheld += -0.5 * stay - G;
                        G = -0.5 * stay;
                    }
                    ref->moved[t][r] += G;
                    M[o + a + 1] = stay + G;
                }
            }
            for (int a = 15; a < 50; a++) {
                births += w->f[a] * 0.5 * (N[r][a] + M[a]);
            }
            births *= w->v[r] * w->tfr[t] * exp(x);
            M[0] = births / (1 + w->sex_ratio[t]) * exp(-0.5 * m[0]);
            M[PC_AGES] = births * w->sex_ratio[t] / (1 + w->sex_ratio[t]) * exp(-0.5 * m[PC_AGES]);
            ref->births[t][r] = births;
            ref->deaths[t][r] = P - before + births - M[0] - M[PC_AGES];
            memcpy(N[r], M, sizeof M);
            reference_sums(w, t, r, N[r], younger, ref);
        }
    }
}

static void compare(const world *w, int n_lanes)
{
    static reference ref;
    const int n_sums = pc_people_n_sums(&w->p);
    double withheld = 0;
    uint64_t bounded = 0;

    for (int fast = 0; fast < 2; fast++) {
        pc_people_counts counts;
        double *sums = world_run(w, n_lanes, fast, &counts);
        bounded = 0;
        withheld = 0;
        for (int lane = 0; lane < n_lanes; lane++) {
            reference_run(w, lane, &ref);
            bounded += ref.bounded;
            withheld += ref.withheld;
            for (int t = 0; t <= YEARS; t++) {
                for (int s = 0; s < n_sums; s++) {
                    for (int r = 0; r < REGIONS; r++) {
                        const double want = ref.sums[t][s][r];
                        assert_true(fabs(sum_at(w, sums, t, s, r, lane) - want) <= 1e-12 * want);
                    }
                }
            }
        }
        assert_int_equal(counts.migration_bounded, bounded);
        assert_true(fabs(counts.migration_withheld - withheld) <= 1e-9 * withheld);
        pc_free(sums);
    }
}

static void test_reference(void **state)
{
    (void)state;
    world *w = world_new();

    compare(w, 20);
    w->p.migration_closed = 1;
    compare(w, 3);
    w->p.closed_weight = NULL;
    compare(w, 3);
    pc_free(w);
}

static void test_reference_own_e(void **state)
{
    (void)state;
    world *w = world_new();

    for (int i = 0; i < (YEARS + 1) * REGIONS * PC_AGES; i++) {
        (&w->e[1][0][0][0])[i] *= 0.9;
    }
    w->p.rules_share_e = 0;
    compare(w, 5);
    pc_free(w);
}

static void test_reference_health_shift(void **state)
{
    (void)state;
    world *w = world_new();

    w->p.health_shift = 0.7;
    compare(w, 5);
    pc_free(w);
}

/* Large losses meet the bound; they are counted for real lanes only. */
static void test_migration_bound(void **state)
{
    (void)state;
    world *w = world_new();
    pc_people_counts counts, padded;

    w->p.migration_ar.sigma = 0.1;
    pc_free(world_run(w, 7, 1, &counts));
    assert_true(counts.migration_bounded > 0);
    assert_true(counts.migration_withheld > 0);
    compare(w, 7);
    /* A gaining region loses at an age with a share below 0. */
    w->psi[60] = -3;
    compare(w, 4);
    for (int t = 0; t <= YEARS; t++) {
        for (int r = 0; r < REGIONS; r++) {
            for (int lane = 7; lane < PC_LANES; lane++) {
                w->migration[t][r][lane] = -5;
            }
        }
    }
    pc_free(world_run(w, 7, 1, &counts));
    pc_free(world_run(w, 7, 0, &padded));
    assert_int_equal(counts.migration_bounded, padded.migration_bounded);
    assert_memory_equal(&counts.migration_withheld, &padded.migration_withheld, sizeof(double));
    pc_free(w);
}

static void assert_same_bits(const world *w, int n_lanes)
{
    const size_t rows = (size_t)(YEARS + 1) * (size_t)pc_people_n_sums(&w->p) * REGIONS;
    pc_people_counts a, b;
    double *plain = world_run(w, n_lanes, 0, &a), *fast = world_run(w, n_lanes, 1, &b);

    assert_memory_equal(plain, fast, rows * PC_LANES * sizeof(double));
    assert_int_equal(a.migration_bounded, b.migration_bounded);
    assert_memory_equal(&a.migration_withheld, &b.migration_withheld, sizeof(double));
    pc_free(plain);
    pc_free(fast);
}

static void test_same_bits(void **state)
{
    (void)state;
    world *w = world_new();

    assert_same_bits(w, PC_LANES);
    assert_same_bits(w, 33);
    w->p.rules_share_e = 0;
    w->e[1][3][1][70] = 0.2;
    assert_same_bits(w, 5);
    w->p.migration_ar.sigma = 0.1;
    w->p.migration_closed = 1;
    assert_same_bits(w, 64);
    pc_free(w);
}

/* One year of a region by every instruction set that this machine has: nobody leaves, many leave, and so many that the
 * bound is met; guessed and not. */
static void test_ways(void **state)
{
    enum { CELLS_OF_TILE = CELLS * PC_TILE, SUMS = PC_SUM_COMMON + RULES * PC_RULE_SUMS };
    static _Alignas(64) double survival[PC_SEXES * PC_SURVIVAL_ROWS * PC_TILE], then[CELLS_OF_TILE];
    static _Alignas(64) double now[1 + PC_COHORT_WAYS][CELLS_OF_TILE], sums[1 + PC_COHORT_WAYS][SUMS * PC_TILE];
    static _Alignas(64) double rate[PC_TILE], before[PC_TILE], tfr[PC_TILE], withheld[1 + PC_COHORT_WAYS][PC_TILE];
    static _Alignas(64) uint64_t bounded[1 + PC_COHORT_WAYS][PC_TILE];
    world *w = world_new();
    int met = 0;

    (void)state;
    w->p.rules_share_e = 0;
    for (int i = 0; i < PC_SEXES * PC_SURVIVAL_ROWS * PC_TILE; i++) {
        survival[i] = 1 - 0.1 * uniform();
    }
    for (int kind = 0; kind < 6; kind++) {
        memset(withheld, 0, sizeof withheld);
        memset(bounded, 0, sizeof bounded);
        for (int i = 0; i < CELLS_OF_TILE; i++) {
            then[i] = 1000 * uniform();
        }
        for (int lane = 0; lane < PC_TILE; lane++) {
            before[lane] = 100000;
            rate[lane] = kind % 3 == 0 ? 0.01 : kind % 3 == 1 ? -1e-7 * (lane - 3) : -0.03 * (lane - 3);
            tfr[lane] = 1 + uniform();
        }
        for (int way = 0; way < 1 + PC_COHORT_WAYS; way++) {
            pc_cohort_step step = {.people = &w->p,
                                   .year = 3,
                                   .region = 1,
                                   .survival = survival,
                                   .rate = rate,
                                   .before = before,
                                   .tfr = tfr,
                                   .tfr_factor = 1.1,
                                   .bound = kind >= 3,
                                   .then = then,
                                   .now = now[way],
                                   .sums = sums[way],
                                   .sum_stride = PC_TILE,
                                   .bounded = bounded[way],
                                   .withheld = withheld[way]};
            if (way == 0) {
                pc_cohort_step_plain(&step);
            } else if (pc_cohort_step_by((pc_cohort_way)(way - 1), &step)) {
                assert_memory_equal(now[0], now[way], sizeof now[0]);
                assert_memory_equal(sums[0], sums[way], sizeof sums[0]);
                assert_memory_equal(bounded[0], bounded[way], sizeof bounded[0]);
                assert_memory_equal(withheld[0], withheld[way], sizeof withheld[0]);
                met += step.bound;
            }
        }
        assert_true(kind % 3 == 2 || bounded[0][PC_TILE - 1] == 0);
    }
    assert_true(met > 0);
    pc_free(w);
}

/* A band wider than needed, up to all ages, changes the order of sums but not the numbers; and both kernels follow. */
static void test_band_edges(void **state)
{
    (void)state;
    world *w = world_new();
    const int bands[][2] = {{1, 101}, {40, 60}, {15, 100}, {50, 101}, {60, 65}};

    for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++) {
        const int narrow_lo = w->p.band_lo, narrow_hi = w->p.band_hi;
        w->p.band_lo = bands[i][0] < narrow_lo ? bands[i][0] : narrow_lo;
        w->p.band_hi = bands[i][1] > narrow_hi ? bands[i][1] : narrow_hi;
        assert_same_bits(w, 16);
        compare(w, 2);
        w->p.band_lo = narrow_lo;
        w->p.band_hi = narrow_hi;
    }
    /* No band at all: nobody in between, whole pension ages. */
    for (int i = 0; i < RULES * (YEARS + 1) * CELLS; i++) {
        (&w->rho[0][0][0][0])[i] = i % PC_AGES >= 60;
    }
    w->p.band_lo = w->p.band_hi = 60;
    assert_same_bits(w, 16);
    compare(w, 2);
    pc_free(w);
}

/* A lane's numbers do not depend on how many lanes run with it; rows beyond are padding by copies. */
static void test_lanes(void **state)
{
    (void)state;
    world *w = world_new();
    const size_t rows = (size_t)(YEARS + 1) * (size_t)pc_people_n_sums(&w->p) * REGIONS;
    double *all = world_run(w, PC_LANES, 1, NULL), *some = world_run(w, 37, 1, NULL);

    for (size_t row = 0; row < rows; row++) {
        assert_memory_equal(all + row * PC_LANES, some + row * PC_LANES, 37 * sizeof(double));
        for (int lane = 37; lane < PC_LANES; lane++) {
            assert_true(some[row * PC_LANES + (size_t)lane] > 0);
        }
    }
    pc_free(all);
    pc_free(some);
    pc_free(w);
}

/* People = people before - deaths + births + migration, with deaths and births of the reference. */
static void test_conservation(void **state)
{
    (void)state;
    world *w = world_new();
    static reference ref;
    double *sums = world_run(w, 1, 1, NULL);

    reference_run(w, 0, &ref);
    for (int t = 1; t <= YEARS; t++) {
        for (int r = 0; r < REGIONS; r++) {
            const double before = sum_at(w, sums, t - 1, PC_SUM_POPULATION, r, 0);
            const double after = sum_at(w, sums, t, PC_SUM_POPULATION, r, 0);
            assert_true(fabs(before - ref.deaths[t][r] + ref.births[t][r] + ref.moved[t][r] - after) <= 1e-11 * after);
        }
    }
    pc_free(sums);
    pc_free(w);
}

/* Closed migration at the weights of the lane's own populations moves nobody in or out of the whole: with no deaths and
 * births the whole keeps its number. The weights read back from that path are the populations' shares. */
static void test_closed(void **state)
{
    (void)state;
    world *w = world_new();
    double weight[YEARS + 1][REGIONS], start = 0, moving = 0;
    pc_people_counts counts;

    w->p.migration_closed = 1;
    w->p.closed_weight = NULL;
    w->p.kappa_sigma = w->p.kappa_drift = w->p.kappa_drift_se = 0;
    memset(w->drift, 0, sizeof w->drift);
    for (int i = 0; i < CELLS; i++) {
        w->alpha[i] = -800;
        w->psi[i] = i % PC_AGES > YEARS ? w->psi[i] : 0; /* nobody is born, so nobody of these ages can leave */
        moving += w->psi[i];
    }
    for (int i = 0; i < CELLS; i++) {
        w->psi[i] /= moving;
    }
    memset(w->tfr, 0, sizeof w->tfr);
    double *sums = world_run(w, 16, 1, &counts);
    assert_int_equal(counts.migration_bounded, 0);
    for (int r = 0; r < REGIONS; r++) {
        start += sum_at(w, sums, 0, PC_SUM_POPULATION, r, 0);
    }
    for (int lane = 0; lane < 16; lane++) {
        double whole = 0, moved = 0;
        for (int r = 0; r < REGIONS; r++) {
            whole += sum_at(w, sums, YEARS, PC_SUM_POPULATION, r, lane);
            moved += fabs(sum_at(w, sums, YEARS, PC_SUM_POPULATION, r, lane) -
                          sum_at(w, sums, 0, PC_SUM_POPULATION, r, lane));
        }
        assert_true(fabs(whole - start) <= 1e-12 * start);
        assert_true(moved > 1e-3 * start);
    }
    pc_migration_weights(&w->p, sums, &weight[0][0]);
    for (int t = 1; t <= YEARS; t++) {
        double whole = 0;
        for (int r = 0; r < REGIONS; r++) {
            whole += weight[t][r];
        }
        assert_true(fabs(whole - 1) < 1e-15);
        assert_true(fabs(weight[t][0] - sum_at(w, sums, t - 1, PC_SUM_POPULATION, 0, 0) / start) < 1e-12);
    }
    /* Given back as weights they reproduce that path to the bit. */
    w->p.closed_weight = &weight[0][0];
    double *again = world_run(w, 16, 1, NULL);
    for (int r = 0; r < REGIONS; r++) {
        assert_true(sum_at(w, again, YEARS, PC_SUM_POPULATION, r, 0) ==
                    sum_at(w, sums, YEARS, PC_SUM_POPULATION, r, 0));
    }
    pc_free(again);
    pc_free(sums);
    pc_free(w);
}

/* Flat mortality m, no migration, no noise, a population at the ages of the stable one of growth g: with survival s =
 * e^-m a year, N_a = B e^{-m/2} e^{-(m+g) a}, the open age N_99 z / (1 - z), z = e^{-(m+g)}. Births of women 1/(1+SRB)
 * TFR sum f_a (N_a(t-1) + N_a(t)) / 2 = N_0 e^{m/2} give the TFR. Then every sum grows by e^g a year. */
static void test_stable_population(void **state)
{
    (void)state;
    const double rates[][2] = {{0.02, 0}, {0.015, 0.01}, {0.03, -0.02}};

    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const double m = rates[i][0], g = rates[i][1], z = exp(-(m + g)), srb = 1.07;
        world *w = world_new();
        double mothers = 0;
        for (int c = 0; c < CELLS; c++) {
            w->alpha[c] = log(m);
        }
        for (int a = 0; a < PC_AGES; a++) {
            const double n = a < 100 ? pow(z, a) : pow(z, 100) / (1 - z);
            for (int r = 0; r < REGIONS; r++) {
                w->population[r][a] = 1000 * n;
                w->population[r][PC_AGES + a] = 1000 * srb * n;
            }
            mothers += w->f[a] * 0.5 * (pow(z, a) * (exp(-g) + 1));
        }
        for (int t = 0; t <= YEARS; t++) {
            w->sex_ratio[t] = srb;
            w->tfr[t] = (1 + srb) * exp(m / 2) / mothers;
        }
        for (int r = 0; r < REGIONS; r++) {
            w->q[r] = w->v[r] = 1;
            w->n[r] = 0;
        }
        w->p.kappa_start = w->p.kappa_drift = w->p.kappa_drift_se = w->p.kappa_sigma = 0;
        w->p.tfr_ar = w->p.migration_ar = (pc_ar1){0.5, 0, 0};
        for (int fast = 0; fast < 2; fast++) {
            double *sums = world_run(w, 1, fast, NULL);
            const int same[] = {PC_SUM_POPULATION, PC_SUM_AGED, PC_SUM_RESIDENT_COST};
            for (int t = 1; t <= YEARS; t++) {
                for (size_t s = 0; s < 3; s++) {
                    const double want = sum_at(w, sums, 0, same[s], 1, 0) * exp(g * t);
                    assert_true(fabs(sum_at(w, sums, t, same[s], 1, 0) - want) <= 1e-12 * want);
                }
            }
            const double people = 1000 * (1 + srb) / (1 - z);
            assert_true(fabs(sum_at(w, sums, 0, PC_SUM_POPULATION, 0, 0) - people) <= 1e-12 * people);
            pc_free(sums);
        }
        pc_free(w);
    }
}

/* Mean and variance of n normal values against the closed form: 5 standard errors each side, so that a test with a
 * sound generator fails by chance less than once in 1.7 million. */
static void assert_moments(const double *x, int n, double mean, double variance)
{
    double m = 0, v = 0;

    for (int i = 0; i < n; i++) {
        m += x[i] / n;
    }
    for (int i = 0; i < n; i++) {
        v += (x[i] - m) * (x[i] - m) / (n - 1);
    }
    assert_true(fabs(m - mean) <= 5 * sqrt(variance / n));
    assert_true(fabs(v - variance) <= 5 * variance * sqrt(2.0 / (n - 1)));
}

/* kappa(T): mean kappa0 + T drift, variance T sigma^2 + T^2 se^2. */
static void test_index_moments(void **state)
{
    (void)state;
    enum { N = 20000, T = 30 };
    static double end[N];
    double kappa[PC_TILE], delta[PC_TILE], eps[PC_TILE];

    for (int i = 0; i < N; i += PC_TILE) {
        for (int lane = 0; lane < PC_TILE; lane++) {
            kappa[lane] = 3;
            delta[lane] = -1.1 + 0.2 * normal();
        }
        for (int t = 1; t <= T; t++) {
            for (int lane = 0; lane < PC_TILE; lane++) {
                eps[lane] = normal();
            }
            pc_mortality_index(kappa, delta, 2.6, eps);
        }
        memcpy(end + i, kappa, sizeof kappa);
    }
    assert_moments(end, N, 3 - 1.1 * T, T * 2.6 * 2.6 + T * T * 0.2 * 0.2);
}

/* ln TFR(T): mean ln TFR + phi^T start, variance sigma^2 (1 - phi^2T) / (1 - phi^2). */
static void test_fertility_moments(void **state)
{
    (void)state;
    enum { N = 20000 };
    static double end[N];
    world *w = world_new();
    const double phi = 0.9, sigma = 0.05, start = 0.3;
    double x[PC_TILE], eps[PC_TILE], tfr[PC_TILE];

    w->p.tfr_ar = (pc_ar1){phi, sigma, start};
    for (int i = 0; i < N; i += PC_TILE) {
        for (int lane = 0; lane < PC_TILE; lane++) {
            x[lane] = start;
        }
        for (int t = 1; t <= YEARS; t++) {
            for (int lane = 0; lane < PC_TILE; lane++) {
                eps[lane] = normal();
            }
            pc_fertility_rate(&w->p, t, x, eps, tfr);
        }
        for (int lane = 0; lane < PC_TILE; lane++) {
            end[i + lane] = log(tfr[lane]);
        }
    }
    assert_moments(end, N, log(w->tfr[YEARS]) + pow(phi, YEARS) * start,
                   sigma * sigma * (1 - pow(phi, 2 * YEARS)) / (1 - phi * phi));
    pc_free(w);
}

/* Years in blocks: the same bits and counts, also in the sums of a block's last year that the next begins with. */
static void test_blocks(void **state)
{
    static const int blocks[] = {1, 2, 3, YEARS - 1, YEARS};
    world *w = world_new();
    const size_t year_rows = (size_t)pc_people_n_sums(&w->p) * (size_t)w->p.n_regions * PC_LANES;
    const int n_lanes = 77;
    const pc_people_drivers drivers = world_drivers(w, n_lanes);
    pc_people_counts whole = {0}, counts;
    double *want;

    (void)state;
    w->p.migration_closed = 0;
    want = world_run(w, n_lanes, 1, &whole);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        const int block = blocks[b];
        double *sums = pc_calloc((size_t)(block + 1) * year_rows, sizeof *sums);
        void *scratch = pc_calloc(pc_people_scratch_bytes(&w->p, block), 1);

        for (int first = 1; first <= YEARS; first += block) {
            const int last = first + block - 1 < YEARS ? first + block - 1 : YEARS;
            pc_people_block_run(&w->p, first, block, &drivers, sums, &counts, scratch, 1);
            assert_memory_equal(sums, want + (size_t)(first - 1) * year_rows,
                                (size_t)(last - first + 2) * year_rows * sizeof *sums);
        }
        assert_int_equal(counts.migration_bounded, whole.migration_bounded);
        assert_true(counts.migration_withheld == whole.migration_withheld);
        pc_free(sums);
        pc_free(scratch);
    }
    pc_free(want);
    pc_free(w);
}

static void test_life_expectancy(void **state)
{
    (void)state;
    double m[PC_AGES];

    for (int a = 0; a < PC_AGES; a++) {
        m[a] = 0.02;
    }
    assert_true(fabs(pc_life_expectancy(m, 1, 0) - 50) < 1e-12);
    assert_true(fabs(pc_life_expectancy(m, 1, 60) - 50) < 1e-12);
    for (int a = 0; a < 100; a++) {
        m[a] = 0;
    }
    assert_true(fabs(pc_life_expectancy(m, 1, 60) - (40 + 50)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_reference_own_e),
        cmocka_unit_test(test_reference_health_shift),
        cmocka_unit_test(test_migration_bound),
        cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_ways),
        cmocka_unit_test(test_band_edges),
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_conservation),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_stable_population),
        cmocka_unit_test(test_index_moments),
        cmocka_unit_test(test_fertility_moments),
        cmocka_unit_test(test_life_expectancy),
    };
    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
