/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/math.h"
#include "heads.h"
#include "parts.h"

static const pc_param params[] = {
    {"account_use", PC_PARAM_NUMBER, "fraction", 0, 1, 0.29, NULL,
     N_("Part of the individual accounts that members spend in a year.")},
    {"credit_wage_linked", PC_PARAM_BOOL, "", 0, 1, 0, NULL,
     N_("Whether the credit to a retiree's individual account grows with the region's wage; otherwise it is fixed in "
        "yuan.")},
    {"major_illness", PC_PARAM_SERIES, "fraction", 0, 0.5, 0, NULL,
     N_("Share of the pooled fund's revenue that is transferred to major-illness insurance, by year.")},
    {"benefit", PC_PARAM_SERIES, "index", 0, 5, 1, NULL,
     N_("Benefit level by year relative to the base year; expenditure is proportional to it.")},
    {"expenditure_includes_other", PC_PARAM_BOOL, "", 0, 1, 1, NULL,
     N_("Whether the published base-year expenditure contains account credits and the major-illness transfer.")},
};

const pc_head pc_head_employee = {
    .slot = "scheme",
    .name = "employee",
    .title = N_("Employee scheme"),
    .doc =
        N_("The pooled fund of the employee scheme: contributions on wages, expenditure of contributors and retirees "
           "by age, credits to retirees' accounts; the individual accounts are followed as a memo."),
    .equation = N_("R = Act w b tau phi; E = C beta U Z shock; X = credit Ret + major_illness R; account = "
                   "(account(t-1) (1 + i) + (inflow + credits) (1 + i/2)) (1 - account_use)"),
    .source = N_("Accounting identities of the scheme's fund."),
    .params = params,
    .n_params = sizeof params / sizeof *params,
};

PC_KERNEL
static void flows_row(const pc_schemes *schemes, const pc_scheme_year *in, const pc_flows *flows)
{
    const int r = in->region;
    const double *restrict a0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS)];
    const double *restrict a1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS)];
    const double *restrict q0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_RETIREES)];
    const double *restrict q1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_RETIREES)];
    const double *restrict ka0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_COST)];
    const double *restrict ka1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_COST)];
    const double *restrict kq0 = in->before[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_COST)];
    const double *restrict kq1 = in->now[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_COST)];
    const double *restrict employment = in->employment, *restrict wage = in->wage, *restrict cost = in->cost;
    const double *restrict shock_revenue = in->shock_revenue, *restrict shock_expenditure = in->shock_expenditure;
    const double *restrict factor_revenue = in->factor_revenue, *restrict factor_expenditure = in->factor_expenditure;
    double *restrict contributors = flows->contributors, *restrict retirees = flows->retirees;
    double *restrict members = flows->members, *restrict payroll = flows->payroll, *restrict base = flows->base;
    double *restrict revenue = flows->revenue, *restrict credits = flows->credits, *restrict other = flows->other;
    double *restrict expenditure = flows->expenditure, *restrict expected = flows->expected;
    const double cap = in->employment_cap;
    const double o_act = schemes->outside_contributors[r], o_ret = schemes->outside_retirees[r];
    const double b = schemes->base_ratio[r], tau = schemes->rate[r], phi = schemes->pooled_share[r];
    const double major = schemes->major_illness[PC_EMPLOYEE][in->year];
    const double level = schemes->cost_start[PC_EMPLOYEE][r] * schemes->benefit[PC_EMPLOYEE][in->year];
    /* A retiree's credit is credit_fixed + credit_wage w: one of the two is 0. */
    const int linked = schemes->credit_wage_linked != 0;
    const double credit_fixed = linked ? 0 : schemes->credit[r];
    const double credit_wage = linked ? schemes->credit[r] / schemes->wage_start[r] : 0;

#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double h = employment[lane] > cap ? cap : employment[lane];
        const double act = o_act * h * (0.5 * (a0[lane] + a1[lane]));
        const double ret = o_ret * (0.5 * (q0[lane] + q1[lane]));
        const double exposure = o_act * h * (0.5 * (ka0[lane] + ka1[lane])) + o_ret * (0.5 * (kq0[lane] + kq1[lane]));

        contributors[lane] = act;
        retirees[lane] = ret;
        members[lane] = act + ret;
        /* an uncertain base-year revenue is an uncertain b: it shifts the contribution base and the accounts too */
        payroll[lane] = act * wage[lane] * b * factor_revenue[lane];
        base[lane] = payroll[lane] * phi;
        revenue[lane] = payroll[lane] * tau * phi * shock_revenue[lane];
        credits[lane] = (credit_fixed + credit_wage * wage[lane]) * ret;
        other[lane] = credits[lane] + major * revenue[lane];
        expected[lane] = level * cost[lane] * exposure;
        expenditure[lane] = level * cost[lane] * exposure * shock_expenditure[lane] * factor_expenditure[lane];
    }
}

void pc_employee_year(const pc_schemes *schemes, const pc_scheme_year *in, const pc_flows *flows)
{
    flows_row(schemes, in, flows);
}
