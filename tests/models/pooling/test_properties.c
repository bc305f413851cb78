/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Properties that hold for any flows. Random numbers come from a fixed seed, so a test that
 * passes once passes always. */
#include "rig.h"

enum { REGIONS = 6, YEARS = 6 };

static const int whole_of[REGIONS] = {0, 0, 0, 0, 0, 0}, half_of[REGIONS] = {0, 0, 0, 1, 1, 1},
                 pair_of[REGIONS] = {0, 0, 1, 2, 2, -1};
static const pc_partition partitions[3] = {
    {"pair", 3, pair_of, NULL}, {"half", 2, half_of, NULL}, {"whole", 1, whole_of, NULL}};

typedef struct setup {
    pc_layer_use layers[3][16];
    pc_shortfall_use rules[3][4];
    pc_phase phases[3];
    pc_policy_spec spec;
} setup;

/* Flows of a year: different on every lane, the same for the same (seed, scheme, year, stream of the region). */
static void weather_of(rig *g, uint64_t seed, int year, const int *stream, double scale)
{
    for (int s = 0; s < PC_SCHEMES; s++) {
        for (int r = 0; r < g->n_regions; r++) {
            uint64_t x = seed + 1000003u * (uint64_t)(s + 1) + 7919u * (uint64_t)year + 104729u * (uint64_t)stream[r];
            double size = scale * (1 + stream[r] % 3);
            rig_uniform(&x);
            rig_uniform(&x);
            for (int l = 0; l < PC_LANES; l++) {
                size_t k = (size_t)r * PC_LANES + l;
                pc_flows *f = &g->flows[s];
                f->revenue[k] = size * (80 + 40 * rig_uniform(&x));
                f->expenditure[k] = size * (80 + 5 * year + 40 * rig_uniform(&x));
                f->credits[k] = s == PC_EMPLOYEE ? size * 3 * rig_uniform(&x) : 0;
                f->other[k] = f->credits[k];
                f->expected[k] = size * (90 + 10 * (k % 5));
                f->payroll[k] = 10 * f->revenue[k];
                f->base[k] = 8 * f->revenue[k];
                f->members[k] = 1000 + 100 * rig_uniform(&x);
                f->contributors[k] = f->members[k] * 0.7;
                f->retirees[k] = f->members[k] - f->contributors[k];
            }
            g->balance_start[s][r] =
                year == 0 ? size * (stream[r] % 4 == 3 ? -20 : 10 + 8 * stream[r]) : g->balance_start[s][r];
        }
    }
    for (int l = 0; l < PC_LANES; l++) {
        uint64_t x = seed * 31 + (uint64_t)year * 17 + (uint64_t)l;
        rig_uniform(&x);
        rig_uniform(&x);
        g->weather.interest[l] = 0.05 * rig_uniform(&x) - 0.005;
    }
    for (int s = 0; s < PC_SCHEMES; s++) { /* shocks of up to 40 % every third year, on some paths */
        if (!g->weather.shock_expenditure[s]) {
            g->weather.shock_expenditure[s] =
                pc_arena_calloc(&g->arena, (size_t)g->n_regions * PC_LANES, sizeof(double));
        }
        for (int r = 0; r < g->n_regions; r++) {
            for (int l = 0; l < PC_LANES; l++) {
                g->weather.shock_expenditure[s][(size_t)r * PC_LANES + l] =
                    year % 3 == 2 && (l + stream[r]) % 2 ? 1 + 0.1 * (l % 5) : 1;
            }
        }
    }
    for (int s = 0; s < PC_SCHEMES && year == 0; s++) {
        for (int k = 0; k < (g->n_years + 1) * g->n_regions && g->pooling.central_revenue[s]; k++) {
            g->pooling.central_revenue[s][k] = scale * 100;
            g->pooling.central_expenditure[s][k] = scale * (100 + k / g->n_regions * 4);
        }
    }
}

static const int straight[REGIONS] = {0, 1, 2, 3, 4, 5};

