/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rig.h"

enum { REGIONS = 4 };

static const int whole_of[REGIONS] = {0, 0, 0, 0}, half_of[REGIONS] = {0, 0, 1, 1}, cross_of[REGIONS] = {0, 1, 0, 1};
static const pc_partition whole = {"whole", 1, whole_of, NULL}, half = {"half", 2, half_of, NULL},
                          cross = {"cross", 2, cross_of, NULL};

typedef struct setup {
    pc_layer_use uses[4];
    pc_phase phases[3];
    pc_policy_spec spec;
} setup;

static void set_up(setup *s, int n_layers)
{
    s->phases[0] = (pc_phase){.from = 1, .n_layers = n_layers, .layers = s->uses};
    s->spec = (pc_policy_spec){.name = "plan", .n_phases = {1, 0}, .phases = {s->phases, NULL}};
}

static void assert_refused(rig *g, const setup *s, const char *word, const char *other)
{
    assert_int_equal(pc_pooling_prepare(&g->pooling, &s->spec, &g->env, &g->arena, &g->status), PC_ERR_INPUT);
    if (!strstr(g->status.message, word) || !strstr(g->status.message, other) || !strstr(g->status.message, "plan")) {
        fail_msg("unexpected message: %s", g->status.message);
    }
    g->status = (pc_status){0};
}

static void test_refused(void **state)
{
    rig *g = rig_new(REGIONS, 3, 0);
    pc_value *fund = rig_values(g, &pc_adjustment_fund_layer.head), *pool = rig_values(g, &pc_unified_layer.head);
    setup s;

    (void)state;
    set_up(&s, 2);
    s.uses[0] = (pc_layer_use){&pc_adjustment_fund_layer, fund, &half};
    s.uses[1] = (pc_layer_use){&pc_adjustment_fund_layer, fund, &cross};
    assert_refused(g, &s, "half", "cross");
    s.uses[0] = (pc_layer_use){&pc_unified_layer, pool, &whole};
    s.uses[1] = (pc_layer_use){&pc_adjustment_fund_layer, fund, &half};
    assert_refused(g, &s, "half", "unified");
    s.uses[1].over = NULL;
    assert_refused(g, &s, "adjustment_fund", "over");
    set_up(&s, 1);
    rig_put(&pc_unified_layer.head, pool, "share_province", 0.6);
    rig_put(&pc_unified_layer.head, pool, "share_county", 0.6);
    assert_refused(g, &s, "share_province", "2025");
    set_up(&s, 0);
    s.phases[1] = s.phases[0];
    s.spec.n_phases[0] = 2;
    assert_refused(g, &s, "2025", "later");
    pc_arena_release(&g->arena);
    free(g);
}

/* Finest first, equal partitions as written; a layer that goes on keeps its fund; phases before the start are skipped.
 */
static void test_stacks(void **state)
{
    rig *g = rig_new(REGIONS, 5, 0);
    pc_value *fund = rig_values(g, &pc_adjustment_fund_layer.head), *pool = rig_values(g, &pc_unified_layer.head);
    pc_value *twin = rig_values(g, &pc_adjustment_fund_layer.head);
    const pc_stack *stacks;
    setup s;

    (void)state;
    set_up(&s, 4);
    s.uses[0] = (pc_layer_use){&pc_adjustment_fund_layer, fund, &whole};
    s.uses[1] = (pc_layer_use){&pc_adjustment_fund_layer, twin, &whole};
    s.uses[2] = (pc_layer_use){&pc_none_layer, NULL, NULL};
    s.uses[3] = (pc_layer_use){&pc_unified_layer, pool, &half};
    s.phases[0].from = -5;
    s.phases[1] = s.phases[0];
    s.phases[1].from = 0;
    s.phases[2] = s.phases[0];
    s.phases[2].from = 4;
    s.phases[2].n_layers = 1;
    s.spec.n_phases[0] = 3;
    assert_int_equal(pc_pooling_prepare(&g->pooling, &s.spec, &g->env, &g->arena, &g->status), PC_OK);
    assert_int_equal(g->pooling.n_stacks[0], 3);
    assert_int_equal(g->pooling.stack_of[0][0], 0);
    assert_int_equal(g->pooling.stack_of[0][1], 1);
    assert_int_equal(g->pooling.stack_of[0][3], 1);
    assert_int_equal(g->pooling.stack_of[0][4], 2);
    stacks = g->pooling.stacks[0];
    assert_ptr_equal(stacks[1].entries[1].layer, &pc_unified_layer);
    assert_ptr_equal(stacks[1].entries[2].values, fund);
    assert_ptr_equal(stacks[1].entries[3].values, twin);
    assert_int_not_equal(stacks[1].entries[2].slot, stacks[1].entries[3].slot);
    assert_int_equal(stacks[1].n_units, 2);
    assert_int_equal(stacks[2].n_units, REGIONS);
    assert_int_equal(stacks[2].entries[0].slot, stacks[1].entries[2].slot);
    assert_false(stacks[2].entries[0].fresh);
    pc_arena_release(&g->arena);
    free(g);
}

static void test_lists(void **state)
{
    (void)state;
    assert_ptr_equal(pc_layer_find("none"), &pc_none_layer);
    assert_ptr_equal(pc_layer_find("unified"), &pc_unified_layer);
    assert_ptr_equal(pc_shortfall_find("backstop"), &pc_backstop_rule);
    assert_ptr_equal(pc_lever_find("benefit"), &pc_benefit_lever);
    assert_null(pc_layer_find("benefit"));
    assert_null(pc_all_heads[pc_n_heads]);
    for (int a = 0; a < pc_n_heads; a++) {
        assert_ptr_equal(pc_head_find(pc_all_heads[a]->name), pc_all_heads[a]); /* names differ */
    }
    for (int a = 0; a < pc_outputs_count(); a++) {
        assert_int_equal(pc_output_find(pc_output_at(a)->name), a);
    }
    assert_null(pc_output_at(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_stacks),
        cmocka_unit_test(test_lists),
    };

    return cmocka_run_group_tests_name("pooling prepare", tests, NULL, NULL);
}
