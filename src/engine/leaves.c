/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass of a run over the threads of this process. */
#include <math.h>
#include <omp.h>
#include <time.h>

#include "engine/run_inner.h"
#include "engine/unfit.h"

static int stopped(const pc_run_state *run)
{
    return __atomic_load_n(&run->stopped_elsewhere, __ATOMIC_RELAXED) || (run->options->stop && *run->options->stop);
}

/* What a thread has added up goes into the whole's or its replicate's. */
static void deposit(pc_run_state *run, pc_thread *thread)
{
    pc_gathered *gathered = &run->gathered;
    pc_moments *into = gathered->replicates ? gathered->replicates[thread->replicate] : gathered->moments;

    pc_collector_settle(thread->collector);
    if (into != thread->moments) {
        pc_moments_merge(into, thread->moments);
        pc_moments_clear(thread->moments);
    }
}

static void run_leaf(pc_run_state *run, pc_thread *thread, uint64_t leaf, pc_phase_kind phase)
{
    uint64_t path0 = leaf * PC_LANES, left = run->gathered.n_paths - path0, done;
    int n_lanes = left < PC_LANES ? (int)left : PC_LANES;

    if (thread->replicate != pc_gathered_replicate(&run->gathered, path0)) {
#pragma omp critical(poolcast_deposit)
        deposit(run, thread);
        thread->replicate = pc_gathered_replicate(&run->gathered, path0);
    }
    pc_collector_leaf(thread->collector, path0, n_lanes, phase);
    pc_worker_leaf(&thread->worker, path0, n_lanes, thread->sinks, !run->options->plain);
    if (thread->catcher && phase == PC_PHASE_COUNT) {
        pc_control_leaf(run->control, thread->catcher, thread->worker.drivers.forms, path0, n_lanes, thread->moments,
                        &thread->unfit);
    }
    if (pc_collector_unfit(thread->collector)->found || thread->unfit.found) {
        __atomic_store_n(&run->pause, 1, __ATOMIC_RELAXED);
    }
    if (run->own && phase == PC_PHASE_COUNT && leaf < pc_state_leaves_kept(&run->gathered)) {
        run->own[leaf] = 1;
    }
#pragma omp atomic capture
    done = run->done += (uint64_t)n_lanes;
    if (run->ranks.count > 1) { /* what has been dealt out, to whomever */
        uint64_t next = __atomic_load_n(&run->point.next, __ATOMIC_RELAXED);
        done = ((next < run->point.end ? next : run->point.end) - run->point.first) * PC_LANES;
        done = done < run->gathered.n_paths ? done : run->gathered.n_paths;
    }
    if (run->options->progress) {
#pragma omp critical(poolcast_progress)
        run->options->progress(run->options->progress_context, done, run->gathered.n_paths, run->round);
    }
}

double pc_leaves_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time); /* no jump of the calendar's clock moves it */
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int out_of_time(const pc_run_state *run)
{
    return run->options->most_seconds > 0 && pc_leaves_now() - run->begin >= run->options->most_seconds;
}

/* Whether threads shall come to rest between leaves: to stop, or for the state to be kept. */
static int must_pause(pc_run_state *run)
{
    if (stopped(run) || __atomic_load_n(&run->pause, __ATOMIC_RELAXED)) {
        return 1;
    }
    if ((run->pause_at > 0 && pc_leaves_now() >= run->pause_at) || out_of_time(run)) {
        __atomic_store_n(&run->pause, 1, __ATOMIC_RELAXED);
        return 1;
    }
    return 0;
}

/* All that threads have added up goes into the whole's. */
static void collect_threads(pc_run_state *run)
{
    pc_point *point = &run->point;

    for (int k = 0; k < run->n_threads; k++) {
        pc_worker *worker = &run->threads[k].worker;
        deposit(run, &run->threads[k]);
        point->clipped += worker->clipped;
        point->migration_bounded += worker->audit.people.migration_bounded;
        point->employment_capped += worker->audit.employment_capped;
        point->identity_residual = fmax(point->identity_residual, worker->audit.identity_residual);
        worker->clipped = 0;
        worker->audit = (pc_world_audit){0};
    }
}

int pc_leaves_must_end(const pc_run_state *run)
{
    return stopped(run) || out_of_time(run);
}

uint64_t pc_leaves_deal(void *context, uint64_t wanted, uint64_t *first)
{
    pc_run_state *run = context;
    uint64_t next, left, share;

    if (wanted == 0) {
        __atomic_store_n(&run->stopped_elsewhere, 1, __ATOMIC_RELAXED);
    }
    if (wanted == 0 || must_pause(run)) {
        return 0;
    }
    next = __atomic_load_n(&run->point.next, __ATOMIC_RELAXED);
    left = next < run->point.end ? run->point.end - next : 0;
    share = left / (4 * (uint64_t)run->ranks.count); /* towards the end nobody shall have a heap beside empty hands */
    wanted = wanted < share ? wanted : share > 0 ? share : 1;
    *first = __atomic_fetch_add(&run->point.next, wanted, __ATOMIC_RELAXED);
    left = *first < run->point.end ? run->point.end - *first : 0;
    return wanted < left ? wanted : left;
}

/* The next leaf for a thread, its n-th since the pause; 0: none. A leaf that is taken is run: others may be waiting for
 * the edges that the pilot, the first, sets. Nothing else depends on who runs which. */
