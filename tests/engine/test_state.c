/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs that are stopped and go on, and runs in shards, give the bits of a run in one piece: at every leaf, in the first
 * pass and in rounds of refinement, with other numbers of threads. States of other runs are refused. */
#include "../integration/scenario_text.h"

#include "engine/state.h"
#include "stopper.h"

static pc_code run_some(sim *s, pc_run_options options, pc_status *status)
{
    *status = (pc_status){0};
    options.reproducible = 1;
    s->results = NULL;
    return pc_run(s->plan, &options, &s->results, status);
}

static void assert_same(const sim *s, const pc_results *first, const char *what, int n)
{
    char why[512];

    if (!pc_results_same(first, s->results, why, sizeof why)) {
        fail_msg("%s %d: %s", what, n, why);
    }
}

/* Runs without a stop; the results. */
static pc_results *in_one_piece(sim *s, const char *paths, size_t budget, const char *sampling)
{
    sim_folder(s, "smoke");
    sim_set(s, paths);
    sim_set(s, SLOW ? "horizon=2" : "horizon=6");
    sim_set(s, sampling);
    sim_set(s, "replicates=4");
    sim_set(s, strstr(sampling, "rqmc") ? "control_years=[2028]" : "control_years=[]");
    sim_run_with(s, (pc_run_options){.threads = 2, .save_paths = 300, .hist_budget = budget});
    return s->results;
}

/* 1,100 paths are five leaves; a small budget makes rounds of refinement. Stops after every leaf of every pass, again
 * and again with another number of threads, until the run is done. */
static void every_stop(const char *paths, size_t budget, const char *sampling)
{
    static pc_status status;
    pc_results *first;
    sim s;
    int most = 0;

    first = in_one_piece(&s, paths, budget, sampling);
    for (int stride = 1; stride < (SLOW ? 2 : 4); stride++) {
        pc_unpack state;
        stopper stop = {0};
        pc_code code = PC_ERR_INTERRUPTED;
        int n_runs = 0;

        for (; code == PC_ERR_INTERRUPTED && n_runs < 200; n_runs++) {
            pc_pack before = stop.pack;
            pc_run_options options = {.threads = 1 + (n_runs + stride) % 3,
                                      .save_paths = 300,
                                      .hist_budget = budget,
                                      .states = n_runs ? &state : NULL,
                                      .n_states = n_runs > 0};
            stopper_attach(&stop, &options);
            state = stopper_state(&before);
            stop = (stopper){.stop_after = stride + (n_runs > 0)}; /* the pilot once more */
            code = run_some(&s, options, &status);
            pc_pack_free(&before);
        }
        if (code) {
            fail_msg("%s", status.message);
        }
        assert_same(&s, first, "stride", stride);
        most = n_runs > most ? n_runs : most;
        pc_results_free(s.results);
        pc_pack_free(&stop.pack);
    }
    print_message("%s: up to %d stops\n", paths, most - 1);
    assert_true(most >= (SLOW ? 2 : 3));
    s.results = first;
    sim_end(&s);
}

static void stops(void **state)
{
    (void)state;
    every_stop("paths=1100", 0, "sampling=plain");
}

static void stops_in_refinement(void **state)
{
    (void)state;
    every_stop("paths=1500", (size_t)20 << 20, "sampling=plain");
}

static void stops_of_replicates(void **state)
{
    (void)state;
    every_stop("paths=2048", (size_t)20 << 20, "sampling=rqmc");
}

static void shards_of(const char *paths, const char *sampling)
{
    static const int numbers[] = {1, 2, 5, 7};
    static pc_status status;
    const size_t budget = (size_t)20 << 20;
    pc_results *first;
    sim s;

    first = in_one_piece(&s, paths, budget, sampling);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        stopper parts[8] = {0};
        pc_unpack states[8];
        const int n = numbers[k];

        for (int i = 0; i < n; i++) {
            const pc_run_options options = {.threads = 1 + i % 2,
                                            .save_paths = 300,
                                            .hist_budget = budget,
                                            .keep = stopper_take,
                                            .keep_context = &parts[i],
                                            .shard = i + 1,
                                            .n_shards = n};
            assert_int_equal(run_some(&s, options, &status), PC_OK);
            assert_null(s.results);
            assert_int_equal(parts[i].n_kept, 1);
            states[i] = stopper_state(&parts[i].pack);
        }
        const pc_run_options join = {
            .threads = 2, .save_paths = 300, .hist_budget = budget, .states = states, .n_states = n};
        if (run_some(&s, join, &status)) {
            fail_msg("%s", status.message);
        }
        assert_same(&s, first, "shards", n);
        pc_results_free(s.results);
        if (n > 1) { /* one missing, one twice */
            pc_run_options wrong = join;
            wrong.n_states = n - 1;
            assert_int_equal(run_some(&s, wrong, &status), PC_ERR_INPUT);
            assert_non_null(strstr(status.message, "missing"));
            wrong.n_states = n;
            states[1] = states[0];
            assert_int_equal(run_some(&s, wrong, &status), PC_ERR_INPUT);
        }
        for (int i = 0; i < n; i++) {
            pc_pack_free(&parts[i].pack);
        }
    }
    s.results = first;
    sim_end(&s);
}