/* Starts a policy on random flows and runs all years. */
static rig *run(int n_regions, int n_years, const pc_policy_spec *spec, uint64_t seed, const int *stream, double scale,
                double spread)
{
    rig *g = rig_new(n_regions, n_years, 0.02);

    g->env.spread = spread;
    weather_of(g, seed, 0, stream, scale);
    rig_start(g, spec);
    weather_of(g, seed, 0, stream, scale); /* again: now there is a central path to fill */
    for (int year = 1; year <= n_years; year++) {
        weather_of(g, seed, year, stream, scale);
        rig_step(g, year);
    }
    return g;
}

static pc_value *fund_values(rig *g, double levy, double allocation, double retained)
{
    const pc_head *head = &pc_adjustment_fund_layer.head;
    pc_value *values = rig_values(g, head);

    rig_put(head, values, "levy", levy);
    rig_put(head, values, "allocation", allocation);
    rig_put(head, values, "retained", retained);
    rig_put(head, values, "target_months", 4);
    return values;
}

static double some(uint64_t *seed, double most)
{
    return most * rig_uniform(seed);
}

/* A fund of any kind with random values. */
static pc_layer_use random_fund(rig *g, uint64_t *seed, const pc_partition *over)
{
    const pc_layer *kinds[] = {&pc_adjustment_fund_layer, &pc_reserve_fund_layer, &pc_special_fund_layer,
                               &pc_risk_adjusted_layer};
    const pc_layer *layer = kinds[(int)some(seed, 4)];
    pc_value *values;

    if (layer == &pc_adjustment_fund_layer) {
        values = fund_values(g, some(seed, 0.2), (int)some(seed, 3), rig_uniform(seed));
        rig_put(&layer->head, values, "base", (int)some(seed, 3));
        rig_put(&layer->head, values, "cover", rig_uniform(seed));
        rig_put(&layer->head, values, "reserve_use", rig_uniform(seed));
        rig_put(&layer->head, values, "reward", rig_uniform(seed) < 0.5 ? 0 : rig_uniform(seed));
        rig_put(&layer->head, values, "collection_floor", rig_uniform(seed) < 0.5 ? 0 : 1);
        if (rig_uniform(seed) < 0.5) {
            rig_put(&layer->head, values, "budget_tolerance", some(seed, 0.2));
        }
        return (pc_layer_use){layer, values, over};
    }
    values = rig_values(g, &layer->head);
    if (layer == &pc_reserve_fund_layer) {
        rig_put(&layer->head, values, "deposit", some(seed, 0.2));
        rig_put(&layer->head, values, "target_months", some(seed, 3));
    } else if (layer == &pc_special_fund_layer) {
        rig_put(&layer->head, values, "set_aside", some(seed, 0.1));
        rig_put(&layer->head, values, "cap_months", some(seed, 3));
        rig_put(&layer->head, values, "shock_only", rig_uniform(seed) < 0.5);
    }
    return (pc_layer_use){layer, values, over};
}

static pc_shortfall_use random_rule(rig *g, uint64_t *seed)
{
    const pc_shortfall *rules[] = {&pc_borrow_rule, &pc_backstop_rule, &pc_cut_benefits_rule, &pc_provider_loss_rule,
                                   &pc_raise_rate_rule};
    const pc_shortfall *rule = rules[(int)some(seed, 5)];
    pc_value *values = rig_values(g, &rule->head);

    if (rule == &pc_cut_benefits_rule) {
        rig_put(&rule->head, values, "limit", some(seed, 0.2));
    } else if (rule == &pc_provider_loss_rule) {
        rig_put(&rule->head, values, "tolerance", some(seed, 0.1));
        rig_put(&rule->head, values, "share", rig_uniform(seed));
    } else {
        rig_put(&rule->head, values, "limit_months", some(seed, 2));
    }
    if (rule == &pc_backstop_rule) {
        rig_put(&rule->head, values, "payer", (int)some(seed, PC_PAYERS));
    }
    return (pc_shortfall_use){rule, values};
}

/* A policy of up to three phases with random stacks of all layers (nested partitions) and rules, the same in both
 * schemes but for the aid, which may be in one of them only. */
