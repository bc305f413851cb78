/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gives to whom over the horizon (models/pooling/matrix.h). */
#include "../list.h"
#include "../pooling/rows.h"
#include "base/i18n.h"
#include "base/math.h"
#include "measure.h"

enum { GIVEN, STAKE };

static const pc_output outputs[] = {
    [GIVEN] = {"transfers", "yuan", N_("present value of what a region gives to the area through funds and pools"),
               PC_SHAPE_AREA, PC_STAT_MOMENTS | PC_BY_REGION, 0},
    [STAKE] = {"stake_in_funds", "yuan",
               N_("present value of what is left in funds at the horizon of what the area has paid in"), PC_SHAPE_AREA,
               PC_STAT_MOMENTS, 0},
};

PC_KERNEL static void add_present(double *restrict sum, const double *restrict stake, const double *restrict discount)
{
    for (int l = 0; l < PC_LANES; l++) {
        sum[l] += stake[l] / discount[l];
    }
}

static void send_given(const pc_measure_call *call, int view, int from, int area)
{
    double *sum = call->scratch;
    const int n = call->areas->n_regions;

    pc_row_fill(sum, 0);
    for (int s = 0; s < PC_SCHEMES; s++) {
        const double *given = call->view->scheme[s].given;
        for (int m = 0; m < call->areas->n_members[area] && given && (view == PC_BOTH || view == s); m++) {
            pc_row_add(sum, given + (size_t)(from * n + call->areas->members[area][m]) * PC_LANES);
        }
    }
    pc_measure_send_item(call, GIVEN, view, from, area, 0, sum);
}

static void send_stake(const pc_measure_call *call, int view, int area)
{
    double *sum = call->scratch;
    const int n = call->areas->n_regions;

    pc_row_fill(sum, 0);
    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_scheme_view *scheme = &call->view->scheme[s];
        for (int f = 0; f < scheme->n_funds && (view == PC_BOTH || view == s); f++) {
            for (int m = 0; m < call->areas->n_members[area]; m++) {
                add_present(sum, scheme->stake + (size_t)(f * n + call->areas->members[area][m]) * PC_LANES,
                            call->weather->discount);
            }
        }
    }
    pc_measure_send(call, STAKE, view, area, 0, sum);
}

static void finish(const pc_measure_call *call)
{
    for (int view = 0; view < PC_SCHEME_VIEWS; view++) {
        for (int area = 0; area < call->areas->n_areas; area++) {
            for (int from = 0; from < pc_areas_items(call->areas, PC_ITEMS_REGION); from++) {
                send_given(call, view, from, area);
            }
            send_stake(call, view, area);
        }
    }
}

const pc_measure pc_transfers_measure = {
    .head =
        {
            .slot = "measure",
            .name = "transfers",
            .title = N_("Matrix of transfers"),
            .doc =
                N_("What each region gives to each other through the funds of groups and through pools, in present "
                   "value over the horizon, and what is left of its payments in funds that last. A payment of a fund "
                   "is given by all who have a stake in it, in proportion; a stake is what was paid in, with "
                   "interest, less what was given. In a pool the members whose share of the pool's balance is below "
                   "their own give to those whose is above. Aid between the schemes and balances that enter or leave "
                   "pools are no transfers. Check: 90 and 10 paid into a fund that held nothing, 50 paid to the "
                   "second region: it is given 45 by the first and 5 by itself; stakes 45 and 5. With more than 64 regions "
                   "the matrix is left out."),
            .equation = N_("fund: T_ij = out_j S_i / sum S, S_i = stake_i (1 + i) + in_i; pool: T_ij = max(0, -n_i) "
                           "max(0, n_j) / sum max(0, n), n_j = (E_j - R_j) - R_j / sum R sum (E - R)"),
            .source = "",
        },
    .outputs = outputs,
    .n_outputs = sizeof outputs / sizeof outputs[0],
    .finish = finish,
};
