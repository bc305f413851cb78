/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The examples of docs/policies.md: each is run here, and what comes out must stand in the document. One region or two,
 * no interest unless said. */
#include "rig.h"

static const int whole_of[2] = {0, 0};
static const pc_partition whole = {"whole", 1, whole_of, NULL};

typedef struct setup {
    pc_layer_use layer;
    pc_shortfall_use rules[3];
    pc_phase phase;
    pc_policy_spec spec;
} setup;

static char *document;

static int read_document(void **state)
{
    FILE *file = fopen(PC_TEST_SOURCE_DIR "/docs/policies.md", "rb");
    size_t n;

    (void)state;
    if (!file) {
        return -1;
    }
    document = calloc(1, 1 << 20);
    n = fread(document, 1, (1 << 20) - 1, file);
    fclose(file);
    for (size_t k = 0; k < n; k++) { /* a sentence may be broken anywhere */
        document[k] = document[k] == '\n' ? ' ' : document[k];
    }
    return n > 0 ? 0 : -1;
}

static int free_document(void **state)
{
    (void)state;
    free(document);
    return 0;
}

/* The document says `format` with these numbers. */
static void __attribute__((format(printf, 1, 2))) assert_said(const char *format, ...)
{
    char text[200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!strstr(document, text)) {
        fail_msg("docs/policies.md does not say: %s", text);
    }
}

/* A layer (or none) with its values in both schemes' stacks. */
static pc_value *with_layer(rig *g, setup *s, const pc_layer *layer)
{
    pc_value *values = rig_values(g, &layer->head);

    s->layer = (pc_layer_use){layer, values, &whole};
    s->phase = (pc_phase){.from = 1, .n_layers = 1, .layers = &s->layer, .shortfalls = s->rules};
    s->spec = (pc_policy_spec){.name = "example", .n_phases = {1, 0}, .phases = {&s->phase, NULL}};
    return values;
}

static pc_value *with_rule(rig *g, setup *s, const pc_shortfall *rule)
{
    pc_value *values = rig_values(g, &rule->head);

    s->rules[s->phase.n_shortfalls++] = (pc_shortfall_use){rule, values};
    return values;
}

static double funds_of(const rig *g)
{
    double sum = rig_view(g, PC_EMPLOYEE)->total[0];

    for (int r = 0; r < g->n_regions; r++) {
        sum -= rig_own(g, PC_EMPLOYEE, r);
    }
    return sum;
}

static void test_none(void **state)
{
    rig *g = rig_new(1, 1, 0.02);
    setup s = {0};

    (void)state;
    with_layer(g, &s, &pc_none_layer);
    g->balance_start[0][0] = 20;
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 90, 1);
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 29.49, 1e-14);
    assert_said("B = %.2f", rig_own(g, 0, 0));
    rig_free(g);
}

static void test_adjustment_fund(void **state)
{
    const pc_head *head = &pc_adjustment_fund_layer.head;
    rig *g = rig_new(2, 1, 0);
    setup s = {0};
    pc_value *values = with_layer(g, &s, &pc_adjustment_fund_layer);

    (void)state;
    rig_put(head, values, "levy", 0.1);
    rig_put(head, values, "retained", 0.2);
    rig_put(head, values, "cover", 0.5);
    g->balance_start[0][0] = 20;
    g->balance_start[0][1] = 5;
    rig_year_flows(g, 0, 0, 100, 90, 0);
    rig_year_flows(g, 0, 1, 50, 60, 0);
    rig_start(g, &s.spec);
    for (int r = 0; r < 2; r++) {
        g->pooling.central_expenditure[0][r] = 10;
        g->pooling.central_expenditure[0][2 + r] = 11;
    }
    rig_year_flows(g, 0, 0, 100, 95, 1);
    rig_year_flows(g, 0, 1, 50, 58, 1);
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 14, 1e-14);
    assert_near(rig_own(g, 0, 1), 0, 1e-14);
    assert_said("A ends at %.0f, B at %.0f, the fund at %.0f", rig_own(g, 0, 0), rig_own(g, 0, 1), funds_of(g));
    rig_free(g);
}