static void random_policy(rig *g, setup *s, uint64_t *seed)
{
    int from = 1 - (int)(2 * rig_uniform(seed));

    *s = (setup){.spec = {.name = "random"}};
    for (int p = 0; p < 3; p++) {
        int pool = (int)(4 * rig_uniform(seed)), n = 0; /* 3: no pool */
        for (int k = 0; k < 3; k++) {
            if (k == pool) {
                pc_value *values = rig_values(g, &pc_unified_layer.head);
                rig_put(&pc_unified_layer.head, values, "merge", rig_uniform(seed));
                rig_put(&pc_unified_layer.head, values, "merge_debts", rig_uniform(seed) < 0.5);
                rig_put(&pc_unified_layer.head, values, "share_province", 0.4 * rig_uniform(seed));
                rig_put(&pc_unified_layer.head, values, "share_county", 0.4 * rig_uniform(seed));
                s->layers[p][n++] = (pc_layer_use){&pc_unified_layer, values, &partitions[k]};
            }
            for (int tier = 0; tier < 3 && (pool == 3 || k >= pool); tier++) {
                if (rig_uniform(seed) < 0.5) {
                    s->layers[p][n++] = random_fund(g, seed, &partitions[k]);
                }
            }
        }
        if (rig_uniform(seed) < 0.6) {
            pc_value *values = rig_values(g, &pc_mutual_aid_layer.head);
            rig_put(&pc_mutual_aid_layer.head, values, "keep_months", some(seed, 3));
            rig_put(&pc_mutual_aid_layer.head, values, "repay", rig_uniform(seed) < 0.7);
            s->layers[p][n++] = (pc_layer_use){&pc_mutual_aid_layer, values, &partitions[2]};
        }
        for (int k = 0; k < 4; k++) {
            s->rules[p][k] = random_rule(g, seed);
        }
        s->phases[p] = (pc_phase){.from = from,
                                  .n_layers = n,
                                  .layers = s->layers[p],
                                  .n_shortfalls = (int)(5 * rig_uniform(seed)),
                                  .shortfalls = s->rules[p]};
        from += 1 + (int)(3 * rig_uniform(seed));
    }
    for (int c = 0; c < PC_SCHEMES; c++) {
        s->spec.n_phases[c] = 3;
        s->spec.phases[c] = s->phases;
    }
}

static void assert_all_sent_once(const rig *g)
{
    for (int o = 0; o < pc_outputs_count(); o++) {
        const pc_output *output = pc_output_at(o);
        int by_area = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA;
        int by_year = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
        for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
            for (int a = 0; a < g->n_rows; a++) {
                const int rows = pc_areas_items(&g->areas, pc_output_items(output)) * (by_area ? g->areas.n_areas : 1);
                for (int y = 0; y <= g->n_years; y++) {
                    int there = pc_output_has_view(output, v) && a < rows && (by_year ? y > 0 : y == 0);
                    assert_int_equal(g->sent[rig_cell(g, o, v, a, y)], there);
                }
            }
        }
    }
}

static void test_conservation(void **state)
{
    uint64_t seed = 20240101;

    (void)state;
    for (int trial = 0; trial < 200; trial++) {
        rig *values = rig_new(1, 1, 0), *g;
        setup s;
        random_policy(values, &s, &seed);
        g = run(REGIONS, YEARS, &s.spec, (uint64_t)trial, straight, 1e9, 0.01);
        assert_true(pc_pooling_residual(g->state) < 1e-13);
        assert_all_sent_once(g);
        for (int c = 0; c < PC_SCHEMES; c++) {
            const pc_scheme_view *view = rig_view(g, c);
            for (int l = 0; l < PC_LANES; l++) {
                double shares = 0, size = 0;
                for (int r = 0; r < REGIONS; r++) {
                    shares += view->balance[r][l];
                    size += fabs(view->balance[r][l]);
                }
                assert_true(fabs(shares - view->total[l]) <= 1e-12 * size);
            }
        }
        /* no pool or fund is overdrawn: what is short is a region's own */
        for (int k = 0; k < g->pooling.n_accounts; k++) {
            const double *balance =
                (const double *)rig_view(g, 0)->own + (size_t)(k - g->pooling.accounts[0].region) * PC_LANES;
            int own = 0;
            for (int c = 0; c < PC_SCHEMES; c++) {
                own = own || (k >= g->pooling.accounts[c].region && k < g->pooling.accounts[c].region + REGIONS);
            }
            for (int l = 0; l < PC_LANES && g->pooling.inside[k] && !own; l++) {
                assert_true(balance[l] > -1e-3); /* of 1e11 */
            }
        }
        rig_free(g);
        pc_arena_release(&values->arena);
        free(values);
    }
}

