/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flows of both schemes against the formulas of the model computed path by path, and against closed forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "schemes/schemes.h"

/* Counts what is allocated; a sanitizer has its own malloc. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PC_NO_COUNT
#endif
#endif
#ifndef PC_NO_COUNT
#define PC_COUNT
#endif
#endif

#ifdef PC_COUNT
static unsigned long n_allocations;
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void *malloc(size_t size)
{
    n_allocations++;
    return __libc_malloc(size);
}
void *calloc(size_t count, size_t size)
{
    n_allocations++;
    return __libc_calloc(count, size);
}
void *aligned_alloc(size_t alignment, size_t size)
{
    n_allocations++;
    return __libc_memalign(alignment, size);
}
#endif

enum { YEARS = 4, REGIONS = 3, RULES = 2, SUMS = PC_SUM_COMMON + RULES * PC_RULE_SUMS, BLOCK = REGIONS * PC_LANES };

static uint64_t random_state;

static double uniform(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static double between(double lo, double hi)
{
    return lo + (hi - lo) * uniform();
}

/* Everything the schemes read, with numbers that have nothing in common with one another. */
typedef struct fixture {
    pc_schemes schemes;
    pc_membership_rule rules[RULES];
    double h_cap[RULES][(YEARS + 1) * REGIONS];
    double exposure[SUMS * REGIONS];
    double outside[2][REGIONS], enrolment[REGIONS], wage[REGIONS], ratio[REGIONS], rate[REGIONS], share[REGIONS];
    double account[REGIONS], credit[REGIONS], financing[REGIONS], income[REGIONS];
    double growth[YEARS + 1], step[YEARS + 1], cpi[YEARS + 1];
    double cost[PC_SCHEMES][REGIONS], major[PC_SCHEMES][YEARS + 1], benefit[PC_SCHEMES][YEARS + 1];
    double revenue[PC_SCHEMES][REGIONS], expenditure[PC_SCHEMES][REGIONS], other[PC_SCHEMES][REGIONS],
        balance[PC_SCHEMES][REGIONS];
    _Alignas(64) double sums[YEARS + 1][SUMS * BLOCK];
    double rows[YEARS + 1][6 * BLOCK]; /* employment, wage growth, wage, income, cost, cost */
    double interest[YEARS + 1][PC_LANES], shock[YEARS + 1][4 * BLOCK], claims[YEARS + 1][PC_SCHEMES * BLOCK];
    double eps[PC_SCHEMES * 3 * BLOCK];
} fixture;

