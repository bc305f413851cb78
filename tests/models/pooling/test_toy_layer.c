/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new layer in one file: the walk-through for contributors, done by the test suite. The layer takes part of every
 * account's revenue and gives it back in equal parts; the check runs it alone and in a stack with built-in layers. */
#include "rig.h"

#include "pooling/layer.h"
#include "pooling/rows.h"

/* ---- the layer: what would be its file ----------------------------------------------------------------------------
 */

static void toy_levy(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, 0);

    for (int k = 0; k < call->n_units; k++) {
        const pc_unit *unit = pc_call_unit(call, k);
        pc_row_scale(amount, unit->revenue, call->values[0].number);
        pc_post(call->ledger, unit->account, call->fund, amount);
    }
}

static void toy_pay(const pc_layer_call *call)
{
    double *amount = pc_call_scratch(call, 0);

    pc_row_scale(amount, pc_ledger_balance(call->ledger, call->fund), 1.0 / call->n_units);
    for (int k = 0; k < call->n_units; k++) {
        pc_post(call->ledger, call->fund, pc_call_unit(call, k)->account, amount);
    }
}

static const pc_param toy_params[] = {
    {"part", PC_PARAM_NUMBER, "fraction", 0, 1, 0.1, NULL, "Part of revenue that is shared."},
};

static const pc_layer toy_layer = {
    .head = {.slot = "layer",
             .name = "toy",
             .title = "Equal shares",
             .doc = "Part of the revenue is given back in equal shares.",
             .equation = "received_j = part sum R / n",
             .source = "",
             .params = toy_params,
             .n_params = 1},
    .takes_partition = 1,
    .funds = PC_FUNDS_GROUP,
    .levy = toy_levy,
    .pay = toy_pay,
};

/* ---- its test ------------------------------------------------------------------------------------------------------
 */

static const int whole_of[3] = {0, 0, 0}, pair_of[3] = {0, 0, -1};
static const pc_partition whole = {"whole", 1, whole_of, NULL}, pair = {"pair", 1, pair_of, NULL};

/* R = 100, 50, 30: 18 come in, 6 go to each. */
static void test_closed_form(void **state)
{
    rig *g = rig_new(3, 2, 0.02);
    pc_layer_use use = {&toy_layer, rig_values(g, &toy_layer.head), &whole};
    pc_phase phase = {.from = 1, .n_layers = 1, .layers = &use};
    pc_policy_spec spec = {.name = "toy", .n_phases = {1, 0}, .phases = {&phase, NULL}};

    (void)state;
    rig_start(g, &spec);
    for (int year = 1; year <= 2; year++) {
        for (int r = 0; r < 3; r++) {
            rig_year_flows(g, 0, r, r == 0 ? 100 : r == 1 ? 50 : 30, 10, 0);
        }
        rig_step(g, year);
        assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, year, 0), 6 - 10, 1e-13);
        assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 1, year, 0), 6 - 5, 1e-13);
        assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 2, year, 0), 6 - 3, 1e-13);
    }
    assert_near(rig_get(g, "net_transfer_to_date", PC_EMPLOYEE, 0, 2, 0), -8.0 / 1000, 1e-13);
    assert_true(pc_pooling_residual(g->state) < 1e-14);
    rig_free(g);
}

/* Between an adjustment fund of two regions and a reserve fund of all it is ordered by its partition and keeps the
 * books. */
static void test_in_a_stack(void **state)
{
    rig *g = rig_new(3, 3, 0.03);
    pc_value *fund = rig_values(g, &pc_adjustment_fund_layer.head),
             *reserve = rig_values(g, &pc_reserve_fund_layer.head);
    pc_layer_use uses[3] = {{&pc_reserve_fund_layer, reserve, &whole},
                            {&toy_layer, rig_values(g, &toy_layer.head), &whole},
                            {&pc_adjustment_fund_layer, fund, &pair}};
    pc_phase phase = {.from = 1, .n_layers = 3, .layers = uses};
    pc_policy_spec spec = {.name = "toy", .n_phases = {1, 1}, .phases = {&phase, &phase}};

    (void)state;
    rig_put(&pc_adjustment_fund_layer.head, fund, "levy", 0.05);
    rig_put(&pc_reserve_fund_layer.head, reserve, "deposit", 0.02);
    rig_start(g, &spec);
    assert_ptr_equal(g->pooling.stacks[0][1].entries[0].layer, &pc_adjustment_fund_layer);
    assert_ptr_equal(g->pooling.stacks[0][1].entries[2].layer, &toy_layer);
    for (int year = 1; year <= 3; year++) {
        double shares = 0;
        for (int r = 0; r < 3; r++) {
            rig_year_flows(g, 0, r, 100 - 20 * r, 60 + 15 * r * year, 2);
            rig_year_flows(g, 1, r, 50, 40 + r, 1);
        }
        rig_step(g, year);
        for (int r = 0; r < 3; r++) {
            shares += rig_view(g, 0)->balance[r][0];
        }
        assert_near(shares, rig_view(g, 0)->total[0], 1e-13);
    }
    assert_true(pc_pooling_residual(g->state) < 1e-14);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_form),
        cmocka_unit_test(test_in_a_stack),
    };

    return cmocka_run_group_tests_name("a new layer", tests, NULL, NULL);
}