/* What a region has received and given, in present value, is what its account got and paid; what it paid into funds and
 * has not given yet is its stake, and the stakes are the funds. For any stack of funds and pools that lasts: aid between the
 * schemes and a region's own reserve are no transfers between regions, the end of a fund is none that its year reports. */
static void test_transfers_conserved(void **state)
{
    uint64_t seed = 20260101;
    int moved = 0;

    (void)state;
    for (int trial = 0; trial < 100; trial++) {
        rig *values = rig_new(1, 1, 0), *g = rig_new(REGIONS, YEARS, 0.02);
        double *net = pc_arena_calloc(&values->arena, (size_t)PC_SCHEMES * REGIONS * PC_LANES, sizeof *net);
        double *gross = pc_arena_calloc(&values->arena, (size_t)PC_SCHEMES * REGIONS * PC_LANES, sizeof *gross);
        setup s;
        int n = 0;

        random_policy(values, &s, &seed);
        for (int k = 0; k < s.phases[0].n_layers; k++) {
            const pc_layer *layer = s.layers[0][k].layer;
            if (layer != &pc_mutual_aid_layer && layer != &pc_special_fund_layer) {
                s.layers[0][n++] = s.layers[0][k];
            }
        }
        s.phases[0].n_layers = n;
        s.spec.n_phases[0] = s.spec.n_phases[1] = 1;
        weather_of(g, (uint64_t)trial, 0, straight, 1e9);
        rig_start(g, &s.spec);
        weather_of(g, (uint64_t)trial, 0, straight, 1e9);
        for (int year = 1; year <= YEARS; year++) {
            weather_of(g, (uint64_t)trial, year, straight, 1e9);
            rig_step(g, year);
            for (int i = 0; i < PC_SCHEMES * REGIONS * PC_LANES; i++) {
                const int l = i % PC_LANES, r = i / PC_LANES % REGIONS;
                net[i] += rig_view(g, i / (REGIONS * PC_LANES))->transfer[r][l] / g->weather.discount[l];
                gross[i] += g->flows[i / (REGIONS * PC_LANES)].revenue[r * PC_LANES + l];
            }
        }
        for (int c = 0; c < PC_SCHEMES; c++) {
            const pc_scheme_view *view = rig_view(g, c);
            for (int i = 0; i < REGIONS * PC_LANES && view->given; i++) {
                const int r = i / PC_LANES, l = i % PC_LANES;
                double received = 0, given = 0, stake = 0;
                for (int j = 0; j < REGIONS; j++) {
                    received += view->given[(size_t)(j * REGIONS + r) * PC_LANES + l];
                    given += view->given[(size_t)(r * REGIONS + j) * PC_LANES + l];
                    assert_true(view->given[(size_t)(r * REGIONS + j) * PC_LANES + l] >= 0);
                }
                for (int f = 0; f < view->n_funds; f++) {
                    stake += view->stake[(size_t)(f * REGIONS + r) * PC_LANES + l] / g->weather.discount[l];
                }
                moved += given > 0;
                assert_true(stake >= 0);
                assert_true(fabs(received - given - stake - net[c * REGIONS * PC_LANES + i]) <=
                            1e-12 * gross[c * REGIONS * PC_LANES + i]);
            }
            for (int f = 0; f < view->n_funds; f++) {
                for (int l = 0; l < PC_LANES; l++) {
                    double sum = 0, all = 0;
                    for (int r = 0; r < REGIONS; r++) {
                        sum += view->stake[(size_t)(f * REGIONS + r) * PC_LANES + l];
                    }
                    for (int k = 0; k < g->pooling.n_accounts; k++) {
                        if (g->pooling.fund_of[k] == f && k >= g->pooling.accounts[c].first &&
                            k < g->pooling.accounts[c].end) {
                            all = rig_view(g, 0)->own[(size_t)(k - g->pooling.accounts[0].region) * PC_LANES + l];
                        }
                    }
                    assert_true(fabs(sum - all) <= 1e-12 * gross[c * REGIONS * PC_LANES + l]);
                }
            }
        }
        rig_free(g);
        pc_arena_release(&values->arena);
        free(values);
    }
    assert_true(moved > 10000);
}

