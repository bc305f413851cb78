/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balances, months of reserve, transfers, deficit and depletion (MODEL.md, section 6). */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/math.h"
#include "measure.h"

enum {
    BALANCE,
    OWN_BALANCE,
    RESERVE_MONTHS,
    NET_TRANSFER,
    TRANSFER_PER_MEMBER,
    DEFICIT,
    DEPLETED_AT,
    DEPLETED_BY,
    MEMBER_WEIGHTED,
    MEMBER_WEIGHTED_BY,
    DEPTH,
    STRUCTURAL
};

#define ALL_STATS (PC_STAT_MOMENTS | PC_STAT_QUANTILES | PC_STAT_DIFFERENCE | PC_STAT_DIFFERENCE_QUANTILES)
#define CHANCE    (PC_STAT_EVENT | PC_STAT_DIFFERENCE)

static const pc_output outputs[] = {
    [BALANCE] = {"balance", "yuan", "balance at 31 December with shares of pools and funds", PC_SHAPE_AREA_YEAR,
                 ALL_STATS | PC_STAT_PATHS, 0},
    [OWN_BALANCE] = {"own_balance", "yuan", "balance at 31 December of the regions' own accounts", PC_SHAPE_AREA_YEAR,
                     PC_STAT_MOMENTS, 0},
    [RESERVE_MONTHS] = {"reserve_months", "months", "balance in months of the year's expenditure", PC_SHAPE_AREA_YEAR,
                        ALL_STATS, 0},
    [NET_TRANSFER] = {"net_transfer", "yuan", "received less paid between accounts", PC_SHAPE_AREA_YEAR,
                      PC_STAT_MOMENTS | PC_STAT_DIFFERENCE | PC_STAT_PATHS, 0},
    [TRANSFER_PER_MEMBER] = {"net_transfer_per_member", "yuan/person", "received less paid per member",
                             PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [DEFICIT] = {"deficit", "1", "the year's income, with transfers, is below its outgo", PC_SHAPE_AREA_YEAR, CHANCE, 0},
    [DEPLETED_AT] = {"depleted_at", "1", "the account is short before rescue in this year", PC_SHAPE_AREA_YEAR, CHANCE,
                     0},
    [DEPLETED_BY] = {"depleted_by", "1", "the account has been short in some year so far", PC_SHAPE_AREA_YEAR, CHANCE,
                     0},
    [MEMBER_WEIGHTED] = {"member_weighted_depletion", "1", "share of members whose account is short before rescue",
                         PC_SHAPE_YEAR, CHANCE, 0},
    [MEMBER_WEIGHTED_BY] = {"member_weighted_depletion_by", "",
                            "share of members whose account has been short in some year so far", PC_SHAPE_YEAR, CHANCE,
                            0},
    [DEPTH] = {"depletion_depth", "1", "sum of the holes before rescue over expenditure", PC_SHAPE_YEAR,
               PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [STRUCTURAL] = {"structural_shortfall", "1", "a region is short while all accounts together are not", PC_SHAPE_YEAR,
                    CHANCE, 0},
};

/* Memory: [view][area] short in some year; [view] members, members whose account is short, members whose account has
 * been short, expenditure, any region short. */
enum { SUM_MEMBERS, SUM_SHORT, SUM_SHORT_BY, SUM_EXPENDITURE, ANY_SHORT, VIEW_ROWS };

static int memory_rows(const pc_areas *areas)
{
    return PC_SCHEME_VIEWS * (areas->n_areas + VIEW_ROWS);
}

static double *view_row(const pc_measure_call *call, int view, int which)
{
    return call->memory + (size_t)(PC_SCHEME_VIEWS * call->areas->n_areas + view * VIEW_ROWS + which) * PC_LANES;
}

PC_KERNEL static void quotient(double *restrict out, const double *restrict a, double factor, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = factor * a[l] / b[l];
        out[l] = b[l] > 0 ? q : (double)NAN;
    }
}

/* 1 where the surplus is below zero by more than rounding (1e-9 of expenditure, as for depletion): a fund that exactly
 * fills a gap leaves a surplus of zero, whose sign is accident. */
PC_KERNEL static void in_deficit(double *restrict out, const double *restrict surplus, const double *restrict expenditure)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = surplus[l] < -1e-9 * expenditure[l] ? 1.0 : 0.0;
    }
}

PC_KERNEL static void ever(double *restrict so_far, const double *restrict now)
{
    for (int l = 0; l < PC_LANES; l++) {
        so_far[l] = so_far[l] > now[l] ? so_far[l] : now[l];
    }
}

PC_KERNEL static void weigh(double *restrict members, double *restrict members_short, double *restrict members_by,
                            const double *restrict n, const double *restrict depleted, const double *restrict by)
{
    for (int l = 0; l < PC_LANES; l++) {
        members[l] += n[l];
        members_short[l] += n[l] * depleted[l];
        members_by[l] += n[l] * by[l];
    }
}

/* Rows of "short in some year so far" of a view and area. */
static double *by_row(const pc_measure_call *call, int view)
{
    return call->memory + (size_t)(view * call->areas->n_areas + call->area) * PC_LANES;
}

