/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many paths a measure needs. Nothing here is left to chance: seeds are fixed. */
#include "../integration/scenario_text.h"

#include "study/precision.h"

static pc_precision find(sim *s, const char *text, const char *policy, int view, int threads)
{
    const pc_run_options options = {.threads = threads};
    pc_precision p = {.policy = policy, .view = view};

    if (pc_precision_read("--target-se", text, &p, &s->status) ||
        pc_precision_find(s->plan, &options, &p, &s->status)) {
        fail_msg("%s", s->status.message);
    }
    return p;
}

static void smoke(sim *s, const char *paths)
{
    sim_folder(s, "smoke");
    sim_set(s, paths);
    sim_set(s, "horizon=12");
    sim_plan(s);
}

/* The first of 1024, 2048, ... paths that does; the run with as many has that error, one with half of them has not. */
static void first_that_does(void **state)
{
    char paths[64];
    pc_precision p;
    sim s, run;
    double se;

    (void)state;
    smoke(&s, "paths=50000");
    p = find(&s, "member_weighted_depletion_by(2036) = 0.4 %", "unified", PC_RESIDENT, 1);
    print_message("%llu paths: %g\n", (unsigned long long)p.n_paths, p.estimate.se);
    assert_true(p.is_reached && p.n_paths > 1024 && p.n_paths < 50000 && (p.n_paths & (p.n_paths - 1)) == 0);
    for (int threads = 2; threads < 4; threads++) {
        const pc_precision q = find(&s, "member_weighted_depletion_by(2036)=0.004", "unified", PC_RESIDENT, threads);
        assert_int_equal(q.n_paths, p.n_paths);
        assert_true(q.estimate.se == p.estimate.se && q.estimate.value == p.estimate.value);
    }
    sim_end(&s);
    for (int half = 0; half < 2; half++) {
        snprintf(paths, sizeof paths, "paths=%llu", (unsigned long long)(half ? p.n_paths / 2 : p.n_paths));
        smoke(&run, paths);
        sim_run(&run);
        se = sim_value(&run, "policy/unified/resident", "member_weighted_depletion_by_se", NULL, NULL, 2036);
        if (half) {
            assert_true(se > 0.004);
        } else {
            assert_close("error", se, p.estimate.se, 1e-9 * se);
        }
        sim_end(&run);
    }
}

/* A difference, whose rows are two; the baseline; all paths without reaching it. */
static void other_measures(void **state)
{
    pc_precision p;
    sim s;

    (void)state;
    smoke(&s, "paths=3000");
    p = find(&s, "difference.depleted_any(2036)=30%", "adjustment", PC_EMPLOYEE, 2);
    assert_true(p.is_reached && p.n_paths == 1024);
    p = find(&s, "reserve_months(2030)=0.000001", NULL, PC_BOTH, 2);
    assert_true(!p.is_reached && p.n_paths == 3000 && p.estimate.se > 1e-6);
    sim_end(&s);
}

/* Replicates: the first of 16 times 256, 512, ... paths that does, with the error of a run with as many. */
static void replicates(void **state)
{
    static const char *const samplings[] = {"sampling=rqmc", "sampling=antithetic"};

    (void)state;
    for (size_t k = 0; k < (SLOW ? 1 : sizeof samplings / sizeof *samplings); k++) {
        char paths[64];
        pc_precision p, q;
        sim s, run;

        sim_folder(&s, "smoke");
        sim_set(&s, samplings[k]);
        sim_set(&s, "paths=65536");
        sim_set(&s, "horizon=12");
        sim_plan(&s);
        p = find(&s, "difference.member_weighted_depletion_by(2036) = 0.15 %", "unified", PC_RESIDENT, 1);
        q = find(&s, "difference.member_weighted_depletion_by(2036) = 0.15 %", "unified", PC_RESIDENT, 3);
        print_message("%s: %llu paths: %g\n", samplings[k], (unsigned long long)p.n_paths, p.estimate.se);
        assert_true(p.is_reached && p.n_paths > 4096 && p.n_paths < 65536 && (p.n_paths & (p.n_paths - 1)) == 0);
        assert_true(q.n_paths == p.n_paths && q.estimate.se == p.estimate.se && q.estimate.value == p.estimate.value);
        sim_end(&s);
        for (int half = 0; half < 2; half++) {
            double se;
            snprintf(paths, sizeof paths, "paths=%llu", (unsigned long long)(half ? p.n_paths / 2 : p.n_paths));
            sim_folder(&run, "smoke");
            sim_set(&run, samplings[k]);
            sim_set(&run, paths);
            sim_set(&run, "horizon=12");
            sim_run(&run);
            se = sim_value(&run, "difference/unified/resident", "member_weighted_depletion_by_se", NULL, NULL, 2036);
            if (half) {
                assert_true(se > 0.0015);
            } else {
                assert_close("error", se, p.estimate.se, 1e-6 * se);
                assert_close(
                    "value",
                    sim_value(&run, "difference/unified/resident", "member_weighted_depletion_by", NULL, NULL, 2036),
                    p.estimate.value, 1e-9);
            }
            sim_end(&run);
        }
    }
}

static void refused(void **state)
{
    static const struct {
        const char *text, *policy, *set, *message;
    } wrong[] = {{"reserve_months(2030)", NULL, NULL, "allowed MEASURE=ERROR"},
                 {"reserve_months(2030)=0", NULL, NULL, "found a standard error of 0, allowed above 0"},
                 {"reserve_months(2030)=x", NULL, NULL, "allowed a number"},
                 {"reserve_month(2030)=1", NULL, NULL, "did you mean 'reserve_months'"},
                 {"reserve_months(2030)=1", "cities", NULL, "found the policy 'cities'"},
                 {"reserve_months(2030)=1", NULL, "paths=0", "needs two paths at least"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        pc_precision p = {.policy = wrong[i].policy};
        const pc_run_options options = {0};
        pc_code code;
        sim s;

        sim_folder(&s, "smoke");
        sim_set(&s, "paths=4096");
        if (wrong[i].set) {
            sim_set(&s, wrong[i].set);
        }
        sim_plan(&s);
        code = pc_precision_read("--target-se", wrong[i].text, &p, &s.status);
        code = code ? code : pc_precision_find(s.plan, &options, &p, &s.status);
        assert_int_equal(code, PC_ERR_INPUT);
        if (!strstr(s.status.message, wrong[i].message)) {
            fail_msg("%s", s.status.message);
        }
        sim_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(first_that_does), cmocka_unit_test(other_measures),
                                       cmocka_unit_test(replicates), cmocka_unit_test(refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