/* More levy never helps a giver's own balance, region by region and path by path, when what it receives is fixed:
 * nothing (cover and use of the reserve 0), or all of a need that is known before and small beside the levies. */
static void test_more_levy_never_helps(void **state)
{
    static const double levy[] = {0.02, 0.05, 0.1, 0.3};
    rig *values = rig_new(1, 1, 0);

    (void)state;
    for (int fixed = 0; fixed < 2; fixed++) {
        rig *before = NULL;
        for (int k = 0; k < 4; k++) {
            pc_value *v = fund_values(values, levy[k], 0, 0);
            pc_layer_use use = {&pc_adjustment_fund_layer, v, &partitions[2]};
            pc_phase phase = {.from = 1, .n_layers = 1, .layers = &use};
            pc_policy_spec spec = {.name = "levy", .n_phases = {1, 1}, .phases = {&phase, &phase}};
            rig *g;
            rig_put(&pc_adjustment_fund_layer.head, v, "cover", fixed ? 0.01 : 0);
            rig_put(&pc_adjustment_fund_layer.head, v, "reserve_use", 0);
            g = run(REGIONS, YEARS, &spec, 21, straight, 1e6, 0.02);
            for (int c = 0; before && c < PC_SCHEMES; c++) {
                for (int r = 0; r < REGIONS * PC_LANES; r++) {
                    assert_true(rig_view(g, c)->own[r] < rig_view(before, c)->own[r]);
                }
            }
            if (before) {
                rig_free(before);
            }
            before = g;
        }
        rig_free(before);
    }
    pc_arena_release(&values->arena);
    free(values);
}

static void simple(setup *s, const pc_layer *layer, pc_value *values, const pc_partition *over,
                   const pc_shortfall *rule, pc_value *limits)
{
    *s = (setup){.spec = {.name = "simple"}};
    s->layers[0][0] = (pc_layer_use){layer, values, over};
    s->rules[0][0] = (pc_shortfall_use){rule, limits};
    s->phases[0] = (pc_phase){.from = 1,
                              .n_layers = layer != NULL,
                              .layers = s->layers[0],
                              .n_shortfalls = rule != NULL,
                              .shortfalls = s->rules[0]};
    for (int c = 0; c < PC_SCHEMES; c++) {
        s->spec.n_phases[c] = 1;
        s->spec.phases[c] = s->phases;
    }
}

static void test_levy_zero(void **state)
{
    rig *values = rig_new(1, 1, 0);
    setup city, fund;

    (void)state;
    for (int allocation = 0; allocation < 3; allocation++) {
        rig *a, *b;
        simple(&city, &pc_none_layer, NULL, NULL, NULL, NULL);
        simple(&fund, &pc_adjustment_fund_layer, fund_values(values, 0, allocation, 0.1), &partitions[2], NULL, NULL);
        a = run(REGIONS, YEARS, &city.spec, 5, straight, 1e7, 0.02);
        b = run(REGIONS, YEARS, &fund.spec, 5, straight, 1e7, 0.02);
        assert_memory_equal(rig_view(a, 0)->own, rig_view(b, 0)->own, REGIONS * PC_LANES * sizeof(double));
        for (int o = 0; o < pc_outputs_count(); o++) {
            for (int year = 0; year <= YEARS; year++) {
                for (int area = 0; area < a->areas.n_areas; area++) {
                    size_t at = rig_cell(a, o, PC_BOTH, area, year) * RIG_KEPT;
                    for (int l = 0; l < RIG_KEPT; l++) { /* == so that 0 and -0 agree */
                        assert_true(a->kept[at + l] == b->kept[at + l] ||
                                    (isnan(a->kept[at + l]) && isnan(b->kept[at + l])));
                    }
                }
            }
        }
        rig_free(a);
        rig_free(b);
    }
    pc_arena_release(&values->arena);
    free(values);
}