static void test_reserve_fund(void **state)
{
    const pc_head *head = &pc_reserve_fund_layer.head;
    rig *g = rig_new(2, 2, 0);
    setup s = {0};
    pc_value *values = with_layer(g, &s, &pc_reserve_fund_layer);
    double own[2];

    (void)state;
    rig_put(head, values, "deposit", 0.1);
    rig_put(head, values, "target_months", 3);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 24, 0);
    rig_year_flows(g, 0, 1, 50, 16, 0);
    rig_step(g, 1);
    own[0] = rig_own(g, 0, 0);
    own[1] = rig_own(g, 0, 1);
    assert_near(own[0], 76 - 20.0 / 3, 1e-14);
    assert_near(own[1], 34 - 10.0 / 3, 1e-14);
    assert_near(funds_of(g), 10, 1e-13);
    assert_said("deposits %.2f and %.2f", 76 - own[0], 34 - own[1]);
    /* no revenue: holes of 17/3 and 16/3, of which 10 of 11 are filled */
    rig_year_flows(g, 0, 0, 0, 75, 0);
    rig_year_flows(g, 0, 1, 0, 36, 0);
    rig_step(g, 2);
    assert_near(rig_own(g, 0, 0), -17.0 / 33, 1e-13);
    assert_near(rig_own(g, 0, 1), -16.0 / 33, 1e-13);
    assert_near(funds_of(g), 0, 1e-13);
    assert_said("draws %.2f and %.2f", rig_own(g, 0, 0) - own[0] + 75, rig_own(g, 0, 1) - own[1] + 36);
    rig_free(g);
}

static void test_special_fund(void **state)
{
    const pc_head *head = &pc_special_fund_layer.head;

    (void)state;
    for (int shock_only = 0; shock_only < 2; shock_only++) {
        rig *g = rig_new(1, 3, 0);
        setup s = {0};
        pc_value *values = with_layer(g, &s, &pc_special_fund_layer);
        double *factor = g->weather.shock_expenditure[0] = pc_arena_calloc(&g->arena, PC_LANES, sizeof(double));

        rig_put(head, values, "set_aside", 0.1);
        rig_put(head, values, "cap_months", 3);
        rig_put(head, values, "shock_only", shock_only);
        rig_start(g, &s.spec);
        for (int year = 1; year <= 3; year++) {
            static const double cost[] = {0, 80, 104, 110};
            for (int l = 0; l < PC_LANES; l++) {
                factor[l] = year == 2 ? 1.04 : 1;
            }
            rig_year_flows(g, 0, 0, 100, cost[year], 0);
            rig_step(g, year);
            if (year == 1) {
                assert_near(rig_own(g, 0, 0), 10, 1e-14);
                assert_near(funds_of(g), 10, 1e-14);
                assert_said("sets %.0f aside", funds_of(g));
            } else if (year == 2) {
                assert_near(rig_own(g, 0, 0), 4, 1e-13);
                assert_near(funds_of(g), 12, 1e-13);
                assert_said("draws %.0f, so that %.0f are left", rig_own(g, 0, 0), funds_of(g));
            } else {
                assert_near(rig_own(g, 0, 0), shock_only ? -6 : 0, 1e-13);
                assert_near(funds_of(g), shock_only ? 12 : 6, 1e-13);
                assert_said(shock_only ? "the account ends at %.0f" : "the reserve falls to %.0f",
                            shock_only ? rig_own(g, 0, 0) : funds_of(g));
            }
        }
        rig_free(g);
    }
}