static fixture *make_fixture(void)
{
    fixture *f = pc_calloc(1, sizeof *f);
    pc_schemes *s = &f->schemes;

    assert_non_null(f);
    random_state = 17;
    s->n_regions = REGIONS;
    s->n_years = YEARS;
    s->n_rules = RULES;
    s->rules = f->rules;
    for (int k = 0; k < RULES; k++) {
        f->rules[k].h_cap = f->h_cap[k];
        for (int i = 0; i < (YEARS + 1) * REGIONS; i++) {
            f->h_cap[k][i] = between(1.02, 1.06);
        }
    }
    for (int r = 0; r < REGIONS; r++) {
        f->outside[0][r] = between(1, 1.05);
        f->outside[1][r] = between(1, 1.05);
        f->enrolment[r] = between(0.9, 1);
        f->wage[r] = between(6e4, 12e4);
        f->ratio[r] = between(0.5, 0.9);
        f->rate[r] = between(0.08, 0.1);
        f->share[r] = between(0.6, 0.8);
        f->account[r] = between(1e9, 2e9);
        f->credit[r] = between(700, 1100);
        f->financing[r] = between(900, 1100);
        f->income[r] = between(3e4, 5e4);
        for (int j = 0; j < PC_SCHEMES; j++) {
            f->cost[j][r] = between(1000, 3000);
            f->revenue[j][r] = between(4e9, 5e9);
            f->expenditure[j][r] = between(3e9, 4e9);
            f->balance[j][r] = between(-1e9, 5e9);
        }
        for (int j = 0; j < SUMS; j++) {
            f->exposure[j * REGIONS + r] =
                between(1e6, 1.2e6) * (j == PC_SUM_POPULATION || j == PC_SUM_RESIDENT_COST ? 5 : 1);
        }
    }
    for (int t = 0; t <= YEARS; t++) {
        f->growth[t] = between(0, 0.05);
        f->step[t] = between(10, 40);
        f->cpi[t] = 1;
        for (int j = 0; j < PC_SCHEMES; j++) {
            f->major[j][t] = between(0.02, 0.06);
            f->benefit[j][t] = t ? between(0.9, 1.1) : 1;
        }
        for (int j = 0; j < SUMS; j++) {
            for (int i = 0; i < BLOCK; i++) {
                f->sums[t][j * BLOCK + i] =
                    between(1e6, 1.2e6) * (j == PC_SUM_POPULATION || j == PC_SUM_RESIDENT_COST ? 5 : 1);
            }
        }
        for (int i = 0; i < BLOCK; i++) {
            f->rows[t][0 * BLOCK + i] = t ? between(0.95, 1.1) : 1;
            f->rows[t][1 * BLOCK + i] = t ? between(-0.02, 0.08) : 0;
            f->rows[t][2 * BLOCK + i] =
                t ? f->rows[t - 1][2 * BLOCK + i] * exp(f->rows[t][BLOCK + i]) : f->wage[i / PC_LANES];
            f->rows[t][3 * BLOCK + i] = t ? f->rows[t - 1][3 * BLOCK + i] * exp(f->rows[t][BLOCK + i] - 0.01) : 1;
            f->rows[t][4 * BLOCK + i] = t ? between(1, 1.5) : 1;
            f->rows[t][5 * BLOCK + i] = t ? between(1, 1.5) : 1;
            for (int j = 0; j < 4; j++) {
                f->shock[t][j * BLOCK + i] = uniform() < 0.5 ? 1 : between(0.8, 1.3);
            }
            for (int j = 0; j < PC_SCHEMES; j++) {
                f->claims[t][j * BLOCK + i] = pc_norm_inv(uniform());
            }
        }
        for (int lane = 0; lane < PC_LANES; lane++) {
            f->interest[t][lane] = between(0, 0.04);
        }
    }
    /* One region of the second rule has more contributors than people: residents cannot be fewer than 0. */
    for (int lane = 0; lane < PC_LANES; lane += 3) {
        f->sums[2][(PC_SUM_OF_RULE(1, PC_RULE_CONTRIBUTORS) * REGIONS + 1) * PC_LANES + lane] = 3e7;
        f->sums[2][(PC_SUM_OF_RULE(1, PC_RULE_CONTRIBUTOR_RCOST) * REGIONS + 1) * PC_LANES + lane] = 3e7;
    }
    for (int i = 0; i < PC_SCHEMES * 3 * BLOCK; i++) {
        f->eps[i] = pc_norm_inv(uniform());
    }
    s->base_exposure = f->exposure;
    s->outside_contributors = f->outside[0];
    s->outside_retirees = f->outside[1];
    s->enrolment = f->enrolment;
    s->wage_start = f->wage;
    s->base_ratio = f->ratio;
    s->rate = f->rate;
    s->pooled_share = f->share;
    s->account_start = f->account;
    s->account_use = 0.29;
    s->credit = f->credit;
    s->financing_start = f->financing;
    s->financing = PC_FINANCING_INCOME;
    s->financing_growth = f->growth;
    s->financing_step = f->step;
    s->income_start = f->income;
    s->cpi = f->cpi;
    for (int j = 0; j < PC_SCHEMES; j++) {
        s->cost_start[j] = f->cost[j];
        s->major_illness[j] = f->major[j];
        s->benefit[j] = f->benefit[j];
        s->revenue_start[j] = f->revenue[j];
        s->expenditure_start[j] = f->expenditure[j];
        s->other_start[j] = f->other[j];
        s->balance_start[j] = f->balance[j];
        s->expenditure_includes_other[j] = 1;
        s->sd_revenue[j] = 0.02;
        s->sd_expenditure[j] = 0.03;
        s->sd_balance[j] = 0.1;
        s->claims_cv[j] = 3.5 + j;
        s->claims_tau[j] = 0.01 + 0.01 * j;
        for (int r = 0; r < REGIONS; r++) {
            f->other[j][r] = f->major[j][0] * f->revenue[j][r];
            if (j == PC_EMPLOYEE) {
                f->other[j][r] +=
                    f->credit[r] * f->outside[1][r] * f->exposure[PC_SUM_OF_RULE(0, PC_RULE_RETIREES) * REGIONS + r];
            }
        }
    }
    return f;
}