static void test_unified_equal_regions(void **state)
{
    static const int same[REGIONS] = {1, 1, 1, 1, 1, 1};
    rig *values = rig_new(1, 1, 0), *a, *b;
    setup city, pool;

    (void)state;
    simple(&city, NULL, NULL, NULL, NULL, NULL);
    simple(&pool, &pc_unified_layer, rig_values(values, &pc_unified_layer.head), &partitions[2], NULL, NULL);
    /* no spread: a member's old debt and the pool's new surplus are two accounts, and only the first would pay it */
    a = run(REGIONS, YEARS, &city.spec, 9, same, 1e6, 0);
    b = run(REGIONS, YEARS, &pool.spec, 9, same, 1e6, 0);
    for (int r = 0; r < REGIONS; r++) {
        for (int l = 0; l < PC_LANES; l++) {
            assert_near(rig_view(b, 1)->balance[r][l], rig_view(a, 1)->balance[r][l], 1e-12);
        }
    }
    rig_free(a);
    rig_free(b);
    pc_arena_release(&values->arena);
    free(values);
}

/* The layers as arrangements of their own; 0: none. */
enum { ARRANGEMENTS = 7 };

static void arrangement(rig *g, setup *s, int which, const pc_shortfall *rule, pc_value *limits)
{
    static const pc_layer *const layers[ARRANGEMENTS] = {NULL,
                                                         &pc_adjustment_fund_layer,
                                                         &pc_unified_layer,
                                                         &pc_reserve_fund_layer,
                                                         &pc_special_fund_layer,
                                                         &pc_mutual_aid_layer,
                                                         &pc_risk_adjusted_layer};
    const pc_layer *layer = layers[which];
    pc_value *values = layer ? rig_values(g, &layer->head) : NULL;

    if (layer == &pc_adjustment_fund_layer) {
        values = fund_values(g, 0.1, 1, 0.2);
    } else if (layer == &pc_reserve_fund_layer) {
        rig_put(&layer->head, values, "deposit", 0.05);
    } else if (layer == &pc_special_fund_layer) {
        rig_put(&layer->head, values, "set_aside", 0.05);
    } else if (layer == &pc_mutual_aid_layer) {
        rig_put(&layer->head, values, "keep_months", 1);
    }
    simple(s, layer, values, &partitions[2], rule, limits);
}

/* One region, and net treasury cost with any number of them: the arrangement moves money, it does not make any. Over
 * both schemes, since mutual aid moves money between them. And no two arrangements are the same. */
static void test_same_totals(void **state)
{
    rig *values = rig_new(1, 1, 0);
    pc_value *limits = rig_values(values, &pc_backstop_rule.head);
    double total[RIG_KEPT] = {0}, one = 0, city[ARRANGEMENTS] = {0};
    setup s;

    (void)state;
    for (int k = 0; k < 2 * ARRANGEMENTS; k++) {
        rig *g;
        arrangement(values, &s, k / 2, k % 2 ? &pc_backstop_rule : NULL, limits);
        g = run(REGIONS, YEARS, &s.spec, 77, straight, 1e8, 0);
        for (int l = 0; l < RIG_KEPT; l++) {
            double net = rig_get(g, "treasury_net", PC_BOTH, 0, 0, l);
            total[l] = k == 0 ? net : total[l];
            assert_near(net, total[l], 1e-12);
        }
        if (k % 2) {
            assert_true(rig_get(g, "treasury_city", PC_BOTH, 0, 0, 0) > 0);
        } else {
            for (int r = 0; r < REGIONS * PC_LANES; r++) {
                city[k / 2] += (1 + r) * rig_view(g, 0)->own[r];
            }
            for (int j = 0; j < k / 2; j++) {
                assert_true(fabs(city[j] - city[k / 2]) > 1e-4 * fabs(city[j]));
            }
        }
        rig_free(g);
    }
    for (int k = 0; k < ARRANGEMENTS; k++) {
        static const int broke[1] = {3};
        double found;
        rig *g;
        arrangement(values, &s, k, NULL, NULL);
        g = run(1, YEARS, &s.spec, 78, broke, 1e8, 0);
        found = rig_view(g, 0)->total[11] + rig_view(g, 1)->total[11];
        one = k == 0 ? found : one;
        assert_near(found, one, 1e-12);
        rig_free(g);
    }
    pc_arena_release(&values->arena);
    free(values);
}

