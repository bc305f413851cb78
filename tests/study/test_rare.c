/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rare events against closed forms and against plain paths. Seeds are fixed; a check within five standard errors would
 * fail with another seed once in 1.7 million times. */
#include "study_text.h"

#include <gsl/gsl_cdf.h>

#include "study/rare.h"

/* One region, wages alone: ln w(t) = ln w0 + sum of (mu + x + y), x and y AR(1), is normal. */
static void wages_alone(sim *s, const char *paths, const char *seed)
{
    sim_small(s);
    small_put(&s->text, "regions.csv", SMALL_HEADER EQUAL_REGION("7"));
    sim_calm(s);
    sim_set(s, paths);
    sim_set(s, seed);
    sim_set(s, "wages.growth=4 %");
    sim_set(s, "wages.phi=0.5");
    sim_set(s, "wages.sigma=2 %");
    sim_set(s, "wages.start=0");
    sim_set(s, "wages.regional_phi=0.3");
    sim_set(s, "wages.regional_sigma=1 %");
}

/* The wage after five years that is reached downwards with the chance of a standard normal below z. */
static double wage_bound(double z)
{
    double v = 0;

    for (int j = 1; j <= 5; j++) {
        const double g = (1 - pow(0.5, 6 - j)) / 0.5, h = (1 - pow(0.3, 6 - j)) / 0.7;
        v += 4e-4 * g * g + 1e-4 * h * h;
    }
    return 90000 * exp(5 * 0.04 + z * sqrt(v));
}

static pc_rare hunt(probe *p, const char *event, const char *policy, int view, int threads)
{
    pc_rare rare;

    probe_ask(p, event, policy, view);
    p->study.run.threads = threads;
    probe_start(p);
    if (pc_rare_run(&p->study, &rare, &p->s.status)) {
        fail_msg("%s", p->s.status.message);
    }
    return rare;
}

static void closed_form(void **state)
{
    static const double chances[] = {1e-2, 1e-4, 1e-6, 1e-9};

    (void)state;
    for (size_t k = 0; k < (SLOW ? 1 : sizeof chances / sizeof *chances); k++) {
        const double z = gsl_cdf_ugaussian_Pinv(chances[k]);
        for (int up = 0; up < 2; up++) {
            char event[96];
            pc_rare rare;
            probe p = {0};

            wages_alone(&p.s, "paths=8192", "seed=21");
            snprintf(event, sizeof event, "wage(2029, 7) %s %.17g", up ? ">=" : "<=", wage_bound(up ? -z : z));
            rare = hunt(&p, event, "city", PC_EMPLOYEE, 2);
            print_message("%g: %.4g +- %.2g, distance %.3f, %.0f of %llu, plain %.3g, weight %.4f +- %.4f\n",
                          chances[k], rare.probability, rare.se, rare.distance, rare.effective,
                          (unsigned long long)rare.n_events, rare.plain, rare.weight, rare.weight_se);
            assert_close("probability", rare.probability, chances[k], 5 * rare.se);
            assert_true(rare.se < 0.06 * chances[k]);
            assert_close("distance", rare.distance, -z, 1e-3);
            assert_close("mean weight", rare.weight, 1, 5 * rare.weight_se + 1e-12);
            assert_true(rare.plain > 8192);
            assert_close("shares", rare.share[PC_DRAW_WAGE] + rare.share[PC_RARE_REGIONS + PC_DRAW_REGION_WAGE], 1,
                         1e-9);
            pc_rare_release(&rare);
            probe_end(&p);
        }
    }
}

/* The answers of 20 seeds scatter as the errors say: chi-squared with 20 degrees of freedom, within its 1e-5 tails. */
static void honest_errors(void **state)
{
    enum { SEEDS = SLOW ? 4 : 20 };
    double chi = 0;

    (void)state;
    for (int i = 0; i < SEEDS; i++) {
        char event[96], seed[32];
        pc_rare rare;
        probe p = {0};

        snprintf(seed, sizeof seed, "seed=%d", 100 + i);
        wages_alone(&p.s, "paths=4096", seed);
        snprintf(event, sizeof event, "wage(2029, 7) <= %.17g", wage_bound(gsl_cdf_ugaussian_Pinv(1e-5)));
        rare = hunt(&p, event, "city", PC_EMPLOYEE, 2);
        chi += (rare.probability - 1e-5) * (rare.probability - 1e-5) / (rare.se * rare.se);
        pc_rare_release(&rare);
        probe_end(&p);
    }
    print_message("chi-squared %.1f\n", chi);
    assert_true(chi > gsl_cdf_chisq_Pinv(1e-5, SEEDS) && chi < gsl_cdf_chisq_Qinv(1e-5, SEEDS));
}