static pc_weather weather_of(fixture *f, int t, int shocks)
{
    pc_weather w = {.year = t,
                    .interest = f->interest[t],
                    .employment = f->rows[t],
                    .wage_growth = f->rows[t] + BLOCK,
                    .wage = f->rows[t] + 2 * BLOCK,
                    .income = f->rows[t] + 3 * BLOCK,
                    .cost = {f->rows[t] + 4 * BLOCK, f->rows[t] + 5 * BLOCK},
                    .claims_eps = {f->claims[t], f->claims[t] + BLOCK}};

    for (int s = 0; s < PC_SCHEMES; s++) {
        w.shock_revenue[s] = shocks ? f->shock[t] + 2 * s * BLOCK : NULL;
        w.shock_expenditure[s] = shocks ? f->shock[t] + (2 * s + 1) * BLOCK : NULL;
    }
    return w;
}

static void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want))) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

static double noise_of(double cv, double tau, double members, double eps)
{
    const double s2 = log1p(cv * cv / members + tau * tau);

    return members < 1 ? 1 : exp(sqrt(s2) * eps - s2 / 2);
}

/* Every flow of every path, region, rule and year from the formulas, for one way of financing. */
static void compare_with_formulas(pc_financing financing, int linked, int shocks, int noise)
{
    fixture *f = make_fixture();
    pc_schemes *s = &f->schemes;
    pc_flows flows[RULES][PC_SCHEMES];
    pc_base_factors factors;
    void *state, *memory;
    static double account[RULES][BLOCK], financed[RULES][BLOCK];

    s->financing = financing;
    s->credit_wage_linked = linked;
    state = pc_calloc(1, pc_schemes_state_bytes(s));
    memory = pc_calloc(1, pc_base_factors_bytes(s));
    assert_non_null(state);
    assert_non_null(memory);
    pc_base_factors_start(s, f->eps, memory, &factors);
    pc_schemes_start(s, &factors, state, flows);
    for (int k = 0; k < RULES; k++) {
        for (int i = 0; i < BLOCK; i++) {
            account[k][i] = f->account[i / PC_LANES];
            financed[k][i] = f->financing[i / PC_LANES];
            assert_true(flows[k][PC_EMPLOYEE].account[i] == account[k][i]);
        }
        assert_null(flows[k][PC_RESIDENT].account);
    }
    for (int t = 1; t <= YEARS; t++) {
        const pc_weather w = weather_of(f, t, shocks);
        unsigned long capped = 99, want_capped = 0;

        pc_schemes_step(s, t, f->sums[t - 1], f->sums[t], &w, &factors, noise, 250, state, flows, &capped);
        for (int k = 0; k < RULES; k++) {
            for (int i = 0; i < BLOCK; i++) {
                const int r = i / PC_LANES, lane = i % PC_LANES;
                const pc_flows *e = &flows[k][PC_EMPLOYEE], *p = &flows[k][PC_RESIDENT];
#define MEAN(sum) (0.5 * (f->sums[t - 1][(sum)*BLOCK + i] + f->sums[t][(sum)*BLOCK + i]))
#define OF(sum)   MEAN(PC_SUM_OF_RULE(k, sum))
#define SHOCK(j)  (shocks ? f->shock[t][(j)*BLOCK + i] : 1)
                const double h = fmin(f->h_cap[k][t * REGIONS + r], w.employment[i]);
                const double act = f->outside[0][r] * h * OF(PC_RULE_CONTRIBUTORS);
                const double ret = f->outside[1][r] * OF(PC_RULE_RETIREES);
                const double u =
                    f->outside[0][r] * h * OF(PC_RULE_CONTRIBUTOR_COST) + f->outside[1][r] * OF(PC_RULE_RETIREE_COST);
                const double res = fmax(0, f->enrolment[r] * (MEAN(PC_SUM_POPULATION) - h * OF(PC_RULE_CONTRIBUTORS) -
                                                              OF(PC_RULE_RETIREES)));
                const double v =
                    fmax(0, f->enrolment[r] * (MEAN(PC_SUM_RESIDENT_COST) - h * OF(PC_RULE_CONTRIBUTOR_RCOST) -
                                               OF(PC_RULE_RETIREE_RCOST)));
                const double payroll = act * w.wage[i] * f->ratio[r] * factors.revenue[0][i];
                const double revenue = payroll * f->rate[r] * f->share[r] * SHOCK(0);
                const double credits = f->credit[r] * (linked ? w.wage[i] / f->wage[r] : 1) * ret;
                const double z = noise ? noise_of(3.5, 0.01, act + ret, f->claims[t][i]) : 1;
                const double zr = noise ? noise_of(4.5, 0.02, res, f->claims[t][BLOCK + i]) : 1;
                double resident_revenue;

                want_capped += k == 0 && lane < 250 && w.employment[i] > f->h_cap[k][t * REGIONS + r];
                account[k][i] =
                    (account[k][i] * (1 + w.interest[lane]) +
                     (payroll * f->rate[r] * (1 - f->share[r]) * SHOCK(0) + credits) * (1 + w.interest[lane] / 2)) *
                    (1 - 0.29);
                if (financing == PC_FINANCING_INCOME) {
                    financed[k][i] *= exp(w.wage_growth[i] - 0.01 + f->growth[t]);
                } else if (financing == PC_FINANCING_TABLE) {
                    financed[k][i] *= exp(f->growth[t]);
                } else {
                    financed[k][i] += f->step[t];
                }
                resident_revenue = res * financed[k][i] * SHOCK(2) * factors.revenue[1][i];
                assert_close(e->contributors[i], act, 1e-12);
                assert_close(e->retirees[i], ret, 1e-12);
                assert_close(e->members[i], act + ret, 1e-12);
                assert_close(e->payroll[i], payroll, 1e-12);
                assert_close(e->base[i], payroll * f->share[r], 1e-12);
                assert_close(e->revenue[i], revenue, 1e-12);
                assert_close(e->credits[i], credits, 1e-12);
                assert_close(e->other[i], credits + f->major[0][t] * revenue, 1e-12);
                assert_close(e->expenditure[i],
                             f->cost[0][r] * w.cost[0][i] * f->benefit[0][t] * u * z * SHOCK(1) *
                                 factors.expenditure[0][i],
                             1e-12);
                assert_close(e->expected[i], f->cost[0][r] * w.cost[0][i] * f->benefit[0][t] * u, 1e-12);
                assert_close(p->expected[i], f->cost[1][r] * w.cost[1][i] * f->benefit[1][t] * v, 1e-12);
                assert_close(e->account[i], account[k][i], 1e-12);
                assert_close(p->contributors[i], res, 1e-12);
                assert_close(p->members[i], res, 1e-12);
                assert_true(p->retirees[i] == 0 && p->credits[i] == 0);
                assert_close(p->payroll[i], res * f->income[r] * w.income[i], 1e-12);
                assert_close(p->base[i], p->payroll[i], 1e-15);
                assert_close(p->revenue[i], resident_revenue, 1e-12);
                assert_close(p->other[i], f->major[1][t] * resident_revenue, 1e-12);
                assert_close(p->expenditure[i],
                             f->cost[1][r] * w.cost[1][i] * f->benefit[1][t] * v * zr * SHOCK(3) *
                                 factors.expenditure[1][i],
                             1e-12);
                if (k == 1 && r == 1 && t == 2 && lane % 3 == 0) {
                    assert_true(p->members[i] == 0 && p->expenditure[i] == 0);
                }
#undef MEAN
#undef OF
#undef SHOCK
            }
        }
        assert_int_equal(capped, want_capped);
        assert_true(capped > 0);
    }
    pc_free(state);
    pc_free(memory);
    pc_free(f);
}