/* Layers that have nothing to do are city level to the last bit. */
static void test_idle_layers(void **state)
{
    static const struct {
        const pc_layer *layer;
        const char *key;
        double value;
    } idle[] = {{&pc_reserve_fund_layer, "deposit", 0},
                {&pc_special_fund_layer, "set_aside", 0},
                {&pc_reserve_fund_layer, "target_months", 0},
                {&pc_special_fund_layer, "cap_months", 0}};
    rig *values = rig_new(1, 1, 0), *a;
    setup city, s;

    (void)state;
    simple(&city, NULL, NULL, NULL, NULL, NULL);
    a = run(REGIONS, YEARS, &city.spec, 5, straight, 1e7, 0.02);
    for (size_t k = 0; k < sizeof idle / sizeof idle[0]; k++) {
        pc_value *v = rig_values(values, &idle[k].layer->head);
        rig *b;
        rig_put(&idle[k].layer->head, v,
                k < 2    ? (k ? "cap_months" : "target_months")
                : k == 2 ? "deposit"
                         : "set_aside",
                0.5);
        rig_put(&idle[k].layer->head, v, idle[k].key, idle[k].value);
        simple(&s, idle[k].layer, v, &partitions[2], NULL, NULL);
        b = run(REGIONS, YEARS, &s.spec, 5, straight, 1e7, 0.02);
        assert_memory_equal(rig_view(a, 0)->own, rig_view(b, 0)->own, REGIONS * PC_LANES * sizeof(double));
        rig_free(b);
    }
    rig_free(a);
    pc_arena_release(&values->arena);
    free(values);
}

/* Borrow, no layers, no spread: S0 + PV R - PV (E + X) = discounted final balance. */
static void test_actuarial_balance(void **state)
{
    rig *g = rig_new(REGIONS, YEARS, 0);
    setup city;
    double pv_base = 0, discount = 1;

    (void)state;
    simple(&city, NULL, NULL, NULL, NULL, NULL);
    weather_of(g, 3, 0, straight, 1e8);
    rig_start(g, &city.spec);
    for (int year = 1; year <= YEARS; year++) {
        weather_of(g, 3, year, straight, 1e8);
        discount *= 1 + g->weather.interest[2];
        for (int r = 0; r < REGIONS; r++) {
            pv_base += g->flows[0].base[r * PC_LANES + 2] * (1 + g->weather.interest[2] / 2) / discount;
        }
        rig_step(g, year);
    }
    assert_near(rig_get(g, "actuarial_balance", PC_EMPLOYEE, 0, 0, 2) * pv_base, rig_view(g, 0)->total[2] / discount,
                1e-12);
    assert_near(rig_get(g, "level_rate", PC_EMPLOYEE, 0, 0, 2), -rig_get(g, "actuarial_balance", PC_EMPLOYEE, 0, 0, 2),
                0);
    assert_near(rig_get(g, "treasury_net", PC_EMPLOYEE, 0, 0, 2), -rig_view(g, 0)->total[2] / discount, 1e-12);
    rig_free(g);
}

static void test_scale_and_permute(void **state)
{
    static const int turned[REGIONS] = {2, 0, 1, 5, 3, 4}; /* inside the halves */
    rig *values = rig_new(1, 1, 0), *a, *b, *c;
    setup s;

    (void)state;
    simple(&s, &pc_adjustment_fund_layer, fund_values(values, 0.1, 0, 0.3), &partitions[1], NULL, NULL);
    s.layers[0][1] = (pc_layer_use){&pc_adjustment_fund_layer, fund_values(values, 0.05, 1, 0), &partitions[2]};
    s.layers[0][2] =
        (pc_layer_use){&pc_reserve_fund_layer, rig_values(values, &pc_reserve_fund_layer.head), &partitions[1]};
    s.layers[0][3] =
        (pc_layer_use){&pc_special_fund_layer, rig_values(values, &pc_special_fund_layer.head), &partitions[2]};
    s.layers[0][4] =
        (pc_layer_use){&pc_mutual_aid_layer, rig_values(values, &pc_mutual_aid_layer.head), &partitions[1]};
    rig_put(&pc_reserve_fund_layer.head, (pc_value *)s.layers[0][2].values, "deposit", 0.03);
    rig_put(&pc_special_fund_layer.head, (pc_value *)s.layers[0][3].values, "set_aside", 0.02);
    s.phases[0].n_layers = 5;
    for (int k = 0; k < 3; k++) {
        static const pc_shortfall *const rules[] = {&pc_cut_benefits_rule, &pc_provider_loss_rule, &pc_raise_rate_rule};
        s.rules[0][k] = (pc_shortfall_use){rules[k], rig_values(values, &rules[k]->head)};
    }
    rig_put(&pc_cut_benefits_rule.head, (pc_value *)s.rules[0][0].values, "limit", 0.02);
    s.phases[0].n_shortfalls = 3;
    a = run(REGIONS, YEARS, &s.spec, 4, straight, 1e6, 0.02);
    b = run(REGIONS, YEARS, &s.spec, 4, turned, 1e6, 0.02);
    c = run(REGIONS, YEARS, &s.spec, 4, straight, 4e6, 0.02);
    for (int r = 0; r < REGIONS; r++) {
        for (int l = 0; l < PC_LANES; l++) {
            /* of a revenue of about 1e8; an account that is filled to zero shows only rounding */
            assert_near(rig_view(b, 0)->balance[r][l] / 1e8, rig_view(a, 0)->balance[turned[r]][l] / 1e8, 1e-12);
            assert_near(rig_view(c, 0)->balance[r][l] / 4e8, rig_view(a, 0)->balance[r][l] / 1e8, 1e-12);
        }
    }
    rig_free(a);
    rig_free(b);
    rig_free(c);
    pc_arena_release(&values->arena);
    free(values);
}

