/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both schemes over all regions and membership rules: memory of the flows, the base year, and the year's order. */
#include "schemes.h"

#include <string.h>

#include "base/math.h"
#include "carver.h"
#include "parts.h"

/* The head of the state; rows follow. */
typedef struct scheme_state {
    double financing_path; /* what pc_financing_path carries */
    double *ones;          /* [PC_LANES], read where there is no shock or no base uncertainty */
} scheme_state;

static size_t lay_out(const pc_schemes *schemes, void *memory, pc_flows (*flows)[PC_SCHEMES])
{
    const size_t n = (size_t)schemes->n_regions;
    pc_carver c = {.base = memory};
    scheme_state *head = pc_carve(&c, sizeof *head);
    double *ones = pc_carve_rows(&c, 1);

    if (head) {
        head->ones = ones;
    }
    for (int k = 0; k < schemes->n_rules; k++) {
        for (int s = 0; s < PC_SCHEMES; s++) {
            pc_flows f = {0};

            f.revenue = pc_carve_rows(&c, n);
            f.expenditure = pc_carve_rows(&c, n);
            f.credits = pc_carve_rows(&c, n);
            f.other = pc_carve_rows(&c, n);
            f.payroll = pc_carve_rows(&c, n);
            f.base = pc_carve_rows(&c, n);
            f.members = pc_carve_rows(&c, n);
            f.contributors = pc_carve_rows(&c, n);
            f.retirees = pc_carve_rows(&c, n);
            f.account = s == PC_EMPLOYEE ? pc_carve_rows(&c, n) : NULL;
            f.expected = pc_carve_rows(&c, n);
            f.age_share = schemes->n_age_groups > 0
                              ? pc_carve_rows(&c, (size_t)(schemes->n_age_groups * pc_age_parts(s)) * n)
                              : NULL;
            if (flows) {
                flows[k][s] = f;
            }
        }
    }
    return c.used;
}

size_t pc_schemes_state_bytes(const pc_schemes *schemes)
{
    return lay_out(schemes, NULL, NULL);
}

static void fill_row(double *row, double value)
{
    for (int lane = 0; lane < PC_LANES; lane++) {
        row[lane] = value;
    }
}

/* The base year of a region: a line of numbers, multiplied by the path's factors where it is money of the accounts. */
static void start_region(const pc_schemes *schemes, const pc_base_factors *factors, int s, int r, const pc_flows *flows)
{
    const size_t at = (size_t)r * PC_LANES;
    const double *exposure = schemes->base_exposure + r;
    const int n = schemes->n_regions;
    const double a = exposure[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS) * n];
    const double q = exposure[PC_SUM_OF_RULE(0, PC_RULE_RETIREES) * n];
    const double others = schemes->enrolment[r] * (exposure[PC_SUM_POPULATION * n] - a - q);
    const double contributors = s == PC_EMPLOYEE ? schemes->outside_contributors[r] * a : others > 0 ? others : 0;
    const double retirees = s == PC_EMPLOYEE ? schemes->outside_retirees[r] * q : 0;
    const double credits = s == PC_EMPLOYEE ? schemes->credit[r] * retirees : 0;
    const double payroll =
        contributors * (s == PC_EMPLOYEE ? schemes->wage_start[r] * schemes->base_ratio[r] : schemes->income_start[r]);

    fill_row(flows->contributors + at, contributors);
    fill_row(flows->retirees + at, retirees);
    fill_row(flows->members + at, contributors + retirees);
    fill_row(flows->credits + at, credits);
    fill_row(flows->expected + at, schemes->expenditure_start[s][r]);
    if (s == PC_EMPLOYEE) {
        fill_row(flows->account + at, schemes->account_start[r]);
    }
    for (size_t i = at; i < at + PC_LANES; i++) {
        const double drawn = factors ? factors->revenue[s][i] : 1;
        flows->payroll[i] = s == PC_EMPLOYEE ? payroll * drawn : payroll;
        flows->base[i] = s == PC_EMPLOYEE ? flows->payroll[i] * schemes->pooled_share[r] : payroll;
        flows->revenue[i] = schemes->revenue_start[s][r] * drawn;
        flows->expenditure[i] = schemes->expenditure_start[s][r] * (factors ? factors->expenditure[s][i] : 1);
        flows->other[i] = credits + schemes->major_illness[s][0] * flows->revenue[i];
    }
}

