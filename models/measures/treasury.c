/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Present values over the horizon: what treasuries pay, gross and net of what is left, and the actuarial balance
 * (docs/model.md, Measures). Discounted to 31 December of the base year by the path's own return; flows of a year are
 * dated mid-year with half a year's simple interest, posts of rescue 31 December. */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/i18n.h"
#include "base/math.h"
#include "measure.h"

enum { GROSS, NET, PROVINCE, CITY, COUNTY, CENTRAL, UNMET, ACTUARIAL_BALANCE, LEVEL_RATE };
enum { SUBSIDY_PROVINCE = LEVEL_RATE + 1, CONTRIBUTIONS = SUBSIDY_PROVINCE + PC_PAYERS };

#define A_PATH (PC_STAT_TOTAL | PC_STAT_DIFFERENCE)
#define A_SUM  (PC_STAT_MOMENTS | PC_STAT_DIFFERENCE)

static const pc_output outputs[] = {
    [GROSS] = {"treasury_gross", "yuan", N_("present value of backstop and unmet benefits"), PC_SHAPE_SCALAR, A_PATH,
               0},
    [NET] = {"treasury_net", "yuan", N_("treasury_gross less the present value of all closing balances"),
             PC_SHAPE_SCALAR, A_PATH, 0},
    [PROVINCE] = {"treasury_province", "yuan", N_("present value of what the province pays"), PC_SHAPE_SCALAR, A_PATH,
                  0},
    [CITY] = {"treasury_city", "yuan", N_("present value of what cities pay"), PC_SHAPE_SCALAR, A_PATH, 0},
    [COUNTY] = {"treasury_county", "yuan", N_("present value of what counties pay"), PC_SHAPE_SCALAR, A_PATH, 0},
    [CENTRAL] = {"treasury_central", "yuan", N_("present value of what the centre pays"), PC_SHAPE_SCALAR, A_PATH, 0},
    [UNMET] = {"treasury_unmet", "yuan", N_("present value of benefits not met"), PC_SHAPE_SCALAR, A_PATH, 0},
    [ACTUARIAL_BALANCE] = {"actuarial_balance", "fraction",
                           N_("opening balance and revenue less outgo, in present values, over the contribution base"),
                           PC_SHAPE_SCALAR, A_PATH, 0},
    [LEVEL_RATE] = {"level_rate", "fraction", N_("addition to the rate that would close the actuarial balance"),
                    PC_SHAPE_SCALAR, A_PATH, 0},
    [SUBSIDY_PROVINCE + PC_PAYER_PROVINCE] = {"subsidy_province", "yuan",
                                              N_("present value of the province's regular subsidies"), PC_SHAPE_SCALAR,
                                              A_SUM, 0},
    [SUBSIDY_PROVINCE + PC_PAYER_CITY] = {"subsidy_city", "yuan", N_("present value of cities' regular subsidies"),
                                          PC_SHAPE_SCALAR, A_SUM, 0},
    [SUBSIDY_PROVINCE + PC_PAYER_COUNTY] = {"subsidy_county", "yuan",
                                            N_("present value of counties' regular subsidies"), PC_SHAPE_SCALAR, A_SUM,
                                            0},
    [SUBSIDY_PROVINCE + PC_PAYER_CENTRAL] = {"subsidy_central", "yuan",
                                             N_("present value of the centre's regular subsidies"), PC_SHAPE_SCALAR,
                                             A_SUM, 0},
    [CONTRIBUTIONS] = {"contributions", "yuan", N_("present value of what members and employers pay"), PC_SHAPE_SCALAR,
                       A_SUM, 0},
};

/* Memory: [scheme] present values so far. Payers in the order of pc_payer. */
enum { PV_PAYER, PV_UNMET = PC_PAYERS, PV_SURPLUS, PV_BASE, PV_SUBSIDY, PV_PAID = PV_SUBSIDY + PC_PAYERS, PV_ROWS };

static int memory_rows(const pc_areas *areas)
{
    (void)areas;
    return PC_SCHEMES * PV_ROWS;
}