/* Sums over regions for the year's outputs. The view of both weighs each scheme's members by its own account. */
static void add_region(const pc_measure_call *call)
{
    for (int s = 0; s < PC_SCHEMES; s++) {
        const double *const *row = call->rows[s].row;
        for (int view = s; view <= PC_BOTH; view += PC_BOTH - s) {
            if (call->area == 0 && (view == s || s == 0)) {
                for (int k = 0; k < VIEW_ROWS; k++) {
                    pc_row_fill(view_row(call, view, k), 0);
                }
            }
            weigh(view_row(call, view, SUM_MEMBERS), view_row(call, view, SUM_SHORT), view_row(call, view, SUM_SHORT_BY),
                  row[PC_AREA_MEMBERS], row[PC_AREA_DEPLETED], by_row(call, s));
            pc_row_add(view_row(call, view, SUM_EXPENDITURE), row[PC_AREA_EXPENDITURE]);
            ever(view_row(call, view, ANY_SHORT), row[PC_AREA_DEPLETED]);
        }
    }
}

static void area(const pc_measure_call *call)
{
    double *out = call->scratch;

    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        const double *const *row = call->rows[view].row;
        double *by = by_row(call, view);

        pc_measure_send(call, BALANCE, view, call->area, call->year, row[PC_AREA_BALANCE]);
        pc_measure_send(call, OWN_BALANCE, view, call->area, call->year, row[PC_AREA_OWN]);
        quotient(out, row[PC_AREA_BALANCE], 12, row[PC_AREA_EXPENDITURE]);
        pc_measure_send(call, RESERVE_MONTHS, view, call->area, call->year, out);
        pc_measure_send(call, NET_TRANSFER, view, call->area, call->year, row[PC_AREA_TRANSFER]);
        quotient(out, row[PC_AREA_TRANSFER], 1, row[PC_AREA_MEMBERS]);
        pc_measure_send(call, TRANSFER_PER_MEMBER, view, call->area, call->year, out);
        in_deficit(out, row[PC_AREA_SURPLUS], row[PC_AREA_EXPENDITURE]);
        pc_measure_send(call, DEFICIT, view, call->area, call->year, out);
        pc_measure_send(call, DEPLETED_AT, view, call->area, call->year, row[PC_AREA_DEPLETED]);
        ever(by, row[PC_AREA_DEPLETED]);
        pc_measure_send(call, DEPLETED_BY, view, call->area, call->year, by);
    }
    if (call->area < call->areas->n_regions) {
        add_region(call);
    }
}

PC_KERNEL static void structural(double *restrict out, const double *restrict any_short, const double *restrict total,
                                 const double *restrict rescue)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = total[l] - rescue[l] >= 0 ? any_short[l] : 0.0;
    }
}

static void year(const pc_measure_call *call)
{
    const pc_scheme_view *scheme = call->view->scheme;
    double *out = call->scratch, *hole = out + PC_LANES, *total = hole + PC_LANES, *rescue = total + PC_LANES;

    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        int first = view == PC_BOTH ? 0 : view;
        pc_row_copy(hole, scheme[first].hole);
        pc_row_copy(total, scheme[first].total);
        pc_row_copy(rescue, scheme[first].rescue);
        if (view == PC_BOTH) {
            pc_row_add(hole, scheme[PC_RESIDENT].hole);
            pc_row_add(total, scheme[PC_RESIDENT].total);
            pc_row_add(rescue, scheme[PC_RESIDENT].rescue);
        }
        quotient(out, view_row(call, view, SUM_SHORT), 1, view_row(call, view, SUM_MEMBERS));
        pc_measure_send(call, MEMBER_WEIGHTED, view, 0, call->year, out);
        quotient(out, view_row(call, view, SUM_SHORT_BY), 1, view_row(call, view, SUM_MEMBERS));
        pc_measure_send(call, MEMBER_WEIGHTED_BY, view, 0, call->year, out);
        quotient(out, hole, 1, view_row(call, view, SUM_EXPENDITURE));
        pc_measure_send(call, DEPTH, view, 0, call->year, out);
        structural(out, view_row(call, view, ANY_SHORT), total, rescue);
        pc_measure_send(call, STRUCTURAL, view, 0, call->year, out);
    }
}

const pc_measure pc_solvency_measure = {
    .head =
        {
            .slot = "measure",
            .name = "solvency",
            .title = "Balances, deficit, depletion",
            .doc = "Balance of an area: its regions' own accounts, and by expenditure their parts of pools "
                   "and funds. Deficit: without interest and treasury; in the view of both schemes, of their "
                   "sum. Depleted: the account that pays the claims is short after layers and aid, before gap "
                   "sharing and shortfall rules; for a member of a pool: the pool is short and an upper level "
                   "pays a part or the member cannot pay its own from what it kept; for groups and the whole: "
                   "the accounts that pay claims and what members kept, taken together; for both schemes: "
                   "either. A state of the base year does not count in depleted_by of later years. Structural "
                   "shortfall: some region is depleted while all accounts and funds together, before rescue, "
                   "are not below zero.",
            .equation = "reserve_months = 12 balance / E; depleted: B < -1e-9 E; depth = sum max(0, -B) / sum "
                        "E",
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .memory_rows = memory_rows,
    .area = area,
    .year = year,
};
