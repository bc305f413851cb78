/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Individual accounts, a memo ledger beside the pooled fund (docs/model.md, Flows):
 * IA(t) = (IA(t-1) (1 + i) + (inflow + credits) (1 + i/2)) (1 - use), inflow = Act w b tau (1 - phi), with the year's
 * shock to revenue; a drawn base-year revenue shifts b and with it the inflow. */
#include "base/math.h"
#include "parts.h"

PC_KERNEL
static void accounts_row(double inflow_rate, double kept, const double *restrict payroll,
                         const double *restrict shock_revenue, const double *restrict credits,
                         const double *restrict interest, double *restrict account)
{
#pragma omp simd
    for (int lane = 0; lane < PC_LANES; lane++) {
        const double inflow = payroll[lane] * inflow_rate * shock_revenue[lane] + credits[lane];

        account[lane] = (account[lane] * (1 + interest[lane]) + inflow * (1 + 0.5 * interest[lane])) * kept;
    }
}

void pc_accounts_year(const pc_schemes *schemes, const pc_scheme_year *in, const pc_flows *flows)
{
    const int r = in->region;

    accounts_row(schemes->rate[r] * (1 - schemes->pooled_share[r]), 1 - schemes->account_use, flows->payroll,
                 in->shock_revenue, flows->credits, in->interest, flows->account);
}
