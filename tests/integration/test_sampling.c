/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sampling other than plain: the same answer, errors that are right, gains. Seeds are fixed; with others a right
 * program would fail honest_errors about once in 10,000 times, the rest as stated there. */
#include "scatter.h"

enum { SEEDS = 10, REPLICATES = 16, CELLS = 6 };

static const struct {
    const char *group, *name;
    int event, year;
} cells[CELLS] = {{"policy/city/employee", "balance", 0, 2030},
                  {"policy/city/resident", "balance", 0, 2036},
                  {"policy/unified/employee", "expenditure", 0, 2036},
                  {"difference/unified/employee", "member_weighted_depletion_by", 1, 2036},
                  {"policy/city/resident", "member_weighted_depletion_by", 1, 2036},
                  {"policy/unified/employee", "depleted_by", 1, 2036}};

/* mean, sd, se of a cell; of an event sd is NaN. */
static void read_cell(const sim *s, int k, double x[3])
{
    char error[96];

    x[1] = NAN;
    if (cells[k].event) {
        snprintf(error, sizeof error, "%s_se", cells[k].name);
        x[0] = sim_value(s, cells[k].group, cells[k].name, NULL, NULL, cells[k].year);
        x[2] = sim_value(s, cells[k].group, error, NULL, NULL, cells[k].year);
        return;
    }
    x[0] = sim_value(s, cells[k].group, cells[k].name, "mean", NULL, cells[k].year);
    x[1] = sim_value(s, cells[k].group, cells[k].name, "sd", NULL, cells[k].year);
    x[2] = sim_value(s, cells[k].group, cells[k].name, "se", NULL, cells[k].year);
}

static void run_smoke(sim *s, const char *sampling, const char *paths, const char *seed)
{
    sim_sampled(s, sampling, paths, seed);
    sim_run(s);
}

/* Over seeds, the means scatter by the errors that each run states, and together they are where plain paths have it. */
static void honest_errors_of(const char *sampling, const char *paths)
{
    scatter estimates[CELLS] = {0};
    double x[3];
    sim s;

    for (int i = 0; i < SEEDS; i++) {
        run_smoke(&s, sampling, paths, scatter_seed(i));
        for (int k = 0; k < CELLS; k++) {
            read_cell(&s, k, x);
            scatter_add(&estimates[k], cells[k].name, x[0], x[2]);
        }
        sim_end(&s);
    }
    run_smoke(&s, "sampling=plain", "paths=20000", "seed=11");
    for (int k = 0; k < CELLS; k++) {
        char what[160];
        read_cell(&s, k, x);
        snprintf(what, sizeof what, "%s %s/%s %d", sampling, cells[k].group, cells[k].name, cells[k].year);
        scatter_check(&estimates[k], what, REPLICATES - 1, x[0], x[2]);
    }
    sim_end(&s);
}

static void honest_errors(void **state)
{
    (void)state;
    honest_errors_of("sampling=rqmc", SLOW ? "paths=4096" : "paths=8192");
    if (!SLOW) {
        honest_errors_of("sampling=antithetic", "paths=4096");
    }
}

/* Mean balances at least ten times as precise as by independent paths in variance, with a fixed seed. */
static void gain(void **state)
{
    double x[3];
    sim s;

    (void)state;
    run_smoke(&s, "sampling=rqmc", "paths=16384", "seed=1");
    for (int k = 0; k < 2; k++) {
        read_cell(&s, k, x);
        print_message("%s %d: variance ratio %.1f\n", cells[k].group, cells[k].year,
                      x[1] * x[1] / 16384 / (x[2] * x[2]));
        assert_true(x[1] * x[1] / 16384 > 10 * x[2] * x[2]);
    }
    sim_end(&s);
}

/* The other policies, threads and the plain kernels move no bit. */
static void same_bits(void **state)
{
    sim one, two;

    (void)state;
    run_smoke(&one, "sampling=rqmc", "paths=4096", "seed=1");
    sim_sampled(&two, "sampling=rqmc", "paths=4096", "seed=1");
    sim_set(&two, "policies=unified");
    sim_run_with(&two, (pc_run_options){.threads = 3, .plain = 1});
    assert_same_group(one.results, "policy/city/both", two.results, "policy/city/both");
    assert_same_group(one.results, "policy/unified/both", two.results, "policy/unified/both");
    assert_same_group(one.results, "difference/unified/employee", two.results, "difference/unified/employee");
    sim_end(&one);
    sim_end(&two);
}

/* Without noise there is nothing to explore, and nothing has an error. */
static void calm(void **state)
{
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_calm(&s);
    sim_set(&s, "sampling=rqmc");
    sim_set(&s, "paths=1024");
    sim_set(&s, "replicates=4");
    sim_run(&s);
    assert_true(sim_value(&s, "policy/city/both", "balance", "se", NULL, 2036) == 0);
    assert_true(sim_value(&s, "policy/city/both", "balance", "mean", NULL, 2036) ==
                sim_value(&s, "policy/city/both", "balance", "central", NULL, 2036));
    sim_end(&s);
}

static void refused(void **state)
{
    static const struct {
        const char *sampling, *paths, *message;
    } wrong[] = {{"sampling=rqmc", "paths=10000",
                  "found 10000 paths, allowed with sampling: rqmc and 16 replicates: 16 "
                  "times a power of two from 256 to 4194304, e.g. 8192"},
                 {"sampling=rqmc", "paths=12288", "e.g. 8192"},
                 {"sampling=rqmc", "paths=100", "e.g. 4096"},
                 {"sampling=antithetic", "paths=10000", "16 times a multiple of 256, e.g. 8192"},
                 {"sampling=sobol", "paths=8192", "allowed"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sim s;

        sim_folder(&s, "smoke");
        sim_set(&s, wrong[i].sampling);
        sim_set(&s, wrong[i].paths);
        assert_int_equal(sim_try_plan(&s), PC_ERR_INPUT);
        if (!strstr(s.status.message, wrong[i].message)) {
            fail_msg("%s", s.status.message);
        }
        sim_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_errors), cmocka_unit_test(gain),    cmocka_unit_test(same_bits),
        cmocka_unit_test(calm),          cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
