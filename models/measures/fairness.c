/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How unequal the regions are, weighted by members (MODEL.md, section 6, fairness). */
#include <math.h>

#include "../list.h"
#include "../pooling/rows.h"
#include "base/math.h"
#include "measure.h"

enum { MONTHS_DIFFERENCE, MONTHS_SD, COST_GINI, COST_THEIL };

static const pc_output outputs[] = {
    [MONTHS_DIFFERENCE] = {"months_dispersion", "months",
                           "half the mean difference of regions' months of reserve, weighted by members", PC_SHAPE_YEAR,
                           PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [MONTHS_SD] = {"months_sd", "months", "standard deviation of regions' months of reserve, weighted by members",
                   PC_SHAPE_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [COST_GINI] = {"cost_ratio_gini", "1", "Gini coefficient of regions' expenditure over revenue, weighted by members",
                   PC_SHAPE_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
    [COST_THEIL] = {"cost_ratio_theil", "1", "Theil index of regions' expenditure over revenue, weighted by members",
                    PC_SHAPE_YEAR, PC_STAT_MOMENTS | PC_STAT_DIFFERENCE, 0},
};

/* Memory: [view][region] of each. A weight is 0 where the quantity is missing. */
enum { MONTHS, MONTHS_WEIGHT, COST, COST_WEIGHT, KINDS };

static int memory_rows(const pc_areas *areas)
{
    return PC_SCHEME_VIEWS * KINDS * areas->n_regions;
}

static double *row_of(const pc_measure_call *call, int view, int kind, int region)
{
    return call->memory + (size_t)((view * KINDS + kind) * call->areas->n_regions + region) * PC_LANES;
}

PC_KERNEL static void weighted_quotient(double *restrict x, double *restrict weight, const double *restrict a,
                                        double factor, const double *restrict b, const double *restrict members)
{
    for (int l = 0; l < PC_LANES; l++) {
        double q = factor * a[l] / b[l];
        x[l] = b[l] > 0 ? q : 0.0;
        weight[l] = b[l] > 0 ? members[l] : 0.0;
    }
}

static void area(const pc_measure_call *call)
{
    for (int view = 0; view < PC_SCHEME_VIEWS && call->area < call->areas->n_regions; view++) {
        const double *const *row = call->rows[view].row;
        weighted_quotient(row_of(call, view, MONTHS, call->area), row_of(call, view, MONTHS_WEIGHT, call->area),
                          row[PC_AREA_BALANCE], 12, row[PC_AREA_EXPENDITURE], row[PC_AREA_MEMBERS]);
        weighted_quotient(row_of(call, view, COST, call->area), row_of(call, view, COST_WEIGHT, call->area),
                          row[PC_AREA_EXPENDITURE], 1, row[PC_AREA_REVENUE], row[PC_AREA_MEMBERS]);
    }
}

PC_KERNEL static void add_pair(double *restrict sum, const double *restrict x, const double *restrict y,
                               const double *restrict p, const double *restrict q)
{
    for (int l = 0; l < PC_LANES; l++) {
        sum[l] += p[l] * q[l] * __builtin_fabs(x[l] - y[l]);
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

PC_KERNEL static void add_second(double *restrict second, const double *restrict weight, const double *restrict first,
                                 const double *restrict p, const double *restrict x)
{
    for (int l = 0; l < PC_LANES; l++) {
        double d = x[l] - first[l] / weight[l];
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
PC_KERNEL static void add_entropy(double *restrict second, const double *restrict ln, const double *restrict weight,
                                  const double *restrict first, const double *restrict p, const double *restrict x)
{
    for (int l = 0; l < PC_LANES; l++) {
        double term = p[l] * (x[l] * weight[l] / first[l]) * ln[l];
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

/* Sum over pairs, and the sums of weights and of weighted values. */
static void spread_of(const pc_measure_call *call, int view, int kind, double *sum, double *weight, double *first)
{
    int n = call->areas->n_regions;

    pc_row_fill(sum, 0);
    pc_row_fill(weight, 0);
    pc_row_fill(first, 0);
    for (int a = 0; a < n; a++) {
        add_first(weight, first, row_of(call, view, kind + 1, a), row_of(call, view, kind, a));
        for (int b = a + 1; b < n; b++) {
            add_pair(sum, row_of(call, view, kind, a), row_of(call, view, kind, b), row_of(call, view, kind + 1, a),
                     row_of(call, view, kind + 1, b));
        }
    }
}

static void year(const pc_measure_call *call)
{
    double *sum = call->scratch, *weight = sum + PC_LANES, *first = weight + PC_LANES, *second = first + PC_LANES;

    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        spread_of(call, view, MONTHS, sum, weight, first);
        pc_row_fill(second, 0);
        for (int r = 0; r < call->areas->n_regions; r++) {
            add_second(second, weight, first, row_of(call, view, MONTHS_WEIGHT, r), row_of(call, view, MONTHS, r));
        }
        finish_difference(sum, weight, first, 0);
        finish_sd(second, weight);
        pc_measure_send(call, MONTHS_DIFFERENCE, view, 0, call->year, sum);
        pc_measure_send(call, MONTHS_SD, view, 0, call->year, second);
        spread_of(call, view, COST, sum, weight, first);
        finish_difference(sum, weight, first, 1);
        pc_measure_send(call, COST_GINI, view, 0, call->year, sum);
        pc_row_fill(second, 0);
        for (int r = 0; r < call->areas->n_regions; r++) {
            const double *p = row_of(call, view, COST_WEIGHT, r), *x = row_of(call, view, COST, r);
            relative(sum, weight, first, p, x);
            pc_log_rows(sum, sum, PC_LANES);
            add_entropy(second, sum, weight, first, p, x);
        }
        finish_entropy(second, weight, first);
        pc_measure_send(call, COST_THEIL, view, 0, call->year, second);
    }
}

const pc_measure pc_fairness_measure = {
    .head =
        {
            .slot = "measure",
            .name = "fairness",
            .title = "Inequality between regions",
            .doc = "Spread of the months of reserve and of expenditure over revenue before transfers; p are "
                   "shares of members. Regions where the quantity is missing are left out. Check: months 4 "
                   "and 8 with equal members: dispersion 1, sd 2.",
            .equation = "dispersion = 1/2 sum sum p_i p_j |x_i - x_j|; Gini = the same of E/R over its mean; "
                        "Theil = sum p_i x_i/m ln(x_i/m), m the mean",
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .memory_rows = memory_rows,
    .area = area,
    .year = year,
};
