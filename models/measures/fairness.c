/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How unequal the regions are, weighted by members (docs/model.md, Measures, fairness). */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/i18n.h"
#include "base/math.h"
#include "measure.h"
#include "spread.h"

enum { MONTHS_DIFFERENCE, MONTHS_SD, COST_GINI, COST_THEIL, MONTHS_CONCENTRATION, BENEFIT, BENEFIT_CONCENTRATION };

static const pc_output outputs[] = {
    [MONTHS_DIFFERENCE] = {"months_dispersion", "months",
                           N_("half the mean difference of regions' months of reserve, weighted by members"),
                           PC_SHAPE_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [MONTHS_SD] = {"months_sd", "months", N_("standard deviation of regions' months of reserve, weighted by members"),
                   PC_SHAPE_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [COST_GINI] = {"cost_ratio_gini", "1",
                   N_("Gini coefficient of regions' expenditure over revenue, weighted by members"), PC_SHAPE_YEAR,
                   PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [COST_THEIL] = {"cost_ratio_theil", "1",
                    N_("Theil index of regions' expenditure over revenue, weighted by members"), PC_SHAPE_YEAR,
                    PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [MONTHS_CONCENTRATION] = {"months_concentration", "months",
                              N_("months of reserve held more by regions of high wages (below 0: of low wages)"),
                              PC_SHAPE_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [BENEFIT] = {"benefit_per_contribution", "1", N_("expenditure over revenue before transfers"), PC_SHAPE_AREA_YEAR,
                 PC_STAT_MOMENTS, 0},
    [BENEFIT_CONCENTRATION] = {"benefit_concentration", "1",
                               N_("concentration index of expenditure over revenue, regions in the order of wages"),
                               PC_SHAPE_YEAR, PC_STAT_MOMENTS, 0},
};

/* Memory: [view][region] of each, then what the spread needs, then a row for [view] what of the costs is the
 * baseline's. A weight is 0 where the quantity is missing. */
enum { MONTHS, MONTHS_WEIGHT, COST, COST_WEIGHT, KINDS };
enum { SAME_GINI = 1, SAME_THEIL = 2, SAME_CONCENTRATION = 4, ALL_SAME = 7 };

static int memory_rows(const pc_areas *areas)
{
    return PC_SCHEME_VIEWS * KINDS * areas->n_regions + pc_spread_rows(areas->n_regions) + 1;
}

static double *row_of(const pc_measure_call *call, int view, int kind, int region)
{
    return call->memory + (size_t)((view * KINDS + kind) * call->areas->n_regions + region) * PC_LANES;
}

static double *spread_memory(const pc_measure_call *call)
{
    return row_of(call, PC_SCHEME_VIEWS, 0, 0);
}

static int *same_costs(const pc_measure_call *call, int view)
{
    return (int *)(void *)(spread_memory(call) + (size_t)pc_spread_rows(call->areas->n_regions) * PC_LANES) + view;
}

/* Asked before the year's first area: what the baseline has sent is not worked out again. */
static int ask_same_costs(const pc_measure_call *call, int view)
{
    int same = 0;

    same |= pc_measure_same(call, COST_GINI, view, 0, call->year) ? SAME_GINI : 0;
    same |= pc_measure_same(call, COST_THEIL, view, 0, call->year) ? SAME_THEIL : 0;
    same |= pc_measure_same(call, BENEFIT_CONCENTRATION, view, 0, call->year) ? SAME_CONCENTRATION : 0;
    return same;
}

/* x and its weight, nothing where the quotient by b is missing. */
PC_KERNEL static void weighted_quotient(double *restrict x, double *restrict weight,
                                        const double *restrict quotient_by_b, const double *restrict b,
                                        const double *restrict members)
{
    for (int l = 0; l < PC_LANES; l++) {
        x[l] = b[l] > 0 ? quotient_by_b[l] : 0.0;
        weight[l] = b[l] > 0 ? members[l] : 0.0;
    }
}

PC_KERNEL static void quotient(double *restrict out, const double *restrict a, const double *restrict b)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = a[l] / b[l];
        out[l] = b[l] > 0 ? q : (double)NAN;
    }
}

static void area(const pc_measure_call *call)
{
    const int is_region = call->area < call->areas->n_regions;

    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        const double *members = pc_measure_row(call, view, PC_AREA_MEMBERS);
        const int benefit = !pc_measure_same(call, BENEFIT, view, call->area, call->year);
        int costs;
        if (call->area == 0) {
            *same_costs(call, view) = ask_same_costs(call, view);
        }
        costs = is_region && *same_costs(call, view) != ALL_SAME;
        if (benefit || costs) {
            quotient(call->scratch, pc_measure_row(call, view, PC_AREA_EXPENDITURE),
                     pc_measure_row(call, view, PC_AREA_REVENUE));
        }
        if (benefit) {
            pc_measure_send(call, BENEFIT, view, call->area, call->year, call->scratch);
        }
        if (is_region) {
            weighted_quotient(row_of(call, view, MONTHS, call->area), row_of(call, view, MONTHS_WEIGHT, call->area),
                              pc_measure_row(call, view, PC_AREA_MONTHS),
                              pc_measure_row(call, view, PC_AREA_EXPENDITURE), members);
        }
        if (costs) {
            weighted_quotient(row_of(call, view, COST, call->area), row_of(call, view, COST_WEIGHT, call->area),
                              call->scratch, pc_measure_row(call, view, PC_AREA_REVENUE), members);
        }
    }
}

PC_KERNEL static void add_first(double *restrict weight, double *restrict first, const double *restrict p,
                                const double *restrict x)
{
    for (int l = 0; l < PC_LANES; l++) {
        weight[l] += p[l];
        first[l] += p[l] * x[l];
    }
}

PC_KERNEL static void mean_of(double *restrict mean, const double *restrict weight, const double *restrict first)
{
    for (int l = 0; l < PC_LANES; l++) {
        mean[l] = first[l] / weight[l];
    }
}

PC_KERNEL static void add_second(double *restrict second, const double *restrict weight, const double *restrict mean,
                                 const double *restrict p, const double *restrict x)
{
    for (int l = 0; l < PC_LANES; l++) {
        double d = x[l] - mean[l];
        double term = p[l] * d * d;
        second[l] += weight[l] > 0 ? term : 0.0;
    }
}

/* sum -> sum / weight^2 (and, for Gini, over the mean), missing without weight */
PC_KERNEL static void finish_difference(double *restrict sum, const double *restrict weight,
                                        const double *restrict first, int gini)
{
    for (int l = 0; l < PC_LANES; l++) {
        double w = weight[l];
        double d = sum[l] / (w * w);
        double g = d / (first[l] / w);
        double v = gini ? g : d;
        sum[l] = w > 0 ? v : (double)NAN;
    }
}

PC_KERNEL static void finish_sd(double *restrict second, const double *restrict weight)
{
    for (int l = 0; l < PC_LANES; l++) {
        double sd = __builtin_sqrt(second[l] / weight[l]);
        second[l] = weight[l] > 0 ? sd : (double)NAN;
    }
}

/* y = x / mu, mu = first / weight; 1 where that, or its part in the sum, is 0 */
PC_KERNEL static void relative(double *restrict y, const double *restrict weight, const double *restrict first,
                               const double *restrict p, const double *restrict x)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = x[l] * weight[l] / first[l];
        q = p[l] * x[l] > 0 ? q : 1.0;
        y[l] = first[l] > 0 ? q : 1.0;
    }
}