static void test_mutual_aid(void **state)
{
    const pc_head *head = &pc_mutual_aid_layer.head;

    (void)state;
    for (int repay = 0; repay < 2; repay++) {
        rig *g = rig_new(1, 2, 0);
        setup s = {0};
        pc_value *values = with_layer(g, &s, &pc_mutual_aid_layer);

        rig_put(head, values, "keep_months", 8);
        rig_put(head, values, "repay", repay);
        s.spec.n_phases[0] = 0; /* residents may borrow */
        s.spec.n_phases[1] = 1;
        s.spec.phases[1] = &s.phase;
        g->balance_start[0][0] = 20;
        rig_start(g, &s.spec);
        rig_year_flows(g, 0, 0, 100, 60, 0);
        rig_year_flows(g, 1, 0, 50, 80, 0);
        rig_step(g, 1);
        assert_near(rig_own(g, 0, 0), 40, 1e-14);
        assert_near(rig_own(g, 1, 0), -10, 1e-14);
        assert_said("%.0f is lent", 60 - rig_own(g, 0, 0));
        assert_near(rig_get(g, "net_transfer", PC_RESIDENT, 0, 1, 0), 20, 1e-14);
        assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 1, 0), -20, 1e-14);
        assert_near(rig_get(g, "net_transfer", PC_BOTH, 0, 1, 0), 0, 1e-14);
        for (int l = 0; l < PC_LANES; l++) {
            g->weather.interest[l] = 0.1;
        }
        rig_year_flows(g, 0, 0, 60, 60, 0);
        rig_year_flows(g, 1, 0, 100, 30, 0);
        rig_step(g, 2);
        assert_near(rig_own(g, 1, 0), repay ? 40.5 : 62.5, 1e-14);
        assert_near(rig_own(g, 0, 0), repay ? 66 : 44, 1e-14);
        if (repay) {
            assert_said("%.0f is paid back", 62.5 - rig_own(g, 1, 0));
        }
        assert_true(pc_pooling_residual(g->state) < 1e-14);
        rig_free(g);
    }
}

static void test_risk_adjusted(void **state)
{
    rig *g = rig_new(2, 1, 0);
    setup s = {0};

    (void)state;
    with_layer(g, &s, &pc_risk_adjusted_layer);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 70, 0);
    rig_year_flows(g, 0, 1, 50, 30, 0);
    for (int l = 0; l < PC_LANES; l++) {
        g->flows[0].expected[l] = 60;
        g->flows[0].expected[PC_LANES + l] = 40;
    }
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), 20, 1e-14);
    assert_near(rig_own(g, 0, 1), 30, 1e-14);
    assert_said("%.0f and %.0f come back", rig_own(g, 0, 0) + 70, rig_own(g, 0, 1) + 30);
    assert_near(rig_get(g, "net_transfer", PC_EMPLOYEE, 0, 1, 0), -10, 1e-13);
    assert_near(funds_of(g), 0, 1e-13);
    rig_free(g);
}

static void test_unified(void **state)
{
    rig *g = rig_new(2, 1, 0);
    setup s = {0};
    pc_value *values = with_layer(g, &s, &pc_unified_layer);

    (void)state;
    rig_put(&pc_unified_layer.head, values, "share_province", 0.4);
    rig_start(g, &s.spec);
    rig_year_flows(g, 0, 0, 100, 120, 0);
    rig_year_flows(g, 0, 1, 50, 80, 0);
    rig_step(g, 1);
    assert_near(rig_own(g, 0, 0), -12, 1e-14);
    assert_near(rig_own(g, 0, 1), -18, 1e-14);
    assert_said("the province pays %.0f, the members owe %.0f and %.0f", rig_view(g, 0)->rescue[0], -rig_own(g, 0, 0),
                -rig_own(g, 0, 1));
    rig_free(g);
}

/* An account short by `need` with E = cost on top of what the base year says. */
static rig *short_account(const setup *s, rig *g, double last, double growth, double revenue, double cost)
{
    rig_year_flows(g, 0, 0, revenue, last, 0);
    rig_start(g, &s->spec);
    g->pooling.central_expenditure[0][0] = 1;
    g->pooling.central_expenditure[0][1] = growth;
    rig_year_flows(g, 0, 0, revenue, cost, 0);
    rig_step(g, 1);
    return g;
}

static void test_borrow_and_backstop(void **state)
{
    rig *g = rig_new(1, 1, 0);
    setup s = {0};

    (void)state;
    with_layer(g, &s, &pc_none_layer);
    rig_put(&pc_borrow_rule.head, with_rule(g, &s, &pc_borrow_rule), "limit_months", 6);
    with_rule(g, &s, &pc_backstop_rule);
    short_account(&s, g, 100, 1, 40, 100);
    assert_near(rig_own(g, 0, 0), -50, 1e-14);
    assert_said("%.0f is borrowed, the treasury pays %.0f", -rig_own(g, 0, 0), rig_view(g, 0)->rescue[0]);
    rig_free(g);
}