static void test_flows_income(void **state)
{
    (void)state;
    compare_with_formulas(PC_FINANCING_INCOME, 0, 1, 1);
}

static void test_flows_table(void **state)
{
    (void)state;
    compare_with_formulas(PC_FINANCING_TABLE, 1, 0, 1);
}

static void test_flows_step(void **state)
{
    (void)state;
    compare_with_formulas(PC_FINANCING_STEP, 0, 1, 0);
}

static void test_base_year(void **state)
{
    fixture *f = make_fixture();
    const pc_schemes *s = &f->schemes;
    pc_flows flows[RULES][PC_SCHEMES];
    pc_base_factors factors;
    void *memory = pc_calloc(1, pc_schemes_state_bytes(s)), *more = pc_calloc(1, pc_base_factors_bytes(s));

    (void)state;
    pc_base_factors_start(s, f->eps, more, &factors);
    for (int drawn = 0; drawn < 2; drawn++) {
        pc_schemes_start(s, drawn ? &factors : NULL, memory, flows);
        for (int k = 0; k < RULES; k++) {
            for (int i = 0; i < BLOCK; i++) {
                const int r = i / PC_LANES;
                const pc_flows *e = &flows[k][PC_EMPLOYEE], *p = &flows[k][PC_RESIDENT];
                const double act =
                    f->outside[0][r] * f->exposure[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS) * REGIONS + r];
                const double ret = f->outside[1][r] * f->exposure[PC_SUM_OF_RULE(0, PC_RULE_RETIREES) * REGIONS + r];
                const double fr = drawn ? factors.revenue[0][i] : 1, fe = drawn ? factors.expenditure[0][i] : 1;

                assert_close(e->contributors[i], act, 1e-14);
                assert_close(e->members[i], act + ret, 1e-14);
                assert_close(e->revenue[i], f->revenue[0][r] * fr, 1e-14);
                assert_close(e->expenditure[i], f->expenditure[0][r] * fe, 1e-14);
                assert_close(e->expected[i], f->expenditure[0][r], 1e-14);
                assert_close(e->credits[i], f->credit[r] * ret, 1e-14);
                assert_close(e->other[i], f->credit[r] * ret + f->major[0][0] * f->revenue[0][r] * fr, 1e-14);
                assert_close(p->payroll[i], p->members[i] * f->income[r], 1e-14);
                assert_true(p->retirees[i] == 0 && p->credits[i] == 0 && p->members[i] > 0);
                if (drawn) {
                    /* E' + X' is the published figure, drawn. */
                    const double published = f->expenditure[0][r] + f->other[0][r];

                    assert_close(e->expenditure[i] + e->other[i], published * exp(0.03 * f->eps[BLOCK + i]), 1e-13);
                    assert_close(fr, exp(0.02 * f->eps[i]), 1e-14);
                    assert_close(factors.balance[1][i], exp(0.1 * f->eps[5 * BLOCK + i]), 1e-14);
                }
            }
        }
    }
    pc_free(memory);
    pc_free(more);
    pc_free(f);
}