static double *pv_row(const pc_measure_call *call, int scheme, int which)
{
    return call->memory + (size_t)(scheme * PV_ROWS + which) * PC_LANES;
}

/* pv -= posted / discount: accounts outside hold minus what they paid */
PC_KERNEL static void add_paid(double *restrict pv, const double *restrict posted, const double *restrict discount)
{
    for (int l = 0; l < PC_LANES; l++) {
        pv[l] -= posted[l] / discount[l];
    }
}

PC_KERNEL static void add_flow(double *restrict pv, const double *restrict flow, const double *restrict interest,
                               const double *restrict discount)
{
    for (int l = 0; l < PC_LANES; l++) {
        pv[l] += flow[l] * (1 + 0.5 * interest[l]) / discount[l];
    }
}

PC_KERNEL static void add_surplus(double *restrict sum, const double *restrict revenue,
                                  const double *restrict expenditure, const double *restrict other)
{
    for (int l = 0; l < PC_LANES; l++) {
        sum[l] += revenue[l] - expenditure[l] - other[l];
    }
}

/* paid[lane] += part (revenue - granted) */
PC_KERNEL static void add_part(double *restrict paid, const double *restrict revenue, const double *restrict granted,
                               double part)
{
    for (int l = 0; l < PC_LANES; l++) {
        double other = granted ? granted[l] : 0.0;
        paid[l] += part * (revenue[l] - other);
    }
}

PC_KERNEL static void take_off(double *restrict out, const double *restrict a)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] -= a[l];
    }
}

/* A payer's part of a yuan of residents' financing. */
static double part_of(const pc_financing_split *split, int payer)
{
    const double subsidy = 1 - split->individual, rest = subsidy * (1 - split->central);

    switch (payer) {
    case PC_PAYER_CENTRAL:
        return subsidy * split->central;
    case PC_PAYER_PROVINCE:
        return rest * split->province;
    case PC_PAYER_COUNTY:
        return rest * split->county;
    default:
        return rest * (1 - split->province - split->county);
    }
}

/* Who pays the year's revenue: treasuries through the subsidy in residents' financing and through levers, the rest
 * members and employers. */
static void add_payers(const pc_measure_call *call, int s, double *paid, double *others)
{
    const pc_scheme_view *scheme = &call->view->scheme[s];
    const pc_weather *w = call->weather;

    pc_row_fill(others, 0);
    pc_row_add_at(others, scheme->flows->revenue, NULL, call->areas->n_regions);
    for (int p = 0; p < PC_PAYERS && (scheme->split || scheme->subsidy); p++) {
        if (scheme->subsidy) {
            pc_row_copy(paid, scheme->subsidy + (size_t)p * PC_LANES);
        } else {
            pc_row_fill(paid, 0);
        }
        for (int r = 0; r < call->areas->n_regions && scheme->split; r++) {
            const size_t row = (size_t)r * PC_LANES;
            const double part = part_of(&scheme->split[r], p);
            if (part != 0) {
                add_part(paid, scheme->flows->revenue + row, scheme->granted ? scheme->granted + row : NULL, part);
            }
        }
        add_flow(pv_row(call, s, PV_SUBSIDY + p), paid, w->interest, w->discount);
        take_off(others, paid);
    }
    add_flow(pv_row(call, s, PV_PAID), others, w->interest, w->discount);
}

static void start(const pc_measure_call *call)
{
    for (int s = 0; s < PC_SCHEMES; s++) {
        pc_row_copy(pv_row(call, s, PV_SURPLUS), call->view->scheme[s].total);
    }
}