static void test_cut_benefits(void **state)
{
    rig *g = rig_new(1, 1, 0);
    setup s = {0};

    (void)state;
    with_layer(g, &s, &pc_none_layer);
    rig_put(&pc_cut_benefits_rule.head, with_rule(g, &s, &pc_cut_benefits_rule), "limit", 0.2);
    short_account(&s, g, 100, 1, 70, 100);
    assert_near(rig_view(g, 0)->unmet[0], -20, 1e-14);
    assert_said("%.0f are not paid, %.0f are borrowed", -rig_view(g, 0)->unmet[0], -rig_own(g, 0, 0));
    assert_near(rig_get(g, "treasury_unmet", PC_EMPLOYEE, 0, 0, 0), 20, 1e-14);
    rig_free(g);
}

static void test_provider_loss(void **state)
{
    rig *g = rig_new(1, 1, 0);
    setup s = {0};

    (void)state;
    with_layer(g, &s, &pc_none_layer);
    rig_put(&pc_provider_loss_rule.head, with_rule(g, &s, &pc_provider_loss_rule), "tolerance", 0.1);
    short_account(&s, g, 100, 1.1, 115, 130);
    assert_near(rig_view(g, 0)->providers[0], -9, 1e-13);
    assert_said("%.0f stay with the providers", -rig_view(g, 0)->providers[0]);
    assert_near(rig_own(g, 0, 0), -6, 1e-13);
    rig_free(g);
}

static void test_raise_rate(void **state)
{
    rig *g = rig_new(1, 4, 0);
    setup s = {0};
    pc_value *values;
    double rate[5] = {0};

    (void)state;
    with_layer(g, &s, &pc_none_layer);
    values = with_rule(g, &s, &pc_raise_rate_rule);
    rig_put(&pc_raise_rate_rule.head, values, "cap", 0.01);
    rig_start(g, &s.spec);
    for (int year = 1; year <= 4; year++) {
        rig_year_flows(g, 0, 0, 100, year < 4 ? 112 : 90, 0);
        rig_set(g, 0, PC_FLOW_BASE, 0, 1000);
        rig_step(g, year);
        rate[year] = (rig_view(g, 0)->flows->revenue[0] - 100) / 1000; /* of this year */
    }
    assert_near(rate[1], 0, 1e-15);
    assert_near(rate[2], 0.01, 1e-15);
    assert_near(rate[3], 0.012, 1e-15);
    assert_near(rate[4], 0.012, 1e-15);
    assert_near(rig_own(g, 0, 0), -12 - 2 + 0 + 22, 1e-13);
    assert_said("%.1f %% in year 2 and %.1f %% in year 3", 100 * rate[2], 100 * rate[3]);
    rig_free(g);
}

/* Every layer and rule has its section. */
static void test_all_there(void **state)
{
    (void)state;
    for (int k = 0; k < pc_n_layers; k++) {
        assert_said("### `%s`", pc_all_layers[k]->head.name);
    }
    for (int k = 0; k < pc_n_shortfalls; k++) {
        assert_said("### `%s`", pc_all_shortfalls[k]->head.name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),         cmocka_unit_test(test_adjustment_fund),
        cmocka_unit_test(test_reserve_fund), cmocka_unit_test(test_special_fund),
        cmocka_unit_test(test_mutual_aid),   cmocka_unit_test(test_risk_adjusted),
        cmocka_unit_test(test_unified),      cmocka_unit_test(test_borrow_and_backstop),
        cmocka_unit_test(test_cut_benefits), cmocka_unit_test(test_provider_loss),
        cmocka_unit_test(test_raise_rate),   cmocka_unit_test(test_all_there),
    };

    return cmocka_run_group_tests_name("examples of docs/policies.md", tests, read_document, free_document);
}