/* Stopped before the first leaf, by which the edges are set: that leaf comes after the edges then. */
static void stopped_at_once(void **state)
{
    static pc_status status;
    pc_results *first;
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=5000");
    sim_set(&s, "horizon=3");
    sim_run_with(&s, (pc_run_options){.threads = 2});
    first = s.results;
    for (int n = 0; n < 5; n++) {
        stopper stop = {.stop = 1};
        pc_unpack kept;
        const pc_run_options options = {.threads = 4, .keep = stopper_take, .keep_context = &stop, .stop = &stop.stop};
        assert_int_equal(run_some(&s, options, &status), PC_ERR_INTERRUPTED);
        assert_int_equal(stop.n_kept, 1);
        kept = stopper_state(&stop.pack);
        if (run_some(&s, (pc_run_options){.threads = 4, .states = &kept, .n_states = 1}, &status)) {
            fail_msg("%s", status.message);
        }
        assert_same(&s, first, "stopped at once", n);
        pc_results_free(s.results);
        pc_pack_free(&stop.pack);
    }
    s.results = first;
    sim_end(&s);
}

static void shards(void **state)
{
    (void)state;
    shards_of("paths=1100", "sampling=plain");
}

/* Shards need not end where a replicate does. */
static void shards_of_replicates(void **state)
{
    (void)state;
    shards_of("paths=2048", "sampling=rqmc");
}

/* Kept every moment, and a limit of time. */
static void on_the_way(void **state)
{
    static pc_status status;
    stopper stop = {.stop_after = 1000};
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=1100");
    sim_set(&s, "horizon=6");
    sim_run_with(&s, (pc_run_options){.threads = 2});
    pc_results *first = s.results;
    assert_int_equal(
        run_some(&s, (pc_run_options){.threads = 2, .keep = stopper_take, .keep_context = &stop, .keep_seconds = 1e-9},
                 &status),
        PC_OK);
    assert_true(stop.n_kept >= 2);
    assert_same(&s, first, "kept", 0);
    pc_results_free(s.results);
    assert_int_equal(
        run_some(&s, (pc_run_options){.threads = 1, .keep = stopper_take, .keep_context = &stop, .most_seconds = 1e-9},
                 &status),
        PC_ERR_INTERRUPTED);
    pc_pack_free(&stop.pack);
    s.results = first;
    sim_end(&s);
}

/* A state of other inputs, and damaged ones: refused or, where the damage is in a sum, taken; never a crash. */
static void foreign_and_damaged(void **state)
{
    static pc_status status;
    stopper stop = {.stop_after = 2};
    pc_unpack kept;
    uint64_t x = 1;
    int n_refused = 0;
    sim s, other;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=1100");
    sim_set(&s, "horizon=3");
    sim_run_with(&s, (pc_run_options){.threads = 1});
    pc_results_free(s.results);
    assert_int_equal(run_some(&s,
                              (pc_run_options){.threads = 1,
                                               .keep = stopper_take,
                                               .keep_context = &stop,
                                               .stop = &stop.stop,
                                               .progress = stopper_count,
                                               .progress_context = &stop},
                              &status),
                     PC_ERR_INTERRUPTED);
    kept = stopper_state(&stop.pack);
    sim_folder(&other, "smoke");
    sim_set(&other, "paths=1100");
    sim_set(&other, "horizon=4");
    sim_run_with(&other, (pc_run_options){.threads = 1});
    pc_results_free(other.results);
    assert_int_equal(run_some(&other, (pc_run_options){.threads = 1, .states = &kept, .n_states = 1}, &status),
                     PC_ERR_INPUT);
    for (int n = 0; n < 60; n++) {
        unsigned char *copy = malloc(stop.pack.n);
        memcpy(copy, stop.pack.bytes, stop.pack.n);
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        kept = (pc_unpack){copy, copy + (n % 2 ? (x >> 33) % stop.pack.n : stop.pack.n), 0};
        copy[n < 30 ? (x >> 20) % 200 : (x >> 20) % stop.pack.n] ^= (unsigned char)(1 + (x >> 50) % 255);
        pc_code code = run_some(&s, (pc_run_options){.threads = 1, .states = &kept, .n_states = 1}, &status);
        n_refused += code != PC_OK;
        pc_results_free(s.results);
        free(copy);
    }
    assert_true(n_refused >= 30);
    pc_pack_free(&stop.pack);
    s.results = other.results = NULL;
    sim_end(&s);
    sim_end(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stops),
                                       cmocka_unit_test(stops_in_refinement),
                                       cmocka_unit_test(shards),
                                       cmocka_unit_test(stops_of_replicates),
                                       cmocka_unit_test(shards_of_replicates),
                                       cmocka_unit_test(stopped_at_once),
                                       cmocka_unit_test(on_the_way),
                                       cmocka_unit_test(foreign_and_damaged)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
