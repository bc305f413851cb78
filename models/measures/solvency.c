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

/* Memory, rows: [view][area] transfers so far; [view] members, members whose account is short, members whose account
 * has been short, expenditure. Bits: [kind][view][area] short in some year, in deficit in some year; [view] any region
 * short, any region short so far. */
enum { SUM_MEMBERS, SUM_SHORT, SUM_SHORT_BY, SUM_EXPENDITURE, VIEW_ROWS };
enum { EVER_SHORT, EVER_DEFICIT, AREA_BITS };
enum { ANY_SHORT, ANY_SHORT_BY, VIEW_BITS };

static int number_rows(const pc_areas *areas)
{
    return PC_SCHEME_VIEWS * (areas->n_areas + VIEW_ROWS);
}

static int memory_rows(const pc_areas *areas)
{
    const int n_bits = PC_SCHEME_VIEWS * (AREA_BITS * areas->n_areas + VIEW_BITS);

    return number_rows(areas) + (n_bits + PC_BITS_A_ROW - 1) / PC_BITS_A_ROW;
}

static double *transfers_row(const pc_measure_call *call, int view)
{
    return call->memory + (size_t)(view * call->areas->n_areas + call->area) * PC_LANES;
}

static double *view_row(const pc_measure_call *call, int view, int which)
{
    return call->memory + (size_t)(PC_SCHEME_VIEWS * call->areas->n_areas + view * VIEW_ROWS + which) * PC_LANES;
}

static pc_bits *all_bits(const pc_measure_call *call)
{
    return (pc_bits *)(void *)(call->memory + (size_t)number_rows(call->areas) * PC_LANES);
}

static pc_bits *area_bits(const pc_measure_call *call, int view, int kind)
{
    return all_bits(call) + (kind * PC_SCHEME_VIEWS + view) * call->areas->n_areas + call->area;
}

static pc_bits *view_bits(const pc_measure_call *call, int view, int which)
{
    return all_bits(call) + PC_SCHEME_VIEWS * AREA_BITS * call->areas->n_areas + view * VIEW_BITS + which;
}

PC_KERNEL static void quotient(double *restrict out, const double *restrict a, double factor, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = factor * a[l] / b[l];
        out[l] = b[l] > 0 ? q : (double)NAN;
    }
}

/* Where the surplus is below zero by more than rounding (1e-9 of expenditure, as for depletion): a fund that exactly
 * fills a gap leaves a surplus of zero, whose sign is accident. */
static const double rounding = -1e-9;

/* A quotient by b, where there is one. */
PC_KERNEL static void add_quotient(double *restrict sum, const double *restrict q, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        sum[l] += b[l] > 0 ? q[l] : 0.0;
    }
}

static void add_bits(pc_bits *so_far, const pc_bits *now)
{
    *so_far = pc_bits_or(*so_far, *now);
}

/* Sums over regions for the year's outputs. The view of both weighs each scheme's members by its own account. */
static void add_region(const pc_measure_call *call)
{
    for (int s = 0; s < PC_SCHEMES; s++) {
        const double *members = pc_measure_row(call, s, PC_AREA_MEMBERS);
        for (int view = s; view <= PC_BOTH; view += PC_BOTH - s) {
            if (call->area == 0 && (view == s || s == 0)) {
                for (int k = 0; k < VIEW_ROWS; k++) {
                    pc_row_fill(view_row(call, view, k), 0);
                }
                *view_bits(call, view, ANY_SHORT) = (pc_bits){0};
            }
            pc_row_add(view_row(call, view, SUM_MEMBERS), members);
            pc_bits_add(view_row(call, view, SUM_SHORT), members, &call->rows[s].depleted);
            pc_bits_add(view_row(call, view, SUM_SHORT_BY), members, area_bits(call, s, EVER_SHORT));
            pc_row_add(view_row(call, view, SUM_EXPENDITURE), pc_measure_row(call, s, PC_AREA_EXPENDITURE));
            add_bits(view_bits(call, view, ANY_SHORT), &call->rows[s].depleted);
            add_bits(view_bits(call, view, ANY_SHORT_BY), area_bits(call, s, EVER_SHORT));
        }
    }
}

