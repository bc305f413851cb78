/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cost by age, where a policy asks for it, and what carve-outs without territory leave to their host. */
#include "base/math.h"
#include "parts.h"

static const double *sum_row(const pc_schemes *schemes, const double *sums, int sum, int region)
{
    return sums + ((size_t)sum * (size_t)schemes->n_regions + (size_t)region) * PC_LANES;
}

/* out -= h x active + retired, h below its cap */
PC_KERNEL
static void take_members(const double *restrict employment, double cap, const double *restrict active,
                         const double *restrict retired, double *restrict out)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double h = employment[lane] > cap ? cap : employment[lane];
        out[lane] -= h * active[lane] + retired[lane];
    }
}

static int is_host(const pc_schemes *schemes, int region)
{
    for (int c = 0; schemes->host && c < schemes->n_regions; c++) {
        if (schemes->host[c] == region) {
            return 1;
        }
    }
    return 0;
}

/* A sum of all people of a host less the members of its carve-outs, whose active and retired sums are given. */
static void leave(const pc_schemes *schemes, const pc_scheme_sums *sums, const double *rows, int region, int year,
                  int all, int active, int retired, double *out)
{
    const int n = schemes->n_regions;
    const double *from = sum_row(schemes, rows, all, region);

    for (int lane = 0; lane < PC_LANES; lane++) {
        out[lane] = from[lane];
    }
    for (int c = 0; schemes->host && c < n; c++) {
        if (schemes->host[c] == region) {
            take_members(sums->employment + (size_t)c * PC_LANES, schemes->rules[sums->rule].h_cap[year * n + c],
                         sum_row(schemes, rows, active, c), sum_row(schemes, rows, retired, c), out);
        }
    }
}

void pc_carved_year(const pc_schemes *schemes, const pc_scheme_sums *sums, pc_scheme_year *in, double *left)
{
    static const int all[2] = {PC_SUM_POPULATION, PC_SUM_RESIDENT_COST};
    const int active[2] = {PC_SUM_OF_RULE(sums->rule, PC_RULE_CONTRIBUTORS),
                           PC_SUM_OF_RULE(sums->rule, PC_RULE_CONTRIBUTOR_RCOST)};
    const int retired[2] = {PC_SUM_OF_RULE(sums->rule, PC_RULE_RETIREES),
                            PC_SUM_OF_RULE(sums->rule, PC_RULE_RETIREE_RCOST)};

    for (int k = 0; k < 2 && is_host(schemes, in->region); k++) {
        double *before = left + 2 * k * PC_LANES, *now = before + PC_LANES;

        leave(schemes, sums, sums->before, in->region, in->year, all[k], active[k], retired[k], before);
        leave(schemes, sums, sums->now, in->region, in->year, all[k], active[k], retired[k], now);
        in->before[all[k]] = before;
        in->now[all[k]] = now;
    }
}

/* share = max(0, level x cost x factor x mean of both ends) / expected, factor h below its cap where it is given */
PC_KERNEL
static void share_of(double level, const double *restrict cost, const double *restrict employment, double cap,
                     const double *restrict before, const double *restrict now, const double *restrict expected,
                     double *restrict share)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double h = !employment ? 1 : employment[lane] > cap ? cap : employment[lane];
        const double part = level * cost[lane] * (h * (0.5 * (before[lane] + now[lane])));
        const double q = part / expected[lane];
        share[lane] = expected[lane] > 0 && part > 0 ? q : 0;
    }
}

static void employee_shares(const pc_schemes *schemes, const pc_scheme_sums *sums, const pc_scheme_year *in,
                            const pc_flows *flows)
{
    const int r = in->region;
    const size_t stride = (size_t)schemes->n_regions * PC_LANES;
    const double level = schemes->cost_start[PC_EMPLOYEE][r] * schemes->benefit[PC_EMPLOYEE][in->year];
    const double outside[2] = {schemes->outside_contributors[r], schemes->outside_retirees[r]};

    for (int g = 0; g < schemes->n_age_groups; g++) {
        for (int part = 0; part < 2; part++) {
            const int sum =
                pc_sum_of_group(schemes->n_rules, g, sums->rule,
                                part == PC_PART_RETIREES ? PC_GROUP_RETIREE_COST : PC_GROUP_CONTRIBUTOR_COST);
            share_of(level * outside[part], in->cost, part == PC_PART_RETIREES ? NULL : in->employment,
                     in->employment_cap, sum_row(schemes, sums->before, sum, r), sum_row(schemes, sums->now, sum, r),
                     flows->expected, flows->age_share + (size_t)(g * 2 + part) * stride);
        }
    }
}

static void resident_shares(const pc_schemes *schemes, const pc_scheme_sums *sums, const pc_scheme_year *in,
                            const pc_flows *flows)
{
    const int r = in->region, n = schemes->n_rules;
    const size_t stride = (size_t)schemes->n_regions * PC_LANES;
    const double level =
        schemes->cost_start[PC_RESIDENT][r] * schemes->benefit[PC_RESIDENT][in->year] * schemes->enrolment[r];
    _Alignas(64) double before[PC_LANES], now[PC_LANES];

    for (int g = 0; g < schemes->n_age_groups; g++) {
        const int all = pc_sum_of_group(n, g, -1, 0);
        const int active = pc_sum_of_group(n, g, sums->rule, PC_GROUP_CONTRIBUTOR_RCOST);
        const int retired = pc_sum_of_group(n, g, sums->rule, PC_GROUP_RETIREE_RCOST);

        leave(schemes, sums, sums->before, r, in->year, all, active, retired, before);
        leave(schemes, sums, sums->now, r, in->year, all, active, retired, now);
        take_members(in->employment, in->employment_cap, sum_row(schemes, sums->before, active, r),
                     sum_row(schemes, sums->before, retired, r), before);
        take_members(in->employment, in->employment_cap, sum_row(schemes, sums->now, active, r),
                     sum_row(schemes, sums->now, retired, r), now);
        share_of(level, in->cost, NULL, 0, before, now, flows->expected, flows->age_share + (size_t)g * stride);
    }
}

void pc_age_shares_year(const pc_schemes *schemes, const pc_scheme_sums *sums, const pc_scheme_year *in, int scheme,
                        const pc_flows *flows)
{
    if (scheme == PC_EMPLOYEE) {
        employee_shares(schemes, sums, in, flows);
    } else {
        resident_shares(schemes, sums, in, flows);
    }
}
