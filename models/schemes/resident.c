/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/math.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"financing", PC_PARAM_CHOICE, "", 0, 2, 0, "income|table|step",
     N_("How financing per head grows: with disposable income plus points, by a table of growth, or by a step in "
        "yuan.")},
    {"financing_points", PC_PARAM_SERIES, "fraction/year", -0.2, 0.3, 0, NULL,
     N_("Growth of financing per head above that of disposable income, by year (financing: income).")},
    {"financing_growth", PC_PARAM_SERIES, "fraction/year", -0.2, 0.3, 0.05, NULL,
     N_("Logarithmic growth of financing per head, by year (financing: table).")},
    {"financing_step", PC_PARAM_SERIES, "yuan/person", 0, 10000, 0, NULL,
     N_("Yuan by which financing per head rises each year (financing: step).")},
    {"individual_share", PC_PARAM_SERIES, "fraction", 0, 1, 0.374, NULL,
     N_("Part of financing per head that members pay themselves, by year; the rest is public subsidy.")},
    {"central_share", PC_PARAM_SERIES, "fraction", 0, 1, 0.5, NULL,
     N_("Part of the subsidy that the centre pays, by year, in regions without central_subsidy_share of their own.")},
    {"province_share", PC_PARAM_SERIES, "fraction", 0, 1, 0.5, NULL,
     N_("Part of the rest of the subsidy that the province pays, by year.")},
    {"county_share", PC_PARAM_SERIES, "fraction", 0, 1, 0, NULL,
     N_("Part of the rest that counties pay, by year; cities pay what province and counties leave.")},
    {"major_illness", PC_PARAM_SERIES, "fraction", 0, 0.5, 0, NULL,
     N_("Share of the fund's revenue that is transferred to major-illness insurance, by year.")},
    {"benefit", PC_PARAM_SERIES, "index", 0, 5, 1, NULL,
     N_("Benefit level by year relative to the base year; expenditure is proportional to it.")},
    {"expenditure_includes_other", PC_PARAM_BOOL, "", 0, 1, 1, NULL,
     N_("Whether the published base-year expenditure contains the major-illness transfer.")},
};

const pc_head pc_head_resident = {
    .slot = "scheme",
    .name = "resident",
    .title = N_("Resident scheme"),
    .doc = N_("The fund of the resident scheme: those who are not in the employee scheme, financed per head by "
              "themselves and by subsidies, with expenditure by age."),
    .equation = N_("Res = c (N - h A - Q); R = Res F; E = C beta U Z shock; X = major_illness R"),
    .source = N_("Accounting identities of the scheme's fund."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

double pc_financing_path(const pc_schemes *schemes, int year, double before)
{
    if (schemes->financing == PC_FINANCING_STEP) {
        return before + schemes->financing_step[year];
    }
    return before + schemes->financing_growth[year];
}

PC_KERNEL
static void flows_row(const pc_schemes *schemes, const pc_scheme_year *in, double financing_fixed,
                      double financing_income, const pc_flows *flows)
{
    const int r = in->region;
    const double *restrict n0 = in->before[PC_SUM_POPULATION], *restrict n1 = in->now[PC_SUM_POPULATION];
    const double *restrict kn0 = in->before[PC_SUM_RESIDENT_COST], *restrict kn1 = in->now[PC_SUM_RESIDENT_COST];
    const double *restrict a0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS)];
    const double *restrict a1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS)];
    const double *restrict q0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_RETIREES)];
    const double *restrict q1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_RETIREES)];
    const double *restrict ka0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_RCOST)];
    const double *restrict ka1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_RCOST)];
    const double *restrict kq0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_RCOST)];
    const double *restrict kq1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_RCOST)];
    const double *restrict employment = in->employment, *restrict income = in->income, *restrict cost = in->cost;
    const double *restrict shock_revenue = in->shock_revenue, *restrict shock_expenditure = in->shock_expenditure;
    const double *restrict factor_revenue = in->factor_revenue, *restrict factor_expenditure = in->factor_expenditure;
    double *restrict contributors = flows->contributors, *restrict members = flows->members;
    double *restrict payroll = flows->payroll, *restrict base = flows->base;
    double *restrict revenue = flows->revenue, *restrict other = flows->other;
    double *restrict expenditure = flows->expenditure, *restrict expected = flows->expected;
    const double cap = in->employment_cap;
    const double c = schemes->enrolment[r], income_start = schemes->income_start[r];
    const double major = schemes->major_illness[PC_RESIDENT][in->year];
    const double level = schemes->cost_start[PC_RESIDENT][r] * schemes->benefit[PC_RESIDENT][in->year];

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double h = employment[lane] > cap ? cap : employment[lane];
        const double head =
            c * (0.5 * (n0[lane] + n1[lane]) - h * (0.5 * (a0[lane] + a1[lane])) - 0.5 * (q0[lane] + q1[lane]));
        const double weighted =
            c * (0.5 * (kn0[lane] + kn1[lane]) - h * (0.5 * (ka0[lane] + ka1[lane])) - 0.5 * (kq0[lane] + kq1[lane]));
        const double persons = head > 0 ? head : 0;
        const double exposure = weighted > 0 ? weighted : 0;
        const double financing = financing_fixed + financing_income * income[lane];

        contributors[lane] = persons;
        members[lane] = persons;
        payroll[lane] = persons * income_start * income[lane];
        base[lane] = payroll[lane];
        revenue[lane] = persons * financing * shock_revenue[lane] * factor_revenue[lane];
        other[lane] = major * revenue[lane];
        expected[lane] = level * cost[lane] * exposure;
        expenditure[lane] = level * cost[lane] * exposure * shock_expenditure[lane] * factor_expenditure[lane];
    }
}

void pc_resident_year(const pc_schemes *schemes, const pc_scheme_year *in, double financing_path, const pc_flows *flows)
{
    const double start = schemes->financing_start[in->region];

    /* F(t) = F(t-1) exp(growth) multiplied out: the growth of income is already in its level. */
    switch (schemes->financing) {
    case PC_FINANCING_INCOME:
        flows_row(schemes, in, 0, start * pc_exp(financing_path), flows);
        break;
    case PC_FINANCING_TABLE:
        flows_row(schemes, in, start * pc_exp(financing_path), 0, flows);
        break;
    case PC_FINANCING_STEP:
        flows_row(schemes, in, start + financing_path, 0, flows);
        break;
    }
}