static void test_base_factors(void **state)
{
    fixture *f = make_fixture();
    pc_schemes *s = &f->schemes;
    pc_base_factors factors;
    void *memory = pc_calloc(1, pc_base_factors_bytes(s));

    (void)state;
    pc_base_factors_start(s, NULL, memory, &factors);
    for (int i = 0; i < BLOCK; i++) {
        assert_true(factors.expenditure[0][i] == 1 && factors.revenue[1][i] == 1 && factors.balance[0][i] == 1);
    }
    for (int j = 0; j < PC_SCHEMES; j++) {
        s->sd_revenue[j] = s->sd_expenditure[j] = 0;
    }
    pc_base_factors_start(s, f->eps, memory, &factors);
    for (int i = 0; i < BLOCK; i++) {
        assert_true(factors.expenditure[0][i] == 1 && factors.expenditure[1][i] == 1);
    }
    s->sd_expenditure[PC_EMPLOYEE] = 0.5;
    s->expenditure_includes_other[PC_EMPLOYEE] = 0;
    pc_base_factors_start(s, f->eps, memory, &factors);
    for (int i = 0; i < BLOCK; i++) {
        assert_close(factors.expenditure[0][i], exp(0.5 * f->eps[BLOCK + i]), 1e-14);
    }
    /* A draw below the X in it leaves nothing, not less; no expenditure, no multiplier. */
    s->expenditure_includes_other[PC_EMPLOYEE] = 1;
    f->other[PC_EMPLOYEE][0] = 3e10;
    f->expenditure[PC_EMPLOYEE][1] = 0;
    pc_base_factors_start(s, f->eps, memory, &factors);
    for (int i = 0; i < PC_LANES; i++) {
        const double m = 1 + (3e10 / f->expenditure[0][0] + 1) * (exp(0.5 * f->eps[BLOCK + i]) - 1);

        assert_true(factors.expenditure[0][i] >= 0);
        assert_true(fabs(factors.expenditure[0][i] - fmax(0, m)) < 1e-12);
        assert_true(factors.expenditure[0][PC_LANES + i] == 1);
    }
    pc_free(memory);
    pc_free(f);
}