/* second += p y ln y, y as above: 0 ln 0 = 0 */
PC_KERNEL static void add_entropy(double *restrict second, const double *restrict ln, const double *restrict first,
                                  const double *restrict p, const double *restrict y)
{
    for (int l = 0; l < PC_LANES; l++) {
        double term = p[l] * y[l] * ln[l];
        second[l] += first[l] > 0 ? term : 0.0;
    }
}

PC_KERNEL static void finish_entropy(double *restrict second, const double *restrict weight,
                                     const double *restrict first)
{
    for (int l = 0; l < PC_LANES; l++) {
        double t = second[l] / weight[l];
        second[l] = first[l] > 0 ? t : (double)NAN;
    }
}

/* Sums over pairs, plain and in the order of wages, and the sums of weights and of weighted values. */
static void spread_of(const pc_measure_call *call, int view, int kind, double *sum, double *ranked, double *weight,
                      double *first)
{
    const int n = call->areas->n_regions;

    pc_spread(n, row_of(call, view, kind, 0), row_of(call, view, kind + 1, 0), call->weather->wage, sum, ranked,
              spread_memory(call));
    pc_row_fill(weight, 0);
    pc_row_fill(first, 0);
    for (int a = 0; a < n; a++) {
        add_first(weight, first, row_of(call, view, kind + 1, a), row_of(call, view, kind, a));
    }
}