/* Short, gave more than it received, and what it gave would have kept it at zero or above. */
static pc_bits short_by_giving(const pc_measure_call *call, int scheme)
{
    const double *transfer = pc_measure_row(call, scheme, PC_AREA_TRANSFER);
    pc_bits kept, gave;

    pc_bits_covers(&kept, pc_measure_row(call, scheme, PC_AREA_BEFORE), transfer);
    pc_bits_below(&gave, transfer, 0);
    return pc_bits_and(call->rows[scheme].depleted, pc_bits_and(kept, gave));
}

static void area(const pc_measure_call *call)
{
    double *out = call->scratch;
    pc_bits given[PC_SCHEME_VIEWS];

    for (int s = 0; s < PC_SCHEMES; s++) {
        given[s] = short_by_giving(call, s);
    }
    given[PC_BOTH] = pc_bits_or(given[PC_EMPLOYEE], given[PC_RESIDENT]); /* either one's account, as for depletion */
    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        const double *members = pc_measure_row(call, view, PC_AREA_MEMBERS);
        const double *transfer = pc_measure_row(call, view, PC_AREA_TRANSFER);
        const pc_bits *depleted = &call->rows[view].depleted;
        pc_bits *by = area_bits(call, view, EVER_SHORT), *deficit_by = area_bits(call, view, EVER_DEFICIT), deficit;
        double *transfers = transfers_row(call, view);

        pc_measure_send(call, BALANCE, view, call->area, call->year, pc_measure_row(call, view, PC_AREA_BALANCE));
        pc_measure_send(call, OWN_BALANCE, view, call->area, call->year, pc_measure_row(call, view, PC_AREA_OWN));
        pc_measure_send(call, RESERVE_MONTHS, view, call->area, call->year, pc_measure_row(call, view, PC_AREA_MONTHS));
        pc_measure_send(call, NET_TRANSFER, view, call->area, call->year, transfer);
        quotient(out, transfer, 1, members);
        pc_measure_send(call, TRANSFER_PER_MEMBER, view, call->area, call->year, out);
        add_quotient(transfers, out, members);
        pc_measure_send(call, TRANSFER_TO_DATE, view, call->area, call->year, transfers);
        pc_bits_less(&deficit, 1, pc_measure_row(call, view, PC_AREA_SURPLUS), rounding, pc_measure_row(call, view, PC_AREA_EXPENDITURE));
        pc_measure_send_events(call, DEFICIT, view, call->area, call->year, &deficit, NULL);
        add_bits(deficit_by, &deficit);
        pc_measure_send_events(call, DEFICIT_BY, view, call->area, call->year, deficit_by, NULL);
        pc_measure_send_events(call, DEPLETED_AT, view, call->area, call->year, depleted, NULL);
        add_bits(by, depleted);
        pc_measure_send_events(call, DEPLETED_BY, view, call->area, call->year, by, NULL);
        pc_measure_send_events(call, DEPLETED_BY_GIVING, view, call->area, call->year, &given[view], NULL);
    }
    if (call->area < call->areas->n_regions) {
        add_region(call);
    }
}

static void year(const pc_measure_call *call)
{
    const pc_scheme_view *scheme = call->view->scheme;
    double *out = call->scratch, *hole = out + PC_LANES, *total = hole + PC_LANES, *rescue = total + PC_LANES;

    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        int first = view == PC_BOTH ? 0 : view;
        pc_bits structural;
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
        pc_bits_covers(&structural, total, rescue);
        structural = pc_bits_and(structural, *view_bits(call, view, ANY_SHORT));
        pc_measure_send_events(call, STRUCTURAL, view, 0, call->year, &structural, NULL);
        pc_measure_send_events(call, DEPLETED_ANY, view, 0, call->year, view_bits(call, view, ANY_SHORT_BY), NULL);
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