/* Four equal regions, only claims noise: sd of the pool's balance over its expenditure is half of one region's. 40 x
 * 256 paths: the ratio's standard error is below 1 %, so that 5 % is five standard errors (false alarm below 1e-6). */
static void test_pool_of_noise(void **state)
{
    rig *values = rig_new(1, 1, 0);
    setup pool, city;
    uint64_t seed = 99;
    double sum2[2] = {0}, sum[2] = {0};
    int n[2] = {0};

    (void)state;
    simple(&pool, &pc_unified_layer, rig_values(values, &pc_unified_layer.head), &partitions[2], NULL, NULL);
    simple(&city, NULL, NULL, NULL, NULL, NULL);
    for (int leaf = 0; leaf < 40; leaf++) {
        rig *p = rig_new(4, 1, 0), *q = rig_new(4, 1, 0);
        rig_start(p, &pool.spec);
        rig_start(q, &city.spec);
        for (int r = 0; r < 4; r++) {
            rig_year_flows(p, 0, r, 100, 100, 0);
            for (int l = 0; l < PC_LANES; l++) {
                double u = rig_uniform(&seed) + 1e-12, v = rig_uniform(&seed);
                p->flows[0].expenditure[r * PC_LANES + l] += 5 * sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
            }
        }
        memcpy(q->flows[0].revenue, p->flows[0].revenue, 4 * PC_LANES * sizeof(double));
        memcpy(q->flows[0].expenditure, p->flows[0].expenditure, 4 * PC_LANES * sizeof(double));
        rig_step(p, 1);
        rig_step(q, 1);
        for (int l = 0; l < PC_LANES; l++) {
            double x = rig_view(p, 0)->total[l] / 400;
            sum[0] += x;
            sum2[0] += x * x;
            n[0]++;
            for (int r = 0; r < 4; r++) {
                x = rig_view(q, 0)->balance[r][l] / 100;
                sum[1] += x;
                sum2[1] += x * x;
                n[1]++;
            }
        }
        rig_free(p);
        rig_free(q);
    }
    for (int k = 0; k < 2; k++) {
        sum2[k] = sqrt(sum2[k] / n[k] - sum[k] / n[k] * sum[k] / n[k]);
    }
    assert_near(sum2[1], 0.05, 0.0025); /* 1 + 0.05 */
    assert_true(fabs(sum2[0] / sum2[1] - 0.5) < 0.025);
    pc_arena_release(&values->arena);
    free(values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conservation),          cmocka_unit_test(test_levy_zero),
        cmocka_unit_test(test_unified_equal_regions), cmocka_unit_test(test_same_totals),
        cmocka_unit_test(test_actuarial_balance),     cmocka_unit_test(test_scale_and_permute),
        cmocka_unit_test(test_pool_of_noise),         cmocka_unit_test(test_transfers_conserved),
        cmocka_unit_test(test_more_levy_never_helps),
        cmocka_unit_test(test_idle_layers),
    };

    return cmocka_run_group_tests_name("pooling properties", tests, NULL, NULL);
}
