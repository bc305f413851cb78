/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two regions, two years, figures worked by hand; no interest unless said. */
#include "rig.h"

enum { EX_ANTE, EX_POST, PROJECTED };
enum { REVENUE, REVENUE_PREVIOUS, PAYROLL };

static const int whole_of[4] = {0, 0, 0, 0};
static const pc_partition whole = {"whole", 1, whole_of, NULL};

typedef struct setup {
    pc_layer_use use;
    pc_phase phases[2];
    pc_policy_spec spec;
    pc_value *values;
} setup;

static void set_up(rig *g, setup *s, double levy, int base, int allocation, double retained, double cover,
                   double reserve_use, double target)
{
    const pc_head *head = &pc_adjustment_fund_layer.head;

    s->values = rig_values(g, head);
    rig_put(head, s->values, "levy", levy);
    rig_put(head, s->values, "base", base);
    rig_put(head, s->values, "allocation", allocation);
    rig_put(head, s->values, "retained", retained);
    rig_put(head, s->values, "cover", cover);
    rig_put(head, s->values, "reserve_use", reserve_use);
    rig_put(head, s->values, "target_months", target);
    s->use = (pc_layer_use){&pc_adjustment_fund_layer, s->values, &whole};
    s->phases[0] = (pc_phase){.from = 1, .n_layers = 1, .layers = &s->use};
    s->phases[1] = (pc_phase){.from = 2};
    s->spec = (pc_policy_spec){.name = "fund", .n_phases = {1, 0}, .phases = {s->phases, NULL}};
}

static double fund_of(const rig *g)
{
    double sum = rig_view(g, PC_EMPLOYEE)->total[0];

    for (int r = 0; r < g->n_regions; r++) {
        sum -= rig_own(g, PC_EMPLOYEE, r);
    }
    return sum;
}

/* Base year: R 100, 50; E 90, 60. Central growth: E x 1.1, R x 1 -> hats E 99, 66; R 100, 50: needs 0, 16.
 * Year 1: R 100, 50, levy 0.1: 15 in, retained 0.2 -> M = 12. cover 0.5 -> 8 wanted, 8 paid to region 2; V = 7. */
static void test_ex_ante(void **state)
{
    rig *g = rig_new(2, 2, 0);
    setup s;

    (void)state;
    g->balance_start[0][0] = 20;
    g->balance_start[0][1] = 5;
    set_up(g, &s, 0.1, REVENUE, EX_ANTE, 0.2, 0.5, 1, 0);
    rig_year_flows(g, 0, 0, 100, 90, 0);
    rig_year_flows(g, 0, 1, 50, 60, 0);
    rig_start(g, &s.spec);
    for (int y = 0; y <= 2; y++) {
        for (int r = 0; r < 2; r++) {
            g->pooling.central_revenue[0][y * 2 + r] = 7;
            g->pooling.central_expenditure[0][y * 2 + r] = y == 0 ? 10 : y == 1 ? 11 : 33;
        }
    }
    rig_year_flows(g, 0, 0, 100, 95, 1);
    rig_year_flows(g, 0, 1, 50, 58, 1);
    rig_step(g, 1);
    /* own: 20 + 100 - 95 - 1 - 10 = 14; 5 + 50 - 58 - 1 - 5 + 8 = -1, the reserve fills 1: V = 6 */
    assert_near(rig_own(g, 0, 0), 14, 1e-14);
    assert_near(rig_own(g, 0, 1), 0, 1e-14);
    assert_near(fund_of(g), 6, 1e-14);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 1, 0), -10, 1e-14);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 1, 1, 0), 4, 1e-14);
    assert_near(rig_get(g, "balance", PC_EMPLOYEE, 0, 1, 0), 14 + 6 * 95.0 / 153, 1e-14);
    assert_near(rig_get(g, "reserve_months", PC_EMPLOYEE, 1, 1, 0), 12 * 6.0 / 153, 1e-14);
    assert_true(rig_get(g, "deficit", PC_EMPLOYEE, 0, 1, 0) == 1); /* 90 < 96 */
    assert_true(rig_get(g, "deficit", PC_EMPLOYEE, 1, 1, 0) == 1); /* 54 < 59 */
    assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, 1, 1, 0) == 0);
    /* year 2: hats E 285, 174; R 100, 50: needs cover 0.5 -> 92.5, 62; M = 12 is rationed; nobody is short before */
    rig_year_flows(g, 0, 0, 100, 50, 0);
    rig_year_flows(g, 0, 1, 50, 20, 0);
    rig_step(g, 2);
    assert_near(rig_own(g, 0, 0), 14 + 50 - 10 + 12 * 92.5 / 154.5, 1e-14);
    assert_near(rig_own(g, 0, 1), 30 - 5 + 12 * 62 / 154.5, 1e-14);
    assert_near(fund_of(g), 9, 1e-14);
    assert_true(pc_pooling_residual(g->state) < 1e-14);
    rig_free(g);
}

/* Levy on last year's revenue 0.1: 10, 5; ex_post with T = 3 months and E = 80, 40: targets 20, 10.
 * B after levy: 30 + 0 - 10 = 20 -> 0; 8 - 5 = 3 -> 7. M = 15: 7 paid, V = 8. */