/* All money times 10: all flows of money times 10, persons the same. */
static void test_money_scales(void **state)
{
    fixture *f = make_fixture();
    pc_schemes *s = &f->schemes;
    pc_flows one[RULES][PC_SCHEMES], ten[RULES][PC_SCHEMES];
    void *memory[2] = {pc_calloc(1, pc_schemes_state_bytes(s)), pc_calloc(1, pc_schemes_state_bytes(s))};

    (void)state;
    s->financing = PC_FINANCING_STEP;
    for (int scale = 0; scale < 2; scale++) {
        pc_schemes_start(s, NULL, memory[scale], scale ? ten : one);
        for (int t = 1; t <= YEARS; t++) {
            const pc_weather w = weather_of(f, t, 1);

            pc_schemes_step(s, t, f->sums[t - 1], f->sums[t], &w, NULL, 1, PC_LANES, memory[scale], scale ? ten : one,
                            NULL);
        }
        for (int r = 0; r < REGIONS; r++) {
            f->wage[r] *= 10;
            f->account[r] *= 10;
            f->credit[r] *= 10;
            f->financing[r] *= 10;
            f->income[r] *= 10;
            f->cost[0][r] *= 10;
            f->cost[1][r] *= 10;
        }
        for (int t = 0; t <= YEARS; t++) {
            f->step[t] *= 10;
            for (int i = 0; i < BLOCK; i++) {
                f->rows[t][2 * BLOCK + i] *= 10;
            }
        }
    }
    for (int k = 0; k < RULES; k++) {
        for (int j = 0; j < PC_SCHEMES; j++) {
            const pc_flows *a = &one[k][j], *b = &ten[k][j];

            for (int i = 0; i < BLOCK; i++) {
                assert_close(b->revenue[i], 10 * a->revenue[i], 1e-14);
                assert_close(b->expenditure[i], 10 * a->expenditure[i], 1e-14);
                assert_close(b->other[i], 10 * a->other[i], 1e-14);
                assert_close(b->base[i], 10 * a->base[i], 1e-14);
                assert_true(b->members[i] == a->members[i]);
                if (j == PC_EMPLOYEE) {
                    assert_close(b->account[i], 10 * a->account[i], 1e-14);
                }
            }
        }
    }
    pc_free(memory[0]);
    pc_free(memory[1]);
    pc_free(f);
}

