/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/run.h"

#include <math.h>
#include <omp.h>
#include <time.h>

#include "engine/outcome.h"
#include "engine/provenance.h"
#include "engine/state.h"
#include "engine/worker.h"

enum { MAX_ROUNDS = 3 };

/* Memory for the quantiles: a full table for every cell and a third more for windows, but at most 1.5 GiB, unless even
 * the coarsest tables need more. It follows from the scenario alone, for other budgets give other bins. */
static size_t hist_budget(const pc_run_options *options, const pc_layout *layout)
{
    const size_t full = 12416, coarsest = 3600, spare = (size_t)16 << 20, most = (size_t)1536 << 20;
    size_t wanted = layout->n_hists * full + spare, least = layout->n_hists * coarsest + spare;

    wanted = wanted < most ? wanted : most;
    wanted = wanted > least ? wanted : least;
    return options->hist_budget ? options->hist_budget : wanted;
}

typedef struct pc_thread {
    pc_worker worker;
    pc_moments *moments;
    pc_collector *collector;
    pc_sink **sinks;
} pc_thread;

typedef struct run_state {
    const pc_plan *plan;
    const pc_run_options *options;
    pc_layout layout;
    pc_gathered gathered;
    double *central;
    pc_thread *threads;
    int n_threads;
    uint64_t n_leaves, done;
    int round;
    pc_point point;
    double begin, pause_at; /* on the monotonic clock */
    int pause;
    unsigned char *unwanted; /* [subject][output], see pc_gathered_unwanted */
} run_state;

static int stopped(const run_state *run)
{
    return run->options->stop && *run->options->stop;
}

static void run_leaf(run_state *run, pc_thread *thread, uint64_t leaf, pc_phase_kind phase)
{
    uint64_t path0 = leaf * PC_LANES, left = run->gathered.n_paths - path0, done;
    int n_lanes = left < PC_LANES ? (int)left : PC_LANES;

    pc_collector_leaf(thread->collector, path0, n_lanes, phase);
    pc_worker_leaf(&thread->worker, path0, n_lanes, thread->sinks, !run->options->plain);
#pragma omp atomic capture
    done = run->done += (uint64_t)n_lanes;
    if (run->options->progress) {
#pragma omp critical(poolcast_progress)
        run->options->progress(run->options->progress_context, done, run->gathered.n_paths, run->round);
    }
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time); /* no jump of the calendar's clock moves it */
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int out_of_time(const run_state *run)
{
    return run->options->most_seconds > 0 && now() - run->begin >= run->options->most_seconds;
}

/* Whether threads shall come to rest between leaves: to stop, or for the state to be kept. */
static int must_pause(run_state *run)
{
    if (stopped(run) || __atomic_load_n(&run->pause, __ATOMIC_RELAXED)) {
        return 1;
    }
    if ((run->pause_at > 0 && now() >= run->pause_at) || out_of_time(run)) {
        __atomic_store_n(&run->pause, 1, __ATOMIC_RELAXED);
        return 1;
    }
    return 0;
}

/* Leaves from point.next on, until the end or a pause; then exactly those before point.next are done. A leaf that is
 * taken is run: others may be waiting for the edges that the pilot, the first, sets. Nothing else depends on who runs
 * which. */
static void run_leaves(run_state *run, pc_phase_kind phase)
{
    run->pause = 0;
    run->pause_at = run->options->keep && run->options->keep_seconds > 0 ? now() + run->options->keep_seconds : 0;
#pragma omp parallel num_threads(run->n_threads)
    {
        pc_thread *thread = &run->threads[omp_get_thread_num()];
        /* one leaf at least, however short the time between states */
        for (int n = 0; n == 0 ? !stopped(run) : !must_pause(run); n++) {
            uint64_t leaf = __atomic_fetch_add(&run->point.next, 1, __ATOMIC_RELAXED);
            if (leaf >= run->point.end) {
                break;
            }
            run_leaf(run, thread, leaf, phase);
        }
    }
    run->point.next = run->point.next < run->point.end ? run->point.next : run->point.end;
}