/* Values of the measure on plain paths of another seed: how many of n have the event. */
static size_t count_plain(const char *folder, const char *policy, const char *event, size_t n)
{
    pc_layout layout;
    pc_quantity quantity;
    pc_quantity_use use;
    double *rows = calloc(n, sizeof *rows);
    char paths[32];
    size_t seen = 0;
    int p = 0;
    sim s;

    assert_non_null(rows);
    snprintf(paths, sizeof paths, "paths=%zu", n);
    sim_folder(&s, folder);
    sim_set(&s, paths);
    sim_set(&s, "seed=77");
    sim_set(&s, "horizon=6");
    sim_plan(&s);
    while (strcmp(s.scenario->policies[p].name, policy) != 0) {
        p++;
    }
    if (pc_layout_for(s.plan, &layout, &s.status) || pc_quantity_read("event", event, 1, &quantity, &s.status) ||
        pc_quantity_find(&quantity, s.plan, &layout, p, PC_EMPLOYEE, &use, &s.status) ||
        pc_sample_run(s.plan, &layout, &(pc_run_options){0}, use.picks, 1, rows, &s.status)) {
        fail_msg("%s", s.status.message);
    }
    for (size_t i = 0; i < n; i++) {
        seen += pc_quantity_met(&quantity, rows[i]) != 0;
    }
    free(rows);
    pc_layout_release(&layout);
    sim_end(&s);
    return seen;
}

/* With everything random, as plain paths have it (the last with shocks, uncertain accounts and Student's t): chances of
 * about one in a hundred. The same bits on any number of threads. */
static void as_plain_paths(void **state)
{
    enum { PLAIN = SLOW ? 10000 : 40000 };
    static const struct {
        const char *folder, *policy, *event;
    } events[] = {{"smoke", "unified", "reserve_months(2027) <= 23.5"},
                  {"smoke", "city", "reserve_months(2027, R2) <= 3"},
                  {"smoke", "city", "expenditure(2028) >= 6.2e10"},
                  {"reference", "alone", "expenditure(2027) >= 5.55e11"}};

    (void)state;
    for (size_t k = SLOW ? 3 : 0; k < sizeof events / sizeof *events; k++) {
        const double seen = (double)count_plain(events[k].folder, events[k].policy, events[k].event, PLAIN);
        const double plain = seen / PLAIN, se = sqrt(plain * (1 - plain) / PLAIN);
        pc_rare rare[2];

        for (int i = 0; i < 2; i++) {
            probe p = {0};
            sim_folder(&p.s, events[k].folder);
            sim_set(&p.s, "paths=16384");
            rare[i] = hunt(&p, events[k].event, events[k].policy, PC_EMPLOYEE, 1 + 2 * i);
            probe_end(&p);
        }
        print_message("%s: %.5f +- %.5f, plain %.5f +- %.5f; %.2f away, %.0f effective, weight %.4f +- %.4f\n",
                      events[k].event, rare[0].probability, rare[0].se, plain, se, rare[0].distance, rare[0].effective,
                      rare[0].weight, rare[0].weight_se);
        assert_true(seen > 50);
        assert_close("probability", rare[0].probability, plain, 5 * sqrt(rare[0].se * rare[0].se + se * se));
        assert_close("mean weight", rare[0].weight, 1, 5 * rare[0].weight_se);
        assert_true(rare[0].effective > 200);
        assert_true(rare[0].probability == rare[1].probability && rare[0].se == rare[1].se);
        pc_rare_release(&rare[0]);
        pc_rare_release(&rare[1]);
    }
}

/* What happens on the central path is not rare: plain paths. */
static void in_sight(void **state)
{
    probe p = {0};
    pc_rare rare;

    (void)state;
    wages_alone(&p.s, "paths=4096", "seed=5");
    {
        char event[96];
        snprintf(event, sizeof event, "wage(2029, 7) <= %.17g", wage_bound(1));
        rare = hunt(&p, event, "city", PC_EMPLOYEE, 2);
    }
    assert_true(rare.in_sight && rare.distance == 0 && rare.weight == 1 && rare.weight_se == 0);
    assert_close("probability", rare.probability, gsl_cdf_ugaussian_P(1), 5 * rare.se);
    assert_close("error", rare.se, sqrt(rare.probability * (1 - rare.probability) / 4095), 1e-12);
    pc_rare_release(&rare);
    probe_end(&p);
}

static void refused(void **state)
{
    static const struct {
        const char *event, *message;
    } wrong[] = {{"depleted_at(2027) >= 1", "is yes or no"},
                 {"reserve_months(2027, sd) >= 1", "found a statistic of many paths"},
                 {"wage(2027) <= 1", "standard deviations away"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        probe p = {0};
        pc_rare rare;

        sim_folder(&p.s, "smoke");
        sim_set(&p.s, "paths=1024");
        probe_ask(&p, wrong[i].event, "city", PC_EMPLOYEE);
        probe_start(&p);
        assert_int_equal(pc_rare_run(&p.study, &rare, &p.s.status), PC_ERR_INPUT);
        if (!strstr(p.s.status.message, wrong[i].message)) {
            fail_msg("%s", p.s.status.message);
        }
        pc_rare_release(&rare);
        probe_end(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(closed_form), cmocka_unit_test(honest_errors),
                                       cmocka_unit_test(as_plain_paths), cmocka_unit_test(in_sight),
                                       cmocka_unit_test(refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