/* A second rule leaves the bits of the first alone, and a path those of its neighbours. */
static void test_rules_are_apart(void **state)
{
    fixture *f = make_fixture();
    pc_schemes alone = f->schemes;
    pc_flows both[RULES][PC_SCHEMES], first[1][PC_SCHEMES];
    void *memory[2];

    (void)state;
    alone.n_rules = 1;
    memory[0] = pc_calloc(1, pc_schemes_state_bytes(&f->schemes));
    memory[1] = pc_calloc(1, pc_schemes_state_bytes(&alone));
    pc_schemes_start(&f->schemes, NULL, memory[0], both);
    pc_schemes_start(&alone, NULL, memory[1], first);
    for (int t = 1; t <= YEARS; t++) {
        pc_weather w = weather_of(f, t, 1);

        pc_schemes_step(&f->schemes, t, f->sums[t - 1], f->sums[t], &w, NULL, 1, PC_LANES, memory[0], both, NULL);
        for (int j = PC_SUM_COMMON + PC_RULE_SUMS; j < SUMS; j++) { /* other rules' sums are not read */
            for (int i = 0; i < BLOCK; i++) {
                f->sums[t - 1][j * BLOCK + i] = NAN;
            }
        }
        w.interest[PC_LANES - 1] = NAN;
        pc_schemes_step(&alone, t, f->sums[t - 1], f->sums[t], &w, NULL, 1, PC_LANES, memory[1], first, NULL);
    }
    for (int j = 0; j < PC_SCHEMES; j++) {
        assert_memory_equal(both[0][j].revenue, first[0][j].revenue, BLOCK * sizeof(double));
        assert_memory_equal(both[0][j].expenditure, first[0][j].expenditure, BLOCK * sizeof(double));
        assert_memory_equal(both[0][j].other, first[0][j].other, BLOCK * sizeof(double));
    }
    assert_memory_equal(both[0][0].account, first[0][0].account, (PC_LANES - 1) * sizeof(double));
    pc_free(memory[0]);
    pc_free(memory[1]);
    pc_free(f);
}

static void test_no_allocation(void **state)
{
    (void)state;
#ifdef PC_COUNT
    fixture *f = make_fixture();
    pc_flows flows[RULES][PC_SCHEMES];
    pc_base_factors factors;
    void *memory = pc_calloc(1, pc_schemes_state_bytes(&f->schemes));
    void *more = pc_calloc(1, pc_base_factors_bytes(&f->schemes));
    const pc_shock shock = {.probability = 0.5, .duration = 1, .weight_expenditure = {1, 1}};
    const pc_economy e = {.n_regions = 1,
                          .n_years = YEARS,
                          .wage_growth = f->growth,
                          .wage_start = f->wage,
                          .excess = {f->growth, f->growth},
                          .return_mean = f->growth,
                          .n_shocks = 1,
                          .n_shock_instances = 1,
                          .shocks = &shock};
    const pc_year_drivers drivers = {.shock = f->eps};
    void *third = pc_calloc(1, pc_economy_state_bytes(&e));
    unsigned long before = n_allocations;
    pc_weather weather;

    assert_true(before > 0);
    pc_economy_start(&e, third, &weather);
    pc_economy_step(&e, 1, &drivers, third, &weather);
    pc_base_factors_start(&f->schemes, f->eps, more, &factors);
    pc_schemes_start(&f->schemes, &factors, memory, flows);
    for (int t = 1; t <= YEARS; t++) {
        const pc_weather w = weather_of(f, t, 1);

        pc_schemes_step(&f->schemes, t, f->sums[t - 1], f->sums[t], &w, &factors, 1, PC_LANES, memory, flows, NULL);
    }
    assert_int_equal(n_allocations, before);
    pc_free(third);
    pc_free(memory);
    pc_free(more);
    pc_free(f);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flows_income),    cmocka_unit_test(test_flows_table),
        cmocka_unit_test(test_flows_step),      cmocka_unit_test(test_base_year),
        cmocka_unit_test(test_base_factors),    cmocka_unit_test(test_money_scales),
        cmocka_unit_test(test_rules_are_apart), cmocka_unit_test(test_no_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