static pc_code start_threads(run_state *run, pc_status *status)
{
    run->threads = pc_calloc((size_t)run->n_threads, sizeof *run->threads);
    if (!run->threads) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for %d threads", run->n_threads);
    }
    for (int k = 0; k < run->n_threads; k++) {
        pc_thread *thread = &run->threads[k];
        if (pc_worker_start(&thread->worker, run->plan, status)) {
            return PC_ERR_FAIL;
        }
        thread->moments = k == 0 ? run->gathered.moments : pc_gathered_moments(&run->gathered);
        thread->collector = thread->moments ? pc_collector_new(&run->gathered, thread->moments) : NULL;
        thread->sinks = pc_calloc((size_t)run->layout.n_subjects, sizeof *thread->sinks);
        if (!thread->collector || !thread->sinks) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for %d threads", run->n_threads);
        }
        for (int s = 0; s < run->layout.n_subjects; s++) {
            thread->sinks[s] = pc_collector_sink(thread->collector, s);
        }
    }
    return PC_OK;
}

static void release_threads(run_state *run)
{
    for (int k = 0; run->threads && k < run->n_threads; k++) {
        pc_worker_release(&run->threads[k].worker);
        if (k > 0) { /* the first thread's is the whole's */
            pc_moments_free(run->threads[k].moments);
        }
        pc_collector_free(run->threads[k].collector);
        pc_free(run->threads[k].sinks);
    }
    pc_free(run->threads);
}

/* In a round of refinement: leaves out policies, outputs and last years that no histogram wants to see again. */
static void want_only(run_state *run)
{
    int n_outputs = run->layout.n_outputs_max;
    int last_year = pc_gathered_unwanted(&run->gathered, run->unwanted);

    for (int k = 0; k < run->n_threads; k++) {
        run->threads[k].worker.world.people.n_years = last_year;
    }
    for (int s = 0; s < run->layout.n_subjects; s++) {
        const unsigned char *unwanted = run->unwanted + s * n_outputs;
        int wants = 0;

        for (int o = 0; o < run->layout.subjects[s].n_outputs; o++) {
            wants |= !unwanted[o];
        }
        for (int k = 0; k < run->n_threads; k++) {
            pc_sink *sink = pc_collector_sink(run->threads[k].collector, s);
            sink->unwanted = unwanted;
            run->threads[k].sinks[s] = wants ? sink : NULL;
        }
    }
}

/* All that threads have added up goes into the whole's. */
static void collect_threads(run_state *run)
{
    pc_point *point = &run->point;

    for (int k = 0; k < run->n_threads; k++) {
        pc_worker *worker = &run->threads[k].worker;
        pc_collector_settle(run->threads[k].collector);
        if (k > 0) {
            pc_moments_merge(run->gathered.moments, run->threads[k].moments);
            pc_moments_clear(run->threads[k].moments);
        }
        point->clipped += worker->clipped;
        point->migration_bounded += worker->audit.people.migration_bounded;
        point->employment_capped += worker->audit.employment_capped;
        point->identity_residual = fmax(point->identity_residual, worker->audit.identity_residual);
        worker->clipped = 0;
        worker->audit = (pc_world_audit){0};
    }
}

static pc_code keep(run_state *run, int last, pc_status *status)
{
    pc_pack pack = {0};

    pc_state_pack(&run->gathered, &run->point, &pack);
    if (pack.failed) {
        pc_pack_free(&pack);
        return last ? pc_fail(status, PC_ERR_FAIL, "no memory to keep the state of the run") : PC_OK;
    }
    return run->options->keep(run->options->keep_context, &pack, last, status);
}

/* One pass over the leaves, kept on the way and where it stops. */
static pc_code run_pass(run_state *run, pc_phase_kind phase, pc_status *status)
{
    for (;;) {
        int ends;
        pc_code code = PC_OK;

        run->done = (run->point.next - run->point.first) * PC_LANES;
        run_leaves(run, phase);
        if (phase == PC_PHASE_COUNT) {
            collect_threads(run);
        }
        if (run->point.next == run->point.end) {
            return PC_OK;
        }
        ends = stopped(run) || out_of_time(run);
        if (run->options->keep) {
            code = keep(run, ends, status);
        }
        if (code || ends) {
            return code ? code : pc_fail(status, PC_ERR_INTERRUPTED, "interrupted; no results were written");
        }
    }
}

