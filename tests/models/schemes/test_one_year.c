/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Economy and schemes together in the smallest case that has a closed form, and what the schemes say of themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "../heads.h"
#include "base/math.h"
#include "base/memory.h"
#include "schemes/heads.h"
#include "schemes/schemes.h"

static uint64_t random_state;

static double uniform(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want))) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

/* One year, one region, cost apart from wages, only wage noise: R = R1 exp(sigma eps) with R1 the central revenue, so
 * P(R < E) = Phi(ln(E / R1) / sigma). Within 3 standard errors at a million paths (false alarm 0.3 % for another seed).
 */
static void test_deficit_probability(void **state)
{
    enum { LEAVES = 3907 };
    static const double wage_start[1] = {80000}, growth[2] = {0, 0.05}, mean[2] = {0.02, 0.02}, none[2] = {0, 0};
    static const double excess[2] = {0, 0.08}, one[2] = {1, 1}, ratio[1] = {0.7}, rate[1] = {0.1}, share[1] = {0.7};
    static const double zero[1] = {0}, cap[2] = {1.1, 1.1}, cost[1] = {2300};
    static double sums[(PC_SUM_COMMON + PC_RULE_SUMS) * PC_LANES] __attribute__((aligned(64)));
    static double exposure[PC_SUM_COMMON + PC_RULE_SUMS];
    static double province[PC_PROVINCE_ROWS * PC_LANES] __attribute__((aligned(64)));
    const pc_membership_rule rule = {.h_cap = cap};
    const double sigma = 0.03, n = (double)LEAVES * PC_LANES;
    const pc_year_drivers drivers = {.province = province};
    pc_economy e = {.n_regions = 1,
                    .n_years = 1,
                    .wage_growth = growth,
                    .wage = {0.6, sigma, 0},
                    .wage_start = wage_start,
                    .excess = {excess, none},
                    .return_mean = mean};
    pc_schemes s = {.n_regions = 1,
                    .n_years = 1,
                    .n_rules = 1,
                    .rules = &rule,
                    .base_exposure = exposure,
                    .outside_contributors = one,
                    .outside_retirees = one,
                    .enrolment = zero,
                    .wage_start = wage_start,
                    .base_ratio = ratio,
                    .rate = rate,
                    .pooled_share = share,
                    .account_start = zero,
                    .credit = zero,
                    .financing_start = zero,
                    .financing_growth = none,
                    .financing_step = none,
                    .income_start = zero,
                    .cost_start = {cost, zero},
                    .major_illness = {none, none},
                    .benefit = {one, one},
                    .revenue_start = {zero, zero},
                    .expenditure_start = {zero, zero},
                    .other_start = {zero, zero},
                    .balance_start = {zero, zero},
                    .cpi = one};
    void *memory = pc_calloc(1, pc_economy_state_bytes(&e)), *more = pc_calloc(1, pc_schemes_state_bytes(&s));
    pc_flows flows[1][PC_SCHEMES];
    pc_weather w;
    double events = 0, p, below = 0;
    const double r1 = 1e6 * 80000 * exp(0.05) * 0.7 * 0.1 * 0.7, e1 = 2300 * exp(0.08) * 1.7e6;

    (void)state;
    for (int j = 0; j < PC_SUM_COMMON + PC_RULE_SUMS; j++) {
        for (int lane = 0; lane < PC_LANES; lane++) {
            sums[j * PC_LANES + lane] = j == PC_SUM_OF_RULE(0, PC_RULE_RETIREE_COST) ? 7e5 : 1e6;
        }
    }
    random_state = 23;
    for (int leaf = 0; leaf < LEAVES; leaf++) {
        for (int lane = 0; lane < PC_LANES; lane++) {
            province[PC_ROW_WAGE * PC_LANES + lane] = uniform();
        }
        pc_norm_inv_rows(province + PC_ROW_WAGE * PC_LANES, province + PC_ROW_WAGE * PC_LANES, PC_LANES);
        pc_economy_start(&e, memory, &w);
        pc_schemes_start(&s, NULL, more, flows);
        pc_economy_step(&e, 1, &drivers, memory, &w);
        pc_schemes_step(&s, 1, sums, sums, &w, NULL, 1, PC_LANES, more, flows, NULL);
        for (int lane = 0; lane < PC_LANES; lane++) {
            events += flows[0][PC_EMPLOYEE].revenue[lane] < flows[0][PC_EMPLOYEE].expenditure[lane];
            below +=
                flows[0][PC_EMPLOYEE].revenue[lane] < r1 * exp(-1.2815515655446004 * sigma); /* the 10 % quantile */
        }
    }
    assert_close(flows[0][PC_EMPLOYEE].expenditure[0], e1, 1e-13);
    p = 0.5 * erfc(-log(e1 / r1) / sigma / sqrt(2));
    assert_true(p > 0.05 && p < 0.95);
    assert_true(fabs(events / n - p) < 3 * sqrt(p * (1 - p) / n));
    assert_true(fabs(below / n - 0.1) < 3 * sqrt(0.09 / n));
    pc_free(memory);
    pc_free(more);
}

static void test_heads(void **state)
{
    const pc_head *const heads[] = {&pc_head_employee, &pc_head_resident, &pc_head_base_uncertainty};
    const int n[] = {5, 11, 6};

    (void)state;
    assert_heads(heads, n, 3, "scheme");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deficit_probability),
        cmocka_unit_test(test_heads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