/* Inequality of expenditure over revenue, which no policy without levers changes. */
static void send_costs(const pc_measure_call *call, int view)
{
    double *sum = call->scratch, *weight = sum + PC_LANES, *first = weight + PC_LANES, *second = first + PC_LANES;
    double *ln = second + PC_LANES;
    const int same = *same_costs(call, view);

    if (same == ALL_SAME) {
        return;
    }
    spread_of(call, view, COST, sum, second, weight, first);
    finish_difference(sum, weight, first, 1);
    finish_difference(second, weight, first, 1);
    if (!(same & SAME_GINI)) {
        pc_measure_send(call, COST_GINI, view, 0, call->year, sum);
    }
    if (!(same & SAME_CONCENTRATION)) {
        pc_measure_send(call, BENEFIT_CONCENTRATION, view, 0, call->year, second);
    }
    if (same & SAME_THEIL) {
        return;
    }
    pc_row_fill(second, 0);
    for (int r = 0; r < call->areas->n_regions; r++) {
        const double *p = row_of(call, view, COST_WEIGHT, r), *x = row_of(call, view, COST, r);
        relative(sum, weight, first, p, x);
        pc_log_rows(ln, sum, PC_LANES);
        add_entropy(second, ln, first, p, sum);
    }
    finish_entropy(second, weight, first);
    pc_measure_send(call, COST_THEIL, view, 0, call->year, second);
}

static void year(const pc_measure_call *call)
{
    double *sum = call->scratch, *weight = sum + PC_LANES, *first = weight + PC_LANES, *second = first + PC_LANES;

    if (call->areas->n_regions > PC_SPREAD_PAIRS) {
        pc_spread_order(call->areas->n_regions, call->weather->wage, spread_memory(call));
    }
    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        spread_of(call, view, MONTHS, sum, second, weight, first);
        finish_difference(sum, weight, first, 0);
        finish_difference(second, weight, first, 0);
        pc_measure_send(call, MONTHS_DIFFERENCE, view, 0, call->year, sum);
        pc_measure_send(call, MONTHS_CONCENTRATION, view, 0, call->year, second);
        pc_row_fill(second, 0);
        mean_of(sum, weight, first);
        for (int r = 0; r < call->areas->n_regions; r++) {
            add_second(second, weight, sum, row_of(call, view, MONTHS_WEIGHT, r), row_of(call, view, MONTHS, r));
        }
        finish_sd(second, weight);
        pc_measure_send(call, MONTHS_SD, view, 0, call->year, second);
        send_costs(call, view);
    }
}

const pc_measure pc_fairness_measure = {
    .head =
        {
            .slot = "measure",
            .name = "fairness",
            .title = N_("Inequality between regions"),
            .doc = N_("Spread of the months of reserve and of expenditure over revenue before transfers; p are "
                      "shares of members. Regions where the quantity is missing are left out. Check: months 4 "
                      "and 8 with equal members: dispersion 1, sd 2; concentration 1 where the second has the "
                      "higher wage, -1 where the lower. Benefit per contribution is E/R of each area."),
            .equation = N_("dispersion = 1/2 sum sum p_i p_j |x_i - x_j|; Gini = the same of E/R over its mean; "
                           "Theil = sum p_i x_i/m ln(x_i/m), m the mean; concentration = sum_{i<j} p_i p_j (x_i - x_j) "
                           "sign(w_i - w_j), w wages; of E/R over its mean"),
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .memory_rows = memory_rows,
    .area = area,
    .year = year,
};