/* Sets the edges of the histograms, which the pilot does, and leaves nothing counted. */
static void run_pilot(run_state *run)
{
    run_leaf(run, &run->threads[0], 0, PC_PHASE_COUNT);
    collect_threads(run);
    pc_moments_clear(run->gathered.moments);
    pc_hist_clear(run->gathered.hist);
    pc_tails_clear(run->gathered.totals);
    run->point = (pc_point){.first = run->point.first, .end = run->point.end, .next = run->point.next};
}

/* The first pass as earlier runs have left it. `state` then stands at the rounds of refinement of the one that is gone
 * on with; *round: its round. */
static pc_code add_states(run_state *run, pc_unpack *state, uint64_t *round, pc_status *status)
{
    const pc_run_options *options = run->options;
    uint64_t next = run->point.first, in_round = 0;
    pc_code code = PC_OK;

    for (int i = 0; i < options->n_states && !code; i++) {
        pc_point found = {0};
        *state = options->states[i];
        code = pc_state_point(state, &found, status);
        if (!code && (found.first != next || found.end > run->point.end ||
                      (options->n_states == 1 ? found.end != run->point.end : found.next != found.end))) {
            code = pc_fail(status, PC_ERR_INPUT, "leaves %llu to %llu are missing or not finished",
                           (unsigned long long)next, (unsigned long long)run->point.end);
        }
        code = code ? code : pc_state_add(&run->gathered, &run->point, state, status);
        next = found.end;
        *round = options->n_states == 1 ? found.round : 0;
        run->point.next = *round ? found.end : found.next;
        in_round = found.next;
    }
    if (!code && next != run->point.end) {
        code = pc_fail(status, PC_ERR_INPUT, "leaves %llu to %llu are missing or not finished",
                       (unsigned long long)next, (unsigned long long)run->point.end);
    }
    run->done = in_round; /* where the round goes on */
    return code;
}

static pc_code count_paths(run_state *run, pc_quality *quality, pc_status *status)
{
    const pc_scenario *scenario = run->plan->scenario;
    uint64_t kept_round = 0, resume_at = 0;
    pc_unpack state = {0};
    pc_code code = PC_OK;

    if (run->n_leaves > 0 && (run->point.first > 0 || run->options->n_states)) {
        run_pilot(run);
    }
    if (run->options->n_states) {
        code = add_states(run, &state, &kept_round, status);
        resume_at = run->done;
    }
    code = code ? code : run_pass(run, PC_PHASE_COUNT, status);
    quality->clipped = run->point.clipped;
    quality->migration_bounded = run->point.migration_bounded;
    quality->employment_capped = run->point.employment_capped;
    quality->identity_residual = run->point.identity_residual;
    if (!code && run->options->n_shards) {
        return keep(run, 1, status);
    }
    /* Where a quantile's bin holds too many paths, the paths run again into finer bins. */
    for (run->round = 1; run->round <= MAX_ROUNDS && !code; run->round++) {
        size_t windows = pc_hist_refine(run->gathered.hist, scenario->quantiles, scenario->n_quantiles, status);
        if (status->code) {
            return status->code;
        }
        if (windows == 0) {
            break;
        }
        quality->refined_windows += windows;
        quality->refine_rounds = run->round;
        run->point.round = (uint64_t)run->round;
        run->point.next = run->point.first;
        if (run->point.round <= kept_round) {
            pc_hist_unpack_round(run->gathered.hist, &state);
            if (state.failed) {
                return pc_fail(status, PC_ERR_INPUT,
                               "a state that belongs to another run or another build of the program");
            }
            run->point.next = run->point.round < kept_round ? run->point.end : resume_at;
        }
        want_only(run);
        code = run_pass(run, PC_PHASE_REFINE, status);
    }
    return code;
}

