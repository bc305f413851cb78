/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flows and people of every area, as the policy sees them: the smallest measure, and the file to copy. */
#include <math.h>

#include "../list.h"
#include "base/math.h"
#include "measure.h"

enum { REVENUE, EXPENDITURE, OTHER, MEMBERS, CONTRIBUTORS, RETIREES, RATIO, ACCOUNT };

static const pc_output outputs[] = {
    [REVENUE] = {"revenue", "yuan", "revenue of the year", PC_SHAPE_AREA_YEAR,
                 PC_STAT_MOMENTS | PC_STAT_DIFFERENCE | PC_STAT_PATHS, 0},
    [EXPENDITURE] = {"expenditure", "yuan", "benefits paid in the year", PC_SHAPE_AREA_YEAR,
                     PC_STAT_MOMENTS | PC_STAT_DIFFERENCE | PC_STAT_PATHS, 0},
    [OTHER] = {"other_outgo", "yuan", "credits to retirees' accounts and transfer to major-illness insurance",
               PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, 0},
    [MEMBERS] = {"members", "persons", "members, mean of the year", PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, 0},
    [CONTRIBUTORS] = {"contributors", "persons", "contributors, mean of the year", PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS,
                      0},
    [RETIREES] = {"retirees", "persons", "retirees, mean of the year", PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, 0},
    [RATIO] = {"ratio", "1", "contributors per retiree", PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS | PC_STAT_QUANTILES,
               1u << PC_EMPLOYEE},
    [ACCOUNT] = {"account_balance", "yuan", "individual accounts at 31 December", PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS,
                 1u << PC_EMPLOYEE},
};

PC_KERNEL static void ratio(double *restrict out, const double *restrict contributors, const double *restrict retirees)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = contributors[l] / retirees[l];
        out[l] = retirees[l] > 0 ? q : (double)NAN;
    }
}

static void area(const pc_measure_call *call)
{
    static const pc_area_row which[] = {
        [REVENUE] = PC_AREA_REVENUE, [EXPENDITURE] = PC_AREA_EXPENDITURE,   [OTHER] = PC_AREA_OTHER,
        [MEMBERS] = PC_AREA_MEMBERS, [CONTRIBUTORS] = PC_AREA_CONTRIBUTORS, [RETIREES] = PC_AREA_RETIREES,
    };
    const double *const *employee = call->rows[PC_EMPLOYEE].row;

    for (int k = REVENUE; k <= RETIREES; k++) {
        for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
            pc_measure_send(call, k, view, call->area, call->year, call->rows[view].row[which[k]]);
        }
    }
    ratio(call->scratch, employee[PC_AREA_CONTRIBUTORS], employee[PC_AREA_RETIREES]);
    pc_measure_send(call, RATIO, PC_EMPLOYEE, call->area, call->year, call->scratch);
    pc_measure_send(call, ACCOUNT, PC_EMPLOYEE, call->area, call->year, employee[PC_AREA_ACCOUNT]);
}

const pc_measure pc_flows_measure = {
    .head =
        {
            .slot = "measure",
            .name = "flows",
            .title = "Flows and members",
            .doc = "Revenue, expenditure and other outgo before transfers, members, contributors, retirees, "
                   "contributors per retiree (missing without retirees), individual accounts. In the view of "
                   "both schemes people are counted in each.",
            .equation = "ratio = Act / Ret",
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .area = area,
};