static void test_ex_post(void **state)
{
    rig *g = rig_new(2, 1, 0.25);
    setup s;

    (void)state;
    g->balance_start[0][0] = 24;
    g->balance_start[0][1] = 6.4;
    set_up(g, &s, 0.1, REVENUE_PREVIOUS, EX_POST, 0, 1, 1, 3);
    rig_year_flows(g, 0, 0, 100, 1, 0);
    rig_year_flows(g, 0, 1, 50, 1, 0);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 80, 80, 0);
    rig_year_flows(g, 0, 1, 40, 40, 0);
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 20, 1e-14);
    assert_near(rig_own(g, 0, 1), 10, 1e-14);
    assert_near(fund_of(g), 8, 1e-14);
    rig_free(g);
}

/* Levy on payroll (10 R) 0.01: 8, 4. projected, T = 6, central E doubles from year 1 to 2: targets 80, 40 on E = 80, 40
 * (growth goes on after the horizon). B after levy 92, 16 -> needs 0, 24; M = 6 of 12 (retained a half): 6 paid; V = 6.
 */
static void test_projected(void **state)
{
    rig *g = rig_new(2, 2, 0);
    setup s;

    (void)state;
    g->balance_start[0][0] = 100;
    g->balance_start[0][1] = 20;
    set_up(g, &s, 0.01, PAYROLL, PROJECTED, 0.5, 1, 0, 6);
    rig_start(g, &s.spec);
    for (int y = 0; y <= 2; y++) {
        for (int r = 0; r < 2; r++) {
            g->pooling.central_expenditure[0][y * 2 + r] = y < 2 ? 1 : 2;
        }
    }
    rig_year_flows(g, 0, 0, 80, 80, 0);
    rig_year_flows(g, 0, 1, 40, 40, 0);
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 92, 1e-14);
    assert_near(rig_own(g, 0, 1), 22, 1e-14);
    assert_near(fund_of(g), 6, 1e-14);
    rig_step(g, 2); /* targets 80, 40; B 84, 18 -> need 22, M = 6: V = 6 + 12 - 6 */
    assert_near(rig_own(g, 0, 1), 24, 1e-14);
    assert_near(fund_of(g), 12, 1e-14);
    rig_free(g);
}

/* The reserve: everything retained, V = 15, half may be used: 7.5 over holes of 20 and 10; then V earns 10 %. When the
 * layer ends, V goes back by last year's E. */
static void test_reserve_and_end(void **state)
{
    rig *g = rig_new(2, 2, 0);
    setup s;

    (void)state;
    set_up(g, &s, 0.1, REVENUE, EX_POST, 1, 1, 0.5, 0);
    s.spec.n_phases[0] = 2;
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 110, 0);
    rig_year_flows(g, 0, 1, 50, 55, 0);
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), -20 + 5, 1e-14);
    assert_near(rig_own(g, 0, 1), -10 + 2.5, 1e-14);
    assert_near(fund_of(g), 7.5, 1e-14);
    assert_true(rig_get(g, "depleted_at", PC_EMPLOYEE, 0, 1, 0) == 1);
    /* shares go back on 1 January: -15 + 5 and -7.5 + 2.5 */
    rig_year_flows(g, 0, 0, 10, 0, 0);
    rig_year_flows(g, 0, 1, 0, 0, 0);
    rig_step(g, 2);
    assert_near(rig_own(g, 0, 0), 0, 1e-14);
    assert_near(rig_own(g, 0, 1), -5, 1e-14);
    assert_near(fund_of(g), 0, 1e-14);
    assert_true(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 2, 0) == 0);
    assert_true(isnan(rig_get(g, "reserve_months", PC_EMPLOYEE, 0, 2, 0)));
    rig_free(g);
}

/* Two tiers: both levies on the same gross base, the finer pays first. Groups {0,1}, {2,3} below the whole, ex_post T =
 * 12: targets E = 10 each. R = 100 in region 0, others 0. Tier 1 levy 0.1: 10 in group 1; tier 2 levy 0.2: 20. B: 100 -
 * 10 - 30 = 60; -10 each other. Tier 1: region 1 needs 20, gets 10 -> 0. Tier 2: needs 0, 10, 20, 20: 20 of 50. */
static void test_tiers(void **state)
{
    static const int half_of[4] = {0, 0, 1, 1};
    static const pc_partition half = {"half", 2, half_of, NULL};
    rig *g = rig_new(4, 1, 0);
    setup fine, wide;
    pc_layer_use uses[2];

    (void)state;
    set_up(g, &fine, 0.1, REVENUE, EX_POST, 0, 1, 0, 12);
    set_up(g, &wide, 0.2, REVENUE, EX_POST, 0, 1, 0, 12);
    fine.use.over = &half;
    uses[0] = wide.use; /* written first, paid last */
    uses[1] = fine.use;
    wide.phases[0].layers = uses;
    wide.phases[0].n_layers = 2;
    rig_start(g, &wide.spec);
    for (int r = 0; r < 4; r++) {
        rig_year_flows(g, 0, r, r == 0 ? 100 : 0, 10, 0);
    }
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 60, 1e-14);
    assert_near(rig_own(g, 0, 1), 0 + 20 * 10.0 / 50, 1e-14);
    assert_near(rig_own(g, 0, 2), -10 + 20 * 20.0 / 50, 1e-14);
    assert_near(fund_of(g), 0, 1e-14);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 5, 1, 0), 0, 1e-12);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex_ante),         cmocka_unit_test(test_ex_post), cmocka_unit_test(test_projected),
        cmocka_unit_test(test_reserve_and_end), cmocka_unit_test(test_tiers),
    };

    return cmocka_run_group_tests_name("adjustment_fund", tests, NULL, NULL);
}
