/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flows and people of every area, as the policy sees them: the smallest measure, and the file to copy. */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/i18n.h"
#include "base/math.h"
#include "measure.h"

enum { REVENUE, EXPENDITURE, OTHER, MEMBERS, CONTRIBUTORS, RETIREES, RATIO, ACCOUNT, AWAY };

static const pc_output outputs[] = {
    [REVENUE] = {"revenue", "yuan", N_("revenue of the year"), PC_SHAPE_AREA_YEAR,
                 PC_STAT_MOMENTS | PC_STAT_DIFFERENCE | PC_STAT_PATHS, 0},
    [EXPENDITURE] = {"expenditure", "yuan", N_("benefits paid in the year"), PC_SHAPE_AREA_YEAR,
                     PC_STAT_MOMENTS | PC_STAT_DIFFERENCE | PC_STAT_PATHS, 0},
    [OTHER] = {"other_outgo", "yuan", N_("credits to retirees' accounts and transfer to major-illness insurance"),
               PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, 0},
    [MEMBERS] = {"members", "persons", N_("members, mean of the year"), PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, 0},
    [CONTRIBUTORS] = {"contributors", "persons", N_("contributors, mean of the year"), PC_SHAPE_AREA_YEAR,
                      PC_STAT_MOMENTS, 0},
    [RETIREES] = {"retirees", "persons", N_("retirees, mean of the year"), PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, 0},
    [RATIO] = {"ratio", "1", N_("contributors per retiree"), PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS | PC_STAT_QUANTILES,
               1u << PC_EMPLOYEE},
    [ACCOUNT] = {"account_balance", "yuan", N_("individual accounts at 31 December"), PC_SHAPE_AREA_YEAR,
                 PC_STAT_MOMENTS, 1u << PC_EMPLOYEE},
    [AWAY] = {"spent_in_hubs", "1", N_("share of benefits that siphoning moves to hubs"), PC_SHAPE_AREA_YEAR,
              PC_STAT_MOMENTS, 0},
};

PC_KERNEL static void ratio(double *restrict out, const double *restrict a, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = a[l] / b[l];
        out[l] = b[l] > 0 ? q : (double)NAN;
    }
}

PC_KERNEL static void add_moved(double *restrict moved, const double *restrict away, const double *restrict expenditure)
{
    for (int l = 0; l < PC_LANES; l++) {
        moved[l] += away[l] * expenditure[l];
    }
}

/* 0 / a */
PC_KERNEL static void none_of(double *restrict out, const double *restrict a)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = a[l] > 0 ? 0.0 : (double)NAN;
    }
}

/* The area's expenditure that hubs receive over all of it; `view` may be both schemes. */
static void send_away(const pc_measure_call *call, int view)
{
    double *moved = call->scratch, *share = moved + PC_LANES;
    int any = (view != PC_RESIDENT && call->view->scheme[PC_EMPLOYEE].away) ||
              (view != PC_EMPLOYEE && call->view->scheme[PC_RESIDENT].away);

    if (pc_measure_same(call, AWAY, view, call->area, call->year)) {
        return;
    }
    if (!any) {
        none_of(share, pc_measure_row(call, view, PC_AREA_EXPENDITURE));
        pc_measure_send(call, AWAY, view, call->area, call->year, share);
        return;
    }
    pc_row_fill(moved, 0);
    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_scheme_view *scheme = &call->view->scheme[s];
        for (int m = 0; m < call->areas->n_members[call->area] && scheme->away && (view == PC_BOTH || view == s); m++) {
            const size_t at = (size_t)call->areas->members[call->area][m] * PC_LANES;
            add_moved(moved, scheme->away + at, scheme->flows->expenditure + at);
        }
    }
    ratio(share, moved, pc_measure_row(call, view, PC_AREA_EXPENDITURE));
    pc_measure_send(call, AWAY, view, call->area, call->year, share);
}

/* The rows of flows are the same under all policies without levers: they are counted with the baseline's. */
static void send(const pc_measure_call *call, int output, int view, pc_area_row which)
{
    if (!pc_measure_same(call, output, view, call->area, call->year)) {
        pc_measure_send(call, output, view, call->area, call->year, pc_measure_row(call, view, which));
    }
}

static void area(const pc_measure_call *call)
{
    static const pc_area_row which[] = {
        [REVENUE] = PC_AREA_REVENUE, [EXPENDITURE] = PC_AREA_EXPENDITURE,   [OTHER] = PC_AREA_OTHER,
        [MEMBERS] = PC_AREA_MEMBERS, [CONTRIBUTORS] = PC_AREA_CONTRIBUTORS, [RETIREES] = PC_AREA_RETIREES,
    };

    for (int k = REVENUE; k <= RETIREES; k++) {
        for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
            send(call, k, view, which[k]);
        }
    }
    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        send_away(call, view);
    }
    if (!pc_measure_same(call, RATIO, PC_EMPLOYEE, call->area, call->year)) {
        ratio(call->scratch, pc_measure_row(call, PC_EMPLOYEE, PC_AREA_CONTRIBUTORS),
              pc_measure_row(call, PC_EMPLOYEE, PC_AREA_RETIREES));
        pc_measure_send(call, RATIO, PC_EMPLOYEE, call->area, call->year, call->scratch);
    }
    send(call, ACCOUNT, PC_EMPLOYEE, PC_AREA_ACCOUNT);
}

const pc_measure pc_flows_measure = {
    .head =
        {
            .slot = "measure",
            .name = "flows",
            .title = N_("Flows and members"),
            .doc = N_("Revenue, expenditure and other outgo before transfers, members, contributors, retirees, "
                      "contributors per retiree (missing without retirees), individual accounts, "
                      "share of benefits spent in hubs (0 without siphoning). In the view of both schemes people are "
                      "counted in each. Check: E 100 with 0.2 away and E 300 with none: 0.05 spent in hubs."),
            .equation = N_("ratio = Act / Ret; spent in hubs = sum a E / sum E, a from the lever"),
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .area = area,
};
