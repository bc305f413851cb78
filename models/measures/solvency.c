/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balances, months of reserve, transfers, deficit and depletion (docs/model.md, Measures). */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/i18n.h"
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
    STRUCTURAL,
    DEFICIT_BY,
    DEPLETED_BY_GIVING,
    TRANSFER_TO_DATE,
    DEPLETED_ANY
};

#define ALL_STATS (PC_STAT_MOMENTS | PC_STAT_QUANTILES | PC_STAT_DIFFERENCE | PC_STAT_DIFFERENCE_QUANTILES)
#define CHANCE    (PC_STAT_EVENT | PC_STAT_DIFFERENCE)

static const pc_output outputs[] = {
    [BALANCE] = {"balance", "yuan", N_("balance at 31 December with shares of pools and funds"), PC_SHAPE_AREA_YEAR,
                 ALL_STATS | PC_STAT_PATHS, 0},
    [OWN_BALANCE] = {"own_balance", "yuan", N_("balance at 31 December of the regions' own accounts"),
                     PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS, 0},
    [RESERVE_MONTHS] = {"reserve_months", "months", N_("balance in months of the year's expenditure"),
                        PC_SHAPE_AREA_YEAR, ALL_STATS, 0},
    [NET_TRANSFER] = {"net_transfer", "yuan", N_("received less paid between accounts"), PC_SHAPE_AREA_YEAR,
                      PC_STAT_MOMENTS | PC_STAT_DIFFERENCE | PC_STAT_PATHS, 0},
    [TRANSFER_PER_MEMBER] = {"net_transfer_per_member", "yuan/person", N_("received less paid per member"),
                             PC_SHAPE_AREA_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [DEFICIT] = {"deficit", "1", N_("the year's income, with transfers, is below its outgo"), PC_SHAPE_AREA_YEAR,
                 CHANCE, 0},
    [DEPLETED_AT] = {"depleted_at", "1", N_("the account is short before rescue in this year"), PC_SHAPE_AREA_YEAR,
                     CHANCE, 0},
    [DEPLETED_BY] = {"depleted_by", "1", N_("the account has been short in some year so far"), PC_SHAPE_AREA_YEAR,
                     CHANCE, 0},
    [MEMBER_WEIGHTED] = {"member_weighted_depletion", "1", N_("share of members whose account is short before rescue"),
                         PC_SHAPE_YEAR, CHANCE, 0},
    [MEMBER_WEIGHTED_BY] = {"member_weighted_depletion_by", "1",
                            N_("share of members whose account has been short in some year so far"), PC_SHAPE_YEAR,
                            CHANCE, 0},
    [DEPTH] = {"depletion_depth", "1", N_("sum of the holes before rescue over expenditure"), PC_SHAPE_YEAR,
               PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [STRUCTURAL] = {"structural_shortfall", "1", N_("a region is short while all accounts together are not"),
                    PC_SHAPE_YEAR, CHANCE, 0},
    [DEFICIT_BY] = {"deficit_by", "1", N_("income has been below outgo in some year so far"), PC_SHAPE_AREA_YEAR,
                    CHANCE, 0},
    [DEPLETED_BY_GIVING] = {"depleted_by_giving", "1", N_("the account is short and would not be without what it gave"),
                            PC_SHAPE_AREA_YEAR, CHANCE, 0},
    [TRANSFER_TO_DATE] = {"net_transfer_to_date", "yuan/person",
                          N_("received less paid per member, summed over the years"), PC_SHAPE_AREA_YEAR,
                          PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [DEPLETED_ANY] = {"depleted_any", "1", N_("some region's account has been short in some year so far"),
                      PC_SHAPE_YEAR, CHANCE, 0},
};

/* Memory: [kind][view][area] short in some year, in deficit in some year, transfers so far; [view] members, members
 * whose account is short, members whose account has been short, expenditure, any region short, any region short so
 * far. */
enum { EVER_SHORT, EVER_DEFICIT, SUM_TRANSFER, AREA_KINDS };
enum { SUM_MEMBERS, SUM_SHORT, SUM_SHORT_BY, SUM_EXPENDITURE, ANY_SHORT, ANY_SHORT_BY, VIEW_ROWS };

static int memory_rows(const pc_areas *areas)
{
    return PC_SCHEME_VIEWS * (AREA_KINDS * areas->n_areas + VIEW_ROWS);
}

static double *view_row(const pc_measure_call *call, int view, int which)
{
    return call->memory +
           (size_t)(PC_SCHEME_VIEWS * AREA_KINDS * call->areas->n_areas + view * VIEW_ROWS + which) * PC_LANES;
}

static double *area_row(const pc_measure_call *call, int view, int kind)
{
    return call->memory + (size_t)((kind * PC_SCHEME_VIEWS + view) * call->areas->n_areas + call->area) * PC_LANES;
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
PC_KERNEL static void in_deficit(double *restrict out, const double *restrict surplus,
                                 const double *restrict expenditure)
{
    for (int l = 0; l < PC_LANES; l++) {
        out[l] = surplus[l] < -1e-9 * expenditure[l] ? 1.0 : 0.0;
    }
}

/* Short, gave more than it received, and what it gave would have kept it at zero or above. */
PC_KERNEL static void short_by_giving(double *restrict out, const double *restrict depleted,
                                      const double *restrict before, const double *restrict transfer)
{
    for (int l = 0; l < PC_LANES; l++) {
        double kept = before[l] - transfer[l] >= 0 ? depleted[l] : 0.0;
        out[l] = transfer[l] < 0 ? kept : 0.0;
    }
}

/* A quotient by b, where there is one. */
PC_KERNEL static void add_quotient(double *restrict sum, const double *restrict q, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        sum[l] += b[l] > 0 ? q[l] : 0.0;
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
            weigh(view_row(call, view, SUM_MEMBERS), view_row(call, view, SUM_SHORT),
                  view_row(call, view, SUM_SHORT_BY), row[PC_AREA_MEMBERS], row[PC_AREA_DEPLETED],
                  area_row(call, s, EVER_SHORT));
            pc_row_add(view_row(call, view, SUM_EXPENDITURE), row[PC_AREA_EXPENDITURE]);
            ever(view_row(call, view, ANY_SHORT), row[PC_AREA_DEPLETED]);
            ever(view_row(call, view, ANY_SHORT_BY), area_row(call, s, EVER_SHORT));
        }
    }
}

/* Both schemes: either one's account, as for depletion. */
static void given_away(const pc_measure_call *call, int view, double *out)
{
    double *other = out + PC_LANES;

    for (int s = 0; s < PC_SCHEMES; s++) {
        const double *const *row = call->rows[s].row;
        if (view == s || view == PC_BOTH) {
            short_by_giving(view == PC_BOTH && s > 0 ? other : out, row[PC_AREA_DEPLETED], row[PC_AREA_BEFORE],
                            row[PC_AREA_TRANSFER]);
        }
    }
    if (view == PC_BOTH) {
        ever(out, other);
    }
}

static void area(const pc_measure_call *call)
{
    double *out = call->scratch;

    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        const double *const *row = call->rows[view].row;
        double *by = area_row(call, view, EVER_SHORT), *deficit_by = area_row(call, view, EVER_DEFICIT);
        double *transfers = area_row(call, view, SUM_TRANSFER);

        pc_measure_send(call, BALANCE, view, call->area, call->year, row[PC_AREA_BALANCE]);
        pc_measure_send(call, OWN_BALANCE, view, call->area, call->year, row[PC_AREA_OWN]);
        pc_measure_send(call, RESERVE_MONTHS, view, call->area, call->year, row[PC_AREA_MONTHS]);
        pc_measure_send(call, NET_TRANSFER, view, call->area, call->year, row[PC_AREA_TRANSFER]);
        quotient(out, row[PC_AREA_TRANSFER], 1, row[PC_AREA_MEMBERS]);
        pc_measure_send(call, TRANSFER_PER_MEMBER, view, call->area, call->year, out);
        add_quotient(transfers, out, row[PC_AREA_MEMBERS]);
        pc_measure_send(call, TRANSFER_TO_DATE, view, call->area, call->year, transfers);
        in_deficit(out, row[PC_AREA_SURPLUS], row[PC_AREA_EXPENDITURE]);
        pc_measure_send(call, DEFICIT, view, call->area, call->year, out);
        ever(deficit_by, out);
        pc_measure_send(call, DEFICIT_BY, view, call->area, call->year, deficit_by);
        pc_measure_send(call, DEPLETED_AT, view, call->area, call->year, row[PC_AREA_DEPLETED]);
        ever(by, row[PC_AREA_DEPLETED]);
        pc_measure_send(call, DEPLETED_BY, view, call->area, call->year, by);
        given_away(call, view, out);
        pc_measure_send(call, DEPLETED_BY_GIVING, view, call->area, call->year, out);
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
        pc_measure_send(call, DEPLETED_ANY, view, 0, call->year, view_row(call, view, ANY_SHORT_BY));
    }
}

const pc_measure pc_solvency_measure = {
    .head =
        {
            .slot = "measure",
            .name = "solvency",
            .title = N_("Balances, deficit, depletion"),
            .doc = N_("Balance of an area: its regions' own accounts, and by expenditure their parts of pools "
                      "and funds. Deficit: without interest and treasury; in the view of both schemes, of their "
                      "sum. Depleted: the account that pays the claims is short after layers and aid, before gap "
                      "sharing and shortfall rules; for a member of a pool: the pool is short and an upper level "
                      "pays a part or the member cannot pay its own from what it kept; for groups and the whole: "
                      "the accounts that pay claims and what members kept, taken together; for both schemes: "
                      "either. A state of the base year does not count in depleted_by of later years. Structural "
                      "shortfall: some region is depleted while all accounts and funds together, before rescue, "
                      "are not below zero. Depleted by giving: depleted, gave more than it received in the year, and "
                      "without that it would not be short (for a member of a pool by its share of the pool). Net "
                      "transfer to date: the yearly transfers per member of the year, added up without interest."),
            .equation = N_("reserve_months = 12 balance / E; depleted: B < -1e-9 E; depth = sum max(0, -B) / sum "
                           "E"),
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .memory_rows = memory_rows,
    .area = area,
    .year = year,
};