void pc_schemes_start(const pc_schemes *schemes, const pc_base_factors *factors, void *memory,
                      pc_flows (*flows)[PC_SCHEMES])
{
    scheme_state *state = memory;

    lay_out(schemes, memory, flows);
    for (int k = 0; k < schemes->n_rules && schemes->n_age_groups > 0; k++) {
        for (int s = 0; s < PC_SCHEMES; s++) {
            memset(flows[k][s].age_share, 0,
                   (size_t)schemes->n_age_groups * (size_t)pc_age_parts(s) * (size_t)schemes->n_regions * PC_LANES *
                       sizeof(double));
        }
    }
    state->financing_path = 0;
    fill_row(state->ones, 1);
    for (int k = 0; k < schemes->n_rules; k++) {
        for (int s = 0; s < PC_SCHEMES; s++) {
            for (int r = 0; r < schemes->n_regions; r++) {
                start_region(schemes, factors, s, r, &flows[k][s]);
            }
        }
    }
}

PC_KERNEL
static void multiply(const double *restrict y, double *restrict x)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        x[lane] *= y[lane];
    }
}

void pc_multiply_row(const double *y, double *x)
{
    multiply(y, x);
}

static pc_flows flows_of_region(const pc_flows *all, int r)
{
    const size_t at = (size_t)r * PC_LANES;

    return (pc_flows){
        .revenue = all->revenue + at,
        .expenditure = all->expenditure + at,
        .credits = all->credits + at,
        .other = all->other + at,
        .payroll = all->payroll + at,
        .base = all->base + at,
        .members = all->members + at,
        .contributors = all->contributors + at,
        .retirees = all->retirees + at,
        .account = all->account ? all->account + at : NULL,
        .expected = all->expected + at,
        .age_share = all->age_share ? all->age_share + at : NULL,
    };
}

static unsigned long count_capped(const double *employment, double cap, int n_lanes)
{
    unsigned long count = 0;

    for (int lane = 0; lane < n_lanes; lane++) {
        count += employment[lane] > cap;
    }
    return count;
}

void pc_schemes_step(const pc_schemes *schemes, int year, const double *sums_before, const double *sums_now,
                     const pc_weather *weather, const pc_base_factors *factors, int noise, int n_lanes, void *memory,
                     pc_flows (*flows)[PC_SCHEMES], unsigned long *capped)
{
    const int n = schemes->n_regions;
    scheme_state *state = memory;
    unsigned long met = 0;

    state->financing_path = pc_financing_path(schemes, year, state->financing_path);
    for (int k = 0; k < schemes->n_rules; k++) {
        const pc_scheme_sums sums = {sums_before, sums_now, k, weather->employment};
        for (int r = 0; r < n; r++) {
            _Alignas(64) double left[4 * PC_LANES];
            const size_t at = (size_t)r * PC_LANES;
            pc_scheme_year in = {
                .year = year,
                .region = r,
                .employment = weather->employment + at,
                .employment_cap = schemes->rules[k].h_cap[year * n + r],
                .interest = weather->interest,
                .wage = weather->wage + at,
                .income = weather->income + at,
            };

            for (int j = 0; j < PC_SUM_COMMON + PC_RULE_SUMS; j++) {
                const int sum = j < PC_SUM_COMMON ? j : PC_SUM_OF_RULE(k, j - PC_SUM_COMMON);
                const size_t row = ((size_t)sum * (size_t)n + (size_t)r) * PC_LANES;

                in.before[j] = sums_before + row;
                in.now[j] = sums_now + row;
            }
            pc_carved_year(schemes, &sums, &in, left);
            if (k == 0) {
                met += count_capped(in.employment, in.employment_cap, n_lanes);
            }
            for (int s = 0; s < PC_SCHEMES; s++) {
                const pc_flows f = flows_of_region(&flows[k][s], r);

                in.cost = weather->cost[s] + at;
                in.shock_revenue = weather->shock_revenue[s] ? weather->shock_revenue[s] + at : state->ones;
                in.shock_expenditure = weather->shock_expenditure[s] ? weather->shock_expenditure[s] + at : state->ones;
                in.factor_revenue = factors ? factors->revenue[s] + at : state->ones;
                in.factor_expenditure = factors ? factors->expenditure[s] + at : state->ones;
                in.claims_eps = noise && weather->claims_eps[s] ? weather->claims_eps[s] + at : NULL;
                if (s == PC_EMPLOYEE) {
                    pc_employee_year(schemes, &in, &f);
                    pc_accounts_year(schemes, &in, &f);
                } else {
                    pc_resident_year(schemes, &in, state->financing_path, &f);
                }
                if (f.age_share) {
                    pc_age_shares_year(schemes, &sums, &in, s, &f);
                }
                if (in.claims_eps && (schemes->claims_cv[s] != 0 || schemes->claims_tau[s] != 0)) {
                    _Alignas(64) double z[PC_LANES];

                    pc_noise_row(schemes->claims_cv[s], schemes->claims_tau[s], f.members, in.claims_eps, z);
                    pc_multiply_row(z, f.expenditure);
                }
            }
        }
    }
    if (capped) {
        *capped = met;
    }
}