pc_code pc_run(const pc_plan *plan, const pc_run_options *options, pc_results **out, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    uint64_t n_paths = scenario->paths; /* 0: the central path alone, every other statistic is missing */
    run_state run = {.plan = plan, .options = options, .n_leaves = (n_paths + PC_LANES - 1) / PC_LANES};
    pc_quality quality = {0};
    pc_results *results = NULL;
    pc_status local = {0};
    struct timespec begin, end;
    int threads_before = omp_get_max_threads();
    pc_code code;

    *out = NULL;
    status = status ? status : &local;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    run.begin = now();
    run.point.end = run.n_leaves;
    if (options->n_shards > 0) {
        run.point.first = run.n_leaves * (uint64_t)(options->shard - 1) / (uint64_t)options->n_shards;
        run.point.end = run.n_leaves * (uint64_t)options->shard / (uint64_t)options->n_shards;
    }
    run.point.next = run.point.first;
    run.n_threads = options->threads > 0 ? options->threads : omp_get_max_threads();
    if ((uint64_t)run.n_threads > run.n_leaves) {
        run.n_threads = run.n_leaves > 0 ? (int)run.n_leaves : 1;
    }
    code = pc_layout_for(plan, &run.layout, status);
    if (code) {
        return code;
    }
    omp_set_num_threads(run.n_threads); /* for the statistics too; the caller's number comes back at the end */
    run.central = pc_calloc(run.layout.n_cells + 1, sizeof *run.central);
    run.unwanted = pc_calloc((size_t)run.layout.n_subjects * (size_t)run.layout.n_outputs_max, 1);
    if (!run.central || !run.unwanted) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for the central path");
        goto out;
    }
    code = pc_run_central(plan, &run.layout, run.central, status);
    code = code ? code
                : pc_gathered_start(&run.gathered, &run.layout, run.central, n_paths,
                                    options->save_paths < n_paths ? options->save_paths : n_paths,
                                    hist_budget(options, &run.layout), status);
    code = code ? code : start_threads(&run, status);
    code = code ? code : count_paths(&run, &quality, status);
    if (code || options->n_shards) {
        goto out;
    }
    results = pc_results_new();
    if (!results) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for results");
        goto out;
    }
    code = pc_outcome_fill(plan, &run.gathered, results, &quality.rank_bound_max, status);
    code = code ? code : pc_plan_inputs(plan, results, status);
    clock_gettime(CLOCK_MONOTONIC, &end);
    quality.seconds = (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    quality.threads = run.n_threads;
    code = code ? code : pc_provenance_fill(plan, options, &quality, n_paths, results, status);
out:
    omp_set_num_threads(threads_before);
    release_threads(&run);
    pc_gathered_release(&run.gathered);
    pc_free(run.central);
    pc_free(run.unwanted);
    pc_layout_release(&run.layout);
    if (code) {
        pc_results_free(results);
    } else {
        *out = results;
    }
    return code;
}

pc_code pc_run_estimate(const pc_plan *plan, const pc_run_options *options, pc_run_size *size, pc_status *status)
{
    pc_layout layout;
    uint64_t n_paths = plan->scenario->paths;
    uint64_t threads = (uint64_t)(options->threads > 0 ? options->threads : omp_get_max_threads());
    pc_code code = pc_layout_for(plan, &layout, status);
    size_t hist;

    if (code) {
        return code;
    }
    hist = hist_budget(options, &layout);
    *size = (pc_run_size){.n_cells = layout.n_cells};
    size->memory_bytes = hist + threads * pc_moments_bytes(layout.n_moments) + threads * pc_worker_bytes(plan) +
                         pc_tails_bytes(layout.n_totals, n_paths) + layout.n_kept * options->save_paths * 8 +
                         layout.n_cells * 64;
    size->file_bytes = layout.n_moments * 32 + layout.n_hists * (uint64_t)plan->scenario->n_quantiles * 8 +
                       layout.n_kept * options->save_paths * 8;
    pc_layout_release(&layout);
    return PC_OK;
}