static int take(pc_run_state *run, int n, uint64_t *leaf)
{
    int found = 0;

    if (run->ranks.rank == 0) {
        /* one leaf at least, however short the time between states */
        if (n == 0 ? !stopped(run) : !must_pause(run)) {
            *leaf = __atomic_fetch_add(&run->point.next, 1, __ATOMIC_RELAXED);
            found = *leaf < run->point.end;
        }
        return found;
    }
#pragma omp critical(poolcast_deal)
    {
        if (run->dealt == run->dealt_end && !run->dismissed) {
            uint64_t some = pc_ranks_ask(&run->ranks, stopped(run) ? 0 : (uint64_t)run->n_threads, &run->dealt);
            run->dealt_end = run->dealt + some;
            run->dismissed = some == 0;
        }
        if (run->dealt < run->dealt_end) {
            *leaf = run->dealt++;
            found = 1;
        }
    }
    return found;
}

/* Fails where a leaf had a value that ends the run; of several, the one on the first path. */
static pc_code check_values(const pc_run_state *run, pc_status *status)
{
    const pc_unfit *first = NULL;

    for (int k = 0; k < run->n_threads; k++) {
        const pc_unfit *unfit = pc_collector_unfit(run->threads[k].collector);
        unfit = unfit->found ? unfit : &run->threads[k].unfit;
        if (unfit->found && (!first || unfit->path < first->path)) {
            first = unfit;
        }
    }
    return first ? pc_unfit_tell(first, run->plan, &run->layout, status) : PC_OK;
}

pc_code pc_leaves_run(pc_run_state *run, pc_phase_kind phase, pc_status *status)
{
    pc_ranks_server *server = NULL;
    pc_code code = PC_OK;

    run->pause = run->dismissed = 0;
    run->pause_at =
        run->options->keep && run->options->keep_seconds > 0 ? pc_leaves_now() + run->options->keep_seconds : 0;
    if (run->ranks.rank == 0) {
        code = pc_ranks_serve(&run->ranks, pc_leaves_deal, run, &server, status);
    }
    if (code) {
        return code;
    }
#pragma omp parallel num_threads(run->n_threads)
    {
        pc_thread *thread = &run->threads[omp_get_thread_num()];
        uint64_t leaf = 0;

        for (int n = 0; take(run, n, &leaf); n++) {
            run_leaf(run, thread, leaf, phase);
        }
        pc_collector_drain(thread->collector);
    }
    pc_ranks_served(server);
    run->point.next = run->point.next < run->point.end ? run->point.next : run->point.end;
    if (phase == PC_PHASE_COUNT) {
        collect_threads(run);
    }
    return check_values(run, status);
}

/* Puts a catcher between the leaves and the collector. Returns 1 without memory. */
static int catch_rows(const pc_run_state *run, pc_thread *thread, pc_status *status)
{
    thread->catcher = pc_catcher_new(&run->layout, thread->sinks);
    if (!thread->catcher || pc_worker_forms(&thread->worker, &run->control->forms, status)) {
        return 1;
    }
    for (int s = 1; s < run->layout.n_subjects; s++) {
        thread->sinks[s] = pc_catcher_sink(thread->catcher, s);
    }
    return 0;
}

pc_code pc_leaves_start(pc_run_state *run, pc_status *status)
{
    int failed = 0;

    run->threads = pc_calloc((size_t)run->n_threads, sizeof *run->threads);
    if (!run->threads) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for %d threads", run->n_threads);
    }
    /* Each thread makes its own, so that the memory lies with its core. */
#pragma omp parallel for schedule(static, 1) num_threads(run->n_threads) reduction(+ : failed)
    for (int k = 0; k < run->n_threads; k++) {
        pc_thread *thread = &run->threads[k];
        pc_status own = {0};
        thread->moments =
            k == 0 && !run->gathered.replicates ? run->gathered.moments : pc_gathered_moments(&run->gathered);
        thread->collector =
            thread->moments ? pc_collector_new(&run->gathered, thread->moments, run->buffer_bytes) : NULL;
        thread->sinks = pc_calloc((size_t)run->layout.n_subjects, sizeof *thread->sinks);
        if (pc_worker_start(&thread->worker, run->plan, &own) || !thread->collector || !thread->sinks) {
            failed++;
            continue;
        }
        for (int s = 0; s < run->layout.n_subjects; s++) {
            thread->sinks[s] = pc_collector_sink(thread->collector, s);
        }
        failed += run->control && catch_rows(run, thread, &own);
    }
    return failed ? pc_fail(status, PC_ERR_FAIL, "no memory for %d threads", run->n_threads) : PC_OK;
}

void pc_leaves_release(pc_run_state *run)
{
    for (int k = 0; run->threads && k < run->n_threads; k++) {
        pc_worker_release(&run->threads[k].worker);
        if (run->threads[k].moments != run->gathered.moments) { /* the first thread's may be the whole's */
            pc_moments_free(run->threads[k].moments);
        }
        pc_collector_free(run->threads[k].collector);
        pc_catcher_free(run->threads[k].catcher);
        pc_free(run->threads[k].sinks);
    }
    pc_free(run->threads);
}

void pc_leaves_want_only(pc_run_state *run)
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

void pc_leaves_pilot(pc_run_state *run)
{
    run_leaf(run, &run->threads[0], 0, PC_PHASE_COUNT);
    pc_collector_drain(run->threads[0].collector);
    collect_threads(run);
    pc_state_clear(&run->gathered, &run->point, run->own);
}