static void year(const pc_measure_call *call)
{
    double *surplus = call->scratch, *base = surplus + PC_LANES;

    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_scheme_view *scheme = &call->view->scheme[s];
        const pc_flows *flows = scheme->flows;
        for (int p = 0; p < PC_PAYERS; p++) {
            add_paid(pv_row(call, s, PV_PAYER + p), scheme->treasury + (size_t)p * PC_LANES, call->weather->discount);
        }
        add_paid(pv_row(call, s, PV_UNMET), scheme->unmet, call->weather->discount);
        pc_row_fill(surplus, 0);
        pc_row_fill(base, 0);
        for (int r = 0; r < call->areas->n_regions; r++) {
            size_t row = (size_t)r * PC_LANES;
            add_surplus(surplus, flows->revenue + row, flows->expenditure + row, flows->other + row);
        }
        pc_row_add_at(base, flows->base, NULL, call->areas->n_regions);
        add_flow(pv_row(call, s, PV_SURPLUS), surplus, call->weather->interest, call->weather->discount);
        add_flow(pv_row(call, s, PV_BASE), base, call->weather->interest, call->weather->discount);
        add_payers(call, s, surplus, base);
    }
}

/* A present value of a view: one scheme's, or the sum of both. */
static void pv_of(const pc_measure_call *call, int view, int which, double *out)
{
    pc_row_copy(out, pv_row(call, view == PC_BOTH ? 0 : view, which));
    if (view == PC_BOTH) {
        pc_row_add(out, pv_row(call, PC_RESIDENT, which));
    }
}

PC_KERNEL static void balance_over_base(double *restrict balance, double *restrict rate, const double *restrict surplus,
                                        const double *restrict base)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = surplus[l] / base[l];
        balance[l] = base[l] > 0 ? q : (double)NAN;
        rate[l] = base[l] > 0 ? -q : (double)NAN;
    }
}

static void finish(const pc_measure_call *call)
{
    double *gross = call->scratch, *part = gross + PC_LANES, *other = part + PC_LANES, *more = other + PC_LANES;

    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        pc_row_fill(gross, 0);
        for (int k = 0; k <= PV_UNMET; k++) {
            pv_of(call, view, PV_PAYER + k, part);
            pc_measure_send(call, k == PV_UNMET ? UNMET : PROVINCE + k, view, 0, 0, part);
            pc_row_add(gross, part);
        }
        pc_measure_send(call, GROSS, view, 0, 0, gross);
        for (int s = 0; s < PC_SCHEMES; s++) {
            if (view == s || view == PC_BOTH) { /* what is left at the horizon */
                pc_row_scale(part, call->view->scheme[s].total, 1);
                add_paid(gross, part, call->weather->discount);
            }
        }
        pc_measure_send(call, NET, view, 0, 0, gross);
        pv_of(call, view, PV_SURPLUS, part);
        pv_of(call, view, PV_BASE, other);
        balance_over_base(gross, more, part, other);
        pc_measure_send(call, ACTUARIAL_BALANCE, view, 0, 0, gross);
        pc_measure_send(call, LEVEL_RATE, view, 0, 0, more);
        for (int k = PV_SUBSIDY; k <= PV_PAID; k++) {
            pv_of(call, view, k, part);
            pc_measure_send(call, SUBSIDY_PROVINCE + k - PV_SUBSIDY, view, 0, 0, part);
        }
    }
}

const pc_measure pc_treasury_measure = {
    .head =
        {
            .slot = "measure",
            .name = "treasury",
            .title = N_("Treasury cost and actuarial balance"),
            .doc =
                N_("Present value of what treasuries pay and of benefits not met, gross and net of the "
                   "closing balances of all accounts; opening balance plus revenue less outgo over the "
                   "contribution base (residents: disposable income), and the level addition to the rate. Beside them "
                   "who pays regular revenue: treasuries by payer, through the subsidy in residents' financing and "
                   "through the lever subsidy, and members and employers. What a shortfall rule adds to the rate is "
                   "paid by members. "
                   "Check: no opening balance, one year, R = 110, E + X = 100, base = 1000, any return: "
                   "actuarial balance 0.01."),
            .equation = N_("actuarial_balance = (S0 + PV R - PV (E + X)) / PV base; PV of a flow = flow (1 + "
                           "i/2) / product(1 + i)"),
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .memory_rows = memory_rows,
    .start = start,
    .year = year,
    .finish = finish,
};
